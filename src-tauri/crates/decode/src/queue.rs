//! What waits for one stream's turn: bounded by how late it is, by bytes and by number.
//!
//! Lateness is measured between *arrivals*, not timestamps: a recorder that opens a session with its whole group of
//! pictures at once, or a link that stalls and then delivers, makes a burst that a decoder works off within
//! milliseconds. Only a decoder that is truly behind lets the oldest unit wait while newer ones keep arriving.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use model::AccessUnit;

/// All access units of one stream that wait, in bytes.
const MAX_BYTES: usize = 32 << 20;
/// All access units of one stream that wait: over half a minute at 25 pictures a second.
const MAX_UNITS: usize = 1024;

/// One unit and what the queue knows about it.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) unit: AccessUnit,
    /// Units directly before it were dropped: the decoder must begin anew.
    pub(crate) after_gap: bool,
    /// It was larger than [`AccessUnit::MAX_BYTES`], this many bytes, and has been emptied.
    pub(crate) oversized: Option<usize>,
}

/// What a worker takes out in one go.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// A new session has begun since the last time: its number.
    pub(crate) reset: Option<u64>,
    /// Units dropped since the stream was opened because they were late.
    pub(crate) late: u64,
    /// RTP packets lost since the stream was opened.
    pub(crate) lost_packets: u64,
    /// The oldest unit.
    pub(crate) next: Option<Waiting>,
}

/// The waiting units of one stream.
#[derive(Debug)]
pub(crate) struct Queue {
    max_lateness: Duration,
    waiting: VecDeque<Waiting>,
    bytes: usize,
    late: u64,
    lost_packets: u64,
    /// Everything is dropped until a decoder may begin again.
    resync: bool,
    /// How often it was reset, and whether the worker has yet to hear of the last time.
    resets: u64,
    reset: bool,
}

impl Queue {
    pub(crate) fn new(max_lateness: Duration) -> Self {
        Self {
            max_lateness,
            waiting: VecDeque::new(),
            bytes: 0,
            late: 0,
            lost_packets: 0,
            resync: false,
            resets: 0,
            reset: false,
        }
    }

    pub(crate) fn push(&mut self, mut unit: AccessUnit) {
        self.lost_packets += u64::from(unit.lost_packets);
        if self.resync && !unit.random_access {
            self.late += 1;
            return;
        }
        let oversized = (unit.data.len() > AccessUnit::MAX_BYTES).then_some(unit.data.len());
        if oversized.is_some() {
            unit.data = Bytes::new();
        }
        self.bytes += unit.data.len();
        let after_gap = std::mem::take(&mut self.resync);
        self.waiting.push_back(Waiting { unit, after_gap, oversized });
        if self.is_late(0) || self.is_full() {
            self.shed();
        }
    }

    pub(crate) fn take(&mut self) -> Taken {
        let next = self.waiting.pop_front();
        if let Some(next) = &next {
            self.bytes -= next.unit.data.len();
        }
        let reset = std::mem::take(&mut self.reset).then_some(self.resets);
        Taken { reset, late: self.late, lost_packets: self.lost_packets, next }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && !self.reset
    }

    /// A new session: what waits belongs to the old one. Gives its number.
    pub(crate) fn reset(&mut self) -> u64 {
        self.clear();
        self.resync = false;
        self.reset = true;
        self.resets += 1;
        self.resets
    }

    pub(crate) fn clear(&mut self) {
        self.waiting = VecDeque::new();
        self.bytes = 0;
    }

    fn is_full(&self) -> bool {
        self.bytes > MAX_BYTES || self.waiting.len() > MAX_UNITS
    }

    /// Whether unit `index` has waited too long when the newest arrived.
    fn is_late(&self, index: usize) -> bool {
        match (self.waiting.get(index), self.waiting.back()) {
            (Some(old), Some(new)) => {
                new.unit.received.saturating_duration_since(old.unit.received) > self.max_lateness
            }
            _ => false,
        }
    }

    /// Drops up to a random access point: the oldest that is in time, else the newest. Of a group that is late
    /// itself only the key frame is kept, so that an overloaded wall still shows a picture a group.
    fn shed(&mut self) {
        let may_begin = |index: &usize| self.waiting[*index].unit.random_access;
        let mut backwards = (0..self.waiting.len()).rev();
        let target = if self.is_full() {
            backwards.find(may_begin)
        } else {
            let in_time = (1..self.waiting.len()).filter(may_begin).find(|&index| !self.is_late(index));
            in_time.or_else(|| backwards.find(may_begin))
        };
        let keep = target.map_or(self.waiting.len(), |index| index);
        self.drop_range(0, keep);
        if let (Some(first), 1..) = (self.waiting.front_mut(), keep) {
            first.after_gap = true;
        }
        if self.waiting.is_empty() {
            self.resync = true;
        } else if self.waiting.len() > 1 && (self.is_late(0) || self.is_full()) {
            self.drop_range(1, self.waiting.len());
            self.resync = true;
        }
    }

