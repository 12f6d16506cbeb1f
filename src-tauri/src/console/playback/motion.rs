//! Motion that is looked for in the recording of a camera that a wall plays: one search a wall, which ends with its playback.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use audit::Event;
use engine::motion::{Order, Progress, Sensitivity, Standing, State, Unsearched};
use engine::playback::Throttle;
use model::{Action, Id, Moment, Picture};
use parking_lot::Mutex;

use super::{Session, now, said};
use crate::console::{Console, notices};
use crate::jpeg;
use crate::wire::Notice;
use crate::wire::motion::{
    MotionFields, MotionHit, MotionMissed, MotionSearch, MotionSensitivity, MotionState,
};
use crate::wire::playback::RecordedPicture;
use crate::words::Words;

/// Longer searches take hours over a site's line; who needs more searches day by day.
const LONGEST: Duration = Duration::from_secs(25 * 3600);
/// More parts than these nobody draws.
const MOST_PARTS: usize = 32;
/// Of what is left for playing, while nothing is played or taken out at the site; and while something is.
const SHARE: (f64, f64) = (0.5, 0.2);
/// The page is told so often how it stands.
const PACE: Duration = Duration::from_millis(400);
/// Pixels of a hit's picture, and of the one that an area is drawn on.
const SMALL: u32 = 240;
const LARGE: u32 = 960;
const QUALITY: u8 = 75;

/// A search of a wall; stops when it is dropped.
pub(super) struct Search {
    number: u32,
    fields: MotionFields,
    /// The recorder and its site.
    recorder: Id,
    site: Id,
    line: Throttle,
    progress: Arc<Progress>,
    pictures: Arc<Mutex<Vec<Option<Arc<str>>>>>,
}

impl Drop for Search {
    fn drop(&mut self) {
        self.progress.stop();
    }
}

/// What the page was told of all searches, and how many there have been.
#[derive(Default)]
pub(super) struct Searches {
    told: Mutex<Vec<MotionSearch>>,
    numbers: AtomicU32,
}

impl Search {
    /// The recorder that is searched, with its site.
    pub(super) fn recorder_in_use(&self) -> Option<(Id, Id)> {
        let over = self.progress.is_over();
        (!over).then(|| (self.recorder.clone(), self.site.clone()))
    }

    /// `shares`: what recordings may take of each recorder's line; `busy`: sites at which something is played or taken out;
    /// `exported`: recorders, with their sites, of which something is taken out. Those are left alone meanwhile.
    pub(super) fn share(&self, shares: &HashMap<Id, f64>, busy: &[Id], exported: &[(Id, Id)]) {
        self.progress.hold(exported.iter().any(|(recorder, _)| *recorder == self.recorder));
        let part = if busy.contains(&self.site) { SHARE.1 } else { SHARE.0 };
        if let Some(mbps) = shares.get(&self.recorder) {
            self.line.set(mbps * part);
        }
    }

    fn told(&self, wall: u32, words: &Words) -> MotionSearch {
        let Standing { state, reached, looked, by_recorder, hits, upheavals, missed } =
            self.progress.standing();
        let text = match &state {
            State::Again(fault) | State::Failed(fault) => said(fault, words),
            _ => String::new(),
        };
        let hits = hits.into_iter().map(|hit| MotionHit {
            period: hit.period,
            clearest: hit.clearest,
            place: hit.place,
        });
        let missed = missed.into_iter().map(|missed| MotionMissed {
            period: missed.period,
            not_recorded: missed.why == Unsearched::NotRecorded,
            text: why(&missed.why, words),
        });
        let MotionFields { camera, period, area, sensitivity } = self.fields.clone();
        MotionSearch {
            wall,
            number: self.number,
            camera,
            period,
            area,
            sensitivity,
            state: told_state(&state),
            text,
            reached,
            looked: u32::try_from(looked).unwrap_or(u32::MAX),
            by_recorder,
            hits: hits.collect(),
            upheavals,
            missed: missed.collect(),
        }
    }
}

