//! Decoded samples that wait for their time.

use std::collections::VecDeque;

use super::kernel::{HALF, Kernel};

/// The most that waits, seconds: a camera that sends faster than time passes is not heard ever later.
const MOST: f64 = 3.0;
/// What is missing between two packets is filled with silence up to this, seconds; more is another beginning.
const LONGEST_HOLE: f64 = 0.5;
/// More than this beyond what is to wait is skipped at once, seconds.
const TOO_MUCH: f64 = 0.4;
/// How much faster or slower it may play: a hundredth is not heard as another pitch.
const BEND: f64 = 0.01;
/// How quickly the measured wait follows, a call.
const CALM: f64 = 0.05;
/// Samples over which silence begins and ends.
const FADE: f32 = 64.0;

/// See the module.
pub(super) struct Buffer {
    samples: VecDeque<f32>,
    /// Samples a second of what waits.
    rate: u32,
    /// When the sample behind the last one is due, by the stream's own time, seconds.
    next: Option<f64>,
    /// The place of what is heard next, in samples behind the first, 0–1.
    place: f64,
    playing: bool,
    /// What waits, smoothed, seconds.
    waits: f64,
    kernel: Option<(f64, Kernel)>,
    /// 0 in silence, 1 in sound.
    gain: f32,
    /// The last value before silence began.
    last: f32,
}

impl Buffer {
    pub(super) fn new() -> Self {
        Self {
            samples: VecDeque::new(),
            rate: 8000,
            next: None,
            place: 0.0,
            playing: false,
            waits: 0.0,
            kernel: None,
            gain: 0.0,
            last: 0.0,
        }
    }

    /// Samples that begin at `at`, in seconds of the stream's own time.
    pub(super) fn put(&mut self, at: f64, samples: &[f32], rate: u32) {
        let seconds = |count: usize| count as f64 / f64::from(rate.max(1));
        if self.rate != rate {
            *self = Self { gain: self.gain, last: self.last, rate: rate.max(1), ..Self::new() };
        }
        let hole = self.next.map_or(0.0, |next| at - next);
        if hole < -0.001 && hole > -LONGEST_HOLE {
            // Once more, or late: its place has been filled already.
            return;
        }
        if hole.abs() > LONGEST_HOLE {
            self.samples.clear();
            self.playing = false;
        } else {
            let missing = (hole * f64::from(rate)).round().max(0.0) as usize;
            self.samples.extend(std::iter::repeat_n(0.0, missing));
        }
        self.samples.extend(samples);
        self.next = Some(at + seconds(samples.len()));
        let most = (MOST * f64::from(rate)) as usize;
        if self.samples.len() > most {
            self.samples.drain(..self.samples.len() - most);
        }
    }

    /// What waits is of another place: silence, softly, and then another beginning.
    pub(super) fn cut(&mut self) {
        self.samples.clear();
        (self.next, self.playing) = (None, false);
    }

    /// When the sample behind the last one is due, by the stream's own time, seconds.
    pub(super) fn ends(&self) -> Option<f64> {
        self.next
    }

