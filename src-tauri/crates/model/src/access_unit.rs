//! One coded picture as it came from a camera.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use bytes::Bytes;

/// How a camera codes its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// ITU-T H.265, RTP payload of RFC 7798.
    H265,
    /// ITU-T H.264, RTP payload of RFC 6184.
    H264,
    /// JPEG pictures one by one, RTP payload of RFC 2435.
    Mjpeg,
}

impl Codec {
    /// The name the field uses, for captions and statistics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::H265 => "H.265",
            Self::H264 => "H.264",
            Self::Mjpeg => "MJPEG",
        }
    }
}

/// One access unit: all NAL units of one coded picture (ITU-T H.265 §3.1), or one JPEG picture.
#[derive(Clone, Debug)]
pub struct AccessUnit {
    /// The codec of this very unit; a camera may change it in the middle of a stream.
    pub codec: Codec,
    /// H.264/H.265: Annex B (each NAL behind a start code). MJPEG: one JFIF picture.
    pub data: Bytes,
    /// Parameter sets in force (VPS, SPS, PPS behind start codes), the same `Arc` as long as they don't change.
    /// A decoder that begins at this unit needs them in front; empty for MJPEG.
    pub parameters: Arc<[u8]>,
    /// A decoder may begin here: IDR, BLA or CRA (NAL types 16–21) in H.265, IDR in H.264, every JPEG picture.
    pub random_access: bool,
    /// Presentation time in ticks of 1/90,000 s since the session's first unit; wraps are already undone.
    pub timestamp: i64,
    /// RTP packets known to be lost directly before this unit; the pictures after it are damaged until a key frame.
    pub lost_packets: u32,
    /// When the last byte arrived here (monotonic).
    pub received: Instant,
    /// When the camera says it took the picture, by its own clock (RTCP sender report, RFC 3550 §6.4.1);
    /// `None` until the first report.
    pub captured: Option<SystemTime>,
}

impl AccessUnit {
    /// The largest in bytes that is taken from a device or decoded; a camera's 4K key frame has about 1 MiB.
    pub const MAX_BYTES: usize = 8 << 20;
}
