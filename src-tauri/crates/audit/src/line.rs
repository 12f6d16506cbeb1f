//! The bytes of a record, and the hash over them.
//!
//! A line is `{…,"prev":"<64 digits>","hash":"<64 digits>"}` and a line feed. The hash is the SHA-256 of the line's bytes
//! before `,"hash":"`. So the bytes in the file are the canonical ones: to check a line nothing is written anew, no field
//! has to be understood, and records of a later version are checked by an older one. In a shell:
//! `sed -n 7p FILE | sed 's/,"hash":"[0-9a-f]*"}$//' | tr -d '\n' | sha256sum`.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::anchor::Anchor;
use crate::fingerprint::Fingerprint;
use crate::record::{Person, Record};
use crate::text::Text;

/// A longer line is none of ours, bytes. The longest records are those of retention, see `log::trim`.
pub(crate) const LONGEST: usize = 64 * 1024;
/// A higher number cannot be reached, and would not survive programs that read numbers as floating point.
const LAST_SEQUENCE: u64 = 1 << 53;

const BEFORE_HASH: &[u8] = b",\"hash\":\"";
const AFTER_HASH: &[u8] = b"\"}";
/// Bytes from `,"hash"` to the end.
const SEAL: usize = BEFORE_HASH.len() + 64 + AFTER_HASH.len();

/// A record without its own hash; the event as text already.
#[derive(Serialize)]
pub(crate) struct Unsealed<'a> {
    #[serde(rename = "seq")]
    pub(crate) sequence: u64,
    pub(crate) time_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clock_back_ms: Option<u64>,
    pub(crate) workstation: &'a Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<&'a Person>,
    pub(crate) event: &'a RawValue,
    pub(crate) prev: Fingerprint,
}

impl Unsealed<'_> {
    /// Puts the line, line feed included, behind what `to` holds.
    pub(crate) fn write(&self, to: &mut Vec<u8>) -> Anchor {
        let begin = to.len();
        serde_json::to_writer(&mut *to, self).expect("numbers and texts, into memory");
        to.pop();
        let hash = Fingerprint::of(&to[begin..]);
        to.extend_from_slice(BEFORE_HASH);
        to.extend_from_slice(hash.to_string().as_bytes());
        to.extend_from_slice(AFTER_HASH);
        to.push(b'\n');
        Anchor { sequence: self.sequence, hash }
    }
}

/// What chains a record to the others.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Link {
    #[serde(rename = "seq")]
    pub(crate) sequence: u64,
    pub(crate) time_ms: i64,
    pub(crate) prev: Fingerprint,
    pub(crate) hash: Fingerprint,
}

impl Link {
    pub(crate) fn anchor(&self) -> Anchor {
        Anchor { sequence: self.sequence, hash: self.hash }
    }
}

/// What a line turned out to be; lines are given without their line feed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Checked {
    /// Its content and its hash fit together.
    Sound(Link),
    /// A record whose content does not fit its hash.
    Edited,
    /// No record at all.
    Unreadable,
}

/// Checks a line by itself.
pub(crate) fn check(line: &[u8]) -> Checked {
    let Some(link) = link(line) else { return Checked::Unreadable };
    let (content, seal) = line.split_at(line.len() - SEAL);
    // As text: the same digits in capitals are a changed line.
    let computed = Fingerprint::of(content).to_string();
    let stated = &seal[BEFORE_HASH.len()..SEAL - AFTER_HASH.len()];
    if stated == computed.as_bytes() { Checked::Sound(link) } else { Checked::Edited }
}

/// What chains the line to others, unchecked.
pub(crate) fn link(line: &[u8]) -> Option<Link> {
    let link: Link = serde_json::from_slice(shaped(line)?).ok()?;
    is_possible(link.sequence).then_some(link)
}

/// The record in a line, unchecked.
pub(crate) fn record(line: &[u8]) -> Option<Record> {
    let record: Record = serde_json::from_slice(shaped(line)?).ok()?;
    is_possible(record.sequence).then_some(record)
}

/// The line, if its end is that of a record.
fn shaped(line: &[u8]) -> Option<&[u8]> {
    let seal = line.len().checked_sub(SEAL)?;
    let shaped = line.len() <= LONGEST && line[seal..].starts_with(BEFORE_HASH) && line.ends_with(AFTER_HASH);
    shaped.then_some(line)
}

fn is_possible(sequence: u64) -> bool {
    (1..=LAST_SEQUENCE).contains(&sequence)
}
