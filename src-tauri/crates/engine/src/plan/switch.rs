//! The way from what is open to what was decided, without exceeding a limit on the way.
//!
//! A switch between main and sub looks best when the new stream is opened beside the old one. For that moment it needs a
//! second of the camera's viewer slots, and room for both on the line and in the decoder. Where there is none, the old
//! stream is closed first.

use super::decision::{Change, Changes, Choice, Way};
use super::fill::Filled;
use super::pools::{Pools, Route, amounts};
use super::scene::Scene;

/// The changes from what the scene's history says is open to what was filled.
pub(super) fn changes(scene: &Scene, filled: &Filled) -> Changes {
    let before =
        |at| scene.history.and_then(|history| history.of(at)).map_or(Choice::Nothing, |past| past.choice);
    let mut shown = vec![false; scene.cameras.len()];
    filled.line.iter().for_each(|place| shown[place.camera] = true);
    let hidden = (0..shown.len()).filter(|&at| !shown[at]);
    let all = hidden.chain(filled.line.iter().map(|place| place.camera));

    let mut changes = Changes::default();
    for camera in all {
        let (from, to) = (before(camera), filled.verdicts[camera].choice);
        if from != to {
            let way = match (from.kind(), to.kind()) {
                (None, _) => Way::Open,
                (_, None) => Way::Close,
                (old, new) if old == new => Way::InPlace,
                // Until there is found to be room for both.
                _ => Way::CloseFirst,
            };
            let list = if frees(scene, camera, from, to) { &mut changes.first } else { &mut changes.then };
            list.push(Change { camera, from, to, way });
        }
    }
    changes.first.sort_by_key(|change| change.way != Way::Close);
    overlap(scene, filled, before, &mut changes);
    changes
}

/// Whether the change takes no more of anything.
fn frees(scene: &Scene, camera: usize, from: Choice, to: Choice) -> bool {
    let camera = &scene.cameras[camera];
    amounts(camera, to).iter().zip(amounts(camera, from)).all(|(to, from)| *to <= from)
}

/// Lets switches overlap where there is room. What frees overlaps only if everything could be open at once, so that what
/// takes need not wait for new pictures; what takes overlaps if there is room once the rest is closed.
fn overlap(scene: &Scene, filled: &Filled, before: impl Fn(usize) -> Choice, changes: &mut Changes) {
    let mut all_open = Pools::of(scene);
    let mut after = Pools::of(scene);
    for (at, camera) in scene.cameras.iter().enumerate() {
        let route = after.route(camera);
        all_open.take(&route, &amounts(camera, before(at)));
        after.take(&route, &amounts(camera, filled.verdicts[at].choice));
    }
    for change in &changes.then {
        let camera = &scene.cameras[change.camera];
        let route = all_open.route(camera);
        if change.way == Way::InPlace {
            all_open.give_back(&route, &amounts(camera, change.from));
        }
        all_open.take(&route, &amounts(camera, change.to));
    }
    for change in &mut changes.first {
        // Its old stream stays open meanwhile, also where the new one needs none of what that takes.
        let camera = &scene.cameras[change.camera];
        if all_open.hold(&all_open.route(camera), &amounts(camera, change.from)) {
            let new = change.to;
            beside(scene, &mut all_open, change, new);
        }
    }
    for change in &mut changes.then {
        let old = change.from;
        beside(scene, &mut after, change, old);
    }
}

/// Opens first if the camera has a second slot and `extra` finds room beside what is in the pools.
fn beside(scene: &Scene, pools: &mut Pools, change: &mut Change, extra: Choice) {
    let camera = &scene.cameras[change.camera];
    let route: Route = pools.route(camera);
    let extra = amounts(camera, extra);
    let has_slot = camera.slots().is_none_or(|slots| slots >= 2);
    if change.way == Way::CloseFirst && has_slot && pools.fits(&route, &extra, false) {
        pools.take(&route, &extra);
        change.way = Way::OpenFirst;
    }
}
