//! What a device can do besides sending pictures: one small trait for each ability, whatever protocol it speaks.
//!
//! A device is met once (`meet`) and says what it is and what each of its channels can do; an ability that it
//! does not offer is `None`, and nothing is offered to people then. A device that speaks only RTSP has a [`Channel`] with
//! no abilities and is watched like any other.
//!
//! Each call is one request with the deadlines of this crate, and is safe to drop while waiting.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use model::{Address, ClockOffset, Codec, DeviceEvent, Fault, Pose, Preset, Reach, Size, Velocity};

use crate::recordings::Recordings;

/// An answer on its way.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, Fault>>;

/// How a device is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// ONVIF Profile S, T, G.
    Onvif,
    /// Wisenet.
    Sunapi,
    /// Hikvision.
    Isapi,
    /// Dahua.
    Dahua,
    /// RTSP alone.
    Rtsp,
}

/// What a device says of itself; its own words, tamed (no control characters, not endless).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Who made it.
    pub make: String,
    /// What it is called there.
    pub model: String,
    /// Its firmware's version.
    pub firmware: String,
    /// Its serial number.
    pub serial: String,
}

/// A device that has been met.
#[derive(Clone)]
pub struct Device {
    /// What it says of itself.
    pub facts: Facts,
    /// How its clock differs; `None` where it does not tell.
    pub clock: Option<ClockOffset>,
    /// SHA-256 of the certificate that it showed, where it was reached over TLS.
    pub certificate: Option<[u8; 32]>,
    /// What it records or sees, by number.
    pub channels: Vec<Channel>,
    /// Tells what it notices.
    pub events: Option<Arc<dyn Events>>,
    /// Says what it has recorded, and where that is played.
    pub recordings: Option<Arc<dyn Recordings>>,
}

/// One camera of a device; a camera that is reached by itself is a device with one channel.
#[derive(Clone)]
pub struct Channel {
    /// From 1, whatever the protocol counts from.
    pub number: u32,
    /// As the device calls it; may be empty.
    pub name: String,
    /// Its streams, the largest first.
    pub profiles: Vec<FoundProfile>,
    /// It sends sound.
    pub sound: bool,
    /// It says that it can be spoken to. Whether that is so shows when RTSP is asked for the back channel.
    pub talk: bool,
    /// Turns and zooms by motors.
    pub steer: Option<Arc<dyn Steer>>,
    /// Its motors only set the camera up (a mount with motors): administrators move them, with a question before.
    pub set_up_only: bool,
    /// Focus and iris.
    pub lens: Option<Arc<dyn LensMotors>>,
    /// Wiper, light, heater and what else the device calls an auxiliary.
    pub auxiliary: Option<Arc<dyn Auxiliary>>,
    /// Gives a still picture.
    pub snapshot: Option<Arc<dyn Snapshot>>,
    /// Sends a key frame when asked.
    pub key_frame: Option<Arc<dyn KeyFrame>>,
}

/// A stream as the device describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundProfile {
    /// Where; the host is the enrolled one, whatever the device wrote.
    pub address: Address,
    /// How it is coded, where the device says.
    pub codec: Option<Codec>,
    /// Pixels, where the device says.
    pub size: Option<Size>,
    /// Pictures a second, where the device says.
    pub rate: Option<f64>,
    /// The most it is set to send, Mb/s, where the device says.
    pub mbps: Option<f64>,
}

/// Motors.
pub trait Steer: Send + Sync {
    /// How far they go, as the device says.
    fn reach(&self) -> Reach;

    /// A movement that is not renewed ends by itself after this; `None`: it goes on for ever (SUNAPI), so whoever begins one
    /// must be sure to end it.
    fn expires(&self) -> Option<Duration>;

    /// Moves on at this speed until something else is said. ONVIF `ContinuousMove` with a timeout, SUNAPI `continuous`,
    /// ISAPI `momentary` or `continuous`, Dahua `ptz.cgi start`.
    ///
    /// # Errors
    /// The device's refusal; it may be moving all the same.
    fn go(&self, velocity: Velocity) -> Reply<'_, ()>;

    /// Ends every movement, on a connection of its own.
    ///
    /// # Errors
    /// It is not known whether the device has stopped.
    fn stop(&self) -> Reply<'_, ()>;

