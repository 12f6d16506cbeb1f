//! Accounts, as an administrator changes them.

use audit::Event;
use model::{Action, Role, Scope, Secret};
use vault::{Account, Change, Edit, Name, Newcomer, Policy, Refusal, Trouble, Weakness, What};

use super::{Denied, People, now, scope_text};

/// Why accounts are not changed.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It cannot be.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What an account is to be.
pub struct Fields<'a> {
    /// What they sign in with.
    pub account: &'a str,
    /// As colleagues call them.
    pub name: &'a str,
    /// What they work as.
    pub role: Role,
    /// Which cameras that holds for.
    pub scope: &'a Scope,
    /// Whether a second factor is asked for: who has none adds it at the next sign-in, before anything else.
    pub second_factor_required: bool,
}

impl People {
    /// All accounts, for who manages them.
    ///
    /// # Errors
    /// [`NotChanged`], here and below; nothing has been changed then.
    pub fn accounts(&self) -> Result<Vec<Account>, NotChanged> {
        self.allow(Action::ManageAccounts, None)?;
        Ok(self.accounts.list().map_err(Refusal::from)?)
    }

    /// Whoever may work here, as (account, name): for who shares something with them by name.
    #[must_use]
    pub fn colleagues(&self) -> Vec<(String, String)> {
        if self.is_demo() {
            return Vec::new();
        }
        let open = self.accounts.list().unwrap_or_default().into_iter().filter(|account| !account.disabled);
        open.map(|account| (account.name.as_str().to_owned(), account.display)).collect()
    }

    /// When somebody signed in with this account the last time, as far as the log goes back: milliseconds since 1970.
    #[must_use]
    pub fn last_sign_in(&self, account: &str) -> Option<i64> {
        let wanted = audit::Filter {
            accounts: [account.into()].into(),
            kinds: [audit::Kind::SignedIn].into(),
            ..audit::Filter::default()
        };
        let page = audit::page(self.log.folder(), &wanted, None, 1).ok()?;
        page.records.first().map(|record| record.time_ms)
    }

    /// Makes an account with a first password, to be changed at the first sign-in.
    ///
    /// # Errors
    /// As above.
    pub fn create_account(&self, fields: &Fields<'_>, password: &Secret) -> Result<(), NotChanged> {
        self.allow(Action::ManageAccounts, None)?;
        let newcomer = Newcomer {
            name: fields.account.to_owned(),
            display: fields.name.to_owned(),
            role: fields.role,
            scope: fields.scope.clone(),
            password: password.clone(),
            second_factor_required: fields.second_factor_required,
        };
        let change = self.accounts.create(&newcomer, now())?;
        self.note_all(events(&change));
        if fields.second_factor_required {
            let what = What::SecondFactorRequired { to: true };
            self.note_all(events(&Change { account: change.account, what }));
        }
        Ok(())
    }

    /// Gives an account another name, role or scope. Who has signed in with it works on with the new rights.
    ///
    /// # Errors
    /// As above.
    pub fn change_account(&self, fields: &Fields<'_>) -> Result<(), NotChanged> {
        let edit = Edit {
            display: Some(fields.name.to_owned()),
            role: Some(fields.role),
            scope: Some(fields.scope.clone()),
            second_factor_required: Some(fields.second_factor_required),
            ..Edit::default()
        };
        self.edit(fields.account, &edit)?;
        if let Some(who) = self.presence.lock().who_mut().filter(|who| who.person.account == fields.account) {
            (who.person.role, who.person.scope) = (fields.role, fields.scope.clone());
            fields.name.clone_into(&mut who.display);
            who.second_factor_required = fields.second_factor_required;
        }
        Ok(())
    }

    /// Nobody signs in with it any more, or somebody does again.
    ///
    /// # Errors
    /// As above.
    pub fn set_account_disabled(&self, account: &str, disabled: bool) -> Result<(), NotChanged> {
        self.edit(account, &Edit { disabled: Some(disabled), ..Edit::default() })
    }

