//! A second person's release: four eyes before a package goes out.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;

use crate::description::{BadText, Person, line};
use crate::digest::Digest;
use crate::export::{ExportFault, write_whole};
use crate::keys::{NotSigned, Signer};
use crate::manifest::{self, MANIFEST, Manifest, RELEASE, SIGNATURE};
use crate::signature::{self, Release, ReleaseFile, SignatureFile};

/// Why a package was not released.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseFault {
    /// A text is not sound.
    #[error(transparent)]
    BadText(#[from] BadText),
    /// Its manifest or signature can't be read, or don't belong to each other. Says in English what is wrong.
    #[error("the package is not sound: {0}")]
    NotSound(String),
    /// Who took it out can't release it.
    #[error("the person who took it out cannot release it")]
    SamePerson,
    /// It was released before.
    #[error("it was released before")]
    Released,
    /// The key could not be used.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// It could not be written.
    #[error(transparent)]
    Disk(#[from] ExportFault),
}

/// Adds the release of `released_by` to a complete package. Whether its files are whole is for [`crate::verify`] to say
/// before; what is signed here is the manifest, which has all their hashes.
///
/// # Errors
/// [`ReleaseFault`]; the package is as it was then.
pub fn release(
    folder: &Path,
    released_by: Person,
    released_at: Timestamp,
    remark: &str,
    signer: &dyn Signer,
) -> Result<Release, ReleaseFault> {
    released_by.check("released_by")?;
    line("remark", remark)?;
    let manifest = read(folder, MANIFEST, manifest::LARGEST)?;
    let signature = read(folder, SIGNATURE, signature::LARGEST)?;
    let sha256 = Digest::of(&manifest);
    let signed = SignatureFile::read(&signature).map_err(ReleaseFault::NotSound)?;
    if signed.manifest != sha256 {
        return Err(ReleaseFault::NotSound("the signature is of another manifest".to_owned()));
    }
    let manifest = Manifest::read(&manifest).map_err(ReleaseFault::NotSound)?;
    if manifest.operator.account == released_by.account {
        return Err(ReleaseFault::SamePerson);
    }
    let path = folder.join(RELEASE);
    if path.symlink_metadata().is_ok() {
        return Err(ReleaseFault::Released);
    }
    let release = Release { manifest: sha256, released_by, released_at, remark: remark.to_owned() };
    let file = ReleaseFile::sign(release, signer)?;
    write_whole(&path, &file.bytes())?;
    Ok(file.release)
}

fn read(folder: &Path, name: &str, most: u64) -> Result<Vec<u8>, ReleaseFault> {
    let mut bytes = Vec::new();
    File::open(folder.join(name))
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| ReleaseFault::NotSound(format!("{name}: {error}")))?;
    Ok(bytes)
}
