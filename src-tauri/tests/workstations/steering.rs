//! Cameras of the simulated province under hands that go away: whatever becomes of the hand, the camera stands still.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::device::{Device, Protocol};
use devices::http::{Origin, Refusals};
use devices::{Enrolled, Reply};
use engine::People;
use engine::devices::{Devices, Meet, Way};
use engine::steer::{Agreement, Alone, Done, Errand, Parts, Push, Refused, Steering, Target, Unstopped};
use inventory::Inventory;
use model::{Credentials, Fault, Id, Point, Secret, Velocity};
use province::panorama::lens;
use province::{Make, Movement, Options, PASSWORD, Pose, Province, USER, list};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::{self, PATIENCE};

/// What the killed program is told: its folder, the inventory's file, the camera.
const CHILD: &str = "WATCHWALL_TEST_STEERING";
/// How often each movement is ended in each way; more in `make soak`.
const ROUNDS: &str = "WATCHWALL_TEST_ROUNDS";
/// A device for each protocol, and whether its movements end by themselves.
pub(crate) const PROTOCOLS: [(Protocol, Make, bool); 4] = [
    (Protocol::Onvif, Make::Generic, true),
    (Protocol::Sunapi, Make::Wisenet, false),
    (Protocol::Isapi, Make::Hikvision, true),
    (Protocol::Dahua, Make::Dahua, false),
];
/// There and back, so that no camera comes to its stop.
const WAYS: [f32; 2] = [0.4, -0.4];

/// Devices, each by the protocol that it is to be spoken to in.
struct Hinted(Protocol);

impl Meet for Hinted {
    fn meet(&self, way: &Way) -> Reply<'static, Device> {
        let (hint, login) = (self.0, way.login.clone());
        let enrolled = Enrolled { origin: Origin::from_url(way.address.url()).ok(), ..Enrolled::default() };
        Box::pin(async move { devices::meet(&enrolled, login, Some(hint), &Refusals::default()).await })
    }
}

/// A program that steers cameras, without its windows.
pub(crate) struct Desk {
    pub(crate) steering: Steering,
    pub(crate) people: Arc<People>,
    pub(crate) runtime: Runtime,
}

impl Desk {
    pub(crate) fn new(inventory: &Arc<Inventory>, folder: &Path, protocol: Protocol) -> Self {
        Self::among(inventory, folder, protocol, |_| Arc::new(Alone::default()))
    }

    /// One that agrees with others.
    pub(crate) fn among(
        inventory: &Arc<Inventory>,
        folder: &Path,
        protocol: Protocol,
        agreement: impl FnOnce(&Arc<People>) -> Arc<dyn Agreement>,
    ) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let login = Credentials { user: USER.to_owned(), password: Secret::new(PASSWORD.to_owned()) };
        let people = Arc::new(People::demo(folder, "máy", "0", Some(login)).unwrap());
        let network = Arc::new(Hinted(protocol));
        let devices = Arc::new(Devices::new(runtime.handle().clone(), network, Box::new(|_, _| {})));
        let steering = Steering::new(Parts {
            devices,
            people: Arc::clone(&people),
            inventory: Arc::clone(inventory),
            agreement: agreement(&people),
            unstopped: Arc::new(Unstopped::open(folder).0),
            lens: Box::new(|_| None),
            bell: Arc::new(|| {}),
        });
        Self { steering, people, runtime }
    }

    /// The controls of a camera are open, and its device has said what it can do.
    pub(crate) fn sit_down(&self, camera: &Id) {
        self.steering.look_at(std::slice::from_ref(camera));
        until("its device is met", || self.steering.status(camera).abilities.is_some());
    }

    /// A hand holds it until it moves.
    pub(crate) fn hold(&self, camera: &Id, way: f32, moves: impl Fn() -> bool) {
        until("a movement", || {
            let velocity = Velocity { pan: way, tilt: 0.0, zoom: 0.0 };
            self.steering.push(camera, Push::Turn(velocity)).unwrap();
            moves()
        });
    }
}

/// What becomes of the hand.
#[derive(Clone, Copy, Debug)]
enum Cause {
    LetGo,
    KeyUpLost,
    ControlsLocked,
    AnotherPerson,
}

impl Cause {
    const ALL: [Self; 4] = [Self::LetGo, Self::KeyUpLost, Self::ControlsLocked, Self::AnotherPerson];

