//! What is done to the disk, each with the path in its error.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::ExportFault;

/// So much stays free beside what an export needs, in bytes: a system with a full disk fails in many places at once.
const SPARE: u64 = 64 << 20;

/// Names the path in an error of the system.
pub(crate) trait At<T> {
    fn at(self, path: &Path) -> Result<T, ExportFault>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, ExportFault> {
        self.map_err(|error| ExportFault::Disk { path: path.to_owned(), error })
    }
}

/// How many bytes an export into `folder` may take: what is free there, less what has to stay so.
///
/// # Errors
/// There is no such folder, or it can't be asked.
pub fn room(folder: &Path) -> io::Result<u64> {
    Ok(fs4::available_space(folder)?.saturating_sub(SPARE))
}

/// Refuses what would not fit.
pub(crate) fn check_room(folder: &Path, needed: u64) -> Result<(), ExportFault> {
    let free = fs4::available_space(folder).at(folder)?;
    let needed = needed.saturating_add(SPARE);
    if free < needed { Err(ExportFault::NoRoom { needed, free }) } else { Ok(()) }
}

/// A new folder for this account only. `Ok(false)`: something is there already.
pub(crate) fn make_folder(path: &Path) -> Result<bool, ExportFault> {
    let mut builder = DirBuilder::new();
    builder.recursive(false);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        created => created.at(path).map(|()| true),
    }
}

/// A new file for this account only, to write and read.
pub(crate) fn create(path: &Path) -> Result<File, ExportFault> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).at(path)
}

/// A file that is there, to write and read.
pub(crate) fn reopen(path: &Path) -> Result<File, ExportFault> {
    OpenOptions::new().read(true).write(true).open(path).at(path)
}

/// A file whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ExportFault> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".draft");
    let draft = Path::new(&draft);
    remove(draft)?;
    let mut file = create(draft)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).at(draft)?;
    drop(file);
    rename(draft, path)
}

/// Renames and brings that to the disk.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), ExportFault> {
    fs::rename(from, to).at(to)?;
    sync_folder_of(to)
}

/// Removes a file if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), ExportFault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.at(path),
    }
}

/// Brings a rename to the disk. Windows does so by itself and opens no folders.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), ExportFault> {
    match path.parent() {
        Some(folder) if cfg!(unix) => {
            // Sticks and shares whose file system can't do this bring it to the disk in their own time.
            match File::open(folder).and_then(|folder| folder.sync_all()) {
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
                synced => synced.at(folder),
            }
        }
        _ => Ok(()),
    }
}
