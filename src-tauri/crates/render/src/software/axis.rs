//! Filter weights of one direction of a resampling, computed once for each pair of sizes.
//!
//! The filter is a triangle as wide as two source samples per output sample when shrinking (every source sample
//! counts, so fine patterns fade to their mean and do not shimmer), and linear interpolation when enlarging; where a
//! person has zoomed in, a Catmull-Rom spline, which leaves edges sharper.

use std::collections::HashMap;
use std::sync::Arc;

/// Output samples that one 256-bit step computes: two lanes of four.
const OUTPUTS: usize = 16;
/// Bytes that a row must have behind its last sample, so that kernels may load whole registers.
pub(crate) const ROW_PADDING: usize = 32;

/// What is resampled in one direction: `from..to` of `samples` source samples to `len` output samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    /// Samples that exist; none outside are read.
    pub samples: usize,
    /// Where the first output sample begins; source sample `i` reaches from `i` to `i + 1`.
    pub from: f64,
    /// Where the last output sample ends.
    pub to: f64,
    /// Output samples.
    pub len: usize,
    /// The last output sample first.
    pub reversed: bool,
    /// A spline where it enlarges.
    pub sharp: bool,
}

impl Span {
    /// Source samples for one output sample.
    fn step(self) -> f64 {
        (self.to - self.from) / self.len as f64
    }

    fn is_cubic(self) -> bool {
        self.sharp && self.step() < 1.0
    }
}

/// One direction's weights: output `i` is the sum of `taps` samples from `first[i]` on.
pub(crate) struct Axis {
    /// Weights an output sample has; those of short ones are filled with zeros.
    pub taps: usize,
    /// Each output's first source sample; `first + taps` never exceeds the samples by more than the padding.
    pub first: Vec<usize>,
    /// `taps` weights an output sample, of a sum of 65,536; 1.0 is cut to 65,535.
    pub fine: Vec<u16>,
    /// The same in signed 14-bit steps, the sum is exactly 16,384; `coarse_taps` an output sample.
    pub coarse: Vec<i16>,
    /// Some weights are below 0: `fine` cannot say them, and sums may leave the range of samples.
    pub cubic: bool,
    /// `taps`, rounded up to whole registers.
    pub coarse_taps: usize,
    /// The source samples that are read: from the first to behind the last.
    pub reach: (usize, usize),
    /// For kernels with a byte shuffle; `None` where two taps of 4 outputs lie more than 16 source bytes apart.
    pub shuffles: Option<Shuffles>,
}

/// One step of the shuffle kernel: for 8 outputs in two lanes, brings 2 taps each to 16-bit places and weighs them.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// Where the two lanes are loaded from; counted from the first sample that is read.
    pub starts: [u32; 2],
    /// Byte numbers for each lane's shuffle; 0x80 gives zero.
    pub bytes: [u8; 32],
    /// Weights, 14 bit.
    pub weights: [i16; 16],
}

/// The plan of the shuffle kernel, 16 outputs a block: the first register has outputs 0–3 and 8–11, the second 4–7
/// and 12–15, so that packing both gives them in order.
pub(crate) struct Shuffles {
    /// Steps of one register.
    pub pairs: usize,
    /// All taps of a lane lie within 16 bytes: its bytes are loaded for the first step and serve all of them.
    pub shared: bool,
    /// `2 × pairs` steps a block.
    pub steps: Vec<Step>,
}

impl Axis {
    fn new(span: Span) -> Self {
        let weights: Vec<(usize, Vec<f64>)> = (0..span.len)
            .map(|i| if span.is_cubic() { catmull_rom(span, i) } else { triangle(span, i) })
            .collect();
        let taps = weights.iter().map(|(_, w)| w.len()).max().unwrap_or(1);
        let coarse_taps = taps.next_multiple_of(8);
        let mut axis = Self {
            taps,
            first: Vec::with_capacity(span.len),
            fine: Vec::with_capacity(span.len * taps),
            coarse: Vec::with_capacity(span.len * coarse_taps),
            cubic: span.is_cubic(),
            coarse_taps,
            reach: (0, 0),
            shuffles: None,
        };
        for (first, weights) in &weights {
            // Moved left where the padding zeros would otherwise reach beyond the samples.
            let start = (*first).min(span.samples.saturating_sub(taps));
            let lead = first - start;
            axis.first.push(start);
            let fine = whole_parts(weights, 65_536);
            axis.fine.extend((0..taps).map(|k| part(&fine, k, lead).clamp(0, 65_535) as u16));
            let coarse = whole_parts(weights, 16_384);
            axis.coarse.extend((0..coarse_taps).map(|k| part(&coarse, k, lead) as i16));
        }
        let ends = (axis.first.iter().min(), axis.first.iter().max());
        if let (Some(&first), Some(&last)) = ends {
            axis.reach = (first, last + taps);
        }
        axis.shuffles = Shuffles::new(&axis);
        axis
    }
}

fn part(parts: &[i32], k: usize, lead: usize) -> i32 {
    k.checked_sub(lead).and_then(|k| parts.get(k)).copied().unwrap_or(0)
}

