//! What was decided before, and how long ago; the caller brings the time.

use std::time::Duration;

use super::decision::{Choice, Decision, Reason};

/// Between two plans: [`History::pass`] the time, say who was [`History::touched`], plan, [`History::record`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    cameras: Vec<Option<Past>>,
}

/// What is known of a camera that was shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Past {
    pub(super) choice: Choice,
    /// Since the choice changed.
    since: Duration,
    touched: bool,
}

impl Past {
    /// How much longer the choice is held; `None`: it may change.
    pub(super) fn hold(&self) -> Option<Duration> {
        let left = History::HOLD.checked_sub(self.since).filter(|left| !left.is_zero());
        left.filter(|_| !self.touched)
    }

    /// Whether a person or an alarm has asked for something here since the last plan.
    pub(super) fn touched(&self) -> bool {
        self.touched
    }
}

impl History {
    /// A changed choice stays at least this long unless somebody acts or a limit forbids it.
    pub const HOLD: Duration = Duration::from_secs(5);

    /// Time has passed since the last call.
    pub fn pass(&mut self, elapsed: Duration) {
        for past in self.cameras.iter_mut().flatten() {
            past.since = past.since.saturating_add(elapsed);
        }
    }

    /// A person (or an alarm) did something with this camera: enlarged, selected, resized it. Holds for the next plan.
    pub fn touched(&mut self, camera: usize) {
        if let Some(Some(past)) = self.cameras.get_mut(camera) {
            past.touched = true;
        }
    }

    /// The decision is being carried out.
    pub fn record(&mut self, decision: &Decision) {
        self.cameras.resize(decision.cameras.len(), None);
        for (slot, verdict) in self.cameras.iter_mut().zip(&decision.cameras) {
            let choice = verdict.choice;
            *slot = match *slot {
                // A camera that comes into sight opens at once; what it was before it was hidden does not hold it.
                _ if verdict.reason == Reason::Hidden => None,
                Some(past) if past.choice == choice => Some(Past { touched: false, ..past }),
                _ => Some(Past { choice, since: Duration::ZERO, touched: false }),
            };
        }
    }

    /// `None`: it was not shown.
    pub(super) fn of(&self, camera: usize) -> Option<Past> {
        self.cameras.get(camera).copied().flatten()
    }
}
