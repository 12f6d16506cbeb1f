//! What the recorders of the simulated province hold, by each maker's protocol and by clocks that are wrong: listed, and played
//! to the exact picture.

mod numbers;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use devices::Reply;
use devices::device::Protocol;
use devices::http::{Origin, Refusals};
use devices::recordings::{Footage, Recordings};
use devices::rtsp::replay::Replay;
use devices::{Device, Enrolled};
use engine::playback::{Glimpse, Player, Reel, Standing, Tape, Throttle};
use engine::{DecodePreference, Live, Settings};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Credentials, Fault, Id, Moment, Period, RecordedFor, Rect, Secret, Turn};
use numbers::number_in;
use province::recordings::SpanKind;
use province::{Make, Options, PASSWORD, Profile, Province, Recorder, USER, frame_number, list};

/// So long a picture is waited for; a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(60);
/// How far the recorder's clock is ahead.
const AHEAD: Duration = Duration::from_secs(83);
/// The zone of the province.
const ZONE_US: i64 = 7 * 3_600_000_000;

/// Who is asked, and in what.
const ALL: [(Make, Protocol); 5] = [
    (Make::Generic, Protocol::Onvif),
    (Make::Wisenet, Protocol::Onvif),
    (Make::Wisenet, Protocol::Sunapi),
    (Make::Hikvision, Protocol::Isapi),
    (Make::Dahua, Protocol::Dahua),
];

fn login() -> Credentials {
    Credentials { user: USER.to_owned(), password: Secret::new(PASSWORD.to_owned()) }
}

/// A recorder of the province with a wrong clock.
struct Stage {
    province: Province,
    protocol: Protocol,
    recorder: usize,
    /// Where it is asked.
    origin: String,
}

impl Stage {
    /// The first recorder of a make, the clock of which was never put back, that `suits`.
    fn of((make, protocol): (Make, Protocol), suits: impl Fn(u32, usize) -> bool) -> Self {
        Self::first(protocol, |recorder| {
            let equipment = recorder.equipment;
            equipment.make == make
                && !equipment.was_put_back
                && suits(equipment.playbacks, recorder.cameras.len())
        })
    }

    /// One whose recordings are played over TLS.
    fn behind_tls() -> Self {
        Self::first(Protocol::Onvif, |recorder| recorder.equipment.replays_over_tls)
    }

    fn first(protocol: Protocol, suits: impl Fn(&Recorder) -> bool) -> Self {
        let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
        let province = Province::start(options).expect("the province starts");
        let recorder = list().recorders.iter().position(suits).expect("there is one");
        province.set_clock_offset(recorder, AHEAD.as_millis() as i64);
        let origin = format!("http://127.0.0.1:{}", province.http_port(recorder));
        Self { province, protocol, recorder, origin }
    }

    /// Over HTTPS, where the recorder answers that.
    fn by_https(self) -> Self {
        let origin = format!("https://127.0.0.1:{}", self.province.https_port(self.recorder));
        Self { origin, ..self }
    }

    fn camera(&self) -> usize {
        list().recorders[self.recorder].cameras.start
    }

    /// The times that are told are ahead of the true ones by so many microseconds. Dahua's are told without their zone, and
    /// taken to be of this machine's.
    fn ahead_us(&self) -> i64 {
        let ahead = AHEAD.as_micros() as i64;
        if self.protocol != Protocol::Dahua {
            return ahead;
        }
        let here = i64::from(TimeZone::system().to_offset(Timestamp::now()).seconds()) * 1_000_000;
        ahead + ZONE_US - here
    }

    async fn meet(&self) -> Device {
        let enrolled = Enrolled {
            origin: Origin::parse(&self.origin).ok(),
            rtsp_port: Some(self.province.port(self.recorder)),
            ..Enrolled::default()
        };
        devices::meet(&enrolled, Some(login()), Some(self.protocol), &Refusals::default()).await.expect("met")
    }

    fn shelf(&self) -> Arc<dyn Recordings> {
        run(async { self.meet().await.recordings.expect("it has recordings") })
    }

    /// The longest stretch of yesterday, true time.
    fn longest(&self, camera: usize) -> Period {
        let day = yesterday();
        let held = self.province.recorded(camera, day.from.into(), day.until.into());
        let always = held.iter().filter(|span| span.kind == SpanKind::Continuous).map(|span| &span.during);
        let longest = always.max_by_key(|during| during.end - during.start).expect("something is recorded");
        Period { from: Moment::from_ms(longest.start), until: Moment::from_ms(longest.end) }
    }

