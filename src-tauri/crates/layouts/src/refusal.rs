//! Why an act was not done.

use crate::desk::Desk;
use crate::layout::Layout;
use crate::wall::Wall;

/// Why an act was not done; the desk is then as it was. The program turns it into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No wall has this id (any more).
    #[error("no wall {0}")]
    NoSuchWall(u32),
    /// The main window's wall can be neither closed nor moved.
    #[error("the main window's wall stays")]
    MainWall,
    /// No more walls can be opened.
    #[error("more than {max} walls", max = Desk::MOST_WALLS)]
    TooManyWalls,
    /// A monitor's key that is empty, too long or has control characters.
    #[error("not a monitor's key")]
    NotAMonitor,
    /// The index is beyond all tiles.
    #[error("no tile for slot {0}")]
    NoSuchTile(usize),
    /// The tile exists and is empty.
    #[error("no camera in slot {0}")]
    NoCamera(usize),
    /// No cameras were given.
    #[error("no cameras to place")]
    NothingToPlace,
    /// More slots than a wall holds would be needed.
    #[error("more than {max} slots", max = Wall::MOST_SLOTS)]
    TooManySlots,
    /// The wall has fewer pages.
    #[error("no page {0}")]
    NoSuchPage(usize),
    /// Pages turn after 1 to [`Wall::LONGEST_TURN`] seconds.
    #[error("pages cannot turn after {0} s")]
    NotAnInterval(u16),
    /// There is no border before this line: it is the first, or beyond the last.
    #[error("no border before line {0}")]
    NoSuchBorder(usize),
    /// A border's position that is not a number.
    #[error("not a position")]
    NotAPosition,
    /// Tiles of two pages cannot become one.
    #[error("slots {0} and {1} are on different pages")]
    DifferentPages(usize, usize),
    /// A split would need more columns or rows than a wall has.
    #[error("more than {max} columns or rows", max = Layout::MOST_LINES)]
    TooManyLines,
    /// A name that is empty, too long, or has characters that can't be seen.
    #[error("not a name")]
    NotAName,
    /// More than [`Kept::MOST`](crate::Kept::MOST) layouts and tours.
    #[error("nothing more can be kept")]
    TooManyKept,
    /// More than [`Views::MOST`](crate::Views::MOST) views of a camera, or views of more cameras than there can be.
    #[error("no more views can be kept")]
    TooManyViews,
    /// No layout or tour of this id is kept (any more).
    #[error("nothing of this id is kept")]
    NothingKept,
    /// A tour without stops, with too many, or with one that leads nowhere or stays too short or too long.
    #[error("not a tour")]
    NotATour,
}
