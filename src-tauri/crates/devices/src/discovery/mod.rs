//! Finds devices that nobody has enrolled yet.
//!
//! **What it does:** [`on_the_network`] asks every network that this machine is on at once (WS-Discovery, by multicast);
//! [`ask`] asks addresses that somebody typed ([`targets`]), slowly. Both say where a device is, what it calls itself and
//! what it speaks, all without a login.
//!
//! **What it must never do:** believe an answer. Anybody on the network may answer, as often and as long as they like: time,
//! number and size of answers are bounded, texts are tamed, and the place of a device is where its answer came from, whatever
//! address is written in it.

mod ask;
mod probe;
mod range;
mod udp;

pub use ask::ask;
pub use range::{BadRange, MOST, Target, targets};
pub use udp::{at, on_the_network};

use std::net::IpAddr;
use std::time::Duration;

use crate::device::Protocol;
use crate::http::Origin;

/// How long answers to a probe are waited for: devices spread theirs over half a second (WS-Discovery §3.1.3), slow ones
/// take longer.
pub const WINDOW: Duration = Duration::from_secs(3);

/// A device that answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it answers.
    pub host: String,
    /// The same as a number, where it is known.
    pub address: Option<IpAddr>,
    /// What it speaks.
    pub speaks: Protocol,
    /// Where its services are asked; `None` if it speaks RTSP alone.
    pub origin: Option<Origin>,
    /// Path and query of its ONVIF device service, where that is known.
    pub device_service: Option<String>,
    /// What it calls itself; may be empty.
    pub name: String,
    /// Its model, as it says; may be empty.
    pub hardware: String,
    /// Everything that it says of itself (`onvif://www.onvif.org/...`), tamed.
    pub scopes: Vec<String>,
    /// What it is known by whatever its address (a UUID); may be empty.
    pub identity: String,
}

/// An answer to any probe, from `host`.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn read(answer: &[u8], host: IpAddr) -> Vec<Found> {
    probe::read(answer, host, &[String::new()])
}

#[cfg(test)]
mod tests;
