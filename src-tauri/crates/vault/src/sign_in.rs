//! Who somebody is: password, second factor, and the tries that are counted.

use jiff::Timestamp;
use model::{Role, Scope, Secret};

use crate::account::{Book, Kept, Record};
use crate::accounts::Accounts;
use crate::change::{Change, Refusal, What};
use crate::files::{Held, Trouble};
use crate::key::Key;
use crate::keyhole::Keyhole;
use crate::lockout::{Counted, Tries};
use crate::name::Name;
use crate::password::Hash;
use crate::policy::Policy;
use crate::recovery::Recovery;
use crate::second_factor::{Enrolment, SecondFactor};

/// Why somebody is not let in.
///
/// A name that nobody has gets the same answers in the same time as a wrong password; what else an account is (disabled,
/// with a second factor) learns only who knows its password.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No such name with that password.
    #[error("wrong name or password, {left} tries left")]
    Wrong {
        /// Tries until the name is locked.
        left: u8,
    },
    /// Too many wrong tries with this name.
    #[error("locked until {until}")]
    Locked {
        /// Until when, unless an administrator unlocks it.
        until: Timestamp,
    },
    /// The password is right and the account is disabled.
    #[error("disabled")]
    Disabled,
    /// The password is right and a code is needed beside it. This is no wrong try.
    #[error("a code is needed")]
    CodeNeeded,
    /// The password is right and the code is wrong, or was used already.
    #[error("wrong code, {left} tries left")]
    WrongCode {
        /// Tries until the name is locked.
        left: u8,
    },
    /// The file of accounts can't be used: nobody is let in whose tries can't be counted.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Somebody who has shown who they are.
pub struct SignedIn {
    /// The login.
    pub name: Name,
    /// What the person is called.
    pub display: String,
    /// What the person works as.
    pub role: Role,
    /// For which cameras.
    pub scope: Scope,
    /// The password must be changed before anything else.
    pub must_change: bool,
    /// A second factor must be added before anything else.
    pub must_enrol: bool,
    /// The second factor is required by an administrator.
    pub second_factor_required: bool,
    /// How many recovery codes are left, if there is a second factor.
    pub recovery_codes_left: Option<usize>,
    /// The code was a recovery code, which is void now.
    pub by_recovery_code: bool,
    /// The way to the person's logins for devices; dropping it wipes its key.
    pub keyhole: Keyhole,
}

/// What has to be shown.
enum Asked<'a> {
    Password,
    PasswordAndCode(Option<&'a str>),
}

/// Which account it is, proven, while the file is locked.
struct Proven {
    held: Held,
    book: Book,
    index: usize,
    /// The password's key, where the code needed it already.
    key: Option<Key>,
    by_recovery_code: bool,
}

impl Proven {
    fn account(&mut self) -> &mut Record {
        &mut self.book.accounts[self.index]
    }

    fn key(&mut self, password: &Secret) -> Result<Key, Trouble> {
        match self.key.take() {
            Some(key) => Ok(key),
            None => self.account().derivation.key(password),
        }
    }
}

impl Accounts {
    /// Lets somebody in. `code` is the second factor's or a recovery code, asked for by [`Refused::CodeNeeded`].
    ///
    /// # Errors
    /// [`Refused`]
    pub fn sign_in(
        &self,
        name: &str,
        password: &Secret,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<SignedIn, Refused> {
        let mut proven = self.prove(name, password, &Asked::PasswordAndCode(code), now)?;
        let key = proven.key(password)?;
        let by_recovery_code = proven.by_recovery_code;
        let account = proven.account();
        Ok(SignedIn {
            name: account.name.clone(),
            display: account.display.clone(),
            role: account.role,
            scope: account.scope.clone(),
            must_change: account.must_change,
            must_enrol: account.second_factor_required && account.second_factor.is_none(),
            second_factor_required: account.second_factor_required,
            recovery_codes_left: account.recovery_codes_left(),
            by_recovery_code,
            keyhole: Keyhole::new(self.clone(), account, key),
        })
    }

    /// Whether somebody who is signed in is still there, as for a locked screen: the password alone. Wrong tries count as
    /// those of [`Accounts::sign_in`] do.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn check(&self, name: &str, password: &Secret, now: Timestamp) -> Result<(), Refused> {
        self.prove(name, password, &Asked::Password, now).map(drop)
    }

