//! A place all around, as a camera with motors could see it from where it hangs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;

use model::Size;

use super::lens::Lens;
use super::place::{Draft, Place};
use super::solid::Ray;
use super::still::Still;
use super::tone::Tone;
use super::vector::v;
use super::world::World;
use super::{Light, Optics, Scene};
use crate::motor::HOME_PAN;
use crate::panorama::{COLUMNS, PER_DEGREE, ROWS, TOP};

/// Columns that are traced at once.
const STRIP: usize = 240;

/// Planes Y, U, V (4:2:0, limited range) of a place by day; `None` once `stop` is set. Takes a while, on all processors.
pub(crate) fn render(scene: Scene, stop: &AtomicBool) -> Option<Vec<u8>> {
    let small = Size::new(320, 180);
    let Place { solids, lens: home, lighting, .. } = Place::new(scene, Light::Day, small, Optics::Straight);
    let world = World::new(solids);
    // It is exposed for where it is put up to look, as its clip is.
    let tone = Tone::new(&Still::new(&world, &home, &lighting, false, small), &lighting, false);
    let (from, at) = Draft::of(scene).view();
    let ahead = (at.x - from.x).atan2(at.z - from.z);
    // It says only how fine the rays lie: as in a picture of 51° with so many columns.
    let fine =
        Lens::straight(from, at, (51.0, 29.0), Size::new(51 * PER_DEGREE as u32, 29 * PER_DEGREE as u32));

    let planes = Mutex::new(vec![128_u8; COLUMNS * ROWS * 3 / 2]);
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let left = next.fetch_add(1, Relaxed) * STRIP;
            if left >= COLUMNS || stop.load(Relaxed) {
                return;
            }
            let ray = |x: f32, y: f32| {
                let pan = (left as f32 + x) / PER_DEGREE as f32;
                let (turn, down) = (
                    ahead + (pan - HOME_PAN as f32).to_radians(),
                    (y / PER_DEGREE as f32 - TOP as f32).to_radians(),
                );
                Ray::new(from, v(turn.sin() * down.cos(), -down.sin(), turn.cos() * down.cos()))
            };
            let size = Size::new(STRIP as u32, ROWS as u32);
            let still = Still::along(&world, &fine, &lighting, false, size, 1, ray);
            let strip: Vec<[f32; 3]> =
                still.pixels.iter().map(|pixel| tone.yuv(tone.still(pixel, &lighting, 1.0, 1.0))).collect();
            let mut planes = planes.lock().unwrap_or_else(PoisonError::into_inner);
            put(&strip, left, &mut planes);
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    let planes = planes.into_inner().unwrap_or_else(PoisonError::into_inner);
    (!stop.load(Relaxed)).then_some(planes)
}

fn put(strip: &[[f32; 3]], left: usize, planes: &mut [u8]) {
    let (luma, chroma) = planes.split_at_mut(COLUMNS * ROWS);
    for (y, row) in strip.chunks(STRIP).enumerate() {
        for (x, [light, ..]) in row.iter().enumerate() {
            luma[y * COLUMNS + left + x] = light.clamp(16.0, 235.0) as u8;
        }
    }
    let plane = COLUMNS / 2 * (ROWS / 2);
    for y in 0..ROWS / 2 {
        for x in 0..STRIP / 2 {
            for part in 0..2 {
                let at = |dx: usize, dy: usize| strip[(2 * y + dy) * STRIP + 2 * x + dx][1 + part];
                let mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4.0;
                chroma[part * plane + y * (COLUMNS / 2) + left / 2 + x] = mean.clamp(16.0, 240.0) as u8;
            }
        }
    }
}
