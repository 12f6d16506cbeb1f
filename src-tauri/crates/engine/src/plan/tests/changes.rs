//! The way from one decision to the next.

use std::time::Duration;

use proptest::prelude::*;

use super::walls::{Streams, lived_in};
use super::*;
use crate::plan::pools::{Pools, amounts};
use crate::plan::{Change, Changes, Viewers, Way};

fn ways(decision: &Decision) -> Vec<(usize, Way)> {
    let Changes { first, then } = &decision.changes;
    first.iter().chain(then).map(|change| (change.camera, change.way)).collect()
}

fn enlarged(viewers: Option<Viewers>, site: Option<f64>) -> Way {
    let mut world = World::of(1, SMALL);
    world.cameras[0].viewers = viewers;
    world.sites[0] = site;
    world.go_on();
    world.tiles[0] = Tile { size: LARGE, enlarged: true, ..TILE };
    world.history.as_mut().unwrap().touched(0);
    let decision = world.decide();
    assert_eq!(choices(&decision), [Choice::Main]);
    ways(&decision)[0].1
}

#[test]
fn a_switch_overlaps_where_there_is_a_second_slot_and_room_for_both() {
    assert_eq!(enlarged(None, None), Way::OpenFirst);
    assert_eq!(enlarged(Some(Viewers { limit: 6, others: 4 }), Some(2.6)), Way::OpenFirst);
    assert_eq!(enlarged(Some(Viewers { limit: 6, others: 5 }), None), Way::CloseFirst, "the last slot");
    assert_eq!(enlarged(None, Some(2.2)), Way::CloseFirst, "no room for 2.256 Mb/s");
}

#[test]
fn what_frees_room_comes_before_what_takes_it() {
    let mut world = World::of(3, LARGE);
    world.reserve = 0.0;
    world.sites[0] = Some(4.6);
    assert_eq!(choices(&world.go_on()), [Choice::Main, Choice::Main, Choice::Sub]);
    // The first is hidden; the second becomes small, the third enlarged.
    world.tiles[0].visible = false;
    world.tiles[1].size = SMALL;
    world.tiles[2].enlarged = true;
    for camera in 0..3 {
        world.history.as_mut().unwrap().touched(camera);
    }
    let decision = world.decide();
    let changes = decision.changes;
    let change = |camera, from, to, way| Change { camera, from, to, way };
    let close = change(0, Choice::Main, Choice::Nothing, Way::Close);
    assert_eq!(changes.first, [close, change(1, Choice::Main, Choice::Sub, Way::CloseFirst)]);
    assert_eq!(changes.then, [change(2, Choice::Sub, Choice::Main, Way::OpenFirst)]);
}

#[test]
fn motion_comes_and_goes_without_a_new_session() {
    let mut world = World::of(1, SMALL);
    world.go_on();
    world.machine.cores = 0.005;
    let decision = world.go_on();
    assert_eq!(ways(&decision), [(0, Way::InPlace)]);
    world.history.as_mut().unwrap().pass(Duration::from_secs(9));
    world.machine.cores = 1.0;
    let decision = world.go_on();
    assert_eq!(ways(&decision), [(0, Way::InPlace)]);
    assert_eq!(choices(&decision), [Choice::Sub]);
    assert_eq!(world.go_on().changes, Changes::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// The most that can be open together while the changes run: old and new of what overlaps.
    #[test]
    fn no_limit_is_exceeded_on_the_way(world in lived_in(Streams::Odd)) {
        let scene = world.scene();
        let decision = world.decide();
        let open = |at: usize| {
            let past = world.history.as_ref().and_then(|history| history.of(at));
            past.map_or(Choice::Nothing, |past| past.choice)
        };
        let (mut before, mut freeing, mut taking) = (Pools::of(&scene), Pools::of(&scene), Pools::of(&scene));
        for (at, camera) in world.cameras.iter().enumerate() {
            let route = before.route(camera);
            before.take(&route, &amounts(camera, open(at)));
            freeing.take(&route, &amounts(camera, open(at)));
            taking.take(&route, &amounts(camera, decision.cameras[at].choice));
        }
        for (first, change) in decision.changes.first.iter().map(|c| (true, c))
            .chain(decision.changes.then.iter().map(|c| (false, c)))
        {
            let camera = &world.cameras[change.camera];
            prop_assert_eq!((change.from, change.to), (open(change.camera), decision.cameras[change.camera].choice));
            if change.way == Way::OpenFirst {
                prop_assert!(camera.slots().is_none_or(|slots| slots >= 2));
                let route = taking.route(camera);
                taking.take(&route, &amounts(camera, change.from));
                if first {
                    freeing.take(&route, &amounts(camera, change.to));
                }
            }
        }
        let loads = |pools: &Pools| {
            let mut loads = [pools.recorder_loads(), pools.site_loads()].concat();
            let mut decoding = pools.decode_load();
            decoding.limit = decoding.limit.map(|limit| limit.max(world.machine.key_frame_cores.unwrap_or_default()));
            loads.extend([decoding, pools.session_load()]);
            loads
        };
        for ((before, freeing), taking) in loads(&before).iter().zip(loads(&freeing)).zip(loads(&taking)) {
            let limit = taking.limit.unwrap_or(f64::INFINITY);
            prop_assert!(taking.used <= limit, "{:?}", taking);
            prop_assert!(freeing.used <= limit.max(before.used), "{:?} from {:?}", freeing, before);
        }
    }
}
