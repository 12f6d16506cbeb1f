//! What people do to walls.

use layouts::{Axis, Layout, Pictures};
use model::view::Change;
use model::{Fit, Id, Turn};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One camera or several by one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// This camera.
    Camera {
        /// The camera's.
        id: Id,
    },
    /// All of a recorder's.
    Recorder {
        /// The recorder's.
        id: Id,
    },
    /// All of a site's.
    Site {
        /// The site's.
        id: Id,
    },
    /// All of a district's.
    District {
        /// The district's.
        name: String,
    },
}

/// What a person does to a wall. Indices are into slots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// Another division.
    Layout {
        /// The new one.
        layout: Layout,
    },
    /// Cameras on a tile and those after it; without `at` they replace the whole wall, with a layout that holds them.
    Place {
        /// The first tile.
        at: Option<usize>,
        /// What is put there.
        subject: Subject,
    },
    /// All cameras there are, each on a small tile of one page.
    Overview,
    /// Takes cameras off, wherever they stand; the others close up.
    LeaveOut {
        /// Which.
        cameras: Vec<Id>,
    },
    /// Which pictures the wall asks for where nobody selects or enlarges them.
    Pictures {
        /// From now on.
        pictures: Pictures,
    },
    /// An empty tile.
    Clear {
        /// Which.
        at: usize,
    },
    /// An empty wall.
    Empty,
    /// Two tiles change places.
    Swap {
        /// The one.
        a: usize,
        /// The other.
        b: usize,
    },
    /// Keys and controls work on this tile.
    Select {
        /// Which; null for none.
        at: Option<usize>,
    },
    /// One camera covers the wall, or none any more.
    Enlarge {
        /// Which.
        at: Option<usize>,
    },
    /// Another page.
    Page {
        /// From 0.
        page: usize,
    },
    /// Pages turn by themselves, or no longer.
    Turning {
        /// How long a page stays.
        seconds: Option<u16>,
    },
    /// How the picture is laid in.
    Fit {
        /// Which tile.
        at: usize,
        /// How.
        fit: Fit,
    },
    /// Which side of the picture is up.
    Turn {
        /// Which tile.
        at: usize,
        /// How.
        turn: Turn,
    },
    /// What of the picture is seen.
    Look {
        /// Which tile.
        at: usize,
        /// What is done.
        change: Change,
        /// More of the same movement follows at once; the page is told when it has ended.
        goes_on: bool,
    },
    /// The tile shows what is selected elsewhere, or no longer.
    Hotspot {
        /// Which tile.
        at: usize,
        /// From now on.
        on: bool,
    },
    /// Moves the border before column or row `line` (1…n-1).
    Border {
        /// Which lines.
        axis: Axis,
        /// Which one.
        line: usize,
        /// Share of the wall, 0–1.
        position: f64,
    },
    /// One tile from all in the smallest rectangle around both; what stood on the others moves behind the page.
    Merge {
        /// The one.
        a: usize,
        /// The other.
        b: usize,
    },
    /// A spanning tile back into single ones; a single one into two by two.
    Split {
        /// Which.
        at: usize,
    },
}
