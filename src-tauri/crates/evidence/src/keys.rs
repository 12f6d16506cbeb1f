//! Ed25519 keys (RFC 8032), their texts, and fingerprints that people compare by eye.
//!
//! The texts are those of the keys that sign inventories, so that people meet one kind of key and one kind of fingerprint;
//! what is signed begins differently, so that a signature for one is none for the other.

use std::borrow::Cow;
use std::fmt;

use data_encoding::BASE64;
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use model::Secret;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

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

/// The key can't be used now: the keychain is locked, the token was pulled, the person said no. Says in English why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be used: {0}")]
pub struct NotSigned(pub String);

/// Whoever signs, wherever the key lies.
pub trait Signer {
    /// The key that verifies.
    fn public(&self) -> PublicKey;

    /// Ed25519 over the message as it is.
    ///
    /// # Errors
    /// [`NotSigned`].
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NotSigned>;
}

/// A key in this process's memory. It has no `Debug`, no `Display` and no serialisation, and is wiped when dropped.
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
        BASE64.encode_append(seed.as_slice(), &mut text);
        Secret::new(text)
    }

    /// Reads what [`SigningKey::secret`] gave.
    ///
    /// # Errors
    /// [`BadKey::NotAKey`].
    pub fn from_secret(secret: &Secret) -> Result<Self, BadKey> {
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&*decoded(secret.expose(), SECRET)?)))
    }
}

impl Signer for SigningKey {
    fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NotSigned> {
        Ok(self.0.sign(message).to_bytes())
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
        let key = VerifyingKey::from_bytes(&*decoded(text, PUBLIC)?).map_err(|_| BadKey::NotAKey)?;
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
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", BASE64.encode(self.0.as_bytes()))
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&Cow::<str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

fn decoded(text: &str, prefix: &str) -> Result<Zeroizing<[u8; 32]>, BadKey> {
    let base64 = text.trim().strip_prefix(prefix).ok_or(BadKey::NotAKey)?;
    let bytes = Zeroizing::new(BASE64.decode(base64.as_bytes()).map_err(|_| BadKey::NotAKey)?);
    bytes.as_slice().try_into().map(Zeroizing::new).map_err(|_| BadKey::NotAKey)
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
        Self::parse(&Cow::<str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Fingerprint {
    fn schema_name() -> Cow<'static, str> {
        "Fingerprint".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9a-f]{4}( [0-9a-f]{4}){7}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_texts_and_others_are_refused() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_secret(&key.secret()).unwrap();
        assert_eq!(key.public(), again.public());
        let text = key.public().to_string();
        assert_eq!(PublicKey::parse(&text).unwrap(), key.public());
        assert_eq!(
            Fingerprint::parse(&key.public().fingerprint().to_string()),
            Ok(key.public().fingerprint())
        );
        assert_eq!(PublicKey::parse(&text[..text.len() - 1]), Err(BadKey::NotAKey));
        assert_eq!(PublicKey::parse(key.secret().expose()), Err(BadKey::NotAKey));
        let weak = format!("{PUBLIC}{}", BASE64.encode(&[0; 32]));
        assert!(PublicKey::parse(&weak).is_err());
    }

    #[test]
    fn a_signature_fits_its_message_only() {
        let key = SigningKey::generate().unwrap();
        let signature = key.sign(b"a").unwrap();
        assert!(key.public().has_signed(b"a", &signature));
        assert!(!key.public().has_signed(b"b", &signature));
        assert!(!SigningKey::generate().unwrap().public().has_signed(b"a", &signature));
    }
}
