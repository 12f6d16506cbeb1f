//! Playback of recordings over RTSP: forwards and backwards, at any speed or as fast as the connection takes it.
//!
//! A [`Player`] is one session's. It walks over the pictures that [`crate::recordings`] says were recorded, from key frame
//! to key frame, and never leaves one out: a slow reader slows it down.

pub(crate) mod headers;
pub(crate) mod sound;
#[cfg(test)]
mod tests;
mod walk;

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep, sleep_until};

use crate::clip::Clip;
use crate::clip::packets::{PacketizedPicture, Stamp};
use crate::connection::{Connection, Offer};
use crate::recorder::Recorder;
use crate::recordings::{Calendar, millis, time};
use crate::rtsp::report::{self, SenderReport};
use crate::viewer::Path;
use headers::Order;
use walk::{Step, Walk};

/// Between sender reports.
const REPORTS: Duration = Duration::from_secs(5);
/// How long a connection that is full is left alone.
const FULL: Duration = Duration::from_millis(2);
/// Seconds from 1900 to 1970.
const NTP: u64 = 2_208_988_800;

/// A place in a recorder's bookkeeping of playback sessions, given back when dropped.
pub(crate) struct Seat(Rc<Cell<u32>>);

impl Seat {
    /// Takes one of `most`.
    pub(crate) fn take(taken: &Rc<Cell<u32>>, most: u32) -> Option<Self> {
        if taken.get() >= most {
            return None;
        }
        taken.set(taken.get() + 1);
        Some(Self(Rc::clone(taken)))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// What is played.
pub(crate) struct Source {
    pub(crate) camera: usize,
    pub(crate) clip: Arc<Clip>,
    pub(crate) frame_rate: u32,
    pub(crate) calendar: Calendar,
    /// The span that the address names, true time.
    pub(crate) window: std::ops::Range<i64>,
    /// With ONVIF's header extension.
    pub(crate) extended: bool,
}

/// One session's playback.
pub(crate) struct Player {
    recorder: Rc<Recorder>,
    connection: Rc<Connection>,
    path: Path,
    pub(crate) source: Source,
    pub(crate) ssrc: u32,
    base: u32,
    sequence: Cell<u16>,
    /// Where it goes on, true time.
    position: Cell<i64>,
    /// Grows with every PLAY and PAUSE, so that what ran before ends.
    turn: Cell<u64>,
    packets: Cell<u32>,
    octets: Cell<u32>,
    /// Where its sound goes, if that was set up.
    pub(crate) sound: OnceCell<sound::Track>,
}

/// Where a PLAY begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun {
    pub(crate) at: i64,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    /// The same of the sound.
    pub(crate) sound: Option<(u16, u32)>,
}

impl Player {
    pub(crate) fn new(
        recorder: Rc<Recorder>,
        connection: Rc<Connection>,
        path: Path,
        source: Source,
    ) -> Self {
        connection.keep_little_unsent();
        Self {
            recorder,
            connection,
            path,
            position: Cell::new(source.window.start),
            source,
            ssrc: rand::random(),
            base: rand::random(),
            sequence: Cell::new(rand::random()),
            turn: Cell::new(0),
            packets: Cell::new(0),
            octets: Cell::new(0),
            sound: OnceCell::new(),
        }
    }

    /// Ends what is being played; it goes on from there.
    pub(crate) fn pause(&self) {
        self.turn.set(self.turn.get() + 1);
    }

    /// Begins anew. `cseq` is the request's number. `None` if nothing is recorded there.
    pub(crate) fn play(self: &Rc<Self>, order: Order, cseq: u8) -> Option<Begun> {
        self.pause();
        let window = &self.source.window;
        let at = order.from.unwrap_or_else(|| self.position.get()).clamp(window.start, window.end);
        let now = millis(SystemTime::now());
        let until = order.until.unwrap_or(if order.scale > 0.0 { window.end } else { window.start });
        let mut walk = Walk::new(&self.source, at, until, order, now);
        let first = walk.next()?;
        self.position.set(first.moment);
        let sound = self.sound.get().map(sound::Track::begin);
        let begun = Begun { at: first.moment, sequence: self.sequence.get(), timestamp: self.base, sound };
        let run = Rc::clone(self).run(walk, first, order, cseq, self.turn.get());
        tokio::task::spawn_local(run);
        Some(begun)
    }

