//! One camera's recording, at the place where the clock stands.
//!
//! A reel asks its `fetcher` for what is missing in its `cache`, has it decoded onto its `shelf`, and shows the picture that
//! is due. To a wall it looks like a live stream.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use decode::Input;
use model::{AccessUnit, Fault, Id, Moment, Period, Picture, StreamState};
use parking_lot::Mutex;

use super::cache::Due;
use super::copies::Copies;
use super::feed::{Feed, Step, Target};
use super::fetcher::Tape;
use super::shared::{ALL_PICTURES, Inner, LATE, Shared};
use super::shelf::shows_more;
use super::throttle::Throttle;
use crate::Stream;
use crate::ring::Listener;
use crate::sound::Voice;

/// At such speeds a key frame stands for at most so much of the recording.
const COARSE: Duration = Duration::from_secs(20);
/// So far ahead pictures are decoded, times the speed.
const LOOK: Duration = Duration::from_millis(300);
/// After a wait so much has to be there before the clock goes on, times the speed.
const CUSHION: Duration = Duration::from_millis(400);
/// Units that may wait for their turn in the decoder.
const IN_FLIGHT: u64 = 8;

/// How a reel stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// The picture that is due is shown.
    Shown,
    /// Nothing was recorded then.
    Hole,
    /// It is on its way.
    Loading,
    /// The recorder plays only so many at once, and others are before it.
    InLine,
    /// It does not come, and why.
    Failed(Fault),
}

/// One camera's recording.
pub struct Reel {
    camera: Id,
    pub(super) shared: Arc<Shared>,
    stream: Arc<Stream>,
    input: Input,
    task: tokio::task::AbortHandle,
    /// It stands still at this place, whatever the clock does.
    held: Mutex<Option<Moment>>,
    /// Where it comes from, and the line it comes over.
    pub(super) source: (Arc<dyn Tape>, Throttle),
}

impl Reel {
    pub(super) fn new(
        camera: Id,
        shared: Arc<Shared>,
        input: Input,
        task: tokio::task::AbortHandle,
        source: (Arc<dyn Tape>, Throttle),
    ) -> Self {
        let stream = Arc::new(Stream::of_recording(Arc::clone(&shared.board)));
        Self { camera, shared, stream, input, task, held: Mutex::default(), source }
    }

    /// Whose it is.
    #[must_use]
    pub fn camera(&self) -> &Id {
        &self.camera
    }

    /// What the recorder holds, so that nobody waits for what is not there.
    pub fn set_spans(&self, spans: Vec<Period>) {
        self.shared.set_listed(Some(spans));
    }

    /// What is kept on this machine is played from there, whatever the recorder holds.
    pub fn set_copies(&self, copies: Copies) {
        self.shared.set_copies(Arc::new(copies));
    }

    /// What the recorder holds is not known where the clock goes now.
    pub fn forget_spans(&self) {
        self.shared.set_listed(None);
    }

    /// The next moment with a recording, or the last before, where the recorder has said what it holds.
    pub(super) fn recorded_near(&self, at: Moment, back: bool) -> Option<Moment> {
        let inner = self.shared.inner.lock();
        let remembered = inner.memory.as_ref().and_then(|memory| memory.nearest(at, back));
        let spans = inner.spans.as_deref().unwrap_or_default();
        if back {
            let recorded = spans.iter().rev().find(|span| span.from <= at);
            recorded.map(|span| at.min(span.until.plus_us(-1))).max(remembered)
        } else {
            let recorded = spans.iter().find(|span| at < span.until).map(|span| at.max(span.from));
            recorded.into_iter().chain(remembered).min()
        }
    }

    /// Whether the place where the clock stands is of what came live a moment ago.
    #[must_use]
    pub fn is_remembered(&self) -> bool {
        let inner = self.shared.inner.lock();
        inner.memory.as_ref().is_some_and(|memory| memory.holds(inner.place, Instant::now()))
    }

    /// Who is given what comes live.
    pub(crate) fn listener(&self) -> Arc<dyn Listener> {
        Arc::clone(&self.shared) as Arc<dyn Listener>
    }

