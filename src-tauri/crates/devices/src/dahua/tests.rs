//! Answers as Dahua's documents and devices have them, and what is asked for them.

use model::{Codec, DeviceEvent, EventKind, Pose, Span, Velocity};

use super::events::Heard;
use super::*;
use crate::http::testing::{Seen, answer, device};

const ENCODE: &str = "table.Encode[0].MainFormat[0].Video.Compression=H.265\r\ntable.Encode[0].MainFormat[0].Video.Width=1920\r\n\
    table.Encode[0].MainFormat[0].Video.Height=1080\r\ntable.Encode[0].MainFormat[0].Video.FPS=25\r\n\
    table.Encode[0].MainFormat[0].Video.BitRate=2048\r\ntable.Encode[0].MainFormat[0].AudioEnable=true\r\n\
    table.Encode[0].ExtraFormat[0].Video.Compression=H.264H\r\ntable.Encode[0].ExtraFormat[0].Video.resolution=640x360\r\n\
    table.Encode[0].ExtraFormat[0].VideoEnable=true\r\ntable.Encode[0].ExtraFormat[1].Video.Compression=H.264\r\n\
    table.Encode[0].ExtraFormat[1].VideoEnable=false\r\n";
const CAPS: &str = "caps.Pan=true\r\ncaps.Tile=true\r\ncaps.Zoom=true\r\ncaps.Focus=true\r\ncaps.Iris=false\r\ncaps.Preset=true\r\n\
    caps.PresetMax=300\r\ncaps.PtzMotionRange.HorizontalAngle[0]=0\r\ncaps.PtzMotionRange.HorizontalAngle[1]=350\r\n\
    caps.PtzMotionRange.VerticalAngle[0]=0\r\ncaps.PtzMotionRange.VerticalAngle[1]=67\r\n";

/// A dome; `first`: from which number its `ptz.cgi` counts.
fn dome(first: u32) -> (crate::http::Client, Seen) {
    device(None, move |request| good(request, first))
}

/// What a dome answers.
pub(crate) fn good(request: &str, first: u32) -> String {
    let says = |body: &str| answer("200 OK", body);
    let is = |part: &str| request.contains(part);
    if is("action=getSystemInfo") {
        says("serialNumber=2K02A51PAA00001\r\ndeviceType=31\r\n")
    } else if is("action=getDeviceType") {
        says("type=SD49225T-HN\r\n")
    } else if is("action=getSoftwareVersion") {
        says("version=2.622.0000000.18.R,build:2018-11-08\r\n")
    } else if is("action=getVendor") {
        says("vendor=General\r\n")
    } else if is("action=getCurrentTime") {
        says("result=2021-07-16 08:02:03\r\n")
    } else if is("name=Encode") {
        says(ENCODE)
    } else if is("name=ChannelTitle") {
        says("table.ChannelTitle[0].Name=<img src=x onerror=1>\r\n")
    } else if is("name=RTSP") {
        says("table.RTSP.Port=5540\r\n")
    } else if is("ptz.cgi") && !is(&format!("channel={first}")) {
        answer("400 Bad Request", "Error\r\nBad Request!\r\n")
    } else if is("action=getCurrentProtocolCaps") {
        says(CAPS)
    } else if is("action=getStatus") {
        says(
            "status.Postion[0]=120.5\r\nstatus.Postion[1]=-3.25\r\nstatus.Postion[2]=2\r\nstatus.MoveStatus=Moving\r\n",
        )
    } else if is("action=getPresets") {
        says("presets[0].Index=1\r\npresets[0].Name=Gate\r\npresets[1].Index=2\r\npresets[1].Name=\r\n")
    } else {
        says("OK\r\n")
    }
}

