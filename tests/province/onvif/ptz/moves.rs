//! The operations that move something.

use std::time::{Duration, Instant};

use super::super::Call;
use super::super::envelope::{Fault, child, seconds};
use super::spaces::{Degrees, from_generic, vector};
use super::{auxiliaries, movable, preset_of};
use crate::equipment::{Movement, Protocol};
use crate::motor::{PAN, Part, TILT, ZOOM};
use crate::panorama::lens;

const PAN_TILT: [Part; 2] = [Part::Pan, Part::Tilt];

pub(super) fn answer(call: Call<'_>) -> Result<String, Fault> {
    let camera = match call.name {
        "ContinuousMove" => drive(call)?,
        "Stop" => stop(call)?,
        "AbsoluteMove" => absolute(call)?,
        "RelativeMove" => relative(call)?,
        "GotoPreset" => {
            let (camera, number) = preset_of(call)?;
            let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
            let pose = motor.presets.get(&number).ok_or(Fault::NO_TOKEN)?.pose;
            motor.go_to(Instant::now(), pose);
            camera
        }
        "GotoHomePosition" => {
            let camera = turnable(call)?;
            let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
            let home = motor.home;
            motor.go_to(Instant::now(), home);
            camera
        }
        "SetHomePosition" => {
            let camera = turnable(call)?;
            let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
            motor.home = motor.pose(Instant::now());
            camera
        }
        "SendAuxiliaryCommand" => {
            let camera = movable(call)?;
            let wanted = call.text("AuxiliaryData").unwrap_or_default();
            let known = auxiliaries(camera).iter().find(|name| **name == wanted).ok_or(Fault::INVALID)?;
            call.device.note(camera, Protocol::Onvif, known);
            return Ok(format!("<tptz:AuxiliaryResponse>{known}</tptz:AuxiliaryResponse>"));
        }
        _ => return Err(Fault::UNSUPPORTED),
    };
    call.device.note(camera, Protocol::Onvif, call.name);
    Ok(String::new())
}

/// The camera of the call's profile, if it pans and tilts.
fn turnable(call: Call<'_>) -> Result<usize, Fault> {
    let camera = movable(call)?;
    if call.device.camera(camera).movement == Movement::PanTiltZoom {
        Ok(camera)
    } else {
        Err(Fault::UNSUPPORTED)
    }
}

/// A camera that only zooms takes no pan and tilt.
fn camera_for(call: Call<'_>, turns: bool) -> Result<usize, Fault> {
    if turns { turnable(call).map_err(|_| Fault::SPACE) } else { movable(call) }
}

fn drive(call: Call<'_>) -> Result<usize, Fault> {
    let velocity = child(call.node, "Velocity").ok_or(Fault::INVALID)?;
    let (pan_tilt, zoom) = (vector(velocity, "PanTilt")?, vector(velocity, "Zoom")?);
    let turns = pan_tilt.is_some_and(|speed| speed.x != 0.0 || speed.y != 0.0);
    movable(call)?;
    let camera = camera_for(call, turns)?;
    let timeout = match call.text("Timeout") {
        Some(text) => seconds(text).filter(|s| (0.1..=60.0).contains(s)).ok_or(Fault::INVALID)?,
        // The configuration's own.
        None => 5.0,
    };
    let mut shares = Vec::new();
    for speed in [pan_tilt, zoom].into_iter().flatten() {
        if !matches!(speed.space, "" | "VelocityGenericSpace") {
            return Err(Fault::SPACE);
        }
        if speed.x.abs() > 1.0 || speed.y.abs() > 1.0 {
            return Err(Fault::INVALID);
        }
    }
    if let Some(speed) = pan_tilt {
        // Up is positive here; the mechanism counts downwards.
        shares.extend([(Part::Pan, speed.x), (Part::Tilt, -speed.y)]);
    }
    if let Some(speed) = zoom {
        shares.push((Part::Zoom, speed.x));
    }
    let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
    motor.drive(Instant::now(), &shares, Some(Duration::from_secs_f64(timeout)));
    Ok(camera)
}

