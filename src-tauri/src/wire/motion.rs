//! Motion that is looked for in recordings.

use model::{Id, Moment, Period, PicturePart};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
pub struct MotionFields {
    /// In which camera's recording.
    pub camera: Id,
    /// When, true time; a day at most.
    pub period: Period,
    /// Where, in the picture as the camera sends it; none: all of it.
    pub area: Vec<PicturePart>,
    /// How little is enough.
    pub sensitivity: MotionSensitivity,
}

/// How little is taken for motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MotionSensitivity {
    /// What is large and clearly seen.
    Low,
    /// People.
    Medium,
    /// Also what is small, far or pale.
    High,
}

/// How a search stands; the newest of a wall that plays.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MotionSearch {
    /// Whose player it belongs to.
    pub wall: u32,
    /// Another one has another number.
    pub number: u32,
    /// Whose recording.
    pub camera: Id,
    /// When.
    pub period: Period,
    /// Where; none: everywhere.
    pub area: Vec<PicturePart>,
    /// How little is enough.
    pub sensitivity: MotionSensitivity,
    /// What it does.
    pub state: MotionState,
    /// Why it has failed or asks again, else empty.
    pub text: String,
    /// Up to where it has looked.
    pub reached: Moment,
    /// Key frames that were looked at.
    pub looked: u32,
    /// The recorder itself looked through some of the time, or all of it: of what it found there are no pictures.
    pub by_recorder: bool,
    /// What moved, the earliest first.
    pub hits: Vec<MotionHit>,
    /// When the whole picture became another one: not counted as motion.
    pub upheavals: Vec<Moment>,
    /// What was not looked at; known at the end.
    pub missed: Vec<MotionMissed>,
}

/// What a search does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MotionState {
    /// The recorder is asked what it holds.
    Asking,
    /// The recorder plays others first.
    InLine,
    /// Pictures come, or the recorder searches by itself.
    Searching,
    /// Nothing came, and the recorder is asked again.
    Again,
    /// It is through.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// There were more hits than anybody looks through.
    Full,
    /// The recorder gave no more.
    Failed,
}

/// Something moved.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MotionHit {
    /// From the last picture before it moved to the last one in which it had.
    pub period: Period,
    /// When most of it moved; where the recorder found it, the end.
    pub clearest: Moment,
    /// Where it was then; where the recorder found it, somewhere in this.
    pub place: PicturePart,
}

/// A part of the time that was not looked at.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MotionMissed {
    /// When.
    pub period: Period,
    /// Nothing was recorded then: no fault.
    pub not_recorded: bool,
    /// Why.
    pub text: String,
}
