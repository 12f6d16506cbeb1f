//! What is asked of a camera and how it stands.

use std::time::{Duration, Instant};

use crate::fault::Fault;

/// How the packets travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Transport {
    /// Inside the RTSP connection (RFC 7826 §14): passes every firewall, loses nothing.
    #[default]
    Tcp,
    /// RTP over UDP: no head-of-line blocking, but packets may be lost.
    Udp,
}

/// Who turned the access unit into a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decoder {
    /// The processor.
    Software,
    /// NVIDIA's decoder by way of CUDA.
    Cuda,
    /// The Video Acceleration API of Linux.
    Vaapi,
    /// Direct3D 11 of Windows.
    D3d11,
    /// Apple's VideoToolbox.
    VideoToolbox,
}

impl Decoder {
    /// The name the field uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Software => "CPU",
            Self::Cuda => "NVDEC",
            Self::Vaapi => "VAAPI",
            Self::D3d11 => "D3D11VA",
            Self::VideoToolbox => "VideoToolbox",
        }
    }

    /// Whether a graphics processor does the work.
    #[must_use]
    pub const fn is_hardware(self) -> bool {
        !matches!(self, Self::Software)
    }
}

/// How a stream stands; the tile turns it into words.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamState {
    /// Its turn has not come: connections to one recorder are spread.
    Waiting,
    /// Connecting, asking, setting up.
    Connecting,
    /// The same once more after a fault; the tile goes on saying which.
    Retrying {
        /// What happened before.
        fault: Fault,
    },
    /// Packets arrive, but none yet at which a decoder may begin.
    AwaitingKeyFrame,
    /// Pictures arrive; of a recording: the picture of the moment that was asked for is there.
    Live,
    /// Of a recording: nothing was recorded at the moment that was asked for.
    NotRecorded,
    /// No picture; `retry_at` says when it is tried again, `None` that it waits for a person.
    Failed {
        /// Why.
        fault: Fault,
        /// When it is tried again (monotonic).
        retry_at: Option<Instant>,
    },
}

/// Why access units or pictures did not reach the wall. Counts since the stream was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    /// Before the first key frame: nothing to decode them with.
    pub before_key_frame: u64,
    /// The decoder was late and skipped to the next key frame.
    pub late: u64,
    /// Decoded after packets were lost, and withheld or marked.
    pub damaged: u64,
    /// The decoder refused them.
    pub undecodable: u64,
    /// Replaced by a newer picture before the wall was drawn.
    pub superseded: u64,
    /// RTP packets that never came.
    pub lost_packets: u64,
}

/// No new picture for this long means that the picture shown is old: the larger of 5 s and 10 frame intervals.
#[must_use]
pub fn stall_deadline(frame_interval: Option<Duration>) -> Duration {
    Duration::from_secs(5).max(frame_interval.unwrap_or_default() * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_cameras_get_ten_intervals() {
        assert_eq!(stall_deadline(None), Duration::from_secs(5));
        assert_eq!(stall_deadline(Some(Duration::from_millis(40))), Duration::from_secs(5));
        assert_eq!(stall_deadline(Some(Duration::from_secs(1))), Duration::from_secs(10));
    }
}
