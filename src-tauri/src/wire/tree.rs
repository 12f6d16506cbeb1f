//! The tree of what there is to be watched.

use model::Id;
use serde::Serialize;
use ts_rs::TS;

use super::stock;

/// A camera in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Camera {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Where that is known.
    pub outdoor: Option<bool>,
}

/// A recorder in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Recorder {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Channel by channel.
    pub cameras: Vec<Camera>,
}

/// A site in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Site {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Its recorders.
    pub recorders: Vec<Recorder>,
    /// Where it is, if that is known.
    pub position: Option<stock::Position>,
    /// Which zone it lies in, if any.
    pub zone: Option<stock::Zone>,
}

/// A district in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct District {
    /// Unique.
    pub name: String,
    /// Its sites.
    pub sites: Vec<Site>,
}
