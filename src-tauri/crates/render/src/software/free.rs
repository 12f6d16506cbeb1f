//! Pictures whose rows do not stay rows: rotated ones, and those that are corrected for their lens. Each pixel of the wall
//! is looked up in the planes, with the filter that `shaders/tile.wgsl` has for a view.
//!
//! This is several times slower than whole rows at once, and meant for the tile or two that a person looks at closely.

use model::{Lens, Picture, PlaneOrder, Size, Subsampling};

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m128i;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

use crate::palette;
use crate::placement::Free;
use crate::samples::Plane;

use super::level::{Level, Work};
use super::pixels::{Coefficients, convert};
use super::rows::Samples;

/// More samples are not read for one pixel and direction: a picture that small tells nothing more.
const MOST_TAPS: usize = 16;
/// With that limit a direction has less than twice as many and the one at the end, in whole lanes.
const TAPS_ROOM: usize = (2 * MOST_TAPS + 1).next_multiple_of(LANES);
/// Columns that are weighed side by side.
const LANES: usize = 8;
/// Steps of the lens's table.
const LENS_STEPS: usize = 2048;

/// Buffers that live from picture to picture.
#[derive(Default)]
pub(crate) struct Lookup {
    scaled: [Vec<i16>; 3],
    cover: Vec<u8>,
    bend: Bend,
}

impl Lookup {
    /// Draws a picture into `rows`, each as long as the target is wide.
    pub(crate) fn draw<'r>(
        &mut self,
        level: Level,
        picture: &Picture,
        free: &Free,
        coefficients: Coefficients,
        rows: impl Iterator<Item = &'r mut [u32]>,
    ) {
        let planes: Option<Vec<Plane<'_>>> =
            (0..picture.format.planes()).map(|index| Plane::of(picture, index)).collect();
        let Some(planes) = planes else {
            log::error!("a picture of {:?} has fewer bytes than its size needs", picture.size);
            return;
        };
        let width = free.target.width as usize;
        for scaled in &mut self.scaled {
            scaled.resize(width.next_multiple_of(16), 128);
        }
        self.cover.resize(width, 0);
        let bend = free.lens.map(|lens| self.bend.of(lens, free, picture.size));
        let chroma = match (picture.format.subsampling, picture.format.order) {
            (Subsampling::Grey, _) => Chroma::None,
            (_, PlaneOrder::SemiPlanar) => Chroma::Pairs(planes[1]),
            (_, PlaneOrder::Planar) => Chroma::Planar(planes[1], planes[2]),
        };
        let (scaled, cover) = (&mut self.scaled, &mut self.cover[..]);
        let samples = Samples::of(picture.format);
        level.run(Rows {
            luma: planes[0],
            chroma,
            samples,
            free,
            bend,
            size: picture.size,
            coefficients,
            rows,
            scaled,
            cover,
        });
    }
}

#[derive(Clone, Copy)]
enum Chroma<'a> {
    None,
    Planar(Plane<'a>, Plane<'a>),
    Pairs(Plane<'a>),
}

/// What a lens does to a radius on the flat picture, by the radius's square: how much further out the camera has it, as a
/// factor, and how fast the camera's radius grows there.
#[derive(Default)]
struct Bend {
    lens: Option<Lens>,
    most: f32,
    steps: Vec<[f32; 2]>,
}

