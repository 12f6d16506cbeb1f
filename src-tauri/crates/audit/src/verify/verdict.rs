//! What came of checking a log.

use serde::{Deserialize, Serialize};

/// What came of [`verify`](crate::verify).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing contradicts that the log is as it was written.
    Sound(Sound),
    /// It is not.
    Faulty {
        /// What was found, in the order of the files, what is missing last; at most [`Verdict::MOST_FAULTS`].
        faults: Vec<Fault>,
        /// How many more there are.
        further: u64,
        /// Records whose content fits their hash.
        sound_records: u64,
    },
}

impl Verdict {
    /// The most faults that are told one by one.
    pub const MOST_FAULTS: usize = 1000;

    /// Whether nothing was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        matches!(self, Self::Sound(_))
    }
}

/// What is known of a sound log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sound {
    /// How many records there are.
    pub records: u64,
    /// The first one's number; 0 where there is none.
    pub from: u64,
    /// The last one's number; 0 where there is none.
    pub to: u64,
    /// Up to this record nothing was changed, added or removed since the newest anchor was taken. What is behind it is
    /// consistent, no more. `None`: no anchor could be compared.
    pub proven_to: Option<u64>,
    /// Anchors of records that retention has removed: they could not be compared.
    pub anchors_not_compared: u64,
    /// What retention has removed in front of the first record.
    pub trimmed: Option<TrimmedAway>,
    /// The newest file ends with a line that is not finished: it is being written now, or the power went. Nobody was told
    /// that it is written.
    pub unfinished_line: bool,
}

/// What is missing in front of the first record, by a record of the log itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrimmedAway {
    /// The last record removed.
    pub until: u64,
    /// Number of the record that vouches for it; no anchor proves it if it is behind [`Sound::proven_to`].
    pub by: u64,
    /// When that was, UTC, milliseconds since 1970.
    pub time_ms: i64,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Name of the file in which it shows.
    pub file: String,
    /// The line at which it shows, from 1; 0 where it shows nowhere in particular.
    pub line: u64,
    /// What it is.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// What is wrong. Each says what is proven and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum FaultKind {
    /// This line is a record whose content does not fit its hash.
    Edited,
    /// This record follows another one than the one that stands before it: one of the two is not what was written.
    Unlinked,
    /// Sound records with these numbers are not there.
    Missing {
        /// The first one's number.
        from: u64,
        /// The last one's number.
        to: u64,
    },
    /// A record with this number stands there already: one of the two was put in.
    Inserted {
        /// The number.
        sequence: u64,
    },
    /// This record stands behind later ones.
    Reordered {
        /// Its number.
        sequence: u64,
    },
    /// An anchor names a record behind the last one; or a file ends in the middle of a line, though others follow.
    Truncated {
        /// The last record that must have been there, where an anchor tells.
        to: Option<u64>,
    },
    /// This line is no record.
    Unreadable,
    /// The record is another one than the anchor names, while it fits its own hash: it, or one before it, was written
    /// anew.
    Rewritten {
        /// Its number.
        sequence: u64,
    },
}
