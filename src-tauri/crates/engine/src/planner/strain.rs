//! What this machine can decode: less than it has while something else keeps it busy.

use std::time::Duration;

/// Of the units that came, this share was dropped as late: the decoders don't keep up.
const OVERLOADED: f64 = 0.02;
/// For so long, so that one hiccup of the system changes nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Until the new plan has had its effect, the next look says nothing new.
const EFFECT: Duration = Duration::from_secs(3);
/// Of what decoding got while it was late, so much is planned with: streams come back from their key frames at once.
const BELOW: f64 = 0.85;
/// Of the machine, regained each minute.
const RECOVERY_PER_MINUTE: f64 = 0.1;
/// Never less than this share of the machine: key frames of a wall.
const LEAST_SHARE: f64 = 0.05;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Strain {
    whole: f64,
    cores: f64,
    late_for: Duration,
    settling: Duration,
}

impl Strain {
    /// With so many cores for decoding when nothing else runs.
    pub(super) fn new(whole: f64) -> Self {
        Self { whole, cores: whole, late_for: Duration::ZERO, settling: Duration::ZERO }
    }

    /// Cores that may be planned with.
    pub(super) fn cores(&self) -> f64 {
        self.cores
    }

    /// Cores when nothing else runs.
    pub(super) fn whole(&self) -> f64 {
        self.whole
    }

    /// Whether it is less than the machine has.
    pub(super) fn is_lowered(&self) -> bool {
        self.cores < self.whole
    }

    /// Over `elapsed`, of so many units so many were dropped as late, while decoding took `used` cores.
    pub(super) fn observe(&mut self, received: u64, late: u64, used: f64, elapsed: Duration) {
        self.settling = self.settling.saturating_sub(elapsed);
        if late as f64 <= received as f64 * OVERLOADED {
            self.late_for = Duration::ZERO;
            let regained = self.whole * RECOVERY_PER_MINUTE * elapsed.as_secs_f64() / 60.0;
            self.cores = (self.cores + regained).min(self.whole);
            return;
        }
        self.late_for += elapsed;
        if self.late_for >= PATIENCE && self.settling.is_zero() {
            let possible = self.cores.min(used) * BELOW;
            self.cores = possible.max(self.whole * LEAST_SHARE);
            (self.late_for, self.settling) = (Duration::ZERO, EFFECT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Duration = Duration::from_millis(500);

    #[test]
    fn late_decoders_lower_it_step_by_step_and_time_brings_it_back() {
        let mut strain = Strain::new(1.3);
        strain.observe(500, 100, 0.8, HALF);
        assert!(!strain.is_lowered(), "once is nothing");
        strain.observe(500, 100, 0.8, HALF);
        assert!((strain.cores() - 0.68).abs() < 1e-9);
        for _ in 0..5 {
            strain.observe(500, 100, 0.6, HALF);
        }
        assert!((strain.cores() - 0.68).abs() < 1e-9, "the plan has its time to take effect");
        strain.observe(500, 100, 0.6, HALF);
        assert!((strain.cores() - 0.51).abs() < 1e-9);
        for _ in 0..2 * 60 * 8 {
            strain.observe(500, 5, 0.5, HALF);
        }
        assert!(!strain.is_lowered(), "one in a hundred late is no overload");
    }

    #[test]
    fn a_machine_without_time_still_shows_key_frames() {
        let mut strain = Strain::new(2.0);
        for _ in 0..1000 {
            strain.observe(500, 500, 0.0, HALF);
        }
        assert!((strain.cores() - 0.1).abs() < 1e-9);
    }
}
