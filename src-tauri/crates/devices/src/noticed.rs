//! What a device has noticed and what is over: devices say the same again and again, and some forget to say that it is
//! over.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use model::{DeviceEvent, EventKind};
use tokio::time::Instant;

/// Things that go on at the same time; more are not noted.
const MOST: usize = 1024;

/// The things that go on at a device.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    /// By channel, kind and what the device calls it; until when without being said again.
    active: BTreeMap<(Option<u32>, EventKind, String), Option<Instant>>,
}

impl Noticed {
    /// Notes what a device says of one thing; the event, if that changes anything. `holds`: it is over if it is not said
    /// again for so long.
    pub(crate) fn note(
        &mut self,
        channel: Option<u32>,
        kind: EventKind,
        source: &str,
        active: bool,
        at: Option<SystemTime>,
        holds: Option<Duration>,
    ) -> Option<DeviceEvent> {
        let before = self.goes_on(channel, kind);
        let key = (channel, kind, source.to_owned());
        if !active {
            self.active.remove(&key);
        } else if self.active.len() < MOST || self.active.contains_key(&key) {
            self.active.insert(key, holds.map(|holds| Instant::now() + holds));
        }
        let after = self.goes_on(channel, kind);
        (before != after).then_some(DeviceEvent { channel, kind, active: after, at })
    }

    /// When the next thing is over by not being said again.
    pub(crate) fn next_end(&self) -> Option<Instant> {
        self.active.values().filter_map(|until| *until).min()
    }

    /// What is over by now.
    pub(crate) fn ended(&mut self) -> Vec<DeviceEvent> {
        let now = Instant::now();
        let over = |until: &Option<Instant>| until.is_some_and(|until| until <= now);
        let ended: Vec<_> =
            self.active.iter().filter(|(_, until)| over(until)).map(|(key, _)| key.clone()).collect();
        self.active.retain(|_, until| !over(until));
        let mut events = Vec::new();
        for (channel, kind, _) in ended {
            let event = DeviceEvent { channel, kind, active: false, at: None };
            if !self.goes_on(channel, kind) && !events.contains(&event) {
                events.push(event);
            }
        }
        events
    }

    fn goes_on(&self, channel: Option<u32>, kind: EventKind) -> bool {
        let from = (channel, kind, String::new());
        self.active.range(from..).next().is_some_and(|((c, k, _), _)| (*c, *k) == (channel, kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, active: bool) -> DeviceEvent {
        DeviceEvent { channel: Some(1), kind, active, at: None }
    }

    #[test]
    fn only_changes_are_events() {
        use EventKind::{Motion, Tampering};
        let mut noticed = Noticed::default();
        let mut note = |kind, source: &str, active| noticed.note(Some(1), kind, source, active, None, None);
        assert_eq!(note(Motion, "a", false), None, "it never went on");
        assert_eq!(note(Motion, "a", true), Some(event(Motion, true)));
        assert_eq!(note(Motion, "a", true), None);
        assert_eq!(note(Motion, "b", true), None, "it goes on already");
        assert_eq!(note(Tampering, "a", true), Some(event(Tampering, true)));
        assert_eq!(note(Motion, "a", false), None, "b goes on");
        assert_eq!(note(Motion, "b", false), Some(event(Motion, false)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_said_again_is_over() {
        let mut noticed = Noticed::default();
        let hold = Some(Duration::from_secs(5));
        noticed.note(Some(1), EventKind::Motion, "a", true, None, hold);
        tokio::time::sleep(Duration::from_secs(4)).await;
        noticed.note(Some(1), EventKind::Motion, "a", true, None, hold);
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(noticed.ended(), []);
        tokio::time::sleep_until(noticed.next_end().unwrap()).await;
        assert_eq!(noticed.ended(), [event(EventKind::Motion, false)]);
        assert_eq!((noticed.ended(), noticed.next_end()), (vec![], None));
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut noticed = Noticed::default();
        for channel in 0..100_000 {
            noticed.note(Some(channel), EventKind::Motion, "a", true, None, None);
        }
        assert_eq!(noticed.active.len(), MOST);
    }
}
