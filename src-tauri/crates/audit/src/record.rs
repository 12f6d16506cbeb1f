//! One line of the log, before and after it was written.

use model::Role;
use serde::{Deserialize, Serialize};

use crate::anchor::Anchor;
use crate::event::Event;
use crate::fingerprint::Fingerprint;
use crate::text::Text;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account.
    pub account: Text,
    /// What they worked as then.
    pub role: Role,
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// UTC, milliseconds since 1970.
    pub time_ms: i64,
    /// Who; `None` for the program itself.
    pub person: Option<Person>,
    /// What.
    pub event: Event,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// From 1, without gaps, through all files.
    #[serde(rename = "seq")]
    pub sequence: u64,
    /// UTC, milliseconds since 1970, by this machine's clock.
    pub time_ms: i64,
    /// The clock had stepped back by this much since the record before, ms; the order of records is that of their
    /// numbers. Steps forward cannot be told from time that passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_back_ms: Option<u64>,
    /// On which workstation.
    pub workstation: Text,
    /// Who; `None` for the program itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// What.
    pub event: Event,
    /// Hash of the record before.
    pub prev: Fingerprint,
    /// Hash of this record, which covers `prev`.
    pub hash: Fingerprint,
}

impl Record {
    /// What stands for the log up to this record.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        Anchor { sequence: self.sequence, hash: self.hash }
    }
}
