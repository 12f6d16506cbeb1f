//! Keeps the plan: what walls ask for, what the inventory allows, what streams turn out to cost, and the decision of the
//! moment.
//!
//! What is declared counts until it is measured. [`Planner::observe`] brings the counts of all open streams: what they
//! send (`watch`), what decoding them takes by kind of stream (`costs`), how many the graphics processor takes
//! (`sessions`), whether recorders and lines keep up (`links`), and whether this machine does (`strain`).
//! [`Planner::refuse`] brings what devices refuse. Whoever knows what other clients take says so by
//! [`Planner::set_viewers_of_others`], [`Planner::set_mbps_of_others`] and [`Planner::set_holder`].

mod costs;
mod foreseen;
mod links;
mod measured;
mod rooms;
mod sessions;
mod strain;
mod streams;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use inventory::{Inventory, ProfileKind};
use model::{Fit, Id, Size, Turn};

use crate::plan::{self, Choice, Decision, History, Machine, Reason, Scene, Verdict};
use costs::Costs;
use links::{Link, Pace};
use sessions::Sessions;
use strain::Strain;
use streams::Stream;

/// Of what decoding may comfortably take (two thirds of the cores), so much is taken before a tile goes dark for want of it:
/// nine tenths of the cores.
const AT_ITS_END: f64 = 1.4;

pub use foreseen::{Foreseen, Full};
pub use measured::{LinkLoad, Seen};

/// A tile that wants to show a camera.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Which camera; one that the inventory does not have is passed over.
    pub camera: Id,
    /// Pixels of the tile.
    pub size: Size,
    /// How the picture is laid in.
    pub fit: Fit,
    /// How it is turned.
    pub turn: Turn,
    /// How often it is enlarged, 1 or more: a part of the picture then has the tile's pixels.
    pub zoom: f32,
    /// A person has selected it.
    pub selected: bool,
    /// A person has enlarged it.
    pub enlarged: bool,
    /// A picture now and then is enough, as on a wall of everything.
    pub key_frames_suffice: bool,
    /// The small stream is enough, however large the tile.
    pub small_suffices: bool,
}

/// What of a camera only the planner knows.
struct Camera {
    main: Option<Stream>,
    sub: Option<Stream>,
    recorder: usize,
    site: usize,
    /// As many may watch it; `None`: not declared.
    viewers: Option<u32>,
    /// Other clients that are known to watch it.
    others: u32,
    /// Until then no more than so many of our sessions are let in beside the others.
    full: Option<(Instant, u32)>,
    relayed: bool,
}

impl Camera {
    fn stream(&self, kind: ProfileKind) -> Option<&Stream> {
        match kind {
            ProfileKind::Main => self.main.as_ref(),
            ProfileKind::Sub => self.sub.as_ref(),
        }
    }

    fn stream_mut(&mut self, kind: ProfileKind) -> Option<&mut Stream> {
        match kind {
            ProfileKind::Main => self.main.as_mut(),
            ProfileKind::Sub => self.sub.as_mut(),
        }
    }

    fn facts(&self, costs: &Costs, sessions: &Sessions, now: Instant) -> plan::Camera {
        let profile = |stream: &Stream| stream.profile(costs, sessions, now);
        let full = self.full.filter(|(until, _)| *until > now);
        let others = |limit: u32| full.map_or(self.others, |(_, ours)| limit.saturating_sub(ours));
        plan::Camera {
            main: self.main.as_ref().map(profile),
            sub: self.sub.as_ref().map(profile),
            recorder: self.recorder,
            site: self.site,
            viewers: self.viewers.map(|limit| plan::Viewers { limit, others: others(limit) }),
            relayed: self.relayed,
        }
    }
}

/// See the module.
pub struct Planner {
    places: HashMap<Id, usize>,
    ids: Vec<Id>,
    cameras: Vec<Camera>,
    recorders: Vec<Link>,
    sites: Vec<Link>,
    costs: Costs,
    sessions: Sessions,
    strain: Strain,
    /// The share of recorders and sites that is left to what a person looks at.
    reserve: f64,
    looked: Pace,
    walls: BTreeMap<u32, Vec<plan::Tile>>,
    history: History,
    /// What the decision was made from.
    facts: Vec<plan::Camera>,
    decision: Option<Decision>,
    planned: Option<Instant>,
}

