//! Covers what nobody is to see. Nothing of it may be left in any sample.

use model::{Canvas, Mask, MaskLook, Size};

/// A mosaic's squares are at least so large a share of the picture's height, and of the mask's shorter side: from fewer and
/// larger ones a face cannot be put together again.
const OF_PICTURE: u32 = 18;
const OF_MASK: u32 = 4;
/// And so many pixels.
const LEAST: u32 = 16;

/// Covers a part of the picture of `size` that stands `band` rows from above.
pub(super) fn cover(canvas: &mut Canvas, band: u32, size: Size, mask: Mask) {
    if !mask.is_sound() {
        return;
    }
    let (from, to) = mask.pixels(size);
    let black = Canvas::black(canvas.colour());
    let shorter = (to.width - from.width).min(to.height - from.height);
    let side = (size.height / OF_PICTURE).max(shorter / OF_MASK).max(LEAST).next_multiple_of(2);
    for plane in 0..3 {
        let part = if plane == 0 { 1 } else { 2 };
        let area = Area {
            left: (from.width / part) as usize,
            right: (to.width / part) as usize,
            top: ((band + from.height) / part) as usize,
            bottom: ((band + to.height) / part) as usize,
        };
        let stride = canvas.stride(plane);
        match mask.look {
            MaskLook::Black => {
                let value = if plane == 0 { black } else { 128 };
                area.fill(canvas.plane_mut(plane), stride, value);
            }
            MaskLook::Mosaic => area.mosaic(canvas.plane_mut(plane), stride, (side / part) as usize),
        }
    }
}

/// Columns and rows of one plane; `right` and `bottom` are behind the last.
#[derive(Clone, Copy)]
struct Area {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Area {
    fn fill(self, plane: &mut [u8], stride: usize, value: u8) {
        for row in plane.chunks_exact_mut(stride).take(self.bottom).skip(self.top) {
            row[self.left..self.right].fill(value);
        }
    }

    fn mosaic(self, plane: &mut [u8], stride: usize, side: usize) {
        for top in (self.top..self.bottom).step_by(side) {
            for left in (self.left..self.right).step_by(side) {
                let square = Self {
                    left,
                    right: (left + side).min(self.right),
                    top,
                    bottom: (top + side).min(self.bottom),
                };
                square.fill(plane, stride, square.mean(plane, stride));
            }
        }
    }

    fn mean(self, plane: &[u8], stride: usize) -> u8 {
        let rows = plane.chunks_exact(stride).take(self.bottom).skip(self.top);
        let sum: u64 =
            rows.flat_map(|row| &row[self.left..self.right]).map(|sample| u64::from(*sample)).sum();
        let count = ((self.right - self.left) * (self.bottom - self.top)) as u64;
        (sum / count.max(1)) as u8
    }
}
