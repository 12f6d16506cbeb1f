//! Which clients live. Nobody's clock is compared with another's: a client is dead when it has not been heard for so
//! long by the listener's own clock, while the listener was listening.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use model::Id;

/// A client is heard this often.
pub(crate) const BEAT: Duration = Duration::from_secs(2);
/// Three beats missed: a client silent for this long is dead.
pub(crate) const SILENCE: Duration = Duration::from_secs(7);
/// [`Presence::pass`] is called far more often; after a longer pause this client itself was stopped or asleep.
const OWN_PAUSE: Duration = Duration::from_secs(2);
/// More than any province's rooms; strangers beyond are not counted, and a party that is never counted is never dead.
const MOST: usize = 4096;

#[derive(Debug, Default)]
pub(crate) struct Presence {
    last: HashMap<Id, Last>,
    passed: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    at: Instant,
    /// It was heard, not only read of.
    heard: bool,
}

impl Presence {
    /// A beat has come.
    pub(crate) fn heard(&mut self, client: &Id, now: Instant) {
        self.note(client, Last { at: now, heard: true });
    }

    /// A ledger speaks of this client: its silence counts from now on, unless it counts already.
    pub(crate) fn expect(&mut self, client: &Id, now: Instant) {
        if !self.last.contains_key(client) {
            self.note(client, Last { at: now, heard: false });
        }
    }

    fn note(&mut self, client: &Id, last: Last) {
        if self.last.len() < MOST || self.last.contains_key(client) {
            self.last.insert(client.clone(), last);
        }
    }

    /// Whether it has been silent for too long.
    pub(crate) fn is_dead(&self, client: &Id, now: Instant) -> bool {
        self.last.get(client).is_some_and(|last| now.saturating_duration_since(last.at) >= SILENCE)
    }

    /// How many have been heard of late.
    pub(crate) fn living(&self, now: Instant) -> usize {
        let living = |last: &&Last| last.heard && now.saturating_duration_since(last.at) < SILENCE;
        self.last.values().filter(living).count()
    }

    /// Time passes; those who are long dead are forgotten, except whom `named` still speaks of.
    pub(crate) fn pass(&mut self, now: Instant, named: impl Fn(&Id) -> bool) {
        let before = self.passed.replace(now).unwrap_or(now);
        if now.saturating_duration_since(before) > OWN_PAUSE {
            for last in self.last.values_mut() {
                last.at = now;
            }
        }
        self.last
            .retain(|client, last| now.saturating_duration_since(last.at) < SILENCE * 2 || named(client));
    }

    /// A new connection: what was not heard meanwhile says nothing.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.last.clear();
        self.passed = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Id {
        Id::new(name).unwrap()
    }

    #[test]
    fn the_silent_are_dead_only_while_somebody_listens() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut presence = Presence::default();
        presence.begin(start);
        presence.heard(&id("a"), start);
        presence.expect(&id("b"), at(1000));
        for ms in (0..6900).step_by(250) {
            presence.pass(at(ms), |_| false);
        }
        assert!(!presence.is_dead(&id("a"), at(6999)) && presence.is_dead(&id("a"), at(7000)));
        assert!(!presence.is_dead(&id("b"), at(7999)), "its silence counts from when it was read of");
        assert_eq!(presence.living(at(6000)), 1, "b was never heard");
        // The listener was asleep for a minute.
        presence.pass(at(66_000), |_| false);
        assert!(!presence.is_dead(&id("a"), at(66_000)));
        assert!(!presence.is_dead(&id("stranger"), at(66_000)));
    }

    #[test]
    fn the_dead_are_forgotten_unless_a_ledger_names_them() {
        let start = Instant::now();
        let mut presence = Presence::default();
        presence.begin(start);
        presence.heard(&id("a"), start);
        presence.heard(&id("b"), start);
        for second in 1..20 {
            presence.pass(start + Duration::from_secs(second), |client| *client == id("b"));
        }
        let now = start + Duration::from_secs(20);
        assert!(!presence.is_dead(&id("a"), now) && presence.is_dead(&id("b"), now));
    }
}
