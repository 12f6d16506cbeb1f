//! How an export stands, for who looks and for who stops it.

use std::path::{Path, PathBuf};

use model::{Fault, Id, Moment};
use parking_lot::Mutex;
use tokio::sync::watch;

/// How a camera of an export stands.
#[derive(Clone, Debug, PartialEq)]
pub enum CameraState {
    /// Its turn has not come.
    Waiting,
    /// Its recorder is met and asked what it holds.
    Asking,
    /// The recorder plays others first.
    InLine,
    /// Footage comes.
    Coming,
    /// Nothing came, and it is asked again.
    Again(Fault),
    /// A copy for viewing is made of what has come.
    Copying,
    /// Everything has come, or is named as a gap, and is on the disk.
    Done,
    /// It did not come.
    Failed(Fault),
}

/// One camera.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraStanding {
    /// Which.
    pub camera: Id,
    /// How.
    pub state: CameraState,
    /// Up to where its footage has come, in true time.
    pub reached: Moment,
    /// Bytes in its files.
    pub bytes: u64,
    /// How much of it is in a copy for viewing, 0–1.
    pub copied: f64,
}

/// How it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// What is there stays, to be gone on with.
    Keep,
    /// What is there is removed.
    Remove,
}

/// See the module.
pub struct Progress {
    cameras: Mutex<Vec<CameraStanding>>,
    partial: Mutex<Option<PathBuf>>,
    stop: watch::Sender<Option<Stop>>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { cameras: Mutex::default(), partial: Mutex::default(), stop: watch::channel(None).0 }
    }
}

impl Progress {
    /// How every camera stands, in the order of the order.
    #[must_use]
    pub fn cameras(&self) -> Vec<CameraStanding> {
        self.cameras.lock().clone()
    }

    /// The folder of what is not complete, once it is there: to be kept for another order.
    #[must_use]
    pub fn partial(&self) -> Option<PathBuf> {
        self.partial.lock().clone()
    }

    /// Stops it. What was said first holds, unless what is there is to be removed.
    pub fn stop(&self, stop: Stop) {
        self.stop.send_modify(|said| {
            if *said != Some(Stop::Remove) {
                *said = Some(stop);
            }
        });
    }

    /// Whether and how it is to stop.
    #[must_use]
    pub fn stopped(&self) -> Option<Stop> {
        *self.stop.borrow()
    }

    /// Returns when it is to stop.
    pub(super) async fn until_stopped(&self) {
        let mut heard = self.stop.subscribe();
        // The sender lives as long as this.
        let _ = heard.wait_for(Option::is_some).await;
    }

    pub(super) fn begin(&self, cameras: impl Iterator<Item = (Id, Moment)>) {
        let standing = |(camera, reached)| CameraStanding {
            camera,
            state: CameraState::Waiting,
            reached,
            bytes: 0,
            copied: 0.0,
        };
        *self.cameras.lock() = cameras.map(standing).collect();
    }

    pub(super) fn set_partial(&self, partial: &Path) {
        *self.partial.lock() = Some(partial.to_owned());
    }

    pub(super) fn set(&self, index: usize, state: CameraState) {
        if let Some(camera) = self.cameras.lock().get_mut(index) {
            camera.state = state;
        }
    }

    /// Where a camera stands in the order; behind all where it does not.
    pub(super) fn place_of(&self, camera: &Id) -> usize {
        let cameras = self.cameras.lock();
        cameras.iter().position(|standing| standing.camera == *camera).unwrap_or(cameras.len())
    }

    pub(super) fn copied(&self, index: usize, share: f64) {
        if let Some(camera) = self.cameras.lock().get_mut(index) {
            camera.copied = share;
        }
    }

    pub(super) fn come(&self, index: usize, reached: Moment, bytes: u64) {
        if let Some(camera) = self.cameras.lock().get_mut(index) {
            (camera.reached, camera.bytes) = (camera.reached.max(reached), bytes);
        }
    }
}
