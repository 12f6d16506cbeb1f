//! Which stream a camera is watched by: what the plan says, opened once for all walls.
//!
//! A wall says what it shows ([`Feeds::show`]); the plan for all walls is made and agreed on with the other workstations
//! ([`Feeds::agree`]), and `opening` opens what is granted. What no tile shows any more stays for a moment (`lingering`).
//! Twice a second `review` brings the plan what streams really send and what devices refuse; `measures` are what people are
//! shown of it.

mod lenses;
mod lingering;
mod listening;
mod measures;
mod opening;
mod review;
mod wishes;

pub use measures::{Loads, Measure};
pub use wishes::wishes;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant, SystemTime};

use engine::devices::Devices;
use engine::export::Exporter;
use engine::planner::{Foreseen, Wanted};
use engine::playback::{Archive, Player, Reel};
use engine::rounds::Answer;
use engine::{Live, People, Planner, Rounds, Stream, Tally};
use inventory::{Inventory, ProfileKind};
use model::{Address, Credentials, Fault, Id, Lens, Moment, Transport};
use parking_lot::{Mutex, RwLock};

use super::relays::Relays;
use super::sharing::{Key, Sharing};
use super::view::Subject;
use crate::bells::Bells;
use crate::words::Words;
use lingering::{LINGER, Lingering};

/// A stream that the next page will show is opened so long before the pages turn: longer than most cameras take from a
/// first word to a key frame.
pub const AHEAD: Duration = Duration::from_secs(4);

/// The share of the cores that decoding may take; drawing, the page and the system need theirs.
const DECODING_SHARE: f64 = 0.65;

/// What others deny changes the plan, and what is planned then may be denied, too: one camera after the other, seldom more
/// than two. What is left is done at the next look.
const MOST_ROUNDS: usize = 8;

/// Opens the inventory's cameras as the plan says. Of its locks the planner's is taken first.
pub struct Feeds {
    inventory: RwLock<Arc<Inventory>>,
    live: Live,
    people: Arc<People>,
    transport: Transport,
    bells: Arc<Bells>,
    pub(super) planner: Mutex<Planner>,
    relays: Mutex<Relays>,
    /// Counts the plans that changed something: walls that have composed for an older one compose anew.
    plans: AtomicU64,
    /// What other workstations leave to us; its lock is taken after the planner's.
    pub(super) sharing: Mutex<Sharing>,
    open: Mutex<HashMap<(Id, ProfileKind), Open>>,
    /// Refusals that the planner knows already, by when the stream tries again.
    refused: Mutex<HashMap<(Id, ProfileKind), Instant>>,
    lingering: Mutex<Vec<Lingering>>,
    /// Streams whose device has said something to the login, by their number.
    heard: Mutex<HashSet<u64>>,
    rounds: Mutex<Rounds>,
    /// The camera whose sound comes along.
    listening: Mutex<Option<Id>>,
    /// Lenses that were said by hand.
    pub(super) lenses: RwLock<HashMap<Id, Lens>>,
    /// Told when a stream of a camera was opened at its device.
    opened: OnceLock<Opened>,
    /// When each stream was measured last, its bytes and its pictures then.
    measured: Mutex<HashMap<u64, (Instant, u64, u64)>>,
    /// The same for their rates: when, and the bytes then.
    paced: Mutex<HashMap<u64, (Instant, u64)>>,
}

/// Told that a stream of this camera was opened at its device.
pub type Opened = Box<dyn Fn(&Inventory, &Id) + Send + Sync>;

/// A stream that somebody holds.
struct Open {
    stream: Weak<Stream>,
    relayed: bool,
}

impl Feeds {
    /// Cameras of `inventory`, as far as `people` let them be seen, and with their logins. `bells` wake walls whose streams
    /// change.
    #[must_use]
    pub fn new(
        inventory: Arc<Inventory>,
        live: Live,
        people: Arc<People>,
        transport: Transport,
        bells: Arc<Bells>,
    ) -> Self {
        let mut planner = Planner::new(&inventory, cores() * DECODING_SHARE);
        let mut relays = Relays::of(&inventory);
        relays.tell(&mut planner, Instant::now());
        let rounds = Mutex::new(live.rounds(addresses(&inventory)));
        Self {
            inventory: RwLock::new(inventory),
            live,
            people,
            transport,
            bells,
            planner: Mutex::new(planner),
            relays: Mutex::new(relays),
            plans: AtomicU64::new(0),
            sharing: Mutex::new(Sharing::alone()),
            open: Mutex::default(),
            refused: Mutex::default(),
            lingering: Mutex::default(),
            heard: Mutex::default(),
            rounds,
            listening: Mutex::default(),
            lenses: RwLock::default(),
            opened: OnceLock::new(),
            measured: Mutex::default(),
            paced: Mutex::default(),
        }
    }

