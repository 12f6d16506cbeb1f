//! The imaging service: focus and iris, as far as a fixed dome has them.

use std::sync::atomic::Ordering::Relaxed;

use super::envelope::{Fault, below, child, text};
use super::media::source_of;
use super::{Call, Outcome};
use crate::equipment::{Movement, Protocol};

pub(super) fn answer(call: Call<'_>) -> Outcome {
    if call.name == "GetServiceCapabilities" {
        return Ok(call.done("timg", "<timg:Capabilities ImageStabilization=\"false\"/>"));
    }
    let camera = source_of(call, call.text("VideoSourceToken").unwrap_or_default())?;
    let inner = match call.name {
        "GetImagingSettings" => {
            "<timg:ImagingSettings><tt:BacklightCompensation><tt:Mode>OFF</tt:Mode></tt:BacklightCompensation>\
             <tt:Brightness>50</tt:Brightness><tt:Exposure><tt:Mode>AUTO</tt:Mode></tt:Exposure><tt:Focus>\
             <tt:AutoFocusMode>MANUAL</tt:AutoFocusMode></tt:Focus><tt:IrCutFilter>AUTO</tt:IrCutFilter>\
             </timg:ImagingSettings>"
                .to_owned()
        }
        "GetOptions" => {
            "<timg:ImagingOptions><tt:Brightness><tt:Min>1</tt:Min><tt:Max>100</tt:Max></tt:Brightness>\
             <tt:Exposure><tt:Mode>AUTO</tt:Mode><tt:Iris><tt:Min>-6</tt:Min><tt:Max>0</tt:Max></tt:Iris></tt:Exposure>\
             <tt:IrCutFilterModes>AUTO</tt:IrCutFilterModes></timg:ImagingOptions>"
                .to_owned()
        }
        "GetMoveOptions" if has_focus(call, camera) => {
            "<timg:MoveOptions><tt:Absolute><tt:Position><tt:Min>0</tt:Min><tt:Max>1</tt:Max></tt:Position></tt:Absolute>\
             <tt:Continuous><tt:Speed><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:Speed></tt:Continuous></timg:MoveOptions>"
                .to_owned()
        }
        "GetMoveOptions" => "<timg:MoveOptions/>".to_owned(),
        "GetStatus" => {
            let place = f64::from(call.device.shared().cameras[camera].focus.load(Relaxed)) / 1000.0;
            format!(
                "<timg:Status><tt:FocusStatus20><tt:Position>{place}</tt:Position><tt:MoveStatus>IDLE</tt:MoveStatus>\
                 </tt:FocusStatus20></timg:Status>"
            )
        }
        "Move" | "Stop" | "SetImagingSettings" if has_focus(call, camera) => {
            set_focus(call, camera)?;
            call.device.note(camera, Protocol::Onvif, &format!("Imaging{}", call.name));
            String::new()
        }
        _ => return Err(Fault::UNSUPPORTED),
    };
    Ok(call.done("timg", &inner))
}

fn has_focus(call: Call<'_>, camera: usize) -> bool {
    matches!(call.device.camera(camera).movement, Movement::PanTiltZoom | Movement::Zoom)
}

/// A continuous move goes a little way at once: the lens is quick.
fn set_focus(call: Call<'_>, camera: usize) -> Result<(), Fault> {
    let Some(focus) = child(call.node, "Focus") else { return Ok(()) };
    let number = |of: &str, name: &str| {
        below(focus, of)
            .and_then(|node| text(node, name))
            .map(|text| text.parse::<f64>().ok().ok_or(Fault::INVALID))
    };
    let state = &call.device.shared().cameras[camera].focus;
    let now = f64::from(state.load(Relaxed)) / 1000.0;
    let to = if let Some(place) = number("Absolute", "Position") {
        place?
    } else if let Some(speed) = number("Continuous", "Speed") {
        now + speed?.clamp(-1.0, 1.0) * 0.05
    } else {
        return Ok(());
    };
    state.store((to.clamp(0.0, 1.0) * 1000.0) as u32, Relaxed);
    Ok(())
}
