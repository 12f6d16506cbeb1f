//! The inner loops: weighing rows, weighing columns, converting, blending. Plain Rust over fixed-size blocks, which
//! the compiler turns into SIMD for the level that [`Level::run`] compiles them for; the one loop it cannot (bytes
//! picked by a table) is written with AVX2's own instructions by way of `pulp`'s safe tokens.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m256i;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

use crate::colour::Equation;

use super::axis::Axis;
#[cfg(target_arch = "x86_64")]
use super::axis::{Shuffles, Step};

/// What the processor can do.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// x86-64 with AVX2 and FMA (v3): practically every PC since 2015.
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    /// Whatever the target guarantees: SSE2, NEON.
    Baseline,
}

/// A piece of work that is compiled once for every level.
pub(crate) trait Work {
    /// Does it; must be `#[inline(always)]`, or it is not compiled for the level.
    fn run(self, level: Level);
}

#[cfg(target_arch = "x86_64")]
struct Vectorised<W>(W, V3);

#[cfg(target_arch = "x86_64")]
impl<W: Work> pulp::WithSimd for Vectorised<W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.0.run(Level::Avx2(self.1));
    }
}

impl Level {
    /// The best that this processor has.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(v3) = V3::try_new() {
            return Self::Avx2(v3);
        }
        Self::Baseline
    }

    /// The name the field uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "AVX2",
            Self::Baseline if cfg!(target_arch = "aarch64") => "NEON",
            Self::Baseline if cfg!(target_arch = "x86_64") => "SSE2",
            Self::Baseline => "scalar",
        }
    }

    /// Runs `work` compiled for this level.
    pub(crate) fn run(self, work: impl Work) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(v3) => pulp::Simd::vectorize(v3, Vectorised(work, v3)),
            Self::Baseline => work.run(Self::Baseline),
        }
    }
}

/// How a plane's samples lie in its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Samples {
    /// One byte each.
    Bytes,
    /// Two bytes each, little-endian, this many bits below the top.
    Words {
        /// 6 where 10 bits lie low, 0 where they lie high.
        shift: u32,
    },
}

/// Samples that are weighed at a time: four 256-bit registers of 16-bit sums.
const BLOCK: usize = 64;
/// Bytes that a processor fetches at a time.
#[cfg(target_arch = "x86_64")]
const CACHE_LINE: usize = 64;

/// `out[x]` = the weighted sum of the rows at column `x`, rounded to a byte. `row(k)` gives row `k` from the first
/// column on, at least `out.len()` samples of it. `ahead` are the bytes that the next call needs besides: they are fetched
/// into the cache meanwhile, in the order in which they lie, for the processor does not guess a jump from row to row.
#[inline(always)]
pub(crate) fn weigh_rows<'a>(
    level: Level,
    samples: Samples,
    row: impl Fn(usize) -> &'a [u8],
    weights: &[u16],
    ahead: &[u8],
    out: &mut [u8],
) {
    match (level, samples) {
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2(v3), Samples::Bytes) if out.len() >= BLOCK => {
            avx2_blocks::<1>(v3, |_, raw| raw, row, weights, ahead, out);
        }
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2(v3), Samples::Words { shift }) if out.len() >= BLOCK => {
            let shift = v3.sse2._mm_cvtsi32_si128(shift as i32);
            avx2_blocks::<2>(v3, |v3, raw| v3.avx2._mm256_sll_epi16(raw, shift), row, weights, ahead, out);
        }
        (_, Samples::Bytes) => blocks::<1>(|b| u16::from(b[0]) << 8, row, weights, out),
        (_, Samples::Words { shift }) => {
            blocks::<2>(|b| u16::from_le_bytes([b[0], b[1]]) << shift, row, weights, out);
        }
    }
}

