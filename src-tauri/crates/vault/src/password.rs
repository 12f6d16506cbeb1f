//! Hashes of passwords, and keys made of passwords: Argon2id (RFC 9106).

use std::hint::black_box;

use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64;
use model::Secret;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::files::Trouble;
use crate::key::{Key, random};

/// What one hash costs.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Uncapped")]
pub(crate) struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Uncapped {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// RFC 9106, section 4, second recommendation (64 MiB, 3 passes) with one lane: the office laptops have two cores,
    /// and one is busy with pictures.
    pub(crate) const STANDARD: Self = Self { memory_kib: 64 << 10, passes: 3, lanes: 1 };

    /// For tests of everything but the hash itself.
    #[cfg(test)]
    pub(crate) const TINY: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };

    fn params(self) -> Params {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(Key::LENGTH))
            .expect("within Argon2's bounds")
    }

    fn argon2(self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params())
    }
}

/// A file must not make this machine hash for hours.
impl TryFrom<Uncapped> for Cost {
    type Error = &'static str;

    fn try_from(Uncapped { memory_kib, passes, lanes }: Uncapped) -> Result<Self, Self::Error> {
        let sound = (8..=1 << 20).contains(&memory_kib)
            && (1..=16).contains(&passes)
            && (1..=4).contains(&lanes)
            && memory_kib >= 8 * lanes;
        sound.then_some(Self { memory_kib, passes, lanes }).ok_or("an impossible cost")
    }
}

/// The most bytes of a password; whatever is longer is wrong, and costs no more than others.
pub(crate) const LONGEST: usize = 1024;

/// The password as it is hashed: composed (NFC), because the same Vietnamese letters reach us composed from one input
/// method and decomposed from the next (RFC 8265, section 4.2.2).
pub(crate) fn composed(password: &Secret) -> Zeroizing<String> {
    // All room at once: a buffer that grows leaves copies of what it held. No text grows to more than three times its
    // length by composing (Unicode Standard Annex #15, table of maximum expansion factors).
    let text = password.expose();
    let mut composed = Zeroizing::new(String::with_capacity(3 * text.len()));
    composed.extend(text.nfc());
    composed
}

#[cfg(test)]
thread_local! {
    /// How many hashes were made: what an answer costs, without a clock.
    pub(crate) static HASHES: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    /// Whether the program ends where it would hash.
    pub(crate) static KILLED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// The password as one hash takes it.
fn hashable(password: &Secret) -> Zeroizing<String> {
    #[cfg(test)]
    {
        HASHES.set(HASHES.get() + 1);
        assert!(!KILLED.get(), "killed while hashing");
    }
    match password.expose().len() {
        0..=LONGEST => composed(password),
        _ => Zeroizing::default(),
    }
}

/// A password's hash with salt and cost, as a PHC string.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Hash(phc::PasswordHash);

impl Hash {
    pub(crate) fn of(password: &Secret, cost: Cost) -> Result<Self, Trouble> {
        let text = hashable(password);
        cost.argon2()
            .hash_password_customized(text.as_bytes(), &*random::<16>(), None, None, cost.params())
            .map(Self)
            .map_err(|_| Trouble::NoMemory)
    }

    /// Whether it is that password. A password that is empty or longer than [`LONGEST`] is none.
    pub(crate) fn is_of(&self, password: &Secret) -> Result<bool, Trouble> {
        use argon2::password_hash::Error;
        let text = hashable(password);
        match Argon2::default().verify_password(text.as_bytes(), &self.0) {
            Ok(()) => Ok(!text.is_empty()),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(_) => Err(Trouble::NoMemory),
        }
    }

    /// Takes the time of [`Hash::is_of`], for names that nobody has.
    pub(crate) fn pretend(password: &Secret, cost: Cost) -> Result<(), Trouble> {
        black_box(Derivation { cost, salt: [0; 16] }.key(password)?);
        Ok(())
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.0.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WRONG: &str = "not an Argon2id hash";
        let hash = phc::PasswordHash::new(&text).map_err(|_| WRONG)?;
        let number = |name| hash.params.get_decimal(name).ok_or(WRONG);
        let cost = Uncapped { memory_kib: number("m")?, passes: number("t")?, lanes: number("p")? };
        let whole = hash.algorithm.as_str() == "argon2id"
            && hash.version == Some(Version::V0x13.into())
            && hash.params.iter().count() == 3
            && hash.salt.is_some_and(|salt| salt.len() >= 16)
            && hash.hash.is_some_and(|hash| hash.len() == Key::LENGTH);
        Cost::try_from(cost)?;
        whole.then_some(Self(hash)).ok_or(WRONG)
    }
}

/// How a key is made of a password: apart from the hash, whose bytes stand in the file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Derivation {
    cost: Cost,
    #[serde(with = "salt")]
    salt: [u8; 16],
}

