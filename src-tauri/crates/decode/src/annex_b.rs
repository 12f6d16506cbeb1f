//! What an access unit says of itself in its first bytes (ITU-T H.264 and H.265, Annex B).

use model::Codec;

/// Whether it carries every parameter set that a decoder needs to begin here. Looks at the NAL units up to the first
/// slice; the slices, which are nearly all of the bytes, are not read.
pub(crate) fn has_parameters(codec: Codec, data: &[u8]) -> bool {
    let (mut video, mut sequence, mut picture) = (false, false, false);
    for header in nal_headers(data) {
        match codec {
            Codec::H265 => match (header >> 1) & 0x3f {
                0..=31 => break,
                32 => video = true,
                33 => sequence = true,
                34 => picture = true,
                _ => {}
            },
            Codec::H264 => match header & 0x1f {
                1..=5 => break,
                7 => sequence = true,
                8 => picture = true,
                _ => {}
            },
            Codec::Mjpeg => break,
        }
    }
    match codec {
        Codec::H265 => video && sequence && picture,
        Codec::H264 => sequence && picture,
        Codec::Mjpeg => true,
    }
}

/// The first byte of each NAL unit. Three-byte start codes are found inside four-byte ones, too.
fn nal_headers(data: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let code = data.get(at..at + 4)?;
            if code[2] > 1 {
                at += 3; // no start code reaches across this byte
            } else if code[..3] == [0, 0, 1] {
                at += 4;
                return Some(code[3]);
            } else {
                at += 1;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VPS: &[u8] = &[0, 0, 0, 1, 0x40, 1, 0xc];
    const SPS: &[u8] = &[0, 0, 1, 0x42, 1, 1];
    const PPS: &[u8] = &[0, 0, 0, 1, 0x44, 1, 0xc1];
    const IDR: &[u8] = &[0, 0, 0, 1, 0x26, 1, 0xaf, 0, 0, 3];

    #[test]
    fn h265_needs_all_three_parameter_sets() {
        assert!(has_parameters(Codec::H265, &[VPS, SPS, PPS, IDR].concat()));
        assert!(!has_parameters(Codec::H265, &[VPS, PPS, IDR].concat()));
        assert!(!has_parameters(Codec::H265, &[SPS, PPS, IDR].concat()));
    }

    #[test]
    fn what_follows_a_slice_does_not_count() {
        assert!(!has_parameters(Codec::H265, &[IDR, VPS, SPS, PPS].concat()));
    }

    #[test]
    fn h264_needs_two() {
        let (sps, pps, idr) = ([0, 0, 1, 0x67, 77], [0, 0, 1, 0x68, 1], [0, 0, 1, 0x65, 1]);
        assert!(has_parameters(Codec::H264, &[sps, pps, idr].concat()));
        assert!(!has_parameters(Codec::H264, &[sps, idr].concat()));
    }

    #[test]
    fn any_bytes_are_survived() {
        for data in [&[][..], &[0], &[0, 0, 1], &[0, 0, 0, 1], &[0, 0, 0, 0, 0, 0, 1, 0x40], &[0xff; 9]] {
            for codec in [Codec::H265, Codec::H264, Codec::Mjpeg] {
                let _ = has_parameters(codec, data);
            }
        }
    }
}