impl Console {
    /// Begins to look for motion in the recording of a camera that a wall plays. A search that runs there ends.
    ///
    /// # Errors
    /// In words, here and below: the person may not; the camera is not played there; there is nothing to look at.
    pub fn search_motion(self: &Arc<Self>, wall: u32, mut fields: MotionFields) -> Result<(), Notice> {
        self.allow(Action::Playback, Some(&fields.camera))?;
        let refused = |key: &str| Err(notices::error_notice(key, &[], &self.words()));
        fields.period.until = fields.period.until.min(now());
        if fields.period.until <= fields.period.from {
            return refused("motion_no_time");
        }
        if fields.period.length() > LONGEST {
            return refused("motion_too_long");
        }
        fields.area.truncate(MOST_PARTS);
        let number = self.playing.searches.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let (searcher, order, site) = {
            let sessions = self.playing.sessions.lock();
            let session = sessions.get(&wall);
            let played = |session: &Session| {
                let camera = session.cameras.iter().find(|camera| camera.id == fields.camera)?;
                Some((
                    session.player.searcher(Arc::clone(&session.archive)),
                    camera.way.clone(),
                    camera.site.clone(),
                ))
            };
            let Some((searcher, way, site)) = session.and_then(played) else {
                drop(sessions);
                return refused("motion_not_played");
            };
            let Some(way) = way else {
                drop(sessions);
                return refused("playback_no_address");
            };
            let line = Throttle::new(0.0);
            let (period, area) = (fields.period, fields.area.clone());
            (searcher, Order { way, period, area, sensitivity: level(fields.sensitivity), line }, site)
        };
        let (progress, pictures) = (Arc::new(Progress::default()), Arc::<Mutex<Vec<_>>>::default());
        let search = Search {
            number,
            fields: fields.clone(),
            recorder: order.way.device.clone(),
            site,
            line: order.line.clone(),
            progress: Arc::clone(&progress),
            pictures: Arc::clone(&pictures),
        };
        let work = move || searcher.run(&order, &progress, &mut |hit, picture| keep(&pictures, hit, picture));
        let spawned = std::thread::Builder::new().name("motion-search".to_owned()).spawn(work);
        spawned.map_err(|error| {
            let reason = error.to_string();
            notices::error_notice("motion_not_begun", &[("reason", &reason)], &self.words())
        })?;
        let before = {
            let mut sessions = self.playing.sessions.lock();
            // The wall may have gone back to live pictures a moment ago: the search ends as it is dropped.
            sessions.get_mut(&wall).and_then(|session| session.search.replace(search))
        };
        drop(before);
        let MotionFields { camera, period, .. } = fields;
        self.people.note(Event::Searched { camera, from_ms: period.from.ms(), until_ms: period.until.ms() });
        self.follow_playback();
        self.keep_telling_of_motion(wall, number);
        Ok(())
    }

    /// Stops the search of a wall; what was found stays, unless it is to be forgotten.
    ///
    /// # Errors
    /// As above.
    pub fn end_motion_search(&self, wall: u32, forget: bool) -> Result<(), Notice> {
        self.allow(Action::Playback, None)?;
        let forgotten = {
            let mut sessions = self.playing.sessions.lock();
            let session = sessions.get_mut(&wall);
            session.and_then(|session| {
                if let Some(search) = &session.search {
                    search.progress.stop();
                }
                forget.then(|| session.search.take()).flatten()
            })
        };
        drop(forgotten);
        self.tell_motion();
        Ok(())
    }

    /// How all searches stand, for a page that begins.
    ///
    /// # Errors
    /// As above.
    pub fn motion_searches(&self) -> Result<Vec<MotionSearch>, Notice> {
        self.allow(Action::Playback, None)?;
        Ok(self.searches_told())
    }

    /// The picture that a wall shows of a camera, as the camera sends it: an area is drawn on it. `None`: none is shown.
    ///
    /// # Errors
    /// As above.
    pub fn motion_still(&self, wall: u32, camera: &Id) -> Result<Option<RecordedPicture>, Notice> {
        self.allow(Action::Playback, Some(camera))?;
        let shown = {
            let sessions = self.playing.sessions.lock();
            let session = sessions.get(&wall);
            session.and_then(|session| session.player.reel(camera)).and_then(|reel| reel.picture())
        };
        Ok(shown.and_then(|(at, picture)| {
            Some(RecordedPicture { at, data: jpeg::small(&picture, LARGE, QUALITY)?.to_string() })
        }))
    }

