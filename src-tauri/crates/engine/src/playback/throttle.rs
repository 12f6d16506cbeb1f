//! How fast recordings are fetched: an uplink of 30 Mb/s also carries what people watch live.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// What may come at once after a pause, in bytes: a key frame or two, so that a seek is not slowed.
const BURST: u64 = 512 << 10;

/// One line, shared by all who fetch over it.
#[derive(Clone)]
pub struct Throttle(Arc<Inner>);

struct Inner {
    /// Bytes a second.
    rate: AtomicU64,
    /// When everything that was taken so far has passed at that rate.
    paid: Mutex<Option<Instant>>,
}

impl Throttle {
    /// A line that has so many Mb/s left for recordings.
    #[must_use]
    pub fn new(mbps: f64) -> Self {
        let throttle = Self(Arc::new(Inner { rate: AtomicU64::new(1), paid: Mutex::default() }));
        throttle.set(mbps);
        throttle
    }

    /// From now on so many Mb/s are left. However few, something still comes.
    pub fn set(&self, mbps: f64) {
        let bytes = (mbps.max(0.1) * 1e6 / 8.0) as u64;
        self.0.rate.store(bytes, Ordering::Relaxed);
    }

    /// So many bytes have come; returns when the next may.
    pub(crate) async fn took(&self, bytes: usize) {
        let rate = self.0.rate.load(Ordering::Relaxed);
        let seconds = |bytes: u64| Duration::from_secs_f64(bytes as f64 / rate as f64);
        let until = {
            let now = Instant::now();
            let mut paid = self.0.paid.lock();
            let oldest = now.checked_sub(seconds(BURST)).unwrap_or(now);
            let next = paid.unwrap_or(oldest).max(oldest) + seconds(bytes as u64);
            *paid = Some(next);
            next
        };
        tokio::time::sleep_until(until).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_comes_in_the_long_run_is_what_the_line_has_left() {
        let line = Throttle::new(8.0);
        let start = Instant::now();
        line.took(400 << 10).await;
        assert_eq!(Instant::now(), start, "a key frame comes at once");
        for _ in 0..100 {
            line.took(100_000).await;
        }
        let seconds = start.elapsed().as_secs_f64();
        let mbps = 10.0 * 8.0 / seconds;
        assert!((7.9..8.5).contains(&mbps), "{mbps}");
    }
}
