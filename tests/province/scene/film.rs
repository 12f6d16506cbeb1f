//! Pictures of a place over a loop: the still picture, what moves in front of it, and what a sensor makes of both.

use std::f32::consts::TAU;

use model::Size;

use super::figures::Actor;
use super::lens::Lens;
use super::lighting::Lighting;
use super::paint::{Texture, hash};
use super::place::Place;
use super::solid::{Ray, Solid};
use super::still::Still;
use super::tone::Tone;
use super::vector::{V, v};
use super::world::{FAR, World};
use super::{Light, Optics, Scene};

/// Luma is kept in sixteenths, so that slow changes of light do not move in steps.
const FINE: i32 = 16;

/// A place, ready to be filmed.
pub struct Film {
    size: Size,
    lens: Lens,
    lighting: Lighting,
    world: World,
    actors: Vec<Actor>,
    still: Still,
    tone: Tone,
    /// Luma of the still picture, and how much of it comes from the source of light, in sixteenths.
    luma: Vec<i16>,
    source: Vec<i16>,
    /// Chroma of the still picture: all of U, then all of V.
    chroma: Vec<u8>,
    /// Pixels of leaves and of water.
    leaves: Vec<u32>,
    water: Vec<Ripple>,
    /// One turn of a sine.
    sine: Vec<f32>,
    /// Random numbers with a standard deviation of 16.
    grain: Vec<i8>,
    noise: f32,
}

impl Film {
    /// Builds the place and traces all of it that stands still; this takes most of the time.
    #[must_use]
    pub fn new(scene: Scene, light: Light, size: Size, optics: Optics) -> Self {
        let place = Place::new(scene, light, size, optics);
        let Place { solids, lens, lighting, actors } = place;
        let world = World::new(solids);
        let grey = light == Light::Infrared;
        let still = Still::new(&world, &lens, &lighting, grey, size);
        let tone = Tone::new(&still, &lighting, grey);
        let (width, height) = (size.width as usize, size.height as usize);
        let of = |texture| {
            let all = still.pixels.iter().enumerate();
            all.filter(move |(_, pixel)| pixel.texture == Some(texture)).map(|(i, _)| i)
        };
        let leaves = of(Texture::Leaves).map(|i| i as u32).collect();
        let water = of(Texture::Water).map(|i| Ripple::new(i, width, &lens, still.pixels[i].depth)).collect();
        let sine = (0..TURN).map(|i| (i as f32 / TURN as f32 * TAU).sin()).collect();
        let (luma, source) = tone.luma(&still, &lighting);
        let chroma = tone.chroma(&still, &lighting);
        let bell = |i: i32| (0..6).map(|k| hash(i, k, 99) - 0.5).sum::<f32>() * 1.414 * 16.0;
        let grain = (0..width as i32 * 16 + 4096).map(|i| bell(i).clamp(-64.0, 64.0) as i8).collect();
        let fine = if height > 700 { 1.4 } else { 0.8 };
        let noise = if grey { fine * 1.6 } else { fine };
        Self {
            size,
            lens,
            lighting,
            world,
            actors,
            still,
            tone,
            luma,
            source,
            chroma,
            leaves,
            water,
            sine,
            grain,
            noise,
        }
    }

    /// Takes picture `number` of the `total` of a loop: planes Y, U, V (4:2:0, limited range) one after the other.
    ///
    /// # Panics
    /// When `planes` is not one and a half bytes a pixel.
    pub fn shoot(&self, number: u32, total: u32, planes: &mut [u8]) {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        assert_eq!(planes.len(), width * height + 2 * width.div_ceil(2) * height.div_ceil(2), "I420");
        let time = number as f32 / total as f32;
        let mut luma = self.lit(time);
        let (out, chroma) = planes.split_at_mut(width * height);
        chroma.copy_from_slice(&self.chroma);
        self.sway(&mut luma, time);
        self.ripple(&mut luma, time);
        let mut actors: Vec<Vec<Solid>> = self.actors.iter().flat_map(|actor| actor.solids(time)).collect();
        let distance = |solids: &[Solid]| {
            solids.first().map_or(0.0, |solid| {
                let (low, high) = solid.shape.bounds();
                ((low + high) * 0.5 - self.lens.from).length()
            })
        };
        // The farthest first, so that nearer ones cover them.
        actors.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
        let mut canvas = Canvas { film: self, luma: &mut luma, chroma };
        for solids in &actors {
            canvas.shade(solids);
        }
        for solids in &actors {
            canvas.draw(solids);
        }
        self.expose(&luma, number, out);
    }

