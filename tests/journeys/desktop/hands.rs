//! A person's hands: keyboard and pointer by the X server's test extension, and what people ask of a window manager.

use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask, MapState};
use x11rb::protocol::xtest::ConnectionExt as _;

use super::screen::Screen;

const KEY_PRESS: u8 = 2;
const KEY_RELEASE: u8 = 3;
const BUTTON_PRESS: u8 = 4;
const BUTTON_RELEASE: u8 = 5;
const MOTION: u8 = 6;

/// Between two things that hands do; a page gets several frames to follow a drag.
const STEP: Duration = Duration::from_millis(30);

pub(crate) const ENTER: u32 = 0xff0d;
pub(crate) const ESCAPE: u32 = 0xff1b;
pub(crate) const TAB: u32 = 0xff09;
pub(crate) const RIGHT: u32 = 0xff53;
pub(crate) const DOWN: u32 = 0xff54;
pub(crate) const PAGE_UP: u32 = 0xff55;
pub(crate) const PAGE_DOWN: u32 = 0xff56;
pub(crate) const F4: u32 = 0xffc1;
pub(crate) const SHIFT: u32 = 0xffe1;
pub(crate) const CONTROL: u32 = 0xffe3;
pub(crate) const ALT: u32 = 0xffe9;

/// A place on the screen.
pub(crate) type Place = (i32, i32);

impl Screen {
    fn fake(&self, kind: u8, detail: u8, at: Place) {
        let (x, y) = (at.0 as i16, at.1 as i16);
        let sent = self.connection.xtest_fake_input(kind, detail, 0, self.root(), x, y, 0);
        sent.expect("a request").check().expect("XTEST");
        std::thread::sleep(STEP);
    }

