//! SUNAPI over HTTP. A province without clips is enough.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::LazyLock;
use std::time::Duration;

use crate::http::{auth, client};
use crate::motor::HOME_PAN;
use crate::{EventKind, Make, Options, PASSWORD, Province, USER, list};

const LOGIN: (&str, &str) = (USER, PASSWORD);

static PROVINCE: LazyLock<Province> = LazyLock::new(|| {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    Province::start(options).expect("ports can be opened")
});

/// The `nth` Wisenet recorder with a camera that turns, and that camera.
fn turning(nth: usize) -> (usize, usize) {
    let wisenet = |recorder: &usize| list().recorders[*recorder].equipment.make == Make::Wisenet;
    let ptz = |recorder: usize| {
        let mut cameras = list().recorders[recorder].cameras.clone();
        Some((recorder, cameras.find(|&camera| list().cameras[camera].movement.is_ptz())?))
    };
    (0..59).filter(wisenet).filter_map(ptz).nth(nth).expect("there are enough")
}

fn get(recorder: usize, target: &str) -> String {
    let reply = client::get(PROVINCE.http_port(recorder), &format!("/stw-cgi/{target}"), LOGIN);
    assert_eq!(reply.status, 200, "failures come with 200 too: {target}");
    reply.text()
}

#[test]
fn it_says_what_it_is_and_what_it_can() {
    let (recorder, camera) = turning(0);
    let channel = list().cameras[camera].channel - 1;
    assert!(get(recorder, "system.cgi?msubmenu=deviceinfo&action=view").contains("Model=XRN-1620SB1\r\n"));
    assert!(get(recorder, "system.cgi?msubmenu=date&action=view").contains("POSIXTimeZone=STWT-7"));
    let profiles = get(recorder, &format!("media.cgi?msubmenu=videoprofile&action=view&Channel={channel}"));
    assert!(profiles.contains(&format!("Channel.{channel}.Profile.2.Resolution=640x360\r\n")), "{profiles}");
    let uri = get(
        recorder,
        &format!("media.cgi?msubmenu=streamuri&action=view&Channel={channel}&MediaType=Live&Profile=2"),
    );
    assert!(uri.contains(&format!("/LiveChannel/{channel}/media.smp/profile=2")));
    let attributes = get(recorder, "attributes.cgi/attributes");
    let document = roxmltree::Document::parse(&attributes).unwrap();
    let own =
        document.descendants().find(|node| node.attribute("number") == Some(&channel.to_string())).unwrap();
    let real = own.children().find(|node| node.attribute("name") == Some("RealPTZ")).unwrap();
    assert_eq!(real.attribute("value"), Some("True"));
}

#[test]
fn a_move_goes_on_until_it_is_stopped() {
    let (recorder, camera) = turning(1);
    let channel = list().cameras[camera].channel - 1;
    let control =
        |rest: &str| get(recorder, &format!("ptzcontrol.cgi?action=control&Channel={channel}&{rest}"));
    assert_eq!(control("msubmenu=continuous&NormalizedSpeed=True&Pan=-40&Tilt=0&Zoom=0"), "OK\r\n");
    std::thread::sleep(Duration::from_millis(50));
    assert!(PROVINCE.is_moving(camera));
    assert_eq!(control("msubmenu=stop&OperationType=All"), "OK\r\n");
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(PROVINCE.pose(camera).unwrap().pan < HOME_PAN);
    assert_eq!(control("msubmenu=absolute&Pan=300&Tilt=12.5&Zoom=2"), "OK\r\n");
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let query = get(
        recorder,
        &format!("ptzcontrol.cgi?msubmenu=query&action=view&Channel={channel}&Query=Pan,Tilt,Zoom"),
    );
    assert_eq!(
        query,
        format!(
            "Channel.{channel}.Pan=300.00\r\nChannel.{channel}.Tilt=12.50\r\nChannel.{channel}.Zoom=2.00\r\n"
        )
    );
    let pose = PROVINCE.pose(camera).unwrap();
    assert_eq!(
        control("msubmenu=areazoom&X1=800&Y1=450&X2=1120&Y2=630&TileWidth=1920&TileHeight=1080&Type=ZoomIn"),
        "OK\r\n"
    );
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let after = PROVINCE.pose(camera).unwrap();
    assert!((after.pan - pose.pan).abs() < 1e-6 && after.zoom == 4.0, "the box was in the middle: {after:?}");
}

#[test]
fn refusals_are_words_and_numbers() {
    let (recorder, camera) = turning(2);
    let channel = list().cameras[camera].channel - 1;
    for (target, code) in [
        (
            format!(
                "ptzcontrol.cgi?msubmenu=continuous&action=control&Channel={channel}&NormalizedSpeed=True&Pan=101"
            ),
            604,
        ),
        (format!("ptzcontrol.cgi?msubmenu=continuous&action=control&Channel={channel}"), 601),
        ("ptzcontrol.cgi?msubmenu=home&action=control&Channel=77".to_owned(), 612),
        (format!("ptzcontrol.cgi?msubmenu=swing&action=control&Channel={channel}"), 607),
        ("system.cgi?msubmenu=nothing&action=view".to_owned(), 607),
    ] {
        let text = get(recorder, &target);
        assert!(text.starts_with(&format!("NG\r\nError Code: {code}\r\n")), "{target}: {text}");
    }
    assert_eq!(PROVINCE.commands(camera), []);
}

#[test]
fn the_monitor_tells_all_states_and_then_each_change() {
    let (recorder, camera) = turning(3);
    let port = PROVINCE.http_port(recorder);
    let target = "/stw-cgi/eventstatus.cgi?msubmenu=eventstatus&action=monitordiff";
    let challenge = client::send(port, "GET", target, "", "");
    let challenge = challenge.head.lines().find_map(|line| line.strip_prefix("WWW-Authenticate: ")).unwrap();
    let answer = auth::answer(challenge, "GET", target, LOGIN);
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(socket, "GET {target} HTTP/1.1\r\nAuthorization: {answer}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(socket).lines().map(Result::unwrap);
    let name = format!("Channel.{}.MotionDetection", list().cameras[camera].channel - 1);
    assert!(lines.any(|line| line == format!("{name}=False")), "the state comes first");
    PROVINCE.raise(camera, EventKind::Motion, true);
    assert!(lines.any(|line| line == format!("{name}=True")));
    PROVINCE.raise(camera, EventKind::Motion, false);
    assert!(lines.any(|line| line == format!("{name}=False")));
}