impl Bend {
    /// The table for all of a target.
    fn of(&mut self, lens: Lens, free: &Free, size: Size) -> &Self {
        let half = f64::from(size.width) / 2.0;
        let (width, height) = (f64::from(free.target.width), f64::from(free.target.height));
        let corner = |x: f64, y: f64| {
            let model::view::Affine { origin, across, down } = free.affine;
            let at = (origin.x + x * across.x + y * down.x, origin.y + x * across.y + y * down.y);
            (at.0 * at.0 + at.1 * at.1) / (half * half)
        };
        let corners = [corner(0.0, 0.0), corner(width, 0.0), corner(0.0, height), corner(width, height)];
        let most = corners.into_iter().fold(0.01, f64::max);
        if self.lens != Some(lens) || self.most != most as f32 {
            self.lens = Some(lens);
            self.most = most as f32;
            self.steps.clear();
            let factor = |square: f64| {
                let radius = square.sqrt().max(1e-3);
                let at = |radius: f64| lens.bend(model::Point::new(radius, 0.0)).x;
                let growth = (at(radius + 5e-4) - at(radius - 5e-4)) / 1e-3;
                [(at(radius) / radius) as f32, growth as f32]
            };
            let step = most / (LENS_STEPS - 2) as f64;
            self.steps.extend((0..LENS_STEPS).map(|i| factor(i as f64 * step)));
        }
        self
    }

    #[inline(always)]
    fn at(&self, square: f32) -> [f32; 2] {
        let place = (square / self.most * (LENS_STEPS - 2) as f32).clamp(0.0, (LENS_STEPS - 2) as f32);
        let index = place as usize;
        let share = place - index as f32;
        let (a, b) = (self.steps[index], self.steps[index + 1]);
        [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
    }
}

/// The samples that count for one pixel in one direction. Behind the last weight are zeros, to a whole number of lanes.
struct Taps {
    first: usize,
    stride: usize,
    count: usize,
    weights: [f32; TAPS_ROOM],
}

impl Default for Taps {
    fn default() -> Self {
        Self { first: 0, stride: 1, count: 0, weights: [0.0; TAPS_ROOM] }
    }
}

impl Taps {
    /// `sharp`: a spline where it enlarges.
    #[inline(always)]
    fn around(&mut self, centre: f32, step: f32, samples: u32, sharp: bool) {
        if sharp && step < 1.0 { self.cubic(centre, samples) } else { self.triangle(centre, step, samples) }
    }

    #[inline(always)]
    fn cubic(&mut self, centre: f32, samples: u32) {
        let centre = centre.clamp(0.0, samples as f32) - 0.5;
        let last = samples as i32 - 1;
        let base = centre.floor();
        let t = centre - base;
        let base = base as i32;
        let weights = [
            ((-0.5 * t + 1.0) * t - 0.5) * t,
            (1.5 * t - 2.5) * t * t + 1.0,
            ((-1.5 * t + 2.0) * t + 0.5) * t,
            (0.5 * t - 0.5) * t * t,
        ];
        self.stride = 1;
        self.weights[..LANES].fill(0.0);
        if base >= 1 && base + 2 <= last {
            self.first = (base - 1) as usize;
            self.count = 4;
            self.weights[..4].copy_from_slice(&weights);
            return;
        }
        // What would lie outside counts for the sample at the edge.
        let low = (base - 1).clamp(0, last);
        self.first = low as usize;
        self.count = ((base + 2).clamp(0, last) - low) as usize + 1;
        for (sample, weight) in (base - 1..).zip(weights) {
            self.weights[(sample.clamp(0, last) - low) as usize] += weight;
        }
    }

