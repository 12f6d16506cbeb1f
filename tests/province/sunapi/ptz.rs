//! `ptzcontrol.cgi` and `ptzconfig.cgi`. A continuous move goes on until it is stopped: nothing expires here.

use std::time::Instant;

use super::{Lines, Refusal, camera, line};
use crate::device::Device;
use crate::equipment::Protocol;
use crate::http::message::Request;
use crate::motor::{PAN, PRESETS, Part, Preset, TILT, ZOOM};
use crate::panorama::lens;

pub(super) fn answer(device: &Device, cgi: &str, request: &Request) -> Result<Lines, Refusal> {
    let camera = camera(device, request)?;
    let movement = device.camera(camera).movement;
    if !movement.zooms() {
        return Err(Refusal::NotSupported);
    }
    let menu = request.parameter("msubmenu").unwrap_or_default();
    let action = request.parameter("action").unwrap_or_default();
    let turns = movement.is_ptz();
    let lines = match (cgi, menu, action) {
        ("ptzcontrol.cgi", "query", "view") => return query(device, camera, request),
        ("ptzconfig.cgi", "preset", "view") if turns => return Ok(presets(device, camera)),
        ("ptzconfig.cgi", "preset", "add" | "update") if turns => set_preset(device, camera, request),
        ("ptzconfig.cgi", "preset", "remove") if turns => {
            let number = preset_number(request)?;
            let mut motor = device.motor(camera).ok_or(Refusal::NotSupported)?;
            motor.presets.remove(&number).map(drop).ok_or(Refusal::Invalid)
        }
        ("ptzcontrol.cgi", "continuous", "control") => continuous(device, camera, request, turns),
        ("ptzcontrol.cgi", "stop", "control") => stop(device, camera, request),
        ("ptzcontrol.cgi", "absolute", "control") => absolute(device, camera, request, turns),
        ("ptzcontrol.cgi", "relative", "control") => relative(device, camera, request, turns),
        ("ptzcontrol.cgi", "preset", "control") if turns => {
            let number = preset_number(request)?;
            let mut motor = device.motor(camera).ok_or(Refusal::NotSupported)?;
            let pose = motor.presets.get(&number).ok_or(Refusal::Invalid)?.pose;
            motor.go_to(Instant::now(), pose);
            Ok(())
        }
        ("ptzcontrol.cgi", "home", "control") if turns => {
            let mut motor = device.motor(camera).ok_or(Refusal::NotSupported)?;
            let home = motor.home;
            motor.go_to(Instant::now(), home);
            Ok(())
        }
        ("ptzconfig.cgi", "home", "set") if turns => {
            let mut motor = device.motor(camera).ok_or(Refusal::NotSupported)?;
            motor.home = motor.pose(Instant::now());
            Ok(())
        }
        ("ptzcontrol.cgi", "areazoom", "control") if turns => area_zoom(device, camera, request),
        _ => Err(Refusal::NotSupported),
    };
    lines?;
    device.note(camera, Protocol::Sunapi, menu);
    Ok(Lines::new())
}

/// A number within bounds; `None` where it is left out.
fn bounded(request: &Request, name: &str, (low, high): (f64, f64)) -> Result<Option<f64>, Refusal> {
    let Some(text) = request.parameter(name) else { return Ok(None) };
    let value: f64 = text.trim().parse().map_err(|_| Refusal::Invalid)?;
    if (low..=high).contains(&value) { Ok(Some(value)) } else { Err(Refusal::Invalid) }
}

fn continuous(device: &Device, camera: usize, request: &Request, turns: bool) -> Result<(), Refusal> {
    let normalized =
        request.parameter("NormalizedSpeed").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let most = if normalized { 100.0 } else { 6.0 };
    let mut shares = Vec::new();
    // Up is positive here; the mechanism counts downwards.
    for (name, part, sign) in [("Pan", Part::Pan, 1.0), ("Tilt", Part::Tilt, -1.0), ("Zoom", Part::Zoom, 1.0)]
    {
        let Some(speed) = bounded(request, name, (-most, most))? else { continue };
        if part != Part::Zoom && !turns && speed != 0.0 {
            return Err(Refusal::NotSupported);
        }
        shares.push((part, sign * speed / most));
    }
    if shares.is_empty() {
        return Err(Refusal::Missing);
    }
    device.motor(camera).ok_or(Refusal::NotSupported)?.drive(Instant::now(), &shares, None);
    Ok(())
}

fn stop(device: &Device, camera: usize, request: &Request) -> Result<(), Refusal> {
    let parts: &[Part] = match request.parameter("OperationType").unwrap_or("All") {
        "All" => &[Part::Pan, Part::Tilt, Part::Zoom],
        "Motion" | "PanTilt" => &[Part::Pan, Part::Tilt],
        "Zoom" => &[Part::Zoom],
        "Focus" | "Iris" => &[],
        _ => return Err(Refusal::Invalid),
    };
    device.motor(camera).ok_or(Refusal::NotSupported)?.stop(Instant::now(), parts);
    Ok(())
}

