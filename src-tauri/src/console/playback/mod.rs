//! Walls that play recordings: who may, which cameras, on one clock a wall; what the page is told of it.

mod follow;
mod glimpses;
mod motion;
mod played;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::Event;
use engine::devices::{Purpose, Way, way};
use engine::playback::{Archive, Held, Player, Reel, Standing, Throttle};
use engine::rights::Subject;
use model::{Action, Fault, Id, Moment, Period, Recorded, RecordedFor};
use parking_lot::Mutex;
use render::Message;

use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::playback::{DayHeld, PlayAct, PlayStanding, Playback, PlayedCamera};
use crate::words::Words;
use glimpses::Thumbnails;
use motion::{Search, Searches};
use played::{Glimpsed, Shown};

/// More cameras than people can follow at once, and than recorders play.
pub(super) const MOST_CAMERAS: usize = 16;
/// Days of one question: two months, and nobody looks at more at once.
const MOST_DAYS: usize = 62;
/// The page is told so often while something is played; between, it goes on by itself.
const PACE: Duration = Duration::from_millis(200);

/// See the module. The lock of the sessions is taken with no other one of the console held, and none of those is taken under it.
pub(super) struct Playing {
    pub(super) archive: Arc<Archive>,
    sessions: Mutex<BTreeMap<u32, Session>>,
    told: Mutex<Vec<Playback>>,
    thumbnails: Mutex<Thumbnails>,
    searches: Searches,
}

/// A wall that plays.
struct Session {
    archive: Arc<Archive>,
    player: Player,
    /// In the order of the tiles.
    cameras: Vec<Camera>,
    /// Why others are not played.
    barred: HashMap<Id, Message>,
    /// Of which what came live a moment ago is shown: they are received on.
    remembered: Vec<Id>,
    /// Motion that is looked for, or was.
    search: Option<Search>,
}

/// A camera that is played.
struct Camera {
    id: Id,
    /// To its recorder; `None`: what came live a moment ago is all that there is.
    way: Option<Way>,
    site: Id,
    reel: Arc<Reel>,
    line: Throttle,
    shown: Shown,
    glimpsed: Glimpsed,
    /// For which period its recorder was asked what it holds, and when.
    listed: Option<(Period, Instant)>,
}

impl Playing {
    pub(super) fn new(archive: Archive) -> Self {
        Self {
            archive: Arc::new(archive),
            sessions: Mutex::default(),
            told: Mutex::default(),
            thumbnails: Mutex::default(),
            searches: Searches::default(),
        }
    }
}

impl Console {
    /// From now on wall `wall` shows what its cameras recorded at `at`, or goes there.
    ///
    /// # Errors
    /// In words, here and below: the person may not; there is no camera whose recordings they may see.
    pub fn start_playback(self: &Arc<Self>, wall: u32, at: Moment) -> Result<(), Notice> {
        self.allow(Action::Playback, None)?;
        let at = at.min(now());
        if let Some(session) = self.playing.sessions.lock().get(&wall) {
            session.seek(at);
            return Ok(());
        }
        let cameras = self.cameras_to_play(wall);
        let nothing = || notices::error_notice("playback_no_camera", &[], &self.words());
        let first = cameras.first().ok_or_else(nothing)?;
        if !cameras.iter().any(|camera| self.may_play(camera)) {
            // Written down as refused.
            self.allow(Action::Playback, Some(first))?;
        }
        let player = self.feeds.player(at).map_err(|error| {
            notices::error_notice("playback_not_begun", &[("reason", &error.to_string())], &self.words())
        })?;
        let archive = Arc::clone(&self.playing.archive);
        let (cameras, barred, remembered) = (Vec::new(), HashMap::new(), Vec::new());
        let session = Session { archive, player, cameras, barred, remembered, search: None };
        let was_empty = {
            let mut sessions = self.playing.sessions.lock();
            let was_empty = sessions.is_empty();
            sessions.entry(wall).or_insert(session);
            was_empty
        };
        self.follow_playback();
        if was_empty {
            self.keep_telling();
        }
        Ok(())
    }

