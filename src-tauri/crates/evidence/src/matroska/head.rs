//! The beginning of a file: what it is, and what is in it.

use jiff::Timestamp;
use model::Codec;

use super::element::{self, put, put_float, put_master, put_number, put_wide_number};
use super::{FRAMING, PICTURES, SOUND, id};
use crate::description::{SoundFormat, Tool};
use crate::parameters::Introduction;

/// What the head says.
pub(crate) struct Head<'a> {
    pub(crate) codec: Codec,
    pub(crate) introduction: &'a Introduction,
    pub(crate) sound: Option<&'a SoundFormat>,
    /// True time of the first picture.
    pub(crate) begin: Timestamp,
    /// The camera's name.
    pub(crate) title: &'a str,
    pub(crate) tool: &'a Tool,
    /// Of this file and no other.
    pub(crate) uid: [u8; 16],
}

/// Where the three numbers stand that are known at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    /// Behind this begin positions in the segment.
    pub(crate) segment: usize,
    pub(crate) cues: usize,
    pub(crate) duration: usize,
}

/// Matroska counts dates from 2001-01-01T00:00:00Z.
const EPOCH_SECONDS: i64 = 978_307_200;

impl Head<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let (info, tracks) = (self.info(), self.tracks());
        let mut out = Vec::new();
        put_master(&mut out, id::EBML, |out| {
            for (id, value) in [(0x4286, 1), (0x42f7, 1), (0x42f2, 4), (0x42f3, 8)] {
                put_number(out, id, value);
            }
            put(out, 0x4282, b"matroska");
            put_number(out, 0x4287, 4);
            put_number(out, 0x4285, 2);
        });
        element::put_wide_header(&mut out, id::SEGMENT, element::UNKNOWN);
        let length = seek_head(0, 0).len() as u64;
        out.extend(seek_head(length, length + info.len() as u64));
        out.extend(info);
        out.extend(tracks);
        out
    }

    fn info(&self) -> Vec<u8> {
        let program = format!("{} {}", self.tool.name, self.tool.version);
        let since = i128::from(EPOCH_SECONDS) * 1_000_000_000;
        let date = i64::try_from(self.begin.as_nanosecond() - since).unwrap_or_default();
        let mut out = Vec::new();
        put_master(&mut out, id::INFO, |out| {
            put(out, 0x73a4, &self.uid);
            put_number(out, 0x2a_d7b1, 1_000_000);
            put_float(out, id::DURATION, 0.0);
            put(out, id::DATE, &date.to_be_bytes());
            put(out, 0x7ba9, self.title.as_bytes());
            put(out, 0x4d80, program.as_bytes());
            put(out, 0x5741, program.as_bytes());
        });
        out
    }

    fn tracks(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_master(&mut out, id::TRACKS, |out| {
            put_master(out, id::TRACK, |out| self.pictures(out));
            if let Some(sound) = self.sound {
                put_master(out, id::TRACK, |out| put_sound(out, sound, self.uid[1]));
            }
        });
        out
    }

    fn pictures(&self, out: &mut Vec<u8>) {
        put_track(out, PICTURES, self.uid[0], 1, codec_id(self.codec));
        if !self.introduction.private.is_empty() {
            put(out, id::PRIVATE, &self.introduction.private);
        }
        put_master(out, id::VIDEO, |out| {
            put_number(out, id::WIDTH, self.introduction.width.into());
            put_number(out, id::HEIGHT, self.introduction.height.into());
        });
        if self.codec != Codec::Mjpeg {
            put_number(out, 0x55ee, FRAMING);
            put_master(out, 0x41e4, |out| {
                put_number(out, 0x41f0, FRAMING);
                put(out, 0x41a4, b"Annex B framing");
                put_number(out, 0x41e7, 0);
            });
        }
    }
}

fn seek_head(info: u64, tracks: u64) -> Vec<u8> {
    let mut out = Vec::new();
    put_master(&mut out, id::SEEK_HEAD, |out| {
        for (id, position) in [(id::INFO, info), (id::TRACKS, tracks), (id::CUES, 0)] {
            put_master(out, id::SEEK, |out| {
                put(out, id::SEEK_ID, &id.to_be_bytes());
                put_wide_number(out, id::SEEK_POSITION, position);
            });
        }
    });
    out
}

