//! SUNAPI, Wisenet's own protocol (Hanwha Vision; SUNAPI 2.6): questions by `GET`, answers as lines of `name=value` or as JSON.
//!
//! **What it does:** [`meet`] asks a camera or a recorder what it is, and gives back a [`Device`] with the abilities that its
//! attributes offer. Channels count from 0 there and from 1 here.
//!
//! **What is special about it:** a failure often comes with HTTP 200 (`NG`, `Error Code:`), so that the body decides
//! ([`answer`]); a movement that was begun never ends by itself, so that who steers must be sure to end it
//! ([`crate::device::Steer::expires`] is `None`) and ONVIF is preferred for steering; about 5 wrong logins lock the address
//! out (status 490).

mod answer;
mod attributes;
mod events;
mod lens;
mod motors;
mod presets;
mod recordings;
mod set_up;
mod smart_search;
mod streams;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::{ClockOffset, Fault};

use self::answer::ask;
use self::attributes::Attributes;
use self::events::Status;
use self::lens::{Lens, Switches};
use self::motors::Motors;
use self::recordings::Timeline;
use self::set_up::SetUpMotors;
use self::streams::{Described, KeyFrames};
use crate::device::{
    Auxiliary, Channel, Device, Events, Facts, KeyFrame, LensMotors, Protocol, Snapshot, Steer,
};
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::unless_essential;
use crate::recordings::{Local, Recordings};
use crate::still::Still;

/// Who are you. The one question that every SUNAPI device answers.
pub(crate) const WHO: &str = "/stw-cgi/system.cgi?msubmenu=deviceinfo&action=view";
const TIME: &str = "/stw-cgi/system.cgi?msubmenu=date&action=view";

/// Asks a device for everything that it can do. `rtsp_port`: the port of its streams as it is reached from here, where that
/// is not what the device says.
///
/// # Errors
/// Why it cannot be spoken to; [`Fault::NotOffered`] if it does not speak SUNAPI, [`Fault::NoVideo`].
pub async fn meet(client: &Client, rtsp_port: Option<u16>) -> Result<Device, Fault> {
    let who = ask(client, WHO).await?;
    let facts = facts(&who).ok_or(Fault::NotOffered)?;
    let attributes = Attributes::of(client).await?;
    let (clock, zone) =
        unless_essential(clock(client).await)?.unwrap_or_else(|| (None, Local(TimeZone::system())));
    let recorder = who.get("DeviceType").is_some_and(|kind| !kind.eq_ignore_ascii_case("NWC"));
    let described = streams::described(client, recorder, rtsp_port).await?;
    let streams = described.iter().flat_map(|found| &found.profiles);
    let port = streams.filter_map(|stream| stream.address.url().port()).next().unwrap_or(554);
    let timeline = Timeline::of(client, recorder, port, zone, !attributes.denies("SmartSearch")).await?;
    let recordings = timeline.map(|timeline| Arc::new(timeline) as Arc<dyn Recordings>);
    let mut channels = Vec::with_capacity(described.len());
    for found in described {
        channels.push(channel(client, &attributes, found).await);
    }
    let events: Arc<dyn Events> = Arc::new(Status { client: client.clone() });
    Ok(Device { facts, clock, certificate: client.certificate(), channels, events: Some(events), recordings })
}

fn facts(who: &Fields) -> Option<Facts> {
    let text = |name| who.get(name).unwrap_or_default().to_owned();
    let model = who.get("Model")?.to_owned();
    Some(Facts {
        protocol: Protocol::Sunapi,
        make: who.get("Manufacturer").unwrap_or("Hanwha Vision").to_owned(),
        model,
        firmware: text("FirmwareVersion"),
        serial: who
            .get("SerialNumber")
            .or_else(|| who.get("ConnectedMACAddress"))
            .unwrap_or_default()
            .to_owned(),
    })
}

/// How far its clock is ahead, and the zone of its local times.
async fn clock(client: &Client) -> Result<(Option<ClockOffset>, Local), Fault> {
    let (asked, begun) = (SystemTime::now(), Instant::now());
    let date = ask(client, TIME).await?;
    let offset = told(&date).map(|told| crate::onvif::clock::offset(told, asked, begun.elapsed()));
    Ok((offset, recordings::zone(&date)))
}

/// The device's time: `UTCTime`, else `LocalTime` in its own zone.
fn told(date: &Fields) -> Option<SystemTime> {
    let time = |name: &str, zone: &TimeZone| {
        let civil: DateTime = date.get(name)?.trim_end_matches(" DST").trim_end_matches('Z').parse().ok()?;
        zone.to_timestamp(civil).ok().map(SystemTime::from)
    };
    let zone = date.get("POSIXTimeZone").and_then(|zone| TimeZone::posix(zone).ok());
    time("UTCTime", &TimeZone::UTC).or_else(|| time("LocalTime", &zone?))
}

async fn channel(client: &Client, attributes: &Attributes, found: Described) -> Channel {
    let index = found.index;
    let motors = Motors::of(client, attributes, index).await;
    let set_up = if motors.is_none() { SetUpMotors::of(client, attributes, index) } else { None };
    let set_up_only = set_up.is_some();
    let steer = motors.map(|motors| Arc::new(motors) as Arc<dyn Steer>);
    Channel {
        number: index + 1,
        name: found.name,
        sound: found.sound,
        talk: attributes.count("Media/Limit/MaxAudioOutput", index) > 0,
        steer: steer.or_else(|| set_up.map(|motors| Arc::new(motors) as Arc<dyn Steer>)),
        set_up_only,
        lens: Lens::of(client, attributes, index).map(|lens| Arc::new(lens) as Arc<dyn LensMotors>),
        auxiliary: Switches::of(client, attributes, index).map(|found| Arc::new(found) as Arc<dyn Auxiliary>),
        snapshot: Some(Arc::new(Still {
            client: client.clone(),
            target: format!("/stw-cgi/video.cgi?msubmenu=snapshot&action=view&Channel={index}"),
        }) as Arc<dyn Snapshot>),
        key_frame: KeyFrames::of(client, index, &found.numbers)
            .map(|asks| Arc::new(asks) as Arc<dyn KeyFrame>),
        profiles: found.profiles,
    }
}