    /// The key that bears this symbol, and whether it takes Shift.
    fn key(&self, symbol: u32) -> (u8, bool) {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1);
        let mapping = mapping.expect("a request").reply().expect("the keyboard's layout");
        let per_key = usize::from(mapping.keysyms_per_keycode);
        let on =
            |level: usize| mapping.keysyms.chunks(per_key).position(|key| key.get(level) == Some(&symbol));
        let (key, shifted) = match on(0) {
            Some(key) => (key, false),
            None => (on(1).unwrap_or_else(|| panic!("no key for {symbol:#x}")), true),
        };
        (first + key as u8, shifted)
    }

    fn key_code(&self, symbol: u32) -> u8 {
        self.key(symbol).0
    }

    /// A key goes down and up while `held` are held.
    pub(crate) fn press_with(&self, held: &[u32], symbol: u32) {
        held.iter().for_each(|key| self.fake(KEY_PRESS, self.key_code(*key), (0, 0)));
        self.fake(KEY_PRESS, self.key_code(symbol), (0, 0));
        self.fake(KEY_RELEASE, self.key_code(symbol), (0, 0));
        held.iter().rev().for_each(|key| self.fake(KEY_RELEASE, self.key_code(*key), (0, 0)));
    }

    /// A key goes down and stays there.
    pub(crate) fn hold(&self, symbol: u32) {
        self.fake(KEY_PRESS, self.key_code(symbol), (0, 0));
    }

    pub(crate) fn let_go(&self, symbol: u32) {
        self.fake(KEY_RELEASE, self.key_code(symbol), (0, 0));
    }

    pub(crate) fn press(&self, symbol: u32) {
        self.press_with(&[], symbol);
    }

    /// Letters, digits, blanks and signs, whose symbols are their ASCII codes.
    pub(crate) fn type_text(&self, text: &str) {
        for byte in text.bytes() {
            let held: &[u32] = if self.key(byte.into()).1 { &[SHIFT] } else { &[] };
            self.press_with(held, byte.into());
        }
    }

    pub(crate) fn point(&self, at: Place) {
        self.fake(MOTION, 0, at);
    }

    pub(crate) fn click(&self, at: Place) {
        self.point(at);
        self.fake(BUTTON_PRESS, 1, at);
        self.fake(BUTTON_RELEASE, 1, at);
    }

    pub(crate) fn double_click(&self, at: Place) {
        self.click(at);
        self.fake(BUTTON_PRESS, 1, at);
        self.fake(BUTTON_RELEASE, 1, at);
    }

    /// Takes what is at `from` to `to`, by way of some places in between.
    pub(crate) fn drag(&self, from: Place, to: Place) {
        self.point(from);
        self.fake(BUTTON_PRESS, 1, from);
        for step in 1..=8 {
            let between = |a: i32, b: i32| a + (b - a) * step / 8;
            self.point((between(from.0, to.0), between(from.1, to.1)));
        }
        self.fake(BUTTON_RELEASE, 1, to);
    }

    /// The windows that the window manager knows, with their titles.
    pub(crate) fn windows(&self) -> Vec<(u32, String)> {
        let title = |window: u32| {
            let (name, text) = (self.atom("_NET_WM_NAME"), self.atom("UTF8_STRING"));
            let reply = self.connection.get_property(false, window, name, text, 0, 256).ok()?.reply().ok()?;
            Some((window, String::from_utf8_lossy(&reply.value).into_owned()))
        };
        self.properties(self.root(), "_NET_CLIENT_LIST").into_iter().filter_map(title).collect()
    }

    /// The window with this title.
    pub(crate) fn window(&self, title: &str) -> Option<u32> {
        self.windows().into_iter().find(|(_, of)| of == title).map(|(window, _)| window)
    }

    /// Where the inside of a window lies on the screen: left, top, width, height; `None` when it has gone.
    pub(crate) fn inside(&self, window: u32) -> Option<(i32, i32, u32, u32)> {
        let size = self.connection.get_geometry(window).ok()?.reply().ok()?;
        let place = self.connection.translate_coordinates(window, self.root(), 0, 0).ok()?.reply().ok()?;
        Some((place.dst_x.into(), place.dst_y.into(), size.width.into(), size.height.into()))
    }

    pub(crate) fn is_seen(&self, window: u32) -> bool {
        let attributes =
            self.connection.get_window_attributes(window).ok().and_then(|sent| sent.reply().ok());
        attributes.is_some_and(|attributes| attributes.map_state == MapState::VIEWABLE)
    }

    fn ask_manager(&self, window: u32, what: &str, data: [u32; 5]) {
        let message = ClientMessageEvent::new(32, window, self.atom(what), data);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root(), mask, message).expect("a request");
        self.sync();
    }

    /// As the close button does.
    pub(crate) fn close(&self, window: u32) {
        self.ask_manager(window, "_NET_CLOSE_WINDOW", [0, 2, 0, 0, 0]);
    }

    /// As a click on its entry in a task bar does; a minimised window comes back.
    pub(crate) fn activate(&self, window: u32) {
        self.ask_manager(window, "_NET_ACTIVE_WINDOW", [2, 0, 0, 0, 0]);
        super::until_true("the window's turn", || {
            self.property(self.root(), "_NET_ACTIVE_WINDOW") == Some(window) && self.has_focus(window)
        });
    }

    /// Keys go to this window, or to one inside it: the manager names the active one a little earlier.
    fn has_focus(&self, window: u32) -> bool {
        let focus = self.connection.get_input_focus().expect("asked").reply().expect("the focus").focus;
        let inside = self.connection.query_tree(window).expect("asked").reply();
        focus == window || inside.is_ok_and(|tree| tree.children.contains(&focus))
    }

    pub(crate) fn minimise(&self, window: u32) {
        self.ask_manager(window, "WM_CHANGE_STATE", [3, 0, 0, 0, 0]);
        super::until_true("minimising", || !self.is_seen(window));
    }

    /// Moves its frame to this place and gives its inside this size.
    pub(crate) fn place(&self, window: u32, (x, y): Place, width: u32, height: u32) {
        // Gravity as the window has it; x, y, width and height are all given; a pager asks.
        let flags = 0b1111 << 8 | 2 << 12;
        self.ask_manager(window, "_NET_MOVERESIZE_WINDOW", [flags, x as u32, y as u32, width, height]);
        super::until_true("the window's size", || {
            self.inside(window).is_some_and(|(_, _, w, h)| (w, h) == (width, height))
        });
    }
}