    /// Where it points now, and whether it moves, where the device says.
    ///
    /// # Errors
    /// The device's refusal; [`Fault::NotOffered`] where it cannot tell.
    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)>;

    /// Turns to a place within [`Steer::reach`].
    ///
    /// # Errors
    /// The device's refusal; [`Fault::NotOffered`] where it cannot.
    fn turn_to(&self, pose: Pose) -> Reply<'_, ()>;

    /// Places that the device keeps.
    fn presets(&self) -> Option<&dyn Presets>;

    /// Goes to the device's home place.
    ///
    /// # Errors
    /// The device's refusal; [`Fault::NotOffered`] where it has none.
    fn home(&self) -> Reply<'_, ()>;
}

/// Places that a device keeps.
pub trait Presets: Send + Sync {
    /// How many it keeps at most, 1–255.
    fn most(&self) -> u16;

    /// All that are set.
    ///
    /// # Errors
    /// The device's refusal.
    fn list(&self) -> Reply<'_, Vec<Preset>>;

    /// Goes there.
    ///
    /// # Errors
    /// The device's refusal; [`Fault::NotFound`] for one that is not set.
    fn recall<'a>(&'a self, token: &'a str) -> Reply<'a, ()>;

    /// Keeps the place where the camera points now: under a new token, or in place of one that is there.
    ///
    /// # Errors
    /// The device's refusal; it may have no room.
    fn keep<'a>(&'a self, token: Option<&'a str>, name: &'a str) -> Reply<'a, Preset>;

    /// Forgets one.
    ///
    /// # Errors
    /// The device's refusal.
    fn forget<'a>(&'a self, token: &'a str) -> Reply<'a, ()>;
}

/// Focus and iris motors; a speed of 0 stops.
pub trait LensMotors: Send + Sync {
    /// Whether the iris can be moved, too.
    fn has_iris(&self) -> bool;

    /// Focuses farther (positive) or nearer, −1 to 1.
    ///
    /// # Errors
    /// The device's refusal.
    fn focus(&self, speed: f32) -> Reply<'_, ()>;

    /// Lets the device focus by itself, once or from now on, as it does.
    ///
    /// # Errors
    /// The device's refusal; [`Fault::NotOffered`] where it cannot.
    fn auto_focus(&self) -> Reply<'_, ()>;

    /// Opens (positive) or closes the iris, −1 to 1.
    ///
    /// # Errors
    /// The device's refusal; [`Fault::NotOffered`] where it has none.
    fn iris(&self, speed: f32) -> Reply<'_, ()>;
}

/// Things that are switched on and off.
pub trait Auxiliary: Send + Sync {
    /// What there is, as the device names it.
    fn list(&self) -> &[String];

    /// Switches one.
    ///
    /// # Errors
    /// The device's refusal; [`Fault::NotFound`] for what is not listed.
    fn switch<'a>(&'a self, name: &'a str, on: bool) -> Reply<'a, ()>;
}

/// A still picture.
pub trait Snapshot: Send + Sync {
    /// One JPEG picture of at most 8 MiB.
    ///
    /// # Errors
    /// The device's refusal, or what it sends is no JPEG.
    fn snapshot(&self) -> Reply<'_, bytes::Bytes>;
}

/// Key frames on demand. ONVIF `SetSynchronizationPoint`, ISAPI `requestKeyFrame`.
pub trait KeyFrame: Send + Sync {
    /// Asks for one, soon.
    ///
    /// # Errors
    /// The device's refusal: the next one comes when it comes.
    fn ask(&self) -> Reply<'_, ()>;
}

/// What a device notices, as it happens.
pub trait Events: Send + Sync {
    /// Begins to listen.
    ///
    /// # Errors
    /// The device's refusal.
    fn listen(&self) -> Reply<'_, Box<dyn Listening>>;
}

/// A subscription; dropping it ends it as far as that is possible without waiting.
pub trait Listening: Send {
    /// The next events; waits until there are some. An empty list only says that the device is still there.
    ///
    /// # Errors
    /// The subscription is over.
    fn next(&mut self) -> Reply<'_, Vec<DeviceEvent>>;

    /// Ends it properly, so that the device has a place free.
    fn close(self: Box<Self>) -> BoxFuture<'static, ()>;
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").field("facts", &self.facts).finish_non_exhaustive()
    }
}
