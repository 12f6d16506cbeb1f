//! How this workstation shares lines and viewers with the others.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person sets; kept as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SharingFields {
    /// `nats://` or `tls://`, a host and perhaps a port; null: this workstation shares with nobody.
    pub server: Option<String>,
    /// Higher goes first, 0–9; 9 is the province's.
    pub rank: u8,
    /// By which the others know this workstation; null: by its person and name.
    pub name: Option<String>,
    /// A file with the login for the server: one that `nsc` makes, or the seed of an nkey; null: none is asked for.
    pub file: Option<String>,
}

/// Whether there is somebody to share with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SharingState {
    /// No server is set.
    Alone,
    /// It has not answered yet.
    Connecting,
    /// What is open is agreed on with the others.
    Connected,
    /// It cannot be reached: nothing goes dark, only this workstation's own limits hold.
    Lost,
}

/// How that stands, for the status line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SharingStatus {
    /// Whether there is somebody.
    pub state: SharingState,
    /// Workstations that share, this one included; 0 where that is not known.
    pub clients: usize,
}

/// What is set, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Sharing {
    /// What is set.
    pub fields: SharingFields,
    /// The name that counts now.
    pub name: String,
    /// How it stands.
    pub status: SharingStatus,
    /// What is wrong with the server, and what to do; empty where nothing is.
    pub trouble: String,
}
