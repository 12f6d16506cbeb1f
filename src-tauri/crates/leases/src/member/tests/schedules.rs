//! Thousands of random orders of events.

use std::time::Duration;

use proptest::prelude::*;

use super::world::{CAMERAS, Wanted, World};

/// What happens next; the numbers choose whom and what.
#[derive(Clone, Copy, Debug)]
enum Event {
    Read(usize),
    Send(usize),
    Deliver(usize),
    Act(usize),
    Want(usize, u8, Wanted),
    Leave(usize, u8),
    Pass,
    Kill(usize),
    Disconnect(usize),
    Connect(usize),
    EmptyStore,
    Scribble,
}

const ROOMS: usize = 6;

fn quiet() -> impl Strategy<Value = Event> {
    let wanted = (any::<bool>(), prop::bool::weighted(0.2));
    prop_oneof![
        6 => (0..ROOMS).prop_map(Event::Read),
        5 => (0..ROOMS).prop_map(Event::Send),
        5 => (0..ROOMS).prop_map(Event::Deliver),
        6 => (0..ROOMS).prop_map(Event::Act),
        3 => (0..ROOMS, 0..CAMERAS, wanted)
            .prop_map(|(at, of, (large, selected))| Event::Want(at, of, Wanted { large, selected })),
        1 => (0..ROOMS, 0..CAMERAS).prop_map(|(at, of)| Event::Leave(at, of)),
        1 => Just(Event::Pass),
    ]
}

fn troubled() -> impl Strategy<Value = Event> {
    prop_oneof![
        40 => quiet(),
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
        Event::Act(at) => drop(world.act(at)),
        Event::Want(at, of, wanted) => drop(world.rooms[at].wanted.insert(of, wanted)),
        Event::Leave(at, of) => drop(world.rooms[at].wanted.remove(&of)),
        Event::Pass => world.pass(Duration::from_millis(250)),
        Event::Kill(at) => world.kill(at),
        Event::Disconnect(at) => world.disconnect(at),
        Event::Connect(at) => world.connect(at),
        Event::EmptyStore => world.empty_store(),
        Event::Scribble => world.scribble(&super::world::site(0), b"{\"version\":1,\"next\":-3}"),
    }
}

/// Two of the province, four of districts.
const RANKS: [u8; ROOMS] = [2, 1, 1, 2, 1, 1];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    /// As long as the server is there, no order of events makes one viewer or one Mb/s too much, also when clients die;
    /// and when nobody changes his mind any more, everybody soon has what is due to him.
    #[test]
    fn limits_hold_at_every_moment(
        events in prop::collection::vec(prop_oneof![60 => quiet(), 1 => (1..ROOMS).prop_map(Event::Kill)], 0..250)
    ) {
        let mut world = World::new(&RANKS);
        for event in events {
            happen(&mut world, event);
            prop_assert_eq!(world.excess(), None, "after {:?}", event);
        }
        world.settle_for(Duration::from_secs(8));
        prop_assert_eq!(world.excess(), None);
        prop_assert_eq!(world.unfinished(), None);
        prop_assert!(world.settle() == 0, "nothing moves any more");
    }

    /// With lost connections, a store that is emptied, and damaged ledgers there may be too much for a while, because
    /// nobody darkens a picture for it; afterwards all is as above.
    #[test]
    fn whatever_happens_it_comes_to_rest_within_the_limits(
        events in prop::collection::vec(troubled(), 0..250)
    ) {
        let mut world = World::new(&RANKS);
        for event in events {
            happen(&mut world, event);
        }
        for at in 0..ROOMS {
            world.connect(at);
        }
        world.settle_for(Duration::from_secs(13));
        prop_assert_eq!(world.excess(), None);
        prop_assert_eq!(world.unfinished(), None);
        prop_assert!(world.settle() == 0, "nothing moves any more");
    }

    /// Nobody who is connected or lost closes a picture because the server goes away.
    #[test]
    fn a_lost_server_darkens_nothing(events in prop::collection::vec(quiet(), 0..150), store in any::<bool>()) {
        let mut world = World::new(&RANKS);
        for event in events {
            happen(&mut world, event);
        }
        world.settle();
        let open = |world: &World| world.rooms.iter().map(|room| room.open.clone()).collect::<Vec<_>>();
        // Everybody has what he will have; those who wait want nothing any more, so that nothing new is opened.
        let before = open(&world);
        for (room, open) in world.rooms.iter_mut().zip(&before) {
            room.wanted.retain(|of, _| open.iter().any(|(open, _)| open == of));
            for (of, wanted) in &mut room.wanted {
                wanted.large &= open.contains(&(*of, crate::wish::Profile::Main));
            }
        }
        world.settle();
        let before = open(&world);
        for at in 0..ROOMS {
            world.disconnect(at);
        }
        if store {
            world.empty_store();
        }
        for _ in 0..20 {
            world.settle();
            world.pass(Duration::from_millis(250));
            prop_assert_eq!(&open(&world), &before, "lost");
        }
        for at in 0..ROOMS {
            world.connect(at);
            world.settle();
            prop_assert_eq!(&open(&world), &before, "while {} comes back", at);
        }
        world.settle_for(Duration::from_secs(8));
        prop_assert_eq!(&open(&world), &before, "back");
        prop_assert_eq!(world.excess(), None);
        prop_assert_eq!(world.unfinished(), None);
    }
}
