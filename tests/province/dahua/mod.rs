//! Dahua's CGI: `name=value` lines over HTTP Digest, `OK` or `Error`. Channels count from 1, but for PTZ on some recorders.

mod find;
mod ptz;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::rc::Rc;

use crate::device::{Device, local};
use crate::events::{Event, EventKind};
use crate::follow::follow;
use crate::http::message::{Request, Response};
use crate::http::server::Answer;
use crate::list::{Coding, Profile};

/// Answers one request.
pub(crate) async fn answer(device: Rc<Device>, request: &Request, peer: IpAddr) -> Answer {
    if let Err(refusal) = device.guard(request, peer) {
        return refusal.into();
    }
    let cgi = request.path.strip_prefix("/cgi-bin/").unwrap_or_default();
    let action = request.parameter("action").unwrap_or_default();
    let make = device.equipment().make;
    let text = match (cgi, action) {
        ("magicBox.cgi", "getDeviceType") => format!("type={}\r\n", make.model()),
        ("magicBox.cgi", "getSystemInfo") => format!(
            "appAutoStart=true\r\ndeviceType={}\r\nhardwareVersion=1.00\r\nprocessor=ST7108\r\nserialNumber={}\r\n",
            make.model(),
            device.serial()
        ),
        ("magicBox.cgi", "getSerialNo") => format!("sn={}\r\n", device.serial()),
        ("magicBox.cgi", "getMachineName") => format!("name=NVR{}\r\n", device.index + 1),
        ("magicBox.cgi", "getVendor") => format!("vendor={}\r\n", make.name()),
        ("magicBox.cgi", "getSoftwareVersion") => {
            format!("version=4.001.0000000.{},build:2021-03-30\r\n", device.index % 7)
        }
        ("global.cgi", "getCurrentTime") => {
            format!("result={}\r\n", local(device.now()).strftime("%Y-%m-%d %H:%M:%S"))
        }
        ("configManager.cgi", "getConfig") => {
            match request.parameter("name").and_then(|name| configuration(&device, name)) {
                Some(text) => text,
                None => return error().into(),
            }
        }
        ("devVideoInput.cgi", "getCaps") => return capabilities(&device, request).into(),
        ("snapshot.cgi", _) => return snapshot(&device, request).await.into(),
        ("eventManager.cgi", "attach") => return attach(&device, request),
        ("eventManager.cgi", "getEventIndexes") => indexes(&device, request),
        ("mediaFileFind.cgi", _) => return find::answer(&device, request, action).into(),
        ("ptz.cgi", _) => return ptz::answer(&device, request, action).unwrap_or_else(error).into(),
        _ => return Response::new(404).with_body("text/plain", "Error\r\nNot Found\r\n").into(),
    };
    Response::text(text).into()
}

fn error() -> Response {
    Response::new(400).with_body("text/plain;charset=utf-8", "Error\r\nBad Request!\r\n")
}

/// The camera of `channel`, from 1; the first where it is left out.
fn camera(device: &Device, request: &Request) -> Option<usize> {
    match request.parameter("channel") {
        None => device.channel(1),
        Some(text) => device.channel(text.parse().ok()?),
    }
}

fn configuration(device: &Device, name: &str) -> Option<String> {
    let cameras = device.recorder().cameras.clone().map(|camera| device.camera(camera)).enumerate();
    Some(match name {
        "ChannelTitle" => {
            cameras.map(|(i, about)| format!("table.ChannelTitle[{i}].Name={}\r\n", about.name)).collect()
        }
        "Encode" => cameras
            .flat_map(|(i, about)| {
                [("MainFormat", Profile::Main), ("ExtraFormat", Profile::Sub)].map(|(format, kind)| {
                    let (size, start) = (about.coding.size(kind), format!("table.Encode[{i}].{format}[0]."));
                    let compression = match about.coding {
                        Coding::Mjpeg => "MJPG",
                        Coding::H264 => "H.264",
                        _ => "H.265",
                    };
                    format!(
                        "{start}Video.Compression={compression}\r\n{start}Video.Width={}\r\n{start}Video.Height={}\r\n\
                         {start}Video.FPS={}\r\n{start}Video.BitRate={}\r\n{start}AudioEnable={}\r\n",
                        size.width,
                        size.height,
                        about.coding.frame_rate(kind),
                        about.nominal_rate(kind) / 1000,
                        about.sound.is_some()
                    )
                })
            })
            .collect(),
        "RTSP" => format!("table.RTSP.Enable=true\r\ntable.RTSP.Port={}\r\n", device.rtsp_port()),
        "NTP" => "table.NTP.Enable=false\r\ntable.NTP.TimeZone=14\r\n".to_owned(),
        _ => return None,
    })
}

fn capabilities(device: &Device, request: &Request) -> Response {
    let Some(camera) = camera(device, request) else { return error() };
    let movement = device.camera(camera).movement;
    Response::text(format!(
        "caps.ElectricPTZ={}\r\ncaps.ZoomFocus={}\r\n",
        movement.is_ptz(),
        movement.zooms()
    ))
}

async fn snapshot(device: &Device, request: &Request) -> Response {
    let Some(camera) = camera(device, request) else { return error() };
    for kind in Profile::BOTH {
        if let Some(jpeg) = device.snapshot(camera, kind).await {
            return Response::of("image/jpeg", jpeg);
        }
    }
    Response::new(503)
}

fn code(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Motion => "VideoMotion",
        EventKind::Tampering => "VideoBlind",
        EventKind::VideoLoss => "VideoLoss",
        EventKind::DigitalInput => "AlarmLocal",
    }
}

fn indexes(device: &Device, request: &Request) -> String {
    let wanted = request.parameter("code").unwrap_or_default();
    let Some(kind) = EventKind::ALL.into_iter().find(|kind| code(*kind) == wanted) else {
        return String::new();
    };
    let cameras = device.recorder().cameras.clone();
    let active = cameras.filter(|&camera| device.shared().events.is_active(camera, kind));
    let line =
        |(i, camera): (usize, usize)| format!("channels[{i}]={}\r\n", device.camera(camera).channel - 1);
    active.enumerate().map(line).collect()
}

fn part(text: &str) -> Vec<u8> {
    let length = text.len();
    format!("--myboundary\r\nContent-Type: text/plain\r\nContent-Length:{length}\r\n\r\n{text}\r\n\r\n")
        .into_bytes()
}

fn attach(device: &Rc<Device>, request: &Request) -> Answer {
    let wanted = request.parameter("codes").unwrap_or("[All]").trim_matches(['[', ']']).to_owned();
    let head = Response::new(200).with("Content-Type", "multipart/x-mixed-replace; boundary=myboundary");
    let tell = move |device: &Device, event: &Event| {
        let code = code(event.kind);
        if wanted != "All" && !wanted.split(',').any(|name| name == code) {
            return None;
        }
        let (action, index) =
            (if event.active { "Start" } else { "Stop" }, device.camera(event.camera).channel - 1);
        Some(part(&format!("Code={code};action={action};index={index}")))
    };
    follow(device, head, Vec::new, part("Heartbeat"), tell)
}
