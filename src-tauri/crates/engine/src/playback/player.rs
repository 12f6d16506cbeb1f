//! All cameras of an incident on one clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use decode::Pool;
use model::{Id, Moment, Period};
use parking_lot::{Condvar, Mutex};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::archive::Archive;
use super::clock::Clock;
use super::fetcher::{Fetcher, Tape};
use super::glimpse::Glimpses;
use super::reel::{Reel, Standing};
use super::shared::{Pin, Shared, Stock};
use super::throttle::Throttle;
use super::turns::Turns;
use crate::board::Board;
use crate::gate::Gate;
use crate::motion::Searcher;
use crate::source::Bell;

/// While it plays, the pictures that are due are looked for so often: a fraction of the time that one is shown.
const TICK: Duration = Duration::from_millis(5);
/// While it stands still, only what comes wakes it; and this, should that be missed.
const STILL: Duration = Duration::from_millis(250);
/// So long the clock waits for pictures that are missing, then it goes on without them.
const PATIENCE: Duration = Duration::from_secs(5);

/// And so long for a little more than the one picture, so that it need not wait again at once.
const GATHERING: Duration = Duration::from_secs(2);

/// What playback needs of the rest of the engine.
#[derive(Clone)]
pub(crate) struct Means {
    pub(crate) runtime: Handle,
    pub(crate) pool: Arc<Pool>,
    pub(crate) gate: Gate,
    pub(crate) preference: decode::Preference,
    pub(crate) bell: Bell,
    /// Bytes of all streams of the program.
    pub(crate) meter: Arc<AtomicU64>,
}

/// Cameras on one clock.
pub struct Player {
    means: Means,
    turns: Turns,
    /// Of the camera that was asked for last.
    glimpses: Mutex<Option<Arc<Glimpses>>>,
    shared: Arc<Common>,
    thread: Option<JoinHandle<()>>,
}

struct Common {
    state: Mutex<State>,
    wake: Condvar,
    /// Something has come since the last look.
    stirred: AtomicBool,
    ended: AtomicBool,
}

struct State {
    clock: Clock,
    reels: Vec<(Arc<Reel>, Standing)>,
    /// Since when the clock waits for pictures.
    waiting: Option<Instant>,
    /// Since when they are there, and a few more are waited for.
    gathering: Option<Instant>,
    /// Where nobody has a recording, the clock goes on to where somebody has.
    skip_holes: bool,
}

/// How playback stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Playback {
    /// The place.
    pub at: Moment,
    /// Seconds of recording a second; 0: it stands still.
    pub rate: f64,
    /// What it goes on with.
    pub chosen: f64,
    /// It waits for pictures.
    pub waits: bool,
    /// What it goes round in.
    pub repeat: Option<Period>,
    /// Each camera: when its picture was taken, and how it stands.
    pub cameras: Vec<(Id, Option<Moment>, Standing)>,
    /// Those that stand still by themselves.
    pub held: Vec<Id>,
}

