//! Names and ids as people write them, made one and the same where they look the same.

use unicode_normalization::UnicodeNormalization;

use crate::mistake::Flaw;

/// The text in NFC, without blanks around it, if it may be a name of at most so many characters. It may be empty.
///
/// # Errors
/// The flaw: too long, or a character that must not be in it.
pub(crate) fn name(text: &str, most: usize) -> Result<String, Flaw> {
    // A character of NFC is made of at most a few; this keeps a file of one name from being normalised.
    if text.len() > most * 16 {
        return Err(Flaw::TooLong { most });
    }
    let name: String = text.trim().nfc().collect();
    match name.chars().find_map(flaw) {
        Some(flaw) => Err(flaw),
        None if name.chars().count() > most => Err(Flaw::TooLong { most }),
        None => Ok(name),
    }
}

/// Why a character must not stand in a name. Angle brackets, slashes and the like may: whoever shows or uses a name
/// takes it as text.
pub(crate) const fn flaw(c: char) -> Option<Flaw> {
    match c {
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => Some(Flaw::ControlCharacter),
        // Unicode's Bidi_Control.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(Flaw::DirectionCharacter)
        }
        // Its other format characters without a picture of their own, which no name here needs.
        '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some(Flaw::InvisibleCharacter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_becomes_the_same() {
        assert_eq!(name(" Tra\u{323}m y te\u{302}\u{301} ", 200).unwrap(), "Trạm y tế");
        assert_eq!(name("<img onerror=alert(1)>", 200).unwrap(), "<img onerror=alert(1)>");
        assert_eq!(name("../../etc", 200).unwrap(), "../../etc");
        assert_eq!(name(" \u{a0}", 200).unwrap(), "");
    }

    #[test]
    fn what_deceives_is_refused() {
        for (text, flaw) in [
            ("a\nb", Flaw::ControlCharacter),
            ("a\u{2028}b", Flaw::ControlCharacter),
            ("a\u{202e}b", Flaw::DirectionCharacter),
            ("a\u{2066}b", Flaw::DirectionCharacter),
            ("a\u{200f}", Flaw::DirectionCharacter),
            ("a\u{200b}b", Flaw::InvisibleCharacter),
            ("aaaaaa", Flaw::TooLong { most: 5 }),
        ] {
            assert_eq!(name(text, 5).unwrap_err(), flaw, "{text:?}");
        }
        assert_eq!(name(&"é".repeat(5), 5).unwrap().chars().count(), 5);
        assert_eq!(name(&"a".repeat(81), 5).unwrap_err(), Flaw::TooLong { most: 5 });
    }
}
