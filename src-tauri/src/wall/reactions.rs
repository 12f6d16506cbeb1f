//! How long it takes from asking for a stream to its first picture on the wall.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use inventory::ProfileKind;
use model::Id;
use serde::Serialize;

/// Older ones are forgotten.
const KEPT: usize = 4096;

/// A stream that was asked for and has come.
#[derive(Clone, Debug, Serialize)]
pub struct Reaction {
    /// The camera.
    pub camera: Id,
    /// Which of its streams.
    pub main: bool,
    /// When the wall was told to show it, in seconds since 1970.
    pub asked: f64,
    /// When its first picture was on the wall, in seconds since 1970.
    pub shown: f64,
    /// The camera's share of the time between: from its first access unit to its first key frame, in seconds. 0 for a
    /// stream that was open already.
    pub key_frame_wait: f64,
}

/// What has been drawn on one tile of the stream that it shows.
#[derive(Clone, Debug, Serialize)]
pub struct Drawn {
    /// The camera.
    pub camera: Id,
    /// Pictures.
    pub pictures: u64,
    /// When the first of them was on the wall, in seconds since 1970; null as long as there is none.
    pub first: Option<f64>,
    /// When the newest was.
    pub newest: Option<f64>,
}

/// The newest reactions of one wall, and when it began to move.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Reactions {
    /// When a tile first showed a second picture, in seconds since 1970.
    pub moving: Option<f64>,
    /// In the order in which they came.
    pub reactions: VecDeque<Reaction>,
    /// What stands on the wall at the moment.
    pub tiles: Vec<Drawn>,
}

impl Reactions {
    pub(super) fn add(
        &mut self,
        camera: &Id,
        profile: Option<ProfileKind>,
        shown: SystemTime,
        waited: Duration,
        wait: Duration,
    ) {
        if self.reactions.len() >= KEPT {
            self.reactions.pop_front();
        }
        self.reactions.push_back(Reaction {
            camera: camera.clone(),
            main: profile == Some(ProfileKind::Main),
            asked: seconds(shown) - waited.as_secs_f64(),
            shown: seconds(shown),
            key_frame_wait: wait.as_secs_f64(),
        });
    }

    pub(super) fn moves(&mut self, at: SystemTime) {
        self.moving.get_or_insert_with(|| seconds(at));
    }
}

pub(super) fn seconds(at: SystemTime) -> f64 {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
