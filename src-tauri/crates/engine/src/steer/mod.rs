//! Steering cameras.
//!
//! **What it does:** lets one person at a time move a camera, as long as they may and hold it; ends every movement when
//! nobody holds it any more, and goes on until the device acknowledges that; turns to what was clicked or boxed; keeps and
//! recalls presets; tells where a camera points and what moves it.
//!
//! **What it must never know:** windows, pages, tiles, keys, how devices are spoken to, how workstations agree, words for
//! people.
//!
//! **The way through it:** [`Steering::look_at`] names the cameras whose controls are open: their devices are met.
//! [`Steering::push`] is said again and again while a hand is on a camera, [`Steering::let_go`] when it is not; a `drive`
//! each motor makes requests and stops of that, `motor` carries them. Everything that is said once is an [`Errand`]. Before
//! each, `People` is asked, and the camera is taken among the workstations by an [`Agreement`]. [`Steering::status`] is what
//! people are told; a bell rings when it has changed.
//!
//! # What stops a camera
//! Letting go; [`SILENCE`] without a push (a key-up that was lost, a page that has died); another person, a lost right, a
//! workstation that goes before; the end of the program. The stop goes out on a connection of its own and is repeated until
//! it is acknowledged. What cannot be stopped by us, because the program was killed, ends by itself within the device's
//! own time (ONVIF and ISAPI, a second); with a protocol whose movements never end, the camera is written down before it is
//! moved (`unstopped`), and the next start of the program stops it ([`Steering::stop_left_behind`]).

mod agreement;
pub mod aim;
mod drive;
mod errand;
mod gaze;
mod leftover;
pub mod limits;
mod motor;
mod seat;
mod status;
#[cfg(test)]
mod tests;
mod tours;
mod unstopped;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use audit::Event;
use inventory::Inventory;
use model::{Action, Fault, Id, Lens};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::sleep;

use crate::People;
use crate::devices::{Devices, NoWay, Purpose, Way, way};
use crate::people::Denied;
use crate::rights::Subject;
use crate::source::Bell;

pub use agreement::{Agreement, Alone, Claim, Holder, precedence};
pub use drive::SILENCE;
pub use errand::{Done, Errand, Target};
pub use seat::Push;
pub use status::{Abilities, Moving, Status};
pub use tours::{NotATour, Tour, TourStop};
pub use unstopped::Unstopped;

use seat::{Happened, Seat};

/// While something moves.
const BUSY: Duration = Duration::from_millis(100);
/// While a camera is asked for.
const ASKING: Duration = Duration::from_millis(20);
/// While only somebody looks: who else steers.
const LOOKING: Duration = Duration::from_secs(1);
/// More cameras' controls are not open at once.
const MOST_LOOKED_AT: usize = 16;

/// Why a camera is not steered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No way leads to its device.
    #[error(transparent)]
    NoWay(#[from] NoWay),
    /// Somebody else steers it.
    #[error("steered by {by}")]
    Held {
        /// Person and workstation.
        by: String,
        /// It may be taken from them.
        ours_to_take: bool,
    },
    /// Other workstations were asked and have not answered.
    #[error("nobody answers whether it is free")]
    Unanswered,
    /// The device refuses or is away.
    #[error(transparent)]
    Device(#[from] Fault),
    /// Its motors set it up; that was not confirmed.
    #[error("a mount that is set up once")]
    Locked,
}

/// Says which lens a camera has, where that is known.
pub type LensOf = Box<dyn Fn(&Id) -> Option<Lens> + Send + Sync>;

/// A camera that was turned by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// Since when it looks elsewhere.
    pub since: SystemTime,
    /// Who turned it first.
    pub by: String,
}

/// What steering is made of.
pub struct Parts {
    /// The devices, and where tasks run.
    pub devices: Arc<Devices>,
    /// Who may what.
    pub people: Arc<People>,
    /// The cameras.
    pub inventory: Arc<Inventory>,
    /// The other workstations.
    pub agreement: Arc<dyn Agreement>,
    /// What may still move after a crash.
    pub unstopped: Arc<Unstopped>,
    /// A camera's lens, where it is known.
    pub lens: LensOf,
    /// Rung when a status has changed; must return at once.
    pub bell: Bell,
}

