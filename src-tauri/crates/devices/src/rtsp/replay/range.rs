//! What a PLAY asks for, as header fields (RFC 2326 §12.29, §12.34; ONVIF Streaming Specification §6.4–6.6).

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::Moment;

/// What of the recording, how fast, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Play {
    /// Where to begin; in reverse, the latest moment. `None` goes on where the session was paused.
    pub from: Option<Position>,
    /// Where to end; in reverse, the earliest moment. `None`: where the recording ends.
    pub until: Option<Position>,
    /// 1: as it was; 4: four times as fast; negative: backwards, group by group (`Scale`).
    pub scale: f64,
    /// The recorder keeps the pace; else it sends as fast as we take it (`Rate-Control: no`).
    pub paced: bool,
    /// Which pictures.
    pub pictures: Pictures,
}

/// A place in a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Position {
    /// By the recorder's clock (`clock=`).
    Clock(SystemTime),
    /// Since the beginning of what the address names (`npt=`).
    Since(Duration),
}

/// Which pictures are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// All of them.
    All,
    /// Key frames only (`Frames: intra`), at least so far apart where that is given.
    Key(Option<Duration>),
}

impl Play {
    /// Everything from there on, as it was.
    #[must_use]
    pub fn from(from: Position) -> Self {
        Self { from: Some(from), until: None, scale: 1.0, paced: false, pictures: Pictures::All }
    }

    /// The header fields. `onvif`: the server understands ONVIF's own.
    pub(super) fn fields(&self, onvif: bool, speed: bool) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        if let Some(range) = self.range() {
            fields.push(("Range", range));
        }
        // What a server takes for granted is not said: some refuse what they would do anyway.
        if self.scale != 1.0 {
            fields.push((if speed { "Speed" } else { "Scale" }, format!("{:.6}", self.scale)));
        }
        if onvif {
            fields.push(("Rate-Control", if self.paced { "yes" } else { "no" }.to_owned()));
            fields.push(("Immediate", "yes".to_owned()));
            match self.pictures {
                Pictures::All => {}
                Pictures::Key(None) => fields.push(("Frames", "intra".to_owned())),
                Pictures::Key(Some(apart)) => fields.push(("Frames", format!("intra/{}", apart.as_millis()))),
            }
        }
        fields
    }

    fn range(&self) -> Option<String> {
        let text = |position: Option<Position>| position.map_or_else(String::new, position_text);
        match (self.from, self.until) {
            (None, None) => None,
            (from, until) => {
                let unit = match from.or(until)? {
                    Position::Clock(_) => "clock",
                    Position::Since(_) => "npt",
                };
                let from = if from.is_none() && unit == "npt" { "now".to_owned() } else { text(from) };
                Some(format!("{unit}={from}-{}", text(until)))
            }
        }
    }
}

fn position_text(position: Position) -> String {
    match position {
        Position::Clock(at) => clock_text(at),
        Position::Since(since) => format!("{:.3}", since.as_secs_f64()),
    }
}

/// `20210716T010203.000Z`, the only form of `clock=` (RFC 2326 §3.7: UTC).
pub(crate) fn clock_text(at: SystemTime) -> String {
    // Nothing is recorded at a time that cannot be written.
    let at = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%S.%3fZ").to_string()
}

/// Reads `20210716T010203Z` and `20210716T010203.5Z`; also without the `Z`, which some leave out.
pub(crate) fn clock_time(text: &str) -> Option<SystemTime> {
    let read = DateTime::strptime("%Y%m%dT%H%M%S%.f", text.trim().trim_end_matches('Z')).ok()?;
    Some(SystemTime::from(TimeZone::UTC.to_timestamp(read).ok()?))
}

/// Where a PLAY's answer says that it begins, from its `Range`.
pub(super) fn beginning(range: &str) -> Option<Position> {
    let (unit, rest) = range.split_once('=')?;
    let from = rest.split_once('-').map_or(rest, |(from, _)| from).trim();
    match unit.trim() {
        "clock" => clock_time(from).map(Position::Clock),
        "npt" => npt(from).map(Position::Since),
        _ => None,
    }
}

/// When a position is, by the clock of the recorder; `zero`: what time it is at `npt=0`.
pub(super) fn moment(position: Position, zero: Option<SystemTime>) -> Option<SystemTime> {
    match position {
        Position::Clock(at) => Some(at),
        Position::Since(since) => zero?.checked_add(since),
    }
}

/// Zones differ by quarters of an hour.
const QUARTER: i64 = 15 * 60 * 1_000_000;

/// The same moment told in the zone of `asked`, which lies near it.
pub(super) fn in_zone_of(at: SystemTime, asked: SystemTime) -> SystemTime {
    let ahead = Moment::from(at).since_us(Moment::from(asked));
    let quarters = (ahead + QUARTER / 2).div_euclid(QUARTER);
    SystemTime::from(Moment::from(at).plus_us(-quarters * QUARTER))
}