    /// Tells whenever a stream was opened at a device, from now on; the first one to ask for it is told.
    pub fn when_opened(&self, opened: Opened) {
        let _ = self.opened.set(opened);
    }

    /// What there is to be watched.
    #[must_use]
    pub fn inventory(&self) -> Arc<Inventory> {
        Arc::clone(&self.inventory.read())
    }

    /// There is something else to be watched from now on; walls that show what stays the same go on.
    pub fn set_inventory(&self, inventory: Arc<Inventory>, reserve: f64) {
        let mut planner = Planner::new(&inventory, cores() * DECODING_SHARE);
        planner.set_reserve(reserve);
        let mut relays = Relays::of(&inventory);
        relays.tell(&mut planner, Instant::now());
        let rounds = self.live.rounds(addresses(&inventory));
        {
            let mut before = self.planner.lock();
            *self.inventory.write() = inventory;
            *self.relays.lock() = relays;
            *before = planner;
            self.sharing.lock().forget_rates();
        }
        *self.rounds.lock() = rounds;
        self.renew();
    }

    /// Another person, other rights, other logins: all walls compose anew.
    pub fn renew(&self) {
        self.changed();
    }

    /// What the device of `address` said lately when it was asked how it is.
    #[must_use]
    pub fn answer(&self, address: &Address) -> Option<Answer> {
        self.rounds.lock().answer(address)
    }

    /// When all devices had been asked once.
    #[must_use]
    pub fn all_asked(&self) -> Option<SystemTime> {
        self.rounds.lock().complete()
    }

    /// Tries a login once on a device.
    ///
    /// # Errors
    /// What the device says.
    pub fn try_login(&self, address: &Address, login: &Credentials) -> Result<(), Fault> {
        self.live.try_login(address, login)
    }

    /// Wall `wall` shows these from now on, and nothing else; gives each as the plan has it, in the same order.
    #[must_use]
    pub fn show(&self, wall: u32, wanted: &[Wanted], words: &Words) -> Vec<Subject> {
        let (subjects, gone) = {
            let mut planner = self.planner.lock();
            if planner.show(wall, wanted, Instant::now()) {
                self.changed();
            }
            self.sharing.lock().show(wall, wanted);
            let mut gone = self.agree(&mut planner);
            // First those that make room, then those that take it.
            gone.extend(self.crowded(&planner));
            let sharing = self.sharing.lock();
            let subject = |wanted| self.subject(&planner, &sharing, wanted, words);
            (wanted.iter().map(subject).collect(), gone)
        };
        self.end(gone);
        subjects
    }

    /// What would come if wall `wall` showed these; nothing changes.
    #[must_use]
    pub fn foresee(&self, wall: u32, wanted: &[Wanted]) -> Foreseen {
        let (mut planner, inventory) = (self.planner.lock(), self.inventory());
        self.sharing.lock().with_others(&mut planner, &inventory, |planner| planner.foresee(wall, wanted))
    }

    /// Wall `wall` will show these in a moment: opens their streams as far as there is room, so that pictures are there
    /// when the page turns.
    pub fn prepare(&self, wall: u32, wanted: &[Wanted]) {
        let mut planner = self.planner.lock();
        let planned = |id: &Id| planner.verdict(id).and_then(|verdict| verdict.choice.kind());
        let new: Vec<Key> = planner
            .choices(wall, wanted)
            .into_iter()
            .filter(|(id, kind)| planned(id) != Some(*kind))
            .collect();
        let rooms = planner.rooms(new.iter().map(|(id, kind)| (id, *kind)));
        let room = new.into_iter().zip(rooms).filter_map(|(one, room)| room.then_some(one));
        self.sharing.lock().expect(room, Instant::now() + AHEAD + LINGER);
        let gone = self.agree(&mut planner);
        drop(planner);
        self.end(gone);
    }

