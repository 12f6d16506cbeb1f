//! The native region on X11 (and Xwayland): a child window of the toplevel, made on a connection of our own.
//!
//! GTK's tree stays untouched and knows nothing of it. An empty SHAPE input region lets the pointer through to the page;
//! the bounding region leaves out the holes. `render` gets a display of its own (Xlib, because graphics drivers ask for
//! that): GTK's is not ours to share with a draw thread.

use std::num::NonZeroU32;
use std::os::raw::c_int;
use std::ptr::NonNull;
use std::sync::Arc;
use std::thread::JoinHandle;

use model::{Rect, Size};
use raw_window_handle::{
    DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle, RawDisplayHandle, RawWindowHandle,
    WindowHandle as BorrowedWindow, XlibDisplayHandle, XlibWindowHandle,
};
use render::{WindowHandle, raw_window_handle};
use x11_dl::xlib::{Display, Xlib};
use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::{ConnectionError, ReplyOrIdError};
use x11rb::protocol::Event as XEvent;
use x11rb::protocol::shape::{self, ConnectionExt as _, SK, SO};
use x11rb::protocol::xinput::{self, ConnectionExt as _, Device, XIEventMask};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ClipOrdering, ConfigureWindowAux, ConnectionExt as _, CreateWindowAux,
    EventMask, Gravity, KeyButMask, Rectangle, StackMode, Visibility, WindowClass,
};
use x11rb::rust_connection::RustConnection;

use super::{Event, Host, Key, Listener, Modifiers, SurfaceError, region};

/// What the region shows before anything is drawn: the gap between tiles.
const BACKGROUND: u32 = 0x0007_090c;

/// See [`super::Surface`].
pub(super) struct Surface {
    connection: Arc<RustConnection>,
    child: u32,
    target: Arc<Target>,
    events: Option<JoinHandle<()>>,
}

impl Surface {
    pub(super) fn open(window: &tauri::Window, host: Host, listener: Listener) -> Result<Self, SurfaceError> {
        let parent = toplevel(window)?;
        let failed = |error: &dyn std::error::Error| SurfaceError(error.to_string());
        let (connection, screen) = x11rb::connect(None).map_err(|error| failed(&error))?;
        let connection = Arc::new(connection);
        let (child, size) = make(&connection, screen, parent, host).map_err(|error| failed(&error))?;
        let target = Arc::new(Target::open(child)?);
        let watcher = Watcher {
            keys: Keys::read(&connection).map_err(|error| failed(&error))?,
            connection: Arc::clone(&connection),
            parent,
            child,
            host,
            listener,
        };
        if host == Host::Wall {
            (watcher.listener)(Event::Resized(size));
        }
        let events = std::thread::Builder::new()
            .name("surface".to_owned())
            .spawn(move || watcher.run())
            .map_err(|error| failed(&error))?;
        Ok(Self { connection, child, target, events: Some(events) })
    }

    pub(super) fn handle(&self) -> Arc<dyn WindowHandle> {
        Arc::clone(&self.target) as Arc<dyn WindowHandle>
    }

    pub(super) fn place(&self, rect: Rect, holes: &[Rect]) {
        // The window may be going away; then there is nothing to place.
        if let Err(error) = self.try_place(rect, holes) {
            log::warn!("wall region cannot be placed: {error}");
        }
    }

    fn try_place(&self, rect: Rect, holes: &[Rect]) -> Result<(), ConnectionError> {
        if rect.width == 0 || rect.height == 0 {
            self.connection.unmap_window(self.child)?;
            return self.connection.flush();
        }
        let aux = ConfigureWindowAux::new()
            .x(rect.x as i32)
            .y(rect.y as i32)
            .width(rect.width)
            .height(rect.height)
            .stack_mode(StackMode::ABOVE);
        self.connection.configure_window(self.child, &aux)?;
        let visible: Vec<Rectangle> = region::without(rect.width, rect.height, holes)
            .into_iter()
            .map(|part| Rectangle {
                x: part.x as i16,
                y: part.y as i16,
                width: part.width as u16,
                height: part.height as u16,
            })
            .collect();
        self.connection.shape_rectangles(
            SO::SET,
            SK::BOUNDING,
            ClipOrdering::YX_BANDED,
            self.child,
            0,
            0,
            &visible,
        )?;
        self.connection.map_window(self.child)?;
        self.connection.flush()
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        // Its DestroyNotify ends the thread; if the toplevel has gone before, that has ended it already.
        let _ = self.connection.destroy_window(self.child);
        let _ = self.connection.flush();
        if let Some(events) = self.events.take() {
            let _ = events.join();
        }
    }
}