/// See the module.
#[derive(Clone)]
pub struct Steering(Arc<Inner>);

struct Inner {
    devices: Arc<Devices>,
    people: Arc<People>,
    inventory: Mutex<Arc<Inventory>>,
    agreement: Arc<dyn Agreement>,
    unstopped: Arc<Unstopped>,
    lens: LensOf,
    bell: Bell,
    seats: Mutex<HashMap<Id, Arc<Seat>>>,
    /// Why a device was not met.
    failed: Mutex<HashMap<Id, Refused>>,
    /// Being met, with the push that came meanwhile.
    met: Mutex<HashSet<Id>>,
    looked_at: Mutex<Vec<Id>>,
    leftovers: leftover::Leftovers,
    away: Mutex<BTreeMap<Id, Away>>,
    stirred: Arc<Notify>,
    rounds: Mutex<Option<AbortHandle>>,
}

impl Steering {
    /// Begins, on the devices' runtime.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { devices, people, inventory, agreement, unstopped, lens, bell } = parts;
        let leftovers = leftover::Leftovers::new(unstopped.all());
        let inner = Arc::new(Inner {
            devices,
            people,
            inventory: Mutex::new(inventory),
            agreement,
            unstopped,
            lens,
            bell,
            seats: Mutex::default(),
            failed: Mutex::default(),
            met: Mutex::default(),
            looked_at: Mutex::default(),
            leftovers,
            away: Mutex::default(),
            stirred: Arc::default(),
            rounds: Mutex::default(),
        });
        let runtime = inner.devices.runtime().clone();
        let weak = Arc::downgrade(&inner);
        let stirred = Arc::clone(&inner.stirred);
        let rounds = runtime.spawn(async move {
            loop {
                let Some(pause) = weak.upgrade().map(|inner: Arc<Inner>| inner.go_round()) else { return };
                let _ = tokio::time::timeout(pause, stirred.notified()).await;
            }
        });
        *inner.rounds.lock() = Some(rounds.abort_handle());
        Self(inner)
    }

    /// Other cameras, or the same with other addresses: all are met anew.
    pub fn set_inventory(&self, inventory: Arc<Inventory>) {
        *self.0.inventory.lock() = inventory;
        self.leave_all();
    }

    /// Another person works here, or nobody, or their rights or logins have changed: what moves is stopped, and every device
    /// is met anew.
    pub fn leave_all(&self) {
        let seats: Vec<Arc<Seat>> = self.0.seats.lock().drain().map(|(_, seat)| seat).collect();
        self.0.failed.lock().clear();
        self.0.devices.forget();
        for seat in seats {
            seat.let_go();
            seat.end_tour();
            self.0.agreement.let_go(seat.camera());
        }
        (self.0.bell)();
        self.0.stirred.notify_one();
    }

    /// The controls of these cameras are open, and of no others. Their devices are met as far as the person may steer them;
    /// what happens there is told.
    pub fn look_at(&self, cameras: &[Id]) {
        let cameras: Vec<Id> = cameras.iter().take(MOST_LOOKED_AT).cloned().collect();
        for (id, seat) in self.0.seats.lock().iter() {
            let looked_at = cameras.contains(id);
            seat.state.lock().looked_at = looked_at;
            if let Some(gaze) = &seat.gaze {
                gaze.set_looked_at(looked_at);
            }
        }
        for camera in &cameras {
            self.0.sit_down(camera);
        }
        *self.0.looked_at.lock() = cameras;
        self.0.stirred.notify_one();
    }

    /// A hand moves a camera; to be said again at least every [`SILENCE`] while it does. Waits for nothing: what is not
    /// known yet (the device, who else steers) is waited for beside, and the movement begins then, if the hand is still
    /// there.
    ///
    /// # Errors
    /// [`Refused`], as far as it is known at once.
    pub fn push(&self, camera: &Id, push: Push) -> Result<(), Refused> {
        let Some(seat) = self.0.seats.lock().get(camera).cloned() else {
            self.0.allow(camera, false)?;
            if let Some(refused) = self.0.failed.lock().get(camera) {
                return Err(refused.clone());
            }
            self.0.sit_down(camera);
            return Ok(());
        };
        self.0.allow_at(&seat)?;
        if !seat.has(push) {
            return Err(Fault::NotOffered.into());
        }
        let happened = seat.push(push, self.0.claim(false), &*self.0.agreement);
        self.0.write_down(&seat, happened);
        self.0.stirred.notify_one();
        match self.0.agreement.holder(camera) {
            Holder::Other { name, ours_to_take } => Err(Refused::Held { by: name, ours_to_take }),
            _ => {
                if matches!(push, Push::Turn(_)) && !push.is_still() {
                    self.0.went_away(camera);
                }
                Ok(())
            }
        }
    }

    /// No hand is on this camera any more.
    pub fn let_go(&self, camera: &Id) {
        if let Some(seat) = self.0.seats.lock().get(camera) {
            seat.let_go();
        }
        self.0.stirred.notify_one();
    }

    /// No hand is on any camera: the window has lost the keys, the person has gone.
    pub fn let_go_all(&self) {
        self.0.seats.lock().values().for_each(|seat| seat.let_go());
        self.0.stirred.notify_one();
    }

    /// How a camera stands.
    #[must_use]
    pub fn status(&self, camera: &Id) -> Status {
        let holder = self.0.agreement.holder(camera);
        if let Some(seat) = self.0.seats.lock().get(camera) {
            return seat.status(holder);
        }
        let fault = match self.0.failed.lock().get(camera) {
            Some(Refused::Device(fault)) => Some(fault.clone()),
            _ => None,
        };
        Status { fault, holder, ..Status::default() }
    }

    /// The cameras whose controls are open, and those that move.
    #[must_use]
    pub fn cameras(&self) -> Vec<Id> {
        let mut cameras = self.0.looked_at.lock().clone();
        let busy = self.0.seats.lock();
        let busy = busy.iter().filter(|(_, seat)| seat.is_busy()).map(|(id, _)| id);
        for id in busy {
            if !cameras.contains(id) {
                cameras.push(id.clone());
            }
        }
        cameras
    }

    /// The cameras that were turned here by hand and have not been sent home or to a preset since.
    #[must_use]
    pub fn away(&self) -> BTreeMap<Id, Away> {
        self.0.away.lock().clone()
    }

    /// Why the controls of a camera are not there, if that is known.
    #[must_use]
    pub fn refusal(&self, camera: &Id) -> Option<Refused> {
        self.0.failed.lock().get(camera).cloned()
    }

    /// Stops everything that this workstation moves, and waits for that for at most `within`; says what was not
    /// acknowledged.
    pub async fn close(&self, within: Duration) -> Vec<Id> {
        let seats: Vec<Arc<Seat>> = self.0.seats.lock().values().cloned().collect();
        for seat in &seats {
            seat.end_tour();
            seat.let_go();
        }
        let moving = |seats: &[Arc<Seat>]| -> Vec<Id> {
            seats.iter().filter(|seat| seat.may_move()).map(|seat| seat.camera().clone()).collect()
        };
        let still = async {
            while !moving(&seats).is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = tokio::time::timeout(within, still).await;
        seats.iter().for_each(|seat| self.0.agreement.let_go(seat.camera()));
        moving(&seats)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(rounds) = self.rounds.lock().take() {
            rounds.abort();
        }
    }
}

