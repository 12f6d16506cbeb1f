//! What the procedures of the two windows do with their messages.

#![expect(unsafe_code, reason = "Win32 is a C interface")]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::Size;
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::UI::Shell::{DefSubclassProc, RemoveWindowSubclass, SetWindowSubclass};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    DefWindowProcW, GWL_STYLE, GWLP_USERDATA, GetMessageTime, GetWindowLongPtrW, HTTRANSPARENT, HWND_TOP,
    IsIconic, IsWindowVisible, STYLESTRUCT, SWP_NOACTIVATE, SetWindowLongPtrW, SetWindowPos, WM_KEYDOWN,
    WM_LBUTTONDOWN, WM_NCDESTROY, WM_NCHITTEST, WM_PAINT, WM_STYLECHANGING, WM_WINDOWPOSCHANGED,
    WS_CLIPCHILDREN,
};

use super::super::{Event, Host, Listener};
use super::{Target, client_size, coordinate, keys};

/// What the procedures of both windows know. The child's user data holds a reference to it until WM_NCDESTROY.
pub(super) struct Region {
    parent: HWND,
    child: HWND,
    host: Host,
    listener: Listener,
    target: Arc<Target>,
    /// As it was told last.
    size: Cell<Size>,
    visible: Cell<bool>,
}

impl Region {
    /// Listens to both windows from now on, until the child is destroyed. `false` if the system refuses.
    pub(super) fn attach(
        parent: HWND,
        child: HWND,
        host: Host,
        listener: Listener,
        target: Arc<Target>,
    ) -> bool {
        // A page's region has been told its size by whoever places it.
        let known = if host == Host::Page { client_size(child) } else { Size::new(0, 0) };
        let (size, visible) = (Cell::new(known), Cell::new(false));
        let region = Rc::new(Self { parent, child, host, listener, target, size, visible });
        // SAFETY: the reference is given back in WM_NCDESTROY, which every window gets. `toplevel_proc` fits
        // SUBCLASSPROC and is removed there too. The style is set as it is: the procedure adds what it keeps.
        let attached = unsafe {
            SetWindowLongPtrW(child, GWLP_USERDATA, Rc::into_raw(Rc::clone(&region)) as isize);
            let attached = SetWindowSubclass(parent, Some(toplevel_proc), child as usize, 0) != 0;
            SetWindowLongPtrW(parent, GWL_STYLE, GetWindowLongPtrW(parent, GWL_STYLE));
            attached
        };
        if host == Host::Wall {
            region.look();
        }
        attached
    }

    /// Of this child window; `None` before it is set up and once it goes.
    fn of(child: HWND) -> Option<Rc<Self>> {
        // SAFETY: the user data of our class is 0 or comes from `Rc::into_raw`, whose reference is still held: only
        // this thread gives it back. The count is raised so that it outlives a message that destroys the window.
        unsafe {
            let region = GetWindowLongPtrW(child, GWLP_USERDATA) as *const Self;
            if region.is_null() {
                return None;
            }
            Rc::increment_strong_count(region);
            Some(Rc::from_raw(region))
        }
    }

    fn tell(&self, event: Event) {
        (self.listener)(event);
    }

    /// The toplevel was moved, sized, shown, hidden, minimised or restored.
    fn follow(&self) {
        // SAFETY: asks about a window, and moves one of this thread.
        unsafe {
            if self.host == Host::Wall && IsIconic(self.parent) == 0 {
                let inside = client_size(self.parent);
                let [width, height] = [inside.width, inside.height].map(coordinate);
                SetWindowPos(self.child, HWND_TOP, 0, 0, width, height, SWP_NOACTIVATE);
            }
        }
        self.look();
    }

    /// Tells what is no longer as it was told.
    fn look(&self) {
        let size = client_size(self.child);
        if self.size.replace(size) != size {
            self.tell(Event::Resized(size));
        }
        // SAFETY: both only ask; a window counts as visible only if its parents are.
        let visible = unsafe { IsWindowVisible(self.child) != 0 && IsIconic(self.parent) == 0 };
        if self.visible.replace(visible) != visible {
            self.tell(Event::Visible(visible));
        }
    }

    /// A message of the toplevel of a wall.
    fn listen(&self, message: u32, wparam: WPARAM, lparam: LPARAM) {
        match message {
            WM_KEYDOWN => {
                if let Some(key) = keys::key(self.parent, wparam) {
                    self.tell(Event::Key(key, keys::modifiers()));
                }
            }
            WM_LBUTTONDOWN => {
                let inside = |at: LPARAM| u32::try_from(at as i16).unwrap_or(0);
                // SAFETY: asks for the time of the message.
                let at = unsafe { GetMessageTime() } as u32;
                self.tell(Event::Press { x: inside(lparam), y: inside(lparam >> 16), at });
            }
            _ => {}
        }
    }
}

/// The child's procedure.
pub(super) unsafe extern "system" fn region_proc(
    window: HWND,
    message: u32,
    wparam: WPARAM,
    lparam: LPARAM,
) -> LRESULT {
    if message == WM_NCHITTEST {
        return HTTRANSPARENT as LRESULT;
    }
    let region = Region::of(window);
    // SAFETY: the arguments are those that the system gave. It paints the background, and validates what was painted.
    let answer = unsafe { DefWindowProcW(window, message, wparam, lparam) };
    let Some(region) = region else { return answer };
    match message {
        WM_PAINT => region.tell(Event::Exposed),
        WM_WINDOWPOSCHANGED => region.look(),
        WM_NCDESTROY => {
            region.target.window.store(0, Ordering::Release);
            // SAFETY: the subclass is ours, and the reference is the one that `attach` left here.
            unsafe {
                RemoveWindowSubclass(region.parent, Some(toplevel_proc), window as usize);
                drop(Rc::from_raw(SetWindowLongPtrW(window, GWLP_USERDATA, 0) as *const Region));
            }
        }
        _ => {}
    }
    answer
}

/// Stands before the toplevel's own procedure; `child` is the region's window.
unsafe extern "system" fn toplevel_proc(
    window: HWND,
    message: u32,
    wparam: WPARAM,
    lparam: LPARAM,
    child: usize,
    _: usize,
) -> LRESULT {
    if message == WM_STYLECHANGING && wparam as i32 == GWL_STYLE {
        // The toplevel's own drawing leaves the region alone, whatever styles its library sets.
        // SAFETY: with this message the system hands over a STYLESTRUCT to be changed.
        unsafe { (*(lparam as *mut STYLESTRUCT)).styleNew |= WS_CLIPCHILDREN };
    }
    let region = Region::of(child as HWND);
    if let Some(region) = region.as_ref().filter(|region| region.host == Host::Wall) {
        region.listen(message, wparam, lparam);
    }
    // SAFETY: the arguments are those that the system gave.
    let answer = unsafe { DefSubclassProc(window, message, wparam, lparam) };
    if let (WM_WINDOWPOSCHANGED, Some(region)) = (message, region) {
        region.follow();
    }
    answer
}
