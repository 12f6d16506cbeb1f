//! The files of a log: their names, their order, and how new ones are made.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::line;
use crate::reading::Lines;

/// A month of the calendar, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    year: i16,
    /// 1 to 12.
    month: i8,
}

impl Month {
    /// The month of a moment, ms since 1970; moments before 1970 and after 9999 count as the first and the last.
    pub(crate) fn of(time_ms: i64) -> Self {
        let date = moment(time_ms.max(0)).to_zoned(TimeZone::UTC).date();
        Self { year: date.year(), month: date.month() }
    }

    /// How many months lie between it and an earlier one; negative for a later one.
    pub(crate) fn since(self, earlier: Self) -> i32 {
        (i32::from(self.year) - i32::from(earlier.year)) * 12 + i32::from(self.month)
            - i32::from(earlier.month)
    }

    /// Path of the month's file; `serial` from 1.
    pub(crate) fn path(self, folder: &Path, serial: u32) -> PathBuf {
        let Self { year, month } = self;
        folder.join(match serial {
            1 => format!("audit-{year:04}-{month:02}.jsonl"),
            _ => format!("audit-{year:04}-{month:02}-{serial}.jsonl"),
        })
    }

    /// The month in a file's name, if it is one that a log gives.
    fn in_name(name: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = name.strip_prefix("audit-")?.strip_suffix(".jsonl")?.split('-');
        let (year, month, serial) = (parts.next()?, parts.next()?, parts.next());
        let shaped = year.len() == 4 && month.len() == 2 && parts.next().is_none();
        if !shaped || ![year, month, serial.unwrap_or("2")].into_iter().all(digits) {
            return None;
        }
        let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
        Some(Self { year: year.parse().ok()?, month })
    }
}

/// The moment, or the nearest that the calendar has.
pub(crate) fn moment(time_ms: i64) -> Timestamp {
    let (first, last) = (Timestamp::MIN.as_second() * 1000, Timestamp::MAX.as_second() * 1000);
    Timestamp::from_millisecond(time_ms.clamp(first, last)).unwrap_or_default()
}

/// A file that is not empty.
#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) month: Month,
    /// Number of its first record; `None` where none of its first lines is a record.
    pub(crate) first: Option<u64>,
}

/// How many lines at the beginning of a file may be damaged before its place is not known any more.
const LINES_TO_LOOK_AT: u64 = 1000;

impl LogFile {
    /// The files in a folder, oldest records first; those whose place cannot be told come last.
    pub(crate) fn list(folder: &Path) -> io::Result<Vec<Self>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let Some(month) = Month::in_name(&name) else { continue };
            let path = entry.path();
            if fs::metadata(&path)?.len() > 0 {
                let first = first_sequence(&path)?;
                files.push(Self { path, name, month, first });
            }
        }
        files.sort_by(|a, b| {
            let place = |file: &Self| (file.first.unwrap_or(u64::MAX), file.month);
            place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name))
        });
        Ok(files)
    }

    /// As [`LogFile::list`]; a folder that does not exist has none.
    pub(crate) fn list_if_any(folder: &Path) -> io::Result<Vec<Self>> {
        match Self::list(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => Ok(Vec::new()),
            listed => listed,
        }
    }
}

fn first_sequence(path: &Path) -> io::Result<Option<u64>> {
    let mut lines = Lines::open(path)?;
    while let Some(found) = lines.next()? {
        if let Some(link) = line::link(found.bytes) {
            return Ok(Some(link.sequence.saturating_sub(found.number - 1)));
        }
        if found.number == LINES_TO_LOOK_AT {
            break;
        }
    }
    Ok(None)
}

/// The folder, with those above it, for this account only.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// How files are made: for this account only. Not opened for appending, since Windows then refuses to shorten them.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A new file under the first name that nothing is kept under. The folder is to be synced by the caller.
pub(crate) fn create(name: impl Fn(u32) -> PathBuf) -> io::Result<(PathBuf, File)> {
    for serial in 1.. {
        let path = name(serial);
        match private().create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Left by a program that was killed before it wrote the first line.
                if fs::symlink_metadata(&path).is_ok_and(|kind| kind.is_file() && kind.len() == 0) {
                    return Ok((path.clone(), private().open(&path)?));
                }
            }
            made => return Ok((path, made?)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Brings new and removed names to the disk. Windows does so by itself and opens no folders.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_logs_own_names_are_read() {
        let november = Month { year: 2026, month: 11 };
        assert_eq!(Month::in_name("audit-2026-11.jsonl"), Some(november));
        assert_eq!(Month::in_name("audit-2026-11-23.jsonl"), Some(november));
        for name in ["audit-2026-13.jsonl", "audit-2026-1.jsonl", "audit-2026-11.torn", "audit-2026.jsonl"] {
            assert_eq!(Month::in_name(name), None, "{name}");
        }
        for name in ["audit-+026-11.jsonl", "audit-2026-11-.jsonl.jsonl", "audit-2026-11-2-3.jsonl"] {
            assert_eq!(Month::in_name(name), None, "{name}");
        }
    }

    #[test]
    fn months_are_utc_and_count_over_years() {
        let (last, first) = (Month::of(1_767_225_599_999), Month::of(1_767_225_600_000));
        assert_eq!(last, Month { year: 2025, month: 12 });
        assert_eq!(first, Month { year: 2026, month: 1 });
        assert_eq!((first.since(last), last.since(first)), (1, -1));
        assert_eq!(Month::of(i64::MIN), Month { year: 1970, month: 1 });
        assert_eq!(Month::of(i64::MAX), Month { year: 9999, month: 12 });
        assert_eq!(first.path(Path::new("x"), 2), Path::new("x/audit-2026-01-2.jsonl"));
    }
}