impl Inner {
    /// Looks after all seats; says how soon again.
    fn go_round(&self) -> Duration {
        let seats: Vec<Arc<Seat>> = self.seats.lock().values().cloned().collect();
        let mut pause = LOOKING;
        for seat in seats {
            let happened = seat.look_after(&*self.agreement);
            self.write_down(&seat, happened);
            if let Some(fault) = seat.refusal() {
                self.devices.heard(&seat.way, &fault);
            }
            let (busy, asking) = (seat.is_busy(), seat.is_asking());
            pause = pause.min(if asking {
                ASKING
            } else if busy {
                BUSY
            } else {
                LOOKING
            });
        }
        if pause < LOOKING || !self.looked_at.lock().is_empty() {
            (self.bell)();
        }
        pause
    }

    /// Has the camera's device met, beside.
    fn sit_down(self: &Arc<Self>, camera: &Id) {
        let known = self.seats.lock().contains_key(camera) || !self.met.lock().insert(camera.clone());
        if known {
            return;
        }
        let (inner, camera) = (Arc::clone(self), camera.clone());
        self.devices.runtime().spawn(async move {
            let seat = inner.seat(&camera).await;
            match seat {
                Ok(_) => drop(inner.failed.lock().remove(&camera)),
                Err(refused) => drop(inner.failed.lock().insert(camera.clone(), refused)),
            }
            inner.met.lock().remove(&camera);
            (inner.bell)();
        });
    }

