//! Recordings on walls, and what recorders hold.

use model::{Id, Moment, Period};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is done to a wall that plays recordings.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PlayAct {
    /// Goes to a place, and on from there as before.
    Seek {
        /// Microseconds since 1970.
        at: Moment,
    },
    /// Plays.
    Play {
        /// Seconds of recording a second, ±1/16 to ±16.
        rate: f64,
    },
    /// Stands still.
    Pause,
    /// One camera stands still while the others go on, or goes with them again.
    Hold {
        /// Which.
        camera: Id,
        /// Whether it stands still.
        held: bool,
    },
    /// Stands still at the next picture of the selected camera, else of the first that has one. A held camera goes there
    /// alone.
    Step {
        /// At the one before.
        back: bool,
    },
    /// Goes round in a period.
    Repeat {
        /// `None`: no longer.
        period: Option<Period>,
    },
}

/// How a wall stands that plays recordings.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Playback {
    /// Which.
    pub wall: u32,
    /// The place, true time: microseconds since 1970.
    pub at: Moment,
    /// Seconds of recording a second; 0: it stands still.
    pub rate: f64,
    /// What it goes on with.
    pub chosen: f64,
    /// It waits for pictures.
    pub waits: bool,
    /// What it goes round in.
    pub repeat: Option<Period>,
    /// The cameras that are played.
    pub cameras: Vec<PlayedCamera>,
}

/// How a camera's recording stands.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PlayedCamera {
    /// Which.
    pub camera: Id,
    /// When the picture that is shown was taken.
    pub shown: Option<Moment>,
    /// Whether that is the one that is due.
    pub standing: PlayStanding,
    /// Why it does not come, where it is refused; else empty.
    pub text: String,
    /// It stands still while the others go on.
    pub held: bool,
}

/// Whether the picture that is due is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlayStanding {
    /// It is.
    Shown,
    /// Nothing was recorded then.
    Hole,
    /// It is on its way.
    Loading,
    /// The recorder plays others first.
    InLine,
    /// It does not come.
    Refused,
}

/// A small picture of what was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RecordedPicture {
    /// When it was taken, true time: microseconds since 1970.
    pub at: Moment,
    /// An address that holds the picture itself (`data:`).
    pub data: String,
}

/// What a camera's recorder holds of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DayHeld {
    /// Nobody has asked yet.
    Unknown,
    /// Nothing.
    Nothing,
    /// Something; whether anything moved may not be known yet.
    Footage,
    /// Something moved.
    Motion,
}
