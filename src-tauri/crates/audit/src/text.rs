//! Text that came from outside and is to be kept.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Free text in a record: of bounded length, and harmless wherever it is printed.
///
/// Somebody who types an account's name chooses what stands in the log. Control characters could rewrite a terminal's
/// lines, and characters that turn the direction of writing could make a name read as another; both are kept as their
/// number, `\u{1b}`. What is longer than [`Text::LONGEST`] bytes ends in `…`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Text(String);

const CUT: char = '…';

impl Text {
    /// The most bytes of it, in UTF-8.
    pub const LONGEST: usize = 400;

    /// Takes the text, escaped and cut as said above. The same text again gives the same.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut kept = String::with_capacity(text.len().min(Self::LONGEST));
        // Where to cut if more comes than fits, with room for the mark.
        let mut cut = 0;
        for character in text.chars() {
            if is_unseen(character) {
                kept.extend(character.escape_unicode());
            } else {
                kept.push(character);
            }
            if kept.len() > Self::LONGEST {
                kept.truncate(cut);
                kept.push(CUT);
                break;
            }
            if kept.len() <= Self::LONGEST - CUT.len_utf8() {
                cut = kept.len();
            }
        }
        Self(kept)
    }

    /// The text as it is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, line and paragraph separators, and the characters without a shape that change how others are
/// shown (Unicode Standard Annex #9; zero-width characters and the byte order mark).
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(character, '\u{061c}' | '\u{feff}')
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unseen_and_nothing_endless_is_kept() {
        assert_eq!(Text::new("Nguyễn Văn A").as_str(), "Nguyễn Văn A");
        assert_eq!(Text::new("a\n\u{1b}[2Jb\u{202e}c").as_str(), r"a\u{a}\u{1b}[2Jb\u{202e}c");
        for length in Text::LONGEST - 5..Text::LONGEST + 5 {
            for filler in ["x", "ễ", "\u{7}"] {
                let text = Text::new(&filler.repeat(length));
                assert!(text.as_str().len() <= Text::LONGEST);
                assert_eq!(Text::new(text.as_str()), text, "a second time changes nothing");
            }
        }
        assert_eq!(Text::new(&"x".repeat(Text::LONGEST)).as_str(), "x".repeat(Text::LONGEST));
        assert!(Text::new(&"x".repeat(Text::LONGEST + 1)).as_str().ends_with("x…"));
    }
}
