//! One subscription a device, kept up politely: a bounded number of them, pauses that grow and are spread, no asking again
//! where a device has no place left before it may have one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use devices::device::Listening;
use model::{DeviceEvent, Fault, Id, Retry};
use parking_lot::Mutex;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::backoff::{Backoff, at_least};
use crate::devices::{Devices, Way};
use crate::source::LoginMark;

/// Subscriptions at a time; the province has fewer recorders.
const MOST: usize = 96;
/// A device begins to listen within this.
const ANSWER: Duration = Duration::from_secs(15);
/// One that says nothing at all for so long is asked anew; they answer a pull at least every minute.
const SILENCE: Duration = Duration::from_secs(150);
/// A goodbye takes no longer.
const GOODBYE: Duration = Duration::from_secs(2);
/// After so many failures in a row a device is asked about once a minute.
const PATIENT: u32 = 5;
const SELDOM: Duration = Duration::from_secs(60);

/// Told what a device has noticed.
pub(super) type Tell = Arc<dyn Fn(&Way, DeviceEvent) + Send + Sync>;

/// See the module.
pub(super) struct Listeners {
    devices: Arc<Devices>,
    places: Arc<Semaphore>,
    tell: Tell,
    open: Mutex<HashMap<Id, Open>>,
}

/// A device that is listened to, until this is dropped.
struct Open {
    mark: Option<LoginMark>,
    _stop: watch::Sender<()>,
}

impl Listeners {
    pub(super) fn new(devices: Arc<Devices>, tell: Tell) -> Self {
        Self { devices, places: Arc::new(Semaphore::new(MOST)), tell, open: Mutex::default() }
    }

    /// Listens to these devices, and to no others.
    pub(super) fn listen_to(&self, ways: Vec<Way>) {
        let mut open = self.open.lock();
        let wanted: HashMap<Id, Way> = ways.into_iter().map(|way| (way.device.clone(), way)).collect();
        open.retain(|device, listened| {
            wanted.get(device).is_some_and(|way| way.login.as_ref().map(LoginMark::of) == listened.mark)
        });
        for (device, way) in wanted {
            if open.contains_key(&device) {
                continue;
            }
            let (stop, stopped) = watch::channel(());
            let mark = way.login.as_ref().map(LoginMark::of);
            let listener = Listener {
                devices: Arc::clone(&self.devices),
                places: Arc::clone(&self.places),
                tell: Arc::clone(&self.tell),
                way,
            };
            self.devices.runtime().spawn(listener.run(stopped));
            open.insert(device, Open { mark, _stop: stop });
        }
    }
}

struct Listener {
    devices: Arc<Devices>,
    places: Arc<Semaphore>,
    tell: Tell,
    way: Way,
}

impl Listener {
    async fn run(self, mut stopped: watch::Receiver<()>) {
        let Ok(_place) = (tokio::select! {
            place = Arc::clone(&self.places).acquire_owned() => place,
            _ = stopped.changed() => return,
        }) else {
            return;
        };
        let (mut backoff, mut failures) = (Backoff::default(), 0);
        loop {
            let fault = tokio::select! {
                listening = self.begin() => match listening {
                    Ok(Some(listening)) => {
                        let heard = self.hear(listening, &mut stopped).await;
                        let Some((fault, well)) = heard else { return };
                        if well {
                            (backoff, failures) = (Backoff::default(), 0);
                        }
                        fault
                    }
                    // It notices nothing.
                    Ok(None) => return,
                    Err(fault) => fault,
                },
                _ = stopped.changed() => return,
            };
            log::debug!("{} is not listened to: {fault}", self.way.device);
            self.devices.heard(&self.way, &fault);
            failures += 1;
            let pause = match fault.retry() {
                Retry::AfterChange => return,
                Retry::NotBefore(pause) => at_least(pause),
                Retry::Backoff if failures > PATIENT => at_least(SELDOM),
                Retry::Backoff => backoff.next(),
            };
            tokio::select! {
                () = sleep(pause) => {}
                _ = stopped.changed() => return,
            }
        }
    }

    async fn begin(&self) -> Result<Option<Box<dyn Listening>>, Fault> {
        let device = self.devices.device(&self.way).await?;
        let Some(events) = device.events else { return Ok(None) };
        timeout(ANSWER, events.listen()).await.unwrap_or(Err(Fault::NoAnswer(ANSWER))).map(Some)
    }

    /// Until the subscription ends: why, and whether anything was heard of the device before; `None`: nobody wants to hear
    /// it any more.
    async fn hear(
        &self,
        mut listening: Box<dyn Listening>,
        stopped: &mut watch::Receiver<()>,
    ) -> Option<(Fault, bool)> {
        let mut well = false;
        loop {
            let said = tokio::select! {
                said = timeout(SILENCE, listening.next()) => said.unwrap_or(Err(Fault::Stalled(SILENCE))),
                _ = stopped.changed() => {
                    // It has a place free then.
                    let _ = timeout(GOODBYE, listening.close()).await;
                    return None;
                }
            };
            match said {
                Ok(events) => {
                    well = true;
                    events.into_iter().for_each(|event| (self.tell)(&self.way, event));
                }
                Err(fault) => return Some((fault, well)),
            }
        }
    }
}
