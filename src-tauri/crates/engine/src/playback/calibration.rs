//! How far a recorder's clock is ahead, to some hundredths of a second: all tell whole seconds, so that a single answer may be
//! half a second off, which is many pictures. The moment at which the second changes says more.

use std::time::{Duration, SystemTime};

use devices::recordings::Recordings;
use model::Moment;
use tokio::time::{Instant, sleep_until};

/// It is asked so often until the second changes.
const PACE: Duration = Duration::from_millis(40);
/// And no longer than this.
const LONGEST: Duration = Duration::from_millis(2_500);
const SECOND: i64 = 1_000_000;

/// One answer.
#[derive(Clone, Copy, Debug)]
struct Look {
    /// Halfway between question and answer.
    at: Moment,
    told: Moment,
}

/// Microseconds that its clock is ahead of this machine's; `None`: it does not say, or too slowly.
pub(super) async fn ahead_us(recordings: &dyn Recordings) -> Option<i64> {
    let begun = Instant::now();
    let mut last: Option<Look> = None;
    while begun.elapsed() < LONGEST {
        let (asked, ours) = (Instant::now(), Moment::from(SystemTime::now()));
        let told = Moment::from(recordings.time().await.ok()??);
        let look = Look { at: ours.plus(asked.elapsed() / 2), told };
        if let Some(ahead) = last.and_then(|last| between(last, look)) {
            return Some(ahead);
        }
        last = Some(look);
        sleep_until(asked + PACE).await;
    }
    None
}

/// From two looks between which the second has changed.
fn between(last: Look, look: Look) -> Option<i64> {
    let changed = look.told.since_us(last.told) == SECOND;
    let middle = last.at.plus_us(look.at.since_us(last.at) / 2);
    changed.then(|| look.told.since_us(middle))
}

#[cfg(test)]
mod tests {
    use devices::Reply;
    use devices::recordings::Footage;
    use model::{Fault, Period, Recorded};

    use super::*;

    /// A recorder that is ahead by so many microseconds, and tells whole seconds.
    struct Ahead(Option<i64>);

    impl Recordings for Ahead {
        fn spans(&self, _channel: u32, _period: Period) -> Reply<'_, Vec<Recorded>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        fn footage(&self, _channel: u32, _period: Period, _overlap: u32) -> Reply<'_, Footage> {
            Box::pin(async { Err(Fault::NotFound) })
        }

        fn time(&self) -> Reply<'_, Option<SystemTime>> {
            let told = self.0.map(|ahead| {
                let at = Moment::from(SystemTime::now()).plus_us(ahead);
                SystemTime::from(Moment(at.0.div_euclid(SECOND) * SECOND))
            });
            Box::pin(async move { Ok(told) })
        }
    }

    #[tokio::test]
    async fn whole_seconds_tell_hundredths_when_they_change() {
        for ahead in [0, 83_000_000, -90_000_000 + 437_000] {
            let found = ahead_us(&Ahead(Some(ahead))).await.expect("it says");
            // What a busy machine loses between two looks counts too.
            assert!((found - ahead).abs() < 200_000, "{found}, not {ahead}");
        }
        assert_eq!(ahead_us(&Ahead(None)).await, None);
    }

    #[test]
    fn the_change_lies_in_the_middle_of_two_looks() {
        let look = |at: i64, told: i64| Look { at: Moment(at), told: Moment(told * SECOND) };
        assert_eq!(between(look(100, 7), look(200, 8)), Some(8 * SECOND - 150));
        assert_eq!(between(look(100, 7), look(200, 7)), None);
        assert_eq!(between(look(100, 7), look(200, 9)), None, "it was away for too long");
    }
}
