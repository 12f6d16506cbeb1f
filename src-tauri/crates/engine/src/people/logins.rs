//! The person's logins for devices.

use std::collections::HashMap;
use std::sync::Arc;

use audit::Event;
use inventory::{Camera, Recorder, Site};
use model::{Action, Credentials, Fault, Id, Secret};
use vault::{Chosen, Keeping, KeyFault, Keyhole, Listed, Logins, NotGiven, NotSet, Presence, Target, Tested};

use super::administration::events;
use super::{People, now};

/// Why a camera is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// Nobody has signed in.
    Nobody,
    /// The person may not see it.
    NoRight,
    /// The device has refused the person's login, and it was not changed since.
    Refused,
    /// The person's logins cannot be read: the keychain is locked or gone, or a file is damaged.
    Unreadable,
}

/// A login as it was given out for a camera.
type Found = Result<Option<(Target, Arc<Credentials>)>, Barred>;

/// What was given out, so that a wall of hundreds of cameras reads no file again and again.
#[derive(Default)]
pub(super) struct Given {
    logins: Option<Result<Arc<Logins>, Barred>>,
    cameras: HashMap<Id, Found>,
    /// Counts the changes: what was looked up before one must not be kept after it.
    changes: u64,
}

impl People {
    /// The person's login for a camera, if they may see it and there is one. Waits for the keychain at the first camera
    /// after a sign-in.
    ///
    /// # Errors
    /// [`Barred`]
    pub fn login(
        &self,
        site: &Site,
        recorder: &Recorder,
        camera: &Camera,
    ) -> Result<Option<Credentials>, Barred> {
        if self.person().is_none() {
            return Err(Barred::Nobody);
        }
        if !self.sees(site, camera) {
            return Err(Barred::NoRight);
        }
        self.find(site, recorder, camera)
    }

    /// The person's login for a camera whose mount they may set up, though they may not see its pictures.
    ///
    /// # Errors
    /// [`Barred`]
    pub fn login_to_set_up(
        &self,
        site: &Site,
        recorder: &Recorder,
        camera: &Camera,
    ) -> Result<Option<Credentials>, Barred> {
        if !self.may(Action::ManageInventory) {
            return Err(Barred::NoRight);
        }
        self.find(site, recorder, camera)
    }

    fn find(&self, site: &Site, recorder: &Recorder, camera: &Camera) -> Result<Option<Credentials>, Barred> {
        if let Some(demo) = &self.demo {
            return Ok(demo.login.clone());
        }
        let changes = {
            let given = self.given.lock();
            if let Some(found) = given.cameras.get(&camera.id) {
                return found.clone().map(|found| found.map(|(_, login)| (*login).clone()));
            }
            given.changes
        };
        let found = self.look_up(&site.id, &recorder.id, &camera.id);
        let mut given = self.given.lock();
        if given.changes == changes {
            given.cameras.insert(camera.id.clone(), found.clone());
        }
        found.map(|found| found.map(|(_, login)| (*login).clone()))
    }

    fn look_up(&self, site: &Id, recorder: &Id, camera: &Id) -> Found {
        match self.logins().and_then(|logins| match logins {
            Some(logins) => logins.resolve(site, Some(recorder), Some(camera)).map_err(|not| match not {
                NotGiven::Refused { .. } => Barred::Refused,
                NotGiven::Altered { .. } | NotGiven::Trouble(_) => Barred::Unreadable,
            }),
            None => Ok(None),
        }) {
            Ok(found) => Ok(found.map(|(target, login)| (target, Arc::new(login)))),
            Err(barred) => Err(barred),
        }
    }

    /// The person's logins, opened once; `None` where it was not chosen yet how they are kept.
    fn logins(&self) -> Result<Option<Arc<Logins>>, Barred> {
        let changes = {
            let given = self.given.lock();
            match &given.logins {
                Some(Ok(logins)) => return Ok(Some(Arc::clone(logins))),
                Some(Err(barred)) => return Err(*barred),
                None => given.changes,
            }
        };
        let (_, keyhole) = self.keyhole().map_err(|_| Barred::Nobody)?;
        let opened = match keyhole.open(&self.keychain) {
            Ok(logins) => Ok(Arc::new(logins)),
            Err(KeyFault::NotChosen) => return Ok(None),
            Err(fault) => {
                log::warn!("the logins for devices cannot be read: {fault}");
                Err(Barred::Unreadable)
            }
        };
        let mut given = self.given.lock();
        if given.changes == changes {
            given.logins = Some(opened.clone());
        }
        opened.map(Some)
    }

    /// Another person, another way of keeping, other logins.
    pub(super) fn forget_logins(&self) {
        let mut given = self.given.lock();
        *given = Given { changes: given.changes + 1, ..Given::default() };
    }

    /// What a device said to a login that was given out for this camera. A refused one is not given out again before it
    /// is changed, if it is this device's own: one device says nothing of the others that share a site's login. There the
    /// gate sees to it that each is asked once.
    pub fn heard(&self, camera: &Id, said: Result<(), Fault>) {
        let found = self.given.lock().cameras.get(camera).cloned();
        let (Some(Ok(Some((target, login)))), Ok(Some(logins))) = (found, self.logins()) else { return };
        let at = now();
        let (tested, refused) = match said {
            Ok(()) => (Tested::Accepted { at }, false),
            Err(Fault::PasswordRefused) => (Tested::Refused { at }, true),
            Err(_) => return,
        };
        if refused && matches!(target, Target::Site(_) | Target::Province | Target::SigningKey) {
            return self.note(Event::CredentialRefused { target: camera.clone() });
        }
        match logins.mark(&target, &login, tested) {
            Ok(true) if refused => {
                self.forget_logins();
                self.note(Event::CredentialRefused { target: target_id(&target) });
            }
            Ok(_) => {}
            Err(trouble) => log::warn!("what a device said to a login was not kept: {trouble}"),
        }
    }

