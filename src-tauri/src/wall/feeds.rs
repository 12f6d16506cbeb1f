//! Which stream a camera is watched by: what the plan says, opened once for all walls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use engine::plan::{Choice, Refusal, Verdict};
use engine::planner::Wanted;
use engine::{Live, Planner, Source, Stream, Tally};
use inventory::{Inventory, ProfileKind};
use layouts::{Slot, Wall};
use model::{Credentials, Fault, Id, Rect, Size, StreamState, Transport};
use parking_lot::Mutex;
use render::{Icon, Message};

use super::limits;
use super::view::{Feed, Subject};
use crate::bells::Bells;
use crate::words::Words;

/// A stream that no tile shows any more stays open for this long if there is room for it: going back to it (enlarged and
/// back, a page on and back) shows a living picture at once, and recorders are not asked to end and begin the same
/// session.
const LINGER: Duration = Duration::from_secs(5);

/// The share of the cores that decoding may take; drawing, the page and the system need theirs.
const DECODING_SHARE: f64 = 0.65;

/// Opens the inventory's cameras as the plan says.
pub struct Feeds {
    inventory: Arc<Inventory>,
    live: Live,
    login: Option<Credentials>,
    transport: Transport,
    bells: Arc<Bells>,
    planner: Mutex<Planner>,
    /// Counts the plans that changed something: walls that have composed for an older one compose anew.
    plans: AtomicU64,
    open: Mutex<HashMap<(Id, ProfileKind), Weak<Stream>>>,
    /// Streams that a device has refused for lack of room, and until when.
    refused: Mutex<HashMap<(Id, ProfileKind), Instant>>,
    lingering: Mutex<Vec<Lingering>>,
}

struct Lingering {
    until: Instant,
    camera: Id,
    feed: Feed,
}

impl Feeds {
    /// Cameras of `inventory`, with one login for all devices. `bells` wake walls whose streams change.
    #[must_use]
    pub fn new(
        inventory: Arc<Inventory>,
        live: Live,
        login: Option<Credentials>,
        transport: Transport,
        bells: Arc<Bells>,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
        let planner = Mutex::new(Planner::new(&inventory, cores * DECODING_SHARE));
        Self {
            inventory,
            live,
            login,
            transport,
            bells,
            planner,
            plans: AtomicU64::new(0),
            open: Mutex::default(),
            refused: Mutex::default(),
            lingering: Mutex::default(),
        }
    }

    /// What there is to be watched.
    #[must_use]
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// Wall `wall` shows these from now on, and nothing else; gives each as the plan has it, in the same order.
    #[must_use]
    pub fn show(&self, wall: u32, wanted: &[Wanted], words: &Words) -> Vec<Subject> {
        let (subjects, crowded) = {
            let mut planner = self.planner.lock();
            if planner.show(wall, wanted, Instant::now()) {
                self.plans.fetch_add(1, Ordering::Release);
                self.bells.ring();
            }
            // First those that make room, then those that take it.
            let crowded = self.crowded(&planner);
            (wanted.iter().map(|wanted| self.subject(&planner, &wanted.camera, words)).collect(), crowded)
        };
        drop(crowded);
        subjects
    }

    /// Changes with every plan that changes something.
    #[must_use]
    pub fn plans(&self) -> u64 {
        self.plans.load(Ordering::Acquire)
    }

    fn subject(&self, planner: &Planner, id: &Id, words: &Words) -> Subject {
        let Some((site, _, camera)) = self.inventory.camera(id) else {
            let (text, detail) = (words.get("camera_unknown"), words.get("camera_unknown_detail"));
            let message = Message { icon: Icon::NoCamera, text: text.to_owned(), detail: detail.to_owned() };
            return Subject::without_stream(id.clone(), id.to_string(), String::new(), message);
        };
        let (title, subtitle) = (camera.name.clone(), site.name.clone());
        let verdict = planner.verdict(id);
        let kind = verdict.and_then(|verdict| verdict.choice.kind());
        let profile = kind.and_then(|kind| camera.profiles.iter().find(|profile| profile.kind == kind));
        let (Some(profile), Some(verdict)) = (profile, verdict) else {
            let message = limits::message(verdict.map(|verdict| verdict.reason), words);
            return Subject::without_stream(id.clone(), title, subtitle, message);
        };
        let stream = self.live.open(Source {
            address: profile.address.clone(),
            credentials: self.login.clone(),
            transport: self.transport,
        });
        stream.set_key_frames_only(matches!(verdict.choice, Choice::KeyFrames(_)));
        self.open.lock().insert((id.clone(), profile.kind), Arc::downgrade(&stream));
        let feed = Ok(Feed { stream, profile: Some(profile.kind) });
        Subject {
            id: id.clone(),
            title,
            subtitle,
            feed,
            note: limits::note(&verdict, words),
            overlap: overlap(planner, id, &verdict),
        }
    }

