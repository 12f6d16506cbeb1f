//! What has been fetched of one camera's recording: coded groups of pictures, by the time of their key frame.
//!
//! Going back, stepping and repeating are served from here without asking the recorder again. A group of pictures is whole
//! only when it is known what comes behind it; recorders send groups backwards in reverse, and key frames alone at high
//! speeds, and all of it comes together here.
//!
//! Pictures are looked for by the time at which they are shown. In open groups the last ones before a key frame come behind
//! it, in its group: leading pictures, which need the group before, too.

use std::collections::BTreeMap;
use std::time::Duration;

use model::{AccessUnit, Moment, Period};

/// The most bytes that are kept of one camera: half a minute of a large main stream, many minutes of a sub stream.
pub(super) const MAX_BYTES: usize = 32 << 20;
/// Pictures further apart than this have a hole between them, whatever the recorder says.
const HOLE: Duration = Duration::from_secs(3);
/// A recorder that tells its pictures' times by ticks tells them a little differently each time: within this it is the same
/// picture. No camera here takes more than a hundred a second.
const SAME: i64 = 4_000;
/// Key frames alone are asked for so far apart at most.
const SPARSE: Duration = Duration::from_secs(10);

/// What comes behind a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// Not known yet: the rest of the group is on its way, or was never asked for.
    Unknown,
    /// The next group begins here, without a hole.
    Group(Moment),
    /// Nothing was recorded for a while; the next picture is from then, if it is known.
    Hole(Option<Moment>),
}

/// A key frame and the pictures that need it, in the order of decoding.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) units: Vec<(Moment, AccessUnit)>,
    pub(super) behind: Behind,
    bytes: usize,
}

impl Group {
    /// The last picture, by time.
    fn last(&self) -> Moment {
        self.units.iter().map(|(at, _)| *at).max().unwrap_or_default()
    }

    /// Whether all that is shown before the key frame has come: it comes before everything else of the group.
    fn has_led(&self, key: Moment) -> bool {
        self.behind != Behind::Unknown || self.units.iter().any(|(at, _)| *at > key)
    }
}

/// In which direction a recorder sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    /// Group by group backwards.
    Backward,
    /// Key frames alone, in either direction: nothing is known of what lies between.
    KeyFrames,
}

/// Which picture is to be shown at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// This one, of this group.
    Picture { group: Moment, at: Moment },
    /// None: nothing was recorded then.
    Hole,
    /// It has not been fetched.
    Missing,
}

/// All that has been fetched and is kept.
#[derive(Debug, Default)]
pub(super) struct Cache {
    groups: BTreeMap<Moment, Group>,
    bytes: usize,
    /// The group that is being received, and how.
    open: Option<(Moment, Way)>,
    /// Nothing is recorded before this.
    first: Option<Moment>,
    /// Periods in which the recorder was asked and had nothing.
    holes: Vec<Period>,
}

impl Cache {
    /// What comes from now on does not continue what came before.
    pub(super) fn begin(&mut self) {
        self.open = None;
    }

    /// Takes a picture. `hole`: the recorder says that something is missing before it. Pictures before the first key frame
    /// after [`Self::begin`] are of no use and left out.
    pub(super) fn take(&mut self, at: Moment, unit: AccessUnit, hole: bool, way: Way) {
        if unit.random_access {
            self.begin_group(at, hole, way);
        }
        let Some((key, _)) = self.open else { return };
        let Some(group) = self.groups.get_mut(&key) else { return };
        let size = unit.data.len();
        // Once more from the beginning, or a picture again that is there.
        if group.units.iter().any(|(known, _)| known.since_us(at).abs() <= SAME) {
            return;
        }
        if hole && !unit.random_access {
            // Its references are not all there; what follows waits for the next key frame.
            group.behind = Behind::Hole(Some(at));
            self.open = None;
            return;
        }
        group.units.push((at, unit));
        group.bytes += size;
        self.bytes += size;
    }

    fn begin_group(&mut self, at: Moment, hole: bool, way: Way) {
        let near = at.plus_us(-SAME)..=at.plus_us(SAME);
        let at = self.groups.range(near).next().map_or(at, |(known, _)| *known);
        let before = self.open.replace((at, way));
        if let Some((key, _)) = before
            && key != at
        {
            match way {
                Way::Forward => self.close(key, at, hole),
                // The one that was received before lies behind this one.
                Way::Backward => {}
                Way::KeyFrames => {}
            }
        }
        let fresh = Group { units: Vec::new(), behind: Behind::Unknown, bytes: 0 };
        let group = self.groups.entry(at).or_insert(fresh);
        if way == Way::Backward
            && let Some((key, Way::Backward)) = before
            && key > at
        {
            // Whether there is a hole between them shows when this group is whole.
            group.behind = Behind::Group(key);
        }
    }