    /// How the key of the person's logins is kept, whether there is a keychain, and the logins without passwords.
    ///
    /// # Errors
    /// The vault's.
    pub fn list_logins(&self) -> Result<(Keeping, Presence, Vec<Listed>), KeyFault> {
        let (_, keyhole) = self.keyhole().map_err(|_| KeyFault::Stale)?;
        let mut presence = self.keychain.presence();
        let listed = match self.open_or_choose(&keyhole) {
            Ok(logins) => logins.list()?,
            Err(KeyFault::NotChosen) => Vec::new(),
            // It is there and gives nothing: the person may choose a file.
            Err(KeyFault::Keychain(fault)) if keyhole.keeping()? == Keeping::NotChosen => {
                presence = Presence::Absent(fault);
                Vec::new()
            }
            Err(fault) => return Err(fault),
        };
        Ok((keyhole.keeping()?, presence, listed))
    }

    /// The person's logins. Where a keychain answers nobody is asked whether to use it; a file takes a person's word.
    fn open_or_choose(&self, keyhole: &Keyhole) -> Result<Logins, KeyFault> {
        match keyhole.open(&self.keychain) {
            Err(KeyFault::NotChosen) if self.keychain.presence() == Presence::Present => {
                self.keep_logins(Keeping::Keychain)?;
                keyhole.open(&self.keychain)
            }
            opened => opened,
        }
    }

    /// Keeps the key of the person's logins from now on as they have chosen.
    ///
    /// # Errors
    /// The vault's.
    pub fn keep_logins(&self, keeping: Keeping) -> Result<Chosen, KeyFault> {
        let (_, keyhole) = self.keyhole().map_err(|_| KeyFault::Stale)?;
        let chosen = match keyhole.choose(keeping, &self.keychain) {
            // What nobody can read any more must not keep a person from entering it anew.
            Err(KeyFault::KeyGone | KeyFault::OtherKey) => keyhole.begin_anew(keeping, &self.keychain)?,
            chosen => chosen?,
        };
        self.forget_logins();
        if let Some(change) = &chosen.change {
            self.note_all(events(change));
        }
        Ok(chosen)
    }

    /// Keeps a login, and what a device has said to it if one was asked.
    ///
    /// # Errors
    /// The vault's; [`KeyFault`] as text where the logins cannot be reached.
    pub fn set_login(
        &self,
        target: &Target,
        user: &str,
        password: &Secret,
        said: Option<Result<(), Fault>>,
    ) -> Result<(), SetFault> {
        let (_, keyhole) = self.keyhole().map_err(|_| KeyFault::Stale)?;
        let logins = self.open_or_choose(&keyhole)?;
        logins.set(target.clone(), user, password)?;
        let at = now();
        let tested = match said {
            Some(Ok(())) => Some(Tested::Accepted { at }),
            Some(Err(Fault::PasswordRefused)) => Some(Tested::Refused { at }),
            _ => None,
        };
        if let Some(tested) = tested {
            let tried = Credentials { user: user.to_owned(), password: password.clone() };
            logins.mark(target, &tried, tested).map_err(NotSet::from)?;
        }
        self.forget_logins();
        self.note(Event::CredentialSet { target: target_id(target) });
        Ok(())
    }

    /// The person's key that signs inventories, if there is one.
    ///
    /// # Errors
    /// The vault's.
    pub fn signing_key(&self) -> Result<Option<Secret>, KeyFault> {
        let (_, keyhole) = self.keyhole().map_err(|_| KeyFault::Stale)?;
        match keyhole.open(&self.keychain) {
            Ok(logins) => Ok(logins.signing_key()?),
            Err(KeyFault::NotChosen) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Keeps it.
    ///
    /// # Errors
    /// The vault's.
    pub fn keep_signing_key(&self, key: &Secret) -> Result<(), SetFault> {
        let (_, keyhole) = self.keyhole().map_err(|_| KeyFault::Stale)?;
        self.open_or_choose(&keyhole)?.set(Target::SigningKey, "ed25519", key)?;
        Ok(())
    }

    /// Forgets a login.
    ///
    /// # Errors
    /// The vault's.
    pub fn remove_login(&self, target: &Target) -> Result<(), KeyFault> {
        let (_, keyhole) = self.keyhole().map_err(|_| KeyFault::Stale)?;
        if keyhole.open(&self.keychain)?.remove(target)? {
            self.note(Event::CredentialRemoved { target: target_id(target) });
        }
        self.forget_logins();
        Ok(())
    }
}

/// Why a login is not kept.
#[derive(Debug, thiserror::Error)]
pub enum SetFault {
    /// The logins cannot be reached.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// It is none, or there are too many.
    #[error(transparent)]
    Login(#[from] NotSet),
}

/// The province has no id of its own.
fn target_id(target: &Target) -> Id {
    match target {
        Target::Site(id) | Target::Recorder(id) | Target::Camera(id) => id.clone(),
        Target::Province | Target::SigningKey => Id::new("*").expect("one visible character"),
    }
}
