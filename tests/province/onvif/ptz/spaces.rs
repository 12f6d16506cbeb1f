//! Coordinate spaces: what positions, ways and speeds are written in.

use roxmltree::Node;

use super::super::envelope::{Fault, child};
use crate::equipment::Movement;
use crate::motor::{PAN, Pose, TILT, ZOOM};

const BASE: &str = "http://www.onvif.org/ver10/tptz/";

/// Pan and tilt of a mechanism that turns right and down, in a space that turns right and up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Degrees {
    pub(super) pan: f64,
    /// Below the horizon.
    pub(super) tilt: f64,
}

/// A pair of numbers, and the last part of the space they are in (empty where none is named).
#[derive(Clone, Copy, Debug)]
pub(super) struct Vector<'a> {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) space: &'a str,
}

/// The `PanTilt` or `Zoom` of a vector, speed or position.
pub(super) fn vector<'a>(parent: Node<'a, 'a>, name: &str) -> Result<Option<Vector<'a>>, Fault> {
    let Some(node) = child(parent, name) else { return Ok(None) };
    let number = |name: &str| node.attribute(name).and_then(|text| text.trim().parse::<f64>().ok());
    let x = number("x").ok_or(Fault::INVALID)?;
    let y = if name == "PanTilt" { number("y").ok_or(Fault::INVALID)? } else { 0.0 };
    let space = node.attribute("space").unwrap_or_default();
    if !(x.is_finite() && y.is_finite()) {
        return Err(Fault::INVALID);
    }
    Ok(Some(Vector { x, y, space: space.rsplit('/').next().unwrap_or_default() }))
}

/// Generic to degrees: -1–1 over each axis, up is 1.
pub(super) fn from_generic(x: f64, y: f64) -> Degrees {
    Degrees { pan: (x + 1.0) / 2.0 * PAN.1, tilt: (1.0 - y) / 2.0 * TILT.1 }
}

/// Degrees to generic.
pub(super) fn pan_tilt_of(pose: Pose) -> (f64, f64) {
    (pose.pan / PAN.1 * 2.0 - 1.0, 1.0 - pose.tilt / TILT.1 * 2.0)
}

/// Zoom in 0–1.
pub(super) fn zoom_of(pose: Pose) -> f64 {
    (pose.zoom - ZOOM.0) / (ZOOM.1 - ZOOM.0)
}

/// A pose, in the generic spaces.
pub(super) fn position(movement: Movement, pose: Pose) -> String {
    let (x, y) = pan_tilt_of(pose);
    let zoom =
        format!("<tt:Zoom x=\"{:.6}\" space=\"{BASE}ZoomSpaces/PositionGenericSpace\"/>", zoom_of(pose));
    if movement.is_ptz() {
        format!(
            "<tt:PanTilt x=\"{x:.6}\" y=\"{y:.6}\" space=\"{BASE}PanTiltSpaces/PositionGenericSpace\"/>{zoom}"
        )
    } else {
        zoom
    }
}

fn range(name: &str, (low, high): (f64, f64)) -> String {
    format!("<tt:{name}><tt:Min>{low}</tt:Min><tt:Max>{high}</tt:Max></tt:{name}>")
}

fn space(tag: &str, uri: &str, x: (f64, f64), y: Option<(f64, f64)>) -> String {
    let y = y.map_or_else(String::new, |y| range("YRange", y));
    format!("<tt:{tag}><tt:URI>{BASE}{uri}</tt:URI>{}{y}</tt:{tag}>", range("XRange", x))
}

