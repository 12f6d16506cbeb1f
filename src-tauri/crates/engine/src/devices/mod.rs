//! The devices behind the cameras.
//!
//! **What it does:** meets each device once, when something is first asked of it, with the person's login; keeps what it
//! says it can do; remembers how its clock differs; asks for key frames, seldom enough to stay polite.
//!
//! **What it must never know:** what is asked of an ability once it is handed out, streams, words for people.
//!
//! **The way through it:** [`way`] says how a camera's device is reached and as whom; [`Devices::channel`] meets it and
//! gives what the camera can do. A login that was refused is not tried again before it changes ([`Devices::heard`]); a
//! device that does not answer is left alone for a while.

mod network;
mod way;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use devices::Reply;
use devices::device::{Channel, Device};
use model::{ClockOffset, Fault, Id, Retry};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

use crate::backoff::{Backoff, at_least};
use crate::source::LoginMark;

pub use network::Network;
pub use way::{NoWay, Purpose, Way, way};

/// A device is given so long to say what it is and can do: with many channels some hundred questions, each with its own
/// deadline.
const MEETING: Duration = Duration::from_secs(130);
/// A camera is asked for a key frame no sooner again.
const KEY_FRAME_PACE: Duration = Duration::from_secs(3);

/// Makes a device's acquaintance.
pub trait Meet: Send + Sync {
    /// Asks the device at the way's address what it is and can do.
    fn meet(&self, way: &Way) -> Reply<'static, Device>;
}

/// Told what a device has said to a camera's login.
pub type Said = Box<dyn Fn(&Id, Result<(), Fault>) + Send + Sync>;

/// See the module.
pub struct Devices {
    runtime: Handle,
    meet: Arc<dyn Meet>,
    said: Said,
    known: Mutex<HashMap<Id, Arc<Known>>>,
    key_frames: Mutex<HashMap<Id, Instant>>,
}

/// A device as it was met with one login.
struct Known {
    mark: Option<LoginMark>,
    acquaintance: tokio::sync::Mutex<Acquaintance>,
    /// Apart, to be read without waiting for a meeting.
    clock: Mutex<Option<ClockOffset>>,
    met: Mutex<Option<Device>>,
    refused: Mutex<Option<Fault>>,
}

#[derive(Default)]
struct Acquaintance {
    backoff: Backoff,
    /// Why it was not met, and when it is asked again; `None`: not before its login changes.
    failed: Option<(Fault, Option<Instant>)>,
}

impl Devices {
    /// A register whose devices are met by `meet`, on `runtime`. `said` hears what they say to logins.
    #[must_use]
    pub fn new(runtime: Handle, meet: Arc<dyn Meet>, said: Said) -> Self {
        Self { runtime, meet, said, known: Mutex::default(), key_frames: Mutex::default() }
    }

    /// Where its tasks run.
    #[must_use]
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// The device, met now if it was not yet. Who comes while it is being met waits for that.
    ///
    /// # Errors
    /// Why it was not met; also why not a moment ago.
    pub async fn device(&self, way: &Way) -> Result<Device, Fault> {
        let known = self.known(way);
        if let Some(fault) = known.refused.lock().clone() {
            return Err(fault);
        }
        let mut acquaintance = known.acquaintance.lock().await;
        if let Some(device) = known.met.lock().clone() {
            return Ok(device);
        }
        match &acquaintance.failed {
            Some((fault, None)) => return Err(fault.clone()),
            Some((fault, Some(until))) if Instant::now() < *until => return Err(fault.clone()),
            _ => {}
        }
        let met = timeout(MEETING, self.meet.meet(way)).await.unwrap_or(Err(Fault::NoAnswer(MEETING)));
        match met {
            Ok(device) => {
                *acquaintance = Acquaintance::default();
                *known.clock.lock() = device.clock;
                *known.met.lock() = Some(device.clone());
                (self.said)(&way.camera, Ok(()));
                Ok(device)
            }
            Err(fault) => {
                let again = match fault.retry() {
                    Retry::AfterChange => None,
                    Retry::NotBefore(pause) => Some(Instant::now() + at_least(pause)),
                    Retry::Backoff => Some(Instant::now() + acquaintance.backoff.next()),
                };
                acquaintance.failed = Some((fault.clone(), again));
                self.tell_refusal(way, &fault);
                Err(fault)
            }
        }
    }

    /// What the camera can do.
    ///
    /// # Errors
    /// As [`Devices::device`]; [`Fault::NotFound`] where the device has no such channel.
    pub async fn channel(&self, way: &Way) -> Result<Channel, Fault> {
        let device = self.device(way).await?;
        device.channels.into_iter().find(|channel| channel.number == way.channel).ok_or(Fault::NotFound)
    }

    /// A request to the device has failed like this: a login that it refuses now is not used again.
    pub fn heard(&self, way: &Way, fault: &Fault) {
        if matches!(fault, Fault::PasswordRefused | Fault::PasswordRequired) {
            *self.known(way).refused.lock() = Some(fault.clone());
            self.tell_refusal(way, fault);
        }
    }

    fn tell_refusal(&self, way: &Way, fault: &Fault) {
        if way.login.is_some() && *fault == Fault::PasswordRefused {
            (self.said)(&way.camera, Err(fault.clone()));
        }
    }

    /// How the clocks of those differ that have been met and tell.
    #[must_use]
    pub fn clocks(&self) -> Vec<(Id, ClockOffset)> {
        let known = self.known.lock();
        known.iter().filter_map(|(id, known)| Some((id.clone(), (*known.clock.lock())?))).collect()
    }

    /// All are met anew: another person works here, or the inventory has changed.
    pub fn forget(&self) {
        self.known.lock().clear();
    }

    /// One device is met anew.
    pub fn forget_one(&self, device: &Id) {
        self.known.lock().remove(device);
    }

    fn known(&self, way: &Way) -> Arc<Known> {
        let mark = way.login.as_ref().map(LoginMark::of);
        let mut known = self.known.lock();
        let entry = known.entry(way.device.clone()).or_insert_with(|| Arc::new(Known::new(mark)));
        if entry.mark != mark {
            *entry = Arc::new(Known::new(mark));
        }
        Arc::clone(entry)
    }

    /// A tile has opened a stream of this camera: asks for a key frame, if its device has been met and was not asked a moment
    /// ago. Does not wait. A device that nobody has met is not met for that: the key frame would be there before.
    pub fn ask_key_frame(self: &Arc<Self>, way: Way) {
        let met = self.known(&way).met.lock().clone();
        let channel = met.and_then(|device| device.channels.into_iter().find(|of| of.number == way.channel));
        let Some(key_frame) = channel.and_then(|channel| channel.key_frame) else { return };
        let now = Instant::now();
        {
            let mut asked = self.key_frames.lock();
            asked.retain(|_, at| now.saturating_duration_since(*at) < KEY_FRAME_PACE);
            if asked.contains_key(&way.camera) {
                return;
            }
            asked.insert(way.camera.clone(), now);
        }
        let devices = Arc::clone(self);
        self.runtime.spawn(async move {
            if let Err(fault) = key_frame.ask().await {
                devices.heard(&way, &fault);
                log::debug!("no key frame from {}: {fault}", way.camera);
            }
        });
    }
}

impl Known {
    fn new(mark: Option<LoginMark>) -> Self {
        Self {
            mark,
            acquaintance: tokio::sync::Mutex::default(),
            clock: Mutex::default(),
            met: Mutex::default(),
            refused: Mutex::default(),
        }
    }
}

#[cfg(test)]
mod tests;
