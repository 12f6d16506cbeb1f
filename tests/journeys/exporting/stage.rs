//! A recorder of the simulated province whose clock is wrong, and what takes its recordings out.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use devices::Reply;
use devices::device::{Device, Facts, Protocol};
use devices::recordings::{Footage, Recordings};
use devices::rtsp::replay::{Item, Play, Position, Replay};
use devices::tls::Pin;
use engine::devices::{Devices, Meet, Way};
use engine::export::{Exporter, Order, Outcome, Progress, Wanted};
use engine::playback::{Archive, Throttle};
use engine::{DecodePreference, Live, Settings};
use evidence::{
    Case, Complete, Contents, Description, Export, MediaReader, Person, Proof, Signer as _, SigningKey, Span,
    Tool,
};
use inventory::DeviceAddress;
use jiff::Timestamp;
use model::{Address, ClockOffset, Credentials, Fault, Id, Moment, Period, Recorded, RecordedFor};
use province::recordings::SpanKind;
use province::{Options, Profile, Province};

pub(crate) const PROFILE: Profile = Profile::Sub;
pub(crate) const CAMERA: usize = 0;
/// The recorder's clock is wrong by so much.
pub(crate) const AHEAD: Duration = Duration::from_secs(83);

/// The recorder of a camera as a device that is met: it says what it holds, by its own clock.
#[derive(Clone)]
struct Shelf {
    address: Address,
    spans: Vec<Recorded>,
    gone: bool,
}

impl Recordings for Shelf {
    fn spans(&self, _channel: u32, period: Period) -> Reply<'_, Vec<Recorded>> {
        let found = self.spans.iter().filter(|span| span.period.common(period).is_some()).copied().collect();
        Box::pin(async move { Ok(found) })
    }

    fn footage(&self, _channel: u32, _period: Period, _overlap: u32) -> Reply<'_, Footage> {
        let footage = Footage::whole(self.address.clone(), Pin::default());
        Box::pin(async move { Ok(footage) })
    }

    fn time(&self) -> Reply<'_, Option<SystemTime>> {
        Box::pin(async { Ok(None) })
    }
}

impl Meet for Shelf {
    fn meet(&self, _way: &Way) -> Reply<'static, Device> {
        if self.gone {
            return Box::pin(async { Err(Fault::Unreachable("no route".to_owned())) });
        }
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

pub(crate) struct Stage {
    pub(crate) province: Province,
    pub(crate) address: Address,
    pub(crate) login: Option<Credentials>,
    pub(crate) exporter: Exporter,
    pub(crate) key: SigningKey,
    pub(crate) folder: tempfile::TempDir,
    /// Stretches without a gap, true time, the earliest first.
    pub(crate) recorded: Vec<Period>,
    live: Live,
    pub(crate) runtime: tokio::runtime::Runtime,
}

pub(crate) fn stage() -> Stage {
    stage_of(CAMERA)
}

/// The same with another camera.
pub(crate) fn stage_of(camera: usize) -> Stage {
    let options = Options { cameras: 0, profiles: vec![PROFILE], ..Options::default() };
    let province = Province::start(options).expect("the province starts");
    province.prepare_stream(camera, PROFILE).expect("the clip is made");
    let recorder = province.list().cameras[camera].recorder;
    province.set_clock_offset(recorder, AHEAD.as_millis() as i64);
    let (address, login) = Address::parse(&province.replay_source(camera, PROFILE)).expect("an address");
    let now = SystemTime::now();
    let (from, until) = (now - Duration::from_secs(36 * 3600), now - Duration::from_secs(3600));
    let recorded: Vec<Period> = province
        .recorded(camera, from, until)
        .iter()
        .filter(|span| span.kind == SpanKind::Continuous)
        .map(|span| Period {
            from: Moment::from_ms(span.during.start),
            until: Moment::from_ms(span.during.end),
        })
        .collect();
    let shelf = Shelf { address: address.clone(), spans: by_its_clock(&recorded), gone: false };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let settings = Settings { workers: std::num::NonZeroUsize::MIN, decode: DecodePreference::Software };
    let live = Live::new(settings, Arc::new(|| {})).expect("threads");
    let exporter = exporter(&live, &runtime, shelf);
    Stage {
        province,
        address,
        login,
        exporter,
        key: SigningKey::generate().expect("a key"),
        folder: tempfile::tempdir().expect("a folder"),
        recorded,
        live,
        runtime,
    }
}

/// By the recorder's wrong clock.
fn by_its_clock(recorded: &[Period]) -> Vec<Recorded> {
    let ahead_us = AHEAD.as_micros() as i64;
    let truly = |period: &Period| Recorded {
        period: period.plus_us(ahead_us),
        why: RecordedFor::Continuous,
        overlap: 0,
    };
    recorded.iter().map(truly).collect()
}

fn exporter(live: &Live, runtime: &tokio::runtime::Runtime, shelf: Shelf) -> Exporter {
    let devices = Arc::new(Devices::new(runtime.handle().clone(), Arc::new(shelf), Box::new(|_, _| {})));
    let archive = Arc::new(Archive::new(Arc::clone(&devices)));
    live.exporter(devices, archive).giving_up_after(2)
}

impl Stage {
    /// What plays.
    pub(crate) fn live(&self) -> &Live {
        &self.live
    }

    /// The recorder says that it has only this.
    pub(crate) fn exporter_of_a_recorder_with(&self, recorded: Vec<Period>) -> Exporter {
        let spans = by_its_clock(&recorded);
        let shelf = Shelf { address: self.address.clone(), spans, gone: false };
        exporter(&self.live, &self.runtime, shelf)
    }

