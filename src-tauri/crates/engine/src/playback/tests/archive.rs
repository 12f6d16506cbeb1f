use std::sync::Arc;

use devices::Reply;
use devices::device::{Device, Facts, Protocol};
use devices::recordings::{Footage, Recordings};
use devices::tls::Pin;
use inventory::DeviceAddress;
use model::{Address, ClockOffset, Fault, Id, Moment, Period, Recorded, RecordedFor};
use parking_lot::Mutex;
use tokio::runtime::Handle;

use super::super::archive::{Archive, Held};
use crate::devices::{Devices, Meet, Way};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
/// A recorder whose clock is 83 s ahead.
const AHEAD_US: i64 = 83_000_000;

/// Records always from noon of day 0 on, by its own clock in files of an hour; and of day 1 at 3 o'clock a second time.
#[derive(Clone, Default)]
struct Recorder {
    asked: Arc<Mutex<Vec<Period>>>,
    overlaps: Arc<Mutex<Vec<u32>>>,
    deaf: bool,
    /// Days that its calendar names, by its own clock.
    calendar: Option<Vec<Period>>,
    calendars_asked: Arc<Mutex<u32>>,
}

fn file(from: i64, overlap: u32) -> Recorded {
    let period = Period { from: Moment(from + AHEAD_US), until: Moment(from + HOUR + AHEAD_US) };
    Recorded { period, why: RecordedFor::Continuous, overlap }
}

impl Recordings for Recorder {
    fn spans(&self, channel: u32, period: Period) -> Reply<'_, Vec<Recorded>> {
        assert_eq!(channel, 3);
        self.asked.lock().push(period);
        let hours = (12..96).map(|hour| file(hour * HOUR, 0));
        let all = hours.chain([file(DAY + 3 * HOUR, 1), file(2 * HOUR, 1)]);
        let found = all.filter(|file| file.period.common(period).is_some()).collect();
        Box::pin(async move { Ok(found) })
    }

    fn footage(&self, _channel: u32, _period: Period, overlap: u32) -> Reply<'_, Footage> {
        self.overlaps.lock().push(overlap);
        let (address, _) = Address::parse("rtsp://10.0.0.1/recorded").unwrap();
        Box::pin(async move { Ok(Footage::whole(address, Pin::default())) })
    }

    fn days(&self, _channel: u32, _period: Period) -> Reply<'_, Option<Vec<Period>>> {
        *self.calendars_asked.lock() += 1;
        Box::pin(async { Ok(self.calendar.clone()) })
    }

    fn oldest(&self, _channel: u32) -> Reply<'_, Option<Moment>> {
        Box::pin(async { Ok(Some(Moment(DAY + AHEAD_US))) })
    }
}

impl Meet for Recorder {
    fn meet(&self, _way: &Way) -> Reply<'static, Device> {
        let recordings = (!self.deaf).then(|| Arc::new(self.clone()) as Arc<dyn Recordings>);
        Box::pin(async move {
            Ok(Device {
                facts: Facts {
                    protocol: Protocol::Onvif,
                    make: String::new(),
                    model: String::new(),
                    firmware: String::new(),
                    serial: String::new(),
                },
                clock: Some(ClockOffset { ahead_ms: AHEAD_US / 1000, within: Default::default() }),
                certificate: None,
                channels: Vec::new(),
                events: None,
                recordings,
            })
        })
    }
}

fn way() -> Way {
    Way {
        device: Id::new("recorder").unwrap(),
        camera: Id::new("camera").unwrap(),
        address: DeviceAddress::parse("http://10.0.0.1").unwrap(),
        channel: 3,
        login: None,
    }
}

fn archive(recorder: Recorder) -> Arc<Archive> {
    let devices = Devices::new(Handle::current(), Arc::new(recorder), Box::new(|_, _| {}));
    Arc::new(Archive::new(Arc::new(devices)))
}

fn period(from: i64, until: i64) -> Period {
    Period { from: Moment(from), until: Moment(until) }
}

#[tokio::test(start_paused = true)]
async fn days_are_asked_for_once_by_the_recorders_clock_and_told_in_true_time() {
    let recorder = Recorder::default();
    let archive = archive(recorder.clone());
    let now = Moment(3 * DAY + 5 * HOUR);
    let wanted = period(6 * HOUR, DAY + 2 * HOUR);
    let listed = archive.spans(&way(), wanted, now).await.unwrap();
    assert!(listed.searched);
    let spans: Vec<_> = listed.spans.iter().map(|span| span.period).collect();
    assert_eq!(spans, [period(12 * HOUR, DAY + 2 * HOUR)], "files and days are joined");
    assert_eq!(*recorder.asked.lock(), [period(AHEAD_US, 2 * DAY + AHEAD_US)], "two days at once");

    let inside = archive.spans(&way(), period(DAY, DAY + 9 * HOUR), now).await.unwrap();
    assert!(!inside.searched);
    assert_eq!(inside.spans.iter().filter(|span| span.overlap == 1).count(), 1, "the hour that it has twice");
    let more = archive.spans(&way(), period(DAY, 3 * DAY), now).await.unwrap();
    assert!(more.searched);
    assert_eq!(recorder.asked.lock()[1], period(2 * DAY + AHEAD_US, 3 * DAY + AHEAD_US), "the new day alone");

    archive.forget();
    assert!(archive.spans(&way(), period(DAY, DAY + HOUR), now).await.unwrap().searched);
}

