//! Where a camera hangs and how its lens bends the picture.

use model::Size;

use super::solid::Ray;
use super::vector::{V, v};

#[derive(Clone, Copy, Debug)]
pub(super) struct Lens {
    pub(super) from: V,
    right: V,
    up: V,
    pub(super) forward: V,
    /// Tangent of half the angle that the longer side sees.
    tangent: f32,
    /// Barrel distortion, 0 for none: wide lenses squeeze the edges.
    barrel: f32,
    size: Size,
    /// A pixel in halves of the longer side; half the width and height in the same measure.
    step: f32,
    half: (f32, f32),
    /// Tangent at the middle of the picture.
    inward: f32,
    /// Tangent of the shorter side over what square pixels would give.
    squeeze: f32,
}

impl Lens {
    /// Looks from `from` to `at`; `degrees` is the angle of the longer side.
    pub(super) fn new(from: V, at: V, degrees: f32, barrel: f32, size: Size) -> Self {
        let forward = (at - from).unit();
        let right = v(0.0, 1.0, 0.0).cross(forward).unit();
        let tangent = (degrees.to_radians() / 2.0).tan();
        let step = 2.0 / size.width.max(size.height) as f32;
        let half = (size.width as f32 * step / 2.0, size.height as f32 * step / 2.0);
        let inward = tangent / (1.0 + barrel);
        let up = forward.cross(right);
        Self { from, right, up, forward, tangent, barrel, size, step, half, inward, squeeze: 1.0 }
    }

    /// Without distortion, `wide` × `high` degrees in a picture of 16:9.
    pub(super) fn straight(from: V, at: V, (wide, high): (f32, f32), size: Size) -> Self {
        let tangent = |degrees: f32| (degrees.to_radians() / 2.0).tan();
        let squeeze = tangent(high) / (tangent(wide) * 9.0 / 16.0);
        Self { squeeze, ..Self::new(from, at, wide, 0.0, size) }
    }

    /// Through the point (x, y) of the picture, pixels from the upper left corner.
    pub(super) fn ray(&self, x: f32, y: f32) -> Ray {
        // Called for every pixel of every figure: no division.
        let (a, b) = (x * self.step - self.half.0, self.half.1 - y * self.step);
        let scale = self.inward * (1.0 + self.barrel * (a * a + b * b));
        Ray::new(
            self.from,
            (self.forward + self.right * (a * scale) + self.up * (b * scale * self.squeeze)).unit(),
        )
    }

    /// Where a place appears, or `None` behind the camera.
    pub(super) fn project(&self, p: V) -> Option<(f32, f32)> {
        let q = p - self.from;
        let away = q.dot(self.forward);
        if away < 0.1 {
            return None;
        }
        let scale = (1.0 + self.barrel) / (self.tangent * away);
        let (a, b) = (q.dot(self.right) * scale, q.dot(self.up) * scale / self.squeeze);
        let far = a.hypot(b);
        let mut near = far;
        for _ in 0..8 {
            near = far / (1.0 + self.barrel * near * near);
        }
        let shrink = if far > 0.0 { near / far } else { 1.0 };
        let x = (a * shrink + self.half.0) / self.step;
        Some((x, (self.half.1 - b * shrink) / self.step))
    }

    /// The pixels that a box may cover: left, top, right, bottom (exclusive); `None` if none.
    pub(super) fn covers(&self, (low, high): (V, V)) -> Option<[usize; 4]> {
        let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for i in 0..8 {
            let pick = |bit: usize, a: f32, b: f32| if i >> bit & 1 == 0 { a } else { b };
            let corner = v(pick(0, low.x, high.x), pick(1, low.y, high.y), pick(2, low.z, high.z));
            let (x, y) = self.project(corner)?;
            (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x), bottom.max(y));
        }
        let clamp = |x: f32, limit: u32| x.clamp(0.0, limit as f32) as usize;
        let (width, height) = (self.size.width, self.size.height);
        let rect = [
            clamp(left - 1.0, width),
            clamp(top - 1.0, height),
            clamp(right + 2.0, width),
            clamp(bottom + 2.0, height),
        ];
        (rect[0] < rect[2] && rect[1] < rect[3]).then_some(rect)
    }

    /// Metres that a pixel spans at this distance.
    pub(super) fn pixel(&self, distance: f32) -> f32 {
        self.tangent * distance * self.step
    }
}
