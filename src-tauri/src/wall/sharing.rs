//! The other workstations: what the plan asks for is agreed on with them before it is opened.
//!
//! The plan counts on each line as a whole, as if nobody else were there, and orders our own cameras among themselves. What
//! it asks for becomes wishes, and the ledger that all clients share says which of them are granted: so a province's room
//! asks for its picture although a district has the last place, and gets it. What is denied is told to the plan
//! ([`Planner::set_holder`]), which makes the best of the rest.
//!
//! Everything here is called under the planner's lock: between a view and what is opened by it nobody wishes anything else.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use engine::Planner;
use engine::plan::Verdict;
use engine::planner::{LinkLoad, Wanted};
use inventory::{Camera, Inventory, Profile, ProfileKind};
use leases::{Answer, Bell, Holder, Leases, Limits, RESERVE, Server, Short, State, View, Want, Wish};
use model::Id;
use tokio::sync::Notify;

use super::feeds::Feeds;

/// A stream that was let go counts as open for so long: its goodbye is on the way to the device, which counts it as a viewer
/// until then. There and back over a bad line.
const ENDING: Duration = Duration::from_millis(250);
/// While streams end, they are looked at this often.
const SOON: Duration = Duration::from_millis(20);
/// Otherwise; a bell comes before.
const PAUSE: Duration = Duration::from_millis(250);
/// The others are given so long to hear that we leave.
const FAREWELL: Duration = Duration::from_millis(500);
/// A rate that was exceeded is raised to so much more than was measured.
const STEP: f64 = 0.05;
/// One that is used by so much less is lowered.
const SLACK: f64 = 0.15;
/// Where the inventory does not say what a camera sends, each of its picture points sends so many bits a second.
const USUAL_BITS: f64 = 1.25;

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

/// A place among the clients of a server, and the thread that listens to them. Dropping it gives everything back.
pub(super) struct Membership {
    leases: Arc<Leases>,
    stirred: Arc<Notify>,
    leaving: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Membership {
    /// Joins the clients of `server` as `who`; `feeds` agrees with them from then on.
    ///
    /// # Errors
    /// The operating system refuses a thread or its event queue.
    pub(super) fn join(server: Server, who: &Holder, feeds: Weak<Feeds>) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stirred, leaving) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let rung = Arc::clone(&stirred);
        let bell: Bell = Arc::new(move || rung.notify_one());
        let leases = Arc::new(Leases::join(server, who, RESERVE, runtime.handle(), bell));
        let listener = (Arc::clone(&leases), Arc::clone(&stirred), Arc::clone(&leaving));
        let thread = std::thread::Builder::new()
            .name("leases".to_owned())
            .spawn(move || runtime.block_on(listen(feeds, listener)))?;
        Ok(Self { leases, stirred, leaving, thread: Some(thread) })
    }
}

async fn listen(feeds: Weak<Feeds>, (leases, stirred, leaving): (Arc<Leases>, Arc<Notify>, Arc<AtomicBool>)) {
    let mut pause = PAUSE;
    loop {
        // Rung or not: streams that end are looked at, too.
        let _ = tokio::time::timeout(pause, stirred.notified()).await;
        let Some(feeds) = feeds.upgrade().filter(|_| !leaving.load(Ordering::Acquire)) else { break };
        pause = feeds.share_anew();
    }
    // A server that is lost hears no goodbye.
    if !matches!(leases.view().state(), State::Lost { .. }) {
        leases.close(FAREWELL).await;
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.leaving.store(true, Ordering::Release);
        self.stirred.notify_one();
        let Some(thread) = self.thread.take() else { return };
        // The thread itself may be the last that has the feeds.
        if thread.thread().id() != std::thread::current().id() {
            let _ = thread.join();
        }
    }
}

impl Feeds {
    /// Shares recorders, lines and viewers with all clients of a server from now on, as whom; `None`: with nobody. Waits a
    /// moment for the goodbye to those before.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn share(self: &Arc<Self>, with: Option<(Server, Holder)>) -> std::io::Result<()> {
        // First out, then in: or what we have would stand in our own way.
        self.leave();
        if let Some((server, who)) = with {
            let membership = Membership::join(server, &who, Arc::downgrade(self))?;
            let before = self.sharing.lock().replace(Some(membership));
            drop(before);
        }
        self.share_anew();
        Ok(())
    }

    /// Gives everything back; what is open stays open.
    pub(super) fn leave(&self) {
        let before = self.sharing.lock().replace(None);
        // Outside the lock: its thread may wait for it.
        drop(before);
    }

    /// Whether there is somebody to share with.
    #[must_use]
    pub fn sharing(&self) -> State {
        self.sharing.lock().state()
    }

    /// Hears what the others want, and does it; says how soon it is to be called again.
    fn share_anew(&self) -> Duration {
        let gone = self.agree(&mut self.planner.lock());
        // Outside the locks: a stream that is closed here takes its time.
        drop(gone);
        self.sharing.lock().pause()
    }
}

/// What to wish for a camera on a tile: what the plan chose, and what it would choose if others had not taken it.
fn wants_of(
    camera: &Camera,
    verdict: &Verdict,
    held: impl Fn(ProfileKind) -> bool,
) -> impl Iterator<Item = (Key, Want)> {
    let (choice, wanted) = (verdict.choice.kind(), verdict.wanted.kind());
    let denied = wanted.filter(|kind| held(*kind)).or_else(|| {
        let small = small(camera).filter(|kind| wanted.is_some() && held(*kind));
        small.filter(|_| choice.is_none())
    });
    denied.or(choice).into_iter().flat_map(|kind| ladder(camera, kind))
}

