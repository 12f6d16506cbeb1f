//! What each recorder sends and each site's line carries: declared, learned, taken by others.

use std::time::{Duration, Instant};

use model::Id;

use crate::plan::Ceiling;

/// What is received is judged over so long: key frames come in bursts, several streams' together now and then.
const LOOK: Duration = Duration::from_secs(2);

/// A recorder or a site's line.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) id: Id,
    pub(super) declared: Option<f64>,
    /// What all clients together may take.
    ceiling: Ceiling,
    /// Mb/s that other clients take.
    others: f64,
    /// Mb/s received lately.
    pub(super) received: f64,
    look: Look,
}

/// What has come since the look began.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    lasted: Duration,
    megabits: f64,
    /// What the streams that were open send, times seconds.
    nominal: f64,
    strained: bool,
}

impl Link {
    pub(super) fn new(id: Id, declared: Option<f64>) -> Self {
        Self {
            id,
            declared,
            ceiling: Ceiling::new(declared),
            others: 0.0,
            received: 0.0,
            look: Look::default(),
        }
    }

    /// Other clients take so many Mb/s; what is no number is taken for nothing.
    pub(super) fn set_others(&mut self, mbps: f64) {
        self.others = if mbps.is_finite() { mbps.max(0.0) } else { 0.0 };
    }

    /// Mb/s that this client may take.
    pub(super) fn free(&self) -> Option<f64> {
        self.ceiling.mbps().map(|mbps| (mbps - self.others).max(0.0))
    }

    /// Mb/s that all may take, and whether that is less than declared because it was found so.
    pub(super) fn limit(&self) -> Option<(f64, bool)> {
        let mbps = self.ceiling.mbps()?;
        Some((mbps, self.declared != Some(mbps)))
    }

    pub(super) fn others(&self) -> f64 {
        self.others
    }

    /// The device refused a stream when ours and that one would have made `sum` Mb/s.
    pub(super) fn refused(&mut self, sum: f64) {
        self.ceiling.refused(sum + self.others);
    }

    /// Over `elapsed`, streams that send `nominal` Mb/s brought so many megabits; `strained`: some of them late or
    /// with losses. Only then does too little say anything of the line: cameras send less when nothing moves.
    pub(super) fn observe(&mut self, nominal: f64, megabits: f64, strained: bool, elapsed: Duration) {
        self.ceiling.recover(elapsed);
        let seconds = elapsed.as_secs_f64();
        self.look.lasted += elapsed;
        self.look.megabits += megabits;
        self.look.nominal += nominal * seconds;
        self.look.strained |= strained;
        if self.look.lasted < LOOK {
            return;
        }
        let Look { lasted, megabits, nominal, strained } = std::mem::take(&mut self.look);
        let seconds = lasted.as_secs_f64();
        let (nominal, received) = (nominal / seconds, megabits / seconds);
        self.received = received;
        let believed = if strained { received } else { nominal };
        // What others take goes over the same line.
        self.ceiling.observed(nominal + self.others, believed + self.others, lasted);
    }
}

/// Looks at all links at even paces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace(Option<Instant>);

impl Pace {
    /// The time since the last call; `None` at the first.
    pub(super) fn elapsed(&mut self, now: Instant) -> Option<Duration> {
        self.0.replace(now).map(|before| now.saturating_duration_since(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn link() -> Link {
        Link::new(Id::new("r").unwrap(), Some(20.0))
    }

    #[test]
    fn a_calm_night_is_no_full_line() {
        let mut link = link();
        for _ in 0..60 {
            link.observe(16.0, 6.0, false, SECOND);
        }
        assert_eq!(link.limit(), Some((20.0, false)));
        assert!((link.received - 6.0).abs() < 1e-9);
    }

    #[test]
    fn a_line_that_lags_is_learned_and_recovers() {
        let mut link = link();
        for _ in 0..8 {
            link.observe(16.0, 10.0, true, SECOND);
        }
        let (limit, learned) = link.limit().unwrap();
        assert!(learned && (9.9..10.5).contains(&limit), "{limit}");
        for _ in 0..20 * 60 {
            link.observe(9.0, 9.0, false, SECOND);
        }
        assert_eq!(link.limit(), Some((20.0, false)));
    }

    #[test]
    fn others_take_their_part_of_what_is_there() {
        let mut link = link();
        link.set_others(12.5);
        assert_eq!((link.free(), link.limit()), (Some(7.5), Some((20.0, false))));
        link.refused(4.0);
        let (limit, learned) = link.limit().unwrap();
        assert!(learned && (limit - 16.5 * 0.95).abs() < 1e-9, "{limit}");
        link.set_others(f64::NAN);
        assert_eq!(link.others(), 0.0);
    }
}
