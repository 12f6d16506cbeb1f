//! A wall's division into tiles.

use serde::{Deserialize, Serialize};

/// A tile's place: the first line and how many it spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Cell {
    /// First column, from 0.
    pub column: u16,
    /// First row, from 0.
    pub row: u16,
    /// Columns spanned, at least 1.
    pub columns: u16,
    /// Rows spanned, at least 1.
    pub rows: u16,
}

/// A wall's division: weights of columns and rows, and the tiles, in reading order. Every grid square is covered once.
///
/// The weights of each axis are kept without a common divisor, so that equal divisions are equal values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Layout {
    columns: Vec<u16>,
    rows: Vec<u16>,
    cells: Vec<Cell>,
}

/// Why something is no [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALayout {
    /// No columns or rows, or too many.
    #[error("{0} lines on one axis, not 1 to {max}", max = Layout::MOST_LINES)]
    Lines(usize),
    /// A column or row without extent, or with too much.
    #[error("a weight of {0}, not 1 to {max}", max = Layout::HEAVIEST)]
    Weight(u16),
    /// The tile of this index spans nothing or reaches out of the wall.
    #[error("tile {0} is empty or not on the wall")]
    Outside(usize),
    /// The tile of this index stands before its predecessor.
    #[error("tile {0} is not in reading order")]
    Order(usize),
    /// The tile of this index lies on another one.
    #[error("tile {0} overlaps another")]
    Overlap(usize),
    /// A grid square without a tile.
    #[error("no tile covers column {column}, row {row}")]
    Uncovered {
        /// The square's column.
        column: usize,
        /// The square's row.
        row: usize,
    },
}

#[derive(Deserialize)]
struct Parts {
    columns: Vec<u16>,
    rows: Vec<u16>,
    cells: Vec<Cell>,
}

impl TryFrom<Parts> for Layout {
    type Error = NotALayout;

    fn try_from(parts: Parts) -> Result<Self, NotALayout> {
        Self::new(parts.columns, parts.rows, parts.cells)
    }
}

impl Layout {
    /// The most columns or rows.
    pub const MOST_LINES: usize = model::Grid::MAX as usize;
    /// The largest weight of a column or row; the smallest is 1.
    pub const HEAVIEST: u16 = 10_000;

    /// A division of `columns` and `rows` (weights) into `cells`, given in reading order.
    ///
    /// # Errors
    /// [`NotALayout`] unless every grid square is covered exactly once and all numbers are within their bounds.
    pub fn new(columns: Vec<u16>, rows: Vec<u16>, cells: Vec<Cell>) -> Result<Self, NotALayout> {
        let (columns, rows) = (reduced(columns)?, reduced(rows)?);
        check_cover(columns.len(), rows.len(), &cells)?;
        Ok(Self { columns, rows, cells })
    }

    /// Equal tiles, `columns` × `rows`, each brought to 1–64.
    #[must_use]
    pub fn grid(columns: u16, rows: u16) -> Self {
        let most = Self::MOST_LINES as u16;
        let (columns, rows) = (columns.clamp(1, most), rows.clamp(1, most));
        let cells = (0..rows)
            .flat_map(|row| (0..columns).map(move |column| Cell { column, row, columns: 1, rows: 1 }))
            .collect();
        Self { columns: vec![1; usize::from(columns)], rows: vec![1; usize::from(rows)], cells }
    }

    /// Weights of the columns, from left to right.
    #[must_use]
    pub fn columns(&self) -> &[u16] {
        &self.columns
    }

    /// Weights of the rows, from top to bottom.
    #[must_use]
    pub fn rows(&self) -> &[u16] {
        &self.rows
    }

    /// The tiles, in reading order.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// How many tiles it has, at least 1.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cells.len()
    }
}

/// Checks the weights of one axis and takes out their greatest common divisor.
fn reduced(mut weights: Vec<u16>) -> Result<Vec<u16>, NotALayout> {
    if !(1..=Layout::MOST_LINES).contains(&weights.len()) {
        return Err(NotALayout::Lines(weights.len()));
    }
    if let Some(bad) = weights.iter().find(|w| !(1..=Layout::HEAVIEST).contains(*w)) {
        return Err(NotALayout::Weight(*bad));
    }
    let divisor = weights.iter().copied().fold(0, common_divisor);
    weights.iter_mut().for_each(|w| *w /= divisor);
    Ok(weights)
}

