//! Playback follows what its wall shows, what lines have left, and what recorders say that they hold.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::Event;
use engine::devices::{NoWay, Purpose, Way, way};
use engine::people::Barred;
use engine::playback::{Copies, Nowhere, Reel, Tape, Throttle, shares};
use layouts::Wall;
use model::{Id, Moment, Period};
use render::{Icon, Message};

use super::played::{Glimpsed, Shown};
use super::{Camera, MOST_CAMERAS, Session, now};
use crate::console::{Console, notices};
use crate::wall::feeds::Feeds;
use crate::wall::thread::Recordings;
use crate::wire::Notice;

/// A recorder is asked what it holds for so much on both sides of the place.
const AROUND: Duration = Duration::from_secs(24 * 3600);
/// And again when the place comes so near to an end of that.
const NEAR: Duration = Duration::from_secs(6 * 3600);
/// What is being recorded now is asked for again after this.
const RENEWED: Duration = Duration::from_secs(30);

/// A camera as its wall has it: the way to its recordings, if it has any, with its site, or why it is not played.
type Wanted = (Id, Result<(Option<Way>, Id), Message>);

impl Console {
    /// The cameras of a wall's page, in the order of its tiles, each once.
    pub(super) fn cameras_to_play(&self, wall: u32) -> Vec<Id> {
        let state = self.state.lock();
        let Some(wall) = state.arrangement.desk().wall(wall) else { return Vec::new() };
        on_page(wall)
    }

    /// Brings what is played to what the walls show; asked for when that may have changed, and twice a second.
    pub(in crate::console) fn follow_playback(&self) {
        let walls: Vec<u32> = self.playing.sessions.lock().keys().copied().collect();
        if walls.is_empty() {
            return;
        }
        for wall in walls {
            let wanted: Vec<Wanted> =
                self.cameras_to_play(wall).into_iter().map(|camera| self.wanted(camera)).collect();
            let changed = {
                let mut sessions = self.playing.sessions.lock();
                let Some(session) = sessions.get_mut(&wall) else { continue };
                let before: Vec<Id> = session.cameras.iter().map(|camera| camera.id.clone()).collect();
                let (changed, gone) = session.follow(&wanted, &self.feeds);
                let recordings = changed.then(|| Arc::new(session.recordings()));
                let mut fresh = session.reels();
                fresh.retain(|(camera, _)| !before.contains(camera));
                drop(sessions);
                self.open_copies(fresh);
                self.people.note_all(gone);
                recordings
            };
            if let Some(recordings) = changed
                && let Some(open) = self.walls.lock().get(&wall)
            {
                open.controls.play(Some(recordings));
            }
        }
        self.share_lines();
        self.look_at_reels();
    }

    /// What is kept on this machine has changed.
    pub(in crate::console) fn renew_copies(&self) {
        let playing: Vec<_> = self.playing.sessions.lock().values().flat_map(Session::reels).collect();
        self.open_copies(playing);
    }

    /// Hands cameras that are played what this machine keeps of them.
    fn open_copies(&self, cameras: Vec<(Id, Arc<Reel>)>) {
        for (camera, reel) in cameras {
            let open = self.copies(camera);
            self.equipment.devices.runtime().spawn_blocking(move || reel.set_copies(open()));
        }
    }

    /// Opens what is kept of a camera; the disk may take its time.
    pub(super) fn copies(&self, camera: Id) -> impl FnOnce() -> Copies + Send + use<> {
        let folders = self.kept_footage(&camera, Period { from: Moment(i64::MIN), until: Moment(i64::MAX) });
        move || Copies::open(&folders, &camera)
    }

