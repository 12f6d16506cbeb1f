//! How far a stream's pictures have fallen behind on their way here: the sign of a line that is full.

use std::time::{Duration, Instant};

/// Timestamps count in these parts of a second (RFC 3551 §5, video).
const TICKS_PER_SECOND: i64 = 90_000;
/// Clocks differ by up to this much, in millionths; what drifts so slowly is no lag.
const DRIFT_PER_MILLION: u128 = 500;

/// Compares when pictures were taken with when they arrive. The fastest way that a picture has taken is the measure; who
/// takes longer has waited somewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lag {
    session: Option<Session>,
    now: Duration,
}

#[derive(Clone, Debug)]
struct Session {
    begun: Instant,
    /// The timestamp of its first unit.
    first: i64,
    /// Of the fastest picture, in microseconds against the first one; and when it came.
    fastest: i128,
    at: Instant,
}

impl Lag {
    /// A new session counts from anew.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    /// A unit with this timestamp (90 kHz) has arrived.
    pub(crate) fn arrived(&mut self, timestamp: i64, received: Instant) {
        let session = self.session.get_or_insert(Session {
            begun: received,
            first: timestamp,
            fastest: 0,
            at: received,
        });
        let taken = i128::from(timestamp - session.first) * 1_000_000 / i128::from(TICKS_PER_SECOND);
        let way = received.saturating_duration_since(session.begun).as_micros() as i128 - taken;
        let passed = received.saturating_duration_since(session.at).as_micros();
        session.fastest += (passed * DRIFT_PER_MILLION / 1_000_000) as i128;
        session.at = received;
        session.fastest = session.fastest.min(way);
        self.now = Duration::from_micros(u64::try_from(way - session.fastest).unwrap_or_default());
    }

    /// Of the newest unit.
    pub(crate) fn now(&self) -> Duration {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrive(lag: &mut Lag, start: Instant, taken_ms: i64, received_ms: u64) -> Duration {
        lag.arrived(taken_ms * TICKS_PER_SECOND / 1000, start + Duration::from_millis(received_ms));
        lag.now()
    }

    #[test]
    fn who_comes_later_than_the_fastest_lags() {
        let (mut lag, start) = (Lag::default(), Instant::now());
        assert_eq!(arrive(&mut lag, start, 0, 300), Duration::ZERO);
        assert_eq!(arrive(&mut lag, start, 1000, 1000), Duration::ZERO, "a burst at the beginning");
        let late = arrive(&mut lag, start, 2000, 3500);
        assert!((1498..=1500).contains(&late.as_millis()), "{late:?}");
        assert_eq!(arrive(&mut lag, start, 5000, 5000), Duration::ZERO, "it has caught up");
    }

    #[test]
    fn a_camera_whose_clock_is_slow_does_not_lag() {
        let (mut lag, start) = (Lag::default(), Instant::now());
        let day = 86_400_000_u64;
        let worst = (0..day / 60_000).map(|minute| {
            let now = minute * 60_000;
            arrive(&mut lag, start, (now - now / 10_000) as i64, now)
        });
        assert!(worst.max().unwrap() < Duration::from_millis(50), "100 millionths");
    }
}
