//! Motion looked for in what recorders hold, where nobody noted it down when it happened.
//!
//! **What it does:** has the key frames of a stretch of time sent, makes a coarse grid of brightness of each, and says when
//! something moved inside an area; names every part of the time that it has not looked at.
//!
//! **What it must never know:** windows, the page, words for people, who may search.
//!
//! **The way through it:** [`crate::playback::Player::searcher`] gives a [`Searcher`]; [`Searcher::run`] carries out an
//! [`Order`] on the caller's thread; [`Progress`] is looked at meanwhile, and stops it. `grid` makes few cells of a picture,
//! `change` compares two of them, `hits` gathers what lies near together, `missed` says what was not looked at; none of these knows
//! recorders. `recorder` has a recorder search that can do so by itself, which takes no footage over the line; what it does not
//! answer is looked at here.
//!
//! # What counts as motion
//! Cells of the area that are brighter or darker than in the key frame before, beyond what explains the whole picture
//! (exposure, clouds, dusk), beyond its noise, and several of them side by side. Where nothing explains the whole picture any
//! more, as when infrared light goes on or a camera turns, that is told apart from motion.

mod change;
mod grid;
mod hits;
mod missed;
mod progress;
mod recorder;
mod search;

use std::sync::Arc;

use model::{Period, PicturePart};

use crate::devices::Way;
use crate::gate::Gate;
use crate::playback::{Archive, Throttle, Turns};

pub use change::Sensitivity;
pub use grid::Grid;
pub use hits::{Hit, MOST_HITS};
pub use progress::{Missed, Progress, Standing, State, Unsearched};
pub use search::Keep;

/// How often in a row a recorder is asked again that gives nothing; with the pauses in between, about a minute.
const TRIES: u32 = 9;

/// What is looked for.
#[derive(Clone)]
pub struct Order {
    /// The way to the camera's recorder, with the person's login.
    pub way: Way,
    /// When, in true time.
    pub period: Period,
    /// Where, in the picture as the camera sends it; none: all of it.
    pub area: Vec<PicturePart>,
    /// How little is enough.
    pub sensitivity: Sensitivity,
    /// What a search may take of the recorder's line.
    pub line: Throttle,
}

/// See the module.
#[derive(Clone)]
pub struct Searcher {
    gate: Gate,
    turns: Turns,
    archive: Arc<Archive>,
    tries: u32,
}

impl Searcher {
    pub(crate) fn new(gate: Gate, turns: Turns, archive: Arc<Archive>) -> Self {
        Self { gate, turns, archive, tries: TRIES }
    }

    /// The same, which gives up after so many fruitless questions in a row.
    #[must_use]
    pub fn giving_up_after(self, tries: u32) -> Self {
        Self { tries, ..self }
    }
}