    fn wanted(&self, camera: Id) -> Wanted {
        let words = self.words();
        let message = |icon, key: &str| Message {
            icon,
            text: words.get(key).to_owned(),
            detail: words.get(&format!("{key}_detail")).to_owned(),
        };
        if !self.may_play(&camera) {
            return (camera, Err(message(Icon::Lock, "playback_none")));
        }
        let inventory = self.inventory();
        let found = match way(&self.people, &inventory, &camera, Purpose::Watching) {
            Ok(way) => {
                let site = inventory.camera(&camera).map(|(site, ..)| site.id.clone());
                site.map(|site| (Some(way), site)).ok_or_else(|| message(Icon::NoCamera, "camera_unknown"))
            }
            Err(NoWay::NoAddress) if self.feeds.remembers(&camera) || self.played(&camera).is_some() => {
                let site = inventory.camera(&camera).map(|(site, ..)| site.id.clone());
                site.map(|site| (None, site)).ok_or_else(|| message(Icon::NoCamera, "camera_unknown"))
            }
            Err(no_way) => {
                let notice = self.not_played(&no_way);
                Err(Message { icon: Icon::Lock, text: notice.title, detail: notice.detail })
            }
        };
        (camera, found)
    }

    /// Why a camera's recordings cannot be asked for.
    pub(in crate::console) fn not_played(&self, no_way: &NoWay) -> Notice {
        let key = match no_way {
            NoWay::Denied(denied) => return self.denied(*denied),
            NoWay::NoCamera => "camera_unknown",
            NoWay::NoAddress => "playback_no_address",
            NoWay::Barred(Barred::Nobody) => "denied_nobody",
            NoWay::Barred(_) => "playback_no_login",
        };
        notices::error_notice(key, &[], &self.words())
    }

    /// The recorders whose recordings are played, with their sites.
    pub(in crate::console) fn played_recorders(&self) -> Vec<(Id, Id)> {
        let sessions = self.playing.sessions.lock();
        sessions.values().flat_map(|session| &session.cameras).filter_map(Camera::recorder).collect()
    }

    /// Recordings get what live pictures and the other workstations leave.
    fn share_lines(&self) {
        let exported = self.exported_recorders();
        let playing: Vec<(Id, Id)> = {
            let sessions = self.playing.sessions.lock();
            let cameras = sessions.values().flat_map(|session| &session.cameras);
            let mut all: Vec<_> = cameras.filter_map(Camera::recorder).collect();
            all.extend(sessions.values().filter_map(|session| session.search.as_ref()?.recorder_in_use()));
            all.sort();
            all.dedup();
            all
        };
        let loads = self.feeds.loads();
        let shares = shares(&playing, &loads.recorders, &loads.sites);
        let sessions = self.playing.sessions.lock();
        let goes = sessions.values().filter(|session| session.player.state().rate != 0.0);
        let mut busy: Vec<Id> = exported.iter().map(|(_, site)| site.clone()).collect();
        busy.extend(goes.flat_map(|session| &session.cameras).map(|camera| camera.site.clone()));
        for session in sessions.values() {
            if let Some(search) = &session.search {
                search.share(&shares, &busy, &exported);
            }
            for camera in &session.cameras {
                if let Some(mbps) = camera.way.as_ref().and_then(|way| shares.get(&way.device)) {
                    camera.line.set(*mbps);
                }
            }
        }
    }

    /// Writes down what is shown, and asks recorders what they hold around the place.
    fn look_at_reels(&self) {
        let (now, mut events, mut questions) = (Instant::now(), Vec::new(), Vec::new());
        for session in self.playing.sessions.lock().values_mut() {
            let at = session.player.state().at;
            for camera in &mut session.cameras {
                let at = camera.reel.held().unwrap_or(at);
                if let Some(shown) = camera.reel.shown_at() {
                    events.extend(camera.shown.look(&camera.id, shown, now));
                }
                if camera.is_to_be_listed(at, now)
                    && let Some(way) = &camera.way
                {
                    let period = Period { from: at.minus(AROUND), until: at.plus(AROUND) };
                    camera.listed = Some((period, now));
                    questions.push((way.clone(), Arc::clone(&camera.reel), period));
                }
            }
        }
        self.people.note_all(events);
        for (way, reel, period) in questions {
            let (archive, people) = (Arc::clone(&self.playing.archive), Arc::clone(&self.people));
            self.equipment.devices.runtime().spawn(async move {
                // Without an answer the recorder is asked for the pictures themselves; what it refuses then is told.
                let Ok(listed) = archive.spans(&way, period, super::now()).await else { return };
                if listed.searched {
                    let (from_ms, until_ms) = (period.from.ms(), period.until.ms());
                    people.note(Event::Searched { camera: way.camera, from_ms, until_ms });
                }
                reel.set_spans(listed.spans.iter().map(|span| span.period).collect());
            });
        }
    }
}