/// This stream, and the smaller one that it stands in for.
fn ladder(camera: &Camera, kind: ProfileKind) -> impl Iterator<Item = (Key, Want)> + use<> {
    let small = small(camera).filter(|small| *small != kind);
    let steps = match small {
        Some(small) => [Some((small, Want::Base)), Some((kind, Want::Upgrade))],
        None => [Some((kind, Want::Base)), None],
    };
    let id = camera.id.clone();
    steps.into_iter().flatten().map(move |(kind, want)| ((id.clone(), kind), want))
}

/// The stream with the fewest points.
pub(super) fn small(camera: &Camera) -> Option<ProfileKind> {
    let points = |profile: &&Profile| u64::from(profile.width) * u64::from(profile.height);
    // Of two that are the same, the one that is meant to be small.
    camera
        .profiles
        .iter()
        .min_by_key(|profile| (points(profile), profile.kind == ProfileKind::Main))
        .map(|p| p.kind)
}

fn profile_of(camera: &Camera, kind: ProfileKind) -> Option<&Profile> {
    camera.profiles.iter().find(|profile| profile.kind == kind)
}

/// What a stream sends by the inventory, Mb/s.
pub(super) fn declared(profile: &Profile) -> f64 {
    let usual = f64::from(profile.width) * f64::from(profile.height) * USUAL_BITS / 1e6;
    profile.kbps.map_or(usual, |kbps| f64::from(kbps) / 1e3)
}

fn grants(view: &View, id: &Id, kind: ProfileKind) -> bool {
    view.is_granted(id, of(kind))
}

fn of(kind: ProfileKind) -> leases::Profile {
    match kind {
        ProfileKind::Main => leases::Profile::Main,
        ProfileKind::Sub => leases::Profile::Sub,
    }
}

/// Who has it, if it is denied for longer than a moment.
fn denied_by(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Waiting { short: Short::Viewers | Short::Recorder | Short::Site, by } => Some(names(by)),
        // Nobody: it is only in the way of the same camera's other stream.
        Answer::Recalled { by } => Some(names(by)).filter(|_| !by.is_empty()),
        Answer::Granted | Answer::Superseded | Answer::Waiting { .. } => None,
    }
}

/// As they stand on a tile.
pub(super) fn names(holders: &[Holder]) -> String {
    holders.iter().map(|holder| holder.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::plan::{Choice, Reason, Refusal};

    const INVENTORY: &str = r#"{"version":2,"name":"T","sites":[{"id":"s","name":"S","district":"D",
        "recorders":[{"id":"r","name":"R","cameras":[{"id":"c","name":"C","profiles":[
            {"kind":"main","address":"rtsp://10.0.0.1/main","width":1920,"height":1080,"kbps":2048},
            {"kind":"sub","address":"rtsp://10.0.0.1/sub","width":640,"height":360}]}]}]}]}"#;

    fn wants(choice: Choice, wanted: Choice, held: &[ProfileKind]) -> Vec<(ProfileKind, Want)> {
        let inventory = Inventory::parse(INVENTORY.as_bytes()).unwrap();
        let (_, _, camera) = inventory.camera(&Id::new("c").unwrap()).unwrap();
        let reason = match held.first() {
            Some(kind) => Reason::Refused { kind: *kind, until: Refusal::Taken },
            None => Reason::Fits,
        };
        let verdict = Verdict { choice, wanted, reason };
        wants_of(camera, &verdict, |kind| held.contains(&kind))
            .map(|((_, kind), want)| (kind, want))
            .collect()
    }

    #[test]
    fn what_is_denied_is_asked_for_as_long_as_a_tile_wants_it() {
        use ProfileKind::{Main, Sub};
        let both = [(Sub, Want::Base), (Main, Want::Upgrade)];
        assert_eq!(wants(Choice::Main, Choice::Main, &[]), both);
        assert_eq!(wants(Choice::Sub, Choice::Main, &[Main]), both, "somebody else has the better one");
        assert_eq!(wants(Choice::Nothing, Choice::Main, &[Main, Sub]), both);
        let small = [(Sub, Want::Base)];
        assert_eq!(wants(Choice::Sub, Choice::Main, &[]), small, "this machine decodes no more");
        assert_eq!(wants(Choice::Sub, Choice::Sub, &[Main]), small, "a small tile wants no better one");
        assert_eq!(wants(Choice::Nothing, Choice::Sub, &[Sub]), small);
        assert_eq!(wants(Choice::KeyFrames(Sub), Choice::Sub, &[]), small);
        assert_eq!(wants(Choice::Nothing, Choice::Nothing, &[Sub]), [], "no tile of it can be seen");
    }

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

    #[test]
    fn only_what_others_have_is_told_to_the_plan() {
        let by = || vec![Holder { name: "Bình".into(), rank: 1 }, Holder { name: "Lan".into(), rank: 0 }];
        assert_eq!(
            denied_by(&Answer::Waiting { short: Short::Site, by: by() }).as_deref(),
            Some("Bình, Lan")
        );
        assert_eq!(denied_by(&Answer::Recalled { by: by() }).as_deref(), Some("Bình, Lan"));
        for passing in [Short::Server, Short::Handover] {
            assert_eq!(denied_by(&Answer::Waiting { short: passing, by: by() }), None);
        }
        assert_eq!(denied_by(&Answer::Recalled { by: Vec::new() }), None, "our own other stream");
        assert_eq!(denied_by(&Answer::Granted), None);
    }
}