/// The same as [`blocks`]: the compiler does not see by itself that a 16-bit multiplication suffices. Bytes become
/// the upper halves of 16-bit places by being interleaved with zeros, and packing puts them back in order.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn avx2_blocks<'a, const BYTES: usize>(
    v3: V3,
    widen: impl Fn(V3, __m256i) -> __m256i,
    row: impl Fn(usize) -> &'a [u8],
    weights: &[u16],
    ahead: &[u8],
    out: &mut [u8],
) {
    let (avx, avx2) = (v3.avx, v3.avx2);
    let mut fetched = 0;
    let lines = ahead.len().div_ceil(CACHE_LINE).div_ceil(out.len().div_ceil(BLOCK));
    let mut ahead = ahead.chunks(CACHE_LINE * lines.max(1));
    let zero = avx._mm256_setzero_si256();
    let mut x = 0;
    while x < out.len() {
        // The last block overlaps the one before.
        x = x.min(out.len() - BLOCK);
        let mut sums = [avx._mm256_set1_epi16(128); 4];
        for (k, &weight) in weights.iter().enumerate() {
            let weight = avx._mm256_set1_epi16(weight as i16);
            let block: &[u8] = &row(k)[x * BYTES..][..BLOCK * BYTES];
            let load = |register: usize| -> __m256i {
                let bytes: [u8; 32] = block[register * 32..][..32].try_into().expect("32 bytes");
                pulp::cast(bytes)
            };
            let wide = if BYTES == 1 {
                let (a, b) = (load(0), load(1));
                [
                    avx2._mm256_unpacklo_epi8(zero, a),
                    avx2._mm256_unpackhi_epi8(zero, a),
                    avx2._mm256_unpacklo_epi8(zero, b),
                    avx2._mm256_unpackhi_epi8(zero, b),
                ]
            } else {
                [widen(v3, load(0)), widen(v3, load(1)), widen(v3, load(2)), widen(v3, load(3))]
            };
            for (sum, wide) in sums.iter_mut().zip(wide) {
                *sum = avx2._mm256_adds_epu16(*sum, avx2._mm256_mulhi_epu16(wide, weight));
            }
        }
        let sums = sums.map(|sum| avx2._mm256_srli_epi16::<8>(sum));
        for (half, out) in out[x..][..BLOCK].chunks_exact_mut(32).enumerate() {
            let mut packed = avx2._mm256_packus_epi16(sums[half * 2], sums[half * 2 + 1]);
            if BYTES == 2 {
                packed = avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(packed);
            }
            out.copy_from_slice(&pulp::cast::<__m256i, [u8; 32]>(packed));
        }
        if let Some(lines) = ahead.next() {
            fetched ^= lines.iter().step_by(CACHE_LINE).fold(0, |all, byte| all ^ byte);
        }
        x += BLOCK;
    }
    std::hint::black_box(fetched);
}

#[inline(always)]
fn blocks<'a, const BYTES: usize>(
    widen: impl Fn(&[u8]) -> u16 + Copy,
    row: impl Fn(usize) -> &'a [u8],
    weights: &[u16],
    out: &mut [u8],
) {
    let width = out.len();
    if width < BLOCK {
        for (x, out) in out.iter_mut().enumerate() {
            let sum = weights.iter().enumerate().fold(128_u16, |sum, (k, &weight)| {
                sum.saturating_add(scaled(widen(&row(k)[x * BYTES..][..BYTES]), weight))
            });
            *out = (sum >> 8) as u8;
        }
        return;
    }
    let mut x = 0;
    while x < width {
        // The last block overlaps the one before.
        x = x.min(width - BLOCK);
        let mut sums = [128_u16; BLOCK];
        for (k, &weight) in weights.iter().enumerate() {
            let block = &row(k)[x * BYTES..][..BLOCK * BYTES];
            for (sum, sample) in sums.iter_mut().zip(block.chunks_exact(BYTES)) {
                *sum = sum.saturating_add(scaled(widen(sample), weight));
            }
        }
        for (out, sum) in out[x..][..BLOCK].iter_mut().zip(sums) {
            *out = (sum >> 8) as u8;
        }
        x += BLOCK;
    }
}

#[inline(always)]
fn scaled(sample: u16, weight: u16) -> u16 {
    ((u32::from(sample) * u32::from(weight)) >> 16) as u16
}

/// U and V apart from a row of pairs.
#[inline(always)]
pub(crate) fn split_pairs(pairs: &[u8], u: &mut [u8], v: &mut [u8]) {
    for ((pair, u), v) in pairs.chunks_exact(2).zip(u).zip(v) {
        (*u, *v) = (pair[0], pair[1]);
    }
}

/// `out[i]` = the weighted sum of the row's samples around output `i`. `row` has
/// [`super::axis::ROW_PADDING`] bytes behind its last sample, `out` is a multiple of 16 long.
#[inline(always)]
pub(crate) fn weigh_columns(level: Level, axis: &Axis, offset: usize, row: &[u8], out: &mut [i16]) {
    match (level, &axis.shuffles) {
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2(v3), Some(plan)) => match (plan.pairs, plan.shared) {
            (1, true) => shuffled::<1, true>(v3, plan, offset, row, out),
            (2, true) => shuffled::<2, true>(v3, plan, offset, row, out),
            (3, true) => shuffled::<3, true>(v3, plan, offset, row, out),
            (4, true) => shuffled::<4, true>(v3, plan, offset, row, out),
            (3, false) => shuffled::<3, false>(v3, plan, offset, row, out),
            (4, false) => shuffled::<4, false>(v3, plan, offset, row, out),
            (5, false) => shuffled::<5, false>(v3, plan, offset, row, out),
            _ => summed(axis, offset, row, out),
        },
        _ => summed(axis, offset, row, out),
    }
}

