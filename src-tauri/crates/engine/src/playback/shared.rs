//! What a reel, its fetcher and its decoder share: what has come, what is decoded, what is lacking.

use std::sync::Arc;
use std::time::{Duration, Instant};

use decode::{Event, Work};
use model::{AccessUnit, Fault, Moment, Period, Picture, SoundPacket, StreamState};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::cache::{Cache, Due, Group, Way};
use super::copies::Copies;
use super::feed::{Feed, Target};
use super::memory::Memory;
use super::reel::Standing;
use super::shelf::Shelf;
use crate::board::Board;
use crate::ring::Listener;
use crate::sound::{Origin, Voice};
use crate::source::Bell;

/// Faster than this, key frames are shown alone.
pub(super) const ALL_PICTURES: f64 = 2.0;
/// So much of the recording is fetched ahead before fetching rests, times the speed; it begins again at half of it.
const AHEAD: Duration = Duration::from_secs(6);
/// And so much while it stands still: nearly always somebody goes on to another place.
const AHEAD_STANDING: Duration = Duration::from_secs(2);
/// A picture that is late by less than this is shown instead of stopping the clock.
pub(super) const LATE: Duration = Duration::from_millis(400);

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
    pub(super) inner: Mutex<Inner>,
    /// Wakes the fetcher.
    pub(super) ordered: Notify,
    /// Wakes the player: something has come.
    pub(super) came: Bell,
    /// What walls see.
    pub(super) board: Arc<Board>,
    /// What is heard.
    pub(super) voice: Arc<Voice>,
    /// What is kept on this machine; the camera's small pictures have the same.
    pub(super) copies: Stock,
}

/// What is kept of a camera on this machine, as it is known by now.
pub(super) type Stock = Arc<Mutex<Arc<Copies>>>;

#[derive(Default)]
pub(super) struct Inner {
    pub(super) cache: Cache,
    /// What came live a moment ago.
    pub(super) memory: Option<Memory>,
    pub(super) shelf: Shelf,
    /// What the recorder says that it holds; `None` while it has not been asked.
    pub(super) listed: Option<Vec<Period>>,
    /// That, and what is kept on this machine, in order; `None` while the recorder has not been asked.
    pub(super) spans: Option<Vec<Period>>,
    pub(super) place: Moment,
    pub(super) rate: f64,
    pub(super) want: Option<Want>,
    pub(super) resting: bool,
    /// Where the decoder is.
    pub(super) feed: Option<Feed>,
    /// Units that the decoder was given since it began anew, and has dealt with.
    pub(super) sent: u64,
    pub(super) done_before: u64,
    pub(super) done: u64,
    /// The number of the reset that the decoder has not come to yet: what it does until then is of what was before.
    pub(super) restarting: Option<u64>,
    /// The newest that has come since it was last forgotten.
    pub(super) latest: Option<Moment>,
    /// What was decoded twice in vain.
    pub(super) in_vain: Option<(Moment, u8)>,
    pub(super) shown: Option<(Moment, Picture)>,
    pub(super) sequence: u64,
    pub(super) in_line: bool,
    pub(super) fault: Option<Fault>,
    /// How it stood when it was last looked at, and since when.
    pub(super) standing: Option<(Standing, Instant)>,
}

impl Inner {
    /// Units that the decoder was given since it began anew, and has not dealt with.
    pub(super) fn waiting(&self) -> u64 {
        let done = if self.restarting.is_some() { 0 } else { self.done.saturating_sub(self.done_before) };
        self.sent.saturating_sub(done)
    }

    fn is_outside(&self, at: Moment) -> bool {
        self.spans.as_ref().is_some_and(|spans| !spans.iter().any(|span| span.holds(at)))
    }

    /// What the recorder is known to have of a moment.
    pub(super) fn recorded(&self, at: Moment, coarse: Option<Duration>) -> Due {
        if self.is_outside(at) { Due::Hole } else { self.cache.due(at, coarse) }
    }

    /// What there is of a moment, of what came live first.
    pub(super) fn due(&self, at: Moment, coarse: Option<Duration>) -> Due {
        let remembered = self.memory.as_ref().and_then(|memory| memory.due(at, coarse, Instant::now()));
        remembered.unwrap_or_else(|| self.cache.due(at, coarse))
    }

    /// Whose pictures are shown at a moment.
    pub(super) fn origin(&self, at: Moment, now: Instant) -> Origin {
        let remembered = self.memory.as_ref().and_then(|memory| memory.due(at, None, now));
        if remembered.is_some() { Origin::Remembered } else { Origin::Recorded }
    }

    pub(super) fn group(&self, key: Moment) -> Option<&Group> {
        let remembered = self.memory.as_ref().and_then(|memory| memory.group(key));
        remembered.or_else(|| self.cache.group(key))
    }

    /// Where a picture stands, and where a decoder has to begin for it; `None`: that is not there.
    pub(super) fn target(&self, group: Moment, exact: Moment) -> Option<Target> {
        let index = self.group(group)?.units.iter().position(|(at, _)| *at == exact)?;
        let from = if exact < group { self.before(group)? } else { group };
        Some(Target { group, index, from })
    }

    /// The group that goes on with this one.
    fn before(&self, key: Moment) -> Option<Moment> {
        let remembered = self.memory.as_ref().and_then(|memory| memory.before(key));
        remembered.or_else(|| self.cache.before(key))
    }

    /// From a moment that is there on, all is there up to this one; forward, what came live goes on behind what was recorded.
    pub(super) fn known_until(&self, at: Moment, back: bool, key_frames: bool, now: Instant) -> Moment {
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
    pub(super) fn order(&mut self, at: Moment, rate: f64, due: Due, remembered: bool, now: Instant) -> bool {
        let (missing, hole) = (due == Due::Missing && !remembered, due == Due::Hole);
        let back = rate < 0.0;
        let key_frames = rate.abs() > ALL_PICTURES;
        let reach = if rate == 0.0 { AHEAD_STANDING } else { AHEAD };
        let far = (reach.as_micros() as f64 * rate.abs().max(1.0)) as i64;
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
    pub(super) fn new(came: Bell, board: Board, copies: Stock) -> Self {
        let (board, voice) = (Arc::new(board), Arc::default());
        Self { inner: Mutex::default(), ordered: Notify::new(), came, board, voice, copies }
    }

    /// What the recorder holds, as far as it has said so.
    pub(super) fn set_listed(&self, listed: Option<Vec<Period>>) {
        let kept = self.copies.lock().periods();
        let mut inner = self.inner.lock();
        inner.listed = listed;
        inner.spans = inner.listed.as_ref().map(|listed| Period::joined([&**listed, &*kept].concat()));
        drop(inner);
        (self.came)();
    }

    /// What is kept on this machine.
    pub(super) fn set_copies(&self, copies: Arc<Copies>) {
        let nothing_new = copies.is_empty();
        let before = std::mem::replace(&mut *self.copies.lock(), copies);
        if nothing_new && before.is_empty() {
            // Nobody's question is worth repeating for that.
            return;
        }
        let listed = {
            let mut inner = self.inner.lock();
            inner.fault = None;
            inner.listed.clone()
        };
        self.set_listed(listed);
        self.ordered.notify_one();
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

    fn hear(&self, ring: u64, at: Moment, packet: &SoundPacket) {
        let follows = self.inner.lock().memory.as_ref().is_some_and(|memory| memory.follows(ring));
        if follows {
            self.voice.take(Origin::Remembered, at, packet.data.clone(), &packet.format);
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
