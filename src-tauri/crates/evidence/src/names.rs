//! Names of files, made of what people have called cameras and cases.
//!
//! A name may come from a recorder, a list or a keyboard, and the package may be opened on any system: so no name holds
//! anything that a file system, a shell or a reader could take for something else than letters.

use unicode_normalization::UnicodeNormalization;

/// The most bytes of a name: with number, part and ending it stays below the 255 that file systems take, and with a
/// folder of the same length below the 260 of older Windows programs.
pub(crate) const LONGEST: usize = 80;

/// What is left of a name where nothing of it can be used.
const NAMELESS: &str = "_";

/// Names that Windows takes for devices, whatever stands behind a dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A name for a file or a folder: letters and digits of any script (composed, NFC), `-`, `_` and single dots inside;
/// everything else, direction marks and separators too, becomes one `-`. 1 to 80 bytes, never a device of Windows,
/// never `.` or `..`, never one that begins or ends with a dot.
#[must_use]
pub fn safe_name(text: &str) -> String {
    let mut name = String::new();
    for letter in text.nfc() {
        let next = if is_sound(letter) { letter } else { '-' };
        let doubled = matches!(next, '-' | '.') && name.ends_with(['-', '.']);
        if name.len() + next.len_utf8() > LONGEST {
            break;
        }
        if !doubled {
            name.push(next);
        }
    }
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() {
        NAMELESS.to_owned()
    } else if is_device(name) {
        format!("_{}", &name[..name.floor_char_boundary(LONGEST - 1)])
    } else {
        name.to_owned()
    }
}

/// Whether a name that a file claims may be looked for in a folder: only what [`safe_name`] leaves as it is, with a little
/// more length for numbers and endings.
pub(crate) fn is_safe(name: &str) -> bool {
    let sound = name.chars().all(is_sound) && !name.contains("..");
    sound
        && (1..=LONGEST + 40).contains(&name.len())
        && !name.starts_with(['.', '-'])
        && !name.ends_with('.')
        && !is_device(name)
}

fn is_sound(letter: char) -> bool {
    // Letters are those that also look like letters: no fillers, which are letters without a shape.
    let filler = matches!(letter, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    letter.is_alphanumeric() && !filler || matches!(letter, '-' | '_' | '.') || is_mark(letter)
}

/// Marks that stand on a letter where no composed one exists (some of the languages of the highlands need them).
fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter) && letter != '\u{34f}'
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |port: &str| {
        stem.strip_prefix(port).is_some_and(|number| {
            let mut digits = number.chars();
            let digit = digits.next();
            digits.next().is_none() && digit.is_some_and(|d| d.is_ascii_digit() || "¹²³".contains(d))
        })
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_people_give_stay_readable() {
        assert_eq!(safe_name("Cổng chính – Trạm y tế"), "Cổng-chính-Trạm-y-tế");
        assert_eq!(safe_name("VA 12/2026"), "VA-12-2026");
        assert_eq!(safe_name("Cổng".nfd().collect::<String>().as_str()), "Cổng");
    }

    #[test]
    fn names_that_mean_something_to_a_system_lose_it() {
        for (text, name) in [
            ("../../x", "x"),
            ("..", "_"),
            ("", "_"),
            ("/etc/passwd", "etc-passwd"),
            ("C:\\Windows", "C-Windows"),
            ("CON", "_CON"),
            ("con.mkv", "_con.mkv"),
            ("Com1", "_Com1"),
            ("LPT²", "_LPT²"),
            ("CONSOLE", "CONSOLE"),
            ("nul", "_nul"),
            ("a\u{202e}gnp.exe", "a-gnp.exe"),
            ("\u{200f}\u{2067}x\u{2069}", "x"),
            ("a\0b\nc", "a-b-c"),
            ("x. . .", "x"),
            (".hidden", "hidden"),
            ("a..b", "a.b"),
            ("-rf", "rf"),
            ("*?<>|\"", "_"),
            ("\u{3164}", "_"),
        ] {
            assert_eq!(safe_name(text), name, "{text:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        let name = safe_name(&"ế".repeat(300));
        assert!(name.len() <= LONGEST && name.chars().all(|letter| letter == 'ế'));
        assert!(safe_name(&"x".repeat(300)).len() == LONGEST);
    }

    proptest! {
        #[test]
        fn no_text_leaves_the_folder(text in any::<String>()) {
            let name = safe_name(&text);
            prop_assert!(is_safe(&name), "{name:?}");
            prop_assert_eq!(&safe_name(&name), &name);
            let inside: Vec<_> = Path::new(&name).components().collect();
            prop_assert!(matches!(inside[..], [Component::Normal(_)]));
            prop_assert!(name.len() <= LONGEST);
        }
    }
}
