//! One encrypted file into a folder.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use aead_stream::DecryptorBE32;
use chacha20poly1305::XChaCha20Poly1305;
use model::Secret;

use super::passphrase::Header;
use super::{CHUNK, LONGEST_HEADER, MAGIC, SealFault, TAG};
use crate::export::{At, ExportFault, PARTIAL, Progress, check_room, create, rename};
use crate::names::{is_safe, safe_name};

/// The most files of a package.
const MOST_FILES: usize = 100_000;

/// Opens a sealed package into a new folder in `parent`, called as the file, in constant memory. That it opens says only
/// that nobody without the passphrase has altered it; [`crate::verify`] says the rest.
///
/// # Errors
/// [`SealFault`]; no folder of that name is there then.
pub fn open(
    sealed: &Path,
    parent: &Path,
    passphrase: &Secret,
    progress: Progress<'_>,
) -> Result<PathBuf, SealFault> {
    let mut file = BufReader::with_capacity(CHUNK, File::open(sealed).at(sealed)?);
    let total = file.get_ref().metadata().at(sealed)?.len();
    let header = header(&mut file).at(sealed)?.ok_or(SealFault::NotSealed)?;
    let stem = sealed.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = safe_name(&stem);
    let folder = parent.join(&name);
    if folder.symlink_metadata().is_ok() {
        return Err(SealFault::Exists(folder));
    }
    check_room(parent, total)?;
    let cipher = header.cipher(passphrase)?;
    let partial = parent.join(format!("{name}.opening{PARTIAL}"));
    if partial.is_dir() {
        fs::remove_dir_all(&partial).at(&partial)?;
    }
    fs::create_dir(&partial).at(&partial)?;
    let mut opening = Opening::new(file, cipher, &header, total, progress);
    let unpacked = unpack(&mut opening, &partial);
    // What went wrong underneath says more than what the archive made of it.
    if let Some(fault) = opening.fault.take().or(unpacked.err()) {
        fs::remove_dir_all(&partial).at(&partial)?;
        return Err(fault);
    }
    rename(&partial, &folder)?;
    Ok(folder)
}

/// Reads the two lines in front.
fn header(file: &mut impl BufRead) -> io::Result<Option<Header>> {
    let mut magic = vec![0; MAGIC.len()];
    match file.read_exact(&mut magic) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut line = Vec::new();
    file.take(LONGEST_HEADER as u64).read_until(b'\n', &mut line)?;
    let header = line.strip_suffix(b"\n").and_then(Header::read);
    // Only what is written exactly so: every byte of it is bound.
    Ok(header.filter(|header| magic == MAGIC && header.bytes[MAGIC.len()..] == line))
}

fn unpack(opening: &mut Opening<'_, '_>, folder: &Path) -> Result<(), SealFault> {
    let unsound = |what: &str| SealFault::Unsound(what.to_owned());
    let mut names = HashSet::new();
    let mut archive = tar::Archive::new(&mut *opening);
    for entry in archive.entries().map_err(|_| unsound("no archive"))? {
        let mut entry = entry.map_err(|_| unsound("no archive"))?;
        let name = entry.path().map_err(|_| unsound("a name"))?.to_string_lossy().into_owned();
        let fresh = names.len() < MOST_FILES && names.insert(name.to_lowercase());
        if entry.header().entry_type() != tar::EntryType::Regular || !is_safe(&name) || !fresh {
            return Err(SealFault::Unsound(name));
        }
        let path = folder.join(&name);
        let mut out = create(&path)?;
        let mut buffer = vec![0; 256 << 10];
        loop {
            match entry.read(&mut buffer).map_err(|_| unsound("a torn archive"))? {
                0 => break,
                read => out.write_all(&buffer[..read]).at(&path)?,
            }
        }
        out.sync_all().at(&path)?;
    }
    // To the very end, so that a cut or an addition behind the archive is found.
    io::copy(opening, &mut io::sink()).map_err(|_| unsound("a torn archive"))?;
    Ok(())
}

/// Decrypts what is read through it; holds one chunk.
struct Opening<'a, 'b> {
    file: BufReader<File>,
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    bound: [u8; 32],
    chunk: Vec<u8>,
    /// How much of the chunk was handed on.
    taken: usize,
    /// In the file.
    at: u64,
    /// Where the first chunk begins.
    begin: u64,
    total: u64,
    fault: Option<SealFault>,
    progress: &'a mut (dyn FnMut(u64, u64) -> ControlFlow<()> + 'b),
}

impl<'a, 'b> Opening<'a, 'b> {
    fn new(
        file: BufReader<File>,
        cipher: XChaCha20Poly1305,
        header: &Header,
        total: u64,
        progress: &'a mut (dyn FnMut(u64, u64) -> ControlFlow<()> + 'b),
    ) -> Self {
        let begin = header.bytes.len() as u64;
        Self {
            file,
            stream: Some(DecryptorBE32::from_aead(cipher, &header.nonce.into())),
            bound: header.bound(),
            chunk: Vec::new(),
            taken: 0,
            at: begin,
            begin,
            total,
            fault: None,
            progress,
        }
    }

    /// `Ok(false)`: there is none any more.
    fn next_chunk(&mut self) -> Result<bool, SealFault> {
        let Some(mut stream) = self.stream.take() else { return Ok(false) };
        let path = Path::new(super::SEALED);
        self.chunk.clear();
        self.taken = 0;
        self.file.by_ref().take((CHUNK + TAG) as u64).read_to_end(&mut self.chunk).at(path)?;
        let length = self.chunk.len() as u64;
        let opened = if self.file.fill_buf().at(path)?.is_empty() {
            stream.decrypt_last_in_place(&self.bound, &mut self.chunk)
        } else {
            let opened = stream.decrypt_next_in_place(&self.bound, &mut self.chunk);
            self.stream = Some(stream);
            opened
        };
        if opened.is_err() {
            self.stream = None;
            self.chunk.clear();
            let first = self.at == self.begin;
            return Err(if first { SealFault::WrongPassphrase } else { SealFault::Damaged { at: self.at } });
        }
        self.at += length;
        if (self.progress)(self.at, self.total).is_break() {
            self.stream = None;
            self.chunk.clear();
            return Err(ExportFault::Cancelled.into());
        }
        Ok(true)
    }
}

impl Read for Opening<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.chunk.len() {
            match self.next_chunk() {
                Ok(true) => {}
                Ok(false) => return Ok(0),
                Err(fault) => {
                    self.fault.get_or_insert(fault);
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
        }
        let read = buffer.len().min(self.chunk.len() - self.taken);
        buffer[..read].copy_from_slice(&self.chunk[self.taken..self.taken + read]);
        self.taken += read;
        Ok(read)
    }
}