    fn drop_range(&mut self, from: usize, to: usize) {
        for dropped in self.waiting.drain(from..to) {
            self.bytes -= dropped.unit.data.len();
            self.late += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use model::Codec;

    use super::*;

    struct Feed {
        queue: Queue,
        start: Instant,
    }

    impl Feed {
        fn new() -> Self {
            Self { queue: Queue::new(Duration::from_millis(400)), start: Instant::now() }
        }

        /// Unit that arrives `at` ms; its timestamp carries `at` too, so that tests can tell units apart.
        fn push(&mut self, at: u64, random_access: bool, bytes: usize) {
            self.queue.push(AccessUnit {
                codec: Codec::H265,
                data: Bytes::from(vec![0; bytes]),
                parameters: Arc::from([]),
                random_access,
                timestamp: at.cast_signed(),
                lost_packets: 0,
                received: self.start + Duration::from_millis(at),
                captured: None,
            });
        }

        fn take(&mut self) -> Vec<(i64, bool)> {
            std::iter::from_fn(|| self.queue.take().next)
                .map(|waiting| (waiting.unit.timestamp, waiting.after_gap))
                .collect()
        }
    }

    #[test]
    fn in_time_nothing_is_lost() {
        let mut feed = Feed::new();
        for at in (0..=400).step_by(100) {
            feed.push(at, at == 0, 10);
        }
        assert_eq!(feed.take(), [(0, false), (100, false), (200, false), (300, false), (400, false)]);
        assert_eq!(feed.queue.take().late, 0);
    }

    #[test]
    fn late_units_go_up_to_the_oldest_key_frame_in_time() {
        let mut feed = Feed::new();
        for at in (0..=500).step_by(100) {
            feed.push(at, at % 200 == 0, 10);
        }
        assert_eq!(feed.take(), [(200, true), (300, false), (400, false), (500, false)]);
        assert_eq!(feed.queue.take().late, 2);
    }

    #[test]
    fn without_another_key_frame_the_next_one_is_awaited() {
        let mut feed = Feed::new();
        for at in (0..=1000).step_by(100) {
            feed.push(at, at == 0 || at == 900, 10);
        }
        // The late key frame had kept its place until a newer one came.
        assert_eq!(feed.take(), [(900, true), (1000, false)]);
        assert_eq!(feed.queue.take().late, 9);
        feed.push(1100, false, 10);
        assert_eq!(feed.take(), [(1100, false)], "the group goes on");
    }

    #[test]
    fn an_overloaded_stream_keeps_its_key_frame() {
        let mut feed = Feed::new();
        for at in (0..=500).step_by(100) {
            feed.push(at, at == 0, 10);
        }
        assert_eq!(feed.take(), [(0, false)]);
        feed.push(600, false, 10);
        assert_eq!(feed.take(), [], "what needs dropped units is dropped");
        feed.push(700, true, 10);
        assert_eq!(feed.take(), [(700, true)]);
    }

    #[test]
    fn a_burst_is_not_late() {
        let mut feed = Feed::new();
        for index in 0..200 {
            feed.push(0, index == 0, 10);
        }
        assert_eq!(feed.take().len(), 200);
    }

    #[test]
    fn bytes_and_number_are_bounded() {
        let mut feed = Feed::new();
        for index in 0..100 {
            feed.push(0, index == 0, 1 << 20);
            assert!(feed.queue.bytes <= MAX_BYTES);
        }
        let mut feed = Feed::new();
        for index in 0..5000 {
            feed.push(0, index % 100 == 0, 1);
            assert!(feed.queue.waiting.len() <= MAX_UNITS);
        }
        assert!(feed.queue.take().late > 0);
    }

    #[test]
    fn an_absurd_unit_does_not_stay_in_memory() {
        let mut feed = Feed::new();
        feed.push(0, true, AccessUnit::MAX_BYTES + 1);
        assert_eq!(feed.queue.bytes, 0);
        let oversized = feed.queue.take().next.map(|waiting| waiting.oversized);
        assert_eq!(oversized, Some(Some(AccessUnit::MAX_BYTES + 1)));
    }

    #[test]
    fn reset_forgets_what_waits_and_is_told_once() {
        let mut feed = Feed::new();
        feed.push(0, true, 10);
        feed.queue.reset();
        let number = feed.queue.reset();
        assert!(!feed.queue.is_empty(), "the worker must hear of it");
        let taken = feed.queue.take();
        assert!(taken.reset == Some(number) && taken.next.is_none());
        assert_eq!(feed.queue.take().reset, None);
    }
}
