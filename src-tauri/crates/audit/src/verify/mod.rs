//! Checking that what is there is what was written.

mod verdict;
mod walk;

use std::io;
use std::path::Path;

use crate::anchor::Anchor;
use crate::files::LogFile;
use crate::reading::Lines;

pub use verdict::{Fault, FaultKind, Sound, TrimmedAway, Verdict};

use walk::Walk;

/// Reads all files of a log, also while it is written to, and says whether every record is there, unchanged and in its
/// place. `anchors` are those that were kept elsewhere; without any, less is proven: see the crate's page. About 3 s for
/// a million records.
///
/// The verdict names files and lines and holds no words; it can be serialised.
///
/// # Errors
/// Where the system does not let a file be read.
pub fn verify(folder: &Path, anchors: &[Anchor]) -> io::Result<Verdict> {
    let files = LogFile::list_if_any(folder)?;
    let mut walk = Walk::new(anchors);
    for (at, file) in files.iter().enumerate() {
        let newest = at + 1 == files.len();
        let mut lines = Lines::open(&file.path)?;
        walk.enter(&file.name);
        while let Some(line) = lines.next()? {
            walk.step(&line, newest);
        }
    }
    Ok(walk.verdict())
}
