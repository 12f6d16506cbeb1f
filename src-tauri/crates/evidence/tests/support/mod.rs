//! What the tests share: footage as it comes from recorders, and packages made of it.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part")]

#[path = "../../../decode/tests/support/clips.rs"]
pub mod clips;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use evidence::*;
use jiff::{SignedDuration, Timestamp};
use model::{AccessUnit, Codec, Id};

pub fn unit(codec: Codec, data: Vec<u8>, random_access: bool) -> AccessUnit {
    AccessUnit {
        codec,
        data: data.into(),
        parameters: Arc::from([]),
        random_access,
        timestamp: 0,
        lost_packets: 0,
        received: Instant::now(),
        captured: None,
    }
}

/// What comes from a recorder.
#[derive(Clone)]
pub enum Incoming {
    Picture(AccessUnit, Timestamp),
    Sound(SoundPacket),
}

pub fn begin() -> Timestamp {
    "2026-03-01T07:00:00.123Z".parse().expect("a time")
}

pub fn after(ms: i64) -> Timestamp {
    begin() + SignedDuration::from_millis(ms)
}

/// The units at 25 a second.
pub fn at_25(units: Vec<AccessUnit>) -> Vec<Incoming> {
    (0..).step_by(40).zip(units).map(|(ms, unit)| Incoming::Picture(unit, after(ms))).collect()
}

/// A small H.265 clip, a key frame each `group` pictures; another one for each `which`.
pub fn h265(pictures: usize, group: usize, which: u32) -> Vec<AccessUnit> {
    let source = format!("testsrc2=size=64x64:rate=25,hue=h={},trim=end_frame={pictures}", which * 30);
    clips::camera(&source, group)
}

/// The pieces with a packet of sound of 20 ms in between every 20 ms; its bytes depend on `seed`.
pub fn with_sound(pieces: Vec<Incoming>, bytes: usize, seed: u64) -> Vec<Incoming> {
    use rand::{RngCore, SeedableRng};
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let mut all = Vec::new();
    for piece in pieces {
        let Incoming::Picture(_, at) = &piece else { continue };
        let at = *at;
        all.push(piece);
        for later in [0, 20] {
            let mut data = vec![0; bytes];
            random.fill_bytes(&mut data);
            let taken_at = at + SignedDuration::from_millis(later);
            all.push(Incoming::Sound(SoundPacket { data: data.into(), taken_at }));
        }
    }
    all
}

pub fn description() -> Description {
    Description {
        operator: person("an"),
        case: Case { number: "VA 12/2026".to_owned(), reason: "Mất trộm ở cổng chính".to_owned() },
        span: Span { from: begin(), to: after(60_000) },
        release_required: false,
        tool: Tool { name: "watchwall".to_owned(), version: "0.1.0".to_owned() },
    }
}

pub fn person(account: &str) -> Person {
    Person { account: account.to_owned(), name: account.to_uppercase(), workstation: "may-1".to_owned() }
}

pub fn source(id: &str, name: &str, sound: Option<SoundFormat>) -> Source {
    Source {
        camera: Id::new(id).expect("an id"),
        name: name.to_owned(),
        site: "Trạm y tế Bình An".to_owned(),
        recorder: Device {
            id: "binh-an/1".to_owned(),
            manufacturer: "Hanwha".to_owned(),
            model: "XRN-1620".to_owned(),
            serial_number: "ZZ1".to_owned(),
            firmware: "1.0".to_owned(),
        },
        profile: Profile { name: "main".to_owned(), track: "1".to_owned() },
        clock: Clock {
            offset_ms: -1500,
            uncertainty_ms: Some(40),
            drift_ms_per_day: None,
            measured: ClockMeasurement::Asked,
            measured_at: Some(begin()),
        },
        sound,
    }
}

pub fn g711() -> Option<SoundFormat> {
    Some(SoundFormat::G711ALaw { rate: 8000, channels: 1 })
}

pub fn go_on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub fn give(writer: &mut CameraWriter, piece: &Incoming) -> Result<Taken, ExportFault> {
    match piece {
        Incoming::Picture(unit, taken_at) => writer.picture(unit, *taken_at),
        Incoming::Sound(packet) => writer.sound(packet),
    }
}

/// A package of whole cameras.
pub fn package(parent: &Path, cameras: &[(Source, Vec<Incoming>)], key: &SigningKey) -> Complete {
    package_with(parent, description(), cameras, key)
}

pub fn package_with(
    parent: &Path,
    description: Description,
    cameras: &[(Source, Vec<Incoming>)],
    key: &SigningKey,
) -> Complete {
    let mut export = Export::begin(parent, "gói", description, 0).expect("begun");
    for (source, pieces) in cameras {
        let mut writer = export.camera(source.clone()).expect("a writer");
        for piece in pieces {
            assert_eq!(give(&mut writer, piece).expect("taken"), Taken::Written);
        }
        writer.finish(Vec::new(), &mut go_on).expect("finished");
    }
    export.finish(key, after(90_000)).expect("complete")
}

/// Everything that is in a media file.
pub fn read_back(path: &Path, sound: Option<&SoundFormat>) -> Vec<Contents> {
    let mut reader = MediaReader::open(path, sound).expect("a file");
    std::iter::from_fn(|| reader.next_contents().expect("sound contents")).collect()
}

/// The groups of a file, as its index has them.
pub fn groups(folder: &Path, file: &MediaFile) -> Vec<Group> {
    let text = std::fs::read_to_string(folder.join(&file.index.name)).expect("an index");
    text.lines().map(|line| serde_json::from_str(line).expect("a group")).collect()
}

/// What is in a folder, with subfolders.
pub fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(everything(&path));
        }
        all.push(path);
    }
    all.sort();
    all
}