    fn happens(self, desk: &Desk, camera: &Id) {
        match self {
            Self::LetGo => desk.steering.let_go(camera),
            // Nobody says anything any more.
            Self::KeyUpLost => {}
            Self::ControlsLocked => {
                desk.steering.let_go_all();
                desk.people.lock();
            }
            Self::AnotherPerson => desk.steering.leave_all(),
        }
    }
}

pub(crate) fn until(what: &str, mut is: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < PATIENCE, "still not: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
    began.elapsed()
}

/// A province with its devices, and a camera of a make that turns.
pub(crate) fn stage() -> (Province, serde_json::Value, Arc<Inventory>) {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    let province = Province::start(options).unwrap();
    let told = province::inventory_with_devices(|at| province.port(at), |at| province.http_port(at));
    let inventory = Arc::new(Inventory::parse(told.to_string().as_bytes()).unwrap());
    (province, told, inventory)
}

pub(crate) fn turning(inventory: &Inventory, make: Make) -> (usize, Id) {
    let all = &list().cameras;
    let turns = |place: &usize| {
        let of = list().recorders[all[*place].recorder].equipment.make;
        of == make && all[*place].movement == Movement::PanTiltZoom
    };
    let place = (0..all.len()).find(turns).expect("a camera of this make that turns");
    let mut ids = inventory.sites().iter().flat_map(|site| &site.recorders).flat_map(|r| &r.cameras);
    (place, ids.nth(place).expect("it is in the inventory").id.clone())
}

#[test]
fn a_camera_stands_still_whatever_becomes_of_the_hand_in_each_protocol() {
    let _turn = support::turn();
    let (province, _, inventory) = stage();
    let rounds = std::env::var(ROUNDS).ok().and_then(|text| text.parse().ok()).unwrap_or(1_usize);
    for (protocol, make, _) in PROTOCOLS {
        let (place, camera) = turning(&inventory, make);
        for cause in Cause::ALL {
            let mut took = Vec::new();
            for round in 0..rounds {
                let folder = tempfile::tempdir().unwrap();
                let desk = Desk::new(&inventory, folder.path(), protocol);
                desk.sit_down(&camera);
                desk.hold(&camera, WAYS[round % 2], || province.is_moving(place));
                cause.happens(&desk, &camera);
                took.push(until("it stands still", || !province.is_moving(place)));
                // It stays so, and nothing is left to be stopped by the next start.
                std::thread::sleep(Duration::from_millis(300));
                assert!(!province.is_moving(place), "{protocol:?}, {cause:?}: it has begun again");
                until("it is known to stand", || desk.steering.left_behind().is_empty());
            }
            took.sort_unstable();
            println!(
                "{protocol:?}, {cause:?}: {rounds} of {rounds}, the slowest after {:?}",
                took[rounds - 1]
            );
        }
    }
}

/// The program that is killed: holds the camera until then.
fn held(told: &str) {
    let [folder, list, camera, nth]: [&str; 4] = told.split('\n').collect::<Vec<_>>().try_into().unwrap();
    let inventory = Arc::new(Inventory::parse(&std::fs::read(list).unwrap()).unwrap());
    let (protocol, ..) = PROTOCOLS[nth.parse::<usize>().unwrap()];
    let desk = Desk::new(&inventory, Path::new(folder), protocol);
    let camera = Id::new(camera).unwrap();
    desk.sit_down(&camera);
    println!("holding");
    let began = Instant::now();
    desk.hold(&camera, WAYS[0], || began.elapsed() > PATIENCE / 2);
}