    /// The recorder cannot be met.
    pub(crate) fn exporter_of_a_recorder_that_is_gone(&self) -> Exporter {
        let shelf = Shelf { address: self.address.clone(), spans: Vec::new(), gone: true };
        exporter(&self.live, &self.runtime, shelf)
    }

    /// So many seconds within the longest stretch.
    pub(crate) fn period(&self, seconds: u64) -> Period {
        let longest =
            self.recorded.iter().max_by_key(|period| period.length()).expect("something is recorded");
        let from = longest.from.plus(Duration::from_secs(600)).plus(Duration::from_millis(437));
        Period { from, until: from.plus(Duration::from_secs(seconds)) }
    }

    pub(crate) fn order(&self, name: &str, period: Period) -> Order {
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
            cameras: vec![Wanted {
                way,
                name: camera,
                site,
                period,
                line: Throttle::new(1000.0),
                kept: Vec::new(),
            }],
            resumed: None,
            leave_gaps: false,
        }
    }

    pub(crate) fn run(&self, order: &Order) -> Outcome {
        self.exporter.run(order, &self.key, &Progress::default(), &mut |_: &mut Export| Ok(()))
    }

    pub(crate) fn complete(&self, order: &Order) -> Complete {
        match self.run(order) {
            Outcome::Complete(complete) => *complete,
            Outcome::Failed(failure) => panic!("{failure}"),
            _ => panic!("not complete"),
        }
    }

    pub(crate) fn verify(&self, folder: &Path) {
        let verdict =
            evidence::verify(folder, &[self.key.public().fingerprint()], &mut go_on).expect("checked");
        assert_eq!(verdict.proof(), Proof::Genuine, "{:?}", verdict.faults);
    }

    /// What the recorder sends of a period, asked by hand: by true time in milliseconds.
    pub(crate) fn sent(&self, period: Period) -> BTreeMap<i64, Vec<u8>> {
        let ahead_us = AHEAD.as_micros() as i64;
        self.runtime.block_on(async {
            let footage = Footage::whole(self.address.clone(), Pin::default());
            let mut replay = Replay::open(&footage, self.login.as_ref()).await.expect("a session");
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

pub(crate) fn go_on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// What `ffprobe` says of a stream of a package's first file, in its own order, having read all of it without a complaint.
pub(crate) fn probed(complete: &Complete, stream: &str, entries: &str) -> String {
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-select_streams", stream])
        .args(["-show_entries", &format!("stream={entries}"), "-of", "csv=p=0"])
        .arg(complete.folder.join(&complete.manifest.cameras[0].files[0].name))
        .output()
        .expect("the ffprobe command runs");
    assert!(probe.stderr.is_empty(), "{}", String::from_utf8_lossy(&probe.stderr));
    String::from_utf8_lossy(&probe.stdout).trim().to_owned()
}

/// How many pictures mpv shows of a file, played to its end without a complaint; `None`, and said, where there is no mpv.
pub(crate) fn shown_by_mpv(path: &Path) -> Option<usize> {
    let played = mpv(path, &["--no-audio", "--ovc=rawvideo"])?;
    Some(played.lines().filter(|line| line.starts_with("0,")).count())
}

/// How many seconds of sound mpv plays of a file, likewise.
pub(crate) fn heard_by_mpv(path: &Path) -> Option<f64> {
    let played =
        mpv(path, &["--no-video", "--oac=pcm_s16le", "--audio-channels=mono", "--audio-samplerate=48000"])?;
    let samples = |line: &str| line.split(',').nth(3)?.trim().parse::<f64>().ok();
    Some(played.lines().filter(|line| line.starts_with("0,")).filter_map(samples).sum::<f64>() / 48_000.0)
}

/// What mpv would have shown and played, a line each: stream, two times, duration, bytes, checksum.
fn mpv(path: &Path, ways: &[&str]) -> Option<String> {
    let mut command = Command::new("mpv");
    command.args(["--no-config", "--really-quiet", "--msg-level=all=error", "--of=framecrc", "--o=-"]);
    let played = match command.args(ways).arg(path).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("SKIPPED: mpv is not installed; packaging/setup peers does it");
            return None;
        }
        played => played.expect("the mpv command runs"),
    };
    let said = String::from_utf8_lossy(&played.stderr).trim().to_owned();
    assert!(played.status.success() && said.is_empty(), "{}: {said}", path.display());
    Some(String::from_utf8_lossy(&played.stdout).into_owned())
}

/// The pictures in a package's only camera, by true time in milliseconds.
pub(crate) fn taken_out(complete: &Complete) -> Vec<(i64, Vec<u8>)> {
    let pictures = contents(complete).into_iter().filter_map(|contents| match contents {
        Contents::Picture { data, taken_at, .. } => Some((taken_at.as_millisecond(), data.to_vec())),
        Contents::Sound { .. } => None,
    });
    pictures.collect()
}

/// The same of its sound.
pub(crate) fn sound_taken_out(complete: &Complete) -> Vec<(i64, Vec<u8>)> {
    let sound = contents(complete).into_iter().filter_map(|contents| match contents {
        Contents::Sound { data, taken_at } => Some((taken_at.as_millisecond(), data.to_vec())),
        Contents::Picture { .. } => None,
    });
    sound.collect()
}

fn contents(complete: &Complete) -> Vec<Contents> {
    let camera = &complete.manifest.cameras[0];
    let mut all = Vec::new();
    for file in &camera.files {
        let path = complete.folder.join(&file.name);
        let mut reader = MediaReader::open(&path, camera.source.sound.as_ref()).expect("a file");
        while let Some(contents) = reader.next_contents().expect("sound contents") {
            all.push(contents);
        }
    }
    all
}
