//! What happens in front of cameras: raised by a test, told by each recorder in its own language.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use tokio::sync::Notify;

/// Events that are kept for those who ask later.
const KEPT: usize = 2048;

/// What a camera may notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// Something moves.
    Motion,
    /// The camera is covered, turned or out of focus.
    Tampering,
    /// No signal comes from the sensor.
    VideoLoss,
    /// The contact at its alarm input is closed.
    DigitalInput,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Motion, Self::Tampering, Self::VideoLoss, Self::DigitalInput];
}

/// A change of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Counts up over the whole province.
    pub(crate) number: u64,
    pub(crate) at: SystemTime,
    pub(crate) camera: usize,
    pub(crate) kind: EventKind,
    /// Whether it began or ended.
    pub(crate) active: bool,
}

/// The province's events, the latest last.
#[derive(Default)]
pub(crate) struct EventLog {
    inner: Mutex<Inner>,
    changed: Notify,
}

#[derive(Default)]
struct Inner {
    next: u64,
    log: VecDeque<Event>,
    active: BTreeMap<(usize, EventKind), bool>,
}

impl EventLog {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn raise(&self, camera: usize, kind: EventKind, active: bool) {
        let mut inner = self.inner();
        let event = Event { number: inner.next, at: SystemTime::now(), camera, kind, active };
        inner.next += 1;
        inner.active.insert((camera, kind), active);
        inner.log.push_back(event);
        if inner.log.len() > KEPT {
            inner.log.pop_front();
        }
        drop(inner);
        self.changed.notify_waiters();
    }

    /// The number that the next event will have.
    pub(crate) fn next_number(&self) -> u64 {
        self.inner().next
    }

    pub(crate) fn is_active(&self, camera: usize, kind: EventKind) -> bool {
        self.inner().active.get(&(camera, kind)).copied().unwrap_or(false)
    }

    /// At most `most` of the events from `number` on of these cameras.
    pub(crate) fn since(&self, number: u64, cameras: &std::ops::Range<usize>, most: usize) -> Vec<Event> {
        let inner = self.inner();
        let ours = |event: &&Event| event.number >= number && cameras.contains(&event.camera);
        inner.log.iter().filter(ours).take(most).copied().collect()
    }

    /// The same, as soon as there is one.
    pub(crate) async fn wait(
        &self,
        number: u64,
        cameras: &std::ops::Range<usize>,
        most: usize,
    ) -> Vec<Event> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // From here on nothing is missed.
            changed.as_mut().enable();
            let events = self.since(number, cameras, most);
            if !events.is_empty() {
                return events;
            }
            changed.await;
        }
    }
}