    #[inline(always)]
    fn triangle(&mut self, centre: f32, step: f32, samples: u32) {
        let last = samples as i32 - 1;
        let radius = step.max(1.0);
        let inner = centre.clamp(0.5, samples as f32 - 0.5);
        let centre = if centre - radius < inner && inner < centre + radius { centre } else { inner };
        let low = ((centre - radius + 0.5).floor() as i32).clamp(0, last);
        let high = ((centre + radius - 0.5).ceil() as i32).clamp(0, last);
        let stride = ((high - low) / MOST_TAPS as i32).max(1);
        let count = ((high - low) / stride + 1) as usize;
        let (mut from, steepness, step) = (low as f32 + 0.5 - centre, 1.0 / radius, stride as f32);
        let mut sums = [0.0; LANES];
        for weights in self.weights.chunks_exact_mut(LANES).take(count.div_ceil(LANES)) {
            for (i, weight) in weights.iter_mut().enumerate() {
                // Behind the last tap it is 0 by itself, unless that is the plane's last sample.
                *weight = (1.0 - (from + i as f32 * step).abs() * steepness).max(0.0);
            }
            from += LANES as f32 * step;
        }
        if high == last {
            self.weights[count..count.next_multiple_of(LANES)].fill(0.0);
        }
        for weights in self.weights.chunks_exact(LANES).take(count.div_ceil(LANES)) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight;
            }
        }
        let factor = 1.0 / total(sums).max(1e-6);
        for weights in self.weights.chunks_exact_mut(LANES).take(count.div_ceil(LANES)) {
            weights.iter_mut().for_each(|weight| *weight *= factor);
        }
        (self.first, self.stride, self.count) = (low as usize, stride as usize, count);
    }
}

/// Added in pairs, which depend on each other less.
#[inline(always)]
fn total(lanes: [f32; LANES]) -> f32 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// The weighed means around a place of each of a plane's channels (two where samples come in pairs), 0–255. Columns go side
/// by side through whole registers wherever so many lie in the row.
#[inline(always)]
fn means<const BYTES: usize, const CHANNELS: usize>(
    level: Level,
    plane: &Plane<'_>,
    shift: u32,
    across: &Taps,
    down: &Taps,
) -> [f32; CHANNELS] {
    let texel = BYTES * CHANNELS;
    let chunks = across.count.div_ceil(LANES);
    let wide = across.stride == 1 && across.first + chunks * LANES <= plane.size.width as usize;
    #[cfg(target_arch = "x86_64")]
    if let (Level::Avx2(v3), true, 1, 1) = (level, wide, BYTES, CHANNELS) {
        return [avx2_mean(v3, plane, across, down); CHANNELS];
    }
    let _ = level;
    let mut sums = [[0.0; LANES]; CHANNELS];
    for chunk in 0..chunks {
        let taps = LANES.min(across.count - chunk * LANES);
        let mut columns = [[0.0; LANES]; CHANNELS];
        for (j, &weight) in down.weights[..down.count].iter().enumerate() {
            let row = (down.first + j * down.stride) * plane.stride;
            if wide {
                let bytes = &plane.bytes[row + (across.first + chunk * LANES) * texel..][..LANES * texel];
                for (channel, columns) in columns.iter_mut().enumerate() {
                    for (i, column) in columns.iter_mut().enumerate() {
                        let at = (i * CHANNELS + channel) * BYTES;
                        *column += weight * sample::<BYTES>(&bytes[at..at + BYTES], shift);
                    }
                }
            } else {
                for (channel, columns) in columns.iter_mut().enumerate() {
                    for (i, column) in columns.iter_mut().take(taps).enumerate() {
                        let tap = across.first + (chunk * LANES + i) * across.stride;
                        let at = row + tap * texel + channel * BYTES;
                        *column += weight * sample::<BYTES>(&plane.bytes[at..at + BYTES], shift);
                    }
                }
            }
        }
        let weights = &across.weights[chunk * LANES..][..LANES];
        for (sums, columns) in sums.iter_mut().zip(&columns) {
            for ((sum, column), weight) in sums.iter_mut().zip(columns).zip(weights) {
                *sum += weight * column.clamp(0.0, 255.0);
            }
        }
    }
    let mut means = [0.0; CHANNELS];
    for (mean, sums) in means.iter_mut().zip(sums) {
        *mean = total(sums).clamp(0.0, 255.0);
    }
    means
}

