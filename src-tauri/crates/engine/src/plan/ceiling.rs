//! What a recorder or a line really carries: the declared limit, corrected by what is seen.

use std::time::Duration;

/// Learns one limit in Mb/s. Falls at once when the device refuses or the line does not keep up, and comes back slowly,
/// so that the same refusal is not provoked again every minute.
#[derive(Clone, Debug, PartialEq)]
pub struct Ceiling {
    declared: Option<f64>,
    learned: Option<Learned>,
    short: Short,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Learned {
    mbps: f64,
    /// Where it goes back to: what is declared, else what was open when it was first found too much.
    top: f64,
}

/// An uninterrupted time in which less came than was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Short {
    lasted: Duration,
    megabits: f64,
}

impl Ceiling {
    /// Of the sum at which a device refused, this is taken for its limit.
    const BELOW_REFUSAL: f64 = 0.95;
    /// A line that brings less than this share of what is sent is full.
    const FULL_BELOW: f64 = 0.85;
    /// For this long, so that a single lost second teaches nothing.
    const FULL_FOR: Duration = Duration::from_secs(5);
    /// Of the way's top, regained each minute.
    const RECOVERY_PER_MINUTE: f64 = 0.05;
    /// Nothing lower is learned: a sub stream or two must still get through to find out that the line is well again.
    const LOWEST_SHARE: f64 = 0.05;

    /// A limit as declared in Mb/s; `None`: not declared.
    #[must_use]
    pub fn new(declared: Option<f64>) -> Self {
        Self { declared, learned: None, short: Short::default() }
    }

    /// Mb/s that may be used; `None`: not known to be limited.
    #[must_use]
    pub fn mbps(&self) -> Option<f64> {
        self.learned.map(|learned| learned.mbps).or(self.declared)
    }

    /// The device answered 453 or 503 when the streams open and the one asked for made `sum` Mb/s.
    pub fn refused(&mut self, sum: f64) {
        self.lower(sum * Self::BELOW_REFUSAL, sum);
    }

    /// Over `elapsed`, streams of `nominal` Mb/s brought `received` Mb/s. Nothing at all is an outage, which says
    /// nothing of how much the line carries.
    pub fn observed(&mut self, nominal: f64, received: f64, elapsed: Duration) {
        if received <= 0.0 || received >= nominal * Self::FULL_BELOW {
            self.short = Short::default();
            return;
        }
        self.short.lasted += elapsed;
        self.short.megabits += received * elapsed.as_secs_f64();
        if self.short.lasted >= Self::FULL_FOR {
            let mean = self.short.megabits / self.short.lasted.as_secs_f64();
            self.short = Short::default();
            self.lower(mean, nominal);
        }
    }

    /// Time has passed.
    pub fn recover(&mut self, elapsed: Duration) {
        let Some(learned) = &mut self.learned else { return };
        learned.mbps += learned.top * Self::RECOVERY_PER_MINUTE * elapsed.as_secs_f64() / 60.0;
        if learned.mbps >= learned.top {
            self.learned = None;
        }
    }

    /// `tried` Mb/s were too much, `to` seems to be possible.
    fn lower(&mut self, to: f64, tried: f64) {
        let top = self.declared.or(self.learned.map(|learned| learned.top)).unwrap_or(tried);
        let to = to.max(top * Self::LOWEST_SHARE);
        if self.mbps().is_none_or(|now| to < now) {
            self.learned = Some(Learned { mbps: to, top });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn close(ceiling: &Ceiling, mbps: f64) -> bool {
        ceiling.mbps().is_some_and(|now| (now - mbps).abs() < 1e-9)
    }

    #[test]
    fn a_refusal_lowers_it_and_minutes_bring_it_back_to_what_is_declared() {
        let mut ceiling = Ceiling::new(Some(20.0));
        ceiling.refused(16.0);
        assert!(close(&ceiling, 15.2), "{ceiling:?}");
        ceiling.refused(18.0);
        assert!(close(&ceiling, 15.2), "a refusal at more says nothing new: {ceiling:?}");
        for _ in 0..60 {
            ceiling.recover(SECOND);
        }
        assert!(close(&ceiling, 16.2), "5 % of 20 in a minute: {ceiling:?}");
        ceiling.recover(SECOND * 3600);
        assert_eq!(ceiling.mbps(), Some(20.0));
    }

    #[test]
    fn a_full_line_is_believed_after_five_seconds_in_a_row() {
        let mut ceiling = Ceiling::new(Some(20.0));
        for _ in 0..4 {
            ceiling.observed(10.0, 6.0, SECOND);
        }
        ceiling.observed(10.0, 8.6, SECOND);
        for _ in 0..4 {
            ceiling.observed(10.0, 6.0, SECOND);
        }
        assert_eq!(ceiling.mbps(), Some(20.0));
        ceiling.observed(10.0, 7.0, SECOND);
        assert!(close(&ceiling, 6.2), "the mean of the five seconds: {ceiling:?}");
    }

    #[test]
    fn an_outage_is_no_narrow_line_and_a_trickle_leaves_room_to_try() {
        let mut ceiling = Ceiling::new(Some(20.0));
        ceiling.observed(10.0, 0.0, SECOND * 60);
        assert_eq!(ceiling.mbps(), Some(20.0));
        ceiling.observed(10.0, 0.01, SECOND * 60);
        assert!(close(&ceiling, 1.0), "{ceiling:?}");
    }

    #[test]
    fn what_is_not_declared_is_learned_and_forgotten() {
        let mut ceiling = Ceiling::new(None);
        assert_eq!(ceiling.mbps(), None);
        ceiling.refused(10.0);
        assert!(close(&ceiling, 9.5), "{ceiling:?}");
        ceiling.refused(8.0);
        assert!(close(&ceiling, 7.6), "{ceiling:?}");
        ceiling.recover(SECOND * 60 * 4);
        assert!(close(&ceiling, 9.6), "5 % of the 10 that it came from: {ceiling:?}");
        ceiling.recover(SECOND * 60);
        assert_eq!(ceiling.mbps(), None);
    }
}