    /// Changes one's own password. What the password seals is sealed anew; the keyhole that comes with the change takes
    /// the place of the one from the sign-in, which has become stale.
    ///
    /// # Errors
    /// [`Refusal::Refused`] with the old password (wrong tries count), [`Refusal::Weak`], [`Refusal::Reused`].
    pub fn change_password(
        &self,
        name: &str,
        old: &Secret,
        new: &Secret,
        now: Timestamp,
    ) -> Result<(Change, Keyhole), Refusal> {
        let mut proven = self.prove(name, old, &Asked::Password, now)?;
        let before = proven.key(old)?;
        let account = proven.account();
        let policy = Policy { account: &account.name, second_factor: account.second_factor.is_some() };
        policy.check(new).map_err(Refusal::Weak)?;
        if account.had(new)? {
            return Err(Refusal::Reused);
        }
        account.replace_password(new, self.inner.cost, now)?;
        let after = account.derivation.key(new)?;
        seal_anew(account, &before, &after)?;
        account.must_change = false;
        let change = Change { account: account.name.clone(), what: What::PasswordChanged };
        let keyhole = Keyhole::new(self.clone(), account, after);
        self.inner.shelf.write(&proven.held, &proven.book)?;
        Ok((change, keyhole))
    }

    /// Begins to give somebody who is signed in a second factor. Nothing is kept before [`Accounts::confirm_enrolment`].
    ///
    /// # Errors
    /// [`Refusal::Enrolled`], [`Refusal::Stale`]
    pub fn begin_enrolment(&self, keyhole: &Keyhole) -> Result<Enrolment, Refusal> {
        let (_held, mut book) = self.book()?;
        let account = keyhole.account(&mut book)?;
        if account.second_factor.is_some() {
            return Err(Refusal::Enrolled);
        }
        Ok(Enrolment::begin(account.id.clone(), account.name.clone()))
    }

    /// Puts the second factor in force, once a code of it shows that the telephone has it, and gives the recovery codes,
    /// which are never shown again.
    ///
    /// # Errors
    /// [`Refusal::WrongCode`]: it may be tried again; [`Refusal::Enrolled`]; [`Refusal::Stale`].
    pub fn confirm_enrolment(
        &self,
        keyhole: &Keyhole,
        enrolment: &Enrolment,
        code: &str,
        now: Timestamp,
    ) -> Result<(Change, Vec<Secret>), Refusal> {
        self.change(|book, _| {
            let account = keyhole.account(book)?;
            if account.id != enrolment.account {
                return Err(Refusal::Stale);
            }
            if account.second_factor.is_some() {
                return Err(Refusal::Enrolled);
            }
            let used = enrolment.shown_by(code, now).ok_or(Refusal::WrongCode)?;
            let (recovery, codes) = Recovery::random(&account.id);
            let seed = account.seal_seed(keyhole.key(), &enrolment.seed);
            account.second_factor = Some(SecondFactor { seed, used, recovery });
            Ok((Change { account: account.name.clone(), what: What::SecondFactorAdded }, codes))
        })
    }

    /// Does without the second factor again. A password that is too weak to stand alone has to be changed at the next
    /// sign-in.
    ///
    /// # Errors
    /// [`Refusal::Refused`] (wrong tries count), [`Refusal::NotEnrolled`], [`Refusal::Required`].
    pub fn drop_second_factor(
        &self,
        name: &str,
        password: &Secret,
        code: &str,
        now: Timestamp,
    ) -> Result<Change, Refusal> {
        let mut proven = self.prove(name, password, &Asked::PasswordAndCode(Some(code)), now)?;
        let account = proven.account();
        if account.second_factor_required {
            return Err(Refusal::Required);
        }
        account.second_factor.take().ok_or(Refusal::NotEnrolled)?;
        let alone = Policy { account: &account.name, second_factor: false };
        account.must_change |= alone.check(password).is_err();
        let change = Change { account: account.name.clone(), what: What::SecondFactorRemoved };
        self.inner.shelf.write(&proven.held, &proven.book)?;
        Ok(change)
    }

    /// Gives ten new recovery codes; those before are void.
    ///
    /// # Errors
    /// [`Refusal::Refused`] (wrong tries count), [`Refusal::NotEnrolled`].
    pub fn renew_recovery_codes(
        &self,
        name: &str,
        password: &Secret,
        code: &str,
        now: Timestamp,
    ) -> Result<(Change, Vec<Secret>), Refusal> {
        let mut proven = self.prove(name, password, &Asked::PasswordAndCode(Some(code)), now)?;
        let account = proven.account();
        let (recovery, codes) = Recovery::random(&account.id);
        account.second_factor.as_mut().ok_or(Refusal::NotEnrolled)?.recovery = recovery;
        let change = Change { account: account.name.clone(), what: What::RecoveryCodesRenewed };
        self.inner.shelf.write(&proven.held, &proven.book)?;
        Ok((change, codes))
    }