/// Recorders begin at the key frame before a place; farther away is another place.
pub(super) fn is_near(begins: SystemTime, asked: SystemTime) -> bool {
    const FAR: i64 = 30_000_000;
    Moment::from(begins).since_us(Moment::from(asked)).abs() < FAR
}

/// Seconds, or hours, minutes and seconds (RFC 2326 §3.6).
fn npt(text: &str) -> Option<Duration> {
    let mut seconds = 0.0;
    for part in text.split(':') {
        seconds = seconds * 60.0 + part.parse::<f64>().ok()?;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SystemTime {
        SystemTime::from(text.parse::<Timestamp>().unwrap())
    }

    #[test]
    fn times_are_written_and_read_in_utc() {
        for (text, written) in [
            ("2021-07-16T01:02:03Z", "20210716T010203.000Z"),
            ("2021-07-16T08:02:03.25+07:00", "20210716T010203.250Z"),
            ("2024-02-29T23:59:59.999Z", "20240229T235959.999Z"),
            ("1970-01-01T00:00:00Z", "19700101T000000.000Z"),
        ] {
            assert_eq!(clock_text(at(text)), written);
            assert_eq!(clock_time(written), Some(at(text)));
        }
        assert_eq!(clock_time("20210716T010203Z"), Some(at("2021-07-16T01:02:03Z")));
        assert_eq!(clock_time(" 20210716T010203 "), Some(at("2021-07-16T01:02:03Z")));
        for bad in ["", "now", "20210716", "20211316T010203Z", "20210716T0102Z", "2021-07-16T01:02:03Z"] {
            assert_eq!(clock_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_what_differs_from_the_usual_is_asked_for() {
        let from = at("2021-07-16T01:02:03Z");
        let plain = Play::from(Position::Clock(from));
        assert_eq!(plain.fields(false, false), [("Range", "clock=20210716T010203.000Z-".to_owned())]);
        let fast = Play { scale: -4.0, pictures: Pictures::Key(Some(Duration::from_secs(4))), ..plain };
        let fields = fast.fields(true, false);
        assert!(fields.contains(&("Scale", "-4.000000".to_owned())));
        assert!(fields.contains(&("Rate-Control", "no".to_owned())));
        assert!(fields.contains(&("Frames", "intra/4000".to_owned())));
        assert!(fast.fields(false, true).contains(&("Speed", "-4.000000".to_owned())));
        assert!(!fast.fields(false, true).iter().any(|(name, _)| *name == "Frames"));
        let on = Play { from: None, until: None, scale: 1.0, paced: true, pictures: Pictures::All };
        assert_eq!(on.fields(false, false), []);
    }

    #[test]
    fn seconds_are_given_where_an_address_names_its_own_beginning() {
        let since = |seconds| Position::Since(Duration::from_secs_f64(seconds));
        let play = Play { until: Some(since(90.0)), ..Play::from(since(1.5)) };
        assert_eq!(play.fields(false, false), [("Range", "npt=1.500-90.000".to_owned())]);
    }

    #[test]
    fn a_clock_in_another_zone_is_the_same_moment() {
        let asked = at("2021-07-16T01:02:03Z");
        for (told, wanted) in [
            ("2021-07-16T01:02:01Z", "2021-07-16T01:02:01Z"),
            ("2021-07-15T18:02:01.5Z", "2021-07-16T01:02:01.5Z"),
            ("2021-07-16T06:47:04Z", "2021-07-16T01:02:04Z"),
        ] {
            assert_eq!(in_zone_of(at(told), asked), at(wanted), "{told}");
            assert!(is_near(at(wanted), asked));
        }
        assert!(!is_near(asked, at("2021-07-16T01:03:03Z")));
        let since = Position::Since(Duration::from_secs(7));
        assert_eq!(
            (moment(since, None), moment(since, Some(asked))),
            (None, Some(at("2021-07-16T01:02:10Z")))
        );
    }

    #[test]
    fn the_answer_says_where_it_begins() {
        assert_eq!(
            beginning("clock=20210716T010203.5Z-20210716T020000Z"),
            Some(Position::Clock(at("2021-07-16T01:02:03.5Z")))
        );
        assert_eq!(beginning("npt=0:01:02.5-"), Some(Position::Since(Duration::from_millis(62_500))));
        assert_eq!(beginning("npt=7.25-60"), Some(Position::Since(Duration::from_millis(7250))));
        for bad in ["", "npt=now-", "smpte=0:10:20-", "clock=-20210716T010203Z"] {
            assert_eq!(beginning(bad), None, "{bad}");
        }
    }
}
