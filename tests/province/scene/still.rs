//! The picture without anything that moves: traced once, with its light kept apart so that shadows can be laid on it.

use model::Size;

use super::lens::Lens;
use super::lighting::{Dice, Lighting};
use super::paint::{Texture, noise};
use super::solid::Ray;
use super::vector::{V, v};
use super::world::{FAR, Hit, World};

/// One pixel. Its light is `albedo × (ambient × surroundings + direct × source) + shine`.
#[derive(Clone, Copy, Default)]
pub(super) struct Pixel {
    pub(super) albedo: V,
    /// What it sends by itself or mirrors, and the haze in front of it.
    pub(super) shine: V,
    pub(super) ambient: f32,
    pub(super) direct: f32,
    /// Metres to what is seen, [`FAR`] for the sky.
    pub(super) depth: f32,
    normal: V,
    pub(super) texture: Option<Texture>,
}

pub(super) struct Still {
    pub(super) pixels: Vec<Pixel>,
    pub(super) size: Size,
}

impl Still {
    pub(super) fn new(world: &World, lens: &Lens, lighting: &Lighting, grey: bool, size: Size) -> Self {
        let samples = if size.width as usize * size.height as usize > 500_000 { 2 } else { 4 };
        Self::along(world, lens, lighting, grey, size, samples, |x, y| lens.ray(x, y))
    }

    /// The same for rays of any kind; `lens` says only how fine they lie.
    pub(super) fn along(
        world: &World,
        lens: &Lens,
        lighting: &Lighting,
        grey: bool,
        size: Size,
        samples: usize,
        ray: impl Fn(f32, f32) -> Ray,
    ) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let eye = Eye { world, lens, lighting, grey };
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                pixels.push(eye.pixel(x, y, samples, &ray));
            }
        }
        let mut still = Self { pixels, size };
        still.smooth_light();
        still
    }

    /// The light was found with few rays: neighbours on the same surface share what they found.
    fn smooth_light(&mut self) {
        for horizontal in [true, false] {
            let (width, height) = (self.size.width as usize, self.size.height as usize);
            let step = if horizontal { 1 } else { width };
            let radius = if width > 1000 { 5 } else { 3 };
            let lights: Vec<(f32, f32)> =
                self.pixels.iter().map(|pixel| (pixel.ambient, pixel.direct)).collect();
            for y in 0..height {
                for x in 0..width {
                    let at = y * width + x;
                    let (along, length) = if horizontal { (x, width) } else { (y, height) };
                    let here = self.pixels[at];
                    let (mut ambient, mut direct, mut weight) = (0.0, 0.0, 0.0);
                    for place in along.saturating_sub(radius)..(along + radius + 1).min(length) {
                        let other = at + place * step - along * step;
                        let there = &self.pixels[other];
                        if (there.depth - here.depth).abs() < 0.06 * here.depth
                            && there.normal.dot(here.normal) > 0.9
                        {
                            ambient += lights[other].0;
                            direct += lights[other].1;
                            weight += 1.0;
                        }
                    }
                    if weight > 0.0 {
                        self.pixels[at].ambient = ambient / weight;
                        self.pixels[at].direct = direct / weight;
                    }
                }
            }
        }
    }
}

struct Eye<'a> {
    world: &'a World,
    lens: &'a Lens,
    lighting: &'a Lighting,
    grey: bool,
}

