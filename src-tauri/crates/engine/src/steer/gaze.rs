//! Where a camera points, as often as it is worth asking: several times a second while it moves, whoever moves it, seldom
//! while somebody looks at its controls, and never otherwise.

use std::sync::Arc;
use std::time::Duration;

use devices::device::Steer;
use model::{Fault, Pose, Reach};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};

use super::limits;
use crate::source::Bell;

/// While it moves.
const MOVING: Duration = Duration::from_millis(300);
/// While somebody looks at its controls.
const LOOKED_AT: Duration = Duration::from_secs(2);
/// After an answer that did not come.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(2);
/// A camera that we have moved turns on for so long: inertia, and a look every third of a second.
const SETTLING: Duration = Duration::from_secs(2);
/// A turn to a place takes no longer.
const LONGEST_TURN: Duration = Duration::from_secs(30);
/// What moves less between two looks stands still, degrees and share of the magnification.
const STILL: f64 = 0.06;

/// See the module. The part that asks nobody.
#[derive(Debug, Default)]
pub(super) struct Looks {
    pose: Option<Pose>,
    moves: bool,
    /// Until then a movement is our own.
    ours_until: Option<Instant>,
    /// On its way to a place where we have sent it, until then at the latest.
    on_its_way: Option<Instant>,
    stood_still: u8,
    is_mute: bool,
    failed: bool,
}

impl Looks {
    /// The device has said where it points, or not.
    fn seen(&mut self, said: Result<(Pose, Option<bool>), Fault>, now: Instant) {
        let (pose, moves) = match said {
            Ok(said) => said,
            Err(Fault::NotOffered) => return self.is_mute = true,
            Err(_) => return self.failed = true,
        };
        self.failed = false;
        let went = self.pose.is_some_and(|before| differs(before, pose));
        self.pose = Some(pose);
        self.moves = moves.unwrap_or(went) || went;
        self.stood_still = if self.moves { 0 } else { self.stood_still.saturating_add(1) };
        // Once may be before it has set out.
        if self.on_its_way.is_some_and(|until| now >= until) || self.stood_still >= 3 {
            self.on_its_way = None;
        }
        if self.moves && self.on_its_way.is_some() {
            self.ours_until = Some(now + SETTLING);
        }
    }

    /// Something of ours moves it now.
    pub(super) fn moved(&mut self, now: Instant) {
        self.ours_until = Some(now + SETTLING);
    }

    /// It was sent to a place.
    pub(super) fn sent(&mut self, now: Instant) {
        (self.on_its_way, self.stood_still) = (Some(now + LONGEST_TURN), 0);
        self.moved(now);
    }

    /// It was told to stop, wherever it was going.
    pub(super) fn stopped(&mut self) {
        self.on_its_way = None;
    }

    /// It is on its way to a place where we have sent it.
    pub(super) fn is_on_its_way(&self) -> bool {
        self.on_its_way.is_some()
    }

    /// It moves, and not by our doing.
    pub(super) fn is_foreign(&self, now: Instant) -> bool {
        self.moves && self.on_its_way.is_none() && self.ours_until.is_none_or(|until| now >= until)
    }

    pub(super) fn pose(&self) -> Option<Pose> {
        self.pose
    }

    /// Where it points is at a stop.
    pub(super) fn is_at_stop(&self, reach: &Reach) -> bool {
        self.pose.is_some_and(|pose| limits::at_stop(reach, pose))
    }

    /// When to look next; `None`: when somebody asks.
    fn pause(&self, looked_at: bool, now: Instant) -> Option<Duration> {
        let ours = self.ours_until.is_some_and(|until| now < until);
        match () {
            () if self.is_mute => None,
            () if self.failed && (ours || looked_at) => Some(AFTER_FAILURE),
            () if ours || self.moves || self.on_its_way.is_some() => Some(MOVING),
            () => looked_at.then_some(LOOKED_AT),
        }
    }
}

fn differs(before: Pose, after: Pose) -> bool {
    (before.pan - after.pan).abs() > STILL
        || (before.tilt - after.tilt).abs() > STILL
        || (before.zoom - after.zoom).abs() > STILL * before.zoom.abs().max(1.0)
}

/// The part that asks.
pub(super) struct Gaze {
    shared: Arc<Shared>,
    steer: Arc<dyn Steer>,
    task: AbortHandle,
}

struct Shared {
    looks: Mutex<Looks>,
    looked_at: Mutex<bool>,
    stirred: Notify,
    bell: Bell,
}

