//! Handing records out.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::anchor::Anchor;
use crate::files::LogFile;
use crate::line;
use crate::query::{Filter, Sieve};
use crate::reading::Lines;
use crate::syslog;

/// How records are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The lines as they stand in the files: each one's hash can be checked, and of a whole log [`verify`](crate::verify)
    /// checks the copy like the original.
    JsonLines,
    /// Messages of RFC 5424, one a line (RFC 6587 §3.4.2); the message's text is the line as it stands in the file.
    Syslog,
}

/// What was handed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// How many records.
    pub records: u64,
    /// Lines that were left out because they are no records.
    pub unreadable: u64,
    /// The last record handed out: belongs on the paper that goes with the export.
    pub last: Option<Anchor>,
}

/// Writes the records that the filter asks for, oldest first.
///
/// # Errors
/// Where a file cannot be read or `out` cannot be written to.
pub fn export(folder: &Path, filter: &Filter, format: Format, out: &mut dyn Write) -> io::Result<Exported> {
    let mut exported = Exported::default();
    let filter = Sieve::new(filter);
    for file in LogFile::list_if_any(folder)?.iter().filter(|file| filter.may_hold(file)) {
        let mut lines = Lines::open(&file.path)?;
        while let Some(found) = lines.next()? {
            if !found.finished {
                continue;
            }
            let Some(record) = line::record(found.bytes) else {
                exported.unreadable += 1;
                continue;
            };
            if !filter.lets_through(&record) {
                continue;
            }
            match format {
                Format::JsonLines => out.write_all(found.bytes)?,
                Format::Syslog => syslog::write(&record, found.bytes, out)?,
            }
            out.write_all(b"\n")?;
            exported.records += 1;
            exported.last = Some(record.anchor());
        }
    }
    out.flush()?;
    Ok(exported)
}
