//! The RTP header extension of ONVIF replay (Streaming Specification §6.3.1): when each packet's picture was taken.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Identifies it (`defined by profile` in RFC 3550 §5.3.1).
const PROFILE: u16 = 0xABAC;
/// Its length in words of 32 bits; JPEG's own extension may follow behind it.
const WORDS: usize = 3;
/// Seconds between the epochs of NTP (1900) and Unix (1970).
const NTP_TO_UNIX_SECONDS: u64 = 2_208_988_800;

/// What it says of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extension {
    /// When the picture was taken, by the recorder's clock.
    pub(super) at: SystemTime,
    /// C: a decoder may begin here.
    pub(super) clean_point: bool,
    /// E: the last packet of a stretch of recording.
    pub(super) end_of_section: bool,
    /// D: something is missing before this packet.
    pub(super) discontinuity: bool,
    /// T: nothing comes after this one.
    pub(super) terminal: bool,
    /// The low byte of the `CSeq` of the PLAY that this packet answers.
    pub(super) cseq: u8,
}

/// Finds it in a packet that is known to be RTP.
pub(super) fn of(packet: &[u8]) -> Option<Extension> {
    let first = *packet.first()?;
    if first & 0b0001_0000 == 0 {
        return None;
    }
    let start = 12 + 4 * usize::from(first & 0x0f);
    let head: [u8; 4] = packet.get(start..start + 4)?.try_into().ok()?;
    let words = usize::from(u16::from_be_bytes([head[2], head[3]]));
    if u16::from_be_bytes([head[0], head[1]]) != PROFILE || words < WORDS {
        return None;
    }
    let body: [u8; 12] = packet.get(start + 4..start + 16)?.try_into().ok()?;
    let ntp = u64::from_be_bytes(body[..8].try_into().ok()?);
    let flags = body[8];
    Some(Extension {
        at: unix(ntp)?,
        clean_point: flags & 0x80 != 0,
        end_of_section: flags & 0x40 != 0,
        discontinuity: flags & 0x20 != 0,
        terminal: flags & 0x10 != 0,
        cseq: body[9],
    })
}

/// 32.32 fixed point since 1900; `None` for what lies before 1970 (a recorder whose clock was never set).
fn unix(ntp: u64) -> Option<SystemTime> {
    let seconds = (ntp >> 32).checked_sub(NTP_TO_UNIX_SECONDS)?;
    // Rounded: whole microseconds survive the way there and back.
    let nanoseconds = (((ntp & 0xffff_ffff) * 1_000_000_000) + (1 << 31)) >> 32;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds) + Duration::from_nanos(nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(profile: u16, words: u16, flags: u8) -> Vec<u8> {
        let mut packet = vec![0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        packet.extend(profile.to_be_bytes());
        packet.extend(words.to_be_bytes());
        // 2021-07-16T01:02:03.5Z
        packet.extend(((1_626_397_323 + NTP_TO_UNIX_SECONDS) << 32 | 1 << 31).to_be_bytes());
        packet.extend([flags, 7, 0, 0]);
        packet
    }

    #[test]
    fn time_and_marks_are_read() {
        let found = of(&packet(PROFILE, 3, 0b1010_0000)).unwrap();
        assert_eq!(found.at, UNIX_EPOCH + Duration::from_millis(1_626_397_323_500));
        assert!(found.clean_point && found.discontinuity && !found.end_of_section && !found.terminal);
        assert_eq!(found.cseq, 7);
    }

    #[test]
    fn anything_else_is_no_time() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&packet(0xBEDE, 3, 0)), None);
        assert_eq!(of(&packet(PROFILE, 2, 0)), None);
        let whole = packet(PROFILE, 3, 0);
        for cut in 0..whole.len() {
            assert_eq!(of(&whole[..cut]), None, "{cut}");
        }
        let mut no_extension = whole.clone();
        no_extension[0] = 0x80;
        assert_eq!(of(&no_extension), None);
        let mut never_set = whole;
        never_set[16..20].fill(0);
        assert_eq!(of(&never_set), None);
    }
}
