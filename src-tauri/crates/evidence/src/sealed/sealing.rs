//! A folder into one encrypted file.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use aead_stream::EncryptorBE32;
use chacha20poly1305::XChaCha20Poly1305;
use model::Secret;

use super::passphrase::Header;
use super::{CHUNK, SEALED, SealFault, TAG};
use crate::export::{At, ExportFault, PARTIAL, Progress, check_room, create, remove, rename};
use crate::manifest::{MANIFEST, RELEASE, SIGNATURE};
use crate::names::is_safe;

/// What an archive needs beside a file's bytes.
const ENTRY: u64 = 512;

/// Seals the package in `folder` beside it, as `FOLDER.watchwall-sealed`, in constant memory; the folder stays. Whoever is
/// to open it needs the passphrase by another way than the file.
///
/// # Errors
/// [`SealFault`]; nothing called so is there then.
pub fn seal(folder: &Path, passphrase: &Secret, progress: Progress<'_>) -> Result<PathBuf, SealFault> {
    let target = with_ending(folder, &format!(".{SEALED}"));
    if target.symlink_metadata().is_ok() {
        return Err(SealFault::Exists(target));
    }
    let files = files(folder)?;
    check_room(folder.parent().unwrap_or(Path::new(".")), files.iter().map(|file| file.1 + ENTRY).sum())?;
    let partial = with_ending(&target, PARTIAL);
    remove(&partial)?;
    if let Err(fault) = write(folder, &files, &partial, passphrase, progress) {
        remove(&partial)?;
        return Err(fault);
    }
    rename(&partial, &target)?;
    Ok(target)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// Names and sizes, what is said of the package first.
fn files(folder: &Path) -> Result<Vec<(String, u64)>, SealFault> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).at(folder)? {
        let entry = entry.at(folder)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let about = entry.metadata().at(&entry.path())?;
        if !about.is_file() || !is_safe(&name) {
            return Err(SealFault::Unsound(name));
        }
        files.push((name, about.len()));
    }
    let rank =
        |name: &str| [MANIFEST, SIGNATURE, RELEASE].iter().position(|first| *first == name).unwrap_or(3);
    files.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
    Ok(files)
}

fn write(
    folder: &Path,
    files: &[(String, u64)],
    partial: &Path,
    passphrase: &Secret,
    progress: Progress<'_>,
) -> Result<(), SealFault> {
    let header = Header::random();
    let cipher = header.cipher(passphrase)?;
    let mut out = create(partial)?;
    out.write_all(&header.bytes).at(partial)?;
    let mut archive = tar::Builder::new(Sealing::new(out, cipher, &header));
    let total = files.iter().map(|file| file.1 + ENTRY).sum();
    let mut done = 0;
    for (name, bytes) in files {
        let path = folder.join(name);
        let file = BufReader::new(File::open(&path).at(&path)?);
        let mut about = tar::Header::new_ustar();
        about.set_size(*bytes);
        about.set_mode(0o600);
        about.set_entry_type(tar::EntryType::Regular);
        let mut counted = Counted { file, left: *bytes, done, total, progress: &mut *progress };
        match archive.append_data(&mut about, name, &mut counted) {
            Err(error) if error.get_ref().is_some_and(|inner| inner.is::<BrokenOff>()) => {
                return Err(ExportFault::Cancelled.into());
            }
            appended => appended.at(partial)?,
        }
        // Somebody has made it shorter meanwhile.
        if counted.left > 0 {
            return Err(SealFault::Unsound(name.clone()));
        }
        done += bytes + ENTRY;
    }
    archive.into_inner().and_then(Sealing::finish).at(partial)?;
    Ok(())
}

/// Tells how far it is while it is read.
struct Counted<'a, 'b> {
    file: BufReader<File>,
    left: u64,
    done: u64,
    total: u64,
    progress: &'a mut (dyn FnMut(u64, u64) -> ControlFlow<()> + 'b),
}

impl Read for Counted<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.file.read(&mut buffer[..most])?;
        self.left -= read as u64;
        self.done += read as u64;
        if (self.progress)(self.done, self.total).is_break() {
            return Err(io::Error::other(BrokenOff));
        }
        Ok(read)
    }
}

/// Whoever was told of the progress broke off.
#[derive(Debug, thiserror::Error)]
#[error("cancelled")]
struct BrokenOff;

/// Encrypts what is written to it.
struct Sealing {
    out: File,
    stream: EncryptorBE32<XChaCha20Poly1305>,
    bound: [u8; 32],
    chunk: Vec<u8>,
}

impl Sealing {
    fn new(out: File, cipher: XChaCha20Poly1305, header: &Header) -> Self {
        let stream = EncryptorBE32::from_aead(cipher, &header.nonce.into());
        Self { out, stream, bound: header.bound(), chunk: Vec::with_capacity(CHUNK + TAG) }
    }

    /// Seals what is left as the last chunk, and brings everything to the disk.
    fn finish(mut self) -> io::Result<()> {
        self.stream
            .encrypt_last_in_place(&self.bound, &mut self.chunk)
            .map_err(|_| io::ErrorKind::FileTooLarge)?;
        self.out.write_all(&self.chunk)?;
        self.out.sync_all()
    }
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until it is known not to be the last.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.stream
                .encrypt_next_in_place(&self.bound, &mut self.chunk)
                .map_err(|_| io::ErrorKind::FileTooLarge)?;
            self.out.write_all(&self.chunk)?;
            self.chunk.clear();
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