/// The same for bytes: the compiler does not see by itself that eight columns are one register.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn avx2_mean(v3: V3, plane: &Plane<'_>, across: &Taps, down: &Taps) -> f32 {
    let (avx, avx2) = (v3.avx, v3.avx2);
    let mut sum = avx._mm256_setzero_ps();
    for chunk in 0..across.count.div_ceil(LANES) {
        let mut columns = avx._mm256_setzero_ps();
        let start = down.first * plane.stride + across.first + chunk * LANES;
        for (j, &weight) in down.weights[..down.count].iter().enumerate() {
            let bytes = &plane.bytes[start + j * down.stride * plane.stride..][..LANES];
            let bytes = u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
            let wide = avx2._mm256_cvtepu8_epi32(pulp::cast::<[u64; 2], __m128i>([bytes, 0]));
            let weighed = avx._mm256_mul_ps(avx._mm256_cvtepi32_ps(wide), avx._mm256_set1_ps(weight));
            columns = avx._mm256_add_ps(columns, weighed);
        }
        let whole =
            avx._mm256_min_ps(avx._mm256_max_ps(columns, avx._mm256_setzero_ps()), avx._mm256_set1_ps(255.0));
        let weights: [f32; LANES] =
            across.weights[chunk * LANES..][..LANES].try_into().expect("a whole number of lanes");
        sum = avx._mm256_add_ps(sum, avx._mm256_mul_ps(whole, pulp::cast(weights)));
    }
    total(pulp::cast(sum)).clamp(0.0, 255.0)
}

#[inline(always)]
fn sample<const BYTES: usize>(bytes: &[u8], shift: u32) -> f32 {
    if BYTES == 1 {
        f32::from(bytes[0])
    } else {
        f32::from(u16::from_le_bytes([bytes[0], bytes[1]]) << shift) * (1.0 / 256.0)
    }
}

struct Rows<'a, R> {
    luma: Plane<'a>,
    chroma: Chroma<'a>,
    samples: Samples,
    free: &'a Free,
    bend: Option<&'a Bend>,
    size: Size,
    coefficients: Coefficients,
    rows: R,
    scaled: &'a mut [Vec<i16>; 3],
    cover: &'a mut [u8],
}

impl<'r, R: Iterator<Item = &'r mut [u32]>> Work for Rows<'_, R> {
    #[inline(always)]
    fn run(self, level: Level) {
        match self.samples {
            Samples::Bytes => self.draw::<1>(level, 0),
            Samples::Words { shift } => self.draw::<2>(level, shift),
        }
    }
}

/// Where a pixel looks.
#[derive(Clone, Copy)]
struct Aim {
    centre: (f32, f32),
    /// Pixels of the picture for one of the wall.
    step: (f32, f32),
}

impl<'r, R: Iterator<Item = &'r mut [u32]>> Rows<'_, R> {
    #[inline(always)]
    fn draw<const BYTES: usize>(self, level: Level, shift: u32) {
        let Self { luma, chroma, free, bend, size, coefficients, rows, scaled, cover, .. } = self;
        let aims = Aims::new(free, bend, size);
        let [y_row, u_row, v_row] = scaled;
        let (mut across, mut down) = (Taps::default(), Taps::default());
        for (row, out) in rows.enumerate() {
            for x in 0..out.len() {
                let aim = aims.at(x, row);
                cover[x] = aims.cover(aim);
                if cover[x] == 0 {
                    (y_row[x], u_row[x], v_row[x]) = (16, 128, 128);
                    continue;
                }
                across.around(aim.centre.0, aim.step.0, luma.size.width, true);
                down.around(aim.centre.1, aim.step.1, luma.size.height, true);
                let [luma_mean] = means::<BYTES, 1>(level, &luma, shift, &across, &down);
                y_row[x] = whole(luma_mean);
                let (Chroma::Planar(first, _) | Chroma::Pairs(first)) = &chroma else { continue };
                let (columns, rows) = (first.columns as f32, first.rows as f32);
                let centre = aim.centre.0 * columns + first.offset as f32;
                across.around(centre, aim.step.0 * columns, first.size.width, false);
                down.around(aim.centre.1 * rows, aim.step.1 * rows, first.size.height, false);
                let [u, v] = match &chroma {
                    Chroma::Planar(first, second) => {
                        let [u] = means::<BYTES, 1>(level, first, shift, &across, &down);
                        let [v] = means::<BYTES, 1>(level, second, shift, &across, &down);
                        [u, v]
                    }
                    Chroma::Pairs(pairs) => means::<BYTES, 2>(level, pairs, shift, &across, &down),
                    Chroma::None => continue,
                };
                (u_row[x], v_row[x]) = (whole(u), whole(v));
            }
            convert(level, coefficients, [y_row, u_row, v_row], out);
            for (pixel, &cover) in out.iter_mut().zip(cover.iter()) {
                if cover < 255 {
                    *pixel = mixed(*pixel, palette::BAR, u32::from(cover));
                }
            }
        }
    }
}

