//! ONVIF (Core, Media 1 and 2, PTZ, Imaging, Events, Recording Search, Replay).
//!
//! **What it does:** [`meet`] asks a device what it is and gives back a [`Device`] whose abilities are the device's own:
//! streams, motors, presets, focus and iris, auxiliaries, still pictures, key frames, events.
//!
//! **The way through it:** the clock first, without a login, because a login by WS-Security holds for the device's time alone;
//! then who it is, which says whether the login is right; services; profiles by Media2, else by Media1; and for each channel
//! what it offers. A fault on the way leaves out what it is about, unless nothing would be left.
//!
//! **What a device writes is not believed:** addresses are rewritten to the enrolled host ([`crate::http::Origin`]), texts are
//! tamed, numbers and lists bounded, and answers are read within [`crate::xml`]'s bounds.
//!
//! **Why not by `oxvif`:** the crate (0.17) parses these answers, too, but its `ContinuousMove` has no `Timeout`, so that a
//! camera whose operator is cut off would turn on for ever; its moves cannot name a space and always have all three axes, which
//! zoom-only devices refuse; its nodes don't say which range is for places and which for speeds; its login is a token of 20
//! bytes and whole seconds, sent to every service whether it asks or not, so that one wrong password is many attempts; and it
//! brings a second HTTP client and a second TLS library with it. Its mock server is one of the peers in our tests.

pub(crate) mod clock;
pub(crate) mod element;
mod events;
mod lens;
mod line;
mod media;
mod motors;
mod mounts;
#[cfg(test)]
pub(crate) mod mutation;
mod notices;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod parsing;
mod recordings;
mod soap;
mod spaces;
mod stills;
mod token;

use std::sync::Arc;
use std::time::Duration;

use model::{Fault, Reach};

use self::element::Element;
use self::events::PullPoints;
use self::lens::Lens;
use self::line::Line;
use self::media::{Profile, Streamed};
use self::motors::{Described, Motors, Switches};
use self::mounts::Mount;
use self::notices::Channels;
use self::recordings::Search;
use self::soap::{Request, Service};
use self::stills::{KeyFrames, Stills};
use crate::device::{
    Auxiliary, Channel, Device, Events, Facts, KeyFrame, LensMotors, Protocol, Snapshot, Steer,
};
use crate::http::Client;
use crate::makers::unless_essential;
use crate::recordings::Recordings;
use crate::text::tamed;

pub(crate) use self::soap::{random, uuid};

/// A device with many channels is asked some hundred questions; all of them are answered within this.
pub const MEET_DEADLINE: Duration = Duration::from_secs(120);
/// Channels that are looked at.
const MOST_CHANNELS: usize = 256;

/// What is known of a device before it is met.
#[derive(Clone, Debug, Default)]
pub struct Beforehand {
    /// Path and query of its device service, where it is not where ONVIF has it (as discovery tells).
    pub device_service: Option<String>,
    /// The port of its streams as it is reached from here, where that is not what it says (NAT).
    pub rtsp_port: Option<u16>,
    /// How far its motors go, for devices that count from −1 to 1 and don't tell of what.
    pub ranges: Reach,
}

/// Asks a device for everything that it can do. The client's login is tried once.
///
/// # Errors
/// Why it cannot be spoken to: [`Fault::NotFound`], [`Fault::NotOffered`] or [`Fault::Protocol`] if it does not speak ONVIF,
/// [`Fault::PasswordRequired`], [`Fault::PasswordRefused`], [`Fault::NoVideo`], and those of [`Client::send`].
pub async fn meet(client: &Client, beforehand: &Beforehand) -> Result<Device, Fault> {
    let meeting = Box::pin(met(client, beforehand));
    tokio::time::timeout(MEET_DEADLINE, meeting).await.map_err(|_| Fault::NoAnswer(MEET_DEADLINE))?
}

