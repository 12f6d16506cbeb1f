//! What the engine asks for: streams, each with what it takes and what limits it.

use model::Id;
use serde::{Deserialize, Serialize};

/// A stream that this client wants, or that it has open.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Whose line its packets come over.
    pub site: Id,
    /// The recorder that sends it; `None` for a camera reached by a relay, which uses neither a recorder's Mb/s nor a
    /// viewer slot.
    pub recorder: Option<Id>,
    /// Which camera.
    pub camera: Id,
    /// Which of its streams; a camera has at most one of each kind.
    pub kind: Profile,
    /// What it sends, Mb/s.
    pub mbps: f64,
    /// What it is wanted for.
    pub want: Want,
    /// A person has selected or enlarged it.
    pub selected: bool,
    /// A session for it exists at this moment, or is being ended but not over yet.
    pub open: bool,
    /// What this client's inventory says of its way.
    pub limits: Limits,
}

/// Which of a camera's streams. The names of the trade, without an inventory behind them: nothing here depends on what
/// is in a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The full picture.
    Main,
    /// The small picture for walls.
    Sub,
}

/// What a stream is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// The camera's first picture: without it the tile is dark. At most one a camera.
    Base,
    /// A better picture in place of the base. At most one a camera.
    Upgrade,
    /// Nothing any more: it is still open, because somebody may come back to it or because closing takes a moment. It
    /// stays as long as nobody needs its room.
    Nothing,
}

/// The limits on a stream's way, without any reserve taken off; `None`: not known to be limited. Where clients'
/// inventories differ, the smallest number counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// What the site's line carries, Mb/s.
    pub site_mbps: Option<f64>,
    /// What the recorder sends at most, Mb/s.
    pub recorder_mbps: Option<f64>,
    /// How many may watch the camera at once.
    pub viewers: Option<u32>,
}

/// Who this client is to the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// As people know it: person and workstation.
    pub name: String,
    /// Higher goes first: a province's room before a district's.
    pub rank: u8,
}
