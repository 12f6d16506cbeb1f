//! Motors: pan, tilt and zoom.

use std::time::Duration;

use model::{Fault, Pose, Reach, Span, Velocity};
use parking_lot::Mutex;

use super::answer::{ask, ask_alone};
use super::presets::Stored;
use crate::device::{Presets, Reply, Steer};
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::{ENDLESS, span, steps, unless_essential, wraps};

/// Speeds go from 1 to this.
const FASTEST: i32 = 8;

/// From which number `ptz.cgi` counts channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    first: u32,
}

impl Count {
    /// Probes: a device that counts from 0 does not know the number behind its last channel's (`last` is from 0).
    pub(super) async fn of(client: &Client, last: u32) -> Result<Self, Fault> {
        let from = |first| Self { first };
        for count in [from(1), from(0)] {
            // The highest number, then the lowest: the one is unknown to who counts from 0, the other to who does from 1.
            let index = if count.first == 1 { last } else { 0 };
            if count.caps(client, index).await?.all().next().is_some() {
                return Ok(count);
            }
        }
        Ok(from(1))
    }

    /// What a channel's motors can do; nothing, if it has none.
    pub(super) async fn caps(self, client: &Client, index: u32) -> Result<Fields, Fault> {
        let at = |action: &str| format!("/cgi-bin/ptz.cgi?action={action}&channel={}", self.channel(index));
        if let Some(caps) = unless_essential(ask(client, &at("getCurrentProtocolCaps")).await)? {
            return Ok(caps);
        }
        // Old firmwares don't tell what they can do; who tells where it points has motors.
        let status = unless_essential(ask(client, &at("getStatus")).await)?.unwrap_or_default();
        let points = status.all().any(|(name, _)| name.starts_with("status.Pos"));
        Ok(Fields::lines(if points { ASSUMED } else { "" }))
    }

    pub(super) fn channel(self, index: u32) -> u32 {
        self.first + index
    }
}

const ASSUMED: &str = "caps.Pan=true\ncaps.Tilt=true\ncaps.Zoom=true\ncaps.Preset=true";

pub(super) struct Motors {
    client: Client,
    channel: u32,
    reach: Reach,
    presets: Option<Stored>,
    /// What was begun last: a movement is stopped by its name.
    begun: Mutex<Vec<&'static str>>,
}

impl Motors {
    pub(super) fn of(client: &Client, count: &Count, index: u32, caps: &Fields) -> Option<Self> {
        let has = |name: &str| caps.is(&format!("caps.{name}"));
        let range = |angle: &str| {
            let end = |n: u32| caps.number(&format!("caps.PtzMotionRange.{angle}[{n}]"));
            span(end(0), end(1)).filter(|range| range.width() > 0.0).unwrap_or(ENDLESS)
        };
        let pan = has("Pan").then(|| range("HorizontalAngle"));
        // Their spelling, and the right one.
        let tilt = (has("Tile") || has("Tilt")).then(|| range("VerticalAngle"));
        let zoom = has("Zoom").then_some(Span { least: 1.0, ..ENDLESS });
        if pan.is_none() && tilt.is_none() && zoom.is_none() {
            return None;
        }
        let channel = count.channel(index);
        let most = caps.number("caps.PresetMax").unwrap_or(255.0).clamp(1.0, 255.0) as u16;
        let presets = has("Preset").then(|| Stored::new(client, channel, most));
        let reach = Reach { pan, tilt, zoom, wraps: wraps(pan) };
        Some(Self { client: client.clone(), channel, reach, presets, begun: Mutex::new(Vec::new()) })
    }

    fn target(&self, action: &str, code: &str, [first, second, third]: [i32; 3]) -> String {
        let channel = self.channel;
        format!(
            "/cgi-bin/ptz.cgi?action={action}&channel={channel}&code={code}&arg1={first}&arg2={second}&arg3={third}"
        )
    }

    async fn moved(&self, velocity: Velocity) -> Result<(), Fault> {
        let movements = movements(velocity.within(), &self.reach);
        let codes: Vec<_> = movements.iter().map(|(code, _)| *code).collect();
        // What is not part of the new movement would go on beside it.
        let before = std::mem::replace(&mut *self.begun.lock(), codes.clone());
        for code in before.into_iter().filter(|code| !codes.contains(code)) {
            ask(&self.client, &self.target("stop", code, [0; 3])).await?;
        }
        for (code, arguments) in movements {
            ask(&self.client, &self.target("start", code, arguments)).await?;
        }
        Ok(())
    }
}