    /// Agrees with the other clients on what the plan asks for, plans anew with what they leave, and opens what was waited
    /// for. Gives what is to be closed outside the locks.
    pub(super) fn agree(&self, planner: &mut Planner) -> Vec<Lingering> {
        let (now, inventory) = (Instant::now(), self.inventory());
        let mut sharing = self.sharing.lock();
        let (open, closed) = self.open_and_closed();
        sharing.closed(closed.into_iter(), now);
        let relayed = |id: &Id, kind| {
            let open = self.open.lock().get(&(id.clone(), kind)).map(|open| open.relayed);
            open.unwrap_or_else(|| self.relays.lock().address(id, kind, now).is_some())
        };
        let mut changed = false;
        for _ in 0..MOST_ROUNDS {
            changed |= sharing.ask(planner, &inventory, &open, relayed);
            if !sharing.tell(planner) {
                break;
            }
            changed |= planner.plan(now);
        }
        if changed {
            self.changed();
        }
        self.open_ahead(&mut sharing, &inventory, now);
        let mut lingering = self.lingering.lock();
        lingering.extract_if(.., |one| one.is_denied(&sharing)).collect()
    }

    /// The streams that are open, and those that are no longer since the last call.
    fn open_and_closed(&self) -> (HashSet<Key>, Vec<Key>) {
        let mut all = self.open.lock();
        let closed = all.extract_if(|_, open| open.stream.strong_count() == 0).map(|(key, _)| key).collect();
        (all.keys().cloned().collect(), closed)
    }

    /// All walls compose anew.
    fn changed(&self) {
        self.plans.fetch_add(1, Ordering::Release);
        self.bells.ring();
    }

    /// Changes with every plan that changes something.
    #[must_use]
    pub fn plans(&self) -> u64 {
        self.plans.load(Ordering::Acquire)
    }

    /// The share of recorders and sites that is left to what a person selects or enlarges, 0–1.
    pub fn set_reserve(&self, share: f64) {
        self.planner.lock().set_reserve(share);
        self.replan();
    }

    /// Brings the planner what others take, and plans anew.
    pub fn tell_planner(&self, tell: impl FnOnce(&mut Planner)) {
        tell(&mut self.planner.lock());
        self.replan();
    }

    fn replan(&self) {
        let mut planner = self.planner.lock();
        if planner.plan(Instant::now()) {
            self.changed();
        }
        let gone = self.agree(&mut planner);
        drop(planner);
        self.end(gone);
    }

    /// Plays recordings, beginning at a place.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn player(&self, at: Moment) -> std::io::Result<Player> {
        self.live.player(at)
    }

    /// Whether anything of what a camera sent a moment ago is kept.
    #[must_use]
    pub fn remembers(&self, camera: &Id) -> bool {
        self.live.remembers(&self.addresses_of(camera))
    }

    /// Gives a reel what is kept of what its camera sent a moment ago, and what comes.
    pub fn remind(&self, camera: &Id, reel: &Reel) {
        self.live.remind(reel, &self.addresses_of(camera));
    }

    /// Where a camera's pictures come from, the largest first.
    fn addresses_of(&self, camera: &Id) -> Vec<Address> {
        let inventory = self.inventory();
        let Some((.., camera)) = inventory.camera(camera) else { return Vec::new() };
        let now = Instant::now();
        let mut profiles: Vec<_> = camera.profiles.iter().collect();
        profiles.sort_by_key(|profile| profile.kind != ProfileKind::Main);
        let relays = self.relays.lock();
        let of = |profile: &&inventory::Profile| {
            let relay = relays.address(&camera.id, profile.kind, now).cloned();
            relay.into_iter().chain([profile.address.clone()])
        };
        profiles.iter().flat_map(of).collect()
    }

    /// What takes recordings out.
    #[must_use]
    pub fn exporter(&self, devices: Arc<Devices>, archive: Arc<Archive>) -> Exporter {
        self.live.exporter(devices, archive)
    }

    /// What all streams come to.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.live.tally()
    }

    /// Ends all sessions, with a goodbye to the recorders.
    pub fn close(&self) {
        let lingering = std::mem::take(&mut *self.lingering.lock());
        drop(lingering);
        self.live.close();
        self.leave();
    }
}

fn cores() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64)
}

/// One address for each device, and more: whoever asks them looks which are the same.
fn addresses(inventory: &Inventory) -> impl Iterator<Item = Address> {
    let recorders = inventory.sites().iter().flat_map(|site| &site.recorders);
    let cameras = recorders.flat_map(|recorder| &recorder.cameras);
    cameras.filter_map(|camera| Some(camera.profiles.first()?.address.clone()))
}