    /// What is heard of it: at the usual speed forward, in step with the pictures.
    #[must_use]
    pub fn voice(&self) -> &Arc<Voice> {
        &self.shared.voice
    }

    /// The clock stands there before it is looked at for the first time.
    pub(super) fn place(&self, at: Moment) {
        self.shared.inner.lock().place = at;
    }

    /// The clock is at `at`; `runs`: at the usual speed.
    pub(super) fn sound(&self, at: Moment, runs: bool, now: Instant) {
        let origin = || self.shared.inner.lock().origin(at, now);
        self.shared.voice.follow(at, runs.then_some(origin), now);
    }

    /// Where it stands still while the other cameras go on, to be compared with them.
    #[must_use]
    pub fn held(&self) -> Option<Moment> {
        *self.held.lock()
    }

    /// Stands still there, or goes with the clock again.
    pub(super) fn hold(&self, at: Option<Moment>) {
        *self.held.lock() = at;
    }

    /// How it stands, and since when.
    #[must_use]
    pub fn standing(&self) -> (Standing, Instant) {
        let known = self.shared.inner.lock().standing.clone();
        known.unwrap_or_else(|| (Standing::Loading, Instant::now()))
    }

    /// When the picture that is shown was taken.
    #[must_use]
    pub fn shown_at(&self) -> Option<Moment> {
        self.shared.inner.lock().shown.as_ref().map(|(at, _)| *at)
    }

    /// The picture that is shown, and when it was taken.
    #[must_use]
    pub fn picture(&self) -> Option<(Moment, Picture)> {
        self.shared.inner.lock().shown.clone()
    }

    /// The picture behind or before the one at `at`, where that is known.
    pub(super) fn neighbour(&self, at: Moment, back: bool) -> Option<Moment> {
        let inner = self.shared.inner.lock();
        let remembered = inner.memory.as_ref().and_then(|memory| memory.neighbour(at, back, Instant::now()));
        remembered.or_else(|| inner.cache.neighbour(at, back))
    }

    /// Its pictures, for a wall.
    #[must_use]
    pub fn stream(&self) -> &Arc<Stream> {
        &self.stream
    }

    /// Whether there is enough behind the picture of a moment to go on with: a recorder that keeps the pace itself would
    /// otherwise stop the clock at every picture.
    pub(super) fn is_ahead(&self, at: Moment, rate: f64) -> bool {
        let inner = self.shared.inner.lock();
        let key_frames = rate.abs() > ALL_PICTURES;
        let known = inner.known_until(at, rate < 0.0, key_frames, Instant::now());
        let cushion = CUSHION.as_micros() as f64 * rate.abs().max(1.0);
        inner.want.is_none() || known.since_us(at).abs() as f64 >= cushion
    }

    /// A recording that had ended when it was asked for may have gone on.
    pub(super) fn look_again(&self) {
        let mut inner = self.shared.inner.lock();
        inner.cache.forget_end();
        inner.fault = None;
        drop(inner);
        self.shared.ordered.notify_one();
    }

    /// The clock stands at `at` and runs at `rate`: shows what is due, has decoded what will be, and asks for what is
    /// missing. Called by one thread.
    pub(super) fn advance(&self, at: Moment, rate: f64) -> Standing {
        let mut inner = self.shared.inner.lock();
        let now = Instant::now();
        (inner.place, inner.rate) = (at, rate);
        let coarse = (rate.abs() > ALL_PICTURES).then_some(COARSE);
        let remembered = inner.memory.as_ref().and_then(|memory| memory.due(at, coarse, now));
        let due = remembered.unwrap_or_else(|| inner.recorded(at, coarse));
        let standing = match due {
            Due::Picture { group, at: exact } => self.show(&mut inner, group, exact, at),
            Due::Hole => {
                inner.shown = None;
                self.shared.board.set_state(StreamState::NotRecorded);
                Standing::Hole
            }
            Due::Missing => match &inner.fault {
                // What is filmed now comes by itself.
                _ if remembered.is_some() => Standing::Loading,
                Some(fault) => Standing::Failed(fault.clone()),
                None if inner.in_line => Standing::InLine,
                None => Standing::Loading,
            },
        };
        if standing == Standing::Shown && rate != 0.0 {
            self.look_ahead(&mut inner, at, rate, coarse);
        }
        let ordered = inner.order(at, rate, remembered.unwrap_or(due), remembered.is_some(), now);
        if inner.standing.as_ref().is_none_or(|(before, _)| *before != standing) {
            inner.standing = Some((standing.clone(), Instant::now()));
        }
        drop(inner);
        if ordered {
            self.shared.ordered.notify_one();
        }
        standing
    }