    /// These are no longer shown by a wall.
    pub fn let_go(&self, gone: Vec<(Id, Feed)>) {
        let until = Instant::now() + LINGER;
        let (stay, go): (Vec<_>, Vec<_>) = {
            let planner = self.planner.lock();
            gone.into_iter().partition(|(camera, feed)| may_linger(&planner, camera, feed))
        };
        // Outside the lock: a stream that is closed here takes its time.
        drop(go);
        let lingering = stay.into_iter().map(|(camera, feed)| Lingering { until, camera, feed });
        self.lingering.lock().extend(lingering);
    }

    /// Takes out the lingering streams that there is no room for any more.
    fn crowded(&self, planner: &Planner) -> Vec<Lingering> {
        let crowded = |one: &mut Lingering| !may_linger(planner, &one.camera, &one.feed);
        self.lingering.lock().extract_if(.., crowded).collect()
    }

    /// Closes what nobody has come back to.
    pub fn sweep(&self) {
        let now = Instant::now();
        let over: Vec<_> = self.lingering.lock().extract_if(.., |one| one.until <= now).collect();
        // Outside the lock, as above.
        drop(over);
    }

    /// Plans anew with what has been seen since: what devices refuse, and what decoding took (cores).
    pub fn review(&self, decoding: Option<f64>) {
        let now = Instant::now();
        let mut refused = self.refused.lock();
        let mut open = self.open.lock();
        open.retain(|_, stream| stream.strong_count() > 0);
        for (key, stream) in open.iter().filter_map(|(key, stream)| Some((key, stream.upgrade()?))) {
            // The sub stream goes on trying by itself: there is nothing smaller to fall to.
            if key.1 == ProfileKind::Main
                && let StreamState::Failed { fault: Fault::Capacity(..), retry_at: Some(at) } =
                    stream.glance(Some(u64::MAX), now).state
            {
                refused.insert(key.clone(), at);
            }
        }
        drop(open);
        let mut planner = self.planner.lock();
        refused.retain(|(camera, kind), until| {
            let left = until.saturating_duration_since(now);
            let refusal = (!left.is_zero()).then_some(Refusal::For(left));
            planner.set_refused(camera, *kind, refusal);
            refusal.is_some()
        });
        if let Some(cores) = decoding {
            planner.measured(cores);
        }
        if planner.plan(now) {
            self.plans.fetch_add(1, Ordering::Release);
            self.bells.ring();
        }
    }

    /// What is planned of each site's line: id, Mb/s in use, Mb/s that it carries.
    #[must_use]
    pub fn lines(&self) -> Vec<(Id, f64, f64)> {
        self.planner.lock().lines().map(|(id, used, limit)| (id.clone(), used, limit)).collect()
    }

    /// What all streams come to.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.live.tally()
    }

    /// Ends all sessions, with a goodbye to the recorders.
    pub fn close(&self) {
        self.lingering.lock().clear();
        self.live.close();
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
        });
        (rect, slot, wanted)
    };
    wall.tiles(size).into_iter().map(wish).collect()
}

fn may_linger(planner: &Planner, camera: &Id, feed: &Feed) -> bool {
    // What is planned has its room already.
    let planned = planner.verdict(camera).and_then(|verdict| verdict.choice.kind());
    feed.profile.is_none_or(|kind| planned == Some(kind) || planner.has_room(camera, kind))
}

/// Whether the other stream may stay open until this one shows its first picture.
fn overlap(planner: &Planner, camera: &Id, verdict: &Verdict) -> bool {
    let other = match verdict.choice.kind() {
        Some(ProfileKind::Main) => ProfileKind::Sub,
        _ => ProfileKind::Main,
    };
    planner.has_room(camera, other)
}
