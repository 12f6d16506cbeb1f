//! What the page is told twice a second: how cameras and walls stand, and what that takes.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use inventory::ProfileKind;
use layouts::Wall;
use model::Id;

use super::Console;
use super::worker::TICK;
use crate::process;
use crate::wall::feeds::{AHEAD, wishes};
use crate::wall::thread::{CameraStanding, Standing};
use crate::wire::{Act, CameraStatus, LinkStatus, Look, Profile, Status, Viewers, WallStatus};

/// What the page knows already, and what rates are counted from.
pub(super) struct Told {
    cameras: HashMap<Id, CameraStanding>,
    /// Sessions that watch a camera, and how many may.
    viewers: HashMap<Id, (u32, u32)>,
    at: Instant,
    bytes: u64,
    cpu: f64,
    pictures: BTreeMap<u32, u64>,
    /// Walls that cannot be drawn, and why.
    failing: BTreeMap<u32, String>,
    /// When each wall's page last turned by itself, and which page it then was.
    turned: BTreeMap<u32, (usize, Instant)>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            cameras: HashMap::new(),
            viewers: HashMap::new(),
            at: Instant::now(),
            bytes: 0,
            cpu: 0.0,
            pictures: BTreeMap::new(),
            failing: BTreeMap::new(),
            turned: BTreeMap::new(),
        }
    }
}

impl Told {
    /// The page begins anew, or in another language.
    pub(super) fn forget(&mut self) {
        self.cameras.clear();
    }
}

impl Console {
    /// Looks around: pages that turn by themselves, and the status for the page.
    pub(super) fn tick(&self) {
        self.turn_pages();
        self.go_on_tours();
        self.lock_if_idle();
        self.give_back_lent();
        self.follow_playback();
        self.follow_exports();
        self.follow_safekeeping();
        self.follow_sound();
        let standings: BTreeMap<u32, Standing> =
            self.walls.lock().iter().map(|(id, open)| (*id, open.controls.standing())).collect();
        self.tell_failures(&standings);
        self.keep_records(&standings);
        let status = self.status(&standings);
        self.tell("status", status);
        self.tell_sharing();
    }

    /// A wall that cannot be drawn at all says so, once for each reason.
    fn tell_failures(&self, standings: &BTreeMap<u32, Standing>) {
        let failing = standings.iter().filter_map(|(id, standing)| Some((*id, standing.failure.clone()?)));
        let failing: BTreeMap<u32, String> = failing.collect();
        let before = std::mem::replace(&mut self.state.lock().status.failing, failing.clone());
        for (_, reason) in failing.iter().filter(|(id, reason)| before.get(*id) != Some(*reason)) {
            self.complain("wall_not_opened", &[("reason", reason)]);
        }
    }

    fn status(&self, standings: &BTreeMap<u32, Standing>) -> Status {
        let tally = self.feeds.tally();
        let loads = self.feeds.loads();
        let sharing = super::sharing::status(&self.feeds.sharing());
        let viewers =
            self.feeds.viewers(standings.values().flat_map(|standing| &standing.cameras).map(|c| &c.id));
        let (cpu, memory) = (process::cpu_seconds().all, process::memory_mib().0);
        let mut state = self.state.lock();
        let told = &mut state.status;
        let seconds = told.at.elapsed().as_secs_f64().max(1e-3);
        let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        let walls = standings
            .iter()
            .map(|(id, standing)| {
                let before = told.pictures.insert(*id, standing.pictures).unwrap_or(standing.pictures);
                WallStatus {
                    id: *id,
                    cameras: standing.cameras.len(),
                    live: standing.cameras.iter().filter(|camera| camera.live).count(),
                    pictures_per_second: standing.pictures.saturating_sub(before) as f64 / seconds,
                    renderer: bare(&standing.renderer),
                }
            })
            .collect();
        told.pictures.retain(|id, _| standings.contains_key(id));
        let (cameras, closed) = told.news(standings, &viewers);
        let status = Status {
            cameras,
            closed,
            walls,
            sites: links(loads.sites),
            recorders: links(loads.recorders),
            decode_share: loads.decode,
            overloaded: loads.overloaded,
            streams: tally.streams,
            megabits_per_second: tally.bytes.saturating_sub(told.bytes) as f64 * 8.0 / 1e6 / seconds,
            decoder: tally.decoders.iter().map(|decoder| decoder.name()).collect::<Vec<_>>().join(" + "),
            sharing,
            cpu: (cpu > 0.0).then(|| ((cpu - told.cpu) / seconds / cores).clamp(0.0, 1.0)),
            memory_mib: (memory > 0.0).then_some(memory),
            remembered_mib: tally.remembered as f64 / f64::from(1 << 20),
        };
        (told.at, told.bytes, told.cpu) = (Instant::now(), tally.bytes, cpu);
        drop(state);
        self.feeds.review();
        status
    }

