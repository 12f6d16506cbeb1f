//! Thousands of random orders of events.

use std::time::Duration;

use proptest::prelude::*;

use super::world::{RANKS, World};

#[derive(Clone, Copy, Debug)]
enum Event {
    Read(usize),
    Send(usize),
    Deliver(usize),
    Act(usize),
    Want(usize, u8, bool),
    Leave(usize, u8),
    Pass,
    Kill(usize),
    Disconnect(usize),
    Connect(usize),
    EmptyStore,
    Scribble,
}

const ROOMS: usize = RANKS.len();

fn quiet() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..ROOMS).prop_map(Event::Read),
        5 => (0..ROOMS).prop_map(Event::Send),
        5 => (0..ROOMS).prop_map(Event::Deliver),
        6 => (0..ROOMS).prop_map(Event::Act),
        3 => (0..ROOMS, 0..2u8, any::<bool>()).prop_map(|(at, of, take)| Event::Want(at, of, take)),
        1 => (0..ROOMS, 0..2u8).prop_map(|(at, of)| Event::Leave(at, of)),
    ]
}

fn troubled() -> impl Strategy<Value = Event> {
    prop_oneof![
        40 => quiet(),
        2 => Just(Event::Pass),
        1 => (1..ROOMS).prop_map(Event::Kill),
        2 => (0..ROOMS).prop_map(Event::Disconnect),
        3 => (0..ROOMS).prop_map(Event::Connect),
        1 => Just(Event::EmptyStore),
        1 => Just(Event::Scribble),
    ]
}

fn happen(world: &mut World, event: Event) {
    match event {
        Event::Read(at) => drop(world.read(at)),
        Event::Send(at) => drop(world.send(at)),
        Event::Deliver(at) => drop(world.deliver(at)),
        Event::Act(at) => world.act(at),
        Event::Want(at, of, take) if world.rooms[at].alive => drop(world.rooms[at].wanted.insert(of, take)),
        Event::Want(..) => {}
        Event::Leave(at, of) => drop(world.rooms[at].wanted.remove(&of)),
        Event::Pass => world.pass(Duration::from_millis(250)),
        Event::Kill(at) => world.kill(at),
        Event::Disconnect(at) => world.disconnect(at),
        Event::Connect(at) => world.connect(at),
        Event::EmptyStore => world.empty_store(),
        Event::Scribble => world.scribble(0, b"{\"version\":1,\"next\":-3}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    /// As long as everybody answers who is asked to let go, no order of events lets two steer at once; and in the end
    /// whoever goes first of those who take has it.
    #[test]
    fn never_do_two_steer_one_camera(
        events in prop::collection::vec(prop_oneof![60 => quiet(), 1 => (1..ROOMS).prop_map(Event::Kill)], 0..250)
    ) {
        let mut world = World::new();
        for event in events {
            happen(&mut world, event);
            for of in 0..2 {
                prop_assert!(world.steering(of).len() < 2, "{:?} steer after {:?}", world.steering(of), event);
            }
        }
        world.settle_for(Duration::from_secs(8));
        prop_assert_eq!(world.unfinished(), None);
        prop_assert!(world.settle() == 0, "nothing moves any more");
    }

    /// With lost connections, an emptied store and damage two may steer for a moment, because nobody's hand is taken off
    /// a camera for a server; afterwards all is as above.
    #[test]
    fn whatever_happens_one_steers_in_the_end(events in prop::collection::vec(troubled(), 0..250)) {
        let mut world = World::new();
        for event in events {
            happen(&mut world, event);
        }
        (0..ROOMS).for_each(|at| world.connect(at));
        world.settle_for(Duration::from_secs(9));
        prop_assert_eq!(world.unfinished(), None);
        prop_assert!(world.settle() == 0, "nothing moves any more");
    }
}
