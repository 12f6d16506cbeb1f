//! Where a camera points, how fast it turns, and how far it can.

use std::time::{Duration, SystemTime};

/// How fast to move, as shares of the device's own top speed, −1 to 1 each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Velocity {
    /// To the right, as the picture is seen unturned.
    pub pan: f32,
    /// Upwards.
    pub tilt: f32,
    /// Closer.
    pub zoom: f32,
}

impl Velocity {
    /// No movement.
    pub const STILL: Self = Self { pan: 0.0, tilt: 0.0, zoom: 0.0 };

    /// Whether nothing moves.
    #[must_use]
    pub fn is_still(self) -> bool {
        self == Self::STILL
    }

    /// Each share within −1 to 1; what is no number stands still.
    #[must_use]
    pub fn within(self) -> Self {
        let share = |value: f32| if value.is_nan() { 0.0 } else { value.clamp(-1.0, 1.0) };
        Self { pan: share(self.pan), tilt: share(self.tilt), zoom: share(self.zoom) }
    }
}

/// Where a camera points, or by how much it is to turn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pose {
    /// Degrees to the right of the device's own zero.
    pub pan: f64,
    /// Degrees below the horizon.
    pub tilt: f64,
    /// Magnification: 1 is the widest picture. In a turn by so much: the factor, 1 to keep it.
    pub zoom: f64,
}

/// From the least to the most, in the measure of the place where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The least.
    pub least: f64,
    /// The most; not below the least.
    pub most: f64,
}

impl Span {
    /// The nearest value within.
    #[must_use]
    pub fn nearest(self, value: f64) -> f64 {
        value.max(self.least).min(self.most)
    }

    /// From the least to the most.
    #[must_use]
    pub fn width(self) -> f64 {
        self.most - self.least
    }
}

/// What a camera's motors can do, as the device says; an axis without a range has no motor, and one that moves between
/// ends that the device does not tell has infinite ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reach {
    /// Degrees, see [`Pose::pan`].
    pub pan: Option<Span>,
    /// Degrees, see [`Pose::tilt`].
    pub tilt: Option<Span>,
    /// Magnification.
    pub zoom: Option<Span>,
    /// Pan goes round and round: 350° and −10° are one place, reached the short way.
    pub wraps: bool,
}

/// A place that a device keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What the device calls it: a number with most makes, any text with ONVIF.
    pub token: String,
    /// What people call it; may be empty.
    pub name: String,
}

/// What a device notices by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Something moves in the picture.
    Motion,
    /// The lens is covered, turned away, out of focus.
    Tampering,
    /// A recorder gets no picture from the camera.
    VideoLoss,
    /// A contact at the device.
    AlarmInput,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Motion, Self::Tampering, Self::VideoLoss, Self::AlarmInput];
}

/// Something that a device says it has noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEvent {
    /// Which of the device's channels, from 1; `None` where it concerns the whole device.
    pub channel: Option<u32>,
    /// What.
    pub kind: EventKind,
    /// It goes on (true) or is over (false).
    pub active: bool,
    /// When, by the device's clock, where it says.
    pub at: Option<SystemTime>,
}

/// How a device's clock differs from ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOffset {
    /// Milliseconds that the device is ahead; negative: behind.
    pub ahead_ms: i64,
    /// Half of the time that the asking took: the true value lies so far around.
    pub within: Duration,
}
