//! What a PLAY asks for: `Range`, `Scale`, `Rate-Control`, `Frames` (RFC 2326 §12.29 and §12.34, ONVIF Streaming §6).

use crate::recordings::Calendar;
use crate::rtsp::message::Request;

/// The order in which a span is to be played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Order {
    /// Where to begin, true time in ms; where it is if `None`.
    pub(crate) from: Option<i64>,
    /// Where to end.
    pub(crate) until: Option<i64>,
    /// Speed; backwards below 0.
    pub(crate) scale: f64,
    /// At that speed, or as fast as the connection takes it.
    pub(crate) paced: bool,
    /// Key frames alone, at least so many milliseconds apart.
    pub(crate) intra: Option<i64>,
}

/// The text of `clock=` times.
pub(crate) const CLOCK: &str = "%Y%m%dT%H%M%S%.3fZ";

/// Reads the headers; `start` is where `npt=0` is. An error is the status to refuse with.
pub(crate) fn order(request: &Request, calendar: Calendar, start: i64) -> Result<Order, u16> {
    let (from, until) = match request.header("Range") {
        None => (None, None),
        Some(text) => range(text, calendar, start).ok_or(457_u16)?,
    };
    let scale = match request.header("Scale").or_else(|| request.header("Speed")) {
        None => 1.0,
        Some(text) => text.parse::<f64>().ok().filter(|s| s.is_finite() && *s != 0.0).ok_or(400_u16)?,
    };
    let intra = match request.header("Frames").map(|text| text.split_once('/').unwrap_or((text, "0"))) {
        None | Some(("all", _)) => None,
        Some(("intra", interval)) => Some(interval.trim().parse::<i64>().map_err(|_| 400_u16)?),
        Some(_) => return Err(400),
    };
    let paced = !request.header("Rate-Control").is_some_and(|text| text.eq_ignore_ascii_case("no"));
    Ok(Order { from, until, scale: scale.clamp(-64.0, 64.0), paced, intra })
}

fn range(text: &str, calendar: Calendar, start: i64) -> Option<(Option<i64>, Option<i64>)> {
    let (unit, rest) = text.split(';').next()?.trim().split_once('=')?;
    let (from, until) = rest.split_once('-')?;
    let one = |text: &str| -> Option<Option<i64>> {
        match (unit, text.trim()) {
            (_, "") => Some(None),
            ("clock", text) => {
                // The fraction may be left out.
                let clock = |format| calendar.parse(text, format, true, 0);
                clock("%Y%m%dT%H%M%S%.fZ").or_else(|| clock("%Y%m%dT%H%M%SZ")).map(Some)
            }
            ("npt", "now") => Some(None),
            ("npt", text) => {
                let seconds = text.parse::<f64>().ok().filter(|s| (0.0..1e7).contains(s))?;
                Some(Some(start + (seconds * 1000.0).round() as i64))
            }
            _ => None,
        }
    };
    Some((one(from)?, one(until)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::equipment::Equipment;
    use crate::rtsp::message::{Incoming, parse};

    const NOW: i64 = 1_638_000_000_000;

    fn read(headers: &str) -> Result<Order, u16> {
        let text = format!("PLAY rtsp://h/replay/ch1/sub RTSP/1.0\r\n{headers}\r\n");
        let Ok(Some((Incoming::Request(request), _))) = parse(text.as_bytes()) else { panic!("{headers}") };
        let plain = (0..59).map(Equipment::of).find(|equipment| !equipment.was_put_back).unwrap();
        order(&request, Calendar::new(plain, 0, NOW), NOW - 1000)
    }

    #[test]
    fn ranges_in_both_units() {
        let range = |text: &str| read(&format!("Range: {text}\r\n")).map(|order| (order.from, order.until));
        assert_eq!(range("clock=20211127T080000.250Z-"), Ok((Some(NOW + 250), None)));
        assert_eq!(range("clock=20211127T080000Z-20211127T080001Z"), Ok((Some(NOW), Some(NOW + 1000))));
        assert_eq!(range("npt=1.5-"), Ok((Some(NOW + 500), None)));
        assert_eq!(range("npt=now-"), Ok((None, None)));
        for wrong in ["clock=yesterday-", "smpte=0-", "npt=-1.5-", "clock", "npt=1e99-"] {
            assert_eq!(range(wrong), Err(457), "{wrong}");
        }
    }

    #[test]
    fn manners_of_playing() {
        let plain = Order { from: None, until: None, scale: 1.0, paced: true, intra: None };
        assert_eq!(read(""), Ok(plain));
        let quick = Order { scale: -4.0, paced: false, intra: Some(4000), ..plain };
        assert_eq!(read("Scale: -4.0\r\nRate-Control: no\r\nFrames: intra/4000\r\n"), Ok(quick));
        assert_eq!(read("Speed: 2\r\nFrames: intra\r\n"), Ok(Order { scale: 2.0, intra: Some(0), ..plain }));
        for wrong in ["Scale: 0\r\n", "Scale: fast\r\n", "Frames: some\r\n"] {
            assert_eq!(read(wrong), Err(400), "{wrong}");
        }
    }
}
