//! ISAPI over HTTP. A province without clips is enough.

use std::sync::LazyLock;
use std::time::Duration;

use roxmltree::Document;

use crate::http::client::{self, Reply};
use crate::motor::HOME_PAN;
use crate::{Make, Options, PASSWORD, Province, USER, list};

static PROVINCE: LazyLock<Province> = LazyLock::new(|| {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    Province::start(options).expect("ports can be opened")
});

fn turning() -> (usize, usize) {
    let camera = (0..373).find(|&camera| {
        let about = &list().cameras[camera];
        about.movement.is_ptz() && list().recorders[about.recorder].equipment.make == Make::Hikvision
    });
    camera.map(|camera| (list().cameras[camera].recorder, camera)).expect("some")
}

fn ask(recorder: usize, method: &str, path: &str, body: &str) -> Reply {
    client::ask(PROVINCE.http_port(recorder), method, &format!("/ISAPI/{path}"), body, (USER, PASSWORD))
}

#[test]
fn it_says_what_it_is_in_xml() {
    let (recorder, _) = turning();
    for (path, name, count) in [
        ("System/deviceInfo", "model", 1),
        ("System/time", "localTime", 1),
        ("Streaming/channels", "StreamingChannel", list().recorders[recorder].cameras.len() * 2),
        ("Streaming/channels/101", "videoCodecType", 1),
    ] {
        let text = ask(recorder, "GET", path, "").text();
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(
            document.descendants().filter(|node| node.tag_name().name() == name).count(),
            count,
            "{path}"
        );
    }
}

#[test]
fn a_momentary_move_expires_and_places_are_in_tenths() {
    let (recorder, camera) = turning();
    let path = format!("PTZCtrl/channels/{}", list().cameras[camera].channel);
    let move_it = "<PTZData><pan>100</pan><tilt>0</tilt><zoom>0</zoom><Momentary><duration>300</duration></Momentary></PTZData>";
    assert_eq!(ask(recorder, "PUT", &format!("{path}/momentary"), move_it).status, 200);
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(PROVINCE.pose(camera).unwrap().pan > HOME_PAN + 10.0);
    let place = "<PTZData><AbsoluteHigh><elevation>300</elevation><azimuth>425</azimuth><absoluteZoom>20</absoluteZoom></AbsoluteHigh></PTZData>";
    assert_eq!(ask(recorder, "PUT", &format!("{path}/absolute"), place).status, 200);
    while PROVINCE.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let status = ask(recorder, "GET", &format!("{path}/status"), "").text();
    assert!(
        status.contains("<elevation>300</elevation><azimuth>425</azimuth><absoluteZoom>20</absoluteZoom>"),
        "{status}"
    );
    let bad = ask(recorder, "PUT", &format!("{path}/continuous"), "<PTZData><pan>101</pan></PTZData>");
    assert!(bad.status == 400 && bad.text().contains("badParameters"));
    assert_eq!(ask(recorder, "PUT", &format!("{path}/patrols/1/start"), "").status, 403);
    let verbs: Vec<String> = PROVINCE.commands(camera).into_iter().map(|command| command.verb).collect();
    assert_eq!(verbs, ["momentary", "absolute"]);
}
