//! A picture as few cells, each the mean brightness of some hundred pixels: what a sensor's noise and a coder's blocks do to
//! single pixels is averaged away, and a day's key frames are compared in no time.

use model::{Picture, PicturePart, PlaneOrder, Size};

/// Cells along a picture's longer side: a person ten metres away is some cells wide and more of them high.
const CELLS: u32 = 128;
/// Fewer pixels than these along a cell's side would not average anything.
const LEAST: u32 = 4;
/// Thousandths of a side.
const WHOLE: f32 = 1000.0;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Row by row, 0–255 of the luma's full range.
    pub(super) cells: Vec<f32>,
}

impl Grid {
    /// `None`: the picture has no pixels here, because it lies on a graphics processor.
    #[must_use]
    pub fn of(picture: &Picture) -> Option<Self> {
        let Size { width, height } = picture.size;
        let side = width.max(height).div_ceil(CELLS).max(LEAST) as usize;
        let (width, height) = (width as usize, height as usize);
        let (columns, rows) = (width.div_ceil(side), height.div_ceil(side));
        let (plane, stride) = (picture.planes.plane(0), picture.planes.stride(0));
        let wide = picture.format.depth > 8;
        let (bytes, scale) = match (wide, picture.format.order) {
            (false, _) => (1, 1.0),
            (true, PlaneOrder::Planar) => (2, 1.0 / 4.0),
            (true, PlaneOrder::SemiPlanar) => (2, 1.0 / 256.0),
        };
        let mut cells = Vec::with_capacity(columns * rows);
        let mut sums = vec![0_u32; columns];
        for top in (0..height).step_by(side) {
            sums.fill(0);
            let bottom = (top + side).min(height);
            for y in top..bottom {
                let row = plane.get(y * stride..)?.get(..width * bytes)?;
                for (sum, cell) in sums.iter_mut().zip(row.chunks(side * bytes)) {
                    *sum += if wide {
                        sum_of_words(cell)
                    } else {
                        cell.iter().map(|&luma| u32::from(luma)).sum()
                    };
                }
            }
            for (column, &sum) in sums.iter().enumerate() {
                let across = side.min(width - column * side);
                cells.push(sum as f32 * scale / (across * (bottom - top)) as f32);
            }
        }
        (!cells.is_empty()).then_some(Self { columns, rows, cells })
    }

    /// Which cells lie in one of the parts: those whose middle does, or the one in which a smaller part has its own; all of
    /// them where there are no parts.
    pub(super) fn inside(&self, area: &[PicturePart]) -> Vec<bool> {
        let mut inside = vec![area.is_empty(); self.cells.len()];
        for part in area {
            let of = |from: u16, length: u16, cells: usize| {
                let place = |at: f32| at / WHOLE * cells as f32;
                let (from, until) = (place(f32::from(from)), place(f32::from(from) + f32::from(length)));
                let (first, last) = ((from - 0.5).ceil() as usize, (until - 0.5).ceil() as usize);
                if first < last {
                    first..last.min(cells)
                } else {
                    let middle = (((from + until) / 2.0) as usize).min(cells - 1);
                    middle..middle + 1
                }
            };
            for row in of(part.y, part.height, self.rows) {
                for column in of(part.x, part.width, self.columns) {
                    inside[row * self.columns + column] = true;
                }
            }
        }
        inside
    }

    /// Columns and rows from the first to the last, as a part of the picture.
    pub(super) fn part(&self, columns: (usize, usize), rows: (usize, usize)) -> PicturePart {
        let place = |at: usize, cells: usize| (at as f32 / cells as f32 * WHOLE).round() as u16;
        let (x, right) = (place(columns.0, self.columns), place(columns.1 + 1, self.columns));
        let (y, bottom) = (place(rows.0, self.rows), place(rows.1 + 1, self.rows));
        PicturePart { x, y, width: right - x, height: bottom - y }
    }
}

fn sum_of_words(bytes: &[u8]) -> u32 {
    let words = bytes.as_chunks::<2>().0;
    words.iter().map(|word| u32::from(u16::from_le_bytes(*word))).sum()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use model::picture::OwnedPlanes;
    use model::{Colour, PixelFormat, Subsampling};

    use super::*;

    fn picture(size: Size, order: PlaneOrder, depth: u8, luma: impl Fn(usize, usize) -> u16) -> Picture {
        let format = PixelFormat { subsampling: Subsampling::Yuv420, order, depth };
        let (stride, bytes) = (size.width as usize, format.bytes_per_texel(0));
        let mut plane = Vec::with_capacity(stride * bytes * size.height as usize);
        for y in 0..size.height as usize {
            for x in 0..stride {
                plane.extend_from_slice(&luma(x, y).to_le_bytes()[..bytes]);
            }
        }
        let planes = OwnedPlanes::new(vec![(plane, stride * bytes)]);
        Picture::still(size, format, Colour::by_height(size.height), planes, Instant::now())
    }

    #[test]
    fn eight_and_ten_bits_give_the_same_grid_in_either_order_of_planes() {
        let size = Size::new(1918, 1076);
        let luma = |x: usize, y: usize| ((x / 7 + y / 3) % 200 + 20) as u16;
        let eight = Grid::of(&picture(size, PlaneOrder::Planar, 8, luma)).unwrap();
        assert_eq!((eight.columns, eight.rows), (128, 72));
        let planar = Grid::of(&picture(size, PlaneOrder::Planar, 10, |x, y| luma(x, y) * 4)).unwrap();
        let high = Grid::of(&picture(size, PlaneOrder::SemiPlanar, 10, |x, y| luma(x, y) * 256)).unwrap();
        for other in [planar, high] {
            assert!(eight.cells.iter().zip(&other.cells).all(|(a, b)| (a - b).abs() < 0.01));
        }
        let flat = Grid::of(&picture(size, PlaneOrder::Planar, 8, |_, _| 90)).unwrap();
        assert!(flat.cells.iter().all(|&cell| (cell - 90.0).abs() < 0.01), "also where cells are cut off");
    }

    #[test]
    fn an_area_has_the_cells_whose_middle_it_covers_and_at_least_one() {
        let size = Size::new(640, 360);
        let grid = Grid::of(&picture(size, PlaneOrder::Planar, 8, |_, _| 0)).unwrap();
        let count = |area: &[PicturePart]| grid.inside(area).iter().filter(|&&inside| inside).count();
        let part = |x, y, width, height| PicturePart { x, y, width, height };
        assert_eq!(count(&[]), grid.cells.len());
        assert_eq!(count(&[part(0, 0, 1000, 1000)]), grid.cells.len());
        assert_eq!(count(&[part(0, 0, 500, 1000), part(250, 0, 500, 1000)]), grid.cells.len() * 3 / 4);
        assert_eq!(count(&[part(501, 501, 1, 1)]), 1);
        assert_eq!(count(&[part(999, 999, 1, 1)]), 1);
        let found = grid.part((32, 63), (0, 35));
        assert_eq!(found, part(250, 0, 250, 500));
    }
}