async fn met(client: &Client, beforehand: &Beforehand) -> Result<Device, Fault> {
    let device_service = beforehand.device_service.as_deref().unwrap_or(line::DEVICE_SERVICE);
    let line = Arc::new(Line::new(client.clone(), device_service));
    let clock = match line.read_clock().await {
        Ok(clock) => clock,
        // It speaks SOAP, and does not tell.
        Err(Fault::DeviceSays(_)) => None,
        Err(other) => return Err(other),
    };
    let facts = facts(&line).await?;
    let clock = match clock {
        Some(clock) => Some(clock),
        None => line.read_clock_as_known().await,
    };
    find_services(&line).await?;
    let (service, profiles) = media::profiles(&line).await?;
    let grouped = streams(&line, service, profiles, beforehand.rtsp_port).await?;
    let moving = Moving::ask(&line).await?;
    let mut channels = Vec::with_capacity(grouped.len());
    let mut tokens = Vec::with_capacity(grouped.len());
    let mut sources = Vec::with_capacity(grouped.len());
    for (number, group) in (1..).zip(grouped) {
        sources.push((number, recordings::Source::of(&group[0].profile)));
        tokens.push((number, named_by(&group)));
        channels.push(channel(&line, service, number, group, &moving, &beforehand.ranges).await?);
    }
    let events = line.has(Service::Events).then(|| {
        let pull_points: Arc<dyn Events> =
            Arc::new(PullPoints { line: Arc::clone(&line), channels: Channels(tokens) });
        pull_points
    });
    let recordings = (line.has(Service::Search) && line.has(Service::Replay)).then(|| {
        let search: Arc<dyn Recordings> =
            Arc::new(Search::new(Arc::clone(&line), sources, beforehand.rtsp_port));
        search
    });
    Ok(Device { facts, clock, certificate: client.certificate(), channels, events, recordings })
}

/// Who it is; the first question that wants a login on most devices.
async fn facts(line: &Line) -> Result<Facts, Fault> {
    let answer = match line.ask(&Request::new(Service::Device, "GetDeviceInformation")).await {
        // It is not there at all, whatever answered before.
        Err(Fault::NotFound) => return Err(Fault::NotFound),
        answered => unless_essential(answered)?.unwrap_or_default(),
    };
    let text = |name| tamed(answer.text_at(&[name]));
    Ok(Facts {
        protocol: Protocol::Onvif,
        make: text("Manufacturer"),
        model: text("Model"),
        firmware: text("FirmwareVersion"),
        serial: text("SerialNumber"),
    })
}

/// Where its services are: by `GetServices`, which old devices don't know, and, of those that it leaves out, by
/// `GetCapabilities`.
async fn find_services(line: &Line) -> Result<(), Fault> {
    let all =
        Request::new(Service::Device, "GetServices").with("<P:IncludeCapability>false</P:IncludeCapability>");
    let by_services = line.ask(&all).await;
    if let Ok(answer) = &by_services {
        for (service, told) in read_services(answer) {
            line.place(service, told);
        }
        let older = [Service::Media, Service::Ptz, Service::Imaging, Service::Events];
        if older.into_iter().all(|service| line.has(service)) {
            return Ok(());
        }
    }
    let all = Request::new(Service::Device, "GetCapabilities").with("<P:Category>All</P:Category>");
    let by_capabilities = line.ask(&all).await;
    if let Ok(answer) = &by_capabilities {
        for (service, told) in read_capabilities(answer) {
            line.place(service, told);
        }
    }
    // One of the two is enough.
    by_services.or(by_capabilities).map(drop)
}

fn read_services(answer: &Element) -> Vec<(Service, &str)> {
    let read = |service: &'_ Element| Service::of(service.text_at(&["Namespace"]));
    answer.all("Service").filter_map(|found| Some((read(found)?, found.text_at(&["XAddr"])))).collect()
}

fn read_capabilities(answer: &Element) -> Vec<(Service, &str)> {
    let named = [
        ("Media", Service::Media),
        ("PTZ", Service::Ptz),
        ("Imaging", Service::Imaging),
        ("Events", Service::Events),
    ];
    let at = |name: &str| answer.text_at(&["Capabilities", name, "XAddr"]);
    let extended = |name: &str| answer.text_at(&["Capabilities", "Extension", name, "XAddr"]);
    let later = [("Search", Service::Search), ("Replay", Service::Replay)];
    named
        .into_iter()
        .map(|(name, service)| (service, at(name)))
        .chain(later.into_iter().map(|(name, service)| (service, extended(name))))
        .filter(|(_, told)| !told.is_empty())
        .collect()
}

/// The streams, those of one video source together and the largest first. A profile without a stream that can be reached
/// is left out.
async fn streams(
    line: &Line,
    service: Service,
    profiles: Vec<Profile>,
    port: Option<u16>,
) -> Result<Vec<Vec<Streamed>>, Fault> {
    let mut grouped: Vec<Vec<Streamed>> = Vec::new();
    let mut refused = Fault::NoVideo;
    for profile in profiles.into_iter().filter(|profile| !profile.unknown_codec) {
        let answered = media::stream(line, service, profile, port).await;
        if let Err(fault) = &answered {
            refused = fault.clone();
        }
        let Some(streamed) = unless_essential(answered)? else { continue };
        let group = grouped.iter().position(|group| group[0].profile.source == streamed.profile.source);
        match group {
            Some(group) => grouped[group].push(streamed),
            None if grouped.len() < MOST_CHANNELS => grouped.push(vec![streamed]),
            None => {}
        }
    }
    if grouped.is_empty() {
        return Err(refused);
    }
    for group in &mut grouped {
        let pixels = |streamed: &Streamed| {
            streamed.profile.size.map_or(0, |size| u64::from(size.width) * u64::from(size.height))
        };
        group.sort_by_key(|streamed| std::cmp::Reverse(pixels(streamed)));
    }
    Ok(grouped)
}

