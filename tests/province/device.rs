//! One recorder as its HTTP port knows it: its cameras, its clock, its motors, and who may ask.

use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::MutexGuard;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Instant, SystemTime};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::clip::ClipId;
use crate::equipment::{Equipment, Make, Protocol};
use crate::http::auth::{Door, Verdict};
use crate::http::message::{Request, Response};
use crate::http::server::Answer;
use crate::list::{Camera, Profile, Recorder};
use crate::live::still;
use crate::motor::Motor;
use crate::onvif::events::Subscriptions;
use crate::onvif::token::Replays;
use crate::recordings::finds::Finds;
use crate::shared::Shared;
use crate::sunapi::smart_search::SmartSearches;
use crate::world::World;
use crate::{dahua, isapi, onvif, sunapi};

/// One recorder over HTTP.
pub(crate) struct Device {
    pub(crate) world: Rc<World>,
    /// In [`crate::List::recorders`].
    pub(crate) index: usize,
    pub(crate) door: RefCell<Door>,
    pub(crate) replays: RefCell<Replays>,
    pub(crate) subscriptions: RefCell<Subscriptions>,
    pub(crate) finds: RefCell<Finds>,
    pub(crate) smart_searches: RefCell<SmartSearches>,
    /// How often the door has forgotten.
    pardons: RefCell<u64>,
}

impl Device {
    pub(crate) fn new(world: Rc<World>, index: usize) -> Self {
        let door = Door::new(world.list.recorders[index].equipment.hashes);
        Self {
            world,
            index,
            door: RefCell::new(door),
            replays: RefCell::default(),
            subscriptions: RefCell::default(),
            finds: RefCell::default(),
            smart_searches: RefCell::default(),
            pardons: RefCell::default(),
        }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.world.shared
    }