/// The first source sample and the weights of output `i`, of a sum of 1: Keys (1981), a = -1/2. What would lie outside
/// counts for the sample at the edge.
fn catmull_rom(span: Span, i: usize) -> (usize, Vec<f64>) {
    let i = if span.reversed { span.len - 1 - i } else { i };
    let centre = (span.from + (i as f64 + 0.5) * span.step()).clamp(0.0, span.samples as f64) - 0.5;
    let last = span.samples.saturating_sub(1) as i64;
    let base = centre.floor() as i64;
    let low = (base - 1).clamp(0, last);
    let mut weights = vec![0.0; ((base + 2).clamp(0, last) - low) as usize + 1];
    for sample in base - 1..=base + 2 {
        weights[(sample.clamp(0, last) - low) as usize] += spline(sample as f64 - centre);
    }
    (low as usize, weights)
}

/// The spline's weight at this distance from the sample.
fn spline(distance: f64) -> f64 {
    let d = distance.abs();
    match d {
        _ if d < 1.0 => (1.5 * d - 2.5) * d * d + 1.0,
        _ if d < 2.0 => ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0,
        _ => 0.0,
    }
}

/// The first source sample and the weights of output `i`, of a sum of 1.
fn triangle(span: Span, i: usize) -> (usize, Vec<f64>) {
    let i = if span.reversed { span.len - 1 - i } else { i };
    let step = span.step();
    let centre = span.from + (i as f64 + 0.5) * step;
    let radius = step.max(1.0);
    let last = span.samples.saturating_sub(1);
    let low = ((centre - radius + 0.5).floor().max(0.0) as usize).min(last);
    let high = ((centre + radius - 0.5).ceil().max(0.0) as usize).min(last);
    let weight = |j: usize| (1.0 - (j as f64 + 0.5 - centre).abs() / radius).max(0.0);
    let mut weights: Vec<f64> = (low..=high).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    if sum <= 1e-9 {
        // Beyond the edge: the nearest sample.
        let nearest = (centre.max(0.0) as usize).clamp(low, high);
        weights.iter_mut().enumerate().for_each(|(k, w)| *w = if low + k == nearest { 1.0 } else { 0.0 });
    } else {
        weights.iter_mut().for_each(|w| *w /= sum);
    }
    let leading = weights.iter().take_while(|&&w| w == 0.0).count();
    weights.drain(..leading);
    weights.truncate(weights.iter().rposition(|&w| w > 0.0).map_or(1, |last| last + 1));
    (low + leading, weights)
}

/// Whole numbers of exactly this sum, each as near as can be: the rounding error is carried on to the next.
fn whole_parts(weights: &[f64], sum: i32) -> Vec<i32> {
    let (mut exact, mut given) = (0.0, 0);
    let mut parts: Vec<i32> = Vec::with_capacity(weights.len());
    for weight in weights {
        exact += weight * f64::from(sum);
        let part = exact.round() as i32 - given;
        given += part;
        parts.push(part);
    }
    parts
}

impl Shuffles {
    /// Enlarging and shrinking to a quarter; what shrinks more has few outputs, which are summed one by one.
    pub(crate) const MOST_PAIRS: usize = 5;

    fn new(axis: &Axis) -> Option<Self> {
        let pairs = axis.taps.div_ceil(2);
        if pairs > Self::MOST_PAIRS {
            return None;
        }
        let last = axis.first.len().checked_sub(1)?;
        let lanes = (0..axis.first.len().div_ceil(4)).map(|lane| {
            let outputs = &axis.first[lane * 4..(lane * 4 + 4).min(axis.first.len())];
            (outputs.iter().copied().min().unwrap_or(0), outputs.iter().copied().max().unwrap_or(0))
        });
        let lanes: Vec<(usize, usize)> = lanes.collect();
        let shared = lanes.iter().all(|(low, high)| high + 2 * pairs - low <= 16);
        if !shared && lanes.iter().any(|(low, high)| high + 2 - low > 16) {
            return None;
        }
        let mut steps = Vec::new();
        for block in 0..axis.first.len().div_ceil(OUTPUTS) {
            for register in 0..2 {
                for pair in 0..pairs {
                    // Behind the last output the last one is repeated.
                    let lane = |n: usize| (block * 4 + n * 2 + register).min(last / 4);
                    let begin = |n: usize| lanes[lane(n)].0 + if shared { 0 } else { pair * 2 };
                    let starts = [begin(0), begin(1)];
                    let place = |n: usize| ((lane(n / 4) * 4 + n % 4).min(last), starts[n / 4]);
                    steps.push(Self::step(axis, pair, starts, place));
                }
            }
        }
        Some(Self { pairs, shared, steps })
    }

