//! What holds for every wall.

use std::time::Instant;

use proptest::prelude::*;
use proptest::sample::Index;

use super::walls::{Streams, camera, lived_in, world};
use super::*;
use crate::plan::demand::demands;
use crate::plan::fill::line;
use crate::plan::ladder::{Ladder, Step, wanted};
use crate::plan::order::Place;
use crate::plan::{MARGIN, Viewers};

/// Mb/s that a choice brings; summed here independently of the plan.
fn mbps(camera: &Camera, choice: Choice) -> f64 {
    choice.kind().map_or(0.0, |kind| camera.profile(kind).expect("a chosen stream exists").mbps)
}

fn cores(camera: &Camera, choice: Choice) -> f64 {
    let profile = choice.kind().and_then(|kind| camera.profile(kind));
    profile.map_or(0.0, |p| if choice.is_moving() { p.cores } else { p.key_frame_cores })
}

fn within(used: f64, limit: Option<f64>) -> bool {
    limit.is_none_or(|limit| used <= limit + 1e-9)
}

fn assert_no_limit_is_exceeded(world: &World, decision: &Decision) {
    let sum = |of: &dyn Fn(usize) -> bool, cost: &dyn Fn(&Camera, Choice) -> f64| -> f64 {
        let cameras = world.cameras.iter().enumerate().filter(|&(at, _)| of(at));
        cameras.map(|(at, camera)| cost(camera, decision.cameras[at].choice)).sum()
    };
    let open = |limit: Option<f64>| limit.map(|limit| limit * (1.0 - world.reserve));
    for (r, &limit) in world.recorders.iter().enumerate() {
        let here = |at: usize| world.cameras[at].recorder == r && !world.cameras[at].relayed;
        let used = sum(&here, &mbps);
        assert!(within(used, limit), "recorder {r}: {used} of {limit:?}");
        assert!(
            within(sum(&|at| here(at) && !world.is_attended(at), &mbps), open(limit)),
            "recorder {r}: reserve"
        );
        assert!((decision.recorders[r].used - used).abs() < 1e-3);
    }
    for (s, &limit) in world.sites.iter().enumerate() {
        let here = |at: usize| world.cameras[at].site == s;
        let used = sum(&here, &mbps);
        assert!(within(used, limit), "site {s}: {used} of {limit:?}");
        assert!(
            within(sum(&|at| here(at) && !world.is_attended(at), &mbps), open(limit)),
            "site {s}: reserve"
        );
        assert!((decision.sites[s].used - used).abs() < 1e-3);
    }
    let last = world.machine.key_frame_cores.unwrap_or_default().max(world.machine.cores);
    assert!(within(sum(&|_| true, &cores), Some(last)), "decoding");
    let sessions = sum(&|_| true, &|camera, choice| {
        f64::from(u8::from(choice.kind().and_then(|kind| camera.profile(kind)).is_some_and(|p| p.on_gpu)))
    });
    assert!(within(sessions, world.machine.gpu_sessions.map(f64::from)), "graphics sessions");
    for (camera, verdict) in world.cameras.iter().zip(&decision.cameras) {
        if let Some(kind) = verdict.choice.kind() {
            assert!(camera.slots() != Some(0), "no viewer slot");
            assert!(camera.usable(kind).is_some(), "refused");
        }
    }
}

/// By camera and step in the order of filling: whether it was granted. `whole` has the ladders.
fn outcomes(whole: &World, decision: &Decision) -> Vec<bool> {
    let scene = whole.scene();
    let demands = demands(&scene);
    let line = line(&scene, &demands);
    let mut granted = Vec::new();
    let mut look = |places: &[Place], step: Step| {
        for at in places.iter().map(|place| place.camera) {
            let wanted =
                demands[at].and_then(|demand| wanted(&whole.cameras[at], &demand)).unwrap_or_default();
            let past = whole.history.as_ref().and_then(|history| history.of(at));
            let hold = past.and_then(|past| past.hold().map(|left| (past.choice, left)));
            let Ok(ladder) = Ladder::of(&whole.cameras[at], wanted, hold) else { continue };
            let rungs = [Step::Base, Step::Motion, Step::Size].map(|step| ladder.rung(step));
            let reached = rungs.iter().position(|rung| *rung == Some(decision.cameras[at].choice));
            if rungs[step as usize].is_some() {
                granted.push(reached.is_some_and(|reached| reached >= step as usize));
            }
        }
    };
    look(&line, Step::Base);
    for peers in line.chunk_by(Place::is_peer) {
        look(peers, Step::Motion);
        look(peers, Step::Size);
    }
    granted
}

/// By how much each limit is raised.
fn raises() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![3 => Just(0.0), 2 => 0.0..4.0, 1 => Just(1000.0)], 6 + 3 + 3)
}

