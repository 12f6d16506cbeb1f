//! Which stream a camera is watched by: what the plan says, opened once for all walls.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};

use engine::people::Barred;
use engine::plan::Choice;
use engine::planner::{Foreseen, LinkLoad, Seen, Wanted};
use engine::rounds::Answer;
use engine::{Live, People, Planner, Rounds, Source, Stream, Tally};
use inventory::{Inventory, Profile, ProfileKind};
use layouts::{Slot, Wall};
use model::{Address, Credentials, Fault, Id, Rect, Size, StreamState, Transport};
use parking_lot::{Mutex, RwLock};
use render::{Icon, Message};

use super::limits;
use super::relays::Relays;
use super::sharing::{self, Key, Sharing};
use super::view::{Feed, Subject};
use crate::bells::Bells;
use crate::words::Words;

/// A stream that no tile shows any more stays open for this long if there is room for it: going back to it (enlarged and
/// back, a page on and back) shows a living picture at once, and recorders are not asked to end and begin the same
/// session.
const LINGER: Duration = Duration::from_secs(5);

/// A stream that the next page will show is opened so long before the pages turn: longer than most cameras take from a
/// first word to a key frame.
pub const AHEAD: Duration = Duration::from_secs(4);

/// On tiles narrower than this in pixels a picture every few seconds tells as much as a moving one.
const NARROW: u32 = 128;

/// The share of the cores that decoding may take; drawing, the page and the system need theirs.
const DECODING_SHARE: f64 = 0.65;

/// What others deny changes the plan, and what is planned then may be denied, too: one camera after the other, seldom more
/// than two. What is left is done at the next look.
const MOST_ROUNDS: usize = 8;

/// What streams send is measured over so long: bursts of key frames are no rate.
const RATE_WINDOW: Duration = Duration::from_secs(12);

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
    /// When each stream was measured last, its bytes and its pictures then.
    measured: Mutex<HashMap<u64, (Instant, u64, u64)>>,
    /// The same for their rates: when, and the bytes then.
    paced: Mutex<HashMap<u64, (Instant, u64)>>,
}

/// What comes of a camera.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measure {
    /// Mb/s received since this was last asked.
    pub mbps: f64,
    /// Pictures decoded a second since then.
    pub rate: f64,
    /// Of the newest picture.
    pub age: Option<Duration>,
    /// Who decodes.
    pub decoder: String,
}

/// A stream that somebody holds.
struct Open {
    stream: Weak<Stream>,
    relayed: bool,
}

