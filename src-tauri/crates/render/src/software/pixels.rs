//! Pixels: Y, U, V to R, G, B, and words over them.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m256i;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

use crate::colour::Equation;

use super::level::Level;

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
///
/// The rows are as long as `out`, rounded up to 16.
#[inline(always)]
pub(crate) fn convert(level: Level, c: Coefficients, yuv: [&[i16]; 3], out: &mut [u32]) {
    let [y, u, v] = yuv;
    let mut whole = 0;
    #[cfg(target_arch = "x86_64")]
    if let Level::Avx2(v3) = level {
        whole = out.len() / 16 * 16;
        let samples = y.chunks_exact(16).zip(u.chunks_exact(16)).zip(v.chunks_exact(16));
        for (((y, u), v), out) in samples.zip(out.chunks_exact_mut(16)) {
            avx2_convert(v3, c, [y, u, v], out);
        }
    }
    let _ = level;
    one_by_one(c, [&y[whole..], &u[whole..], &v[whole..]], &mut out[whole..]);
}

/// Sixteen pixels; the same steps as [`one_by_one`], and the same result.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn avx2_convert(v3: V3, c: Coefficients, yuv: [&[i16]; 3], out: &mut [u32]) {
    let (avx, avx2) = (v3.avx, v3.avx2);
    let all = |value: i16| avx._mm256_set1_epi16(value);
    let (y, u, v) = (samples(yuv[0]), samples(yuv[1]), samples(yuv[2]));
    let raised = |register, zero| avx2._mm256_slli_epi16::<7>(avx2._mm256_sub_epi16(register, all(zero)));
    let product = |register, factor| avx2._mm256_mulhi_epi16(register, all(factor));
    let y = avx2._mm256_add_epi16(product(raised(y, c.black), c.luma), all(9));
    let (u, v) = (raised(u, 128), raised(v, 128));
    let byte = |value| avx2._mm256_srai_epi16::<4>(value);
    let red = byte(avx2._mm256_add_epi16(y, product(v, c.red_v)));
    let green = avx2._mm256_sub_epi16(y, product(u, c.green_u));
    let green = byte(avx2._mm256_sub_epi16(green, product(v, c.green_v)));
    let blue = byte(avx2._mm256_add_epi16(y, product(u, c.blue_u)));
    // Packing clamps to 0–255. Per lane: blue and red side by side, green and zero; interleaved, then by pairs.
    let blue_red = avx2._mm256_packus_epi16(blue, red);
    let green_zero = avx2._mm256_packus_epi16(green, avx._mm256_setzero_si256());
    let blue_green = avx2._mm256_unpacklo_epi8(blue_red, green_zero);
    let red_zero = avx2._mm256_unpackhi_epi8(blue_red, green_zero);
    let low = avx2._mm256_unpacklo_epi16(blue_green, red_zero);
    let high = avx2._mm256_unpackhi_epi16(blue_green, red_zero);
    let first: [u32; 8] = pulp::cast(avx2._mm256_permute2x128_si256::<0x20>(low, high));
    let second: [u32; 8] = pulp::cast(avx2._mm256_permute2x128_si256::<0x31>(low, high));
    out[..8].copy_from_slice(&first);
    out[8..16].copy_from_slice(&second);
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn samples(row: &[i16]) -> __m256i {
    pulp::cast::<[i16; 16], __m256i>(row.try_into().expect("16 samples"))
}

#[inline(always)]
fn one_by_one(c: Coefficients, [y, u, v]: [&[i16]; 3], out: &mut [u32]) {
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
