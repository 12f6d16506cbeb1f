//! Real motors: pan, tilt and zoom.

use std::time::Duration;

use model::{Fault, Pose, Reach, Span, Velocity};

use super::answer::{ask, ask_alone};
use super::attributes::Attributes;
use super::presets::Stored;
use crate::device::{Presets, Reply, Steer};
use crate::http::Client;
use crate::makers::{ENDLESS, steps, wraps};

/// The motors of a channel. Pan and tilt are degrees there, too: to the right, and below the horizon (in `absolute` and
/// `query`; speeds of `continuous` are upwards).
pub(super) struct Motors {
    client: Client,
    index: u32,
    reach: Reach,
    tells: [bool; 3],
    goes_to: [bool; 3],
    presets: Option<Stored>,
    home: bool,
}

const AXES: [&str; 3] = ["Pan", "Tilt", "Zoom"];

impl Motors {
    /// Those of a channel, if it has any: what `RealPTZ`, `ExternalPTZ` or `ZoomOnly` say, or, before SUNAPI 2.5.4, what can
    /// be gone to. What is only cut out of the picture (`DigitalPTZ`) is no motor.
    pub(super) async fn of(client: &Client, attributes: &Attributes, index: u32) -> Option<Self> {
        let supports = |name: &str| attributes.is(&format!("PTZSupport/Support/{name}"), index);
        let each = |kind: &str| AXES.map(|axis| supports(&format!("{kind}.{axis}")));
        let mut goes_to = each("Absolute");
        let real = supports("RealPTZ") || supports("ExternalPTZ") || (goes_to[0] && goes_to[1]);
        let moves = each("Continuous");
        let zooms = goes_to[2] || supports("ZoomOnly") || (moves[2] && (real || !supports("DigitalPTZ")));
        // A device without motors may say `Continuous` of its digital ones.
        let turns = [(real && (moves[0] || goes_to[0])), (real && (moves[1] || goes_to[1]))];
        let end = |has: bool, axis: &str| {
            has.then(|| attributes.range(&format!("absolute/{axis}")).unwrap_or(ENDLESS))
        };
        let pan = end(turns[0], "Pan");
        let zoom = end(zooms, "Zoom").map(magnifying);
        let reach = Reach { pan, tilt: end(turns[1], "Tilt"), zoom, wraps: wraps(pan) };
        if reach.pan.is_none() && reach.tilt.is_none() && reach.zoom.is_none() {
            return None;
        }
        // What older firmwares don't say anything about is tried, and may be refused then.
        let untold = |kind: &str| !attributes.tells(&format!("PTZSupport/Support/{kind}"), index);
        let motors = [reach.pan.is_some(), reach.tilt.is_some(), reach.zoom.is_some()];
        let mut tells = each("Query");
        if untold("Query.") {
            tells = motors;
        }
        if untold("Absolute.") {
            goes_to = motors;
        }
        let limits =
            ["Limit", "Support"].map(|kind| attributes.count(&format!("PTZSupport/{kind}/MaxPreset"), index));
        let most = limits[0].max(limits[1]);
        let presets = (supports("Preset") || most > 0).then(|| Stored::new(client, index, most));
        let home = supports("Home") || (real && untold("Home"));
        Some(Self { client: client.clone(), index, reach, tells, goes_to, presets, home })
    }

    fn target(&self, submenu: &str, more: &str) -> String {
        format!("/stw-cgi/ptzcontrol.cgi?msubmenu={submenu}&action=control&Channel={}{more}", self.index)
    }

    /// `absolute` for the axes that the device has: those without a motor it would refuse all together.
    fn going_to(&self, pose: Pose) -> Option<String> {
        let values = [(pose.pan, self.reach.pan), (pose.tilt, self.reach.tilt), (pose.zoom, self.reach.zoom)];
        let mut more = String::new();
        for ((axis, goes), (value, span)) in AXES.iter().zip(self.goes_to).zip(values) {
            if let (true, Some(span)) = (goes, span) {
                more.push_str(&format!("&{axis}={:.2}", span.nearest(value)));
            }
        }
        (!more.is_empty()).then(|| self.target("absolute", &more))
    }
}

/// 0 is no magnification; some devices begin to count there.
fn magnifying(span: Span) -> Span {
    Span { least: span.least.max(1.0), most: span.most.max(1.0) }
}

impl Steer for Motors {
    fn reach(&self) -> Reach {
        self.reach
    }

    fn expires(&self) -> Option<Duration> {
        None
    }

    fn go(&self, velocity: Velocity) -> Reply<'_, ()> {
        Box::pin(async move {
            let velocity = velocity.within();
            let mut more = "&NormalizedSpeed=True".to_owned();
            let speeds = [
                (velocity.pan, self.reach.pan),
                (velocity.tilt, self.reach.tilt),
                (velocity.zoom, self.reach.zoom),
            ];
            for (axis, (speed, span)) in AXES.iter().zip(speeds) {
                if span.is_some() {
                    more.push_str(&format!("&{axis}={}", steps(speed, 100)));
                }
            }
            ask(&self.client, &self.target("continuous", &more)).await.map(drop)
        })
    }

    fn stop(&self) -> Reply<'_, ()> {
        Box::pin(async {
            ask_alone(&self.client, &self.target("stop", "&OperationType=All")).await.map(drop)
        })
    }

    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)> {
        Box::pin(async {
            let axes: Vec<_> =
                AXES.iter().zip(self.tells).filter(|(_, tells)| *tells).map(|(axis, _)| *axis).collect();
            if axes.is_empty() {
                return Err(Fault::NotOffered);
            }
            let asked = format!(
                "/stw-cgi/ptzcontrol.cgi?msubmenu=query&action=view&Channel={}&Query={}",
                self.index,
                axes.join(",")
            );
            let told = ask(&self.client, &asked).await?;
            let value = |axis: &str| {
                told.number(&format!("Channel.{}.{axis}", self.index)).or_else(|| told.number(axis))
            };
            let (pan, tilt, zoom) = (value("Pan"), value("Tilt"), value("Zoom"));
            if pan.is_none() && tilt.is_none() && zoom.is_none() {
                return Err(Fault::Protocol("a place without numbers".to_owned()));
            }
            let pose = Pose {
                pan: pan.unwrap_or_default(),
                tilt: tilt.unwrap_or_default(),
                zoom: zoom.unwrap_or_default().max(1.0),
            };
            Ok((pose, None))
        })
    }

    fn turn_to(&self, pose: Pose) -> Reply<'_, ()> {
        Box::pin(async move {
            let target = self.going_to(pose).ok_or(Fault::NotOffered)?;
            ask(&self.client, &target).await.map(drop)
        })
    }

    fn presets(&self) -> Option<&dyn Presets> {
        self.presets.as_ref().map(|presets| presets as &dyn Presets)
    }

    fn home(&self) -> Reply<'_, ()> {
        Box::pin(async {
            if !self.home {
                return Err(Fault::NotOffered);
            }
            ask(&self.client, &self.target("home", "")).await.map(drop)
        })
    }
}
