//! Recordings of the simulated province taken out into packages of evidence: what is in them is what the recorder sent.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use devices::Reply;
use devices::device::{Device, Facts, Protocol};
use devices::recordings::{Footage, Recordings};
use devices::rtsp::replay::{Item, Play, Position, Replay};
use engine::devices::{Devices, Meet, Way};
use engine::export::{CameraState, Exporter, Failure, Order, Outcome, Progress, Stop, Wanted};
use engine::playback::{Archive, Throttle};
use engine::{DecodePreference, Live, Settings};
use evidence::{
    Case, ClockMeasurement, Complete, Contents, Description, Export, GapReason, MediaReader, PARTIAL, Person,
    Proof, Signer as _, SigningKey, Span, Tool,
};
use inventory::DeviceAddress;
use jiff::Timestamp;
use model::{Address, ClockOffset, Credentials, Id, Moment, Period, Recorded, RecordedFor};
use province::recordings::SpanKind;
use province::{Options, Profile, Province};

const PROFILE: Profile = Profile::Sub;
const CAMERA: usize = 0;
/// The recorder's clock is wrong by so much.
const AHEAD: Duration = Duration::from_secs(83);

/// The recorder of a camera as a device that is met: it says what it holds, by its own clock.
#[derive(Clone)]
struct Shelf {
    address: Address,
    spans: Vec<Recorded>,
}

impl Recordings for Shelf {
    fn spans(&self, _channel: u32, period: Period) -> Reply<'_, Vec<Recorded>> {
        let found = self.spans.iter().filter(|span| span.period.common(period).is_some()).copied().collect();
        Box::pin(async move { Ok(found) })
    }

    fn footage(&self, _channel: u32, _period: Period, _overlap: u32) -> Reply<'_, Footage> {
        let footage = Footage::whole(self.address.clone());
        Box::pin(async move { Ok(footage) })
    }

    fn time(&self) -> Reply<'_, Option<SystemTime>> {
        Box::pin(async { Ok(None) })
    }
}

impl Meet for Shelf {
    fn meet(&self, _way: &Way) -> Reply<'static, Device> {
        let text = |text: &str| text.to_owned();
        let device = Device {
            facts: Facts {
                protocol: Protocol::Onvif,
                make: text("Hanwha"),
                model: text("XRN-1620"),
                firmware: text("1.2"),
                serial: text("ZZ9"),
            },
            clock: Some(ClockOffset {
                ahead_ms: AHEAD.as_millis() as i64,
                within: Duration::from_millis(30),
            }),
            certificate: None,
            channels: Vec::new(),
            events: None,
            recordings: Some(Arc::new(self.clone())),
        };
        Box::pin(async move { Ok(device) })
    }
}

struct Stage {
    province: Province,
    address: Address,
    login: Option<Credentials>,
    exporter: Exporter,
    key: SigningKey,
    folder: tempfile::TempDir,
    /// Stretches without a gap, true time, the earliest first.
    recorded: Vec<Period>,
    _live: Live,
    runtime: tokio::runtime::Runtime,
}

