//! The ONVIF services over HTTP, as a client meets them. A province without clips is enough.

use std::net::UdpSocket;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use roxmltree::Document;

use super::token;
use crate::http::client::{self, Reply};
use crate::motor::HOME_PAN;
use crate::{EventKind, Make, Movement, OnvifLogin, Options, PASSWORD, Pose, Profile, Province, USER, list};

const LOGIN: (&str, &str) = (USER, PASSWORD);

/// One province for tests that leave it as they find it, each with a recorder of its own.
static PROVINCE: LazyLock<Province> = LazyLock::new(start);

fn start() -> Province {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    Province::start(options).expect("ports can be opened")
}

/// The `nth` recorder that listens to both ways of login and has a camera with all motors, and that camera.
fn turning(nth: usize) -> (usize, usize) {
    let either = |recorder: &usize| list().recorders[*recorder].equipment.onvif_login == OnvifLogin::Either;
    let onvif = |recorder: &usize| {
        matches!(list().recorders[*recorder].equipment.make, Make::Wisenet | Make::Generic)
            && either(recorder)
    };
    let ptz = |recorder: usize| {
        let mut cameras = list().recorders[recorder].cameras.clone();
        Some((recorder, cameras.find(|&camera| list().cameras[camera].movement.is_ptz())?))
    };
    let all = 0..list().recorders.len();
    all.filter(onvif).filter_map(ptz).nth(nth).expect("there are enough")
}

fn xml(header: &str, body: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"#
    )
}

/// Asks with Digest.
fn call(recorder: usize, path: &str, body: &str) -> Reply {
    client::ask(PROVINCE.http_port(recorder), "POST", path, &xml("", body), LOGIN)
}