/// Everything that can be asked of a camera.
pub(super) fn all(movement: Movement) -> String {
    const UNIT: (f64, f64) = (-1.0, 1.0);
    let mut text = String::new();
    if movement.is_ptz() {
        let degrees = (Some((-TILT.1, 0.0)), Some((-TILT.1, TILT.1)));
        text +=
            &space("AbsolutePanTiltPositionSpace", "PanTiltSpaces/PositionGenericSpace", UNIT, Some(UNIT));
        text += &space(
            "AbsolutePanTiltPositionSpace",
            "PanTiltSpaces/SphericalPositionSpaceDegrees",
            PAN,
            degrees.0,
        );
    }
    text += &space("AbsoluteZoomPositionSpace", "ZoomSpaces/PositionGenericSpace", (0.0, 1.0), None);
    if movement.is_ptz() {
        text += &space(
            "RelativePanTiltTranslationSpace",
            "PanTiltSpaces/TranslationGenericSpace",
            UNIT,
            Some(UNIT),
        );
        text +=
            &space("RelativePanTiltTranslationSpace", "PanTiltSpaces/TranslationSpaceFov", UNIT, Some(UNIT));
        text += &space(
            "RelativePanTiltTranslationSpace",
            "PanTiltSpaces/SphericalTranslationSpaceDegrees",
            (-PAN.1, PAN.1),
            Some((-TILT.1, TILT.1)),
        );
    }
    text += &space("RelativeZoomTranslationSpace", "ZoomSpaces/TranslationGenericSpace", UNIT, None);
    if movement.is_ptz() {
        text +=
            &space("ContinuousPanTiltVelocitySpace", "PanTiltSpaces/VelocityGenericSpace", UNIT, Some(UNIT));
    }
    text += &space("ContinuousZoomVelocitySpace", "ZoomSpaces/VelocityGenericSpace", UNIT, None);
    if movement.is_ptz() {
        text += &space("PanTiltSpeedSpace", "PanTiltSpaces/GenericSpeedSpace", (0.0, 1.0), None);
    }
    text + &space("ZoomSpeedSpace", "ZoomSpaces/ZoomGenericSpeedSpace", (0.0, 1.0), None)
}

/// The spaces that hold where a call names none.
pub(super) fn defaults(movement: Movement) -> String {
    let line = |tag: &str, uri: &str| format!("<tt:{tag}>{BASE}{uri}</tt:{tag}>");
    let mut text = String::new();
    if movement.is_ptz() {
        text += &line("DefaultAbsolutePantTiltPositionSpace", "PanTiltSpaces/PositionGenericSpace");
    }
    text += &line("DefaultAbsoluteZoomPositionSpace", "ZoomSpaces/PositionGenericSpace");
    if movement.is_ptz() {
        text += &line("DefaultRelativePanTiltTranslationSpace", "PanTiltSpaces/TranslationGenericSpace");
    }
    text += &line("DefaultRelativeZoomTranslationSpace", "ZoomSpaces/TranslationGenericSpace");
    if movement.is_ptz() {
        text += &line("DefaultContinuousPanTiltVelocitySpace", "PanTiltSpaces/VelocityGenericSpace");
    }
    text += &line("DefaultContinuousZoomVelocitySpace", "ZoomSpaces/VelocityGenericSpace");
    let pan_tilt = if movement.is_ptz() { "<tt:PanTilt x=\"1\" y=\"1\"/>" } else { "" };
    text + &format!("<tt:DefaultPTZSpeed>{pan_tilt}<tt:Zoom x=\"1\"/></tt:DefaultPTZSpeed>")
}

/// How far each axis goes.
pub(super) fn limits(movement: Movement) -> String {
    let limit = |tag: &str, uri: &str, x: (f64, f64), y: Option<(f64, f64)>| {
        let y = y.map_or_else(String::new, |y| range("YRange", y));
        format!(
            "<tt:{tag}><tt:Range><tt:URI>{BASE}{uri}</tt:URI>{}{y}</tt:Range></tt:{tag}>",
            range("XRange", x)
        )
    };
    let zoom = limit("ZoomLimits", "ZoomSpaces/PositionGenericSpace", (0.0, 1.0), None);
    if movement.is_ptz() {
        let uri = "PanTiltSpaces/PositionGenericSpace";
        limit("PanTiltLimits", uri, (-1.0, 1.0), Some((-1.0, 1.0))) + &zoom
    } else {
        zoom
    }
}
