//! `PTZCtrl`: continuous moves that go on, momentary ones that expire, absolute places in tenths of a degree (elevation
//! positive downwards), presets, home.

use std::time::{Duration, Instant};

use roxmltree::Document;

use super::{BAD_PARAMETERS, BAD_XML, NAMESPACE, NOT_FOUND, NOT_SUPPORTED, Refusal, done, escape, xml};
use crate::device::Device;
use crate::equipment::Protocol;
use crate::http::message::{Request, Response};
use crate::motor::{PAN, PRESETS, Part, Preset, TILT, ZOOM};

const TURN_AND_ZOOM: [(&str, Part, f64); 3] =
    // Up is positive here; the mechanism counts downwards.
    [("pan", Part::Pan, 1.0), ("tilt", Part::Tilt, -1.0), ("zoom", Part::Zoom, 1.0)];

pub(super) fn answer(
    device: &Device,
    request: &Request,
    channel: &str,
    rest: &[&str],
) -> Result<Response, Refusal> {
    let camera = channel.parse().ok().and_then(|channel| device.channel(channel)).ok_or(NOT_FOUND)?;
    let movement = device.camera(camera).movement;
    if !movement.zooms() {
        return Err(NOT_SUPPORTED);
    }
    let turns = movement.is_ptz();
    let mut motor = device.motor(camera).ok_or(NOT_SUPPORTED)?;
    let now = Instant::now();
    match (request.method.as_str(), rest) {
        ("GET", ["status"]) => {
            let pose = motor.pose(now);
            return Ok(xml(format!(
                "<PTZStatus {NAMESPACE}><AbsoluteHigh><elevation>{:.0}</elevation><azimuth>{:.0}</azimuth>\
                 <absoluteZoom>{:.0}</absoluteZoom></AbsoluteHigh></PTZStatus>",
                pose.tilt * 10.0,
                pose.pan * 10.0,
                pose.zoom * 10.0
            )));
        }
        ("GET", ["capabilities"]) => return Ok(xml(capabilities(turns))),
        ("GET", ["presets"]) if turns => {
            let one = |(number, preset): (&u16, &Preset)| {
                format!(
                    "<PTZPreset><enabled>true</enabled><id>{number}</id><presetName>{}</presetName></PTZPreset>",
                    escape(&preset.name)
                )
            };
            let all: String = motor.presets.iter().map(one).collect();
            return Ok(xml(format!("<PTZPresetList {NAMESPACE}>{all}</PTZPresetList>")));
        }
        ("PUT", ["continuous"]) => motor.drive(now, &shares(request, turns)?, None),
        ("PUT", ["momentary"]) => {
            let millis = number(request, "duration")?.filter(|ms| (1.0..=60_000.0).contains(ms));
            let duration = Duration::from_secs_f64(millis.ok_or(BAD_PARAMETERS)? / 1000.0);
            motor.drive(now, &shares(request, turns)?, Some(duration));
        }
        ("PUT", ["absolute"]) if turns => {
            let (pan, tilt) = (place(request, "azimuth", PAN)?, place(request, "elevation", TILT)?);
            let zoom = place(request, "absoluteZoom", ZOOM)?;
            let places = [(Part::Pan, pan), (Part::Tilt, tilt), (Part::Zoom, zoom)];
            let given: Vec<_> = places.into_iter().filter_map(|(part, at)| Some((part, at?))).collect();
            motor.go(now, &given, 1.0);
        }
        ("PUT", ["presets", id, "goto"]) if turns => {
            let number: u16 = id.parse().map_err(|_| BAD_PARAMETERS)?;
            let pose = motor.presets.get(&number).ok_or(BAD_PARAMETERS)?.pose;
            motor.go_to(now, pose);
        }
        ("PUT", ["presets", id]) if turns => {
            let number = id.parse().ok().filter(|n| (1..=PRESETS).contains(n)).ok_or(BAD_PARAMETERS)?;
            let name = text(request, "presetName")?.unwrap_or_else(|| format!("preset {number}"));
            let pose = motor.pose(now);
            motor.presets.insert(number, Preset { name, pose });
        }
        ("DELETE", ["presets", id]) if turns => {
            let number: u16 = id.parse().map_err(|_| BAD_PARAMETERS)?;
            motor.presets.remove(&number).ok_or(BAD_PARAMETERS)?;
        }
        ("PUT", ["homeposition", "goto"]) if turns => {
            let home = motor.home;
            motor.go_to(now, home);
        }
        ("PUT", ["homeposition"]) if turns => motor.home = motor.pose(now),
        _ => return Err(NOT_SUPPORTED),
    }
    drop(motor);
    device.note(camera, Protocol::Isapi, rest.last().copied().unwrap_or_default());
    Ok(done())
}

/// The text of an element of the request's body.
fn text(request: &Request, name: &str) -> Result<Option<String>, Refusal> {
    let body = std::str::from_utf8(&request.body).map_err(|_| BAD_XML)?;
    let document = Document::parse(body).map_err(|_| BAD_XML)?;
    let found = document.descendants().find(|node| node.tag_name().name().eq_ignore_ascii_case(name));
    Ok(found.and_then(|node| node.text()).map(|text| text.trim().chars().take(64).collect()))
}

fn number(request: &Request, name: &str) -> Result<Option<f64>, Refusal> {
    let parse = |text: String| text.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or(BAD_PARAMETERS);
    text(request, name)?.map(parse).transpose()
}

/// Speeds -100–100; what is left out stands still.
fn shares(request: &Request, turns: bool) -> Result<Vec<(Part, f64)>, Refusal> {
    let mut shares = Vec::new();
    for (name, part, sign) in TURN_AND_ZOOM {
        let speed = number(request, name)?.unwrap_or(0.0);
        if speed.abs() > 100.0 {
            return Err(BAD_PARAMETERS);
        }
        if part != Part::Zoom && !turns && speed != 0.0 {
            return Err(NOT_SUPPORTED);
        }
        shares.push((part, sign * speed / 100.0));
    }
    Ok(shares)
}

/// Tenths of a degree, or of a magnification.
fn place(request: &Request, name: &str, (low, high): (f64, f64)) -> Result<Option<f64>, Refusal> {
    let Some(tenths) = number(request, name)? else { return Ok(None) };
    if (low * 10.0..=high * 10.0).contains(&tenths) { Ok(Some(tenths / 10.0)) } else { Err(BAD_PARAMETERS) }
}

fn capabilities(turns: bool) -> String {
    let range =
        |name: &str, low: f64, high: f64| format!("<{name}><min>{low}</min><max>{high}</max></{name}>");
    let space = |name: &str, x: (f64, f64), y: (f64, f64)| {
        format!("<{name}>{}{}</{name}>", range("XRange", x.0, x.1), range("YRange", y.0, y.1))
    };
    let turning = if turns {
        space("AbsolutePanTiltPositionSpace", (0.0, PAN.1 * 10.0), (0.0, TILT.1 * 10.0))
            + &space("ContinuousPanTiltSpace", (-100.0, 100.0), (-100.0, 100.0))
            + &format!("<maxPresetNum>{PRESETS}</maxPresetNum>")
    } else {
        String::new()
    };
    format!(
        "<PTZChanelCap {NAMESPACE}>{turning}<AbsoluteZoomPositionSpace>{}</AbsoluteZoomPositionSpace>\
         <ContinuousZoomSpace>{}</ContinuousZoomSpace></PTZChanelCap>",
        range("ZRange", ZOOM.0 * 10.0, ZOOM.1 * 10.0),
        range("ZRange", -100.0, 100.0)
    )
}