fn absolute(device: &Device, camera: usize, request: &Request, turns: bool) -> Result<(), Refusal> {
    let mut places = Vec::new();
    for (name, part, limits) in
        [("Pan", Part::Pan, PAN), ("Tilt", Part::Tilt, TILT), ("Zoom", Part::Zoom, ZOOM)]
    {
        let Some(place) = bounded(request, name, limits)? else { continue };
        if part != Part::Zoom && !turns {
            return Err(Refusal::NotSupported);
        }
        places.push((part, place));
    }
    if places.is_empty() {
        return Err(Refusal::Missing);
    }
    device.motor(camera).ok_or(Refusal::NotSupported)?.go(Instant::now(), &places, 1.0);
    Ok(())
}

fn relative(device: &Device, camera: usize, request: &Request, turns: bool) -> Result<(), Refusal> {
    let mut motor = device.motor(camera).ok_or(Refusal::NotSupported)?;
    let now = Instant::now();
    let pose = motor.pose(now);
    let mut places = Vec::new();
    for (name, part, from, sign, most) in [
        ("Pan", Part::Pan, pose.pan, 1.0, PAN.1),
        ("Tilt", Part::Tilt, pose.tilt, -1.0, TILT.1),
        ("Zoom", Part::Zoom, pose.zoom, 1.0, ZOOM.1),
    ] {
        let Some(way) = bounded(request, name, (-most, most))? else { continue };
        if part != Part::Zoom && !turns {
            return Err(Refusal::NotSupported);
        }
        places.push((part, from + sign * way));
    }
    motor.go(now, &places, 1.0);
    Ok(())
}

/// A box in a picture of `TileWidth` × `TileHeight` is brought to the middle and filled, or let shrink to the box.
fn area_zoom(device: &Device, camera: usize, request: &Request) -> Result<(), Refusal> {
    let number = |name: &str| request.number::<f64>(name).filter(|n| n.is_finite()).ok_or(Refusal::Missing);
    let (x1, y1, x2, y2) = (number("X1")?, number("Y1")?, number("X2")?, number("Y2")?);
    let (width, height) = (number("TileWidth")?, number("TileHeight")?);
    if width <= 0.0 || height <= 0.0 || (x2 - x1).abs() < 1.0 || (y2 - y1).abs() < 1.0 {
        return Err(Refusal::Invalid);
    }
    let mut motor = device.motor(camera).ok_or(Refusal::NotSupported)?;
    let now = Instant::now();
    let mut pose = motor.pose(now);
    (pose.pan, pose.tilt) = lens::aim(pose, (x1 + x2) / 2.0 / width - 0.5, (y1 + y2) / 2.0 / height - 0.5);
    let share = ((x2 - x1).abs() / width).max((y2 - y1).abs() / height).clamp(0.01, 1.0);
    match request.parameter("Type").unwrap_or("ZoomIn") {
        "ZoomIn" => pose.zoom /= share,
        "ZoomOut" => pose.zoom *= share,
        _ => return Err(Refusal::Invalid),
    }
    motor.go_to(now, pose);
    Ok(())
}

fn query(device: &Device, camera: usize, request: &Request) -> Result<Lines, Refusal> {
    let pose = device.motor(camera).ok_or(Refusal::NotSupported)?.pose(Instant::now());
    let channel = device.camera(camera).channel - 1;
    let turns = device.camera(camera).movement.is_ptz();
    request
        .parameter("Query")
        .unwrap_or("Pan,Tilt,Zoom")
        .split(',')
        .map(|name| {
            let value = match name.trim() {
                "Pan" if turns => pose.pan,
                "Tilt" if turns => pose.tilt,
                "Zoom" => pose.zoom,
                _ => return Err(Refusal::Invalid),
            };
            Ok(line(&format!("Channel.{channel}.{}", name.trim()), format!("{value:.2}")))
        })
        .collect()
}

fn presets(device: &Device, camera: usize) -> Lines {
    let channel = device.camera(camera).channel - 1;
    let Some(motor) = device.motor(camera) else { return Lines::new() };
    let one = |(number, preset): (&u16, &Preset)| {
        line(&format!("Channel.{channel}.Preset.{number}.Name"), &preset.name)
    };
    motor.presets.iter().map(one).collect()
}

fn preset_number(request: &Request) -> Result<u16, Refusal> {
    let number = request.number::<u16>("Preset").ok_or(Refusal::Missing)?;
    if (1..=PRESETS).contains(&number) { Ok(number) } else { Err(Refusal::Invalid) }
}

fn set_preset(device: &Device, camera: usize, request: &Request) -> Result<(), Refusal> {
    let number = preset_number(request)?;
    let mut motor = device.motor(camera).ok_or(Refusal::NotSupported)?;
    let name = request.parameter("Name").unwrap_or("Preset").chars().take(32).collect();
    let pose = motor.pose(Instant::now());
    motor.presets.insert(number, Preset { name, pose });
    Ok(())
}
