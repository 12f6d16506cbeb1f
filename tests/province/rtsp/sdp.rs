//! What DESCRIBE answers (RFC 8866, with the payload formats' own parameters).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Codec;

use crate::clip::Clip;
use crate::equipment::Sound;

/// Name of the pictures' control URL.
pub(crate) const TRACK: &str = "trackID=1";
/// Of the sound's.
pub(crate) const SOUND_TRACK: &str = "trackID=2";
/// Of the backchannel's.
pub(crate) const TALK_TRACK: &str = "trackID=3";

/// What comes with the pictures.
#[derive(Clone, Copy)]
pub(crate) struct Audio {
    pub(crate) sound: Option<Sound>,
    /// Whether the camera can be talked to and the client asked for that.
    pub(crate) talk: bool,
}

impl Audio {
    fn describe(self) -> String {
        let sound = self.sound.map_or_else(String::new, |sound| {
            format!("{}a=recvonly\r\na=control:{SOUND_TRACK}\r\n", sound.description())
        });
        let talk = if self.talk {
            format!("m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendonly\r\na=control:{TALK_TRACK}\r\n")
        } else {
            String::new()
        };
        sound + &talk
    }
}

/// The session description of one stream. `rate`: nominal b/s; `sprop`: with the parameter sets.
pub(crate) fn describe(
    name: &str,
    clip: &Clip,
    (rate, frames): (u32, u32),
    sprop: bool,
    audio: Audio,
) -> String {
    let (payload_type, map) = match clip.codec {
        Codec::H265 => (96, "a=rtpmap:96 H265/90000\r\n"),
        Codec::H264 => (96, "a=rtpmap:96 H264/90000\r\n"),
        Codec::Mjpeg => (26, "a=rtpmap:26 JPEG/90000\r\n"),
    };
    let name = name.replace(['\r', '\n'], " ");
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns={name}\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n\
         a=range:npt=now-\r\nm=video 0 RTP/AVP {payload_type}\r\nb=AS:{}\r\n{map}{}a=framerate:{frames}\r\n\
         a=recvonly\r\na=control:{TRACK}\r\n{}",
        rate.div_ceil(1000),
        format_parameters(clip, sprop),
        audio.describe(),
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