impl Gaze {
    pub(super) fn start(runtime: &Handle, steer: &Arc<dyn Steer>, bell: &Bell) -> Self {
        let shared = Arc::new(Shared {
            looks: Mutex::default(),
            looked_at: Mutex::new(false),
            stirred: Notify::new(),
            bell: Arc::clone(bell),
        });
        let task = runtime.spawn(look(Arc::clone(&shared), Arc::clone(steer))).abort_handle();
        Self { shared, steer: Arc::clone(steer), task }
    }

    /// Something of it, to look at or to change; what is due is looked at anew.
    pub(super) fn with<T>(&self, what: impl FnOnce(&mut Looks) -> T) -> T {
        let seen = what(&mut self.shared.looks.lock());
        self.shared.stirred.notify_one();
        seen
    }

    /// The same without stirring anything.
    pub(super) fn read<T>(&self, what: impl FnOnce(&Looks) -> T) -> T {
        what(&self.shared.looks.lock())
    }

    /// Somebody looks at its controls, or no longer.
    pub(super) fn set_looked_at(&self, looked_at: bool) {
        let before = std::mem::replace(&mut *self.shared.looked_at.lock(), looked_at);
        if looked_at && !before {
            self.shared.stirred.notify_one();
        }
    }

    /// Where it points at this moment, asked for now.
    pub(super) async fn now(&self) -> Result<Pose, Fault> {
        let said = ask(&self.steer).await;
        let pose = said.as_ref().map(|(pose, _)| *pose).map_err(Clone::clone);
        self.shared.looks.lock().seen(said, Instant::now());
        pose
    }
}

impl Drop for Gaze {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn ask(steer: &Arc<dyn Steer>) -> Result<(Pose, Option<bool>), Fault> {
    timeout(ANSWER, steer.pose()).await.unwrap_or(Err(Fault::NoAnswer(ANSWER)))
}

async fn look(shared: Arc<Shared>, steer: Arc<dyn Steer>) {
    let mut last = Instant::now();
    loop {
        let pause = {
            let looked_at = *shared.looked_at.lock();
            let looks = shared.looks.lock();
            let pause = looks.pause(looked_at, Instant::now());
            // Who has just opened the controls wants to see something.
            if looked_at && looks.pose.is_none() && !looks.failed && !looks.is_mute {
                Some(Duration::ZERO)
            } else {
                pause
            }
        };
        match pause {
            None => shared.stirred.notified().await,
            Some(pause) => {
                let left = (last + pause).saturating_duration_since(Instant::now());
                if !left.is_zero() {
                    // What stirs it may make it look sooner.
                    tokio::select! {
                        () = sleep(left) => {}
                        () = shared.stirred.notified() => continue,
                    }
                }
                last = Instant::now();
                let said = ask(&steer).await;
                shared.looks.lock().seen(said, Instant::now());
                (shared.bell)();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(pan: f64) -> Result<(Pose, Option<bool>), Fault> {
        Ok((Pose { pan, tilt: 0.0, zoom: 1.0 }, None))
    }

    #[test]
    fn a_movement_that_is_not_ours_is_noticed() {
        let start = Instant::now();
        let later = |ms| start + Duration::from_millis(ms);
        let mut looks = Looks::default();
        looks.seen(at(10.0), start);
        looks.moved(start);
        looks.seen(at(12.0), later(300));
        assert!(!looks.is_foreign(later(300)), "we move it");
        looks.seen(at(14.0), later(2100));
        assert!(looks.is_foreign(later(2100)));
        looks.seen(at(14.0), later(2400));
        assert!(!looks.is_foreign(later(2400)));
        looks.seen(Ok((Pose { pan: 14.0, tilt: 0.0, zoom: 1.0 }, Some(true))), later(2700));
        assert!(looks.is_foreign(later(2700)), "the device says so");
    }

    #[test]
    fn it_is_looked_at_often_while_it_moves_and_seldom_or_never_otherwise() {
        let start = Instant::now();
        let mut looks = Looks::default();
        assert_eq!((looks.pause(false, start), looks.pause(true, start)), (None, Some(LOOKED_AT)));
        looks.moved(start);
        assert_eq!(looks.pause(false, start), Some(MOVING));
        assert_eq!(looks.pause(false, start + SETTLING), None);
        looks.sent(start);
        for n in 0..3 {
            assert_eq!(looks.pause(false, start + SETTLING), Some(MOVING), "{n}");
            looks.seen(at(5.0), start + SETTLING);
        }
        assert_eq!(looks.pause(false, start + SETTLING), None, "it has arrived");
        looks.seen(Err(Fault::NotOffered), start);
        looks.moved(start);
        assert_eq!(looks.pause(true, start), None, "it cannot tell");
    }
}
