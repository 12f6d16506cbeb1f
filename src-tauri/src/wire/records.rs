//! Who did what, and which cameras were watched.

use model::{Id, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which records are wanted; nothing set: all.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, TS)]
pub struct RecordFilter {
    /// From then on, in milliseconds since 1970.
    pub from: Option<f64>,
    /// Until then.
    pub until: Option<f64>,
    /// By this account.
    pub account: Option<String>,
    /// Of these kinds.
    pub kinds: Vec<RecordKind>,
    /// About this camera or site.
    pub subject: Option<Id>,
    /// With these words in it, without regard to case and marks.
    pub text: Option<String>,
}

/// What records are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// Signing in and out, locking, shifts.
    Presence,
    /// Accounts and passwords.
    Accounts,
    /// Logins for devices.
    Logins,
    /// Which cameras were on a screen.
    Watching,
    /// Pictures and recordings taken out.
    Evidence,
    /// Cameras that were moved.
    Moving,
    /// Recordings that were searched and played.
    Playback,
    /// Layouts and tours.
    Layouts,
    /// Inventory, zones, settings.
    Changes,
    /// What was refused for lack of rights.
    Denials,
    /// The log itself, starts and ends of the program.
    Log,
}

/// One thing that somebody did.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Record {
    /// Counts from 1 without gaps.
    pub sequence: f64,
    /// Milliseconds since 1970.
    pub at: f64,
    /// The computer.
    pub workstation: String,
    /// Who; empty for the program itself.
    pub account: String,
    /// What they worked as.
    pub role: Option<Role>,
    /// See there.
    pub kind: RecordKind,
    /// What they did, in words.
    pub text: String,
    /// Every detail, as name and value.
    pub details: Vec<(String, String)>,
}

/// A page of records, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RecordPage {
    /// At most 200.
    pub records: Vec<Record>,
    /// To ask for older ones; null: there are none.
    pub older: Option<f64>,
}

/// How long somebody had a camera on a screen.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Watched {
    /// Which.
    pub camera: Id,
    /// Who.
    pub account: String,
    /// How long altogether, seconds.
    pub seconds: f64,
    /// In how many unbroken stretches.
    pub watches: f64,
    /// The largest tile, pixels.
    pub largest: (u32, u32),
    /// The part of its wall that it took, 0–1: the mean over the time.
    pub share: f64,
    /// Stretches without an end in the log, as after a crash: they count up to the last sign of life.
    pub unended: f64,
}

/// Whether anything was changed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RecordVerdict {
    /// Nothing was.
    pub sound: bool,
    /// How many are there.
    pub records: f64,
    /// What was found, in words, the first ones.
    pub faults: Vec<String>,
    /// What this proves and what it doesn't, in words.
    pub meaning: String,
    /// To be written down elsewhere: proves later that nothing before it has changed.
    pub anchor: String,
}

/// As what records are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordFormat {
    /// One JSON object a line, as kept.
    JsonLines,
    /// RFC 5424.
    Syslog,
}