fn common_divisor(a: u16, b: u16) -> u16 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Ends at the first fault, so at most one cell more than there are squares is looked at, however many are given.
fn check_cover(columns: usize, rows: usize, cells: &[Cell]) -> Result<(), NotALayout> {
    let mut covered = vec![false; columns * rows];
    for (index, cell) in cells.iter().enumerate() {
        let (across, down) = (cell.across(), cell.down());
        if across.is_empty() || down.is_empty() || across.end > columns || down.end > rows {
            return Err(NotALayout::Outside(index));
        }
        if index > 0 && cells[index - 1].corner() >= cell.corner() {
            return Err(NotALayout::Order(index));
        }
        for square in down.flat_map(|row| across.clone().map(move |column| row * columns + column)) {
            if std::mem::replace(&mut covered[square], true) {
                return Err(NotALayout::Overlap(index));
            }
        }
    }
    match covered.iter().position(|covered| !covered) {
        None => Ok(()),
        Some(square) => Err(NotALayout::Uncovered { column: square % columns, row: square / columns }),
    }
}

impl Cell {
    /// What reading order compares.
    pub(crate) fn corner(self) -> (u16, u16) {
        (self.row, self.column)
    }

    /// The columns it covers.
    pub(crate) fn across(self) -> std::ops::Range<usize> {
        usize::from(self.column)..usize::from(self.column) + usize::from(self.columns)
    }

    /// The rows it covers.
    pub(crate) fn down(self) -> std::ops::Range<usize> {
        usize::from(self.row)..usize::from(self.row) + usize::from(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(column: u16, row: u16, columns: u16, rows: u16) -> Cell {
        Cell { column, row, columns, rows }
    }

    #[test]
    fn what_does_not_cover_the_wall_exactly_once_is_refused() {
        use NotALayout::{Lines, Order, Outside, Overlap, Uncovered, Weight};
        let left_and_right = vec![cell(0, 0, 1, 1), cell(1, 0, 1, 1)];
        let cases = [
            (vec![], vec![1], vec![], Lines(0)),
            (vec![1], vec![1; 65], vec![cell(0, 0, 1, 65)], Lines(65)),
            (vec![1, 0], vec![1], left_and_right.clone(), Weight(0)),
            (vec![1, 10_001], vec![1], left_and_right.clone(), Weight(10_001)),
            (vec![1, 1], vec![1], vec![cell(0, 0, 0, 1)], Outside(0)),
            (vec![1, 1], vec![1], vec![cell(0, 0, 2, 0)], Outside(0)),
            (vec![1, 1], vec![1], vec![cell(1, 0, 2, 1)], Outside(0)),
            (vec![1, 1], vec![1], vec![cell(65_535, 0, 65_535, 1)], Outside(0)),
            (vec![1, 1], vec![1], vec![cell(1, 0, 1, 1), cell(0, 0, 1, 1)], Order(1)),
            (vec![1, 1], vec![1], vec![cell(0, 0, 1, 1), cell(0, 0, 1, 1)], Order(1)),
            (vec![1, 1], vec![1], vec![cell(0, 0, 2, 1), cell(1, 0, 1, 1)], Overlap(1)),
            (vec![1, 1], vec![1], vec![cell(0, 0, 1, 1)], Uncovered { column: 1, row: 0 }),
            (vec![1], vec![1, 1], vec![], Uncovered { column: 0, row: 0 }),
        ];
        for (columns, rows, cells, why) in cases {
            assert_eq!(Layout::new(columns, rows, cells), Err(why));
        }
        assert!(Layout::new(vec![1, 10_000], vec![1], left_and_right).is_ok());
    }

    #[test]
    fn equal_divisions_are_equal_values() {
        let halves = Layout::new(vec![500, 500], vec![7], vec![cell(0, 0, 1, 1), cell(1, 0, 1, 1)]).unwrap();
        assert_eq!(halves, Layout::grid(2, 1));
    }

    #[test]
    fn the_page_sees_the_shape_of_its_contract() {
        let json = r#"{"columns":[1,2],"rows":[1],"cells":[{"column":0,"row":0,"columns":2,"rows":1}]}"#;
        let layout: Layout = serde_json::from_str(json).unwrap();
        assert_eq!(layout, Layout::new(vec![1, 2], vec![1], vec![cell(0, 0, 2, 1)]).unwrap());
        assert_eq!(serde_json::to_string(&layout).unwrap(), json);
    }
}