    fn edit(&self, account: &str, edit: &Edit) -> Result<(), NotChanged> {
        self.allow(Action::ManageAccounts, None)?;
        let changes = self.accounts.edit(&named(account)?, edit)?;
        self.note_all(changes.iter().flat_map(events).collect());
        Ok(())
    }

    /// Gives an account a new first password; a second factor goes, and with it what was sealed by the password.
    ///
    /// # Errors
    /// As above.
    pub fn reset_password(&self, account: &str, password: &Secret) -> Result<(), NotChanged> {
        self.allow(Action::ManageAccounts, None)?;
        let change = self.accounts.reset_password(&named(account)?, password, now())?;
        self.note_all(events(&change));
        Ok(())
    }

    /// Lets an account try again that was locked after too many wrong tries.
    ///
    /// # Errors
    /// As above.
    pub fn release_account(&self, account: &str) -> Result<(), NotChanged> {
        self.allow(Action::ManageAccounts, None)?;
        let change = self.accounts.unlock(&named(account)?)?;
        self.note_all(events(&change));
        Ok(())
    }

    /// What a new password lacks: of the person, or of an account without a second factor.
    #[must_use]
    pub fn weaknesses(&self, account: Option<&str>, password: &Secret) -> Vec<Weakness> {
        let (own, second_factor) =
            self.with_who(|who| (who.person.account.clone(), who.second_factor)).unwrap_or_default();
        let (account, second_factor) = match account {
            Some(account) => (account.to_owned(), false),
            None => (own, second_factor),
        };
        // A name that is none is said elsewhere.
        let Ok(account) = Name::new(&account).or_else(|_| Name::new("-")) else { return Vec::new() };
        Policy { account: &account, second_factor }.check(password).err().unwrap_or_default()
    }
}

fn named(account: &str) -> Result<Name, Refusal> {
    Ok(Name::new(account)?)
}

/// A change as it stands in the log.
pub(super) fn events(change: &Change) -> Vec<Event> {
    let account = || change.account.as_str().into();
    let changed = |what: &str, before: audit::Text, after: audit::Text| Event::AccountChanged {
        account: account(),
        what: what.into(),
        before,
        after,
    };
    let role = |role: &Role| -> audit::Text {
        serde_json::to_value(role).ok().and_then(|role| role.as_str().map(Into::into)).unwrap_or_default()
    };
    match &change.what {
        What::Created { role: given, scope } => vec![
            Event::AccountCreated { account: account(), given: *given },
            changed("scope", "".into(), scope_text(scope)),
        ],
        What::Display { from, to } => vec![changed("name", from.as_str().into(), to.as_str().into())],
        What::Role { from, to } => vec![changed("role", role(from), role(to))],
        What::Scope { from, to } => vec![changed("scope", scope_text(from), scope_text(to))],
        What::SecondFactorRequired { to } => {
            vec![changed(
                "second_factor_required",
                (!to).to_string().as_str().into(),
                to.to_string().as_str().into(),
            )]
        }
        What::Disabled => vec![Event::AccountDisabled { account: account() }],
        What::Enabled => vec![Event::AccountEnabled { account: account() }],
        What::Unlocked => vec![changed("released", "".into(), "".into())],
        What::PasswordChanged => vec![Event::PasswordChanged],
        What::PasswordReset { .. } => vec![Event::PasswordReset { account: account() }],
        What::SecondFactorAdded => vec![Event::SecondFactorAdded { account: account() }],
        What::SecondFactorRemoved => vec![Event::SecondFactorDropped { account: account() }],
        What::RecoveryCodesRenewed => vec![changed("recovery_codes", "".into(), "".into())],
        What::Keeping { from, to } => {
            let name = |keeping| {
                serde_json::to_value(keeping)
                    .map(|name| name.as_str().unwrap_or_default().into())
                    .unwrap_or_default()
            };
            vec![changed("keeping", name(from), name(to))]
        }
    }
}

impl From<Trouble> for NotChanged {
    fn from(trouble: Trouble) -> Self {
        Self::Refused(trouble.into())
    }
}
