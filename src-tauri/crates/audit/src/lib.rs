//! Who did what, so that nothing of it can be changed unnoticed.
//!
//! **What it does:** writes one line a record into one file a month, each line chained to the one before by SHA-256;
//! answers when a record is on the disk and not before; finds records again; sums up who watched what for how long; hands
//! records out; and checks that what is there is what was written.
//!
//! **What it must never know:** windows, sockets, clocks (times are handed in), cameras beyond their ids, who may do
//! what, words for people.
//!
//! **The way through it:** [`Log::open`] repairs what a power cut left and starts the thread that writes;
//! [`Log::append`] takes an [`Entry`] (who, when, which [`Event`]) and returns its [`Anchor`] once it is safe. [`verify`]
//! checks a folder; [`page`] goes through its records from the newest on; [`ledger`] and [`export`] go through all of
//! them. These four need no open log and disturb none.
//!
//! # What is proven, and what is not
//! Each record's hash covers its content and the hash of the record before. If [`verify`] says *sound*, then
//!
//! * together with an [`Anchor`] that was kept where the writer of the files could not reach it: every record up to the
//!   anchor's is exactly what stood there when the anchor was taken, none is missing, none was added, none has changed
//!   places. This holds against anybody, as long as nobody finds two texts with the same SHA-256.
//! * behind the last anchor, or without any: the records are consistent among themselves. That finds mishaps and whoever
//!   changes a line by hand. It does **not** find somebody who can write to the folder and computes all hashes anew from
//!   some record on, or cuts off the newest records. How much can be lost that way is decided by how often anchors are
//!   taken out: the program does so at each sign-out, hand-over and export, and every [`Log::ANCHOR_EVERY`] records.
//! * It never proves that the program was told the truth, that the clock was right, or that nothing happened while the
//!   program did not run.
//!
//! There is no secret key in the chain. A key that lies on the same machine as the log protects nothing from whoever
//! owns that machine; schemes that replace their key step by step and forget the old ones need a disk that truly forgets
//! (flash does not) and a first key that somebody keeps apart, which is the same effort as keeping anchors apart.
//!
//! # Files
//! `audit-2026-11.jsonl`; a second file of a month, as after the clock was set back, is `audit-2026-11-2.jsonl`. The order of
//! files is that of their records' numbers. `audit.lock` is held by who writes. `audit-2026-11.torn` holds what a power
//! cut left of lines whose writing had not been acknowledged.

#![forbid(unsafe_code)]

mod anchor;
mod event;
mod export;
mod files;
mod fingerprint;
mod ledger;
mod line;
mod log;
mod parts;
mod query;
mod reading;
mod record;
mod syslog;
mod text;
mod verify;

pub use anchor::{Anchor, NotAnAnchor};
pub use event::{Event, Kind};
pub use export::{Exported, Format, export};
pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use ledger::{LedgerRow, ledger};
pub use log::{AppendError, Log, OpenError, Pending, TrimError};
pub use parts::{RemovedFile, Watch, WatchedProfile};
pub use query::{Filter, Page, page};
pub use record::{Entry, Person, Record};
pub use text::Text;
pub use verify::{Fault, FaultKind, Sound, TrimmedAway, Verdict, verify};
