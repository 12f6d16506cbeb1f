//! The log that is written to.

mod opening;
mod refusal;
mod trim;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;
use serde_json::value::RawValue;

use crate::anchor::Anchor;
use crate::event::Event;
use crate::line;
use crate::record::{Entry, Person};
use crate::text::Text;

pub use refusal::{AppendError, OpenError, TrimError};

use writer::Writer;

/// How many requests wait for the writing thread before whoever brings the next one waits too.
const QUEUE: usize = 256;

/// An open log. Only one program at a time has a folder open; dropping it writes what was asked for and lets go.
pub struct Log {
    folder: PathBuf,
    /// `None` only while dropping.
    requests: Option<SyncSender<Request>>,
    acknowledged: Arc<Mutex<Anchor>>,
    writer: Option<JoinHandle<()>>,
    /// Locked as long as the log is open; the system unlocks it for a program that was killed.
    _lock: File,
}

/// Entries that are written together, and where the answer goes.
struct Request {
    drafts: Vec<Draft>,
    answer: SyncSender<Result<Anchor, AppendError>>,
}

/// An entry whose event is text already, so that the writing thread has nothing to fail on but the disk.
struct Draft {
    time_ms: i64,
    person: Option<Person>,
    event: Box<RawValue>,
}

/// The answer to [`Log::submit`], which may not have come yet.
#[must_use = "nothing is known to be written before the answer"]
pub struct Pending(Receiver<Result<Anchor, AppendError>>);

impl Pending {
    /// Waits until the entries are on the disk; returns the anchor of the last one.
    ///
    /// # Errors
    /// [`AppendError`]; then none of them is kept, or of many only the first ones.
    pub fn wait(self) -> Result<Anchor, AppendError> {
        self.0.recv().unwrap_or(Err(AppendError::Ended))
    }
}

impl Log {
    /// After so many records an anchor is to be taken out at the latest, see [`Log::anchor`].
    pub const ANCHOR_EVERY: u64 = 10_000;

    /// Opens the log in a folder, which is made where it is missing. What a power cut left of the last lines is moved
    /// aside, and a record says so. `now_ms` is UTC, milliseconds since 1970.
    ///
    /// # Errors
    /// [`OpenError`]: another program has it open, or the system refuses.
    pub fn open(folder: &Path, workstation: &str, now_ms: i64) -> Result<Self, OpenError> {
        let opening::Opened { lock, tail, events } = opening::open(folder)?;
        let acknowledged = Arc::new(Mutex::new(tail.anchor));
        let (requests, received) = sync_channel(QUEUE);
        let writer = Writer::new(folder, Text::new(workstation), tail, Arc::clone(&acknowledged));
        let writer = thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.run(&received))
            .map_err(OpenError::at(folder))?;
        let folder = folder.to_owned();
        let log = Self { folder, requests: Some(requests), acknowledged, writer: Some(writer), _lock: lock };
        if !events.is_empty() {
            let own = |event| Entry { time_ms: now_ms, person: None, event };
            log.submit(events.into_iter().map(own).collect()).and_then(Pending::wait)?;
        }
        Ok(log)
    }

    /// Writes one record and returns when it is on the disk. What several threads append at the same time is brought to
    /// the disk together.
    ///
    /// # Errors
    /// [`AppendError`]; then it is not kept.
    pub fn append(&self, entry: Entry) -> Result<Anchor, AppendError> {
        self.submit(vec![entry])?.wait()
    }

    /// Has records written, in this order and without others in between, and returns at once unless the writing thread
    /// is far behind. A wall that shows 373 cameras costs one wait for the disk.
    ///
    /// # Errors
    /// [`AppendError::Unwritable`] where an entry is none that a log holds; nothing is written then.
    pub fn submit(&self, entries: Vec<Entry>) -> Result<Pending, AppendError> {
        let drafts = entries.into_iter().map(Draft::new).collect::<Result<_, _>>()?;
        let (answer, pending) = sync_channel(1);
        let requests = self.requests.as_ref().ok_or(AppendError::Ended)?;
        requests.send(Request { drafts, answer }).map_err(|_| AppendError::Ended)?;
        Ok(Pending(pending))
    }

    /// The newest record that was acknowledged: to be kept where the writer of the files cannot reach it, and shown on
    /// hand-over sheets and exports.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        *self.acknowledged.lock()
    }

    /// Where the files are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // The thread ends when nobody can ask any more; the lock is let go after it.
        drop(self.requests.take());
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Draft {
    /// The most bytes of an event; the rest of a line is a few texts and hashes.
    const LONGEST_EVENT: usize = line::LONGEST - 8 * Text::LONGEST;

    fn new(entry: Entry) -> Result<Self, AppendError> {
        let Entry { time_ms, person, event } = entry;
        if matches!(event, Event::Unknown) {
            return Err(AppendError::Unwritable);
        }
        let event = serde_json::value::to_raw_value(&event).map_err(|_| AppendError::Unwritable)?;
        if event.get().len() > Self::LONGEST_EVENT {
            return Err(AppendError::Unwritable);
        }
        Ok(Self { time_ms, person, event })
    }
}
