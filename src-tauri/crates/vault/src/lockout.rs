//! Tries: after five wrong ones in a row a name is locked for a quarter of an hour, whether anybody has it or not.

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::key::random;

/// Wrong tries in a row until a name is locked.
pub const TRIES: u8 = 5;

/// How long it is locked then.
pub const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// Wrong tries with one name.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tries {
    failed: u8,
    until: Option<Timestamp>,
}

/// Where a counted try leaves the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Left(u8),
    Locked(Timestamp),
}

impl Tries {
    /// Until when the name is locked. A lock ends only when the clock passes its end; where the clock was set back, it
    /// lasts its whole length from the new time on, so that a clock that ran far ahead for a while locks nobody for years.
    pub(crate) fn locked(&mut self, now: Timestamp) -> Option<Timestamp> {
        let end = self.until?;
        if now >= end {
            *self = Self::default();
            return None;
        }
        self.until = Some(end.min(after(now)));
        self.until
    }

    /// Counts a try, before anybody knows whether it is right: a program that is killed meanwhile has tried.
    pub(crate) fn count(&mut self, now: Timestamp) -> Counted {
        self.failed = self.failed.saturating_add(1);
        if self.failed < TRIES {
            return Counted::Left(TRIES - self.failed);
        }
        let until = after(now);
        self.until = Some(until);
        Counted::Locked(until)
    }

    /// Until when it was locked when it was last looked at.
    pub(crate) fn until(&self) -> Option<Timestamp> {
        self.until
    }
}

fn after(now: Timestamp) -> Timestamp {
    now.checked_add(LOCKED_FOR).unwrap_or(Timestamp::MAX)
}

/// The tries with names that nobody has, so that they get the same answers, also after a restart. A name stands here
/// only as a keyed hash: people type passwords where names belong.
///
/// Bounded: who tries more than [`Strangers::MOST`] other names meanwhile can find out that one of them is nobody's.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Strangers {
    key: String,
    /// The one that was tried last stands last.
    names: Vec<Stranger>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stranger {
    mark: String,
    tries: Tries,
}

impl Default for Strangers {
    fn default() -> Self {
        Self { key: HEXLOWER.encode(&*random::<32>()), names: Vec::new() }
    }
}

impl Strangers {
    pub(crate) const MOST: usize = 512;

    /// The tries with that name, which is now the one tried last.
    pub(crate) fn tries(&mut self, name: &str) -> &mut Tries {
        let mark = self.mark(name);
        let known = self.names.iter().position(|stranger| stranger.mark == mark);
        let stranger = match known {
            Some(index) => self.names.remove(index),
            None => Stranger { mark, tries: Tries::default() },
        };
        if self.names.len() >= Self::MOST {
            self.names.remove(0);
        }
        self.names.push(stranger);
        &mut self.names.last_mut().expect("just pushed").tries
    }

    /// Somebody has the name from now on.
    pub(crate) fn forget(&mut self, name: &str) {
        let mark = self.mark(name);
        self.names.retain(|stranger| stranger.mark != mark);
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.key.len() == 64 && self.names.len() <= Self::MOST
    }

    fn mark(&self, name: &str) -> String {
        // The key has a fixed length and half of the hash is left off: nothing can be moved between them or appended.
        let hash = Sha256::new().chain_update(&self.key).chain_update(name).finalize();
        HEXLOWER.encode(&hash[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + 60 * minutes).unwrap()
    }

    fn locked_at(minutes: i64) -> Tries {
        let mut tries = Tries::default();
        for left in (1..TRIES).rev() {
            assert_eq!(tries.count(at(minutes)), Counted::Left(left));
        }
        assert_eq!(tries.count(at(minutes)), Counted::Locked(at(minutes + 15)));
        tries
    }

    #[test]
    fn a_lock_lasts_a_quarter_of_an_hour_and_begins_anew() {
        let mut tries = locked_at(0);
        assert_eq!(tries.locked(at(0)), Some(at(15)));
        assert_eq!(tries.locked(at(14)), Some(at(15)));
        assert_eq!(tries.locked(at(15)), None);
        assert_eq!(tries.count(at(15)), Counted::Left(4));
    }

    #[test]
    fn a_clock_set_back_unlocks_nothing_and_locks_nobody_for_ever() {
        let mut tries = locked_at(0);
        let year = 365 * 24 * 60;
        assert_eq!(tries.locked(at(-year)), Some(at(15 - year)));
        assert_eq!(
            tries.locked(at(14 - year)),
            Some(at(15 - year)),
            "it does not begin again with each look"
        );
        assert_eq!(tries.locked(at(15 - year)), None);
    }

    #[test]
    fn the_ends_of_time_are_times() {
        let mut tries = Tries { failed: 4, until: None };
        assert_eq!(tries.count(Timestamp::MAX), Counted::Locked(Timestamp::MAX));
        assert!(tries.locked(Timestamp::MIN).is_some());
    }

    #[test]
    fn strangers_are_few_and_nameless() {
        let mut strangers = Strangers::default();
        for index in 0..Strangers::MOST + 100 {
            strangers.tries(&format!("name {index}")).count(at(0));
            strangers.tries("often").count(at(0));
        }
        assert_eq!(strangers.names.len(), Strangers::MOST);
        assert!(strangers.is_sound());
        assert!(strangers.tries("often").locked(at(0)).is_some(), "who is tried again stays");
        assert_eq!(strangers.tries("name 0").count(at(0)), Counted::Left(4), "the oldest one went");
        strangers.forget("often");
        assert_eq!(strangers.tries("often").count(at(0)), Counted::Left(4));
        assert_ne!(strangers.mark("a"), Strangers::default().mark("a"), "each file has its own marks");
    }
}
