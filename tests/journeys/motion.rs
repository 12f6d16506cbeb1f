//! Motion looked for in what the recorders of the simulated province hold, by each maker's protocol and by clocks that are
//! wrong. In the corner of each picture its number changes from one to the next; on ceilings and in the sky nothing moves. What
//! recorders noted of motion is another matter: whoever tells of that was told by a recorder.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use devices::device::{Device, Protocol};
use devices::http::{Origin, Refusals};
use devices::rtsp::replay::Replay;
use devices::{Enrolled, Reply};
use engine::devices::{Devices, Meet, Way};
use engine::motion::{Order, Progress, Searcher, Sensitivity, Standing, State, Unsearched};
use engine::playback::{Archive, Player, Throttle};
use engine::{DecodePreference, Live, Settings};
use inventory::DeviceAddress;
use model::{Credentials, Fault, Id, Moment, Period, PicturePart, Secret};
use province::recordings::SpanKind;
use province::{Equipment, Make, Options, PASSWORD, Profile, Province, RecorderCounts, USER, list};

/// So long something is waited for; a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(60);
/// How far the recorder's clock is ahead.
const AHEAD: Duration = Duration::from_secs(83);
/// Where the number is.
const NUMBER: PicturePart = PicturePart { x: 620, y: 955, width: 380, height: 45 };
/// Where nothing is.
const QUIET: PicturePart = PicturePart { x: 0, y: 0, width: 200, height: 60 };
const FAST: f64 = 1000.0;

fn login() -> Credentials {
    Credentials { user: USER.to_owned(), password: Secret::new(PASSWORD.to_owned()) }
}

/// Meets a recorder of the province as it would be met in earnest; or never, if it is not there.
struct Acquaintance {
    enrolled: Option<Enrolled>,
    protocol: Protocol,
}

impl Meet for Acquaintance {
    fn meet(&self, way: &Way) -> Reply<'static, Device> {
        let (enrolled, protocol, login) = (self.enrolled.clone(), self.protocol, way.login.clone());
        Box::pin(async move {
            let enrolled = enrolled.ok_or_else(|| Fault::Unreachable("no route".to_owned()))?;
            devices::meet(&enrolled, login, Some(protocol), &Refusals::default()).await
        })
    }
}

fn enrolled(province: &Province, recorder: usize) -> Enrolled {
    let origin = format!("http://127.0.0.1:{}", province.http_port(recorder));
    Enrolled {
        origin: Origin::parse(&origin).ok(),
        rtsp_port: Some(province.port(recorder)),
        ..Enrolled::default()
    }
}

struct Stage {
    province: Province,
    recorder: usize,
    archive: Arc<Archive>,
    // Dropped before what it plays with.
    player: Player,
    searcher: Searcher,
    _live: Live,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    /// The first recorder of a make that suits.
    fn of((make, protocol): (Make, Protocol), suits: impl Fn(&Equipment) -> bool, is_there: bool) -> Self {
        let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
        let province = Province::start(options).expect("the province starts");
        let recorder = list().recorders.iter().position(|recorder| {
            let equipment = recorder.equipment;
            equipment.make == make && !equipment.was_put_back && suits(&equipment)
        });
        let recorder = recorder.expect("there is one");
        province.set_clock_offset(recorder, AHEAD.as_millis() as i64);
        let camera = list().recorders[recorder].cameras.start;
        province.prepare_stream(camera, Profile::Main).expect("the clip is made");
        let enrolled = enrolled(&province, recorder);
        let meet = Acquaintance { enrolled: is_there.then_some(enrolled), protocol };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let devices = Devices::new(runtime.handle().clone(), Arc::new(meet), Box::new(|_, _| {}));
        let archive = Arc::new(Archive::new(Arc::new(devices)));
        let settings = Settings { workers: NonZeroUsize::MIN, decode: DecodePreference::Software };
        let live = Live::new(settings, Arc::new(|| {})).expect("threads");
        let player = live.player(Moment::default()).expect("a thread");
        let searcher = player.searcher(Arc::clone(&archive)).giving_up_after(2);
        Self { province, recorder, archive, player, searcher, _live: live, runtime }
    }