    /// The one way to be somebody. The try is counted on the disk before it is looked at, and given back if it was right.
    fn prove(
        &self,
        name: &str,
        password: &Secret,
        asked: &Asked<'_>,
        now: Timestamp,
    ) -> Result<Proven, Refused> {
        let (held, mut book) = self.book()?;
        let known = Name::new(name);
        let index = known.as_ref().ok().and_then(|name| book.find(name));
        let tries = match (index, &known) {
            (Some(index), _) => &mut book.accounts[index].tries,
            (None, Ok(name)) => book.strangers.tries(name.folded()),
            (None, Err(_)) => book.strangers.tries(name),
        };
        if let Some(until) = tries.locked(now) {
            // Written, because the lock may have been moved after a clock that was set back.
            self.inner.shelf.write(&held, &book)?;
            return Err(Refused::Locked { until });
        }
        let before = tries.clone();
        let counted = tries.count(now);
        self.inner.shelf.write(&held, &book)?;

        let Some(index) = index else {
            Hash::pretend(password, self.inner.cost)?;
            return Err(wrong(counted));
        };
        let account = &mut book.accounts[index];
        if !account.password.is_of(password)? {
            return Err(wrong(counted));
        }
        let (tries, outcome) = match factors(account, password, asked, now) {
            Ok(factors) => (Tries::default(), Ok(factors)),
            Err(Missing::WrongCode) => return Err(wrong_code(counted)),
            Err(Missing::Told(refused)) => (before, Err(refused)),
        };
        account.tries = tries;
        self.inner.shelf.write(&held, &book)?;
        let Factors { key, by_recovery_code } = outcome?;
        Ok(Proven { held, book, index, key, by_recovery_code })
    }
}

fn wrong(counted: Counted) -> Refused {
    match counted {
        Counted::Left(left) => Refused::Wrong { left },
        Counted::Locked(until) => Refused::Locked { until },
    }
}

fn wrong_code(counted: Counted) -> Refused {
    match counted {
        Counted::Left(left) => Refused::WrongCode { left },
        Counted::Locked(until) => Refused::Locked { until },
    }
}

struct Factors {
    key: Option<Key>,
    by_recovery_code: bool,
}

/// What stands between a right password and being let in.
enum Missing {
    WrongCode,
    /// No wrong try.
    Told(Refused),
}

/// Everything after the password.
fn factors(
    account: &mut Record,
    password: &Secret,
    asked: &Asked<'_>,
    now: Timestamp,
) -> Result<Factors, Missing> {
    if account.disabled {
        return Err(Missing::Told(Refused::Disabled));
    }
    let none = Factors { key: None, by_recovery_code: false };
    let Asked::PasswordAndCode(code) = asked else { return Ok(none) };
    let Some(mut second) = account.second_factor.take() else { return Ok(none) };
    let outcome = match code {
        None => Err(Missing::Told(Refused::CodeNeeded)),
        Some(code) => second_factor(account, &mut second, password, code, now),
    };
    account.second_factor = Some(second);
    outcome
}

fn second_factor(
    account: &Record,
    second: &mut SecondFactor,
    password: &Secret,
    code: &str,
    now: Timestamp,
) -> Result<Factors, Missing> {
    let told = |trouble: Trouble| Missing::Told(trouble.into());
    let key = account.derivation.key(password).map_err(told)?;
    // First, so that they also serve where the seed was altered.
    if second.recovery.take(&account.id, code) {
        return Ok(Factors { key: Some(key), by_recovery_code: true });
    }
    let seed = account.open_seed(&key, &second.seed).map_err(told)?;
    if second.used.accept(&seed, code.trim(), now) {
        Ok(Factors { key: Some(key), by_recovery_code: false })
    } else {
        Err(Missing::WrongCode)
    }
}

/// Seals with the key `after` what was sealed with `before`.
fn seal_anew(account: &mut Record, before: &Key, after: &Key) -> Result<(), Trouble> {
    if let Some(second) = &account.second_factor {
        let sealed = account.seal_seed(after, &account.open_seed(before, &second.seed)?);
        account.second_factor.as_mut().expect("just seen").seed = sealed;
    }
    if let Kept::Password { sealed, .. } = &account.kept {
        let anew = account.seal_logins_key(after, &account.open_logins_key(before, sealed)?);
        if let Kept::Password { sealed, .. } = &mut account.kept {
            *sealed = anew;
        }
    }
    Ok(())
}
