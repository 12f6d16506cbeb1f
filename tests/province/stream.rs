//! One live stream: a camera's profile, its timeline and those who watch it.
//!
//! The timeline is fixed when the province starts: picture `n` is due at `epoch + phase + n × interval`, whoever
//! watches. A task runs only while somebody does; it wakes once a picture and hands that picture to every viewer.
//! A viewer joins wherever the timeline is, in the middle of a group as with real cameras.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep_until};

use crate::clip::packets::PacketizedPicture;
use crate::clip::{Clip, ClipId};
use crate::connection::Offer;
use crate::list::{Profile, list};
use crate::live::{Live, Spares};
use crate::panorama::Panoramas;
use crate::scene::Scene;
use crate::shared::Shared;
use crate::viewer::{Moment, Viewer};

/// Ticks of every video RTP clock here, a second.
const CLOCK: u64 = 90_000;
/// A timeline that is later than this (the machine slept) goes on from now.
const LATE: Duration = Duration::from_secs(2);

/// The moment from which all timelines count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epoch {
    pub(crate) instant: Instant,
    pub(crate) time_of_day: SystemTime,
}

impl Epoch {
    pub(crate) fn now() -> Self {
        Self { instant: Instant::now(), time_of_day: SystemTime::now() }
    }
}

/// When which picture is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeline {
    epoch: Epoch,
    /// Ticks from the epoch to picture 0.
    phase: u64,
    /// Ticks from picture to picture.
    interval: u64,
    /// Place in the clip of picture 0.
    first: u64,
}

impl Timeline {
    /// Phases and places are spread over the cameras by the golden ratio, so that they never fall together.
    fn new(epoch: Epoch, camera: usize, frame_rate: u32) -> Self {
        let interval = CLOCK / u64::from(frame_rate);
        let spread = (camera as f64 * 0.618_033_988_75).fract();
        Self { epoch, phase: (spread * interval as f64) as u64, interval, first: camera as u64 * 37 }
    }

    /// Ticks from the epoch to picture `n`.
    fn ticks(&self, n: u64) -> u64 {
        self.phase + n * self.interval
    }

    fn since_epoch(&self, n: u64) -> Duration {
        let ticks = self.ticks(n);
        Duration::from_secs(ticks / CLOCK) + Duration::from_nanos(ticks % CLOCK * 1_000_000_000 / CLOCK)
    }

    fn due(&self, n: u64) -> Instant {
        self.epoch.instant + self.since_epoch(n)
    }

    /// The first picture due after `moment`.
    fn next(&self, moment: Instant) -> u64 {
        let since = moment.saturating_duration_since(self.epoch.instant);
        let ticks = since.as_secs() * CLOCK + u64::from(since.subsec_nanos()) * CLOCK / 1_000_000_000;
        // One too early at first: ticks are coarser than instants.
        let mut n = (ticks.saturating_sub(self.phase) / self.interval).saturating_sub(1);
        while self.due(n) <= moment {
            n += 1;
        }
        n
    }
}

/// One profile of one camera.
pub(crate) struct Stream {
    camera: usize,
    profile: Profile,
    shared: Arc<Shared>,
    clip: Arc<Clip>,
    timeline: Timeline,
    viewers: RefCell<Vec<Rc<Viewer>>>,
    running: Cell<bool>,
    /// Pictures of the loop that were left out for an early key frame.
    skipped: Cell<u64>,
    /// Of a camera that can be moved.
    eye: Option<Eye>,
}

/// What a camera needs to look elsewhere.
struct Eye {
    scene: Scene,
    panoramas: Arc<Panoramas>,
    spares: Arc<Spares>,
}

impl Stream {
    pub(crate) fn new(
        camera: usize,
        profile: Profile,
        frame_rate: u32,
        clip: Arc<Clip>,
        shared: Arc<Shared>,
        epoch: Epoch,
    ) -> Self {
        let timeline = Timeline::new(epoch, camera, frame_rate);
        let (viewers, running) = (RefCell::default(), Cell::new(false));
        let skipped = Cell::new(0);
        Self { camera, profile, shared, clip, timeline, viewers, running, skipped, eye: None }
    }

