//! The thread that writes: whatever waits is written, brought to the disk once, and only then answered.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use parking_lot::Mutex;

use super::opening::Tail;
use super::{AppendError, Draft, Request};
use crate::anchor::Anchor;
use crate::files::{self, Month};
use crate::line::Unsealed;
use crate::text::Text;

/// The most bytes that are brought to the disk at once, but for one line; about 3,000 records. After a power cut the
/// damage is no larger.
pub(super) const LARGEST_GROUP: usize = 1 << 20;
/// Threads that append at the same moment come in either order; that is not a clock which was set.
const CLOCK_TOLERANCE_MS: i64 = 1_000;
/// A clock that is corrected by less shortly after a month's beginning does not begin a file for the month before.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The file that is written to.
pub(super) struct Current {
    pub(super) path: PathBuf,
    pub(super) file: File,
    pub(super) month: Month,
    /// Bytes that are on the disk.
    pub(super) length: u64,
}

pub(super) struct Writer {
    folder: PathBuf,
    workstation: Text,
    /// What is on the disk.
    current: Option<Current>,
    safe: Tip,
    /// What is on its way: lines, the record they end with, and who is answered when they are safe.
    lines: Vec<u8>,
    tip: Tip,
    waiting: Vec<(SyncSender<Result<Anchor, AppendError>>, Anchor)>,
    acknowledged: Arc<Mutex<Anchor>>,
    broken: bool,
}

/// What the next record is chained to.
#[derive(Clone, Copy)]
struct Tip {
    anchor: Anchor,
    time_ms: i64,
}

impl Writer {
    pub(super) fn new(
        folder: &Path,
        workstation: Text,
        tail: Tail,
        acknowledged: Arc<Mutex<Anchor>>,
    ) -> Self {
        let tip = Tip { anchor: tail.anchor, time_ms: tail.time_ms };
        Self {
            folder: folder.to_owned(),
            workstation,
            current: tail.current,
            safe: tip,
            lines: Vec::new(),
            tip,
            waiting: Vec::new(),
            acknowledged,
            broken: false,
        }
    }

    /// Until nobody can ask any more.
    pub(super) fn run(mut self, requests: &Receiver<Request>) {
        while let Ok(first) = requests.recv() {
            self.take(first);
            // Whoever came while the disk was busy is in the next group.
            while self.lines.len() < LARGEST_GROUP {
                let Ok(next) = requests.try_recv() else { break };
                self.take(next);
            }
            // Its result has been told to everybody who waits for it.
            let _ = self.flush();
        }
    }

    /// Makes lines of a request; brings to the disk what does not go together with them.
    fn take(&mut self, request: Request) {
        let Request { drafts, answer } = request;
        for draft in &drafts {
            if let Err(error) = self.make_room(draft) {
                // Nobody listens where the asker has gone.
                let _ = answer.send(Err(error));
                return;
            }
            self.add(draft);
        }
        self.waiting.push((answer, self.tip.anchor));
    }

    /// Sees to it that the draft may stand behind the lines, in the file that they go to.
    fn make_room(&mut self, draft: &Draft) -> Result<(), AppendError> {
        if self.broken {
            return Err(AppendError::Broken);
        }
        if self.lines.len() >= LARGEST_GROUP {
            self.flush()?;
        }
        let fits = self.current.as_ref().is_some_and(|current| belongs(draft.time_ms, current.month));
        if !fits {
            self.flush()?;
            self.current = Some(self.begin_file(Month::of(draft.time_ms))?);
        }
        Ok(())
    }

    fn begin_file(&self, month: Month) -> Result<Current, AppendError> {
        let (path, file) =
            files::create(|serial| month.path(&self.folder, serial)).map_err(at(&self.folder))?;
        files::sync_folder(&self.folder).map_err(at(&self.folder))?;
        Ok(Current { path, file, month, length: 0 })
    }

    fn add(&mut self, draft: &Draft) {
        let back = self.tip.time_ms.saturating_sub(draft.time_ms);
        let record = Unsealed {
            sequence: self.tip.anchor.sequence + 1,
            time_ms: draft.time_ms,
            clock_back_ms: (back > CLOCK_TOLERANCE_MS).then_some(back.unsigned_abs()),
            workstation: &self.workstation,
            person: draft.person.as_ref(),
            event: &draft.event,
            prev: self.tip.anchor.hash,
        };
        self.tip = Tip { anchor: record.write(&mut self.lines), time_ms: draft.time_ms };
    }

    /// Brings the lines to the disk and answers those who wait for them.
    fn flush(&mut self) -> Result<(), AppendError> {
        let written = match &mut self.current {
            Some(current) if !self.lines.is_empty() => current.write(&self.lines),
            _ => Ok(()),
        };
        self.lines.clear();
        if written.is_ok() {
            self.safe = self.tip;
            *self.acknowledged.lock() = self.tip.anchor;
        } else {
            self.tip = self.safe;
            // After a failed sync the system may take for written what is not (the pages count as clean); only what was
            // safe before is kept.
            self.broken = self.current.as_mut().is_some_and(|current| current.take_back().is_err());
        }
        for (answer, anchor) in self.waiting.drain(..) {
            let _ = answer.send(written.clone().map(|()| anchor));
        }
        written
    }
}

impl Current {
    fn write(&mut self, lines: &[u8]) -> Result<(), AppendError> {
        self.file.write_all(lines).map_err(at(&self.path))?;
        self.file.sync_data().map_err(at(&self.path))?;
        self.length += lines.len() as u64;
        Ok(())
    }

    fn take_back(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.sync_all()
    }
}

/// Whether a record of that time goes into a month's file.
fn belongs(time_ms: i64, month: Month) -> bool {
    let own = Month::of(time_ms);
    own == month || (own < month && Month::of(time_ms.saturating_add(DAY_MS)) == month)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> AppendError {
    move |error| AppendError::System { path: path.to_owned(), reason: error.kind() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::event::Event;
    use crate::record::Entry;

    fn ask(writer: &mut Writer) -> Result<Anchor, AppendError> {
        let (answer, answered) = sync_channel(1);
        let draft = Draft::new(Entry { time_ms: 0, person: None, event: Event::Locked }).unwrap();
        writer.take(Request { drafts: vec![draft], answer });
        let _ = writer.flush();
        answered.try_recv().expect("an answer")
    }

    #[test]
    fn what_cannot_be_taken_back_ends_the_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit-1970-01.jsonl");
        std::fs::write(&path, "").unwrap();
        // Neither writing nor shortening works on it.
        let file = File::open(&path).unwrap();
        let current = Some(Current { path: path.clone(), file, month: Month::of(0), length: 0 });
        let tail = Tail { anchor: Anchor::EMPTY, time_ms: 0, current };
        let acknowledged = Arc::new(Mutex::new(Anchor::EMPTY));
        let mut writer = Writer::new(folder.path(), Text::new("PC-01"), tail, Arc::clone(&acknowledged));
        assert!(
            matches!(ask(&mut writer), Err(AppendError::System { path: refused, .. }) if refused == path)
        );
        assert_eq!(ask(&mut writer), Err(AppendError::Broken));
        assert_eq!(*acknowledged.lock(), Anchor::EMPTY);
    }
}
