//! The native region on Windows: a child window of the toplevel, above the web view's.
//!
//! Written against Microsoft's documentation and type-checked, but not run yet.
//!
//! **The pointer.** What is drawn in the page's window must not catch the pointer, and what lies below it, the browser's
//! window, belongs to another process. Answering WM_NCHITTEST with HTTRANSPARENT leads only to windows of the same
//! thread. Messages passed on by hand would miss hovering, capture and touch, for the browser asks the system what lies
//! under the pointer. A layered window with WS_EX_TRANSPARENT is left out of hit-testing by the system itself, for all
//! processes, and is never painted over by its siblings; so that is what the region in a page is. As a child it may be
//! layered since Windows 8, if the program's manifest names Windows 8 or later in `supportedOS`.
//!
//! A wall's own window lies in the same thread as the region: there HTTRANSPARENT is enough, and the toplevel gets the
//! pointer (and shows or hides it), the keys, and every change of size and visibility. All of that is read from its
//! messages by a subclass procedure. Windows does not tell that a window is wholly covered by others.
//!
//! **Threads.** A window belongs to the thread that made it, and only that may destroy it: everything here happens on
//! the thread of the event loop. Only `open` waits for it; a `place` that waited could meet it waiting for the caller.

#![expect(unsafe_code, reason = "Win32 is a C interface")]

use std::num::NonZeroIsize;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Once};

use model::{Rect, Size};
use raw_window_handle::{
    DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle, RawWindowHandle, Win32WindowHandle,
    WindowHandle as BorrowedWindow,
};
use render::{WindowHandle, raw_window_handle};
use windows_sys::Win32::Foundation::{HMODULE, HWND, RECT};
use windows_sys::Win32::Graphics::Gdi::{
    CombineRgn, CreateRectRgn, CreateSolidBrush, DeleteObject, HRGN, RGN_OR, SetWindowRgn,
};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DestroyWindow, GetClientRect, HWND_TOP, LWA_ALPHA, RegisterClassExW, SW_HIDE,
    SWP_NOACTIVATE, SWP_SHOWWINDOW, SetLayeredWindowAttributes, SetWindowPos, ShowWindow, WNDCLASSEXW,
    WS_CHILD, WS_CLIPSIBLINGS, WS_EX_LAYERED, WS_EX_TRANSPARENT, WS_VISIBLE,
};
use windows_sys::core::{PCWSTR, w};

use super::{Host, Listener, SurfaceError, region};

mod keys;
mod procedures;

use procedures::{Region, region_proc};

/// What the region shows before anything is drawn: the gap between tiles, as 0x00BBGGRR.
const BACKGROUND: u32 = 0x000c_0907;

const CLASS: PCWSTR = w!("WatchwallRegion");

/// See [`super::Surface`].
pub(super) struct Surface {
    window: tauri::Window,
    target: Arc<Target>,
}

impl Surface {
    pub(super) fn open(window: &tauri::Window, host: Host, listener: Listener) -> Result<Self, SurfaceError> {
        let (answer, answered) = sync_channel(1);
        let parent = window.clone();
        let make = move || {
            // Whoever asked waits for the answer.
            let _ = answer.send(make(&parent, host, listener));
        };
        window.run_on_main_thread(make).map_err(|error| SurfaceError(error.to_string()))?;
        let target = answered.recv().map_err(|error| SurfaceError(error.to_string()))??;
        Ok(Self { window: window.clone(), target })
    }

    pub(super) fn handle(&self) -> Arc<dyn WindowHandle> {
        Arc::clone(&self.target) as Arc<dyn WindowHandle>
    }

    pub(super) fn place(&self, rect: Rect, holes: &[Rect]) {
        let (target, holes) = (Arc::clone(&self.target), holes.to_vec());
        if let Err(error) = self.window.run_on_main_thread(move || target.place(rect, &holes)) {
            log::warn!("wall region cannot be placed: {error}");
        }
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        let target = Arc::clone(&self.target);
        // Without an event loop the program is ending, and the window with it.
        let _ = self.window.run_on_main_thread(move || {
            if let Some(window) = target.window() {
                // SAFETY: `window` exists, and this is the thread that made it.
                unsafe { DestroyWindow(window) };
            }
        });
    }
}

/// The child window, as other threads know it.
struct Target {
    /// 0 once it has gone, so that a handle that was given to another window since is never used.
    window: AtomicIsize,
    module: Option<NonZeroIsize>,
}

impl Target {
    fn window(&self) -> Option<HWND> {
        NonZeroIsize::new(self.window.load(Ordering::Acquire)).map(|window| window.get() as HWND)
    }

    /// On the thread of the event loop.
    fn place(&self, rect: Rect, holes: &[Rect]) {
        // The toplevel may have gone, and the region with it.
        let Some(window) = self.window() else { return };
        if rect.width == 0 || rect.height == 0 {
            // SAFETY: `window` exists: only this thread destroys it.
            unsafe { ShowWindow(window, SW_HIDE) };
            return;
        }
        let visible = match holes {
            [] => std::ptr::null_mut(),
            holes => system_region(&region::without(rect.width, rect.height, holes)),
        };
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(coordinate);
        // SAFETY: as above. A region that was taken belongs to the system; one that was refused is still ours.
        let done = unsafe {
            if SetWindowRgn(window, visible, 1) == 0 && !visible.is_null() {
                DeleteObject(visible);
            }
            SetWindowPos(window, HWND_TOP, x, y, width, height, SWP_NOACTIVATE | SWP_SHOWWINDOW)
        };
        if done == 0 {
            log::warn!("wall region cannot be placed: {}", std::io::Error::last_os_error());
        }
    }
}