fn stage() -> Stage {
    let options = Options { cameras: 0, profiles: vec![PROFILE], ..Options::default() };
    let province = Province::start(options).expect("the province starts");
    province.prepare_stream(CAMERA, PROFILE).expect("the clip is made");
    let recorder = province.list().cameras[CAMERA].recorder;
    province.set_clock_offset(recorder, AHEAD.as_millis() as i64);
    let (address, login) = Address::parse(&province.replay_source(CAMERA, PROFILE)).expect("an address");
    let now = SystemTime::now();
    let (from, until) = (now - Duration::from_secs(36 * 3600), now - Duration::from_secs(3600));
    let recorded: Vec<Period> = province
        .recorded(CAMERA, from, until)
        .iter()
        .filter(|span| span.kind == SpanKind::Continuous)
        .map(|span| Period {
            from: Moment::from_ms(span.during.start),
            until: Moment::from_ms(span.during.end),
        })
        .collect();
    let ahead_us = AHEAD.as_micros() as i64;
    let by_its_clock = |period: &Period| Recorded {
        period: Period { from: period.from.plus_us(ahead_us), until: period.until.plus_us(ahead_us) },
        why: RecordedFor::Continuous,
        overlap: 0,
    };
    let shelf = Shelf { address: address.clone(), spans: recorded.iter().map(by_its_clock).collect() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let devices = Arc::new(Devices::new(runtime.handle().clone(), Arc::new(shelf), Box::new(|_, _| {})));
    let archive = Arc::new(Archive::new(Arc::clone(&devices)));
    let settings = Settings { workers: std::num::NonZeroUsize::MIN, decode: DecodePreference::Software };
    let live = Live::new(settings, Arc::new(|| {})).expect("threads");
    let exporter = live.exporter(devices, archive).giving_up_after(2);
    Stage {
        province,
        address,
        login,
        exporter,
        key: SigningKey::generate().expect("a key"),
        folder: tempfile::tempdir().expect("a folder"),
        recorded,
        _live: live,
        runtime,
    }
}

impl Stage {
    /// So many seconds within the longest stretch.
    fn period(&self, seconds: u64) -> Period {
        let longest =
            self.recorded.iter().max_by_key(|period| period.length()).expect("something is recorded");
        let from = longest.from.plus(Duration::from_secs(600)).plus(Duration::from_millis(437));
        Period { from, until: from.plus(Duration::from_secs(seconds)) }
    }

    fn order(&self, name: &str, period: Period) -> Order {
        let timestamp = |at: Moment| Timestamp::from_microsecond(at.0).expect("a time");
        let way = Way {
            device: Id::new("recorder").expect("an id"),
            camera: Id::new("camera").expect("an id"),
            address: DeviceAddress::parse("http://127.0.0.1").expect("an address"),
            channel: 1,
            login: self.login.clone(),
        };
        let (camera, site) = ("../../Cổng \u{202e}chính".to_owned(), "CON".to_owned());
        Order {
            folder: self.folder.path().to_owned(),
            name: name.to_owned(),
            description: Description {
                operator: Person {
                    account: "an".to_owned(),
                    name: "Trần An".to_owned(),
                    workstation: "may-1".to_owned(),
                },
                case: Case { number: "VA 12/2026".to_owned(), reason: "Mất trộm".to_owned() },
                span: Span { from: timestamp(period.from), to: timestamp(period.until) },
                release_required: false,
                tool: Tool { name: "watchwall".to_owned(), version: "0".to_owned() },
            },
            estimate: 1 << 20,
            cameras: vec![Wanted { way, name: camera, site, period, line: Throttle::new(1000.0) }],
            resumed: None,
            leave_gaps: false,
        }
    }

    fn run(&self, order: &Order) -> Outcome {
        self.exporter.run(order, &self.key, &Progress::default(), &mut |_: &mut Export| Ok(()))
    }

    fn complete(&self, order: &Order) -> Complete {
        match self.run(order) {
            Outcome::Complete(complete) => *complete,
            Outcome::Failed(failure) => panic!("{failure}"),
            _ => panic!("not complete"),
        }
    }

    fn verify(&self, folder: &Path) {
        let verdict =
            evidence::verify(folder, &[self.key.public().fingerprint()], &mut go_on).expect("checked");
        assert_eq!(verdict.proof(), Proof::Genuine, "{:?}", verdict.faults);
    }

    /// What the recorder sends of a period, asked by hand: by true time in milliseconds.
    fn sent(&self, period: Period) -> BTreeMap<i64, Vec<u8>> {
        let ahead_us = AHEAD.as_micros() as i64;
        self.runtime.block_on(async {
            let mut replay = Replay::open(&self.address, self.login.as_ref(), None).await.expect("a session");
            let from = SystemTime::from(period.from.minus(Duration::from_secs(10)).plus_us(ahead_us));
            let play = Play { paced: false, ..Play::from(Position::Clock(from)) };
            replay.play(&play).await.expect("it plays");
            let mut units = BTreeMap::new();
            loop {
                let Item::Picture { unit, .. } = replay.next().await.expect("it goes on") else { continue };
                let at = Moment::from(unit.captured.expect("a time")).plus_us(-ahead_us);
                if at >= period.until {
                    break;
                }
                units.insert(at.ms(), unit.data.to_vec());
            }
            replay.close().await;
            units
        })
    }
}

fn go_on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The pictures in a package's only camera, by true time in milliseconds.
fn taken_out(complete: &Complete) -> Vec<(i64, Vec<u8>)> {
    let camera = &complete.manifest.cameras[0];
    let mut units = Vec::new();
    for file in &camera.files {
        let path = complete.folder.join(&file.name);
        let mut reader = MediaReader::open(&path, camera.source.sound.as_ref()).expect("a file");
        while let Some(contents) = reader.next_contents().expect("sound contents") {
            if let Contents::Picture { data, taken_at, .. } = contents {
                units.push((taken_at.as_millisecond(), data.to_vec()));
            }
        }
    }
    units
}

#[test]
fn what_is_in_a_package_is_what_the_recorder_sent_byte_for_byte() {
    let stage = stage();
    let period = stage.period(40);
    let complete = stage.complete(&stage.order("gói", period));
    stage.verify(&complete.folder);
    let sent = stage.sent(period);
    let taken = taken_out(&complete);
    let first = taken[0].0;
    assert!(first <= period.from.ms() && first > period.from.ms() - 12_000, "from a key frame before");
    let within = |at: i64| at >= period.from.ms() && at < period.until.ms();
    let (wanted, found) = (sent.keys().filter(|at| within(**at)), taken.iter().filter(|(at, _)| within(*at)));
    assert_eq!(wanted.count(), found.count(), "none is missing, none is there twice");
    for (at, data) in &taken {
        let original = sent.range(at - 1..=at + 1).next();
        assert!(original.is_none_or(|(_, original)| original == data), "{at}");
        assert!(!within(*at) || original.is_some(), "{at}");
    }
    let source = &complete.manifest.cameras[0].source;
    assert_eq!((source.recorder.model.as_str(), source.clock.offset_ms), ("XRN-1620", 83_000));
    assert_eq!(source.clock.measured, ClockMeasurement::Asked);
    assert!(complete.manifest.cameras[0].gaps.is_empty());
    played_by_others(&complete, taken.len());
}

/// `ffprobe` counts the same pictures.
fn played_by_others(complete: &Complete, pictures: usize) {
    let file = complete.folder.join(&complete.manifest.cameras[0].files[0].name);
    let asked = ["-v", "error", "-count_frames", "-select_streams", "v", "-show_entries"];
    let probe = Command::new("ffprobe")
        .args(asked)
        .args(["stream=nb_read_frames", "-of", "csv=p=0"])
        .arg(&file)
        .output()
        .expect("the ffprobe command runs");
    let said = String::from_utf8_lossy(&probe.stdout);
    assert_eq!(said.trim().trim_end_matches(','), pictures.to_string());
    assert!(probe.stderr.is_empty(), "{}", String::from_utf8_lossy(&probe.stderr));
}

#[test]
fn what_was_not_recorded_is_named_and_nothing_is_made_up() {
    let stage = stage();
    let pairs = stage.recorded.windows(2).map(|pair| (pair[0].until, pair[1].from));
    let (from, until) = pairs.min_by_key(|(from, until)| until.since_us(*from)).expect("a gap");
    let around =
        Period { from: from.minus(Duration::from_secs(20)), until: until.plus(Duration::from_secs(20)) };
    let complete = stage.complete(&stage.order("gói", around));
    stage.verify(&complete.folder);
    let gaps = &complete.manifest.cameras[0].gaps;
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0].reason, GapReason::NotRecorded);
    let near = |a: Timestamp, b: Moment| (a.as_millisecond() - b.ms()).abs() <= 1000;
    assert!(near(gaps[0].from, from) && near(gaps[0].to, until), "{gaps:?}");
    let taken = taken_out(&complete);
    assert!(taken.iter().any(|(at, _)| *at < from.ms()) && taken.iter().any(|(at, _)| *at >= until.ms()));
    assert!(taken.iter().all(|(at, _)| *at < from.ms() + 1000 || *at >= until.ms() - 1000));
}

