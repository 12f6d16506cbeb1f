//! A camera that turns as it is told, over a network that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use devices::Reply;
use devices::device::{Channel, Device, Facts, Presets, Protocol, Steer};
use model::{Fault, Pose, Preset, Reach, Span, Velocity};
use parking_lot::Mutex;
use tokio::time::{Instant, sleep};

use crate::devices::{Meet, Way};

pub(super) struct Camera {
    expires: Option<Duration>,
    /// There or back over the network.
    pub(super) delay: Mutex<Duration>,
    /// Nothing arrives.
    pub(super) is_cut: AtomicBool,
    /// What arrives is done, and the answer is lost.
    pub(super) is_mute: AtomicBool,
    pub(super) password_changed: AtomicBool,
    pub(super) set_up_only: bool,
    turns: Mutex<Option<(Velocity, Instant)>>,
    pub(super) pose: Mutex<Pose>,
    /// When stops have arrived.
    pub(super) stops: Mutex<Vec<Instant>>,
    /// When it was told to turn, whether or not that has arrived.
    pub(super) asked: Mutex<Vec<Instant>>,
    /// When it was told to stop, likewise.
    pub(super) asked_to_stop: Mutex<Vec<Instant>>,
    pub(super) recalled: Mutex<Vec<String>>,
    presets: Mutex<Vec<Preset>>,
    pub(super) looks: AtomicUsize,
}

impl Camera {
    pub(super) fn new(expires: Option<Duration>) -> Self {
        Self {
            expires,
            delay: Mutex::new(Duration::from_millis(5)),
            is_cut: AtomicBool::default(),
            is_mute: AtomicBool::default(),
            password_changed: AtomicBool::default(),
            set_up_only: false,
            turns: Mutex::default(),
            pose: Mutex::new(Pose { pan: 100.0, tilt: 10.0, zoom: 1.0 }),
            stops: Mutex::default(),
            asked: Mutex::default(),
            asked_to_stop: Mutex::default(),
            recalled: Mutex::default(),
            presets: Mutex::default(),
            looks: AtomicUsize::default(),
        }
    }

    /// Whether its motors turn now.
    pub(super) fn turns(&self) -> bool {
        let turns = *self.turns.lock();
        turns.is_some_and(|(_, since)| self.expires.is_none_or(|expires| since.elapsed() < expires))
    }

    /// Somebody else turns it.
    pub(super) fn turn(&self, velocity: Option<Velocity>) {
        *self.turns.lock() = velocity.map(|velocity| (velocity, Instant::now()));
    }

    async fn there<T>(&self, then: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let delay = *self.delay.lock();
        sleep(delay).await;
        if self.is_cut.load(Ordering::SeqCst) {
            return std::future::pending().await;
        }
        if self.password_changed.load(Ordering::SeqCst) {
            return Err(Fault::PasswordRefused);
        }
        let answer = then();
        if self.is_mute.load(Ordering::SeqCst) {
            return std::future::pending().await;
        }
        sleep(delay).await;
        answer
    }
}

impl Steer for Camera {
    fn reach(&self) -> Reach {
        Reach {
            pan: Some(Span { least: 0.0, most: 350.0 }),
            tilt: Some(Span { least: 0.0, most: 67.0 }),
            zoom: Some(Span { least: 1.0, most: 10.0 }),
            wraps: false,
        }
    }

    fn expires(&self) -> Option<Duration> {
        self.expires
    }

    fn go(&self, velocity: Velocity) -> Reply<'_, ()> {
        self.asked.lock().push(Instant::now());
        Box::pin(self.there(move || {
            *self.turns.lock() = Some((velocity, Instant::now()));
            Ok(())
        }))
    }

    fn stop(&self) -> Reply<'_, ()> {
        self.asked_to_stop.lock().push(Instant::now());
        Box::pin(self.there(|| {
            *self.turns.lock() = None;
            self.stops.lock().push(Instant::now());
            Ok(())
        }))
    }

    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        Box::pin(self.there(|| Ok((*self.pose.lock(), Some(self.turns())))))
    }

    fn turn_to(&self, pose: Pose) -> Reply<'_, ()> {
        Box::pin(self.there(move || {
            *self.pose.lock() = pose;
            Ok(())
        }))
    }

    fn presets(&self) -> Option<&dyn Presets> {
        Some(self)
    }

    fn home(&self) -> Reply<'_, ()> {
        Box::pin(async { Err(Fault::NotOffered) })
    }
}

impl Presets for Camera {
    fn most(&self) -> u16 {
        255
    }

    fn list(&self) -> Reply<'_, Vec<Preset>> {
        Box::pin(self.there(|| Ok(self.presets.lock().clone())))
    }

    fn recall<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(self.there(move || {
            self.recalled.lock().push(token.to_owned());
            Ok(())
        }))
    }

    fn keep<'a>(&'a self, token: Option<&'a str>, name: &'a str) -> Reply<'a, Preset> {
        Box::pin(self.there(move || {
            let mut presets = self.presets.lock();
            let token = token.map_or_else(|| (presets.len() + 1).to_string(), str::to_owned);
            let preset = Preset { token, name: name.to_owned() };
            presets.retain(|kept| kept.token != preset.token);
            presets.push(preset.clone());
            Ok(preset)
        }))
    }

    fn forget<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(self.there(move || {
            self.presets.lock().retain(|kept| kept.token != token);
            Ok(())
        }))
    }
}

/// Everything at the device's address.
pub(super) struct Street(pub(super) Arc<Camera>);

impl Meet for Street {
    fn meet(&self, _: &Way) -> Reply<'static, Device> {
        let camera = Arc::clone(&self.0);
        Box::pin(async move {
            sleep(Duration::from_millis(20)).await;
            let text = String::new;
            let set_up_only = camera.set_up_only;
            Ok(Device {
                facts: Facts {
                    protocol: Protocol::Onvif,
                    make: text(),
                    model: text(),
                    firmware: text(),
                    serial: text(),
                },
                clock: None,
                certificate: None,
                channels: vec![Channel {
                    number: 1,
                    name: text(),
                    profiles: Vec::new(),
                    sound: false,
                    steer: Some(camera),
                    set_up_only,
                    lens: None,
                    auxiliary: None,
                    talk: false,
                    snapshot: None,
                    key_frame: None,
                }],
                events: None,
                recordings: None,
            })
        })
    }
}