    /// The still picture as clouds pass the sun or lamps tremble.
    fn lit(&self, time: f32) -> Vec<i16> {
        let cloud = (time * TAU).sin() * 0.5 + (time * TAU * 2.0 + 1.0).sin() * 0.3;
        let tremble = hash((time * 3000.0) as i32, 1, 1) * 0.1;
        let dimmer = ((cloud - 0.8 + tremble) * 0.22 * 256.0) as i32;
        let dim =
            |(&luma, &source): (&i16, &i16)| (i32::from(luma) + ((i32::from(source) * dimmer) >> 8)) as i16;
        self.luma.iter().zip(&self.source).map(dim).collect()
    }

    /// Leaves move in the wind.
    fn sway(&self, luma: &mut [i16], time: f32) {
        let width = self.size.width as usize;
        let reach = width as f32 / 640.0 * 1.4;
        let before: Vec<i16> = luma.to_vec();
        for &at in &self.leaves {
            let (x, y) = (at as usize % width, at as usize / width);
            let place = (x as f32 * 0.11 + y as f32 * 0.07) * 640.0 / width as f32;
            let wind = (time * TAU * 3.0 + place * 0.35).sin() + 0.6 * (time * TAU * 7.0 + place).sin();
            let dx = (wind * reach).round() as isize;
            if let Some(moved) = before.get((at as usize).wrapping_add_signed(dx)) {
                luma[at as usize] = *moved;
            }
        }
    }

    /// Waves run over the water.
    fn ripple(&self, luma: &mut [i16], time: f32) {
        let turns =
            [-5.0, -8.0, 11.0].map(|turns: f32| ((time * turns).rem_euclid(1.0) * TURN as f32) as usize);
        for ripple in &self.water {
            let wave = |i: usize| self.sine[(usize::from(ripple.phases[i]) + turns[i]) % TURN];
            let luma = &mut luma[ripple.at as usize];
            *luma += (f32::from(*luma) * (wave(0) + 0.7 * wave(1) + 0.5 * wave(2)) * ripple.strength) as i16;
        }
    }

    /// Sensor noise, and back to bytes.
    fn expose(&self, luma: &[i16], number: u32, out: &mut [u8]) {
        let width = self.size.width as usize;
        let strength = (self.noise * 16.0) as i32;
        for (y, (row, out)) in luma.chunks(width).zip(out.chunks_mut(width)).enumerate() {
            let start = (hash(y as i32, number as i32, 17) * (self.grain.len() - width) as f32) as usize;
            for ((&luma, &grain), out) in row.iter().zip(&self.grain[start..]).zip(out) {
                let noisy = i32::from(luma) + ((i32::from(grain) * strength) >> 4) + FINE / 2;
                *out = (noisy / FINE).clamp(16, 235) as u8;
            }
        }
    }
}

/// Steps of a turn in [`Film::sine`].
const TURN: usize = 1024;

/// A pixel of water: where three waves stand in it as the loop begins.
struct Ripple {
    at: u32,
    phases: [u16; 3],
    strength: f32,
}

impl Ripple {
    fn new(at: usize, width: usize, lens: &Lens, depth: f32) -> Self {
        let p = lens.ray((at % width) as f32 + 0.5, (at / width) as f32 + 0.5).at(depth);
        let waves = [p.x * 1.3 + p.z * 2.9, p.x * -2.1 + p.z * 4.3, p.x * 5.0 + p.z * 7.1];
        let phases = waves.map(|wave| ((wave / TAU).rem_euclid(1.0) * TURN as f32) as u16);
        Self { at: at as u32, phases, strength: 0.05 / (1.0 + depth * 0.02) }
    }
}

