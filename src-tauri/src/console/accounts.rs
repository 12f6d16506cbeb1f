//! Accounts, for the page: a person's own password and second factor, and everybody's for an administrator.

use engine::people::{Fields, NotChanged};
use jiff::Timestamp;
use model::Secret;
use vault::Refusal;

use super::session::{refused, trouble_notice};
use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::people::{Account, AccountFields, Enrolment, Weakness};
use crate::words::Words;

impl Console {
    /// Changes the person's own password.
    ///
    /// # Errors
    /// As above.
    pub fn change_password(&self, old: &Secret, new: &Secret) -> Result<(), Notice> {
        let changed = self.people.change_password(old, new);
        changed.map_err(|refusal| self.not_changed(refusal.into()))?;
        self.session_changed();
        Ok(())
    }

    /// What a new password lacks.
    #[must_use]
    pub fn weaknesses(&self, account: Option<&str>, password: &Secret) -> Vec<Weakness> {
        let mut lacks: Vec<Weakness> =
            self.people.weaknesses(account, password).into_iter().map(weakness).collect();
        lacks.dedup();
        lacks
    }

    /// Begins to give the person a second factor.
    ///
    /// # Errors
    /// As above.
    pub fn begin_second_factor(&self, password: &Secret) -> Result<Enrolment, Notice> {
        let begun = self.people.begin_second_factor(password);
        let (qr, typed) = begun.map_err(|refusal| self.not_changed(refusal.into()))?;
        let groups: Vec<&str> = (0..typed.expose().len())
            .step_by(4)
            .map(|at| &typed.expose()[at..(at + 4).min(typed.expose().len())])
            .collect();
        Ok(Enrolment { qr: qr.expose().to_owned(), typed: groups.join(" ") })
    }

    /// Puts it in force, and gives the recovery codes.
    ///
    /// # Errors
    /// As above.
    pub fn confirm_second_factor(&self, code: &str) -> Result<Vec<String>, Notice> {
        let codes = self.people.confirm_second_factor(code);
        let codes = codes.map_err(|refusal| self.not_changed(refusal.into()))?;
        // Where it was due, walls were dark until now.
        self.session_changed();
        Ok(codes.iter().map(|code| code.expose().to_owned()).collect())
    }

    /// Does without it again.
    ///
    /// # Errors
    /// As above.
    pub fn drop_second_factor(&self, password: &Secret, code: &str) -> Result<(), Notice> {
        let dropped = self.people.drop_second_factor(password, code);
        dropped.map_err(|refusal| self.not_changed(refusal.into()))?;
        self.tell("session", self.session());
        Ok(())
    }

    /// All accounts.
    ///
    /// # Errors
    /// As above.
    pub fn accounts(&self) -> Result<Vec<Account>, Notice> {
        let now = Timestamp::now();
        let account = |account: vault::Account| Account {
            account: account.name.as_str().to_owned(),
            name: account.display,
            role: account.role,
            scope: account.scope,
            disabled: account.disabled,
            locked_until: account.locked_until.filter(|until| *until > now).map(milliseconds),
            second_factor: account.second_factor,
            second_factor_required: account.second_factor_required,
            must_change: account.must_change,
            last_sign_in: self.people.last_sign_in(account.name.as_str()).map(|at| at as f64),
            from_inventory: self.people.has_right(account.name.as_str()),
        };
        let accounts = self.people.accounts().map_err(|not| self.not_changed(not))?;
        Ok(accounts.into_iter().map(account).collect())
    }

    /// Makes an account.
    ///
    /// # Errors
    /// As above.
    pub fn create_account(&self, fields: &AccountFields, password: &Secret) -> Result<(), Notice> {
        self.people.create_account(&of(fields), password).map_err(|not| self.not_changed(not))
    }

    /// Gives an account another name, role or scope.
    ///
    /// # Errors
    /// As above.
    pub fn change_account(&self, fields: &AccountFields) -> Result<(), Notice> {
        self.people.change_account(&of(fields)).map_err(|not| self.not_changed(not))?;
        self.session_changed();
        Ok(())
    }

    /// Nobody signs in with it any more, or somebody does again.
    ///
    /// # Errors
    /// As above.
    pub fn set_account_disabled(&self, account: &str, disabled: bool) -> Result<(), Notice> {
        self.people.set_account_disabled(account, disabled).map_err(|not| self.not_changed(not))
    }

    /// A new first password.
    ///
    /// # Errors
    /// As above.
    pub fn reset_password(&self, account: &str, password: &Secret) -> Result<(), Notice> {
        self.people.reset_password(account, password).map_err(|not| self.not_changed(not))
    }

    /// After too many wrong tries.
    ///
    /// # Errors
    /// As above.
    pub fn release_account(&self, account: &str) -> Result<(), Notice> {
        self.people.release_account(account).map_err(|not| self.not_changed(not))
    }

    pub(super) fn not_changed(&self, not: NotChanged) -> Notice {
        match not {
            NotChanged::Denied(denied) => self.denied(denied),
            NotChanged::Refused(refusal) => account_refusal(&refusal, &self.words()),
        }
    }
}

fn of(fields: &AccountFields) -> Fields<'_> {
    Fields {
        account: &fields.account,
        name: &fields.name,
        role: fields.role,
        scope: &fields.scope,
        second_factor_required: fields.second_factor_required,
    }
}

fn milliseconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64
}

fn weakness(weakness: vault::Weakness) -> Weakness {
    match weakness {
        vault::Weakness::Short { .. } => Weakness::Short,
        vault::Weakness::Long => Weakness::Long,
        vault::Weakness::NoLower
        | vault::Weakness::NoUpper
        | vault::Weakness::NoDigit
        | vault::Weakness::NoOther => Weakness::Classes,
        vault::Weakness::HoldsName => Weakness::Name,
        vault::Weakness::Common => Weakness::Common,
        vault::Weakness::Invisible => Weakness::Unseen,
    }
}

/// Why an account was not changed.
fn account_refusal(refusal: &Refusal, words: &Words) -> Notice {
    let key = match refusal {
        Refusal::Refused(why) => return refused(why, words),
        Refusal::Trouble(trouble) => return trouble_notice(trouble, words),
        Refusal::Name(_) => "account_name",
        Refusal::Display => "account_display",
        Refusal::NameTaken => "account_taken",
        Refusal::Unknown => "account_unknown",
        Refusal::TooMany => "account_too_many",
        Refusal::NotTheFirst => "account_not_first",
        Refusal::LastAdministrator => "account_last_administrator",
        Refusal::Weak(_) => "account_weak",
        Refusal::Reused => "account_reused",
        Refusal::Enrolled => "account_enrolled",
        Refusal::NotEnrolled => "account_not_enrolled",
        Refusal::Required => "account_required",
        Refusal::WrongCode => "account_wrong_code",
        Refusal::Stale => "account_stale",
    };
    notices::error_notice(key, &[], words)
}