#[test]
fn what_was_stopped_goes_on_where_it_stood() {
    let stage = stage();
    let period = stage.period(240);
    let whole = stage.complete(&stage.order("một lần", period));
    let mut order = stage.order("hai lần", period);
    // Slow enough to be stopped on the way.
    order.cameras[0].line = Throttle::new(2.0);
    let progress = Arc::new(Progress::default());
    let outcome = std::thread::scope(|scope| {
        let running =
            scope.spawn(|| stage.exporter.run(&order, &stage.key, &progress, &mut |_: &mut Export| Ok(())));
        while progress.cameras().first().is_none_or(|camera| camera.bytes < 700_000) {
            assert!(!running.is_finished(), "too fast to be stopped");
            std::thread::sleep(Duration::from_millis(5));
        }
        progress.stop(Stop::Keep);
        running.join().expect("it ends")
    });
    assert!(matches!(outcome, Outcome::Stopped));
    let partial = progress.partial().expect("a folder");
    assert!(partial.is_dir() && partial.display().to_string().ends_with(PARTIAL));
    let complete =
        stage.complete(&Order { resumed: Some(partial.clone()), ..stage.order("hai lần", period) });
    stage.verify(&complete.folder);
    assert!(!partial.exists());
    assert_eq!(taken_out(&complete), taken_out(&whole));
}

