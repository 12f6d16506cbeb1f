//! The simulated province's recorders by the protocols that their makers have of their own, and by RTSP alone.

use std::sync::LazyLock;
use std::time::Duration;

use devices::device::{Protocol, Steer};
use devices::http::{Origin, Refusals};
use devices::{Device, Enrolled};
use model::{Address, Credentials, EventKind as Kind, Fault, Pose, Secret, Span, Velocity};
use province::{EventKind, Make, Movement, Options, PASSWORD, Profile, Province, USER, list};

/// One province for all tests; each test that moves something has cameras of its own.
static PROVINCE: LazyLock<Province> = LazyLock::new(|| {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    Province::start(options).expect("ports can be opened")
});

const MAKERS: [(Make, Protocol); 3] =
    [(Make::Wisenet, Protocol::Sunapi), (Make::Hikvision, Protocol::Isapi), (Make::Dahua, Protocol::Dahua)];

fn run(test: impl Future<Output = ()>) {
    LazyLock::force(&PROVINCE);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(test);
}

async fn meet(recorder: usize, password: &str, hint: Option<Protocol>) -> Result<Device, Fault> {
    let origin = format!("http://127.0.0.1:{}", PROVINCE.http_port(recorder));
    let enrolled = Enrolled { origin: Origin::parse(&origin).ok(), ..Enrolled::default() };
    let login = Credentials { user: USER.to_owned(), password: Secret::new(password.to_owned()) };
    devices::meet(&enrolled, Some(login), hint, &Refusals::default()).await
}

fn recorders(make: Make) -> impl Iterator<Item = usize> {
    let of = move |recorder: &usize| list().recorders[*recorder].equipment.make == make;
    (0..list().recorders.len()).filter(of)
}

/// The `nth` camera of a make with all motors: its recorder, and its place among the channels.
fn turning(make: Make, nth: usize) -> (usize, usize, usize) {
    let of = |recorder: usize| {
        let cameras = list().recorders[recorder].cameras.clone();
        let start = cameras.start;
        let turns = |camera: &usize| list().cameras[*camera].movement == Movement::PanTiltZoom;
        cameras.filter(turns).map(move |camera| (recorder, camera, camera - start))
    };
    recorders(make).flat_map(of).nth(nth).expect("there are enough")
}

/// Meets the recorder of a camera, and takes the camera's motors.
async fn motors(make: Make, protocol: Protocol, nth: usize) -> (usize, std::sync::Arc<dyn Steer>) {
    let (recorder, camera, channel) = turning(make, nth);
    let met = meet(recorder, PASSWORD, Some(protocol)).await;
    let met = met.unwrap_or_else(|fault| panic!("{make:?} {recorder}: {fault}"));
    let steer = met.channels[channel].steer.clone();
    (camera, steer.unwrap_or_else(|| panic!("{make:?} {recorder}: channel {channel} has no motors")))
}

