//! A person's logins for devices, for the page: kept, tried once, forgotten.

use engine::people::SetFault;
use model::{Action, Credentials, Fault, Secret};
use vault::{Keeping, KeyFault, Presence, Target, Tested};

use super::session::trouble_notice;
use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::people::{Login, LoginKeeping, LoginResult, LoginTarget, LoginTested, Logins};
use crate::words::Words;

impl Console {
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
            let (reason, detail) = words.fault(fault);
            LoginResult {
                accepted: false,
                text: words.say("login_not_accepted", &[("device", device), ("reason", &reason)]),
                detail,
            }
        }
    }
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
