//! Single situations, told one after the other.

use std::time::Duration;

use crate::wish::Profile;

use super::world::{Key, Wanted, World, camera, site};
use crate::member::{GRACE, PATIENCE};
use crate::view::{Answer, Short, State, Trouble};

const SMALL: Wanted = Wanted { large: false, selected: false };
const SUB: Key = (0, Profile::Sub);

fn answer(world: &World, room: usize) -> Answer {
    world.rooms[room].member.view().answer(&camera(0), Profile::Sub).clone()
}

fn names(answer: &Answer) -> Vec<&str> {
    match answer {
        Answer::Recalled { by } | Answer::Waiting { by, .. } => {
            by.iter().map(|by| by.name.as_str()).collect()
        }
        Answer::Granted | Answer::Superseded => Vec::new(),
    }
}

/// Rooms 0–2 of a district hold all three slots of camera 0.
fn full(ranks: &[u8]) -> World {
    let mut world = World::new(ranks);
    for room in 0..3 {
        world.rooms[room].wanted.insert(0, SMALL);
        world.settle();
    }
    world
}

#[test]
fn the_loser_is_told_by_whom_waits_with_the_name_and_regains_by_itself() {
    let mut world = full(&[1, 1, 1, 2]);
    world.rooms[3].wanted.insert(0, SMALL);
    world.act(3);
    world.send(3);
    world.deliver(3);
    world.read(3);
    while world.read(2) {}
    assert_eq!(names(&answer(&world, 2)), ["room 3", "room 0", "room 1"], "who took it stands first");
    assert!(matches!(answer(&world, 2), Answer::Recalled { .. }));
    while world.read(3) {}
    let Answer::Waiting { short: Short::Handover, by } = answer(&world, 3) else {
        panic!("{:?}", answer(&world, 3))
    };
    assert_eq!(by[0].name, "room 2");
    assert!(world.rooms[2].open.contains(&SUB), "until its engine closes it");
    world.settle();
    assert_eq!(answer(&world, 3), Answer::Granted);
    assert!(matches!(answer(&world, 2), Answer::Waiting { short: Short::Viewers, .. }));
    assert_eq!(names(&answer(&world, 2))[0], "room 3");
    world.rooms[3].wanted.clear();
    world.settle();
    assert_eq!(answer(&world, 2), Answer::Granted);
}

#[test]
fn what_was_granted_and_not_opened_is_given_back_only_when_the_caller_has_seen_it() {
    let mut world = full(&[1, 1, 1, 2]);
    world.rooms[2].open.clear();
    world.rooms[2].tell(world.now);
    assert_eq!(answer(&world, 2), Answer::Granted, "it may be opened at any moment");
    world.rooms[3].wanted.insert(0, SMALL);
    for _ in 0..5 {
        // Everything but the engine of room 2.
        for at in 0..4 {
            if at != 2 {
                world.act(at);
            }
            world.send(at);
            while world.deliver(at) {}
            while world.read(at) {}
        }
    }
    assert!(matches!(answer(&world, 2), Answer::Recalled { .. }));
    assert!(!world.rooms[3].open.contains(&SUB));
    world.settle();
    assert!(world.rooms[3].open.contains(&SUB));
    assert_eq!(world.excess(), None);
}

#[test]
fn the_dead_hold_nothing_for_long() {
    let mut world = full(&[1, 1, 1, 1]);
    world.rooms[3].wanted.insert(0, SMALL);
    world.settle();
    world.kill(0);
    world.settle_for(Duration::from_secs(4));
    assert!(!world.rooms[3].open.contains(&SUB), "three beats may be lost");
    world.settle_for(Duration::from_secs(4));
    assert!(world.rooms[3].open.contains(&SUB));
    assert_eq!(world.unfinished(), None);
}

#[test]
fn without_a_server_new_pictures_wait_a_moment_and_old_ones_do_not() {
    let mut world = full(&[1, 1, 1, 1]);
    world.disconnect(0);
    assert_eq!(answer(&world, 0), Answer::Granted);
    world.disconnect(3);
    world.rooms[3].wanted.insert(0, SMALL);
    world.settle();
    assert_eq!(*world.rooms[3].member.view().state(), State::Connecting);
    assert_eq!(answer(&world, 3), Answer::Waiting { short: Short::Server, by: Vec::new() });
    world.pass(PATIENCE);
    world.settle();
    assert!(matches!(
        world.rooms[3].member.view().state(),
        State::Lost { trouble: Trouble::Unreachable, .. }
    ));
    assert!(world.rooms[3].open.contains(&SUB));
    // Four of three are open. The last one closes it again when they agree.
    world.connect(0);
    world.connect(3);
    world.settle();
    assert_eq!(world.excess(), None);
    assert!(!world.rooms[3].open.contains(&SUB) && world.rooms[0].open.contains(&SUB));
}

#[test]
fn a_damaged_ledger_is_written_anew_from_what_is_open() {
    let mut world = full(&[1, 1, 1, 2]);
    world.rooms[3].wanted.insert(3, SMALL);
    world.settle();
    world.scribble(&site(0), b"\x00\xff");
    world.rooms[3].wanted.insert(0, SMALL);
    world.settle();
    assert_eq!(world.ledgers().next().unwrap().parties.len(), 4, "all are in it again");
    assert!(!world.rooms[3].open.contains(&SUB), "nobody asks anew before all are");
    assert!((0..3).all(|room| world.rooms[room].open.contains(&SUB)));
    world.settle_for(GRACE + Duration::from_secs(1));
    assert!(world.rooms[3].open.contains(&SUB));
    assert_eq!(world.unfinished(), None);
}

#[test]
fn a_ledger_of_a_later_version_is_left_alone_and_limits_nobody() {
    let mut world = World::new(&[1]);
    let later = br#"{"version":2,"whatever":[]}"#;
    world.scribble(&site(0), later);
    world.rooms[0].wanted.insert(0, SMALL);
    world.settle();
    assert!(world.rooms[0].open.contains(&SUB));
    assert_eq!(world.values[&site(0)].1, later);
}

#[test]
fn others_use_is_told_by_recorder_and_camera() {
    let world = full(&[1, 1, 1]);
    let view = world.rooms[0].member.view();
    let uses = view.site(&site(0)).unwrap();
    assert!((uses.mbps - 0.512).abs() < 1e-9);
    assert_eq!(uses.by.iter().map(|(by, _)| by.name.as_str()).collect::<Vec<_>>(), ["room 1", "room 2"]);
    assert_eq!(uses.viewers[&camera(0)], 2);
}