    /// The clearest picture of a hit of a wall's search. `None`: that search is forgotten.
    ///
    /// # Errors
    /// As above.
    pub fn motion_picture(
        &self,
        wall: u32,
        number: u32,
        hit: u32,
    ) -> Result<Option<RecordedPicture>, Notice> {
        self.allow(Action::Playback, None)?;
        let sessions = self.playing.sessions.lock();
        let search = sessions.get(&wall).and_then(|session| session.search.as_ref());
        let Some(search) = search.filter(|search| search.number == number) else { return Ok(None) };
        let (hit, pictures) = (hit as usize, search.pictures.lock());
        let Some(data) = pictures.get(hit).and_then(Option::as_ref) else { return Ok(None) };
        let at = search.progress.standing().hits.get(hit).map_or(Moment::default(), |hit| hit.clearest);
        Ok(Some(RecordedPicture { at, data: data.to_string() }))
    }

    /// Tells the page as long as a search goes on.
    fn keep_telling_of_motion(self: &Arc<Self>, wall: u32, number: u32) {
        let console = Arc::downgrade(self);
        self.equipment.devices.runtime().spawn(async move {
            loop {
                let Some(console) = console.upgrade() else { return };
                let tell = move || {
                    // Looked at first: how it ended is told, too.
                    let goes_on = console.goes_on(wall, number);
                    console.tell_motion();
                    goes_on
                };
                if !tokio::task::spawn_blocking(tell).await.unwrap_or(false) {
                    return;
                }
                tokio::time::sleep(PACE).await;
            }
        });
    }

    /// Whether a search is the one of its wall, and not over.
    fn goes_on(&self, wall: u32, number: u32) -> bool {
        let sessions = self.playing.sessions.lock();
        let search = sessions.get(&wall).and_then(|session| session.search.as_ref());
        search.is_some_and(|search| search.number == number && !search.progress.is_over())
    }

    /// Tells the page how searches stand, where that has changed.
    pub(super) fn tell_motion(&self) {
        let told = self.searches_told();
        let before = std::mem::replace(&mut *self.playing.searches.told.lock(), told.clone());
        if before != told {
            self.tell("motion", told);
        }
    }

    fn searches_told(&self) -> Vec<MotionSearch> {
        let words = self.words();
        let sessions = self.playing.sessions.lock();
        let searches = sessions.iter().filter_map(|(wall, session)| Some((wall, session.search.as_ref()?)));
        searches.map(|(wall, search)| search.told(*wall, &words)).collect()
    }
}

fn keep(pictures: &Mutex<Vec<Option<Arc<str>>>>, hit: usize, picture: &Picture) {
    let data = jpeg::small(picture, SMALL, QUALITY);
    let mut pictures = pictures.lock();
    if pictures.len() <= hit {
        pictures.resize(hit + 1, None);
    }
    pictures[hit] = data;
}

const fn level(sensitivity: MotionSensitivity) -> Sensitivity {
    match sensitivity {
        MotionSensitivity::Low => Sensitivity::Low,
        MotionSensitivity::Medium => Sensitivity::Medium,
        MotionSensitivity::High => Sensitivity::High,
    }
}

const fn told_state(state: &State) -> MotionState {
    match state {
        State::Asking => MotionState::Asking,
        State::InLine => MotionState::InLine,
        State::Searching => MotionState::Searching,
        State::Again(_) => MotionState::Again,
        State::Done => MotionState::Done,
        State::Stopped => MotionState::Stopped,
        State::Full => MotionState::Full,
        State::Failed(_) => MotionState::Failed,
    }
}

fn why(why: &Unsearched, words: &Words) -> String {
    let key = match why {
        Unsearched::NotRecorded => "motion_missed_not_recorded",
        Unsearched::NotGiven => "motion_missed_not_given",
        Unsearched::Stopped => "motion_missed_stopped",
        Unsearched::Full => "motion_missed_full",
        Unsearched::Fault(fault) => return said(fault, words),
    };
    words.get(key).to_owned()
}