    fn number(&self, camera: usize, at: Moment) -> u16 {
        self.province.recorded_number(camera, Profile::Main, at.into())
    }

    /// The first moment at or after `about` at which it is certain which picture was the last: the ones around it are the same.
    fn certain(&self, camera: usize, about: Moment) -> Moment {
        let same = |ms: &i64| {
            self.number(camera, Moment::from_ms(ms - 4)) == self.number(camera, Moment::from_ms(ms + 4))
        };
        Moment::from_ms((about.ms()..).find(same).expect("a moment within a picture"))
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test)
}

/// Yesterday, in whole seconds.
fn yesterday() -> Period {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    Period {
        from: Moment::from_ms((now - 48 * 3600) * 1000),
        until: Moment::from_ms((now - 24 * 3600) * 1000),
    }
}

#[test]
fn a_recorder_with_a_wrong_clock_lists_what_it_holds_with_gaps_and_motion() {
    for who in ALL {
        let stage = Stage::of(who, |_, cameras| cameras > 1);
        let ahead = stage.ahead_us();
        let (clock, shelf) = run(async {
            let device = stage.meet().await;
            (device.clock.expect("it tells its clock"), device.recordings.expect("it has recordings"))
        });
        assert!((clock.ahead_ms - ahead / 1000).abs() < 5_000, "{who:?}: {clock:?}");
        let asked = yesterday();
        // Of the second camera: the first is what is found where channels are mixed up.
        let camera = stage.camera() + 1;
        let spans = run(shelf.spans(2, asked.plus_us(ahead))).expect("its spans");
        let held = stage.province.recorded(camera, asked.from.into(), asked.until.into());
        for (why, kind) in
            [(RecordedFor::Continuous, SpanKind::Continuous), (RecordedFor::Motion, SpanKind::Motion)]
        {
            let told: Vec<Period> = spans
                .iter()
                .filter(|span| span.why == why)
                .filter_map(|span| span.period.plus_us(-ahead).common(asked))
                .collect();
            let wanted: Vec<Period> = held
                .iter()
                .filter(|span| span.kind == kind)
                .map(|span| Period {
                    from: Moment::from_ms(span.during.start),
                    until: Moment::from_ms(span.during.end),
                })
                .filter_map(|period| period.common(asked))
                .collect();
            assert!(wanted.len() > 1, "there are gaps: {wanted:?}");
            assert_eq!(told.len(), wanted.len(), "{who:?}, {why:?}: {told:?}, not {wanted:?}");
            // Recorders tell whole seconds.
            let near = |a: Moment, b: Moment| a.since_us(b).abs() <= 1_000_000;
            for (told, wanted) in told.iter().zip(&wanted) {
                let same = near(told.from, wanted.from) && near(told.until, wanted.until);
                assert!(same, "{who:?}: {told:?} {wanted:?}");
            }
        }
    }
}

/// What the recorder has of one channel, for the player.
struct Shelf {
    recordings: Arc<dyn Recordings>,
    channel: u32,
    ahead_us: i64,
}

impl Tape for Shelf {
    fn footage(&self, period: Period) -> Reply<'_, Footage> {
        self.recordings.footage(self.channel, period, 0)
    }

    fn login(&self) -> Option<Credentials> {
        Some(login())
    }

    fn ahead_us(&self) -> i64 {
        self.ahead_us
    }
}

/// Plays some channels of a recorder.
struct Play {
    // Dropped before what it plays with.
    player: Player,
    reels: Vec<Arc<Reel>>,
    _live: Live,
}

impl Play {
    fn of(stage: &Stage, channels: u32, at: Moment) -> Self {
        let settings = Settings { workers: NonZeroUsize::MIN, decode: DecodePreference::Software };
        let live = Live::new(settings, Arc::new(|| {})).expect("threads");
        let player = live.player(at).expect("a thread");
        let recordings = stage.shelf();
        let reels = (1..=channels).map(|channel| {
            let shelf = Shelf { recordings: Arc::clone(&recordings), channel, ahead_us: stage.ahead_us() };
            let camera = Id::new(&format!("camera-{channel}")).expect("an id");
            player.add(camera, Arc::new(shelf), Throttle::new(100.0))
        });
        let reels = reels.collect();
        Self { player, reels, _live: live }
    }

    fn standing(&self, reel: usize) -> Standing {
        self.player.state().cameras[reel].2.clone()
    }

