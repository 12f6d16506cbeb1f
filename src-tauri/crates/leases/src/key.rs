//! What a site's ledger and a camera's helm are called on the server. Its keys take few characters, and people who look
//! into the store should recognise their sites and cameras.

use std::fmt::Write as _;

use model::Id;

/// Before every site's key.
pub(crate) const SITES: &str = "site.";
/// Before the key of every camera that is steered.
pub(crate) const HELMS: &str = "helm.";

/// The kind and the id; every byte that a key cannot have becomes `=` and two hexadecimal digits.
pub(crate) fn of(kind: &str, id: &Id) -> String {
    let mut key = kind.to_owned();
    for &byte in id.as_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/') {
            key.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(key, "={byte:02X}");
        }
    }
    key
}

/// The site or camera that a key belongs to; `None` for what [`of`] has not made.
pub(crate) fn id(kind: &str, key: &str) -> Option<Id> {
    let mut bytes = Vec::new();
    let mut rest = key.strip_prefix(kind)?.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'=' {
            let (digits, after) = rest.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(byte);
        }
    }
    let id = Id::new(std::str::from_utf8(&bytes).ok()?).ok()?;
    (of(kind, &id) == key).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_a_key_of_its_own() {
        for (id, key) in [
            ("tram-y-te/1", "site.tram-y-te/1"),
            ("Cổng.chính *>", "site.C=E1=BB=95ng=2Ech=C3=ADnh=20=2A=3E"),
            ("a=b", "site.a=3Db"),
        ] {
            let id = Id::new(id).unwrap();
            assert_eq!(of(SITES, &id), key);
            assert_eq!(super::id(SITES, key), Some(id));
        }
        for strange in [
            "", "site.", "other.a", "helm.a", "site.=", "site.=4", "site.=41", "site.=+1", "site.=FF",
            "site.a.b",
        ] {
            assert_eq!(super::id(SITES, strange), None, "{strange:?}");
        }
    }
}
