//! The accounts of this workstation, and what an administrator changes of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use model::{Role, Scope, Secret};
use store::Problem;

use crate::account::{Account, Book, Kept, Record, id};
use crate::change::{Change, Refusal, What};
use crate::files::{Held, Shelf, Trouble};
use crate::lockout::Tries;
use crate::name::Name;
use crate::password::{Cost, Derivation, Hash};
use crate::policy::Policy;

/// The accounts of this workstation. Copies are the same accounts.
///
/// The file is the truth: every call reads it anew under its lock, so that two programs can't count the same tries twice.
/// A hash of a password takes 64 MiB and about 0.15 s of a core: a sign-in takes one or two, a change of password up to
/// thirteen. And where another program holds the lock, a call waits for it up to 20 s. So they belong on a thread that may wait.
/// Who may call what is for the caller to decide.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) folder: PathBuf,
    pub(crate) shelf: Shelf<Book>,
    pub(crate) cost: Cost,
}

/// A person who is to have an account.
pub struct Newcomer {
    /// The login.
    pub name: String,
    /// What the person is called, 1–200 characters.
    pub display: String,
    /// What the person works as.
    pub role: Role,
    /// For which cameras.
    pub scope: Scope,
    /// The first password.
    pub password: Secret,
    /// Whether the person must have a second factor.
    pub second_factor_required: bool,
}

/// What is to be otherwise; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// What the person is called, 1–200 characters.
    pub display: Option<String>,
    /// What the person works as.
    pub role: Option<Role>,
    /// For which cameras.
    pub scope: Option<Scope>,
    /// Whether the person must have a second factor.
    pub second_factor_required: Option<bool>,
    /// Whether nobody can sign in with it.
    pub disabled: Option<bool>,
}

impl Accounts {
    /// The accounts in `folder` (`accounts.json`), which is made when the first one is created. The problem says what was
    /// wrong with the file; [`Accounts::noticed`] says so later on.
    #[must_use]
    pub fn open(folder: &Path) -> (Self, Option<Problem>) {
        Self::with_cost(folder, Cost::STANDARD)
    }

    pub(crate) fn with_cost(folder: &Path, cost: Cost) -> (Self, Option<Problem>) {
        let shelf = Shelf::new(folder, "accounts", Book::LARGEST);
        let accounts = Self { inner: Arc::new(Inner { folder: folder.to_owned(), shelf, cost }) };
        // An error comes again with the first call that can tell it; a problem would not.
        let _ = accounts.list();
        let problem = accounts.noticed();
        (accounts, problem)
    }

    /// What was found to be wrong with the file since this was last asked.
    #[must_use]
    pub fn noticed(&self) -> Option<Problem> {
        self.inner.shelf.noticed()
    }

    /// All accounts, in the order in which they were made.
    ///
    /// # Errors
    /// [`Trouble`]
    pub fn list(&self) -> Result<Vec<Account>, Trouble> {
        let (_held, book) = self.book()?;
        Ok(book.accounts.iter().map(Record::shown).collect())
    }

    /// Creates the first account, an administrator for everything with a password of their own choice, while there is
    /// none.
    ///
    /// # Errors
    /// [`Refusal::NotTheFirst`], [`Refusal::Name`], [`Refusal::Display`], [`Refusal::Weak`]; and [`Trouble::SetAside`]
    /// where there were accounts that can't be read.
    pub fn create_first(
        &self,
        name: String,
        display: String,
        password: Secret,
        now: Timestamp,
    ) -> Result<Change, Refusal> {
        let (role, scope) = (Role::Administrator, Scope::everything());
        let person = Newcomer { name, display, role, scope, password, second_factor_required: false };
        self.change(|book, cost| {
            if !book.accounts.is_empty() {
                return Err(Refusal::NotTheFirst);
            }
            add(book, &person, false, cost, now)
        })
    }

    /// Creates an account whose password has to be changed at the first sign-in.
    ///
    /// # Errors
    /// [`Refusal::Name`], [`Refusal::NameTaken`], [`Refusal::Display`], [`Refusal::Weak`], [`Refusal::TooMany`].
    pub fn create(&self, person: &Newcomer, now: Timestamp) -> Result<Change, Refusal> {
        self.change(|book, cost| add(book, person, true, cost, now))
    }

    /// Changes an account. What is already so is no change.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Display`], [`Refusal::LastAdministrator`]; nothing is changed then.
    pub fn edit(&self, name: &Name, edit: &Edit) -> Result<Vec<Change>, Refusal> {
        self.change(|book, _| {
            let index = book.find(name).ok_or(Refusal::Unknown)?;
            let account = &book.accounts[index];
            let (role, disabled) =
                (edit.role.unwrap_or(account.role), edit.disabled.unwrap_or(account.disabled));
            let administers = |role: Role, disabled: bool| role == Role::Administrator && !disabled;
            let stops = administers(account.role, account.disabled) && !administers(role, disabled);
            if stops && !book.has_administrator_besides(index) {
                return Err(Refusal::LastAdministrator);
            }
            let changes = apply(&mut book.accounts[index], edit)?;
            let account = &book.accounts[index].name;
            Ok(changes.into_iter().map(|what| Change { account: account.clone(), what }).collect())
        })
    }

