//! What DESCRIBE answers (RFC 8866, with the payload formats' own parameters).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Codec;

use crate::clip::Clip;

/// Name of the only track's control URL.
pub(crate) const TRACK: &str = "trackID=1";

/// The session description of one stream. `rate`: nominal b/s; `sprop`: with the parameter sets.
pub(crate) fn describe(name: &str, clip: &Clip, rate: u32, frames: u32, sprop: bool) -> String {
    let (payload_type, map) = match clip.codec {
        Codec::H265 => (96, "a=rtpmap:96 H265/90000\r\n"),
        Codec::H264 => (96, "a=rtpmap:96 H264/90000\r\n"),
        Codec::Mjpeg => (26, "a=rtpmap:26 JPEG/90000\r\n"),
    };
    let name = name.replace(['\r', '\n'], " ");
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns={name}\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n\
         a=range:npt=now-\r\nm=video 0 RTP/AVP {payload_type}\r\nb=AS:{}\r\n{map}{}a=framerate:{frames}\r\n\
         a=recvonly\r\na=control:{TRACK}\r\n",
        rate.div_ceil(1000),
        format_parameters(clip, sprop),
    )
}

/// RFC 7798 §7.1, RFC 6184 §8.1.
fn format_parameters(clip: &Clip, sprop: bool) -> String {
    let base64 = |i: usize| STANDARD.encode(&clip.parameters[i]);
    match (clip.codec, sprop) {
        (Codec::H265, true) => {
            let (vps, sps, pps) = (base64(0), base64(1), base64(2));
            format!("a=fmtp:96 sprop-vps={vps}; sprop-sps={sps}; sprop-pps={pps}\r\n")
        }
        (Codec::H264, true) => {
            let profile: String = clip.parameters[0][1..4].iter().map(|byte| format!("{byte:02X}")).collect();
            let (sps, pps) = (base64(0), base64(1));
            format!(
                "a=fmtp:96 packetization-mode=1; profile-level-id={profile}; sprop-parameter-sets={sps},{pps}\r\n"
            )
        }
        (Codec::H264, false) => "a=fmtp:96 packetization-mode=1\r\n".to_owned(),
        _ => String::new(),
    }
}
