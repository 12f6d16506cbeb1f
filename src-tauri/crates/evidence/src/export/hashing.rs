//! Hashes of what is on the disk.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::{At, ExportFault, Progress};
use crate::digest::Digest;

/// What is read at once.
const CHUNK: usize = 1 << 20;

/// `None`: the file ends before.
pub(crate) fn hash_next(file: &mut File, bytes: u64) -> std::io::Result<Option<Digest>> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; CHUNK.min(usize::try_from(bytes).unwrap_or(CHUNK)).max(1)];
    let mut left = bytes;
    while left > 0 {
        let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        match file.read(&mut buffer[..most])? {
            0 => return Ok(None),
            read => {
                hash.update(&buffer[..read]);
                left -= read as u64;
            }
        }
    }
    Ok(Some(Digest::of_all(hash)))
}

pub(super) fn rehash(file: &mut File) -> std::io::Result<Digest> {
    file.seek(SeekFrom::Start(0))?;
    let length = file.metadata()?.len();
    hash_next(file, length)?.ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
}

/// Hashes of the whole file, of its head, and of its tail, read back from the system in one pass.
pub(super) fn hash_file(
    file: &mut File,
    [head, middle, tail]: [u64; 3],
    path: &Path,
    progress: Progress<'_>,
) -> Result<[Digest; 3], ExportFault> {
    let mut whole = Sha256::new();
    let mut ends = [Sha256::new(), Sha256::new()];
    let total = head + middle + tail;
    file.seek(SeekFrom::Start(0)).at(path)?;
    let mut buffer = vec![0; CHUNK];
    let mut at = 0_u64;
    for (which, length) in [(Some(0), head), (None, middle), (Some(1), tail)] {
        let mut left = length;
        while left > 0 {
            let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            file.read_exact(&mut buffer[..most]).at(path)?;
            whole.update(&buffer[..most]);
            if let Some(which) = which {
                ends[which].update(&buffer[..most]);
            }
            left -= most as u64;
            at += most as u64;
            if progress(at, total).is_break() {
                return Err(ExportFault::Cancelled);
            }
        }
    }
    let [head, tail] = ends.map(Digest::of_all);
    Ok([Digest::of_all(whole), head, tail])
}