    /// What the recorder noted of motion of its first camera.
    fn noted(&self, during: Period) -> Vec<Period> {
        let camera = list().recorders[self.recorder].cameras.start;
        let spans =
            self.province.recorded(camera, SystemTime::from(during.from), SystemTime::from(during.until));
        let moved = spans.into_iter().filter(|span| span.kind == SpanKind::Motion).map(|span| span.during);
        moved
            .map(|during| Period { from: Moment::from_ms(during.start), until: Moment::from_ms(during.end) })
            .collect()
    }

    fn counts(&self) -> RecorderCounts {
        self.province.recorder_counts(self.recorder)
    }

    fn way() -> Way {
        Way {
            device: Id::new("recorder").expect("an id"),
            camera: Id::new("camera").expect("an id"),
            address: DeviceAddress::parse("http://127.0.0.1").expect("an address"),
            channel: 1,
            login: Some(login()),
        }
    }

    /// What was recorded of the first camera the day before yesterday, true time.
    fn recorded(&self) -> Vec<Period> {
        let now = SystemTime::now();
        let hours = |hours: u64| now - Duration::from_secs(hours * 3600);
        let camera = list().recorders[self.recorder].cameras.start;
        let spans = self.province.recorded(camera, hours(54), hours(27));
        let always = spans.iter().filter(|span| span.kind == SpanKind::Continuous).map(|span| &span.during);
        always
            .map(|during| Period { from: Moment::from_ms(during.start), until: Moment::from_ms(during.end) })
            .collect()
    }

    /// So many seconds within the longest stretch.
    fn seconds(&self, seconds: u64) -> Period {
        let longest = self.recorded().into_iter().max_by_key(|period| period.length()).expect("recorded");
        let from = longest.from.plus(Duration::from_millis(600_437));
        Period { from, until: from.plus(Duration::from_secs(seconds)) }
    }

    fn order(period: Period, area: PicturePart) -> Order {
        let (sensitivity, line) = (Sensitivity::Medium, Throttle::new(FAST));
        Order { way: Self::way(), period, area: vec![area], sensitivity, line }
    }

    /// To its end, and of which hits there are pictures.
    fn searched(&self, order: &Order) -> (Standing, BTreeSet<usize>) {
        let (progress, mut kept) = (Progress::default(), BTreeSet::new());
        // A thread of its own: it lets others go first from then on.
        let search = || {
            self.searcher.run(order, &progress, &mut |number, picture| {
                assert!(picture.size.width > 0);
                kept.insert(number);
            });
        };
        std::thread::scope(|scope| scope.spawn(search).join().expect("it ends"));
        (progress.standing(), kept)
    }

    /// Looks at a search while it runs.
    fn during(&self, order: &Order, look: impl FnOnce(&Progress)) -> Standing {
        let progress = Progress::default();
        std::thread::scope(|scope| {
            scope.spawn(|| self.searcher.run(order, &progress, &mut |_, _| {}));
            look(&progress);
        });
        progress.standing()
    }
}

