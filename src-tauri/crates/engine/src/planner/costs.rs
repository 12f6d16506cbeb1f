//! What decoding a picture takes of this machine: learned stream by stream, kept by kind of stream.

use std::collections::HashMap;
use std::time::Duration;

use model::{Codec, Size};

/// Cores that decoding takes for each picture point a second, before anything has been measured: FFmpeg on one core of
/// 2020 or later, H.265 at camera bit rates.
const CORES_PER_POINT: f64 = 2.6e-9;
/// What a picture costs beside its points, in points: small pictures are dearer by the point.
const POINTS_PER_PICTURE: f64 = 130_000.0;
/// Pictures after which the older ones have faded: a few minutes of a stream, or seconds of a wall.
const MEMORY: f64 = 3000.0;
/// What is known of all kinds counts as much as this many pictures of the kind itself.
const PRIOR: f64 = 100.0;
/// No machine is cheaper or dearer than expected by more; what says so is a mistake.
const BOUNDS: (f64, f64) = (0.02, 20.0);

/// Streams that cost alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Class {
    codec: Codec,
    /// Doublings of the picture's points.
    size: u32,
    on_gpu: bool,
    key_frames: bool,
}

impl Class {
    pub(super) fn new(codec: Codec, size: Size, on_gpu: bool, key_frames: bool) -> Self {
        let points = u64::from(size.width) * u64::from(size.height);
        Self { codec, size: points.max(1).ilog2(), on_gpu, key_frames }
    }
}

/// How much dearer than expected, and from how many pictures that is known.
#[derive(Clone, Copy, Debug)]
struct Factor {
    dearer: f64,
    pictures: f64,
}

impl Factor {
    const UNKNOWN: Self = Self { dearer: 1.0, pictures: 0.0 };

    fn learn(&mut self, dearer: f64, pictures: f64) {
        let known = self.pictures.min(MEMORY);
        self.dearer = (self.dearer * known + dearer * pictures) / (known + pictures);
        self.pictures = known + pictures;
    }
}

/// Costs of all kinds of streams.
#[derive(Clone, Debug)]
pub(super) struct Costs {
    /// Of whatever is decoded on the processor: what stands for a kind that was never seen.
    processor: Factor,
    classes: HashMap<Class, Factor>,
}

impl Costs {
    pub(super) fn new() -> Self {
        Self { processor: Factor::UNKNOWN, classes: HashMap::new() }
    }

    /// So many pictures of this class and size took so much processor time.
    pub(super) fn learn(&mut self, class: Class, size: Size, pictures: u64, time: Duration) {
        if pictures == 0 {
            return;
        }
        let pictures = pictures as f64;
        let dearer = time.as_secs_f64() / pictures / expected(size);
        let dearer = dearer.clamp(BOUNDS.0, BOUNDS.1);
        self.classes.entry(class).or_insert(Factor::UNKNOWN).learn(dearer, pictures);
        if !class.on_gpu {
            self.processor.learn(dearer, pictures);
        }
    }

    /// Processor seconds that a picture takes; `class` is `None` for a stream whose codec is not known yet.
    pub(super) fn picture(&self, class: Option<Class>, size: Size) -> f64 {
        let known = class.and_then(|class| self.classes.get(&class)).unwrap_or(&Factor::UNKNOWN);
        // A picture from the graphics processor is brought back, which has nothing to do with decoding it here.
        let prior = if class.is_some_and(|class| class.on_gpu) { 1.0 } else { self.processor.dearer };
        let dearer = (known.dearer * known.pictures + prior * PRIOR) / (known.pictures + PRIOR);
        expected(size) * dearer
    }
}

/// Processor seconds of a picture before anything is known.
fn expected(size: Size) -> f64 {
    (f64::from(size.width) * f64::from(size.height) + POINTS_PER_PICTURE) * CORES_PER_POINT
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL_HD: Size = Size::new(1920, 1080);
    const SUB: Size = Size::new(640, 360);

    fn class(size: Size, on_gpu: bool) -> Class {
        Class::new(Codec::H265, size, on_gpu, false)
    }

    fn milliseconds(costs: &Costs, class: Option<Class>, size: Size) -> f64 {
        costs.picture(class, size) * 1e3
    }

    #[test]
    fn a_kind_is_known_after_a_few_hundred_pictures() {
        let mut costs = Costs::new();
        costs.learn(class(FULL_HD, false), FULL_HD, 1000, Duration::from_secs(12));
        let main = milliseconds(&costs, Some(class(FULL_HD, false)), FULL_HD);
        assert!((11.0..12.1).contains(&main), "{main} of 12 ms");
    }

    #[test]
    fn a_machine_that_is_slow_with_one_kind_is_expected_to_be_with_another() {
        let mut costs = Costs::new();
        let before = milliseconds(&costs, Some(class(SUB, false)), SUB);
        costs.learn(class(FULL_HD, false), FULL_HD, 1000, Duration::from_secs(12));
        let after = milliseconds(&costs, Some(class(SUB, false)), SUB);
        assert!((after / before - 12.0 / 5.73).abs() < 0.1, "{before} → {after}");
        let unknown = milliseconds(&costs, None, SUB);
        assert!((unknown - after).abs() < 1e-9);
    }

    #[test]
    fn what_the_graphics_processor_leaves_over_says_nothing_of_the_processor() {
        let mut costs = Costs::new();
        let before = milliseconds(&costs, Some(class(FULL_HD, false)), FULL_HD);
        costs.learn(class(FULL_HD, true), FULL_HD, 1000, Duration::from_millis(500));
        assert!((milliseconds(&costs, Some(class(FULL_HD, false)), FULL_HD) - before).abs() < 1e-9);
        assert!(milliseconds(&costs, Some(class(FULL_HD, true)), FULL_HD) < before / 4.0);
    }

    #[test]
    fn an_absurd_measurement_moves_little() {
        let mut costs = Costs::new();
        costs.learn(class(SUB, false), SUB, 1, Duration::from_secs(3600));
        assert!(milliseconds(&costs, Some(class(SUB, false)), SUB) < 25.0);
        costs.learn(class(SUB, false), SUB, 0, Duration::from_secs(1));
    }
}
