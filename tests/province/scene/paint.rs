//! Surfaces: colour, grain, gloss, and how they look in infrared.

use super::vector::{V, rgb, v};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Texture {
    Plain,
    /// Blotches and dust, as plaster and old concrete have.
    Mottled,
    Asphalt,
    /// Square slabs with joints; the side in metres.
    Slabs(f32),
    /// Glazed tiles with light joints and a reflection; the side in metres.
    Tiles(f32),
    Grass,
    Leaves,
    Water,
    /// Waves of sheet metal along x.
    Corrugated,
    /// Boards across.
    Wood,
    /// Windows: dark, with the sky in them.
    Glass,
    /// Bars of a gate or a balustrade, with gaps; the distance in metres.
    Louvres(f32),
    /// Lines that look like writing on a sign.
    Writing,
    /// A lamp or a bright window: shines.
    Glow,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    pub(super) colour: V,
    pub(super) texture: Texture,
    /// Share of what it mirrors, looked at straight.
    pub(super) gloss: f32,
    /// Brightness in infrared, which says little about the colour.
    pub(super) infrared: f32,
}

impl From<(u32, Texture)> for Paint {
    fn from((hex, texture): (u32, Texture)) -> Self {
        let colour = rgb(hex);
        let (gloss, infrared) = match texture {
            Texture::Leaves | Texture::Grass => (0.0, 0.55),
            Texture::Tiles(_) => (0.06, 0.2 + 0.6 * colour.luminance()),
            Texture::Water => (0.25, 0.05),
            Texture::Glass => (0.12, 0.06),
            Texture::Asphalt => (0.0, 0.13),
            _ => (0.0, 0.12 + 0.75 * colour.luminance()),
        };
        Self { colour, texture, gloss, infrared }
    }
}

impl From<u32> for Paint {
    fn from(hex: u32) -> Self {
        (hex, Texture::Plain).into()
    }
}

/// A number in 0–1 that looks random, the same for the same place.
pub(super) fn hash(x: i32, y: i32, z: i32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x8da6_b343)
        ^ (y as u32).wrapping_mul(0xd816_3841)
        ^ (z as u32).wrapping_mul(0xcb1a_b31f);
    h = (h ^ h >> 15).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ h >> 12).wrapping_mul(0x297a_2d39);
    ((h ^ h >> 15) >> 8) as f32 / (1 << 24) as f32
}

/// Smooth noise in 0–1 with one bump a unit.
pub(super) fn noise(p: V) -> f32 {
    let (fx, fy, fz) = (p.x.floor(), p.y.floor(), p.z.floor());
    let (x, y, z) = (fx as i32, fy as i32, fz as i32);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (tx, ty, tz) = (ease(p.x - fx), ease(p.y - fy), ease(p.z - fz));
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let line = |y: i32, z: i32| mix(hash(x, y, z), hash(x + 1, y, z), tx);
    mix(mix(line(y, z), line(y + 1, z), ty), mix(line(y, z + 1), line(y + 1, z + 1), ty), tz)
}

/// Noise of three sizes, 0–1.
fn rough(p: V) -> f32 {
    noise(p) * 0.5 + noise(p * 2.3) * 0.3 + noise(p * 5.1) * 0.2
}

/// Whether a leaf is here rather than a gap.
pub(super) fn is_leaf(p: V) -> bool {
    noise(p * 2.2) * 0.45 + noise(p * 5.5) * 0.25 + noise(p * 13.0) * 0.3 > 0.49
}

/// A direction that varies from leaf to leaf.
pub(super) fn ruffle(p: V) -> V {
    let q = p * 9.0;
    v(noise(q) - 0.5, noise(q + v(31.0, 0.0, 0.0)) - 0.3, noise(q + v(0.0, 57.0, 0.0)) - 0.5) * 2.0
}

