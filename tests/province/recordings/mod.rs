//! What recorders have kept: fifteen days of every channel, computed from the loops and stored nowhere.
//!
//! All times inside are true ones, in milliseconds since 1970 (UTC); [`Calendar`] turns them into what a recorder's own
//! clock showed then, and back. A picture of a moment is that of the loop at `moment × frame rate`, so that a test knows
//! which number it must find.

mod calendar;
pub(crate) mod finds;

use std::ops::Range;
use std::time::{Duration, SystemTime};

pub(crate) use calendar::Calendar;

/// Days that are kept.
pub const DAYS: i64 = 15;
/// Milliseconds of an hour and a day.
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;
/// Milliseconds by which Vietnam's time is ahead of UTC.
pub(crate) const ZONE: i64 = 7 * HOUR;

/// Why something was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// Always.
    Continuous,
    /// Something moved. Lies within what was recorded anyway.
    Motion,
}

/// A span of recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// True time, ms since 1970.
    pub during: Range<i64>,
    /// Why.
    pub kind: SpanKind,
}

/// Milliseconds since 1970.
pub(crate) fn millis(time: SystemTime) -> i64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// The time of so many milliseconds since 1970; times before are 1970.
pub(crate) fn time(millis: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis.max(0).unsigned_abs())
}

/// The first moment that a recorder still has: a whole hour.
pub(crate) fn oldest(now: i64) -> i64 {
    (now - DAYS * DAY).div_euclid(HOUR) * HOUR
}

/// When the camera's recorder did not record, on the local day that begins at `day`: ten minutes each night; and every
/// fifth camera three hours one afternoon of seven, when its cable was unplugged.
fn gaps(camera: usize, day: i64) -> Vec<Range<i64>> {
    let night = day + 2 * HOUR + (camera % 12) as i64 * 300_000;
    let unplugged =
        camera.is_multiple_of(5) && (day + ZONE).div_euclid(DAY).rem_euclid(7) == (camera / 5 % 7) as i64;
    let afternoon = unplugged.then_some(day + 13 * HOUR..day + 16 * HOUR);
    std::iter::once(night..night + 600_000).chain(afternoon).collect()
}

/// The beginning of the local day of a moment.
pub(crate) fn day_of(at: i64) -> i64 {
    (at + ZONE).div_euclid(DAY) * DAY - ZONE
}

/// What was recorded of a camera, within `during`, until `now`: in order, without overlaps. A gap is there once it is past for
/// an hour: at any time of day somebody can go to a minute ago.
pub(crate) fn recorded(camera: usize, during: &Range<i64>, now: i64) -> Vec<Range<i64>> {
    let (start, end) = (during.start.max(oldest(now)), during.end.min(now));
    let (mut spans, mut from, mut day) = (Vec::new(), start, day_of(start));
    while day < end {
        for gap in gaps(camera, day) {
            if gap.end <= from || gap.start >= end || gap.end > now - HOUR {
                continue;
            }
            if gap.start > from {
                spans.push(from..gap.start);
            }
            from = gap.end;
        }
        day += DAY;
    }
    if from < end {
        spans.push(from..end);
    }
    spans
}

/// A fixed number in 0–1 for each camera and slot.
fn chance(camera: usize, slot: i64, what: u64) -> f64 {
    let mixed = (camera as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ slot.unsigned_abs().wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
        ^ what.wrapping_mul(0x1656_67b1_9e37_79f9);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 40) as f64 / (1_u64 << 24) as f64
}