pub(super) struct Lingering {
    until: Instant,
    camera: Id,
    feed: Feed,
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
        let relays = Relays::of(&inventory);
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
            measured: Mutex::default(),
            paced: Mutex::default(),
        }
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
        let relays = Relays::of(&inventory);
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

    /// Opens what will be shown in a moment, as far as it is granted.
    fn open_ahead(&self, sharing: &mut Sharing, inventory: &Inventory, now: Instant) {
        let opened = sharing.arrived(now).into_iter().filter_map(|((id, kind), until)| {
            let (site, recorder, camera) = inventory.camera(&id)?;
            let login = self.people.login(site, recorder, camera).ok()?;
            let profile = camera.profiles.iter().find(|profile| profile.kind == kind)?;
            let feed = self.feed(&id, profile, login.as_ref(), now);
            Some(Lingering { until, camera: id, feed })
        });
        let opened: Vec<Lingering> = opened.collect();
        self.lingering.lock().extend(opened);
    }

    /// The streams that are open, and those that are no longer since the last call.
    fn open_and_closed(&self) -> (HashSet<Key>, Vec<Key>) {
        let mut all = self.open.lock();
        let closed = all.extract_if(|_, open| open.stream.strong_count() == 0).map(|(key, _)| key).collect();
        (all.keys().cloned().collect(), closed)
    }

    /// Closes these; no lock may be held, it takes its time.
    fn end(&self, gone: Vec<Lingering>) {
        if !gone.is_empty() {
            drop(gone);
            self.sharing.lock().stir();
        }
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

    fn subject(&self, planner: &Planner, sharing: &Sharing, wanted: &Wanted, words: &Words) -> Subject {
        let id = &wanted.camera;
        let inventory = self.inventory();
        let Some((site, recorder, camera)) = inventory.camera(id) else {
            let (text, detail) = (words.get("camera_unknown"), words.get("camera_unknown_detail"));
            let message = Message { icon: Icon::NoCamera, text: text.to_owned(), detail: detail.to_owned() };
            return Subject::without_stream(id.clone(), id.to_string(), String::new(), message);
        };
        let (title, subtitle) = (camera.name.clone(), site.name.clone());
        let login = match self.people.login(site, recorder, camera) {
            Ok(login) => login,
            Err(barred) => {
                // Who may not see it learns no name either.
                let known = barred != Barred::NoRight && barred != Barred::Nobody;
                let (title, subtitle) = if known { (title, subtitle) } else { Default::default() };
                return Subject::without_stream(id.clone(), title, subtitle, limits::barred(barred, words));
            }
        };
        let login = login.as_ref();
        let verdict = planner.verdict(id);
        let profile_of = |kind| camera.profiles.iter().find(|profile| profile.kind == kind);
        let chosen = verdict.and_then(|verdict| verdict.choice.kind());
        // What is planned may still be on its way to us; until then whatever we have of the camera is shown.
        let granted = |kind: &ProfileKind| sharing.grants(id, *kind);
        let kind = chosen.filter(granted).or_else(|| chosen.map(other).filter(granted));
        let (Some(profile), Some(verdict)) = (kind.and_then(profile_of), verdict) else {
            let asked = chosen.or_else(|| sharing::small(camera));
            let answer = asked.and_then(|kind| sharing.answer(id, kind));
            let message = limits::message(verdict.map(|verdict| verdict.reason), answer, words);
            return Subject::without_stream(id.clone(), title, subtitle, message);
        };
        let now = Instant::now();
        let replaced = other(profile.kind);
        let overlap = planner.has_room(id, replaced) && sharing.grants(id, replaced);
        let attended = wanted.selected || wanted.enlarged;
        let quick = (profile.kind == ProfileKind::Main && overlap && attended && !self.is_open(id))
            .then(|| profile_of(ProfileKind::Sub).map(|sub| self.feed(id, sub, login, now)));
        let feed = self.feed(id, profile, login, now);
        feed.stream.set_key_frames_only(matches!(verdict.choice, Choice::KeyFrames(_)));
        let answer = verdict.wanted.kind().and_then(|kind| sharing.answer(id, kind));
        let note = limits::note(&verdict, answer, feed.relayed, words);
        Subject { id: id.clone(), title, subtitle, feed: Ok(feed), quick: quick.flatten(), note, overlap }
    }

    /// Whether any stream of this camera is open.
    fn is_open(&self, id: &Id) -> bool {
        let open = self.open.lock();
        let kinds = [ProfileKind::Main, ProfileKind::Sub].into_iter();
        kinds.filter_map(|kind| open.get(&(id.clone(), kind))).any(|open| open.stream.strong_count() > 0)
    }

    /// Opens a stream, by its relay where there is one that works.
    fn feed(&self, id: &Id, profile: &Profile, login: Option<&Credentials>, now: Instant) -> Feed {
        let relay = self.relays.lock().address(id, profile.kind, now).cloned();
        let relayed = relay.is_some();
        let stream = self.live.open(Source {
            address: relay.unwrap_or_else(|| profile.address.clone()),
            // The devices' passwords are for the devices alone.
            credentials: login.filter(|_| !relayed).cloned(),
            transport: self.transport,
        });
        let open = Open { stream: Arc::downgrade(&stream), relayed };
        self.open.lock().insert((id.clone(), profile.kind), open);
        Feed { stream, profile: Some(profile.kind), relayed }
    }

    /// These are no longer shown by a wall.
    pub fn let_go(&self, gone: Vec<(Id, Feed)>) {
        if gone.is_empty() {
            return;
        }
        let until = Instant::now() + LINGER;
        let gone = gone.into_iter().map(|(camera, feed)| Lingering { until, camera, feed });
        let over = {
            let planner = self.planner.lock();
            let sharing = self.sharing.lock();
            let mut lingering = self.lingering.lock();
            lingering.extend(gone);
            // Somebody else waits for these.
            let mut over: Vec<_> = lingering.extract_if(.., |one| one.is_denied(&sharing)).collect();
            drop((sharing, lingering));
            over.extend(self.crowded(&planner));
            over
        };
        self.end(over);
        // What stays is told as well: nobody needs it any more.
        self.sharing.lock().stir();
    }

    /// Takes out the lingering streams that there is no room for any more; the newest stay first.
    fn crowded(&self, planner: &Planner) -> Vec<Lingering> {
        let mut lingering = self.lingering.lock();
        let planned = |one: &Lingering| {
            // What is planned has its room already.
            let planned = planner.verdict(&one.camera).and_then(|verdict| verdict.choice.kind());
            one.feed.profile.is_none_or(|kind| planned == Some(kind))
        };
        let extra: Vec<_> =
            lingering.iter().rev().filter(|one| !planned(one)).filter_map(Lingering::stream).collect();
        let rooms = planner.rooms(extra);
        let mut rooms = rooms.into_iter().rev();
        lingering.extract_if(.., |one| !planned(one) && rooms.next() == Some(false)).collect()
    }

    /// Closes what nobody has come back to.
    pub fn sweep(&self) {
        let now = Instant::now();
        let over: Vec<_> = self.lingering.lock().extract_if(.., |one| one.until <= now).collect();
        self.end(over);
    }

    /// Plans anew with what has been seen since: what streams send and take, and what devices refuse. Asked for twice a
    /// second.
    pub fn review(&self) {
        let now = Instant::now();
        let open: Vec<(Id, ProfileKind, Arc<Stream>, bool)> = {
            let open = self.open.lock();
            let held = |((id, kind), open): (&(Id, ProfileKind), &Open)| {
                Some((id.clone(), *kind, open.stream.upgrade()?, open.relayed))
            };
            open.iter().filter_map(held).collect()
        };
        let seen: Vec<Seen> = open
            .iter()
            .map(|(camera, kind, stream, _)| Seen {
                camera: camera.clone(),
                kind: *kind,
                slot: stream.slot(),
                sample: stream.sample(),
            })
            .collect();
        self.hear(&open, now);
        let (mut planner, inventory) = (self.planner.lock(), self.inventory());
        self.pace(&seen, &inventory, now);
        let sharing = self.sharing.lock();
        sharing.with_others(&mut planner, &inventory, |planner| {
            planner.observe(&seen, now);
            self.hear_refusals(&open, planner, now);
        });
        drop(sharing);
        if planner.plan(now) {
            self.changed();
        }
        let gone = self.agree(&mut planner);
        drop(planner);
        self.end(gone);
    }

    /// Devices that let nobody in any more, and relays that fail.
    fn hear_refusals(
        &self,
        open: &[(Id, ProfileKind, Arc<Stream>, bool)],
        planner: &mut Planner,
        now: Instant,
    ) {
        let mut refused = self.refused.lock();
        let mut relays = self.relays.lock();
        refused.retain(|_, until| *until > now);
        for (camera, kind, stream, relayed) in open {
            let StreamState::Failed { fault, retry_at } = stream.glance(Some(u64::MAX), now).state else {
                continue;
            };
            if *relayed {
                relays.failed(camera, now);
            } else if let (Fault::Capacity(capacity, _), Some(at)) = (fault, retry_at)
                && refused.insert((camera.clone(), *kind), at) != Some(at)
            {
                planner.refuse(camera, *kind, capacity, at, now);
            }
        }
        relays.tell(planner, now);
    }

    /// What streams send is asked for, and not what they were said to.
    fn pace(&self, seen: &[Seen], inventory: &Inventory, now: Instant) {
        let (mut paced, mut sharing) = (self.paced.lock(), self.sharing.lock());
        paced.retain(|slot, _| seen.iter().any(|one| one.slot == *slot));
        for one in seen {
            let (since, before) = *paced.entry(one.slot).or_insert((now, one.sample.bytes));
            let lasted = now.saturating_duration_since(since);
            let profiles = inventory.camera(&one.camera).map(|(_, _, camera)| &camera.profiles);
            let profile = profiles.and_then(|all| all.iter().find(|profile| profile.kind == one.kind));
            if let Some(profile) = profile.filter(|_| lasted >= RATE_WINDOW) {
                let mbps = one.sample.bytes.saturating_sub(before) as f64 * 8e-6 / lasted.as_secs_f64();
                let key = (one.camera.clone(), one.kind);
                sharing.measured(key, sharing::declared(profile), mbps);
                paced.insert(one.slot, (now, one.sample.bytes));
            }
        }
    }

    /// What devices have said to logins since: each stream's is kept once.
    fn hear(&self, open: &[(Id, ProfileKind, Arc<Stream>, bool)], now: Instant) {
        let mut refused = false;
        let mut heard = self.heard.lock();
        heard.retain(|slot| open.iter().any(|(_, _, stream, _)| stream.slot() == *slot));
        // A relay says nothing of the camera's login.
        for (camera, _, stream, _) in open.iter().filter(|(.., relayed)| !relayed) {
            let said = match stream.glance(Some(u64::MAX), now).state {
                StreamState::Live => Ok(()),
                StreamState::Failed { fault: fault @ Fault::PasswordRefused, .. } => Err(fault),
                _ => continue,
            };
            if heard.insert(stream.slot()) {
                refused |= said.is_err();
                self.people.heard(camera, said);
            }
        }
        drop(heard);
        if refused {
            self.renew();
        }
    }

    /// What comes of each camera that is open; of two streams the larger one.
    #[must_use]
    pub fn measures(&self) -> HashMap<Id, Measure> {
        let now = Instant::now();
        let open: Vec<(Id, Arc<Stream>)> = {
            let open = self.open.lock();
            open.iter()
                .filter_map(|((camera, _), open)| Some((camera.clone(), open.stream.upgrade()?)))
                .collect()
        };
        let mut before = self.measured.lock();
        let mut measures: HashMap<Id, Measure> = HashMap::new();
        let mut seen = HashMap::new();
        for (camera, stream) in open {
            let (statistics, glance) = (stream.statistics(), stream.glance(Some(u64::MAX), now));
            let (at, bytes, decoded) =
                before.get(&stream.slot()).copied().unwrap_or((now, statistics.bytes, statistics.decoded));
            let seconds = now.saturating_duration_since(at).as_secs_f64();
            let rate = |count: u64| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
            let measure = Measure {
                mbps: rate(statistics.bytes.saturating_sub(bytes)) * 8.0 / 1e6,
                rate: rate(statistics.decoded.saturating_sub(decoded)),
                age: glance.last_picture.map(|at| now.saturating_duration_since(at)),
                decoder: glance.decoder.map(|decoder| decoder.name().to_owned()).unwrap_or_default(),
            };
            seen.insert(stream.slot(), (now, statistics.bytes, statistics.decoded));
            let known = measures.entry(camera).or_default();
            if measure.mbps >= known.mbps {
                *known = measure;
            }
        }
        *before = seen;
        measures
    }

    /// How full recorders and sites' lines are.
    #[must_use]
    pub fn loads(&self) -> Loads {
        let (planner, inventory) = (self.planner.lock(), self.inventory());
        let (mut recorders, mut sites): (Vec<_>, Vec<_>) =
            (planner.recorders().collect(), planner.sites().collect());
        let sharing = self.sharing.lock();
        sharing.add_others(&mut recorders, &inventory);
        sharing.add_others(&mut sites, &inventory);
        Loads { recorders, sites, decode: planner.decode_share(), overloaded: planner.is_overloaded() }
    }

    /// Sessions that watch each of these cameras, and how many may; cameras without a limit are left out.
    #[must_use]
    pub fn viewers<'a>(&self, cameras: impl Iterator<Item = &'a Id>) -> HashMap<Id, (u32, u32)> {
        let (planner, inventory) = (self.planner.lock(), self.inventory());
        let sharing = self.sharing.lock();
        let viewers = |id: &Id| {
            let (ours, limit) = planner.viewers(id)?;
            let others = inventory.camera(id).map_or(0, |(site, ..)| sharing.viewers(&site.id, id));
            Some((id.clone(), ((ours + others).min(limit), limit)))
        };
        cameras.filter_map(viewers).collect()
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

/// What the plan takes of everything.
#[derive(Clone, Debug)]
pub struct Loads {
    /// By recorder.
    pub recorders: Vec<LinkLoad>,
    /// By site.
    pub sites: Vec<LinkLoad>,
    /// Planned share of this machine's decoding, 0–1.
    pub decode: f64,
    /// Something else keeps this machine busy.
    pub overloaded: bool,
}

impl Lingering {
    fn stream(&self) -> Option<(&Id, ProfileKind)> {
        Some((&self.camera, self.feed.profile?))
    }

    /// Somebody else goes before.
    fn is_denied(&self, sharing: &Sharing) -> bool {
        self.stream().is_some_and(|(id, kind)| !sharing.grants(id, kind))
    }
}

/// The tiles of a wall of `size`, each with its place, its slot, and what it wants to show.
#[must_use]
pub fn wishes(wall: &Wall, size: Size) -> Vec<(Rect, Slot, Option<Wanted>)> {
    let wish = |(rect, at): (Rect, usize)| {
        let slot = wall.slots().get(at).cloned().unwrap_or_default();
        let wanted = slot.camera.clone().map(|camera| Wanted {
            camera,
            size: rect.size(),
            fit: slot.fit,
            turn: slot.turn,
            selected: wall.selected() == Some(at),
            enlarged: wall.enlarged() == Some(at),
            key_frames_suffice: rect.width < NARROW && wall.selected() != Some(at),
        });
        (rect, slot, wanted)
    };
    wall.tiles(size).into_iter().map(wish).collect()
}

/// A camera's other stream.
fn other(kind: ProfileKind) -> ProfileKind {
    match kind {
        ProfileKind::Main => ProfileKind::Sub,
        ProfileKind::Sub => ProfileKind::Main,
    }
}
