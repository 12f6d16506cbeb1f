//! One live stream: a camera's profile, its timeline and those who watch it.
//!
//! The timeline is fixed when the province starts: picture `n` is due at `epoch + phase + n × interval`, whoever
//! watches. A task runs only while somebody does; it wakes once a picture and hands that picture to every viewer.
//! A viewer joins wherever the timeline is, in the middle of a group as with real cameras.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use tokio::net::UdpSocket;
use tokio::time::{Instant, sleep_until};

use crate::clip::Clip;
use crate::clip::packets::{PacketizedPicture, Stamp};
use crate::connection::{Connection, Offer};
use crate::list::Profile;
use crate::rtsp::report::{self, SenderReport};
use crate::shared::Shared;

/// Ticks of every video RTP clock here, a second.
const CLOCK: u64 = 90_000;
/// Between sender reports.
const REPORT_INTERVAL: Duration = Duration::from_secs(5);
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
        Self { camera, profile, shared, clip, timeline, viewers, running }
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

    async fn run(self: Rc<Self>) {
        let mut n = self.timeline.next(Instant::now());
        loop {
            sleep_until(self.timeline.due(n)).await;
            if self.viewers.borrow().is_empty() {
                self.running.set(false);
                return;
            }
            self.send(n);
            n += 1;
            if self.timeline.due(n).elapsed() > LATE {
                n = self.timeline.next(Instant::now());
                self.await_key_frame();
            }
        }
    }

    fn await_key_frame(&self) {
        for viewer in self.viewers.borrow().iter() {
            viewer.awaits_key_frame.set(true);
        }
    }

    fn send(&self, n: u64) {
        let faults = &self.shared.cameras[self.camera];
        if faults.frozen.load(Relaxed) {
            // It comes back with a key frame, as a camera that restarts its encoder.
            return self.await_key_frame();
        }
        let length = self.clip.pictures.len() as u64;
        let place = (n + self.timeline.first) % length;
        let picture = &self.clip.pictures[place as usize];
        // Presented before it is sent, by as much as the reordering of B frames needs; 0 without them.
        let ahead = i64::from(picture.presented) - place as i64 - i64::from(self.clip.reordering);
        let ticks = self.timeline.ticks(n);
        let moment = Moment {
            presented: ticks.wrapping_add_signed(ahead * self.timeline.interval as i64) as u32,
            sent: ticks as u32,
            due: self.timeline.due(n),
            time_of_day: self.timeline.epoch.time_of_day + self.timeline.since_epoch(n),
        };
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

/// When a picture is presented and sent: by the RTP clock (without a viewer's own offset), by ours, by the day's.
#[derive(Clone, Copy)]
struct Moment {
    presented: u32,
    sent: u32,
    due: Instant,
    time_of_day: SystemTime,
}

/// The two sockets from which a recorder sends.
pub(crate) struct UdpPair {
    pub(crate) rtp: UdpSocket,
    pub(crate) rtcp: UdpSocket,
}

/// How packets reach a viewer.
pub(crate) enum Path {
    Interleaved { rtp: u8, rtcp: u8 },
    Udp { sockets: Rc<UdpPair>, rtp: SocketAddr, rtcp: SocketAddr },
}

/// One session's receiving end.
pub(crate) struct Viewer {
    connection: Rc<Connection>,
    path: Path,
    pub(crate) ssrc: u32,
    /// Where this viewer's RTP clock begins.
    timestamp_base: u32,
    sequence: Cell<u16>,
    awaits_key_frame: Cell<bool>,
    next_report: Cell<Option<Instant>>,
    packets: Cell<u32>,
    octets: Cell<u32>,
}

impl Viewer {
    pub(crate) fn new(connection: Rc<Connection>, path: Path) -> Self {
        Self {
            connection,
            path,
            ssrc: rand::random(),
            timestamp_base: rand::random(),
            sequence: Cell::new(rand::random()),
            awaits_key_frame: Cell::new(false),
            next_report: Cell::new(None),
            packets: Cell::new(0),
            octets: Cell::new(0),
        }
    }

    /// The first report comes with the first picture, so that its capture time is known at once.
    fn report(&self, moment: Moment) -> Option<[u8; report::LENGTH]> {
        if self.next_report.get().is_some_and(|next| moment.due < next) {
            return None;
        }
        self.next_report.set(Some(moment.due + REPORT_INTERVAL));
        let report = SenderReport {
            ssrc: self.ssrc,
            moment: moment.time_of_day,
            timestamp: self.timestamp_base.wrapping_add(moment.sent),
            packets: self.packets.get(),
            octets: self.octets.get(),
        };
        Some(report.to_bytes())
    }

    fn stamp(&self, channel: u8, moment: Moment) -> Stamp {
        Stamp {
            channel,
            sequence: self.sequence.get(),
            timestamp: self.timestamp_base.wrapping_add(moment.presented),
            ssrc: self.ssrc,
        }
    }

    fn send(&self, picture: &PacketizedPicture, moment: Moment, one_lost_in: u32) -> Offer {
        if self.awaits_key_frame.get() && !picture.random_access {
            return Offer::Busy;
        }
        let offer = match &self.path {
            Path::Interleaved { rtp, rtcp } => self.connection.offer(|out| {
                if let Some(report) = self.report(moment) {
                    out.extend([b'$', *rtcp, 0, report::LENGTH as u8]);
                    out.extend(report);
                }
                picture.stamp(self.stamp(*rtp, moment), out);
            }),
            Path::Udp { sockets, rtp, rtcp } => {
                if let Some(report) = self.report(moment) {
                    // Lost like any datagram if there is no room.
                    drop(sockets.rtcp.try_send_to(&report, *rtcp));
                }
                let mut stamped = Vec::new();
                picture.stamp(self.stamp(0, moment), &mut stamped);
                for (nth, datagram) in (self.packets.get()..).zip(picture.datagrams(&stamped)) {
                    if one_lost_in == 0 || nth % one_lost_in != one_lost_in - 1 {
                        drop(sockets.rtp.try_send_to(datagram, *rtp));
                    }
                }
                Offer::Taken
            }
        };
        self.awaits_key_frame.set(offer == Offer::Busy);
        if offer == Offer::Taken {
            self.sequence.set(self.sequence.get().wrapping_add(picture.packets()));
            self.packets.set(self.packets.get().wrapping_add(u32::from(picture.packets())));
            self.octets.set(self.octets.get().wrapping_add(picture.payload_len() as u32));
        }
        offer
    }

    fn cut(&self, picture: &PacketizedPicture, moment: Moment) {
        let channel = if let Path::Interleaved { rtp, .. } = self.path { rtp } else { 0 };
        match self.path {
            Path::Interleaved { .. } => {
                self.connection.cut(|out| picture.stamp(self.stamp(channel, moment), out));
            }
            Path::Udp { .. } => self.connection.close(),
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