fn stop(call: Call<'_>) -> Result<usize, Fault> {
    let camera = movable(call)?;
    let is_asked = |name: &str| call.text(name).is_none_or(|text| matches!(text, "true" | "1"));
    let mut parts = Vec::new();
    if is_asked("PanTilt") {
        parts.extend(PAN_TILT);
    }
    if is_asked("Zoom") {
        parts.push(Part::Zoom);
    }
    call.device.motor(camera).ok_or(Fault::NO_PTZ)?.stop(Instant::now(), &parts);
    Ok(camera)
}

/// The share of its speed that a move asks for; all of it where it asks for none.
fn speed(call: Call<'_>) -> Result<f64, Fault> {
    let Some(node) = child(call.node, "Speed") else { return Ok(1.0) };
    let asked = [vector(node, "PanTilt")?, vector(node, "Zoom")?];
    let fastest = asked.into_iter().flatten().map(|speed| speed.x.abs().max(speed.y.abs()));
    Ok(fastest.reduce(f64::max).unwrap_or(1.0))
}

fn absolute(call: Call<'_>) -> Result<usize, Fault> {
    let position = child(call.node, "Position").ok_or(Fault::INVALID)?;
    let (pan_tilt, zoom) = (vector(position, "PanTilt")?, vector(position, "Zoom")?);
    movable(call)?;
    let camera = camera_for(call, pan_tilt.is_some())?;
    let mut places = Vec::new();
    if let Some(place) = pan_tilt {
        let Degrees { pan, tilt } = match place.space {
            "" | "PositionGenericSpace" => from_generic(place.x, place.y),
            "SphericalPositionSpaceDegrees" => Degrees { pan: place.x, tilt: -place.y },
            _ => return Err(Fault::SPACE),
        };
        let within = |at: f64, (low, high): (f64, f64)| (low - 1e-3..=high + 1e-3).contains(&at);
        if !within(pan, PAN) || !within(tilt, TILT) {
            return Err(Fault::OUT_OF_RANGE);
        }
        places.extend([(Part::Pan, pan), (Part::Tilt, tilt)]);
    }
    if let Some(place) = zoom {
        if !(0.0..=1.0).contains(&place.x) {
            return Err(Fault::OUT_OF_RANGE);
        }
        places.push((Part::Zoom, ZOOM.0 + place.x * (ZOOM.1 - ZOOM.0)));
    }
    let share = speed(call)?;
    call.device.motor(camera).ok_or(Fault::NO_PTZ)?.go(Instant::now(), &places, share);
    Ok(camera)
}

fn relative(call: Call<'_>) -> Result<usize, Fault> {
    let way = child(call.node, "Translation").ok_or(Fault::INVALID)?;
    let (pan_tilt, zoom) = (vector(way, "PanTilt")?, vector(way, "Zoom")?);
    movable(call)?;
    let camera = camera_for(call, pan_tilt.is_some())?;
    let share = speed(call)?;
    let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
    let now = Instant::now();
    let pose = motor.pose(now);
    let mut places = Vec::new();
    if let Some(way) = pan_tilt {
        let (pan, tilt) = match way.space {
            "" | "TranslationGenericSpace" => {
                (pose.pan + way.x / 2.0 * PAN.1, pose.tilt - way.y / 2.0 * TILT.1)
            }
            "SphericalTranslationSpaceDegrees" => (pose.pan + way.x, pose.tilt - way.y),
            // 1 is the edge of the picture.
            "TranslationSpaceFov" => lens::aim(pose, way.x / 2.0, -way.y / 2.0),
            _ => return Err(Fault::SPACE),
        };
        places.extend([(Part::Pan, pan), (Part::Tilt, tilt)]);
    }
    if let Some(way) = zoom {
        places.push((Part::Zoom, pose.zoom + way.x * (ZOOM.1 - ZOOM.0)));
    }
    motor.go(now, &places, share);
    Ok(camera)
}
