//! What the world outside may see and disturb while the recorders' thread runs: counters and faults.

use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};

use crate::list::{List, Profile};

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
    pub(crate) port: AtomicU16,
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
}

pub(crate) struct Shared {
    pub(crate) streams: Vec<[StreamState; 2]>,
    pub(crate) recorders: Vec<RecorderState>,
    pub(crate) cameras: Vec<CameraState>,
}

impl Shared {
    pub(crate) fn new(list: &List) -> Self {
        Self {
            streams: list.cameras.iter().map(|_| Default::default()).collect(),
            recorders: list.recorders.iter().map(|_| RecorderState::default()).collect(),
            cameras: list.cameras.iter().map(|_| CameraState::default()).collect(),
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
        }
    }
}
