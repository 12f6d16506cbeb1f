//! A package as one encrypted file.
//!
//! ```text
//! WATCHWALL-SEALED 1
//! {"cost":{"memory_kib":65536,"passes":3,"lanes":1},"salt":"…","nonce":"…"}
//! chunks of 1 MiB, each with a tag of 16 bytes; the last is shorter
//! ```
//!
//! The key is made of a passphrase by Argon2id (RFC 9106). Chunks are sealed with XChaCha20-Poly1305 in the STREAM
//! construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a chunk that is altered, missing, added or in another place is
//! noticed, and so is a file that was cut off. The two lines in front are bound to every chunk. What is sealed is a tar
//! archive (POSIX ustar) of the package's files, so that it can be opened with other programs, too.

mod opening;
mod passphrase;
mod sealing;

use std::path::PathBuf;

pub use opening::open;
pub use passphrase::LONGEST as LONGEST_PASSPHRASE;
pub use sealing::seal;

use crate::export::ExportFault;

/// How files of sealed packages end.
pub const SEALED: &str = "watchwall-sealed";
/// What begins one.
const MAGIC: &[u8] = b"WATCHWALL-SEALED 1\n";
/// The most bytes of the second line.
const LONGEST_HEADER: usize = 512;
/// Of what is sealed, in bytes.
const CHUNK: usize = 1 << 20;
/// Of each chunk, in bytes.
const TAG: usize = 16;

/// Why a package was not sealed or opened. No folder or file is called complete then.
#[derive(Debug, thiserror::Error)]
pub enum SealFault {
    /// Empty, or longer than [`LONGEST_PASSPHRASE`] bytes.
    #[error("an empty or far too long passphrase")]
    BadPassphrase,
    /// Not a sealed package, or of a later version.
    #[error("not a sealed package of this version")]
    NotSealed,
    /// Already the first chunk can't be opened: another passphrase, or the beginning was altered. Which of them can't be
    /// told.
    #[error("another passphrase, or the beginning was altered")]
    WrongPassphrase,
    /// The passphrase is right, but from here on the file was altered or cut off.
    #[error("altered or cut off from byte {at} on")]
    Damaged {
        /// Where in the file.
        at: u64,
    },
    /// It opens, but holds something that no package has: whoever sealed it used another program.
    #[error("it holds {0:?}, which no package has")]
    Unsound(String),
    /// The system has not enough memory to make the key.
    #[error("not enough memory to make the key")]
    NoMemory,
    /// Something of that name is there already.
    #[error("{path} is there already", path = .0.display())]
    Exists(PathBuf),
    /// The system says no, the disk is full, or it was cancelled.
    #[error(transparent)]
    Disk(#[from] ExportFault),
}
