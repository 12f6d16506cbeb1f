//! The simulated province's devices, met as the program meets them.

use std::ops::Range;
use std::sync::LazyLock;
use std::time::Duration;

use devices::Device;
use devices::http::{Client, Origin, Refusals};
use devices::onvif::{Beforehand, meet};
use model::{Credentials, EventKind as Kind, Fault, Pose, Reach, Secret, Span, Velocity};
use province::{EventKind, Make, Movement, Options, PASSWORD, Profile, Province, Recorder, USER, list};

/// One province for all tests; each test that moves something has a camera of its own.
static PROVINCE: LazyLock<Province> = LazyLock::new(|| {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    Province::start(options).expect("ports can be opened")
});

/// Runs a test's own side; the province has begun outside of it, in threads of its own.
fn run(test: impl Future<Output = ()>) {
    LazyLock::force(&PROVINCE);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(test);
}

fn speaks_onvif(recorder: &Recorder) -> bool {
    matches!(recorder.equipment.make, Make::Wisenet | Make::Generic)
}

fn client(recorder: usize, password: &str) -> Client {
    let origin = format!("http://127.0.0.1:{}", PROVINCE.http_port(recorder));
    let login = Credentials { user: USER.to_owned(), password: Secret::new(password.to_owned()) };
    Client::new(Origin::parse(&origin).expect("an address"), None, Some(login), &Refusals::default())
}

async fn met(recorder: usize) -> Device {
    let met = meet(&client(recorder, PASSWORD), &Beforehand::default()).await;
    met.unwrap_or_else(|fault| {
        panic!("recorder {recorder}, {:?}: {fault}", list().recorders[recorder].equipment)
    })
}

/// The `nth` camera with all motors on a recorder that speaks ONVIF: its recorder, and its place among the channels.
fn turning(nth: usize) -> (usize, usize, usize) {
    let of = |(recorder, about): (usize, &'static Recorder)| {
        let cameras: Range<usize> = about.cameras.clone();
        let turns = move |camera: &usize| list().cameras[*camera].movement == Movement::PanTiltZoom;
        cameras.clone().filter(turns).map(move |camera| (recorder, camera, camera - about.cameras.start))
    };
    let onvif = list().recorders.iter().enumerate().filter(|(_, about)| speaks_onvif(about));
    onvif.flat_map(of).nth(nth).expect("there are enough")
}

#[test]
fn every_recorder_with_onvif_is_met_whatever_its_login_faults_nat_and_clock() {
    run(async {
        for (recorder, about) in list().recorders.iter().enumerate().filter(|(_, about)| speaks_onvif(about))
        {
            let device = met(recorder).await;
            assert_eq!(device.facts.make, about.equipment.make.name());
            let ahead = device.clock.expect("it tells its clock").ahead_ms;
            assert!((ahead - about.equipment.clock_offset_ms).abs() < 2_000, "{recorder}: {ahead}");
            assert_eq!(device.channels.len(), about.cameras.len(), "{recorder}");
            assert!(device.events.is_some(), "{recorder}");
            for (camera, channel) in about.cameras.clone().zip(&device.channels) {
                let movement = list().cameras[camera].movement;
                assert!(
                    channel.profiles.iter().all(|profile| profile.address.device().0 == "127.0.0.1"),
                    "{camera}"
                );
                let reach = channel.steer.as_ref().map(|steer| steer.reach());
                let presets = channel.steer.as_ref().is_some_and(|steer| steer.presets().is_some());
                assert_eq!(channel.set_up_only, movement == Movement::SetUp, "{camera}");
                match movement {
                    Movement::Fixed => assert!(channel.steer.is_none(), "{camera}"),
                    Movement::Zoom => {
                        let reach = reach.unwrap_or_else(|| panic!("{camera} zooms"));
                        assert!(
                            reach.pan.is_none() && reach.zoom.is_some() && !presets,
                            "{camera}: {reach:?}"
                        );
                    }
                    Movement::PanTiltZoom => {
                        let reach = reach.unwrap_or_else(|| panic!("{camera} turns"));
                        assert_eq!(reach.pan, Some(Span { least: 0.0, most: 350.0 }), "{camera}");
                        assert_eq!(reach.tilt, Some(Span { least: 0.0, most: 67.0 }), "{camera}");
                        assert!(!reach.wraps && presets, "{camera}");
                    }
                    Movement::SetUp => {
                        let reach = reach.unwrap_or_else(|| panic!("{camera} has a mount"));
                        assert!(
                            reach.pan.is_some() && reach.zoom.is_none() && !presets,
                            "{camera}: {reach:?}"
                        );
                    }
                }
            }
        }
    });
}

#[test]
fn a_wrong_login_is_refused_and_nobody_is_locked_out_by_it() {
    run(async {
        let (recorder, ..) = turning(0);
        let refused = meet(&client(recorder, "sai"), &Beforehand::default()).await;
        assert_eq!(refused.map(drop), Err(Fault::PasswordRefused));
        PROVINCE.forgive(recorder);
        let _ = met(recorder).await;
    });
}

