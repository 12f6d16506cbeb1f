//! What people write into cells.

use super::columns::folded;
use super::rows::RowFlaw;
use crate::sites::Zone;

/// A whole number; also as `16.0`, which some spreadsheets make of 16.
pub(crate) fn number(text: &str) -> Result<i64, RowFlaw> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse().map_err(|_| RowFlaw::NotANumber)
}

/// A number with a point, or, as in Vietnam, with a comma.
pub(crate) fn decimal(text: &str) -> Result<f64, RowFlaw> {
    text.replacen(',', ".", 1).parse().map_err(|_| RowFlaw::NotANumber)
}

pub(crate) fn yes_or_no(text: &str) -> Result<bool, RowFlaw> {
    match folded(text).as_str() {
        "1" | "true" | "yes" | "y" | "x" | "co" | "dung" | "ngoai_troi" | "outdoor" => Ok(true),
        "0" | "false" | "no" | "n" | "khong" | "sai" | "trong_nha" | "indoor" => Ok(false),
        _ => Err(RowFlaw::NotYesOrNo),
    }
}

pub(crate) fn zone(text: &str) -> Result<Zone, RowFlaw> {
    let folded = folded(text);
    match folded.strip_prefix("vung_").unwrap_or(&folded) {
        "green" | "xanh" | "xanh_la" => Ok(Zone::Green),
        "yellow" | "vang" => Ok(Zone::Yellow),
        "orange" | "cam" | "da_cam" => Ok(Zone::Orange),
        "red" | "do" => Ok(Zone::Red),
        _ => Err(RowFlaw::NotAZone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_understood_as_people_mean_them() {
        assert_eq!((number("16"), number("16.0"), number("-3")), (Ok(16), Ok(16), Ok(-3)));
        assert_eq!((decimal("10.25"), decimal("10,25")), (Ok(10.25), Ok(10.25)));
        assert_eq!((yes_or_no("Có"), yes_or_no("KHÔNG"), yes_or_no("TRUE")), (Ok(true), Ok(false), Ok(true)));
        assert_eq!(
            (zone("Đỏ"), zone("vùng xanh"), zone("orange")),
            (Ok(Zone::Red), Ok(Zone::Green), Ok(Zone::Orange))
        );
    }

    #[test]
    fn what_is_meant_by_nobody_is_refused() {
        for text in ["", "1.5", "1,000,000", "ba", "0x10", "99999999999999999999"] {
            assert_eq!(number(text), Err(RowFlaw::NotANumber), "{text}");
        }
        assert_eq!(decimal("1,2,3"), Err(RowFlaw::NotANumber));
        assert_eq!(yes_or_no("maybe"), Err(RowFlaw::NotYesOrNo));
        assert_eq!(zone("blue"), Err(RowFlaw::NotAZone));
    }
}