#[tokio::test(start_paused = true)]
async fn a_day_that_goes_on_is_asked_for_again_and_the_future_never() {
    let archive = archive(Recorder::default());
    let now = Moment(2 * DAY + 5 * HOUR);
    let today = period(2 * DAY, 3 * DAY);
    let listed = archive.spans(&way(), today, now).await.unwrap();
    assert_eq!(listed.spans.last().unwrap().period.until, now);
    let mut searched = Vec::new();
    for seconds in [1, 29, 31] {
        let later = now.plus_us(seconds * 1_000_000);
        searched.push(archive.spans(&way(), today, later).await.unwrap().searched);
    }
    assert_eq!(searched, [false, false, true]);
    let none = archive.spans(&way(), period(3 * DAY, 4 * DAY), now).await.unwrap();
    assert_eq!(none, Default::default());
}

#[tokio::test(start_paused = true)]
async fn a_tape_meets_the_recorder_first_and_plays_the_second_recording_only_where_there_is_no_other() {
    let recorder = Recorder::default();
    let archive = archive(recorder.clone());
    let _ = archive.spans(&way(), period(0, 2 * DAY), Moment(3 * DAY)).await.unwrap();
    let tape = archive.tape(way());
    assert_eq!(tape.ahead_us(), 0);
    tape.meet().await.unwrap();
    assert_eq!(tape.ahead_us(), AHEAD_US);
    for at in [DAY + 3 * HOUR, 2 * HOUR] {
        tape.footage(period(at + AHEAD_US, at + AHEAD_US + HOUR)).await.unwrap();
    }
    assert_eq!(*recorder.overlaps.lock(), [0, 1]);
    // It begins within the period, and nothing is there before it; then there is nothing for a while; then the usual one.
    for from in [2 * HOUR - HOUR / 60, 6 * HOUR, 11 * HOUR + HOUR / 2] {
        tape.footage(period(from + AHEAD_US, from + AHEAD_US + HOUR)).await.unwrap();
    }
    assert_eq!(recorder.overlaps.lock()[2..], [1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_device_without_recordings_says_so() {
    let archive = archive(Recorder { deaf: true, ..Recorder::default() });
    let refused = archive.spans(&way(), period(0, DAY), Moment(DAY)).await;
    assert_eq!(refused.err(), Some(Fault::NotOffered));
    assert_eq!(archive.tape(way()).meet().await.err(), Some(Fault::NotOffered));
}

#[tokio::test(start_paused = true)]
async fn a_recorders_calendar_tells_days_until_spans_are_known() {
    // Days of Vietnam, 17 hours after those of UTC.
    let day = |n: i64| period(n * DAY + 17 * HOUR, (n + 1) * DAY + 17 * HOUR);
    let days: Vec<Period> = (-2..5).map(day).collect();
    let recorder =
        Recorder { calendar: Some([0, 1].map(|n| day(n).plus_us(AHEAD_US)).to_vec()), ..Recorder::default() };
    let archive = archive(recorder.clone());
    let now = Moment(3 * DAY);
    let (held, searched) = archive.days(&way(), &days, false, now).await.unwrap();
    let (nothing, footage) = (Held::Nothing, Held::Footage);
    // The day that runs and those to come included.
    assert_eq!(held, [nothing, nothing, footage, footage, nothing, nothing, nothing]);
    assert!(!searched && recorder.asked.lock().is_empty());
    let _ = archive.days(&way(), &days, false, now.plus_us(60_000_000)).await.unwrap();
    assert_eq!(*recorder.calendars_asked.lock(), 1, "once for a while");

    // What is recorded since noon of day 0 is known better by spans.
    let (held, searched) = archive.days(&way(), &days, true, now).await.unwrap();
    assert_eq!(held, [nothing, footage, footage, footage, footage, nothing, nothing]);
    assert!(searched);
    assert_eq!(archive.days(&way(), &days, false, now).await.unwrap(), (held, false));
    assert_eq!(*recorder.calendars_asked.lock(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_calendar_days_are_unknown_but_for_those_before_the_oldest() {
    let archive = archive(Recorder::default());
    let days = [period(0, DAY), period(DAY, 2 * DAY), period(2 * DAY, 3 * DAY)];
    let now = Moment(2 * DAY);
    let told = archive.days(&way(), &days, false, now).await.unwrap();
    assert_eq!(told, (vec![Held::Nothing, Held::Unknown, Held::Nothing], false));
    let (held, searched) = archive.days(&way(), &days, true, now).await.unwrap();
    assert_eq!((held, searched), (vec![Held::Footage, Held::Footage, Held::Nothing], true));
}