/// The movements that make up a velocity: one for pan and tilt, one for zoom. Alone, a direction has its speed second;
/// in a diagonal the vertical speed is first.
fn movements(velocity: Velocity, reach: &Reach) -> Vec<(&'static str, [i32; 3])> {
    let speed = |share: f32, span: Option<Span>| if span.is_some() { steps(share, FASTEST) } else { 0 };
    let (pan, tilt, zoom) =
        (speed(velocity.pan, reach.pan), speed(velocity.tilt, reach.tilt), speed(velocity.zoom, reach.zoom));
    let turn = match (pan.signum(), tilt.signum()) {
        (0, 0) => None,
        (0, 1) => Some(("Up", [0, tilt, 0])),
        (0, _) => Some(("Down", [0, -tilt, 0])),
        (1, 0) => Some(("Right", [0, pan, 0])),
        (_, 0) => Some(("Left", [0, -pan, 0])),
        (1, 1) => Some(("RightUp", [tilt, pan, 0])),
        (1, _) => Some(("RightDown", [-tilt, pan, 0])),
        (_, 1) => Some(("LeftUp", [tilt, -pan, 0])),
        (_, _) => Some(("LeftDown", [-tilt, -pan, 0])),
    };
    let zoomed = match zoom {
        0 => None,
        1.. => Some(("ZoomTele", [0, zoom, 0])),
        _ => Some(("ZoomWide", [0, -zoom, 0])),
    };
    turn.into_iter().chain(zoomed).collect()
}

impl Steer for Motors {
    fn reach(&self) -> Reach {
        self.reach
    }

    fn expires(&self) -> Option<Duration> {
        None
    }

    fn go(&self, velocity: Velocity) -> Reply<'_, ()> {
        Box::pin(self.moved(velocity))
    }

    fn stop(&self) -> Reply<'_, ()> {
        Box::pin(async {
            let mut codes = self.begun.lock().clone();
            // What another client has begun ends by these, too: any direction stops pan and tilt.
            if codes.is_empty() {
                let turns = self.reach.pan.is_some() || self.reach.tilt.is_some();
                codes.extend(turns.then_some("Right"));
                codes.extend(self.reach.zoom.map(|_| "ZoomTele"));
            }
            for code in codes {
                ask_alone(&self.client, &self.target("stop", code, [0; 3])).await?;
            }
            self.begun.lock().clear();
            Ok(())
        })
    }

    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)> {
        Box::pin(async {
            let told =
                ask(&self.client, &format!("/cgi-bin/ptz.cgi?action=getStatus&channel={}", self.channel))
                    .await?;
            // Their spelling; newer firmwares have put it right.
            let value = |n: u32| {
                let spelt = ["Postion", "Position"].map(|word| format!("status.{word}[{n}]"));
                spelt.iter().find_map(|name| told.number(name))
            };
            let (Some(pan), Some(tilt)) = (value(0), value(1)) else { return Err(Fault::NotOffered) };
            let pose = Pose { pan, tilt, zoom: value(2).unwrap_or(1.0).max(1.0) };
            Ok((pose, told.get("status.MoveStatus").map(|status| status != "Idle")))
        })
    }

    fn turn_to(&self, pose: Pose) -> Reply<'_, ()> {
        Box::pin(async move {
            let (Some(pan), Some(tilt)) = (self.reach.pan, self.reach.tilt) else {
                return Err(Fault::NotOffered);
            };
            let (pan, tilt, zoom) = (pan.nearest(pose.pan), tilt.nearest(pose.tilt), pose.zoom.max(1.0));
            let target = format!(
                "/cgi-bin/ptz.cgi?action=start&channel={}&code=PositionABS&arg1={pan:.1}&arg2={tilt:.1}&arg3={zoom:.1}",
                self.channel
            );
            ask(&self.client, &target).await.map(drop)
        })
    }

    fn presets(&self) -> Option<&dyn Presets> {
        self.presets.as_ref().map(|presets| presets as &dyn Presets)
    }

    fn home(&self) -> Reply<'_, ()> {
        Box::pin(async { Err(Fault::NotOffered) })
    }
}
