//! RTCP sender reports (RFC 3550 §6.4.1): which moment of the day an RTP timestamp is.

use std::time::{SystemTime, UNIX_EPOCH};

/// What a sender report says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SenderReport {
    pub(crate) ssrc: u32,
    /// The moment, by the time of day.
    pub(crate) moment: SystemTime,
    /// The same moment, as RTP timestamp.
    pub(crate) timestamp: u32,
    /// Packets sent so far.
    pub(crate) packets: u32,
    /// Bytes of payload sent so far.
    pub(crate) octets: u32,
}

/// Bytes of a [`SenderReport`] with its source description.
pub(crate) const LENGTH: usize = 28 + 20;

impl SenderReport {
    /// A compound packet: the report and the canonical name, which must not be missing (§6.1).
    pub(crate) fn to_bytes(self) -> [u8; LENGTH] {
        // Seconds from 1900 to 1970.
        const ERA: u64 = 2_208_988_800;
        let since = self.moment.duration_since(UNIX_EPOCH).unwrap_or_default();
        let fraction = (u64::from(since.subsec_nanos()) << 32) / 1_000_000_000;
        let mut bytes = [0; LENGTH];
        bytes[..4].copy_from_slice(&[2 << 6, 200, 0, 6]);
        let words = [
            self.ssrc,
            (since.as_secs() + ERA) as u32,
            fraction as u32,
            self.timestamp,
            self.packets,
            self.octets,
        ];
        for (place, word) in bytes[4..28].chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        // One chunk: SSRC, item CNAME of 8 characters, two zeros to the word's end.
        bytes[28..32].copy_from_slice(&[2 << 6 | 1, 202, 0, 4]);
        bytes[32..36].copy_from_slice(&self.ssrc.to_be_bytes());
        bytes[36..38].copy_from_slice(&[1, 8]);
        bytes[38..46].copy_from_slice(b"province");
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn moment_and_timestamp_stand_where_receivers_look() {
        let moment = UNIX_EPOCH + Duration::from_millis(1_626_400_923_500);
        let bytes = SenderReport { ssrc: 1, moment, timestamp: 0xabcd, packets: 7, octets: 8 }.to_bytes();
        assert_eq!(bytes[8..12], (1_626_400_923_u32.wrapping_add(2_208_988_800)).to_be_bytes());
        assert_eq!(bytes[12..16], 0x8000_0000_u32.to_be_bytes(), "half a second");
        assert_eq!(bytes[16..20], 0xabcd_u32.to_be_bytes());
        assert_eq!((usize::from(bytes[3]) + 1) * 4 + (usize::from(bytes[31]) + 1) * 4, LENGTH);
    }
}
