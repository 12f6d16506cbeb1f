//! What devices notice, and what follows from it.

use std::collections::BTreeSet;

use model::{EventKind, Id};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A line of what devices have noticed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DeviceNotice {
    /// Its number.
    pub line: f64,
    /// The site.
    pub site: Id,
    /// The camera; null for a whole device, and for many cameras of a site.
    pub camera: Option<Id>,
    /// The device that has said so first.
    pub device: Id,
    /// What.
    pub event: EventKind,
    /// When it began, ms since 1970.
    pub first: f64,
    /// When it was noticed last, ms since 1970.
    pub last: f64,
    /// How often.
    pub count: u32,
    /// Cameras of the site that it stands for, where these are many.
    pub cameras: u32,
    /// It goes on.
    pub active: bool,
    /// It began in quiet hours: no sound, no bubble.
    pub quiet: bool,
    /// Somebody has seen it.
    pub acknowledged: bool,
}

/// All rules and quiet hours of this workstation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleBook {
    /// In people's order.
    pub rules: Vec<EventRule>,
    /// When there are no sounds.
    pub quiet: Vec<DaySpan>,
}

/// When something is noticed there and then, all of this happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventRule {
    /// Unique among rules.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// It is obeyed.
    pub enabled: bool,
    /// What has to be noticed: any of these.
    pub on: BTreeSet<EventKind>,
    /// Where.
    pub at: EventPlace,
    /// At which time of day; null: always.
    pub between: Option<DaySpan>,
    /// What happens; at least one.
    pub then: Vec<EventAct>,
    /// It does not act again at the same camera for so long, seconds.
    pub pause: u16,
}

/// Where something has to be noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventPlace {
    /// Anywhere.
    Any,
    /// In this district.
    District {
        /// The district's.
        name: String,
    },
    /// At this site.
    Site {
        /// The site's.
        id: Id,
    },
    /// At this camera.
    Camera {
        /// The camera's.
        id: Id,
    },
}

/// A time of day, minutes since midnight; from the later to the earlier is over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DaySpan {
    /// From this minute on, 0–1439.
    pub from: u16,
    /// Until before this one, 0–1439.
    pub until: u16,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventAct {
    /// The camera is shown on the hotspots.
    Hotspot {
        /// For so long, 1–3600.
        seconds: u16,
    },
    /// The camera is shown on a wall: on its hotspot, else on its last tile.
    Wall {
        /// Which, from 1: the main window's.
        wall: u32,
        /// For so long, 1–3600.
        seconds: u16,
    },
    /// A camera goes to a preset, unless somebody steers it.
    Preset {
        /// Which camera; null: the one that has noticed it.
        camera: Option<Id>,
        /// The preset's.
        token: String,
    },
    /// A sound, except in quiet hours.
    Sound,
    /// The moment is marked in the log.
    Mark,
}

/// A rule asks for a sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Alarm {
    /// The rule's name.
    pub rule: String,
    /// Where.
    pub camera: Id,
    /// What.
    pub event: EventKind,
}
