//! Finding the end of a log, and repairing what a power cut left there.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::OpenError;
use super::writer::{Current, LARGEST_GROUP};
use crate::anchor::Anchor;
use crate::event::Event;
use crate::files::{self, LogFile};
use crate::line::{self, Checked};
use crate::reading::Backward;
use crate::text::Text;

pub(super) struct Opened {
    pub(super) lock: File,
    pub(super) tail: Tail,
    /// What is to be written down about the opening.
    pub(super) events: Vec<Event>,
}

/// What the next record is chained to, and where it goes.
pub(super) struct Tail {
    pub(super) anchor: Anchor,
    pub(super) time_ms: i64,
    pub(super) current: Option<Current>,
}

pub(super) fn open(folder: &Path) -> Result<Opened, OpenError> {
    files::make_folder(folder).map_err(OpenError::at(folder))?;
    let lock = lock(folder)?;
    let mut listed = LogFile::list(folder).map_err(OpenError::at(folder))?;
    let mut events = Vec::new();
    // The newest file, and those without any record: a month's first line may be the one that was not finished.
    let newest = listed.iter().rposition(|file| file.first.is_some()).unwrap_or(0);
    for file in &listed[newest..] {
        let bytes = set_torn_lines_aside(folder, file).map_err(OpenError::at(&file.path))?;
        if bytes > 0 {
            events.push(Event::LineTorn { file: Text::new(&file.name), bytes });
        }
    }
    let mut damaged = None;
    while let Some(file) = listed.pop() {
        let (sound, passed) = last_sound(&file).map_err(OpenError::at(&file.path))?;
        if passed && damaged.is_none() {
            damaged = Some(Event::DamageFound { file: Text::new(&file.name) });
        }
        if let Some(mut tail) = sound {
            tail.current = Some(continued(&file).map_err(OpenError::at(&file.path))?);
            events.extend(damaged);
            return Ok(Opened { lock, tail, events });
        }
    }
    events.extend(damaged);
    let tail = Tail { anchor: Anchor::EMPTY, time_ms: i64::MIN, current: None };
    Ok(Opened { lock, tail, events })
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("audit.lock");
    let file = files::private().create(true).truncate(false).open(&path).map_err(OpenError::at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(OpenError::System { path, error }),
    }
}

/// The file opened for writing behind its last line.
fn continued(file: &LogFile) -> io::Result<Current> {
    let mut opened = files::private().open(&file.path)?;
    let length = opened.seek(SeekFrom::End(0))?;
    Ok(Current { path: file.path.clone(), file: opened, month: file.month, length })
}

/// The last line that is a record and fits its hash, and whether others stand behind it.
fn last_sound(file: &LogFile) -> io::Result<(Option<Tail>, bool)> {
    let opened = File::open(&file.path)?;
    let end = opened.metadata()?.len();
    let mut lines = Backward::new(opened, end);
    let mut passed = false;
    while let Some(line) = lines.next()? {
        if let Checked::Sound(link) = line::check(&line) {
            let tail = Tail { anchor: link.anchor(), time_ms: link.time_ms, current: None };
            return Ok((Some(tail), passed));
        }
        passed = true;
    }
    Ok((None, passed))
}

/// Moves what was being written when the power went into a file of its own; returns how many bytes that was.
///
/// A record is acknowledged after its line feed is on the disk, so whatever stands behind the last line feed was not.
/// Blocks of a group may reach the disk in any order, and one that did not is read as zeros, which no line holds: from
/// the first of them on, within the largest group, nothing was acknowledged either.
fn set_torn_lines_aside(folder: &Path, file: &LogFile) -> io::Result<u64> {
    let mut opened = files::private().read(true).open(&file.path)?;
    let length = opened.metadata()?.len();
    let (begin, end) = last_bytes(&mut opened, length)?;
    let torn = memchr::memchr(0, &end).unwrap_or(end.len());
    let kept = memchr::memrchr(b'\n', &end[..torn]).map_or(0, |feed| feed + 1);
    let aside = &end[kept..];
    if aside.is_empty() {
        return Ok(0);
    }
    let stem = file.name.trim_end_matches(".jsonl");
    let (_, mut torn) = files::create(|serial| {
        folder.join(if serial == 1 { format!("{stem}.torn") } else { format!("{stem}-part-{serial}.torn") })
    })?;
    torn.write_all(aside)?;
    torn.sync_all()?;
    files::sync_folder(folder)?;
    opened.set_len(begin + kept as u64)?;
    opened.sync_all()?;
    Ok(aside.len() as u64)
}

/// The end of a file that holds the last group and at least one line feed, and where it begins.
fn last_bytes(file: &mut File, length: u64) -> io::Result<(u64, Vec<u8>)> {
    let mut wanted = (LARGEST_GROUP + line::LONGEST) as u64;
    loop {
        let begin = length.saturating_sub(wanted);
        file.seek(SeekFrom::Start(begin))?;
        let mut bytes = Vec::new();
        file.take(length - begin).read_to_end(&mut bytes)?;
        let torn = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
        if begin == 0 || memchr::memrchr(b'\n', &bytes[..torn]).is_some() {
            return Ok((begin, bytes));
        }
        wanted *= 2;
    }
}