impl Camera {
    /// Its recorder, with its site.
    fn recorder(&self) -> Option<(Id, Id)> {
        Some((self.way.as_ref()?.device.clone(), self.site.clone()))
    }

    fn is_to_be_listed(&self, at: Moment, instant: Instant) -> bool {
        self.listed.is_none_or(|(period, asked)| {
            let inner = Period { from: period.from.plus(NEAR), until: period.until.minus(NEAR) };
            let goes_on = period.holds(now()) && instant.saturating_duration_since(asked) >= RENEWED;
            !inner.holds(at) || goes_on
        })
    }
}

impl Session {
    /// Begins and ends cameras; gives whether anything has changed, and what is to be written down of those that go.
    fn follow(&mut self, wanted: &[Wanted], feeds: &Feeds) -> (bool, Vec<Event>) {
        let playable = wanted.iter().filter_map(|(id, way)| Some((id, way.as_ref().ok()?)));
        let played: Vec<_> = playable.take(MOST_CAMERAS).collect();
        // What stands elsewhere in the inventory now is another recording.
        let place = |way: &Option<Way>| {
            way.as_ref().map(|way| (way.device.clone(), way.address.clone(), way.channel))
        };
        let stays = |camera: &Camera| {
            played.iter().any(|(id, (way, _))| **id == camera.id && place(way) == place(&camera.way))
        };
        let mut changed = false;
        let mut events = Vec::new();
        for mut camera in self.cameras.extract_if(.., |camera| !stays(camera)) {
            changed = true;
            self.archive.forget_camera(&camera.id);
            self.player.remove(&camera.id);
            events.extend(camera.noted());
        }
        for (id, (way, site)) in played {
            if self.cameras.iter().any(|camera| camera.id == *id) {
                continue;
            }
            changed = true;
            let device = way.as_ref().map(|way| &way.device);
            let same = self
                .cameras
                .iter()
                .find(|camera| device.is_some() && camera.way.as_ref().map(|way| &way.device) == device);
            let line = same.map_or_else(|| Throttle::new(0.0), |camera| camera.line.clone());
            let tape: Arc<dyn Tape> = match way {
                Some(way) => self.archive.tape(way.clone()),
                None => Arc::new(Nowhere),
            };
            let reel = self.player.add(id.clone(), tape, line.clone());
            feeds.remind(id, &reel);
            let (id, way, site) = (id.clone(), way.clone(), site.clone());
            let (shown, glimpsed) = (Shown::default(), Glimpsed::default());
            self.cameras.push(Camera { id, way, site, reel, line, shown, glimpsed, listed: None });
        }
        let remembered = self.cameras.iter().filter(|camera| camera.reel.is_remembered());
        let remembered = remembered.map(|camera| camera.id.clone()).collect();
        changed |= self.remembered != remembered;
        self.remembered = remembered;
        let barred = wanted.iter().filter_map(|(id, way)| Some((id.clone(), way.as_ref().err()?.clone())));
        let barred = barred.collect();
        changed |= self.barred != barred;
        self.barred = barred;
        (changed, events)
    }

    fn reels(&self) -> Vec<(Id, Arc<Reel>)> {
        self.cameras.iter().map(|camera| (camera.id.clone(), Arc::clone(&camera.reel))).collect()
    }

    /// What the wall is to show.
    fn recordings(&self) -> Recordings {
        let reels = self.cameras.iter().map(|camera| (camera.id.clone(), Ok(Arc::clone(&camera.reel))));
        let barred = self.barred.iter().map(|(id, message)| (id.clone(), Err(message.clone())));
        reels.chain(barred).collect()
    }
}

/// The cameras of the page that a wall shows; an enlarged one has its neighbours ready.
fn on_page(wall: &Wall) -> Vec<Id> {
    let tiles = wall.layout().count();
    let slots = wall.slots().iter().skip(wall.page() * tiles).take(tiles);
    let mut cameras: Vec<Id> = Vec::new();
    for camera in slots.filter_map(|slot| slot.camera.as_ref()) {
        if !cameras.contains(camera) {
            cameras.push(camera.clone());
        }
    }
    cameras
}
