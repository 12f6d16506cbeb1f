//! Why a log was not opened, a record not written, a file not removed.

use std::io;
use std::path::{Path, PathBuf};

/// Why a log was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another program, or another part of this one, has it open.
    #[error("{path}: in use", path = .0.display())]
    InUse(PathBuf),
    /// The system refused.
    #[error("{path}: {error}", path = .path.display())]
    System {
        /// Folder or file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// What was repaired could not be written down.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl OpenError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::System { path: path.to_owned(), error }
    }
}

/// Why a record was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The system refused: disk full, and so on. The log goes on when it no longer does.
    #[error("{path}: {reason}", path = .path.display())]
    System {
        /// Folder or file.
        path: PathBuf,
        /// Why.
        reason: io::ErrorKind,
    },
    /// [`Event::Unknown`](crate::Event::Unknown), or an event longer than a line may be.
    #[error("not an event that is written")]
    Unwritable,
    /// What could not be written could not be taken back either; only opening the log again repairs that.
    #[error("the log is to be opened again")]
    Broken,
    /// The log was closed.
    #[error("the log is closed")]
    Ended,
}

/// Why old files were not removed.
#[derive(Debug, thiserror::Error)]
pub enum TrimError {
    /// Fewer than [`Log::LEAST_KEPT`](crate::Log::LEAST_KEPT) months.
    #[error("too few months are to be kept")]
    TooFew,
    /// A file that is to go holds damage, which would be lost with it.
    #[error("{0} is damaged")]
    Damaged(String),
    /// The system refused.
    #[error("{path}: {error}", path = .path.display())]
    System {
        /// Folder or file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The record that vouches for what is removed could not be written; nothing was removed.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl TrimError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::System { path: path.to_owned(), error }
    }
}
