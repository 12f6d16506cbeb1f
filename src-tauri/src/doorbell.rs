//! What wakes a draw loop, and the loop itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// Rung by streams, heard by the draw loop.
#[derive(Default)]
pub struct Doorbell {
    rung: Mutex<bool>,
    heard: Condvar,
    stop: AtomicBool,
}

impl Doorbell {
    /// Something is new.
    pub fn ring(&self) {
        let mut rung = self.rung.lock();
        if !*rung {
            *rung = true;
            self.heard.notify_one();
        }
    }

    /// The loop is to end.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.ring();
    }

    fn wait(&self, patience: Duration) {
        let mut rung = self.rung.lock();
        if !*rung {
            self.heard.wait_for(&mut rung, patience);
        }
        *rung = false;
    }
}

/// Calls `draw` whenever the bell rings, at most every `pace`, and at least every `heartbeat`; ends at `end`, when the
/// bell says stop, or when `draw` returns `false`.
pub fn run(
    bell: &Arc<Doorbell>,
    pace: Duration,
    heartbeat: Duration,
    end: Option<Instant>,
    mut draw: impl FnMut() -> bool,
) {
    let mut next = Instant::now();
    loop {
        let now = Instant::now();
        if bell.stop.load(Ordering::Relaxed) || end.is_some_and(|end| now >= end) {
            return;
        }
        if now < next {
            std::thread::sleep(next - now);
        }
        next = Instant::now() + pace;
        if !draw() {
            return;
        }
        let patience =
            end.map_or(heartbeat, |end| heartbeat.min(end.saturating_duration_since(Instant::now())));
        bell.wait(patience);
    }
}
