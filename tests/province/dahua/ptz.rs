//! `ptz.cgi`: moves by name, which go on until the same name is stopped; presets; status.

use std::time::Instant;

use crate::device::Device;
use crate::equipment::Protocol;
use crate::http::message::{Request, Response};
use crate::motor::{PAN, PRESETS, Part, Preset, TILT, ZOOM};

/// `None` is an error without further words.
pub(super) fn answer(device: &Device, request: &Request, action: &str) -> Option<Response> {
    // Some recorders count from 0 here: every other one of this make.
    let first = usize::from((device.index / 10).is_multiple_of(2));
    let camera = device.channel(request.number::<usize>("channel")?.checked_add(1)?.checked_sub(first)?)?;
    let movement = device.camera(camera).movement;
    if action == "getCurrentProtocolCaps" {
        return Some(Response::text(capabilities(movement.is_ptz(), movement.zooms())));
    }
    if !movement.zooms() {
        return None;
    }
    let mut motor = device.motor(camera)?;
    let now = Instant::now();
    let code = request.parameter("code").unwrap_or_default();
    let number = |name: &str| request.number::<f64>(name).filter(|n| n.is_finite());
    match action {
        "getStatus" => {
            let (pose, (turns, zooms)) = (motor.pose(now), motor.moving(now));
            let state = if turns || zooms { "Moving" } else { "Idle" };
            return Some(Response::text(format!(
                "status.Postion[0]={:.6}\r\nstatus.Postion[1]={:.6}\r\nstatus.Postion[2]={:.6}\r\n\
                 status.MoveStatus={state}\r\nstatus.ZoomValue={:.0}\r\n",
                pose.pan,
                pose.tilt,
                pose.zoom,
                pose.zoom * 10.0
            )));
        }
        "getPresets" if movement.is_ptz() => {
            let line = |(i, (number, preset)): (usize, (&u16, &Preset))| {
                format!("presets[{i}].Index={number}\r\npresets[{i}].Name={}\r\n", preset.name)
            };
            return Some(Response::text(motor.presets.iter().enumerate().map(line).collect::<String>()));
        }
        "start" => match code {
            "GotoPreset" | "SetPreset" | "ClearPreset" if movement.is_ptz() => {
                let number = request.number::<u16>("arg2").filter(|n| (1..=PRESETS).contains(n))?;
                match code {
                    "GotoPreset" => {
                        let pose = motor.presets.get(&number)?.pose;
                        motor.go_to(now, pose);
                    }
                    "SetPreset" => {
                        let pose = motor.pose(now);
                        motor.presets.insert(number, Preset { name: format!("Preset{number}"), pose });
                    }
                    _ => drop(motor.presets.remove(&number)?),
                }
            }
            "PositionABS" if movement.is_ptz() => {
                let (pan, tilt, zoom) = (number("arg1")?, number("arg2")?, number("arg3")?);
                let zoom = if zoom == 0.0 { ZOOM.0 } else { zoom };
                motor.go(now, &[(Part::Pan, pan), (Part::Tilt, tilt), (Part::Zoom, zoom)], 1.0);
            }
            "Continuously" if movement.is_ptz() => {
                let share = |name: &str| number(name).filter(|n| n.abs() <= 8.0).map(|n| n / 8.0);
                let shares = [
                    (Part::Pan, share("arg1")?),
                    (Part::Tilt, -share("arg2")?),
                    (Part::Zoom, share("arg3")?),
                ];
                motor.drive(now, &shares, None);
            }
            _ => {
                let (parts, zooms_only) = direction(code)?;
                if !zooms_only && !movement.is_ptz() {
                    return None;
                }
                let speed = |name: &str| number(name).unwrap_or(0.0).clamp(0.0, 8.0) / 8.0;
                // One speed for one axis is arg2; for two, arg1 is the vertical one.
                let shares: Vec<_> = parts
                    .iter()
                    .map(|&(part, sign)| {
                        let share = match (part, parts.len()) {
                            (Part::Zoom, _) => 0.5,
                            (Part::Tilt, 2) => speed("arg1"),
                            _ => speed("arg2"),
                        };
                        (part, sign * share)
                    })
                    .collect();
                motor.drive(now, &shares, None);
            }
        },
        "stop" => {
            let parts: Vec<Part> = match code {
                "Continuously" => vec![Part::Pan, Part::Tilt, Part::Zoom],
                _ => direction(code)?.0.iter().map(|(part, _)| *part).collect(),
            };
            motor.stop(now, &parts);
        }
        _ => return None,
    }
    drop(motor);
    device.note(camera, Protocol::Dahua, &format!("{action} {code}"));
    Some(Response::text("OK\r\n"))
}

/// What a channel's motors can do; every channel tells it. `Tile` is their spelling.
fn capabilities(turns: bool, zooms: bool) -> String {
    format!(
        "caps.Pan={turns}\r\ncaps.Tile={turns}\r\ncaps.Zoom={zooms}\r\ncaps.Focus=false\r\ncaps.Iris=false\r\n\
         caps.Preset={turns}\r\ncaps.PresetMin=1\r\ncaps.PresetMax={PRESETS}\r\n\
         caps.PtzMotionRange.HorizontalAngle[0]=0\r\ncaps.PtzMotionRange.HorizontalAngle[1]={}\r\n\
         caps.PtzMotionRange.VerticalAngle[0]=0\r\ncaps.PtzMotionRange.VerticalAngle[1]={}\r\n",
        PAN.1, TILT.1
    )
}

/// Which axes a code moves which way, and whether that is the zoom alone. The mechanism counts downwards.
fn direction(code: &str) -> Option<(&'static [(Part, f64)], bool)> {
    Some(match code {
        "Left" => (&[(Part::Pan, -1.0)], false),
        "Right" => (&[(Part::Pan, 1.0)], false),
        "Up" => (&[(Part::Tilt, -1.0)], false),
        "Down" => (&[(Part::Tilt, 1.0)], false),
        "LeftUp" => (&[(Part::Pan, -1.0), (Part::Tilt, -1.0)], false),
        "RightUp" => (&[(Part::Pan, 1.0), (Part::Tilt, -1.0)], false),
        "LeftDown" => (&[(Part::Pan, -1.0), (Part::Tilt, 1.0)], false),
        "RightDown" => (&[(Part::Pan, 1.0), (Part::Tilt, 1.0)], false),
        "ZoomTele" => (&[(Part::Zoom, 1.0)], true),
        "ZoomWide" => (&[(Part::Zoom, -1.0)], true),
        _ => return None,
    })
}
