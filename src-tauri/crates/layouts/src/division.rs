//! Changing a layout by its borders and tiles.

use serde::{Deserialize, Serialize};

use crate::layout::{Cell, Layout};
use crate::refusal::Refusal;

/// Which lines a border lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub enum Axis {
    /// Columns: the border is upright.
    Column,
    /// Rows: the border lies.
    Row,
}

/// A layout made from another, and what became of the tiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divided {
    /// The new layout.
    pub layout: Layout,
    /// For each old tile the new one that stands at its place; tiles that were merged share one.
    pub moved: Vec<usize>,
}

/// What the weights of an axis are brought to before a border moves: a ten-thousandth of the wall is less than a pixel.
const FINE: u32 = Layout::HEAVIEST as u32;
/// A border's neighbours keep a twentieth of the wall, so that they can be grasped again.
const LEAST_SHARE: u32 = 20;

impl Layout {
    /// The border before `line` (1 to n−1) at `position` (share of the wall, 0–1). Only the two lines beside it change;
    /// each keeps 5 % of the wall, or what it has where that is less already.
    ///
    /// # Errors
    /// [`Refusal::NoSuchBorder`] and [`Refusal::NotAPosition`].
    pub fn with_border(&self, axis: Axis, line: usize, position: f64) -> Result<Self, Refusal> {
        let weights = self.weights(axis);
        if line == 0 || line >= weights.len() {
            return Err(Refusal::NoSuchBorder(line));
        }
        if !position.is_finite() {
            return Err(Refusal::NotAPosition);
        }
        let mut fine = fine(weights);
        let total: u32 = fine.iter().sum();
        let before: u32 = fine[..line - 1].iter().sum();
        let (first, second) = (fine[line - 1], fine[line]);
        let least = total.div_ceil(LEAST_SHARE);
        let (least_first, least_second) = (least.min(first), least.min(second));
        let border = (position.clamp(0.0, 1.0) * f64::from(total)).round() as u32;
        fine[line - 1] = border.saturating_sub(before).clamp(least_first, first + second - least_second);
        fine[line] = first + second - fine[line - 1];
        Ok(self.with_weights(axis, &fine))
    }

    /// One tile from all in the smallest rectangle around the tiles `a` and `b` that cuts none.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTile`].
    pub fn merged(&self, a: usize, b: usize) -> Result<Divided, Refusal> {
        let mut merged = union(self.cell(a)?, self.cell(b)?);
        // A tile that the rectangle cuts makes it grow, and then it may cut others.
        loop {
            let touched = self.cells().iter().filter(|cell| overlap(**cell, merged));
            let grown = touched.fold(merged, |all, cell| union(all, *cell));
            if grown == merged {
                break;
            }
            merged = grown;
        }
        // The first tile inside has the rectangle's upper left corner, so reading order stays what it was.
        let mut cells: Vec<Cell> = Vec::with_capacity(self.count());
        let mut place = None;
        let mut moved = Vec::with_capacity(self.count());
        for cell in self.cells() {
            let inside = overlap(*cell, merged);
            if let (true, Some(place)) = (inside, place) {
                moved.push(place);
                continue;
            }
            if inside {
                place = Some(cells.len());
            }
            moved.push(cells.len());
            cells.push(if inside { merged } else { *cell });
        }
        let layout = Self::new(self.columns().to_vec(), self.rows().to_vec(), cells);
        Ok(Divided { layout: layout.expect("a rectangle that cuts no tile is a tile"), moved })
    }

    /// The tile `index` in pieces: a spanning one into single squares, a single one into two by two, for which its
    /// column and its row are halved. The first piece stands where the tile was.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTile`], and [`Refusal::TooManyLines`] where no column or row can be added.
    pub fn split(&self, index: usize) -> Result<Divided, Refusal> {
        let cell = self.cell(index)?;
        if cell.columns > 1 || cell.rows > 1 {
            return Ok(self.in_squares(cell));
        }
        if self.columns().len().max(self.rows().len()) >= Self::MOST_LINES {
            return Err(Refusal::TooManyLines);
        }
        let stretch = |first: &mut u16, span: &mut u16, line: u16| {
            if *first > line {
                *first += 1;
            } else if *first + *span > line {
                *span += 1;
            }
        };
        let cells = self.cells().iter().map(|old| {
            let mut new = *old;
            stretch(&mut new.column, &mut new.columns, cell.column);
            stretch(&mut new.row, &mut new.rows, cell.row);
            new
        });
        let columns = halved(self.columns(), usize::from(cell.column));
        let rows = halved(self.rows(), usize::from(cell.row));
        let layout = Self::new(columns, rows, cells.collect()).expect("a line more under every tile");
        Ok(layout.in_squares(layout.cells()[index]))
    }