/// The tokens by which events may name a channel.
fn named_by(group: &[Streamed]) -> Vec<String> {
    let mut tokens = vec![group[0].profile.source.clone()];
    for Streamed { profile, .. } in group {
        tokens.extend([&profile.source_configuration, &profile.token].map(String::clone));
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// What the services that move cameras say of themselves.
struct Moving {
    ptz: Option<Described>,
    mounts: Option<Element>,
}

impl Moving {
    async fn ask(line: &Line) -> Result<Self, Fault> {
        let ptz = if line.has(Service::Ptz) { Some(Described::ask(line).await?) } else { None };
        let mounts = if line.has(Service::Provisioning) {
            let capabilities = Request::new(Service::Provisioning, "GetServiceCapabilities");
            unless_essential(line.ask(&capabilities).await)?
        } else {
            None
        };
        Ok(Self { ptz, mounts })
    }
}

async fn channel(
    line: &Arc<Line>,
    service: Service,
    number: u32,
    group: Vec<Streamed>,
    moving: &Moving,
    ranges: &Reach,
) -> Result<Channel, Fault> {
    let steered = group.iter().map(|streamed| &streamed.profile).find(|profile| profile.ptz.is_some());
    let (mut motors, mut switches) = (None, None);
    if let (Some(profile), Some(described)) = (steered, &moving.ptz) {
        motors = Motors::of(line, profile, described, ranges).await?;
        let configuration = profile.ptz.as_ref().map(|brief| described.configuration(brief));
        let node = configuration.and_then(|configuration| described.node(configuration));
        switches = node.and_then(|node| Switches::of(line, profile, node));
    }
    let set_up = motors.as_ref().is_none_or(Motors::set_up_only);
    let mount = moving.mounts.as_ref().filter(|_| motors.is_none());
    let mount = mount.and_then(|told| Mount::of(line, &group[0].profile.source, told));
    let steer: Option<Arc<dyn Steer>> = match (motors, mount) {
        (Some(motors), _) => Some(Arc::new(motors)),
        (None, Some(mount)) => Some(Arc::new(mount)),
        (None, None) => None,
    };
    let lens =
        if line.has(Service::Imaging) { Lens::of(line, &group[0].profile.source).await? } else { None };
    let stills = Stills::of(line, service, &group[0].profile.token).await?;
    let profiles = group.iter().map(|streamed| streamed.profile.token.clone()).collect();
    let key_frames = KeyFrames { line: Arc::clone(line), service, profiles };
    Ok(Channel {
        number,
        name: group[0].profile.source_name.clone(),
        profiles: group.iter().map(Streamed::found).collect(),
        sound: group.iter().any(|streamed| streamed.profile.sound),
        talk: group.iter().any(|streamed| streamed.profile.talk),
        set_up_only: steer.is_some() && set_up,
        steer,
        lens: lens.map(|lens| Arc::new(lens) as Arc<dyn LensMotors>),
        auxiliary: switches.map(|switches| Arc::new(switches) as Arc<dyn Auxiliary>),
        snapshot: stills.map(|stills| Arc::new(stills) as Arc<dyn Snapshot>),
        key_frame: Some(Arc::new(key_frames) as Arc<dyn KeyFrame>),
    })
}

/// The scopes of a device that speaks ONVIF, separated by spaces, as far as it tells them without a login.
///
/// # Errors
/// It does not speak ONVIF, or not to be reached.
pub(crate) async fn scopes(client: &Client) -> Result<String, Fault> {
    let line = Line::new(client.clone(), line::DEVICE_SERVICE);
    line.read_clock().await?;
    let Ok(answer) = line.ask(&Request::new(Service::Device, "GetScopes")).await else {
        return Ok(String::new());
    };
    let scopes = answer.all("Scopes").take(64).map(|scope| scope.text_at(&["ScopeItem"]));
    Ok(scopes.map(tamed).collect::<Vec<_>>().join(" "))
}
