use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use devices::Reply;
use devices::device::{Device, Events, Facts, Listening, Protocol};
use futures::future::BoxFuture;
use inventory::DeviceAddress;
use model::{Capacity, EventKind, Fault};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::listening::Listeners;
use super::*;
use crate::devices::Meet;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn at(camera: &str, kind: EventKind) -> Noticed {
    Noticed {
        site: id("s"),
        district: "Huyện A".to_owned(),
        device: id("r"),
        camera: Some(id(camera)),
        kind,
        active: true,
    }
}

fn rule(name: &str) -> Rule {
    Rule {
        id: id(name),
        name: name.to_owned(),
        enabled: true,
        on: [EventKind::Motion].into(),
        at: Place::Any,
        between: None,
        then: vec![Act::Show { on: Screen::Hotspot, seconds: 10 }, Act::Sound],
        pause: 30,
    }
}

fn moment(hour: u16, second: i64) -> Moment {
    Moment { ms: second * 1000, minute: hour * 60 }
}

fn names(reactions: &[Reaction]) -> BTreeSet<String> {
    reactions.iter().map(|reaction| reaction.name.clone()).collect()
}

#[test]
fn a_rule_acts_on_what_there_and_then() {
    let rules = vec![
        rule("any"),
        Rule { on: [EventKind::Tampering].into(), ..rule("tampering") },
        Rule { at: Place::District("Huyện B".to_owned()), ..rule("other district") },
        Rule { at: Place::District("Huyện A".to_owned()), ..rule("district") },
        Rule { at: Place::Site(id("s")), ..rule("site") },
        Rule { at: Place::Site(id("t")), ..rule("other site") },
        Rule { at: Place::Camera(id("1")), ..rule("camera") },
        Rule { at: Place::Camera(id("2")), ..rule("other camera") },
        Rule { between: Some(DaySpan { from: 22 * 60, until: 6 * 60 }), ..rule("night") },
        Rule { between: Some(DaySpan { from: 6 * 60, until: 22 * 60 }), ..rule("day") },
        Rule { enabled: false, ..rule("disabled") },
    ];
    let book = Book::new(rules, Vec::new()).unwrap();
    let when =
        |hour| names(&decide(&book, &mut BTreeMap::new(), &at("1", EventKind::Motion), moment(hour, 0)));
    let expected = |more: &str| ["any", "district", "site", "camera", more].map(str::to_owned).into();
    for night in [22, 23, 0, 5] {
        assert_eq!(when(night), expected("night"));
    }
    for day in [6, 12, 21] {
        assert_eq!(when(day), expected("day"));
    }
    let over = Noticed { active: false, ..at("1", EventKind::Motion) };
    assert_eq!(decide(&book, &mut BTreeMap::new(), &over, moment(12, 0)), []);
}

#[test]
fn a_rule_rests_at_a_camera_between_two_acts_and_not_at_others() {
    let book = Book::new(vec![rule("any")], Vec::new()).unwrap();
    let mut acted = BTreeMap::new();
    let mut acts = |camera, second| {
        !decide(&book, &mut acted, &at(camera, EventKind::Motion), moment(12, second)).is_empty()
    };
    assert!(acts("1", 1000) && !acts("1", 1029) && acts("2", 1029) && acts("1", 1030));
    assert!(acts("1", 500), "the clock was put back");
}

#[test]
fn quiet_hours_have_no_sound_and_everything_else() {
    let quiet = vec![DaySpan { from: 23 * 60, until: 5 * 60 }];
    let book = Book::new(vec![rule("any")], quiet).unwrap();
    let acts = |hour| -> Vec<Act> {
        let reactions = decide(&book, &mut BTreeMap::new(), &at("1", EventKind::Motion), moment(hour, 0));
        reactions.into_iter().map(|reaction| reaction.act).collect()
    };
    assert_eq!(acts(12).len(), 2);
    assert_eq!(acts(2), [Act::Show { on: Screen::Hotspot, seconds: 10 }]);
}

#[test]
fn what_is_no_rule_is_refused_with_why() {
    let wrong = |rule: Rule| Book::new(vec![rule], Vec::new()).unwrap_err();
    let show = |on, seconds| vec![Act::Show { on, seconds }];
    assert_eq!(wrong(Rule { name: " ".to_owned(), ..rule("r") }), NotARule::Name);
    assert_eq!(wrong(Rule { name: "a\nb".to_owned(), ..rule("r") }), NotARule::Name);
    assert_eq!(wrong(Rule { on: BTreeSet::new(), ..rule("r") }), NotARule::On);
    let noon = Some(DaySpan { from: 720, until: 720 });
    assert_eq!(wrong(Rule { between: noon, ..rule("r") }), NotARule::Between);
    assert_eq!(wrong(Rule { then: Vec::new(), ..rule("r") }), NotARule::Then);
    assert_eq!(wrong(Rule { then: show(Screen::Hotspot, 0), ..rule("r") }), NotARule::Seconds(0));
    assert_eq!(wrong(Rule { then: show(Screen::Wall(0), 5), ..rule("r") }), NotARule::Wall(0));
    let preset = vec![Act::Preset { camera: None, token: String::new() }];
    assert_eq!(wrong(Rule { then: preset, ..rule("r") }), NotARule::Preset);
    assert_eq!(Book::new(vec![rule("r"), rule("r")], Vec::new()), Err(NotARule::Twice));
    assert_eq!(Book::new(Vec::new(), vec![DaySpan { from: 0, until: 1440 }]), Err(NotARule::Between));
}

