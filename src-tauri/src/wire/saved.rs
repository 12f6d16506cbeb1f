//! Layouts and tours that people keep.

use model::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A wall as somebody has kept it: its division and its cameras.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SavedLayout {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Everybody on this workstation may open it.
    pub shared: bool,
    /// The person may change and remove it.
    pub own: bool,
    /// How many cameras stand on it.
    pub cameras: usize,
    /// Its division, for a small picture of it.
    pub layout: layouts::Layout,
}

/// A stop of a tour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TourStop {
    /// Which kept layout.
    pub layout: Id,
    /// How long it stays, in seconds, 3–3600.
    pub seconds: u16,
}

/// Kept layouts one after the other, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Tour {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Everybody on this workstation may start it.
    pub shared: bool,
    /// The person may change and remove it.
    pub own: bool,
    /// In their order.
    pub stops: Vec<TourStop>,
}

/// A tour to be kept; with the id of one of one's own it replaces that one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct TourFields {
    /// Null: a new one.
    pub id: Option<Id>,
    /// As people call it.
    pub name: String,
    /// Everybody on this workstation may start it.
    pub shared: bool,
    /// In their order; at least one.
    pub stops: Vec<TourStop>,
}

/// What is kept, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct Saved {
    /// Layouts with their cameras.
    pub layouts: Vec<SavedLayout>,
    /// Tours.
    pub tours: Vec<Tour>,
}

/// A tour that runs on a wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RunningTour {
    /// On which.
    pub wall: u32,
    /// Which.
    pub tour: Id,
    /// As people call it.
    pub name: String,
    /// Where it is, from 0.
    pub stop: usize,
    /// How many there are.
    pub stops: usize,
    /// Stays where it is.
    pub paused: bool,
}
