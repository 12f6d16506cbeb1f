//! A person's logins for devices.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use model::{Credentials, Id, Secret};
use serde::{Deserialize, Serialize};
use store::Problem;

use crate::files::{Held, Shelf, Trouble};
use crate::key::{Fingerprint, Key};
use crate::keyhole::KeyFault;
use crate::login::{Kept, Login, Target, Tested};

/// A person's logins, opened. Holds their key, which is wiped when dropped. The file is the truth: every call reads it
/// anew under its lock, about 1 ms, and without the keychain or a password.
pub struct Logins {
    shelf: Shelf<Content>,
    account: String,
    key: Key,
}

/// A login as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// What it is for.
    pub target: Target,
    /// The account's name on the device and what came of it; `None`: it was altered and can't be read.
    pub login: Option<(String, Tested)>,
}

/// Why a login is not given out although there is one; a less specific one is not tried in its place.
#[derive(Debug, thiserror::Error)]
pub enum NotGiven {
    /// A device has refused it, and it was not changed since.
    #[error("refused at {at}")]
    Refused {
        /// What it is for.
        target: Target,
        /// When.
        at: Timestamp,
    },
    /// It was altered.
    #[error("altered")]
    Altered {
        /// What it is for.
        target: Target,
    },
    /// The file can't be used.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Why a login is not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    /// User or password are empty, too long ([`Logins::LONGEST`]), or have control characters.
    #[error("not a login")]
    Odd,
    /// As many as there may be ([`Logins::MOST`]).
    #[error("too many logins")]
    TooMany,
    /// The file can't be used.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Unchecked")]
struct Content {
    /// Of the key with which all are sealed.
    key: Fingerprint,
    logins: Vec<Kept>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    key: Fingerprint,
    logins: Vec<Kept>,
}

impl TryFrom<Unchecked> for Content {
    type Error = &'static str;

    fn try_from(Unchecked { key, logins }: Unchecked) -> Result<Self, Self::Error> {
        let targets: BTreeSet<_> = logins.iter().map(|login| &login.target).collect();
        let sound = logins.len() <= Logins::MOST && targets.len() == logins.len();
        sound.then_some(Self { key, logins }).ok_or("impossible logins")
    }
}

impl Logins {
    /// The most logins of a person: more than a province has devices.
    pub const MOST: usize = 2000;
    /// The most bytes of a user or a password.
    pub const LONGEST: usize = 1024;

    pub(crate) fn open(folder: &Path, account: &str, key: Key) -> Result<Self, KeyFault> {
        let logins = Self { shelf: shelf(folder, account), account: account.to_owned(), key };
        let held = logins.shelf.hold()?;
        let content = logins.shelf.read_or_begin_anew(&held)?;
        let ours = content.is_none_or(|content| content.key == logins.key.fingerprint());
        drop(held);
        if ours { Ok(logins) } else { Err(KeyFault::OtherKey) }
    }

    /// Sets the file aside that was sealed with another key than `key`; whether there was one.
    pub(crate) fn set_aside_unless_of(folder: &Path, account: &str, key: &Key) -> Result<bool, Trouble> {
        let shelf = shelf(folder, account);
        let held = shelf.hold()?;
        let other = shelf.read_or_begin_anew(&held)?.is_some_and(|content| content.key != key.fingerprint());
        if other {
            shelf.retire(&held, "unreadable")?;
        }
        Ok(other)
    }

    /// What was found to be wrong with the file since this was last asked.
    #[must_use]
    pub fn noticed(&self) -> Option<Problem> {
        self.shelf.noticed()
    }

    /// Keeps a login, in place of the one for the same target. It is untested.
    ///
    /// # Errors
    /// [`NotSet`]
    pub fn set(&self, target: Target, user: &str, password: &Secret) -> Result<(), NotSet> {
        let sound =
            |text: &str| (1..=Self::LONGEST).contains(&text.len()) && !text.chars().any(char::is_control);
        if !sound(user) || !sound(password.expose()) {
            return Err(NotSet::Odd);
        }
        let credentials = Credentials { user: user.to_owned(), password: password.clone() };
        let kept = Login { credentials, tested: Tested::Untested }.seal(&self.key, &self.account, target);
        let (held, mut content) = self.content()?;
        content.logins.retain(|login| login.target != kept.target);
        if content.logins.len() >= Self::MOST {
            return Err(NotSet::TooMany);
        }
        content.logins.push(kept);
        Ok(self.shelf.write(&held, &content)?)
    }

