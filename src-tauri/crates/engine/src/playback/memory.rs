//! What a reel is given of the live stream beside what its recorder holds: the last half minute, and what comes.

use std::time::{Duration, Instant};

use model::{AccessUnit, Moment};

use super::cache::{Cache, Due, Group, Way};

/// Half a minute of a main stream.
const MAX_BYTES: usize = 24 << 20;
/// A live stream that has sent nothing for so long has ended, or stands still; what lies behind is asked of the recorder.
const SILENT: Duration = Duration::from_secs(2);
/// Another stream of the same camera goes on where this one has stopped for so long.
const REPLACED: i64 = 1_000_000;

/// Pictures come so much later than others that are shown behind them.
const REORDERED: i64 = 500_000;

/// See the module.
#[derive(Debug)]
pub(super) struct Memory {
    cache: Cache,
    /// The stream that is remembered now.
    ring: u64,
    last: Moment,
    fed: Instant,
}

impl Memory {
    /// Begins with a key frame.
    pub(super) fn new(ring: u64, at: Moment, now: Instant) -> Self {
        Self { cache: Cache::default(), ring, last: at, fed: now }
    }

    /// Takes a picture of a stream; of two of the same camera, those of one.
    pub(super) fn take(&mut self, ring: u64, at: Moment, unit: AccessUnit, hole: bool, now: Instant) {
        if ring != self.ring {
            let goes_on = unit.random_access && at.since_us(self.last) >= REPLACED;
            if !goes_on {
                return;
            }
            self.ring = ring;
        }
        self.cache.take(at, unit, hole, Way::Forward);
        (self.last, self.fed) = (self.last.max(at), now);
    }

    /// Whether this is the stream whose pictures are taken, so that its sound belongs to them.
    pub(super) fn follows(&self, ring: u64) -> bool {
        ring == self.ring
    }

    /// Lets go of what is farthest from a place that is remembered, else of the oldest.
    pub(super) fn trim(&mut self, place: Moment, back: bool) {
        let (place, back) =
            if self.begins() <= place && place <= self.last { (place, back) } else { (self.last, false) };
        self.cache.trim_to(MAX_BYTES, place, back);
    }

    fn begins(&self) -> Moment {
        self.cache.first().unwrap_or(Moment(i64::MAX))
    }

    fn is_fed(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.fed) < SILENT
    }

    /// Whether a moment lies within it; what is to come of a stream that goes on does.
    pub(super) fn holds(&self, at: Moment, now: Instant) -> bool {
        self.begins() <= at && (at <= self.last || self.is_fed(now))
    }

    /// What is to be shown at a moment; `None`: nobody here knows.
    pub(super) fn due(&self, at: Moment, coarse: Option<Duration>, now: Instant) -> Option<Due> {
        if !self.holds(at, now) {
            return None;
        }
        match self.cache.due(at, coarse) {
            picture @ Due::Picture { .. } => Some(picture),
            // It has not come yet.
            Due::Missing if at.plus_us(REORDERED) >= self.last => Some(Due::Missing),
            Due::Missing | Due::Hole => None,
        }
    }

    /// The group with this key frame.
    pub(super) fn group(&self, key: Moment) -> Option<&Group> {
        self.cache.group(key)
    }

    /// The group that goes on with this one.
    pub(super) fn before(&self, key: Moment) -> Option<Moment> {
        self.cache.before(key)
    }

    /// The picture behind or before one that is remembered.
    pub(super) fn neighbour(&self, at: Moment, back: bool, now: Instant) -> Option<Moment> {
        if self.holds(at, now) { self.cache.neighbour(at, back) } else { None }
    }

    /// The next remembered moment, or the last before.
    pub(super) fn nearest(&self, at: Moment, back: bool) -> Option<Moment> {
        let begins = self.cache.first()?;
        if back {
            (begins <= at).then(|| at.min(self.last))
        } else {
            (at <= self.last).then(|| at.max(begins))
        }
    }

    /// From a remembered moment on all is there up to this one without a question to anybody: for ever, where the stream
    /// goes on.
    pub(super) fn known_until(&self, at: Moment, back: bool, now: Instant) -> Moment {
        let known = self.cache.known_until(at, back);
        if !back && known >= self.last && self.is_fed(now) { Moment(i64::MAX) } else { known }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{seconds, unit};
    use super::*;

    /// Ten pictures a second in groups of two seconds, of 10 s.
    fn remembered(now: Instant) -> Memory {
        let mut memory = Memory::new(1, seconds(100.0), now);
        for n in 0..100 {
            memory.take(1, seconds(100.0 + f64::from(n) / 10.0), unit(n % 20 == 0), false, now);
        }
        memory
    }

    #[test]
    fn what_has_come_is_there_and_what_is_to_come_is_waited_for_while_the_stream_goes_on() {
        let now = Instant::now();
        let memory = remembered(now);
        let at = seconds(104.05);
        assert_eq!(
            memory.due(at, None, now),
            Some(Due::Picture { group: seconds(104.0), at: seconds(104.0) })
        );
        assert_eq!(memory.known_until(at, false, now), Moment(i64::MAX));
        assert_eq!(memory.known_until(at, true, now), seconds(100.0));
        assert_eq!(memory.due(seconds(110.5), None, now), Some(Due::Missing), "the newest is waited for");
        assert_eq!(memory.due(seconds(99.0), None, now), None, "before it, the recorder is asked");
        // The stream is closed.
        let later = now + SILENT;
        assert_eq!(memory.due(seconds(110.5), None, later), None);
        assert_eq!(memory.known_until(at, false, later), seconds(109.9));
        assert!(memory.holds(at, later));
    }

    #[test]
    fn another_stream_of_the_camera_goes_on_where_the_first_stops() {
        let now = Instant::now();
        let mut memory = remembered(now);
        // Both are open for a moment.
        memory.take(2, seconds(109.95), unit(true), false, now);
        memory.take(2, seconds(111.0), unit(false), false, now);
        assert_eq!(memory.last, seconds(109.9));
        memory.take(2, seconds(112.0), unit(true), false, now);
        memory.take(2, seconds(112.1), unit(false), false, now);
        memory.take(1, seconds(112.2), unit(false), false, now);
        assert_eq!((memory.last, memory.ring), (seconds(112.1), 2));
        let due = memory.due(seconds(112.05), None, now);
        assert_eq!(due, Some(Due::Picture { group: seconds(112.0), at: seconds(112.0) }));
    }
}
