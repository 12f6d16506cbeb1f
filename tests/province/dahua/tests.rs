//! Dahua's CGI over HTTP. A province without clips is enough.

use std::time::Duration;

use crate::http::client;
use crate::motor::HOME_PAN;
use crate::{Make, Options, PASSWORD, Province, USER, list};

#[test]
fn it_says_what_it_is_and_moves_until_it_is_stopped() {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    let province = Province::start(options).expect("ports can be opened");
    let camera = (0..373).find(|&camera| {
        let about = &list().cameras[camera];
        about.movement.is_ptz() && list().recorders[about.recorder].equipment.make == Make::Dahua
    });
    let camera = camera.expect("some");
    let about = &list().cameras[camera];
    let get = |target: &str| {
        client::get(province.http_port(about.recorder), &format!("/cgi-bin/{target}"), (USER, PASSWORD))
    };
    assert_eq!(get("magicBox.cgi?action=getDeviceType").text(), "type=DHI-NVR4216-4KS2\r\n");
    let encode = get("configManager.cgi?action=getConfig&name=Encode").text();
    assert!(encode.contains("table.Encode[0].ExtraFormat[0].Video.Width=640\r\n"));
    assert_eq!(get("configManager.cgi?action=getConfig&name=Nothing").status, 400);
    // Every other recorder's PTZ channels count from 0.
    let channel = about.channel - about.recorder / 10 % 2;
    let ptz = |rest: &str| get(&format!("ptz.cgi?channel={channel}&{rest}")).text();
    assert_eq!(ptz("action=start&code=Left&arg1=0&arg2=5&arg3=0"), "OK\r\n");
    std::thread::sleep(Duration::from_millis(50));
    assert!(province.is_moving(camera));
    assert_eq!(ptz("action=stop&code=Left&arg1=0&arg2=0&arg3=0"), "OK\r\n");
    while province.is_moving(camera) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(province.pose(camera).unwrap().pan < HOME_PAN);
    assert!(ptz("action=getStatus").contains("status.MoveStatus=Idle"));
    assert_eq!(
        get(&format!("ptz.cgi?channel={channel}&action=start&code=GotoPreset&arg1=0&arg2=99&arg3=0")).status,
        400
    );
}
