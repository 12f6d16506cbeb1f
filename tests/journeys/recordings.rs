//! What the recorders of the simulated province say they hold, by their makers' protocols and by clocks that are wrong.

use std::time::{Duration, SystemTime};

use devices::device::Protocol;
use devices::http::{Origin, Refusals};
use devices::{Device, Enrolled};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Credentials, Moment, Period, RecordedFor, Secret};
use province::recordings::SpanKind;
use province::{Make, Options, PASSWORD, Province, USER, list};

/// How far the recorder's clock is ahead.
const AHEAD: Duration = Duration::from_secs(83);
/// The zone of the province, whose time its recorders tell without naming it.
const ZONE_US: i64 = 7 * 3_600_000_000;

async fn meet(province: &Province, recorder: usize) -> Device {
    let origin = format!("http://127.0.0.1:{}", province.http_port(recorder));
    let enrolled = Enrolled {
        origin: Origin::parse(&origin).ok(),
        rtsp_port: Some(province.port(recorder)),
        ..Enrolled::default()
    };
    devices::meet(&enrolled, Some(login()), Some(Protocol::Dahua), &Refusals::default()).await.expect("met")
}

fn login() -> Credentials {
    Credentials { user: USER.to_owned(), password: Secret::new(PASSWORD.to_owned()) }
}

/// The times that are told, taken to be of this machine's zone, are ahead of the true ones by so many microseconds.
fn ahead_us() -> i64 {
    let here = i64::from(TimeZone::system().to_offset(Timestamp::now()).seconds()) * 1_000_000;
    AHEAD.as_micros() as i64 + ZONE_US - here
}

fn stage() -> (Province, usize, usize) {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    let province = Province::start(options).expect("the province starts");
    let made = |recorder: &usize| list().recorders[*recorder].equipment.make == Make::Dahua;
    let recorder = (0..list().recorders.len()).find(made).expect("there is one");
    province.set_clock_offset(recorder, AHEAD.as_millis() as i64);
    (province, recorder, list().recorders[recorder].cameras.start)
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

/// Yesterday, in whole seconds.
fn yesterday() -> Period {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    Period {
        from: Moment::from_ms((now - 48 * 3600) * 1000),
        until: Moment::from_ms((now - 24 * 3600) * 1000),
    }
}

fn moved(period: Period, us: i64) -> Period {
    Period { from: period.from.plus_us(us), until: period.until.plus_us(us) }
}

#[test]
fn a_recorder_with_a_wrong_clock_lists_what_it_holds_with_gaps_and_motion() {
    let (province, recorder, camera) = stage();
    run(async {
        let device = meet(&province, recorder).await;
        let clock = device.clock.expect("it tells its clock");
        assert!((clock.ahead_ms - ahead_us() / 1000).abs() < 5_000, "{clock:?}");
        let shelf = device.recordings.expect("it has recordings");
        let asked = yesterday();
        let spans = shelf.spans(1, moved(asked, ahead_us())).await.expect("its spans");
        let (from, until) = (SystemTime::from(asked.from), SystemTime::from(asked.until));
        let held = province.recorded(camera, from, until);
        for (why, kind) in
            [(RecordedFor::Continuous, SpanKind::Continuous), (RecordedFor::Motion, SpanKind::Motion)]
        {
            let told: Vec<Period> = spans
                .iter()
                .filter(|span| span.why == why)
                .filter_map(|span| moved(span.period, -ahead_us()).common(asked))
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
            assert_eq!(told.len(), wanted.len(), "{why:?}: {told:?}, not {wanted:?}");
            // The recorder tells whole seconds.
            let near = |a: Moment, b: Moment| a.since_us(b).abs() <= 1_000_000;
            for (told, wanted) in told.iter().zip(&wanted) {
                assert!(
                    near(told.from, wanted.from) && near(told.until, wanted.until),
                    "{told:?} {wanted:?}"
                );
            }
        }
    });
}
