//! Light that falls on a place: from one sun, from lamps and windows, or from the camera's own illuminator.

use std::f32::consts::TAU;

use super::paint::hash;
use super::solid::Ray;
use super::vector::{V, v};
use super::world::World;

/// A lamp or a window: a rectangle that shines to one side, or a bulb if it faces nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lamp {
    pub(super) at: V,
    /// Half its size along x, y and z.
    pub(super) half: V,
    pub(super) facing: V,
    pub(super) power: f32,
}

#[derive(Clone, Debug)]
pub(super) struct Lighting {
    /// Towards the sun.
    pub(super) sun: Option<V>,
    pub(super) lamps: Vec<Lamp>,
    /// Beside the lens.
    pub(super) illuminator: Option<(V, V)>,
    /// Colour of the direct light, and of what comes from everywhere.
    pub(super) direct: V,
    pub(super) ambient: V,
    /// Overhead and at the horizon.
    pub(super) sky: (V, V),
    /// How far things darken each other's corners, metres.
    pub(super) reach: f32,
}

/// Numbers in 0–1 that fill the square evenly over the samples of one pixel.
pub(super) struct Dice {
    x: i32,
    y: i32,
    sample: i32,
}

impl Dice {
    pub(super) fn new(x: usize, y: usize, sample: usize) -> Self {
        Self { x: x as i32, y: y as i32, sample: sample as i32 * 16 }
    }

    /// Counts on from pixel to pixel, row to row and sample to sample.
    fn turn(&self) -> usize {
        (self.x + self.y * 3 + self.sample / 16 * 2) as usize
    }

    pub(super) fn roll(&mut self) -> f32 {
        self.sample += 1;
        hash(self.x, self.y, self.sample)
    }
}

/// The illuminator's light: narrower than the view, and with the square of the distance.
fn beam(cosine: f32, distance: f32) -> f32 {
    cosine.max(0.0).powf(9.0) * 30.0 / (distance * distance + 5.0)
}

/// A direction around `n`, more often near it (cosine).
fn around(n: V, dice: &mut Dice) -> V {
    let (turn, height) = (dice.roll() * TAU, dice.roll() * 2.0 - 1.0);
    let flat = (1.0 - height * height).sqrt();
    (n * 1.001 + v(turn.cos() * flat, height, turn.sin() * flat)).unit()
}

impl Lighting {
    /// Colour of the sky in a direction.
    pub(super) fn sky(&self, to: V) -> V {
        let (zenith, horizon) = self.sky;
        horizon.mix(zenith, to.y.clamp(0.0, 1.0).powf(0.6))
    }

    /// Direct light at `p` with normal `n`, in units of [`Self::direct`].
    pub(super) fn direct_at(&self, world: &World, p: V, n: V, dice: &mut Dice) -> f32 {
        let p = p + n * 2e-3;
        let mut sum = 0.0;
        if let Some(sun) = self.sun {
            let spread = v(dice.roll() - 0.5, dice.roll() - 0.5, dice.roll() - 0.5) * 0.035;
            let to = (sun + spread).unit();
            let cosine = n.dot(to);
            if cosine > 0.0 && !world.blocked(&Ray::new(p, to), 200.0) {
                sum += cosine;
            }
        }
        if let Some((from, axis)) = self.illuminator {
            let away = from - p;
            let distance = away.length();
            let to = away * (1.0 / distance);
            let cosine = n.dot(to);
            if cosine > 0.0 && !world.blocked(&Ray::new(p, to), distance - 0.05) {
                sum += cosine.powf(0.7) * beam(-to.dot(axis), distance);
            }
        }
        sum + self.lamp_at(world, p, n, dice)
    }

    /// One lamp a sample, in turn, so that a patch of neighbours asks all of them equally often.
    fn lamp_at(&self, world: &World, p: V, n: V, dice: &mut Dice) -> f32 {
        let count = self.lamps.len();
        if count == 0 {
            return 0.0;
        }
        let lamp = &self.lamps[dice.turn() % count];
        let spot = v(dice.roll() - 0.5, dice.roll() - 0.5, dice.roll() - 0.5) * 2.0;
        let away = lamp.at + spot.times(lamp.half) - p;
        let distance = away.length();
        let to = away * (1.0 / distance);
        let shines = if lamp.facing == V::default() { 1.0 } else { (-to.dot(lamp.facing)).max(0.0) };
        let light = n.dot(to).max(0.0) * shines * lamp.power / (distance * distance + 0.3);
        if light > 0.002 && !world.blocked(&Ray::new(p, to), distance - 0.03) {
            light * count as f32
        } else {
            0.0
        }
    }

    /// Share of the surroundings' light that reaches `p`, by one ray.
    pub(super) fn ambient_at(&self, world: &World, p: V, n: V, dice: &mut Dice) -> f32 {
        let to = around(n, dice);
        let share = match world.hit(&Ray::new(p + n * 2e-3, to), self.reach) {
            // What is near is lit as well, and gives some of it back.
            Some(hit) => 0.25 + 0.5 * hit.t / self.reach,
            None => 1.0,
        };
        share * (0.8 + 0.2 * n.y)
    }

    /// Where most of the direct light at a moving figure comes from, and how much.
    pub(super) fn towards(&self, world: &World, p: V) -> (V, f32) {
        let mut sum = V::default();
        let mut add = |to: V, distance: f32, amount: f32| {
            if !world.blocked(&Ray::new(p, to), distance - 0.03) {
                sum = sum + to * amount;
            }
        };
        if let Some(sun) = self.sun {
            add(sun, 200.0, 1.0);
        }
        if let Some((from, axis)) = self.illuminator {
            let away = from - p;
            let distance = away.length();
            let to = away * (1.0 / distance);
            add(to, distance, beam(-to.dot(axis), distance));
        }
        for lamp in &self.lamps {
            let away = lamp.at - p;
            let distance = away.length();
            let to = away * (1.0 / distance);
            let shines = if lamp.facing == V::default() { 1.0 } else { (-to.dot(lamp.facing)).max(0.0) };
            add(to, distance, shines * lamp.power / (distance * distance + 0.3));
        }
        let amount = sum.length();
        (sum * (1.0 / amount.max(1e-6)), amount)
    }
}

/// A window or a ceiling panel that shines along one axis; `power` is its light at 1 m.
pub(super) fn panel(at: [f32; 3], half: [f32; 3], facing: [f32; 3], power: f32) -> Lamp {
    let vector = |a: [f32; 3]| v(a[0], a[1], a[2]);
    Lamp { at: vector(at), half: vector(half), facing: vector(facing), power }
}
