//! A file that two programs, or two threads, may change at the same time: whoever changes it holds its lock from reading
//! to writing.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Loaded, Problem, SaveError, Store};

/// Why a file could not be used. Nobody is let in then, and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It was not saved.
    #[error(transparent)]
    NotSaved(#[from] SaveError),
    /// Its lock can't be had.
    #[error("{path}: {error}", path = .path.display())]
    NoLock {
        /// The lock.
        path: PathBuf,
        /// Why; [`io::ErrorKind::TimedOut`]: another program holds it for too long.
        error: io::Error,
    },
    /// It can't be read and is left where it is: a later version has written it, or the system refuses.
    #[error("unusable: {0:?}")]
    Unusable(Problem),
    /// It was damaged, there was no last good one, and it was set aside. Nothing is begun anew in its place before
    /// somebody with the rights to this folder has repaired it or taken it away: else damage would make an administrator
    /// of whoever comes first.
    #[error("{path} was set aside", path = .path.display())]
    SetAside {
        /// What was set aside.
        path: PathBuf,
    },
    /// What is sealed in it was altered.
    #[error("a sealed part was altered")]
    Altered,
    /// The system has not enough memory for a password's hash.
    #[error("not enough memory for a password's hash")]
    NoMemory,
}

/// One kind of thing in one file, and the lock beside it.
pub(crate) struct Shelf<T> {
    store: Store<T>,
    lock: PathBuf,
    noticed: Mutex<Option<Problem>>,
}

#[cfg(test)]
thread_local! {
    /// How many files were written: what an answer costs, without a clock.
    pub(crate) static WRITES: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// The lock, until dropped.
pub(crate) struct Held(#[expect(dead_code, reason = "closing it releases the lock")] File);

/// How long somebody else may hold the lock: many times what the slowest change takes.
const PATIENCE: Duration = Duration::from_secs(20);
const NAP: Duration = Duration::from_millis(5);

impl<T: Serialize + DeserializeOwned> Shelf<T> {
    pub(crate) fn new(folder: &Path, kind: &'static str, largest: usize) -> Self {
        let store = Store::open(folder, kind).holding(largest);
        Self { lock: store.path().with_extension("lock"), store, noticed: Mutex::new(None) }
    }

    /// Waits for the lock.
    pub(crate) fn hold(&self) -> Result<Held, Trouble> {
        self.try_hold().map_err(|error| Trouble::NoLock { path: self.lock.clone(), error })
    }

    fn try_hold(&self) -> io::Result<Held> {
        if let Some(folder) = self.lock.parent() {
            make_private(folder)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.lock)?;
        for _ in 0..PATIENCE.as_millis() / NAP.as_millis() {
            match file.try_lock() {
                Ok(()) => return Ok(Held(file)),
                Err(TryLockError::WouldBlock) => std::thread::sleep(NAP),
                // A file system without locks is used by one program at a time, or not at all.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Held(file));
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    /// What the file holds; `None`: there never was one. Where the last good one had to be used, it is saved as the file,
    /// and [`Shelf::noticed`] says so.
    pub(crate) fn read(&self, _: &Held) -> Result<Option<T>, Trouble> {
        let Loaded { value, problem } = self.store.load();
        match (value, problem) {
            (_, Some(problem @ (Problem::Newer { .. } | Problem::Unreadable { .. }))) => {
                self.notice(problem.clone());
                Err(Trouble::Unusable(problem))
            }
            (None, Some(problem)) => {
                self.notice(problem.clone());
                Err(self.set_aside().map_or(Trouble::Unusable(problem), |path| Trouble::SetAside { path }))
            }
            (None, None) => self.set_aside().map_or(Ok(None), |path| Err(Trouble::SetAside { path })),
            (Some(value), None) => Ok(Some(value)),
            (Some(value), Some(problem)) => {
                self.notice(problem);
                self.store.save(&value)?;
                Ok(Some(value))
            }
        }
    }

    /// The same, for what may be begun anew after damage: [`Shelf::noticed`] says so, and the damaged file is kept.
    pub(crate) fn read_or_begin_anew(&self, held: &Held) -> Result<Option<T>, Trouble> {
        match self.read(held) {
            Err(Trouble::SetAside { .. }) => Ok(None),
            read => read,
        }
    }

    pub(crate) fn write(&self, _: &Held, value: &T) -> Result<(), Trouble> {
        #[cfg(test)]
        WRITES.set(WRITES.get() + 1);
        Ok(self.store.save(value)?)
    }

    /// What was found to be wrong since this was last asked.
    pub(crate) fn noticed(&self) -> Option<Problem> {
        self.noticed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn notice(&self, problem: Problem) {
        *self.noticed.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
    }

    fn set_aside(&self) -> Option<PathBuf> {
        let path = self.store.path().with_extension("damaged");
        exists(&path).then_some(path)
    }

    /// Moves the file and its last good one out of the way, to be kept as `name`, `name-2`, `name-3` …
    pub(crate) fn retire(&self, _: &Held, name: &str) -> Result<(), Trouble> {
        let path = self.store.path();
        let kept = |count: u64| match count {
            1 => (path.with_extension(name), path.with_extension(format!("{name}.last-good"))),
            _ => (
                path.with_extension(format!("{name}-{count}")),
                path.with_extension(format!("{name}-{count}.last-good")),
            ),
        };
        let free = |(file, last_good): &(PathBuf, PathBuf)| !exists(file) && !exists(last_good);
        let (file, last_good) = (1..).map(kept).find(free).expect("some number is free");
        // The last good one first: alone it would be taken for the file.
        rename(&path.with_extension("last-good"), &last_good)?;
        rename(path, &file)
    }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn rename(from: &Path, to: &Path) -> Result<(), Trouble> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(SaveError::System { path: from.to_owned(), error }.into())
        }
        _ => Ok(()),
    }
}

/// The folder, with those above it, for this user only.
fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