#[tokio::test(start_paused = true)]
async fn a_dome_says_what_it_is_and_can_do() {
    let (client, _) = dome(1);
    let met = meet(&client, None).await.unwrap();
    let facts = &met.facts;
    assert_eq!(
        [&facts.make, &facts.model, &facts.firmware, &facts.serial].map(String::as_str),
        ["Dahua", "SD49225T-HN", "2.622.0000000.18.R", "2K02A51PAA00001"]
    );
    let [channel] = &met.channels[..] else { panic!("{} channels", met.channels.len()) };
    assert_eq!((channel.number, channel.name.as_str(), channel.sound), (1, "<img src=x onerror=1>", true));
    let found: Vec<_> = channel.profiles.iter().map(|p| (p.address.to_string(), p.codec.unwrap())).collect();
    let at = |n: u32| format!("rtsp://192.0.2.7:5540/cam/realmonitor?channel=1&subtype={n}");
    assert_eq!(found, [(at(0), Codec::H265), (at(1), Codec::H264)]);
    let reach = channel.steer.as_ref().unwrap().reach();
    assert_eq!(
        (reach.pan, reach.tilt),
        (Some(Span { least: 0.0, most: 350.0 }), Some(Span { least: 0.0, most: 67.0 }))
    );
    assert!(!reach.wraps && reach.zoom.is_some() && !channel.lens.as_ref().unwrap().has_iris());
    let (pose, moves) = channel.steer.as_ref().unwrap().pose().await.unwrap();
    assert_eq!((pose, moves), (Pose { pan: 120.5, tilt: -3.25, zoom: 2.0 }, Some(true)));
}

