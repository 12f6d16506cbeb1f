//! Inventories that come from who is entitled to hand them out.
//!
//! An administrator makes a [`SigningKey`] once; its secret is kept by the vault. Every workstation *enrols* the public
//! key, after a person has compared its fingerprint by eye. [`sign`] makes a file of a [`Bundle`], [`verify`] a bundle of
//! a file, and takes only what that key has signed, unchanged, and no older than what it took last.
//!
//! The file is JSON: `{"format", "version", "key", "payload", "signature"}`. `payload` is the bundle's canonical JSON in
//! base64 (RFC 4648 §4); `signature` is Ed25519 (RFC 8032) over [`CONTEXT`] and the canonical bytes.

mod bundle;
mod keys;
#[cfg(test)]
mod tests;

pub use bundle::{Bundle, Right};
pub use keys::{BadKey, Fingerprint, PublicKey, SigningKey};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::limits;

/// How files of bundles end.
pub const EXTENSION: &str = "watchwall-inventory";
const FORMAT: &str = "watchwall-inventory";
const VERSION: u32 = 1;
/// Stands before what is signed, so that a signature made for something else is none for a bundle.
const CONTEXT: &[u8] = b"watchwall-inventory 1\0";

/// Why a file is not taken. None of these changes what is in use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Larger than any bundle.
    #[error("more than {most} bytes")]
    TooLarge {
        /// How many there may be.
        most: usize,
    },
    /// Not a bundle's file at all.
    #[error("not a signed inventory")]
    NotABundle,
    /// Of a later version of the program.
    #[error("version {0}")]
    Version(u32),
    /// Signed with another key than the one enrolled.
    #[error("signed with the key {signed_with}, not with the one enrolled")]
    OtherKey {
        /// Which it says it is.
        signed_with: Fingerprint,
    },
    /// The signature is not that of this content: it was changed on its way.
    #[error("changed after it was signed")]
    Changed,
    /// It was signed, but is no sound bundle: the program that signed it has a mistake.
    #[error("signed, but not sound: {0}")]
    Malformed(String),
    /// Older than what is in use: somebody plays back what was true once.
    #[error("serial number {serial} is older than {last}")]
    Older {
        /// Its serial number.
        serial: u64,
        /// That of what was taken last.
        last: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u32,
    key: Fingerprint,
    payload: String,
    signature: String,
}

#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

/// The file of a bundle.
///
/// # Errors
/// [`SignatureFault::TooLarge`], since it would not be read again; [`SignatureFault::Malformed`] for rights that are not
/// sound.
pub fn sign(bundle: &Bundle, key: &SigningKey) -> Result<Vec<u8>, SignatureFault> {
    bundle.check().map_err(SignatureFault::Malformed)?;
    let payload = bundle.canonical();
    let file = File {
        format: FORMAT.to_owned(),
        version: VERSION,
        key: key.public().fingerprint(),
        signature: STANDARD.encode(key.sign(&signed_bytes(&payload))),
        payload: STANDARD.encode(payload),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).expect("it is plain texts");
    bytes.push(b'\n');
    if bytes.len() > limits::FILE_BYTES {
        return Err(SignatureFault::TooLarge { most: limits::FILE_BYTES });
    }
    Ok(bytes)
}

/// The bundle of a file, if the key `enrolled` here has signed it, and it is no older than the one taken `last`.
///
/// # Errors
/// [`SignatureFault`]; nothing of the content is looked at before the signature is found good.
pub fn verify(bytes: &[u8], enrolled: &PublicKey, last: Option<u64>) -> Result<Bundle, SignatureFault> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(SignatureFault::TooLarge { most: limits::FILE_BYTES });
    }
    let header: Header = serde_json::from_slice(bytes).map_err(|_| SignatureFault::NotABundle)?;
    if header.format != FORMAT || header.version == 0 {
        return Err(SignatureFault::NotABundle);
    }
    if header.version > VERSION {
        return Err(SignatureFault::Version(header.version));
    }
    let file: File = serde_json::from_slice(bytes).map_err(|_| SignatureFault::NotABundle)?;
    // What it says of its key is for people only; the signature below decides.
    if file.key != enrolled.fingerprint() {
        return Err(SignatureFault::OtherKey { signed_with: file.key });
    }
    let decoded = |text: &str| STANDARD.decode(text).map_err(|_| SignatureFault::Changed);
    let (payload, signature) = (decoded(&file.payload)?, decoded(&file.signature)?);
    if !enrolled.has_signed(&signed_bytes(&payload), &signature) {
        return Err(SignatureFault::Changed);
    }
    let bundle = Bundle::read(&payload).map_err(SignatureFault::Malformed)?;
    match last.filter(|last| bundle.serial < *last) {
        Some(last) => Err(SignatureFault::Older { serial: bundle.serial, last }),
        None => Ok(bundle),
    }
}

fn signed_bytes(payload: &[u8]) -> Vec<u8> {
    [CONTEXT, payload].concat()
}
