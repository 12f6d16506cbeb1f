//! One camera's recording, at the place where the clock stands.
//!
//! A reel asks its `fetcher` for what is missing in its `cache`, has it decoded onto its `shelf`, and shows the picture that
//! is due. To a wall it looks like a live stream.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use decode::{Event, Input, Work};
use model::{AccessUnit, Fault, Id, Moment, Period, Picture, StreamState};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::cache::{Behind, Cache, Due, Group, Way};
use super::fetcher::Tape;
use super::memory::Memory;
use super::shelf::{Shelf, shows_more};
use super::throttle::Throttle;
use crate::Stream;
use crate::board::Board;
use crate::ring::Listener;
use crate::sound::Voice;
use crate::source::Bell;

/// Faster than this, key frames are shown alone.
pub(super) const ALL_PICTURES: f64 = 2.0;
/// At such speeds a key frame stands for at most so much of the recording.
const COARSE: Duration = Duration::from_secs(20);
/// So much of the recording is fetched ahead before fetching rests, times the speed; it begins again at half of it.
const AHEAD: Duration = Duration::from_secs(6);
/// So far ahead pictures are decoded, times the speed.
const LOOK: Duration = Duration::from_millis(300);
/// A picture that is late by less than this is shown instead of stopping the clock.
const LATE: Duration = Duration::from_millis(400);
/// After a wait so much has to be there before the clock goes on, times the speed.
const CUSHION: Duration = Duration::from_millis(400);
/// Units that may wait for their turn in the decoder.
const IN_FLIGHT: u64 = 8;
/// Units that a decoder may hold back to bring them into order (H.265 allows 16).
const REORDER: usize = 17;

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

/// What a reel lacks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Want {
    /// From here on, or back from here.
    pub(super) at: Moment,
    pub(super) back: bool,
    /// Key frames are enough.
    pub(super) key_frames: bool,
    pub(super) rate: f64,
    /// Nothing at all is there of this place: somebody is waiting for it.
    pub(super) urgent: bool,
}

/// What reel, fetcher and decoder share.
pub(super) struct Shared {
    inner: Mutex<Inner>,
    /// Wakes the fetcher.
    pub(super) ordered: Notify,
    /// Wakes the player: something has come.
    came: Bell,
    /// What walls see.
    board: Arc<Board>,
    /// What is heard.
    pub(super) voice: Arc<Voice>,
}

#[derive(Default)]
struct Inner {
    cache: Cache,
    /// What came live a moment ago.
    memory: Option<Memory>,
    shelf: Shelf,
    /// What the recorder says that it holds, in order; `None` while it has not been asked.
    spans: Option<Vec<Period>>,
    place: Moment,
    rate: f64,
    want: Option<Want>,
    resting: bool,
    /// The group that the decoder is in, and how many of its units it has been given.
    given: Option<(Moment, usize)>,
    /// Units that the decoder was given since it began anew, and has dealt with.
    sent: u64,
    done_before: u64,
    done: u64,
    /// The number of the reset that the decoder has not come to yet: what it does until then is of what was before.
    restarting: Option<u64>,
    /// The newest that has come since it was last forgotten.
    latest: Option<Moment>,
    /// What was decoded twice in vain.
    in_vain: Option<(Moment, u8)>,
    shown: Option<(Moment, Picture)>,
    sequence: u64,
    in_line: bool,
    fault: Option<Fault>,
    /// How it stood when it was last looked at, and since when.
    standing: Option<(Standing, Instant)>,
}

