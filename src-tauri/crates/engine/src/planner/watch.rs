//! One stream as it is measured: what it sends, how often its pictures come, and what decoding them takes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use decode::Work;

use crate::statistics::Sample;

/// The mean goes over so long: several groups of pictures, so that key frames weigh what they do in the long run.
const WINDOW: Duration = Duration::from_secs(20);
/// Nothing is said before so long: one key frame in a second of pictures is not the rule.
const LEAST: Duration = Duration::from_secs(8);
/// Between two entries.
const STEP: Duration = Duration::from_secs(1);
/// What a stream once sent fades by two thirds in so long: a calm scene must not fill a line with streams that all grow
/// together when it rains.
const CALM: Duration = Duration::from_secs(60);
/// A stream that has been closed for so long is expected to send what is declared again.
pub(super) const KEPT: Duration = Duration::from_secs(600);
/// Open streams are looked at more often than this.
const A_MOMENT: Duration = Duration::from_millis(1500);
/// Later than the fastest by this: the line does not keep up. Reordering and Wi-Fi stay far below.
const LAGGING: Duration = Duration::from_millis(700);

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    slot: u64,
    entries: VecDeque<(Instant, Sample)>,
    newest: Sample,
    seen: Instant,
    /// Mb/s to plan with.
    planned: Option<f64>,
}

/// What came since the last look.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Since {
    pub(super) bytes: u64,
    pub(super) received: u64,
    pub(super) late: u64,
    /// Packets were lost, or come later and later.
    pub(super) strained: bool,
    pub(super) work: Work,
}

/// Means over the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Means {
    pub(super) mbps: f64,
    pub(super) pictures_per_second: f64,
    pub(super) key_frames_per_second: f64,
}

impl Watch {
    pub(super) fn new(slot: u64, sample: Sample, now: Instant) -> Self {
        Self { slot, entries: VecDeque::from([(now, sample)]), newest: sample, seen: now, planned: None }
    }

    /// The counts at `now`. `slot` tells one opening of the stream from the next, whose counts begin at zero.
    pub(super) fn look(&mut self, slot: u64, sample: Sample, now: Instant) -> Since {
        if self.slot != slot {
            let planned = self.planned;
            *self = Self { planned, ..Self::new(slot, sample, now) };
            return Since { strained: false, ..since(&Sample::default(), &sample) };
        }
        let since = since(&self.newest, &sample);
        let elapsed = now.saturating_duration_since(self.seen);
        (self.newest, self.seen) = (sample, now);
        if self.entries.back().is_none_or(|(at, _)| now.saturating_duration_since(*at) >= STEP) {
            self.entries.push_back((now, sample));
        }
        while self.entries.get(1).is_some_and(|(at, _)| now.saturating_duration_since(*at) >= WINDOW) {
            self.entries.pop_front();
        }
        if let Some(means) = self.means().filter(|means| means.mbps > 0.0) {
            let fading = (elapsed.as_secs_f64() / CALM.as_secs_f64()).min(1.0);
            let before = self.planned.unwrap_or(means.mbps);
            self.planned = Some(means.mbps.max(before - (before - means.mbps) * fading));
        }
        since
    }

    /// What to plan with: the mean at least, and what it was a moment ago if that was more. `None`: not known yet, or
    /// no more.
    pub(super) fn planned(&self, now: Instant) -> Option<f64> {
        self.planned.filter(|_| now.saturating_duration_since(self.seen) < KEPT)
    }

    /// `None` until the stream has been open for a while.
    pub(super) fn means(&self) -> Option<Means> {
        let (begun, first) = self.entries.front()?;
        let elapsed = self.seen.saturating_duration_since(*begun);
        if elapsed < LEAST {
            return None;
        }
        let seconds = elapsed.as_secs_f64();
        let a_second =
            |count: fn(&Sample) -> u64| (count(&self.newest).saturating_sub(count(first))) as f64 / seconds;
        Some(Means {
            mbps: a_second(|sample| sample.bytes) * 8.0 / 1e6,
            pictures_per_second: a_second(|sample| sample.received),
            key_frames_per_second: a_second(|sample| sample.key_frames),
        })
    }