impl Derivation {
    pub(crate) fn random(cost: Cost) -> Self {
        Self { cost, salt: *random() }
    }

    pub(crate) fn key(&self, password: &Secret) -> Result<Key, Trouble> {
        let mut bytes = Zeroizing::new([0; Key::LENGTH]);
        self.cost
            .argon2()
            .hash_password_into(hashable(password).as_bytes(), &self.salt, &mut *bytes)
            .map_err(|_| Trouble::NoMemory)?;
        Ok(Key::new(bytes))
    }
}

mod salt {
    use super::{BASE64, Deserialize};
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(salt: &[u8; 16], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(salt))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 16], D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| D::Error::custom("not a salt"))?;
        bytes.try_into().map_err(|_| D::Error::custom("not a salt"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn the_standard_cost_stands_in_the_hash() {
        let hash = Hash::of(&secret("Trạm gác số 12!"), Cost::STANDARD).unwrap();
        assert!(hash.is_of(&secret("Trạm gác số 12!")).unwrap());
        assert!(!hash.is_of(&secret("Trạm gác số 13!")).unwrap());
        let text = String::from(hash);
        assert!(text.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{text}");
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let (composed, decomposed) = ("Phường Đông", "Phu\u{31b}o\u{31b}\u{300}ng Đo\u{302}ng");
        assert_ne!(composed, decomposed);
        let hash = Hash::of(&secret(composed), Cost::TINY).unwrap();
        assert!(hash.is_of(&secret(decomposed)).unwrap());
    }

    #[test]
    fn empty_and_endless_passwords_are_never_right() {
        let long = secret(&"x".repeat(LONGEST + 1));
        for odd in [secret(""), long] {
            let hash = Hash::of(&odd, Cost::TINY).unwrap();
            assert!(!hash.is_of(&odd).unwrap());
            assert!(!hash.is_of(&secret("")).unwrap());
        }
    }

    #[test]
    fn keys_differ_by_salt_and_password_and_are_no_hash() {
        let derivation = Derivation::random(Cost::TINY);
        let key = derivation.key(&secret("a")).unwrap();
        assert_eq!(key.bytes(), derivation.key(&secret("a")).unwrap().bytes());
        assert_ne!(key.bytes(), derivation.key(&secret("b")).unwrap().bytes());
        assert_ne!(key.bytes(), Derivation::random(Cost::TINY).key(&secret("a")).unwrap().bytes());
    }

    #[test]
    fn hashes_that_would_not_hold_or_never_end_are_refused() {
        let good = String::from(Hash::of(&secret("a"), Cost::TINY).unwrap());
        assert!(Hash::try_from(good.clone()).is_ok());
        for (from, to) in [
            ("argon2id", "argon2i"),
            ("v=19", "v=16"),
            ("m=8,", "m=4294967295,"),
            ("t=1,", "t=4294967295,"),
            ("p=1$", "p=16777215$"),
            ("m=8,", ""),
            ("p=1$", "p=1,keyid=AAAA$"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good);
            assert!(Hash::try_from(bad.clone()).is_err(), "{bad}");
        }
        for bad in ["", "x", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA"] {
            assert!(Hash::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
