//! Keeps the plan: what walls ask for, what the inventory allows, what streams turn out to cost, and the decision of the
//! moment.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use model::{Fit, Id, Size, Turn};

use crate::plan::{self, Decision, History, Load, Machine, Refusal, Scene, Verdict};
use inventory::{Inventory, Profile, ProfileKind};

/// Cores that decoding takes for each picture point a second, before anything has been measured: FFmpeg on one core of
/// 2020 or later, H.265 at camera bit rates.
const CORES_PER_PIXEL: f64 = 2.6e-9;
/// What a picture costs beside its points, in points: small pictures are dearer by the point.
const POINTS_PER_PICTURE: f64 = 130_000.0;
/// Where the inventory is silent.
const USUAL_FRAME_RATE: f64 = 25.0;
/// Where the inventory is silent: what a camera sends for each picture point, in bits.
const USUAL_BITS_PER_PIXEL: f64 = 0.05;
/// Key frames come every two seconds or less often.
const KEY_FRAMES_PER_SECOND: f64 = 0.5;

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
    /// A person has selected it.
    pub selected: bool,
    /// A person has enlarged it.
    pub enlarged: bool,
}

/// See the module.
pub struct Planner {
    site_ids: Vec<Id>,
    places: HashMap<Id, usize>,
    cameras: Vec<plan::Camera>,
    recorders: Vec<Option<f64>>,
    sites: Vec<Option<f64>>,
    machine: Machine,
    /// Decoding as measured, as a multiple of what was expected.
    dearer: f64,
    walls: BTreeMap<u32, Vec<plan::Tile>>,
    history: History,
    decision: Option<Decision>,
    planned: Option<Instant>,
}

impl Planner {
    /// Plans for the cameras of `inventory`, with so many `cores` for decoding.
    #[must_use]
    pub fn new(inventory: &Inventory, cores: f64) -> Self {
        let mut planner = Self {
            site_ids: inventory.sites().iter().map(|site| site.id.clone()).collect(),
            places: HashMap::new(),
            cameras: Vec::new(),
            recorders: Vec::new(),
            sites: Vec::new(),
            machine: Machine { cores, gpu_sessions: None },
            dearer: 1.0,
            walls: BTreeMap::new(),
            history: History::default(),
            decision: None,
            planned: None,
        };
        for site in inventory.sites() {
            for recorder in &site.recorders {
                for camera in &recorder.cameras {
                    let profile =
                        |kind| camera.profiles.iter().find(|profile| profile.kind == kind).map(facts);
                    planner.places.insert(camera.id.clone(), planner.cameras.len());
                    planner.cameras.push(plan::Camera {
                        main: profile(ProfileKind::Main),
                        sub: profile(ProfileKind::Sub),
                        recorder: planner.recorders.len(),
                        site: planner.sites.len(),
                        viewers: camera.viewers.map(|limit| plan::Viewers { limit, others: 0 }),
                        relayed: false,
                    });
                }
                planner.recorders.push(recorder.sends_mbps.map(f64::from));
            }
            planner.sites.push(site.uplink_mbps.map(f64::from));
        }
        planner
    }

    /// Wall `wall` asks for these from now on; none closes it. Says whether any camera is to be shown otherwise.
    pub fn show(&mut self, wall: u32, wanted: &[Wanted], now: Instant) -> bool {
        let tile = |wanted: &Wanted| {
            Some(plan::Tile {
                camera: *self.places.get(&wanted.camera)?,
                size: wanted.size,
                fit: wanted.fit,
                turn: wanted.turn,
                zoom: 1.0,
                visible: true,
                selected: wanted.selected,
                enlarged: wanted.enlarged,
                priority: 0,
                key_frames_suffice: false,
            })
        };
        let tiles: Vec<plan::Tile> = wanted.iter().filter_map(tile).collect();
        let before = self.walls.insert(wall, tiles).unwrap_or_default();
        let after = &self.walls[&wall];
        // A person did this: those whose tiles came, went or changed are not held back.
        for tile in before.iter().chain(after) {
            let unchanged = before.contains(tile) && after.contains(tile);
            if !unchanged {
                self.history.touched(tile.camera);
            }
        }
        self.walls.retain(|_, tiles| !tiles.is_empty());
        self.plan(now)
    }

    /// The device refuses this stream for so long; `None`: it does not (any more).
    pub fn set_refused(&mut self, camera: &Id, kind: ProfileKind, refused: Option<Refusal>) {
        let Some(camera) = self.places.get(camera).and_then(|place| self.cameras.get_mut(*place)) else {
            return;
        };
        let profile = match kind {
            ProfileKind::Main => &mut camera.main,
            ProfileKind::Sub => &mut camera.sub,
        };
        if let Some(profile) = profile {
            profile.refused = refused;
        }
    }

