//! The other workstations: what the plan asks for is agreed on with them before it is opened.
//!
//! The plan counts on each line as a whole, as if nobody else were there, and orders our own cameras among themselves. What
//! it asks for becomes wishes, and the ledger that all clients share says which of them are granted: so a province's room
//! asks for its picture although a district has the last place, and gets it. What is denied is told to the plan
//! ([`Planner::set_holder`]), which makes the best of the rest.
//!
//! Everything here is called under the planner's lock: between a view and what is opened by it nobody wishes anything else.

mod asking;
mod membership;

pub(super) use asking::{declared, names, small};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::Planner;
use engine::planner::{LinkLoad, Wanted};
use inventory::{Inventory, ProfileKind};
use leases::{Answer, Leases, Limits, State, View, Want, Wish};
use model::Id;

use asking::{denied_by, grants, ladder, of, profile_of, wants_of};
use membership::{Membership, PAUSE, SOON};

/// A stream that was let go counts as open for so long: its goodbye is on the way to the device, which counts it as a viewer
/// until then. There and back over a bad line.
const ENDING: Duration = Duration::from_millis(250);

/// A rate that was exceeded is raised to so much more than was measured.
const STEP: f64 = 0.05;

/// One that is used by so much less is lowered.
const SLACK: f64 = 0.15;

/// One of a camera's streams.
pub(super) type Key = (Id, ProfileKind);

/// See the module.
pub(super) struct Sharing {
    membership: Option<Membership>,
    view: Arc<View>,
    /// What each wall shows.
    shown: BTreeMap<u32, Vec<Wanted>>,
    /// What a wall will show in a moment, and until when that is waited for.
    ahead: HashMap<Key, Instant>,
    /// Let go a moment ago, and until when they count as open.
    ending: HashMap<Key, Instant>,
    /// What streams are counted with where they send more than the inventory says, Mb/s.
    rates: HashMap<Key, f64>,
    answers: HashMap<Key, Answer>,
    /// Whom the planner was told to have these.
    held: HashSet<Key>,
}

impl Sharing {
    /// With nobody.
    pub(super) fn alone() -> Self {
        Self {
            membership: None,
            view: Leases::alone().view(),
            shown: BTreeMap::new(),
            ahead: HashMap::new(),
            ending: HashMap::new(),
            rates: HashMap::new(),
            answers: HashMap::new(),
            held: HashSet::new(),
        }
    }

    /// Shares with others from now on; gives what was before, to be dropped outside all locks: it says goodbye.
    pub(super) fn replace(&mut self, membership: Option<Membership>) -> Option<Membership> {
        let leases = membership.as_ref().map(|membership| membership.leases.view());
        self.view = leases.unwrap_or_else(|| Leases::alone().view());
        self.answers.clear();
        std::mem::replace(&mut self.membership, membership)
    }

    /// Nobody else is to be asked.
    pub(super) fn is_alone(&self) -> bool {
        self.membership.is_none()
    }

    /// Where it is agreed on who steers a camera; `None` with nobody.
    pub(super) fn leases(&self) -> Option<Arc<Leases>> {
        self.membership.as_ref().map(|membership| Arc::clone(&membership.leases))
    }

    /// Whether there is somebody to share with, at this moment.
    pub(super) fn state(&self) -> State {
        self.membership.as_ref().map_or(State::Alone, |joined| joined.leases.view().state().clone())
    }

    /// Wall `wall` shows these from now on.
    pub(super) fn show(&mut self, wall: u32, wanted: &[Wanted]) {
        if wanted.is_empty() {
            self.shown.remove(&wall);
        } else {
            self.shown.insert(wall, wanted.to_vec());
        }
    }

    /// These will be shown in a moment.
    pub(super) fn expect(&mut self, keys: impl Iterator<Item = Key>, until: Instant) {
        self.ahead.extend(keys.map(|key| (key, until)));
    }

    /// Those of them that may be opened now; they are expected no longer.
    pub(super) fn arrived(&mut self, now: Instant) -> Vec<(Key, Instant)> {
        self.ahead.retain(|_, until| *until > now);
        let view = &self.view;
        self.ahead.extract_if(|(id, kind), _| grants(view, id, *kind)).collect()
    }