    fn in_squares(&self, spanning: Cell) -> Divided {
        let squares = spanning.down().flat_map(|row| spanning.across().map(move |column| (row, column)));
        let squares =
            squares.map(|(row, column)| Cell { column: column as u16, row: row as u16, columns: 1, rows: 1 });
        let mut cells: Vec<_> = self.cells().iter().copied().filter(|cell| *cell != spanning).collect();
        cells.extend(squares);
        cells.sort_unstable_by_key(|cell| cell.corner());
        let place = |old: &Cell| cells.partition_point(|new| new.corner() < old.corner());
        let moved = self.cells().iter().map(place).collect();
        let layout = Self::new(self.columns().to_vec(), self.rows().to_vec(), cells);
        Divided { layout: layout.expect("squares cover what the tile covered"), moved }
    }

    fn cell(&self, index: usize) -> Result<Cell, Refusal> {
        self.cells().get(index).copied().ok_or(Refusal::NoSuchTile(index))
    }

    fn weights(&self, axis: Axis) -> &[u16] {
        match axis {
            Axis::Column => self.columns(),
            Axis::Row => self.rows(),
        }
    }

    fn with_weights(&self, axis: Axis, weights: &[u32]) -> Self {
        let weights = weights.iter().map(|w| (*w).clamp(1, FINE) as u16).collect();
        let (columns, rows) = match axis {
            Axis::Column => (weights, self.rows().to_vec()),
            Axis::Row => (self.columns().to_vec(), weights),
        };
        Self::new(columns, rows, self.cells().to_vec()).expect("as many lines as before")
    }
}

/// The same weights with a sum near [`FINE`]: multiplied, which changes no share, unless the sum is above it already.
fn fine(weights: &[u16]) -> Vec<u32> {
    let total: u32 = weights.iter().copied().map(u32::from).sum();
    let scaled = |w: u32| match FINE / total {
        0 => (w * FINE).div_ceil(total),
        factor => w * factor,
    };
    weights.iter().map(|w| scaled(u32::from(*w))).collect()
}

/// The weights with line `at` as two; doubled before, where there is room, so that the halves are exact.
fn halved(weights: &[u16], at: usize) -> Vec<u16> {
    let factor = if weights.iter().all(|w| *w <= Layout::HEAVIEST / 2) { 2 } else { 1 };
    let mut weights: Vec<_> = weights.iter().map(|w| w * factor).collect();
    let first = (weights[at] / 2).max(1);
    let second = (weights[at] - first).max(1);
    weights.splice(at..=at, [first, second]);
    weights
}

fn union(a: Cell, b: Cell) -> Cell {
    let (column, row) = (a.column.min(b.column), a.row.min(b.row));
    let right = (a.column + a.columns).max(b.column + b.columns);
    let bottom = (a.row + a.rows).max(b.row + b.rows);
    Cell { column, row, columns: right - column, rows: bottom - row }
}

