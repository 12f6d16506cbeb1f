//! An account: what is kept of it, and what others may see of it.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use model::{Role, Scope, Secret};
use serde::{Deserialize, Serialize};

use crate::files::Trouble;
use crate::key::{Bound, Fingerprint, Key, Sealed, random};
use crate::keyhole::Keeping;
use crate::lockout::{Strangers, Tries};
use crate::name::Name;
use crate::password::{Cost, Derivation, Hash};
use crate::second_factor::{SEED, SecondFactor, Seed};

/// An account as others may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The login.
    pub name: Name,
    /// What the person is called.
    pub display: String,
    /// What the person works as.
    pub role: Role,
    /// For which cameras.
    pub scope: Scope,
    /// Since when.
    pub created: Timestamp,
    /// Whether nobody can sign in with it.
    pub disabled: bool,
    /// Whether the password must be changed at the next sign-in.
    pub must_change: bool,
    /// Since when it has this password.
    pub password_changed: Timestamp,
    /// Until when it is locked after too many wrong tries.
    pub locked_until: Option<Timestamp>,
    /// Whether a code is asked for beside the password.
    pub second_factor: bool,
    /// Whether the person must have a second factor.
    pub second_factor_required: bool,
    /// How many recovery codes are left, if there is a second factor.
    pub recovery_codes_left: Option<usize>,
    /// How the logins for devices are kept.
    pub keeping: Keeping,
}

/// How the key of a person's logins for devices is kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Kept {
    NotChosen,
    /// In the system's keychain, under the account's id.
    Keychain {
        key: Fingerprint,
    },
    /// Here, sealed with the password's key.
    Password {
        key: Fingerprint,
        sealed: Sealed,
    },
}

/// An account as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// Random, 32 hexadecimal digits. Everything that is sealed is bound to it and not to the name, so that a name given
    /// to somebody else later opens nothing.
    pub(crate) id: String,
    pub(crate) name: Name,
    pub(crate) display: String,
    pub(crate) role: Role,
    pub(crate) scope: Scope,
    pub(crate) created: Timestamp,
    pub(crate) disabled: bool,
    pub(crate) must_change: bool,
    pub(crate) second_factor_required: bool,
    pub(crate) password: Hash,
    pub(crate) password_changed: Timestamp,
    /// The passwords before, the last one last.
    pub(crate) history: Vec<Hash>,
    /// How the password's key is made, which seals the second factor's seed and perhaps the logins' key.
    pub(crate) derivation: Derivation,
    pub(crate) tries: Tries,
    pub(crate) second_factor: Option<SecondFactor>,
    pub(crate) kept: Kept,
}

/// How many passwords before the present one may not come back.
pub(crate) const HISTORY: usize = 8;

impl Record {
    pub(crate) fn shown(&self) -> Account {
        Account {
            name: self.name.clone(),
            display: self.display.clone(),
            role: self.role,
            scope: self.scope.clone(),
            created: self.created,
            disabled: self.disabled,
            must_change: self.must_change,
            password_changed: self.password_changed,
            locked_until: self.tries.until(),
            second_factor: self.second_factor.is_some(),
            second_factor_required: self.second_factor_required,
            recovery_codes_left: self.recovery_codes_left(),
            keeping: self.keeping(),
        }
    }

    pub(crate) fn keeping(&self) -> Keeping {
        match self.kept {
            Kept::NotChosen => Keeping::NotChosen,
            Kept::Keychain { .. } => Keeping::Keychain,
            Kept::Password { .. } => Keeping::PasswordFile,
        }
    }

    pub(crate) fn recovery_codes_left(&self) -> Option<usize> {
        self.second_factor.as_ref().map(|second| second.recovery.left())
    }

    /// Whether it is the password now or was one of the last before.
    pub(crate) fn had(&self, password: &Secret) -> Result<bool, Trouble> {
        for hash in std::iter::once(&self.password).chain(&self.history) {
            if hash.is_of(password)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Puts another password in place of the present one. Nothing is sealed anew.
    pub(crate) fn replace_password(
        &mut self,
        password: &Secret,
        cost: Cost,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let before = std::mem::replace(&mut self.password, Hash::of(password, cost)?);
        self.history.push(before);
        let surplus = self.history.len().saturating_sub(HISTORY);
        self.history.drain(..surplus);
        self.derivation = Derivation::random(cost);
        self.password_changed = now;
        Ok(())
    }

    pub(crate) fn seal_seed(&self, key: &Key, seed: &Seed) -> Sealed {
        key.seal(&seed[..], &self.bound("second factor"))
    }

    pub(crate) fn open_seed(&self, key: &Key, sealed: &Sealed) -> Result<Seed, Trouble> {
        let plain = key.open(sealed, &self.bound("second factor"))?;
        let mut seed = Seed::new([0; SEED]);
        (plain.len() == SEED).then(|| seed.copy_from_slice(&plain)).ok_or(Trouble::Altered)?;
        Ok(seed)
    }

    pub(crate) fn seal_logins_key(&self, key: &Key, logins: &Key) -> Sealed {
        key.seal(logins.bytes(), &self.bound("logins' key"))
    }

    pub(crate) fn open_logins_key(&self, key: &Key, sealed: &Sealed) -> Result<Key, Trouble> {
        let plain = key.open(sealed, &self.bound("logins' key"))?;
        Key::from_slice(&plain).ok_or(Trouble::Altered)
    }

    fn bound(&self, to: &str) -> Bound {
        Bound::to(&[to, &self.id])
    }
}

/// A new id.
pub(crate) fn id() -> String {
    HEXLOWER.encode(&*random::<16>())
}

/// All that stands in the file of accounts.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Unchecked")]
pub(crate) struct Book {
    pub(crate) accounts: Vec<Record>,
    pub(crate) strangers: Strangers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    accounts: Vec<Record>,
    strangers: Strangers,
}

impl Book {
    /// The most accounts of a workstation: a province's whole staff, several times.
    pub(crate) const MOST: usize = 1000;
    /// The most bytes of the file: so many accounts with the longest names and wide scopes.
    pub(crate) const LARGEST: usize = 16 << 20;

    pub(crate) fn find(&self, name: &Name) -> Option<usize> {
        self.accounts.iter().position(|account| account.name == *name)
    }

    /// Whether somebody but `except` can sign in and administer.
    pub(crate) fn has_administrator_besides(&self, except: usize) -> bool {
        let others = self.accounts.iter().enumerate().filter(|(index, _)| *index != except);
        others.into_iter().any(|(_, account)| account.role == Role::Administrator && !account.disabled)
    }
}

impl TryFrom<Unchecked> for Book {
    type Error = &'static str;

    fn try_from(Unchecked { accounts, strangers }: Unchecked) -> Result<Self, Self::Error> {
        let is_id = |id: &str| id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let names: BTreeSet<_> = accounts.iter().map(|account| account.name.folded()).collect();
        let ids: BTreeSet<_> = accounts.iter().map(|account| &account.id).collect();
        let sound = accounts.len() <= Self::MOST
            && names.len() == accounts.len()
            && ids.len() == accounts.len()
            && accounts.iter().all(|account| is_id(&account.id) && account.history.len() <= HISTORY)
            && strangers.is_sound();
        sound.then_some(Self { accounts, strangers }).ok_or("impossible accounts")
    }
}
