//! Samples onto a canvas: a picture's, whatever its format, and those of words.

use model::{Canvas, Matrix, Picture, PlaneOrder, Range};

use crate::caption::Patch;
use crate::samples::Plane;

/// Puts a picture onto a canvas, `band` rows from above. An odd last column or row has no chroma of its own and is left out.
/// `None`: it has no samples.
pub(super) fn into(picture: &Picture, canvas: &mut Canvas, band: u32) -> Option<()> {
    let rows = picture.size.height as usize / 2 * 2;
    let (columns, first) = (canvas.stride(0), band as usize);
    let luma = Plane::of(picture, 0)?;
    let bits = Bits::of(picture);
    let target = canvas.plane_mut(0).chunks_exact_mut(columns).skip(first).take(rows);
    for (row, target) in target.enumerate() {
        bits.row(&luma, row, target);
    }
    for index in [1, 2] {
        let (columns, first) = (canvas.stride(index), band as usize / 2);
        let target = canvas.plane_mut(index).chunks_exact_mut(columns).skip(first).take(rows / 2);
        let pairs = picture.format.order == PlaneOrder::SemiPlanar;
        let plane = match picture.format.planes() {
            1 => None,
            _ => Some(Plane::of(picture, if pairs { 1 } else { index })?),
        };
        for (row, target) in target.enumerate() {
            match &plane {
                None => target.fill(128),
                Some(plane) => bits.chroma(plane, index, row, target),
            }
        }
    }
    Some(())
}

/// How samples become those of 8 bits.
struct Bits {
    /// To the right; `None`: they are.
    shift: Option<u32>,
}

impl Bits {
    fn of(picture: &Picture) -> Self {
        Self {
            shift: match (picture.format.depth, picture.format.order) {
                (..=8, _) => None,
                (_, PlaneOrder::SemiPlanar) => Some(8),
                (depth, PlaneOrder::Planar) => Some(u32::from(depth) - 8),
            },
        }
    }

    /// The sample whose first byte stands there.
    fn sample(&self, bytes: &[u8], at: usize) -> u8 {
        match self.shift {
            None => bytes.get(at).copied().unwrap_or_default(),
            Some(shift) => {
                let two = bytes.get(at..at + 2).map_or([0; 2], |two| [two[0], two[1]]);
                (u16::from_le_bytes(two) >> shift).min(255) as u8
            }
        }
    }

    fn row(&self, plane: &Plane<'_>, row: usize, target: &mut [u8]) {
        let bytes = &plane.bytes[row * plane.stride..];
        if self.shift.is_none() {
            target.copy_from_slice(&bytes[..target.len()]);
            return;
        }
        for (column, target) in target.iter_mut().enumerate() {
            *target = self.sample(bytes, column * plane.texel);
        }
    }

    /// A row of one colour of half the size; where the picture has more, every other of its samples.
    fn chroma(&self, plane: &Plane<'_>, index: usize, row: usize, target: &mut [u8]) {
        let (down, across) =
            (if plane.rows > 0.75 { 2 } else { 1 }, if plane.columns > 0.75 { 2 } else { 1 });
        let row = (row * down).min(plane.size.height.saturating_sub(1) as usize);
        let bytes = &plane.bytes[row * plane.stride..];
        let (texel, inside) = match (plane.pairs, index) {
            (true, 2) => (plane.texel, plane.texel / 2),
            _ => (plane.texel, 0),
        };
        if self.shift.is_none() && across == 1 && !plane.pairs {
            target.copy_from_slice(&bytes[..target.len()]);
            return;
        }
        for (column, target) in target.iter_mut().enumerate() {
            *target = self.sample(bytes, column * across * texel + inside);
        }
    }
}

/// Puts opaque pixels onto a canvas, `top` rows from above; both even.
pub(super) fn patch(patch: &Patch, canvas: &mut Canvas, top: u32) {
    let coefficients = Coefficients::of(canvas);
    let (width, stride) = (patch.width as usize, canvas.stride(0));
    let rows = patch.pixels.chunks_exact(width.max(1));
    for (row, pixels) in rows.clone().enumerate() {
        let from = (top as usize + row) * stride;
        let Some(target) = canvas.plane_mut(0).get_mut(from..from + stride) else { return };
        for (target, pixel) in target.iter_mut().zip(pixels) {
            *target = coefficients.luma(*pixel);
        }
    }
    let half = canvas.stride(1);
    for (row, pixels) in rows.step_by(2).enumerate() {
        let from = (top as usize / 2 + row) * half;
        let chroma: Vec<(u8, u8)> =
            pixels.iter().step_by(2).map(|pixel| coefficients.chroma(*pixel)).collect();
        for (index, plane) in [1, 2].into_iter().enumerate() {
            let Some(target) = canvas.plane_mut(plane).get_mut(from..from + half) else { return };
            for (target, (u, v)) in target.iter_mut().zip(&chroma) {
                *target = if index == 0 { *u } else { *v };
            }
        }
    }
}

/// From R, G, B to Y, U, V: Rec. ITU-R BT.601-7 §2.5 and BT.709-6 §3.
struct Coefficients {
    kr: f32,
    kb: f32,
    black: f32,
    luma: f32,
    chroma: f32,
}

impl Coefficients {
    fn of(canvas: &Canvas) -> Self {
        let (kr, kb) = match canvas.colour().matrix {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
        };
        let (black, luma, chroma) = match canvas.colour().range {
            Range::Limited => (16.0, 219.0 / 255.0, 224.0 / 255.0),
            Range::Full => (0.0, 1.0, 1.0),
        };
        Self { kr, kb, black, luma, chroma }
    }

    fn bright(&self, pixel: u32) -> (f32, f32, f32) {
        let [b, g, r, _] = pixel.to_le_bytes().map(f32::from);
        (r * self.kr + g * (1.0 - self.kr - self.kb) + b * self.kb, r, b)
    }

    fn luma(&self, pixel: u32) -> u8 {
        (self.black + self.bright(pixel).0 * self.luma).round().clamp(0.0, 255.0) as u8
    }

    fn chroma(&self, pixel: u32) -> (u8, u8) {
        let (y, r, b) = self.bright(pixel);
        let part = |colour: f32, k: f32| {
            (128.0 + (colour - y) / (2.0 * (1.0 - k)) * self.chroma).round().clamp(0.0, 255.0) as u8
        };
        (part(b, self.kb), part(r, self.kr))
    }
}
