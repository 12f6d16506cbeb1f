//! Checks a package.
//!
//! In this order: whose key signed the manifest's hash; whether the manifest is the one that was signed; and only then, by
//! what it says, every file of the folder. Where a media file is not as it was, the groups of its index tell which stretch
//! of time is concerned: groups are looked for from both ends, so that what was cut out or put in does not make everything
//! behind it look damaged, and what stands in between is compared with every group of the package, so that what was only
//! moved, or was taken from another camera, is called so.

mod media;
mod region;
mod verdict;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

pub use verdict::{Checked, Fault, FaultKind, Proof, Released, Signed, Verdict};

use crate::digest::Digest;
use crate::export::Progress;
use crate::index::{self, Group, IndexReader};
use crate::keys::Fingerprint;
use crate::manifest::{self, MANIFEST, Manifest, MediaFile, RELEASE, SIGNATURE};
use crate::signature::{self, ReleaseFile, SignatureFile};

/// What is read at once.
const CHUNK: usize = 1 << 20;

/// Why a package could not be checked. That says nothing of the package.
#[derive(Debug, thiserror::Error)]
pub enum VerifyFault {
    /// Neither a manifest nor a signature is there.
    #[error("{path} is no package", path = .0.display())]
    NotAPackage(PathBuf),
    /// The folder can't be read.
    #[error("{path}: {error}", path = .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Whoever was told of the progress broke off.
    #[error("cancelled")]
    Cancelled,
}

/// Checks the package in `folder`. `enrolled`: fingerprints of the keys that are known here. Memory: the index of one media
/// file, about 150 bytes a group; where one is damaged, that of all.
///
/// # Errors
/// [`VerifyFault`]. What is wrong with the package is no error but stands in the [`Verdict`].
pub fn verify(
    folder: &Path,
    enrolled: &[Fingerprint],
    progress: Progress<'_>,
) -> Result<Verdict, VerifyFault> {
    let unreadable = |error| VerifyFault::Unreadable { path: folder.to_owned(), error };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut names: Vec<String> = Vec::new();
    for entry in entries {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    if !names.iter().any(|name| name == MANIFEST || name == SIGNATURE) {
        return Err(VerifyFault::NotAPackage(folder.to_owned()));
    }
    let mut verdict = Verdict::nothing_proven();
    let Some((manifest, sha256, signed)) = manifest(folder, enrolled, &mut verdict) else {
        return Ok(verdict);
    };
    verdict.signed = signed;
    release(folder, enrolled, &manifest, sha256, &mut verdict);
    let mut walk =
        Walk { folder, manifest: &manifest, known: None, done: 0, total: total(&manifest), progress };
    walk.files(&mut verdict)?;
    for name in names {
        let listed = manifest.names().any(|known| known == name);
        if !listed && ![MANIFEST, SIGNATURE, RELEASE].contains(&name.as_str()) {
            verdict.fault(Fault::of(&name, FaultKind::Unlisted));
        }
    }
    verdict.manifest = Some(manifest);
    verdict.sha256 = Some(sha256);
    Ok(verdict)
}

fn total(manifest: &Manifest) -> u64 {
    let media = manifest.cameras.iter().flat_map(|camera| &camera.files).map(|file| file.bytes);
    let stills = manifest.stills.iter().map(|still| still.bytes);
    let attachments = manifest.attachments.iter().map(|attached| attached.bytes);
    media.chain(stills).chain(attachments).fold(0, u64::saturating_add)
}

/// The manifest, if it is the one that was signed.
fn manifest(
    folder: &Path,
    enrolled: &[Fingerprint],
    verdict: &mut Verdict,
) -> Option<(Manifest, Digest, Signed)> {
    let mut read = |name: &str, most| match small(folder, name, most) {
        Ok(bytes) => Some(bytes),
        Err(kind) => {
            verdict.fault(Fault::of(name, kind));
            None
        }
    };
    let (signature, manifest) = (read(SIGNATURE, signature::LARGEST), read(MANIFEST, manifest::LARGEST));
    let signature = match SignatureFile::read(&signature?) {
        Ok(file) => file,
        Err(_) => {
            verdict.fault(Fault::of(SIGNATURE, FaultKind::Altered));
            return None;
        }
    };
    let bytes = manifest?;
    let sha256 = Digest::of(&bytes);
    if signature.manifest != sha256 {
        verdict.fault(Fault::of(MANIFEST, FaultKind::NotTheSignedOne));
        return None;
    }
    match Manifest::read(&bytes) {
        Ok(manifest) => {
            let key = signature.key.fingerprint();
            let signed = if enrolled.contains(&key) { Signed::Enrolled(key) } else { Signed::Unknown(key) };
            Some((manifest, sha256, signed))
        }
        Err(reason) => {
            verdict.fault(Fault::of(MANIFEST, FaultKind::Unreadable(reason)));
            None
        }
    }
}

fn release(
    folder: &Path,
    enrolled: &[Fingerprint],
    manifest: &Manifest,
    sha256: Digest,
    verdict: &mut Verdict,
) {
    if folder.join(RELEASE).symlink_metadata().is_err() {
        verdict.release = if manifest.release_required { Released::Missing } else { Released::NotNeeded };
        return;
    }
    verdict.release = Released::NotSound;
    let kind = match small(folder, RELEASE, signature::LARGEST) {
        Err(kind) => kind,
        Ok(bytes) => match ReleaseFile::read(&bytes) {
            Err(_) => FaultKind::Altered,
            Ok(file) if file.release.manifest != sha256 => FaultKind::OfAnotherPackage,
            Ok(file) if file.release.released_by.account == manifest.operator.account => {
                FaultKind::SamePerson
            }
            Ok(file) => {
                let key = file.key.fingerprint();
                let enrolled = enrolled.contains(&key);
                verdict.release = Released::By { release: file.release, key, enrolled };
                return;
            }
        },
    };
    verdict.fault(Fault::of(RELEASE, kind));
}

/// A file of a few pages.
fn small(folder: &Path, name: &str, most: u64) -> Result<Vec<u8>, FaultKind> {
    let file = plain_file(folder, name)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| FaultKind::Unreadable(error.to_string()))?;
    if bytes.len() as u64 > most { Err(FaultKind::Altered) } else { Ok(bytes) }
}

