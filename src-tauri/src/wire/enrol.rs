//! Devices that are found, met and put into the inventory.

use model::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A device that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundDevice {
    /// Where it is met: `host:port`, or an `https://` base; of a device that speaks RTSP alone, its host.
    pub address: String,
    /// What it calls itself; may be empty.
    pub name: String,
    /// Its model; may be empty.
    pub hardware: String,
    /// ONVIF, or RTSP alone.
    pub protocol: String,
    /// The recorder of the inventory that answers there; empty: none.
    pub known: String,
}

/// What a device says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MetDevice {
    /// To enrol it.
    pub token: u32,
    /// Where it was met.
    pub address: String,
    /// How it is spoken to.
    pub protocol: String,
    /// Who made it.
    pub make: String,
    /// What it is called there.
    pub model: String,
    /// Its firmware.
    pub firmware: String,
    /// Its serial number.
    pub serial: String,
    /// Seconds that its clock is ahead, negative: behind; null where it does not tell.
    pub clock: Option<f64>,
    /// SHA-256 of the certificate that it showed, in hex; null without TLS.
    pub certificate: Option<String>,
    /// It tells what it notices.
    pub events: bool,
    /// Its channels, by number.
    pub channels: Vec<MetChannel>,
}

/// A channel of a device.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MetChannel {
    /// From 1.
    pub number: u32,
    /// As the device calls it; may be empty.
    pub name: String,
    /// Its streams, in words: "H.265 · 1920×1080 · 25/s · 2 Mb/s", the largest first.
    pub profiles: Vec<String>,
    /// One of them can be shown.
    pub usable: bool,
    /// It turns, or zooms.
    pub ptz: bool,
    /// It sends sound.
    pub sound: bool,
}

/// How a device that was met goes into the inventory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct DeviceEnrolment {
    /// Which: that of [`MetDevice`].
    pub token: u32,
    /// The site; null: a new one.
    pub site: Option<Id>,
    /// The new site's name.
    pub site_name: String,
    /// The new site's district.
    pub district: String,
    /// What people call the device.
    pub name: String,
    /// Mb/s that it may send; null: not limited.
    pub sends_mbps: Option<u32>,
    /// How many may watch one of its cameras at once; null: not limited.
    pub viewers: Option<u32>,
    /// The channels that are taken over.
    pub channels: Vec<EnrolledChannel>,
}

/// A channel that is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct EnrolledChannel {
    /// From 1.
    pub number: u32,
    /// What people call its camera.
    pub name: String,
}
