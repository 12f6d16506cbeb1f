//! What a recorder holds, and when that was.
//!
//! Recorders keep time by their own clocks, which are wrong by seconds or minutes, and some speak of local time. All of
//! that is put right where it enters the program: a [`Moment`] is true time.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment of true time: microseconds since 1970-01-01T00:00:00Z, without leap seconds. Good for ±292,000 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// From milliseconds since 1970.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms.saturating_mul(1000))
    }

    /// Whole milliseconds since 1970.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Later by `us` microseconds; earlier where that is negative.
    #[must_use]
    pub const fn plus_us(self, us: i64) -> Self {
        Self(self.0.saturating_add(us))
    }

    /// Later by so much.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        self.plus_us(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
    }

    /// Earlier by so much.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        self.plus_us(-i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
    }

    /// Microseconds from `earlier` to this.
    #[must_use]
    pub const fn since_us(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let us = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(us(after)),
            Err(before) => Self(-us(before.duration())),
        }
    }
}

impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        let size = Duration::from_micros(moment.0.unsigned_abs());
        // Beyond what the system can say there is no recording.
        let found = if moment.0 >= 0 { UNIX_EPOCH.checked_add(size) } else { UNIX_EPOCH.checked_sub(size) };
        found.unwrap_or(UNIX_EPOCH)
    }
}

/// From one moment up to, but without, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Period {
    /// The first moment.
    pub from: Moment,
    /// The first moment that no longer belongs to it; not before `from`.
    pub until: Moment,
}

impl Period {
    /// From the earlier to the later of the two.
    #[must_use]
    pub fn between(a: Moment, b: Moment) -> Self {
        Self { from: a.min(b), until: a.max(b) }
    }

    /// Whether the moment belongs to it.
    #[must_use]
    pub fn holds(self, moment: Moment) -> bool {
        self.from <= moment && moment < self.until
    }

    /// So many microseconds later; negative: earlier. As a clock shows it that is ahead by so much.
    #[must_use]
    pub fn plus_us(self, us: i64) -> Self {
        Self { from: self.from.plus_us(us), until: self.until.plus_us(us) }
    }

    /// What both have, if that is more than nothing.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let (from, until) = (self.from.max(other.from), self.until.min(other.until));
        (from < until).then_some(Self { from, until })
    }

    /// What both have and what lies between them.
    #[must_use]
    pub fn around(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), until: self.until.max(other.until) }
    }

    /// What of it none of the others has, in order.
    #[must_use]
    pub fn without(self, others: &[Self]) -> Vec<Self> {
        let mut others = others.to_vec();
        others.sort_unstable();
        let (mut from, mut left) = (self.from, Vec::new());
        for other in others.into_iter().filter(|other| other.common(self).is_some()) {
            if other.from > from {
                left.push(Self { from, until: other.from });
            }
            from = from.max(other.until);
        }
        if self.until > from {
            left.push(Self { from, until: self.until });
        }
        left
    }

    /// Many as few: in order, those that touch as one.
    #[must_use]
    pub fn joined(mut periods: Vec<Self>) -> Vec<Self> {
        periods.sort_unstable();
        let mut joined: Vec<Self> = Vec::new();
        for period in periods {
            match joined.last_mut() {
                Some(last) if period.from <= last.until => last.until = last.until.max(period.until),
                _ => joined.push(period),
            }
        }
        joined
    }

    /// How long.
    #[must_use]
    pub fn length(self) -> Duration {
        Duration::from_micros(self.until.since_us(self.from).max(0).unsigned_abs())
    }
}

impl fmt::Display for Moment {
    /// Microseconds since 1970, for logs; people are shown a time of day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} µs", self.0)
    }
}

/// Why something was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RecordedFor {
    /// It always is.
    Continuous,
    /// Something moved.
    Motion,
    /// Another event: an alarm, tampering, what the device calls analysis.
    Event,
    /// Somebody asked for it.
    Manual,
}

/// A stretch of recording without a hole. What lies between two is a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Recorded {
    /// When, in true time.
    pub period: Period,
    /// Why.
    pub why: RecordedFor,
    /// Which of several recordings of the same time this is (SUNAPI's overlap id): after a recorder's clock was put back, it
    /// has an hour twice. 0 for the usual one.
    pub overlap: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_and_after_1970_are_the_systems() {
        for us in [0, 1, -1, 1_626_400_923_000_000, -62_135_596_800_000_000] {
            assert_eq!(Moment::from(SystemTime::from(Moment(us))), Moment(us));
        }
        assert_eq!(Moment(-1).ms(), -1);
        assert_eq!(
            Moment::from_ms(5).plus(Duration::from_millis(2)).minus(Duration::from_millis(7)),
            Moment(0)
        );
    }

    #[test]
    fn periods_have_a_beginning_and_no_end() {
        let hour = Period::between(Moment(20), Moment(10));
        assert!(hour.holds(Moment(10)) && !hour.holds(Moment(20)));
        assert_eq!(
            hour.common(Period::between(Moment(15), Moment(90))),
            Some(Period::between(Moment(15), Moment(20)))
        );
        assert_eq!(hour.common(Period::between(Moment(20), Moment(90))), None);
        assert_eq!(hour.length(), Duration::from_micros(10));
    }

    #[test]
    fn periods_are_joined_where_they_touch_and_taken_from_another() {
        let period = |from, until| Period { from: Moment(from), until: Moment(until) };
        let many = vec![period(50, 60), period(0, 100), period(100, 110), period(120, 130)];
        assert_eq!(Period::joined(many.clone()), [period(0, 110), period(120, 130)]);
        assert_eq!(period(-5, 140).without(&many), [period(-5, 0), period(110, 120), period(130, 140)]);
        assert_eq!(period(10, 90).without(&many), []);
        assert_eq!(period(10, 90).without(&[]), [period(10, 90)]);
    }
}