impl HasDisplayHandle for Target {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        Ok(DisplayHandle::windows())
    }
}

impl HasWindowHandle for Target {
    fn window_handle(&self) -> Result<BorrowedWindow<'_>, HandleError> {
        let window =
            NonZeroIsize::new(self.window.load(Ordering::Acquire)).ok_or(HandleError::Unavailable)?;
        let mut handle = Win32WindowHandle::new(window);
        handle.hinstance = self.module;
        // SAFETY: the window lives until the surface is dropped, before which its wall is.
        Ok(unsafe { BorrowedWindow::borrow_raw(RawWindowHandle::Win32(handle)) })
    }
}

/// Makes the child window; a wall's covers its parent at once. On the thread of the event loop.
fn make(window: &tauri::Window, host: Host, listener: Listener) -> Result<Arc<Target>, SurfaceError> {
    let parent = toplevel(window)?;
    let inside = client_size(parent);
    let (extended, visible) = match host {
        Host::Page => (WS_EX_LAYERED | WS_EX_TRANSPARENT, 0),
        Host::Wall => (0, WS_VISIBLE),
    };
    let [width, height] = [inside.width, inside.height].map(coordinate);
    // SAFETY: null asks for the program's own module.
    let module = unsafe { GetModuleHandleW(std::ptr::null()) };
    register(module);
    // SAFETY: the class is registered, or the call fails; `parent` is a window of this thread.
    let child = unsafe {
        CreateWindowExW(
            extended,
            CLASS,
            std::ptr::null(),
            WS_CHILD | WS_CLIPSIBLINGS | visible,
            0,
            0,
            width,
            height,
            parent,
            std::ptr::null_mut(),
            module,
            std::ptr::null(),
        )
    };
    if child.is_null() {
        return Err(last_error());
    }
    let target = Arc::new(Target {
        window: AtomicIsize::new(child as isize),
        module: NonZeroIsize::new(module as isize),
    });
    // SAFETY: `child` was made a moment ago; a layered window shows nothing before it has an opacity.
    if host == Host::Page && unsafe { SetLayeredWindowAttributes(child, 0, u8::MAX, LWA_ALPHA) } == 0 {
        return Err(abandon(child));
    }
    if !Region::attach(parent, child, host, listener, Arc::clone(&target)) {
        return Err(abandon(child));
    }
    Ok(target)
}

fn toplevel(window: &tauri::Window) -> Result<HWND, SurfaceError> {
    let handle = window.window_handle().map_err(|error| SurfaceError(error.to_string()))?;
    match handle.as_raw() {
        RawWindowHandle::Win32(handle) => Ok(handle.hwnd.get() as HWND),
        other => Err(SurfaceError(format!("not a Win32 window: {other:?}"))),
    }
}

fn register(module: HMODULE) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let class = WNDCLASSEXW {
            cbSize: size_of::<WNDCLASSEXW>() as u32,
            lpfnWndProc: Some(region_proc),
            hInstance: module,
            // SAFETY: takes any number; the brush belongs to the class, which stays until the program ends.
            hbrBackground: unsafe { CreateSolidBrush(BACKGROUND) },
            lpszClassName: CLASS,
            ..Default::default()
        };
        // SAFETY: the name is static and ends with a zero, and `region_proc` fits WNDPROC. CreateWindowExW tells of a
        // class that is missing.
        unsafe { RegisterClassExW(&raw const class) };
    });
}

/// Why the last call failed.
fn last_error() -> SurfaceError {
    SurfaceError(std::io::Error::last_os_error().to_string())
}

/// Destroys a window that could not be set up, and says why.
fn abandon(child: HWND) -> SurfaceError {
    let error = last_error();
    // SAFETY: made a moment ago on this thread, and known to nobody else.
    unsafe { DestroyWindow(child) };
    error
}

fn client_size(window: HWND) -> Size {
    let mut inside = RECT::default();
    // SAFETY: writes the rectangle, or leaves its zeros where the window has gone.
    unsafe { GetClientRect(window, &raw mut inside) };
    Size::new(u32::try_from(inside.right).unwrap_or(0), u32::try_from(inside.bottom).unwrap_or(0))
}

fn coordinate(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX)
}

/// These rectangles as one region; empty without any.
fn system_region(parts: &[Rect]) -> HRGN {
    // SAFETY: regions take any numbers; each part is deleted once it has been added.
    unsafe {
        let all = CreateRectRgn(0, 0, 0, 0);
        for part in parts {
            let (right, bottom) = (part.x.saturating_add(part.width), part.y.saturating_add(part.height));
            let [x, y, right, bottom] = [part.x, part.y, right, bottom].map(coordinate);
            let part = CreateRectRgn(x, y, right, bottom);
            CombineRgn(all, all, part, RGN_OR);
            DeleteObject(part);
        }
        all
    }
}
