//! From somebody who is signed in to their logins for devices.

use serde::Serialize;

use crate::account::{Book, Kept, Record};
use crate::accounts::Accounts;
use crate::change::{Change, Refusal, What};
use crate::files::Trouble;
use crate::key::Key;
use crate::keychain::{Keychain, KeychainFault};
use crate::logins::Logins;
use crate::password::Derivation;

/// How the key of a person's logins is kept. Never chosen silently: the person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// Not at all: nobody was asked yet, or a new password from an administrator has made the key unreadable.
    NotChosen,
    /// In the system's keychain: as safe as the system's user.
    Keychain,
    /// In the file of accounts, sealed by the person's password: for systems without a keychain.
    PasswordFile,
}

/// Why the logins can't be reached.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The person has to be asked first how the key is to be kept.
    #[error("not chosen how the key is kept")]
    NotChosen,
    /// The keychain does not answer.
    #[error(transparent)]
    Keychain(#[from] KeychainFault),
    /// The keychain answers and has not the key: another user of the system, or another machine.
    #[error("the key is gone")]
    KeyGone,
    /// The key is there and is not the one with which the logins were sealed.
    #[error("another key")]
    OtherKey,
    /// The password was changed since this sign-in, or the account is gone or disabled.
    #[error("the password was changed since")]
    Stale,
    /// A file can't be used, or was altered.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// What [`Keyhole::choose`] has done.
#[derive(Debug, PartialEq, Eq)]
pub struct Chosen {
    /// What changed, if anything did.
    pub change: Option<Change>,
    /// The key still stands in the keychain, which did not let it be removed.
    pub left_in_keychain: bool,
    /// There were logins that nobody can read any more; they were set aside.
    pub set_aside: bool,
}

/// The way of somebody who is signed in to their logins. Holds the password's key, which is wiped when dropped.
pub struct Keyhole {
    accounts: Accounts,
    id: String,
    derivation: Derivation,
    key: Key,
}

impl Keyhole {
    pub(crate) fn new(accounts: Accounts, account: &Record, key: Key) -> Self {
        Self { accounts, id: account.id.clone(), derivation: account.derivation.clone(), key }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// The account, while it has the password that this was made with.
    pub(crate) fn account<'a>(&self, book: &'a mut Book) -> Result<&'a mut Record, Refusal> {
        let same = |account: &&mut Record| {
            account.id == self.id && account.derivation == self.derivation && !account.disabled
        };
        book.accounts.iter_mut().find(same).ok_or(Refusal::Stale)
    }

    /// How the key is kept now.
    ///
    /// # Errors
    /// [`KeyFault::Stale`], [`KeyFault::Trouble`]
    pub fn keeping(&self) -> Result<Keeping, KeyFault> {
        self.look(|account| Ok(account.keeping()))
    }

    /// The person's logins.
    ///
    /// # Errors
    /// [`KeyFault`]
    pub fn open(&self, keychain: &Keychain) -> Result<Logins, KeyFault> {
        let key = self.logins_key(keychain)?.ok_or(KeyFault::NotChosen)?;
        Logins::open(&self.accounts.inner.folder, &self.id, key)
    }

    /// Keeps the key as the person has chosen, and makes one where there is none. The logins stay, however often this
    /// changes. [`Keeping::NotChosen`] changes nothing.
    ///
    /// # Errors
    /// [`KeyFault`], also where the key can't be had from where it is kept now; nothing is changed then.
    /// [`Keyhole::begin_anew`] does without it.
    pub fn choose(&self, keeping: Keeping, keychain: &Keychain) -> Result<Chosen, KeyFault> {
        let key = self.logins_key(keychain)?.unwrap_or_else(Key::random);
        self.keep(keeping, keychain, &key)
    }

    /// Gives the logins up that are there, sets them aside, and begins with a new key.
    ///
    /// # Errors
    /// [`KeyFault`]
    pub fn begin_anew(&self, keeping: Keeping, keychain: &Keychain) -> Result<Chosen, KeyFault> {
        self.keep(keeping, keychain, &Key::random())
    }

    /// The key from where it is kept; `None`: nowhere.
    fn logins_key(&self, keychain: &Keychain) -> Result<Option<Key>, KeyFault> {
        let (expected, key) = match self.look(|account| Ok(account.kept.clone()))? {
            Kept::NotChosen => return Ok(None),
            Kept::Keychain { key } => (key, keychain.load(&self.id)?.ok_or(KeyFault::KeyGone)?),
            Kept::Password { key, sealed } => {
                (key, self.look(|account| account.open_logins_key(&self.key, &sealed))?)
            }
        };
        if key.fingerprint() == expected { Ok(Some(key)) } else { Err(KeyFault::OtherKey) }
    }

    fn keep(&self, keeping: Keeping, keychain: &Keychain, key: &Key) -> Result<Chosen, KeyFault> {
        if keeping == Keeping::NotChosen {
            return Ok(Chosen { change: None, left_in_keychain: false, set_aside: false });
        }
        // Before the file is locked: the keychain may wait for a person.
        if keeping == Keeping::Keychain {
            keychain.store(&self.id, key)?;
        }
        let (from, change) = self.accounts.change(|book, _| {
            let account = self.account(book)?;
            let from = account.keeping();
            let fingerprint = key.fingerprint();
            account.kept = match keeping {
                Keeping::PasswordFile => {
                    Kept::Password { key: fingerprint, sealed: account.seal_logins_key(&self.key, key) }
                }
                _ => Kept::Keychain { key: fingerprint },
            };
            let what = What::Keeping { from, to: keeping };
            Ok((from, (from != keeping).then(|| Change { account: account.name.clone(), what })))
        })?;
        let set_aside = Logins::set_aside_unless_of(&self.accounts.inner.folder, &self.id, key)?;
        // Last: until here the key was wherever it was looked for.
        let moved_out = from == Keeping::Keychain && keeping != Keeping::Keychain;
        let left_in_keychain = moved_out && keychain.remove(&self.id).is_err();
        Ok(Chosen { change, left_in_keychain, set_aside })
    }

    fn look<R>(&self, look: impl FnOnce(&Record) -> Result<R, Trouble>) -> Result<R, KeyFault> {
        let (_held, mut book) = self.accounts.book()?;
        Ok(look(self.account(&mut book)?)?)
    }
}

impl From<Refusal> for KeyFault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Trouble(trouble) => Self::Trouble(trouble),
            _ => Self::Stale,
        }
    }
}