    /// Opens a lock before its time and forgets the wrong tries.
    ///
    /// # Errors
    /// [`Refusal::Unknown`]
    pub fn unlock(&self, name: &Name) -> Result<Change, Refusal> {
        self.change_one(name, |account, _| {
            account.tries = Tries::default();
            Ok(What::Unlocked)
        })
    }

    /// Gives somebody who has forgotten it another password, which has to be changed at the next sign-in. The second
    /// factor is gone with it, for its seed was sealed by the password. So are the logins for devices if they were
    /// kept by the password ([`Keeping::PasswordFile`](crate::Keeping)): nobody can read them any more. In the system's
    /// keychain they stay, for whoever signs in with the new password.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Weak`]
    pub fn reset_password(&self, name: &Name, password: &Secret, now: Timestamp) -> Result<Change, Refusal> {
        self.change_one(name, |account, cost| {
            Policy { account: &account.name, second_factor: false }.check(password).map_err(Refusal::Weak)?;
            account.replace_password(password, cost, now)?;
            account.must_change = true;
            account.tries = Tries::default();
            let second_factor_removed = account.second_factor.take().is_some();
            let logins_lost = matches!(account.kept, Kept::Password { .. });
            if logins_lost {
                account.kept = Kept::NotChosen;
            }
            Ok(What::PasswordReset { second_factor_removed, logins_lost })
        })
    }

    /// Takes the second factor from somebody who has lost it with all codes. The password has to be changed at the next
    /// sign-in, since it may be too short to stand alone.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::NotEnrolled`]
    pub fn remove_second_factor(&self, name: &Name) -> Result<Change, Refusal> {
        self.change_one(name, |account, _| {
            account.second_factor.take().ok_or(Refusal::NotEnrolled)?;
            account.must_change = true;
            Ok(What::SecondFactorRemoved)
        })
    }

    /// The file's lock, and what is in the file.
    pub(crate) fn book(&self) -> Result<(Held, Book), Trouble> {
        let held = self.inner.shelf.hold()?;
        let book = self.inner.shelf.read(&held)?.unwrap_or_default();
        Ok((held, book))
    }

    /// Changes what is in the file, or nothing.
    pub(crate) fn change<R>(
        &self,
        change: impl FnOnce(&mut Book, Cost) -> Result<R, Refusal>,
    ) -> Result<R, Refusal> {
        let (held, mut book) = self.book()?;
        let changed = change(&mut book, self.inner.cost)?;
        self.inner.shelf.write(&held, &book)?;
        Ok(changed)
    }

    fn change_one(
        &self,
        name: &Name,
        change: impl FnOnce(&mut Record, Cost) -> Result<What, Refusal>,
    ) -> Result<Change, Refusal> {
        self.change(|book, cost| {
            let index = book.find(name).ok_or(Refusal::Unknown)?;
            let what = change(&mut book.accounts[index], cost)?;
            Ok(Change { account: book.accounts[index].name.clone(), what })
        })
    }
}

fn add(
    book: &mut Book,
    person: &Newcomer,
    must_change: bool,
    cost: Cost,
    now: Timestamp,
) -> Result<Change, Refusal> {
    let name = Name::new(&person.name)?;
    let display = display(&person.display)?;
    if book.find(&name).is_some() {
        return Err(Refusal::NameTaken);
    }
    if book.accounts.len() >= Book::MOST {
        return Err(Refusal::TooMany);
    }
    Policy { account: &name, second_factor: false }.check(&person.password).map_err(Refusal::Weak)?;
    book.strangers.forget(name.folded());
    book.accounts.push(Record {
        id: id(),
        name: name.clone(),
        display,
        role: person.role,
        scope: person.scope.clone(),
        created: now,
        disabled: false,
        must_change,
        second_factor_required: person.second_factor_required,
        password: Hash::of(&person.password, cost)?,
        password_changed: now,
        history: Vec::new(),
        derivation: Derivation::random(cost),
        tries: Tries::default(),
        second_factor: None,
        kept: Kept::NotChosen,
    });
    Ok(Change { account: name, what: What::Created { role: person.role, scope: person.scope.clone() } })
}

fn apply(account: &mut Record, edit: &Edit) -> Result<Vec<What>, Refusal> {
    let mut changes = Vec::new();
    if let Some(text) = &edit.display {
        let to = display(text)?;
        if to != account.display {
            let from = std::mem::replace(&mut account.display, to.clone());
            changes.push(What::Display { from, to });
        }
    }
    if let Some(to) = edit.role.filter(|role| *role != account.role) {
        let from = std::mem::replace(&mut account.role, to);
        changes.push(What::Role { from, to });
    }
    if let Some(to) = edit.scope.as_ref().filter(|scope| **scope != account.scope) {
        let from = std::mem::replace(&mut account.scope, to.clone());
        changes.push(What::Scope { from, to: to.clone() });
    }
    if let Some(to) = edit.second_factor_required.filter(|to| *to != account.second_factor_required) {
        account.second_factor_required = to;
        changes.push(What::SecondFactorRequired { to });
    }
    if let Some(disabled) = edit.disabled.filter(|disabled| *disabled != account.disabled) {
        account.disabled = disabled;
        changes.push(if disabled { What::Disabled } else { What::Enabled });
    }
    Ok(changes)
}

fn display(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let sound = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    sound.then(|| text.to_owned()).ok_or(Refusal::Display)
}
