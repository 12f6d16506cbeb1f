//! Signing in and out, locking, and handing the shift over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{AppendError, Event};
use jiff::Timestamp;
use model::{Role, Scope, Secret};
use vault::{Enrolment, Keyhole, Refused, SignedIn, What};

use super::{DEMO, Denied, People, now};
use crate::rights::Person;

/// Somebody who has signed in.
pub struct Who {
    /// What their rights are.
    pub person: Person,
    /// As colleagues call them.
    pub display: String,
    /// A code is asked for at sign-in.
    pub second_factor: bool,
    /// It is not the person's choice.
    pub second_factor_required: bool,
    /// When the shift began.
    pub began: Timestamp,
    pub(super) must_change: bool,
    pub(super) must_enrol: bool,
    pub(super) keyhole: Option<Arc<Keyhole>>,
    pub(super) enrolment: Option<Enrolment>,
    touched: Instant,
    locked: bool,
}

impl Who {
    /// What others read of them: as colleagues call them, else the account.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.display.is_empty() { &self.person.account } else { &self.display }
    }

    /// Something of the person's own has to be done before anything else.
    pub(super) fn is_due(&self) -> bool {
        self.must_change || self.must_enrol
    }

    pub(super) fn recorded(&self) -> audit::Person {
        audit::Person { account: self.person.account.as_str().into(), role: self.person.role }
    }
}

pub(super) enum Presence {
    Nobody,
    Here(Box<Who>),
}

impl Presence {
    pub(super) fn demo(role: Role) -> Self {
        Self::Here(Box::new(Who {
            person: Person { account: DEMO.to_owned(), role, scope: Scope::everything() },
            display: String::new(),
            second_factor: false,
            second_factor_required: false,
            began: now(),
            must_change: false,
            must_enrol: false,
            keyhole: None,
            enrolment: None,
            touched: Instant::now(),
            locked: false,
        }))
    }

    pub(super) fn who(&self) -> Option<&Who> {
        match self {
            Self::Here(who) => Some(who),
            Self::Nobody => None,
        }
    }

    pub(super) fn who_mut(&mut self) -> Option<&mut Who> {
        match self {
            Self::Here(who) => Some(who),
            Self::Nobody => None,
        }
    }

    /// Whoever may do something now.
    pub(super) fn active(&self) -> Result<&Who, Denied> {
        match self {
            Self::Nobody => Err(Denied::Nobody),
            Self::Here(who) if who.must_change => Err(Denied::PasswordDue),
            Self::Here(who) if who.must_enrol => Err(Denied::SecondFactorDue),
            Self::Here(who) if who.locked => Err(Denied::Locked),
            Self::Here(who) => Ok(who),
        }
    }
}

/// Whether anybody may use the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There are no accounts yet.
    FirstStart,
    /// Nobody has signed in.
    SignedOut,
    /// Somebody has, and must choose a password of their own first.
    PasswordDue,
    /// Somebody has, and must add a second factor first.
    SecondFactorDue,
    /// Somebody works.
    SignedIn,
    /// Somebody works and is away.
    Locked,
}

