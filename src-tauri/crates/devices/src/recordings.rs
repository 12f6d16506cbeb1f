//! What a recorder holds: which spans, and where they are played from.
//!
//! All times here are by the recorder's own clock: who asks has measured how that differs and puts it right.

use std::time::SystemTime;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use model::{Address, Fault, Moment, Period, PicturePart, Recorded, RecordedFor};

use crate::Reply;
use crate::tls::Pin;

/// Where a stretch of recording is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Footage {
    /// What a [`crate::rtsp::replay::Replay`] opens.
    pub address: Address,
    /// What time it is at the beginning of what the address names, for makes that put the time into it (Wisenet, Hikvision,
    /// Dahua): places are then asked for as seconds since. `None`: they are asked for as times (ONVIF).
    pub zero: Option<SystemTime>,
    /// What the address plays, without a gap: `zero` and ticks tell no time behind one. `None`: all that there is.
    pub holds: Option<Period>,
    /// The certificate that its device must show where that is over TLS: the one of its other services.
    pub pin: Pin,
}

impl Footage {
    /// An address that plays everything, by the times of its pictures (ONVIF).
    #[must_use]
    pub const fn whole(address: Address, pin: Pin) -> Self {
        Self { address, zero: None, holds: None, pin }
    }

    /// An address with times in it, whole seconds, that plays a stretch without a gap.
    #[must_use]
    pub fn part(address: Address, holds: Period, pin: Pin) -> Self {
        Self { address, zero: Some(SystemTime::from(holds.from)), holds: Some(holds), pin }
    }
}

/// What a recorder holds of its channels. ONVIF Profile G, SUNAPI `recording.cgi`, ISAPI `ContentMgmt/search`, Dahua
/// `mediaFileFind`.
pub trait Recordings: Send + Sync {
    /// All stretches that lie in a period or reach into it, in order of their beginning.
    ///
    /// # Errors
    /// The recorder's refusal.
    fn spans(&self, channel: u32, period: Period) -> Reply<'_, Vec<Recorded>>;

    /// Where what was recorded in a period is played. `overlap`: see [`Recorded::overlap`].
    ///
    /// # Errors
    /// The recorder's refusal; [`model::Fault::NotFound`] where it has nothing of it.
    fn footage(&self, channel: u32, period: Period, overlap: u32) -> Reply<'_, Footage>;

    /// The days, by the device's own calendar, on which anything was recorded and which reach into a period: quicker than all
    /// spans. `None`: it offers no calendar.
    ///
    /// # Errors
    /// The recorder's refusal.
    fn days(&self, channel: u32, period: Period) -> Reply<'_, Option<Vec<Period>>> {
        let _ = (channel, period);
        Box::pin(async { Ok(None) })
    }

    /// Before this it has nothing of a channel; `None`: it does not say.
    ///
    /// # Errors
    /// The recorder's refusal.
    fn oldest(&self, channel: u32) -> Reply<'_, Option<Moment>> {
        let _ = channel;
        Box::pin(async { Ok(None) })
    }

    /// What its clock shows now; all tell it in whole seconds, the second begun. `None`: it does not say.
    ///
    /// # Errors
    /// The recorder's refusal.
    fn time(&self) -> Reply<'_, Option<SystemTime>> {
        Box::pin(async { Ok(None) })
    }

    /// Looks for motion by itself in what it holds. `None`: it does not offer that.
    fn motion_search(&self) -> Option<&dyn MotionSearch> {
        None
    }
}

/// A recorder's own search for motion, by what it noted while it recorded: no footage is sent for it. Recorders carry out few at
/// once, so whoever has begun one ends it. SUNAPI `smartsearch`.
pub trait MotionSearch: Send + Sync {
    /// Begins to look through a period, by the recorder's clock, for motion in parts of the picture; none: all of it. What it
    /// gives back stands for the search in the other calls.
    ///
    /// # Errors
    /// The recorder's refusal; [`Fault::NotOffered`] where it has no such search after all, or not of so many parts.
    fn begin<'a>(&'a self, channel: u32, period: Period, area: &'a [PicturePart]) -> Reply<'a, String>;

