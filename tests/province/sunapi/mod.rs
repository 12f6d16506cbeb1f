//! SUNAPI as Wisenet recorders answer it: CGI over HTTP Digest, lines `Name=Value`, or JSON where that is accepted.
//! Refusals come with 200 and the word `NG`. Channels count from 0 here.

mod ptz;
mod recording;
pub(crate) mod smart_search;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::rc::Rc;

use serde_json::{Map, Value};

use self::smart_search::Told;
use crate::device::{Device, local, utc};
use crate::events::EventKind;
use crate::follow::follow;
use crate::http::message::{Request, Response};
use crate::http::server::Answer;
use crate::list::{Coding, Profile};
use crate::motor::PRESETS;

/// Why something is not done, by SUNAPI's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// No such submenu, action or feature.
    NotSupported = 607,
    /// A parameter is missing.
    Missing = 601,
    /// A parameter is not in its range.
    Invalid = 604,
    /// Nothing is connected to the channel.
    NoChannel = 612,
    /// As many are under way as it carries out at once. (The number is not known of a real one.)
    Busy = 614,
}

/// Lines of an answer.
type Lines = Vec<(String, String)>;

/// Answers one request.
pub(crate) async fn answer(device: Rc<Device>, request: &Request, peer: IpAddr) -> Answer {
    if let Err(refusal) = device.guard(request, peer) {
        return refusal.into();
    }
    let cgi = request.path.strip_prefix("/stw-cgi/").unwrap_or_default();
    if cgi.starts_with("attributes.cgi/attributes") {
        return Response::of("text/xml", attributes(&device)).into();
    }
    let menu = request.parameter("msubmenu").unwrap_or_default();
    let action = request.parameter("action").unwrap_or_default();
    let lines = match (cgi, menu, action) {
        ("system.cgi", "deviceinfo", "view") => Ok(information(&device)),
        ("system.cgi", "date", "view") => Ok(date(&device)),
        ("media.cgi", "videoprofile", "view") => profiles(&device, request),
        ("media.cgi", "streamuri", "view") => stream_uri(&device, request),
        ("media.cgi", "sessionkey", "view") => {
            Ok(vec![line("SessionKey", format!("{:08X}", rand::random::<u32>()))])
        }
        ("video.cgi", "snapshot", "view") => return snapshot(&device, request).await.into(),
        ("eventstatus.cgi", "eventstatus", "check") => Ok(states(&device)),
        ("eventstatus.cgi", "eventstatus", "monitordiff" | "monitor") => return monitor(&device),
        ("recording.cgi", "smartsearch", _) if device.equipment().smart_search => {
            match smart_search::answer(&device, action, request) {
                Ok(Told::Results(results)) => {
                    return Response::of("application/json", results.to_string()).into();
                }
                Ok(Told::Lines(lines)) => Ok(lines),
                Err(refusal) => Err(refusal),
            }
        }
        ("recording.cgi", menu, "view") => return recording::answer(&device, menu, request).into(),
        ("ptzcontrol.cgi" | "ptzconfig.cgi", ..) => ptz::answer(&device, cgi, request),
        _ => Err(Refusal::NotSupported),
    };
    match lines {
        Ok(lines) => written(request, lines).into(),
        Err(refusal) => refused(refusal).into(),
    }
}