    /// Sequence number and RTP timestamp of what `viewer` gets first if it starts now.
    pub(crate) fn begin(&self, viewer: &Viewer) -> (u16, u32) {
        let next = self.timeline.next(Instant::now());
        (viewer.sequence.get(), viewer.timestamp_base.wrapping_add(self.timeline.ticks(next) as u32))
    }

    /// From now on `viewer` gets every picture, until [`Self::remove`].
    pub(crate) fn add(self: &Rc<Self>, viewer: Rc<Viewer>) {
        self.viewers.borrow_mut().push(viewer);
        self.shared.stream(self.camera, self.profile).viewers.fetch_add(1, Relaxed);
        if !self.running.replace(true) {
            tokio::task::spawn_local(Rc::clone(self).run());
        }
    }

    pub(crate) fn remove(&self, viewer: &Rc<Viewer>) {
        let mut viewers = self.viewers.borrow_mut();
        if let Some(place) = viewers.iter().position(|other| Rc::ptr_eq(other, viewer)) {
            viewers.swap_remove(place);
            self.shared.stream(self.camera, self.profile).viewers.fetch_sub(1, Relaxed);
        }
    }

    /// Also has a picture of its own to send when it has turned away.
    pub(crate) fn that_moves(mut self, scene: Scene, panoramas: Arc<Panoramas>, spares: Arc<Spares>) -> Self {
        self.eye = Some(Eye { scene, panoramas, spares });
        self
    }

    async fn run(self: Rc<Self>) {
        let mut n = self.timeline.next(Instant::now());
        let mut live: Option<Live> = None;
        let id = ClipId::of(&list().cameras[self.camera], self.profile);
        if let Some(eye) = &self.eye {
            eye.spares.order(id);
        }
        loop {
            self.until(n, &mut live).await;
            if self.viewers.borrow().is_empty() {
                self.running.set(false);
                return;
            }
            if !self.look(n, id, &mut live).await {
                self.send(n);
            }
            n += 1;
            if self.timeline.due(n).elapsed() > LATE {
                n = self.timeline.next(Instant::now());
                self.await_key_frame();
            }
        }
    }

    /// Waits until picture `n` is due, and meanwhile sends live pictures as they become ready.
    async fn until(&self, n: u64, live: &mut Option<Live>) {
        let due = self.timeline.due(n);
        while let Some(running) = live {
            tokio::select! {
                biased;
                picture = running.next() => match picture {
                    Some((n, picture)) => self.deliver(&picture, self.moment(n, 0)),
                    None => {
                        // The clip goes on from its next key frame.
                        *live = None;
                        self.await_key_frame();
                    }
                },
                () = sleep_until(due) => return,
            }
        }
        sleep_until(due).await;
    }

    /// Takes picture `n` live if the camera is away from where it was put up; whether that is so. Once it is back, the clip
    /// takes over where it has a key frame.
    async fn look(&self, n: u64, id: ClipId, live: &mut Option<Live>) -> bool {
        let Some(eye) = &self.eye else { return false };
        let state = &self.shared.cameras[self.camera];
        let now = std::time::Instant::now();
        let Some((pose, is_away)) = state.motor().map(|mut motor| (motor.pose(now), motor.is_away(now)))
        else {
            return false;
        };
        let wants_key = state.wants_key[self.profile as usize].load(Relaxed);
        if let Some(running) = live.take() {
            let back = !is_away && self.clip.pictures[self.place(n)].random_access;
            if !back && !wants_key {
                *live = Some(running);
            } else {
                for (n, picture) in running.rest().await {
                    self.deliver(&picture, self.moment(n, 0));
                }
            }
        }
        if !is_away && live.is_none() {
            return false;
        }
        let begins = live.is_none();
        if begins {
            let Some(panorama) = eye.panoramas.get(eye.scene) else { return false };
            state.wants_key[self.profile as usize].store(false, Relaxed);
            // Without a thread for it the clip is shown.
            *live = Live::start(id, panorama, &eye.spares).ok();
        }
        let Some(running) = live else { return false };
        // Not more than twelve a second, and no more than the encoder keeps up with.
        let every = u64::from(id.coding.frame_rate(id.profile)).div_ceil(12);
        if begins || n.is_multiple_of(every) && running.pending < 2 {
            let number = self.place(n) as u16;
            if running.order(n, pose, number) {
                state.note_view(pose, number);
            }
        }
        true
    }

