//! A site of the simulated province, workstations without windows that watch it, and the servers between the two.

use std::cell::RefCell;
use std::collections::HashSet;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use engine::{Live, People};
use inventory::Inventory;
use layouts::Desk;
use leases::{Holder, Login, Server, State};
use model::{Credentials, Id, Secret, Size, Transport};
use province::{Options, PASSWORD, Profile, Province, USER, list};
use render::{Backend, Target};
use tempfile::TempDir;
use watchwall::bells::Bells;
use watchwall::wall::feeds::Feeds;
use watchwall::wall::thread::{Controls, Standing, WallThread};
use watchwall::words::{Language, Words};

/// What the inventory says of the site's line.
pub(crate) const SITE_MBPS: u32 = 30;
/// What of it clients may take together.
pub(crate) const CAP: f64 = 0.9 * SITE_MBPS as f64;
/// Cameras of the site that are watched; ten times sixteen tiles are more than six viewers of each.
const CAMERAS: usize = 24;
/// Tiles so small that key frames are enough: ten workstations run on one machine here.
const WALL: Size = Size { width: 480, height: 272 };
/// Nothing here takes so long; whoever waits longer has found a fault.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// So many workstations at once would only wait for each other.
static TURN: Mutex<()> = Mutex::new(());

/// One test after the other.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `nats-server` on loopback, ended with the value.
pub(crate) struct Nats {
    child: Child,
    port: u16,
    _store: TempDir,
}

impl Nats {
    /// `None`, said loudly, where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        if Command::new("nats-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("\n*** SKIPPED: nats-server is not installed; packaging/setup does it ***\n");
            return None;
        }
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let store = tempfile::tempdir().unwrap();
        let mut command = Command::new("nats-server");
        command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"]).arg(store.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < PATIENCE, "the server does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { child, port, _store: store })
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// As if the plug were pulled.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A site with its devices.
pub(crate) struct Stage {
    province: Province,
    inventory: Arc<Inventory>,
    /// Of the cameras that are watched: their places in the list, and their ids.
    cameras: Vec<(usize, Id)>,
    reviewed: RefCell<Instant>,
}

