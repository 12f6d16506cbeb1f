//! What the plan takes of recorders, sites and this machine, and what would come of an act.

use model::Id;
use serde::Serialize;
use ts_rs::TS;

use super::Act;

/// How full a recorder or a site's line is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LinkStatus {
    /// Which recorder or site.
    pub id: Id,
    /// Mb/s of our streams, measured.
    pub used: f64,
    /// Mb/s that other clients are known to take.
    pub others: f64,
    /// Mb/s that it carries; null where unknown.
    pub limit: Option<f64>,
    /// The limit was found out and is less than what is declared.
    pub learned: bool,
    /// Mb/s as declared; null where it is not.
    pub declared: Option<f64>,
    /// Our streams.
    pub streams: usize,
}

/// How many watch a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Viewers {
    /// All of them, ourselves included.
    pub used: u32,
    /// As many may.
    pub limit: u32,
}

/// What would come of an act.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Foreseen {
    /// In one line; empty where nothing is worth a word.
    pub text: String,
    /// Planned share of this machine's decoding then, 0–1.
    pub decode: f64,
    /// Something would stay dark, or be shown worse than now.
    pub costs: bool,
    /// What could be done instead so that nothing is lost, the best first.
    pub instead: Vec<Instead>,
}

/// What fits where something else does not.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Instead {
    /// What it is, for a button.
    pub text: String,
    /// One after the other.
    pub acts: Vec<Act>,
}
