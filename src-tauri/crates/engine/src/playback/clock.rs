//! The one clock that all players of an incident run by.

use std::time::Instant;

use model::{Moment, Period};

/// The slowest and the fastest, in either direction.
pub const SLOWEST: f64 = 1.0 / 16.0;
/// See [`SLOWEST`].
pub const FASTEST: f64 = 16.0;

/// Where playback stands. A pure value: moments of this machine's clock are handed in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// The place at `since`.
    at: Moment,
    since: Instant,
    /// Seconds of recording a second; negative: backwards. 0 while it is paused.
    rate: f64,
    /// What it goes on with after a pause.
    chosen: f64,
    /// Held because pictures are missing; not a pause that somebody asked for.
    held: bool,
    repeat: Option<Period>,
}

impl Clock {
    /// Paused at a place.
    #[must_use]
    pub fn paused_at(at: Moment, now: Instant) -> Self {
        Self { at, since: now, rate: 0.0, chosen: 1.0, held: false, repeat: None }
    }

    /// The place at `now`.
    #[must_use]
    pub fn position(&self, now: Instant) -> Moment {
        if self.held {
            return self.at;
        }
        let seconds = now.saturating_duration_since(self.since).as_secs_f64();
        self.within(self.at.plus_us((seconds * self.rate * 1e6) as i64))
    }

    /// A place outside of what is repeated is its place inside, as often as that went round.
    fn within(&self, at: Moment) -> Moment {
        let Some(repeat) = self.repeat.filter(|repeat| !repeat.length().is_zero()) else { return at };
        let length = repeat.until.since_us(repeat.from);
        let past = at.since_us(repeat.from);
        if self.rate == 0.0 || (0..length).contains(&past) {
            return at;
        }
        repeat.from.plus_us(past.rem_euclid(length))
    }

    /// Seconds of recording a second; 0 while it is paused.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The speed that was chosen last, also while it is paused.
    #[must_use]
    pub fn chosen(&self) -> f64 {
        self.chosen
    }

    /// Whether it waits for pictures.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// What it goes round in.
    #[must_use]
    pub fn repeat(&self) -> Option<Period> {
        self.repeat
    }

    /// Plays at this speed from where it stands.
    pub fn play(&mut self, rate: f64, now: Instant) {
        let size = if rate.is_finite() { rate.abs().clamp(SLOWEST, FASTEST) } else { 1.0 };
        self.settle(now);
        self.rate = size.copysign(rate);
        self.chosen = self.rate;
    }

    /// Stands still.
    pub fn pause(&mut self, now: Instant) {
        self.settle(now);
        self.rate = 0.0;
        self.held = false;
    }

    /// Goes to another place, and on from there as before.
    pub fn seek(&mut self, at: Moment, now: Instant) {
        (self.at, self.since) = (at, now);
    }

    /// Goes round in a period, or no longer.
    pub fn set_repeat(&mut self, repeat: Option<Period>, now: Instant) {
        self.settle(now);
        self.repeat = repeat;
    }

    /// Waits, or goes on.
    pub fn hold(&mut self, held: bool, now: Instant) {
        if held != self.held {
            self.settle(now);
            self.held = held && self.rate != 0.0;
        }
    }

    fn settle(&mut self, now: Instant) {
        (self.at, self.since) = (self.position(now), now);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_runs_at_its_speed_in_both_directions_and_stands_still() {
        let start = Instant::now();
        let mut clock = Clock::paused_at(Moment(10_000_000), start);
        assert_eq!(clock.position(start + 9 * SECOND), Moment(10_000_000));
        clock.play(4.0, start);
        assert_eq!(clock.position(start + SECOND), Moment(14_000_000));
        clock.play(-0.5, start + SECOND);
        assert_eq!(clock.position(start + 3 * SECOND), Moment(13_000_000));
        clock.pause(start + 3 * SECOND);
        assert_eq!(clock.position(start + 99 * SECOND), Moment(13_000_000));
        assert_eq!((clock.rate(), clock.chosen()), (0.0, -0.5));
        clock.seek(Moment(5), start + 99 * SECOND);
        assert_eq!(clock.position(start + 100 * SECOND), Moment(5));
    }

    #[test]
    fn speeds_stay_within_what_is_offered() {
        let now = Instant::now();
        let mut clock = Clock::paused_at(Moment(0), now);
        for (asked, got) in [(99.0, 16.0), (-99.0, -16.0), (0.001, 1.0 / 16.0), (f64::NAN, 1.0)] {
            clock.play(asked, now);
            assert_eq!(clock.rate(), got);
        }
    }

    #[test]
    fn while_it_is_held_no_time_passes() {
        let start = Instant::now();
        let mut clock = Clock::paused_at(Moment(0), start);
        clock.play(1.0, start);
        clock.hold(true, start + SECOND);
        assert_eq!(clock.position(start + 5 * SECOND), Moment(1_000_000));
        clock.hold(false, start + 5 * SECOND);
        assert_eq!(clock.position(start + 6 * SECOND), Moment(2_000_000));
        clock.pause(start + 6 * SECOND);
        clock.hold(true, start + 6 * SECOND);
        assert!(!clock.is_held(), "a pause waits for nothing");
    }

    #[test]
    fn a_repeated_period_goes_round_in_both_directions() {
        let start = Instant::now();
        let mut clock = Clock::paused_at(Moment(1_000_000), start);
        clock.set_repeat(Some(Period::between(Moment(0), Moment(3_000_000))), start);
        clock.play(1.0, start);
        assert_eq!(clock.position(start + 7 * SECOND), Moment(2_000_000));
        clock.play(-1.0, start + 7 * SECOND);
        assert_eq!(clock.position(start + 10 * SECOND), Moment(2_000_000));
    }
}