#[test]
fn a_camera_stands_still_after_its_program_was_killed_or_when_the_next_one_starts() {
    if let Ok(told) = std::env::var(CHILD) {
        return held(&told);
    }
    let _turn = support::turn();
    let (province, told, inventory) = stage();
    let list = TempDir::new().unwrap();
    let list = list.path().join("inventory.json");
    std::fs::write(&list, told.to_string()).unwrap();
    for (nth, (protocol, make, expires)) in PROTOCOLS.into_iter().enumerate() {
        let (place, camera) = turning(&inventory, make);
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "steering::a_camera_stands_still_after_its_program_was_killed_or_when_the_next_one_starts",
                "--nocapture",
            ])
            .env(CHILD, format!("{}\n{}\n{camera}\n{nth}", folder.path().display(), list.display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.map_while(Result::ok).any(|line| line.contains("holding")));
        until("a movement", || province.is_moving(place));
        child.kill().unwrap();
        child.wait().unwrap();
        // What the device ends by itself has ended within its own time; the rest is stopped by the next start.
        if !expires {
            std::thread::sleep(Duration::from_millis(500));
            assert!(province.is_moving(place), "{protocol:?} ends nothing by itself");
        }
        let began = Instant::now();
        let next = (!expires).then(|| {
            let desk = Desk::new(&inventory, folder.path(), protocol);
            assert_eq!(
                desk.steering.left_behind(),
                std::slice::from_ref(&camera),
                "{protocol:?}: it was written down"
            );
            desk.steering.stop_left_behind();
            desk
        });
        until("it stands still", || !province.is_moving(place));
        println!(
            "{protocol:?}: still {:?} after {}",
            began.elapsed(),
            if expires { "the kill" } else { "the next start" }
        );
        if let Some(desk) = next {
            until("it is known to stand", || desk.steering.left_behind().is_empty());
            desk.runtime.shutdown_background();
        }
    }
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn between(&mut self, least: f64, most: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        least + (self.0 >> 11) as f64 / (1_u64 << 53) as f64 * (most - least)
    }
}

#[test]
fn what_is_clicked_comes_to_the_middle_from_fifty_places_and_no_camera_goes_through_its_stop() {
    let _turn = support::turn();
    let (province, _, inventory) = stage();
    let mut dice = Dice(7);
    let (mut tried, mut at_limits, mut worst) = (0, 0, 0.0_f64);
    let desks: Vec<_> = PROTOCOLS
        .iter()
        .map(|(protocol, make, _)| {
            let folder = tempfile::tempdir().unwrap();
            let (place, camera) = turning(&inventory, *make);
            let desk = Desk::new(&inventory, folder.path(), *protocol);
            desk.sit_down(&camera);
            (desk, place, camera, folder)
        })
        .collect();
    for (desk, place, camera, _) in desks.iter().cycle() {
        if tried >= 50 {
            break;
        }
        let roll = province.rest_pose(*place).roll;
        // A device that does not say what its magnification is has to be at its widest.
        let told = desk.steering.status(camera).abilities.and_then(|can| can.reach?.zoom);
        let most = if told.is_some_and(|zoom| zoom.most.is_finite()) { 4.0 } else { 1.0 };
        let (pan, tilt, zoom) = (dice.between(2.0, 348.0), dice.between(2.0, 62.0), dice.between(1.0, most));
        province.set_pose(*place, Pose { pan, tilt, zoom, roll });
        let from = province.pose(*place).unwrap();
        let (u, v) = (dice.between(-0.48, 0.48), dice.between(-0.48, 0.48));
        let (wanted_pan, wanted_tilt) = lens::aim(from, u, v);
        // What lies beyond one stop may be reached the long way round.
        let wanted_pan = wanted_pan.rem_euclid(360.0);
        let target = Target::Point(Point::new(u + 0.5, v + 0.5));
        let done = desk.runtime.block_on(desk.steering.run(camera, Errand::Turn(target)));
        tried += 1;
        let beyond = !(0.0..=350.0).contains(&wanted_pan) || !(0.0..=67.0).contains(&wanted_tilt);
        let reached = match done {
            Ok(Done::Turning(reached)) => reached,
            // A device that does not tell its reach says it by refusing.
            Err(Refused::Device(Fault::DeviceSays(_))) if beyond => {
                at_limits += 1;
                continue;
            }
            other => panic!("from {from:?} at {u:.2} {v:.2}: {other:?}"),
        };
        let mut before = from.pan;
        until("it is there", || {
            let pan = province.pose(*place).unwrap().pan;
            assert!((pan - before).abs() < 60.0, "{before}° to {pan}°: through the stop");
            before = pan;
            !province.is_moving(*place)
        });
        let there = province.pose(*place).unwrap();
        if reached.at_limit {
            at_limits += 1;
            assert!(beyond, "{wanted_pan}° {wanted_tilt}° is within reach");
            continue;
        }
        let off = (there.pan - wanted_pan).abs().max((there.tilt - wanted_tilt).abs());
        worst = worst.max(off);
        assert!(
            off < 1.0,
            "from {from:?} at {u:.2} {v:.2}: {there:?}, not {wanted_pan:.1}° {wanted_tilt:.1}°"
        );
    }
    println!("{tried} clicks, {at_limits} to a stop, {worst:.2}° off at most");
    assert!(at_limits < 15, "most are within reach");
}
