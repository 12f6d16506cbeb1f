//! Windows' virtual keys. Letters go by key and not by what they would write, which is the business of an input method.

#![expect(unsafe_code, reason = "Win32 is a C interface")]

use windows_sys::Win32::Foundation::{HWND, WPARAM};
use windows_sys::Win32::UI::Input::Ime::ImmGetVirtualKey;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    GetKeyState, MAPVK_VK_TO_CHAR, MapVirtualKeyW, VIRTUAL_KEY, VK_CONTROL, VK_DELETE, VK_DOWN, VK_ESCAPE,
    VK_F1, VK_F12, VK_LEFT, VK_NEXT, VK_NUMPAD0, VK_NUMPAD9, VK_PRIOR, VK_PROCESSKEY, VK_RETURN, VK_RIGHT,
    VK_SHIFT, VK_SUBTRACT, VK_UP,
};

use super::super::{Key, Modifiers};

/// The key of the WM_KEYDOWN that `window` is just getting; `None` for those that a wall has no use for.
pub(super) fn key(window: HWND, wparam: WPARAM) -> Option<Key> {
    let code = wparam as VIRTUAL_KEY;
    // SAFETY: asks which key the input method took; the window has just got the message with it.
    let code = if code == VK_PROCESSKEY { unsafe { ImmGetVirtualKey(window) as VIRTUAL_KEY } } else { code };
    // SAFETY: looks up a number in the keyboard's layout.
    let written = || unsafe { MapVirtualKeyW(code.into(), MAPVK_VK_TO_CHAR) };
    // The highest bit tells a dead key.
    named(code).or_else(|| sign(written() & 0x7fff_ffff))
}

/// What was held down at the time of the message.
pub(super) fn modifiers() -> Modifiers {
    // SAFETY: asks for the state of a key, of which the highest bit is set while it is down.
    let held = |code: VIRTUAL_KEY| unsafe { GetKeyState(code.into()) } < 0;
    Modifiers { control: held(VK_CONTROL), shift: held(VK_SHIFT) }
}

fn named(code: VIRTUAL_KEY) -> Option<Key> {
    Some(match code {
        VK_LEFT => Key::Left,
        VK_RIGHT => Key::Right,
        VK_UP => Key::Up,
        VK_DOWN => Key::Down,
        VK_RETURN => Key::Enter,
        VK_ESCAPE => Key::Escape,
        VK_DELETE => Key::Delete,
        VK_PRIOR => Key::PageUp,
        VK_NEXT => Key::PageDown,
        VK_SUBTRACT => Key::Char('-'),
        VK_F1..=VK_F12 => Key::Function((code - VK_F1) as u8 + 1),
        VK_NUMPAD0..=VK_NUMPAD9 => Key::Char(char::from(b'0' + (code - VK_NUMPAD0) as u8)),
        _ => return None,
    })
}

fn sign(code: u32) -> Option<Key> {
    let sign = char::from_u32(code)?.to_ascii_lowercase();
    (' '..='~').contains(&sign).then_some(Key::Char(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_keys_become_keys() {
        assert_eq!(named(VK_F12), Some(Key::Function(12)));
        assert_eq!(named(VK_NUMPAD0 + 7), Some(Key::Char('7')));
        assert_eq!(named(VK_SHIFT), None, "a modifier by itself is no key");
        assert_eq!(sign(u32::from('Z')), Some(Key::Char('z')));
        assert_eq!(sign(0), None);
    }
}
