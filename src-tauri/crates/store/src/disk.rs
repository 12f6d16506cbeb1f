//! The few things that are done to a disk, each of them whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A complete file on the disk under a name that nobody else uses; it goes again unless it is renamed.
pub(crate) struct Draft {
    path: PathBuf,
    /// Locked, so that a second program does not take it for one that was left behind.
    file: Option<File>,
}

const DRAFT: &str = "draft";

impl Draft {
    /// Writes `bytes` beside `target` and has them brought to the disk.
    pub(crate) fn write(target: &Path, bytes: &[u8]) -> io::Result<Self> {
        step()?;
        let (path, mut file) = Self::claim(target)?;
        let mut draft = Self { path, file: None };
        step()?;
        file.write_all(bytes)?;
        step()?;
        file.sync_all()?;
        draft.file = Some(file);
        Ok(draft)
    }

    /// An empty draft that is ours: [`remove_stale_drafts`] of another program may have seen it before the lock.
    fn claim(target: &Path) -> io::Result<(PathBuf, File)> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = target.with_extension(format!("{}-{count}.{DRAFT}", std::process::id()));
            let file = match private().open(&path) {
                // Left by an earlier program that had the same process number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                opened => opened?,
            };
            // A file system without locks lets nobody else lock it either.
            let taken = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
            if !taken && path.exists() {
                return Ok((path, file));
            }
        }
    }

    /// Makes it the file at `target`, in place of what is there.
    pub(crate) fn publish(mut self, target: &Path) -> io::Result<()> {
        step()?;
        fs::rename(&self.path, target)?;
        self.path = PathBuf::new();
        sync_folder(target)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Nothing is lost with it, and the next start tries again.
        if !self.path.as_os_str().is_empty() && step().is_ok() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes the drafts of `target` that a program which was killed has left.
pub(crate) fn remove_stale_drafts(target: &Path) {
    let (Some(folder), Some(stem)) = (target.parent(), target.file_stem()) else { return };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(|path| is_draft(path, stem)) {
        let unused = fs::symlink_metadata(&path).is_ok_and(|kind| kind.is_file())
            && OpenOptions::new().write(true).open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if unused {
            let _ = fs::remove_file(path);
        }
    }
}

fn is_draft(path: &Path, stem: &OsStr) -> bool {
    let owner = path.file_stem().map(Path::new);
    path.extension() == Some(OsStr::new(DRAFT)) && owner.and_then(Path::file_stem) == Some(stem)
}

/// Moves what is at `path` to the first of `path` with the extensions `name`, `name-2`, `name-3` … that is free.
pub(crate) fn move_aside(path: &Path, name: &str) -> io::Result<PathBuf> {
    for count in 1_u64.. {
        let extension = if count == 1 { name.to_owned() } else { format!("{name}-{count}") };
        let aside = path.with_extension(extension);
        if fs::symlink_metadata(&aside).is_ok() {
            continue;
        }
        step()?;
        // A folder can't be renamed over a file, so its name can't be claimed; nor need it be, for it would not go.
        let claimed = if path.is_dir() { Ok(()) } else { private().open(&aside).map(drop) };
        match claimed {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            claimed => claimed?,
        }
        let moved = step().and_then(|()| fs::rename(path, &aside));
        if moved.is_err() && step().is_ok() {
            let _ = fs::remove_file(&aside);
        }
        moved?;
        sync_folder(path)?;
        return Ok(aside);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The folder of `target`, with those above it, for this account only.
pub(crate) fn make_folder(target: &Path) -> io::Result<()> {
    let Some(folder) = target.parent().filter(|folder| !folder.is_dir()) else { return Ok(()) };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new file for this account only.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Brings a rename to the disk. Windows does so by itself and opens no folders.
fn sync_folder(target: &Path) -> io::Result<()> {
    step()?;
    match target.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "the tests' one fails")]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(crate) use fuse::{Blow, FUSE};

#[cfg(test)]
fn step() -> io::Result<()> {
    fuse::burn()
}

/// Lets the disk fail at a step of its own choosing.
#[cfg(test)]
mod fuse {
    use std::cell::Cell;
    use std::io;

    #[derive(Clone, Copy)]
    pub(crate) enum Blow {
        /// This step fails and the next ones don't, as on a full disk.
        Once(usize),
        /// From this step on nothing happens any more, as after `kill -9`.
        ForGood(usize),
    }

    thread_local! {
        pub(crate) static FUSE: Cell<Option<Blow>> = const { Cell::new(None) };
    }

    pub(crate) fn burn() -> io::Result<()> {
        let (next, blown) = match FUSE.get() {
            None => (None, false),
            Some(Blow::Once(0)) => (None, true),
            Some(Blow::ForGood(0)) => (Some(Blow::ForGood(0)), true),
            Some(Blow::Once(left)) => (Some(Blow::Once(left - 1)), false),
            Some(Blow::ForGood(left)) => (Some(Blow::ForGood(left - 1)), false),
        };
        FUSE.set(next);
        if blown { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}
