//! Which coded pictures a decoder is to be given so that a certain one comes out.
//!
//! Nearly always those of its group, from the key frame on. In open groups the pictures that are shown last come behind the
//! next key frame and need both groups (H.265, 7.4.2.2: skipped leading pictures); a decoder that began with that key frame leaves
//! them out.

use model::{AccessUnit, Moment};

use super::cache::{Behind, Group};

/// Units that a decoder may hold back to bring them into order (H.265 allows 16).
const REORDER: usize = 17;

/// Where a decoder is: it began with the key frame `since`, and has been given everything up to so many units of the group
/// `key`, without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feed {
    since: Moment,
    key: Moment,
    count: usize,
}

/// A picture that is to come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The group that it is coded in, and its place there.
    pub(super) group: Moment,
    pub(super) index: usize,
    /// The group that a decoder has to begin with.
    pub(super) from: Moment,
}

/// How the target is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// By so many units behind it, as the decoder goes on.
    GoOn(usize),
    /// The decoder was given all that it takes.
    Wait,
    /// By beginning anew.
    Anew,
}

impl Feed {
    /// A decoder that begins there.
    pub(super) fn begin(from: Moment) -> Self {
        Self { since: from, key: from, count: 0 }
    }

    /// What is to be done for a target that has not come out. `busy`: units that the decoder was given are not dealt with.
    pub(super) fn step<'a>(
        &self,
        target: &Target,
        busy: bool,
        groups: impl Fn(Moment) -> Option<&'a Group>,
    ) -> Step {
        let begins_right = self.since <= target.from;
        let arrives = self.key >= target.from || self.ends_before(target.from, &groups);
        if !(begins_right && arrives) {
            return Step::Anew;
        }
        match self.beyond(target, &groups) {
            None => Step::GoOn(0),
            Some(_) if busy => Step::Wait,
            // It comes when the decoder knows that none comes before it.
            Some(beyond) if beyond < REORDER && self.next(&groups).is_some() => Step::GoOn(REORDER),
            Some(_) => Step::Anew,
        }
    }

    /// The unit that comes next, and where the decoder is then; `None`: nothing that is known follows without a hole.
    /// `behind`: no more than so many units behind the target.
    pub(super) fn next_towards<'a>(
        &self,
        target: &Target,
        behind: usize,
        groups: impl Fn(Moment) -> Option<&'a Group>,
    ) -> Option<(Self, &'a (Moment, AccessUnit))> {
        if self.beyond(target, &groups).is_some_and(|beyond| beyond >= behind) {
            return None;
        }
        self.next(&groups)
    }

    fn next<'a>(
        &self,
        groups: &impl Fn(Moment) -> Option<&'a Group>,
    ) -> Option<(Self, &'a (Moment, AccessUnit))> {
        let group = groups(self.key)?;
        if let Some(unit) = group.units.get(self.count) {
            return Some((Self { count: self.count + 1, ..*self }, unit));
        }
        let Behind::Group(key) = group.behind else { return None };
        let unit = groups(key)?.units.first()?;
        Some((Self { key, count: 1, ..*self }, unit))
    }

    /// Whether what comes next is this group.
    fn ends_before<'a>(&self, next: Moment, groups: &impl Fn(Moment) -> Option<&'a Group>) -> bool {
        groups(self.key)
            .is_some_and(|group| group.behind == Behind::Group(next) && self.count == group.units.len())
    }

    /// How many units behind the target were given; `None`: it was not given itself.
    fn beyond<'a>(&self, target: &Target, groups: &impl Fn(Moment) -> Option<&'a Group>) -> Option<usize> {
        if self.key == target.group {
            return self.count.checked_sub(target.index + 1);
        }
        if self.key < target.group {
            return None;
        }
        let group = groups(target.group).filter(|group| group.behind == Behind::Group(self.key));
        Some(group.map_or(usize::MAX, |group| group.units.len() - (target.index + 1) + self.count))
    }
}
