//! Just enough of the NAL unit header to find where a decoder may begin.

use model::Codec;

/// What the first coded slice of an access unit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nal {
    RandomAccess,
    OtherSlice,
    NotASlice,
}

/// Whether a decoder may begin at this access unit (Annex B, any number of NAL units).
///
/// H.265: an IRAP picture, NAL types 16–21 (BLA, IDR, CRA; ITU-T H.265 table 7-1). H.264: IDR, type 5
/// (ITU-T H.264 table 7-1). The scan ends at the first slice: all slices of an IRAP picture are of one type.
pub(super) fn is_random_access(codec: Codec, annex_b: &[u8]) -> bool {
    if codec == Codec::Mjpeg {
        return true;
    }
    let mut rest = annex_b;
    while let Some(start) = after_start_code(rest) {
        rest = &rest[start..];
        match rest.first().map(|header| classify(codec, *header)) {
            Some(Nal::RandomAccess) => return true,
            Some(Nal::OtherSlice) | None => return false,
            Some(Nal::NotASlice) => {}
        }
    }
    false
}

fn classify(codec: Codec, header: u8) -> Nal {
    match codec {
        Codec::H265 => match (header >> 1) & 0x3f {
            16..=21 => Nal::RandomAccess,
            0..=31 => Nal::OtherSlice,
            _ => Nal::NotASlice,
        },
        Codec::H264 => match header & 0x1f {
            5 => Nal::RandomAccess,
            1..=4 => Nal::OtherSlice,
            _ => Nal::NotASlice,
        },
        Codec::Mjpeg => Nal::RandomAccess,
    }
}

/// The offset just behind the next `00 00 01`.
fn after_start_code(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|window| window == [0, 0, 1]).map(|at| at + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h265(types: &[u8]) -> Vec<u8> {
        types.iter().flat_map(|t| [0, 0, 0, 1, t << 1, 1, 0x80, 0x40]).collect()
    }

    #[test]
    fn every_irap_type_of_h265_is_a_beginning() {
        for irap in 16..=21 {
            assert!(is_random_access(Codec::H265, &h265(&[irap])), "type {irap}");
        }
    }

    #[test]
    fn trailing_and_leading_pictures_are_not() {
        for other in [0, 1, 6, 7, 8, 9] {
            assert!(!is_random_access(Codec::H265, &h265(&[other])), "type {other}");
        }
    }

    #[test]
    fn delimiters_parameter_sets_and_sei_are_passed_over() {
        assert!(is_random_access(Codec::H265, &h265(&[35, 32, 33, 34, 39, 21])));
        assert!(!is_random_access(Codec::H265, &h265(&[35, 32, 33, 34, 39, 1])));
        assert!(is_random_access(Codec::H264, &[0, 0, 1, 0x09, 0xf0, 0, 0, 0, 1, 0x65, 0x88]));
        assert!(!is_random_access(Codec::H264, &[0, 0, 1, 0x41, 0x9a]));
    }

    #[test]
    fn nothing_coded_is_no_beginning() {
        for empty in [&[][..], &[0, 0, 1][..], &[0, 0][..], &[1, 2, 3, 4, 5][..]] {
            assert!(!is_random_access(Codec::H265, empty));
        }
        assert!(is_random_access(Codec::Mjpeg, &[0xff, 0xd8]));
    }
}