    pub(crate) fn recorder(&self) -> &'static Recorder {
        &self.world.list.recorders[self.index]
    }

    pub(crate) fn equipment(&self) -> Equipment {
        self.recorder().equipment
    }

    pub(crate) fn camera(&self, camera: usize) -> &'static Camera {
        &self.world.list.cameras[camera]
    }

    /// The camera on a channel, counted from 1.
    pub(crate) fn channel(&self, channel: usize) -> Option<usize> {
        let cameras = &self.recorder().cameras;
        let camera = cameras.start + channel.checked_sub(1)?;
        cameras.contains(&camera).then_some(camera)
    }

    pub(crate) fn login(&self) -> (&str, &str) {
        (&self.world.user, &self.world.password)
    }

    /// The motors of a camera that can be moved in ordinary use.
    pub(crate) fn motor(&self, camera: usize) -> Option<MutexGuard<'_, Motor>> {
        self.shared().cameras[camera].motor()
    }

    pub(crate) fn note(&self, camera: usize, protocol: Protocol, verb: &str) {
        self.shared().cameras[camera].note(protocol, verb);
    }

    /// What its clock shows.
    pub(crate) fn now(&self) -> SystemTime {
        self.shared().clock(self.index, SystemTime::now())
    }

    /// A serial number that is its own.
    pub(crate) fn serial(&self) -> String {
        format!("ZXN{:04}KG{:05}", self.index + 1, (self.index + 1) * 7919 % 100_000)
    }

    /// A hardware address that is its own, with `separator` between its bytes.
    pub(crate) fn mac(&self, separator: &str) -> String {
        ["00", "09", "18", "5A", "21", &format!("{:02X}", self.index + 16)].join(separator)
    }

    /// The host that it gives in addresses of its own: behind NAT it knows only that of its own network.
    pub(crate) fn host(&self) -> String {
        if self.equipment().behind_nat {
            format!("192.168.1.{}", 100 + self.index)
        } else {
            "127.0.0.1".to_owned()
        }
    }

    /// Base of its HTTP addresses, as it gives it.
    pub(crate) fn http_base(&self) -> String {
        let port = self.shared().recorders[self.index].http_port.load(Relaxed);
        format!("http://{}:{port}", self.host())
    }

    /// Base of its RTSP addresses, as it gives it.
    pub(crate) fn rtsp_base(&self) -> String {
        format!("rtsp://{}:{}", self.host(), self.rtsp_port())
    }

    /// Base of its recordings' addresses, as it gives it.
    pub(crate) fn replay_base(&self) -> String {
        if self.equipment().replays_over_tls {
            let port = self.shared().recorders[self.index].rtsps_port.load(Relaxed);
            format!("rtsps://{}:{port}", self.host())
        } else {
            self.rtsp_base()
        }
    }

    pub(crate) fn rtsp_port(&self) -> u16 {
        self.shared().recorders[self.index].port.load(Relaxed)
    }

    /// Who asks over HTTP.
    pub(crate) fn verdict(&self, request: &Request, peer: IpAddr) -> Verdict {
        let pardons = self.shared().recorders[self.index].pardons.load(Relaxed);
        if self.pardons.replace(pardons) != pardons {
            self.door.borrow_mut().forgive();
        }
        let verdict = self.door.borrow_mut().check(request, peer, self.login(), Instant::now());
        if let Verdict::Wrong(_) = verdict {
            self.shared().recorders[self.index].wrong_logins.fetch_add(1, Relaxed);
        }
        verdict
    }

    /// Lets a request in, or the refusal that its make gives.
    pub(crate) fn guard(&self, request: &Request, peer: IpAddr) -> Result<(), Response> {
        match self.verdict(request, peer) {
            Verdict::Right => Ok(()),
            Verdict::Unanswered(challenges) | Verdict::Wrong(challenges) => Err(unauthorized(challenges)),
            Verdict::Locked => Err(match self.equipment().make {
                Make::Hikvision => isapi::locked(),
                Make::Dahua => Response::new(403).with_body("text/plain", "Error\r\nAccount locked\r\n"),
                _ => Response::new(490),
            }),
        }
    }

    /// Answers one request, in the language of its path.
    pub(crate) async fn answer(self: Rc<Self>, request: &Request, peer: SocketAddr) -> Answer {
        let make = self.equipment().make;
        let path = request.path.as_str();
        let speaks = |protocol| make.speaks(protocol);
        if path.starts_with("/onvif/") && speaks(Protocol::Onvif) {
            return onvif::answer(self, request, peer.ip()).await;
        }
        if path.starts_with("/stw-cgi/") && speaks(Protocol::Sunapi) {
            return sunapi::answer(self, request, peer.ip()).await;
        }
        if path.starts_with("/ISAPI/") && speaks(Protocol::Isapi) {
            return isapi::answer(self, request, peer.ip()).await;
        }
        if path.starts_with("/cgi-bin/") && speaks(Protocol::Dahua) {
            return dahua::answer(self, request, peer.ip()).await;
        }
        Response::new(404).into()
    }

    /// What a camera sees now, as JPEG; `None` while its clip is not ready.
    pub(crate) async fn snapshot(&self, camera: usize, profile: Profile) -> Option<Vec<u8>> {
        let about = self.camera(camera);
        let away = self.motor(camera).and_then(|mut motor| {
            let now = Instant::now();
            motor.is_away(now).then(|| motor.pose(now))
        });
        let panorama = away.and_then(|pose| Some((self.world.panoramas.get(about.scene)?, pose)));
        let file = self.world.clips.path(ClipId::of(about, profile));
        if panorama.is_none() && self.world.clips.get(ClipId::of(about, profile)).is_none() {
            return None;
        }
        let size = about.coding.size(profile);
        let work = move || match panorama {
            Some((panorama, pose)) => still::of_view(&panorama, pose, size),
            None => still::of_clip(&file),
        };
        tokio::task::spawn_blocking(work).await.ok().flatten()
    }
}

/// 401 with these challenges.
pub(crate) fn unauthorized(challenges: Vec<String>) -> Response {
    challenges
        .into_iter()
        .fold(Response::new(401), |response, challenge| response.with("WWW-Authenticate", challenge))
}

/// UTC as ISO 8601 has it, to the second.
pub(crate) fn utc(time: SystemTime) -> String {
    Timestamp::try_from(time).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Vietnam's time, UTC+7 all year.
pub(crate) fn local(time: SystemTime) -> jiff::Zoned {
    Timestamp::try_from(time).unwrap_or_default().to_zoned(TimeZone::fixed(Offset::constant(7)))
}