#[test]
fn a_book_is_read_as_it_was_written_and_damage_is_refused() {
    let acts = vec![
        Act::Show { on: Screen::Wall(2), seconds: 20 },
        Act::Preset { camera: Some(id("c")), token: "3".to_owned() },
        Act::Mark,
    ];
    let book =
        Book::new(vec![Rule { then: acts, ..rule("r") }], vec![DaySpan { from: 1, until: 2 }]).unwrap();
    let json = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<Book>(&json).unwrap(), book);
    for (from, to) in
        [("\"seconds\":20", "\"seconds\":0"), ("\"from\":1", "\"from\":2"), ("\"rules\"", "\"more\"")]
    {
        assert!(
            json.contains(from) && serde_json::from_str::<Book>(&json.replace(from, to)).is_err(),
            "{from}"
        );
    }
}

#[test]
fn changes_of_rules_are_named() {
    let before = Book::new(vec![rule("a"), rule("b"), rule("c")], Vec::new()).unwrap();
    let changed = vec![Rule { enabled: false, ..rule("a") }, Rule { pause: 5, ..rule("b") }, rule("d")];
    let after = Book::new(changed, vec![DaySpan { from: 1, until: 2 }]).unwrap();
    let named = |rule: &str, what| (rule.to_owned(), what);
    let expected = [
        named("a", "disabled"),
        named("b", "changed"),
        named("d", "added"),
        named("c", "removed"),
        named("", "quiet_hours"),
    ];
    assert_eq!(after.changes_since(&before), expected);
    assert_eq!(after.changes_since(&after), []);
}

#[test]
fn more_of_the_same_is_one_line_and_a_site_in_a_storm_is_one() {
    let mut notices = Notices::default();
    let motion = |camera: &str| at(camera, EventKind::Motion);
    assert!(notices.take(&motion("1"), 0, false));
    for second in 1..50 {
        assert!(!notices.take(&motion("1"), second * 1000, false));
    }
    let line = notices.newest_first().next().unwrap().clone();
    assert_eq!((line.count, line.first_ms, line.last_ms), (50, 0, 49_000));
    assert!(notices.take(&motion("1"), 200_000, false), "a minute later it is news again");
    assert!(notices.take(&at("1", EventKind::Tampering), 200_000, false), "and so is another kind");

    for camera in 2..5 {
        assert!(notices.take(&motion(&camera.to_string()), 201_000, false));
    }
    assert!(notices.take(&motion("5"), 202_000, false), "the fifth begins a storm");
    for camera in 6..40 {
        assert!(!notices.take(&motion(&camera.to_string()), 203_000, false), "{camera}");
    }
    let storm = notices.newest_first().next().unwrap().clone();
    assert_eq!((storm.camera.clone(), storm.count), (None, 35));
    assert_eq!(notices.newest_first().count(), 7);

    notices.take(&Noticed { active: false, ..motion("2") }, 204_000, false);
    assert!(!notices.newest_first().find(|line| line.camera == Some(id("2"))).unwrap().active);
    assert!(notices.acknowledge(storm.line).is_some() && notices.acknowledge(storm.line).is_none());
}

#[test]
fn the_list_has_an_end() {
    let mut notices = Notices::default();
    for n in 0..2000_i64 {
        notices.take(&at("1", EventKind::Motion), n * 100_000, false);
    }
    assert_eq!(notices.newest_first().count(), Notices::MOST);
    assert_eq!(notices.newest_first().next().unwrap().line, 2000);
}

/// A device whose subscriptions end as it is told.
struct Deaf {
    said: Vec<Result<Vec<DeviceEvent>, Fault>>,
    refuses: Option<Fault>,
    begun: Arc<Mutex<Vec<Instant>>>,
    closed: Arc<AtomicUsize>,
}

struct Ear(std::vec::IntoIter<Result<Vec<DeviceEvent>, Fault>>, Arc<AtomicUsize>);

