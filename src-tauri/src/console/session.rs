//! Who works here, for the page: signing in, locking, handing over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::people::{Denied, NotIn, Standing};
use engine::rights::Person;
use jiff::Timestamp;
use model::{Action, Id, Role, Secret};
use vault::Refused;

use super::{Console, notices};
use crate::wire::people::{Session, SessionState, SignIn};
use crate::wire::{self, Notice};
use crate::words::Words;

impl Console {
    /// Whether anybody may use the console, and who does.
    #[must_use]
    pub fn session(&self) -> Session {
        let actions = self.people.actions();
        let person = self.people.with_who(|who| wire::people::Person {
            account: who.person.account.clone(),
            name: who.display.clone(),
            role: who.person.role,
            scope: who.person.scope.clone(),
            may: actions,
            second_factor: who.second_factor,
            second_factor_required: who.second_factor_required,
        });
        Session {
            state: match self.people.standing() {
                Standing::FirstStart => SessionState::FirstStart,
                Standing::SignedOut => SessionState::SignedOut,
                Standing::PasswordDue => SessionState::PasswordDue,
                Standing::SecondFactorDue => SessionState::SecondFactorDue,
                Standing::SignedIn => SessionState::SignedIn,
                Standing::Locked => SessionState::Locked,
            },
            person,
            demo: self.people.is_demo(),
            settings: self.state.lock().settings.clone(),
        }
    }

    /// Lets the person do something, with a camera or without.
    ///
    /// # Errors
    /// In words, why not.
    pub(super) fn allow(&self, action: Action, camera: Option<&Id>) -> Result<Person, Notice> {
        let inventory = self.inventory();
        let place = camera.and_then(|id| inventory.camera(id));
        let allowed = self.people.allow(action, place.map(|(site, _, camera)| (site, camera)));
        allowed.map_err(|denied| self.denied(denied))
    }

    pub(super) fn denied(&self, denied: Denied) -> Notice {
        let words = self.words();
        match denied {
            Denied::Nobody => notices::error_notice("denied_nobody", &[], &words),
            Denied::Locked => notices::error_notice("denied_locked", &[], &words),
            Denied::PasswordDue => notices::error_notice("denied_password_due", &[], &words),
            Denied::SecondFactorDue => notices::error_notice("denied_second_factor_due", &[], &words),
            Denied::NoRight(action) => {
                let action = serde_json::to_value(action).unwrap_or_default();
                let what = words.get(&format!("action_{}", action.as_str().unwrap_or_default())).to_owned();
                notices::error_notice("denied_no_right", &[("action", &what)], &words)
            }
        }
    }

    /// Another person, other rights or other logins: page and walls follow.
    pub(super) fn session_changed(&self) {
        self.end_all_playback();
        self.end_listening();
        self.equipment.renew();
        self.feeds.renew();
        self.tell("session", self.session());
    }

    /// Creates the first administrator, who has then signed in.
    ///
    /// # Errors
    /// In words, here and below; nothing has been changed then.
    pub fn create_first_account(&self, account: &str, name: &str, password: &Secret) -> Result<(), Notice> {
        let created = self.people.create_first(account, name, password);
        created.map_err(|refusal| self.not_changed(refusal.into()))?;
        self.begin_shift();
        Ok(())
    }

    /// Lets somebody in.
    ///
    /// # Errors
    /// As above.
    pub fn sign_in(&self, account: &str, password: &Secret, code: Option<&str>) -> Result<SignIn, Notice> {
        let came = self.people.sign_in(account, password, code);
        self.came(came)
    }

    /// Somebody takes over; walls go on.
    ///
    /// # Errors
    /// As above.
    pub fn hand_over(&self, account: &str, password: &Secret, code: Option<&str>) -> Result<SignIn, Notice> {
        self.end_watching();
        let came = self.people.hand_over(account, password, code);
        self.came(came)
    }

    fn came(&self, came: Result<(), NotIn>) -> Result<SignIn, Notice> {
        match came {
            Ok(()) => {
                self.begin_shift();
                Ok(SignIn::Done)
            }
            Err(NotIn::Refused(Refused::CodeNeeded)) => Ok(SignIn::CodeNeeded),
            Err(not_in) => Err(self.not_in(&not_in)),
        }
    }

    fn begin_shift(&self) {
        {
            let mut state = self.state.lock();
            state.newsroom.begin_shift();
            state.status.forget();
        }
        self.session_changed();
    }

    /// Nobody is in any more: the walls go dark.
    pub fn sign_out(&self) {
        self.end_watching();
        self.people.sign_out();
        self.session_changed();
    }

    /// The controls do nothing until the person comes back.
    pub fn lock(&self) {
        self.equipment.steering.let_go_all();
        self.end_listening();
        self.people.lock();
        self.tell("session", self.session());
    }

    /// The person has come back.
    ///
    /// # Errors
    /// As above.
    pub fn unlock(&self, password: &Secret) -> Result<(), Notice> {
        self.people.unlock(password).map_err(|not_in| self.not_in(&not_in))?;
        self.tell("session", self.session());
        Ok(())
    }

    /// Somebody is there.
    pub fn touched(&self) {
        self.people.touched();
    }

    /// Locks the controls when their time has come.
    pub(super) fn lock_if_idle(&self) {
        let minutes = self.state.lock().settings.lock_after;
        if minutes > 0 && self.people.lock_if_idle(Duration::from_secs(60 * u64::from(minutes))) {
            self.tell("session", self.session());
        }
    }

    /// Whoever looks around in the simulated province does so in this role.
    pub fn play_role(&self, role: Role) {
        if self.people.is_demo() {
            self.people.play_role(role);
            self.session_changed();
        }
    }

    fn not_in(&self, not_in: &NotIn) -> Notice {
        let words = self.words();
        match not_in {
            NotIn::Refused(refused) => self::refused(refused, &words),
            NotIn::NotRecorded(error) => {
                notices::error_notice("not_recorded", &[("reason", &error.to_string())], &words)
            }
            NotIn::Nobody => notices::error_notice("denied_nobody", &[], &words),
        }
    }

    /// Whoever watched until now no longer does: it is written down while they are still known.
    pub(super) fn end_watching(&self) {
        let events = self.state.lock().watching.end(Instant::now(), Timestamp::now().as_millisecond());
        self.people.note_all(events);
        self.note_played();
    }

    pub(super) fn words(&self) -> Arc<Words> {
        Arc::clone(&self.state.lock().words)
    }
}

/// Why somebody is not let in.
pub(super) fn refused(refused: &Refused, words: &Words) -> Notice {
    match refused {
        Refused::Wrong { left } => notices::error_notice("sign_in_wrong", &[("n", &left.to_string())], words),
        Refused::Locked { until } => {
            let until = super::records::moment(until.as_millisecond());
            notices::error_notice("sign_in_locked", &[("until", &until)], words)
        }
        Refused::Disabled => notices::error_notice("sign_in_disabled", &[], words),
        Refused::CodeNeeded => notices::error_notice("sign_in_code_needed", &[], words),
        Refused::WrongCode { left } => {
            notices::error_notice("sign_in_wrong_code", &[("n", &left.to_string())], words)
        }
        Refused::Trouble(trouble) => trouble_notice(trouble, words),
    }
}

pub(super) fn trouble_notice(trouble: &vault::Trouble, words: &Words) -> Notice {
    notices::error_notice("accounts_unusable", &[("reason", &trouble.to_string())], words)
}