#[tokio::test(start_paused = true)]
async fn motors_are_asked_by_the_number_that_the_device_counts_from() {
    for first in [0, 1] {
        let (client, seen) = dome(first);
        let met = meet(&client, None).await.unwrap();
        let before = seen.asked().len();
        met.channels[0].steer.as_ref().unwrap().go(Velocity { zoom: 1.0, ..Velocity::STILL }).await.unwrap();
        assert!(
            seen.asked()[before].contains(&format!("&channel={first}&code=ZoomTele&")),
            "{:?}",
            seen.asked()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_movement_is_stopped_by_the_name_that_it_was_begun_by() {
    let (client, seen) = dome(1);
    let met = meet(&client, None).await.unwrap();
    let steer = met.channels[0].steer.clone().unwrap();
    let before = seen.asked().len();
    steer.go(Velocity { pan: -1.0, tilt: 0.5, zoom: 0.0 }).await.unwrap();
    steer.go(Velocity { pan: 0.0, tilt: -0.1, zoom: -1.0 }).await.unwrap();
    steer.stop().await.unwrap();
    steer.stop().await.unwrap();
    let asked: Vec<_> = seen.asked()[before..]
        .iter()
        .map(|asked| asked.replace("GET /cgi-bin/ptz.cgi?action=", "").replace("&channel=1&code=", " "))
        .collect();
    assert_eq!(
        asked,
        [
            "start LeftUp&arg1=4&arg2=8&arg3=0",
            "stop LeftUp&arg1=0&arg2=0&arg3=0",
            "start Down&arg1=0&arg2=1&arg3=0",
            "start ZoomWide&arg1=0&arg2=8&arg3=0",
            "stop Down&arg1=0&arg2=0&arg3=0",
            "stop ZoomWide&arg1=0&arg2=0&arg3=0",
            "stop Right&arg1=0&arg2=0&arg3=0",
            "stop ZoomTele&arg1=0&arg2=0&arg3=0",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn presets_focus_and_places_are_asked_for_in_its_words() {
    let (client, seen) = dome(1);
    let met = meet(&client, None).await.unwrap();
    let steer = met.channels[0].steer.clone().unwrap();
    let presets = steer.presets().unwrap();
    let list: Vec<_> = presets.list().await.unwrap().into_iter().map(|p| (p.token, p.name)).collect();
    assert_eq!(list, [("1".to_owned(), "Gate".to_owned()), ("2".to_owned(), String::new())]);
    let before = seen.asked().len();
    presets.recall("2").await.unwrap();
    assert_eq!(presets.keep(None, "Cổng").await.unwrap().token, "3");
    presets.forget("1").await.unwrap();
    steer.turn_to(Pose { pan: 355.0, tilt: 10.0, zoom: 0.0 }).await.unwrap();
    let lens = met.channels[0].lens.clone().unwrap();
    lens.focus(-1.0).await.unwrap();
    lens.focus(0.0).await.unwrap();
    let after = |asked: &String| asked.rsplit_once("&channel=1&").map(|(_, rest)| rest.to_owned());
    let commands: Vec<_> = seen.asked()[before..].iter().filter_map(after).collect();
    for wanted in [
        "code=GotoPreset&arg1=0&arg2=2&arg3=0",
        "code=SetPreset&arg1=0&arg2=3&arg3=0",
        "arg1=3&arg2=C%E1%BB%95ng",
        "code=ClearPreset&arg1=0&arg2=1&arg3=0",
        "code=PositionABS&arg1=350.0&arg2=10.0&arg3=1.0",
        "code=FocusNear&arg1=0&arg2=8&arg3=0",
        "code=FocusNear&arg1=0&arg2=0&arg3=0",
    ] {
        assert!(commands.iter().any(|asked| asked == wanted), "{wanted} is not in {commands:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_fixed_camera_offers_no_motors_and_a_router_is_no_dahua() {
    let (client, _) = device(None, |request| {
        if request.contains("getSystemInfo") {
            answer("200 OK", "deviceType=IPC-HFW1230S\r\n")
        } else if request.contains("name=Encode") {
            answer("200 OK", ENCODE)
        } else {
            answer("400 Bad Request", "Error\r\nBad Request!\r\n")
        }
    });
    let met = meet(&client, None).await.unwrap();
    assert!(met.channels[0].steer.is_none() && met.channels[0].lens.is_none() && met.clock.is_none());
    let (router, _) = device(None, |_| answer("200 OK", "<html></html>"));
    assert_eq!(meet(&router, None).await.unwrap_err(), Fault::NotOffered);
}

#[test]
fn events_are_changes_of_what_goes_on() {
    let mut heard = Heard::default();
    let lines = "--myboundary\r\nContent-Type: text/plain\r\nContent-Length:89\r\n\r\nCode=VideoMotion;action=Start;index=0;data={\r\n\
        \"Id\": [0]\r\n}\r\nCode=VideoMotion;action=Start;index=0\r\nCode=VideoLoss;action=Start;index=3\r\n\
        Code=AlarmLocal;action=Start;index=1\r\nCode=NTPAdjustTime;action=Pulse;index=0\r\nCode=VideoMotion;action=Stop;index=0\r\n\
        Code=VideoMotion;action=Start;index=4294967295\r\nCode=;action=;index=\r\nHeartbeat\r\n";
    let events: Vec<_> = lines.lines().filter_map(|line| heard.line(line)).collect();
    let event = |channel, kind, active| DeviceEvent { channel, kind, active, at: None };
    assert_eq!(
        events,
        [
            event(Some(1), EventKind::Motion, true),
            event(Some(4), EventKind::VideoLoss, true),
            event(None, EventKind::AlarmInput, true),
            event(Some(1), EventKind::Motion, false),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_says_that_it_is_still_there_and_its_absence_that_it_is_not() {
    let (client, _) = device(None, |_| {
        "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=myboundary\r\n\r\n--myboundary\r\n\r\n\
         Code=VideoBlind;action=Start;index=0\r\n\r\n--myboundary\r\n\r\nHeartbeat\r\n\r\n"
            .to_owned()
    });
    let mut listening = Notices { client }.listen().await.unwrap();
    assert_eq!(listening.next().await.unwrap()[0].kind, EventKind::Tampering);
    assert_eq!(listening.next().await.unwrap(), []);
    assert!(matches!(listening.next().await, Err(Fault::NoAnswer(_))));
    listening.close().await;
}

#[test]
fn time_is_in_the_zone_where_the_program_runs() {
    let zone = TimeZone::fixed(jiff::tz::offset(7));
    let at = told(&Fields::lines("result=2021-07-16 08:02:03"), &zone).unwrap();
    assert_eq!(at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs(), 1_626_397_323);
    assert_eq!(told(&Fields::lines("result=now"), &zone), None);
}