impl Events for Deaf {
    fn listen(&self) -> Reply<'_, Box<dyn Listening>> {
        self.begun.lock().push(Instant::now());
        let ear = Ear(self.said.clone().into_iter(), Arc::clone(&self.closed));
        let refuses = self.refuses.clone();
        Box::pin(async move { refuses.map_or_else(|| Ok(Box::new(ear) as Box<dyn Listening>), Err) })
    }
}

impl Listening for Ear {
    fn next(&mut self) -> Reply<'_, Vec<DeviceEvent>> {
        let next = self.0.next();
        Box::pin(async move {
            sleep(Duration::from_millis(100)).await;
            match next {
                Some(said) => said,
                None => std::future::pending().await,
            }
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {})
    }
}

impl Meet for Deaf {
    fn meet(&self, _: &Way) -> Reply<'static, Device> {
        let events = Deaf {
            said: self.said.clone(),
            refuses: self.refuses.clone(),
            begun: Arc::clone(&self.begun),
            closed: Arc::clone(&self.closed),
        };
        let text = String::new;
        Box::pin(async move {
            Ok(Device {
                facts: Facts {
                    protocol: Protocol::Onvif,
                    make: text(),
                    model: text(),
                    firmware: text(),
                    serial: text(),
                },
                clock: None,
                certificate: None,
                channels: Vec::new(),
                events: Some(Arc::new(events)),
                recordings: None,
            })
        })
    }
}

type Begun = Arc<Mutex<Vec<Instant>>>;

fn listeners(
    said: Vec<Result<Vec<DeviceEvent>, Fault>>,
    refuses: Option<Fault>,
) -> (Listeners, Begun, Arc<AtomicUsize>, mpsc::UnboundedReceiver<DeviceEvent>) {
    let (begun, closed): (Begun, Arc<AtomicUsize>) = Default::default();
    let device = Deaf { said, refuses, begun: Arc::clone(&begun), closed: Arc::clone(&closed) };
    let devices = Arc::new(Devices::new(Handle::current(), Arc::new(device), Box::new(|_, _| {})));
    #[expect(clippy::disallowed_methods, reason = "a test: as many as it makes")]
    let (told, heard) = mpsc::unbounded_channel();
    (Listeners::new(devices, Arc::new(move |_, event| drop(told.send(event)))), begun, closed, heard)
}

fn to(device: &str) -> Way {
    Way {
        device: id(device),
        camera: id("c"),
        address: DeviceAddress::parse("http://10.0.0.1").unwrap(),
        channel: 1,
        login: None,
    }
}

fn motion() -> DeviceEvent {
    DeviceEvent { channel: Some(1), kind: EventKind::Motion, active: true, at: None }
}

#[tokio::test(start_paused = true)]
async fn what_a_device_says_is_heard_and_the_goodbye_is_proper() {
    let (listeners, begun, closed, mut heard) = listeners(vec![Ok(vec![motion()]), Ok(Vec::new())], None);
    listeners.listen_to(vec![to("r")]);
    assert_eq!(heard.recv().await, Some(motion()));
    listeners.listen_to(vec![to("r")]);
    sleep(Duration::from_secs(10)).await;
    assert_eq!((begun.lock().len(), closed.load(Ordering::SeqCst)), (1, 0));
    listeners.listen_to(Vec::new());
    sleep(Duration::from_secs(1)).await;
    assert_eq!((begun.lock().len(), closed.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_device_without_a_place_is_not_asked_for_half_a_minute() {
    let (listeners, begun, ..) = listeners(Vec::new(), Some(Fault::Capacity(Capacity::Viewers, 503)));
    listeners.listen_to(vec![to("r")]);
    sleep(Duration::from_secs(300)).await;
    let begun = begun.lock();
    assert!(begun.len() > 5, "{}", begun.len());
    assert!(begun.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_secs(30)));
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_ends_is_begun_again_and_less_and_less_often() {
    let (listeners, begun, ..) = listeners(Vec::new(), Some(Fault::Ended("reset".to_owned())));
    listeners.listen_to(vec![to("r")]);
    sleep(Duration::from_secs(3600)).await;
    let begun = begun.lock();
    assert!(begun[1] - begun[0] < Duration::from_secs(2));
    let late = begun.iter().filter(|at| **at - begun[0] > Duration::from_secs(600)).count();
    assert!((35..=50).contains(&late), "about once a minute: {late} in 50 min");
}

#[tokio::test(start_paused = true)]
async fn a_silent_device_is_asked_anew_and_a_refusing_one_never() {
    let (listeners, begun, ..) = self::listeners(vec![Ok(Vec::new())], None);
    listeners.listen_to(vec![to("r")]);
    sleep(Duration::from_secs(400)).await;
    assert_eq!(begun.lock().len(), 3);

    let (listeners, begun, ..) = self::listeners(Vec::new(), Some(Fault::Forbidden));
    listeners.listen_to(vec![to("r")]);
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(begun.lock().len(), 1);
}
