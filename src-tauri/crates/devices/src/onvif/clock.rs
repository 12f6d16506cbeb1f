//! What a device's clock says, and how it differs from ours.

use std::time::{Duration, SystemTime};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::ClockOffset;

use super::element::Element;

/// A moment as devices write and read it: UTC, to the millisecond and no finer (some read no more digits).
pub(super) fn stamp(moment: SystemTime) -> String {
    let moment = Timestamp::try_from(moment).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Reads a moment (`xs:dateTime`); some devices leave out the zone, and mean UTC.
pub(super) fn moment(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let read = text.parse::<Timestamp>().ok();
    let read =
        read.or_else(|| text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp()));
    read.map(SystemTime::from)
}

/// The time in an answer to `GetSystemDateAndTime`: its UTC, else its local time with its zone.
pub(super) fn told(answer: &Element) -> Option<SystemTime> {
    let system = answer.child("SystemDateAndTime")?;
    if let Some(utc) = system.child("UTCDateTime").and_then(civil) {
        return TimeZone::UTC.to_timestamp(utc).ok().map(SystemTime::from);
    }
    let local = system.child("LocalDateTime").and_then(civil)?;
    let zone = TimeZone::posix(system.path(&["TimeZone", "TZ"])?.text().trim()).ok()?;
    zone.to_timestamp(local).ok().map(SystemTime::from)
}

fn civil(when: &Element) -> Option<DateTime> {
    let number = |group: &str, name: &str| when.path(&[group, name])?.text().trim().parse::<i16>().ok();
    let small = |group: &str, name: &str| number(group, name).and_then(|n| i8::try_from(n).ok());
    // A leap second is the second before it, as everywhere.
    let second = small("Time", "Second")?.min(59);
    DateTime::new(
        number("Date", "Year")?,
        small("Date", "Month")?,
        small("Date", "Day")?,
        small("Time", "Hour")?,
        small("Time", "Minute")?,
        second,
        0,
    )
    .ok()
}

/// How far it is ahead, from what it told between our asking and its answer. It tells whole seconds: on average half a
/// second has passed since.
pub(crate) fn offset(told: SystemTime, asked: SystemTime, took: Duration) -> ClockOffset {
    const HALF: Duration = Duration::from_millis(500);
    let ours = asked + took / 2;
    let theirs = told + HALF;
    let ahead = match theirs.duration_since(ours) {
        Ok(ahead) => i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX),
        Err(behind) => -i64::try_from(behind.duration().as_millis()).unwrap_or(i64::MAX),
    };
    ClockOffset { ahead_ms: ahead, within: took / 2 + HALF }
}

/// The device's time at a moment of ours. A clock that is ages away is taken for ours: no date holds it.
pub(super) fn theirs(ours: SystemTime, ahead_ms: i64) -> SystemTime {
    let ours = Timestamp::try_from(ours).unwrap_or(Timestamp::UNIX_EPOCH);
    SystemTime::from(ours.checked_add(SignedDuration::from_millis(ahead_ms)).unwrap_or(ours))
}

/// The moment in a `Date` header (RFC 9110 §5.6.7).
pub(super) fn http_date(text: &str) -> Option<SystemTime> {
    let zoned = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(SystemTime::from(zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onvif::element::read as read_xml;

    fn read(text: &str) -> Option<String> {
        told(&read_xml(text.as_bytes()).unwrap()).map(stamp)
    }

    #[test]
    fn utc_goes_before_local_time() {
        let utc = "<UTCDateTime><Time><Hour>1</Hour><Minute>2</Minute><Second>3</Second></Time>\
            <Date><Year>2021</Year><Month>7</Month><Day>16</Day></Date></UTCDateTime>";
        let local = "<TimeZone><TZ>ICT-7</TZ></TimeZone><LocalDateTime><Time><Hour>8</Hour><Minute>2</Minute>\
            <Second>60</Second></Time><Date><Year>2021</Year><Month>7</Month><Day>16</Day></Date></LocalDateTime>";
        let answer = |inner: &str| read(&format!("<R><SystemDateAndTime>{inner}</SystemDateAndTime></R>"));
        assert_eq!(answer(&format!("{utc}{local}")).as_deref(), Some("2021-07-16T01:02:03.000Z"));
        assert_eq!(answer(local).as_deref(), Some("2021-07-16T01:02:59.000Z"));
        assert_eq!(answer(""), None);
        assert_eq!(answer(&utc.replace("16", "99")), None);
    }

    #[test]
    fn an_offset_says_how_far_it_may_be_wrong() {
        let asked = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let ahead = offset(asked + Duration::from_secs(10), asked, Duration::from_millis(200));
        assert_eq!(ahead, ClockOffset { ahead_ms: 10_400, within: Duration::from_millis(600) });
        let behind = offset(asked - Duration::from_secs(10), asked, Duration::ZERO);
        assert_eq!(behind.ahead_ms, -9_500);
        assert_eq!(theirs(asked, -9_500), asked - Duration::from_millis(9_500));
        assert_eq!(theirs(asked, i64::MAX), asked);
    }

    #[test]
    fn moments_are_read_as_devices_write_them() {
        for text in ["2021-07-16T01:02:03Z", " 2021-07-16T01:02:03.000", "2021-07-16T08:02:03+07:00\n"] {
            assert_eq!(moment(text).map(stamp).as_deref(), Some("2021-07-16T01:02:03.000Z"), "{text}");
        }
        assert_eq!(moment("yesterday"), None);
        let date = http_date("Fri, 16 Jul 2021 01:02:03 GMT").map(stamp);
        assert_eq!(date.as_deref(), Some("2021-07-16T01:02:03.000Z"));
    }
}
