//! A relay that nobody here wrote stands between workstations and cameras: GStreamer's RTSP server behind its RTSP client.
//! However many watch a camera by it, the camera has one viewer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::planner::LinkLoad;
use inventory::{Inventory, ProfileKind};
use model::{Codec, Id};
use province::{Options, PASSWORD, Profile, Province, USER, list};

use crate::support::{self, PATIENCE, Room, words};

/// More than a camera's six viewers.
const WORKSTATIONS: usize = 8;
/// As many are left when the relay dies: each of them finds a place at the camera itself.
const LEFT: usize = 3;
/// Tiles of one camera on each wall.
const TILES: usize = 3;

/// The relay, which ends with the value.
struct Relay {
    child: Child,
    _input: ChildStdin,
}

impl Relay {
    /// Listens on `port` and has each of these streams: path, codec, where the camera has it.
    fn start(port: u16, streams: &[(String, &str, String)]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/gstreamer_relay.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with GStreamer's RTSP server (packaging/setup installs it)");
        let mut input = child.stdin.take().unwrap();
        for (path, codec, url) in streams {
            writeln!(input, "{path} {codec} {url} {USER} {PASSWORD}").unwrap();
        }
        writeln!(input).unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready", "the relay did not start");
        Self { child, _input: input }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The cameras of one recorder, watched by a relay where it runs.
struct Stage {
    province: Province,
    inventory: Arc<Inventory>,
    /// Their places in the list, and their ids.
    cameras: Vec<(usize, Id)>,
    port: u16,
}

impl Stage {
    fn new() -> Self {
        let codec = |place: usize| list().cameras[place].coding.codec();
        let recorder =
            list().recorders.iter().find(|one| one.cameras.clone().any(|place| codec(place) == Codec::H264));
        let recorder = recorder.expect("a recorder with both codecs");
        // One of each codec is enough.
        let of = |wanted: Codec| recorder.cameras.clone().find(|place| codec(*place) == wanted);
        let places = [of(Codec::H264).unwrap(), of(Codec::H265).unwrap()];
        let options = Options { cameras: recorder.cameras.end, ..Options::default() };
        let province = Province::start(options).expect("the simulated province");
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut text = province::inventory(|recorder| province.port(recorder));
        let relay = format!("rtsp://127.0.0.1:{port}/{{camera}}/{{profile}}");
        text["sites"][recorder.site]["relay"] = relay.into();
        let inventory = Arc::new(Inventory::parse(text.to_string().as_bytes()).unwrap());
        let ids = inventory.sites()[recorder.site].recorders.iter().flat_map(|one| &one.cameras);
        let first = list().sites[recorder.site].cameras.start;
        let ids: Vec<Id> = ids.map(|camera| camera.id.clone()).collect();
        let cameras = places.into_iter().map(|place| (place, ids[place - first].clone())).collect();
        Self { province, inventory, cameras, port }
    }

    fn relay(&self) -> Relay {
        let streams: Vec<_> = self
            .cameras
            .iter()
            .flat_map(|(place, id)| {
                let camera = &list().cameras[*place];
                let codec = if camera.coding.codec() == Codec::H264 { "h264" } else { "h265" };
                [(ProfileKind::Main, Profile::Main), (ProfileKind::Sub, Profile::Sub)].map(
                    |(kind, profile)| {
                        let path = self.inventory.relay_address(id, kind).unwrap().url().path().to_owned();
                        let port = self.province.port(camera.recorder);
                        (
                            path,
                            codec,
                            format!("rtsp://127.0.0.1:{port}/ch{}/{}", camera.channel, profile.name()),
                        )
                    },
                )
            })
            .collect();
        Relay::start(self.port, &streams)
    }

    fn workstation(&self, nth: usize) -> Room {
        let tiles = self.cameras.iter().flat_map(|(_, id)| std::iter::repeat_n(id.clone(), TILES));
        Room::alone(Arc::clone(&self.inventory), &format!("huyện {nth}"), &tiles.collect::<Vec<_>>())
    }

    /// Of each camera, main and sub stream together.
    fn viewers(&self) -> Vec<u32> {
        let of = |place| Profile::BOTH.map(|profile| self.province.stream_counts(place, profile).viewers);
        self.cameras.iter().map(|(place, _)| of(*place).iter().sum()).collect()
    }

    /// Lets time pass as the console does until all tiles of all rooms are live and come as `relayed` says; no camera may
    /// have more than `most` viewers meanwhile.
    fn until_live(&self, rooms: &[Room], relayed: bool, most: u32) {
        let (began, mut reviewed) = (Instant::now(), Instant::now());
        let by_relay = words().get("plan_relayed").to_owned();
        loop {
            let viewers = self.viewers();
            assert!(viewers.iter().all(|viewers| *viewers <= most), "{viewers:?} viewers, at most {most}");
            if reviewed.elapsed() >= Duration::from_millis(500) {
                reviewed = Instant::now();
                rooms.iter().for_each(|room| room.feeds.review());
                let standings: Vec<_> = rooms.iter().flat_map(|room| room.standing().cameras).collect();
                let as_wanted =
                    standings.iter().filter(|one| one.live && one.detail.contains(&by_relay) == relayed);
                if as_wanted.count() == rooms.len() * self.cameras.len() * TILES {
                    return;
                }
                let told: Vec<_> = standings.iter().map(|one| (one.live, &one.text, &one.detail)).collect();
                assert!(began.elapsed() < PATIENCE, "relayed {relayed}, {viewers:?} viewers: {told:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn a_relay_takes_one_place_at_the_camera_for_everybody() {
    let _turn = support::turn();
    let stage = Stage::new();
    let relay = stage.relay();
    let mut rooms: Vec<Room> = (0..WORKSTATIONS).map(|nth| stage.workstation(nth)).collect();
    stage.until_live(&rooms, true, 1);
    assert_eq!(stage.viewers(), [1, 1], "eight workstations, sixteen streams");
    let pictures = |rooms: &[Room]| rooms.iter().map(|room| room.standing().pictures).collect::<Vec<_>>();
    let before = pictures(&rooms);
    let began = Instant::now();
    while pictures(&rooms).iter().zip(&before).any(|(now, before)| now <= before) {
        assert!(began.elapsed() < PATIENCE, "each wall goes on showing new pictures");
        std::thread::sleep(Duration::from_millis(50));
    }

    // The plan counts the site's line, as soon as it has been measured, and neither the recorder nor the camera's places.
    let received = |loads: &[LinkLoad], id: &Id| loads.iter().find(|load| load.id == *id).unwrap().received;
    let (site, recorder, _) = stage.inventory.camera(&stage.cameras[0].1).unwrap();
    let began = Instant::now();
    let loads = loop {
        rooms[0].feeds.review();
        let loads = rooms[0].feeds.loads();
        if received(&loads.sites, &site.id) > 0.0 {
            break loads;
        }
        assert!(began.elapsed() < PATIENCE, "the line is measured: {:?}", loads.sites);
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(received(&loads.recorders, &recorder.id), 0.0);

    // Without the relay the cameras themselves are asked, and a camera's own limit counts again.
    rooms.truncate(LEFT);
    drop(relay);
    stage.until_live(&rooms, false, LEFT as u32);
    assert_eq!(stage.viewers(), [LEFT as u32; 2]);
}