    /// Whether it has looked through all of it.
    ///
    /// # Errors
    /// It has failed, or somebody has ended it.
    fn is_through<'a>(&'a self, token: &'a str) -> Reply<'a, bool>;

    /// When something moved, by the recorder's clock, in whole seconds and in the recorder's order. Asked once it is through.
    ///
    /// # Errors
    /// The recorder's refusal; [`Fault::Protocol`] where the answer is not understood to its end.
    fn found<'a>(&'a self, token: &'a str) -> Reply<'a, Vec<Period>>;

    /// Ends it, through or not, so that the recorder has a place free.
    ///
    /// # Errors
    /// The recorder's refusal.
    fn end<'a>(&'a self, token: &'a str) -> Reply<'a, ()>;
}

/// Stretches that follow each other by no more than this are one: makes end a file at 59 s and begin the next at 0 s.
const JOINS: i64 = 1_000_000;

/// In order, those that follow each other and were recorded for the same reason as one.
pub(crate) fn joined(mut found: Vec<Recorded>) -> Vec<Recorded> {
    found.sort_by_key(|span| (span.overlap, span.why as u8, span.period.from));
    let mut spans: Vec<Recorded> = Vec::new();
    for span in found {
        match spans.last_mut() {
            Some(last)
                if (last.overlap, last.why) == (span.overlap, span.why)
                    && span.period.from.since_us(last.period.until) <= JOINS =>
            {
                last.period.until = last.period.until.max(span.period.until);
            }
            _ => spans.push(span),
        }
    }
    spans.sort_by_key(|span| (span.period.from, span.period.until));
    spans
}

/// The first stretch without a gap in a period, for whatever reasons it was recorded, in whole seconds.
///
/// # Errors
/// [`Fault::NotFound`]: there is none.
pub(crate) fn first_stretch(found: Vec<Recorded>, period: Period) -> Result<Period, Fault> {
    let alike = found.into_iter().map(|span| Recorded { why: RecordedFor::Continuous, ..span });
    let all = joined(alike.collect());
    let first = all.iter().find_map(|span| span.period.common(period)).ok_or(Fault::NotFound)?;
    let begun = |moment: Moment| Moment(moment.0.div_euclid(1_000_000).saturating_mul(1_000_000));
    Ok(Period { from: begun(first.from), until: begun(first.until.plus_us(999_999)) })
}

/// The texts of a device that tells its times in its own zone.
#[derive(Clone, Debug)]
pub(crate) struct Local(pub(crate) TimeZone);

impl Local {
    /// A moment in the device's words, the second begun.
    ///
    /// # Errors
    /// [`Fault::NotFound`]: nothing can have been recorded then.
    pub(crate) fn told(&self, moment: Moment, format: &str) -> Result<String, Fault> {
        let stamp = Timestamp::from_second(moment.0.div_euclid(1_000_000)).map_err(|_| Fault::NotFound)?;
        Ok(stamp.to_zoned(self.0.clone()).strftime(format).to_string())
    }

    /// The moment of a text; whatever zone it names, the device's is meant. Of an hour that a zone has twice, the first is:
    /// the device does not say which.
    pub(crate) fn read(&self, text: &str) -> Option<Moment> {
        let civil: DateTime = text.trim().trim_end_matches('Z').parse().ok()?;
        self.0.to_timestamp(civil).ok().map(|stamp| Moment(stamp.as_microsecond()))
    }
}

/// Months of one question: nobody looks at more at once.
const MOST_MONTHS: usize = 13;

