//! The plan as a whole: examples for each reason, and what holds for every wall.

mod changes;
mod limits;
mod noise;
mod reasons;
mod walls;

use model::{Fit, Size, Turn};

use super::{Camera, Choice, Decision, History, Machine, Profile, Reason, Scene, Tile, Verdict, plan};

/// A scene that owns what it is made of.
#[derive(Clone, Debug)]
struct World {
    tiles: Vec<Tile>,
    cameras: Vec<Camera>,
    recorders: Vec<Option<f64>>,
    sites: Vec<Option<f64>>,
    machine: Machine,
    reserve: f64,
    history: Option<History>,
}

impl World {
    /// Cameras of the usual kind on one recorder of one site, each on a tile of `tile` pixels, without any limit.
    fn of(cameras: usize, tile: Size) -> Self {
        Self {
            tiles: (0..cameras).map(|camera| Tile { camera, size: tile, ..TILE }).collect(),
            cameras: vec![CAMERA; cameras],
            recorders: vec![None],
            sites: vec![None],
            machine: Machine { cores: 64.0, key_frame_cores: None, gpu_sessions: None },
            reserve: Scene::RESERVE,
            history: None,
        }
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            tiles: &self.tiles,
            cameras: &self.cameras,
            recorders: &self.recorders,
            sites: &self.sites,
            machine: self.machine,
            reserve: self.reserve,
            history: self.history.as_ref(),
        }
    }

    fn decide(&self) -> Decision {
        plan(&self.scene())
    }

    /// Decides and carries it out.
    fn go_on(&mut self) -> Decision {
        let decision = self.decide();
        self.history.get_or_insert_default().record(&decision);
        decision
    }

    fn is_attended(&self, camera: usize) -> bool {
        self.tiles.iter().any(|tile| tile.camera == camera && tile.counts() && tile.attended())
    }
}

/// 1080p25 at 2 Mb/s and 360p12 at 256 kb/s, as an office machine decodes them.
const MAIN: Profile = Profile {
    size: Size::new(1920, 1080),
    mbps: 2.0,
    cores: 0.125,
    key_frame_cores: 0.0016,
    on_gpu: false,
    refused: None,
};
const SUB: Profile = Profile {
    size: Size::new(640, 360),
    mbps: 0.256,
    cores: 0.01,
    key_frame_cores: 0.0004,
    on_gpu: false,
    refused: None,
};
const CAMERA: Camera =
    Camera { main: Some(MAIN), sub: Some(SUB), recorder: 0, site: 0, viewers: None, relayed: false };

const SMALL: Size = Size::new(480, 270);
const LARGE: Size = Size::new(960, 540);
const TILE: Tile = Tile {
    camera: 0,
    size: SMALL,
    fit: Fit::Fit,
    turn: Turn::None,
    zoom: 1.0,
    visible: true,
    selected: false,
    enlarged: false,
    priority: 0,
    key_frames_suffice: false,
    small_suffices: false,
};

fn choices(decision: &Decision) -> Vec<Choice> {
    decision.cameras.iter().map(|verdict| verdict.choice).collect()
}