/// The corners of a box around all of them.
fn bounds(solids: &[Solid]) -> (V, V) {
    let start = (v(FAR, FAR, FAR), v(-FAR, -FAR, -FAR));
    solids.iter().map(|solid| solid.shape.bounds()).fold(start, |a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// One picture while figures are drawn into it.
struct Canvas<'a> {
    film: &'a Film,
    luma: &'a mut [i16],
    chroma: &'a mut [u8],
}

impl Canvas<'_> {
    /// Lays a figure's shadow on what stands still: the sun's, and the dimness where feet or wheels stand.
    fn shade(&mut self, solids: &[Solid]) {
        let film = self.film;
        let (low, high) = bounds(solids);
        // Too high for a shadow that would be noticed, or afloat.
        if low.y > 1.5 || low.y < -0.3 {
            return;
        }
        let (mut from, mut to) = (low - v(0.5, 0.05, 0.5), v(high.x, low.y, high.z) + v(0.5, 0.3, 0.5));
        if let Some(sun) = film.lighting.sun {
            let fall = sun * (-high.y / sun.y.max(0.1));
            (from, to) = (from.min(low + v(fall.x, 0.0, fall.z)), to.max(high + v(fall.x, -high.y, fall.z)));
        }
        let Some([left, top, right, bottom]) = film.lens.covers((from, to)) else { return };
        let (middle, radius) = ((low + high) * 0.5, ((high.x - low.x).max(high.z - low.z) * 0.5).max(0.25));
        let nearness = 0.8 / (radius * radius);
        let shadow = Shadow::new(film.lighting.sun, solids, (low, high));
        let width = film.size.width as usize;
        for y in top..bottom {
            for x in left..right {
                let at = y * width + x;
                let pixel = &film.still.pixels[at];
                if pixel.depth >= FAR || matches!(pixel.texture, Some(Texture::Water | Texture::Glow)) {
                    continue;
                }
                let p = film.lens.ray(x as f32 + 0.5, y as f32 + 0.5).at(pixel.depth);
                let (dx, dz) = (p.x - middle.x, p.z - middle.z);
                let off = (dx * dx + dz * dz) * nearness;
                let near = if off < 4.0 {
                    0.6 * (-off).exp() * (1.0 - (p.y - low.y) * 2.0).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let dark = if pixel.direct < 0.02 { 1.0 } else { shadow.share(p) };
                if near > 0.02 || dark < 1.0 {
                    let before = film.tone.still(pixel, &film.lighting, 1.0, 1.0);
                    let after = film.tone.still(pixel, &film.lighting, 1.0 - near, dark * (1.0 - near * 0.7));
                    let luma = &mut self.luma[at];
                    *luma += ((film.tone.curve(after.luminance()) - film.tone.curve(before.luminance()))
                        * 219.0
                        * FINE as f32) as i16;
                    *luma = (*luma).max(16 * FINE as i16);
                }
            }
        }
    }

    fn draw(&mut self, solids: &[Solid]) {
        let film = self.film;
        let Some(rect) = film.lens.covers(bounds(solids)) else { return };
        let (low, high) = bounds(solids);
        let (to, amount) = film.lighting.towards(&film.world, (low + high) * 0.5);
        let fine = if film.size.width.max(film.size.height) > 1000 { 1 } else { 2 };
        let mut sheet = Sheet::new(&film.lens, rect, fine);
        for solid in solids {
            sheet.add(&film.lens, solid);
        }
        let [left, top, right, bottom] = rect;
        let width = film.size.width as usize;
        for y in top..bottom {
            for x in left..right {
                let pixel = &film.still.pixels[y * width + x];
                let (mut sum, mut cover) = (V::default(), 0.0);
                for dot in sheet.dots(x, y) {
                    if dot.solid != NOTHING && dot.t < pixel.depth {
                        sum = sum + self.lit(dot, &solids[dot.solid as usize], to, amount);
                        cover += 1.0;
                    }
                }
                if cover > 0.0 {
                    self.put(x, y, sum * (1.0 / cover), cover / (fine * fine) as f32);
                }
            }
        }
    }

    /// Light that a figure sends to the camera.
    fn lit(&self, dot: &Dot, solid: &Solid, to: V, amount: f32) -> V {
        let lighting = &self.film.lighting;
        let paint = &solid.paint;
        let colour = if self.film.tone.grey { v(1.0, 1.0, 1.0) * paint.infrared } else { paint.colour };
        let direct = (dot.normal.dot(to) * 0.9 + 0.1).max(0.0) * amount;
        let around = 0.62 + 0.38 * dot.normal.y;
        let mirrored = if paint.gloss > 0.0 {
            lighting.sky(v(0.0, dot.normal.y.max(0.0), 1.0)) * (paint.gloss * 1.5)
        } else {
            V::default()
        };
        colour.times(lighting.ambient * around + lighting.direct * direct) + mirrored
    }

    fn put(&mut self, x: usize, y: usize, light: V, cover: f32) {
        let film = self.film;
        let (width, height) = (film.size.width as usize, film.size.height as usize);
        let [luma, u, w] = film.tone.yuv(light * film.tone.vignette(x, y));
        let old = &mut self.luma[y * width + x];
        *old = (f32::from(*old) * (1.0 - cover) + luma * cover * FINE as f32) as i16;
        if x.is_multiple_of(2) && y.is_multiple_of(2) && !film.tone.grey {
            let (columns, rows) = (width.div_ceil(2), height.div_ceil(2));
            let at = y / 2 * columns + x / 2;
            for (at, value) in [(at, u), (at + columns * rows, w)] {
                self.chroma[at] = (f32::from(self.chroma[at]) * (1.0 - cover) + value * cover) as u8;
            }
        }
    }
}

/// The sun's shadow of one figure.
struct Shadow<'a> {
    /// Towards the sun's middle and both its edges, so that the shadow's edge is a little soft; none without a sun.
    rays: Option<[Ray; 3]>,
    solids: &'a [Solid],
    low: V,
    high: V,
}