/// Opens a file that lies in the folder itself.
fn plain_file(folder: &Path, name: &str) -> Result<File, FaultKind> {
    let path = folder.join(name);
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(FaultKind::Missing),
        Err(error) => return Err(FaultKind::Unreadable(error.to_string())),
        Ok(about) if !about.is_file() => return Err(FaultKind::NotAFile),
        Ok(_) => {}
    }
    File::open(path).map_err(|error| FaultKind::Unreadable(error.to_string()))
}

/// Where a group stands in the package: which camera's which file, and which group.
type Place = (usize, usize, Group);

/// Goes through the files that a sound manifest names.
struct Walk<'a, 'b> {
    folder: &'a Path,
    manifest: &'a Manifest,
    /// All groups of the package by their hashes, once they are needed.
    known: Option<HashMap<Digest, Place>>,
    done: u64,
    total: u64,
    progress: &'a mut (dyn FnMut(u64, u64) -> std::ops::ControlFlow<()> + 'b),
}

impl Walk<'_, '_> {
    fn files(&mut self, verdict: &mut Verdict) -> Result<(), VerifyFault> {
        let manifest = self.manifest;
        for (number, camera) in manifest.cameras.iter().enumerate() {
            for (part, file) in camera.files.iter().enumerate() {
                self.media(number, part, file, verdict)?;
                verdict.checked.files += 1;
            }
        }
        let stills = manifest.stills.iter().map(|still| (&still.name, still.bytes, still.sha256));
        let attachments =
            manifest.attachments.iter().map(|attached| (&attached.name, attached.bytes, attached.sha256));
        for (name, bytes, sha256) in stills.chain(attachments) {
            if let Some(kind) = self.whole(name, bytes, sha256)? {
                verdict.fault(Fault::of(name, kind));
            }
            verdict.checked.files += 1;
            verdict.checked.bytes += bytes;
        }
        Ok(())
    }

