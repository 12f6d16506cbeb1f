//! What people see at each moment.

use std::time::Duration;

use super::world::{RANKS, World, camera};
use crate::helms::helm::{Unreadable, parse};
use crate::helms::{AtHelm, PATIENCE};

fn at(world: &World, room: usize) -> AtHelm {
    world.rooms[room].helms.view().at(&camera(0))
}

/// Another one steers, from whom the person in `room` may take it.
fn is_other(world: &World, room: usize, by: &str, ours_to_take: bool) -> bool {
    let AtHelm::Other { name, least_role } = at(world, room) else { return false };
    name == by && least_role.is_some_and(|least| RANKS[room].1 >= least) == ours_to_take
}

#[test]
fn a_supervisor_takes_over_from_an_operator_and_an_equal_does_not() {
    let mut world = World::new();
    world.rooms[0].wanted.insert(0, false);
    world.settle();
    assert_eq!(at(&world, 0), AtHelm::Us);
    assert!(is_other(&world, 1, "room 0", false));

    world.rooms[1].wanted.insert(0, true);
    world.rooms[2].wanted.insert(0, false);
    world.settle();
    assert_eq!(at(&world, 0), AtHelm::Us, "an equal waits, also who would take it");
    assert!(is_other(&world, 2, "room 0", true), "a supervisor is asked first");

    world.rooms[2].wanted.insert(0, true);
    world.act(2);
    while world.send(2) | world.deliver(2) | world.read(0) {}
    assert_eq!(at(&world, 0), AtHelm::UsFor { name: "room 2".to_owned() });
    world.settle();
    assert!(is_other(&world, 0, "room 2", false) && at(&world, 2) == AtHelm::Us);
}

#[test]
fn rank_goes_before_role() {
    let mut world = World::new();
    world.rooms[2].wanted.insert(0, false);
    world.settle();
    world.rooms[3].wanted.insert(0, true);
    world.settle();
    assert!(is_other(&world, 2, "room 3", false) && at(&world, 3) == AtHelm::Us);
}

#[test]
fn who_does_not_let_go_loses_the_helm_within_a_second() {
    let mut world = World::new();
    world.rooms[0].wanted.insert(0, false);
    world.settle();
    world.rooms[3].wanted.insert(0, true);
    let began = world.now;
    while at(&world, 3) != AtHelm::Us {
        world.act(3);
        while world.send(3) | world.deliver(3) | world.read(3) {}
        world.pass(Duration::from_millis(50));
        assert!(world.now - began < Duration::from_secs(1));
    }
    assert!(world.now - began >= PATIENCE);
    world.settle();
    assert!(is_other(&world, 0, "room 3", false), "and sees it as soon as it listens");
}

#[test]
fn a_killed_client_has_no_helm_ten_seconds_later() {
    let mut world = World::new();
    world.rooms[0].wanted.insert(0, false);
    world.settle_for(Duration::from_secs(3));
    world.kill(0);
    world.rooms[1].wanted.insert(0, false);
    world.settle_for(Duration::from_secs(5));
    assert!(is_other(&world, 1, "room 0", false));
    world.settle_for(Duration::from_secs(5));
    assert_eq!(at(&world, 1), AtHelm::Us);
}

#[test]
fn without_a_server_who_asks_steers_and_who_steers_goes_on() {
    let mut world = World::new();
    world.rooms[0].wanted.insert(0, false);
    world.settle();
    for room in 0..2 {
        world.disconnect(room);
    }
    world.rooms[1].wanted.insert(0, false);
    world.act(1);
    assert_eq!((at(&world, 0), at(&world, 1)), (AtHelm::Us, AtHelm::Asked), "it may come back at once");
    world.pass(Duration::from_secs(1));
    assert_eq!((at(&world, 0), at(&world, 1)), (AtHelm::Us, AtHelm::Us));
    for room in 0..2 {
        world.connect(room);
    }
    world.settle_for(Duration::from_secs(1));
    assert_eq!(world.unfinished(), None);
}

#[test]
fn what_strangers_write_is_no_helm() {
    let hand = r#"{"client":"a","name":"A","rank":1,"role":0}"#;
    let next = r#"{"client":"b","name":"B","rank":2,"role":0}"#;
    let good = format!(r#"{{"version":1,"holder":{hand},"next":{next}}}"#);
    assert!(parse(good.as_bytes()).is_ok());
    assert!(parse(br#"{"version":1}"#).is_ok());
    assert_eq!(parse(br#"{"version":2,"what":1}"#), Err(Unreadable::Newer));
    let long = "x".repeat(5000);
    for bad in [
        String::new(),
        "[]".to_owned(),
        r#"{"version":0}"#.to_owned(),
        r#"{"version":1,"more":1}"#.to_owned(),
        format!(r#"{{"version":1,"next":{next}}}"#),
        format!(r#"{{"version":1,"holder":{hand},"next":{hand}}}"#),
        good.replace("\"A\"", "\"A\\n\""),
        good.replace("\"A\"", &format!("\"{}\"", "x".repeat(201))),
        good.replace("\"A\"", &format!("\"{long}\"")),
    ] {
        assert_eq!(parse(bad.as_bytes()), Err(Unreadable::Damaged), "{bad}");
    }
}
