//! The customer's list: sites, recorders, cameras, and what each camera is.
//!
//! The list gives counts; the rest follows by rule. A site's channels fill its recorders in order, 16 channels
//! first. Its outdoor cameras come before its indoor ones, and each takes the next name, which says what it
//! looks at ([`Scene`]). About a third look at the infrared night. Nearly all send plain H.265; the exceptions are
//! fixed by counting the cameras of one scene in list order, see [`Camera::coding`].

use std::ops::Range;
use std::sync::LazyLock;

use crate::equipment::{Equipment, Movement, Sound};
use crate::scene::{Light, Scene};

const TABLE: &str = include_str!("../../src-tauri/crates/inventory/examples/kien-giang-sites.csv");

/// What is watched together: one address, one uplink.
#[derive(Clone, Debug)]
pub struct Site {
    /// Name for files and logs, `district/site`.
    pub id: String,
    /// District or city, Vietnamese.
    pub district: String,
    /// Name, Vietnamese.
    pub name: String,
    /// What its line carries outwards, Mb/s.
    pub uplink_mbps: u32,
    /// Its recorders in [`List::recorders`].
    pub recorders: Range<usize>,
    /// Its cameras in [`List::cameras`].
    pub cameras: Range<usize>,
}

/// A network video recorder: one RTSP server.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// Its site in [`List::sites`].
    pub site: usize,
    /// How many cameras it could take: 16, 8 or 4.
    pub channels: usize,
    /// What it sends at most, Mb/s.
    pub sends_mbps: u32,
    /// The cameras connected to it, channel 1 first, in [`List::cameras`].
    pub cameras: Range<usize>,
    /// Who made it, and its peculiarities.
    pub equipment: Equipment,
}

/// One of the two streams of a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// The full picture.
    Main,
    /// The small picture for walls.
    Sub,
}

impl Profile {
    /// Both, the full one first.
    pub const BOTH: [Self; 2] = [Self::Main, Self::Sub];

    /// As it stands in URLs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Sub => "sub",
        }
    }
}

/// How a camera codes its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coding {
    /// H.265 Main, IDR key frames, no B frames.
    H265,
    /// H.265 Main 10.
    H265TenBit,
    /// H.265 Main with B frames and open groups: key frames after the first are CRA.
    H265OpenGop,
    /// H.265 Main, the picture upright (9:16): hallway view.
    H265Hallway,
    /// H.264 High, IDR key frames, no B frames.
    H264,
    /// JPEG pictures.
    Mjpeg,
}

/// One camera.
#[derive(Clone, Debug)]
pub struct Camera {
    /// Its site in [`List::sites`].
    pub site: usize,
    /// Its recorder in [`List::recorders`].
    pub recorder: usize,
    /// Its channel on the recorder, from 1.
    pub channel: usize,
    /// Name, Vietnamese, distinct within the site.
    pub name: String,
    /// Mounted outside.
    pub outdoor: bool,
    /// What it looks at.
    pub scene: Scene,
    /// By day or by its own infrared light. Exceptional codings are always by day.
    pub light: Light,
    /// How it codes. Counting the cameras of one scene in list order from 0: H.264 is every 8th yard from 0; MJPEG
    /// every 8th parking place from 0; open groups every 6th street from 0, every 8th ward from 1 and every 6th
    /// lobby from 0; 10 bits the first classroom; hallway view the first corridor; all others plain H.265.
    pub coding: Coding,
    /// Whether its SDP has the parameter sets (`sprop`). Every 25th camera from the 12th on leaves them out, so that a
    /// client needs those in the stream.
    pub sprop: bool,
    /// What of it can be moved from afar.
    pub movement: Movement,
    /// What its microphone sends, if it has one.
    pub sound: Option<Sound>,
}

/// The whole province.
#[derive(Debug)]
pub struct List {
    /// 54 sites in the customer's order.
    pub sites: Vec<Site>,
    /// 59 recorders, site by site.
    pub recorders: Vec<Recorder>,
    /// 373 cameras, recorder by recorder.
    pub cameras: Vec<Camera>,
}

/// The customer's list, read once.
#[must_use]
pub fn list() -> &'static List {
    static LIST: LazyLock<List> = LazyLock::new(read);
    &LIST
}

