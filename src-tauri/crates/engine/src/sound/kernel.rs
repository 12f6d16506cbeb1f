//! Samples between samples: a windowed sinc, for a loudspeaker that has more of them a second than the camera.

/// Samples on each side of the place.
pub(super) const HALF: usize = 8;
/// Places between two samples that are told apart.
const PHASES: usize = 256;

/// Weights for each phase.
pub(super) struct Kernel(Vec<[f32; 2 * HALF]>);

impl Kernel {
    /// Cuts off at the lower of both rates' halves, so that nothing is heard that was not there: `ratio` is samples of the
    /// source for one of the loudspeaker.
    pub(super) fn new(ratio: f64) -> Self {
        let cut = (1.0 / ratio.max(1e-6)).min(1.0);
        let row = |phase: usize| {
            let place = phase as f64 / PHASES as f64;
            let mut weights = [0.0_f64; 2 * HALF];
            for (at, weight) in weights.iter_mut().enumerate() {
                let x = at as f64 - (HALF as f64 - 1.0) - place;
                // Hann's window.
                let window = (1.0 + (x / HALF as f64 * std::f64::consts::PI).cos()) / 2.0;
                *weight = cut * sinc(cut * x) * if x.abs() < HALF as f64 { window } else { 0.0 };
            }
            // A constant stays what it is.
            let sum: f64 = weights.iter().sum();
            weights.map(|weight| (weight / sum) as f32)
        };
        Self((0..PHASES).map(row).collect())
    }

    /// The value `place` (0–1) behind sample `HALF − 1` of sixteen.
    pub(super) fn at(&self, samples: &[f32], place: f64) -> f32 {
        let phase = ((place * PHASES as f64) as usize).min(PHASES - 1);
        self.0[phase].iter().zip(samples).map(|(weight, sample)| weight * sample).sum()
    }
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        return 1.0;
    }
    let x = x * std::f64::consts::PI;
    x.sin() / x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_between_samples_is_the_tone() {
        let kernel = Kernel::new(8000.0 / 48_000.0);
        let tone = |at: f64| (at * 1000.0 / 8000.0 * std::f64::consts::TAU).sin();
        let samples: Vec<f32> = (0..64).map(|at| tone(f64::from(at)) as f32).collect();
        for step in 0..200 {
            let place = 10.0 + f64::from(step) * 0.173;
            let first = place as usize - (HALF - 1);
            let value = kernel.at(&samples[first..first + 2 * HALF], place.fract());
            // A phase of 256 is the place's grain.
            assert!((f64::from(value) - tone(place)).abs() < 0.01, "{place}: {value}, not {}", tone(place));
        }
    }
}