    /// Opens the streams of the page that a wall turns to in a moment.
    fn prepare_next_page(&self, mut wall: Wall) {
        let next = (wall.page() + 1) % wall.pages();
        let Some(size) = self.size_of(&wall) else { return };
        if wall.show_page(next).is_ok() {
            let wanted: Vec<_> =
                wishes(&wall, size).into_iter().filter_map(|(_, _, wanted)| wanted).collect();
            self.feeds.prepare(wall.id(), &wanted);
        }
    }

    /// Turns the pages whose time has come. A page that a person has turned to stays its full time.
    fn turn_pages(&self) {
        let now = Instant::now();
        let (mut due, mut soon) = (Vec::new(), Vec::new());
        {
            let mut state = self.state.lock();
            let desk = state.arrangement.desk().clone();
            let turned = &mut state.status.turned;
            turned.retain(|id, _| desk.wall(*id).is_some_and(|wall| wall.turning().is_some()));
            for wall in desk.walls() {
                let Some(seconds) = wall.turning().filter(|_| wall.pages() > 1 && wall.enlarged().is_none())
                else {
                    turned.remove(&wall.id());
                    continue;
                };
                let (page, since) = turned.entry(wall.id()).or_insert((wall.page(), now));
                let left = Duration::from_secs(seconds.get().into()).saturating_sub(since.elapsed());
                if *page != wall.page() {
                    (*page, *since) = (wall.page(), now);
                } else if left <= AHEAD && (left + 2 * TICK > AHEAD || since.elapsed() < 2 * TICK) {
                    soon.push(wall.clone());
                } else if since.elapsed().as_secs() >= u64::from(seconds.get()) {
                    let next = (wall.page() + 1) % wall.pages();
                    (*page, *since) = (next, now);
                    due.push((wall.id(), next));
                }
            }
        }
        soon.into_iter().for_each(|wall| self.prepare_next_page(wall));
        for (wall, page) in due {
            // The wall may have been closed a moment ago.
            let _ = self.act_unasked(wall, &Act::Page { page });
        }
    }
}

impl Told {
    /// The cameras that stand otherwise than the page knows, and those that are gone. A camera on several walls is
    /// live if it is live on one of them.
    fn news(
        &mut self,
        standings: &BTreeMap<u32, Standing>,
        viewers: &HashMap<Id, (u32, u32)>,
    ) -> (Vec<CameraStatus>, Vec<Id>) {
        let mut now: HashMap<Id, &CameraStanding> = HashMap::new();
        for camera in standings.values().flat_map(|standing| &standing.cameras) {
            let known = now.entry(camera.id.clone()).or_insert(camera);
            if camera.live && !known.live {
                *known = camera;
            }
        }
        let watching = |id: &Id| viewers.get(id).copied();
        let same = |camera: &CameraStanding| {
            let known = self.cameras.get(&camera.id);
            known == Some(camera) && self.viewers.get(&camera.id).copied() == watching(&camera.id)
        };
        let changed = now.values().filter(|camera| !same(camera));
        let news = changed.map(|camera| wire(camera, watching(&camera.id))).collect();
        self.viewers.clone_from(viewers);
        let closed = self.cameras.keys().filter(|id| !now.contains_key(*id)).cloned().collect();
        self.cameras = now.into_iter().map(|(id, camera)| (id, camera.clone())).collect();
        (news, closed)
    }
}

/// `software (AVX2)` is half English: what stands in brackets says enough.
fn bare(renderer: &str) -> String {
    let inside = renderer.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    inside.map_or(renderer, |(inside, _)| inside).to_owned()
}

/// Recorders or sites with open streams.
fn links(loads: Vec<engine::planner::LinkLoad>) -> Vec<LinkStatus> {
    let link = |load: engine::planner::LinkLoad| LinkStatus {
        id: load.id,
        used: load.received,
        others: load.others,
        limit: load.limit,
        learned: load.learned,
        declared: load.declared,
        streams: load.streams,
    };
    loads.into_iter().filter(|load| load.streams > 0).map(link).collect()
}

fn wire(camera: &CameraStanding, viewers: Option<(u32, u32)>) -> CameraStatus {
    CameraStatus {
        id: camera.id.clone(),
        look: match (camera.live, camera.coming) {
            (true, _) => Look::Live,
            (false, true) => Look::Waiting,
            (false, false) => Look::Dark,
        },
        text: camera.text.clone(),
        detail: camera.detail.clone(),
        profile: camera.profile.map(|kind| match kind {
            ProfileKind::Main => Profile::Main,
            ProfileKind::Sub => Profile::Sub,
        }),
        viewers: viewers.map(|(used, limit)| Viewers { used, limit }),
    }
}
