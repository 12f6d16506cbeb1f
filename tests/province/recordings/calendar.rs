//! A recorder's own clock over the days: how far ahead it is, and the one hour that some of them lived twice.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::{DAY, HOUR, day_of};
use crate::equipment::Equipment;

/// Vietnam's time zone.
const fn zone() -> Offset {
    Offset::constant(7)
}

/// What a recorder's clock showed when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// How far it is ahead now, ms.
    offset: i64,
    /// When it was put back by an hour (true time), if it was.
    put_back: Option<i64>,
}

impl Calendar {
    /// Of a recorder whose clock is ahead by `offset`. Those that were put back were so six days ago at noon.
    pub(crate) fn new(equipment: Equipment, offset: i64, now: i64) -> Self {
        let put_back = equipment.was_put_back.then(|| day_of(now - 6 * DAY) + 12 * HOUR);
        Self { offset, put_back }
    }

    /// What it showed at a true moment.
    pub(crate) fn shown(self, truly: i64) -> i64 {
        truly + self.offset + if self.put_back.is_some_and(|at| truly < at) { HOUR } else { 0 }
    }

    /// When it showed this. Of an hour that came twice it is the later one (overlap 0), or the earlier (overlap 1).
    pub(crate) fn truly(self, shown: i64, overlap: u32) -> i64 {
        let late = shown - self.offset;
        match self.put_back {
            Some(at) if late < at || (overlap == 1 && late - HOUR < at) => late - HOUR,
            _ => late,
        }
    }

    /// What it showed in the hour that came twice.
    pub(crate) fn twice(self) -> Option<std::ops::Range<i64>> {
        let at = self.put_back?;
        Some(at + self.offset..at + self.offset + HOUR)
    }

    /// A moment on its clock as local text.
    pub(crate) fn local(self, truly: i64, format: &str) -> String {
        let at = Timestamp::from_millisecond(self.shown(truly)).unwrap_or_default();
        at.to_zoned(TimeZone::fixed(zone())).strftime(format).to_string()
    }

    /// The same in UTC.
    pub(crate) fn utc(self, truly: i64, format: &str) -> String {
        Timestamp::from_millisecond(self.shown(truly)).unwrap_or_default().strftime(format).to_string()
    }

    /// The true moment of what its clock shows as local text in this format, or in UTC.
    pub(crate) fn parse(self, text: &str, format: &str, in_utc: bool, overlap: u32) -> Option<i64> {
        let shown = DateTime::strptime(format, text).ok()?;
        let zone = if in_utc { TimeZone::UTC } else { TimeZone::fixed(zone()) };
        let shown = shown.to_zoned(zone).ok()?.timestamp().as_millisecond();
        Some(self.truly(shown, overlap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_638_000_000_000;

    #[test]
    fn an_hour_comes_twice_and_both_are_found() {
        let put_back = (0..59).map(Equipment::of).find(|equipment| equipment.was_put_back).unwrap();
        let calendar = Calendar::new(put_back, 37_000, NOW);
        let at = day_of(NOW - 6 * DAY) + 12 * HOUR;
        assert_eq!(calendar.shown(at - 1) - calendar.shown(at), HOUR - 1, "put back by an hour");
        let (before, after) = (at - HOUR / 2, at + HOUR / 2);
        assert_eq!(calendar.shown(before), calendar.shown(after));
        assert!(calendar.twice().unwrap().contains(&calendar.shown(after)));
        assert_eq!(calendar.truly(calendar.shown(after), 0), after);
        assert_eq!(calendar.truly(calendar.shown(before), 1), before);
        for (truly, overlap) in
            [(at - 3 * HOUR, 0), (at - 3 * HOUR, 1), (at + 3 * HOUR, 0), (at + 3 * HOUR, 1)]
        {
            assert_eq!(calendar.truly(calendar.shown(truly), overlap), truly);
        }
    }

    #[test]
    fn texts_are_of_its_own_clock() {
        let plain = (0..59).map(Equipment::of).find(|equipment| !equipment.was_put_back).unwrap();
        let calendar = Calendar::new(plain, -90_000, NOW);
        // 27 November 2021, 08:00 UTC.
        assert_eq!(calendar.local(NOW, "%Y-%m-%d %H:%M:%S"), "2021-11-27 14:58:30");
        assert_eq!(calendar.utc(NOW, "%Y%m%dT%H%M%SZ"), "20211127T075830Z");
        assert_eq!(calendar.parse("2021-11-27 14:58:30", "%Y-%m-%d %H:%M:%S", false, 0), Some(NOW));
        assert_eq!(calendar.parse("yesterday", "%Y-%m-%d", false, 0), None);
    }
}