/// When something moved: in half of all slots of ten minutes once, for 8 to 60 s. Only where it was recorded.
pub(crate) fn motion(camera: usize, during: &Range<i64>, now: i64) -> Vec<Range<i64>> {
    const SLOT: i64 = 600_000;
    let recorded = recorded(camera, during, now);
    let slots = during.start.max(oldest(now)).div_euclid(SLOT)..=during.end.min(now).div_euclid(SLOT);
    let of_slot = |slot: i64| {
        let start = slot * SLOT + (chance(camera, slot, 2) * 530_000.0) as i64;
        let end = start + 8000 + (chance(camera, slot, 3) * 52_000.0) as i64;
        (chance(camera, slot, 1) < 0.5).then_some(start..end)
    };
    let within = |span: Range<i64>| {
        let inside = recorded.iter().find(|part| part.start < span.end && span.start < part.end)?;
        Some(span.start.max(inside.start)..span.end.min(inside.end))
    };
    slots.filter_map(of_slot).filter_map(within).collect()
}

/// Both kinds of spans.
pub(crate) fn spans(camera: usize, during: &Range<i64>, now: i64) -> Vec<Span> {
    let of = |kind: SpanKind| move |during: Range<i64>| Span { during, kind };
    let recorded = recorded(camera, during, now).into_iter().map(of(SpanKind::Continuous));
    recorded.chain(motion(camera, during, now).into_iter().map(of(SpanKind::Motion))).collect()
}

/// The first recorded moment at or after `at`, `None` if there is none.
pub(crate) fn next_recorded(camera: usize, at: i64, now: i64) -> Option<i64> {
    recorded(camera, &(at..now), now).first().map(|span| span.start)
}

/// The last recorded moment before `at`.
pub(crate) fn last_recorded(camera: usize, at: i64, now: i64) -> Option<i64> {
    recorded(camera, &(oldest(now)..at), now).last().map(|span| span.end - 1)
}

/// Counts pictures since 1970: the number of the first picture at or after a moment.
pub(crate) fn picture_at(at: i64, frame_rate: u32) -> i64 {
    (at * i64::from(frame_rate) + 999).div_euclid(1000)
}

/// When a picture was taken, ms; rounded down.
pub(crate) fn moment_of(picture: i64, frame_rate: u32) -> i64 {
    (picture * 1000).div_euclid(i64::from(frame_rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_638_000_000_000;

    #[test]
    fn a_day_is_recorded_but_for_its_gaps() {
        for camera in [3, 5, 40, 361] {
            let day = day_of(NOW - 4 * DAY);
            let spans = recorded(camera, &(day..day + DAY), NOW);
            let whole: i64 = spans.iter().map(|span| span.end - span.start).sum();
            let missing: i64 = gaps(camera, day).iter().map(|gap| gap.end - gap.start).sum();
            assert_eq!(whole, DAY - missing);
            assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
        let long = |camera| (0..7).filter(|day| gaps(camera, day_of(NOW - day * DAY)).len() == 2).count();
        assert_eq!((long(10), long(11)), (1, 0), "once a week, and only some");
    }

    #[test]
    fn nothing_is_older_than_fifteen_days_or_still_to_come() {
        let all = recorded(8, &(0..i64::MAX / 2), NOW);
        assert_eq!(all[0].start, oldest(NOW));
        assert_eq!(all.last().unwrap().end, NOW);
        assert_eq!(next_recorded(8, NOW, NOW), None);
        assert_eq!(last_recorded(8, oldest(NOW), NOW), None);
    }

    #[test]
    fn motion_lies_within_recordings_and_is_the_same_whatever_part_is_asked() {
        let during = NOW - 2 * DAY..NOW - DAY;
        let all = motion(12, &during, NOW);
        assert!((50..95).contains(&all.len()), "about every other slot: {}", all.len());
        let recorded = recorded(12, &during, NOW);
        let inside = |span: &Range<i64>| recorded.iter().any(|r| r.start <= span.start && span.end <= r.end);
        assert!(all.iter().all(inside));
        let part = motion(12, &(all[10].start - 1..all[20].end + 1), NOW);
        assert_eq!(part, all[10..=20]);
    }

    #[test]
    fn pictures_have_moments_and_moments_pictures() {
        for rate in [5, 12, 25] {
            for picture in [0, 1, 7, 19_656_000_011] {
                assert_eq!(picture_at(moment_of(picture, rate), rate), picture, "{rate}");
            }
        }
    }
}
