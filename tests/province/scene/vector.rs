//! Three numbers: a place in metres (x to the right, y up, z away), a direction, or linear light (red, green, blue).

use std::ops::{Add, Mul, Neg, Sub};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct V {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) z: f32,
}

pub(super) const fn v(x: f32, y: f32, z: f32) -> V {
    V { x, y, z }
}

/// Without [`f32::min`]'s care for NaN: one instruction instead of four, in the innermost loop.
pub(super) fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// See [`lesser`].
pub(super) fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Linear light of an sRGB colour 0xRRGGBB.
pub(super) fn rgb(hex: u32) -> V {
    let part = |shift: u32| ((hex >> shift & 0xff) as f32 / 255.0).powf(2.2);
    v(part(16), part(8), part(0))
}

impl V {
    pub(super) fn dot(self, b: Self) -> f32 {
        self.x * b.x + self.y * b.y + self.z * b.z
    }

    pub(super) fn cross(self, b: Self) -> Self {
        v(self.y * b.z - self.z * b.y, self.z * b.x - self.x * b.z, self.x * b.y - self.y * b.x)
    }

    pub(super) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    pub(super) fn unit(self) -> Self {
        self * (1.0 / self.length().max(1e-12))
    }

    /// Part by part.
    pub(super) fn times(self, b: Self) -> Self {
        v(self.x * b.x, self.y * b.y, self.z * b.z)
    }

    pub(super) fn min(self, b: Self) -> Self {
        v(lesser(self.x, b.x), lesser(self.y, b.y), lesser(self.z, b.z))
    }

    pub(super) fn max(self, b: Self) -> Self {
        v(greater(self.x, b.x), greater(self.y, b.y), greater(self.z, b.z))
    }

    pub(super) fn mix(self, b: Self, amount: f32) -> Self {
        self + (b - self) * amount
    }

    /// Turned around the vertical; positive from z towards x.
    pub(super) fn turned(self, angle: f32) -> Self {
        self.turned_by(angle.sin_cos())
    }

    /// The same, of an angle whose sine and cosine are known.
    pub(super) fn turned_by(self, (sin, cos): (f32, f32)) -> Self {
        v(self.x * cos + self.z * sin, self.y, self.z * cos - self.x * sin)
    }

    /// Luminance of light (BT.709).
    pub(super) fn luminance(self) -> f32 {
        self.dot(v(0.2126, 0.7152, 0.0722))
    }
}

impl Add for V {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        v(self.x + b.x, self.y + b.y, self.z + b.z)
    }
}

impl Sub for V {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        v(self.x - b.x, self.y - b.y, self.z - b.z)
    }
}

impl Neg for V {
    type Output = Self;
    fn neg(self) -> Self {
        v(-self.x, -self.y, -self.z)
    }
}

impl Mul<f32> for V {
    type Output = Self;
    fn mul(self, b: f32) -> Self {
        v(self.x * b, self.y * b, self.z * b)
    }
}
