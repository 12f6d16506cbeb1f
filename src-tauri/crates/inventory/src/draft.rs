//! An inventory as it is written, before anything is checked: what the file's format is, and what lists are read into.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::limits;
use crate::sites::{Position, ProfileKind, Zone};

/// The version of the format that is written.
pub(crate) const VERSION: u32 = 2;

/// The sites, recorders and cameras of a province, and how their streams are reached. Addresses hold no user and no
/// password.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Watchwall inventory")]
pub(crate) struct Draft {
    /// 2; files of version 1 lack positions, zones, relays, makes, models, channels, and may lack names.
    #[schemars(range(min = 1, max = 2))]
    pub(crate) version: u32,
    /// What the inventory is of.
    #[schemars(length(max = limits::NAME))]
    pub(crate) name: String,
    /// All sites.
    pub(crate) sites: Vec<Site>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    /// Unique among sites and recorders.
    #[schemars(with = "IdText")]
    pub(crate) id: String,
    /// As people call it.
    #[schemars(length(max = limits::NAME))]
    pub(crate) name: String,
    /// District or city.
    #[schemars(length(max = limits::NAME))]
    pub(crate) district: String,
    /// What its line carries outwards, Mb/s.
    #[schemars(range(min = *limits::MBPS.start(), max = *limits::MBPS.end()))]
    pub(crate) uplink_mbps: Option<i64>,
    /// Where it lies (WGS 84).
    pub(crate) position: Option<Position>,
    /// The zone in which it lies.
    pub(crate) zone: Option<Zone>,
    /// Template of a restreamer's addresses, with {site}, {recorder}, {channel}, {camera}, {profile} in the path.
    #[schemars(length(max = limits::ADDRESS))]
    pub(crate) relay: Option<String>,
    /// Its recorders.
    pub(crate) recorders: Vec<Recorder>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recorder {
    /// Unique among sites and recorders.
    #[schemars(with = "IdText")]
    pub(crate) id: String,
    /// As people call it.
    #[schemars(length(max = limits::NAME))]
    pub(crate) name: String,
    /// What it sends at most, Mb/s.
    #[schemars(range(min = *limits::MBPS.start(), max = *limits::MBPS.end()))]
    pub(crate) sends_mbps: Option<i64>,
    /// Where it answers besides its streams: host:port or an http(s) base.
    #[schemars(length(max = limits::ADDRESS))]
    pub(crate) address: Option<String>,
    /// Who made it.
    #[schemars(length(max = limits::NAME))]
    pub(crate) make: Option<String>,
    /// Which model of that make it is.
    #[schemars(length(max = limits::NAME))]
    pub(crate) model: Option<String>,
    /// As at a site; instead of the site's.
    #[schemars(length(max = limits::ADDRESS))]
    pub(crate) relay: Option<String>,
    /// Its cameras.
    pub(crate) cameras: Vec<Camera>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Camera {
    /// Unique among cameras.
    #[schemars(with = "IdText")]
    pub(crate) id: String,
    /// As people call it.
    #[schemars(length(max = limits::NAME))]
    pub(crate) name: String,
    /// Whether it stands outdoors.
    pub(crate) outdoor: Option<bool>,
    /// Its channel on the recorder.
    #[schemars(range(min = *limits::CHANNEL.start(), max = *limits::CHANNEL.end()))]
    pub(crate) channel: Option<i64>,
    /// Whether it can be moved.
    pub(crate) ptz: Option<bool>,
    /// How many may watch it at once.
    #[schemars(range(min = *limits::VIEWERS.start(), max = *limits::VIEWERS.end()))]
    pub(crate) viewers: Option<i64>,
    /// Its lens: the name of a known one ("wide-outdoor"), or field of view across and down in degrees, projection
    /// ("rectilinear" or "f-theta") and distortion beyond that: "101.6x54.1 f-theta 0.079".
    #[schemars(length(max = limits::NAME))]
    pub(crate) lens: Option<String>,
    /// As at a site; instead of the recorder's and the site's.
    #[schemars(length(max = limits::ADDRESS))]
    pub(crate) relay: Option<String>,
    /// Its streams, one of a kind.
    #[schemars(length(min = 1, max = 2))]
    pub(crate) profiles: Vec<Profile>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// Main: the full picture; sub: the small picture for walls.
    pub(crate) kind: ProfileKind,
    /// rtsp://, without user and password.
    #[schemars(length(max = limits::ADDRESS), regex(pattern = "^\\s*[rR][tT][sS][pP]://[^@]+$"))]
    pub(crate) address: String,
    /// Columns of its picture, as declared.
    #[schemars(range(min = *limits::PIXELS.start(), max = *limits::PIXELS.end()))]
    pub(crate) width: i64,
    /// Rows of its picture, as declared.
    #[schemars(range(min = *limits::PIXELS.start(), max = *limits::PIXELS.end()))]
    pub(crate) height: i64,
    /// Pictures a second, as declared.
    #[schemars(range(max = limits::FRAME_RATE), extend("exclusiveMinimum" = 0))]
    pub(crate) frame_rate: Option<f32>,
    /// Bit rate as declared, kb/s.
    #[schemars(range(min = *limits::KBPS.start(), max = *limits::KBPS.end()))]
    pub(crate) kbps: Option<i64>,
}

/// Only for the schema.
struct IdText;

impl JsonSchema for IdText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        // Characters, of which each is at least a byte.
        schemars::json_schema!({ "type": "string", "minLength": 1, "maxLength": model::Id::LONGEST })
    }
}

/// JSON Schema (draft 2020-12) of the inventory's file. Stricter rules that a schema cannot say (unique ids, sound
/// addresses, characters of names) are those of [`crate::Inventory::parse`].
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Draft).into()
}
