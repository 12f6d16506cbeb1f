use model::{PixelFormat, Rect, Size};

use crate::support::*;

const PICTURE: Size = Size::new(640, 360);
const TILE: Size = Size::new(238, 133);
const PERIOD: f64 = 2.3;

fn grating(x: f64, y: f64, shift: f64) -> f64 {
    let along = x * f64::from(PICTURE.width) + 0.37 * y * f64::from(PICTURE.height) + shift;
    0.5 + 0.4 * (along / PERIOD * std::f64::consts::TAU).sin()
}

/// How much the pixels flicker over the frames: the mean of their standard deviations.
fn flicker(frames: &[Vec<f64>]) -> f64 {
    let count = frames.len() as f64;
    let deviation = |i: usize| {
        let mean = frames.iter().map(|frame| frame[i]).sum::<f64>() / count;
        (frames.iter().map(|frame| (frame[i] - mean).powi(2)).sum::<f64>() / count).sqrt()
    };
    (0..frames[0].len()).map(deviation).sum::<f64>() / frames[0].len() as f64
}

/// Leaves, fences and fabric that are finer than the tile's pixels fade to their mean; picking the nearest sample, as
/// a cheap scaler does, makes them boil.
#[test]
fn a_moving_fine_grating_does_not_shimmer() {
    let shifts: Vec<f64> = (0..9).map(|i| f64::from(i) * 0.29).collect();
    for mut wall in both(TILE) {
        let (mut ours, mut nearest) = (Vec::new(), Vec::new());
        for (sequence, &shift) in (1..).zip(&shifts) {
            let formula = |x: f64, y: f64| [grating(x, y, shift), 0.5, 0.5];
            let picture = model::Picture { sequence, ..picture(PICTURE, PixelFormat::I420, BT601, formula) };
            let image = drawn(&mut wall, &[showing(Rect::new(0, 0, TILE.width, TILE.height), 1, &picture)]);
            ours.push(image.pixels().map(|pixel| f64::from(pixel[1])).collect());
            let pick = |i: u32| {
                let (x, y) = (i % TILE.width, i / TILE.width);
                let column = (x * PICTURE.width + PICTURE.width / 2) / TILE.width;
                let row = (y * PICTURE.height + PICTURE.height / 2) / TILE.height;
                let sample =
                    picture.planes.plane(0)[row as usize * picture.planes.stride(0) + column as usize];
                (f64::from(sample) - 16.0) * 255.0 / 219.0
            };
            nearest.push((0..TILE.width * TILE.height).map(pick).collect());
        }
        let (ours, nearest) = (flicker(&ours), flicker(&nearest));
        assert!(nearest > 60.0, "the grating itself flickers: {nearest:.2}");
        assert!(ours < nearest / 20.0, "{ours:.2} against {nearest:.2} of the nearest sample");
    }
}
