//! Keys as people know them.

/// A key that went down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A letter (lower case), digit or sign.
    Char(char),
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// Enter, on the number pad too.
    Enter,
    /// Escape.
    Escape,
    /// Delete.
    Delete,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// F1–F12.
    Function(u8),
}

/// What is held down with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// Control (Command on macOS).
    pub control: bool,
    /// Shift.
    pub shift: bool,
}

impl Key {
    /// From an X11 keysym (X11/keysymdef.h); `None` for those that a wall has no use for.
    #[cfg(target_os = "linux")]
    pub(super) fn from_keysym(keysym: u32) -> Option<Self> {
        Some(match keysym {
            0x20..=0x7e => Self::Char(char::from(keysym as u8).to_ascii_lowercase()),
            0xffb0..=0xffb9 => Self::Char(char::from(b'0' + (keysym - 0xffb0) as u8)),
            0xffab => Self::Char('+'),
            0xffad => Self::Char('-'),
            0xff0d | 0xff8d => Self::Enter,
            0xff1b => Self::Escape,
            0xffff | 0xff9f => Self::Delete,
            0xff51 | 0xff96 => Self::Left,
            0xff52 | 0xff97 => Self::Up,
            0xff53 | 0xff98 => Self::Right,
            0xff54 | 0xff99 => Self::Down,
            0xff55 | 0xff9a => Self::PageUp,
            0xff56 | 0xff9b => Self::PageDown,
            0xffbe..=0xffc9 => Self::Function((keysym - 0xffbe) as u8 + 1),
            _ => return None,
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn keysyms_become_keys() {
        assert_eq!(Key::from_keysym(0x41), Some(Key::Char('a')));
        assert_eq!(Key::from_keysym(0xffb5), Some(Key::Char('5')));
        assert_eq!(Key::from_keysym(0xffc8), Some(Key::Function(11)));
        assert_eq!(Key::from_keysym(0xffe1), None, "a modifier by itself is no key");
    }
}
