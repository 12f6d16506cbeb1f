//! Marks at known places of every panorama: discs of pure magenta, which nothing else in a room is. Where one appears in a
//! picture says where the camera points.

use model::{Rect, Size};

use crate::panorama::{COLUMNS, PER_DEGREE, ROWS, TOP};

/// Pan and tilt of the marks, degrees. No picture shows both, and none is in the picture of a camera at home.
pub const MARKS: [(f64, f64); 2] = [(120.0, 20.0), (330.0, 40.0)];
/// Degrees from the middle of a mark to its edge.
const RADIUS: f64 = 1.6;
/// Magenta in the limited range (BT.601).
const COLOUR: [u8; 3] = [107, 202, 222];

/// Paints the marks on a panorama.
pub(crate) fn paint(planes: &mut [u8]) {
    let (luma, chroma) = planes.split_at_mut(COLUMNS * ROWS);
    let (u, v) = chroma.split_at_mut(COLUMNS / 2 * (ROWS / 2));
    for (plane, step, colour) in [(luma, 1, COLOUR[0]), (u, 2, COLOUR[1]), (v, 2, COLOUR[2])] {
        let columns = COLUMNS / step;
        for (at, sample) in plane.iter_mut().enumerate() {
            let degrees = |i: usize| (i as f64 + 0.5) * step as f64 / PER_DEGREE as f64;
            let (pan, tilt) = (degrees(at % columns), degrees(at / columns) - TOP as f64);
            if MARKS.iter().any(|mark| is_within(*mark, pan, tilt)) {
                *sample = colour;
            }
        }
    }
}

fn is_within(mark: (f64, f64), pan: f64, tilt: f64) -> bool {
    let (dx, dy) = ((pan - mark.0) * mark.1.to_radians().cos(), tilt - mark.1);
    dx.hypot(dy) <= RADIUS
}

/// The middle of what is marked, `None` if too little is: shares of the width and height from the picture's middle, right
/// and down.
fn middle(size: (usize, usize), is_marked: impl Fn(usize, usize) -> bool) -> Option<(f64, f64)> {
    let (mut count, mut x_sum, mut y_sum) = (0, 0.0, 0.0);
    for y in 0..size.1 {
        for x in (0..size.0).filter(|&x| is_marked(x, y)) {
            count += 1;
            x_sum += x as f64 + 0.5;
            y_sum += y as f64 + 0.5;
        }
    }
    let share = |sum: f64, whole: usize| sum / f64::from(count) / whole as f64 - 0.5;
    (count >= 6).then(|| (share(x_sum, size.0), share(y_sum, size.1)))
}

/// Finds the mark in the picture that covers `tile` of an RGBA image (4 bytes a pixel, `stride` bytes a row): where its
/// middle is, right and down from the tile's middle, in shares of the tile's width and height.
#[must_use]
pub fn find(image: &[u8], stride: usize, tile: Rect) -> Option<(f64, f64)> {
    middle((tile.width as usize, tile.height as usize), |x, y| {
        let at = (tile.y as usize + y) * stride + (tile.x as usize + x) * 4;
        let Some(&[red, green, blue]) = image.get(at..at + 3).and_then(|pixel| pixel.first_chunk()) else {
            return false;
        };
        let least = i32::from(red.min(blue));
        least > 110 && i32::from(green) * 2 < least
    })
}

/// The same in planes Y, U, V (4:2:0).
#[must_use]
pub fn find_yuv(planes: &[u8], size: Size) -> Option<(f64, f64)> {
    let (width, height) = (size.width as usize / 2, size.height as usize / 2);
    let chroma = planes.get(width * height * 4..)?;
    middle((width, height), |x, y| {
        let at = y * width + x;
        chroma.get(at).is_some_and(|u| *u > 170) && chroma.get(width * height + at).is_some_and(|v| *v > 180)
    })
}
