//! The native region on macOS: a view with a Metal layer, in the window's content view, above the web view.
//!
//! Written against Apple's documentation and type-checked, but not run yet.
//!
//! In a page's window `hitTest:` finds nothing here, so AppKit gives the pointer to the web view below; a mask layer
//! leaves out the holes. In a wall's window the view is the first responder and takes keys and clicks. What it shows
//! stays in its layer whatever covers it, so nothing is ever exposed; AppKit tells whether it can be seen at all.
//!
//! AppKit counts in points from the lower edge, a window's content view possibly from the upper one; everything told
//! here is in physical pixels from the upper edge.
//!
//! **Threads.** Views belong to the main thread, and everything here happens there. Only `open` waits for it; a `place`
//! that waited could meet it waiting for the caller. Whoever draws has to make its surface of the view there as well.

#![expect(unsafe_code, reason = "AppKit is an Objective-C interface")]

use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use model::Rect;
use objc2::MainThreadMarker;
use objc2::rc::Retained;
use objc2_app_kit::NSView;
use raw_window_handle::{
    AppKitWindowHandle, DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle, RawWindowHandle,
    WindowHandle as BorrowedWindow,
};
use render::{WindowHandle, raw_window_handle};

use super::{Host, Listener, SurfaceError};

mod view;

use view::RegionView;

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
        Ok(Self { window: window.clone(), target: Arc::new(target) })
    }

    pub(super) fn handle(&self) -> Arc<dyn WindowHandle> {
        Arc::clone(&self.target) as Arc<dyn WindowHandle>
    }

    pub(super) fn place(&self, rect: Rect, holes: &[Rect]) {
        let (target, holes) = (Arc::clone(&self.target), holes.to_vec());
        let lay = move || {
            // SAFETY: this is the main thread, and `drop` gives the reference back only after every `place`.
            unsafe { target.view.as_ref() }.lay(rect, &holes);
        };
        if let Err(error) = self.window.run_on_main_thread(lay) {
            log::warn!("wall region cannot be placed: {error}");
        }
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        let target = Arc::clone(&self.target);
        // Without an event loop the program is ending, and the view with it.
        let _ = self.window.run_on_main_thread(move || {
            // SAFETY: the reference is the one that `make` took; this is the main thread, and nobody uses it after.
            if let Some(view) = unsafe { Retained::from_raw(target.view.as_ptr()) } {
                view.leave();
            }
        });
    }
}

/// The view, as other threads know it: they pass it on and never touch it.
struct Target {
    /// With a reference of its own, until the surface is dropped.
    view: NonNull<RegionView>,
}

// SAFETY: only the main thread follows the pointer.
unsafe impl Send for Target {}
// SAFETY: as above.
unsafe impl Sync for Target {}

impl HasDisplayHandle for Target {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        Ok(DisplayHandle::appkit())
    }
}

impl HasWindowHandle for Target {
    fn window_handle(&self) -> Result<BorrowedWindow<'_>, HandleError> {
        let handle = AppKitWindowHandle::new(self.view.cast());
        // SAFETY: the view lives until the surface is dropped, before which its wall is.
        Ok(unsafe { BorrowedWindow::borrow_raw(RawWindowHandle::AppKit(handle)) })
    }
}

/// Makes the view. On the main thread.
fn make(window: &tauri::Window, host: Host, listener: Listener) -> Result<Target, SurfaceError> {
    let missing = |what: &str| SurfaceError(what.to_owned());
    let main = MainThreadMarker::new().ok_or_else(|| missing("not the main thread"))?;
    let handle = window.window_handle().map_err(|error| SurfaceError(error.to_string()))?;
    let RawWindowHandle::AppKit(handle) = handle.as_raw() else {
        return Err(missing("not an AppKit window"));
    };
    // SAFETY: the handle was asked for on the main thread, where the view cannot go before this function ends.
    let view: &NSView = unsafe { handle.ns_view.cast().as_ref() };
    let window = view.window().ok_or_else(|| missing("the view has no window"))?;
    let content = window.contentView().ok_or_else(|| missing("the window has no content view"))?;
    let region = RegionView::new(main, host, listener);
    region.enter(&window, &content);
    let view = NonNull::new(Retained::into_raw(region)).ok_or_else(|| missing("no view"))?;
    Ok(Target { view })
}
