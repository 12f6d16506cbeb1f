//! Who works at this workstation, and what they may.
//!
//! One person at a time has signed in, or nobody. Everything that somebody asks for is allowed or refused here, and
//! written down; the page only hides what would be refused anyway. Signing in, changing passwords and whatever else
//! hashes a password or asks the keychain takes its time: those methods belong on a thread that may wait. [`People::may`],
//! [`People::allow`], [`People::sees`] and [`People::login`] wait for nobody.

mod administration;
mod logins;
mod presence;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::{Anchor, AppendError, Entry, Event, Log, Text};
use inventory::{Camera, Site};
use jiff::Timestamp;
use model::{Action, Credentials, Id, Role, Scope};
use parking_lot::Mutex;
use store::Problem;
use vault::{Accounts, Keychain};

use crate::rights::{Person, Subject};

pub use administration::{Fields, NotChanged};
use logins::Given;
pub use logins::{Barred, SetFault};
use presence::Presence;
pub use presence::{NotIn, Standing, Who};

/// The account of the simulated province.
const DEMO: &str = "demo";

/// Whether the log could not be written lately, and why.
type Unwritten = Arc<Mutex<Option<AppendError>>>;

/// See the module.
pub struct People {
    accounts: Accounts,
    keychain: Keychain,
    log: Log,
    /// Anchors that were taken out of the log, in another folder than the log's.
    anchors: PathBuf,
    presence: Mutex<Presence>,
    given: Mutex<Given>,
    /// Roles and scopes that came with the signed inventory: they hold over those of this workstation.
    rights: Mutex<BTreeMap<String, (Role, Scope)>>,
    demo: Option<Demo>,
    unwritten: Unwritten,
}

/// The simulated province: no accounts, and one login for all its devices.
struct Demo {
    login: Option<Credentials>,
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody has signed in.
    #[error("nobody has signed in")]
    Nobody,
    /// The controls are locked.
    #[error("locked")]
    Locked,
    /// A password has to be chosen first.
    #[error("a password has to be chosen first")]
    PasswordDue,
    /// A second factor has to be added first.
    #[error("a second factor has to be added first")]
    SecondFactorDue,
    /// The role does not allow it, or not there.
    #[error("no right to {0:?}")]
    NoRight(Action),
}

impl People {
    /// The accounts and the log in `folder`. The problems say what was wrong with the accounts' file.
    ///
    /// # Errors
    /// The log cannot be opened: another program has it open, or the system refuses.
    pub fn open(
        folder: &Path,
        workstation: &str,
        version: &str,
    ) -> Result<(Self, Option<Problem>), audit::OpenError> {
        Self::with(folder, workstation, version, None)
    }

    /// The simulated province: whoever comes has signed in, with one login for all devices. The folder's accounts are
    /// not looked at.
    ///
    /// # Errors
    /// As [`People::open`].
    pub fn demo(
        folder: &Path,
        workstation: &str,
        version: &str,
        login: Option<Credentials>,
    ) -> Result<Self, audit::OpenError> {
        Self::with(folder, workstation, version, Some(Demo { login })).map(|(people, _)| people)
    }

    fn with(
        folder: &Path,
        workstation: &str,
        version: &str,
        demo: Option<Demo>,
    ) -> Result<(Self, Option<Problem>), audit::OpenError> {
        let log = Log::open(&folder.join("audit"), workstation, now().as_millisecond())?;
        let (accounts, problem) = Accounts::open(&folder.join("accounts"));
        let presence = match &demo {
            Some(_) => Presence::demo(Role::Supervisor),
            None => Presence::Nobody,
        };
        let people = Self {
            accounts,
            keychain: Keychain::of_system(Keychain::DEADLINE),
            log,
            anchors: folder.join("anchors.txt"),
            presence: Mutex::new(presence),
            given: Mutex::default(),
            rights: Mutex::default(),
            demo,
            unwritten: Unwritten::default(),
        };
        people.record(None, Event::ProgramStarted { version: version.into() })?;
        Ok((people, problem))
    }

    /// Whether this is the simulated province.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// Who has signed in, whether or not the controls are locked.
    #[must_use]
    pub fn person(&self) -> Option<Person> {
        self.presence.lock().who().map(|who| who.person.clone())
    }

    /// Who works here, whether or not the controls are locked; nobody while something of the person's own is due first.
    #[must_use]
    pub fn at_work(&self) -> Option<Person> {
        self.presence.lock().who().filter(|who| !who.is_due()).map(|who| who.person.clone())
    }