    /// The group `key` ends where the next one begins.
    fn close(&mut self, key: Moment, next: Moment, hole: bool) {
        if let Some(group) = self.groups.get_mut(&key) {
            let far = next.since_us(group.last()) > HOLE.as_micros() as i64;
            group.behind = if hole || far { Behind::Hole(Some(next)) } else { Behind::Group(next) };
        }
    }

    /// The recorder has no more in the direction in which it was sending.
    pub(super) fn end(&mut self) {
        if let Some((key, Way::Forward)) = self.open.take()
            && let Some(group) = self.groups.get_mut(&key)
            && group.behind == Behind::Unknown
        {
            group.behind = Behind::Hole(None);
        }
    }

    /// What was asked for ends here; what lies behind has to be asked for separately.
    pub(super) fn end_before(&mut self, next: Moment) {
        if let Some((key, _)) = self.open.take()
            && let Some(group) = self.groups.get_mut(&key)
            && group.behind == Behind::Unknown
        {
            group.behind = Behind::Hole(Some(next.max(group.last().plus_us(1))));
        }
    }

    /// The recorder has nothing before the first group that it has sent.
    pub(super) fn begins_here(&mut self) {
        if let Some((key, _)) = self.open.take() {
            self.first = Some(key);
        }
    }

    /// The beginning of all recording, where it was met.
    pub(super) fn begins_at(&self) -> Option<Moment> {
        self.first
    }

    /// What had ended may have gone on since.
    pub(super) fn forget_end(&mut self) {
        for group in self.groups.values_mut().filter(|group| group.behind == Behind::Hole(None)) {
            group.behind = Behind::Unknown;
        }
        self.holes.clear();
    }

    /// Nothing was recorded in this period.
    pub(super) fn note_hole(&mut self, period: Period) {
        // A few are enough: this is for recorders that do not say what they hold.
        if self.holes.len() == 64 {
            self.holes.remove(0);
        }
        self.holes.push(period);
    }

    /// From `at` over what was asked for in vain, in either direction.
    pub(super) fn over_holes(&self, at: Moment, back: bool) -> Moment {
        let mut at = at;
        let probe = |at: Moment| if back { at.plus_us(-1) } else { at };
        // Each hole is left once at most.
        for _ in 0..=self.holes.len() {
            let Some(hole) = self.holes.iter().find(|hole| hole.holds(probe(at))) else { break };
            at = if back { hole.from } else { hole.until };
        }
        at
    }

    /// What is to be shown at `at`. `coarse`: the nearest key frame before it is good enough, as long as it is not more than
    /// `coarse` old.
    pub(super) fn due(&self, at: Moment, coarse: Option<Duration>) -> Due {
        let missing = if self.holes.iter().any(|hole| hole.holds(at)) { Due::Hole } else { Due::Missing };
        let Some((&key, group)) = self.groups.range(..=at).next_back() else { return missing };
        if let Some(age) = coarse {
            let near = at.since_us(key) <= age.as_micros() as i64;
            return if near { Due::Picture { group: key, at: key } } else { missing };
        }
        let until_now = self.shown_from(key, group).filter(|(_, shown)| *shown <= at);
        let Some((coded, picture)) = until_now.max_by_key(|(_, shown)| *shown) else { return missing };
        let found = Due::Picture { group: coded, at: picture };
        if group.units.iter().any(|(unit, _)| *unit > at) {
            return found;
        }
        // In reverse, a hole shows only by the distance.
        let ends = |_| if at.since_us(picture) > HOLE.as_micros() as i64 { Due::Hole } else { found };
        match group.behind {
            Behind::Group(next) if at < next => {
                self.groups.get(&next).filter(|group| group.has_led(next)).map_or(missing, ends)
            }
            Behind::Hole(next) if next.is_none_or(|next| at < next) => ends(group),
            // The next group is known by name, but no longer there; or it is not known what comes.
            Behind::Group(_) | Behind::Hole(_) | Behind::Unknown => missing,
        }
    }

