//! Against GStreamer's RTSP server, which nobody here wrote.

mod support;

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use devices::Reply;
use devices::recordings::Footage;
use devices::tls::Pin;
use engine::playback::{Player, Reel, Standing, Tape, Throttle};
use engine::{DecodePreference, Live, Settings};
use model::{Address, Credentials, Id, Moment, Period, Turn};
use support::{Gstreamer, Outcome, View, free_port, near, view};

/// The columns of the SMPTE bars, of 100 % amplitude as GStreamer draws them.
const BARS: [[u8; 3]; 7] =
    [[255, 255, 255], [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255]];

#[track_caller]
fn assert_bars(outcome: &Outcome) {
    for (i, bar) in BARS.iter().enumerate() {
        let seen = outcome.colour(0, 1, (i as f64 + 0.5) / 7.0, 0.4);
        assert!(near(seen, *bar, 14), "bar {i}: {seen:?} instead of {bar:?}");
    }
}

#[track_caller]
fn assert_complete(outcome: &Outcome, at_least: u64) {
    let stream = outcome.stream(0);
    let (received, decoded, shown) =
        (outcome.count(0, "received"), outcome.count(0, "decoded"), outcome.count(0, "shown"));
    let before = stream["dropped"]["before_key_frame"].as_u64().expect("a count");
    assert!(shown >= at_least, "{stream}");
    assert!(received - before - decoded <= 1, "every unit behind the key frame becomes a picture: {stream}");
    assert_eq!(stream["dropped"]["undecodable"], 0, "{stream}");
    assert_eq!(stream["dropped"]["lost_packets"], 0, "{stream}");
}

#[test]
fn h265_over_tcp_has_the_right_colours_and_loses_nothing() {
    let server = Gstreamer::start(free_port(), &[]);
    let outcome =
        view(&format!("rtsp://127.0.0.1:{}/bars", server.port), &["--seconds", "6", "--no-captions"]);
    assert_complete(&outcome, 12 * 3);
    assert_bars(&outcome);
    assert_eq!(outcome.stream(0)["codec"], "H.265");
}

#[test]
fn h265_over_udp_has_the_right_colours_and_loses_nothing() {
    let server = Gstreamer::start(free_port(), &[]);
    let source = format!("rtsp://127.0.0.1:{}/bars", server.port);
    let outcome = view(&source, &["--seconds", "6", "--no-captions", "--transport", "udp"]);
    assert_complete(&outcome, 12 * 3);
    assert_bars(&outcome);
}

#[test]
fn digest_authentication() {
    let server = Gstreamer::start(free_port(), &["xem", "mật khẩu@/", "digest"]);
    let source = format!("rtsp://xem:m%E1%BA%ADt%20kh%E1%BA%A9u%40%2F@127.0.0.1:{}/ball", server.port);
    assert_complete(&view(&source, &["--seconds", "6"]), 12 * 3);
}

#[test]
fn two_tiles_of_one_camera_are_one_session() {
    let server = Gstreamer::start(free_port(), &[]);
    let source = format!("rtsp://127.0.0.1:{}/bars", server.port);
    let outcome = view(&format!("{source}\n{source}\n"), &["--seconds", "5", "--no-captions"]);
    assert_eq!(outcome.statistics["streams"][0]["received"], outcome.statistics["streams"][1]["received"]);
    assert_eq!(outcome.stream(1)["sessions"], 1);
    for tile in 0..2 {
        assert!(near(outcome.colour(tile, 2, 0.5 / 7.0, 0.4), BARS[0], 14), "tile {tile}");
    }
}