    async fn run(self: Rc<Self>, mut walk: Walk, first: Step, order: Order, cseq: u8, turn: u64) {
        let (start, mut next_report) = (Instant::now(), Instant::now());
        let mut step = Some(first);
        while let Some(here) = step {
            let pace = if order.paced { order.scale.abs() } else { 1.0 };
            // Media time since the beginning, ms, as the reader's clock runs.
            let since = here.elapsed as f64 / pace;
            if order.paced {
                sleep_until(start + Duration::from_secs_f64((since / 1000.0).max(0.0))).await;
            }
            step = walk.next();
            let timestamp = self.base.wrapping_add((since * 90.0) as i64 as u32);
            let report = (Instant::now() >= next_report).then(|| {
                next_report = Instant::now() + REPORTS;
                let moment = time(self.source.calendar.shown(here.moment));
                let (packets, octets) = (self.packets.get(), self.octets.get());
                SenderReport { ssrc: self.ssrc, moment, timestamp, packets, octets }.to_bytes()
            });
            let extension = self.source.extended.then(|| self.extension(&here, step.as_ref(), cseq));
            loop {
                if self.turn.get() != turn || self.connection.is_closing() {
                    return;
                }
                let picture = &self.source.clip.pictures[here.place];
                if self.offer(picture, timestamp, report.as_ref(), extension.as_ref()) == Offer::Taken {
                    break;
                }
                sleep(FULL).await;
            }
            // Sound is played as it was, or not at all.
            if let (Some(sound), true) = (self.sound.get(), order.scale == 1.0 && order.intra.is_none())
                && let Some(next) = step.as_ref().filter(|next| !next.discontinuity)
            {
                let cseq = self.source.extended.then_some(cseq);
                let during = (here.moment, next.moment);
                let packets = sound.packets(during, here.elapsed, self.source.calendar, cseq).await;
                while self.connection.offer(|out| out.extend(&packets)) != Offer::Taken {
                    if self.turn.get() != turn || self.connection.is_closing() {
                        return;
                    }
                    sleep(FULL).await;
                }
            }
            self.position.set(step.as_ref().map_or(here.moment, |next| next.moment));
            // Without pacing this would never let others run.
            tokio::task::yield_now().await;
        }
    }

    /// ONVIF Streaming §6.2: 0xABAC, three words.
    fn extension(&self, here: &Step, next: Option<&Step>, cseq: u8) -> [u8; 16] {
        let shown = self.source.calendar.shown(here.moment).max(0).unsigned_abs();
        let seconds = (shown / 1000 + NTP) as u32;
        let fraction = (((shown % 1000) << 32) / 1000) as u32;
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&[0xab, 0xac, 0, 3]);
        bytes[4..8].copy_from_slice(&seconds.to_be_bytes());
        bytes[8..12].copy_from_slice(&fraction.to_be_bytes());
        let key = self.source.clip.pictures[here.place].random_access;
        // E: the section ends here; T: nothing comes any more.
        let ends = next.is_none_or(|next| next.after_gap);
        bytes[12] = u8::from(key) << 7
            | u8::from(ends) << 6
            | u8::from(here.discontinuity) << 5
            | u8::from(next.is_none()) << 4;
        bytes[13] = cseq;
        bytes
    }

    fn offer(
        &self,
        picture: &PacketizedPicture,
        timestamp: u32,
        report: Option<&[u8; report::LENGTH]>,
        extension: Option<&[u8; 16]>,
    ) -> Offer {
        let stamp = |channel| Stamp { channel, sequence: self.sequence.get(), timestamp, ssrc: self.ssrc };
        let offer = match &self.path {
            Path::Interleaved { rtp, rtcp } => self.connection.offer(|out| {
                if let Some(report) = report {
                    out.extend([b'$', *rtcp, 0, report::LENGTH as u8]);
                    out.extend(report);
                }
                match extension {
                    Some(extension) => picture.stamp_extended(stamp(*rtp), extension, out),
                    None => picture.stamp(stamp(*rtp), out),
                }
            }),
            Path::Udp { sockets, rtp, rtcp } => {
                if let Some(report) = report {
                    drop(sockets.rtcp.try_send_to(report, *rtcp));
                }
                let mut stamped = Vec::new();
                picture.stamp(stamp(0), &mut stamped);
                for datagram in picture.datagrams(&stamped) {
                    drop(sockets.rtp.try_send_to(datagram, *rtp));
                }
                Offer::Taken
            }
        };
        if offer == Offer::Taken {
            self.sequence.set(self.sequence.get().wrapping_add(picture.packets()));
            self.packets.set(self.packets.get().wrapping_add(u32::from(picture.packets())));
            let bytes = picture.payload_len();
            self.octets.set(self.octets.get().wrapping_add(bytes as u32));
            let Recorder { world, index, .. } = &*self.recorder;
            world.shared.recorders[*index].replayed.fetch_add(bytes as u64, Relaxed);
        }
        offer
    }
}
