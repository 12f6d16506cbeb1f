//! The horizontal half of a resampling: the neighbouring samples of a row weighed into one. Vectors need bytes picked
//! by a table, which no compiler finds by itself: AVX2 has an instruction for it.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m128i;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

use super::axis::Axis;
#[cfg(target_arch = "x86_64")]
use super::axis::Shuffles;
use super::level::Level;

/// `outs[p][i]` = the weighted sum of the samples around output `i` in row `p`; planes of one shape go together, for the
/// tables are read but once. A row begins with the first sample that is read and has [`super::axis::ROW_PADDING`] bytes
/// behind its last; `outs` are a multiple of 16 long.
#[inline(always)]
pub(crate) fn weigh_columns<const PLANES: usize>(
    level: Level,
    axis: &Axis,
    rows: [&[u8]; PLANES],
    mut outs: [&mut [i16]; PLANES],
) {
    match (level, &axis.shuffles) {
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2(v3), Some(plan)) => match (plan.pairs, plan.shared) {
            (1, true) => shuffled::<PLANES, 1, true>(v3, plan, rows, outs),
            (2, true) => shuffled::<PLANES, 2, true>(v3, plan, rows, outs),
            (3, true) => shuffled::<PLANES, 3, true>(v3, plan, rows, outs),
            (4, true) => shuffled::<PLANES, 4, true>(v3, plan, rows, outs),
            (3, false) => shuffled::<PLANES, 3, false>(v3, plan, rows, outs),
            (4, false) => shuffled::<PLANES, 4, false>(v3, plan, rows, outs),
            (5, false) => shuffled::<PLANES, 5, false>(v3, plan, rows, outs),
            _ => (0..PLANES).for_each(|plane| summed(axis, rows[plane], outs[plane])),
        },
        _ => (0..PLANES).for_each(|plane| summed(axis, rows[plane], outs[plane])),
    }
}

#[inline(always)]
fn summed(axis: &Axis, row: &[u8], out: &mut [i16]) {
    let per_output = axis.first.iter().zip(axis.coarse.chunks_exact(axis.coarse_taps));
    for ((&first, weights), out) in per_output.zip(out) {
        let samples = &row[first - axis.reach.0..];
        let mut sums = [0_i32; 8];
        for (weights, samples) in weights.chunks_exact(8).zip(samples.chunks_exact(8)) {
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
fn shuffled<const PLANES: usize, const PAIRS: usize, const SHARED: bool>(
    v3: V3,
    plan: &Shuffles,
    rows: [&[u8]; PLANES],
    mut outs: [&mut [i16]; PLANES],
) {
    let (avx, avx2) = (v3.avx, v3.avx2);
    for (block, steps) in plan.steps.chunks_exact(2 * PAIRS).enumerate() {
        let mut sums = [[avx._mm256_set1_epi32(8_192); 2]; PLANES];
        for half in 0..2 {
            let steps = &steps[half * PAIRS..][..PAIRS];
            // Plain loops: `array::map` is not compiled for the level, and calls it makes spill every register.
            let mut bytes = [avx._mm256_setzero_si256(); PLANES];
            for (number, step) in steps.iter().enumerate() {
                let (picks, weights) = (pulp::cast(step.bytes), pulp::cast(step.weights));
                for plane in 0..PLANES {
                    if !SHARED || number == 0 {
                        let [low, high] = step.starts;
                        bytes[plane] = avx._mm256_set_m128i(lane(rows[plane], high), lane(rows[plane], low));
                    }
                    let taps = avx2._mm256_shuffle_epi8(bytes[plane], picks);
                    let weighed = avx2._mm256_madd_epi16(taps, weights);
                    sums[plane][half] = avx2._mm256_add_epi32(sums[plane][half], weighed);
                }
            }
        }
        for (sums, out) in sums.iter().zip(&mut outs) {
            let (low, high) = (avx2._mm256_srai_epi32::<14>(sums[0]), avx2._mm256_srai_epi32::<14>(sums[1]));
            let packed: [i16; 16] = pulp::cast(avx2._mm256_packs_epi32(low, high));
            out[block * 16..][..16].copy_from_slice(&packed);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn lane(row: &[u8], at: u32) -> __m128i {
    pulp::cast::<[u8; 16], __m128i>(row[at as usize..][..16].try_into().expect("16 bytes"))
}