impl Eye<'_> {
    fn pixel(&self, x: usize, y: usize, samples: usize, ray: impl Fn(f32, f32) -> Ray) -> Pixel {
        let mut sum = Pixel::default();
        for sample in 0..samples {
            let mut dice = Dice::new(x, y, sample);
            // Corners of a turned square: each sample another column and another row.
            let (dx, dy) = [(0.375, 0.125), (0.625, 0.875), (0.875, 0.375), (0.125, 0.625)][sample];
            let ray = ray(x as f32 + dx, y as f32 + dy);
            // Light is asked for at every other sample: the neighbours share what they find anyway.
            let one = self.sample(&ray, &mut dice, sample % 2 == 0);
            sum.albedo = sum.albedo + one.albedo;
            sum.shine = sum.shine + one.shine;
            sum.ambient += one.ambient;
            sum.direct += one.direct;
            if sample == 0 {
                (sum.depth, sum.normal, sum.texture) = (one.depth, one.normal, one.texture);
            }
        }
        let share = 1.0 / samples as f32;
        sum.albedo = sum.albedo * share;
        sum.shine = sum.shine * share;
        let lit = 1.0 / samples.div_ceil(2) as f32;
        sum.ambient *= lit;
        sum.direct *= lit;
        sum
    }

    fn sample(&self, ray: &Ray, dice: &mut Dice, with_light: bool) -> Pixel {
        let Some(hit) = self.world.hit(ray, FAR) else {
            return Pixel { shine: self.sky(ray.to), depth: FAR, ..Pixel::default() };
        };
        let paint = &hit.solid.paint;
        let p = ray.at(hit.t);
        let texture = Some(paint.texture);
        let normal = hit.normal;
        if paint.texture == Texture::Glow {
            return Pixel { shine: self.tint(&hit, p), depth: hit.t, normal, texture, ..Pixel::default() };
        }
        let clear = (-hit.t / 260.0).exp();
        let shine = self.mirrored(ray, &hit, p, dice) * clear + self.lighting.sky.1 * (1.0 - clear);
        let (ambient, direct) = if with_light {
            let ambient = self.lighting.ambient_at(self.world, p, normal, dice);
            (ambient, self.lighting.direct_at(self.world, p, normal, dice))
        } else {
            (0.0, 0.0)
        };
        let albedo = self.tint(&hit, p) * clear;
        Pixel { albedo, shine, ambient, direct, depth: hit.t, normal, texture }
    }

    fn tint(&self, hit: &Hit<'_>, p: V) -> V {
        let paint = &hit.solid.paint;
        let albedo = paint.albedo(p, hit.normal, self.lens.pixel(hit.t));
        if self.grey {
            let share = albedo.luminance() / paint.colour.luminance().max(1e-3);
            v(1.0, 1.0, 1.0) * (paint.infrared * share)
        } else {
            albedo
        }
    }

    fn sky(&self, to: V) -> V {
        let sky = self.lighting.sky(to);
        if self.grey || to.y < 0.02 {
            return sky;
        }
        // Clouds: stretched towards the horizon.
        let cloud = noise(v(to.x / (to.y + 0.15), 3.0, to.z / (to.y + 0.15)) * 1.5) * 0.6
            + noise(v(to.x / (to.y + 0.15), 9.0, to.z / (to.y + 0.15)) * 4.0) * 0.4;
        sky.mix(self.lighting.sky.1 * 1.15, ((cloud - 0.4) * 2.5).clamp(0.0, 1.0))
    }

    /// What a glossy surface mirrors, lit roughly.
    fn mirrored(&self, ray: &Ray, hit: &Hit<'_>, p: V, dice: &mut Dice) -> V {
        let paint = &hit.solid.paint;
        if paint.gloss == 0.0 {
            return V::default();
        }
        let mut normal = hit.normal;
        if paint.texture == Texture::Water {
            let q = v(p.x * 1.1, 0.0, p.z * 2.2);
            normal = (normal + v(noise(q) - 0.5, 0.0, noise(q + v(50.0, 0.0, 0.0)) - 0.5) * 0.16).unit();
        } else {
            let q = p * 2.2;
            let even = v(dice.roll() - 0.5, 0.0, dice.roll() - 0.5) * 0.006;
            normal =
                (normal + v(noise(q) - 0.5, 0.0, noise(q + v(20.0, 0.0, 0.0)) - 0.5) * 0.016 + even).unit();
        }
        let cosine = (-ray.to.dot(normal)).clamp(0.0, 1.0);
        let share = paint.gloss + (0.7 - paint.gloss) * (1.0 - cosine).powf(5.0);
        let to = (ray.to + normal * (2.0 * cosine)).unit();
        let light = match self.world.hit(&Ray::new(p + normal * 2e-3, to), 80.0) {
            None => self.sky(to),
            Some(seen) if seen.solid.paint.texture == Texture::Glow => self.tint(&seen, p + to * seen.t),
            Some(seen) if self.lighting.illuminator.is_some() => self.tint(&seen, p + to * seen.t) * 0.03,
            Some(seen) => {
                let light = self.lighting.ambient * 0.7 + self.lighting.direct * 0.35;
                self.tint(&seen, p + to * seen.t).times(light)
            }
        };
        light * share
    }
}
