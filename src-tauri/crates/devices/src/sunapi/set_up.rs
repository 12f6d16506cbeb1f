//! Motors that set a camera up (`PTRZ`): they turn its mount by small steps, have no speed, no places and no position.

use std::time::Duration;

use model::{Fault, Pose, Reach, Velocity};

use super::answer::ask;
use super::attributes::Attributes;
use crate::device::{Presets, Reply, Steer};
use crate::http::Client;
use crate::makers::{ENDLESS, steps};

/// The largest step, in the device's own unit: small enough that one who holds a key can let go in time.
const LARGEST_STEP: i32 = 5;

pub(super) struct SetUpMotors {
    client: Client,
    index: u32,
    zooms: bool,
}

impl SetUpMotors {
    pub(super) fn of(client: &Client, attributes: &Attributes, index: u32) -> Option<Self> {
        let zooms = attributes.is("Image/Support/ZoomAdjust", index);
        attributes.is("Image/Support/PTRZ", index).then(|| Self { client: client.clone(), index, zooms })
    }

    async fn image(&self, submenu: &str, more: &str) -> Result<(), Fault> {
        let target =
            format!("/stw-cgi/image.cgi?msubmenu={submenu}&action=control&Channel={}{more}", self.index);
        ask(&self.client, &target).await.map(drop)
    }
}

impl Steer for SetUpMotors {
    fn reach(&self) -> Reach {
        Reach { pan: Some(ENDLESS), tilt: Some(ENDLESS), zoom: self.zooms.then_some(ENDLESS), wraps: false }
    }

    fn expires(&self) -> Option<Duration> {
        // A step ends by itself.
        Some(Duration::from_secs(1))
    }

    fn go(&self, velocity: Velocity) -> Reply<'_, ()> {
        Box::pin(async move {
            let velocity = velocity.within();
            let mut more = String::new();
            for (axis, speed) in [("Pan", velocity.pan), ("Tilt", velocity.tilt)] {
                if speed != 0.0 {
                    more.push_str(&format!("&{axis}={}", steps(speed, LARGEST_STEP)));
                }
            }
            if !more.is_empty() {
                self.image("ptr", &more).await?;
            }
            if velocity.zoom != 0.0 && self.zooms {
                self.image("focus", &format!("&Zoom={}", steps(velocity.zoom, LARGEST_STEP))).await?;
            }
            Ok(())
        })
    }

    fn stop(&self) -> Reply<'_, ()> {
        // There is no call for it, and none is needed: the step that was begun is the last one.
        Box::pin(async { Ok(()) })
    }

    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)> {
        Box::pin(async { Err(Fault::NotOffered) })
    }

    fn turn_to(&self, _: Pose) -> Reply<'_, ()> {
        Box::pin(async { Err(Fault::NotOffered) })
    }

    fn presets(&self) -> Option<&dyn Presets> {
        None
    }

    fn home(&self) -> Reply<'_, ()> {
        Box::pin(async { Err(Fault::NotOffered) })
    }
}
