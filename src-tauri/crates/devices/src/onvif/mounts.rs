//! Mounts with motors, which an installer turns from afar: the provisioning service (ONVIF Provisioning §5).

use std::sync::Arc;
use std::time::Duration;

use model::{Fault, Pose, Reach, Velocity};
use parking_lot::Mutex;

use super::element::{Element, number};
use super::line::Line;
use super::soap::{Request, Service, escape};
use crate::device::{Presets, Reply, Steer};
use crate::makers::ENDLESS;

/// A movement ends after this unless it is renewed.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The mount under one video source. It has directions, but no speeds, and does not tell where it stands.
pub(super) struct Mount {
    line: Arc<Line>,
    /// The source's token, escaped.
    source: String,
    pans: bool,
    tilts: bool,
    /// The directions that it goes in.
    going: Mutex<Going>,
}

type Going = (Option<&'static str>, Option<&'static str>);

impl Mount {
    /// The mount of a source, by an answer to the service's `GetServiceCapabilities`.
    pub(super) fn of(line: &Arc<Line>, source: &str, capabilities: &Element) -> Option<Self> {
        let mut sources = capabilities.child("Capabilities")?.all("Source");
        let own = sources.find(|found| found.attribute("VideoSourceToken") == Some(source))?;
        let moves = |name| own.attribute(name).and_then(number).is_some_and(|most| most > 0.0);
        let (pans, tilts) = (moves("MaximumPanMoves"), moves("MaximumTiltMoves"));
        let mount =
            Self { line: Arc::clone(line), source: escape(source), pans, tilts, going: Mutex::default() };
        (pans || tilts).then_some(mount)
    }

    fn wanted(&self, velocity: Velocity) -> Going {
        let direction = |share: f32, less, more| match share {
            share if share < 0.0 => Some(less),
            share if share > 0.0 => Some(more),
            _ => None,
        };
        (
            direction(velocity.pan, "Left", "Right").filter(|_| self.pans),
            direction(velocity.tilt, "Down", "Up").filter(|_| self.tilts),
        )
    }

    async fn go_on(&self, operation: &'static str, direction: &str) -> Result<(), Fault> {
        let inside = format!(
            "<P:VideoSource>{}</P:VideoSource><P:Direction>{direction}</P:Direction><P:Timeout>PT{}S</P:Timeout>",
            self.source,
            TIMEOUT.as_secs()
        );
        self.line.ask(&Request::new(Service::Provisioning, operation).with(&inside)).await.map(drop)
    }
}

impl Steer for Mount {
    fn reach(&self) -> Reach {
        let axis = |there: bool| there.then_some(ENDLESS);
        Reach { pan: axis(self.pans), tilt: axis(self.tilts), zoom: None, wraps: false }
    }

    fn expires(&self) -> Option<Duration> {
        Some(TIMEOUT)
    }

    fn go(&self, velocity: Velocity) -> Reply<'_, ()> {
        Box::pin(async move {
            let wanted = self.wanted(velocity);
            let before = std::mem::replace(&mut *self.going.lock(), wanted);
            // One axis alone cannot be stopped.
            let ends = |before: Option<_>, wanted: Option<_>| before.is_some() && wanted.is_none();
            if wanted == (None, None) || ends(before.0, wanted.0) || ends(before.1, wanted.1) {
                self.stop().await?;
            }
            if let Some(direction) = wanted.0 {
                self.go_on("PanMove", direction).await?;
            }
            if let Some(direction) = wanted.1 {
                self.go_on("TiltMove", direction).await?;
            }
            Ok(())
        })
    }

    fn stop(&self) -> Reply<'_, ()> {
        let inside = format!("<P:VideoSource>{}</P:VideoSource>", self.source);
        let stop = Request::new(Service::Provisioning, "Stop").with(&inside);
        Box::pin(async move { self.line.ask_alone(&stop).await.map(drop) })
    }

    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)> {
        Box::pin(async { Err(Fault::NotOffered) })
    }

    fn turn_to(&self, _pose: Pose) -> Reply<'_, ()> {
        Box::pin(async { Err(Fault::NotOffered) })
    }

    fn presets(&self) -> Option<&dyn Presets> {
        None
    }

    fn home(&self) -> Reply<'_, ()> {
        Box::pin(async { Err(Fault::NotOffered) })
    }
}