#[inline(always)]
fn whole(sample: f32) -> i16 {
    (sample + 0.5) as i16
}

/// The way of all pixels of a target.
struct Aims<'a> {
    origin: (f32, f32),
    across: (f32, f32),
    down: (f32, f32),
    /// Without a lens it is the same everywhere.
    step: (f32, f32),
    bend: Option<&'a Bend>,
    half: (f32, f32),
}

impl<'a> Aims<'a> {
    fn new(free: &Free, bend: Option<&'a Bend>, size: Size) -> Self {
        let pair = |point: model::Point| (point.x as f32, point.y as f32);
        let (across, down) = (pair(free.affine.across), pair(free.affine.down));
        Self {
            origin: pair(free.affine.origin),
            across,
            down,
            step: steps(across, down),
            bend,
            half: (size.width as f32 / 2.0, size.height as f32 / 2.0),
        }
    }

    #[inline(always)]
    fn at(&self, x: usize, y: usize) -> Aim {
        let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
        let flat = (
            self.origin.0 + x * self.across.0 + y * self.down.0,
            self.origin.1 + x * self.across.1 + y * self.down.1,
        );
        let Some(bend) = self.bend else {
            return Aim { centre: (flat.0 + self.half.0, flat.1 + self.half.1), step: self.step };
        };
        let square = flat.0 * flat.0 + flat.1 * flat.1;
        let [factor, growth] = bend.at(square / (self.half.0 * self.half.0));
        let distance = square.sqrt().max(1e-3 * self.half.0);
        let outward = (flat.0 / distance, flat.1 / distance);
        let way = |way: (f32, f32)| {
            let along = (growth - factor) * (way.0 * outward.0 + way.1 * outward.1);
            (way.0 * factor + along * outward.0, way.1 * factor + along * outward.1)
        };
        let centre = (flat.0 * factor + self.half.0, flat.1 * factor + self.half.1);
        Aim { centre, step: steps(way(self.across), way(self.down)) }
    }

    /// How much of a pixel lies on the picture, of 255.
    #[inline(always)]
    fn cover(&self, aim: Aim) -> u8 {
        let inside = |at: f32, half: f32, step: f32| (at.min(2.0 * half - at) / step + 0.5).clamp(0.0, 1.0);
        let (x, y) =
            (inside(aim.centre.0, self.half.0, aim.step.0), inside(aim.centre.1, self.half.1, aim.step.1));
        (x * y * 255.0 + 0.5) as u8
    }
}

#[inline(always)]
fn steps(across: (f32, f32), down: (f32, f32)) -> (f32, f32) {
    let length = |a: f32, b: f32| (a * a + b * b).sqrt().max(1e-6);
    (length(across.0, down.0), length(across.1, down.1))
}

/// `over` laid on `under`, `cover` of 255.
fn mixed(over: u32, under: u32, cover: u32) -> u32 {
    let channel = |shift: u32| {
        let (over, under) = (over >> shift & 255, under >> shift & 255);
        ((over * cover + under * (255 - cover) + 127) / 255) << shift
    };
    channel(16) | channel(8) | channel(0)
}