    fn waiting(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.rate)
    }

    /// The next samples for a loudspeaker with `rate` a second, `wait` seconds after they came.
    pub(super) fn fill(&mut self, out: &mut [f32], rate: u32, wait: f64) {
        let spare = 2.0 * HALF as f64 / f64::from(self.rate);
        if !self.playing {
            if self.waiting() < wait + spare {
                return self.silence(out);
            }
            self.playing = true;
            self.skip_to(wait + spare);
        }
        self.waits += (self.waiting() - self.waits) * CALM;
        if self.waiting() > wait + TOO_MUCH {
            self.skip_to(wait + spare);
            self.gain = 0.0;
        }
        let off = (self.waits - wait - spare) / wait.max(0.1);
        let ratio = f64::from(self.rate) / f64::from(rate.max(1));
        let step = ratio * (1.0 + (off * 0.02).clamp(-BEND, BEND));
        if self.kernel.as_ref().is_none_or(|(of, _)| *of != ratio) {
            self.kernel = Some((ratio, Kernel::new(ratio)));
        }
        for at in 0..out.len() {
            if self.samples.len() < 2 * HALF {
                self.playing = false;
                return self.silence(&mut out[at..]);
            }
            out[at] = self.next_sample();
            self.place += step;
            let whole = self.place as usize;
            self.place -= whole as f64;
            self.samples.drain(..whole.min(self.samples.len()));
        }
    }

    /// Leaves out the oldest, so that no more than this waits.
    fn skip_to(&mut self, wait: f64) {
        let skip = ((self.waiting() - wait) * f64::from(self.rate)).max(0.0) as usize;
        self.samples.drain(..skip.min(self.samples.len()));
        self.waits = self.waiting();
    }

    fn next_sample(&mut self) -> f32 {
        let mut around = [0.0; 2 * HALF];
        around.iter_mut().zip(&self.samples).for_each(|(to, from)| *to = *from);
        let value = self.kernel.as_ref().map_or(0.0, |(_, kernel)| kernel.at(&around, self.place));
        self.gain = (self.gain + 1.0 / FADE).min(1.0);
        self.last = value * self.gain;
        self.last
    }

    /// Fades out what was heard.
    fn silence(&mut self, out: &mut [f32]) {
        for sample in out {
            self.last *= 1.0 - 4.0 / FADE;
            if self.last.abs() < 1e-4 {
                self.last = 0.0;
            }
            *sample = self.last;
        }
        self.gain = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN: u32 = 8000;
    const OUT: u32 = 48_000;

    fn tone(n: usize) -> f32 {
        (n as f64 * 440.0 / f64::from(IN) * std::f64::consts::TAU).sin() as f32 * 0.5
    }

    /// Twenty milliseconds of the tone, the `n`th packet.
    fn put(buffer: &mut Buffer, n: usize) {
        let samples: Vec<f32> = (n * 160..(n + 1) * 160).map(tone).collect();
        buffer.put(n as f64 * 0.02, &samples, IN);
    }

    fn take(buffer: &mut Buffer, samples: usize) -> Vec<f32> {
        let mut out = vec![0.0; samples];
        buffer.fill(&mut out, OUT, 0.1);
        out
    }

    /// Times that a tone crosses zero upwards, a second.
    fn pitch(samples: &[f32]) -> f64 {
        let crossings = samples.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        crossings as f64 * f64::from(OUT) / samples.len() as f64
    }

    /// The largest step from one sample to the next: a click is a large one.
    fn roughest(samples: &[f32]) -> f32 {
        samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_tone_comes_out_as_it_went_in_without_a_click() {
        let mut buffer = Buffer::new();
        let mut heard = Vec::new();
        for n in 0..200 {
            put(&mut buffer, n);
            heard.extend(take(&mut buffer, 960));
        }
        let tone = &heard[48_000..];
        assert!((pitch(tone) - 440.0).abs() < 5.0, "{}", pitch(tone));
        // 440 Hz of half the height turn by 0.029 a sample at most.
        assert!(roughest(&heard) < 0.04, "{}", roughest(&heard));
        let loudest = tone.iter().fold(0.0, |most: f32, sample| most.max(*sample));
        assert!((loudest - 0.5).abs() < 0.02, "{loudest}");
    }

    #[test]
    fn clocks_that_differ_make_it_wait_neither_longer_nor_shorter() {
        // The loudspeaker takes a thousandth more or less than the camera gives.
        for more in [-1_i32, 1] {
            let mut buffer = Buffer::new();
            let mut owed = 0.0;
            let mut heard = Vec::new();
            for n in 0..6000 {
                put(&mut buffer, n);
                owed += 960.0 * (1.0 + f64::from(more) / 1000.0);
                heard.extend(take(&mut buffer, owed as usize));
                owed -= owed.floor();
            }
            let late = &heard[heard.len() / 2..];
            assert!((0.05..0.2).contains(&buffer.waiting()), "{more}: {}", buffer.waiting());
            assert!(roughest(late) < 0.04, "{more}: {}", roughest(late));
            assert!((pitch(late) - 440.0).abs() < 5.0);
        }
    }

    #[test]
    fn a_hole_is_silence_and_a_burst_is_not_heard_ever_later() {
        let mut buffer = Buffer::new();
        for n in 0..50 {
            put(&mut buffer, n);
            take(&mut buffer, 960);
        }
        // Ten packets are lost; what comes behind them keeps its place.
        let before = buffer.waiting();
        put(&mut buffer, 60);
        assert!((buffer.waiting() - before - 0.22).abs() < 0.001);
        put(&mut buffer, 55);
        assert!((buffer.waiting() - before - 0.22).abs() < 0.001, "late ones have no place any more");
        // Two seconds at once.
        for n in 61..161 {
            put(&mut buffer, n);
        }
        take(&mut buffer, 960);
        assert!(buffer.waiting() < 0.2, "{}", buffer.waiting());
        // Another beginning.
        put(&mut buffer, 10_000);
        assert!(buffer.waiting() < 0.03);
    }

    #[test]
    fn without_sound_it_fades_into_silence_and_begins_again_softly() {
        let mut buffer = Buffer::new();
        let mut heard = Vec::new();
        for n in 0..30 {
            put(&mut buffer, n);
            heard.extend(take(&mut buffer, 960));
        }
        heard.extend(take(&mut buffer, 48_000));
        assert_eq!(heard.last(), Some(&0.0));
        for n in 30..60 {
            put(&mut buffer, n);
            heard.extend(take(&mut buffer, 960));
        }
        assert!(roughest(&heard) < 0.06, "{}", roughest(&heard));
    }
}
