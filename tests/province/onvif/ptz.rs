//! The PTZ service: moves, presets, home; positions in the generic spaces and in degrees.

mod moves;
mod spaces;

use std::time::Instant;

use super::envelope::{Fault, escape};
use super::{Call, Outcome, camera_of};
use crate::device::{Device, utc};
use crate::equipment::{Movement, Protocol};
use crate::motor::{PRESETS, Preset};

/// Whether a camera appears here at all: with all motors, or with its zoom alone.
pub(super) fn has_node(device: &Device, camera: usize) -> bool {
    matches!(device.camera(camera).movement, Movement::PanTiltZoom | Movement::Zoom)
}

pub(super) fn answer(call: Call<'_>) -> Outcome {
    let inner = match call.name {
        "GetNodes" => nodes(call).map(|camera| node(call.device, camera, "tptz:PTZNode")).collect(),
        "GetNode" => {
            let camera = of_token(call, "NodeToken", "PTZNode_")?;
            node(call.device, camera, "tptz:PTZNode")
        }
        "GetConfigurations" => {
            nodes(call).map(|camera| configuration(call.device, camera, "tptz:PTZConfiguration")).collect()
        }
        "GetConfiguration" => {
            let camera = of_token(call, "PTZConfigurationToken", "PTZConfig_")?;
            configuration(call.device, camera, "tptz:PTZConfiguration")
        }
        "GetConfigurationOptions" => {
            let camera = of_token(call, "ConfigurationToken", "PTZConfig_")?;
            format!(
                "<tptz:PTZConfigurationOptions><tt:Spaces>{}</tt:Spaces><tt:PTZTimeout><tt:Min>PT0.1S</tt:Min>\
                 <tt:Max>PT60S</tt:Max></tt:PTZTimeout></tptz:PTZConfigurationOptions>",
                spaces::all(call.device.camera(camera).movement)
            )
        }
        "GetServiceCapabilities" => {
            "<tptz:Capabilities EFlip=\"false\" Reverse=\"false\" MoveStatus=\"true\" StatusPosition=\"true\"/>".to_owned()
        }
        "GetStatus" => status(call)?,
        "GetPresets" => presets(call)?,
        "SetPreset" => set_preset(call)?,
        "RemovePreset" => {
            let (camera, number) = preset_of(call)?;
            let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
            motor.presets.remove(&number).ok_or(Fault::NO_TOKEN)?;
            call.device.note(camera, Protocol::Onvif, call.name);
            String::new()
        }
        _ => moves::answer(call)?,
    };
    Ok(call.done("tptz", &inner))
}

fn nodes(call: Call<'_>) -> impl Iterator<Item = usize> {
    call.cameras().filter(move |&camera| has_node(call.device, camera))
}

fn of_token(call: Call<'_>, name: &str, word: &str) -> Result<usize, Fault> {
    let camera = call.text(name).and_then(|token| camera_of(call.device, token, word));
    camera.filter(|&camera| has_node(call.device, camera)).ok_or(Fault::NO_ENTITY)
}

/// The camera of the call's profile, if it has motors.
fn movable(call: Call<'_>) -> Result<usize, Fault> {
    let (camera, _) = call.profile()?;
    if has_node(call.device, camera) { Ok(camera) } else { Err(Fault::NO_PTZ) }
}

/// What a camera's auxiliary commands switch, in the order of their bits.
fn auxiliaries(camera: usize) -> &'static [&'static str] {
    if camera.is_multiple_of(2) { &["tt:Wiper|On", "tt:Wiper|Off"] } else { &[] }
}

