//! The picture that a pose gives, out of a panorama.

use model::Size;

use super::lens::aim;
use super::{COLUMNS, PER_DEGREE, Panorama, ROWS, TOP};
use crate::motor::Pose;

/// Directions are reckoned at every so-manieth column and row, and even in between.
const CELL: usize = 8;

/// A place in the panorama: column and row, 16.16.
type Spot = (i64, i64);

/// Draws the picture of `pose` into planes Y, U, V (4:2:0) of `size`, of which both sides are multiples of 8.
pub(crate) fn draw(panorama: &Panorama, pose: Pose, size: Size, planes: &mut [u8]) {
    let (width, height) = (size.width as usize, size.height as usize);
    let (luma, chroma) = panorama.planes.split_at(COLUMNS * ROWS);
    let (out, out_chroma) = planes.split_at_mut(width * height);
    let full = Source { plane: luma, columns: COLUMNS, rows: ROWS, scale: 1.0 };
    full.draw(pose, out, width);
    let plane = COLUMNS / 2 * (ROWS / 2);
    for (part, out) in chroma.chunks(plane).zip(out_chroma.chunks_mut(width / 2 * (height / 2))) {
        let half = Source { plane: part, columns: COLUMNS / 2, rows: ROWS / 2, scale: 0.5 };
        half.draw(pose, out, width / 2);
    }
}

/// One plane of a panorama.
struct Source<'a> {
    plane: &'a [u8],
    columns: usize,
    rows: usize,
    scale: f64,
}

impl Source<'_> {
    fn draw(&self, pose: Pose, out: &mut [u8], width: usize) {
        let height = out.len() / width;
        let cell = CELL.min(width).min(height);
        let spot = |x: usize, y: usize| {
            self.spot(pose, x as f64 / width as f64 - 0.5, y as f64 / height as f64 - 0.5)
        };
        let corners = width.div_ceil(cell) + 1;
        let mut above: Vec<Spot> = (0..corners).map(|i| spot(i * cell, 0)).collect();
        for top in (0..height).step_by(cell) {
            let below: Vec<Spot> = (0..corners).map(|i| spot(i * cell, top + cell)).collect();
            for (line, row) in out[top * width..].chunks_mut(width).take(cell).enumerate() {
                for (i, part) in row.chunks_mut(cell).enumerate() {
                    let mix = |a: Spot, b: Spot, t: i64| {
                        (a.0 + (b.0 - a.0) * t / cell as i64, a.1 + (b.1 - a.1) * t / cell as i64)
                    };
                    let start = mix(above[i], below[i], line as i64);
                    let end = mix(above[i + 1], below[i + 1], line as i64);
                    self.run(start, end, part, cell as i64);
                }
            }
            above = below;
        }
    }

    fn spot(&self, pose: Pose, u: f64, v: f64) -> Spot {
        let (pan, tilt) = aim(pose, u, v);
        let fixed = |degrees: f64| (degrees * PER_DEGREE as f64 * self.scale * 65_536.0) as i64;
        // Columns may run beyond either end: they are taken around later.
        (fixed(pan + 360.0), fixed(tilt + TOP as f64))
    }

    /// From spot to spot in even steps, between four neighbours each.
    fn run(&self, start: Spot, end: Spot, out: &mut [u8], steps: i64) {
        let (dx, dy) = ((end.0 - start.0) / steps, (end.1 - start.1) / steps);
        let (mut x, mut y) = start;
        let lowest = ((self.rows - 1) as i64) << 16;
        for out in out {
            let row = y.clamp(0, lowest - 1);
            let (line, fy) = ((row >> 16) as usize, (row & 0xffff) >> 8);
            let column = (x >> 16) as usize % self.columns;
            let next = if column + 1 == self.columns { 0 } else { column + 1 };
            let fx = (x & 0xffff) >> 8;
            let at = |line: usize| {
                let row = &self.plane[line * self.columns..][..self.columns];
                i64::from(row[column]) * (256 - fx) + i64::from(row[next]) * fx
            };
            *out = ((at(line) * (256 - fy) + at(line + 1) * fy) >> 16) as u8;
            (x, y) = (x + dx, y + dy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark;

    #[test]
    fn a_mark_appears_where_geometry_says_at_every_zoom_and_across_the_seam() {
        let mut planes = vec![90_u8; COLUMNS * ROWS];
        planes.resize(COLUMNS * ROWS * 3 / 2, 128);
        mark::paint(&mut planes);
        let panorama = Panorama { planes };
        let size = Size::new(640, 360);
        let mut picture = vec![0; 640 * 360 * 3 / 2];
        for (place, pan, tilt, zoom, roll) in [
            (0, 120.0, 20.0, 1.0, 0.0),
            (0, 110.0, 28.0, 1.0, 0.0),
            (0, 124.0, 18.0, 3.0, 0.0),
            (1, 349.0, 42.0, 1.0, 0.0),
            (0, 130.0, 25.0, 1.0, 50.0),
        ] {
            let pose = Pose { pan, tilt, zoom, roll };
            draw(&panorama, pose, size, &mut picture);
            let found = mark::find_yuv(&picture, size).unwrap_or_else(|| panic!("no mark at {pose:?}"));
            let (u, v) =
                super::super::lens::appears(pose, mark::MARKS[place].0, mark::MARKS[place].1).unwrap();
            assert!((found.0 - u).abs() < 0.006 && (found.1 - v).abs() < 0.01, "{found:?} for {u} {v}");
        }
    }
}