const OUTDOOR: [(&str, Scene); 15] = [
    ("Cổng chính", Scene::Gate),
    ("Sân trước", Scene::Yard),
    ("Bãi xe", Scene::Parking),
    ("Đường trước cổng", Scene::Street),
    ("Bờ kênh", Scene::Quay),
    ("Cổng phụ", Scene::Gate),
    ("Sân sau", Scene::Yard),
    ("Nhà để xe nhân viên", Scene::Parking),
    ("Ngã ba đường vào", Scene::Street),
    ("Bến ghe", Scene::Quay),
    ("Cổng sau", Scene::Gate),
    ("Sân giữa", Scene::Yard),
    ("Bãi xe cứu thương", Scene::Parking),
    ("Đường nội bộ", Scene::Street),
    ("Bờ kè", Scene::Quay),
];

const INDOOR: [(&str, Scene); 20] = [
    ("Hành lang tầng 1", Scene::Corridor),
    ("Phòng 101", Scene::Ward),
    ("Sảnh chính", Scene::Lobby),
    ("Phòng họp", Scene::Classroom),
    ("Phòng 102", Scene::Ward),
    ("Hành lang tầng 2", Scene::Corridor),
    ("Phòng 201", Scene::Ward),
    ("Nơi tiếp nhận", Scene::Lobby),
    ("Phòng 202", Scene::Ward),
    ("Phòng học 1", Scene::Classroom),
    ("Hành lang tầng 3", Scene::Corridor),
    ("Phòng 301", Scene::Ward),
    ("Phòng 302", Scene::Ward),
    ("Phòng học 2", Scene::Classroom),
    ("Phòng 303", Scene::Ward),
    ("Sảnh tầng 2", Scene::Lobby),
    ("Phòng 304", Scene::Ward),
    ("Hành lang khu B", Scene::Corridor),
    ("Hội trường", Scene::Classroom),
    ("Phòng 305", Scene::Ward),
];

fn read() -> List {
    let mut list = List { sites: Vec::new(), recorders: Vec::new(), cameras: Vec::new() };
    for row in TABLE.lines().skip(1).filter(|row| !row.trim().is_empty()) {
        let fields: Vec<&str> = row.trim().split(',').collect();
        let count = |i: usize| fields[i].parse::<usize>().expect("the list's figures are numbers");
        let (site, cameras) = (list.sites.len(), list.cameras.len());
        let outdoor = OUTDOOR.iter().take(count(5)).map(|n| (n, true));
        let indoor = INDOOR.iter().take(count(6)).map(|n| (n, false));
        for (&(name, scene), outdoor) in outdoor.chain(indoor) {
            list.add_camera(site, name, scene, outdoor);
        }
        let recorders = list.recorders.len();
        let mut next = cameras;
        for (column, channels, sends_mbps) in [(7, 16, 100), (8, 8, 30), (9, 4, 20)] {
            for _ in 0..count(column) {
                let first = next;
                next = list.cameras.len().min(first + channels);
                for (i, camera) in list.cameras[first..next].iter_mut().enumerate() {
                    (camera.recorder, camera.channel) = (list.recorders.len(), i + 1);
                }
                let equipment = Equipment::of(list.recorders.len());
                list.recorders.push(Recorder { site, channels, sends_mbps, cameras: first..next, equipment });
            }
        }
        assert_eq!(next, list.cameras.len(), "every camera of {} has a recorder", fields[1]);
        list.sites.push(Site {
            id: fields[1].to_owned(),
            district: fields[2].to_owned(),
            name: fields[3].to_owned(),
            uplink_mbps: count(10) as u32,
            recorders: recorders..list.recorders.len(),
            cameras: cameras..list.cameras.len(),
        });
    }
    for (nth, camera) in list.cameras.iter_mut().filter(|camera| !camera.outdoor).enumerate() {
        let make = list.recorders[camera.recorder].equipment.make;
        camera.movement = Movement::of(nth, camera.coding, camera.light, make);
        camera.sound = Sound::of(nth);
    }
    list
}

impl List {
    fn add_camera(&mut self, site: usize, name: &str, scene: Scene, outdoor: bool) {
        let index = self.cameras.len();
        let nth = self.cameras.iter().filter(|camera| camera.scene == scene).count();
        let coding = match (scene, nth % 8, nth % 6) {
            (Scene::Yard, 0, _) => Coding::H264,
            (Scene::Parking, 0, _) => Coding::Mjpeg,
            (Scene::Street | Scene::Lobby, _, 0) | (Scene::Ward, 1, _) => Coding::H265OpenGop,
            (Scene::Classroom, _, _) if nth == 0 => Coding::H265TenBit,
            (Scene::Corridor, _, _) if nth == 0 => Coding::H265Hallway,
            _ => Coding::H265,
        };
        // A fixed shuffle, so that neighbours differ: of any 10 following cameras 3 are in the dark.
        let dark = (index * 7 + 3) % 10 < 3 && coding == Coding::H265;
        self.cameras.push(Camera {
            site,
            recorder: 0,
            channel: 0,
            name: name.to_owned(),
            outdoor,
            scene,
            light: if dark { Light::Infrared } else { Light::Day },
            coding,
            sprop: index % 25 != 12,
            movement: Movement::Fixed,
            sound: None,
        });
    }
}

