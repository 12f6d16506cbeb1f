//! Carries what a [`Drive`] says to a device and back: one task a motor.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use devices::Reply;
use devices::device::{LensMotors, Steer};
use model::{Fault, Id, Velocity};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

use super::drive::{Do, Drive, Motion};
use super::unstopped::Unstopped;
use crate::source::Bell;

/// A device answers within this, or the request counts as lost. A stop is then said again.
const ANSWER: Duration = Duration::from_secs(1);
/// When nothing else is due.
const LATER: Duration = Duration::from_secs(3600);

/// What is moved.
#[derive(Clone)]
pub(super) enum Axis {
    /// Pan, tilt and zoom.
    Turning(Arc<dyn Steer>),
    /// Focus; the speed is the velocity's zoom.
    Focus(Arc<dyn LensMotors>),
    /// Iris; likewise.
    Iris(Arc<dyn LensMotors>),
}

impl Axis {
    fn go(&self, velocity: Velocity) -> Reply<'static, ()> {
        let axis = self.clone();
        Box::pin(within(async move {
            match axis {
                Self::Turning(steer) => steer.go(velocity).await,
                Self::Focus(lens) => lens.focus(velocity.zoom).await,
                Self::Iris(lens) => lens.iris(velocity.zoom).await,
            }
        }))
    }

    fn stop(&self) -> Reply<'static, ()> {
        let axis = self.clone();
        Box::pin(within(async move {
            match axis {
                Self::Turning(steer) => steer.stop().await,
                Self::Focus(lens) => lens.focus(0.0).await,
                Self::Iris(lens) => lens.iris(0.0).await,
            }
        }))
    }

    fn expires(&self) -> Option<Duration> {
        match self {
            Self::Turning(steer) => steer.expires(),
            Self::Focus(_) | Self::Iris(_) => None,
        }
    }
}

async fn within(request: impl Future<Output = Result<(), Fault>>) -> Result<(), Fault> {
    timeout(ANSWER, request).await.unwrap_or(Err(Fault::NoAnswer(ANSWER)))
}

/// A motor under a hand. Dropped, it is stopped, and its task ends when that is acknowledged.
pub(super) struct Motor(Arc<Shared>);

struct Shared {
    drive: Mutex<Drive>,
    stirred: Notify,
    is_left: AtomicBool,
    /// The camera could not be written down, so it is not moved.
    is_unwritten: AtomicBool,
    bell: Bell,
}

impl Motor {
    /// `unstopped` is where `camera` is written down while it may move; it is asked only for an axis that turns and whose
    /// movement never ends (focus and iris end at their stops).
    pub(super) fn start(
        runtime: &Handle,
        camera: &Id,
        axis: Axis,
        unstopped: &Arc<Unstopped>,
        bell: &Bell,
    ) -> Self {
        let expires = axis.expires();
        let endless = expires.is_none() && matches!(axis, Axis::Turning(_));
        let shared = Arc::new(Shared {
            drive: Mutex::new(Drive::new(expires)),
            stirred: Notify::new(),
            is_left: AtomicBool::new(false),
            is_unwritten: AtomicBool::new(false),
            bell: Arc::clone(bell),
        });
        let note = endless.then(|| Note { camera: camera.clone(), unstopped: Arc::clone(unstopped) });
        runtime.spawn(run(Arc::clone(&shared), axis, note));
        Self(shared)
    }

    /// The person wants it to move like this, now.
    pub(super) fn hold(&self, velocity: Velocity) {
        self.tell(|drive, now| drive.hold(velocity, now));
    }

    /// Nobody wants it to move any more.
    pub(super) fn let_go(&self) {
        self.tell(Drive::let_go);
    }

    /// It is to stand still, whoever moves it.
    pub(super) fn stop(&self) {
        self.tell(Drive::stop_in_any_case);
    }

    fn tell(&self, what: impl FnOnce(&mut Drive, Instant)) {
        what(&mut self.0.drive.lock(), Instant::now());
        self.0.stirred.notify_one();
    }

    pub(super) fn motion(&self) -> Motion {
        self.0.drive.lock().motion(Instant::now())
    }

    /// Something of ours may move it.
    pub(super) fn may_move(&self) -> bool {
        self.0.drive.lock().may_move()
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        self.0.drive.lock().fault().cloned()
    }

    /// It was not moved, because that could not be written down.
    pub(super) fn is_unwritten(&self) -> bool {
        self.0.is_unwritten.load(Ordering::Acquire)
    }
}

impl Drop for Motor {
    fn drop(&mut self) {
        self.0.is_left.store(true, Ordering::Release);
        self.let_go();
    }
}

/// Where a camera is written down while it may move.
#[derive(Clone)]
struct Note {
    camera: Id,
    unstopped: Arc<Unstopped>,
}

impl Note {
    async fn write(self) -> bool {
        let written = tokio::task::spawn_blocking(move || self.unstopped.add(&self.camera)).await;
        match written {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                log::warn!("not moved, because that could not be written down: {error}");
                false
            }
            Err(_) => false,
        }
    }

    async fn erase(self) {
        let _ = tokio::task::spawn_blocking(move || self.unstopped.remove(&self.camera)).await;
    }
}

type Request = Option<Pin<Box<dyn Future<Output = Result<(), Fault>> + Send>>>;

async fn answered(request: &mut Request) -> Result<(), Fault> {
    match request {
        Some(request) => request.await,
        None => pending().await,
    }
}

async fn run(shared: Arc<Shared>, axis: Axis, note: Option<Note>) {
    let (mut going, mut stopping): (Request, Request) = (None, None);
    let mut is_noted = false;
    let mut told = (Motion::Still, false);
    loop {
        let (wake, now_told, is_over) = {
            let now = Instant::now();
            let mut drive = shared.drive.lock();
            while let Some(what) = drive.next(now) {
                match what {
                    Do::Go(velocity) => {
                        let first = note.clone().filter(|_| !is_noted);
                        is_noted |= first.is_some();
                        going = Some(go(Arc::clone(&shared), axis.go(velocity), first));
                    }
                    Do::Stop => stopping = Some(axis.stop()),
                }
            }
            let is_over = shared.is_left.load(Ordering::Acquire) && !drive.may_move();
            (drive.wake(), (drive.motion(now), drive.fault().is_some()), is_over)
        };
        if now_told != told {
            told = now_told;
            (shared.bell)();
        }
        if is_over {
            return;
        }
        tokio::select! {
            biased;
            outcome = answered(&mut stopping) => {
                stopping = None;
                let may_move = {
                    let mut drive = shared.drive.lock();
                    drive.stopped(outcome, Instant::now());
                    drive.may_move()
                };
                if !may_move && let Some(note) = &note {
                    is_noted = false;
                    note.clone().erase().await;
                }
            }
            outcome = answered(&mut going) => {
                going = None;
                is_noted &= !shared.is_unwritten.load(Ordering::Acquire);
                shared.drive.lock().went(outcome, Instant::now());
            }
            () = shared.stirred.notified() => {}
            () = sleep_until(wake.unwrap_or_else(|| Instant::now() + LATER)) => {}
        }
    }
}

fn go(shared: Arc<Shared>, request: Reply<'static, ()>, note: Option<Note>) -> Reply<'static, ()> {
    Box::pin(async move {
        if let Some(note) = note {
            let is_written = note.write().await;
            shared.is_unwritten.store(!is_written, Ordering::Release);
            if !is_written {
                // Nothing was sent. A stop follows all the same, and the hand that goes on holding tries again.
                return Err(Fault::Ended("not written down".to_owned()));
            }
        }
        request.await
    })
}