async fn stand_still(camera: usize) {
    while PROVINCE.is_moving(camera) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[test]
fn every_recorder_is_met_by_its_makers_protocol() {
    run(async {
        for (make, protocol) in MAKERS {
            for recorder in recorders(make) {
                let about = &list().recorders[recorder];
                let met = meet(recorder, PASSWORD, Some(protocol)).await;
                let met = met.unwrap_or_else(|fault| panic!("{make:?} {recorder}: {fault}"));
                assert_eq!((met.facts.protocol, met.facts.make.as_str()), (protocol, make.name()));
                assert_eq!(met.facts.model, make.model());
                assert_eq!(met.channels.len(), about.cameras.len(), "{make:?} {recorder}");
                for (camera, channel) in about.cameras.clone().zip(&met.channels) {
                    let movement = list().cameras[camera].movement;
                    assert_eq!(channel.number as usize, list().cameras[camera].channel, "{make:?} {camera}");
                    assert_eq!(channel.profiles.len(), 2, "{make:?} {camera}");
                    let here = ("127.0.0.1".to_owned(), PROVINCE.port(recorder));
                    for profile in &channel.profiles {
                        assert_eq!(profile.address.device(), here, "{make:?} {camera}");
                    }
                    let reach = channel.steer.as_ref().map(|steer| steer.reach()).unwrap_or_default();
                    let turns = movement == Movement::PanTiltZoom;
                    assert_eq!(reach.pan.is_some(), turns, "{make:?} {camera}: {movement:?} {reach:?}");
                    assert_eq!(
                        reach.zoom.is_some(),
                        turns || movement == Movement::Zoom,
                        "{make:?} {camera}"
                    );
                }
            }
        }
    });
}

#[test]
fn without_a_hint_the_protocol_is_found() {
    run(async {
        for (make, protocol) in [
            (Make::Wisenet, Protocol::Onvif),
            (Make::Generic, Protocol::Onvif),
            (Make::Hikvision, Protocol::Isapi),
            (Make::Dahua, Protocol::Dahua),
        ] {
            let recorder = recorders(make).last().expect("there are some");
            let met =
                meet(recorder, PASSWORD, None).await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            assert_eq!(met.facts.protocol, protocol, "{make:?}");
        }
    });
}

#[test]
fn a_wrong_login_is_one_attempt_on_each() {
    run(async {
        for make in [Make::Wisenet, Make::Hikvision, Make::Dahua] {
            let recorder = recorders(make).last().expect("there are some");
            assert_eq!(meet(recorder, "sai", None).await.map(drop), Err(Fault::PasswordRefused), "{make:?}");
            PROVINCE.forgive(recorder);
            assert!(meet(recorder, PASSWORD, None).await.is_ok(), "{make:?}: nobody is locked out");
        }
    });
}

#[test]
fn cameras_go_the_way_they_are_told_and_stand_still_when_told() {
    run(async {
        for (make, protocol) in MAKERS {
            let (camera, steer) = motors(make, protocol, 0).await;
            let rest = PROVINCE.rest_pose(camera);
            for (velocity, right, down) in [
                (Velocity { pan: 0.5, ..Velocity::STILL }, 1.0, 0.0),
                (Velocity { pan: -0.5, ..Velocity::STILL }, -1.0, 0.0),
                (Velocity { tilt: 0.5, ..Velocity::STILL }, 0.0, -1.0),
                (Velocity { pan: 0.5, tilt: -0.5, ..Velocity::STILL }, 1.0, 1.0),
            ] {
                let from = province::Pose { pan: 175.0, tilt: 33.0, ..rest };
                PROVINCE.set_pose(camera, from);
                steer.go(velocity).await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
                assert!(PROVINCE.is_moving(camera), "{make:?}");
                tokio::time::sleep(Duration::from_millis(100)).await;
                steer.stop().await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
                stand_still(camera).await;
                let to = PROVINCE.pose(camera).expect("it has motors");
                let way =
                    |from: f64, to: f64| if (to - from).abs() < 0.01 { 0.0 } else { (to - from).signum() };
                assert_eq!(
                    (way(from.pan, to.pan), way(from.tilt, to.tilt)),
                    (right, down),
                    "{make:?} {velocity:?}"
                );
            }
        }
    });
}

#[test]
fn places_are_gone_to_told_kept_and_found_again() {
    run(async {
        for (make, protocol) in MAKERS {
            let (camera, steer) = motors(make, protocol, 1).await;
            if protocol != Protocol::Sunapi {
                assert_eq!(steer.reach().pan, Some(Span { least: 0.0, most: 350.0 }), "{make:?}");
            }
            let wanted = Pose { pan: 123.0, tilt: 41.0, zoom: 2.0 };
            steer.turn_to(wanted).await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            stand_still(camera).await;
            let (told, _) = steer.pose().await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            let near = |pose: Pose| {
                let off = [pose.pan - wanted.pan, pose.tilt - wanted.tilt, pose.zoom - wanted.zoom];
                off.iter().all(|off| off.abs() < 0.5)
            };
            assert!(near(told), "{make:?}: {told:?}");
            let presets = steer.presets().expect("it has presets");
            let kept = presets.keep(None, "Cong").await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            assert!(presets.list().await.is_ok_and(|list| list.iter().any(|one| one.token == kept.token)));
            PROVINCE.set_pose(camera, PROVINCE.rest_pose(camera));
            presets.recall(&kept.token).await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            stand_still(camera).await;
            let (back, _) = steer.pose().await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            assert!(near(back), "{make:?}: {back:?}");
            presets.forget(&kept.token).await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            assert!(presets.recall(&kept.token).await.is_err(), "{make:?}");
        }
    });
}

#[test]
fn what_cameras_notice_is_heard_with_their_channels() {
    run(async {
        for (make, protocol) in MAKERS {
            let (recorder, camera, channel) = turning(make, 2);
            let met = meet(recorder, PASSWORD, Some(protocol))
                .await
                .unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
            let mut listening = met.events.expect("it tells").listen().await.expect("it lets us listen");
            for (ours, theirs) in
                [(EventKind::Tampering, Kind::Tampering), (EventKind::VideoLoss, Kind::VideoLoss)]
            {
                for active in [true, false] {
                    PROVINCE.raise(camera, ours, active);
                    let heard = loop {
                        let events =
                            listening.next().await.unwrap_or_else(|fault| panic!("{make:?}: {fault}"));
                        if let Some(event) = events.into_iter().find(|event| event.kind == theirs) {
                            break event;
                        }
                    };
                    assert_eq!((heard.channel, heard.active), (Some(channel as u32 + 1), active), "{make:?}");
                }
            }
            listening.close().await;
        }
    });
}

#[test]
fn a_box_that_answers_rtsp_alone_is_met_by_its_streams() {
    run(async {
        let Some(recorder) = recorders(Make::Plain).next() else { panic!("there is none") };
        let camera = list().recorders[recorder].cameras.start;
        let stream = |profile| Address::parse(&PROVINCE.source(camera, profile)).expect("an address");
        let (main, login) = stream(Profile::Main);
        let enrolled = Enrolled { streams: vec![main, stream(Profile::Sub).0], ..Enrolled::default() };
        let met = devices::meet(&enrolled, login, None, &Refusals::default()).await.expect("it is met");
        assert_eq!((met.facts.protocol, met.channels[0].profiles.len()), (Protocol::Rtsp, 2));
        assert!(met.channels[0].steer.is_none() && met.events.is_none());
    });
}