impl Local {
    /// The first days of the months, on the device's calendar, that reach into a period.
    pub(crate) fn months(&self, period: Period) -> Vec<Date> {
        let date = |moment: Moment| {
            let stamp = Timestamp::from_second(moment.0.div_euclid(1_000_000)).ok()?;
            Some(stamp.to_zoned(self.0.clone()).date())
        };
        let (Some(first), Some(last)) = (date(period.from), date(period.until.plus_us(-1))) else {
            return Vec::new();
        };
        let months = std::iter::successors(Some(first.first_of_month()), |month| {
            month.checked_add(1.month()).ok().filter(|next| *next <= last)
        });
        months.take(MOST_MONTHS).collect()
    }

    /// A day of the device's calendar.
    pub(crate) fn day(&self, date: Date) -> Option<Period> {
        let begin = |date: Date| {
            let begins = date.to_zoned(self.0.clone()).ok()?;
            Some(Moment(begins.timestamp().as_microsecond()))
        };
        Some(Period { from: begin(date)?, until: begin(date.tomorrow().ok()?)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_are_those_of_the_devices_zone() {
        let zone = Local(TimeZone::posix("ICT-7").unwrap());
        // In Vietnam it is August already.
        let period = Period { from: at("2021-07-31T18:00:00Z"), until: at("2021-09-30T17:00:00Z") };
        let months: Vec<_> = zone.months(period).iter().map(ToString::to_string).collect();
        assert_eq!(months, ["2021-08-01", "2021-09-01"]);
        let day = zone.day(jiff::civil::date(2021, 8, 1)).unwrap();
        assert_eq!((day.from, day.until), (at("2021-07-31T17:00:00Z"), at("2021-08-01T17:00:00Z")));
        let ever = Period { from: Moment(0), until: at("2021-09-30T17:00:00Z") };
        assert_eq!(zone.months(ever).len(), MOST_MONTHS);
    }

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn span(from: i64, until: i64, why: RecordedFor) -> Recorded {
        let second = |at: i64| Moment(at * 1_000_000 + 250_000);
        Recorded { period: Period { from: second(from), until: second(until) }, why, overlap: 0 }
    }

    #[test]
    fn summer_time_is_the_zones() {
        let zone = Local(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap());
        assert_eq!(zone.read("2021-07-16 12:00:00"), Some(at("2021-07-16T10:00:00Z")));
        assert_eq!(zone.read("2021-12-16T12:00:00Z"), Some(at("2021-12-16T11:00:00Z")));
        assert_eq!(zone.read("2021-10-31 02:30:00"), Some(at("2021-10-31T00:30:00Z")));
        assert_eq!(zone.told(at("2021-07-16T10:00:00.9Z"), "%H:%M:%S").as_deref(), Ok("12:00:00"));
        assert_eq!(zone.told(Moment(i64::MAX), "%H"), Err(Fault::NotFound));
        let bad = ["", "yesterday", "2021-13-99 00:00:00", "99999-01-01 00:00:00"];
        assert_eq!(bad.map(|text| zone.read(text)), [None; 4]);
    }

    #[test]
    fn a_stretch_goes_on_over_reasons_and_ends_at_a_gap() {
        let continuous = RecordedFor::Continuous;
        let found = vec![
            span(100, 159, continuous),
            span(160, 170, RecordedFor::Motion),
            span(170, 200, continuous),
            span(260, 300, continuous),
        ];
        let all = Period { from: Moment(0), until: Moment(i64::MAX) };
        let seconds = |from: i64, until: i64| Period {
            from: Moment(from * 1_000_000),
            until: Moment(until * 1_000_000),
        };
        assert_eq!(first_stretch(found.clone(), all), Ok(seconds(100, 201)));
        let later = Period { from: Moment(220_000_000), until: Moment(270_000_000) };
        assert_eq!(first_stretch(found.clone(), later), Ok(seconds(260, 270)));
        let gap = Period { from: Moment(210_000_000), until: Moment(220_000_000) };
        assert_eq!(first_stretch(found.clone(), gap), Err(Fault::NotFound));
        assert_eq!(joined(found).len(), 4, "by reason they stay apart");
    }
}
