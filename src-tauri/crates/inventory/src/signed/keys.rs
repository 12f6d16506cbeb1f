//! Ed25519 keys (RFC 8032), their texts, and fingerprints that people compare by eye.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use model::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Stands before keys in texts, so that nobody takes one for another kind of key.
const PUBLIC: &str = "watchwall-key-";
const SECRET: &str = "watchwall-secret-";

/// Why a text is no key. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Something else, or cut off.
    #[error("not a key of this program")]
    NotAKey,
    /// With this point anybody could make signatures that fit.
    #[error("a weak key")]
    Weak,
    /// The system gives no random numbers.
    #[error("no random numbers")]
    NoRandom,
}

/// What signs. It has no `Debug`, no `Display` and no serialisation, and is wiped when dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A new key, of the system's random numbers.
    ///
    /// # Errors
    /// [`BadKey::NoRandom`].
    pub fn generate() -> Result<Self, BadKey> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| BadKey::NoRandom)?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// Its text, for the vault.
    #[must_use]
    pub fn secret(&self) -> Secret {
        let seed = Zeroizing::new(self.0.to_bytes());
        let mut text = String::with_capacity(SECRET.len() + 44);
        text.push_str(SECRET);
        STANDARD.encode_string(seed.as_slice(), &mut text);
        Secret::new(text)
    }

    /// Reads what [`SigningKey::secret`] gave.
    ///
    /// # Errors
    /// [`BadKey::NotAKey`].
    pub fn from_secret(secret: &Secret) -> Result<Self, BadKey> {
        let bytes = Zeroizing::new(decoded(secret.expose(), SECRET)?);
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&bytes)))
    }

    /// What the workstations enrol.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// What verifies. Its text is `watchwall-key-` and 32 bytes in base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a key's text.
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let key = VerifyingKey::from_bytes(&decoded(text, PUBLIC)?).map_err(|_| BadKey::NotAKey)?;
        if key.is_weak() { Err(BadKey::Weak) } else { Ok(Self(key)) }
    }

    /// What people compare.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let hash: [u8; 32] = Sha256::digest(self.0.as_bytes()).into();
        let mut short = [0; 16];
        short.copy_from_slice(&hash[..16]);
        Fingerprint(short)
    }

    /// Strict: neither the key nor the signature may be one of the few that fit more than one message.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", STANDARD.encode(self.0.as_bytes()))
    }
}

fn decoded(text: &str, prefix: &str) -> Result<[u8; 32], BadKey> {
    let base64 = text.trim().strip_prefix(prefix).ok_or(BadKey::NotAKey)?;
    let bytes = Zeroizing::new(STANDARD.decode(base64).map_err(|_| BadKey::NotAKey)?);
    bytes.as_slice().try_into().map_err(|_| BadKey::NotAKey)
}

/// The first 16 bytes of a public key's SHA-256, as eight groups of four hexadecimal digits: `3f2a 91c0 …`. To make another
/// key with the same one is beyond anybody's means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Reads its groups.
    ///
    /// # Errors
    /// [`BadKey::NotAKey`].
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let groups: Vec<&str> = text.split(' ').collect();
        let mut bytes = [0; 16];
        if groups.len() != 8
            || !groups.iter().all(|g| g.len() == 4 && g.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return Err(BadKey::NotAKey);
        }
        for (pair, group) in bytes.chunks_exact_mut(2).zip(groups) {
            let number = u16::from_str_radix(group, 16).map_err(|_| BadKey::NotAKey)?;
            pair.copy_from_slice(&number.to_be_bytes());
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, pair) in self.0.chunks_exact(2).enumerate() {
            let blank = if at == 0 { "" } else { " " };
            write!(f, "{blank}{:02x}{:02x}", pair[0], pair[1])?;
        }
        Ok(())
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
