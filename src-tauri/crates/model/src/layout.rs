//! Where a picture stands on a wall.

use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Size {
    /// A size of `width` × `height` pixels.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }
}

/// A rectangle of whole pixels; the origin is the wall's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Rect {
    /// A rectangle at (`x`, `y`) of `width` × `height` pixels.
    #[must_use]
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self { x, y, width, height }
    }

    /// The size without the place.
    #[must_use]
    pub const fn size(self) -> Size {
        Size { width: self.width, height: self.height }
    }
}

/// How a picture is laid into a tile of another shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub enum Fit {
    /// All of the picture, with bars where the shapes differ.
    #[default]
    Fit,
    /// All of the tile, cutting what of the picture overhangs.
    Fill,
    /// All of both, distorting the picture.
    Stretch,
}

/// A clockwise turn of the picture (hallway view).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub enum Turn {
    /// As the camera sends it.
    #[default]
    None,
    /// 90° clockwise.
    Quarter,
    /// 180°.
    Half,
    /// 270° clockwise.
    ThreeQuarters,
}

impl Turn {
    /// The size of a picture of `size` after the turn.
    #[must_use]
    pub const fn turned(self, size: Size) -> Size {
        match self {
            Self::None | Self::Half => size,
            Self::Quarter | Self::ThreeQuarters => Size { width: size.height, height: size.width },
        }
    }
}

/// A wall of equal tiles, columns × rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grid {
    /// Tiles from left to right.
    pub columns: NonZeroU32,
    /// Tiles from top to bottom.
    pub rows: NonZeroU32,
}

/// `8x8`, `6×4`: what a grid looks like in words was not met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a grid of columns x rows: {0:?}")]
pub struct NotAGrid(pub String);

impl FromStr for Grid {
    type Err = NotAGrid;

    fn from_str(text: &str) -> Result<Self, NotAGrid> {
        let refuse = || NotAGrid(text.to_owned());
        let (columns, rows) = text.split_once(['x', 'X', '×']).ok_or_else(refuse)?;
        let count = |part: &str| part.trim().parse::<NonZeroU32>().ok().filter(|n| n.get() <= Self::MAX);
        Ok(Self { columns: count(columns).ok_or_else(refuse)?, rows: count(rows).ok_or_else(refuse)? })
    }
}

impl Grid {
    /// The most columns or rows of one wall; the whole province needs 20 × 19.
    pub const MAX: u32 = 64;
    /// Pixels between neighbouring tiles.
    pub const GAP: u32 = 2;

    /// The smallest square grid that holds `tiles` tiles.
    #[must_use]
    pub fn smallest_square(tiles: usize) -> Self {
        let mut side = 1_u32;
        while (side as usize) * (side as usize) < tiles && side < Self::MAX {
            side += 1;
        }
        let side = NonZeroU32::new(side).unwrap_or(NonZeroU32::MIN);
        Self { columns: side, rows: side }
    }

    /// How many tiles it has.
    #[must_use]
    pub fn tiles(self) -> usize {
        self.columns.get() as usize * self.rows.get() as usize
    }

    /// The rectangle of tile `index` (row by row) on a wall of `wall` pixels. The remainder of the division is
    /// spread, so that the outer edges meet the wall's; a gap of [`Grid::GAP`] pixels stands between neighbours.
    #[must_use]
    pub fn tile(self, index: usize, wall: Size) -> Rect {
        let (columns, rows) = (self.columns.get(), self.rows.get());
        let column = (index as u32) % columns;
        let row = ((index as u32) / columns) % rows;
        let edge = |i: u32, n: u32, length: u32| {
            (u64::from(i) * u64::from(length + Self::GAP) / u64::from(n)) as u32
        };
        let (left, right) = (edge(column, columns, wall.width), edge(column + 1, columns, wall.width));
        let (top, bottom) = (edge(row, rows, wall.height), edge(row + 1, rows, wall.height));
        Rect {
            x: left,
            y: top,
            width: (right - left).saturating_sub(Self::GAP).max(1),
            height: (bottom - top).saturating_sub(Self::GAP).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_reads_what_people_type_and_refuses_the_rest() {
        for good in ["8x8", "8X8", "8×8", " 8 x 8 "] {
            assert_eq!(good.parse::<Grid>(), Ok(Grid::smallest_square(64)), "{good}");
        }
        for bad in ["", "8", "0x8", "8x0", "-1x2", "8x8x8", "65x1", "99999999999x1"] {
            assert_eq!(bad.parse::<Grid>(), Err(NotAGrid(bad.to_owned())));
        }
    }

    #[test]
    fn smallest_square_holds_all() {
        for (tiles, side) in [(0, 1), (1, 1), (2, 2), (4, 2), (5, 3), (36, 6), (37, 7), (64, 8), (373, 20)] {
            assert_eq!(Grid::smallest_square(tiles).columns.get(), side, "{tiles} tiles");
        }
    }

    #[test]
    fn tiles_cover_the_wall_without_overlap() {
        let wall = Size::new(1920, 1080);
        for side in 1..=20 {
            let grid = Grid::smallest_square(side * side);
            for index in 0..grid.tiles() {
                let tile = grid.tile(index, wall);
                assert!(tile.x + tile.width <= wall.width && tile.y + tile.height <= wall.height);
                if (index + 1) % grid.columns.get() as usize != 0 {
                    assert_eq!(grid.tile(index + 1, wall).x, tile.x + tile.width + Grid::GAP);
                } else {
                    assert_eq!(tile.x + tile.width, wall.width);
                }
            }
        }
    }
}