fn node(device: &Device, camera: usize, tag: &str) -> String {
    let about = device.camera(camera);
    let ptz = about.movement.is_ptz();
    let auxiliary: String = auxiliaries(camera)
        .iter()
        .map(|name| format!("<tt:AuxiliaryCommands>{name}</tt:AuxiliaryCommands>"))
        .collect();
    format!(
        "<{tag} token=\"PTZNode_{}\" FixedHomePosition=\"false\"><tt:Name>{}</tt:Name>\
         <tt:SupportedPTZSpaces>{}</tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>{}</tt:MaximumNumberOfPresets>\
         <tt:HomeSupported>{ptz}</tt:HomeSupported>{auxiliary}</{tag}>",
        about.channel,
        escape(&about.name),
        spaces::all(about.movement),
        if ptz { PRESETS } else { 0 },
    )
}

/// A camera's PTZ configuration, in profiles and by itself.
pub(super) fn configuration(device: &Device, camera: usize, tag: &str) -> String {
    let about = device.camera(camera);
    format!(
        "<{tag} token=\"PTZConfig_{0}\"><tt:Name>PTZConfig_{0}</tt:Name><tt:UseCount>2</tt:UseCount>\
         <tt:NodeToken>PTZNode_{0}</tt:NodeToken>{1}<tt:DefaultPTZTimeout>PT5S</tt:DefaultPTZTimeout>{2}</{tag}>",
        about.channel,
        spaces::defaults(about.movement),
        spaces::limits(about.movement),
    )
}

fn status(call: Call<'_>) -> Result<String, Fault> {
    let camera = movable(call)?;
    let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
    let now = Instant::now();
    let (pose, (turns, zooms)) = (motor.pose(now), motor.moving(now));
    let state = |moves: bool| if moves { "MOVING" } else { "IDLE" };
    Ok(format!(
        "<tptz:PTZStatus><tt:Position>{}</tt:Position><tt:MoveStatus><tt:PanTilt>{}</tt:PanTilt><tt:Zoom>{}</tt:Zoom>\
         </tt:MoveStatus><tt:UtcTime>{}</tt:UtcTime></tptz:PTZStatus>",
        spaces::position(call.device.camera(camera).movement, pose),
        state(turns),
        state(zooms),
        utc(call.device.now())
    ))
}

fn presets(call: Call<'_>) -> Result<String, Fault> {
    let camera = movable(call)?;
    let about = call.device.camera(camera);
    let motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
    if !about.movement.is_ptz() {
        return Ok(String::new());
    }
    let one = |(number, preset): (&u16, &Preset)| {
        format!(
            "<tptz:Preset token=\"{number}\"><tt:Name>{}</tt:Name><tt:PTZPosition>{}</tt:PTZPosition></tptz:Preset>",
            escape(&preset.name),
            spaces::position(about.movement, preset.pose)
        )
    };
    Ok(motor.presets.iter().map(one).collect())
}

/// Camera and number of the call's `PresetToken`.
fn preset_of(call: Call<'_>) -> Result<(usize, u16), Fault> {
    let camera = movable(call)?;
    let number = call.text("PresetToken").and_then(|token| token.parse().ok()).ok_or(Fault::NO_TOKEN)?;
    Ok((camera, number))
}

fn set_preset(call: Call<'_>) -> Result<String, Fault> {
    let camera = movable(call)?;
    if !call.device.camera(camera).movement.is_ptz() {
        return Err(Fault::UNSUPPORTED);
    }
    let mut motor = call.device.motor(camera).ok_or(Fault::NO_PTZ)?;
    let number = match call.text("PresetToken").filter(|token| !token.is_empty()) {
        Some(token) => {
            token.parse().ok().filter(|number| (1..=PRESETS).contains(number)).ok_or(Fault::NO_TOKEN)?
        }
        None => (1..=PRESETS).find(|number| !motor.presets.contains_key(number)).ok_or(Fault::TOO_MANY)?,
    };
    let name = call
        .text("PresetName")
        .map_or_else(|| format!("Preset {number}"), |name| name.chars().take(64).collect());
    let pose = motor.pose(Instant::now());
    motor.presets.insert(number, Preset { name, pose });
    call.device.note(camera, Protocol::Onvif, call.name);
    Ok(format!("<tptz:PresetToken>{number}</tptz:PresetToken>"))
}
