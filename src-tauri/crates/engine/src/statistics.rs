//! What is counted of a stream, from the socket to the wall.

use std::time::{Duration, Instant, SystemTime};

use decode::Work;
use hdrhistogram::Histogram;
use model::{Codec, Decoder, Drops, Picture, Size};

/// Latencies up to a minute are told apart, to about 1 %.
const LONGEST_MICROSECONDS: u64 = 60_000_000;

/// Counts of one stream since it was opened.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Access units that arrived.
    pub received: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Pictures that came out of the decoder.
    pub decoded: u64,
    /// Pictures that were drawn on at least one wall.
    pub shown: u64,
    /// Why the others were not.
    pub drops: Drops,
    /// How often a session was begun.
    pub sessions: u64,
    /// How the camera codes its pictures.
    pub codec: Option<Codec>,
    /// Columns and rows of the newest picture.
    pub size: Option<Size>,
    /// Who decodes it.
    pub decoder: Option<Decoder>,
    /// Why not a graphics processor, where one was asked for.
    pub decoder_note: Option<String>,
    /// From the first access unit to the first one at which a decoder could begin: the camera's share of the wait
    /// for a picture.
    pub key_frame_wait: Option<Duration>,
    /// From opening to the first picture on a wall.
    pub first_picture: Option<Duration>,
    /// From the camera's capture time (its own clock) to the wall.
    pub from_capture: Latency,
    /// From the last byte of the access unit to the decoded picture.
    pub to_decoded: Latency,
    /// From the last byte of the access unit to the wall.
    pub to_wall: Latency,
}

/// What the plan asks of an open stream, many times a minute: counts since it was opened, without the distributions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Access units that arrived.
    pub received: u64,
    /// Those of them at which a decoder may begin.
    pub key_frames: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Processor time of those that were decoded.
    pub work: Work,
    /// Units that were dropped because the decoder was late.
    pub late: u64,
    /// RTP packets that never came.
    pub lost_packets: u64,
    /// How much longer the newest unit was on its way than the fastest one.
    pub lag: Duration,
    /// How the camera codes its pictures.
    pub codec: Option<Codec>,
    /// Columns and rows of the newest picture.
    pub size: Option<Size>,
    /// Who decodes it.
    pub decoder: Option<Decoder>,
    /// It was to be decoded on a graphics processor, which would not.
    pub fell_back: bool,
}

impl Statistics {
    /// Counts a picture drawn at `now`/`today`.
    pub(crate) fn shown(&mut self, picture: &Picture, opened: Instant, now: Instant, today: SystemTime) {
        self.shown += 1;
        self.first_picture.get_or_insert_with(|| now.saturating_duration_since(opened));
        self.to_wall.record(now.saturating_duration_since(picture.received));
        // A camera whose clock is ahead of ours has no latency that could be measured.
        if let Some(latency) = picture.captured.and_then(|at| today.duration_since(at).ok()) {
            self.from_capture.record(latency);
        }
    }
}

/// A distribution of latencies.
#[derive(Clone, Default)]
pub struct Latency(Option<Box<Histogram<u32>>>);

impl Latency {
    fn record(&mut self, latency: Duration) {
        let histogram = self.0.get_or_insert_with(|| {
            Box::new(
                Histogram::new_with_bounds(1, LONGEST_MICROSECONDS, 2).expect("the bounds are constants"),
            )
        });
        let microseconds =
            u64::try_from(latency.as_micros()).unwrap_or(u64::MAX).clamp(1, LONGEST_MICROSECONDS);
        histogram.saturating_record(microseconds);
    }

    pub(crate) fn decoded(&mut self, picture: &Picture) {
        self.record(picture.decoded.saturating_duration_since(picture.received));
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Some(mine), Some(theirs)) => mine.add(&**theirs).expect("all have the same bounds"),
            (None, Some(_)) => *self = other.clone(),
            (_, None) => {}
        }
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.as_ref().map_or(0, |histogram| histogram.len())
    }

    /// The latency that `share` (0.0–1.0) of all did not exceed; `None` if nothing was counted.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let histogram = self.0.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(Duration::from_micros(histogram.value_at_quantile(share)))
    }

    /// The longest one.
    #[must_use]
    pub fn max(&self) -> Option<Duration> {
        self.quantile(1.0)
    }
}

impl std::fmt::Debug for Latency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}× p50 {:?} p95 {:?}", self.count(), self.quantile(0.5), self.quantile(0.95))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_within_two_percent_and_merge() {
        let (mut one, mut two) = (Latency::default(), Latency::default());
        assert_eq!(one.quantile(0.5), None);
        for ms in 1..=50 {
            one.record(Duration::from_millis(ms));
            two.record(Duration::from_millis(ms + 50));
        }
        one.merge(&two);
        assert_eq!(one.count(), 100);
        let p95 = one.quantile(0.95).unwrap().as_micros();
        assert!((93_000..=97_500).contains(&p95), "{p95}");
    }

    #[test]
    fn absurd_latencies_are_kept_within_bounds() {
        let mut latency = Latency::default();
        latency.record(Duration::ZERO);
        latency.record(Duration::from_secs(86_400));
        assert_eq!(latency.count(), 2);
        assert!(latency.max().unwrap() <= Duration::from_secs(61));
    }
}