    /// Where in the clip picture `n` is.
    fn place(&self, n: u64) -> usize {
        ((n + self.timeline.first + self.skipped.get()) % self.clip.pictures.len() as u64) as usize
    }

    /// `ahead`: how many pictures before its turn of presentation it is sent, negative.
    fn moment(&self, n: u64, ahead: i64) -> Moment {
        let ticks = self.timeline.ticks(n);
        Moment {
            presented: ticks.wrapping_add_signed(ahead * self.timeline.interval as i64) as u32,
            sent: ticks as u32,
            due: self.timeline.due(n),
            time_of_day: self.timeline.epoch.time_of_day + self.timeline.since_epoch(n),
        }
    }

    fn await_key_frame(&self) {
        for viewer in self.viewers.borrow().iter() {
            viewer.awaits_key_frame.set(true);
        }
    }

    /// Sends the clip's picture `n`.
    fn send(&self, n: u64) {
        if self.shared.cameras[self.camera].wants_key[self.profile as usize].swap(false, Relaxed) {
            // A loop cannot make a key frame, but it can go on from its next one.
            let ahead = (0..self.clip.pictures.len() as u64)
                .find(|ahead| self.clip.pictures[self.place(n + ahead)].random_access);
            self.skipped.set(self.skipped.get() + ahead.unwrap_or(0));
        }
        let place = self.place(n);
        let picture = &self.clip.pictures[place];
        // Presented before it is sent, by as much as the reordering of B frames needs; 0 without them.
        let ahead = i64::from(picture.presented) - place as i64 - i64::from(self.clip.reordering);
        self.deliver(picture, self.moment(n, ahead));
    }

    fn deliver(&self, picture: &PacketizedPicture, moment: Moment) {
        let faults = &self.shared.cameras[self.camera];
        if faults.frozen.load(Relaxed) {
            // It comes back with a key frame, as a camera that restarts its encoder.
            return self.await_key_frame();
        }
        let cut = faults.cut[self.profile as usize].swap(false, Relaxed);
        let loss = faults.udp_loss.load(Relaxed);
        let counts = self.shared.stream(self.camera, self.profile);
        for viewer in self.viewers.borrow().iter() {
            if cut {
                viewer.cut(picture, moment);
                continue;
            }
            match viewer.send(picture, moment, loss) {
                Offer::Taken => counts.pictures.fetch_add(1, Relaxed),
                Offer::Busy => counts.dropped.fetch_add(1, Relaxed),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timelines_are_regular_and_spread() {
        let epoch = Epoch::now();
        let timelines: Vec<_> = (0..64).map(|camera| Timeline::new(epoch, camera, 12)).collect();
        for timeline in &timelines {
            for n in [0, 1, 119, 10_000_000] {
                assert_eq!(timeline.next(timeline.due(n)), n + 1, "due pictures are past");
                assert_eq!(timeline.next(timeline.due(n) - Duration::from_micros(20)), n);
            }
            assert_eq!(timeline.due(12) - timeline.due(0), Duration::from_secs(1));
        }
        let mut phases: Vec<u64> = timelines.iter().map(|timeline| timeline.phase).collect();
        phases.sort_unstable();
        assert!(phases.windows(2).all(|pair| pair[1] - pair[0] > 7500 / 64 / 3), "{phases:?}");
    }
}
