//! Keys, and what is sealed with them: XChaCha20-Poly1305 with a random nonce of 24 bytes, so that no counter has to
//! survive a power cut (draft-irtf-cfrg-xchacha-03).

use chacha20poly1305::aead::{Aead, AeadInOut, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::files::Trouble;

/// A key of 256 bits, wiped when dropped.
pub(crate) struct Key(Zeroizing<[u8; Key::LENGTH]>);

/// What tells a key from another one and says nothing about it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint(String);

/// What was sealed: nonce, and the text with its tag. In files as `nonce:text` in base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Sealed {
    nonce: [u8; 24],
    text: Vec<u8>,
}

/// What is bound to a sealed text without being in it: what it is for, whose it is, and so on. Each part is preceded by
/// its length, so that no two lists of parts give the same bytes.
pub(crate) struct Bound(Vec<u8>);

impl Bound {
    pub(crate) fn to(parts: &[&str]) -> Self {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part.as_bytes());
        }
        Self(bytes)
    }
}

/// Fills it from the system's random source.
///
/// # Panics
/// If the system has none: then no secret can be made, and none is pretended.
pub(crate) fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).expect("the system's random source answers");
    bytes
}

impl Key {
    pub(crate) const LENGTH: usize = 32;

    pub(crate) fn random() -> Self {
        Self(random())
    }

    pub(crate) fn new(bytes: Zeroizing<[u8; Self::LENGTH]>) -> Self {
        Self(bytes)
    }

    /// `None` unless these are 32 bytes.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; Self::LENGTH]);
        (bytes.len() == Self::LENGTH).then(|| key.copy_from_slice(bytes))?;
        Some(Self(key))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    /// Of 128 bits: a random key can't be guessed from its hash.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let hash = Sha256::new().chain_update("Watchwall key\0").chain_update(self.bytes()).finalize();
        Fingerprint(HEXLOWER.encode(&hash[..16]))
    }

    pub(crate) fn seal(&self, plain: &[u8], bound: &Bound) -> Sealed {
        let nonce = *random::<24>();
        let payload = Payload { msg: plain, aad: &bound.0 };
        let text = self.cipher().encrypt(&XNonce::from(nonce), payload).expect("shorter than 256 GiB");
        Sealed { nonce, text }
    }

    /// # Errors
    /// [`Trouble::Altered`] for what was not sealed like this, with this key, bound to this.
    pub(crate) fn open(&self, sealed: &Sealed, bound: &Bound) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        // In place: the text becomes the plain one in the buffer that is wiped.
        let mut buffer = Zeroizing::new(sealed.text.clone());
        self.cipher()
            .decrypt_in_place(&XNonce::from(sealed.nonce), &bound.0, &mut *buffer)
            .map_err(|_| Trouble::Altered)?;
        Ok(buffer)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new_from_slice(self.bytes()).expect("32 bytes")
    }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> Self {
        format!("{}:{}", BASE64.encode(&sealed.nonce), BASE64.encode(&sealed.text))
    }
}

impl TryFrom<String> for Sealed {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WRONG: &str = "not sealed like this";
        let (nonce, text) = text.split_once(':').ok_or(WRONG)?;
        let decoded = |part: &str| BASE64.decode(part.as_bytes()).map_err(|_| WRONG);
        let nonce = decoded(nonce)?.try_into().map_err(|_| WRONG)?;
        Ok(Self { nonce, text: decoded(text)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_what_it_is_bound_to() {
        let key = Key::random();
        let sealed = key.seal(b"plain", &Bound::to(&["seed", "a"]));
        assert_eq!(**key.open(&sealed, &Bound::to(&["seed", "a"])).unwrap(), *b"plain");
        for other in [&["seed", "b"][..], &["see", "da"], &["seeda"], &["seed", "a", ""], &[]] {
            assert!(matches!(key.open(&sealed, &Bound::to(other)), Err(Trouble::Altered)), "{other:?}");
        }
        assert!(Key::random().open(&sealed, &Bound::to(&["seed", "a"])).is_err());
    }

    #[test]
    fn any_altered_bit_is_noticed() {
        let (key, bound) = (Key::random(), Bound::to(&["x"]));
        let sealed = key.seal(b"plain", &bound);
        for bit in 0..8 * (24 + sealed.text.len()) {
            let mut altered = sealed.clone();
            let byte = altered.nonce.iter_mut().chain(&mut altered.text).nth(bit / 8).unwrap();
            *byte ^= 1 << (bit % 8);
            assert!(key.open(&altered, &bound).is_err(), "bit {bit}");
        }
        let mut short = sealed.clone();
        short.text.truncate(10);
        assert!(key.open(&short, &bound).is_err());
    }

    #[test]
    fn no_nonce_is_used_twice() {
        let (key, bound) = (Key::random(), Bound::to(&[]));
        let nonces: std::collections::BTreeSet<_> = (0..1000).map(|_| key.seal(b"", &bound).nonce).collect();
        assert_eq!(nonces.len(), 1000);
    }
}