    /// What is shown from a key frame up to the next one: in which group it is coded, and when it is shown.
    fn shown_from<'a>(
        &'a self,
        key: Moment,
        group: &'a Group,
    ) -> impl Iterator<Item = (Moment, Moment)> + 'a {
        let own = group.units.iter().map(move |(at, _)| (key, *at)).filter(move |(_, at)| *at >= key);
        let next = match group.behind {
            Behind::Group(next) => self.groups.get_key_value(&next),
            Behind::Hole(_) | Behind::Unknown => None,
        };
        let leading = next.into_iter().flat_map(|(next, group)| {
            group.units.iter().map(|(at, _)| (*next, *at)).filter(|(next, at)| at < next)
        });
        own.chain(leading)
    }

    /// The group that goes on with this one, without a hole.
    pub(super) fn before(&self, key: Moment) -> Option<Moment> {
        let (before, group) = self.groups.range(..key).next_back()?;
        (group.behind == Behind::Group(key)).then_some(*before)
    }

    /// The group with this key frame.
    pub(super) fn group(&self, key: Moment) -> Option<&Group> {
        self.groups.get(&key)
    }

    /// The picture directly behind, or before, one that is there; `None` where that has not been fetched.
    pub(super) fn neighbour(&self, at: Moment, back: bool) -> Option<Moment> {
        let Due::Picture { at, .. } = self.due(at, None) else { return None };
        let (&key, group) = self.groups.range(..=at).next_back()?;
        let times = self.shown_from(key, group).map(|(_, shown)| shown);
        if !back {
            return times.filter(|shown| *shown > at).min().or(match group.behind {
                Behind::Group(next) | Behind::Hole(Some(next)) => {
                    self.groups.contains_key(&next).then_some(next)
                }
                _ => None,
            });
        }
        times.filter(|shown| *shown < at).max().or_else(|| {
            let (&before, group) = self.groups.range(..key).next_back()?;
            let joins = matches!(group.behind, Behind::Group(next) | Behind::Hole(Some(next)) if next == key);
            let last = self.shown_from(before, group).map(|(_, shown)| shown).max();
            last.filter(|_| joins)
        })
    }

    /// From the picture at `at` on, or back to before it, everything is there without a question up to this moment.
    pub(super) fn known_until(&self, at: Moment, back: bool) -> Moment {
        let Some((&key, _)) = self.groups.range(..=at).next_back() else { return at };
        if back {
            let mut first = key;
            while let Some((&before, group)) = self.groups.range(..first).next_back()
                && matches!(group.behind, Behind::Group(next) | Behind::Hole(Some(next)) if next == first)
            {
                first = before;
            }
            return first;
        }
        let mut next = key;
        while let Some(group) = self.groups.get(&next) {
            match group.behind {
                Behind::Group(behind) | Behind::Hole(Some(behind)) => next = behind,
                Behind::Hole(None) => return Moment(i64::MAX),
                Behind::Unknown => return group.last(),
            }
        }
        next
    }

    /// The same where key frames are enough: as far as the next one is not too far from the one before.
    pub(super) fn known_until_by(&self, at: Moment, back: bool, key_frames: bool) -> Moment {
        if !key_frames {
            return self.known_until(at, back);
        }
        let near = |a: Moment, b: Moment| b.since_us(a) <= SPARSE.as_micros() as i64;
        let Some((&key, _)) = self.groups.range(..=at).next_back() else { return at };
        let mut last = key;
        if back {
            for (&before, _) in self.groups.range(..key).rev() {
                if !near(before, last) {
                    break;
                }
                last = before;
            }
        } else {
            for (&next, _) in self.groups.range(key..).skip(1) {
                if !near(last, next) {
                    break;
                }
                last = next;
            }
        }
        last
    }

    /// The first key frame.
    pub(super) fn first(&self) -> Option<Moment> {
        self.groups.first_key_value().map(|(key, _)| *key)
    }

    /// Lets go of what is farthest from `at` until it is small enough; of what lies behind the way first.
    pub(super) fn trim(&mut self, at: Moment, back: bool) {
        self.trim_to(MAX_BYTES, at, back);
    }

    /// The same, to so many bytes.
    pub(super) fn trim_to(&mut self, most: usize, at: Moment, back: bool) {
        while self.bytes > most {
            let (Some((&first, _)), Some((&last, _))) =
                (self.groups.first_key_value(), self.groups.last_key_value())
            else {
                return;
            };
            // What was played is half as dear as what comes.
            let dear = |distance: i64, ahead: bool| if ahead { distance } else { distance.saturating_mul(2) };
            let (low, high) = (dear(at.since_us(first), back), dear(last.since_us(at), !back));
            let gone = if low >= high { first } else { last };
            let receiving = self.open.is_some_and(|(key, _)| key == gone);
            let Some(group) = self.groups.remove(&gone) else { return };
            self.bytes -= group.bytes;
            if receiving {
                self.open = None;
                return;
            }
        }
    }

    /// What of a period is there, as far as it goes without a break from its beginning.
    #[cfg(test)]
    pub(super) fn covers(&self, period: Period) -> bool {
        !matches!(self.due(period.from, None), Due::Missing)
            && self.known_until(period.from, false) >= period.until
    }
}