impl Camera {
    /// The bit rate that limits count, b/s.
    #[must_use]
    pub const fn nominal_rate(&self, profile: Profile) -> u32 {
        match (self.coding, profile) {
            (Coding::Mjpeg, Profile::Main) => 4_000_000,
            (Coding::Mjpeg, Profile::Sub) => 1_500_000,
            (_, Profile::Main) => 2_000_000,
            (_, Profile::Sub) => 256_000,
        }
    }
}

impl Coding {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::H265, Self::H265TenBit, Self::H265OpenGop, Self::H265Hallway, Self::H264, Self::Mjpeg];

    /// The codec by its payload format.
    #[must_use]
    pub const fn codec(self) -> model::Codec {
        match self {
            Self::H264 => model::Codec::H264,
            Self::Mjpeg => model::Codec::Mjpeg,
            Self::H265 | Self::H265TenBit | Self::H265OpenGop | Self::H265Hallway => model::Codec::H265,
        }
    }

    /// Columns and rows of the picture.
    #[must_use]
    pub const fn size(self, profile: Profile) -> model::Size {
        match (self, profile) {
            (Self::H265Hallway, Profile::Main) => model::Size::new(1080, 1920),
            (Self::H265Hallway, Profile::Sub) => model::Size::new(360, 640),
            (Self::Mjpeg, Profile::Main) => model::Size::new(1280, 720),
            (_, Profile::Main) => model::Size::new(1920, 1080),
            (_, Profile::Sub) => model::Size::new(640, 360),
        }
    }

    /// Pictures a second.
    #[must_use]
    pub const fn frame_rate(self, profile: Profile) -> u32 {
        match (self, profile) {
            (Self::Mjpeg, Profile::Main) => 5,
            (_, Profile::Main) => 25,
            (_, Profile::Sub) => 12,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_whole_list_is_there() {
        let list = list();
        assert_eq!((list.sites.len(), list.recorders.len(), list.cameras.len()), (54, 59, 373));
        assert_eq!(list.cameras.iter().filter(|camera| camera.outdoor).count(), 156);
        for (channels, count, mbps) in [(16, 15, 100), (8, 15, 30), (4, 29, 20)] {
            let found: Vec<_> = list.recorders.iter().filter(|r| r.channels == channels).collect();
            assert_eq!(found.len(), count);
            assert!(found.iter().all(|r| r.sends_mbps == mbps && r.cameras.len() <= channels));
        }
        for (mbps, count) in [(30, 44), (50, 8), (100, 2)] {
            assert_eq!(list.sites.iter().filter(|site| site.uplink_mbps == mbps).count(), count);
        }
    }

    #[test]
    fn recorders_fill_in_order_and_names_are_distinct() {
        let list = list();
        let largest = list.sites.iter().find(|site| site.cameras.len() == 35).expect("the hospital");
        let filled: Vec<_> =
            list.recorders[largest.recorders.clone()].iter().map(|r| (r.channels, r.cameras.len())).collect();
        assert_eq!(filled, [(16, 16), (16, 16), (4, 3)]);
        for site in &list.sites {
            let names: HashSet<_> = list.cameras[site.cameras.clone()].iter().map(|c| &c.name).collect();
            assert_eq!(names.len(), site.cameras.len(), "{}", site.id);
        }
        for (i, recorder) in list.recorders.iter().enumerate() {
            for (channel, camera) in list.cameras[recorder.cameras.clone()].iter().enumerate() {
                assert_eq!((camera.recorder, camera.channel, camera.site), (i, channel + 1, recorder.site));
            }
        }
    }

    #[test]
    fn a_first_wall_shows_every_kind_but_is_mostly_plain() {
        let count = |coding| list().cameras[..36].iter().filter(|camera| camera.coding == coding).count();
        assert!(count(Coding::H264) >= 1 && count(Coding::Mjpeg) >= 1 && count(Coding::H265OpenGop) >= 3);
        assert_eq!((count(Coding::H265TenBit), count(Coding::H265Hallway)), (1, 1));
        assert!(count(Coding::H265) >= 26, "{}", count(Coding::H265));
    }
}
