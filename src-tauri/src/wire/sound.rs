//! What is heard.

use model::Id;
use serde::Serialize;
use ts_rs::TS;

/// How the sound of a camera stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Listening {
    /// To whom.
    pub camera: Id,
    /// Whether anything is heard.
    pub standing: ListeningStanding,
    /// The codec's name while it is; why not, in words, if it failed.
    pub detail: String,
    /// Whether the camera can be spoken through, and whether somebody here does.
    pub talk: TalkStanding,
    /// Why speaking does not work, in words.
    pub talk_detail: String,
}

/// Whether a camera can be spoken through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TalkStanding {
    /// It has no loudspeaker, or that is not known yet.
    NotOffered,
    /// It can.
    Offered,
    /// Its loudspeaker is being opened.
    Opening,
    /// What is said here is heard there.
    Speaking,
    /// It was tried, and does not work.
    Failed,
}

/// Whether anything is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListeningStanding {
    /// It is on its way.
    Waiting,
    /// It is heard.
    Heard,
    /// The camera sends no sound.
    Silent,
    /// Its recording stands still, or goes at another speed than the usual one.
    OtherSpeed,
    /// What is shown came live a moment ago, when nobody listened: its sound was not kept.
    NotKept,
    /// It cannot be decoded, or there is no loudspeaker.
    Failed,
}
