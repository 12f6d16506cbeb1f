//! Which time of day an RTP timestamp stands for.

use std::time::{Duration, SystemTime};

/// Seconds between the epochs of NTP (1900) and Unix (1970).
const NTP_TO_UNIX_SECONDS: u64 = 2_208_988_800;
/// The RTP clock of every video payload (RFC 7798 §4.1, RFC 6184 §5.1, RFC 2435 §3.1): ticks a second.
pub(super) const TICKS_PER_SECOND: i64 = 90_000;

/// The newest sender report (RFC 3550 §6.4.1): one moment on both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct CaptureClock {
    /// RTP ticks a second.
    rate: i64,
    report: Option<(SystemTime, i64)>,
}

impl CaptureClock {
    /// Of a track with so many RTP ticks a second.
    pub(super) fn new(rate: i64) -> Self {
        Self { rate: rate.max(1), report: None }
    }

    /// Takes a report: the NTP time (32.32 fixed point) and the unwrapped RTP timestamp of the same moment. Reports
    /// from before 1970 (cameras without a clock count from their start) are left out.
    pub(super) fn report(&mut self, ntp: u64, rtp: i64) {
        let Some(seconds) = (ntp >> 32).checked_sub(NTP_TO_UNIX_SECONDS) else { return };
        let nanoseconds = ((ntp & 0xffff_ffff) * 1_000_000_000) >> 32;
        self.report = SystemTime::UNIX_EPOCH
            .checked_add(Duration::new(seconds, nanoseconds as u32))
            .map(|time| (time, rtp));
    }

    /// The time of day of an unwrapped RTP timestamp; `None` before the first report.
    pub(super) fn time_of(&self, rtp: i64) -> Option<SystemTime> {
        let (time, at) = self.report?;
        let ticks = rtp.checked_sub(at)?;
        let offset =
            Duration::from_micros(ticks.unsigned_abs().checked_mul(1_000_000)? / self.rate.unsigned_abs());
        if ticks >= 0 { time.checked_add(offset) } else { time.checked_sub(offset) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_before_and_after_the_report() {
        let mut clock = CaptureClock::new(TICKS_PER_SECOND);
        assert_eq!(clock.time_of(0), None);
        clock.report((NTP_TO_UNIX_SECONDS + 1_626_400_923) << 32 | 0x8000_0000, 90_000);
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_626_400_923_500);
        assert_eq!(clock.time_of(90_000), Some(at));
        assert_eq!(clock.time_of(135_000), Some(at + Duration::from_millis(500)));
        assert_eq!(clock.time_of(0), Some(at - Duration::from_secs(1)));
    }

    #[test]
    fn a_camera_without_a_clock_has_no_time_of_day() {
        let mut clock = CaptureClock::new(TICKS_PER_SECOND);
        clock.report(12 << 32, 0);
        assert_eq!(clock.time_of(0), None);
    }
}
