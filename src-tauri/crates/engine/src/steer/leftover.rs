//! What an earlier run of the program may have left moving.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::{Fault, Id, Retry};
use parking_lot::Mutex;
use tokio::time::{sleep, timeout};

use super::{Holder, Inner, Refused, Steering};

/// A stop is said again after this, then twice this, and so on.
const AGAIN: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(2);

/// Cameras that are still to be stopped, and those that are being stopped.
#[derive(Default)]
pub(super) struct Leftovers {
    waiting: Mutex<BTreeSet<Id>>,
}

impl Leftovers {
    pub(super) fn new(cameras: Vec<Id>) -> Self {
        Self { waiting: Mutex::new(cameras.into_iter().collect()) }
    }
}

impl Steering {
    /// Stops what an earlier run of the program may have left moving. To be called whenever somebody has signed in, since
    /// devices are spoken to with a person's login: what this person has no way to waits for the next.
    pub fn stop_left_behind(&self) {
        let waiting = std::mem::take(&mut *self.0.leftovers.waiting.lock());
        for camera in waiting {
            let inner = Arc::clone(&self.0);
            self.0.devices.runtime().spawn(async move {
                if inner.stop_leftover(&camera).await {
                    inner.unstopped.remove(&camera);
                } else {
                    inner.leftovers.waiting.lock().insert(camera);
                }
                (inner.bell)();
            });
        }
    }

    /// Cameras that an earlier run may have left moving, and that are not known to have stopped.
    #[must_use]
    pub fn left_behind(&self) -> Vec<Id> {
        self.0.unstopped.all()
    }
}

impl Inner {
    /// Whether it need not be stopped any more.
    async fn stop_leftover(&self, camera: &Id) -> bool {
        let mut pause = AGAIN;
        loop {
            let stopped = match self.stop_once(camera).await {
                Ok(()) => return true,
                Err(refused) => refused,
            };
            match stopped {
                // Gone from the inventory, or no motors: nothing is left that could be stopped.
                Refused::NoWay(crate::devices::NoWay::NoCamera) | Refused::Device(Fault::NotOffered) => {
                    return true;
                }
                Refused::Device(fault) if fault.retry() != Retry::AfterChange => {
                    log::warn!("{camera} may still be moving since the last run: {fault}");
                }
                refused => {
                    log::warn!(
                        "{camera} may still be moving since the last run, and cannot be stopped: {refused}"
                    );
                    return false;
                }
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn stop_once(&self, camera: &Id) -> Result<(), Refused> {
        // Somebody steers it since: it has been stopped, or is moved on purpose.
        if matches!(self.agreement.holder(camera), Holder::Other { .. } | Holder::Us | Holder::UsFor { .. }) {
            return Ok(());
        }
        let way = self.way(camera).await?;
        let channel = self.devices.channel(&way).await?;
        let steer = channel.steer.ok_or(Fault::NotOffered)?;
        timeout(ANSWER, steer.stop()).await.unwrap_or(Err(Fault::NoAnswer(ANSWER))).map_err(Refused::Device)
    }
}
