//! What the world outside may see and disturb while the recorders' thread runs: counters and faults.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio_rustls::TlsAcceptor;

use crate::equipment::{Movement, Protocol};
use crate::events::EventLog;
use crate::list::{Camera, List, Profile};
use crate::motor::{HOME_PAN, Motor, Pose};
use crate::scene;

/// Counts of one stream since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamCounts {
    /// Pictures sent, each viewer's counted.
    pub pictures: u64,
    /// Pictures left out because a viewer did not read fast enough.
    pub dropped: u64,
    /// Viewers that are being sent to.
    pub viewers: u32,
}

/// Counts of one recorder since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecorderCounts {
    /// Connections accepted.
    pub connections: u64,
    /// Answers to a challenge with a wrong user or password.
    pub wrong_passwords: u64,
    /// Requests over HTTP, whatever they were.
    pub requests: u64,
    /// Wrong users or passwords over HTTP and in SOAP.
    pub wrong_logins: u64,
    /// Bytes of recorded pictures that were sent.
    pub replayed: u64,
    /// Searches for motion that it was asked for and began.
    pub smart_searches: u64,
    /// Those that take a place there.
    pub open_searches: u32,
}

/// Something that a camera was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// In which language.
    pub protocol: Protocol,
    /// What: the operation or the call, `ContinuousMove`, `stop` …
    pub verb: String,
    /// When it was carried out.
    pub at: Instant,
}

/// Commands that are kept for each camera.
const COMMANDS: usize = 4096;

/// A picture that a camera took away from where it was put up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taken {
    /// When.
    pub at: Instant,
    /// Where it looked.
    pub pose: Pose,
    /// The number in the picture.
    pub number: u16,
}

/// Such pictures that are kept for each camera.
const VIEWS: usize = 512;

/// What came down a camera's backchannel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// RTP packets.
    pub packets: u64,
    /// Those whose sequence number did not follow the last.
    pub gaps: u64,
    /// Linear 16-bit samples of the latest, 8 kHz; at most ten seconds.
    pub samples: VecDeque<i16>,
}

#[derive(Default)]
pub(crate) struct StreamState {
    pub(crate) pictures: AtomicU64,
    pub(crate) dropped: AtomicU64,
    pub(crate) viewers: AtomicU32,
}

#[derive(Default)]
pub(crate) struct RecorderState {
    pub(crate) connections: AtomicU64,
    pub(crate) wrong_passwords: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) wrong_logins: AtomicU64,
    pub(crate) replayed: AtomicU64,
    pub(crate) smart_searches: AtomicU64,
    pub(crate) open_searches: AtomicU32,
    pub(crate) port: AtomicU16,
    pub(crate) http_port: AtomicU16,
    /// Of those with TLS.
    pub(crate) rtsps_port: AtomicU16,
    pub(crate) https_port: AtomicU16,
    pub(crate) keys: Mutex<Option<TlsAcceptor>>,
    /// How far its clock is ahead, ms.
    pub(crate) clock_offset: AtomicI64,
    /// Grows when all wrong logins are to be forgotten.
    pub(crate) pardons: AtomicU64,
}

/// What is wrong with one camera.
#[derive(Default)]
pub(crate) struct CameraState {
    pub(crate) frozen: AtomicBool,
    pub(crate) cut: [AtomicBool; 2],
    /// One UDP packet of so many is lost, 0 for none.
    pub(crate) udp_loss: AtomicU32,
    /// Status to refuse with, 0 for none.
    pub(crate) refuse: AtomicU16,
    /// Somebody asked for a key frame of this profile.
    pub(crate) wants_key: [AtomicBool; 2],
    pub(crate) motor: Option<Mutex<Motor>>,
    pub(crate) commands: Mutex<VecDeque<Command>>,
    pub(crate) views: Mutex<VecDeque<Taken>>,
    pub(crate) talk: Mutex<Talk>,
    /// Share 0–1 of the focus' way, in thousandths.
    pub(crate) focus: AtomicU32,
}

impl CameraState {
    fn new(camera: &Camera) -> Self {
        let motor = match camera.movement {
            Movement::Fixed => None,
            _ => Some(Mutex::new(Motor::new(rest_pose(camera), Instant::now()))),
        };
        Self { motor, focus: AtomicU32::new(500), ..Self::default() }
    }

    pub(crate) fn motor(&self) -> Option<MutexGuard<'_, Motor>> {
        Some(self.motor.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn note(&self, protocol: Protocol, verb: &str) {
        let mut commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        if commands.len() == COMMANDS {
            commands.pop_front();
        }
        commands.push_back(Command { protocol, verb: verb.to_owned(), at: Instant::now() });
    }

    pub(crate) fn note_view(&self, pose: Pose, number: u16) {
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        if views.len() == VIEWS {
            views.pop_front();
        }
        views.push_back(Taken { at: Instant::now(), pose, number });
    }

    pub(crate) fn talk(&self) -> MutexGuard<'_, Talk> {
        self.talk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a camera was put up: what its clip shows.
pub(crate) fn rest_pose(camera: &Camera) -> Pose {
    Pose { pan: HOME_PAN, tilt: f64::from(scene::tilt(camera.scene)), zoom: 1.0, roll: 0.0 }
}

pub(crate) struct Shared {
    pub(crate) events: EventLog,
    pub(crate) discovery_port: AtomicU16,
    pub(crate) streams: Vec<[StreamState; 2]>,
    pub(crate) recorders: Vec<RecorderState>,
    pub(crate) cameras: Vec<CameraState>,
}

impl Shared {
    pub(crate) fn new(list: &List) -> Self {
        Self {
            streams: list.cameras.iter().map(|_| Default::default()).collect(),
            recorders: list
                .recorders
                .iter()
                .map(|recorder| recorder_state(recorder.equipment.clock_offset_ms))
                .collect(),
            cameras: list.cameras.iter().map(CameraState::new).collect(),
            events: EventLog::default(),
            discovery_port: AtomicU16::new(0),
        }
    }

    pub(crate) fn stream(&self, camera: usize, profile: Profile) -> &StreamState {
        &self.streams[camera][profile as usize]
    }

    pub(crate) fn stream_counts(&self, camera: usize, profile: Profile) -> StreamCounts {
        let state = self.stream(camera, profile);
        StreamCounts {
            pictures: state.pictures.load(Relaxed),
            dropped: state.dropped.load(Relaxed),
            viewers: state.viewers.load(Relaxed),
        }
    }

    pub(crate) fn recorder_counts(&self, recorder: usize) -> RecorderCounts {
        let state = &self.recorders[recorder];
        RecorderCounts {
            connections: state.connections.load(Relaxed),
            wrong_passwords: state.wrong_passwords.load(Relaxed),
            requests: state.requests.load(Relaxed),
            wrong_logins: state.wrong_logins.load(Relaxed),
            replayed: state.replayed.load(Relaxed),
            smart_searches: state.smart_searches.load(Relaxed),
            open_searches: state.open_searches.load(Relaxed),
        }
    }

    /// What a recorder's clock shows at a true time.
    pub(crate) fn clock(&self, recorder: usize, truly: SystemTime) -> SystemTime {
        let offset = self.recorders[recorder].clock_offset.load(Relaxed);
        let by = Duration::from_millis(offset.unsigned_abs());
        if offset < 0 { truly - by } else { truly + by }
    }
}

fn recorder_state(clock_offset_ms: i64) -> RecorderState {
    RecorderState { clock_offset: AtomicI64::new(clock_offset_ms), ..RecorderState::default() }
}