    /// Whether a stream may be open.
    pub(super) fn grants(&self, id: &Id, kind: ProfileKind) -> bool {
        grants(&self.view, id, kind)
    }

    /// What was said to a stream; `None` if nobody is asked.
    pub(super) fn answer(&self, id: &Id, kind: ProfileKind) -> Option<&Answer> {
        (!self.is_alone()).then(|| self.view.answer(id, of(kind)))
    }

    /// A stream was measured to send so many Mb/s. The agreed rate follows in steps, so that the ledger is not written with
    /// each flutter, and never below what is declared: a quiet camera wakes up faster than leases change hands.
    pub(super) fn measured(&mut self, key: Key, declared: f64, mbps: f64) {
        let known = self.rates.get(&key).copied().unwrap_or(declared);
        if mbps > known || mbps < known * (1.0 - SLACK) {
            self.rates.insert(key, (mbps * (1.0 + STEP)).max(declared));
        }
    }

    /// Forgets what held for another inventory.
    pub(super) fn forget_rates(&mut self) {
        self.rates.clear();
        self.held.clear();
    }

    /// These have been let go.
    pub(super) fn closed(&mut self, keys: impl Iterator<Item = Key>, now: Instant) {
        self.ending.extend(keys.map(|key| (key, now + ENDING)));
        self.ending.retain(|_, until| *until > now);
    }

    /// Asks for what the plan wants beside what is open; says whether the answers have changed. `open` names what is open,
    /// `relayed` what a relay sends or would send.
    pub(super) fn ask(
        &mut self,
        planner: &Planner,
        inventory: &Inventory,
        open: &HashSet<Key>,
        relayed: impl Fn(&Id, ProfileKind) -> bool,
    ) -> bool {
        let Some(membership) = &self.membership else { return false };
        let mut wants: Vec<(Key, Want, bool)> = Vec::new();
        for wanted in self.wanted() {
            let Some((_, _, camera)) = inventory.camera(&wanted.camera) else { continue };
            let Some(verdict) = planner.verdict(&camera.id) else { continue };
            let held = |kind| planner.holder(&camera.id, kind).is_some();
            let selected = wanted.selected || wanted.enlarged;
            wants.extend(wants_of(camera, &verdict, held).map(|(key, want)| (key, want, selected)));
        }
        let ahead = self.ahead.keys().filter_map(|(id, kind)| Some((inventory.camera(id)?.2, *kind)));
        wants.extend(
            ahead.flat_map(|(camera, kind)| ladder(camera, kind)).map(|(key, want)| (key, want, false)),
        );
        let still = open.iter().chain(self.ending.keys());
        wants.extend(still.map(|key| (key.clone(), Want::Nothing, false)));
        let mut seen = HashSet::new();
        wants.retain(|(key, _, _)| seen.insert(key.clone()));
        let is_open = |key: &Key| open.contains(key) || self.ending.contains_key(key);
        let wish = |(key, want, selected): &(Key, Want, bool)| {
            let ((id, kind), rate) = (key, self.rates.get(key).copied());
            let (site, recorder, camera) = inventory.camera(id)?;
            let profile = profile_of(camera, *kind)?;
            Some(Wish {
                site: site.id.clone(),
                recorder: (!relayed(id, *kind)).then(|| recorder.id.clone()),
                camera: id.clone(),
                kind: of(*kind),
                mbps: rate.unwrap_or_else(|| declared(profile)),
                want: *want,
                selected: *selected,
                open: is_open(key),
                limits: Limits {
                    site_mbps: site.uplink_mbps.map(f64::from),
                    recorder_mbps: recorder.sends_mbps.map(f64::from),
                    viewers: camera.viewers,
                },
            })
        };
        let wishes: Vec<Wish> = wants.iter().filter_map(wish).collect();
        self.view = membership.leases.wish(&wishes);
        let said = |(key, want, _): (Key, Want, bool)| {
            let answer = self.view.answer(&key.0, of(key.1)).clone();
            // What is not wanted any more concerns nobody unless it is to be closed.
            let counts = want != Want::Nothing || matches!(answer, Answer::Recalled { .. });
            counts.then_some((key, answer))
        };
        let answers: HashMap<Key, Answer> = wants.into_iter().filter_map(said).collect();
        let changed = answers != self.answers;
        self.answers = answers;
        changed
    }

