//! Where one stream's newest picture and state hang, between the decoder and the walls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use decode::{Event, Work};
use model::{AccessUnit, Decoder, Drops, Fault, Picture, SoundPacket, StreamState, stream};
use parking_lot::Mutex;

use crate::lag::Lag;
use crate::sound::Ear;
use crate::source::Bell;
use crate::statistics::{Sample, Statistics};

/// What a wall sees of a stream.
#[derive(Clone, Debug)]
pub struct Glance {
    /// How it stands.
    pub state: StreamState,
    /// The newest picture, if it is newer than the one the wall has.
    pub newer: Option<Picture>,
    /// When the newest picture was decoded (monotonic).
    pub last_picture: Option<Instant>,
    /// The picture is old: no newer one within the stall deadline.
    pub stalled: bool,
    /// Who decodes it.
    pub decoder: Option<Decoder>,
}

/// The newest-wins mailbox of one stream, with its state and counts.
pub(crate) struct Board {
    bell: Bell,
    /// Bytes of all streams of the program.
    meter: Arc<AtomicU64>,
    opened: Instant,
    /// Of a recording, which may stand still: its pictures do not grow old.
    recorded: bool,
    /// Where its sound goes, if it was opened with it.
    ear: Option<Arc<Ear>>,
    inner: Mutex<Inner>,
}

struct Inner {
    state: StreamState,
    picture: Option<Picture>,
    shown_sequence: Option<u64>,
    interval: Option<Duration>,
    first_unit: Option<Instant>,
    key_frames: u64,
    work: Work,
    lag: Lag,
    statistics: Statistics,
}

impl Board {
    pub(crate) fn new(bell: Bell, meter: Arc<AtomicU64>, now: Instant, ear: Option<Arc<Ear>>) -> Self {
        let inner = Inner {
            state: StreamState::Waiting,
            picture: None,
            shown_sequence: None,
            interval: None,
            first_unit: None,
            key_frames: 0,
            work: Work::default(),
            lag: Lag::default(),
            statistics: Statistics::default(),
        };
        Self { bell, meter, opened: now, recorded: false, ear, inner: Mutex::new(inner) }
    }

    /// The same for a recording.
    pub(crate) fn of_recording(bell: Bell, meter: Arc<AtomicU64>, now: Instant) -> Self {
        Self { recorded: true, ..Self::new(bell, meter, now, None) }
    }

    pub(crate) fn set_state(&self, state: StreamState) {
        let changed = {
            let mut inner = self.inner.lock();
            let changed = inner.state != state;
            inner.state = state;
            changed
        };
        if changed {
            (self.bell)();
        }
    }

    /// A session is being begun.
    pub(crate) fn begin_session(&self) {
        let mut inner = self.inner.lock();
        inner.statistics.sessions += 1;
        inner.lag.reset();
    }

    /// Why there is no picture, and when it is tried again.
    pub(crate) fn fail(&self, fault: Fault, retry_at: Option<Instant>) {
        self.set_state(StreamState::Failed { fault, retry_at });
    }

    pub(crate) fn received(&self, unit: &AccessUnit) {
        self.meter.fetch_add(unit.data.len() as u64, Ordering::Relaxed);
        let mut inner = self.inner.lock();
        let first = *inner.first_unit.get_or_insert(unit.received);
        inner.key_frames += u64::from(unit.random_access);
        inner.lag.arrived(unit.timestamp, unit.received);
        let statistics = &mut inner.statistics;
        if unit.random_access {
            statistics.key_frame_wait.get_or_insert_with(|| unit.received.saturating_duration_since(first));
        }
        statistics.received += 1;
        statistics.bytes += unit.data.len() as u64;
        statistics.codec = Some(unit.codec);
    }

    /// A piece of sound has come.
    pub(crate) fn heard(&self, packet: &SoundPacket) {
        let bytes = packet.data.len() as u64;
        self.meter.fetch_add(bytes, Ordering::Relaxed);
        self.inner.lock().statistics.bytes += bytes;
        if let Some(ear) = &self.ear {
            ear.hear(packet);
        }
    }