/// The server dies and comes back: the old picture is dimmed with its words, and the new one comes by itself.
#[test]
fn server_killed_and_back() {
    let port = free_port();
    let mut server = Gstreamer::start(port, &[]);
    let source = format!("rtsp://127.0.0.1:{port}/bars");
    let dies = View::start(&source, &["--seconds", "12"], None);
    let returns = View::start(&source, &["--seconds", "26"], None);
    server.until_played(2);
    // Key frames come each second.
    std::thread::sleep(Duration::from_secs(3));
    drop(server);
    let dead = dies.finish();
    assert!(dead.count(0, "shown") > 0);
    assert!(["connection_refused", "ended"].contains(&dead.state(0)), "{}", dead.stream(0));
    assert!(dead.says(0).contains("Từ "), "since when: {}", dead.says(0));
    let white = dead.colour(0, 1, 0.5 / 7.0, 0.3);
    assert!(white.iter().all(|channel| *channel < 150), "an old picture looks live: {white:?}");

    let _server = Gstreamer::start(port, &[]);
    let back = returns.finish();
    assert_eq!(back.state(0), "live", "{}", back.stream(0));
    assert!(back.count(0, "sessions") >= 2);
    let white = back.colour(0, 1, 0.5 / 7.0, 0.3);
    assert!(near(white, BARS[0], 14), "the new picture is shown: {white:?}");
}

/// Pictures a second of the recording, and how many: half a minute.
const RATE: i64 = 10;
const PICTURES: i64 = 300;

/// A file whose pictures are each a little brighter than the one before, from the beginning every twenty seconds.
fn brightening(path: &Path) {
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i"])
        .arg(format!("nullsrc=s=160x96:r={RATE},format=yuv420p,geq=lum='20+mod(N,200)':cb=128:cr=128"))
        .args(["-frames:v", &PICTURES.to_string(), "-c:v", "libx265", "-preset", "ultrafast"])
        .args(["-x265-params", "keyint=10:min-keyint=10:bframes=0:qp=4:log-level=none"])
        .arg(path)
        .status();
    assert!(made.is_ok_and(|status| status.success()), "ffmpeg with x265 (packaging/setup installs it)");
}

/// A server's recording.
struct Recorded {
    address: Address,
    holds: Period,
    /// It is asked for true times; else for a place in what the address plays.
    onvif: bool,
}

impl Tape for Recorded {
    fn footage(&self, _period: Period) -> Reply<'_, Footage> {
        let address = self.address.clone();
        let pin = Pin::default();
        let footage =
            if self.onvif { Footage::whole(address, pin) } else { Footage::part(address, self.holds, pin) };
        Box::pin(async move { Ok(footage) })
    }

    fn login(&self) -> Option<Credentials> {
        None
    }

    fn ahead_us(&self) -> i64 {
        0
    }
}

/// What is played of a server's recording.
struct Played {
    // Dropped before what it plays with.
    player: Player,
    reel: Arc<Reel>,
    _live: Live,
    begins: Moment,
}

impl Played {
    fn new(begins: Moment, at: Moment, tape: Recorded) -> Self {
        let settings = Settings { workers: NonZeroUsize::MIN, decode: DecodePreference::Software };
        let live = Live::new(settings, Arc::new(|| {})).expect("threads");
        let player = live.player(at).expect("a thread");
        let holds = tape.holds;
        let reel = player.add(Id::new("recorded").expect("an id"), Arc::new(tape), Throttle::new(100.0));
        reel.set_spans(vec![holds]);
        Self { player, reel, _live: live, begins }
    }

