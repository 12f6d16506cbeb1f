//! How long a person waits for a recorded picture, what playing costs, and how far cameras are from their clock.
//!
//! A program of its own and not a part of `bench`: it plays with the engine itself, which the simulated province, that `bench`
//! is built with, must not know. Both run in this process; CPU is that of the engine's threads alone.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use devices::Reply;
use devices::recordings::Footage;
use devices::tls::Pin;
use engine::playback::{Player, Reel, Standing, Tape, Throttle};
use engine::{DecodePreference, Live, Settings};
use model::{Address, Credentials, Id, Moment, Period};
use province::recordings::SpanKind;
use province::{Coding, Make, Options, Profile, Province};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// A picture that has not come by then counts as so late.
const PATIENCE: Duration = Duration::from_secs(10);
const SEEKS: usize = 100;
const RUN: Duration = Duration::from_secs(12);
/// Mb/s; a recorder's line in the province.
const LINE: f64 = 100.0;

struct Recorder {
    address: Address,
    login: Option<Credentials>,
}

impl Tape for Recorder {
    fn footage(&self, _period: Period) -> Reply<'_, Footage> {
        let footage = Footage::whole(self.address.clone(), Pin::default());
        Box::pin(async move { Ok(footage) })
    }

    fn login(&self) -> Option<Credentials> {
        self.login.clone()
    }

    fn ahead_us(&self) -> i64 {
        0
    }
}

fn tell(line: &str) {
    // Whoever closes the pipe has seen enough.
    let _ = writeln!(std::io::stdout(), "{line}");
}

struct Stage {
    player: Player,
    reels: Vec<Arc<Reel>>,
    _live: Live,
    period: Period,
}

impl Stage {
    /// Plays these, each of another recorder; where all of them recorded without a gap.
    fn of(province: &Province, cameras: &[(usize, Profile)]) -> Self {
        let now = SystemTime::now();
        let (from, until) = (now - Duration::from_secs(30 * 3600), now - Duration::from_secs(3600));
        let common = cameras.iter().fold(None, |common: Option<Vec<Period>>, (camera, _)| {
            let held = province.recorded(*camera, from, until);
            let own = held.iter().filter(|span| span.kind == SpanKind::Continuous).map(|span| Period {
                from: Moment::from_ms(span.during.start),
                until: Moment::from_ms(span.during.end),
            });
            Some(match common {
                None => own.collect(),
                Some(common) => {
                    own.flat_map(|own| common.iter().filter_map(move |other| own.common(*other))).collect()
                }
            })
        });
        let period = common.unwrap_or_default().into_iter().max_by_key(|period| period.length());
        let period = period.expect("a stretch that all have");
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let settings = Settings { workers: cores, decode: DecodePreference::Software };
        let live = Live::new(settings, Arc::new(|| {})).expect("threads");
        let player = live.player(period.from.plus(period.length() / 2)).expect("a thread");
        let reels = cameras.iter().map(|(camera, profile)| {
            let source = province.replay_source(*camera, *profile);
            let (address, login) = Address::parse(&source).expect("an address");
            let id = Id::new(&format!("camera-{camera}-{}", profile.name())).expect("an id");
            player.add(id, Arc::new(Recorder { address, login }), Throttle::new(LINE))
        });
        let reels = reels.collect();
        Self { player, reels, _live: live, period }
    }

    fn moment(&self, random: &mut StdRng) -> Moment {
        let margin = 120_000;
        Moment::from_ms(random.random_range(self.period.from.ms() + margin..self.period.until.ms() - margin))
    }

    /// Whether each camera shows a picture of a place, and whether it is the very one.
    fn shows(&self, at: Moment) -> (bool, bool) {
        // No group is longer.
        let near = |shown: Moment| shown <= at && at.since_us(shown) < 4_000_000;
        let state = self.player.state();
        let something = state.cameras.iter().all(|(_, shown, _)| shown.is_some_and(near));
        let exact = state.cameras.iter().all(|(_, _, standing)| *standing == Standing::Shown);
        (something, something && exact)
    }

