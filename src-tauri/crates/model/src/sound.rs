//! A piece of sound as it came from a camera.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use bytes::Bytes;

/// How a camera codes its sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoundCodec {
    /// G.711 µ-law, RTP payload of RFC 3551 §4.5.14.
    Pcmu,
    /// G.711 A-law, RTP payload of RFC 3551 §4.5.14.
    Pcma,
    /// G.726 with so many bits a code (2 to 5), packed as RFC 3551 §4.5.4 says: the first code in the low bits.
    G726 {
        /// Bits a code.
        bits: u8,
    },
    /// AAC, RTP payload of RFC 3640; each packet is one access unit.
    Aac {
        /// AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1).
        config: Arc<[u8]>,
    },
}

impl SoundCodec {
    /// The name the field uses.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pcmu => "G.711 µ",
            Self::Pcma => "G.711 A",
            Self::G726 { .. } => "G.726",
            Self::Aac { .. } => "AAC",
        }
    }
}

/// What a session's sound is, the same for all of its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundFormat {
    /// How it is coded.
    pub codec: SoundCodec,
    /// Ticks a second of [`SoundPacket::timestamp`]; also the samples a second, but of AAC with spectral band replication.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u16,
}

/// The sound of one packet.
#[derive(Clone, Debug)]
pub struct SoundPacket {
    /// What it is; the same `Arc` for a session.
    pub format: Arc<SoundFormat>,
    /// As it is coded.
    pub data: Bytes,
    /// Of its first sample, in ticks of [`SoundFormat::rate`] since the session's first; wraps are already undone.
    pub timestamp: i64,
    /// When it arrived here (monotonic).
    pub received: Instant,
    /// When the camera says its first sample was taken, by its own clock (RTCP sender report, RFC 3550 §6.4.1); `None` until
    /// the first report.
    pub captured: Option<SystemTime>,
}
