//! Several hands on one camera, at workstations that share it: one has it at a time, and everybody is told who.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use devices::device::Protocol;
use engine::steer::{Errand, Holder, Push, Refused};
use model::{Id, Role, Velocity};
use province::Make;
use tempfile::TempDir;
use watchwall::helms::Helms;

use crate::steering::{Desk, stage, turning, until};
use crate::support::{self, Nats, Room};

/// The same for all: their roles decide.
const RANK: u8 = 8;

/// A person at a workstation.
struct Seat {
    desk: Desk,
    name: &'static str,
    room: Room,
    _folder: TempDir,
}

impl Seat {
    fn push(&self, camera: &Id, pan: f32) -> Result<(), Refused> {
        self.desk.steering.push(camera, Push::Turn(Velocity { pan, tilt: 0.0, zoom: 0.0 }))
    }

    fn run(&self, camera: &Id, errand: Errand) {
        self.desk.runtime.block_on(self.desk.steering.run(camera, errand)).unwrap();
    }

    fn holder(&self, camera: &Id) -> Holder {
        self.desk.steering.status(camera).holder
    }
}

/// Ends the watch, also when a test fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Everybody is told that the one in seat `at` steers; `to_take`: who may take it from them.
fn told(seats: &[Seat], camera: &Id, at: usize, to_take: &[usize]) {
    let of = seats[at].name;
    until(&format!("everybody knows that {of} steers"), || {
        (0..).zip(seats).all(|(nth, seat)| match seat.holder(camera) {
            Holder::Us => nth == at,
            Holder::Other { name, ours_to_take } => {
                nth != at && name.contains(of) && ours_to_take == to_take.contains(&nth)
            }
            _ => false,
        })
    });
}

#[test]
fn two_operators_and_a_supervisor_fight_for_a_camera_and_all_are_told_who_has_it() {
    let _turn = support::turn();
    let Some(nats) = Nats::start() else { return };
    let (province, _, inventory) = stage();
    let (place, camera) = turning(&inventory, Make::Generic);
    let people = [("Lan", Role::Operator), ("Minh", Role::Operator), ("Hoa", Role::Supervisor)];
    let seats = people.map(|(name, role)| {
        let folder = tempfile::tempdir().unwrap();
        let room = Room::sharing(Arc::clone(&inventory), &nats.url(), name, RANK, &[]);
        let helms = |people: &_| Arc::new(Helms::new(&room.feeds, people)) as _;
        let desk = Desk::among(&inventory, folder.path(), Protocol::Onvif, helms);
        desk.people.play_role(role);
        Seat { desk, name, room, _folder: folder }
    });
    until("all know each other", || seats.iter().all(|seat| seat.room.clients() == seats.len()));
    seats.iter().for_each(|seat| seat.desk.sit_down(&camera));
    let [lan, minh, hoa] = [0, 1, 2];

    let (over, twice) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let has = seats.iter().filter(|seat| seat.holder(&camera) == Holder::Us).count();
                twice.fetch_or(has > 1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let _over = Over(&over);
        seats[lan].desk.hold(&camera, 0.3, || province.is_moving(place));
        told(&seats, &camera, lan, &[hoa]);

        // Another operator is told who has it, and moves nothing.
        let refused = seats[minh].push(&camera, -0.3);
        assert!(
            matches!(&refused, Err(Refused::Held { by, ours_to_take: false }) if by.contains("Lan")),
            "{refused:?}"
        );

        // A supervisor takes it in the middle of a movement, and turns it the other way.
        seats[hoa].run(&camera, Errand::TakeOver);
        told(&seats, &camera, hoa, &[]);
        until("Lan is told who took it", || {
            seats[lan].desk.steering.status(&camera).lost_to.is_some_and(|by| by.contains("Hoa"))
        });
        let refused = seats[lan].push(&camera, 0.3);
        assert!(matches!(&refused, Err(Refused::Held { by, .. }) if by.contains("Hoa")), "{refused:?}");
        let before = province.pose(place).unwrap().pan;
        seats[hoa].desk.hold(&camera, -0.3, || province.pose(place).unwrap().pan < before - 2.0);

        // Who gives it up has it no longer; the next who asks does.
        seats[hoa].run(&camera, Errand::GiveUp);
        until("it stands still", || !province.is_moving(place));
        let mut began = false;
        until("Minh moves it", || {
            began |= seats[minh].push(&camera, 0.3).is_ok();
            province.is_moving(place)
        });
        assert!(began);
        told(&seats, &camera, minh, &[hoa]);
        seats[minh].desk.steering.let_go(&camera);
        until("it stands still", || !province.is_moving(place));
    });
    assert!(!twice.load(Ordering::Relaxed), "nobody has it twice");
}