    pub(crate) fn ear(&self) -> Option<&Arc<Ear>> {
        self.ear.as_ref()
    }

    /// The newest wins; a picture that no wall has drawn yet is counted as superseded.
    pub(crate) fn put(&self, picture: Picture) {
        if let (Some(ear), Some(captured)) = (&self.ear, picture.captured) {
            ear.saw(captured, picture.decoded);
        }
        {
            let mut inner = self.inner.lock();
            inner.statistics.decoded += 1;
            inner.statistics.size = Some(picture.size);
            inner.statistics.to_decoded.decoded(&picture);
            if let Some(before) = &inner.picture {
                let unseen = inner.shown_sequence.is_none_or(|shown| shown < before.sequence);
                let interval = picture.decoded.saturating_duration_since(before.decoded);
                inner.statistics.drops.superseded += u64::from(unseen);
                inner.interval = Some(inner.interval.map_or(interval, |known| (known * 7 + interval) / 8));
            }
            inner.state = StreamState::Live;
            inner.picture = Some(picture);
        }
        (self.bell)();
    }

    pub(crate) fn worked(&self, work: Work) {
        self.inner.lock().work = work;
    }

    pub(crate) fn decoder_event(&self, event: Event) {
        let mut inner = self.inner.lock();
        match event {
            Event::Decoder { decoder, note } => {
                inner.statistics.decoder = Some(decoder);
                inner.statistics.decoder_note = note;
            }
            // All but what the walls skip, which is counted here.
            Event::Dropped(counts) => {
                let superseded = inner.statistics.drops.superseded;
                inner.statistics.drops = Drops { superseded, ..counts };
            }
            Event::Undecodable(fault) => {
                log::warn!("{fault}");
                inner.state = StreamState::Failed { fault, retry_at: None };
                drop(inner);
                (self.bell)();
            }
        }
    }

    /// What a wall that shows picture `known` should know at `now`.
    pub(crate) fn glance(&self, known: Option<u64>, now: Instant) -> Glance {
        let inner = self.inner.lock();
        let last_picture = inner.picture.as_ref().map(|picture| picture.decoded);
        let patience = stream::stall_deadline(inner.interval);
        Glance {
            state: inner.state.clone(),
            newer: inner
                .picture
                .as_ref()
                .filter(|picture| known.is_none_or(|seq| seq < picture.sequence))
                .cloned(),
            last_picture,
            stalled: !self.recorded
                && last_picture.is_some_and(|at| now.saturating_duration_since(at) >= patience),
            decoder: inner.statistics.decoder,
        }
    }

    /// A wall has drawn `picture`; only the first wall to do so counts.
    pub(crate) fn shown(&self, picture: &Picture, now: Instant, today: SystemTime) {
        let mut inner = self.inner.lock();
        if inner.shown_sequence.is_none_or(|shown| shown < picture.sequence) {
            inner.shown_sequence = Some(picture.sequence);
            inner.statistics.shown(picture, self.opened, now, today);
        }
    }

    pub(crate) fn key_frame_wait_since(&self, asked: Instant) -> Duration {
        let wait = self.inner.lock().statistics.key_frame_wait;
        wait.filter(|_| self.opened >= asked).unwrap_or_default()
    }

    pub(crate) fn decoder(&self) -> Option<Decoder> {
        self.inner.lock().statistics.decoder
    }

    pub(crate) fn sample(&self) -> Sample {
        let inner = self.inner.lock();
        let statistics = &inner.statistics;
        Sample {
            received: statistics.received,
            key_frames: inner.key_frames,
            bytes: statistics.bytes,
            work: inner.work,
            late: statistics.drops.late,
            lost_packets: statistics.drops.lost_packets,
            lag: inner.lag.now(),
            codec: statistics.codec,
            size: statistics.size,
            decoder: statistics.decoder,
            fell_back: statistics.decoder_note.is_some(),
        }
    }

    pub(crate) fn statistics(&self) -> Statistics {
        self.inner.lock().statistics.clone()
    }
}