    /// The counts at the last look.
    pub(super) fn newest(&self) -> &Sample {
        &self.newest
    }

    /// Whether the stream is open: it was looked at a moment ago.
    pub(super) fn is_open(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.seen) < A_MOMENT
    }
}

fn since(before: &Sample, now: &Sample) -> Since {
    let work = Work {
        key_frames: now.work.key_frames.saturating_sub(before.work.key_frames),
        key_frame_time: now.work.key_frame_time.saturating_sub(before.work.key_frame_time),
        others: now.work.others.saturating_sub(before.work.others),
        other_time: now.work.other_time.saturating_sub(before.work.other_time),
    };
    Since {
        bytes: now.bytes.saturating_sub(before.bytes),
        received: now.received.saturating_sub(before.received),
        late: now.late.saturating_sub(before.late),
        strained: now.lost_packets > before.lost_packets || now.lag >= LAGGING,
        work,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of `mbps` with 10 pictures a second, looked at twice a second from `from` to `to` seconds.
    fn run(watch: &mut Watch, start: Instant, sample: &mut Sample, from: u64, to: u64, mbps: f64) {
        for half in from * 2 + 1..=to * 2 {
            sample.bytes += (mbps * 1e6 / 16.0) as u64;
            sample.received += 5;
            sample.key_frames += u64::from(half % 4 == 0);
            watch.look(1, *sample, start + Duration::from_millis(500 * half));
        }
    }

    #[test]
    fn a_mean_needs_a_few_seconds_and_then_follows_at_once_upwards_and_slowly_downwards() {
        let (start, mut sample) = (Instant::now(), Sample::default());
        let mut watch = Watch::new(1, sample, start);
        run(&mut watch, start, &mut sample, 0, 7, 2.0);
        assert_eq!(watch.planned(start), None);
        run(&mut watch, start, &mut sample, 7, 30, 2.0);
        let means = watch.means().unwrap();
        assert!((means.mbps - 2.0).abs() < 0.01 && (means.pictures_per_second - 10.0).abs() < 0.01);
        assert!((means.key_frames_per_second - 0.5).abs() < 0.05, "{means:?}");
        run(&mut watch, start, &mut sample, 30, 52, 4.0);
        assert!((watch.planned(start).unwrap() - 4.0).abs() < 0.01);
        run(&mut watch, start, &mut sample, 52, 74, 1.0);
        let calm = watch.planned(start).unwrap();
        assert!((2.0..4.0).contains(&calm) && watch.means().unwrap().mbps < 1.1, "{calm}");
        run(&mut watch, start, &mut sample, 74, 500, 1.0);
        assert!((watch.planned(start).unwrap() - 1.0).abs() < 0.05);
    }

    #[test]
    fn a_stream_that_is_opened_anew_is_remembered_for_a_while() {
        let (start, mut sample) = (Instant::now(), Sample::default());
        let mut watch = Watch::new(1, sample, start);
        run(&mut watch, start, &mut sample, 0, 30, 2.0);
        let reopened = start + Duration::from_secs(100);
        watch.look(2, Sample { bytes: 10, ..Sample::default() }, reopened);
        assert!(watch.planned(reopened).is_some() && watch.means().is_none());
        assert_eq!(watch.planned(reopened + KEPT), None);
    }

    #[test]
    fn strain_shows_by_lost_packets_and_by_lag() {
        let calm = Sample::default();
        let lost = Sample { lost_packets: 1, ..calm };
        assert!(since(&calm, &lost).strained && !since(&lost, &lost).strained);
        let lagging = Sample { lag: Duration::from_secs(1), ..calm };
        assert!(since(&lagging, &lagging).strained);
    }
}