/// One camera's recording.
pub struct Reel {
    camera: Id,
    pub(super) shared: Arc<Shared>,
    stream: Arc<Stream>,
    input: Input,
    task: tokio::task::AbortHandle,
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
        Self { camera, shared, stream, input, task, source }
    }

    /// Whose it is.
    #[must_use]
    pub fn camera(&self) -> &Id {
        &self.camera
    }

    /// What the recorder holds, so that nobody waits for what is not there.
    pub fn set_spans(&self, mut spans: Vec<Period>) {
        spans.sort_unstable();
        self.shared.inner.lock().spans = Some(spans);
        (self.shared.came)();
    }

    /// What the recorder holds is not known where the clock goes now.
    pub fn forget_spans(&self) {
        self.shared.inner.lock().spans = None;
        (self.shared.came)();
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
        self.shared.voice.follow(at, runs, now);
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
            if shows_more(inner.shown.as_ref().map(|(shown, _)| *shown), moment, group, at) {
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

    /// Gives the decoder what it needs for the picture at `exact`: the rest of the group that it is in, the next group, or
    /// another group from its beginning.
    fn decode_up_to(&self, inner: &mut Inner, group: Moment, exact: Moment) {
        let Some(found) = inner.group(group) else { return };
        let Some(index) = found.units.iter().position(|(at, _)| *at == exact) else { return };
        let length = found.units.len();
        let waiting = inner.waiting();
        let mut most = index + 1;
        let begin_anew = match inner.given {
            Some((key, given)) if key == group => {
                if given > index {
                    // It was given: it comes, or a few more bring it out, or the decoder must begin anew.
                    if waiting > 0 {
                        return;
                    }
                    most = (index + 1 + REORDER).min(length);
                    given >= most
                } else {
                    false
                }
            }
            Some((key, given)) => {
                let joins = inner.group(key).is_some_and(|before| {
                    before.behind == Behind::Group(group) && given == before.units.len()
                });
                if joins {
                    inner.given = Some((group, 0));
                }
                !joins
            }
            None => true,
        };
        if begin_anew {
            let times = inner.in_vain.filter(|(moment, _)| *moment == exact).map_or(0, |(_, times)| times);
            if times > 1 {
                return;
            }
            inner.in_vain = Some((exact, times + 1));
            inner.restarting = Some(self.input.reset());
            inner.sent = 0;
            inner.given = Some((group, 0));
        }
        self.give(inner, group, most);
    }

    fn give(&self, inner: &mut Inner, group: Moment, most: usize) {
        let Some((_, mut given)) = inner.given else { return };
        while given < most {
            if inner.waiting() >= IN_FLIGHT {
                break;
            }
            let Some((at, unit)) = inner.group(group).and_then(|found| found.units.get(given)) else {
                break;
            };
            self.input.push(AccessUnit {
                captured: Some(SystemTime::from(*at)),
                // Waiting here is not being late.
                received: Instant::now(),
                ..unit.clone()
            });
            given += 1;
            inner.sent += 1;
        }
        inner.given = Some((group, given));
    }
}

impl Drop for Reel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inner {
    /// Units that the decoder was given since it began anew, and has not dealt with.
    fn waiting(&self) -> u64 {
        let done = if self.restarting.is_some() { 0 } else { self.done.saturating_sub(self.done_before) };
        self.sent.saturating_sub(done)
    }

    fn is_outside(&self, at: Moment) -> bool {
        self.spans.as_ref().is_some_and(|spans| !spans.iter().any(|span| span.holds(at)))
    }

    /// What the recorder is known to have of a moment.
    fn recorded(&self, at: Moment, coarse: Option<Duration>) -> Due {
        if self.is_outside(at) { Due::Hole } else { self.cache.due(at, coarse) }
    }

    /// What there is of a moment, of what came live first.
    fn due(&self, at: Moment, coarse: Option<Duration>) -> Due {
        let remembered = self.memory.as_ref().and_then(|memory| memory.due(at, coarse, Instant::now()));
        remembered.unwrap_or_else(|| self.cache.due(at, coarse))
    }

    fn group(&self, key: Moment) -> Option<&Group> {
        let remembered = self.memory.as_ref().and_then(|memory| memory.group(key));
        remembered.or_else(|| self.cache.group(key))
    }

    /// From a moment that is there on, all is there up to this one; forward, what came live goes on behind what was recorded.
    fn known_until(&self, at: Moment, back: bool, key_frames: bool, now: Instant) -> Moment {
        let memory = self.memory.as_ref();
        let in_memory = |at: Moment| {
            let memory = memory.filter(|memory| memory.due(at, None, now).is_some())?;
            Some(memory.known_until(at, back, now))
        };
        let known = match in_memory(at) {
            Some(known) if back => self.cache.known_until_by(known, true, key_frames).min(known),
            Some(known) => known,
            None => self.cache.known_until_by(at, back, key_frames),
        };
        if back { known } else { in_memory(known).map_or(known, |behind| behind.max(known)) }
    }

    /// Says what is missing; gives whether that is news. `remembered`: what is due comes live, whatever the recorder does.
    fn order(&mut self, at: Moment, rate: f64, due: Due, remembered: bool, now: Instant) -> bool {
        let (missing, hole) = (due == Due::Missing && !remembered, due == Due::Hole);
        let back = rate < 0.0;
        let key_frames = rate.abs() > ALL_PICTURES;
        let far = (AHEAD.as_micros() as f64 * rate.abs().max(1.0)) as i64;
        let known = if missing {
            at
        } else if hole {
            // What comes next is fetched when the clock is near it.
            self.next_recorded(at, back).unwrap_or(if back { Moment(i64::MIN) } else { Moment(i64::MAX) })
        } else {
            self.known_until(at, back, key_frames, now)
        };
        let known = self.cache.over_holes(known, back);
        let ahead = if back { at.since_us(known) } else { known.since_us(at) };
        self.resting = if self.resting { ahead >= far / 2 } else { ahead >= far };
        let nothing_before = back && self.cache.begins_at().is_some_and(|first| known <= first);
        // Nobody is asked for what the recorder says that it does not have.
        let probe = if back { known.plus_us(-1) } else { known };
        let beyond = self.is_outside(probe) && !missing && !hole;
        let next = if beyond { self.next_recorded(probe, back) } else { Some(known) };
        let want = next.filter(|_| !(self.resting || nothing_before)).map(|at| Want {
            at,
            back,
            key_frames,
            rate,
            urgent: missing,
        });
        let news = match (&self.want, &want) {
            (Some(a), Some(b)) => {
                a.back != b.back || a.key_frames != b.key_frames || a.urgent != b.urgent || a.at != b.at
            }
            (a, b) => a.is_some() != b.is_some(),
        };
        self.want = want;
        news
    }

    fn next_recorded(&self, at: Moment, back: bool) -> Option<Moment> {
        let Some(spans) = &self.spans else { return Some(at) };
        if back {
            spans.iter().rev().find(|span| span.from < at).map(|span| at.min(span.until))
        } else {
            spans.iter().find(|span| at < span.until).map(|span| at.max(span.from))
        }
    }
}

impl Shared {
    pub(super) fn new(came: Bell, board: Board) -> Self {
        let (board, voice) = (Arc::new(board), Arc::default());
        Self { inner: Mutex::default(), ordered: Notify::new(), came, board, voice }
    }

    /// What is to be fetched.
    pub(super) fn want(&self) -> Option<Want> {
        self.inner.lock().want
    }

    /// What comes now does not continue what came before.
    pub(super) fn begin(&self) {
        let mut inner = self.inner.lock();
        inner.cache.begin();
        (inner.fault, inner.in_line) = (None, false);
    }

    pub(super) fn take(&self, at: Moment, unit: AccessUnit, hole: bool, way: Way) {
        {
            let mut inner = self.inner.lock();
            self.board.received(&unit);
            inner.latest = Some(at);
            inner.cache.take(at, unit, hole, way);
            let (place, back) = (inner.place, inner.rate < 0.0);
            inner.cache.trim(place, back);
        }
        (self.came)();
    }

    /// What was asked for ends here, and what lies behind is another question.
    pub(super) fn end_before(&self, next: Moment) {
        self.inner.lock().cache.end_before(next);
        (self.came)();
    }

    /// The recorder has no more that way.
    pub(super) fn end(&self, back: bool) {
        {
            let mut inner = self.inner.lock();
            if back { inner.cache.begins_here() } else { inner.cache.end() }
        }
        (self.came)();
    }

    /// Nothing was recorded in this period, whatever else is known.
    pub(super) fn note_hole(&self, period: Period) {
        self.inner.lock().cache.note_hole(period);
        (self.came)();
    }

    /// Whether the picture for a moment is there.
    pub(super) fn has(&self, at: Moment) -> bool {
        self.inner.lock().cache.due(at, None) != Due::Missing
    }

    /// The key frame of a moment or the last one before, no more than `within` older, if it has been fetched.
    pub(super) fn key_frame(&self, at: Moment, within: Duration) -> Option<(Moment, AccessUnit)> {
        let inner = self.inner.lock();
        let Due::Picture { group, .. } = inner.due(at, Some(within)) else { return None };
        let (key, unit) = inner.group(group)?.units.first()?;
        Some((*key, unit.clone()))
    }

    /// What is known of a moment, where a key frame no more than `within` older is good enough.
    pub(super) fn due(&self, at: Moment, within: Duration) -> Due {
        self.inner.lock().cache.due(at, Some(within))
    }

    /// Asks for what is not there, or for nothing.
    pub(super) fn wish(&self, want: Option<Want>) {
        let mut inner = self.inner.lock();
        let news = inner.want != want;
        if let Some(want) = &want {
            inner.place = want.at;
        }
        inner.want = want;
        drop(inner);
        if news {
            self.ordered.notify_one();
        }
    }

    /// What comes from now on is told apart from what came before; it is to be of `at`.
    pub(super) fn forget_latest(&self, at: Moment) {
        let mut inner = self.inner.lock();
        (inner.latest, inner.place, inner.fault) = (None, at, None);
        inner.cache.forget_end();
    }

    /// Whether something has come since then that lies so near before `at`, or right behind it.
    pub(super) fn latest_is_near(&self, at: Moment, before: Duration) -> bool {
        let latest = self.inner.lock().latest;
        latest
            .is_some_and(|latest| latest <= at.plus(LATE) && at.since_us(latest) <= before.as_micros() as i64)
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        self.inner.lock().fault.clone()
    }

    pub(super) fn wait_in_line(&self) {
        {
            let mut inner = self.inner.lock();
            (inner.in_line, inner.fault) = (true, None);
        }
        self.board.set_state(StreamState::Waiting);
        (self.came)();
    }

    pub(super) fn fail(&self, fault: Fault, retry_at: Option<Instant>) {
        {
            let mut inner = self.inner.lock();
            (inner.fault, inner.in_line) = (Some(fault.clone()), false);
            if inner.memory.as_ref().is_some_and(|memory| memory.holds(inner.place, Instant::now())) {
                // What is shown does not come from there.
                return;
            }
            inner.shown = None;
        }
        self.board.fail(fault, retry_at);
        (self.came)();
    }
}

impl Listener for Shared {
    fn remember(&self, ring: u64, at: Moment, unit: &AccessUnit, hole: bool) {
        let wanted = {
            let now = Instant::now();
            let mut inner = self.inner.lock();
            if inner.memory.is_none() && !unit.random_access {
                return;
            }
            let (place, back) = (inner.place, inner.rate < 0.0);
            let memory = inner.memory.get_or_insert_with(|| Memory::new(ring, at, now));
            memory.take(ring, at, unit.clone(), hole, now);
            memory.trim(place, back);
            memory.holds(place, now)
        };
        if wanted {
            (self.came)();
        }
    }
}

/// The decoder's side of a reel.
pub(super) struct Pin(pub(super) Arc<Shared>);

impl decode::Sink for Pin {
    fn picture(&mut self, picture: Picture) {
        let Some(captured) = picture.captured else { return };
        {
            let mut inner = self.0.inner.lock();
            inner.in_vain = inner.in_vain.filter(|(moment, _)| *moment != Moment::from(captured));
            inner.shelf.put(Moment::from(captured), picture);
            let (place, back) = (inner.place, inner.rate < 0.0);
            inner.shelf.trim(place, back);
        }
        (self.0.came)();
    }

    fn event(&mut self, event: Event) {
        match event {
            event @ Event::Decoder { .. } => self.0.board.decoder_event(event),
            Event::Undecodable(fault) => log::warn!("recording: {fault}"),
            Event::Dropped(_) => {}
        }
    }

    fn worked(&mut self, work: Work) {
        self.0.inner.lock().done = work.key_frames + work.others;
        (self.0.came)();
    }

    fn restarted(&mut self, number: u64) {
        let mut inner = self.0.inner.lock();
        inner.done_before = inner.done;
        if inner.restarting == Some(number) {
            inner.restarting = None;
        }
    }
}
