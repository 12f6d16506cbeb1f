//! What can be wrong with a file. The program makes sentences of it.

use std::io;
use std::path::{Path, PathBuf};

/// What was wrong while loading, and what was done about it. `last_good` says whether the file saved before it was
/// used instead; otherwise there was nothing to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file can't have been written by this program as it is.
    Damaged {
        /// Where it was.
        path: PathBuf,
        /// In what way.
        damage: Damage,
        /// Where it is now; `None`: it could not be moved and is where it was. Saving tries again.
        aside: Option<PathBuf>,
        /// The last good one was used.
        last_good: bool,
    },
    /// A later version of the program has written it. It stays where it is until something is saved, and is moved aside
    /// then.
    Newer {
        /// Where it is.
        path: PathBuf,
        /// The version of the file.
        version: u32,
        /// The last good one was used.
        last_good: bool,
    },
    /// The system does not let it be read. It stays where it is until something is saved, and is moved aside then.
    Unreadable {
        /// Where it is.
        path: PathBuf,
        /// Why.
        reason: io::ErrorKind,
        /// The last good one was used.
        last_good: bool,
    },
    /// It is gone, but the last good one was there and was used.
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
}

/// In what way a file is damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A folder, a device, or something else that holds no text.
    NotAFile,
    /// Larger than the file may be; nothing behind them was read.
    TooLarge,
    /// It ends in the middle, or is empty.
    Truncated,
    /// It is no JSON.
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is the JSON of something else, or with impossible values.
    Content {
        /// For support, not for the person in front: what was found, in English.
        detail: String,
    },
}

impl From<serde_json::Error> for Damage {
    fn from(error: serde_json::Error) -> Self {
        match error.classify() {
            serde_json::error::Category::Eof => Self::Truncated,
            serde_json::error::Category::Data => Self::Content { detail: error.to_string() },
            _ => Self::Syntax { line: error.line(), column: error.column() },
        }
    }
}

/// Why something was not saved. What was saved before is still there.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The system refused: disk full, folder read-only, and so on.
    #[error("{path}: {error}", path = .path.display())]
    System {
        /// What could not be written or moved.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It would be larger than what is loaded again.
    #[error("{path}: {bytes} bytes are too many", path = .path.display())]
    TooLarge {
        /// What was to be written.
        path: PathBuf,
        /// How large it would be.
        bytes: usize,
    },
}

impl SaveError {
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::System { path: path.to_owned(), error }
    }
}