    /// Whether a wall shows recordings.
    pub(super) fn plays(&self, wall: u32) -> bool {
        self.playing.sessions.lock().contains_key(&wall)
    }

    /// Does something to a wall that plays.
    ///
    /// # Errors
    /// As above; the wall plays nothing.
    pub fn play(&self, wall: u32, act: PlayAct) -> Result<(), Notice> {
        self.allow(Action::Playback, None)?;
        let selected = {
            let state = self.state.lock();
            let wall = state.arrangement.desk().wall(wall);
            wall.and_then(|wall| wall.camera(wall.enlarged().or(wall.selected())?).cloned())
        };
        let sessions = self.playing.sessions.lock();
        let Some(session) = sessions.get(&wall) else {
            drop(sessions);
            return Err(notices::error_notice("playback_none_here", &[], &self.words()));
        };
        match act {
            PlayAct::Seek { at } => session.seek(at.min(now())),
            PlayAct::Play { rate } => session.player.play(rate),
            PlayAct::Pause => session.player.pause(),
            PlayAct::Repeat { period } => session.player.set_repeat(period),
            PlayAct::Hold { camera, held } => session.player.hold(&camera, held),
            PlayAct::Step { back } => {
                let mut cameras = session.cameras.iter();
                let chosen = cameras.clone().find(|camera| Some(&camera.id) == selected.as_ref());
                let camera = chosen.or_else(|| cameras.find(|camera| camera.reel.shown_at().is_some()));
                if let Some(camera) = camera {
                    session.player.step(&camera.id, back);
                }
            }
        }
        Ok(())
    }

    /// Shows live pictures again.
    ///
    /// # Errors
    /// The controls are locked, or nobody has signed in.
    pub fn end_playback(&self, wall: u32) -> Result<(), Notice> {
        self.allow(Action::Playback, None)?;
        let ended = self.playing.sessions.lock().remove(&wall);
        self.end_sessions(ended.map(|session| (wall, session)).into_iter().collect());
        Ok(())
    }

    /// Other rights or other cameras: whoever may, plays anew.
    pub(super) fn end_all_playback(&self) {
        self.playing.archive.forget();
        self.playing.thumbnails.lock().clear();
        let all = std::mem::take(&mut *self.playing.sessions.lock());
        self.end_sessions(all);
    }

    /// What was shown until now was shown to whoever still is here.
    pub(super) fn note_played(&self) {
        let mut sessions = self.playing.sessions.lock();
        let cameras = sessions.values_mut().flat_map(|session| &mut session.cameras);
        let events: Vec<Event> = cameras.flat_map(Camera::noted).collect();
        drop(sessions);
        self.people.note_all(events);
    }

    fn end_sessions(&self, ended: BTreeMap<u32, Session>) {
        for (wall, mut session) in ended {
            if let Some(open) = self.walls.lock().get(&wall) {
                open.controls.play(None);
            }
            let cameras = session.cameras.iter_mut();
            let events = cameras.flat_map(Camera::noted).collect();
            self.people.note_all(events);
        }
        self.tell_playback();
        self.tell_motion();
    }