    fn show(&self, inner: &mut Inner, group: Moment, exact: Moment, at: Moment) -> Standing {
        if inner.shelf.get(exact).is_none() {
            self.decode_up_to(inner, group, exact);
        }
        let in_vain = inner.in_vain.is_some_and(|(moment, times)| moment == exact && times > 1);
        let best = match inner.shelf.get(exact) {
            Some(picture) => Some((exact, picture.clone())),
            None => inner.shelf.at_or_before(exact).map(|(moment, picture)| (moment, picture.clone())),
        };
        let Some((moment, picture)) = best else { return Standing::Loading };
        let late = exact.since_us(moment);
        let playing = inner.rate > 0.0 && late <= LATE.as_micros() as i64;
        if moment != exact && !playing && !in_vain {
            let begins = inner.target(group, exact).map_or(group, |target| target.from);
            if shows_more(inner.shown.as_ref().map(|(shown, _)| *shown), moment, begins, at) {
                self.put(inner, moment, picture);
            }
            return Standing::Loading;
        }
        // With key frames alone, one before the place must not take the way back from a picture that is nearer to it.
        let keeps = |shown: Moment| shown == moment || (inner.rate > 0.0 && moment < shown && shown <= at);
        if !inner.shown.as_ref().is_some_and(|(shown, _)| keeps(*shown)) {
            self.put(inner, moment, picture);
        }
        inner.shelf.trim(at, inner.rate < 0.0);
        Standing::Shown
    }

    fn put(&self, inner: &mut Inner, moment: Moment, picture: Picture) {
        inner.sequence += 1;
        let picture = Picture { sequence: inner.sequence, ..picture };
        inner.shown = Some((moment, picture.clone()));
        self.shared.board.put(picture);
    }

    fn look_ahead(&self, inner: &mut Inner, at: Moment, rate: f64, coarse: Option<Duration>) {
        if !inner.shelf.has_room() {
            return;
        }
        let next = at.plus_us((LOOK.as_micros() as f64 * rate) as i64);
        if let Due::Picture { group, at: exact } = inner.due(next, coarse)
            && inner.shelf.get(exact).is_none()
        {
            self.decode_up_to(inner, group, exact);
        }
    }

    /// Gives the decoder what it needs for the picture at `exact`, which is coded in `group`.
    fn decode_up_to(&self, inner: &mut Inner, group: Moment, exact: Moment) {
        let Some(target) = inner.target(group, exact) else { return };
        let busy = inner.waiting() > 0;
        let step = inner.feed.map_or(Step::Anew, |feed| feed.step(&target, busy, |key| inner.group(key)));
        let behind = match step {
            Step::Wait => return,
            Step::GoOn(behind) => behind,
            Step::Anew => {
                let times =
                    inner.in_vain.filter(|(moment, _)| *moment == exact).map_or(0, |(_, times)| times);
                if times > 1 {
                    return;
                }
                inner.in_vain = Some((exact, times + 1));
                inner.restarting = Some(self.input.reset());
                inner.sent = 0;
                inner.feed = Some(Feed::begin(target.from));
                0
            }
        };
        self.give(inner, &target, behind);
    }

    fn give(&self, inner: &mut Inner, target: &Target, behind: usize) {
        while inner.waiting() < IN_FLIGHT {
            let Some(feed) = &inner.feed else { return };
            let Some((feed, (at, unit))) = feed.next_towards(target, behind, |key| inner.group(key)) else {
                return;
            };
            self.input.push(AccessUnit {
                captured: Some(SystemTime::from(*at)),
                // Waiting here is not being late.
                received: Instant::now(),
                ..unit.clone()
            });
            inner.feed = Some(feed);
            inner.sent += 1;
        }
    }
}

impl Drop for Reel {
    fn drop(&mut self) {
        self.task.abort();
    }
}
