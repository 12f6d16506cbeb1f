//! Dahua's own protocol: CGI questions by `GET`, answers as lines of `name=value`.
//!
//! **What it does:** [`meet`] asks a camera or a recorder what it is, and gives back a [`Device`] with the abilities that it
//! tells of.
//!
//! **What is special about it:** channels count from 1 in streams and still pictures and from 0 in tables and events;
//! from which number `ptz.cgi` counts differs by firmware and is probed; a movement is begun and stopped by its name, and
//! goes on until then; the clock is told without its zone, and taken to be in the zone where this program runs.

mod answer;
mod events;
mod lens;
mod motors;
mod presets;
mod recordings;
mod streams;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::{ClockOffset, Fault};

use self::answer::ask;
use self::events::Notices;
use self::lens::Lens;
use self::motors::{Count, Motors};
use self::recordings::Files;
use crate::device::{Channel, Device, Events, Facts, LensMotors, Protocol, Snapshot, Steer};
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::unless_essential;
use crate::recordings::{Local, Recordings};
use crate::still::Still;

/// Who are you. The one question that every Dahua device answers.
const WHO: &str = "/cgi-bin/magicBox.cgi?action=getSystemInfo";
const TIME: &str = "/cgi-bin/global.cgi?action=getCurrentTime";

/// Asks a device for everything that it can do. `rtsp_port`: the port of its streams as it is reached from here, where that
/// is not what the device says.
///
/// # Errors
/// Why it cannot be spoken to; [`Fault::NotOffered`] if it does not speak this, [`Fault::NoVideo`].
pub async fn meet(client: &Client, rtsp_port: Option<u16>) -> Result<Device, Fault> {
    let facts = facts(client).await?;
    let clock = unless_essential(clock(client).await)?.flatten();
    let described = streams::described(client, rtsp_port).await?;
    let last = described.iter().map(|found| found.index).max().unwrap_or_default();
    let count = Count::of(client, last).await?;
    let streams = described.iter().flat_map(|found| &found.profiles);
    let port = streams.filter_map(|stream| stream.address.url().port()).next().unwrap_or(554);
    let files = Files::of(client, port, Local(TimeZone::system())).await?;
    let recordings = files.map(|files| Arc::new(files) as Arc<dyn Recordings>);
    let mut channels = Vec::with_capacity(described.len());
    for found in described {
        let caps = count.caps(client, found.index).await?;
        let motors = Motors::of(client, &count, found.index, &caps);
        let lens = Lens::of(client, &count, found.index, &caps);
        channels.push(Channel {
            number: found.index + 1,
            name: found.name,
            sound: found.sound,
            talk: found.sound,
            steer: motors.map(|motors| Arc::new(motors) as Arc<dyn Steer>),
            set_up_only: false,
            lens: lens.map(|lens| Arc::new(lens) as Arc<dyn LensMotors>),
            auxiliary: None,
            snapshot: Some(Arc::new(Still {
                client: client.clone(),
                target: format!("/cgi-bin/snapshot.cgi?channel={}", found.index + 1),
            }) as Arc<dyn Snapshot>),
            key_frame: None,
            profiles: found.profiles,
        });
    }
    let events: Arc<dyn Events> = Arc::new(Notices { client: client.clone() });
    Ok(Device { facts, clock, certificate: client.certificate(), channels, events: Some(events), recordings })
}

async fn facts(client: &Client) -> Result<Facts, Fault> {
    let who = ask(client, WHO).await?;
    // A web page has no such lines.
    let kind = who.get("deviceType").or_else(|| who.get("serialNumber")).ok_or(Fault::NotOffered)?.to_owned();
    let more = |action: &'static str| async move {
        let told = ask(client, &format!("/cgi-bin/magicBox.cgi?action={action}")).await;
        unless_essential(told).map(Option::unwrap_or_default)
    };
    // Some answer the first question with a number for the kind.
    let named = more("getDeviceType").await?;
    let version = more("getSoftwareVersion").await?;
    let vendor = more("getVendor").await?;
    let firmware = version.get("version").unwrap_or_default();
    Ok(Facts {
        protocol: Protocol::Dahua,
        make: vendor.get("vendor").filter(|vendor| *vendor != "General").unwrap_or("Dahua").to_owned(),
        model: named.get("type").map_or(kind, str::to_owned),
        firmware: firmware.split(',').next().unwrap_or_default().to_owned(),
        serial: who.get("serialNumber").unwrap_or_default().to_owned(),
    })
}

async fn clock(client: &Client) -> Result<Option<ClockOffset>, Fault> {
    let (asked, begun) = (SystemTime::now(), Instant::now());
    let time = ask(client, TIME).await?;
    let told = told(&time, &TimeZone::system());
    Ok(told.map(|told| crate::onvif::clock::offset(told, asked, begun.elapsed())))
}

fn told(time: &Fields, zone: &TimeZone) -> Option<SystemTime> {
    let civil: DateTime = time.get("result")?.parse().ok()?;
    zone.to_timestamp(civil).ok().map(SystemTime::from)
}
