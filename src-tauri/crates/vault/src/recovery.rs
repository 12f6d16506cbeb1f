//! Codes on paper, for who has lost the second factor.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use model::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::key::random;

/// How many are given out at once.
pub const RECOVERY_CODES: usize = 10;

/// Those that are left, as hashes. They are random, of 80 bits, so a plain hash is as good as a slow one; the account's
/// id stands in it, so that the same tables don't serve for all.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Recovery(Vec<String>);

impl Recovery {
    /// New ones: what is kept, and what is shown once, as `ABCD-EFGH-IJKL-MNOP`.
    pub(crate) fn random(account: &str) -> (Self, Vec<Secret>) {
        let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| code()).collect();
        (Self(codes.iter().map(|code| hash(account, code.expose())).collect()), codes)
    }

    /// Takes the code off the list; `false`: it was not there.
    pub(crate) fn take(&mut self, account: &str, code: &str) -> bool {
        let hash = hash(account, code);
        let before = self.0.len();
        self.0.retain(|left| *left != hash);
        self.0.len() < before
    }

    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }
}

fn code() -> Secret {
    let letters = Zeroizing::new(BASE32_NOPAD.encode(&*random::<10>()));
    let mut code = String::with_capacity(19);
    for (index, letter) in letters.chars().enumerate() {
        if index % 4 == 0 && index > 0 {
            code.push('-');
        }
        code.push(letter);
    }
    Secret::new(code)
}

/// Of the code however it was copied from paper: base32 has no 0, 1 and 8, so these can only be letters misread.
fn hash(account: &str, code: &str) -> String {
    let mut hash = Sha256::new().chain_update(account).chain_update(":");
    for c in code.chars().filter(char::is_ascii_alphanumeric) {
        let letter = match c.to_ascii_uppercase() {
            '0' => b'O',
            '1' => b'I',
            '8' => b'B',
            other => other as u8,
        };
        hash.update([letter]);
    }
    HEXLOWER.encode(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_good_once_and_for_its_account_only() {
        let (mut recovery, codes) = Recovery::random("a");
        let distinct: std::collections::BTreeSet<_> = codes.iter().map(Secret::expose).collect();
        assert_eq!(distinct.len(), RECOVERY_CODES);
        assert!(!Recovery::random("b").0.take("b", codes[0].expose()));
        for (used, code) in codes.iter().enumerate() {
            assert_eq!(recovery.left(), RECOVERY_CODES - used);
            assert!(!recovery.take("b", code.expose()));
            assert!(recovery.take("a", code.expose()));
            assert!(!recovery.take("a", code.expose()));
        }
        assert_eq!(recovery.left(), 0);
    }

    #[test]
    fn copied_from_paper_it_is_the_same_code() {
        let written = hash("a", "OIBQ-2345-ABCD-EFGH");
        assert_eq!(written, hash("a", " oibq 2345 abcd efgh\n"));
        assert_eq!(written, hash("a", "018q2345abcdefgh"));
        assert_ne!(written, hash("a", "OIBQ-2345-ABCD-EFG"));
        assert!(!Recovery::random("a").0.take("a", ""));
    }
}
