//! A picture that may be drawn into, and what of a picture nobody is to see.

use serde::{Deserialize, Serialize};

use crate::layout::Size;
use crate::picture::{Colour, Range};

/// 8-bit Y, U and V in planes of their own, chroma with half the columns and rows, rows without anything in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canvas {
    size: Size,
    colour: Colour,
    planes: [Vec<u8>; 3],
}

impl Canvas {
    /// All black. Odd sides are rounded up: there are no half samples of chroma.
    #[must_use]
    pub fn new(size: Size, colour: Colour) -> Self {
        let size = Size::new(size.width.next_multiple_of(2), size.height.next_multiple_of(2));
        let luma = size.width as usize * size.height as usize;
        let black = Self::black(colour);
        Self { size, colour, planes: [vec![black; luma], vec![128; luma / 4], vec![128; luma / 4]] }
    }

    /// The luma sample that means black.
    #[must_use]
    pub const fn black(colour: Colour) -> u8 {
        match colour.range {
            Range::Limited => 16,
            Range::Full => 0,
        }
    }

    /// Columns and rows of luma; both even.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// What the samples mean.
    #[must_use]
    pub const fn colour(&self) -> Colour {
        self.colour
    }

    /// Bytes from one row of plane `index` to the next.
    #[must_use]
    pub const fn stride(&self, index: usize) -> usize {
        let width = self.size.width as usize;
        if index == 0 { width } else { width / 2 }
    }

    /// Plane 0, 1 or 2: Y, U, V.
    #[must_use]
    pub fn plane(&self, index: usize) -> &[u8] {
        &self.planes[index]
    }

    /// The same, to draw into.
    pub fn plane_mut(&mut self, index: usize) -> &mut [u8] {
        &mut self.planes[index]
    }
}

/// A part of a camera's picture, in thousandths of the picture's sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct PicturePart {
    /// From the left edge.
    pub x: u16,
    /// From the upper edge.
    pub y: u16,
    /// To the right.
    pub width: u16,
    /// Down.
    pub height: u16,
}

impl PicturePart {
    /// All of it.
    pub const WHOLE: Self = Self { x: 0, y: 0, width: 1000, height: 1000 };
}

/// A part of a camera's picture that nobody is to see in a copy for viewing, in thousandths of the picture's sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Mask {
    /// From the left edge.
    pub x: u16,
    /// From the upper edge.
    pub y: u16,
    /// To the right.
    pub width: u16,
    /// Down.
    pub height: u16,
    /// What is seen in its place.
    pub look: MaskLook,
}

/// What is seen in place of what is masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MaskLook {
    /// Nothing: black.
    #[default]
    Black,
    /// Coarse squares, each of one colour. That somebody moves is seen, who it is isn't.
    Mosaic,
}

impl Mask {
    /// Whether it lies in the picture and covers something of it.
    #[must_use]
    pub const fn is_sound(self) -> bool {
        let (right, lower) = (self.x as u32 + self.width as u32, self.y as u32 + self.height as u32);
        self.width > 0 && self.height > 0 && right <= 1000 && lower <= 1000
    }

    /// The first column and row and those behind the last, of a picture of this size: rounded outwards to even ones, so
    /// that no sample of chroma belongs to both sides.
    #[must_use]
    pub fn pixels(self, size: Size) -> (Size, Size) {
        let first = |part: u16, side: u32| (u32::from(part) * side / 1000) & !1;
        let behind = |part: u16, length: u16, side: u32| {
            let end = ((u32::from(part) + u32::from(length)) * side).div_ceil(1000).next_multiple_of(2);
            end.min(side)
        };
        let from = Size::new(first(self.x, size.width), first(self.y, size.height));
        let to = Size::new(behind(self.x, self.width, size.width), behind(self.y, self.height, size.height));
        (from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_covers_what_it_names_and_no_half_of_a_sample_of_colour() {
        let mask = |x, y, width, height| Mask { x, y, width, height, look: MaskLook::Black };
        let size = Size::new(640, 360);
        assert_eq!(mask(0, 0, 1000, 1000).pixels(size), (Size::new(0, 0), size));
        assert_eq!(mask(501, 250, 1, 1).pixels(size), (Size::new(320, 90), Size::new(322, 92)));
        assert!(mask(999, 0, 1, 1000).is_sound());
        for wrong in
            [mask(999, 0, 2, 1), mask(0, 0, 0, 1), mask(0, 1, 1, 1000), mask(u16::MAX, 0, u16::MAX, 1)]
        {
            assert!(!wrong.is_sound(), "{wrong:?}");
        }
    }

    #[test]
    fn a_canvas_has_even_sides_and_is_black_by_its_range() {
        let canvas = Canvas::new(Size::new(5, 3), Colour::by_height(3));
        assert_eq!((canvas.size(), canvas.stride(1)), (Size::new(6, 4), 3));
        assert!(canvas.plane(0).iter().all(|y| *y == 16) && canvas.plane(2).len() == 6);
    }
}
