//! Between the measures of a device and ours.
//!
//! ONVIF lets a device count as it likes (PTZ §5.1, "coordinate systems"). Some count in degrees, most from −1 to 1 over a
//! range that they do not tell. The first are taken at their word. Of the second, a place can be asked for only where
//! somebody knows the range (the inventory may); without it they are moved by speed alone.

use model::{Pose, Reach, Span, Velocity};

use super::element::{Element, number};
use crate::makers::ENDLESS;

const DEGREES: &str = "SphericalPositionSpaceDegrees";
const GENERIC: &str = "GenericSpace";

/// One direction: ours = `by` × theirs + `from`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    by: f64,
    from: f64,
    /// Theirs.
    range: Span,
}

impl Scale {
    /// Laid over a range of ours; `down`: their most is our least.
    fn over(range: Span, ours: Span, down: bool) -> Option<Self> {
        let (width, whole) = (range.width(), ours.width());
        if !(width.is_finite() && width > 0.0 && whole.is_finite() && whole > 0.0) {
            return None;
        }
        let by = if down { -whole / width } else { whole / width };
        let from = ours.least - by * if down { range.most } else { range.least };
        Some(Self { by, from, range })
    }

    fn ours(self, theirs: f64) -> f64 {
        self.by * theirs + self.from
    }

    fn theirs(self, ours: f64) -> f64 {
        self.range.nearest((ours - self.from) / self.by)
    }

    fn span(self) -> Span {
        let (a, b) = (self.ours(self.range.least), self.ours(self.range.most));
        Span { least: a.min(b), most: a.max(b) }
    }
}

/// A space of two directions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plane {
    pub(super) uri: String,
    pan: Scale,
    tilt: Scale,
    wraps: bool,
}

/// A space of one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) uri: String,
    scale: Scale,
}

/// What a PTZ node can do, and how it counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spaces {
    /// Places: the measures that can be turned into degrees, the best one first.
    pan_tilt: Vec<Plane>,
    /// The space of a place that names none.
    by_default: String,
    zoom: Option<Axis>,
    /// Speeds: their space, and how far it goes.
    pan_tilt_speed: Option<(String, Span, Span)>,
    zoom_speed: Option<(String, Span)>,
    /// Motors there are, whether or not places can be told.
    pans: bool,
    zooms: bool,
}

/// Where pan goes round.
const ROUND: Span = Span { least: -180.0, most: 180.0 };
const UNIT: Span = Span { least: -1.0, most: 1.0 };