    /// What a camera's recorder holds of a period, and what of the rest is kept on this machine.
    ///
    /// # Errors
    /// As above; what the recorder says, unless something is kept here.
    pub async fn recorded(&self, camera: Id, period: Period) -> Result<Vec<Recorded>, Notice> {
        self.allow(Action::Playback, Some(&camera))?;
        let kept = self.kept_periods(&camera).await;
        let kept: Vec<Period> = kept.into_iter().filter_map(|kept| kept.common(period)).collect();
        let listed = match self.way_to_recordings(&camera) {
            Ok(way) => {
                let archive = Arc::clone(&self.playing.archive);
                self.listed(async move { archive.spans(&way, period, now()).await }).await
            }
            Err(notice) => Err(notice),
        };
        let mut spans = match listed {
            Ok(listed) => {
                if listed.searched {
                    let Period { from, until } = period;
                    self.people.note(Event::Searched { camera, from_ms: from.ms(), until_ms: until.ms() });
                }
                listed.spans
            }
            Err(notice) if kept.is_empty() => return Err(notice),
            Err(_) => Vec::new(),
        };
        let held: Vec<Period> = spans.iter().map(|span| span.period).collect();
        let alone = kept.into_iter().flat_map(|kept| kept.without(&held));
        spans.extend(alone.map(|period| Recorded { period, why: RecordedFor::Continuous, overlap: 0 }));
        spans.sort_by_key(|span| (span.period.from, span.period.until));
        Ok(spans)
    }

    /// When what this machine keeps of a camera was filmed.
    async fn kept_periods(&self, camera: &Id) -> Vec<Period> {
        let open = self.copies(camera.clone());
        let opened = self.equipment.devices.runtime().spawn_blocking(move || open().periods()).await;
        opened.unwrap_or_default()
    }

    /// What a camera's recorder holds of days, or other stretches of time; of the first 62. `thorough`: where its calendar
    /// does not tell all, it is searched.
    ///
    /// # Errors
    /// As above.
    pub async fn recorded_days(
        &self,
        camera: Id,
        mut days: Vec<Period>,
        thorough: bool,
    ) -> Result<Vec<DayHeld>, Notice> {
        self.allow(Action::Playback, Some(&camera))?;
        days.truncate(MOST_DAYS);
        let way = self.way_to_recordings(&camera)?;
        let kept = self.kept_periods(&camera).await;
        let is_kept: Vec<bool> =
            days.iter().map(|day| kept.iter().any(|kept| kept.common(*day).is_some())).collect();
        let archive = Arc::clone(&self.playing.archive);
        let around = days.iter().copied().reduce(Period::around);
        let asked = async move { archive.days(&way, &days, thorough, now()).await };
        let (held, searched) = self.listed(asked).await?;
        if let Some(around) = around.filter(|_| searched) {
            let (from_ms, until_ms) = (around.from.ms(), around.until.ms());
            self.people.note(Event::Searched { camera, from_ms, until_ms });
        }
        let told = |(held, is_kept)| match held {
            Held::Unknown | Held::Nothing if is_kept => DayHeld::Footage,
            Held::Unknown => DayHeld::Unknown,
            Held::Nothing => DayHeld::Nothing,
            Held::Footage => DayHeld::Footage,
            Held::Motion => DayHeld::Motion,
        };
        Ok(held.into_iter().zip(is_kept).map(told).collect())
    }

    fn way_to_recordings(&self, camera: &Id) -> Result<Way, Notice> {
        let way = way(&self.people, &self.inventory(), camera, Purpose::Watching);
        way.map_err(|no_way| self.not_played(&no_way))
    }

