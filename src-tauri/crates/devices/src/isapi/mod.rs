//! ISAPI, Hikvision's own protocol: XML by `GET`, `PUT` and `DELETE`.
//!
//! **What it does:** [`meet`] asks a camera or a recorder what it is, and gives back a [`Device`] with the abilities that it
//! tells of. Channels count from 1; stream 1 of channel 1 is `101`.
//!
//! **What is special about it:** what is not offered is refused with 403 and `methodNotAllowed` or `notSupport`
//! ([`answer`]); places are degrees × 10, elevations positive downwards; a movement by `momentary` ends by itself, and where
//! that is refused `continuous` goes on for ever; motion is said again and again, and some firmwares never say that it is
//! over.

mod answer;
mod events;
mod lens;
mod motors;
mod presets;
mod recordings;
mod streams;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::{ClockOffset, Fault};

use self::answer::{ask, with};
use self::events::Alerts;
use self::lens::{Lens, Switches};
use self::motors::Motors;
use self::recordings::Tracks;
use self::streams::{Described, KeyFrames};
use crate::device::{
    Auxiliary, Channel, Device, Events, Facts, KeyFrame, LensMotors, Protocol, Snapshot, Steer,
};
use crate::http::Client;
use crate::makers::unless_essential;
use crate::recordings::{Local, Recordings};
use crate::still::Still;
use crate::xml::{self, text_of};

/// Who are you. The one question that every ISAPI device answers.
const WHO: &str = "/ISAPI/System/deviceInfo";
const TIME: &str = "/ISAPI/System/time";

/// Asks a device for everything that it can do. `rtsp_port`: the port of its streams as it is reached from here, where that
/// is not what the device says.
///
/// # Errors
/// Why it cannot be spoken to; [`Fault::NotOffered`] if it does not speak ISAPI, [`Fault::NoVideo`].
pub async fn meet(client: &Client, rtsp_port: Option<u16>) -> Result<Device, Fault> {
    let facts = facts(&ask(client, WHO).await?)?;
    let (clock, zone) = unless_essential(clock(client).await)?.unwrap_or_default();
    let names = names(client).await?;
    let described = streams::described(client, rtsp_port).await?;
    let recordings = tracks(client, &described, zone, clock).await?;
    let mut channels = Vec::with_capacity(described.len());
    for found in described {
        channels.push(channel(client, found, &names).await?);
    }
    let events: Arc<dyn Events> = Arc::new(Alerts { client: client.clone() });
    Ok(Device { facts, clock, certificate: client.certificate(), channels, events: Some(events), recordings })
}

fn facts(who: &str) -> Result<Facts, Fault> {
    // A web page is no answer of this protocol.
    let document = xml::parse(who).map_err(|_| Fault::NotOffered)?;
    let root = document.root_element();
    let text = |name| text_of(root, name).unwrap_or_default();
    let model = text_of(root, "model").ok_or(Fault::NotOffered)?;
    Ok(Facts {
        protocol: Protocol::Isapi,
        make: text_of(root, "manufacturer").unwrap_or_else(|| "Hikvision".to_owned()),
        model,
        firmware: text("firmwareVersion"),
        serial: text("serialNumber"),
    })
}

/// How far its clock is ahead, and its zone.
async fn clock(client: &Client) -> Result<(Option<ClockOffset>, Option<TimeZone>), Fault> {
    let (asked, begun) = (SystemTime::now(), Instant::now());
    let text = ask(client, TIME).await?;
    let (told, zone) = told(&text)?;
    Ok((told.map(|told| crate::onvif::clock::offset(told, asked, begun.elapsed())), zone))
}

