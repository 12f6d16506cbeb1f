//! Which stretches of recordings were really shown, for the record.

use std::time::{Duration, Instant};

use audit::Event;
use model::{Id, Moment, Period};

/// Pictures farther apart than this were not played from one to the other: somebody went to another place.
const TOGETHER: Duration = Duration::from_secs(60);
/// After a crash no more than this is missing.
const WRITTEN: Duration = Duration::from_secs(60);

/// What was shown of one camera and has not been written down.
#[derive(Debug, Default)]
pub(super) struct Shown(Option<(Period, Instant)>);

impl Shown {
    /// The picture of this moment is shown at `now`; what of it is to be written down.
    pub(super) fn look(&mut self, camera: &Id, at: Moment, now: Instant) -> Option<Event> {
        let joins = |period: &Period| period.from.minus(TOGETHER) <= at && at <= period.until.plus(TOGETHER);
        match &mut self.0 {
            Some((period, since)) if joins(period) && now.saturating_duration_since(*since) < WRITTEN => {
                *period = Period { from: period.from.min(at), until: period.until.max(at) };
                None
            }
            _ => {
                let before = self.end(camera);
                self.0 = Some((Period { from: at, until: at }, now));
                before
            }
        }
    }

    /// It is shown no longer.
    pub(super) fn end(&mut self, camera: &Id) -> Option<Event> {
        let (period, _) = self.0.take()?;
        Some(Event::Played { camera: camera.clone(), from_ms: period.from.ms(), until_ms: period.until.ms() })
    }
}

/// Over which time somebody has looked at single pictures of one camera, and that has not been written down.
#[derive(Debug, Default)]
pub(super) struct Glimpsed(Option<(Period, Instant)>);

impl Glimpsed {
    /// The picture of this moment is looked at; what is to be written down of those before.
    pub(super) fn look(&mut self, camera: &Id, at: Moment, now: Instant) -> Option<Event> {
        if let Some((period, since)) = &mut self.0
            && now.saturating_duration_since(*since) < WRITTEN
        {
            *period = Period { from: period.from.min(at), until: period.until.max(at) };
            return None;
        }
        let before = self.end(camera);
        self.0 = Some((Period { from: at, until: at }, now));
        before
    }

    /// No more are looked at.
    pub(super) fn end(&mut self, camera: &Id) -> Option<Event> {
        let (period, _) = self.0.take()?;
        Some(Event::Searched {
            camera: camera.clone(),
            from_ms: period.from.ms(),
            until_ms: period.until.ms(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_pictures_of_a_minute_are_one_search() {
        let (camera, start, mut glimpsed) = (Id::new("c").unwrap(), Instant::now(), Glimpsed::default());
        let mut events = Vec::new();
        for (second, at) in [(0, 500), (1, 90), (20, 70_000), (61, 80), (62, 81)] {
            events.extend(glimpsed.look(
                &camera,
                Moment::from_ms(at * 1000),
                start + Duration::from_secs(second),
            ));
        }
        events.extend(glimpsed.end(&camera));
        events.extend(glimpsed.end(&camera));
        let searched = |from: i64, until: i64| Event::Searched {
            camera: camera.clone(),
            from_ms: from * 1000,
            until_ms: until * 1000,
        };
        assert_eq!(events, [searched(90, 70_000), searched(80, 81)]);
    }

    #[test]
    fn each_stretch_that_was_shown_is_written_down_once_in_either_direction() {
        let (camera, start, mut shown) = (Id::new("c").unwrap(), Instant::now(), Shown::default());
        let mut events = Vec::new();
        let seconds = [100, 110, 105, 90, 5000, 5030];
        for (tick, at) in seconds.into_iter().enumerate() {
            let now = start + Duration::from_secs(tick as u64);
            events.extend(shown.look(&camera, Moment::from_ms(at * 1000), now));
        }
        events.extend(shown.look(&camera, Moment::from_ms(5_031_000), start + Duration::from_secs(99)));
        events.extend(shown.end(&camera));
        events.extend(shown.end(&camera));
        let played = |from: i64, until: i64| Event::Played {
            camera: camera.clone(),
            from_ms: from * 1000,
            until_ms: until * 1000,
        };
        assert_eq!(events, [played(90, 110), played(5000, 5030), played(5031, 5031)]);
    }
}