    /// The answer of a recorder, asked where all devices are asked.
    async fn listed<T: Send + 'static>(
        &self,
        asked: impl Future<Output = Result<T, Fault>> + Send + 'static,
    ) -> Result<T, Notice> {
        let listed = self.equipment.devices.runtime().spawn(asked).await;
        let listed = listed.unwrap_or_else(|_| Err(Fault::Ended("closing".to_owned())));
        listed.map_err(|fault| {
            let reason = said(&fault, &self.words());
            notices::error_notice("playback_not_listed", &[("reason", &reason)], &self.words())
        })
    }

    /// Whether the person who works here may see what a camera has recorded. Asked often: nothing is written down.
    pub(super) fn may_play(&self, camera: &Id) -> bool {
        let (inventory, person) = (self.inventory(), self.people.at_work());
        let place = inventory.camera(camera).zip(person);
        place.is_some_and(|((site, _, camera), person)| {
            person.may(Action::Playback, Subject::camera(site, camera)).is_ok()
        })
    }

    /// The recording of a camera that is played on a wall, and whether it goes at the usual speed there.
    pub(super) fn played(&self, camera: &Id) -> Option<(Arc<Reel>, bool)> {
        let sessions = self.playing.sessions.lock();
        sessions.values().find_map(|session| {
            let played = session.cameras.iter().find(|played| played.id == *camera)?;
            Some((Arc::clone(&played.reel), session.player.state().rate == 1.0))
        })
    }

    /// Tells the page as long as something is played.
    fn keep_telling(self: &Arc<Self>) {
        let console = Arc::downgrade(self);
        self.equipment.devices.runtime().spawn(async move {
            loop {
                tokio::time::sleep(PACE).await;
                let Some(console) = console.upgrade() else { return };
                // It takes locks that others hold for a moment.
                let goes_on = tokio::task::spawn_blocking(move || console.tell_playback()).await;
                if !goes_on.unwrap_or(false) {
                    return;
                }
            }
        });
    }

    /// Tells the page how playback stands, where that has changed; gives whether something is played.
    fn tell_playback(&self) -> bool {
        let words = self.words();
        let told: Vec<Playback> = {
            let sessions = self.playing.sessions.lock();
            sessions.iter().map(|(wall, session)| session.told(*wall, &words)).collect()
        };
        let goes_on = !told.is_empty();
        let before = std::mem::replace(&mut *self.playing.told.lock(), told.clone());
        if before != told {
            self.tell("playback", told);
        }
        goes_on
    }

    /// How playback stands, for a page that begins.
    ///
    /// # Errors
    /// The person may not play recordings.
    pub fn playback(&self) -> Result<Vec<Playback>, Notice> {
        self.allow(Action::Playback, None)?;
        let words = self.words();
        let sessions = self.playing.sessions.lock();
        Ok(sessions.iter().map(|(wall, session)| session.told(*wall, &words)).collect())
    }
}

impl Camera {
    /// What is to be written down of it when it is shown no longer.
    fn noted(&mut self) -> Vec<Event> {
        let Self { id, shown, glimpsed, .. } = self;
        shown.end(id).into_iter().chain(glimpsed.end(id)).collect()
    }
}

impl Session {
    fn seek(&self, at: Moment) {
        for camera in &self.cameras {
            // What is known of another week would be taken for gaps here.
            if camera.reel.held().is_none() && camera.listed.is_some_and(|(period, _)| !period.holds(at)) {
                camera.reel.forget_spans();
            }
        }
        self.player.seek(at);
    }

    fn told(&self, wall: u32, words: &Words) -> Playback {
        let state = self.player.state();
        let held = &state.held;
        let camera = |(camera, shown, standing): (Id, Option<Moment>, Standing)| {
            let (standing, text) = match standing {
                Standing::Shown => (PlayStanding::Shown, String::new()),
                Standing::Hole => (PlayStanding::Hole, String::new()),
                Standing::Loading => (PlayStanding::Loading, String::new()),
                Standing::InLine => (PlayStanding::InLine, String::new()),
                Standing::Failed(fault) => (PlayStanding::Refused, said(&fault, words)),
            };
            let held = held.contains(&camera);
            PlayedCamera { camera, shown, standing, text, held }
        };
        let barred = self.barred.iter().map(|(camera, message)| PlayedCamera {
            camera: camera.clone(),
            shown: None,
            standing: PlayStanding::Refused,
            text: message.text.clone(),
            held: false,
        });
        Playback {
            wall,
            at: state.at,
            rate: state.rate,
            chosen: state.chosen,
            waits: state.waits,
            repeat: state.repeat,
            cameras: state.cameras.into_iter().map(camera).chain(barred).collect(),
        }
    }
}

pub(super) fn said(fault: &Fault, words: &Words) -> String {
    match fault {
        Fault::NotOffered => words.get("playback_not_offered").to_owned(),
        fault => words.fault(fault).0,
    }
}

fn now() -> Moment {
    Moment::from(std::time::SystemTime::now())
}