/// The device's time and its zone: local, with its offset or in its own zone.
fn told(text: &str) -> Result<(Option<SystemTime>, Option<TimeZone>), Fault> {
    let document = xml::parse(text)?;
    let root = document.root_element();
    let named = text_of(root, "timeZone").and_then(|zone| TimeZone::posix(&zone).ok());
    let Some(local) = text_of(root, "localTime") else { return Ok((None, named)) };
    if let Ok(moment) = local.parse::<Timestamp>() {
        let offset = DateTime::strptime("%Y-%m-%dT%H:%M:%S%.f", local.get(..19).unwrap_or_default()).ok();
        let offset = offset.and_then(|civil| {
            let utc = TimeZone::UTC.to_timestamp(civil).ok()?;
            let seconds = utc.as_second() - moment.as_second();
            jiff::tz::Offset::from_seconds(i32::try_from(seconds).ok()?).ok()
        });
        return Ok((Some(SystemTime::from(moment)), named.or_else(|| offset.map(TimeZone::fixed))));
    }
    let zone = named.clone();
    let moment = zone.zip(local.parse::<DateTime>().ok());
    let moment = moment.and_then(|(zone, local)| zone.to_timestamp(local).ok()).map(SystemTime::from);
    Ok((moment, named))
}

/// What it has recorded, if it can be searched.
async fn tracks(
    client: &Client,
    described: &[Described],
    zone: Option<TimeZone>,
    clock: Option<ClockOffset>,
) -> Result<Option<Arc<dyn Recordings>>, Fault> {
    let Some(first) = described.first() else { return Ok(None) };
    let port = first.profiles.iter().filter_map(|stream| stream.address.url().port()).next().unwrap_or(554);
    let (wall, ahead_ms) =
        (Local(zone.unwrap_or_else(TimeZone::system)), clock.map_or(0, |clock| clock.ahead_ms));
    let tracks = Tracks::of(client, port, wall, ahead_ms, first.number).await?;
    Ok(tracks.map(|tracks| Arc::new(tracks) as Arc<dyn Recordings>))
}

/// What people call the channels: a recorder's cameras, else the inputs of a camera.
async fn names(client: &Client) -> Result<HashMap<u32, String>, Fault> {
    let lists = [
        ("/ISAPI/ContentMgmt/InputProxy/channels", "InputProxyChannel"),
        ("/ISAPI/System/Video/inputs/channels", "VideoInputChannel"),
    ];
    let mut names = HashMap::new();
    for (target, element) in lists {
        let Some(text) = unless_essential(ask(client, target).await)? else { continue };
        let found = with(&text, |root| {
            let read = |node| Some((text_of(node, "id")?.parse().ok()?, text_of(node, "name")?));
            xml::all(root, element).filter_map(read).collect::<Vec<(u32, String)>>()
        });
        names.extend(unless_essential(found)?.unwrap_or_default());
        if !names.is_empty() {
            break;
        }
    }
    Ok(names)
}

async fn channel(client: &Client, found: Described, names: &HashMap<u32, String>) -> Result<Channel, Fault> {
    let number = found.number;
    let motors = Motors::of(client, number).await?;
    let lens = if motors.is_some() { Lens::of(client, number).await? } else { None };
    let switches = if motors.is_some() { Switches::of(client, number).await? } else { None };
    let named = names.get(&number).filter(|name| !name.is_empty());
    Ok(Channel {
        number,
        name: named.cloned().unwrap_or(found.name),
        sound: found.sound,
        talk: found.talk,
        steer: motors.map(|motors| Arc::new(motors) as Arc<dyn Steer>),
        set_up_only: false,
        lens: lens.map(|lens| Arc::new(lens) as Arc<dyn LensMotors>),
        auxiliary: switches.map(|switches| Arc::new(switches) as Arc<dyn Auxiliary>),
        snapshot: Some(Arc::new(Still {
            client: client.clone(),
            target: format!("/ISAPI/Streaming/channels/{}/picture", found.ids[0]),
        }) as Arc<dyn Snapshot>),
        key_frame: Some(Arc::new(KeyFrames { client: client.clone(), ids: found.ids }) as Arc<dyn KeyFrame>),
        profiles: found.profiles,
    })
}
