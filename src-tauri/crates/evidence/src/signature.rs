//! The manifest's signature, and a second person's release.
//!
//! Both are small JSON files. What is signed (Ed25519, RFC 8032) is a text of its own in front, so that a signature made
//! for something else is none for this, and the SHA-256 of the manifest's bytes: with it each file can be told to be
//! whole without the other one.

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::description::Person;
use crate::digest::Digest;
use crate::keys::{Fingerprint, NotSigned, PublicKey, Signer};

const VERSION: u32 = 1;
/// The most bytes of either file.
pub(crate) const LARGEST: u64 = 64 << 10;

/// The file `signature.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureFile {
    format: String,
    version: u32,
    pub(crate) manifest: Digest,
    pub(crate) key: PublicKey,
    fingerprint: Fingerprint,
    signature: String,
}

/// What a second person says: this manifest may go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Of the manifest's bytes.
    pub manifest: Digest,
    /// Who releases it.
    pub released_by: Person,
    /// When, by the workstation's clock.
    pub released_at: Timestamp,
    /// In the person's words; may be empty.
    pub remark: String,
}

/// The file `release.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseFile {
    format: String,
    version: u32,
    pub(crate) release: Release,
    pub(crate) key: PublicKey,
    fingerprint: Fingerprint,
    signature: String,
}

const SIGNATURE_FORMAT: &str = "watchwall-evidence-signature";
const RELEASE_FORMAT: &str = "watchwall-evidence-release";

impl SignatureFile {
    pub(crate) fn sign(manifest: Digest, signer: &dyn Signer) -> Result<Self, NotSigned> {
        let key = signer.public();
        Ok(Self {
            format: SIGNATURE_FORMAT.to_owned(),
            version: VERSION,
            manifest,
            fingerprint: key.fingerprint(),
            signature: BASE64.encode(&signer.sign(&signed_text(manifest))?),
            key,
        })
    }

    /// Reads one that is whole; says in English why another isn't.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let file: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let known = file.format == SIGNATURE_FORMAT && file.version == VERSION;
        let own = file.key.fingerprint() == file.fingerprint && pretty(&file) == bytes;
        if known && own && fits(&file.key, &signed_text(file.manifest), &file.signature) {
            Ok(file)
        } else {
            Err("not a signature of its own content".to_owned())
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        pretty(self)
    }
}

impl ReleaseFile {
    pub(crate) fn sign(release: Release, signer: &dyn Signer) -> Result<Self, NotSigned> {
        let key = signer.public();
        Ok(Self {
            format: RELEASE_FORMAT.to_owned(),
            version: VERSION,
            signature: BASE64.encode(&signer.sign(&released_text(&release))?),
            release,
            fingerprint: key.fingerprint(),
            key,
        })
    }

    /// Reads one that is whole; says in English why another isn't.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let file: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let known = file.format == RELEASE_FORMAT && file.version == VERSION;
        let own = file.key.fingerprint() == file.fingerprint && pretty(&file) == bytes;
        if known && own && fits(&file.key, &released_text(&file.release), &file.signature) {
            Ok(file)
        } else {
            Err("not a signature of its own content".to_owned())
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        pretty(self)
    }
}

fn signed_text(manifest: Digest) -> Vec<u8> {
    [b"watchwall-evidence 1\0", manifest.as_bytes().as_slice()].concat()
}

fn released_text(release: &Release) -> Vec<u8> {
    let content = serde_json::to_vec(release).expect("it is plain texts");
    [b"watchwall-release 1\0", content.as_slice()].concat()
}

fn fits(key: &PublicKey, message: &[u8], signature: &str) -> bool {
    let signature = BASE64.decode(signature.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    signature.is_some_and(|signature| key.has_signed(message, &signature))
}

fn pretty(file: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(file).expect("it is plain texts");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;

    #[test]
    fn any_altered_bit_is_noticed() {
        let key = SigningKey::generate().unwrap();
        let manifest = Digest::of(b"manifest");
        let release = Release {
            manifest,
            released_by: Person {
                account: "b".to_owned(),
                name: "B".to_owned(),
                workstation: "w".to_owned(),
            },
            released_at: Timestamp::UNIX_EPOCH,
            remark: String::new(),
        };
        let signature = SignatureFile::sign(manifest, &key).unwrap().bytes();
        let release = ReleaseFile::sign(release, &key).unwrap().bytes();
        assert_eq!(SignatureFile::read(&signature).unwrap().manifest, manifest);
        assert_eq!(ReleaseFile::read(&release).unwrap().release.manifest, manifest);
        for bit in 0..8 * signature.len() {
            let mut altered = signature.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(SignatureFile::read(&altered).is_err(), "bit {bit}");
        }
        for bit in 0..8 * release.len() {
            let mut altered = release.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(ReleaseFile::read(&altered).is_err(), "bit {bit}");
        }
        assert!(SignatureFile::read(&release).is_err() && ReleaseFile::read(&signature).is_err());
    }
}