#[test]
fn a_lost_recorder_leaves_nothing_that_is_called_complete() {
    let stage = stage();
    // More than the system's sockets hold of it: what has been sent already still comes.
    let period = stage.period(1200);
    let mut order = stage.order("gói", period);
    let line = Throttle::new(2.0);
    order.cameras[0].line = line.clone();
    let progress = Progress::default();
    let recorder = stage.province.list().cameras[CAMERA].recorder;
    let outcome = std::thread::scope(|scope| {
        let running =
            scope.spawn(|| stage.exporter.run(&order, &stage.key, &progress, &mut |_: &mut Export| Ok(())));
        while progress.cameras().first().is_none_or(|camera| camera.bytes < 500_000) {
            assert!(!running.is_finished(), "too fast to be lost");
            std::thread::sleep(Duration::from_millis(5));
        }
        stage.province.stop_recorder(recorder);
        line.set(1000.0);
        running.join().expect("it ends")
    });
    assert!(matches!(outcome, Outcome::Failed(Failure::Camera(..))));
    assert!(matches!(progress.cameras()[0].state, CameraState::Failed(_)));
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(stage.folder.path()).expect("a folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(), [format!("gói{PARTIAL}")]);
    let partial = progress.partial();
    let leave_gaps = Order { resumed: partial.clone(), leave_gaps: true, ..stage.order("gói", period) };
    let complete = stage.complete(&leave_gaps);
    stage.verify(&complete.folder);
    let gaps = &complete.manifest.cameras[0].gaps;
    assert_eq!(gaps.last().map(|gap| gap.reason), Some(GapReason::LinkLost), "{gaps:?}");
    assert_eq!(names(), ["gói"]);
}

#[test]
fn no_name_leaves_the_folder() {
    let stage = stage();
    let period = stage.period(2);
    for name in ["../../x", "CON", &"x".repeat(300), "\u{202e}gpj.exe\u{2067}", "", "/etc/passwd"] {
        let complete = stage.complete(&stage.order(name, period));
        assert_eq!(complete.folder.parent(), Some(stage.folder.path()), "{name:?}");
        let inside: Vec<PathBuf> = std::fs::read_dir(&complete.folder)
            .expect("a folder")
            .flatten()
            .map(|entry| entry.path())
            .collect();
        assert!(inside.iter().all(|path| path.parent() == Some(complete.folder.as_path())));
        stage.verify(&complete.folder);
    }
}

#[test]
fn a_full_disk_is_said_before_anything_is_begun() {
    let stage = stage();
    let order = Order { estimate: u64::MAX / 2, ..stage.order("gói", stage.period(2)) };
    let outcome = stage.run(&order);
    let no_room = matches!(&outcome, Outcome::Failed(Failure::Write(evidence::ExportFault::NoRoom { .. })));
    assert!(no_room);
    assert_eq!(std::fs::read_dir(stage.folder.path()).expect("a folder").count(), 0);
}