fn line(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

fn written(request: &Request, lines: Lines) -> Response {
    if request.header("Accept").is_some_and(|accept| accept.contains("application/json")) {
        let object: Map<String, Value> =
            lines.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        return Response::of("application/json", Value::Object(object).to_string());
    }
    if lines.is_empty() {
        return Response::text("OK\r\n");
    }
    let text: String = lines.iter().map(|(name, value)| format!("{name}={value}\r\n")).collect();
    Response::text(text)
}

fn refused(refusal: Refusal) -> Response {
    let details = match refusal {
        Refusal::NotSupported => "Feature Not Supported",
        Refusal::Missing => "Parameter Missing",
        Refusal::Invalid => "Invalid Value",
        Refusal::NoChannel => "Channel Not Connected",
        Refusal::Busy => "Search In Progress",
    };
    Response::text(format!("NG\r\nError Code: {}\r\nError Details: {details}\r\n", refusal as u32))
}

/// The camera of `Channel`, which counts from 0 and may be left out for the first.
fn camera(device: &Device, request: &Request) -> Result<usize, Refusal> {
    let channel = match request.parameter("Channel") {
        None => 0,
        Some(text) => text.parse::<usize>().map_err(|_| Refusal::Invalid)?,
    };
    device.channel(channel.saturating_add(1)).ok_or(Refusal::NoChannel)
}

fn information(device: &Device) -> Lines {
    vec![
        line("Model", device.equipment().make.model()),
        line("SerialNumber", device.serial()),
        line("FirmwareVersion", format!("4.02.0{}_20210330_R88", device.index % 7)),
        line("BuildDate", "2021.03.30"),
        line("WebURL", "http://www.hanwhavision.com"),
        line("DeviceType", "NVR"),
        line("ConnectedMACAddress", device.mac(":")),
        line("CGIVersion", "2.6.0"),
        line("DeviceName", format!("NVR{}", device.index + 1)),
        line("MaxChannel", device.recorder().channels),
    ]
}

fn date(device: &Device) -> Lines {
    let now = device.now();
    vec![
        line("LocalTime", local(now).strftime("%Y-%m-%d %H:%M:%S")),
        line("UTCTime", utc(now).replace('T', " ").trim_end_matches('Z')),
        line("SyncType", "Manual"),
        line("DSTEnable", "False"),
        line("TimeZoneIndex", 47),
        line("POSIXTimeZone", "STWT-7"),
    ]
}

fn profiles(device: &Device, request: &Request) -> Result<Lines, Refusal> {
    let cameras = match request.parameter("Channel") {
        None => device.recorder().cameras.clone(),
        Some(_) => camera(device, request).map(|camera| camera..camera + 1)?,
    };
    let mut lines = Lines::new();
    for camera in cameras {
        let about = device.camera(camera);
        for (number, kind) in (1..).zip(Profile::BOTH) {
            let (size, start) =
                (about.coding.size(kind), format!("Channel.{}.Profile.{number}.", about.channel - 1));
            let encoding = match about.coding {
                Coding::Mjpeg => "MJPEG",
                Coding::H264 => "H264",
                _ => "H265",
            };
            lines.extend([
                line(&format!("{start}Name"), kind.name().to_uppercase()),
                line(&format!("{start}EncodingType"), encoding),
                line(&format!("{start}Resolution"), format!("{}x{}", size.width, size.height)),
                line(&format!("{start}FrameRate"), about.coding.frame_rate(kind)),
                line(&format!("{start}Bitrate"), about.nominal_rate(kind) / 1000),
                line(
                    &format!("{start}AudioInputEnable"),
                    if about.sound.is_some() { "True" } else { "False" },
                ),
            ]);
        }
    }
    Ok(lines)
}

fn stream_uri(device: &Device, request: &Request) -> Result<Lines, Refusal> {
    let camera = camera(device, request)?;
    if !matches!(request.parameter("MediaType"), Some("Live")) {
        return Err(Refusal::NotSupported);
    }
    let profile = match request.parameter("Profile") {
        None | Some("1") => 1,
        Some("2") => 2,
        Some(_) => return Err(Refusal::Invalid),
    };
    let channel = device.camera(camera).channel - 1;
    Ok(vec![line("URI", format!("{}/LiveChannel/{channel}/media.smp/profile={profile}", device.rtsp_base()))])
}

async fn snapshot(device: &Device, request: &Request) -> Response {
    let Ok(camera) = camera(device, request) else { return refused(Refusal::NoChannel) };
    let kind = if request.parameter("Profile") == Some("2") { Profile::Sub } else { Profile::Main };
    for kind in [kind, Profile::Sub] {
        if let Some(jpeg) = device.snapshot(camera, kind).await {
            return Response::of("image/jpeg", jpeg);
        }
    }
    Response::new(503)
}

/// What SUNAPI calls an event.
fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Motion => "MotionDetection",
        EventKind::Tampering => "TamperingDetection",
        EventKind::VideoLoss => "Videoloss",
        EventKind::DigitalInput => "AlarmInput",
    }
}

fn state(device: &Device, camera: usize, kind: EventKind, active: bool) -> (String, String) {
    let channel = device.camera(camera).channel;
    let value = if active { "True" } else { "False" };
    match kind {
        EventKind::DigitalInput => line(&format!("AlarmInput.{channel}"), value),
        _ => line(&format!("Channel.{}.{}", channel - 1, word(kind)), value),
    }
}

fn states(device: &Device) -> Lines {
    let log = &device.shared().events;
    let cameras = device.recorder().cameras.clone();
    cameras
        .flat_map(|camera| {
            EventKind::ALL.map(|kind| state(device, camera, kind, log.is_active(camera, kind)))
        })
        .collect()
}

fn part(lines: &[(String, String)]) -> Vec<u8> {
    let text: String = lines.iter().map(|(name, value)| format!("{name}={value}\r\n")).collect();
    format!("--SamsungTechwin\r\nContent-type: text/plain\r\n\r\n{text}\r\n").into_bytes()
}

fn monitor(device: &Rc<Device>) -> Answer {
    let head = Response::new(200).with("Content-Type", "multipart/x-mixed-replace; boundary=SamsungTechwin");
    follow(
        device,
        head,
        || part(&states(device)),
        part(&[]),
        |device, event| Some(part(&[state(device, event.camera, event.kind, event.active)])),
    )
}

/// What the device can do, as XML; only what clients look for.
fn attributes(device: &Device) -> String {
    let channels: String = device
        .recorder()
        .cameras
        .clone()
        .map(|camera| {
            let about = device.camera(camera);
            let (ptz, zoom) = (about.movement.is_ptz(), about.movement.zooms());
            let flag = |name: &str, value: bool| {
                let value = if value { "True" } else { "False" };
                format!("<attribute name=\"{name}\" type=\"bool\" value=\"{value}\"/>")
            };
            let presets = if ptz { PRESETS } else { 0 };
            format!(
                "<channel number=\"{}\">{}{}{}{}{}{}<attribute name=\"MaxPreset\" type=\"int\" value=\"{presets}\"/></channel>",
                about.channel - 1,
                flag("RealPTZ", ptz),
                flag("Continuous.Pan", ptz),
                flag("Continuous.Tilt", ptz),
                flag("Continuous.Zoom", zoom),
                flag("AreaZoom", ptz),
                flag("AudioInput", about.sound.is_some()),
            )
        })
        .collect();
    let smart = if device.equipment().smart_search {
        "<group name=\"Recording\"><category name=\"Support\"><attribute name=\"SmartSearch\" type=\"bool\" value=\"True\"/></category></group>"
    } else {
        ""
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><capabilities><attributes>\
         <group name=\"System\"><category name=\"Limit\"><attribute name=\"MaxChannel\" type=\"int\" value=\"{}\"/></category></group>\
         <group name=\"PTZSupport\"><category name=\"Support\">{channels}</category></group>{smart}</attributes></capabilities>",
        device.recorder().channels
    )
}
