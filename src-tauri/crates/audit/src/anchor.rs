//! What is kept elsewhere, so that the log cannot be rewritten as a whole.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fingerprint::{Fingerprint, NotAFingerprint};

/// A record's number and its hash. Since each record holds the hash of the one before, it stands for the whole log up to
/// there: written on a handover sheet, kept on another machine or in an export, it lets [`verify`](crate::verify) find
/// any later change to those records.
///
/// As text it is `1234:` and 64 hexadecimal digits; [`Anchor::read_all`] reads a file of them, one a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Anchor {
    /// Number of the record, from 1; 0 for a log without records.
    pub sequence: u64,
    /// The record's hash.
    pub hash: Fingerprint,
}

/// Not a number, a colon and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: not a number, a colon and 64 hexadecimal digits")]
pub struct NotAnAnchor {
    /// Line, from 1.
    pub line: usize,
}

impl Anchor {
    /// Of a log in which nothing stands yet.
    pub const EMPTY: Self = Self { sequence: 0, hash: Fingerprint::ZERO };

    /// Reads anchors, one a line; empty lines are skipped.
    ///
    /// # Errors
    /// [`NotAnAnchor`] with the line that is none: an anchor left out silently would prove less than was asked.
    pub fn read_all(text: &str) -> Result<Vec<Self>, NotAnAnchor> {
        let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        lines
            .filter(|(_, text)| !text.is_empty())
            .map(|(line, text)| text.parse().map_err(|_| NotAnAnchor { line }))
            .collect()
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, self.hash)
    }
}

impl FromStr for Anchor {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let (sequence, hash) = text.split_once(':').ok_or(NotAFingerprint)?;
        let sequence = sequence.trim().parse().map_err(|_| NotAFingerprint)?;
        Ok(Self { sequence, hash: hash.trim().parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_survive_paper() {
        let anchor = Anchor { sequence: 1234, hash: Fingerprint::of(b"record") };
        let typed = format!("\n {anchor}\r\n{}\n", anchor.to_string().to_uppercase());
        assert_eq!(Anchor::read_all(&typed), Ok(vec![anchor, anchor]));
        assert_eq!(Anchor::read_all(&format!("{anchor}\n12:ab")), Err(NotAnAnchor { line: 2 }));
        let json = serde_json::to_string(&anchor).unwrap();
        assert_eq!(serde_json::from_str::<Anchor>(&json).unwrap(), anchor);
    }
}