impl Player {
    /// Stands still at a place, without cameras.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub(crate) fn new(means: Means, at: Moment) -> std::io::Result<Self> {
        let state = State {
            clock: Clock::paused_at(at, Instant::now()),
            reels: Vec::new(),
            waiting: None,
            gathering: None,
            skip_holes: true,
        };
        let shared = Arc::new(Common {
            state: Mutex::new(state),
            wake: Condvar::new(),
            stirred: AtomicBool::new(true),
            ended: AtomicBool::new(false),
        });
        let common = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("playback".to_owned()).spawn(move || run(&common))?;
        Ok(Self { means, turns: Turns::default(), glimpses: Mutex::default(), shared, thread: Some(thread) })
    }

    /// Adds a camera; it joins where the clock stands. `line` is what its site's uplink has left.
    pub fn add(&self, camera: Id, tape: Arc<dyn Tape>, line: Throttle) -> Arc<Reel> {
        let common = Arc::clone(&self.shared);
        let came: Bell = Arc::new(move || common.stir());
        let (shared, task) = self.fetch(came, Arc::clone(&tape), line.clone(), Stock::default());
        let options = decode::Options {
            preference: self.means.preference,
            // What waits here is not late: it is given no sooner than it is needed.
            max_lateness: Duration::from_secs(3600),
            ..decode::Options::new(format!("recording of {camera}"))
        };
        let input = self.means.pool.open(options, Box::new(Pin(Arc::clone(&shared))));
        let reel = Arc::new(Reel::new(camera, shared, input, task, (tape, line)));
        let mut state = self.shared.state.lock();
        reel.place(state.clock.position(Instant::now()));
        state.reels.push((Arc::clone(&reel), Standing::Loading));
        drop(state);
        self.shared.stir();
        reel
    }

    /// Begins to fetch what is wanted of a tape; `came` is told of all that comes.
    fn fetch(
        &self,
        came: Bell,
        tape: Arc<dyn Tape>,
        line: Throttle,
        copies: Stock,
    ) -> (Arc<Shared>, tokio::task::AbortHandle) {
        let Means { bell, meter, .. } = &self.means;
        let board = Board::of_recording(Arc::clone(bell), Arc::clone(meter), Instant::now());
        let shared = Arc::new(Shared::new(came, board, copies));
        let fetcher = Fetcher {
            tape,
            shared: Arc::clone(&shared),
            gate: self.means.gate.clone(),
            turns: self.turns.clone(),
            line,
            begins_with_address: AtomicBool::new(false),
        };
        let task = self.means.runtime.spawn(fetcher.run()).abort_handle();
        (shared, task)
    }

    /// Single pictures of a camera's recording, away from the place where it is played; of one camera at a time.
    pub fn glimpses(&self, camera: &Id) -> Option<Arc<Glimpses>> {
        let reel = self.reel(camera)?;
        let mut known = self.glimpses.lock();
        if let Some(known) = known.as_ref().filter(|known| Arc::ptr_eq(known.reel(), &reel)) {
            return Some(Arc::clone(known));
        }
        let stirred = Arc::new(Notify::new());
        let stir = Arc::clone(&stirred);
        let (tape, line) = reel.source.clone();
        let came: Bell = Arc::new(move || stir.notify_waiters());
        let (shared, task) = self.fetch(came, tape, line, Arc::clone(&reel.shared.copies));
        let glimpses = Arc::new(Glimpses::new(reel, shared, stirred, task));
        *known = Some(Arc::clone(&glimpses));
        Some(glimpses)
    }

    /// What looks for motion in recordings, and takes its turn at recorders with what is played here.
    #[must_use]
    pub fn searcher(&self, archive: Arc<Archive>) -> Searcher {
        Searcher::new(self.means.gate.clone(), self.turns.clone(), archive)
    }

    /// Lets go of a camera.
    pub fn remove(&self, camera: &Id) {
        let glimpses = self.glimpses.lock().take_if(|glimpses| glimpses.reel().camera() == camera);
        drop(glimpses);
        // Its session says goodbye outside the lock.
        let gone: Vec<_> = {
            let mut state = self.shared.state.lock();
            let (gone, kept) =
                std::mem::take(&mut state.reels).into_iter().partition(|(reel, _)| reel.camera() == camera);
            state.reels = kept;
            gone
        };
        drop(gone);
        self.shared.stir();
    }

    /// The reel of a camera.
    #[must_use]
    pub fn reel(&self, camera: &Id) -> Option<Arc<Reel>> {
        let state = self.shared.state.lock();
        state.reels.iter().find(|(reel, _)| reel.camera() == camera).map(|(reel, _)| Arc::clone(reel))
    }

    /// Plays at a speed, ±1/16 to ±16.
    pub fn play(&self, rate: f64) {
        self.change(|state, now| state.clock.play(rate, now));
    }

    /// Stands still.
    pub fn pause(&self) {
        self.change(|state, now| state.clock.pause(now));
    }

    /// Goes to a place, and on from there as before.
    pub fn seek(&self, at: Moment) {
        self.change(|state, now| {
            state.clock.seek(at, now);
            (state.waiting, state.gathering) = (None, None);
            for (reel, _) in &state.reels {
                reel.look_again();
            }
        });
    }

    /// Goes round in a period, or no longer.
    pub fn set_repeat(&self, repeat: Option<Period>) {
        self.change(|state, now| state.clock.set_repeat(repeat, now));
    }

    /// Whether the clock passes over what nobody has recorded.
    pub fn set_skip_holes(&self, skip: bool) {
        self.change(|state, _| state.skip_holes = skip);
    }

    /// Stands still at the next picture of a camera, or the one before. One that is held goes there alone.
    pub fn step(&self, camera: &Id, back: bool) {
        self.change(|state, now| {
            let Some((reel, _)) = state.reels.iter().find(|(reel, _)| reel.camera() == camera) else {
                return;
            };
            let held = reel.held();
            if held.is_none() {
                state.clock.pause(now);
            }
            let place = held.unwrap_or_else(|| state.clock.position(now));
            let from = reel.shown_at().unwrap_or(place);
            // What is not there yet comes as the picture before this very moment.
            let unknown = || back.then(|| from.plus_us(-1));
            match reel.neighbour(from, back).or_else(unknown) {
                Some(next) if held.is_some() => reel.hold(Some(next)),
                Some(next) => state.clock.seek(next, now),
                None => {}
            }
        });
    }

    /// One camera stands still where it is while the others go on, so that they can be compared; or it goes with them again.
    pub fn hold(&self, camera: &Id, held: bool) {
        self.change(|state, now| {
            let place = state.clock.position(now);
            let Some((reel, _)) = state.reels.iter().find(|(reel, _)| reel.camera() == camera) else {
                return;
            };
            match (held, reel.held()) {
                (true, None) => reel.hold(Some(reel.shown_at().unwrap_or(place))),
                (false, Some(_)) => {
                    reel.hold(None);
                    // Where it stood may have been refused; the clock's place is another question.
                    reel.look_again();
                }
                _ => {}
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut State, Instant)) {
        change(&mut self.shared.state.lock(), Instant::now());
        self.shared.stir();
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> Playback {
        let state = self.shared.state.lock();
        let clock = &state.clock;
        Playback {
            at: clock.position(Instant::now()),
            rate: clock.rate(),
            chosen: clock.chosen(),
            waits: clock.is_held(),
            repeat: clock.repeat(),
            cameras: state
                .reels
                .iter()
                .map(|(reel, standing)| (reel.camera().clone(), reel.shown_at(), standing.clone()))
                .collect(),
            held: state.held().map(|reel| reel.camera().clone()).collect(),
        }
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Release);
        self.shared.stir();
        if let Some(thread) = self.thread.take() {
            // A panic has been told by its own thread.
            let _ = thread.join();
        }
    }
}

impl Common {
    fn stir(&self) {
        self.stirred.store(true, Ordering::Release);
        self.wake.notify_one();
    }
}

fn run(common: &Common) {
    let mut state = common.state.lock();
    while !common.ended.load(Ordering::Acquire) {
        common.stirred.store(false, Ordering::Release);
        state.look(Instant::now());
        state.sound(Instant::now());
        let moving = state.clock.rate() != 0.0;
        if moving && !state.clock.is_held() {
            // However much comes, the pictures that are due are looked for no oftener.
            common.wake.wait_for(&mut state, TICK);
        } else if !common.stirred.load(Ordering::Acquire) {
            common.wake.wait_for(&mut state, STILL);
        }
    }
}

impl State {
    /// The cameras that go with the clock.
    fn going(&self) -> impl Iterator<Item = &(Arc<Reel>, Standing)> {
        self.reels.iter().filter(|(reel, _)| reel.held().is_none())
    }

    /// Those that stand still by themselves.
    fn held(&self) -> impl Iterator<Item = &Arc<Reel>> {
        self.reels.iter().map(|(reel, _)| reel).filter(|reel| reel.held().is_some())
    }

    /// Shows what is due, and decides whether the clock waits.
    fn look(&mut self, now: Instant) {
        let (at, rate) = (self.clock.position(now), self.clock.rate());
        for (reel, standing) in &mut self.reels {
            *standing = reel.held().map_or_else(|| reel.advance(at, rate), |held| reel.advance(held, 0.0));
        }
        if rate == 0.0 || self.going().next().is_none() {
            (self.waiting, self.gathering) = (None, None);
            self.clock.hold(false, now);
            return;
        }
        if self.skip_holes && self.going().all(|(_, standing)| *standing == Standing::Hole) {
            self.skip(at, rate < 0.0, now);
            return;
        }
        let missing = self.going().any(|(_, standing)| *standing == Standing::Loading);
        if missing {
            self.gathering = None;
            let since = *self.waiting.get_or_insert(now);
            self.clock.hold(now.saturating_duration_since(since) < PATIENCE, now);
            return;
        }
        if self.waiting.is_some() {
            let since = *self.gathering.get_or_insert(now);
            let ahead =
                self.going().all(|(reel, standing)| *standing != Standing::Shown || reel.is_ahead(at, rate));
            if !ahead && now.saturating_duration_since(since) < GATHERING {
                self.clock.hold(true, now);
                return;
            }
        }
        (self.waiting, self.gathering) = (None, None);
        self.clock.hold(false, now);
    }

    /// What is heard follows the clock as it goes now.
    fn sound(&self, now: Instant) {
        let (at, goes) = (self.clock.position(now), self.clock.rate() == 1.0 && !self.clock.is_held());
        for (reel, standing) in &self.reels {
            reel.sound(at, goes && *standing == Standing::Shown && reel.held().is_none(), now);
        }
    }

    /// To the nearest place where somebody has a recording; stands still where there is none any more.
    fn skip(&mut self, at: Moment, back: bool, now: Instant) {
        let places: Vec<_> = self.going().filter_map(|(reel, _)| reel.recorded_near(at, back)).collect();
        let next = if back { places.into_iter().max() } else { places.into_iter().min() };
        match next {
            Some(next) if next != at => self.clock.seek(next, now),
            Some(_) => {}
            None => self.clock.pause(now),
        }
    }
}
