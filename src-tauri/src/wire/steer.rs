//! Steering cameras.

use model::{Id, Point};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a hand moves; to be said again at least twice a second while it does.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Push {
    /// The camera, as shares of its top speed, −1 to 1: right, up, closer.
    Turn {
        /// To the right.
        pan: f32,
        /// Upwards.
        tilt: f32,
        /// Closer.
        zoom: f32,
    },
    /// Its focus: farther or nearer, −1 to 1.
    Focus {
        /// How fast.
        speed: f32,
    },
    /// Its iris: open or close, −1 to 1.
    Iris {
        /// How fast.
        speed: f32,
    },
}

/// What is asked of a camera once.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Errand {
    /// Turn there; degrees, and the magnification.
    Turn {
        /// Degrees to the right of its zero.
        pan: f64,
        /// Degrees below the horizon.
        tilt: f64,
        /// 1 is the widest picture.
        zoom: f64,
    },
    /// Go to its home place.
    Home,
    /// Go to a preset.
    Recall {
        /// The preset's.
        token: String,
    },
    /// Keep the place where it points: as a new preset, or in place of one.
    Keep {
        /// Which is replaced.
        token: Option<String>,
        /// As people call it.
        name: String,
    },
    /// Forget a preset.
    Forget {
        /// The preset's.
        token: String,
    },
    /// Ask for its presets.
    Presets,
    /// Let it focus by itself.
    AutoFocus,
    /// Switch something.
    Switch {
        /// As the device calls it.
        name: String,
        /// On or off.
        on: bool,
    },
    /// Stop, whoever moves it.
    Stop,
    /// Take it from whoever steers it.
    TakeOver,
    /// Leave it to others.
    GiveUp,
    /// Unlock a mount that only sets the camera up, after the person was asked; or lock it again.
    Unlock {
        /// From now on.
        on: bool,
    },
    /// Go round through presets until a hand moves it.
    Tour {
        /// At least two.
        stops: Vec<SteerStop>,
    },
    /// Go round no longer.
    EndTour,
}

/// A stop of a camera's tour.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct SteerStop {
    /// The preset's token.
    pub token: String,
    /// How long it stays, 5–3600 s.
    pub seconds: u16,
}

/// A point of a tile: shares of its width and height from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, TS)]
pub struct TilePoint {
    /// From the left.
    pub x: f64,
    /// From above.
    pub y: f64,
}

impl From<TilePoint> for Point {
    fn from(TilePoint { x, y }: TilePoint) -> Self {
        Self::new(x, y)
    }
}

/// How a camera stands whose controls are open, or that moves.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Steering {
    /// Which.
    pub camera: Id,
    /// What it can do; null until its device has been met.
    pub abilities: Option<SteerAbilities>,
    /// Why it cannot be steered, or what it refuses; empty where nothing is wrong.
    pub trouble: String,
    /// Where it points, if it tells.
    pub pose: Option<SteerPose>,
    /// It stands at a stop of its pan or tilt, or was sent beyond one.
    pub at_limit: bool,
    /// What moves it.
    pub moving: SteerMoving,
    /// Who steers it.
    pub holder: SteerHolder,
    /// Who steers it, or is to: person and workstation; empty for us and nobody.
    pub by: String,
    /// It may be taken from them.
    pub ours_to_take: bool,
    /// Who has taken it from us last; empty for nobody.
    pub lost_to: String,
    /// Its presets, once they were asked for.
    pub presets: Option<Vec<SteerPreset>>,
    /// It goes round through presets.
    pub touring: bool,
    /// Its mount is unlocked.
    pub unlocked: bool,
}

/// What a camera can do; what it cannot is not offered.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SteerAbilities {
    /// Degrees; null: no motor.
    pub pan: Option<SteerSpan>,
    /// Degrees below the horizon.
    pub tilt: Option<SteerSpan>,
    /// Magnification.
    pub zoom: Option<SteerSpan>,
    /// How many presets it keeps; null: none.
    pub presets: Option<u16>,
    /// Its focus can be moved.
    pub focus: bool,
    /// Its iris can be moved.
    pub iris: bool,
    /// What can be switched.
    pub auxiliaries: Vec<String>,
    /// Its motors only set it up: for administrators, after a question.
    pub set_up_only: bool,
}

/// From the least to the most; null where nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct SteerSpan {
    /// The least.
    pub least: Option<f64>,
    /// The most.
    pub most: Option<f64>,
}

/// Where a camera points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct SteerPose {
    /// Degrees.
    pub pan: f64,
    /// Degrees below the horizon.
    pub tilt: f64,
    /// Magnification.
    pub zoom: f64,
}

/// A place that a camera keeps.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SteerPreset {
    /// What the device calls it.
    pub token: String,
    /// What people call it; may be empty.
    pub name: String,
    /// When its picture was taken, milliseconds since 1970; null: there is none yet.
    pub seen_ms: Option<f64>,
}

/// What moves a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SteerMoving {
    /// Nothing.
    Still,
    /// This workstation.
    Ours,
    /// Somebody else, or it moves by itself.
    Others,
    /// It is being stopped.
    Stopping,
    /// It is not known to have stopped.
    Unsure,
}

/// Who steers a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SteerHolder {
    /// Nobody.
    Nobody,
    /// This workstation.
    Us,
    /// This workstation, which is about to lose it.
    Leaving,
    /// Another one.
    Other,
    /// It is asked for.
    Asked,
}

/// Where a camera was sent by a click or a box.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct Turned {
    /// There.
    pub pose: SteerPose,
    /// That is the nearest place that its motors reach.
    pub at_limit: bool,
}
