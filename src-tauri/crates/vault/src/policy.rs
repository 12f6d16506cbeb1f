//! Which passwords are let through.

use caseless::Caseless;
use model::Secret;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use crate::name::{Name, is_invisible};
use crate::password::{LONGEST, composed};

/// What a new password is held to.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// Whose it is to be.
    pub account: &'a Name,
    /// Whether a second factor stands beside it, so that fewer characters do.
    pub second_factor: bool,
}

/// What a password lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "weakness")]
pub enum Weakness {
    /// Fewer characters than this.
    Short {
        /// The fewest.
        least: usize,
    },
    /// More than 1024 bytes.
    Long,
    /// No lower-case letter.
    NoLower,
    /// No upper-case letter.
    NoUpper,
    /// No digit.
    NoDigit,
    /// Nothing but letters and digits.
    NoOther,
    /// The account's name stands in it, perhaps without its accents.
    HoldsName,
    /// One of the first that anybody tries, perhaps with digits and signs around it or in place of letters.
    Common,
    /// A control character or an invisible one, which nobody can type again by intention.
    Invisible,
}

/// Folded, without accents, letters only. Short words would forbid too much.
const COMMON: &str = include_str!("common.txt");

impl Policy<'_> {
    /// The fewest characters without a second factor.
    pub const LEAST: usize = 14;
    /// The fewest characters with one.
    pub const LEAST_WITH_SECOND_FACTOR: usize = 8;
    /// A name of fewer characters may stand in a password: "an" stands in too many.
    pub const SHORTEST_NAME: usize = 3;

    /// A letter is one character however many accents it has and however it was typed. A letter without case (as in
    /// Chinese) is neither lower nor upper, and counts among the others.
    ///
    /// # Errors
    /// All its weaknesses, in the order of [`Weakness`].
    pub fn check(&self, password: &Secret) -> Result<(), Vec<Weakness>> {
        if password.expose().len() > LONGEST {
            return Err(vec![Weakness::Long]);
        }
        let text = composed(password);
        let letters = || text.chars().filter(|&c| !is_combining_mark(c));
        let least = if self.second_factor { Self::LEAST_WITH_SECOND_FACTOR } else { Self::LEAST };
        let other = |c: char| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric();
        let found = [
            (letters().count() < least, Weakness::Short { least }),
            (!letters().any(char::is_lowercase), Weakness::NoLower),
            (!letters().any(char::is_uppercase), Weakness::NoUpper),
            (!letters().any(char::is_numeric), Weakness::NoDigit),
            (!letters().any(other), Weakness::NoOther),
            (self.holds_name(&text), Weakness::HoldsName),
            (is_common(&text), Weakness::Common),
            (text.chars().any(|c| c.is_control() || is_invisible(c)), Weakness::Invisible),
        ];
        let weak: Vec<_> =
            found.into_iter().filter_map(|(weak, weakness)| weak.then_some(weakness)).collect();
        if weak.is_empty() { Ok(()) } else { Err(weak) }
    }

    fn holds_name(&self, text: &str) -> bool {
        let name = plain(self.account.as_str());
        name.chars().count() >= Self::SHORTEST_NAME && plain(text).contains(name.as_str())
    }
}

fn is_common(text: &str) -> bool {
    let plain = plain(text);
    // "M@tkhau123!" is tried as it stands, with its signs as letters, and with those inside the word only: else
    // "Matkhau2024!!!" would become "matkhauoaiii".
    let inside = plain.trim_matches(|c: char| !c.is_alphabetic());
    let words = [
        wiped(&plain, plain.chars().filter(|c| c.is_alphabetic())),
        wiped(&plain, plain.chars().map(meant).filter(|c| c.is_alphabetic())),
        wiped(&plain, inside.chars().map(meant).filter(|c| c.is_alphabetic())),
    ];
    words.iter().any(|word| is_one_letter(word) || COMMON.lines().any(|common| common == word.as_str()))
}

fn is_one_letter(word: &str) -> bool {
    word.chars().next().is_some_and(|first| word.chars().all(|c| c == first))
}

