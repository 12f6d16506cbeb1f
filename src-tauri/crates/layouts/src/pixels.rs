//! A layout's tiles in whole pixels.

use model::{Grid, Rect, Size};

use crate::layout::{Cell, Layout};

impl Layout {
    /// The rectangle of tile `index` on a wall of `wall` pixels; `None` where there is no such tile.
    ///
    /// The outer edges meet the wall's, [`Grid::GAP`] pixels stand between neighbours, and equal weights give the
    /// rectangles of [`Grid::tile`]. Where lines would become thinner than a pixel, others give way, gaps first.
    #[must_use]
    pub fn tile(&self, index: usize, wall: Size) -> Option<Rect> {
        Some(Lines::of(self, wall).rect(*self.cells().get(index)?))
    }

    /// All tiles' rectangles, as [`Layout::tile`] gives them.
    #[must_use]
    pub fn tiles(&self, wall: Size) -> Vec<Rect> {
        let lines = Lines::of(self, wall);
        self.cells().iter().map(|cell| lines.rect(*cell)).collect()
    }
}

/// Where the columns and rows of a layout begin and end.
struct Lines {
    columns: Edges,
    rows: Edges,
}

impl Lines {
    fn of(layout: &Layout, wall: Size) -> Self {
        Self {
            columns: Edges::new(layout.columns(), wall.width),
            rows: Edges::new(layout.rows(), wall.height),
        }
    }

    fn rect(&self, cell: Cell) -> Rect {
        let (x, width) = self.columns.extent(cell.across());
        let (y, height) = self.rows.extent(cell.down());
        Rect { x, y, width, height }
    }
}

/// One axis: line `i` lies between the starts `i` and `i + 1`, less the gap behind it.
struct Edges {
    starts: Vec<u32>,
    gap: u32,
    length: u32,
}

impl Edges {
    fn new(weights: &[u16], length: u32) -> Self {
        let lines = weights.len() as u32;
        let gap = match lines {
            1 => Grid::GAP,
            _ => Grid::GAP.min(length.saturating_sub(lines) / (lines - 1)),
        };
        let (least, all) = (1 + gap, length.saturating_add(gap));
        let total: u64 = weights.iter().copied().map(u64::from).sum();
        let mut sum = 0_u64;
        let mut starts = vec![0_u32];
        for weight in weights {
            sum += u64::from(*weight);
            let exact = (sum * u64::from(all) / total) as u32;
            let before = starts[starts.len() - 1];
            starts.push(exact.max(before.saturating_add(least)));
        }
        // Thin lines have pushed those behind them on; from the far edge they are pushed back.
        let mut limit = all;
        for start in starts.iter_mut().skip(1).rev() {
            *start = limit.min(*start);
            limit = start.saturating_sub(least);
        }
        Self { starts, gap, length }
    }

    /// First pixel and how many; within the wall and at least one, even where the wall has fewer pixels than lines.
    fn extent(&self, lines: std::ops::Range<usize>) -> (u32, u32) {
        let first = self.starts[lines.start].min(self.length.saturating_sub(1));
        let end = self.starts[lines.end].saturating_sub(self.gap).min(self.length);
        (first, end.saturating_sub(first).max(1))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn equal_weights_give_the_rectangles_of_the_grid() {
        for wall in [Size::new(1920, 1080), Size::new(3840, 2160), Size::new(1366, 768), Size::new(641, 333)]
        {
            for (columns, rows) in
                [(1, 1), (2, 2), (3, 2), (4, 3), (5, 7), (8, 8), (13, 11), (20, 19), (64, 64)]
            {
                let count = |n: u16| NonZeroU32::new(u32::from(n)).unwrap();
                let grid = Grid { columns: count(columns), rows: count(rows) };
                let expected: Vec<_> = (0..grid.tiles()).map(|index| grid.tile(index, wall)).collect();
                assert_eq!(Layout::grid(columns, rows).tiles(wall), expected, "{columns}×{rows} on {wall:?}");
            }
        }
    }

    #[test]
    fn a_spanning_tile_reaches_from_its_first_line_to_its_last() {
        let layout = crate::presets().into_iter().find(|p| p.name == "1+5").unwrap().layout;
        let wall = Size::new(1918, 1078);
        let grid = Layout::grid(3, 3);
        let [first, last] = [0, 4].map(|index| grid.tile(index, wall).unwrap());
        let large = layout.tile(0, wall).unwrap();
        assert_eq!((large.x, large.y), (0, 0));
        assert_eq!(large.width, last.x + last.width - first.x);
        assert_eq!(large.height, last.y + last.height - first.y);
        assert_eq!(layout.tile(1, wall), grid.tile(2, wall));
        assert_eq!(layout.tile(6, wall), None);
    }

    #[test]
    fn a_line_next_to_nothing_keeps_a_pixel_at_either_end() {
        let cells = Layout::grid(3, 1).cells().to_vec();
        for weights in [vec![1, 10_000, 1], vec![10_000, 1, 1], vec![1, 1, 10_000]] {
            let layout = Layout::new(weights.clone(), vec![1], cells.clone()).unwrap();
            let tiles = layout.tiles(Size::new(100, 100));
            assert_eq!(tiles.iter().map(|tile| tile.width).sum::<u32>(), 100 - 2 * Grid::GAP, "{weights:?}");
            for (weight, tile) in weights.iter().zip(&tiles) {
                assert_eq!(tile.width, if *weight == 1 { 1 } else { 94 }, "{weights:?}");
            }
        }
    }

    #[test]
    fn a_wall_smaller_than_its_lines_breaks_nothing() {
        for side in 0..64 {
            for rect in Layout::grid(64, 64).tiles(Size::new(side, side)) {
                assert!(rect.width >= 1 && rect.height >= 1);
                assert!(rect.x + rect.width <= side.max(1) && rect.y + rect.height <= side.max(1));
            }
        }
    }

    #[test]
    fn a_wall_of_all_the_pixels_that_can_be_counted_breaks_nothing() {
        for rect in Layout::grid(64, 64).tiles(Size::new(u32::MAX, u32::MAX)) {
            assert!(rect.x.checked_add(rect.width).is_some() && rect.y.checked_add(rect.height).is_some());
        }
    }
}
