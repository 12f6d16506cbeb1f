//! What the makers' protocols have in common: speeds in steps, ranges, spellings of codings, what a meeting can do without.

use model::{Codec, Fault, Size, Span};

use crate::device::FoundProfile;

/// A share of the top speed as a whole number up to `most`; what is not 0 stays so.
pub(crate) fn steps(share: f32, most: i32) -> i32 {
    let scaled = (share * most as f32).round() as i32;
    if scaled == 0 && share != 0.0 { if share > 0.0 { 1 } else { -1 } } else { scaled.clamp(-most, most) }
}

/// An axis that moves between ends which the device does not tell.
pub(crate) const ENDLESS: Span = Span { least: f64::NEG_INFINITY, most: f64::INFINITY };

/// From the least to the most, where that is a range.
pub(crate) fn span(least: Option<f64>, most: Option<f64>) -> Option<Span> {
    let (least, most) = (least?, most?);
    (least <= most).then_some(Span { least, most })
}

/// Whether a range of pan goes all around.
pub(crate) fn wraps(pan: Option<Span>) -> bool {
    pan.is_some_and(|span| span.width().is_finite() && span.width() >= 359.0)
}

/// A coding by the name that a maker has for it (`H.265`, `H265`, `HEVC`, `MJPG`, `H.264H`).
pub(crate) fn codec(name: &str) -> Option<Codec> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    match plain.as_str() {
        "H265" | "HEVC" | "H265PLUS" => Some(Codec::H265),
        "MJPEG" | "MJPG" | "JPEG" => Some(Codec::Mjpeg),
        other if other.starts_with("H264") => Some(Codec::H264),
        _ => None,
    }
}

/// `1920x1080` (or with `*`).
pub(crate) fn size(text: &str) -> Option<Size> {
    let (width, height) = text.split_once(['x', 'X', '*'])?;
    sized(width.trim().parse().ok(), height.trim().parse().ok())
}

/// A size, if it is one that a camera may have.
pub(crate) fn sized(width: Option<u32>, height: Option<u32>) -> Option<Size> {
    let (width, height) = (width?, height?);
    let sound = (1..=32_768).contains(&width) && (1..=32_768).contains(&height);
    sound.then_some(Size { width, height })
}

/// The largest first; the order of the device among equals.
pub(crate) fn largest_first(profiles: &mut [FoundProfile]) {
    let pixels = |size: Size| u64::from(size.width) * u64::from(size.height);
    profiles.sort_by_key(|profile| std::cmp::Reverse(profile.size.map_or(0, pixels)));
}

/// What a device does not offer, does not know or does not want to tell leaves out what it is about; other faults
/// end the meeting.
pub(crate) fn unless_essential<T>(answer: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(
            Fault::NotOffered
            | Fault::NotFound
            | Fault::Forbidden
            | Fault::Refused(_)
            | Fault::DeviceSays(_)
            | Fault::Protocol(_)
            | Fault::OversizedAnswer(_),
        ) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The number of a place that a device keeps, from what it is called by.
pub(crate) fn numbered(token: &str, most: u16) -> Result<u16, Fault> {
    token.parse().ok().filter(|number| (1..=most).contains(number)).ok_or(Fault::NotFound)
}

/// The first number that is free.
pub(crate) fn free(taken: impl Iterator<Item = u16> + Clone, most: u16) -> Result<u16, Fault> {
    let mut numbers = 1..=most;
    numbers
        .find(|number| !taken.clone().any(|other| other == *number))
        .ok_or_else(|| Fault::DeviceSays("no preset free".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_speed_is_no_standstill() {
        assert_eq!(
            [0.0, 0.001, -0.001, 0.5, -1.0, 1.0].map(|share| steps(share, 100)),
            [0, 1, -1, 50, -100, 100]
        );
        assert_eq!(steps(-0.1, 8), -1);
    }

    #[test]
    fn codings_and_sizes_are_read_in_each_makers_spelling() {
        assert_eq!(["H.265", "H265", "hevc", "H.265+"].map(codec), [Some(Codec::H265); 4]);
        assert_eq!(["H.264", "H.264H", "H264B"].map(codec), [Some(Codec::H264); 3]);
        assert_eq!(["MJPG", "MPEG4", ""].map(codec), [Some(Codec::Mjpeg), None, None]);
        assert_eq!(size("1920x1080"), Some(Size { width: 1920, height: 1080 }));
        assert_eq!((size("0x0"), size("D1"), size("99999999x1")), (None, None, None));
    }

    #[test]
    fn a_range_is_from_less_to_more_and_all_around_wraps() {
        assert_eq!(span(Some(0.0), None), None);
        assert_eq!(span(Some(5.0), Some(1.0)), None);
        assert!(wraps(span(Some(-180.0), Some(180.0))));
        assert!(!wraps(span(Some(0.0), Some(350.0))));
        assert!(!wraps(Some(ENDLESS)));
    }

    #[test]
    fn the_first_free_number_is_taken() {
        assert_eq!(free([1, 2, 4].into_iter(), 9), Ok(3));
        assert!(free([1, 2].into_iter(), 2).is_err());
        assert_eq!(
            (numbered("7", 9), numbered("0", 9), numbered("../7", 9)),
            (Ok(7), Err(Fault::NotFound), Err(Fault::NotFound))
        );
    }
}
