//! The native region that a wall is drawn on, inside a window whose rest is a web page, or covering a window of its own.
//!
//! One file a system stands behind this interface. In a page's window the region passes the pointer through to the page,
//! which does hit-testing, and leaves out the holes where the page wants to be seen itself. In a wall window it covers
//! everything and tells of keys and clicks.

use std::sync::Arc;

use model::{Rect, Size};
use parking_lot::Mutex;
use render::WindowHandle;

mod keys;
mod region;

#[cfg(target_os = "linux")]
mod x11;
#[cfg(target_os = "linux")]
use x11 as system;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as system;

pub use keys::{Key, Modifiers};

/// Whose window it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// A page's: [`Surface::place`] says where the region lies, and the pointer belongs to the page.
    Page,
    /// Its own: the region covers the window, whatever its size.
    Wall,
}

/// What happens to the region. Told on a thread of the surface's own (X11), or on the thread of the windows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// It has this size now, in physical pixels.
    Resized(Size),
    /// A part of it was covered and is to be shown again.
    Exposed,
    /// It can be seen, or cannot (minimised, hidden, wholly covered).
    Visible(bool),
    /// A key went down ([`Host::Wall`] only).
    Key(Key, Modifiers),
    /// The main button went down at this place, in physical pixels ([`Host::Wall`] only).
    Press {
        /// From the left edge.
        x: u32,
        /// From the upper edge.
        y: u32,
        /// By the window system's clock, milliseconds; wraps.
        at: u32,
    },
}

/// Who is told.
pub type Listener = Box<dyn Fn(Event) + Send>;

/// The region cannot be made; in the system's words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SurfaceError(pub String);

/// A native region. Dropping it takes it away; whatever draws into [`Surface::handle`] is dropped before.
pub struct Surface {
    system: system::Surface,
    /// Where it was laid last: pages tell of their place more often than it changes.
    placed: Mutex<Option<(Rect, Vec<Rect>)>>,
}

impl Surface {
    /// Makes the region in `window`, unseen until it is placed, or at once covering it ([`Host::Wall`]).
    ///
    /// # Errors
    /// The window system refuses.
    pub fn open(window: &tauri::Window, host: Host, listener: Listener) -> Result<Self, SurfaceError> {
        let system = system::Surface::open(window, host, listener)?;
        Ok(Self { system, placed: Mutex::new(None) })
    }

    /// What `render` draws into. Valid as long as the surface lives.
    #[must_use]
    pub fn handle(&self) -> Arc<dyn WindowHandle> {
        self.system.handle()
    }

    /// Lays the region over `rect` of the window, without `holes`, all in physical pixels of the window's inside.
    /// An empty `rect` hides it.
    pub fn place(&self, rect: Rect, holes: &[Rect]) {
        let wanted = (rect, holes.to_vec());
        let mut placed = self.placed.lock();
        if placed.as_ref() != Some(&wanted) {
            self.system.place(rect, holes);
            *placed = Some(wanted);
        }
    }
}