    fn wait_for(&self, what: &str, mut there: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !there() {
            assert!(begun.elapsed() < Duration::from_secs(30), "{what}: {:?}", self.player.state());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Which of two hundred is shown, by how bright it is.
    fn shown(&self) -> Option<i64> {
        let (_, picture) = self.reel.picture()?;
        let still = render::still(&picture, Turn::None).expect("a still");
        let [red, ..] = still.get_pixel(80, 48).0;
        // Full range from limited: 219 steps.
        Some((f64::from(red) * 219.0 / 255.0 + 16.0 - 20.0).round() as i64)
    }

    fn seeks_land_on_the_exact_picture(&self) {
        for tenths in [231, 7, 200, 199] {
            self.seek_lands_on_the_exact_picture(tenths);
        }
    }

    fn seek_lands_on_the_exact_picture(&self, tenths: i64) {
        let at = self.begins.plus_us(tenths * 1_000_000 / RATE + 50_000);
        self.player.seek(at);
        self.wait_for(&format!("picture {tenths}"), || {
            self.player.state().cameras[0].2 == Standing::Shown
                && self.reel.shown_at().is_some_and(|shown| shown <= at && at.since_us(shown) < 150_000)
        });
        let read = self.shown().expect("a picture");
        assert!((read - tenths % 200).abs() <= 1, "picture {read}, not {} at {at}", tenths % 200);
    }

    /// The times of the pictures that are shown, most of the recording being ahead.
    fn seen_at(&self, rate: f64) -> Vec<Moment> {
        self.player.seek(self.begins.plus(Duration::from_secs(if rate > 0.0 { 5 } else { 25 })));
        self.player.play(rate);
        let mut seen = Vec::new();
        self.wait_for("playing", || {
            let at = self.reel.shown_at();
            if at.is_some() && seen.last() != at.as_ref() {
                seen.extend(at);
            }
            seen.len() >= 6
        });
        self.player.pause();
        // What was shown before the seek may come first.
        seen.split_off(1)
    }

    fn plays_both_ways(&self) {
        for rate in [1.0, -1.0] {
            let seen = self.seen_at(rate);
            let forward = rate > 0.0;
            assert!(seen.windows(2).all(|pair| (pair[0] < pair[1]) == forward), "{rate}: {seen:?}");
        }
    }
}

/// When a recording began whose end is some time ago, to the second.
fn begins() -> Moment {
    let hours_ago = SystemTime::now() - Duration::from_secs(7200);
    Moment(Moment::from(hours_ago).0 / 1_000_000 * 1_000_000)
}

fn holds(begins: Moment) -> Period {
    Period { from: begins, until: begins.plus(Duration::from_secs((PICTURES / RATE) as u64)) }
}

#[test]
fn a_plain_servers_recording_is_sought_in_to_the_exact_picture_and_played_both_ways() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("recorded.mkv");
    brightening(&file);
    let server = Gstreamer::start(free_port(), &["--recorded", file.to_str().expect("a path")]);
    let (address, _) =
        Address::parse(&format!("rtsp://127.0.0.1:{}/recorded", server.port)).expect("an address");
    let begins = begins();
    let tape = Recorded { address, holds: holds(begins), onvif: false };
    let played = Played::new(begins, begins.plus(Duration::from_secs(5)), tape);
    played.seeks_land_on_the_exact_picture();
    played.plays_both_ways();
}

/// GStreamer's own ONVIF replay: times in the packets, which number no answers (they all say 0).
struct OnvifServer {
    server: Gstreamer,
    _folder: tempfile::TempDir,
    begins: Moment,
}

impl OnvifServer {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("recorded.mp4");
        brightening(&file);
        let begins = begins();
        let since_1970 = (begins.0 / 1_000_000).to_string();
        let options = ["--replay", file.to_str().expect("a path"), &since_1970];
        Self { server: Gstreamer::start(free_port(), &options), _folder: folder, begins }
    }

    fn played(&self, at: Moment) -> Played {
        let (address, _) =
            Address::parse(&format!("rtsp://127.0.0.1:{}/replay", self.server.port)).expect("an address");
        Played::new(self.begins, at, Recorded { address, holds: holds(self.begins), onvif: true })
    }
}

#[test]
fn a_replay_by_onvif_gives_the_exact_picture_of_a_place() {
    let server = OnvifServer::start();
    for tenths in [231_i64, 7, 200, 199] {
        let at = server.begins.plus_us(tenths * 1_000_000 / RATE + 50_000);
        server.played(at).seek_lands_on_the_exact_picture(tenths);
    }
}

#[test]
fn a_replay_by_onvif_is_sought_in_through_one_session() {
    let server = OnvifServer::start();
    server.played(server.begins.plus(Duration::from_secs(5))).seeks_land_on_the_exact_picture();
}

/// Group by group backwards, and key frames alone.
#[test]
#[ignore = "on a busy machine the first pictures behind a seek are approached from before, which it takes for the wrong way; `make soak`"]
fn a_replay_by_onvif_is_played_both_ways_and_by_key_frames() {
    let server = OnvifServer::start();
    let played = server.played(server.begins.plus(Duration::from_secs(5)));
    played.plays_both_ways();
    for rate in [4.0, -4.0] {
        let seen = played.seen_at(rate);
        let whole = |at: &Moment| at.since_us(server.begins) % 1_000_000 == 0;
        assert!(seen.iter().all(whole), "every tenth picture is a key frame: {seen:?}");
    }
}
