//! Names of accounts.

use std::fmt;

use caseless::default_case_fold_str;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A login: 1–64 characters, composed (NFC), without control characters, invisible ones, a colon, or blanks at its ends.
/// Two names are equal that differ only in upper and lower case (Unicode 17, section 3.13.5, canonical caseless matching).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name {
    shown: String,
    folded: String,
}

/// What [`Name`] can't be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a name of 1 to {} plain characters", Name::LONGEST)]
pub struct NotAName;

impl Name {
    /// The most characters of a name.
    pub const LONGEST: usize = 64;

    /// # Errors
    /// [`NotAName`]
    pub fn new(text: &str) -> Result<Self, NotAName> {
        // Before anything costs time: no character has more than 4 bytes or grows to less than a third by composing.
        if text.len() > 12 * Self::LONGEST {
            return Err(NotAName);
        }
        let shown: String = text.trim().nfc().collect();
        // A colon parts issuer and name in what authenticator apps are given.
        let plain = |c: char| !c.is_control() && !is_invisible(c) && c != ':';
        let sound = (1..=Self::LONGEST).contains(&shown.chars().count()) && shown.chars().all(plain);
        sound.then(|| Self { folded: folded(&shown), shown }).ok_or(NotAName)
    }

    /// The text as it was given, composed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The same text for all names that are equal.
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }
}

/// Whether the eye can't tell that it is there: two names that look alike must be alike.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn folded(text: &str) -> String {
    let decomposed: String = text.nfd().collect();
    default_case_fold_str(&decomposed).nfc().collect()
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Name {}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.shown
    }
}

impl TryFrom<String> for Name {
    type Error = NotAName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_whatever_their_case_and_composition() {
        for (one, other) in [
            ("truc.ban", "TRUC.BAN"),
            ("Nguyễn Ơn", "nguye\u{302}\u{303}n o\u{31b}n"),
            ("Đại tá", "ĐẠI TÁ"),
            ("straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            (" ca 1 ", "ca 1"),
        ] {
            assert_eq!(Name::new(one).unwrap(), Name::new(other).unwrap(), "{one:?} {other:?}");
        }
        for (one, other) in [("dai", "đại"), ("ca1", "ca 1"), ("o", "ơ")] {
            assert_ne!(Name::new(one).unwrap(), Name::new(other).unwrap(), "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_or_told_apart_is_no_name() {
        let longest = "ệ".repeat(Name::LONGEST);
        let decomposed: String = longest.nfd().collect();
        for good in ["a", "Trần Thị Bình", &longest, &decomposed] {
            assert!(Name::new(good).is_ok(), "{good:?}");
        }
        let too_long = format!("{longest}x");
        for bad in ["", "   ", "a\nb", "a\0", "a\u{200b}b", "a\u{202e}b", "\u{feff}a", "a:b", &too_long] {
            assert_eq!(Name::new(bad), Err(NotAName), "{bad:?}");
        }
    }
}