impl Planner {
    /// Plans for the cameras of `inventory`, with so many `cores` for decoding.
    #[must_use]
    pub fn new(inventory: &Inventory, cores: f64) -> Self {
        let mut planner = Self {
            places: HashMap::new(),
            ids: Vec::new(),
            cameras: Vec::new(),
            recorders: Vec::new(),
            sites: Vec::new(),
            costs: Costs::new(),
            sessions: Sessions::default(),
            strain: Strain::new(cores),
            reserve: Scene::RESERVE,
            looked: Pace::default(),
            walls: BTreeMap::new(),
            history: History::default(),
            facts: Vec::new(),
            decision: None,
            planned: None,
        };
        for site in inventory.sites() {
            for recorder in &site.recorders {
                for camera in &recorder.cameras {
                    let stream =
                        |kind| camera.profiles.iter().find(|profile| profile.kind == kind).map(Stream::new);
                    planner.places.insert(camera.id.clone(), planner.cameras.len());
                    planner.ids.push(camera.id.clone());
                    planner.cameras.push(Camera {
                        main: stream(ProfileKind::Main),
                        sub: stream(ProfileKind::Sub),
                        recorder: planner.recorders.len(),
                        site: planner.sites.len(),
                        viewers: camera.viewers,
                        others: 0,
                        full: None,
                        relayed: false,
                    });
                }
                let sends = recorder.sends_mbps.map(f64::from);
                planner.recorders.push(Link::new(recorder.id.clone(), sends));
            }
            planner.sites.push(Link::new(site.id.clone(), site.uplink_mbps.map(f64::from)));
        }
        planner.refresh(Instant::now());
        planner
    }

    /// Wall `wall` asks for these from now on; none closes it. Says whether any camera is to be shown otherwise.
    pub fn show(&mut self, wall: u32, wanted: &[Wanted], now: Instant) -> bool {
        let tiles = self.tiles(wanted);
        let before = self.walls.insert(wall, tiles).unwrap_or_default();
        let after = &self.walls[&wall];
        // A person did this: those whose tiles came, went or changed are not held back.
        let differs = |tile: &&plan::Tile| !(before.contains(tile) && after.contains(tile));
        let touched: Vec<usize> =
            before.iter().chain(after).filter(differs).map(|tile| tile.camera).collect();
        touched.into_iter().for_each(|camera| self.history.touched(camera));
        self.walls.retain(|_, tiles| !tiles.is_empty());
        self.plan(now)
    }

    fn tiles(&self, wanted: &[Wanted]) -> Vec<plan::Tile> {
        let tile = |wanted: &Wanted| {
            Some(plan::Tile {
                camera: *self.places.get(&wanted.camera)?,
                size: wanted.size,
                fit: wanted.fit,
                turn: wanted.turn,
                zoom: wanted.zoom,
                visible: true,
                selected: wanted.selected,
                enlarged: wanted.enlarged,
                priority: 0,
                key_frames_suffice: wanted.key_frames_suffice,
                small_suffices: wanted.small_suffices,
            })
        };
        wanted.iter().filter_map(tile).collect()
    }

    /// The share of recorders and sites that is left to what a person selects or enlarges, 0 to 1; takes effect with the
    /// next plan.
    pub fn set_reserve(&mut self, share: f64) {
        self.reserve = if share.is_finite() { share.clamp(0.0, 1.0) } else { Scene::RESERVE };
    }

    /// So many sessions of other clients watch this camera. Takes effect with the next plan, as all that is set.
    pub fn set_viewers_of_others(&mut self, camera: &Id, viewers: u32) {
        if let Some(camera) = self.camera_mut(camera) {
            camera.others = viewers;
        }
    }

    /// Other clients take so many Mb/s of this recorder or site; an id that is neither is passed over.
    pub fn set_mbps_of_others(&mut self, link: &Id, mbps: f64) {
        let mut links = self.recorders.iter_mut().chain(&mut self.sites);
        if let Some(link) = links.find(|each| each.id == *link) {
            link.set_others(mbps);
        }
    }

    /// Somebody else has this stream, and it is not to be opened as long as that is so; `None`: nobody.
    pub fn set_holder(&mut self, camera: &Id, kind: ProfileKind, holder: Option<String>) {
        if let Some(stream) = self.camera_mut(camera).and_then(|camera| camera.stream_mut(kind)) {
            stream.holder = holder;
        }
    }

    /// Who else has a stream of this camera that is asked for here, if it is kept from us for that.
    #[must_use]
    pub fn holder(&self, camera: &Id, kind: ProfileKind) -> Option<&str> {
        self.camera(camera)?.stream(kind)?.holder.as_deref()
    }

    /// The camera is reached by a relay, which takes its viewer slot and its recorder's Mb/s once for everybody.
    pub fn set_relayed(&mut self, camera: &Id, relayed: bool) {
        if let Some(camera) = self.camera_mut(camera) {
            camera.relayed = relayed;
        }
    }