/// Why somebody did not come in.
#[derive(Debug, thiserror::Error)]
pub enum NotIn {
    /// Wrong, locked, disabled, or a code is needed.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Nobody comes in whose coming cannot be written down.
    #[error(transparent)]
    NotRecorded(#[from] AppendError),
    /// Nobody has signed in whom it could concern.
    #[error("nobody has signed in")]
    Nobody,
}

impl People {
    /// Whether anybody may use the console. Reads the accounts' file while nobody has signed in.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match &*self.presence.lock() {
            Presence::Here(who) if who.must_change => Standing::PasswordDue,
            Presence::Here(who) if who.must_enrol => Standing::SecondFactorDue,
            Presence::Here(who) if who.locked => Standing::Locked,
            Presence::Here(_) => Standing::SignedIn,
            // A file that cannot be read is no empty one: else damage would make an administrator of whoever comes.
            Presence::Nobody => match self.accounts.list() {
                Ok(accounts) if accounts.is_empty() => Standing::FirstStart,
                _ => Standing::SignedOut,
            },
        }
    }

    /// Something of who has signed in.
    pub fn with_who<T>(&self, look: impl FnOnce(&Who) -> T) -> Option<T> {
        self.presence.lock().who().map(look)
    }

    /// Creates the first administrator, who has then signed in.
    ///
    /// # Errors
    /// The vault's, or [`NotIn`] as a [`vault::Refusal`] cannot say it.
    pub fn create_first(&self, account: &str, name: &str, password: &Secret) -> Result<(), vault::Refusal> {
        let change =
            self.accounts.create_first(account.to_owned(), name.to_owned(), password.clone(), now())?;
        let role = Role::Administrator;
        let event = Event::AccountCreated { account: change.account.as_str().into(), given: role };
        let _ = self.record(None, event);
        match self.sign_in(account, password, None) {
            Ok(()) => Ok(()),
            Err(NotIn::Refused(refused)) => Err(refused.into()),
            Err(other) => {
                log::warn!("the first administrator did not come in: {other}");
                Ok(())
            }
        }
    }

    /// Lets somebody in; whoever was in before is signed out.
    ///
    /// # Errors
    /// [`NotIn`]; whoever was in before stays.
    pub fn sign_in(&self, account: &str, password: &Secret, code: Option<&str>) -> Result<(), NotIn> {
        let who = self.prove(account, password, code)?;
        self.record(Some(who.recorded()), Event::SignedIn)?;
        *self.presence.lock() = Presence::Here(Box::new(who));
        self.forget_logins();
        Ok(())
    }

    /// Somebody takes over from whoever is in.
    ///
    /// # Errors
    /// [`NotIn`]; whoever was in before stays.
    pub fn hand_over(&self, account: &str, password: &Secret, code: Option<&str>) -> Result<(), NotIn> {
        let before = self.presence.lock().who().map(Who::recorded).ok_or(NotIn::Nobody)?;
        let who = self.prove(account, password, code)?;
        let to = who.recorded().account;
        self.record(Some(before), Event::HandedOver { to })?;
        self.record(Some(who.recorded()), Event::SignedIn)?;
        *self.presence.lock() = Presence::Here(Box::new(who));
        self.forget_logins();
        self.keep_anchor();
        Ok(())
    }

    fn prove(&self, account: &str, password: &Secret, code: Option<&str>) -> Result<Who, NotIn> {
        let signed_in = self.accounts.sign_in(account, password, code, now()).inspect_err(|refused| {
            // A code that is asked for is no failure.
            if !matches!(refused, Refused::CodeNeeded) {
                let _ = self.record(None, Event::SignInFailed { account: account.into() });
            }
        })?;
        let mut who = who(signed_in);
        if let Some((role, scope)) = self.rights.lock().get(&who.person.account) {
            (who.person.role, who.person.scope) = (*role, scope.clone());
        }
        Ok(who)
    }

    /// Nobody is in any more.
    pub fn sign_out(&self) {
        if self.is_demo() {
            return;
        }
        let person = self.presence.lock().who().map(Who::recorded);
        if let Some(person) = person {
            let _ = self.record(Some(person), Event::SignedOut);
            *self.presence.lock() = Presence::Nobody;
            self.forget_logins();
            self.keep_anchor();
        }
    }

    /// The controls do nothing until the person comes back; walls go on.
    pub fn lock(&self) {
        let locked = {
            let mut presence = self.presence.lock();
            let who = presence.who_mut().filter(|who| !who.locked && who.person.account != DEMO);
            who.map(|who| who.locked = true).is_some()
        };
        if locked {
            self.note(Event::Locked);
        }
    }

    /// The person has come back.
    ///
    /// # Errors
    /// [`NotIn`]; wrong tries count as those at the sign-in do.
    pub fn unlock(&self, password: &Secret) -> Result<(), NotIn> {
        let account = self.person().ok_or(NotIn::Nobody)?.account;
        if let Err(refused) = self.accounts.check(&account, password, now()) {
            let _ = self.record(None, Event::SignInFailed { account: account.as_str().into() });
            return Err(refused.into());
        }
        if let Some(who) = self.presence.lock().who_mut() {
            (who.locked, who.touched) = (false, Instant::now());
        }
        self.note(Event::Unlocked);
        Ok(())
    }

    /// Somebody is there.
    pub fn touched(&self) {
        if let Some(who) = self.presence.lock().who_mut() {
            who.touched = Instant::now();
        }
    }

    /// Locks the controls if nobody has touched them for so long; says whether it did.
    pub fn lock_if_idle(&self, patience: Duration) -> bool {
        let idle = {
            let presence = self.presence.lock();
            let here = presence.who().filter(|who| !who.locked && who.person.account != DEMO);
            here.is_some_and(|who| who.touched.elapsed() >= patience)
        };
        if idle {
            self.lock();
        }
        idle
    }

    /// Whoever looks around in the simulated province does so in this role.
    pub fn play_role(&self, role: Role) {
        if self.is_demo() {
            *self.presence.lock() = Presence::demo(role);
        }
    }

    /// Changes the person's own password.
    ///
    /// # Errors
    /// The vault's.
    pub fn change_password(&self, old: &Secret, new: &Secret) -> Result<(), vault::Refusal> {
        let Some(person) = self.person() else { return Err(vault::Refusal::Stale) };
        let (_, keyhole) = self.accounts.change_password(&person.account, old, new, now())?;
        if let Some(who) = self.presence.lock().who_mut() {
            (who.keyhole, who.must_change) = (Some(Arc::new(keyhole)), false);
        }
        self.forget_logins();
        self.note(Event::PasswordChanged);
        Ok(())
    }

    /// Begins to give the person a second factor: what the telephone is to read, as a picture and as text.
    ///
    /// # Errors
    /// The vault's; wrong passwords count as those at the sign-in do.
    pub fn begin_second_factor(&self, password: &Secret) -> Result<(Secret, Secret), vault::Refusal> {
        let (account, keyhole) = self.keyhole()?;
        self.accounts.check(&account, password, now())?;
        let enrolment = self.accounts.begin_enrolment(&keyhole)?;
        let shown = (enrolment.qr_svg(), enrolment.text());
        if let Some(who) = self.presence.lock().who_mut() {
            who.enrolment = Some(enrolment);
        }
        Ok(shown)
    }

    /// Puts it in force and gives the recovery codes, once.
    ///
    /// # Errors
    /// The vault's.
    pub fn confirm_second_factor(&self, code: &str) -> Result<Vec<Secret>, vault::Refusal> {
        let (account, keyhole) = self.keyhole()?;
        let enrolment = self.presence.lock().who_mut().and_then(|who| who.enrolment.take());
        let enrolment = enrolment.ok_or(vault::Refusal::NotEnrolled)?;
        match self.accounts.confirm_enrolment(&keyhole, &enrolment, code, now()) {
            Ok((_, codes)) => {
                if let Some(who) = self.presence.lock().who_mut() {
                    (who.second_factor, who.must_enrol) = (true, false);
                }
                self.forget_logins();
                self.note(Event::SecondFactorAdded { account: account.as_str().into() });
                Ok(codes)
            }
            Err(refusal) => {
                // The next code may be the right one.
                if let Some(who) = self.presence.lock().who_mut() {
                    who.enrolment = Some(enrolment);
                }
                Err(refusal)
            }
        }
    }

    /// Does without it again.
    ///
    /// # Errors
    /// The vault's.
    pub fn drop_second_factor(&self, password: &Secret, code: &str) -> Result<(), vault::Refusal> {
        let (account, _) = self.keyhole()?;
        let change = self.accounts.drop_second_factor(&account, password, code, now())?;
        debug_assert!(matches!(change.what, What::SecondFactorRemoved));
        if let Some(who) = self.presence.lock().who_mut() {
            who.second_factor = false;
        }
        self.note(Event::SecondFactorDropped { account: account.as_str().into() });
        Ok(())
    }

    /// The person's account and the way to their logins.
    pub(super) fn keyhole(&self) -> Result<(String, Arc<Keyhole>), vault::Refusal> {
        let presence = self.presence.lock();
        let who = presence.who().ok_or(vault::Refusal::Stale)?;
        let keyhole = who.keyhole.clone().ok_or(vault::Refusal::Stale)?;
        Ok((who.person.account.clone(), keyhole))
    }
}

fn who(signed_in: SignedIn) -> Who {
    let SignedIn {
        name,
        display,
        role,
        scope,
        must_change,
        must_enrol,
        second_factor_required,
        recovery_codes_left,
        keyhole,
        ..
    } = signed_in;
    Who {
        person: Person { account: name.as_str().to_owned(), role, scope },
        display,
        second_factor: recovery_codes_left.is_some(),
        second_factor_required,
        began: now(),
        must_change,
        must_enrol,
        keyhole: Some(Arc::new(keyhole)),
        enrolment: None,
        touched: Instant::now(),
        locked: false,
    }
}