    fn wait(&self, what: &str, mut there: impl FnMut() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !there() {
            assert!(Instant::now() < until, "{what}: {:?}", self.player.state());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The number in the picture that is shown.
    fn shown(&self, reel: usize) -> Option<u16> {
        let (_, picture) = self.reels[reel].picture()?;
        number_in(&picture)
    }

    /// The picture of another place of a reel's recording: the number in it, and when it was taken.
    fn glimpse(&self, reel: usize, at: Moment) -> (Option<u16>, Moment) {
        let glimpses = self.player.glimpses(self.reels[reel].camera()).expect("it is played");
        let found = run(glimpses.at(at, Duration::from_secs(1))).expect("it comes");
        let Glimpse::Picture(taken, picture) = found else { panic!("{found:?} of {at}") };
        let still = render::thumbnail(&picture, Turn::None, picture.size.width).expect("a still");
        let (width, height) = still.dimensions();
        (frame_number::read(still.as_raw(), width as usize * 4, Rect::new(0, 0, width, height)), taken)
    }

    /// Waits until one reel shows the picture of a moment.
    fn lands(&self, what: &str, reel: usize, at: Moment) {
        let near = |shown: Moment| shown <= at && at.since_us(shown) < 1_000_000;
        self.wait(what, || {
            self.standing(reel) == Standing::Shown && self.reels[reel].shown_at().is_some_and(near)
        });
    }
}

#[test]
fn a_place_in_true_time_lands_on_the_exact_picture_by_every_makers_protocol() {
    for who in ALL {
        lands_on_the_exact_picture(&Stage::of(who, |playbacks, _| playbacks > 1), &format!("{who:?}"));
    }
}

#[test]
fn a_place_behind_tls_lands_on_the_exact_picture_however_the_recorder_is_met() {
    for stage in [Stage::behind_tls(), Stage::behind_tls().by_https()] {
        let yesterday = yesterday().plus_us(stage.ahead_us());
        let footage = run(stage.shelf().footage(1, yesterday, 0)).expect("an address");
        assert!(footage.address.is_secure(), "{}", footage.address);
        lands_on_the_exact_picture(&stage, &stage.origin);
    }
}

/// Three places of the first camera, and what a pointer on the time line sees beside them.
fn lands_on_the_exact_picture(stage: &Stage, who: &str) {
    let camera = stage.camera();
    stage.province.prepare_stream(camera, Profile::Main).expect("the clip is made");
    let longest = stage.longest(camera);
    let quarter = longest.length() / 4;
    let play = Play::of(stage, 1, longest.from.plus(quarter));
    for part in 1..=3 {
        let at = stage.certain(camera, longest.from.plus(quarter * part));
        play.player.seek(at);
        play.lands(&format!("{who}, {at}"), 0, at);
        let state = play.player.state();
        assert_eq!(play.shown(0), Some(stage.number(camera, at)), "{who}, {at}: {state:?}");
        // While the wall stays where it is.
        let elsewhere = longest.from.plus(quarter * part / 2);
        let (read, taken) = play.glimpse(0, elsewhere);
        assert!((0..5_000_000).contains(&elsewhere.since_us(taken)), "{who}: {taken}, not {elsewhere}");
        let number = |us: i64| Some(stage.number(camera, taken.plus_us(us)));
        // Times that are told by ticks are off by some of them.
        assert!(read.is_some() && [number(-4000), number(4000)].contains(&read), "{who}, {taken}: {read:?}");
    }
}

#[test]
fn a_recorder_that_shows_another_certificate_than_before_is_not_told_who_asks() {
    let stage = Stage::behind_tls().by_https();
    let camera = stage.camera();
    stage.province.prepare_stream(camera, Profile::Main).expect("the clip is made");
    let longest = stage.longest(camera);
    let counts = || stage.province.recorder_counts(stage.recorder);
    // Met before, over HTTPS, and played never.
    let recordings = stage.shelf();
    let period = longest.plus_us(stage.ahead_us());
    let footage = run(recordings.footage(1, period, 0)).expect("an address");
    stage.province.renew_certificate(stage.recorder).expect("another one");
    let refused = run(Replay::open(&footage, Some(&login()))).map(drop);
    assert!(matches!(refused, Err(Fault::Certificate(_))), "{refused:?}");
    assert_eq!((counts().connections, counts().wrong_passwords), (0, 0), "it has heard of nobody");
    // To whoever meets the recorder anew it is the certificate of the first meeting.
    let met = stage.shelf();
    let footage = run(met.footage(1, period, 0)).expect("an address");
    assert_eq!(run(Replay::open(&footage, Some(&login()))).map(drop), Ok(()));
    assert_eq!(counts().connections, 1);
}

#[test]
fn recorders_without_onvif_are_played_on_backwards_and_at_speed() {
    for who in [(Make::Hikvision, Protocol::Isapi), (Make::Dahua, Protocol::Dahua)] {
        let stage = Stage::of(who, |playbacks, _| playbacks > 1);
        let camera = stage.camera();
        stage.province.prepare_stream(camera, Profile::Main).expect("the clip is made");
        let longest = stage.longest(camera);
        let start = stage.certain(camera, longest.from.plus(longest.length() / 3));
        let play = Play::of(&stage, 1, start);
        for rate in [1.0, 4.0, -1.0] {
            play.player.seek(start);
            play.lands(&format!("{who:?}"), 0, start);
            play.player.play(rate);
            let mut seen = Vec::new();
            play.wait(&format!("{who:?} at {rate}"), || {
                let at = play.reels[0].shown_at();
                if at.is_some() && seen.last() != at.as_ref() {
                    seen.extend(at);
                }
                seen.len() >= 10
            });
            play.player.pause();
            let forward = rate > 0.0;
            assert!(
                seen.windows(2).all(|pair| (pair[0] < pair[1]) == forward),
                "{who:?} at {rate}: {seen:?}"
            );
        }
    }
}

#[test]
fn what_ends_at_a_gap_goes_on_behind_it() {
    let who = (Make::Dahua, Protocol::Dahua);
    let stage = Stage::of(who, |playbacks, _| playbacks > 1);
    let camera = stage.camera();
    stage.province.prepare_stream(camera, Profile::Main).expect("the clip is made");
    let day = yesterday();
    let held = stage.province.recorded(camera, day.from.into(), day.until.into());
    let always: Vec<Period> = held
        .iter()
        .filter(|span| span.kind == SpanKind::Continuous)
        .map(|span| Period {
            from: Moment::from_ms(span.during.start),
            until: Moment::from_ms(span.during.end),
        })
        .collect();
    let (before, behind) = (always[0], always[1]);
    let play = Play::of(&stage, 1, before.until.minus(Duration::from_secs(3)));
    play.reels[0].set_spans(always);
    play.wait("the end of a stretch", || play.standing(0) == Standing::Shown);
    play.player.play(1.0);
    play.wait("the other side", || play.reels[0].shown_at().is_some_and(|shown| shown >= behind.from));
    play.player.pause();
    let at = stage.certain(camera, behind.from.plus(Duration::from_secs(10)));
    play.player.seek(at);
    play.lands("behind the gap", 0, at);
    assert_eq!(play.shown(0), Some(stage.number(camera, at)));
}

#[test]
fn a_recorder_that_plays_one_at_a_time_gives_each_its_turn_and_says_who_waits() {
    let stage =
        Stage::of((Make::Wisenet, Protocol::Onvif), |playbacks, cameras| playbacks == 1 && cameras > 1);
    let camera = stage.camera();
    for camera in [camera, camera + 1] {
        stage.province.prepare_stream(camera, Profile::Main).expect("the clip is made");
    }
    let longest = stage.longest(camera);
    let at = stage.certain(camera, longest.from.plus(longest.length() / 2));
    let play = Play::of(&stage, 2, at);
    let mut waited = false;
    play.wait("both", || {
        let standings = [play.standing(0), play.standing(1)];
        waited |= standings.contains(&Standing::InLine);
        standings == [Standing::Shown, Standing::Shown]
    });
    assert!(waited, "one of them stood in line");
    assert_eq!(play.shown(0), Some(stage.number(camera, at)));
    // While nobody needs it, a pointer on the time line has its turn, too.
    let elsewhere = longest.from.plus(longest.length() / 4);
    let (_, taken) = play.glimpse(1, elsewhere);
    assert!((0..5_000_000).contains(&elsewhere.since_us(taken)), "{taken}, not {elsewhere}");
    drop(play);

    // Somebody else has the only place.
    let recordings = stage.shelf();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let period = longest.plus_us(stage.ahead_us());
    let theirs = runtime.block_on(async {
        let footage = recordings.footage(1, period, 0).await.expect("an address");
        Replay::open(&footage, Some(&login())).await.expect("a place")
    });
    let play = Play::of(&stage, 1, at);
    play.wait("a refusal", || matches!(play.standing(0), Standing::Failed(Fault::Capacity(..))));
    drop(theirs);
}