/// What was seen of the devices.
#[derive(Default)]
pub(crate) struct Seen {
    /// Of the camera with the most.
    pub(crate) viewers: u32,
    /// What tiles said of devices that let nobody in.
    pub(crate) refused: HashSet<String>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let all = &list().cameras;
        let count = |site: usize| all.iter().filter(|camera| camera.site == site).count();
        let enough = |site: &usize| count(*site) >= CAMERAS && list().sites[*site].uplink_mbps >= SITE_MBPS;
        let site = (0..list().sites.len()).find(enough).expect("a site with so many cameras");
        let places: Vec<usize> =
            (0..all.len()).filter(|camera| all[*camera].site == site).take(CAMERAS).collect();
        let options = Options { cameras: places[CAMERAS - 1] + 1, ..Options::default() };
        let province = Province::start(options).expect("the simulated province");
        let inventory = inventory(|recorder| province.port(recorder));
        let ids: Vec<Id> =
            inventory.sites()[site].recorders.iter().flat_map(|r| &r.cameras).map(|c| c.id.clone()).collect();
        let cameras = places.into_iter().zip(ids).collect();
        Self { province, inventory, cameras, reviewed: RefCell::new(Instant::now()) }
    }

    /// The sixteen cameras of the workstation with this number: four that all want, and twelve of the others.
    pub(crate) fn window(&self, nth: usize) -> Vec<Id> {
        let others = (0..12).map(|tile| 4 + (nth * 5 + tile) % (CAMERAS - 4));
        (0..4).chain(others).map(|place| self.cameras[place].1.clone()).collect()
    }

    /// All cameras that are watched: places in the list and ids.
    pub(crate) fn cameras(&self) -> &[(usize, Id)] {
        &self.cameras
    }

    pub(crate) fn province(&self) -> &Province {
        &self.province
    }

    pub(crate) fn inventory(&self) -> Arc<Inventory> {
        Arc::clone(&self.inventory)
    }

    /// How many streams of a camera are open at its device.
    pub(crate) fn viewers(&self, place: usize) -> u32 {
        Profile::BOTH.map(|profile| self.province.stream_counts(place, profile).viewers).iter().sum()
    }

    /// What a workstation in another process is to know.
    pub(crate) fn told(&self, url: &str) -> String {
        let ports: Vec<String> =
            (0..list().recorders.len()).map(|recorder| self.province.port(recorder).to_string()).collect();
        let cameras: Vec<String> = self.window(2).iter().map(ToString::to_string).collect();
        [url.to_owned(), ports.join(","), cameras.join(",")].join(" ")
    }

    /// Lets time pass as the console does, and watches the devices meanwhile.
    pub(crate) fn pass(&self, rooms: &[Room], time: Duration) -> Seen {
        let until = Instant::now() + time;
        let mut seen = Seen::default();
        while Instant::now() < until {
            self.look(rooms, &mut seen);
        }
        seen
    }

    /// The same until it is so; gives the time that it took.
    pub(crate) fn until(&self, rooms: &[Room], what: &str, is: impl Fn(&Seen) -> bool) -> Duration {
        let (began, mut seen) = (Instant::now(), Seen::default());
        while !is(&seen) {
            assert!(began.elapsed() < PATIENCE, "still not: {what}");
            self.look(rooms, &mut seen);
        }
        began.elapsed()
    }

    fn look(&self, rooms: &[Room], seen: &mut Seen) {
        for (place, _) in &self.cameras {
            seen.viewers = seen.viewers.max(self.viewers(*place));
        }
        if self.reviewed.borrow().elapsed() >= Duration::from_millis(500) {
            *self.reviewed.borrow_mut() = Instant::now();
            rooms.iter().for_each(|room| room.feeds.review());
            let texts = rooms.iter().flat_map(|room| room.standing().cameras).map(|camera| camera.text);
            seen.refused.extend(texts.filter(|text| {
                ["fault_capacity_viewers", "fault_capacity_bandwidth"]
                    .iter()
                    .any(|key| words().get(key) == text)
            }));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn inventory(port: impl Fn(usize) -> u16) -> Arc<Inventory> {
    let mut inventory = province::inventory(port);
    for site in inventory["sites"].as_array_mut().unwrap() {
        site["uplink_mbps"] = SITE_MBPS.into();
    }
    Arc::new(Inventory::parse(inventory.to_string().as_bytes()).unwrap())
}

/// A workstation: streams, a wall that is drawn into memory, and a place among the others.
pub(crate) struct Room {
    wall: Option<WallThread>,
    controls: Arc<Controls>,
    pub(crate) feeds: Arc<Feeds>,
    _data: TempDir,
}

impl Room {
    pub(crate) fn open(stage: &Stage, url: &str, name: &str, rank: u8, cameras: Vec<Id>) -> Self {
        Self::sharing(Arc::clone(&stage.inventory), url, name, rank, &cameras)
    }

    /// One that shares with those at `url`.
    pub(crate) fn sharing(
        inventory: Arc<Inventory>,
        url: &str,
        name: &str,
        rank: u8,
        cameras: &[Id],
    ) -> Self {
        let server = Server::new(url, Login::None, None).unwrap();
        Self::with(inventory, Some((server, Holder { name: name.to_owned(), rank })), name, cameras)
    }

    /// One that knows of no others.
    pub(crate) fn alone(inventory: Arc<Inventory>, name: &str, cameras: &[Id]) -> Self {
        Self::with(inventory, None, name, cameras)
    }

    fn with(inventory: Arc<Inventory>, share: Option<(Server, Holder)>, name: &str, cameras: &[Id]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let login = Credentials { user: USER.to_owned(), password: Secret::new(PASSWORD.to_owned()) };
        let people = Arc::new(People::demo(data.path(), name, "0", Some(login)).unwrap());
        let bells = Arc::new(Bells::default());
        let ringing = Arc::clone(&bells);
        let settings = engine::Settings { workers: NonZeroUsize::MIN, decode: decode() };
        let live = Live::new(settings, Arc::new(move || ringing.ring())).unwrap();
        let feeds = Arc::new(Feeds::new(inventory, live, people, Transport::Tcp, Arc::clone(&bells)));
        feeds.share(share).unwrap();
        let controls = Controls::new(bells.add());
        let target = Target::Headless(WALL);
        let wall = WallThread::start(
            0,
            Arc::clone(&controls),
            target,
            Backend::Software,
            Arc::clone(&feeds),
            true,
            Arc::new(words()),
        );
        let mut desk = Desk::default();
        let arrangement = desk.wall_mut(0).unwrap();
        if !cameras.is_empty() {
            arrangement.fill(cameras).unwrap();
        }
        controls.arrange(Arc::new(arrangement.clone()), false);
        Self { wall: Some(wall.unwrap()), controls, feeds, _data: data }
    }

    pub(crate) fn standing(&self) -> Standing {
        self.controls.standing()
    }

    /// The cameras that are live on its wall.
    pub(crate) fn live(&self) -> HashSet<Id> {
        self.standing().cameras.into_iter().filter(|camera| camera.live).map(|camera| camera.id).collect()
    }

    /// How many share as far as it knows, itself included.
    pub(crate) fn clients(&self) -> usize {
        match self.feeds.sharing() {
            State::Connected { clients } => clients,
            _ => 0,
        }
    }
}

/// In the order of the console: the wall, the streams, the leases.
impl Drop for Room {
    fn drop(&mut self) {
        drop(self.wall.take());
        self.feeds.close();
    }
}

/// A workstation in a process of its own, until it is killed.
pub(crate) fn workstation(told: &str) {
    let mut parts = told.split(' ');
    let mut part = || parts.next().unwrap();
    let (url, ports, cameras) = (part(), part(), part());
    let ports: Vec<u16> = ports.split(',').map(|port| port.parse().unwrap()).collect();
    let cameras: Vec<Id> = cameras.split(',').map(|id| Id::new(id).unwrap()).collect();
    let room = Room::sharing(inventory(|recorder| ports[recorder]), url, "máy bị tắt", 8, &cameras);
    let began = Instant::now();
    let mut said = false;
    // Killed long before; should nobody do it, it ends by itself.
    while began.elapsed() < PATIENCE {
        room.feeds.review();
        // Not sixteen: the province's room goes before.
        if !std::mem::replace(&mut said, room.feeds.tally().streams >= 10) && said {
            println!("watching");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

pub(crate) fn words() -> Words {
    Words::new(Language::Vietnamese)
}

fn decode() -> engine::DecodePreference {
    engine::DecodePreference::Software
}