/// The letter that a sign is often written for.
fn meant(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// Folded and without accents: "Đặng" as "dang".
fn plain(text: &str) -> Zeroizing<String> {
    let letters = text.nfd().filter(|&c| !is_combining_mark(c)).default_case_fold();
    wiped(text, letters.map(|c| if c == 'đ' { 'd' } else { c }))
}

/// What was made of `of`, in a buffer that is wiped and does not grow: one that grows leaves copies of what it held.
/// Decomposing and folding make no text more than nine times as long.
fn wiped(of: &str, chars: impl Iterator<Item = char>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(9 * of.len()));
    text.extend(chars);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, second_factor: bool, password: &str) -> Vec<Weakness> {
        let account = Name::new(name).unwrap();
        let policy = Policy { account: &account, second_factor };
        policy.check(&Secret::new(password.to_owned())).err().unwrap_or_default()
    }

    #[test]
    fn fourteen_characters_of_four_classes_or_eight_beside_a_second_factor() {
        use Weakness::{NoDigit, NoLower, NoOther, NoUpper, Short};
        for (password, alone, beside) in [
            ("Tram gac so 12", vec![], vec![]),
            ("Tram gac so 1", vec![Short { least: 14 }], vec![]),
            ("Gac so 1", vec![Short { least: 14 }], vec![]),
            ("Gac so1", vec![Short { least: 14 }], vec![Short { least: 8 }]),
            ("tram gac so 12", vec![NoUpper], vec![NoUpper]),
            ("TRAM GAC SO 12", vec![NoLower], vec![NoLower]),
            ("Tram gac so hai", vec![NoDigit], vec![NoDigit]),
            ("Tramgacsomuoi2hai", vec![NoOther], vec![NoOther]),
            (
                "",
                vec![Short { least: 14 }, NoLower, NoUpper, NoDigit, NoOther],
                vec![Short { least: 8 }, NoLower, NoUpper, NoDigit, NoOther],
            ),
        ] {
            assert_eq!(check("an", false, password), alone, "{password:?} alone");
            assert_eq!(check("an", true, password), beside, "{password:?} beside a second factor");
        }
    }

    #[test]
    fn vietnamese_letters_count_once_and_by_their_case() {
        use Weakness::{NoLower, NoUpper, Short};
        let decomposed = |text: &str| text.nfd().collect::<String>();
        for (password, weak) in [
            ("Đường số 12 Ấp", vec![]),
            ("đường số 12 ấp", vec![NoUpper]),
            ("ĐƯỜNG SỐ 12 ẤP", vec![NoLower]),
            ("Đường số 12 Ấ", vec![Short { least: 14 }]),
            ("ẾỘẾỘẾỘ ếộếộếộ 1", vec![]),
            ("Ế ộ 1", vec![Short { least: 14 }]),
        ] {
            assert_eq!(check("an", false, password), weak, "{password:?}");
            assert_eq!(check("an", false, &decomposed(password)), weak, "{password:?} decomposed");
        }
        // Letters without case are no upper-case letters, and accents alone are no characters.
        assert_eq!(check("an", false, "密码密码 số 123456"), vec![NoUpper]);
        let accents = format!("E{} 1a", "\u{301}".repeat(20));
        assert_eq!(check("an", false, &accents), vec![Short { least: 14 }]);
    }

    #[test]
    fn the_name_does_not_stand_in_it() {
        for (name, password, held) in [
            ("truc.ban", "Truc.Ban tram 12", true),
            ("Đặng", "dang o tram 12 X", true),
            ("dang", "ĐẶNG ở trạm 12 x", true),
            ("an", "An ninh tram 12 x", false),
            ("binh", "Tram gac so 12!", false),
        ] {
            assert_eq!(
                check(name, false, password),
                if held { vec![Weakness::HoldsName] } else { vec![] },
                "{name}"
            );
        }
    }

    #[test]
    fn what_everybody_tries_is_common_however_it_is_dressed() {
        for common in [
            "Password@12345",
            "P@ssw0rd@12345",
            "Matkhau@123456",
            "Mật khẩu 123456!",
            "M@tkh@u1234567",
            "Administrator@1",
            "Hikvision@12345",
            "AnhYeuEm@123456",
            "Camera@20262026",
            "Aaaaaaaaaaaa@1",
            "Qwertyuiop@123",
        ] {
            assert_eq!(check("truc.ban", false, common), vec![Weakness::Common], "{common:?}");
        }
        for fine in ["Password cua toi 1", "Camera o cong 12", "Matkhaukho@1234"] {
            assert_eq!(check("truc.ban", false, fine), vec![], "{fine:?}");
        }
    }

    #[test]
    fn the_list_is_as_it_is_compared() {
        let words: Vec<_> = COMMON.lines().collect();
        assert!(words.len() >= 60, "{}", words.len());
        for word in &words {
            assert!(word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word:?}");
            assert_eq!(words.iter().filter(|other| other == &word).count(), 1, "{word:?}");
        }
        assert!(words.is_sorted());
    }

    #[test]
    fn endless_and_invisible_ones_are_refused() {
        assert_eq!(check("an", false, &"Tram gac 1".repeat(103)), vec![Weakness::Long]);
        assert_eq!(check("an", false, "Tram gac\tso 12"), vec![Weakness::Invisible]);
        assert_eq!(check("an", false, "Tram gac\u{200b}so 12"), vec![Weakness::Invisible]);
    }
}
