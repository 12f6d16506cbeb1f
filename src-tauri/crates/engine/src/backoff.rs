//! How long to wait before trying again.

use std::time::Duration;

use rand::Rng;

/// Exponential pauses with full jitter: after a power cut, the 16 cameras of a recorder must not come back in the
/// same second.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    const FIRST: Duration = Duration::from_secs(1);
    /// A site that returns after an hour is on the wall again within 10 s; the gate keeps a recorder's channels from
    /// asking one by one.
    const LONGEST: Duration = Duration::from_secs(8);
    /// Never at once: a 500 ms retry has been seen to get clients blocked.
    const SHORTEST: Duration = Duration::from_millis(600);

    /// The pause after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        let ceiling = Self::FIRST.saturating_mul(1 << self.failures.min(5)).min(Self::LONGEST);
        self.failures += 1;
        Self::SHORTEST + rand::rng().random_range(Duration::ZERO..=ceiling)
    }

    /// It worked for long enough to begin anew.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// A pause of at least `least`, up to a third longer, so that those who wait for the same limit don't return at once.
pub(crate) fn at_least(least: Duration) -> Duration {
    least + rand::rng().random_range(Duration::ZERO..=least / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_stay_spread_and_end() {
        let mut longest_first = Duration::ZERO;
        let mut longest_late = Duration::ZERO;
        for _ in 0..500 {
            let mut backoff = Backoff::default();
            longest_first = longest_first.max(backoff.next());
            for _ in 0..10 {
                backoff.next();
            }
            let late = backoff.next();
            assert!(late >= Backoff::SHORTEST && late <= Backoff::SHORTEST + Backoff::LONGEST);
            longest_late = longest_late.max(late);
        }
        assert!(longest_first <= Backoff::SHORTEST + Backoff::FIRST);
        assert!(longest_late > Duration::from_secs(6), "500 draws over 8 s reach {longest_late:?} at most");
    }
}