    /// Whom a person looks at first, then in the order of walls and tiles.
    fn wanted(&self) -> Vec<&Wanted> {
        let mut all: Vec<&Wanted> = self.shown.values().flatten().collect();
        all.sort_by_key(|wanted| !(wanted.selected || wanted.enlarged));
        all
    }

    /// Tells the plan who has what it cannot have; says whether that has changed. What is only on its way (the server has
    /// not answered yet, somebody is about to close) is not denied: the plan goes on counting on it.
    pub(super) fn tell(&mut self, planner: &mut Planner) -> bool {
        let denied = |(key, answer): (&Key, &Answer)| Some((key.clone(), denied_by(answer)?));
        let denied: HashMap<Key, String> = self.answers.iter().filter_map(denied).collect();
        let mut changed = false;
        let mut set = |(id, kind): &Key, holder: Option<&String>| {
            if planner.holder(id, *kind) != holder.map(String::as_str) {
                planner.set_holder(id, *kind, holder.cloned());
                changed = true;
            }
        };
        self.held.iter().filter(|key| !denied.contains_key(*key)).for_each(|key| set(key, None));
        denied.iter().for_each(|(key, holder)| set(key, Some(holder)));
        self.held = denied.into_keys().collect();
        changed
    }

    /// Lets `look` see the planner with what others take of recorders and lines: what is learned of a line is learned of all
    /// that goes over it. The plan itself counts on the whole line, see the module.
    pub(super) fn with_others<T>(
        &self,
        planner: &mut Planner,
        inventory: &Inventory,
        look: impl FnOnce(&mut Planner) -> T,
    ) -> T {
        let uses: Vec<(Id, f64)> = inventory.sites().iter().flat_map(|site| self.uses(&site.id)).collect();
        uses.iter().for_each(|(link, mbps)| planner.set_mbps_of_others(link, *mbps));
        let seen = look(planner);
        uses.iter().for_each(|(link, _)| planner.set_mbps_of_others(link, 0.0));
        seen
    }

    /// What others take of a site's line and of its recorders, Mb/s.
    fn uses(&self, site: &Id) -> Vec<(Id, f64)> {
        let Some(uses) = self.view.site(site) else { return Vec::new() };
        let recorders = uses.recorders.iter().map(|(recorder, mbps)| (recorder.clone(), *mbps));
        std::iter::once((site.clone(), uses.mbps)).chain(recorders).collect()
    }

    /// Adds what others take.
    pub(super) fn add_others(&self, loads: &mut [LinkLoad], inventory: &Inventory) {
        for (link, mbps) in inventory.sites().iter().flat_map(|site| self.uses(&site.id)) {
            loads.iter_mut().filter(|load| load.id == link).for_each(|load| load.others = mbps);
        }
    }

    /// Others that watch a camera.
    pub(super) fn viewers(&self, site: &Id, camera: &Id) -> u32 {
        self.view.site(site).and_then(|uses| uses.viewers.get(camera)).copied().unwrap_or(0)
    }

    /// Something has been closed: the others are told as soon as it is over.
    pub(super) fn stir(&self) {
        if let Some(membership) = &self.membership {
            membership.stirred.notify_one();
        }
    }

    fn pause(&self) -> Duration {
        if self.ending.is_empty() { PAUSE } else { SOON }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_follow_what_is_measured_in_steps_and_not_below_what_is_declared() {
        let key = (Id::new("c").unwrap(), ProfileKind::Main);
        let mut sharing = Sharing::alone();
        let mut after = |mbps: f64| {
            sharing.measured(key.clone(), 2.0, mbps);
            sharing.rates.get(&key).copied()
        };
        assert_eq!(after(1.9), None);
        let raised = after(3.0).unwrap();
        assert!(raised > 3.0 && raised < 3.2);
        assert_eq!(after(raised * 0.9), Some(raised), "a flutter");
        assert_eq!(after(0.5), Some(2.0));
    }
}
