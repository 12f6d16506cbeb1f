//! One login for devices, as it is sealed.

use jiff::Timestamp;
use model::{Credentials, Id, Secret};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::key::{Bound, Key, Sealed};

/// What a login is for. The most specific one wins: camera, recorder, site, province.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Target {
    /// Every device.
    Province,
    /// The devices of a site.
    Site(Id),
    /// A recorder, and the cameras behind it.
    Recorder(Id),
    /// A camera.
    Camera(Id),
    /// No device: the person's own key that signs inventories, kept like a login.
    SigningKey,
}

impl Target {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Province => ("province", ""),
            Self::Site(id) => ("site", id.as_str()),
            Self::Recorder(id) => ("recorder", id.as_str()),
            Self::Camera(id) => ("camera", id.as_str()),
            Self::SigningKey => ("signing key", ""),
        }
    }
}

/// What a device said to a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Tested {
    /// None has been asked.
    Untested,
    /// One has let it in.
    Accepted {
        /// When last.
        at: Timestamp,
    },
    /// One has refused it. It is not given out again before it is changed, since devices lock an account after a few
    /// wrong tries.
    Refused {
        /// When.
        at: Timestamp,
    },
}

/// A login, opened.
pub(crate) struct Login {
    pub(crate) credentials: Credentials,
    pub(crate) tested: Tested,
}

/// A login as it is kept: only what it is for can be seen.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) target: Target,
    pub(crate) sealed: Sealed,
}

/// Texts are padded to a multiple of this, so that the file does not tell how long a password is.
const BLOCK: usize = 256;

impl Login {
    /// Sealed for `account`, and bound to it and to the target: nowhere else it opens.
    pub(crate) fn seal(&self, key: &Key, account: &str, target: Target) -> Kept {
        let sealed = key.seal(&self.plain(), &bound(account, &target));
        Kept { target, sealed }
    }

    /// `None` if it was not sealed like that: altered, or moved from another target or account.
    pub(crate) fn open(kept: &Kept, key: &Key, account: &str) -> Option<Self> {
        let plain = key.open(&kept.sealed, &bound(account, &kept.target)).ok()?;
        Self::parse(&plain)
    }

    /// State (1 byte), its time (ns since 1970, 16 bytes), user and password (length in 2 bytes, then the text), zeros.
    fn plain(&self) -> Zeroizing<Vec<u8>> {
        let (user, password) =
            (self.credentials.user.as_bytes(), self.credentials.password.expose().as_bytes());
        let length = 1 + 16 + 2 + user.len() + 2 + password.len();
        // All room at once: a buffer that grows leaves copies of what it held.
        let mut plain = Zeroizing::new(Vec::with_capacity(length.next_multiple_of(BLOCK)));
        let (state, at) = match self.tested {
            Tested::Untested => (0, Timestamp::UNIX_EPOCH),
            Tested::Accepted { at } => (1, at),
            Tested::Refused { at } => (2, at),
        };
        plain.push(state);
        plain.extend(at.as_nanosecond().to_le_bytes());
        for text in [user, password] {
            let length = u16::try_from(text.len()).expect("checked when it was set");
            plain.extend(length.to_le_bytes());
            plain.extend(text);
        }
        plain.resize(length.next_multiple_of(BLOCK), 0);
        plain
    }

    fn parse(mut plain: &[u8]) -> Option<Self> {
        let state = take(&mut plain, 1)?[0];
        let nanoseconds = i128::from_le_bytes(take(&mut plain, 16)?.try_into().ok()?);
        let at = Timestamp::from_nanosecond(nanoseconds).ok()?;
        let tested = match state {
            0 => Tested::Untested,
            1 => Tested::Accepted { at },
            2 => Tested::Refused { at },
            _ => return None,
        };
        let user = text(&mut plain)?;
        let password = Secret::new(text(&mut plain)?);
        Some(Self { credentials: Credentials { user, password }, tested })
    }
}

fn bound(account: &str, target: &Target) -> Bound {
    let (kind, id) = target.parts();
    Bound::to(&["login", account, kind, id])
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let length = u16::from_le_bytes(take(bytes, 2)?.try_into().ok()?);
    Some(std::str::from_utf8(take(bytes, length.into())?).ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(user: &str, password: &str, tested: Tested) -> Login {
        let password = Secret::new(password.to_owned());
        Login { credentials: Credentials { user: user.to_owned(), password }, tested }
    }

    #[test]
    fn what_is_opened_is_what_was_sealed() {
        let (key, at) = (Key::random(), Timestamp::from_nanosecond(1_790_000_000_123_456_789).unwrap());
        let long = "đ".repeat(500);
        for tested in [Tested::Untested, Tested::Accepted { at }, Tested::Refused { at }] {
            for (user, password) in [("", ""), ("admin", "mật khẩu"), (&long[..], &long[..])] {
                let kept = login(user, password, tested).seal(&key, "a", Target::Province);
                let opened = Login::open(&kept, &key, "a").unwrap();
                assert_eq!(opened.credentials.user, user);
                assert_eq!(opened.credentials.password.expose(), password);
                assert_eq!(opened.tested, tested);
            }
        }
    }

    #[test]
    fn a_login_opens_nowhere_else() {
        let id = |text| Id::new(text).unwrap();
        let key = Key::random();
        let kept = login("admin", "secret", Tested::Untested).seal(&key, "a", Target::Site(id("1")));
        assert!(Login::open(&kept, &key, "a").is_some());
        assert!(Login::open(&kept, &key, "b").is_none(), "another account");
        assert!(Login::open(&kept, &Key::random(), "a").is_none(), "another key");
        for target in
            [Target::Province, Target::Site(id("2")), Target::Recorder(id("1")), Target::Camera(id("1"))]
        {
            let moved = Kept { target: target.clone(), sealed: kept.sealed.clone() };
            assert!(Login::open(&moved, &key, "a").is_none(), "{target:?}");
        }
    }

    #[test]
    fn its_length_does_not_tell_the_passwords() {
        let length = |password: &str| login("admin", password, Tested::Untested).plain().len();
        assert_eq!(length(""), length("a password of usual length, or somewhat longer than that"));
    }

    #[test]
    fn odd_texts_are_no_logins() {
        let whole = login("admin", "secret", Tested::Untested).plain();
        assert!(Login::parse(&whole).is_some());
        for length in 0..1 + 16 + 2 + 5 + 2 + 6 {
            assert!(Login::parse(&whole[..length]).is_none(), "{length}");
        }
        let mut odd = whole.to_vec();
        odd[0] = 3;
        assert!(Login::parse(&odd).is_none());
        odd[0] = 1;
        odd[16] = 0x7f;
        assert!(Login::parse(&odd).is_none(), "beyond time");
    }
}
