//! Keys made of passphrases: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::KeyInit;
use data_encoding::BASE64;
use model::Secret;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{MAGIC, SealFault};
use crate::digest::Digest;

/// The most bytes of a passphrase.
pub const LONGEST: usize = 1024;

/// RFC 9106, section 4, second recommendation (64 MiB, 3 passes) with one lane, as for accounts.
const STANDARD: Cost = Cost { memory_kib: 64 << 10, passes: 3, lanes: 1 };

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// The second line of a sealed file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    cost: Cost,
    salt: String,
    nonce: String,
}

/// What stands in front of the chunks.
pub(super) struct Header {
    /// Both lines.
    pub(super) bytes: Vec<u8>,
    cost: Cost,
    salt: [u8; 16],
    pub(super) nonce: [u8; 19],
}

impl Header {
    /// A new one, of the system's random numbers.
    pub(super) fn random() -> Self {
        let (mut salt, mut nonce) = ([0; 16], [0; 19]);
        getrandom::fill(&mut salt).expect("the system's random source answers");
        getrandom::fill(&mut nonce).expect("the system's random source answers");
        Self { bytes: lines(STANDARD, salt, nonce), cost: STANDARD, salt, nonce }
    }

    /// Reads the second line, without its end.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line: Line = serde_json::from_slice(line).ok()?;
        let salt = BASE64.decode(line.salt.as_bytes()).ok()?.try_into().ok()?;
        let nonce = BASE64.decode(line.nonce.as_bytes()).ok()?.try_into().ok()?;
        // A file must not make this machine hash for hours.
        let Cost { memory_kib, passes, lanes } = line.cost;
        let sound = (8..=1 << 20).contains(&memory_kib)
            && (1..=16).contains(&passes)
            && (1..=4).contains(&lanes)
            && memory_kib >= 8 * lanes;
        let bytes = lines(line.cost, salt, nonce);
        sound.then_some(Self { bytes, cost: line.cost, salt, nonce })
    }

    /// What every chunk is bound to.
    pub(super) fn bound(&self) -> [u8; 32] {
        *Digest::of(&self.bytes).as_bytes()
    }

    pub(super) fn cipher(&self, passphrase: &Secret) -> Result<XChaCha20Poly1305, SealFault> {
        let text = passphrase.expose();
        if !(1..=LONGEST).contains(&text.len()) {
            return Err(SealFault::BadPassphrase);
        }
        // Composed, because the same Vietnamese letters reach us composed from one input method and decomposed from the
        // next (RFC 8265, section 4.2.2). All room at once: a buffer that grows leaves copies of what it held.
        let mut composed = Zeroizing::new(String::with_capacity(3 * text.len()));
        composed.extend(text.nfc());
        let Cost { memory_kib, passes, lanes } = self.cost;
        let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| SealFault::NotSealed)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(composed.as_bytes(), &self.salt, &mut *key)
            .map_err(|_| SealFault::NoMemory)?;
        Ok(XChaCha20Poly1305::new_from_slice(&*key).expect("32 bytes"))
    }
}

fn lines(cost: Cost, salt: [u8; 16], nonce: [u8; 19]) -> Vec<u8> {
    let line = Line { cost, salt: BASE64.encode(&salt), nonce: BASE64.encode(&nonce) };
    let mut bytes = MAGIC.to_vec();
    bytes.extend(serde_json::to_vec(&line).expect("it is numbers and plain texts"));
    bytes.push(b'\n');
    bytes
}
