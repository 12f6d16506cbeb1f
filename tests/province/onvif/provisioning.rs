//! The provisioning service: a motorised mount that an installer turns from afar, step by step.

use std::time::{Duration, Instant};

use super::envelope::{Fault, seconds};
use super::media::source_of;
use super::{Call, Outcome};
use crate::equipment::{Movement, Protocol};
use crate::motor::Part;

pub(super) fn answer(call: Call<'_>) -> Outcome {
    if call.name == "GetServiceCapabilities" {
        let sources: String = call
            .cameras()
            .filter(|&camera| call.device.camera(camera).movement == Movement::SetUp)
            .map(|camera| {
                format!(
                    "<tpv:Source VideoSourceToken=\"VideoSource_{}\" MaximumPanMoves=\"100\" MaximumTiltMoves=\"100\" \
                     MaximumRollMoves=\"100\"/>",
                    call.device.camera(camera).channel
                )
            })
            .collect();
        let inner = format!(
            "<tpv:Capabilities><tpv:DefaultTimeout>PT5S</tpv:DefaultTimeout>{sources}</tpv:Capabilities>"
        );
        return Ok(call.done("tpv", &inner));
    }
    let camera = source_of(call, call.text("VideoSource").unwrap_or_default())?;
    if call.device.camera(camera).movement != Movement::SetUp {
        return Err(Fault::UNSUPPORTED);
    }
    let mut motor = call.device.motor(camera).ok_or(Fault::UNSUPPORTED)?;
    let now = Instant::now();
    let direction = call.text("Direction").unwrap_or_default();
    let (part, share) = match (call.name, direction) {
        ("PanMove", "Left") => (Part::Pan, -0.25),
        ("PanMove", "Right") => (Part::Pan, 0.25),
        ("TiltMove", "Up") => (Part::Tilt, -0.25),
        ("TiltMove", "Down") => (Part::Tilt, 0.25),
        ("RollMove", "Clockwise") => (Part::Roll, 0.25),
        ("RollMove", "Counterclockwise") => (Part::Roll, -0.25),
        ("PanMove" | "TiltMove" | "RollMove", _) => return Err(Fault::INVALID),
        ("Stop", _) => {
            motor.stop(now, &[Part::Pan, Part::Tilt, Part::Roll]);
            call.device.note(camera, Protocol::Onvif, "ProvisioningStop");
            return Ok(call.done("tpv", ""));
        }
        ("GetUsage", _) => {
            return Ok(call.done(
                "tpv",
                "<tpv:Usage><tpv:Pan>1</tpv:Pan><tpv:Tilt>1</tpv:Tilt><tpv:Roll>1</tpv:Roll></tpv:Usage>",
            ));
        }
        _ => return Err(Fault::UNSUPPORTED),
    };
    let timeout = match call.text("Timeout") {
        Some(text) => seconds(text).filter(|s| (0.1..=60.0).contains(s)).ok_or(Fault::INVALID)?,
        None => 5.0,
    };
    motor.drive(now, &[(part, share)], Some(Duration::from_secs_f64(timeout)));
    call.device.note(camera, Protocol::Onvif, call.name);
    Ok(call.done("tpv", ""))
}