    /// The seat at a camera, whose device is met first if it was not yet.
    async fn seat(&self, camera: &Id) -> Result<Arc<Seat>, Refused> {
        if let Some(seat) = self.seats.lock().get(camera).cloned() {
            return Ok(seat);
        }
        let way = self.way(camera).await?;
        let channel = self.devices.channel(&way).await?;
        let mut seats = self.seats.lock();
        if let Some(seat) = seats.get(camera) {
            return Ok(Arc::clone(seat));
        }
        let seat = Seat::new(self.devices.runtime(), way, channel, &self.unstopped, &self.bell);
        let looked_at = self.looked_at.lock().contains(camera);
        seat.state.lock().looked_at = looked_at;
        if let Some(gaze) = &seat.gaze {
            gaze.set_looked_at(looked_at);
        }
        let seat = Arc::new(seat);
        seats.insert(camera.clone(), Arc::clone(&seat));
        Ok(seat)
    }

    async fn way(&self, camera: &Id) -> Result<Way, Refused> {
        let (people, inventory) = (Arc::clone(&self.people), self.inventory.lock().clone());
        let (site, _, found) = inventory.camera(camera).ok_or(NoWay::NoCamera)?;
        let moves = people
            .person()
            .is_some_and(|person| person.may(Action::Move, Subject::camera(site, found)).is_ok());
        let purpose = match moves {
            true => Purpose::Watching,
            false if people.may(Action::ManageInventory) => Purpose::SettingUp,
            false => return Err(Denied::NoRight(Action::Move).into()),
        };
        let camera = camera.clone();
        // A keychain that takes its time must not hold up a stop.
        let found = spawn_blocking(move || way(&people, &inventory, &camera, purpose)).await;
        Ok(found.map_err(|_| Refused::Unanswered)??)
    }

    /// Whether the person may steer a camera, or set it up.
    fn allow(&self, camera: &Id, set_up: bool) -> Result<(), Refused> {
        let inventory = self.inventory.lock().clone();
        let found = inventory.camera(camera).map(|(site, _, camera)| (site, camera));
        let allowed = if set_up {
            self.people.allow(Action::ManageInventory, None)
        } else {
            self.people.allow(Action::Move, found)
        };
        allowed?;
        found.map(drop).ok_or(Refused::NoWay(NoWay::NoCamera))
    }

    fn allow_at(&self, seat: &Seat) -> Result<(), Refused> {
        self.allow(seat.camera(), seat.abilities.set_up_only)?;
        if seat.abilities.set_up_only && !seat.is_unlocked() {
            return Err(Refused::Locked);
        }
        Ok(())
    }

    fn claim(&self, take: bool) -> Claim {
        let person = self.people.with_who(|who| (who.name().to_owned(), precedence(who.person.role)));
        let (person, role) = person.unwrap_or_default();
        Claim { person, role, take }
    }

    /// A camera no longer looks where it usually does.
    fn went_away(&self, camera: &Id) {
        let by = self.claim(false).person;
        let mut away = self.away.lock();
        away.entry(camera.clone()).or_insert(Away { since: SystemTime::now(), by });
    }

    fn write_down(&self, seat: &Seat, happened: Vec<Happened>) {
        if happened.is_empty() {
            return;
        }
        let camera = || seat.camera().clone();
        let event = |happened: Happened| match happened {
            Happened::Moved { what } => Event::Moved { camera: camera(), what: what.into() },
            Happened::TookOver { from } => {
                Event::SteeringTaken { camera: camera(), from: from.as_str().into() }
            }
            Happened::Lost { to } => Event::SteeringLost { camera: camera(), to: to.as_str().into() },
        };
        self.people.note_all(happened.into_iter().map(event).collect());
        (self.bell)();
    }
}