fn overlap(a: Cell, b: Cell) -> bool {
    let meet = |a: std::ops::Range<usize>, b: std::ops::Range<usize>| a.start < b.end && b.start < a.end;
    meet(a.across(), b.across()) && meet(a.down(), b.down())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(column: u16, row: u16, columns: u16, rows: u16) -> Cell {
        Cell { column, row, columns, rows }
    }

    /// What the lines have of the wall, in ten-thousandths.
    fn shares(weights: &[u16]) -> Vec<u32> {
        let total: u32 = weights.iter().copied().map(u32::from).sum();
        weights.iter().map(|w| u32::from(*w) * 10_000 / total).collect()
    }

    #[test]
    fn a_border_moves_only_the_two_lines_beside_it() {
        let layout = Layout::grid(4, 3).with_border(Axis::Column, 2, 0.4).unwrap();
        assert_eq!(shares(layout.columns()), [2500, 1500, 3500, 2500]);
        assert_eq!(layout.rows(), [1, 1, 1]);
        let back = layout.with_border(Axis::Column, 2, 0.5).unwrap();
        assert_eq!(back, Layout::grid(4, 3), "dragged back, it is the preset again");
    }

    #[test]
    fn lines_beside_a_border_keep_a_twentieth() {
        let grid = Layout::grid(2, 4);
        for (position, expected) in
            [(0.0, [500, 9500]), (-7.0, [500, 9500]), (1.0, [9500, 500]), (1e300, [9500, 500])]
        {
            let layout = grid.with_border(Axis::Column, 1, position).unwrap();
            assert_eq!(shares(layout.columns()), expected, "{position}");
        }
        let rows = grid.with_border(Axis::Row, 2, 0.99).unwrap();
        assert_eq!(shares(rows.rows()), [2500, 4500, 500, 2500]);
    }

    #[test]
    fn a_line_that_is_thinner_already_may_only_grow() {
        let thin = Layout::grid(40, 1);
        assert_eq!(thin.with_border(Axis::Column, 7, 0.0).unwrap(), thin);
        let cells = Layout::grid(3, 1).cells().to_vec();
        let layout = Layout::new(vec![1, 49, 50], vec![1], cells).unwrap();
        assert_eq!(layout.with_border(Axis::Column, 1, 0.0).unwrap(), layout);
        let grown = layout.with_border(Axis::Column, 1, 0.9).unwrap();
        assert_eq!(shares(grown.columns()), [4500, 500, 5000]);
    }

    #[test]
    fn borders_that_are_none_and_positions_that_are_none_are_refused() {
        let grid = Layout::grid(3, 1);
        for line in [0, 3, usize::MAX] {
            assert_eq!(grid.with_border(Axis::Column, line, 0.5), Err(Refusal::NoSuchBorder(line)));
        }
        assert_eq!(grid.with_border(Axis::Row, 1, 0.5), Err(Refusal::NoSuchBorder(1)));
        for position in [f64::NAN, f64::INFINITY] {
            assert_eq!(grid.with_border(Axis::Column, 1, position), Err(Refusal::NotAPosition));
        }
    }

    #[test]
    fn the_heaviest_weights_still_give_way() {
        let cells = Layout::grid(3, 1).cells().to_vec();
        let layout = Layout::new(vec![10_000, 9_999, 1], vec![1], cells).unwrap();
        let moved = layout.with_border(Axis::Column, 1, 0.25).unwrap();
        assert_eq!(shares(moved.columns())[..2], [2499, 7499]);
    }

    #[test]
    fn merging_grows_until_it_cuts_no_tile() {
        // 1+5 has its large tile in the upper left: the right column and the lower row are single squares.
        let one_and_five = crate::presets().into_iter().find(|p| p.name == "1+5").unwrap().layout;
        let right = one_and_five.merged(1, 2).unwrap();
        assert_eq!(right.layout.cells()[..2], [cell(0, 0, 2, 2), cell(2, 0, 1, 2)]);
        assert_eq!(right.moved, [0, 1, 1, 2, 3, 4]);
        let all = one_and_five.merged(1, 3).unwrap();
        assert_eq!(all.layout.cells(), [cell(0, 0, 3, 3)], "cutting the large tile, it takes in everything");
        assert_eq!(all.moved, [0; 6]);
        let lower = right.layout.merged(3, 2).unwrap();
        assert_eq!(
            lower.layout.cells(),
            [cell(0, 0, 2, 2), cell(2, 0, 1, 2), cell(0, 2, 2, 1), cell(2, 2, 1, 1)]
        );
        assert_eq!(one_and_five.merged(4, 4).unwrap().layout, one_and_five);
        assert_eq!(one_and_five.merged(0, 6), Err(Refusal::NoSuchTile(6)));
    }

    #[test]
    fn a_spanning_tile_splits_into_squares_and_merges_back() {
        let layout = Layout::grid(3, 3).merged(1, 5).unwrap().layout;
        assert_eq!(layout.cells()[1], cell(1, 0, 2, 2));
        let split = layout.split(1).unwrap();
        assert_eq!(split.layout, Layout::grid(3, 3));
        assert_eq!(split.moved, [0, 1, 3, 6, 7, 8]);
    }

    #[test]
    fn a_single_tile_splits_two_by_two_and_its_neighbours_keep_their_pixels() {
        let wall = model::Size::new(1918, 1078);
        let grid = Layout::grid(2, 2);
        let split = grid.split(3).unwrap();
        assert_eq!(split.layout.columns(), [2, 1, 1]);
        assert_eq!(split.layout.count(), 7);
        assert_eq!(split.moved, [0, 1, 2, 3]);
        for old in 0..3 {
            assert_eq!(split.layout.tile(split.moved[old], wall), grid.tile(old, wall));
        }
        let upper_left = split.layout.tile(3, wall).unwrap();
        assert_eq!((upper_left.x, upper_left.y), (960, 540));
    }

    #[test]
    fn splitting_ends_at_the_most_lines() {
        let mut layout = Layout::grid(1, 1);
        for lines in 2..=Layout::MOST_LINES {
            layout = layout.split(layout.count() - 1).unwrap().layout;
            assert_eq!(layout.columns().len(), lines);
        }
        assert_eq!(layout.split(layout.count() - 1), Err(Refusal::TooManyLines));
        assert!(layout.split(1).is_ok(), "a spanning tile needs no more lines");
    }
}