fn toplevel(window: &tauri::Window) -> Result<u32, SurfaceError> {
    let handle = window.window_handle().map_err(|error| SurfaceError(error.to_string()))?;
    match handle.as_raw() {
        RawWindowHandle::Xlib(handle) => {
            u32::try_from(handle.window).map_err(|error| SurfaceError(error.to_string()))
        }
        other => Err(SurfaceError(format!("not an X11 window: {other:?}"))),
    }
}

/// Makes the child window; a wall's covers its parent at once.
fn make(
    connection: &RustConnection,
    screen: usize,
    parent: u32,
    host: Host,
) -> Result<(u32, Size), ReplyOrIdError> {
    let screen = &connection.setup().roots[screen];
    connection.extension_information(shape::X11_EXTENSION_NAME)?;
    let now = connection.get_geometry(parent)?.reply()?;
    let child = connection.generate_id()?;
    let mut mask = EventMask::EXPOSURE | EventMask::STRUCTURE_NOTIFY | EventMask::VISIBILITY_CHANGE;
    let mut parent_mask = EventMask::STRUCTURE_NOTIFY;
    if host == Host::Wall {
        mask |= EventMask::BUTTON_PRESS | EventMask::KEY_PRESS;
        parent_mask |= EventMask::KEY_PRESS;
    }
    // Depth and visual are the screen's: the toplevel's may have an alpha channel, in which graphics drivers show nothing.
    let aux = CreateWindowAux::new()
        .background_pixel(BACKGROUND)
        .border_pixel(0)
        .colormap(screen.default_colormap)
        .bit_gravity(Gravity::NORTH_WEST)
        .event_mask(mask);
    connection.create_window(
        screen.root_depth,
        child,
        parent,
        0,
        0,
        now.width.max(1),
        now.height.max(1),
        0,
        WindowClass::INPUT_OUTPUT,
        screen.root_visual,
        &aux,
    )?;
    let watched = ChangeWindowAttributesAux::new().event_mask(parent_mask);
    connection.change_window_attributes(parent, &watched)?;
    match host {
        Host::Page => {
            connection.shape_rectangles(SO::SET, SK::INPUT, ClipOrdering::UNSORTED, child, 0, 0, &[])?;
        }
        Host::Wall => {
            hear_where_gtk_does(connection, parent, child)?;
            connection.map_window(child)?;
        }
    }
    // A round trip: the window exists before another connection draws into it.
    connection.get_geometry(child)?.reply()?;
    Ok((child, Size::new(now.width.into(), now.height.into())))
}

/// GTK keeps the focus on a small window of its own inside the toplevel and hears keys there by XInput 2, and what is
/// heard so is hidden from those who ask for core events.
fn hear_where_gtk_does(connection: &RustConnection, parent: u32, child: u32) -> Result<(), ReplyOrIdError> {
    if connection.extension_information(xinput::X11_EXTENSION_NAME)?.is_none() {
        return Ok(());
    }
    connection.xinput_xi_query_version(2, 0)?.reply()?;
    let keys = xinput::EventMask { deviceid: Device::ALL_MASTER.into(), mask: vec![XIEventMask::KEY_PRESS] };
    // The toplevel has the focus itself until GTK has passed it on.
    for window in connection.query_tree(parent)?.reply()?.children.into_iter().chain([parent]) {
        if window != child {
            connection.xinput_xi_select_events(window, std::slice::from_ref(&keys))?;
        }
    }
    Ok(())
}

/// Waits for what happens to the windows.
struct Watcher {
    connection: Arc<RustConnection>,
    parent: u32,
    child: u32,
    host: Host,
    listener: Listener,
    keys: Keys,
}

impl Watcher {
    fn run(self) {
        loop {
            match self.connection.wait_for_event() {
                Ok(XEvent::DestroyNotify(event))
                    if event.window == self.child || event.window == self.parent =>
                {
                    return;
                }
                Ok(event) => self.tell(&event),
                Err(error) => {
                    log::warn!("connection of a wall region lost: {error}");
                    return;
                }
            }
        }
    }

