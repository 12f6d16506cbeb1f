//! What a file has to say of a stream before its first picture: made of the parameter sets, which stand in it unchanged.

mod h264;
mod h265;
mod jpeg;

use model::Codec;

use crate::annex_b::{self, Nal};

/// A stream as a Matroska file introduces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Introduction {
    /// Matroska's CodecPrivate; empty for MJPEG.
    pub(crate) private: Vec<u8>,
    /// In pixels, as shown.
    pub(crate) width: u32,
    /// In pixels, as shown.
    pub(crate) height: u32,
}

/// The first picture does not say enough, or not soundly, to be put into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no sound {0} in front of the first picture")]
pub struct Unintroduced(pub &'static str);

/// Makes it of the parameter sets (Annex B), or of a JPEG picture.
pub(crate) fn introduce(codec: Codec, bytes: &[u8]) -> Result<Introduction, Unintroduced> {
    match codec {
        Codec::H265 => h265::introduce(&sets(codec, bytes)),
        Codec::H264 => h264::introduce(&sets(codec, bytes)),
        Codec::Mjpeg => jpeg::introduce(bytes),
    }
}

/// The parameter sets in Annex B bytes, each once and in the order of their kinds.
pub(crate) fn sets(codec: Codec, bytes: &[u8]) -> Vec<&[u8]> {
    let mut nals = Vec::new();
    annex_b::split(bytes, &mut nals);
    let mut sets: Vec<&[u8]> = Vec::new();
    for nal in nals.iter().map(|nal| &bytes[nal.body.clone()]) {
        if kind(codec, nal).is_some() && !sets.contains(&nal) {
            sets.push(nal);
        }
    }
    sets.sort_by_key(|nal| kind(codec, nal));
    sets
}

/// Whether the unit itself has every kind of parameter set in it.
pub(crate) fn complete(codec: Codec, unit: &[u8], nals: &[Nal]) -> bool {
    let has = |wanted| nals.iter().any(|nal| kind(codec, &unit[nal.body.clone()]) == Some(wanted));
    match codec {
        Codec::H265 => has(0) && has(1) && has(2),
        Codec::H264 => has(1) && has(2),
        Codec::Mjpeg => true,
    }
}

/// The sets of a CodecPrivate that [`introduce`] made; empty where it is none.
pub(crate) fn sets_of(codec: Codec, private: &[u8]) -> Vec<Vec<u8>> {
    match codec {
        Codec::H265 => h265::sets_of(private).unwrap_or_default(),
        Codec::H264 => h264::sets_of(private).unwrap_or_default(),
        Codec::Mjpeg => Vec::new(),
    }
}

/// 0: VPS, 1: SPS, 2: PPS.
fn kind(codec: Codec, nal: &[u8]) -> Option<u8> {
    let header = *nal.first()?;
    match (codec, header >> 1 & 0x3f, header & 0x1f) {
        (Codec::H265, 32, _) => Some(0),
        (Codec::H265, 33, _) | (Codec::H264, _, 7) => Some(1),
        (Codec::H265, 34, _) | (Codec::H264, _, 8) => Some(2),
        _ => None,
    }
}

/// Those of one kind.
fn of_kind<'a>(codec: Codec, sets: &[&'a [u8]], wanted: u8) -> Vec<&'a [u8]> {
    sets.iter().copied().filter(|set| kind(codec, set) == Some(wanted)).collect()
}

/// A NAL unit with its length in two bytes in front.
fn push_set(out: &mut Vec<u8>, set: &[u8]) -> Option<()> {
    out.extend(u16::try_from(set.len()).ok()?.to_be_bytes());
    out.extend_from_slice(set);
    Some(())
}

/// The other way round.
fn take_set<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (set, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    *bytes = rest;
    Some(set)
}

/// What a side of a picture may measure; beyond, the set is not sound.
fn side(pixels: Option<u32>) -> Option<u32> {
    pixels.filter(|side| (1..=16_384).contains(side))
}