impl Spaces {
    /// From a node (or the spaces of `GetConfigurationOptions`), a profile's configuration, and what somebody else knows of
    /// the ranges.
    pub(super) fn read(spaces: Option<&Element>, configuration: &Element, known: &Reach) -> Self {
        let named = |name: &'static str| {
            spaces.map(|spaces| spaces.all(name).collect::<Vec<_>>()).unwrap_or_default()
        };
        let by_default = |name: &str| configuration.text_at(&[name]);
        let (places, zooms) = (named("AbsolutePanTiltPositionSpace"), named("AbsoluteZoomPositionSpace"));
        let limits = |name: &str| configuration.path(&[name, "Range"]);
        Self {
            pan_tilt: planes(&places, limits("PanTiltLimits"), known),
            // The specification's own spelling, and the one that it means.
            by_default: ["DefaultAbsolutePantTiltPositionSpace", "DefaultAbsolutePanTiltPositionSpace"]
                .map(by_default)
                .concat(),
            zoom: zooms.first().and_then(|space| axis(space, limits("ZoomLimits"), known)),
            pan_tilt_speed: speed(
                &named("ContinuousPanTiltVelocitySpace"),
                by_default("DefaultContinuousPanTiltVelocitySpace"),
            )
            .map(|(uri, x, y)| (uri, x, y.unwrap_or(UNIT))),
            zoom_speed: speed(
                &named("ContinuousZoomVelocitySpace"),
                by_default("DefaultContinuousZoomVelocitySpace"),
            )
            .map(|(uri, x, _)| (uri, x)),
            pans: !places.is_empty(),
            zooms: !zooms.is_empty(),
        }
    }

    /// Whether there is anything that moves.
    pub(super) fn moves(&self) -> bool {
        self.goes() || self.pans || self.zooms
    }

    /// Whether it moves at a speed.
    pub(super) fn goes(&self) -> bool {
        self.pan_tilt_speed.is_some() || self.zoom_speed.is_some()
    }

    /// How far it goes.
    pub(super) fn reach(&self) -> Reach {
        let moves = self.pan_tilt_speed.is_some() || self.pans;
        let (pan, tilt) = match self.pan_tilt.first() {
            Some(plane) => {
                (Some(if plane.wraps { ROUND } else { plane.pan.span() }), Some(plane.tilt.span()))
            }
            None if moves => (Some(ENDLESS), Some(ENDLESS)),
            None => (None, None),
        };
        let zoom = match &self.zoom {
            Some(axis) => Some(axis.scale.span()),
            None if self.zoom_speed.is_some() || self.zooms => Some(Span { least: 1.0, most: f64::INFINITY }),
            None => None,
        };
        Reach { pan, tilt, zoom, wraps: self.pan_tilt.first().is_some_and(|plane| plane.wraps) }
    }

    /// A speed as `ContinuousMove` wants it: each axis that there is, also one that is to stand still.
    pub(super) fn velocity(&self, velocity: Velocity) -> String {
        let velocity = velocity.within();
        let share = |share: f32, range: Span| {
            written(f64::from(share) * if share < 0.0 { -range.least } else { range.most })
        };
        let mut out = String::new();
        if let Some((uri, x, y)) = &self.pan_tilt_speed {
            let (x, y) = (share(velocity.pan, *x), share(velocity.tilt, *y));
            out += &format!("<tt:PanTilt x=\"{x}\" y=\"{y}\"{}/>", space(uri));
        }
        if let Some((uri, x)) = &self.zoom_speed {
            out += &format!("<tt:Zoom x=\"{}\"{}/>", share(velocity.zoom, *x), space(uri));
        }
        out
    }

    /// A place as `AbsoluteMove` wants it; `None` if no place can be told to this device.
    pub(super) fn position(&self, pose: Pose) -> Option<String> {
        if !(pose.pan.is_finite() && pose.tilt.is_finite() && pose.zoom.is_finite()) {
            return None;
        }
        let mut out = String::new();
        if let Some(Plane { uri, pan, tilt, wraps }) = self.pan_tilt.first() {
            let wanted = if *wraps { (pose.pan + 180.0).rem_euclid(360.0) - 180.0 } else { pose.pan };
            out += &format!(
                "<tt:PanTilt x=\"{}\" y=\"{}\"{}/>",
                written(pan.theirs(wanted)),
                written(tilt.theirs(pose.tilt)),
                space(uri)
            );
        }
        if let Some(Axis { uri, scale }) = &self.zoom {
            out += &format!("<tt:Zoom x=\"{}\"{}/>", written(scale.theirs(pose.zoom)), space(uri));
        }
        (!out.is_empty()).then_some(out)
    }

    /// Where it points, from an answer to `GetStatus`; an axis that is not measured stands at its zero. And whether it
    /// moves. `None` if it tells neither.
    pub(super) fn status(&self, answer: &Element) -> Option<(Pose, Option<bool>)> {
        let status = answer.child("PTZStatus")?;
        let mut pose = Pose { pan: 0.0, tilt: 0.0, zoom: 1.0 };
        let mut measured = false;
        let at = |told: &Element, direction: &str| {
            told.attribute(direction).and_then(number).filter(|number| number.is_finite())
        };
        if let Some(told) = status.path(&["Position", "PanTilt"])
            && let Some(plane) = self.measure(told.attribute("space").unwrap_or_default())
            && let (Some(x), Some(y)) = (at(told, "x"), at(told, "y"))
        {
            (pose.pan, pose.tilt, measured) = (plane.pan.ours(x), plane.tilt.ours(y), true);
        }
        if let Some(told) = status.path(&["Position", "Zoom"])
            && let Some(axis) = &self.zoom
            && told.attribute("space").is_none_or(|space| space.is_empty() || space == axis.uri)
            && let Some(x) = at(told, "x")
        {
            (pose.zoom, measured) = (axis.scale.ours(x), true);
        }
        let moves = |axis: &str| match status.text_at(&["MoveStatus", axis]).to_ascii_uppercase().as_str() {
            "MOVING" => Some(true),
            "IDLE" => Some(false),
            _ => None,
        };
        let moving = match (moves("PanTilt"), moves("Zoom")) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (None, None) => None,
            _ => Some(false),
        };
        (measured || moving.is_some()).then_some((pose, moving))
    }

    /// The measure of a place that a device tells: devices that take degrees often give the generic space back.
    fn measure(&self, space: &str) -> Option<&Plane> {
        let of = |uri: &str| self.pan_tilt.iter().find(|plane| plane.uri == uri);
        if !space.is_empty() {
            return of(space);
        }
        of(&self.by_default)
            .or_else(|| self.pan_tilt.iter().find(|plane| plane.uri.ends_with(GENERIC)))
            .or(self.pan_tilt.first())
    }
}