    fn tell(&self, event: &XEvent) {
        let tell = |event| (self.listener)(event);
        match event {
            XEvent::ConfigureNotify(event) if event.window == self.child => {
                tell(Event::Resized(Size::new(event.width.into(), event.height.into())));
            }
            XEvent::ConfigureNotify(event) if event.window == self.parent && self.host == Host::Wall => {
                let aux =
                    ConfigureWindowAux::new().width(u32::from(event.width)).height(u32::from(event.height));
                let _ = self.connection.configure_window(self.child, &aux);
                let _ = self.connection.flush();
            }
            XEvent::Expose(event) if event.window == self.child && event.count == 0 => tell(Event::Exposed),
            XEvent::VisibilityNotify(event) if event.window == self.child => {
                tell(Event::Visible(event.state != Visibility::FULLY_OBSCURED));
            }
            // The child's own maps and unmaps come with `place`, the parent's with minimising and restoring; a child
            // that becomes visible again is told of by VisibilityNotify.
            XEvent::UnmapNotify(event) if event.window == self.child || event.window == self.parent => {
                tell(Event::Visible(false));
            }
            XEvent::KeyPress(event) => self.tell_key(event.detail, event.state.into()),
            XEvent::XinputKeyPress(event) => {
                // Key codes of X are 8 bits; the lower 16 of the modifiers are the core's.
                self.tell_key(event.detail as u8, event.mods.effective as u16);
            }
            XEvent::ButtonPress(event) if event.event == self.child && event.detail == 1 => {
                let inside = |at: i16| u32::try_from(at).unwrap_or(0);
                tell(Event::Press { x: inside(event.event_x), y: inside(event.event_y), at: event.time });
            }
            _ => {}
        }
    }

    fn tell_key(&self, code: u8, state: u16) {
        let held = |mask: KeyButMask| state & u16::from(mask) != 0;
        let modifiers = Modifiers { control: held(KeyButMask::CONTROL), shift: held(KeyButMask::SHIFT) };
        if let Some(key) = self.keys.key(code, modifiers.shift) {
            (self.listener)(Event::Key(key, modifiers));
        }
    }
}

/// The keyboard's layout when the surface was made.
struct Keys {
    first: u8,
    per_key: usize,
    keysyms: Vec<u32>,
}

impl Keys {
    fn read(connection: &RustConnection) -> Result<Self, ReplyOrIdError> {
        let setup = connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        Ok(Self { first, per_key: mapping.keysyms_per_keycode.into(), keysyms: mapping.keysyms })
    }

    fn key(&self, code: u8, shift: bool) -> Option<Key> {
        let start = usize::from(code.checked_sub(self.first)?) * self.per_key;
        let symbols = self.keysyms.get(start..start + self.per_key)?;
        let shifted = symbols.get(1).copied().filter(|symbol| shift && *symbol != 0);
        Key::from_keysym(shifted.or_else(|| symbols.first().copied())?)
    }
}

/// A display connection of `render`'s own, and the child window on it.
struct Target {
    xlib: Xlib,
    display: NonNull<Display>,
    screen: c_int,
    window: NonZeroU32,
}

// SAFETY: Xlib's displays may be used from any thread once XInitThreads has been called, which `open` does first.
#[expect(unsafe_code, reason = "the pointer makes it neither Send nor Sync by itself")]
unsafe impl Send for Target {}
// SAFETY: as above, and nothing in it changes.
#[expect(unsafe_code, reason = "the pointer makes it neither Send nor Sync by itself")]
unsafe impl Sync for Target {}

impl Target {
    fn open(window: u32) -> Result<Self, SurfaceError> {
        let window = NonZeroU32::new(window).ok_or_else(|| SurfaceError("window 0".to_owned()))?;
        let xlib = Xlib::open().map_err(|error| SurfaceError(error.to_string()))?;
        #[expect(unsafe_code, reason = "Xlib is a C library")]
        // SAFETY: XInitThreads may be called again and again; XOpenDisplay takes null for the usual display.
        let display = unsafe {
            (xlib.XInitThreads)();
            (xlib.XOpenDisplay)(std::ptr::null())
        };
        let display = NonNull::new(display).ok_or_else(|| SurfaceError("XOpenDisplay".to_owned()))?;
        #[expect(unsafe_code, reason = "Xlib is a C library")]
        // SAFETY: the display was opened a moment ago.
        let screen = unsafe { (xlib.XDefaultScreen)(display.as_ptr()) };
        Ok(Self { xlib, display, screen, window })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "Xlib is a C library")]
        // SAFETY: opened in `open`, closed only here, and nobody holds a handle without holding `self`.
        unsafe {
            (self.xlib.XCloseDisplay)(self.display.as_ptr());
        }
    }
}

impl HasDisplayHandle for Target {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        let raw = RawDisplayHandle::Xlib(XlibDisplayHandle::new(Some(self.display.cast()), self.screen));
        #[expect(unsafe_code, reason = "a raw handle is borrowed")]
        // SAFETY: the display stays open as long as `self` lives.
        Ok(unsafe { DisplayHandle::borrow_raw(raw) })
    }
}

impl HasWindowHandle for Target {
    fn window_handle(&self) -> Result<BorrowedWindow<'_>, HandleError> {
        let raw = RawWindowHandle::Xlib(XlibWindowHandle::new(self.window.get().into()));
        #[expect(unsafe_code, reason = "a raw handle is borrowed")]
        // SAFETY: the window lives until the surface is dropped, before which its wall is.
        Ok(unsafe { BorrowedWindow::borrow_raw(raw) })
    }
}
