//! The vertical half of a resampling: rows weighed into one. Plain Rust over fixed-size blocks for the compiler to
//! vectorise, and the same with AVX2's own instructions by way of `pulp`'s safe tokens.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m256i;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

use model::{PixelFormat, PlaneOrder};

use super::level::Level;

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

impl Samples {
    /// Those of all planes of a picture.
    pub(crate) fn of(format: PixelFormat) -> Self {
        match (format.depth, format.order) {
            (..=8, _) => Self::Bytes,
            (_, PlaneOrder::Planar) => Self::Words { shift: 16 - u32::from(format.depth) },
            (_, PlaneOrder::SemiPlanar) => Self::Words { shift: 0 },
        }
    }
}

/// Samples that are weighed at a time.
const BLOCK: usize = 64;

/// `out[x]` = the weighted sum of the rows at column `x`, rounded to a byte. `row(k)` gives row `k` from the first
/// column on, at least `out.len()` samples of it.
#[inline(always)]
pub(crate) fn weigh_rows<'a>(
    level: Level,
    samples: Samples,
    row: impl Fn(usize) -> &'a [u8],
    weights: &[u16],
    out: &mut [u8],
) {
    match (level, samples) {
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2(v3), Samples::Bytes) if out.len() >= 2 * BLOCK => {
            avx2_blocks::<1, 8>(v3, |_, raw| raw, row, weights, out);
        }
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2(v3), Samples::Bytes) if out.len() >= BLOCK => {
            avx2_blocks::<1, 4>(v3, |_, raw| raw, row, weights, out);
        }
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2(v3), Samples::Words { shift }) if out.len() >= BLOCK => {
            let shift = v3.sse2._mm_cvtsi32_si128(shift as i32);
            avx2_blocks::<2, 4>(v3, |v3, raw| v3.avx2._mm256_sll_epi16(raw, shift), row, weights, out);
        }
        (_, Samples::Bytes) => blocks::<1>(|b| u16::from(b[0]) << 8, row, weights, out),
        (_, Samples::Words { shift }) => {
            blocks::<2>(|b| u16::from_le_bytes([b[0], b[1]]) << shift, row, weights, out);
        }
    }
}

/// The same with weights of which some are below 0, of a sum of 16,384; what leaves the range of samples is cut off.
#[inline(always)]
pub(crate) fn weigh_rows_signed<'a>(
    samples: Samples,
    row: impl Fn(usize) -> &'a [u8],
    weights: &[i16],
    out: &mut [u8],
) {
    match samples {
        Samples::Bytes => signed::<1>(|b| i32::from(b[0]), 14, row, weights, out),
        // Two bits less are taken, so that the product has room; the rest is far below what is seen.
        Samples::Words { shift } => signed::<2>(
            |b| i32::from((u16::from_le_bytes([b[0], b[1]]) << shift) >> 2),
            20,
            row,
            weights,
            out,
        ),
    }
}

#[inline(always)]
fn signed<'a, const BYTES: usize>(
    sample: impl Fn(&[u8]) -> i32 + Copy,
    fraction: u32,
    row: impl Fn(usize) -> &'a [u8],
    weights: &[i16],
    out: &mut [u8],
) {
    let mut x = 0;
    while x < out.len() {
        let width = BLOCK.min(out.len() - x);
        let mut sums = [1_i32 << (fraction - 1); BLOCK];
        for (k, &weight) in weights.iter().enumerate() {
            let block = &row(k)[x * BYTES..][..width * BYTES];
            for (sum, bytes) in sums.iter_mut().zip(block.chunks_exact(BYTES)) {
                *sum = sum.wrapping_add(sample(bytes).wrapping_mul(i32::from(weight)));
            }
        }
        for (out, sum) in out[x..][..width].iter_mut().zip(sums) {
            *out = (sum >> fraction).clamp(0, 255) as u8;
        }
        x += width;
    }
}

/// The same as [`blocks`], `REGISTERS` × 16 samples at a time: the compiler does not see by itself that a 16-bit
/// multiplication suffices. Bytes become the upper halves of 16-bit places by being interleaved with zeros, and packing
/// puts them back in order.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn avx2_blocks<'a, const BYTES: usize, const REGISTERS: usize>(
    v3: V3,
    widen: impl Fn(V3, __m256i) -> __m256i,
    row: impl Fn(usize) -> &'a [u8],
    weights: &[u16],
    out: &mut [u8],
) {
    let (avx, avx2) = (v3.avx, v3.avx2);
    let block = REGISTERS * 16;
    let zero = avx._mm256_setzero_si256();
    let mut x = 0;
    while x < out.len() {
        // The last block overlaps the one before.
        x = x.min(out.len() - block);
        let mut sums = [avx._mm256_set1_epi16(128); REGISTERS];
        for (k, &weight) in weights.iter().enumerate() {
            let weight = avx._mm256_set1_epi16(weight as i16);
            let samples = row(k)[x * BYTES..][..block * BYTES].chunks_exact(32 * BYTES);
            for (sums, samples) in sums.chunks_exact_mut(2).zip(samples) {
                let wide = if BYTES == 1 {
                    let bytes = register(samples);
                    [avx2._mm256_unpacklo_epi8(zero, bytes), avx2._mm256_unpackhi_epi8(zero, bytes)]
                } else {
                    [widen(v3, register(&samples[..32])), widen(v3, register(&samples[32..]))]
                };
                for (sum, wide) in sums.iter_mut().zip(wide) {
                    *sum = avx2._mm256_adds_epu16(*sum, avx2._mm256_mulhi_epu16(wide, weight));
                }
            }
        }
        for (sums, out) in sums.chunks_exact(2).zip(out[x..][..block].chunks_exact_mut(32)) {
            let byte = |sum| avx2._mm256_srli_epi16::<8>(sum);
            let mut packed = avx2._mm256_packus_epi16(byte(sums[0]), byte(sums[1]));
            if BYTES == 2 {
                packed = avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(packed);
            }
            out.copy_from_slice(&pulp::cast::<__m256i, [u8; 32]>(packed));
        }
        x += block;
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn register(bytes: &[u8]) -> __m256i {
    pulp::cast::<[u8; 32], __m256i>(bytes.try_into().expect("32 bytes"))
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