    /// Until all cameras show something of a place, and until it is the very picture.
    fn wait_for(&self, at: Moment) -> (Duration, Duration) {
        let begun = Instant::now();
        let mut something = None;
        loop {
            let (near, exact) = self.shows(at);
            let waited = begun.elapsed();
            something = something.or(near.then_some(waited));
            if exact || waited >= PATIENCE {
                return (something.unwrap_or(waited), waited);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// From the seek until all cameras show something of the place, and until all show the very picture.
    fn seeks(&self, count: usize) -> (Vec<Duration>, Vec<Duration>) {
        let mut random = StdRng::seed_from_u64(1);
        self.wait_for(self.player.state().at);
        let one = |_| {
            let at = self.moment(&mut random);
            self.player.seek(at);
            self.wait_for(at)
        };
        let (mut something, mut exact): (Vec<_>, Vec<_>) = (0..count).map(one).unzip();
        something.sort_unstable();
        exact.sort_unstable();
        (something, exact)
    }

    /// How far the picture that a camera shows is behind the clock, or ahead of it, in ms; looked at for as long as [`RUN`].
    /// And the cores that it took.
    fn plays(&self, rate: f64) -> (Vec<f64>, f64) {
        let at = self.period.from.plus(self.period.length() / 2);
        self.player.seek(at);
        self.wait_for(at);
        self.player.play(rate);
        std::thread::sleep(Duration::from_secs(2));
        let (begun, worked) = (Instant::now(), worked());
        let mut off = Vec::new();
        while begun.elapsed() < RUN {
            let state = self.player.state();
            if !state.waits {
                let shown = self.reels.iter().filter_map(|reel| reel.shown_at());
                off.extend(shown.map(|shown| state.at.since_us(shown) as f64 / 1000.0 * rate.signum()));
            }
            std::thread::sleep(Duration::from_millis(7));
        }
        let cores = (self::worked() - worked).as_secs_f64() / begun.elapsed().as_secs_f64();
        self.player.pause();
        off.sort_by(f64::total_cmp);
        (off, cores)
    }
}

/// CPU time of the engine's threads: what receives, decodes and keeps the clock.
fn worked() -> Duration {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return Duration::ZERO };
    let ticks = tasks.filter_map(|task| {
        let stat = std::fs::read_to_string(task.ok()?.path().join("stat")).ok()?;
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
        if !(name == "receive" || name == "playback" || name.starts_with("decode-")) {
            return None;
        }
        let fields: Vec<&str> = rest.split_whitespace().collect();
        // utime and stime, fields 14 and 15 of proc(5), in hundredths of a second.
        Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
    });
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Bytes of recorded pictures that all recorders have sent.
fn replayed(province: &Province) -> u64 {
    (0..province::list().recorders.len()).map(|recorder| province.recorder_counts(recorder).replayed).sum()
}

/// Plain H.265 cameras, each of another recorder that plays more than one recording, by ONVIF's replay.
fn cameras(count: usize) -> Vec<usize> {
    let recorders = province::list().recorders.iter().filter(|recorder| {
        let equipment = recorder.equipment;
        equipment.playbacks > 1
            && !equipment.was_put_back
            && matches!(equipment.make, Make::Wisenet | Make::Generic)
    });
    let first = recorders.filter_map(|recorder| {
        recorder.cameras.clone().find(|camera| province::list().cameras[*camera].coding == Coding::H265)
    });
    first.take(count).collect()
}

fn at<T: Copy>(sorted: &[T], share: f64) -> Option<T> {
    sorted.get(((sorted.len().saturating_sub(1)) as f64 * share).round() as usize).copied()
}

fn main() {
    tell("Making the clips that are missing (once; minutes for the main streams) …");
    let options = Options { cameras: 0, profiles: vec![Profile::Sub, Profile::Main], ..Options::default() };
    let province = Province::start(options).expect("the province starts");
    let cameras = cameras(16);
    let subs: Vec<_> = cameras.iter().map(|camera| (*camera, Profile::Sub)).collect();
    let mains: Vec<_> = cameras.iter().map(|camera| (*camera, Profile::Main)).take(4).collect();
    for (camera, profile) in subs.iter().chain(&mains) {
        province.prepare_stream(*camera, *profile).expect("the clip is made");
    }
    tell("\nFrom a seek to the pictures of all cameras (aim: p50 ≤ 150 ms, p95 ≤ 400 ms)");
    for count in [1, 16] {
        let stage = Stage::of(&province, &subs[..count.min(subs.len())]);
        let (sent_before, worked_before) = (replayed(&province), worked());
        let (something, exact) = stage.seeks(SEEKS);
        let seeks = (SEEKS * count) as f64;
        let sent = (replayed(&province) - sent_before) as f64 / seeks;
        let worked = (worked() - worked_before).as_secs_f64() * 1000.0 / seeks;
        tell(&format!(
            "{count:>3} sub  for a camera and seek: {:.0} kB of pictures sent, {worked:.1} ms of processor",
            sent / 1000.0
        ));
        for (what, waited) in [("something of the place", something), ("the very picture", exact)] {
            let ms = |share| at(&waited, share).map_or(0, |waited| waited.as_millis());
            tell(&format!(
                "{count:>3} sub  {what:<22}  p50 {:>4} ms  p95 {:>4} ms  longest {:>5} ms",
                ms(0.5),
                ms(0.95),
                ms(1.0)
            ));
        }
    }
    tell(
        "\nPicture against the clock, and what it costs (the next picture comes after 83 ms in sub streams, 40 ms in main ones; beyond 2× key frames alone are shown)",
    );
    let both: Vec<_> = subs.iter().chain(&mains).copied().collect();
    for (name, chosen, rates) in
        [("16 sub", &subs, [1.0, 4.0, -1.0].as_slice()), ("16 sub + 4 main", &both, [1.0].as_slice())]
    {
        let stage = Stage::of(&province, chosen);
        for rate in rates {
            let (off, cores) = stage.plays(*rate);
            let ms = |share| at(&off, share).unwrap_or(f64::NAN);
            tell(&format!(
                "{name:<16} {rate:>4}×  behind p50 {:>5.0} ms  p95 {:>5.0} ms  most {:>5.0} ms  ahead most {:>4.0} ms  {cores:.2} cores",
                ms(0.5),
                ms(0.95),
                ms(1.0),
                -ms(0.0).min(0.0),
            ));
        }
    }
}