/// The two coordinates that lie in a surface.
fn flat(p: V, n: V) -> (f32, f32) {
    if n.y.abs() > 0.7 {
        (p.x, p.z)
    } else if n.x.abs() > n.z.abs() {
        (p.z, p.y)
    } else {
        (p.x, p.y)
    }
}

/// 1 on a joint of a grid with this side, fading over `width` metres.
fn joint((a, b): (f32, f32), side: f32, width: f32) -> f32 {
    let to_edge = |x: f32| {
        let part = (x / side).rem_euclid(1.0);
        part.min(1.0 - part) * side
    };
    1.0 - (to_edge(a).min(to_edge(b)) / width).min(1.0)
}

impl Paint {
    /// Share of light given back at `p`, by colour. `pixel` is the size of a pixel there, metres: finer grain than
    /// that is left out.
    pub(super) fn albedo(&self, p: V, n: V, pixel: f32) -> V {
        let at = flat(p, n);
        let fine = |size: f32| (1.5 - pixel / size).clamp(0.0, 1.0);
        let grade = match self.texture {
            Texture::Plain | Texture::Glow | Texture::Water | Texture::Glass => 1.0,
            Texture::Mottled => {
                // Dirt runs down walls: stretched along the vertical.
                let streak = rough(v(p.x * 2.0, p.y * 0.35, p.z * 2.0));
                0.84 + 0.14 * rough(p * 0.9) + 0.13 * streak + 0.06 * (noise(p * 14.0) - 0.5) * fine(0.1)
            }
            Texture::Asphalt => {
                let stain = rough(p * 0.5);
                0.7 + 0.5 * stain
                    + 0.35 * (noise(p * 22.0) - 0.5) * fine(0.05)
                    + 0.15 * (noise(p * 6.0) - 0.5)
            }
            Texture::Slabs(side) => {
                let slab = hash((at.0 / side).floor() as i32, (at.1 / side).floor() as i32, 7);
                let gap = joint(at, side, 0.025_f32.max(pixel)) * 0.4 * fine(side * 0.5);
                (0.78
                    + 0.16 * slab
                    + 0.22 * (rough(p * 0.8) - 0.3)
                    + 0.1 * (noise(p * 17.0) - 0.5) * fine(0.07))
                    * (1.0 - gap)
            }
            Texture::Tiles(side) => {
                let tile = hash((at.0 / side).floor() as i32, (at.1 / side).floor() as i32, 3);
                let gap = joint(at, side, 0.012_f32.max(pixel * 0.7)) * 0.3 * fine(side * 0.6);
                (0.9 + 0.08 * tile + 0.08 * (rough(p * 0.7) - 0.5)) * (1.0 - gap)
            }
            Texture::Grass => 0.5 + 0.6 * rough(p * 1.3) + 0.5 * (noise(v(p.x * 18.0, 0.0, p.z * 7.0)) - 0.5),
            Texture::Leaves => 0.3 + 0.5 * noise(p * 4.0) + 0.7 * noise(p * 19.0),
            Texture::Corrugated => {
                0.8 + 0.2 * (p.x * std::f32::consts::TAU / 0.2).sin() * fine(0.2)
                    + 0.25 * (rough(p * 0.6) - 0.5)
            }
            Texture::Wood => {
                let grain = noise(v(at.0 * 3.0, at.1 * 40.0, p.z * 3.0)) * fine(0.03);
                0.82 + 0.25 * (grain - 0.3) + 0.1 * noise(p * 2.0)
            }
            Texture::Louvres(side) => {
                if (at.0 / side).rem_euclid(1.0) < 0.45 {
                    1.0
                } else {
                    0.28
                }
            }
            Texture::Writing => {
                let (line, column) = ((at.1 * 7.0).floor() as i32, (at.0 * 9.0).floor() as i32);
                let ink = (at.1 * 7.0).rem_euclid(1.0) > 0.4 && hash(column, line, 5) > 0.35;
                if ink { 0.25 } else { 1.0 }
            }
        };
        self.colour * grade.max(0.05)
    }
}
