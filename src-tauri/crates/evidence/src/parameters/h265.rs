//! HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 8.3.3.1).

use h264_reader::rbsp::{BitRead, BitReader, ByteReader};
use model::Codec;

use super::{Introduction, Unintroduced, of_kind, push_set, side, take_set};

/// What the record takes from a sequence parameter set (ITU-T H.265, section 7.3.2.2.1).
struct Sequence {
    /// Profile, tier, compatibility, constraints and level: 12 bytes as they stand.
    profile: [u8; 12],
    sub_layers: u8,
    nested: bool,
    chroma: u8,
    luma_depth: u8,
    chroma_depth: u8,
    width: u32,
    height: u32,
}

pub(super) fn introduce(sets: &[&[u8]]) -> Result<Introduction, Unintroduced> {
    let video = of_kind(Codec::H265, sets, 0);
    let sequence = of_kind(Codec::H265, sets, 1);
    let picture = of_kind(Codec::H265, sets, 2);
    let Some(first) = sequence.first() else { return Err(Unintroduced("sequence parameter set")) };
    let about = read(first).ok_or(Unintroduced("sequence parameter set"))?;
    if video.is_empty() || picture.is_empty() {
        return Err(Unintroduced("parameter sets"));
    }
    let private =
        record(&about, [(32, video), (33, sequence), (34, picture)]).ok_or(Unintroduced("parameter sets"))?;
    Ok(Introduction { private, width: about.width, height: about.height })
}

fn record(about: &Sequence, arrays: [(u8, Vec<&[u8]>); 3]) -> Option<Vec<u8>> {
    let mut out = vec![1];
    out.extend(about.profile);
    out.extend([0xf0, 0, 0xfc, 0xfc | about.chroma, 0xf8 | about.luma_depth, 0xf8 | about.chroma_depth]);
    // No average frame rate; temporal layers; lengths of four bytes.
    out.extend([0, 0, about.sub_layers << 3 | u8::from(about.nested) << 2 | 3, 3]);
    for (kind, sets) in arrays {
        // Not complete: further ones may stand in the stream.
        out.push(kind);
        out.extend(u16::try_from(sets.len()).ok()?.to_be_bytes());
        for set in sets {
            push_set(&mut out, set)?;
        }
    }
    Some(out)
}

pub(super) fn sets_of(private: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut rest = private.get(23..)?;
    let mut sets = Vec::new();
    for _ in 0..*private.get(22)? {
        let (head, behind) = rest.split_first_chunk::<3>()?;
        rest = behind;
        for _ in 0..u16::from_be_bytes([head[1], head[2]]) {
            sets.push(take_set(&mut rest)?.to_vec());
        }
    }
    Some(sets)
}

fn read(set: &[u8]) -> Option<Sequence> {
    let mut bits = BitReader::new(ByteReader::without_skip(set.get(2..)?));
    bits.read::<u8>(4, "sps_video_parameter_set_id").ok()?;
    let more_layers: u8 = bits.read(3, "sps_max_sub_layers_minus1").ok()?;
    let nested = bits.read_bool("sps_temporal_id_nesting_flag").ok()?;
    let mut profile = [0; 12];
    for byte in &mut profile {
        *byte = bits.read(8, "profile_tier_level").ok()?;
    }
    skip_layers(&mut bits, more_layers)?;
    bits.read_ue("sps_seq_parameter_set_id").ok()?;
    let chroma = u8::try_from(bits.read_ue("chroma_format_idc").ok()?).ok().filter(|idc| *idc <= 3)?;
    if chroma == 3 {
        bits.read_bool("separate_colour_plane_flag").ok()?;
    }
    let width = bits.read_ue("pic_width_in_luma_samples").ok()?;
    let height = bits.read_ue("pic_height_in_luma_samples").ok()?;
    let [mut cut_width, mut cut_height] = [0_u32; 2];
    if bits.read_bool("conformance_window_flag").ok()? {
        let mut cut = || bits.read_ue("conf_win_offset").ok();
        let [left, right, top, bottom] = [cut()?, cut()?, cut()?, cut()?];
        let (across, down) = (if matches!(chroma, 1 | 2) { 2 } else { 1 }, if chroma == 1 { 2 } else { 1 });
        cut_width = left.checked_add(right)?.checked_mul(across)?;
        cut_height = top.checked_add(bottom)?.checked_mul(down)?;
    }
    let mut depth = |name| u8::try_from(bits.read_ue(name).ok()?).ok().filter(|more| *more <= 7);
    Some(Sequence {
        profile,
        sub_layers: more_layers + 1,
        nested,
        chroma,
        luma_depth: depth("bit_depth_luma_minus8")?,
        chroma_depth: depth("bit_depth_chroma_minus8")?,
        width: side(width.checked_sub(cut_width))?,
        height: side(height.checked_sub(cut_height))?,
    })
}

/// Profiles and levels of the temporal layers below the highest.
fn skip_layers(bits: &mut impl BitRead, more_layers: u8) -> Option<()> {
    if more_layers == 0 {
        return Some(());
    }
    let mut present = [(false, false); 8];
    for (layer, (profile, level)) in present.iter_mut().enumerate() {
        if layer < usize::from(more_layers) {
            *profile = bits.read_bool("sub_layer_profile_present_flag").ok()?;
            *level = bits.read_bool("sub_layer_level_present_flag").ok()?;
        } else {
            bits.read::<u8>(2, "reserved_zero_2bits").ok()?;
        }
    }
    for (profile, level) in present {
        for _ in 0..usize::from(profile) * 11 + usize::from(level) {
            bits.read::<u8>(8, "sub_layer").ok()?;
        }
    }
    Some(())
}