#[test]
fn a_camera_turns_where_it_is_told_and_says_where_it_is() {
    run(async {
        let (recorder, camera, channel) = turning(1);
        let device = met(recorder).await;
        let steer = device.channels[channel].steer.as_ref().expect("it turns");
        let wanted = Pose { pan: 123.0, tilt: 41.0, zoom: 1.0 };
        steer.turn_to(wanted).await.expect("it turns");
        while PROVINCE.is_moving(camera) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (told, moving) = steer.pose().await.expect("it tells");
        let truth = PROVINCE.pose(camera).expect("it has motors");
        assert!((truth.pan - wanted.pan).abs() < 0.5 && (truth.tilt - wanted.tilt).abs() < 0.5, "{truth:?}");
        assert!(
            (told.pan - truth.pan).abs() < 0.1 && (told.tilt - truth.tilt).abs() < 0.1,
            "{told:?}, {truth:?}"
        );
        assert_eq!(moving, Some(false));
        let kept = steer.presets().expect("it has presets").keep(None, "Cổng").await.expect("it keeps it");
        steer.home().await.expect("it has a home");
        while PROVINCE.is_moving(camera) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        steer.presets().expect("as before").recall(&kept.token).await.expect("it is there");
        while PROVINCE.is_moving(camera) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let back = PROVINCE.pose(camera).expect("as before");
        assert!((back.pan - wanted.pan).abs() < 0.5 && (back.tilt - wanted.tilt).abs() < 0.5, "{back:?}");
        steer.presets().expect("as before").forget(&kept.token).await.expect("it is there");
    });
}

#[test]
fn a_movement_that_nobody_renews_ends_by_itself() {
    run(async {
        let (recorder, camera, channel) = turning(2);
        PROVINCE.set_pose(camera, province::Pose { pan: 10.0, ..PROVINCE.rest_pose(camera) });
        let device = met(recorder).await;
        let steer = device.channels[channel].steer.as_ref().expect("it turns");
        steer.go(Velocity { pan: 0.2, ..Velocity::STILL }).await.expect("it goes");
        assert!(PROVINCE.is_moving(camera));
        // Nothing more is sent; the test ends when the camera stands still.
        while PROVINCE.is_moving(camera) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let pan = PROVINCE.pose(camera).expect("it has motors").pan;
        assert!(pan > 10.0 && pan < 340.0, "{pan}");
    });
}

#[test]
fn what_a_camera_notices_is_heard_with_its_channel() {
    run(async {
        let (recorder, camera, channel) = turning(3);
        let device = met(recorder).await;
        let mut listening =
            device.events.as_ref().expect("it tells").listen().await.expect("it lets us listen");
        for active in [true, false] {
            PROVINCE.raise(camera, EventKind::Motion, active);
            let heard = loop {
                let events = listening.next().await.expect("it goes on");
                if let Some(event) = events.into_iter().find(|event| event.kind == Kind::Motion) {
                    break event;
                }
            };
            assert_eq!((heard.channel, heard.active), (Some(channel as u32 + 1), active));
        }
        listening.close().await;
    });
}

#[test]
fn known_ranges_are_no_hindrance_where_the_device_tells_its_own() {
    run(async {
        let (recorder, _, channel) = turning(4);
        let zoom = Some(Span { least: 1.0, most: 20.0 });
        let ranges = Reach { zoom, ..Reach::default() };
        let device = meet(&client(recorder, PASSWORD), &Beforehand { ranges, ..Beforehand::default() }).await;
        let device = device.expect("it is met");
        let reach = device.channels[channel].steer.as_ref().expect("it turns").reach();
        assert_eq!((reach.pan, reach.zoom), (Some(Span { least: 0.0, most: 350.0 }), zoom));
        let address = device.channels[channel].profiles[0].address.to_string();
        let port = PROVINCE.port(recorder);
        assert!(address.contains(Profile::Main.name()) && address.contains(&format!(":{port}")), "{address}");
    });
}

#[test]
fn a_probe_finds_every_recorder_with_onvif_where_it_is() {
    run(async {
        let place = std::net::SocketAddr::from(([127, 0, 0, 1], PROVINCE.discovery_port()));
        let found = devices::discovery::at(&[place], Duration::from_secs(1)).await.expect("a socket");
        for (recorder, about) in list().recorders.iter().enumerate().filter(|(_, about)| speaks_onvif(about))
        {
            if about.equipment.behind_nat {
                continue;
            }
            let here = Origin::parse(&format!("http://127.0.0.1:{}", PROVINCE.http_port(recorder)))
                .expect("an address");
            let found = found.iter().find(|found| found.origin.as_ref() == Some(&here));
            let found = found.unwrap_or_else(|| panic!("recorder {recorder} is not found"));
            assert_eq!(found.device_service.as_deref(), Some("/onvif/device_service"));
            assert!(!found.hardware.is_empty() && found.identity.starts_with("urn:uuid:"), "{found:?}");
        }
    });
}
