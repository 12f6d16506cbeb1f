//! Where inventories are fetched from: a file in a shared folder, or a server.
//!
//! Both wait for others, up to [`https::DEADLINE`] or as long as the system waits for a shared folder: the caller does it
//! on a thread of its own. What was fetched is not trusted; see [`crate::signed::verify`]. When nothing can be fetched,
//! what is kept ([`crate::Kept`]) stays.

pub mod https;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use https::{BadSource, Fetched, Https};

use crate::{limits, signed};

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    /// The shared folder or the file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// Neither a file nor a folder with an inventory in it.
    #[error("there is no inventory")]
    Nothing,
    /// Larger than any inventory.
    #[error("more than {most} bytes")]
    TooLarge {
        /// How many there may be.
        most: usize,
    },
    /// The server cannot be reached, or not in time.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The server cannot prove who it is.
    #[error("the server's certificate is not accepted: {0}")]
    Certificate(String),
    /// The server sends to another one, or round and round.
    #[error("the server sends elsewhere")]
    SentElsewhere,
    /// The server answers otherwise than with a file.
    #[error("the server answers {status}")]
    Refused {
        /// Its answer (RFC 9110 §15).
        status: u16,
    },
}

/// Reads the file at `path`; of a folder, `inventory.watchwall-inventory` in it.
///
/// # Errors
/// [`SourceFault::Unreadable`], [`SourceFault::Nothing`], [`SourceFault::TooLarge`].
pub fn read(path: &Path) -> Result<Vec<u8>, SourceFault> {
    let inside = path.join("inventory").with_extension(signed::EXTENSION);
    let path = if path.metadata()?.is_dir() { &inside } else { path };
    match path.metadata() {
        // To open a pipe would wait for somebody to write into it.
        Ok(about) if about.is_file() => {}
        Ok(_) => return Err(SourceFault::Nothing),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SourceFault::Nothing),
        Err(error) => return Err(error.into()),
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limits::FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limits::FILE_BYTES {
        return Err(SourceFault::TooLarge { most: limits::FILE_BYTES });
    }
    Ok(bytes)
}