fn until(what: &str, progress: &Progress, there: impl Fn(&Standing) -> bool) {
    let end = Instant::now() + PATIENCE;
    while !there(&progress.standing()) {
        assert!(Instant::now() < end, "{what}: {:?}", progress.standing());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_moves_in_the_area_is_found_by_every_makers_protocol_and_where_nothing_moves_nothing_is() {
    let all = [
        (Make::Generic, Protocol::Onvif),
        (Make::Wisenet, Protocol::Sunapi),
        (Make::Hikvision, Protocol::Isapi),
        (Make::Dahua, Protocol::Dahua),
    ];
    for who in all {
        let stage = Stage::of(who, |equipment| equipment.playbacks > 1 && !equipment.smart_search, true);
        let period = stage.seconds(40);
        let begun = Instant::now();
        let (found, kept) = stage.searched(&Stage::order(period, NUMBER));
        println!("{who:?}: {} key frames in {:?}", found.looked, begun.elapsed());
        assert_eq!((&found.state, &found.missed[..]), (&State::Done, &[][..]), "{who:?}: {found:?}");
        assert!(found.looked >= 15, "every key frame: {found:?}");
        assert_eq!(found.reached, period.until);
        // The number changes all the time: one long hit, from the first picture to the last.
        let [hit] = &found.hits[..] else { panic!("{who:?}: {found:?}") };
        assert_eq!(hit.period.common(period), Some(hit.period), "{who:?}");
        assert!(hit.period.length() >= Duration::from_secs(34), "{who:?}: {hit:?}");
        assert!(hit.place.x >= 600 && hit.place.y >= 930, "{who:?}: {hit:?}");
        assert_eq!(kept, BTreeSet::from([0]), "with its picture");
        let (found, kept) = stage.searched(&Stage::order(period, QUIET));
        assert_eq!((&found.state, &found.missed[..]), (&State::Done, &[][..]), "{who:?}: {found:?}");
        assert_eq!((&found.hits[..], kept.len()), (&[][..], 0), "{who:?}: {found:?}");
        assert!(found.upheavals.is_empty() && found.looked >= 15, "{who:?}: {found:?}");
        assert!(!found.by_recorder && stage.counts().smart_searches == 0, "{who:?}: {found:?}");
    }
}

#[test]
fn a_gap_is_no_motion_and_is_told_and_so_is_what_was_not_searched_when_somebody_stops() {
    let stage = Stage::of((Make::Generic, Protocol::Onvif), |equipment| equipment.playbacks > 1, true);
    let recorded = stage.recorded();
    let (before, behind) = (recorded[0], recorded[1]);
    let around = Period {
        from: before.until.minus(Duration::from_secs(20)),
        until: behind.from.plus(Duration::from_secs(20)),
    };
    let (found, _) = stage.searched(&Stage::order(around, QUIET));
    assert_eq!((&found.state, &found.hits[..]), (&State::Done, &[][..]), "{found:?}");
    let [gap] = &found.missed[..] else { panic!("{found:?}") };
    assert_eq!(gap.why, Unsearched::NotRecorded);
    let off = |a: Moment, b: Moment| a.since_us(b).abs() / 1_000_000;
    assert!(off(gap.period.from, before.until) <= 2 && off(gap.period.until, behind.from) <= 2, "{gap:?}");
    let (found, _) = stage.searched(&Stage::order(around, NUMBER));
    assert_eq!(found.hits.len(), 2, "before it and behind it: {found:?}");

    let hour = stage.seconds(3600);
    let slow = Order { line: Throttle::new(1.0), ..Stage::order(hour, NUMBER) };
    let stopped = stage.during(&slow, |progress| {
        until("hits while it searches", progress, |standing| !standing.hits.is_empty());
        assert!(!progress.standing().state.is_over());
        progress.stop();
    });
    assert_eq!(stopped.state, State::Stopped);
    // Held for who needs the recorder, it waits, and goes on where it was.
    let held = stage.during(&slow, |progress| {
        until("pictures", progress, |standing| standing.looked > 1);
        progress.hold(true);
        until("the wait", progress, |standing| standing.state == State::InLine);
        let looked = progress.standing().looked;
        progress.hold(false);
        until("it goes on", progress, |standing| standing.looked > looked);
        progress.stop();
    });
    assert_eq!((held.state, held.missed.len()), (State::Stopped, 1));
    let [rest] = &stopped.missed[..] else { panic!("{stopped:?}") };
    assert_eq!((&rest.why, rest.period.until), (&Unsearched::Stopped, hour.until));
    assert!(rest.period.from >= hour.from && rest.period.from == stopped.reached, "{stopped:?}");
}

#[test]
fn a_recorder_that_plays_one_at_a_time_is_waited_for_and_given_back_to_who_plays() {
    let stage = Stage::of((Make::Wisenet, Protocol::Onvif), |equipment| equipment.playbacks == 1, true);
    let period = stage.seconds(20);
    // Somebody else has the only place.
    let way = Stage::way();
    let theirs = stage.runtime.block_on(async {
        let tape = stage.archive.tape(way.clone());
        tape.meet().await.expect("met");
        let footage = tape.footage(period).await.expect("an address");
        Replay::open(&footage, Some(&login())).await.expect("a place")
    });
    let order = Stage::order(period, NUMBER);
    let found = stage.during(&order, |progress| {
        until("a refusal", progress, |standing| standing.state == State::InLine);
        drop(theirs);
    });
    assert_eq!((&found.state, found.hits.len()), (&State::Done, 1), "{found:?}");

    // We play there ourselves: the search has its turn while that rests, and gives the place back when it goes on.
    stage.player.seek(period.from);
    let reel = stage.player.add(way.camera.clone(), stage.archive.tape(way), Throttle::new(FAST));
    let end = Instant::now() + PATIENCE;
    while reel.shown_at().is_none() {
        assert!(Instant::now() < end, "{:?}", stage.player.state());
        std::thread::sleep(Duration::from_millis(5));
    }
    let slow = Order { line: Throttle::new(1.0), ..Stage::order(stage.seconds(3600), NUMBER) };
    let stopped = stage.during(&slow, |progress| {
        until("the search's turn", progress, |standing| standing.looked > 1);
        let elsewhere = period.from.plus(Duration::from_secs(1800));
        stage.player.seek(elsewhere);
        let end = Instant::now() + PATIENCE;
        while reel.shown_at().is_none_or(|shown| shown.since_us(elsewhere).abs() > 5_000_000) {
            assert!(Instant::now() < end, "{:?}, {:?}", stage.player.state(), progress.standing());
            std::thread::sleep(Duration::from_millis(5));
        }
        let looked = progress.standing().looked;
        until("it goes on", progress, |standing| standing.looked > looked);
        progress.stop();
    });
    assert_eq!(stopped.state, State::Stopped, "{stopped:?}");
}

#[test]
fn a_recorder_that_is_not_there_is_told_of_and_nothing_is_called_searched() {
    let stage = Stage::of((Make::Generic, Protocol::Onvif), |equipment| equipment.playbacks > 1, false);
    let period = stage.seconds(60);
    let (found, _) = stage.searched(&Stage::order(period, NUMBER));
    assert!(matches!(&found.state, State::Failed(Fault::Unreachable(_))), "{found:?}");
    let [all] = &found.missed[..] else { panic!("{found:?}") };
    assert_eq!(all.period, period);
    assert!(matches!(&all.why, Unsearched::Fault(Fault::Unreachable(_))) && found.looked == 0, "{found:?}");
}

#[test]
fn a_recorder_that_searches_by_itself_is_asked_and_sends_nothing_of_its_footage() {
    let stage = Stage::of((Make::Wisenet, Protocol::Sunapi), |equipment| equipment.smart_search, true);
    let hours = stage.seconds(3 * 3600 + 100);
    let (found, kept) = stage.searched(&Stage::order(hours, QUIET));
    assert_eq!((&found.state, &found.missed[..]), (&State::Done, &[][..]), "{found:?}");
    assert_eq!((found.by_recorder, found.looked, kept.len(), found.reached), (true, 0, 0, hours.until));
    let counts = stage.counts();
    assert_eq!((counts.connections, counts.smart_searches, counts.open_searches), (0, 4, 0), "{counts:?}");
    // Its clock is wrong, and tells whole seconds.
    let near = |a: Moment, b: Moment| a.since_us(b).abs() <= 2_000_000;
    let noted = stage.noted(hours);
    assert!(noted.len() >= 3, "{noted:?}");
    for moved in &noted {
        let told = |at: Moment| found.hits.iter().any(|hit| hit.period.from <= at && at <= hit.period.until);
        let middle = moved.from.plus(moved.length() / 2);
        assert!(told(middle), "{moved:?} of {noted:?} is not in {:?}", found.hits);
    }
    for hit in &found.hits {
        assert!(noted.iter().any(|moved| near(moved.from, hit.period.from)), "{hit:?}: {noted:?}");
        assert!(noted.iter().any(|moved| near(moved.until, hit.period.until)), "{hit:?}: {noted:?}");
        assert_eq!(hit.place, QUIET);
    }

    // What it cannot be asked, how little is enough, is looked at here.
    let fine = Order { sensitivity: Sensitivity::High, ..Stage::order(stage.seconds(20), NUMBER) };
    let (found, _) = stage.searched(&fine);
    assert_eq!((&found.state, found.by_recorder, found.hits.len()), (&State::Done, false, 1), "{found:?}");
    assert!(found.looked >= 7, "{found:?}");
    assert_eq!(stage.counts().smart_searches, 4);
}

#[test]
fn a_search_that_is_stopped_is_ended_at_the_recorder_and_where_it_has_no_place_our_own_goes_on() {
    let stage = Stage::of((Make::Wisenet, Protocol::Sunapi), |equipment| equipment.smart_search, true);
    let order = Stage::order(stage.seconds(6 * 3600), NUMBER);
    let stopped = stage.during(&order, |progress| {
        until("its search", progress, |_| stage.counts().open_searches == 1);
        progress.stop();
    });
    assert_eq!((&stopped.state, stage.counts().open_searches), (&State::Stopped, 0), "{stopped:?}");
    let rest = stopped.missed.last().expect("it did not come to the end");
    assert_eq!((&rest.why, rest.period.from), (&Unsearched::Stopped, stopped.reached), "{stopped:?}");

    let mut answered = Moment::default();
    let found = stage.during(&order, |progress| {
        until("its search", progress, |_| stage.counts().open_searches == 1);
        progress.hold(true);
        until("the end of an hour", progress, |standing| standing.state == State::InLine);
        answered = progress.standing().reached;
        // Others take all its places.
        let enrolled = enrolled(&stage.province, stage.recorder);
        stage.runtime.block_on(async {
            let refusals = Refusals::default();
            let met = devices::meet(&enrolled, Some(login()), Some(Protocol::Sunapi), &refusals).await;
            let recordings = met.expect("met").recordings.expect("it records");
            let search = recordings.motion_search().expect("it searches");
            let place = || search.begin(1, order.period, &[]);
            place().await.expect("a place");
            place().await.expect("the other place");
            assert!(matches!(place().await, Err(Fault::DeviceSays(_))));
        });
        progress.hold(false);
        // The number changes all the time.
        until("what is seen in a picture", progress, |standing| {
            standing.hits.last().is_some_and(|hit| hit.cells > 0)
        });
        progress.stop();
    });
    assert!(found.by_recorder && found.looked > 1 && answered > order.period.from, "{found:?}");
    assert!(found.hits.last().is_some_and(|hit| hit.period.until > answered), "{found:?}");
    assert!(found.hits.iter().all(|hit| hit.cells == 0 || hit.clearest > answered), "{found:?}");
    let [rest] = &found.missed[..] else { panic!("{found:?}") };
    assert_eq!((&rest.why, rest.period.from), (&Unsearched::Stopped, found.reached), "{found:?}");
    assert_eq!(stage.counts().open_searches, 2, "those of others are theirs to end");
}

/// Printed, not judged: how fast this machine looks through a main stream where the line is no limit.
#[test]
#[ignore = "figures, on a machine that does nothing else"]
fn how_many_key_frames_a_second_are_looked_at() {
    let cpu = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = |time: rustix::time::Timespec| time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
    let stage = Stage::of((Make::Generic, Protocol::Onvif), |equipment| equipment.playbacks > 1, true);
    for area in [NUMBER, QUIET] {
        let (order, progress) = (Stage::order(stage.seconds(1800), area), Progress::default());
        let begun = Instant::now();
        let search = || {
            stage.searcher.run(&order, &progress, &mut |_, _| {});
            seconds(cpu())
        };
        let own = std::thread::scope(|scope| scope.spawn(search).join().expect("it ends"));
        let (found, wall) = (progress.standing(), begun.elapsed().as_secs_f64());
        let looked = found.looked as f64;
        println!(
            "{looked} key frames of a main stream in {wall:.1} s: {:.0} a second, {:.1} ms of the processor each, {} hits",
            looked / wall,
            own / looked * 1000.0,
            found.hits.len()
        );
        assert_eq!(found.state, State::Done);
    }
}
