//! A microphone's samples as the eight thousand a second that a camera's loudspeaker takes.

use std::collections::VecDeque;

/// Samples a second that come out: G.711.
const RATE: f64 = 8000.0;
/// What is kept of the voice, Hz; more would come back as other tones.
const HIGHEST: f64 = 3500.0;

/// See the module.
pub struct Thinner {
    /// Samples that come for one that goes.
    step: f64,
    taps: Vec<f32>,
    samples: VecDeque<f32>,
    place: f64,
}

impl Thinner {
    /// For a microphone with so many samples a second, 8,000 at least.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        let rate = f64::from(rate).max(RATE);
        let half = (rate / 1000.0).ceil() as i32;
        let cut = 2.0 * HIGHEST / rate;
        let weight = |at: i32| {
            let x = f64::from(at);
            let angle = std::f64::consts::PI * cut * x;
            let sinc = if at == 0 { 1.0 } else { angle.sin() / angle };
            // Hann's window.
            sinc * (1.0 + (std::f64::consts::PI * x / f64::from(half + 1)).cos()) / 2.0
        };
        let weights: Vec<f64> = (-half..=half).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let taps = weights.into_iter().map(|weight| (weight / sum) as f32).collect();
        Self { step: rate / RATE, taps, samples: VecDeque::new(), place: 0.0 }
    }

    /// Takes samples; adds what comes of them.
    pub fn take(&mut self, samples: impl IntoIterator<Item = f32>, out: &mut Vec<f32>) {
        self.samples.extend(samples);
        while self.samples.len() > self.taps.len() + self.place as usize {
            let first = self.place as usize;
            let between = self.place.fract() as f32;
            out.push(self.at(first) * (1.0 - between) + self.at(first + 1) * between);
            self.place += self.step;
            let whole = (self.place as usize).min(self.samples.len());
            self.samples.drain(..whole);
            self.place -= whole as f64;
        }
    }

    fn at(&self, first: usize) -> f32 {
        self.taps.iter().zip(self.samples.iter().skip(first)).map(|(tap, sample)| tap * sample).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thinned(rate: u32, hertz: f64) -> Vec<f32> {
        let mut thinner = Thinner::new(rate);
        let mut out = Vec::new();
        let tone = |n: u32| (f64::from(n) * hertz / f64::from(rate) * std::f64::consts::TAU).sin() as f32;
        // Microphones give pieces of any length.
        for piece in (0..rate).collect::<Vec<_>>().chunks(441) {
            thinner.take(piece.iter().map(|n| tone(*n)), &mut out);
        }
        out
    }

    fn loudness(samples: &[f32]) -> f32 {
        (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
    }

    #[test]
    fn voices_go_through_and_what_is_higher_does_not_come_back_lower() {
        for rate in [8000, 16_000, 44_100, 48_000, 96_000] {
            let voice = thinned(rate, 1000.0);
            assert!(voice.len().abs_diff(8000) < 40, "{rate}: {}", voice.len());
            let crossings = voice.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
            assert!(crossings.abs_diff(1000) < 8, "{rate}: {crossings}");
            assert!((loudness(&voice) - 0.707).abs() < 0.03, "{rate}: {}", loudness(&voice));
            if rate > 16_000 {
                // Would come back as 1 kHz.
                assert!(loudness(&thinned(rate, 7000.0)) < 0.02, "{rate}");
            }
        }
    }
}
