//! Motors: pan, tilt and zoom.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use model::{Fault, Pose, Reach, Span, Velocity};
use roxmltree::Node;

use super::answer::{ask, put, put_alone, with};
use super::presets::Stored;
use crate::device::{Presets, Reply, Steer};
use crate::http::Client;
use crate::makers::{ENDLESS, span, steps, unless_essential, wraps};
use crate::xml::{find, number_of};

/// A movement by `momentary` ends after this.
const MOMENT: Duration = Duration::from_secs(1);

pub(super) struct Motors {
    client: Client,
    base: String,
    can: Can,
    presets: Option<Stored>,
    /// The device refuses `momentary`: from then on movements go on until they are stopped.
    goes_on: AtomicBool,
}

/// What a channel's capabilities say.
#[derive(Debug, PartialEq)]
pub(super) struct Can {
    pub(super) reach: Reach,
    pub(super) absolute: bool,
    pub(super) home: bool,
    pub(super) most_presets: u16,
}

impl Motors {
    /// Those of a channel, if it has any.
    pub(super) async fn of(client: &Client, number: u32) -> Result<Option<Self>, Fault> {
        let base = format!("/ISAPI/PTZCtrl/channels/{number}");
        let told = unless_essential(ask(client, &format!("{base}/capabilities")).await)?;
        let Some(can) = told.and_then(|text| with(&text, can).ok().flatten()) else { return Ok(None) };
        let presets = (can.most_presets > 0).then(|| Stored::new(client, &base, can.most_presets));
        let client = client.clone();
        Ok(Some(Self { client, base, can, presets, goes_on: AtomicBool::new(false) }))
    }

    fn data(&self, velocity: Velocity, more: &str) -> String {
        let reach = self.can.reach;
        let axes = [
            ("pan", velocity.pan, reach.pan),
            ("tilt", velocity.tilt, reach.tilt),
            ("zoom", velocity.zoom, reach.zoom),
        ];
        let speed = |(axis, speed, span): (&str, f32, Option<Span>)| {
            format!("<{axis}>{}</{axis}>", if span.is_some() { steps(speed, 100) } else { 0 })
        };
        format!("<PTZData>{}{more}</PTZData>", axes.map(speed).concat())
    }

    async fn moved(&self, velocity: Velocity) -> Result<(), Fault> {
        let velocity = velocity.within();
        if !self.goes_on.load(Ordering::Acquire) && !velocity.is_still() {
            let moment = format!("<Momentary><duration>{}</duration></Momentary>", MOMENT.as_millis());
            let target = format!("{}/momentary", self.base);
            match put(&self.client, &target, self.data(velocity, &moment)).await {
                Err(Fault::NotOffered | Fault::NotFound) => self.goes_on.store(true, Ordering::Release),
                other => return other,
            }
        }
        put(&self.client, &format!("{}/continuous", self.base), self.data(velocity, "")).await
    }
}

/// What a channel can do; `None` if it has no motors.
pub(super) fn can(root: Node<'_, '_>) -> Option<Can> {
    let range = |space: &str, axis: &str| {
        let axis = find(find(root, space)?, axis)?;
        // Both spellings are met.
        let end = |names: [&str; 2]| {
            names.iter().find_map(|name| number_of(axis, name)).map(|tenths| tenths / 10.0)
        };
        span(end(["Min", "min"]), end(["Max", "max"]))
    };
    let has = |space: &str| find(root, space).is_some();
    let turns = has("ContinuousPanTiltSpace") || has("AbsolutePanTiltPositionSpace");
    let zooms = has("ContinuousZoomSpace") || has("AbsoluteZoomPositionSpace");
    let end = |has: bool, space: &str, axis: &str| has.then(|| range(space, axis).unwrap_or(ENDLESS));
    let pan = end(turns, "AbsolutePanTiltPositionSpace", "XRange");
    let tilt = end(turns, "AbsolutePanTiltPositionSpace", "YRange");
    let zoom = end(zooms, "AbsoluteZoomPositionSpace", "ZRange")
        .map(|zoom| Span { least: zoom.least.max(1.0), ..zoom });
    let reach = Reach { pan, tilt, zoom, wraps: wraps(pan) };
    let most = number_of(root, "maxPresetNum").unwrap_or(if turns { 255.0 } else { 0.0 }).clamp(0.0, 255.0);
    let homeless = ["homePostionSupport", "homePositionSupport"]
        .iter()
        .any(|name| crate::xml::text_of(root, name).is_some_and(|told| told.eq_ignore_ascii_case("false")));
    (turns || zooms).then_some(Can {
        reach,
        absolute: has("AbsolutePanTiltPositionSpace") || has("AbsoluteZoomPositionSpace"),
        // Where that is not told it is tried, and may be refused.
        home: turns && !homeless,
        most_presets: most as u16,
    })
}

impl Steer for Motors {
    fn reach(&self) -> Reach {
        self.can.reach
    }

    fn expires(&self) -> Option<Duration> {
        (!self.goes_on.load(Ordering::Acquire)).then_some(MOMENT)
    }

    fn go(&self, velocity: Velocity) -> Reply<'_, ()> {
        Box::pin(self.moved(velocity))
    }

    fn stop(&self) -> Reply<'_, ()> {
        Box::pin(async {
            put_alone(&self.client, &format!("{}/continuous", self.base), self.data(Velocity::STILL, ""))
                .await
        })
    }

    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)> {
        Box::pin(async {
            let text = ask(&self.client, &format!("{}/status", self.base)).await?;
            let read = with(&text, |root| {
                let high = find(root, "AbsoluteHigh")?;
                let tenths = |name| number_of(high, name).map(|value| value / 10.0);
                let zoom = tenths("absoluteZoom").unwrap_or(1.0).max(1.0);
                Some(Pose { pan: tenths("azimuth")?, tilt: tenths("elevation")?, zoom })
            })?;
            read.map(|pose| (pose, None)).ok_or(Fault::NotOffered)
        })
    }

    fn turn_to(&self, pose: Pose) -> Reply<'_, ()> {
        Box::pin(async move {
            if !self.can.absolute {
                return Err(Fault::NotOffered);
            }
            let reach = self.can.reach;
            let tenths = |value: f64, span: Option<Span>| {
                (span.map_or(value, |span| span.nearest(value)) * 10.0).round()
            };
            let body = format!(
                "<PTZData><AbsoluteHigh><elevation>{}</elevation><azimuth>{}</azimuth><absoluteZoom>{}</absoluteZoom>\
                 </AbsoluteHigh></PTZData>",
                tenths(pose.tilt, reach.tilt),
                tenths(pose.pan, reach.pan),
                tenths(pose.zoom.max(1.0), reach.zoom),
            );
            put(&self.client, &format!("{}/absolute", self.base), body).await
        })
    }

    fn presets(&self) -> Option<&dyn Presets> {
        self.presets.as_ref().map(|presets| presets as &dyn Presets)
    }

    fn home(&self) -> Reply<'_, ()> {
        Box::pin(async {
            if !self.can.home {
                return Err(Fault::NotOffered);
            }
            put(&self.client, &format!("{}/homeposition/goto", self.base), String::new()).await
        })
    }
}