    fn camera(&self, id: &Id) -> Option<&Camera> {
        self.cameras.get(*self.places.get(id)?)
    }

    fn camera_mut(&mut self, id: &Id) -> Option<&mut Camera> {
        self.cameras.get_mut(*self.places.get(id)?)
    }

    /// Plans anew; says whether any camera is to be shown otherwise than before.
    pub fn plan(&mut self, now: Instant) -> bool {
        if let Some(before) = self.planned.replace(now) {
            self.history.pass(now.saturating_duration_since(before));
        }
        let tiles: Vec<plan::Tile> = self.walls.values().flatten().copied().collect();
        self.refresh(now);
        let mut decision = self.decide(&tiles);
        // Who finds no session of the graphics processor is decoded on the processor: its cost is counted there.
        if self.send_to_processor(&decision) {
            self.refresh(now);
            decision = self.decide(&tiles);
        }
        self.history.record(&decision);
        let same = |before: &Decision| {
            let verdicts = before.cameras.iter().zip(&decision.cameras);
            verdicts.into_iter().all(|(before, now)| {
                // The numbers in a reason move all the time; what it says does not.
                before.choice == now.choice
                    && std::mem::discriminant(&before.reason) == std::mem::discriminant(&now.reason)
            })
        };
        let changed = !self.decision.as_ref().is_some_and(same);
        self.decision = Some(decision);
        changed
    }

    fn refresh(&mut self, now: Instant) {
        let facts = self.cameras.iter().map(|camera| camera.facts(&self.costs, &self.sessions, now));
        self.facts = facts.collect();
    }

    /// With what is known now; `tiles` are all walls'.
    fn decide(&self, tiles: &[plan::Tile]) -> Decision {
        let (recorders, sites) = (free(&self.recorders), free(&self.sites));
        plan::plan(&self.scene(tiles, &recorders, &sites))
    }

    fn scene<'a>(
        &'a self,
        tiles: &'a [plan::Tile],
        recorders: &'a [Option<f64>],
        sites: &'a [Option<f64>],
    ) -> Scene<'a> {
        Scene {
            tiles,
            cameras: &self.facts,
            recorders,
            sites,
            machine: Machine {
                cores: self.strain.cores(),
                key_frame_cores: Some(self.strain.whole() * AT_ITS_END),
                gpu_sessions: self.sessions.limit(),
            },
            reserve: self.reserve,
            history: Some(&self.history),
        }
    }

    /// Says whether any stream is to be decoded elsewhere now.
    fn send_to_processor(&mut self, decision: &Decision) -> bool {
        let mut any = false;
        if self.sessions.limit().is_none() {
            let streams = self.cameras.iter_mut().flat_map(|camera| [&mut camera.main, &mut camera.sub]);
            for stream in streams.flatten() {
                any |= std::mem::take(&mut stream.without_session);
            }
            return any;
        }
        for (camera, verdict) in self.cameras.iter_mut().zip(&decision.cameras) {
            if matches!(verdict.reason, Reason::GpuSessions { .. }) {
                for stream in [&mut camera.main, &mut camera.sub].into_iter().flatten() {
                    any |= !std::mem::replace(&mut stream.without_session, true);
                }
            }
        }
        any
    }

    /// What is opened of a camera and why; `None` for a camera that is not in the inventory, or before the first plan.
    #[must_use]
    pub fn verdict(&self, camera: &Id) -> Option<Verdict> {
        self.decision.as_ref()?.cameras.get(*self.places.get(camera)?).copied()
    }

    /// Sessions of this camera by the plan and by others as far as they are known, and how many there may be; `None`
    /// where that is not limited.
    #[must_use]
    pub fn viewers(&self, camera: &Id) -> Option<(u32, u32)> {
        let viewers = self.facts.get(*self.places.get(camera)?)?.viewers?;
        let ours = u32::from(self.verdict(camera)?.choice != Choice::Nothing);
        Some(((viewers.others + ours).min(viewers.limit), viewers.limit))
    }

    /// The share of this machine's decoding that is planned, 0–1.
    #[must_use]
    pub fn decode_share(&self) -> f64 {
        self.decision.as_ref().map_or(0.0, |decision| decision.decode.share())
    }

    /// Something else keeps this machine so busy that less is decoded than it could.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        self.strain.is_lowered()
    }
}

fn free(links: &[Link]) -> Vec<Option<f64>> {
    links.iter().map(Link::free).collect()
}