/// A number for a device: four decimals, and no zero with a sign.
fn written(number: f64) -> f64 {
    (number * 1e4).round() / 1e4 + 0.0
}

/// The attribute that names a space.
fn space(uri: &str) -> String {
    if uri.is_empty() { String::new() } else { format!(" space=\"{}\"", super::soap::escape(uri)) }
}

fn range(space: &Element, direction: &str) -> Option<Span> {
    let least = space.number_at(&[direction, "Min"])?;
    let most = space.number_at(&[direction, "Max"])?;
    (least <= most).then_some(Span { least, most })
}

/// The part of a range that limits in the same space leave.
fn within(range: Span, limits: Option<&Element>, uri: &str, direction: &str) -> Span {
    let limits = limits
        .filter(|limits| limits.text_at(&["URI"]) == uri)
        .and_then(|limits| self::range(limits, direction));
    match limits {
        Some(limits) if limits.most >= range.least && limits.least <= range.most => {
            Span { least: range.nearest(limits.least), most: range.nearest(limits.most) }
        }
        _ => range,
    }
}

/// Degrees first, then the generic space: that goes over the same range, which is the device's own where it has degrees
/// too, else what somebody knows.
fn planes(spaces: &[&Element], limits: Option<&Element>, known: &Reach) -> Vec<Plane> {
    let of = |kind: &str| spaces.iter().find(|space| space.text_at(&["URI"]).ends_with(kind));
    let degrees = of(DEGREES).and_then(|space| in_degrees(space));
    let ranges = match &degrees {
        Some(plane) => (Some(plane.pan.span()), Some(plane.tilt.span()), plane.wraps),
        None => (known.pan, known.tilt, known.wraps),
    };
    let generic = of(GENERIC).and_then(|space| {
        let pan = Scale::over(range(space, "XRange")?, ranges.0?, false)?;
        let tilt = Scale::over(range(space, "YRange")?, ranges.1?, true)?;
        Some(Plane { uri: space.text_at(&["URI"]).to_owned(), pan, tilt, wraps: ranges.2 })
    });
    let limited = |mut plane: Plane| {
        if !plane.wraps {
            plane.pan.range = within(plane.pan.range, limits, &plane.uri, "XRange");
        }
        plane.tilt.range = within(plane.tilt.range, limits, &plane.uri, "YRange");
        plane
    };
    degrees.into_iter().chain(generic).map(limited).collect()
}

fn in_degrees(space: &Element) -> Option<Plane> {
    let (x, y) = (range(space, "XRange")?, range(space, "YRange")?);
    // A range without ends goes round; any other has ends, 360° wide or not.
    let wraps = x.least.is_infinite() && x.most.is_infinite();
    let x = if wraps { ROUND } else { x };
    let degrees = |range: Span, by: f64| range.width().is_finite().then_some(Scale { by, from: 0.0, range });
    // Theirs is above the horizon, ours below.
    Some(Plane {
        uri: space.text_at(&["URI"]).to_owned(),
        pan: degrees(x, 1.0)?,
        tilt: degrees(y, -1.0)?,
        wraps,
    })
}

fn axis(space: &Element, limits: Option<&Element>, known: &Reach) -> Option<Axis> {
    let uri = space.text_at(&["URI"]).to_owned();
    let range = range(space, "XRange")?;
    // Some count in magnifications, where the specification has 0 to 1.
    let mut scale = if range.least >= 1.0 && range.most.is_finite() {
        Scale { by: 1.0, from: 0.0, range }
    } else {
        Scale::over(range, known.zoom?, false)?
    };
    scale.range = within(range, limits, &uri, "XRange");
    Some(Axis { uri, scale })
}

/// The space of a speed, generic ones first; a device that lists none but has one by default moves all the same.
fn speed(spaces: &[&Element], by_default: &str) -> Option<(String, Span, Option<Span>)> {
    let generic = spaces.iter().find(|space| space.text_at(&["URI"]).ends_with("VelocityGenericSpace"));
    let Some(space) = generic.or_else(|| spaces.first()) else {
        return (!by_default.is_empty()).then(|| (String::new(), UNIT, Some(UNIT)));
    };
    let uri = space.text_at(&["URI"]);
    let of = |direction: &str| range(space, direction).filter(|range| range.width().is_finite());
    // Without its name, a speed is in the space that the configuration has by default.
    let named = if uri == by_default || by_default.is_empty() { String::new() } else { uri.to_owned() };
    Some((named, of("XRange").unwrap_or(UNIT), of("YRange")))
}

#[cfg(test)]
mod tests;