fn ptz(recorder: usize, inner: &str) -> Reply {
    let (name, rest) = inner.split_once('|').expect("name and arguments");
    let body = format!(r#"<{name} xmlns="http://www.onvif.org/ver20/ptz/wsdl">{rest}</{name}>"#);
    call(recorder, "/onvif/ptz_service", &body)
}

/// The text of the first element of that local name.
fn text(reply: &Reply, name: &str) -> Option<String> {
    let xml = reply.text();
    let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let found = document.descendants().find(|node| node.tag_name().name() == name);
    found.map(|node| node.text().unwrap_or_default().trim().to_owned())
}

fn token_of(camera: usize) -> String {
    format!("<ProfileToken>ch{}-sub</ProfileToken>", list().cameras[camera].channel)
}

#[test]
fn the_clock_is_told_to_anybody_and_everything_else_only_with_credentials() {
    let (recorder, _) = turning(0);
    let port = PROVINCE.http_port(recorder);
    let device = |header: &str, name: &str| {
        let body = format!(r#"<{name} xmlns="http://www.onvif.org/ver10/device/wsdl"/>"#);
        client::send(port, "POST", "/onvif/device_service", "", &xml(header, &body))
    };
    let clock = device("", "GetSystemDateAndTime");
    assert_eq!((clock.status, text(&clock, "TZ").as_deref()), (200, Some("ICT-7")));
    assert_eq!(device("", "GetDeviceInformation").status, 401);
    let header = token::header(LOGIN, &[1; 16], PROVINCE.device_time(recorder));
    assert_eq!(
        text(&device(&header, "GetDeviceInformation"), "Manufacturer").as_deref(),
        Some("Hanwha Vision")
    );
    let again = device(&header, "GetDeviceInformation");
    assert_ne!(text(&again, "Fault"), None, "the same token is refused");
    let digest = call(
        recorder,
        "/onvif/device_service",
        r#"<GetScopes xmlns="http://www.onvif.org/ver10/device/wsdl"/>"#,
    );
    assert!(digest.status == 200 && digest.text().contains("onvif://www.onvif.org/hardware/"));
}

#[test]
fn a_token_must_be_of_the_devices_own_time() {
    let recorder = (0..59).find(|&recorder| {
        let equipment = list().recorders[recorder].equipment;
        equipment.onvif_login != OnvifLogin::Http
            && matches!(equipment.make, Make::Wisenet | Make::Generic)
            && equipment.clock_offset_ms.abs() >= 30_000
    });
    let recorder = recorder.expect("a clock is off");
    let ask = |nonce: u8, at: SystemTime| {
        let body = r#"<GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/>"#;
        let header = token::header(LOGIN, &[nonce; 16], at);
        let reply = client::send(
            PROVINCE.http_port(recorder),
            "POST",
            "/onvif/device_service",
            "",
            &xml(&header, body),
        );
        text(&reply, "Manufacturer").is_some()
    };
    assert!(!ask(1, SystemTime::now()), "true time is not its time");
    assert!(ask(2, PROVINCE.device_time(recorder)));
    assert_eq!(PROVINCE.recorder_counts(recorder).wrong_logins, 0, "a wrong clock is no wrong password");
}

#[test]
fn profiles_lead_to_streams_and_say_their_codec() {
    let (recorder, camera) = turning(0);
    let profiles = call(
        recorder,
        "/onvif/media2_service",
        r#"<GetProfiles xmlns="http://www.onvif.org/ver20/media/wsdl"><Type>All</Type></GetProfiles>"#,
    );
    let body = profiles.text();
    let document = Document::parse(&body).unwrap();
    let tokens = document.descendants().filter(|node| node.tag_name().name() == "Profiles").count();
    assert_eq!(tokens, list().recorders[recorder].cameras.len() * 2);
    assert!(body.contains("<tt:Encoding>H265</tt:Encoding>"));
    let uri = call(
        recorder,
        "/onvif/media_service",
        &format!(
            r#"<GetStreamUri xmlns="http://www.onvif.org/ver10/media/wsdl">{}</GetStreamUri>"#,
            token_of(camera)
        ),
    );
    let wanted = PROVINCE.source(camera, Profile::Sub).replace(&format!("{USER}:{PASSWORD}@"), "");
    assert_eq!(text(&uri, "Uri"), Some(wanted));
    let unknown = call(
        recorder,
        "/onvif/media_service",
        r#"<GetStreamUri xmlns="http://www.onvif.org/ver10/media/wsdl"><ProfileToken>x</ProfileToken></GetStreamUri>"#,
    );
    assert!(unknown.text().contains("ter:NoProfile"));
}

#[test]
fn behind_nat_addresses_are_of_another_network() {
    let recorder = (0..59).find(|&recorder| {
        let equipment = list().recorders[recorder].equipment;
        equipment.behind_nat && matches!(equipment.make, Make::Wisenet | Make::Generic)
    });
    let body = r#"<GetServices xmlns="http://www.onvif.org/ver10/device/wsdl"><IncludeCapability>false</IncludeCapability></GetServices>"#;
    let reply = call(recorder.expect("one stands behind NAT"), "/onvif/device_service", body);
    assert!(text(&reply, "XAddr").is_some_and(|address| address.starts_with("http://192.168.1.")));
}

#[test]
fn a_camera_moves_by_timeout_stop_preset_and_place() {
    let (recorder, camera) = turning(1);
    let token = token_of(camera);
    let pose = || PROVINCE.pose(camera).expect("it has motors");
    assert_eq!(pose().pan, HOME_PAN);
    let moved = ptz(
        recorder,
        &format!(
            "ContinuousMove|{token}<Velocity><tt:PanTilt x=\"1\" y=\"0\"/></Velocity><Timeout>PT0.3S</Timeout>"
        ),
    );
    assert_eq!(moved.status, 200, "{}", moved.text());
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let after = pose();
    assert!(after.pan > HOME_PAN + 10.0 && after.pan < HOME_PAN + 40.0, "{after:?}");

    let there = ptz(
        recorder,
        &format!(
            "AbsoluteMove|{token}<Position><tt:PanTilt x=\"60\" y=\"-40\" space=\"http://www.onvif.org/ver10/tptz/PanTiltSpaces/SphericalPositionSpaceDegrees\"/><tt:Zoom x=\"1\"/></Position>"
        ),
    );
    assert_eq!(there.status, 200, "{}", there.text());
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(pose(), Pose { pan: 60.0, tilt: 40.0, zoom: 4.0, roll: 0.0 });
    let status = ptz(recorder, &format!("GetStatus|{token}"));
    assert!(
        status.text().contains("IDLE")
            && status.text().contains(&format!("x=\"{:.6}\"", 60.0 / 350.0 * 2.0 - 1.0))
    );

    let set = ptz(recorder, &format!("SetPreset|{token}<PresetName>Giường 3 &amp; 4</PresetName>"));
    let number = text(&set, "PresetToken").expect("a number");
    ptz(recorder, &format!("GotoHomePosition|{token}"));
    let presets = ptz(recorder, &format!("GetPresets|{token}"));
    assert!(Document::parse(&presets.text()).is_ok() && presets.text().contains("Giường 3 &amp; 4"));
    assert_eq!(ptz(recorder, &format!("GotoPreset|{token}<PresetToken>{number}</PresetToken>")).status, 200);
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(pose().pan, 60.0);
    assert_eq!(
        ptz(recorder, &format!("RemovePreset|{token}<PresetToken>{number}</PresetToken>")).status,
        200
    );
    let gone = ptz(recorder, &format!("GotoPreset|{token}<PresetToken>{number}</PresetToken>"));
    assert!(gone.text().contains("ter:NoToken"));
    let verbs: Vec<String> = PROVINCE.commands(camera).into_iter().map(|command| command.verb).collect();
    assert_eq!(
        verbs,
        ["ContinuousMove", "AbsoluteMove", "SetPreset", "GotoHomePosition", "GotoPreset", "RemovePreset"]
    );
}

#[test]
fn what_cannot_be_done_is_a_fault() {
    let (recorder, camera) = turning(2);
    let token = token_of(camera);
    let too_far =
        ptz(recorder, &format!("AbsoluteMove|{token}<Position><tt:PanTilt x=\"1.5\" y=\"0\"/></Position>"));
    assert!(too_far.text().contains("ter:InvalidPosition"));
    let space = ptz(
        recorder,
        &format!(
            "AbsoluteMove|{token}<Position><tt:PanTilt x=\"0\" y=\"0\" space=\"urn:other\"/></Position>"
        ),
    );
    assert!(space.text().contains("ter:SpaceNotSupported"));
    let not_xml =
        client::ask(PROVINCE.http_port(recorder), "POST", "/onvif/ptz_service", "<a><b></a>", LOGIN);
    assert!(not_xml.text().contains("ter:WellFormed"));
    let bomb = format!(
        "<!DOCTYPE a [<!ENTITY b \"c\">]>{}",
        xml("", "<GetNodes xmlns=\"http://www.onvif.org/ver20/ptz/wsdl\"/>")
    );
    let refused = client::ask(PROVINCE.http_port(recorder), "POST", "/onvif/ptz_service", &bomb, LOGIN);
    assert!(refused.text().contains("ter:WellFormed"));
    assert_eq!(PROVINCE.commands(camera), []);
    let mut fixed = list().recorders[recorder].cameras.clone();
    let fixed = fixed.find(|&camera| list().cameras[camera].movement == Movement::Fixed).expect("some");
    let refused = ptz(recorder, &format!("GetStatus|{}", token_of(fixed)));
    assert!(refused.text().contains("ter:NoPTZProfile"));
}

#[test]
fn a_pull_point_tells_what_is_and_then_what_changes() {
    let (recorder, camera) = turning(3);
    let event = |path: &str, name: &str, inner: &str| {
        let body = format!(r#"<{name} xmlns="http://www.onvif.org/ver10/events/wsdl">{inner}</{name}>"#);
        call(recorder, path, &body)
    };
    let created = event("/onvif/event_service", "CreatePullPointSubscription", "");
    let address = text(&created, "Address").expect("an address");
    let path = format!("/onvif{}", address.split_once("/onvif").unwrap().1);
    let pull = |limit: usize| {
        event(&path, "PullMessages", &format!("<Timeout>PT5S</Timeout><MessageLimit>{limit}</MessageLimit>"))
    };
    let first = pull(100).text();
    let cameras = list().recorders[recorder].cameras.len();
    assert_eq!(first.matches("PropertyOperation=\"Initialized\"").count(), cameras * 4);
    PROVINCE.raise(camera, EventKind::Motion, true);
    let second = pull(100).text();
    assert_eq!(second.matches("NotificationMessage>").count(), 2, "one, opened and closed: {second}");
    let channel = list().cameras[camera].channel;
    assert!(second.contains("MotionAlarm") && second.contains(&format!("VideoSource_{channel}")));
    PROVINCE.raise(camera, EventKind::Motion, false);
    let unsubscribe = r#"<Unsubscribe xmlns="http://docs.oasis-open.org/wsn/b-2"/>"#;
    assert_eq!(call(recorder, &path, unsubscribe).status, 200);
    assert_ne!(text(&pull(1), "Fault"), None, "it is gone");
}

#[test]
fn a_mount_is_set_up_by_the_provisioning_service() {
    let found = (0..373).find(|&camera| list().cameras[camera].movement == Movement::SetUp);
    let camera = found.expect("some");
    let recorder = list().cameras[camera].recorder;
    let roll = |direction: &str| {
        let source = format!("<VideoSource>VideoSource_{}</VideoSource>", list().cameras[camera].channel);
        let body = format!(
            r#"<RollMove xmlns="http://www.onvif.org/ver10/provisioning/wsdl">{source}<Direction>{direction}</Direction><Timeout>PT0.5S</Timeout></RollMove>"#
        );
        call(recorder, "/onvif/provisioning_service", &body)
    };
    assert_ne!(text(&roll("Sideways"), "Fault"), None);
    let turned = roll("Clockwise");
    assert_eq!(turned.status, 200, "{}", turned.text());
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let pose = PROVINCE.pose(camera).unwrap();
    assert!(pose.roll > 1.0 && pose.pan == HOME_PAN, "{pose:?}");
}

#[test]
fn a_probe_finds_every_recorder_that_speaks_onvif() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let probe = r#"<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:1</w:MessageID></e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"#;
    socket.send_to(probe.as_bytes(), ("127.0.0.1", PROVINCE.discovery_port())).unwrap();
    let wanted =
        list().recorders.iter().filter(|r| matches!(r.equipment.make, Make::Wisenet | Make::Generic)).count();
    let mut ids = std::collections::HashSet::new();
    let mut datagram = vec![0; 8192];
    while ids.len() < wanted {
        let length = socket.recv(&mut datagram).expect("every one answers");
        let xml = std::str::from_utf8(&datagram[..length]).unwrap();
        let document = Document::parse(xml).unwrap();
        let of = |name: &str| {
            let node = document.descendants().find(|node| node.tag_name().name() == name);
            node.and_then(|node| node.text()).unwrap_or_default().to_owned()
        };
        assert_eq!(of("RelatesTo"), "uuid:1");
        assert!(ids.insert(of("MessageID")), "each is another");
    }
}

#[test]
fn five_wrong_passwords_lock_out_and_a_pardon_lets_in() {
    let province = start();
    let (recorder, _) = turning(0);
    let port = province.http_port(recorder);
    let target = "/stw-cgi/system.cgi?msubmenu=deviceinfo&action=view";
    for _ in 0..5 {
        assert_eq!(client::get(port, target, (USER, "guess")).status, 401);
    }
    assert_eq!(client::get(port, target, LOGIN).status, 490, "the right one does not help now");
    assert_eq!(province.recorder_counts(recorder).wrong_logins, 5);
    province.forgive(recorder);
    assert_eq!(client::get(port, target, LOGIN).status, 200);
}
