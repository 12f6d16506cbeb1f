//! What decoding takes of the processor, so that a plan can be made from what is measured.

use std::time::Duration;

/// Processor time that one stream's units took, since the stream was opened. On a graphics processor it is what the
/// processor has left to do: handing over units and bringing back planes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Units at which a decoder may begin.
    pub key_frames: u64,
    /// Time that those took.
    pub key_frame_time: Duration,
    /// All other units.
    pub others: u64,
    /// Time that those took.
    pub other_time: Duration,
}

impl Work {
    /// Counts one unit.
    pub(crate) fn add(&mut self, random_access: bool, time: Duration) {
        let (count, sum) = match random_access {
            true => (&mut self.key_frames, &mut self.key_frame_time),
            false => (&mut self.others, &mut self.other_time),
        };
        *count += 1;
        *sum += time;
    }
}

/// The processor time of this thread so far. Not the time of day: what a worker waits for a busy machine says nothing of
/// what a picture costs.
#[cfg(unix)]
pub(crate) fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Windows counts a thread's time in steps of 16 ms only, more than a picture takes; there the time of day stands in.
#[cfg(not(unix))]
pub(crate) fn thread_time() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}