fn raised(world: &World, by: &[f64]) -> World {
    let mut world = world.clone();
    let links = world.recorders.iter_mut().chain(&mut world.sites);
    links.zip(by).for_each(|(limit, by)| *limit = limit.map(|mbps| mbps + by));
    world.machine.cores += by[9] / 4.0;
    world.machine.gpu_sessions = world.machine.gpu_sessions.map(|sessions| sessions + by[10] as u32);
    for Viewers { limit, .. } in world.cameras.iter_mut().filter_map(|camera| camera.viewers.as_mut()) {
        *limit += by[11] as u32;
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_limit_is_ever_exceeded(world in lived_in(Streams::Odd)) {
        assert_no_limit_is_exceeded(&world, &world.decide());
    }

    #[test]
    fn the_order_of_tiles_changes_nothing(world in lived_in(Streams::Odd), seed in any::<[Index; 32]>()) {
        let decision = world.decide();
        let mut shuffled = world.clone();
        for (at, index) in seed.iter().enumerate().take(world.tiles.len()) {
            shuffled.tiles.swap(at, index.index(world.tiles.len()));
        }
        prop_assert_eq!(decision, shuffled.decide());
    }

    #[test]
    fn raised_limits_take_nothing_from_who_goes_first(world in lived_in(Streams::Odd), by in raises()) {
        let more = raised(&world, &by);
        let (before, after) = (outcomes(&more, &world.decide()), outcomes(&more, &more.decide()));
        let first = before.iter().zip(&after).find(|(before, after)| before != after);
        prop_assert_ne!(first, Some((&true, &false)), "an earlier step was taken back");
    }

    #[test]
    fn a_raised_limit_darkens_none_of_its_own_like_cameras(
        mut world in world(Streams::Alike), which in 0..11_usize, by in 0.0..8.0,
    ) {
        world.cameras.iter_mut().for_each(|camera| camera.relayed = false);
        let by: Vec<f64> = (0..12).map(|at| if at == which { by } else { 0.0 }).collect();
        let (before, after) = (world.decide(), raised(&world, &by).decide());
        for (at, camera) in world.cameras.iter().enumerate() {
            let own = which == camera.recorder || which == 6 + camera.site || which > 8;
            let lit = before.cameras[at].choice != Choice::Nothing;
            prop_assert!(!own || !lit || after.cameras[at].choice != Choice::Nothing, "camera {} is dark", at);
        }
    }

    #[test]
    fn without_limits_everybody_gets_what_he_wants(mut world in world(Streams::Usual)) {
        world.recorders.clear();
        world.sites.clear();
        world.machine = Machine { cores: 1e6, key_frame_cores: None, gpu_sessions: None };
        world.cameras.iter_mut().for_each(|camera| camera.viewers = None);
        for verdict in world.decide().cameras {
            prop_assert_eq!(verdict.choice, verdict.wanted);
        }
    }

    #[test]
    fn a_selected_tile_is_never_worse_than_its_equal(
        mut world in world(Streams::Usual), camera in camera(Streams::Usual), large in any::<bool>(), first in any::<bool>(),
    ) {
        let at = world.cameras.len();
        world.cameras.extend([camera, camera]);
        let size = if large { LARGE } else { SMALL };
        let tiles = [at, at + 1].map(|camera| Tile { camera, size, ..TILE });
        world.tiles.extend(tiles);
        let selected = if first { at } else { at + 1 };
        world.tiles.iter_mut().filter(|tile| tile.camera == selected).for_each(|tile| tile.selected = true);
        let decision = world.decide();
        let grade = |camera: usize| decision.cameras[camera].choice.grade();
        prop_assert!(grade(selected) >= grade(2 * at + 1 - selected), "{:?}", &decision.cameras[at..]);
    }

    #[test]
    fn a_reason_fits_its_choice(world in world(Streams::Odd)) {
        for verdict in world.decide().cameras {
            let Verdict { choice, wanted, reason } = verdict;
            match reason {
                Reason::RecorderMbps(short) | Reason::SiteMbps(short) | Reason::Decode(short) => {
                    prop_assert!(short.used + short.needs > short.limit * (1.0 - MARGIN));
                    prop_assert!(short.used + short.needs > short.limit, "no history, no margin: {:?}", short);
                }
                Reason::Fits | Reason::TooSmallForMain | Reason::KeyFramesByChoice => {
                    prop_assert!(choice.grade() >= wanted.grade(), "{:?}", verdict);
                }
                Reason::Hidden | Reason::NoProfile | Reason::Viewers { .. } => {
                    prop_assert_eq!(choice, Choice::Nothing);
                }
                Reason::Refused { kind, .. } => prop_assert_eq!(wanted.kind(), Some(kind)),
                Reason::GpuSessions { .. } => prop_assert_ne!(choice, wanted),
                Reason::Held { .. } => prop_assert!(false, "nothing was before"),
            }
        }
    }
}

#[test]
fn a_province_on_three_walls_is_planned_in_little_time() {
    let mut world = World::of(373, SMALL);
    world.sites = vec![Some(20.0); 54];
    world.recorders = vec![Some(20.0); 59];
    for (at, camera) in world.cameras.iter_mut().enumerate() {
        (camera.site, camera.recorder) = (at % 54, at % 59);
    }
    world.tiles = world.tiles.iter().cycle().take(3 * 373).copied().collect();
    world.machine.cores = 2.0;
    world.go_on();
    let began = Instant::now();
    for _ in 0..100 {
        world.go_on();
    }
    println!("373 cameras on 3 walls: {:?} a plan", began.elapsed() / 100);
    let decision = world.decide();
    assert_no_limit_is_exceeded(&world, &decision);
    assert!(decision.cameras.iter().all(|verdict| verdict.choice != Choice::Nothing));
}
