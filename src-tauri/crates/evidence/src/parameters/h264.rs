//! AVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 5.3.3.1).

use h264_reader::nal::sps::{ChromaFormat, SeqParameterSet};
use h264_reader::rbsp::{BitReader, ByteReader};
use model::Codec;

use super::{Introduction, Unintroduced, of_kind, push_set, side, take_set};

pub(super) fn introduce(sets: &[&[u8]]) -> Result<Introduction, Unintroduced> {
    let sequence = of_kind(Codec::H264, sets, 1);
    let picture = of_kind(Codec::H264, sets, 2);
    let first = sequence.first().and_then(|set| read(set)).ok_or(Unintroduced("sequence parameter set"))?;
    let (width, height) = first.pixel_dimensions().map_err(|_| Unintroduced("sequence parameter set"))?;
    let sides = side(Some(width)).zip(side(Some(height)));
    let (width, height) = sides.ok_or(Unintroduced("sequence parameter set"))?;
    if picture.is_empty() {
        return Err(Unintroduced("picture parameter set"));
    }
    let private = record(&first, &sequence, &picture).ok_or(Unintroduced("parameter sets"))?;
    Ok(Introduction { private, width, height })
}

fn read(set: &[u8]) -> Option<SeqParameterSet> {
    SeqParameterSet::from_bits(BitReader::new(ByteReader::skipping_h264_header(set))).ok()
}

fn record(about: &SeqParameterSet, sequence: &[&[u8]], picture: &[&[u8]]) -> Option<Vec<u8>> {
    let first = sequence.first()?;
    let mut out = vec![1, *first.get(1)?, *first.get(2)?, *first.get(3)?, 0xff];
    out.push(0xe0 | u8::try_from(sequence.len()).ok().filter(|count| *count < 32)?);
    for set in sequence {
        push_set(&mut out, set)?;
    }
    out.push(u8::try_from(picture.len()).ok()?);
    for set in picture {
        push_set(&mut out, set)?;
    }
    if matches!(first[1], 100 | 110 | 122 | 144) {
        let chroma = match about.chroma_info.chroma_format {
            ChromaFormat::Monochrome => 0,
            ChromaFormat::YUV420 => 1,
            ChromaFormat::YUV422 => 2,
            ChromaFormat::YUV444 => 3,
            ChromaFormat::Invalid(_) => return None,
        };
        let (luma_depth, chroma_depth) =
            (about.chroma_info.bit_depth_luma_minus8, about.chroma_info.bit_depth_chroma_minus8);
        out.extend([0xfc | chroma, 0xf8 | (luma_depth & 7), 0xf8 | (chroma_depth & 7), 0]);
    }
    Some(out)
}

pub(super) fn sets_of(private: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut sets = Vec::new();
    let mut rest = private.get(6..)?;
    for _ in 0..private.get(5)? & 0x1f {
        sets.push(take_set(&mut rest)?.to_vec());
    }
    let (pictures, behind) = rest.split_first()?;
    rest = behind;
    for _ in 0..*pictures {
        sets.push(take_set(&mut rest)?.to_vec());
    }
    Some(sets)
}