    /// `place(n)`: which output the `n`th of the register's 8 is, and where its lane is loaded from.
    fn step(axis: &Axis, pair: usize, lanes: [usize; 2], place: impl Fn(usize) -> (usize, usize)) -> Step {
        let starts = lanes.map(|start| (start - axis.reach.0) as u32);
        let mut step = Step { starts, bytes: [0x80; 32], weights: [0; 16] };
        for n in 0..8 {
            let (output, start) = place(n);
            for k in 0..2 {
                let tap = pair * 2 + k;
                if tap < axis.taps {
                    step.bytes[n * 4 + k * 2] = (axis.first[output] + tap - start) as u8;
                    step.weights[n * 2 + k] = axis.coarse[output * axis.coarse_taps + tap];
                }
            }
        }
        step
    }
}

/// Samples, from, to, outputs, reversed, cubic.
type Key = (usize, u64, u64, usize, bool, bool);

/// Weights by what they are for. A wall has a handful: its tiles come in two widths and its cameras in a few sizes.
#[derive(Default)]
pub(crate) struct Axes {
    known: HashMap<Key, Arc<Axis>>,
}

impl Axes {
    /// More than any wall needs; while a window is being dragged to another size, new ones come all the time.
    const MOST: usize = 512;

    pub(crate) fn get(&mut self, span: Span) -> Arc<Axis> {
        let key =
            (span.samples, span.from.to_bits(), span.to.to_bits(), span.len, span.reversed, span.is_cubic());
        if self.known.len() >= Self::MOST && !self.known.contains_key(&key) {
            self.known.clear();
        }
        self.known.entry(key).or_insert_with(|| Arc::new(Axis::new(span))).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(samples: usize, len: usize) -> Axis {
        Axis::new(Span { samples, from: 0.0, to: samples as f64, len, reversed: false, sharp: false })
    }

    #[test]
    fn weights_sum_to_one_and_stay_inside() {
        for (samples, len) in
            [(640, 238), (1920, 638), (1920, 1), (1, 50), (3, 7), (320, 320), (2, 1), (100, 99)]
        {
            let axis = axis(samples, len);
            for i in 0..len {
                let coarse = &axis.coarse[i * axis.coarse_taps..][..axis.coarse_taps];
                assert_eq!(
                    coarse.iter().map(|&w| i32::from(w)).sum::<i32>(),
                    16_384,
                    "{samples}->{len} at {i}"
                );
                let fine: u32 = axis.fine[i * axis.taps..][..axis.taps].iter().map(|&w| u32::from(w)).sum();
                assert!((65_535..=65_536).contains(&fine));
                assert!(axis.first[i] + axis.taps <= samples.max(axis.taps));
            }
        }
    }

    #[test]
    fn a_spline_leaves_even_areas_even_and_goes_through_the_samples() {
        for (from, to, len) in
            [(0.0, 40.0, 320), (3.3, 17.9, 333), (-0.4, 5.0, 100), (35.0, 40.4, 64), (7.0, 7.2, 50)]
        {
            let axis = Axis::new(Span { samples: 40, from, to, len, reversed: false, sharp: true });
            assert!(axis.cubic && axis.taps <= 4 && axis.shuffles.is_some());
            for i in 0..len {
                let weights = &axis.coarse[i * axis.coarse_taps..][..axis.coarse_taps];
                assert_eq!(weights.iter().map(|&w| i32::from(w)).sum::<i32>(), 16_384, "{from}..{to} at {i}");
                assert!(axis.first[i] + axis.taps <= 40);
            }
        }
        // Output 4 of 9 stands exactly on sample 20.
        let axis =
            Axis::new(Span { samples: 40, from: 20.0, to: 21.0, len: 9, reversed: false, sharp: true });
        let weights = &axis.coarse[4 * axis.coarse_taps..][..axis.taps];
        let at = 20 - axis.first[4];
        assert!(
            weights.iter().enumerate().all(|(k, &w)| w == if k == at { 16_384 } else { 0 }),
            "{weights:?}"
        );
        let shrinking =
            Axis::new(Span { samples: 40, from: 0.0, to: 40.0, len: 20, reversed: false, sharp: true });
        assert!(!shrinking.cubic, "a spline of four samples would leave samples out");
    }

    #[test]
    fn equal_sizes_copy() {
        let axis = axis(64, 64);
        assert_eq!(axis.taps, 1);
        assert!(axis.first.iter().copied().eq(0..64));
    }

    #[test]
    fn every_source_sample_counts_the_same_when_shrinking() {
        let axis = axis(640, 160);
        let mut seen = vec![0_u32; 640];
        for i in 0..160 {
            for k in 0..axis.taps {
                seen[axis.first[i] + k] += u32::from(axis.fine[i * axis.taps + k]);
            }
        }
        assert!(seen[8..632].iter().all(|&w| w.abs_diff(65_536 / 4) < 64), "{seen:?}");
    }

    #[test]
    fn shuffles_serve_the_common_ratios() {
        let shared = |samples, len| axis(samples, len).shuffles.map(|shuffles| shuffles.shared);
        assert_eq!(shared(640, 238), Some(true));
        assert_eq!(shared(320, 238), Some(true));
        assert_eq!(shared(1920, 638), Some(false));
        assert_eq!(shared(1920, 240), None);
    }
}
