//! Sites, their recorders and cameras, and how to reach them. Holds no password.
//!
//! Whatever stands in these types has passed [`crate::Inventory::parse`]: ids are unique, names are in NFC and without
//! control characters, figures lie within [`crate::limits`].

use model::{Address, Id, Lens};
use serde::{Deserialize, Serialize, Serializer};

use crate::device_address::DeviceAddress;
use crate::relay::Relay;

/// What is watched together: one address, one uplink.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Site {
    /// Unique among sites and recorders.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// District or city; empty where none is named.
    pub district: String,
    /// What its line carries outwards, Mb/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uplink_mbps: Option<u32>,
    /// Where it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The zone in which it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// A restreamer for all its cameras.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay: Option<Relay>,
    /// Its recorders.
    pub recorders: Vec<Recorder>,
}

/// A network video recorder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorder {
    /// Unique among sites and recorders.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// What it sends at most, Mb/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sends_mbps: Option<u32>,
    /// Where it answers besides its streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<DeviceAddress>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// Which model of that make it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// A restreamer for its cameras, instead of the site's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay: Option<Relay>,
    /// Its cameras.
    pub cameras: Vec<Camera>,
}

/// A camera, on a recorder's channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Camera {
    /// Unique among cameras.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Whether it stands outdoors, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outdoor: Option<bool>,
    /// Its channel on the recorder, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<u32>,
    /// Whether it can be moved, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ptz: Option<bool>,
    /// How many may watch it at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewers: Option<u32>,
    /// Its lens, where that is known: which part of the world its picture shows, and how far lines are bent in it. A text
    /// in files; see [`Lens`].
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "lens_as_text")]
    pub lens: Option<Lens>,
    /// A restreamer for this camera, instead of the recorder's or the site's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay: Option<Relay>,
    /// Its streams; at least one, and one of a kind.
    pub profiles: Vec<Profile>,
}

/// One of a camera's streams.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// Which one.
    pub kind: ProfileKind,
    /// Where it is; without user and password.
    #[serde(serialize_with = "as_text")]
    pub address: Address,
    /// Columns of its picture, as declared.
    pub width: u32,
    /// Rows of its picture, as declared.
    pub height: u32,
    /// Pictures a second, as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_rate: Option<f32>,
    /// Bit rate as declared, kb/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kbps: Option<u32>,
}

/// The trade's two kinds of streams.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    /// The full picture.
    Main,
    /// The small picture for walls.
    Sub,
}

impl ProfileKind {
    /// Both, the full one first.
    pub const BOTH: [Self; 2] = [Self::Main, Self::Sub];

    /// As it stands in files and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Sub => "sub",
        }
    }
}

/// A place on the earth (WGS 84), degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Latitude, -90 to 90; north is positive.
    #[schemars(range(min = -90, max = 90))]
    pub lat: f64,
    /// Longitude, -180 to 180; east is positive.
    #[schemars(range(min = -180, max = 180))]
    pub lon: f64,
}

/// How a place is marked on the province's map of zones.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// The safest.
    Green,
    /// Between green and red, the lesser.
    Yellow,
    /// Between green and red, the greater.
    Orange,
    /// The most dangerous.
    Red,
}

impl Zone {
    /// All of them, the safest first.
    pub const ALL: [Self; 4] = [Self::Green, Self::Yellow, Self::Orange, Self::Red];

    /// As it stands in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}

fn lens_as_text<S: Serializer>(lens: &Option<Lens>, serializer: S) -> Result<S::Ok, S::Error> {
    lens.map(|lens| lens.to_string()).serialize(serializer)
}

fn as_text<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(address)
}
