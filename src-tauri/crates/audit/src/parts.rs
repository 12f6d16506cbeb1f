//! What events hold that is more than a word.

use model::Id;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::text::Text;

/// A live picture on a tile: one unbroken stretch in which it was really shown, in one size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Which camera.
    pub camera: Id,
    /// On which wall.
    pub wall: Text,
    /// On which of its tiles, from 0. A tile shows one camera at a time.
    pub tile: u32,
    /// The tile's columns on the screen, pixels.
    pub width: u32,
    /// The tile's rows on the screen, pixels.
    pub height: u32,
    /// How much of the wall the tile takes, thousandths.
    pub share: u16,
    /// Which of its streams.
    pub profile: WatchedProfile,
}

/// The stream that a watch shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchedProfile {
    /// The full picture.
    Main,
    /// The small picture.
    Sub,
    /// Key frames of the small picture only.
    KeyFrames,
}

/// A file that retention took away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedFile {
    /// Its name.
    pub file: Text,
    /// Its first record's number.
    pub first: u64,
    /// Its last record's number.
    pub last: u64,
    /// Its last record's time, ms since 1970, UTC.
    pub last_ms: i64,
    /// Its last record's hash, to which the first record kept is chained.
    pub hash: Fingerprint,
}