fn put_track(out: &mut Vec<u8>, number: u64, uid: u8, kind: u64, codec: &str) {
    put_number(out, id::TRACK_NUMBER, number);
    put_number(out, 0x73c5, number << 8 | u64::from(uid));
    put_number(out, 0x83, kind);
    put_number(out, 0x9c, 0); // no lacing
    put(out, 0x22_b59c, b"und");
    put(out, id::CODEC, codec.as_bytes());
}

/// The codec's name in Matroska.
fn codec_id(codec: Codec) -> &'static str {
    match codec {
        Codec::H265 => "V_MPEGH/ISO/HEVC",
        Codec::H264 => "V_MPEG4/ISO/AVC",
        Codec::Mjpeg => "V_MJPEG",
    }
}

/// And back.
pub(crate) fn codec_of(id: &[u8]) -> Option<Codec> {
    [Codec::H265, Codec::H264, Codec::Mjpeg].into_iter().find(|codec| codec_id(*codec).as_bytes() == id)
}

/// True time of the first picture, from its date.
pub(crate) fn begin_of(date: &[u8]) -> Option<Timestamp> {
    let since = i64::from_be_bytes(date.try_into().ok()?);
    Timestamp::from_nanosecond(i128::from(EPOCH_SECONDS) * 1_000_000_000 + i128::from(since)).ok()
}

fn put_sound(out: &mut Vec<u8>, sound: &SoundFormat, uid: u8) {
    let (codec, private, rate, channels, bits) = match sound {
        SoundFormat::G711ALaw { rate, channels } => {
            ("A_MS/ACM", wave_format(6, *channels, *rate, 8), *rate, *channels, 8)
        }
        SoundFormat::G711MuLaw { rate, channels } => {
            ("A_MS/ACM", wave_format(7, *channels, *rate, 8), *rate, *channels, 8)
        }
        SoundFormat::G726 { rate, bits, .. } => {
            ("A_MS/ACM", wave_format(0x45, 1, *rate, *bits), *rate, 1, *bits)
        }
        SoundFormat::Aac { rate, channels, config } => {
            let config = data_encoding::HEXLOWER_PERMISSIVE.decode(config.as_bytes()).unwrap_or_default();
            ("A_AAC", config, *rate, *channels, 0)
        }
    };
    put_track(out, SOUND, uid, 2, codec);
    put(out, id::PRIVATE, &private);
    put_master(out, id::AUDIO, |out| {
        put_float(out, 0xb5, f64::from(rate));
        put_number(out, 0x9f, channels.into());
        if bits > 0 {
            put_number(out, 0x6264, bits.into());
        }
    });
}

/// WAVEFORMATEX, little-endian, with nothing behind it.
fn wave_format(tag: u16, channels: u8, rate: u32, bits: u8) -> Vec<u8> {
    let bytes_a_second = rate * u32::from(channels) * u32::from(bits) / 8;
    let align = (u16::from(channels) * u16::from(bits) / 8).max(1);
    let mut out = Vec::with_capacity(18);
    out.extend(tag.to_le_bytes());
    out.extend(u16::from(channels).to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend(bytes_a_second.to_le_bytes());
    out.extend(align.to_le_bytes());
    out.extend(u16::from(bits).to_le_bytes());
    out.extend([0, 0]);
    out
}

/// Finds the places in a head.
pub(crate) fn places(head: &[u8]) -> Option<Places> {
    let (segment, inside) = element::segment(head)?;
    let (mut cues, mut duration) = (None, None);
    for (id, at, data) in element::elements(inside) {
        match id {
            id::SEEK_HEAD => {
                for (_, place, seek) in element::elements(data) {
                    if element::find(seek, id::SEEK_ID) == Some(&id::CUES.to_be_bytes()) {
                        let (_, position, number) =
                            element::elements(seek).find(|(id, ..)| *id == id::SEEK_POSITION)?;
                        cues = (number.len() == 8).then_some(segment + at + place + position);
                    }
                }
            }
            id::INFO => {
                let (_, place, number) = element::elements(data).find(|(id, ..)| *id == id::DURATION)?;
                duration = (number.len() == 8).then_some(segment + at + place);
            }
            _ => {}
        }
    }
    Some(Places { segment, cues: cues?, duration: duration? })
}