    /// What is wrong with a file that has only one hash.
    fn whole(&mut self, name: &str, bytes: u64, sha256: Digest) -> Result<Option<FaultKind>, VerifyFault> {
        let mut file = match plain_file(self.folder, name) {
            Ok(file) => file,
            Err(kind) => return Ok(Some(kind)),
        };
        if file.metadata().map_or(0, |about| about.len()) != bytes {
            return Ok(Some(FaultKind::Altered));
        }
        Ok(match self.hash_next(&mut file, bytes)? {
            Ok(Some(found)) if found == sha256 => None,
            Ok(_) => Some(FaultKind::Altered),
            Err(error) => Some(FaultKind::Unreadable(error.to_string())),
        })
    }

    /// Of the next bytes; `None`: the file ends before.
    fn hash_next(&mut self, file: &mut File, bytes: u64) -> Result<io::Result<Option<Digest>>, VerifyFault> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; CHUNK.min(usize::try_from(bytes).unwrap_or(CHUNK)).max(1)];
        let mut left = bytes;
        while left > 0 {
            let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            match file.read(&mut buffer[..most]) {
                Ok(0) => return Ok(Ok(None)),
                Ok(read) => {
                    hash.update(&buffer[..read]);
                    left -= read as u64;
                    self.step(read as u64)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(Some(Digest::of_all(hash))))
    }

    fn step(&mut self, bytes: u64) -> Result<(), VerifyFault> {
        // A damaged file is read more than once.
        self.done = self.done.saturating_add(bytes).min(self.total);
        match (self.progress)(self.done, self.total) {
            std::ops::ControlFlow::Continue(()) => Ok(()),
            std::ops::ControlFlow::Break(()) => Err(VerifyFault::Cancelled),
        }
    }

    /// The groups of a media file, if its index is the one that was signed; else the line, counted from 1, that is the
    /// first wrong one, if it can be told.
    fn groups(&self, file: &MediaFile) -> Result<Vec<Group>, FaultKind> {
        let index = plain_file(self.folder, &file.index.name)?;
        let unreadable = |error: io::Error| FaultKind::Unreadable(error.to_string());
        let length = index.metadata().map_err(unreadable)?.len();
        let mut hashing = Hashing { file: index, hash: Sha256::new() };
        let seed = index::seed(&self.manifest.package, &file.name);
        let mut lines = IndexReader::new(BufReader::new(&mut hashing), seed, file.head.bytes);
        let mut groups = Vec::new();
        let mut bad = None;
        while let Some(line) = lines.next_group().map_err(unreadable)? {
            match line {
                Ok(group) if (groups.len() as u64) < file.index.groups => groups.push(group),
                Ok(group) => {
                    bad = Some(group.group + 1);
                    break;
                }
                Err(line) => {
                    bad = Some(line.0);
                    break;
                }
            }
        }
        let (chain, end) = (lines.chain(), lines.offset());
        drop(lines);
        let complete = groups.len() as u64 == file.index.groups && chain == file.index.chain;
        let fits = end.checked_add(file.tail.bytes) == Some(file.bytes);
        let same =
            bad.is_none() && length == file.index.bytes && Digest::of_all(hashing.hash) == file.index.sha256;
        if same && complete && fits {
            Ok(groups)
        } else {
            Err(FaultKind::IndexAltered { line: bad.or(Some(groups.len() as u64 + 1)).filter(|_| !same) })
        }
    }

    /// All groups of the package whose indexes are sound.
    fn known(&mut self) -> &HashMap<Digest, Place> {
        if self.known.is_none() {
            let mut known = HashMap::new();
            for (number, camera) in self.manifest.cameras.iter().enumerate() {
                for (part, file) in camera.files.iter().enumerate() {
                    for group in self.groups(file).unwrap_or_default() {
                        known.insert(group.sha256, (number, part, group));
                    }
                }
            }
            self.known = Some(known);
        }
        self.known.as_ref().expect("it was just made")
    }
}

/// Hashes what is read through it.
struct Hashing {
    file: File,
    hash: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}