#[inline(always)]
fn summed(axis: &Axis, offset: usize, row: &[u8], out: &mut [i16]) {
    let per_output = axis.first.iter().zip(axis.coarse.chunks_exact(axis.coarse_taps));
    for ((&first, weights), out) in per_output.zip(out) {
        let samples = &row[first - offset..];
        let mut sums = [0_i32; 8];
        for (weights, samples) in weights.chunks_exact(8).zip(samples.chunks(8)) {
            let Ok(samples) = <&[u8; 8]>::try_from(samples) else { break };
            for k in 0..8 {
                sums[k] = sums[k].wrapping_add(i32::from(samples[k]).wrapping_mul(i32::from(weights[k])));
            }
        }
        *out = ((sums.iter().sum::<i32>() + 8_192) >> 14) as i16;
    }
}

/// `SHARED`: the bytes that the first step loads serve all steps of its register.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn shuffled<const PAIRS: usize, const SHARED: bool>(
    v3: V3,
    plan: &Shuffles,
    offset: usize,
    row: &[u8],
    out: &mut [i16],
) {
    let (avx, avx2) = (v3.avx, v3.avx2);
    let lane = |at: usize| {
        let bytes: [u8; 16] = row[at - offset..][..16].try_into().expect("16 bytes");
        pulp::cast(bytes)
    };
    let load = |step: &Step| avx._mm256_set_m128i(lane(step.starts[1]), lane(step.starts[0]));
    for (steps, out) in plan.steps.chunks_exact(2 * PAIRS).zip(out.chunks_exact_mut(16)) {
        let mut sums = [avx._mm256_set1_epi32(8_192); 2];
        for (half, sum) in sums.iter_mut().enumerate() {
            let steps = &steps[half * PAIRS..][..PAIRS];
            let first = load(&steps[0]);
            for (number, step) in steps.iter().enumerate() {
                let bytes = if SHARED || number == 0 { first } else { load(step) };
                let taps = avx2._mm256_shuffle_epi8(bytes, pulp::cast(step.bytes));
                let weighed = avx2._mm256_madd_epi16(taps, pulp::cast(step.weights));
                *sum = avx2._mm256_add_epi32(*sum, weighed);
            }
            *sum = avx2._mm256_srai_epi32::<14>(*sum);
        }
        let packed: [i16; 16] = pulp::cast(avx2._mm256_packs_epi32(sums[0], sums[1]));
        out.copy_from_slice(&packed);
    }
}

/// The conversion's coefficients in whole numbers of 1/8192.
#[derive(Clone, Copy)]
pub(crate) struct Coefficients {
    black: i16,
    luma: i16,
    red_v: i16,
    green_u: i16,
    green_v: i16,
    blue_u: i16,
}

impl Coefficients {
    pub(crate) fn new(equation: Equation) -> Self {
        let fixed = |factor: f32| (factor * 8192.0).round() as i16;
        Self {
            black: equation.black as i16,
            luma: fixed(equation.luma),
            red_v: fixed(equation.red_v),
            green_u: fixed(equation.green_u),
            green_v: fixed(equation.green_v),
            blue_u: fixed(equation.blue_u),
        }
    }
}

/// Converts rows of Y, U and V (0–255) to 0x00RRGGBB. Sixteen bits suffice: samples carry 7 more bits, coefficients
/// 13, and of the product's 20 fractional bits 4 are kept; the result is within 1 of the exact one.
#[inline(always)]
pub(crate) fn convert(c: Coefficients, y: &[i16], u: &[i16], v: &[i16], out: &mut [u32]) {
    for (((out, &y), &u), &v) in out.iter_mut().zip(y).zip(u).zip(v) {
        let y = high(y.wrapping_sub(c.black) << 7, c.luma).wrapping_add(9);
        let (u, v) = (u.wrapping_sub(128) << 7, v.wrapping_sub(128) << 7);
        let byte = |value: i16| (value >> 4).clamp(0, 255) as u32;
        let red = byte(y.wrapping_add(high(v, c.red_v)));
        let green = byte(y.wrapping_sub(high(u, c.green_u)).wrapping_sub(high(v, c.green_v)));
        let blue = byte(y.wrapping_add(high(u, c.blue_u)));
        *out = red << 16 | green << 8 | blue;
    }
}

#[inline(always)]
fn high(a: i16, b: i16) -> i16 {
    (i32::from(a).wrapping_mul(i32::from(b)) >> 16) as i16
}

/// Lays premultiplied 0xAARRGGBB over opaque pixels.
#[inline(always)]
pub(crate) fn blend(over: &[u32], under: &mut [u32]) {
    for (under, &over) in under.iter_mut().zip(over) {
        let rest = 255 - (over >> 24);
        let outer = divided((*under & 0x00ff_00ff).wrapping_mul(rest).wrapping_add(0x0080_0080));
        let green = divided((*under >> 8 & 0xff).wrapping_mul(rest).wrapping_add(0x80));
        *under = (over & 0x00ff_ffff).wrapping_add(outer | green << 8);
    }
}

/// Both 16-bit halves divided by 255, rounded.
#[inline(always)]
fn divided(halves: u32) -> u32 {
    halves.wrapping_add(halves >> 8 & 0x00ff_00ff) >> 8 & 0x00ff_00ff
}
