//! Files that are made for people: lists, records, inventories.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Zoned;

/// Now, as it stands in files' names.
pub(super) fn now() -> String {
    Zoned::now().strftime("%Y-%m-%d %H%M%S").to_string()
}

/// A path in `folder` that nothing has yet.
pub(super) fn free(folder: &Path, name: &str, ending: &str) -> PathBuf {
    let paths = (1..).map(|count: u32| {
        let again = if count == 1 { String::new() } else { format!(" ({count})") };
        folder.join(format!("{name}{again}.{ending}"))
    });
    paths.into_iter().find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_else(|| folder.join(name))
}

/// Writes a file that is there only when it is complete.
///
/// # Errors
/// What the system or `fill` says; nothing is left behind then.
pub(super) fn write<T>(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let partial = path.with_extension("partial");
    let written = (|| {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = BufWriter::new(options.open(&partial)?);
        let filled = fill(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&partial, path)?;
        Ok(filled)
    })();
    if written.is_err() {
        // It may never have been made.
        let _ = fs::remove_file(&partial);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_complete_and_replaces_none() {
        let folder = std::env::temp_dir().join(format!("watchwall-files-{}", std::process::id()));
        let first = free(&folder, "Nhật ký", "log");
        write(&first, |out| out.write_all(b"a")).unwrap();
        let second = free(&folder, "Nhật ký", "log");
        assert_ne!(first, second);
        let failed = write(&second, |_| Err::<(), _>(io::ErrorKind::StorageFull.into()));
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert_eq!(fs::read(&first).unwrap(), b"a");
        fs::remove_dir_all(&folder).unwrap();
    }
}