    /// All streams together took so many `cores` of decoding lately. What they take is known only after a while, so the
    /// plan follows slowly.
    pub fn measured(&mut self, cores: f64) {
        let expected = self.decision.as_ref().map_or(0.0, |decision| decision.decode.used);
        // A stream or two say little, and a busy machine says nothing of what decoding takes.
        if expected < 0.1 || !cores.is_finite() || cores <= 0.0 {
            return;
        }
        let ratio = (cores / expected).clamp(0.5, 2.0);
        let dearer = (self.dearer * (1.0 + (ratio - 1.0) * 0.1)).clamp(0.1, 10.0);
        let change = dearer / self.dearer;
        self.dearer = dearer;
        for profile in
            self.cameras.iter_mut().flat_map(|camera| [&mut camera.main, &mut camera.sub]).flatten()
        {
            profile.cores *= change;
            profile.key_frame_cores *= change;
        }
    }

    /// Plans anew; says whether any camera is to be shown otherwise than before.
    pub fn plan(&mut self, now: Instant) -> bool {
        if let Some(before) = self.planned.replace(now) {
            self.history.pass(now.saturating_duration_since(before));
        }
        let tiles: Vec<plan::Tile> = self.walls.values().flatten().copied().collect();
        let decision = plan::plan(&Scene {
            tiles: &tiles,
            cameras: &self.cameras,
            recorders: &self.recorders,
            sites: &self.sites,
            machine: self.machine,
            reserve: Scene::RESERVE,
            history: Some(&self.history),
        });
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

    /// What is opened of a camera and why; `None` for a camera that is not in the inventory, or before the first plan.
    #[must_use]
    pub fn verdict(&self, camera: &Id) -> Option<Verdict> {
        self.decision.as_ref()?.cameras.get(*self.places.get(camera)?).copied()
    }

    /// Whether another stream of this kind can be open for a moment beside what is planned: an old picture that stays
    /// until the new one comes, or a stream that somebody may come back to.
    #[must_use]
    pub fn has_room(&self, camera: &Id, kind: ProfileKind) -> bool {
        let (Some(decision), Some(place)) = (&self.decision, self.places.get(camera)) else { return true };
        let facts = &self.cameras[*place];
        let Some(profile) = facts.profile(kind) else { return true };
        let holds = |load: Load| load.limit.is_none_or(|limit| load.used + profile.mbps <= limit);
        let session = facts.viewers.is_none_or(|viewers| viewers.others + 2 <= viewers.limit);
        session && holds(decision.recorders[facts.recorder]) && holds(decision.sites[facts.site])
    }

    /// What is planned of each site's line: Mb/s in use and Mb/s that it carries. Sites without open streams, and those
    /// whose line is not known, are left out.
    pub fn lines(&self) -> impl Iterator<Item = (&Id, f64, f64)> {
        let loads = self.decision.iter().flat_map(|decision| &decision.sites);
        let used = self.site_ids.iter().zip(loads).filter(|(_, load)| load.used > 0.0);
        used.filter_map(|(id, load)| Some((id, load.used, load.limit?)))
    }

    /// The share of this machine's decoding that is planned, 0–1.
    #[must_use]
    pub fn decode_share(&self) -> f64 {
        self.decision.as_ref().map_or(0.0, |decision| decision.decode.share())
    }
}

fn facts(profile: &Profile) -> plan::Profile {
    let size = Size::new(profile.width, profile.height);
    let points = f64::from(size.width) * f64::from(size.height);
    let rate = profile.frame_rate.map_or(USUAL_FRAME_RATE, f64::from);
    let mbps = profile.kbps.map_or(points * rate * USUAL_BITS_PER_PIXEL / 1e6, |kbps| f64::from(kbps) / 1e3);
    let picture = (points + POINTS_PER_PICTURE) * CORES_PER_PIXEL;
    plan::Profile {
        size,
        mbps,
        cores: picture * rate,
        key_frame_cores: picture * rate.min(KEY_FRAMES_PER_SECOND),
        on_gpu: false,
        refused: None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::plan::{Choice, Reason};

    /// 16 cameras on a recorder that sends 20 Mb/s, of a site with 100.
    fn planner(cores: f64) -> (Planner, Vec<Id>) {
        let camera = |n: usize| {
            format!(
                r#"{{"id":"c{n}","name":"","viewers":6,"profiles":[
                {{"kind":"main","address":"rtsp://10.0.0.1/{n}/main","width":1920,"height":1080,"frame_rate":25,"kbps":2000}},
                {{"kind":"sub","address":"rtsp://10.0.0.1/{n}/sub","width":640,"height":360,"frame_rate":12,"kbps":256}}]}}"#
            )
        };
        let cameras: Vec<String> = (0..16).map(camera).collect();
        let text = format!(
            r#"{{"version":1,"name":"","sites":[{{"id":"s","name":"","district":"","uplink_mbps":100,"recorders":[
            {{"id":"r","name":"","sends_mbps":20,"cameras":[{}]}}]}}]}}"#,
            cameras.join(",")
        );
        let inventory = Inventory::parse(text.as_bytes()).unwrap();
        let ids = (0..16).map(|n| Id::new(&format!("c{n}")).unwrap()).collect();
        (Planner::new(&inventory, cores), ids)
    }

    fn wanted(ids: &[Id], width: u32, height: u32) -> Vec<Wanted> {
        let tile = |camera: &Id| Wanted {
            camera: camera.clone(),
            size: Size::new(width, height),
            fit: Fit::Fit,
            turn: Turn::None,
            selected: false,
            enlarged: false,
        };
        ids.iter().map(tile).collect()
    }

    #[test]
    fn large_tiles_share_what_the_recorder_sends() {
        let (mut planner, ids) = planner(64.0);
        assert!(planner.show(0, &wanted(&ids, 960, 540), Instant::now()));
        let choices: Vec<Choice> = ids.iter().map(|id| planner.verdict(id).unwrap().choice).collect();
        let mains = choices.iter().filter(|choice| **choice == Choice::Main).count();
        // 16 sub streams take 4.1 of the 18 Mb/s that leave the reserve; each main stream 1.744 more.
        assert_eq!(mains, 7, "{choices:?}");
        assert_eq!(choices.iter().filter(|choice| **choice == Choice::Sub).count(), 9);
        let limited =
            ids.iter().filter(|id| matches!(planner.verdict(id).unwrap().reason, Reason::RecorderMbps(_)));
        assert_eq!(limited.count(), 9);
        let (_, used, limit) = planner.lines().next().unwrap();
        assert!((used - (7.0 * 2.0 + 9.0 * 0.256)).abs() < 1e-9 && (limit - 100.0).abs() < 1e-9, "{used}");
    }

    #[test]
    fn an_enlarged_camera_gets_its_main_stream_at_once() {
        let (mut planner, ids) = planner(64.0);
        let now = Instant::now();
        planner.show(0, &wanted(&ids, 480, 270), now);
        assert_eq!(planner.verdict(&ids[3]).unwrap().choice, Choice::Sub);
        let mut one = wanted(&ids[3..4], 1920, 1080);
        one[0].enlarged = true;
        assert!(planner.show(0, &one, now + Duration::from_secs(1)));
        assert_eq!(planner.verdict(&ids[3]).unwrap().choice, Choice::Main);
        assert_eq!(planner.verdict(&ids[4]).unwrap().choice, Choice::Nothing);
        assert!(
            planner.has_room(&ids[3], ProfileKind::Sub),
            "the old picture may stay until the new one comes"
        );
    }

    #[test]
    fn a_weak_machine_shows_key_frames_rather_than_nothing() {
        let (mut planner, ids) = planner(0.05);
        planner.show(0, &wanted(&ids, 480, 270), Instant::now());
        let dark = ids.iter().filter(|id| planner.verdict(id).unwrap().choice == Choice::Nothing).count();
        let still =
            ids.iter().filter(|id| matches!(planner.verdict(id).unwrap().choice, Choice::KeyFrames(_)));
        assert_eq!(dark, 0);
        assert!(still.count() >= 10);
    }

    #[test]
    fn a_refused_main_stream_falls_to_the_sub_stream_and_says_so() {
        let (mut planner, ids) = planner(64.0);
        planner.set_refused(&ids[0], ProfileKind::Main, Some(Refusal::For(Duration::from_secs(30))));
        planner.show(0, &wanted(&ids[..1], 1920, 1080), Instant::now());
        let verdict = planner.verdict(&ids[0]).unwrap();
        assert_eq!(verdict.choice, Choice::Sub);
        assert!(matches!(verdict.reason, Reason::Refused { kind: ProfileKind::Main, .. }));
    }

    #[test]
    fn dearer_decoding_is_learnt_slowly() {
        let (mut planner, ids) = planner(64.0);
        planner.show(0, &wanted(&ids, 480, 270), Instant::now());
        let before = planner.decode_share();
        planner.measured(before * 64.0 * 2.0);
        planner.plan(Instant::now());
        let after = planner.decode_share() / before;
        assert!((1.05..1.15).contains(&after), "{after}");
    }
}
