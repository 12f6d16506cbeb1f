//! Who works here, for the page: signing in, locking, accounts, logins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::people::{Denied, Fields, NotChanged, NotIn, SetFault, Standing};
use engine::rights::Person;
use jiff::Timestamp;
use model::{Action, Credentials, Fault, Id, Role, Secret};
use vault::{Keeping, KeyFault, Presence, Refusal, Refused, Target, Tested};

use super::{Console, notices};
use crate::wire::people::{
    Account, AccountFields, Enrolment, Login, LoginKeeping, LoginResult, LoginTarget, LoginTested, Logins,
    Session, SessionState, SignIn, Weakness,
};
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
        });
        Session {
            state: match self.people.standing() {
                Standing::FirstStart => SessionState::FirstStart,
                Standing::SignedOut => SessionState::SignedOut,
                Standing::PasswordDue => SessionState::PasswordDue,
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

    fn denied(&self, denied: Denied) -> Notice {
        let words = self.words();
        match denied {
            Denied::Nobody => notices::error_notice("denied_nobody", &[], &words),
            Denied::Locked => notices::error_notice("denied_locked", &[], &words),
            Denied::PasswordDue => notices::error_notice("denied_password_due", &[], &words),
            Denied::NoRight(action) => {
                let action = serde_json::to_value(action).unwrap_or_default();
                let what = words.get(&format!("action_{}", action.as_str().unwrap_or_default())).to_owned();
                notices::error_notice("denied_no_right", &[("action", &what)], &words)
            }
        }
    }

    /// Another person, other rights or other logins: page and walls follow.
    fn session_changed(&self) {
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
        self.tell("session", self.session());
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

    /// The person's logins for devices.
    ///
    /// # Errors
    /// As above.
    pub fn logins(&self) -> Result<Logins, Notice> {
        self.allow(Action::EnterCredentials, None)?;
        let words = self.words();
        let (keeping, presence, listed) =
            self.people.list_logins().map_err(|fault| key_fault(&fault, &words))?;
        let entry = |listed: vault::Listed| {
            let (user, tested) = listed.login.unwrap_or_else(|| ("?".to_owned(), Tested::Untested));
            let (tested, at) = match tested {
                Tested::Untested => (LoginTested::Untested, None),
                Tested::Accepted { at } => (LoginTested::Accepted, Some(at)),
                Tested::Refused { at } => (LoginTested::Refused, Some(at)),
            };
            let target = target_wire(listed.target)?;
            Some(Login { target, user, tested, at: at.map(|at| at.as_millisecond() as f64) })
        };
        let why = match presence {
            Presence::Present => String::new(),
            Presence::Absent(fault) => keychain_words(fault, &words),
        };
        let keeping = match keeping {
            Keeping::NotChosen => LoginKeeping::NotChosen,
            Keeping::Keychain => LoginKeeping::Keychain,
            Keeping::PasswordFile => LoginKeeping::PasswordFile,
        };
        let entries = listed.into_iter().filter_map(entry).collect();
        Ok(Logins { keeping, why, entries })
    }

    /// Keeps the key of the person's logins as they have chosen.
    ///
    /// # Errors
    /// As above.
    pub fn keep_logins(&self, keeping: LoginKeeping) -> Result<(), Notice> {
        self.allow(Action::EnterCredentials, None)?;
        let keeping = match keeping {
            LoginKeeping::Keychain => Keeping::Keychain,
            LoginKeeping::PasswordFile => Keeping::PasswordFile,
            LoginKeeping::NotChosen => Keeping::NotChosen,
        };
        self.people.keep_logins(keeping).map_err(|fault| key_fault(&fault, &self.words()))?;
        self.feeds.renew();
        Ok(())
    }

    /// Keeps a login after a device that it is for was asked once.
    ///
    /// # Errors
    /// As above.
    pub fn set_login(
        &self,
        target: LoginTarget,
        user: &str,
        password: &Secret,
    ) -> Result<LoginResult, Notice> {
        self.allow(Action::EnterCredentials, None)?;
        let words = self.words();
        let login = Credentials { user: user.to_owned(), password: password.clone() };
        let device = self.device_of(&target);
        let said = device.as_ref().map(|(_, address)| self.feeds.try_login(address, &login));
        let result = login_result(device.map(|(name, _)| name).as_deref(), said.as_ref(), &words);
        let kept = self.people.set_login(&target_of(target), user, password, said);
        kept.map_err(|fault| set_fault(&fault, &words))?;
        self.feeds.renew();
        Ok(result)
    }

    /// Forgets a login.
    ///
    /// # Errors
    /// As above.
    pub fn remove_login(&self, target: LoginTarget) -> Result<(), Notice> {
        self.allow(Action::EnterCredentials, None)?;
        let removed = self.people.remove_login(&target_of(target));
        removed.map_err(|fault| key_fault(&fault, &self.words()))?;
        self.feeds.renew();
        Ok(())
    }

    /// The first device that a login is for and the person may see: its name, and where it is asked.
    fn device_of(&self, target: &LoginTarget) -> Option<(String, model::Address)> {
        let inventory = self.inventory();
        inventory.sites().iter().find_map(|site| {
            site.recorders.iter().find_map(|recorder| {
                recorder.cameras.iter().find_map(|camera| {
                    let meant = match target {
                        LoginTarget::Province => true,
                        LoginTarget::Site { id } => site.id == *id,
                        LoginTarget::Recorder { id } => recorder.id == *id,
                        LoginTarget::Camera { id } => camera.id == *id,
                    };
                    let seen = meant && self.people.sees(site, camera);
                    let profile =
                        camera.profiles.iter().min_by_key(|profile| profile.width).filter(|_| seen)?;
                    Some((format!("{} · {}", recorder.name, site.name), profile.address.clone()))
                })
            })
        })
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

    fn not_changed(&self, not: NotChanged) -> Notice {
        match not {
            NotChanged::Denied(denied) => self.denied(denied),
            NotChanged::Refused(refusal) => account_refusal(&refusal, &self.words()),
        }
    }

    /// Whoever watched until now no longer does: it is written down while they are still known.
    pub(super) fn end_watching(&self) {
        let events = self.state.lock().watching.end(Instant::now(), Timestamp::now().as_millisecond());
        self.people.note_all(events);
    }

    pub(super) fn words(&self) -> Arc<Words> {
        Arc::clone(&self.state.lock().words)
    }
}

fn of(fields: &AccountFields) -> Fields<'_> {
    Fields { account: &fields.account, name: &fields.name, role: fields.role, scope: &fields.scope }
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

fn target_of(target: LoginTarget) -> Target {
    match target {
        LoginTarget::Province => Target::Province,
        LoginTarget::Site { id } => Target::Site(id),
        LoginTarget::Recorder { id } => Target::Recorder(id),
        LoginTarget::Camera { id } => Target::Camera(id),
    }
}

/// What opens no device is not among the logins.
fn target_wire(target: Target) -> Option<LoginTarget> {
    match target {
        Target::Province => Some(LoginTarget::Province),
        Target::Site(id) => Some(LoginTarget::Site { id }),
        Target::Recorder(id) => Some(LoginTarget::Recorder { id }),
        Target::Camera(id) => Some(LoginTarget::Camera { id }),
        Target::SigningKey => None,
    }
}

/// What a device said to a new login. Only the device's own word makes it accepted.
fn login_result(device: Option<&str>, said: Option<&Result<(), Fault>>, words: &Words) -> LoginResult {
    let device = device.unwrap_or_default();
    match said {
        None => LoginResult {
            accepted: false,
            text: words.get("login_no_device").to_owned(),
            detail: words.get("login_no_device_detail").to_owned(),
        },
        Some(Ok(())) => LoginResult {
            accepted: true,
            text: words.say("login_accepted", &[("device", device)]),
            detail: String::new(),
        },
        Some(Err(fault)) => {
            let key = format!("fault_{}", fault.code());
            let reason = words.get(&key).to_owned();
            LoginResult {
                accepted: false,
                text: words.say("login_not_accepted", &[("device", device), ("reason", &reason)]),
                detail: words.get(&format!("{key}_detail")).to_owned(),
            }
        }
    }
}

/// Why somebody is not let in.
fn refused(refused: &Refused, words: &Words) -> Notice {
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

fn trouble_notice(trouble: &vault::Trouble, words: &Words) -> Notice {
    notices::error_notice("accounts_unusable", &[("reason", &trouble.to_string())], words)
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

fn keychain_words(fault: vault::KeychainFault, words: &Words) -> String {
    let key = match fault {
        vault::KeychainFault::Unavailable => "keychain_unavailable",
        vault::KeychainFault::Locked => "keychain_locked",
        vault::KeychainFault::TimedOut => "keychain_timed_out",
        vault::KeychainFault::NotAKey => "keychain_not_a_key",
    };
    words.get(key).to_owned()
}

pub(super) fn key_fault(fault: &KeyFault, words: &Words) -> Notice {
    match fault {
        KeyFault::NotChosen => notices::error_notice("logins_not_chosen", &[], words),
        KeyFault::Keychain(fault) => {
            notices::error_notice("logins_keychain", &[("reason", &keychain_words(*fault, words))], words)
        }
        KeyFault::KeyGone | KeyFault::OtherKey => notices::error_notice("logins_key_gone", &[], words),
        KeyFault::Stale => notices::error_notice("account_stale", &[], words),
        KeyFault::Trouble(trouble) => trouble_notice(trouble, words),
    }
}

pub(super) fn set_fault(fault: &SetFault, words: &Words) -> Notice {
    match fault {
        SetFault::Key(fault) => key_fault(fault, words),
        SetFault::Login(vault::NotSet::Odd) => notices::error_notice("login_odd", &[], words),
        SetFault::Login(vault::NotSet::TooMany) => notices::error_notice("login_too_many", &[], words),
        SetFault::Login(vault::NotSet::Trouble(trouble)) => trouble_notice(trouble, words),
    }
}
