//! Ready-made layouts, by the names the trade has for them.

use serde::Serialize;

use crate::layout::{Cell, Layout};

/// A ready-made layout; `name` is a label such as "3×3" or "1+5".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Preset {
    /// The same in every language.
    pub name: String,
    /// What it stands for.
    pub layout: Layout,
}

/// Columns and rows of the largest square preset.
const LARGEST: u16 = 8;

/// All of them: 1×1 to 8×8, then those with one large tile.
#[must_use]
pub fn presets() -> Vec<Preset> {
    let squares = (1..=LARGEST).map(|n| Preset { name: format!("{n}×{n}"), layout: Layout::grid(n, n) });
    let with_one_large = [(3, 2), (4, 3), (4, 2)].map(|(lines, span)| {
        let layout = one_large(lines, span);
        Preset { name: format!("1+{}", layout.count() - 1), layout }
    });
    squares.chain(with_one_large).collect()
}

/// `lines` × `lines` squares, of which the upper left `span` × `span` are one tile.
fn one_large(lines: u16, span: u16) -> Layout {
    let large = Cell { column: 0, row: 0, columns: span, rows: span };
    let small = |cell: &Cell| cell.column >= span || cell.row >= span;
    let grid = Layout::grid(lines, lines);
    let cells = std::iter::once(large).chain(grid.cells().iter().copied().filter(small)).collect();
    Layout::new(grid.columns().to_vec(), grid.rows().to_vec(), cells)
        .expect("a square grid with one large tile")
}

impl Layout {
    /// The smallest square grid that holds `cameras`, up to 8×8; what is more goes on further pages.
    #[must_use]
    pub fn smallest_for(cameras: usize) -> Self {
        let side = (1..LARGEST).find(|n| usize::from(*n).pow(2) >= cameras).unwrap_or(LARGEST);
        Self::grid(side, side)
    }

    /// One page for so many cameras at once, the nearest to a square: 20×19 for 373. At most 64×64.
    #[must_use]
    pub fn overview(cameras: usize) -> Self {
        let most = Self::MOST_LINES as u16;
        let columns = (1..most).find(|n| usize::from(*n).pow(2) >= cameras).unwrap_or(most);
        let rows = cameras.div_ceil(usize::from(columns)).clamp(1, usize::from(most));
        Self::grid(columns, rows as u16)
    }

    /// Whether it is one of [`presets`] or an overview, and not one that people made.
    #[must_use]
    pub fn is_preset(&self) -> bool {
        let largest = usize::from(LARGEST).pow(2);
        let is_overview = self.count() > largest && *self == Self::overview(self.count());
        is_overview || presets().iter().any(|preset| preset.layout == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_those_of_the_trade() {
        let names: Vec<_> = presets().into_iter().map(|p| (p.name, p.layout.count())).collect();
        let expected = [
            ("1×1", 1),
            ("2×2", 4),
            ("3×3", 9),
            ("4×4", 16),
            ("5×5", 25),
            ("6×6", 36),
            ("7×7", 49),
            ("8×8", 64),
            ("1+5", 6),
            ("1+7", 8),
            ("1+12", 13),
        ];
        assert_eq!(names, expected.map(|(name, count)| (name.to_owned(), count)));
        for preset in presets() {
            let (columns, rows, cells) =
                (preset.layout.columns(), preset.layout.rows(), preset.layout.cells());
            assert!(Layout::new(columns.to_vec(), rows.to_vec(), cells.to_vec()).is_ok(), "{}", preset.name);
            assert!(preset.layout.is_preset());
        }
    }

    #[test]
    fn the_large_tile_is_the_first_one() {
        for (name, span, lines) in [("1+5", 2, 3), ("1+7", 3, 4), ("1+12", 2, 4)] {
            let layout = presets().into_iter().find(|p| p.name == name).unwrap().layout;
            assert_eq!(layout.cells()[0], Cell { column: 0, row: 0, columns: span, rows: span });
            assert_eq!(layout.columns(), vec![1; lines]);
        }
    }

    #[test]
    fn an_overview_holds_all_on_one_page() {
        for (cameras, columns, rows) in [
            (0, 1, 1),
            (1, 1, 1),
            (2, 2, 1),
            (64, 8, 8),
            (65, 9, 8),
            (373, 20, 19),
            (4096, 64, 64),
            (9999, 64, 64),
        ] {
            let layout = Layout::overview(cameras);
            assert_eq!((layout.columns().len(), layout.rows().len()), (columns, rows), "{cameras} cameras");
            assert!(layout.is_preset() || cameras < 64);
        }
        assert!(!Layout::grid(3, 2).is_preset() && !Layout::grid(21, 18).is_preset());
    }

    #[test]
    fn the_smallest_square_holds_all() {
        for (cameras, tiles) in
            [(0, 1), (1, 1), (2, 4), (5, 9), (36, 36), (37, 49), (64, 64), (65, 64), (373, 64)]
        {
            assert_eq!(Layout::smallest_for(cameras).count(), tiles, "{cameras} cameras");
        }
    }
}
