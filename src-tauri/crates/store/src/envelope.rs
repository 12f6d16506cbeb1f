//! What stands around the content of every file: its version and kind.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::problem::Damage;

/// The version that this program writes. A change that older programs would misread needs a new one.
pub(crate) const VERSION: u32 = 1;

#[derive(Serialize)]
struct Envelope<'a, T> {
    version: u32,
    kind: &'a str,
    content: &'a T,
}

/// Read first: only its own version understands the content.
#[derive(Deserialize)]
struct Header {
    version: u32,
    kind: String,
}

#[derive(Deserialize)]
struct Body<T> {
    content: T,
}

/// What there is at a path.
pub(crate) enum Found<T> {
    Nothing,
    /// The bytes too, so that a copy is exactly what was checked.
    Sound {
        content: T,
        bytes: Vec<u8>,
    },
    Damaged(Damage),
    Newer(u32),
    Unreadable(io::ErrorKind),
}

pub(crate) fn pack<T: Serialize>(kind: &str, content: &T) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(&Envelope { version: VERSION, kind, content })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads at most `largest` + 1 bytes.
pub(crate) fn look<T: DeserializeOwned>(path: &Path, kind: &str, largest: usize) -> Found<T> {
    let read = || -> io::Result<Option<Vec<u8>>> {
        // Before opening: to open a pipe would wait for somebody to write into it.
        if !fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(largest as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Nothing,
        Err(error) => Found::Unreadable(error.kind()),
        Ok(None) => Found::Damaged(Damage::NotAFile),
        Ok(Some(bytes)) if bytes.len() > largest => Found::Damaged(Damage::TooLarge),
        Ok(Some(bytes)) => unpack(kind, bytes),
    }
}

fn unpack<T: DeserializeOwned>(kind: &str, bytes: Vec<u8>) -> Found<T> {
    let header: Header = match serde_json::from_slice(&bytes) {
        Ok(header) => header,
        Err(error) => return Found::Damaged(error.into()),
    };
    if header.kind != kind || header.version == 0 {
        let detail = format!("version {} of {:?}, not of {kind:?}", header.version, header.kind);
        return Found::Damaged(Damage::Content { detail });
    }
    if header.version > VERSION {
        return Found::Newer(header.version);
    }
    match serde_json::from_slice::<Body<T>>(&bytes) {
        Ok(Body { content }) => Found::Sound { content, bytes },
        Err(error) => Found::Damaged(error.into()),
    }
}