impl<'a> Shadow<'a> {
    fn new(sun: Option<V>, solids: &'a [Solid], (low, high): (V, V)) -> Self {
        let rays = sun.map(|sun| {
            let side = v(sun.z, 0.0, -sun.x) * 0.012;
            [sun, (sun + side).unit(), (sun - side).unit()].map(|to| Ray::new(V::default(), to))
        });
        Self { rays, solids, low, high }
    }

    /// How much of the sun it leaves at `p`.
    fn share(&self, p: V) -> f32 {
        let Some(rays) = self.rays else { return 1.0 };
        let blocked = |ray: &Ray| {
            ray.enters(self.low, self.high, 200.0).is_some()
                && self.solids.iter().any(|solid| solid.shape.hit(ray, 200.0).is_some())
        };
        1.0 - rays.into_iter().filter(|ray| blocked(&ray.moved(p))).count() as f32 / 3.0
    }
}

/// In [`Dot::solid`].
const NOTHING: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Dot {
    /// Through it; kept, because every solid asks for it.
    ray: Ray,
    t: f32,
    normal: V,
    /// Which of the figure's solids is seen, [`NOTHING`] for none.
    solid: u32,
}

/// The nearest of a figure's solids at each point of a grid finer than the pixels.
struct Sheet {
    rect: [usize; 4],
    fine: usize,
    dots: Vec<Dot>,
    count: u32,
}

impl Sheet {
    fn new(lens: &Lens, rect: [usize; 4], fine: usize) -> Self {
        let [left, top, right, bottom] = rect;
        let mut dots = Vec::with_capacity((right - left) * (bottom - top) * fine * fine);
        let step = 1.0 / fine as f32;
        for y in top..bottom {
            for x in left..right {
                for i in 0..fine * fine {
                    let (dx, dy) = ((i % fine) as f32 + 0.5, (i / fine) as f32 + 0.5);
                    let ray = lens.ray(x as f32 + dx * step, y as f32 + dy * step);
                    dots.push(Dot { ray, t: FAR, normal: V::default(), solid: NOTHING });
                }
            }
        }
        Self { rect, fine, dots, count: 0 }
    }

    fn start(&self, x: usize, y: usize) -> usize {
        ((y - self.rect[1]) * (self.rect[2] - self.rect[0]) + x - self.rect[0]) * self.fine * self.fine
    }

    fn dots(&self, x: usize, y: usize) -> &[Dot] {
        &self.dots[self.start(x, y)..][..self.fine * self.fine]
    }

    fn add(&mut self, lens: &Lens, solid: &Solid) {
        let index = self.count;
        self.count += 1;
        let Some(part) = lens.covers(solid.shape.bounds()) else { return };
        for y in part[1].max(self.rect[1])..part[3].min(self.rect[3]) {
            for x in part[0].max(self.rect[0])..part[2].min(self.rect[2]) {
                let start = self.start(x, y);
                for dot in &mut self.dots[start..start + self.fine * self.fine] {
                    if let Some((t, normal)) = solid.shape.hit(&dot.ray, dot.t) {
                        (dot.t, dot.normal, dot.solid) = (t, normal, index);
                    }
                }
            }
        }
    }
}
