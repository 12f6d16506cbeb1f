//! How everything stands.

use model::Id;
use serde::Serialize;
use ts_rs::TS;

use super::{LinkStatus, Viewers, sharing};

/// How a camera looks on its tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Pictures arrive.
    Live,
    /// They are on their way.
    Waiting,
    /// None, or an old one.
    Dark,
}

/// Which of a camera's streams is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The full picture.
    Main,
    /// The small one.
    Sub,
}

/// How an open camera stands. Cameras that no wall shows are not open and not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CameraStatus {
    /// Which.
    pub id: Id,
    /// On its tile.
    pub look: Look,
    /// Why it is not live; empty when it is.
    pub text: String,
    /// Since when, and what to do; of a live one, what keeps it from a better picture.
    pub detail: String,
    /// Which stream is seen.
    pub profile: Option<Profile>,
    /// How many watch it; null where that is not limited.
    pub viewers: Option<Viewers>,
}

/// How a wall stands.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct WallStatus {
    /// Which.
    pub id: u32,
    /// Tiles with a camera.
    pub cameras: usize,
    /// Those of them that are live.
    pub live: usize,
    /// All tiles together.
    pub pictures_per_second: f64,
    /// Who draws, e.g. "AVX2" or "Vulkan: NVIDIA RTX A2000".
    pub renderer: String,
}

/// How everything stands; sent twice a second.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Status {
    /// Open cameras that differ from the last status; after `load` all.
    pub cameras: Vec<CameraStatus>,
    /// Cameras that are no longer open.
    pub closed: Vec<Id>,
    /// All open walls.
    pub walls: Vec<WallStatus>,
    /// Sites with open streams.
    pub sites: Vec<LinkStatus>,
    /// Recorders with open streams.
    pub recorders: Vec<LinkStatus>,
    /// Planned share of this machine's decoding, 0–1.
    pub decode_share: f64,
    /// Something else keeps this machine so busy that less is shown.
    pub overloaded: bool,
    /// Open streams.
    pub streams: usize,
    /// Of all streams together.
    pub megabits_per_second: f64,
    /// Who decodes, e.g. "CPU", "NVDEC", "CPU + VAAPI".
    pub decoder: String,
    /// Whether other workstations are asked for room.
    pub sharing: sharing::SharingStatus,
    /// Of all cores, 0–1; null where unknown.
    pub cpu: Option<f64>,
    /// The program's, MiB; null where unknown.
    pub memory_mib: Option<f64>,
    /// Of it, MiB: the last half minute of all streams, from which it can be shown again at once.
    pub remembered_mib: f64,
}
