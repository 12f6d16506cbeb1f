//! Retention: whole files of old months are removed, and a record vouches for what was.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::{Log, TrimError};
use crate::event::Event;
use crate::files::{self, LogFile, Month};
use crate::line::{self, Checked, Link};
use crate::parts::RemovedFile;
use crate::reading::{Backward, Lines};
use crate::record::{Entry, Person};
use crate::text::Text;

/// The most files that one record vouches for, so that its line does not grow too long; the rest goes with the next call.
const MOST_AT_ONCE: usize = 60;

impl Log {
    /// How many months are kept if nobody says otherwise.
    pub const KEPT: u32 = 12;
    /// The fewest months that may be kept.
    pub const LEAST_KEPT: u32 = 3;

    /// Removes the files of months that lie more than `keep` months before the month of `now_ms` (UTC, milliseconds
    /// since 1970), oldest first, and returns what was removed. `person` is who asked, `None` for the program.
    ///
    /// First a record is written that holds each file's last hash: [`verify`](crate::verify) finds there what the first
    /// record kept is chained to, and says so. The newest [`Log::LEAST_KEPT`] months with records stay whatever the
    /// clock says. Files are judged by their records, not by their names.
    ///
    /// # Errors
    /// [`TrimError`]. A file whose ends are damaged stays, and all younger ones with it.
    pub fn trim(
        &self,
        keep: u32,
        person: Option<Person>,
        now_ms: i64,
    ) -> Result<Vec<RemovedFile>, TrimError> {
        if keep < Self::LEAST_KEPT {
            return Err(TrimError::TooFew);
        }
        let listed = LogFile::list(self.folder()).map_err(TrimError::at(self.folder()))?;
        let months = newest_months(&listed);
        let mut removed = Vec::new();
        for file in listed.iter().take(MOST_AT_ONCE) {
            let (first, last) = ends(&file.path).map_err(TrimError::at(&file.path))?;
            let month = last.map_or(file.month, |link| Month::of(link.time_ms).max(file.month));
            if Month::of(now_ms).since(month) <= i32::try_from(keep).unwrap_or(i32::MAX)
                || months.contains(&file.month)
            {
                break;
            }
            let (Some(first), Some(last)) = (first, last) else {
                return Err(TrimError::Damaged(file.name.clone()));
            };
            removed.push(RemovedFile {
                file: Text::new(&file.name),
                first: first.sequence,
                last: last.sequence,
                last_ms: last.time_ms,
                hash: last.hash,
            });
        }
        if !removed.is_empty() {
            let event = Event::Trimmed { removed: removed.clone() };
            self.append(Entry { time_ms: now_ms, person, event })?;
            remove(self.folder(), &listed[..removed.len()])?;
        }
        Ok(removed)
    }
}

/// The months that stay in any case.
fn newest_months(listed: &[LogFile]) -> Vec<Month> {
    let mut months: Vec<_> = listed.iter().map(|file| file.month).collect();
    months.sort_unstable();
    months.dedup();
    let older = months.len().saturating_sub(Log::LEAST_KEPT as usize);
    months.split_off(older)
}

/// The first and the last record, where those lines are sound.
fn ends(path: &Path) -> io::Result<(Option<Link>, Option<Link>)> {
    let sound = |line: &[u8]| match line::check(line) {
        Checked::Sound(link) => Some(link),
        _ => None,
    };
    let first = Lines::open(path)?.next()?.and_then(|found| sound(found.bytes));
    let file = File::open(path)?;
    let end = file.metadata()?.len();
    let last = Backward::new(file, end).next()?.and_then(|line| sound(&line));
    Ok((first, last))
}

/// Oldest first: where that is cut short, what is left is still one unbroken chain.
fn remove(folder: &Path, old: &[LogFile]) -> Result<(), TrimError> {
    for file in old {
        fs::remove_file(&file.path).map_err(TrimError::at(&file.path))?;
        files::sync_folder(folder).map_err(TrimError::at(folder))?;
    }
    let stems: Vec<_> = old.iter().map(|file| file.name.trim_end_matches(".jsonl")).collect();
    for entry in fs::read_dir(folder).map_err(TrimError::at(folder))?.flatten() {
        let name = entry.file_name();
        let Some(stem) = name.to_str().and_then(|name| name.strip_suffix(".torn")) else { continue };
        if stems.contains(&stem.split("-part-").next().unwrap_or(stem)) {
            fs::remove_file(entry.path()).map_err(TrimError::at(&entry.path()))?;
        }
    }
    Ok(())
}