    /// Whether the person may do this somewhere, now.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        let presence = self.presence.lock();
        presence.active().is_ok_and(|who| who.person.may_somewhere(action))
    }

    /// All that the person may do somewhere, whether or not the controls are locked.
    #[must_use]
    pub fn actions(&self) -> Vec<Action> {
        let presence = self.presence.lock();
        let Some(who) = presence.who() else { return Vec::new() };
        let may = |action: &Action| who.person.may_somewhere(*action);
        Action::ALL.into_iter().filter(may).collect()
    }

    /// Lets the person do something, with a camera or without. A refusal for lack of rights is written down.
    ///
    /// # Errors
    /// [`Denied`]
    pub fn allow(&self, action: Action, camera: Option<(&Site, &Camera)>) -> Result<Person, Denied> {
        let person = self.presence.lock().active()?.person.clone();
        let allowed = match camera {
            Some((site, camera)) => person.may(action, Subject::camera(site, camera)).is_ok(),
            None => person.may_somewhere(action),
        };
        if allowed {
            return Ok(person);
        }
        let subject = camera.map(|(_, camera)| camera.id.clone());
        self.note(Event::RightsDenied { action, subject });
        Err(Denied::NoRight(action))
    }

    /// Whether the person may see a camera. Locking the controls takes no picture off a wall; whoever has yet to choose a
    /// password or to add a second factor sees none.
    #[must_use]
    pub fn sees(&self, site: &Site, camera: &Camera) -> bool {
        let presence = self.presence.lock();
        let here = presence.who().filter(|who| !who.is_due());
        here.is_some_and(|who| who.person.may(Action::View, Subject::camera(site, camera)).is_ok())
    }

    /// These roles and scopes hold from now on, whatever this workstation says of the same accounts.
    pub fn set_rights(&self, rights: Vec<(String, Role, Scope)>) {
        let rights: BTreeMap<_, _> =
            rights.into_iter().map(|(account, role, scope)| (account, (role, scope))).collect();
        if let Some(who) = self.presence.lock().who_mut()
            && let Some((role, scope)) = rights.get(&who.person.account)
        {
            (who.person.role, who.person.scope) = (*role, scope.clone());
        }
        *self.rights.lock() = rights;
    }

    /// Whether role and scope of this account came with the signed inventory.
    #[must_use]
    pub fn has_right(&self, account: &str) -> bool {
        self.rights.lock().contains_key(account)
    }

    /// Writes down what the person does, without waiting for the disk. What could not be written says
    /// [`People::unwritten`].
    pub fn note(&self, event: Event) {
        self.note_all(vec![event]);
    }

    /// Writes down several things at once.
    pub fn note_all(&self, events: Vec<Event>) {
        let person = self.presence.lock().who().map(Who::recorded);
        let entry = |event| Entry { time_ms: now().as_millisecond(), person: person.clone(), event };
        let submitted = self.log.submit(events.into_iter().map(entry).collect());
        if let Err(error) = submitted {
            *self.unwritten.lock() = Some(error);
        }
    }

    /// Writes down what somebody has had done who may have gone since.
    pub fn note_for(&self, account: &str, role: Role, events: Vec<Event>) {
        let person = audit::Person { account: account.into(), role };
        let entry = |event| Entry { time_ms: now().as_millisecond(), person: Some(person.clone()), event };
        if let Err(error) = self.log.submit(events.into_iter().map(entry).collect()) {
            *self.unwritten.lock() = Some(error);
        }
    }

    /// Why the log could not be written since this was last asked.
    #[must_use]
    pub fn unwritten(&self) -> Option<AppendError> {
        self.unwritten.lock().take()
    }

    /// Writes down what somebody does, and waits until it is on the disk.
    fn record(&self, person: Option<audit::Person>, event: Event) -> Result<Anchor, AppendError> {
        self.log.append(Entry { time_ms: now().as_millisecond(), person, event })
    }

    /// The folder of the log.
    #[must_use]
    pub fn records(&self) -> &Path {
        self.log.folder()
    }

    /// What stands for all records up to now; to be kept elsewhere.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        self.log.anchor()
    }

    /// The anchors that this workstation has taken out of its log. Lines that are none are passed over: they cannot make
    /// the log look sounder than it is.
    #[must_use]
    pub fn anchors(&self) -> Vec<Anchor> {
        let text = fs::read_to_string(&self.anchors).unwrap_or_default();
        text.lines().filter_map(|line| line.trim().parse().ok()).collect()
    }

    /// Takes an anchor out of the log, beside it: a change of the log's folder alone does not reach it.
    fn keep_anchor(&self) {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let kept = options.open(&self.anchors).and_then(|mut file| writeln!(file, "{}", self.log.anchor()));
        if let Err(error) = kept {
            log::warn!("no anchor was kept: {error}");
        }
    }

    /// Removes the records that are older than is kept.
    ///
    /// # Errors
    /// The log's.
    pub fn trim(&self) -> Result<(), audit::TrimError> {
        self.log.trim(Log::KEPT, None, now().as_millisecond()).map(drop)
    }

    /// The program ends.
    pub fn end(&self) {
        let person = self.presence.lock().who().map(Who::recorded);
        if person.is_some() && !self.is_demo() {
            let _ = self.record(person.clone(), Event::SignedOut);
        }
        if let Err(error) = self.record(person, Event::ProgramEnded) {
            log::warn!("the end was not written down: {error}");
        }
        self.keep_anchor();
    }
}

fn now() -> Timestamp {
    Timestamp::now()
}

/// What an administrator's scope is said to be in the log.
fn scope_text(scope: &Scope) -> Text {
    if scope.everything {
        return "*".into();
    }
    let sites = scope.sites.iter().map(Id::as_str);
    let cameras = scope.cameras.iter().map(Id::as_str);
    let all: Vec<&str> = scope.districts.iter().map(String::as_str).chain(sites).chain(cameras).collect();
    all.join(", ").as_str().into()
}