    /// Removes a login; `false`: there was none. The one before stays in the last good file until the next change.
    ///
    /// # Errors
    /// [`Trouble`]
    pub fn remove(&self, target: &Target) -> Result<bool, Trouble> {
        let (held, mut content) = self.content()?;
        let before = content.logins.len();
        content.logins.retain(|login| login.target != *target);
        let removed = content.logins.len() < before;
        if removed {
            self.shelf.write(&held, &content)?;
        }
        Ok(removed)
    }

    /// All of them without their passwords, by target.
    ///
    /// # Errors
    /// [`Trouble`]
    pub fn list(&self) -> Result<Vec<Listed>, Trouble> {
        let (_held, content) = self.content()?;
        let listed = |kept: &Kept| Listed {
            target: kept.target.clone(),
            login: self.opened(kept).map(|login| (login.credentials.user, login.tested)),
        };
        let mut all: Vec<_> = content.logins.iter().map(listed).collect();
        all.sort_by(|one, other| one.target.cmp(&other.target));
        Ok(all)
    }

    /// The login for a device: a camera's, its recorder's, its site's, or the province's, whichever there is first. For a
    /// recorder itself, `camera` is `None`. `Ok(None)`: there is none.
    ///
    /// # Errors
    /// [`NotGiven`]
    pub fn resolve(
        &self,
        site: &Id,
        recorder: Option<&Id>,
        camera: Option<&Id>,
    ) -> Result<Option<(Target, Credentials)>, NotGiven> {
        let (_held, content) = self.content()?;
        let targets = [
            camera.cloned().map(Target::Camera),
            recorder.cloned().map(Target::Recorder),
            Some(Target::Site(site.clone())),
            Some(Target::Province),
        ];
        let kept = |target: Target| content.logins.iter().find(|login| login.target == target);
        let Some(kept) = targets.into_iter().flatten().find_map(kept) else { return Ok(None) };
        let target = kept.target.clone();
        match self.opened(kept) {
            None => Err(NotGiven::Altered { target }),
            Some(Login { tested: Tested::Refused { at }, .. }) => Err(NotGiven::Refused { target, at }),
            Some(Login { credentials, .. }) => Ok(Some((target, credentials))),
        }
    }

    /// The person's own key that signs inventories, as it was set for [`Target::SigningKey`].
    ///
    /// # Errors
    /// [`Trouble`], also where it was altered.
    pub fn signing_key(&self) -> Result<Option<Secret>, Trouble> {
        let (_held, content) = self.content()?;
        let kept = content.logins.iter().find(|login| login.target == Target::SigningKey);
        let opened = kept.map(|kept| self.opened(kept).ok_or(Trouble::Altered)).transpose()?;
        Ok(opened.map(|login| login.credentials.password))
    }

    /// Says what a device said to `tried`; `false`: the login was changed since it was given out, or removed, and the
    /// answer is not about the one that is there.
    ///
    /// # Errors
    /// [`Trouble`]
    pub fn mark(&self, target: &Target, tried: &Credentials, tested: Tested) -> Result<bool, Trouble> {
        let (held, mut content) = self.content()?;
        let Some(kept) = content.logins.iter_mut().find(|login| login.target == *target) else {
            return Ok(false);
        };
        let same = |login: &Login| {
            login.credentials.user == tried.user
                && login.credentials.password.expose() == tried.password.expose()
        };
        let Some(login) = Login::open(kept, &self.key, &self.account).filter(same) else { return Ok(false) };
        if login.tested != tested {
            *kept = Login { tested, ..login }.seal(&self.key, &self.account, target.clone());
            self.shelf.write(&held, &content)?;
        }
        Ok(true)
    }

    fn opened(&self, kept: &Kept) -> Option<Login> {
        Login::open(kept, &self.key, &self.account)
    }

    fn content(&self) -> Result<(Held, Content), Trouble> {
        let held = self.shelf.hold()?;
        let key = self.key.fingerprint();
        let content =
            self.shelf.read_or_begin_anew(&held)?.unwrap_or(Content { key: key.clone(), logins: Vec::new() });
        // Another program has begun anew meanwhile: nothing of ours may get into its file.
        if content.key == key { Ok((held, content)) } else { Err(Trouble::Altered) }
    }
}

/// A folder for each account, named by its id, which says nothing.
fn shelf(folder: &Path, account: &str) -> Shelf<Content> {
    Shelf::new(&folder.join(account), "logins", LARGEST)
}

/// The most bytes of the file: so many logins with the longest texts.
const LARGEST: usize = 16 << 20;
