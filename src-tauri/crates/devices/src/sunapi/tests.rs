//! Answers as SUNAPI's documents and devices have them, and what is asked for them.

use model::{Codec, DeviceEvent, EventKind, Pose, Span, Velocity};

use super::attributes::Attributes;
use super::events::Heard;
use super::*;
use crate::http::testing::{Seen, answer, device};

const WHO_CAMERA: &str =
    "Model=XNP-6320H\r\nSerialNumber=ZC9V70GH\r\nFirmwareVersion=1.40.02_20200101\r\nDeviceType=NWC\r\n";
const WHO_RECORDER: &str = "Model=LRN-1610S\r\nFirmwareVersion=v2.10_1803\r\nDeviceType=NVR\r\nConnectedMACAddress=00:09:18:30:97:01\r\n";
const DATE: &str =
    r#"{"LocalTime":"2022-02-13 09:10:43","UTCTime":"2022-02-13 02:10:43","POSIXTimeZone":"ICT-7"}"#;
const PROFILES: &str = "Channel.0.Profile.1.Name=MJPEG\r\nChannel.0.Profile.1.EncodingType=MJPEG\r\n\
    Channel.0.Profile.1.Resolution=1280x720\r\nChannel.0.Profile.1.FrameRate=1\r\nChannel.0.Profile.1.Bitrate=6144\r\n\
    Channel.0.Profile.2.Name=H.265\r\nChannel.0.Profile.2.EncodingType=H265\r\nChannel.0.Profile.2.Resolution=1920x1080\r\n\
    Channel.0.Profile.2.FrameRate=25\r\nChannel.0.Profile.2.Bitrate=2048\r\nChannel.0.Profile.2.AudioInputEnable=True\r\n\
    Channel.0.Profile.10.Name=MOBILE\r\nChannel.0.Profile.10.EncodingType=H264\r\n\
    Channel.0.Profile.10.Resolution=640x360\r\nChannel.0.Profile.10.FrameRate=12\r\nChannel.0.Profile.10.Bitrate=256\r\n";

pub(super) const ATTRIBUTES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><capabilities><attributes>
    <group name="System"><category name="Limit"><attribute name="MaxChannel" type="int" value="1"/></category></group>
    <group name="Media"><category name="Limit"><channel number="0">
        <attribute name="MaxAudioOutput" type="int" value="1"/></channel></category></group>
    <group name="Image"><category name="Support"><channel number="0">
        <attribute name="SimpleFocus" type="bool" value="True"/></channel></category></group>
    <group name="PTZSupport"><category name="Support"><channel number="0">
        <attribute name="RealPTZ" type="bool" value="True"/>
        <attribute name="Absolute.Pan" type="bool" value="True"/><attribute name="Absolute.Tilt" type="bool" value="True"/>
        <attribute name="Absolute.Zoom" type="bool" value="True"/><attribute name="Continuous.Pan" type="bool" value="True"/>
        <attribute name="Continuous.Tilt" type="bool" value="True"/><attribute name="Continuous.Zoom" type="bool" value="True"/>
        <attribute name="Continuous.Focus" type="bool" value="True"/><attribute name="Query.Pan" type="bool" value="True"/>
        <attribute name="Query.Tilt" type="bool" value="True"/><attribute name="Query.Zoom" type="bool" value="True"/>
        <attribute name="Preset" type="bool" value="True"/><attribute name="Home" type="bool" value="True"/>
        <attribute name="AuxCommands" type="csv" value="WiperOn,HeaterOn,HeaterOff"/>
    </channel></category><category name="Limit"><channel number="0">
        <attribute name="MaxPreset" type="int" value="300"/></channel></category></group></attributes></capabilities>"#;
pub(super) const RANGES: &str = r#"<cgis><cgi name="ptzcontrol"><submenu name="absolute"><action name="control">
    <parameter name="Pan" request="true"><dataType><float min="0" max="350"/></dataType></parameter>
    <parameter name="Tilt" request="true"><dataType><float min="0" max="67"/></dataType></parameter>
    <parameter name="Zoom" request="true"><dataType><int min="1" max="32"/></dataType></parameter>
    </action></submenu></cgi></cgis>"#;
pub(super) const FOUND: &str = r#"{"SmartSearchResults":[{"Channel":0,"Results":[
    {"StartTime":"2021-07-16 08:10:00","EndTime":"2021-07-16 08:10:20","EventType":"Motion"},
    {"StartTime":"2021-07-16 08:30:05","EndTime":"2021-07-16 08:30:05","EventType":"Enter"}]}]}"#;

fn camera() -> (crate::http::Client, Seen) {
    device(None, good)
}

/// What a camera with motors answers.
pub(crate) fn good(request: &str) -> String {
    let says = |body: &str| answer("200 OK", body);
    let is = |part: &str| request.contains(part);
    if is("msubmenu=deviceinfo") {
        says(WHO_CAMERA)
    } else if is("/attributes.cgi/attributes") {
        says(ATTRIBUTES)
    } else if is("/attributes.cgi/ptzcontrol") {
        says(RANGES)
    } else if is("msubmenu=date") {
        says(DATE)
    } else if is("msubmenu=videoprofile") {
        says(PROFILES)
    } else if is("msubmenu=videosource") {
        says("Channel.0.Name=Cổng chính\r\n")
    } else if is("msubmenu=streamuri") {
        says("URI=rtsp://192.168.1.100:554/0/profile1/media.smp\r\n")
    } else if is("msubmenu=query") {
        says("Pan=120.50\r\nTilt=12.25\r\nZoom=3.00\r\n")
    } else if is("ptzcontrol.cgi?msubmenu=preset&action=view") {
        says("Channel.0.Preset.1.Name=Gate\r\nChannel.0.Preset.3.Name=<img src=x>\r\n")
    } else if is("Name=C%E1%BB%95ng") {
        says("NG\r\nError Code: 604\r\nError Details: Invalid Parameter Value\r\n")
    } else if is("smartsearch&action=control&Mode=Start") {
        says("SearchToken=17\r\n")
    } else if is("smartsearch&action=view&Type=Status") {
        says("Status=Completed\r\n")
    } else if is("smartsearch&action=view&Type=Results") {
        says(FOUND)
    } else if is("msubmenu=home") {
        says("NG\r\nError Code: 607\r\nError Details: Busy\r\n")
    } else {
        says("OK")
    }
}

#[tokio::test(start_paused = true)]
async fn a_camera_says_what_it_is_and_can_do() {
    let (client, _) = camera();
    let met = meet(&client, None).await.unwrap();
    assert_eq!((met.facts.model.as_str(), met.facts.firmware.as_str()), ("XNP-6320H", "1.40.02_20200101"));
    assert!(met.clock.unwrap().ahead_ms < 0, "2022 is over");
    let [channel] = &met.channels[..] else { panic!("{} channels", met.channels.len()) };
    assert_eq!(
        (channel.number, channel.name.as_str(), channel.sound, channel.talk),
        (1, "Cổng chính", true, true)
    );
    let found: Vec<_> =
        channel.profiles.iter().map(|p| (p.address.to_string(), p.codec.unwrap(), p.mbps.unwrap())).collect();
    let at = |n: u32| format!("rtsp://192.0.2.7:554/0/profile{n}/media.smp");
    assert_eq!(
        found,
        [(at(2), Codec::H265, 2.048), (at(1), Codec::Mjpeg, 6.144), (at(10), Codec::H264, 0.256)]
    );
    let steer = channel.steer.as_ref().unwrap();
    let reach = steer.reach();
    assert_eq!(reach.pan, Some(Span { least: 0.0, most: 350.0 }));
    assert_eq!(reach.tilt, Some(Span { least: 0.0, most: 67.0 }));
    assert_eq!(reach.zoom, Some(Span { least: 1.0, most: 32.0 }));
    assert!(!reach.wraps && !channel.set_up_only);
    assert_eq!(steer.expires(), None, "it never ends by itself");
    assert_eq!(channel.auxiliary.as_ref().unwrap().list(), ["Wiper", "Heater"]);
    assert!(!channel.lens.as_ref().unwrap().has_iris());
}

#[tokio::test(start_paused = true)]
async fn steering_is_asked_for_in_its_words() {
    let (client, seen) = camera();
    let met = meet(&client, None).await.unwrap();
    let steer = met.channels[0].steer.clone().unwrap();
    let before = seen.asked().len();
    steer.go(Velocity { pan: -0.5, tilt: 1.0, zoom: f32::NAN }).await.unwrap();
    steer.stop().await.unwrap();
    steer.turn_to(Pose { pan: 400.0, tilt: -5.0, zoom: 4.0 }).await.unwrap();
    let (pose, moves) = steer.pose().await.unwrap();
    assert_eq!((pose, moves), (Pose { pan: 120.5, tilt: 12.25, zoom: 3.0 }, None));
    let at = |rest: &str| format!("GET /stw-cgi/ptzcontrol.cgi?{rest}");
    assert_eq!(
        seen.asked()[before..],
        [
            at("msubmenu=continuous&action=control&Channel=0&NormalizedSpeed=True&Pan=-50&Tilt=100&Zoom=0"),
            at("msubmenu=stop&action=control&Channel=0&OperationType=All"),
            at("msubmenu=absolute&action=control&Channel=0&Pan=350.00&Tilt=0.00&Zoom=4.00"),
            at("msubmenu=query&action=view&Channel=0&Query=Pan,Tilt,Zoom"),
        ]
    );
    assert_eq!(steer.home().await, Err(Fault::DeviceSays("Busy (607)".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn presets_are_listed_recalled_kept_and_forgotten() {
    let (client, seen) = camera();
    let met = meet(&client, None).await.unwrap();
    let steer = met.channels[0].steer.clone().unwrap();
    let presets = steer.presets().unwrap();
    assert_eq!(presets.most(), 255);
    let names: Vec<_> = presets.list().await.unwrap().into_iter().map(|p| (p.token, p.name)).collect();
    assert_eq!(names, [("1".to_owned(), "Gate".to_owned()), ("3".to_owned(), "<img src=x>".to_owned())]);
    let before = seen.asked().len();
    presets.recall("3").await.unwrap();
    assert_eq!(presets.recall("3&Channel=1").await, Err(Fault::NotFound));
    // A name that the device doesn't take costs the name, not the place.
    let kept = presets.keep(None, "Cổng sau").await.unwrap();
    assert_eq!((kept.token.as_str(), kept.name.as_str()), ("2", "Preset2"));
    presets.keep(Some("3"), "Back").await.unwrap();
    presets.forget("3").await.unwrap();
    let asked: Vec<_> =
        seen.asked()[before..].iter().filter(|asked| !asked.contains("action=view")).cloned().collect();
    let at = |cgi: &str, rest: &str| format!("GET /stw-cgi/{cgi}.cgi?msubmenu=preset&action={rest}");
    assert_eq!(
        asked,
        [
            at("ptzcontrol", "control&Channel=0&Preset=3"),
            at("ptzconfig", "add&Channel=0&Preset=2&Name=C%E1%BB%95ng%20sau"),
            at("ptzconfig", "add&Channel=0&Preset=2&Name=Preset2"),
            at("ptzconfig", "update&Channel=0&Preset=3&Name=Back"),
            at("ptzconfig", "remove&Channel=0&Preset=3"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn lens_and_switches_are_asked_for_as_offered() {
    let (client, seen) = camera();
    let met = meet(&client, None).await.unwrap();
    let before = seen.asked().len();
    let lens = met.channels[0].lens.clone().unwrap();
    lens.focus(0.2).await.unwrap();
    lens.focus(0.0).await.unwrap();
    lens.auto_focus().await.unwrap();
    assert_eq!(lens.iris(1.0).await, Err(Fault::NotOffered));
    let auxiliary = met.channels[0].auxiliary.clone().unwrap();
    auxiliary.switch("Wiper", true).await.unwrap();
    assert_eq!(auxiliary.switch("Wiper", false).await, Err(Fault::NotOffered), "it wipes once");
    assert_eq!(auxiliary.switch("Door", true).await, Err(Fault::NotFound));
    met.channels[0].key_frame.as_ref().unwrap().ask().await.unwrap();
    let asked: Vec<_> = seen.asked()[before..]
        .iter()
        .map(|asked| asked.rsplit_once("&action=control").unwrap().1.to_owned())
        .collect();
    assert_eq!(
        asked,
        [
            "&Channel=0&Focus=Far",
            "&Channel=0&Focus=Stop",
            "&Channel=0&Mode=SimpleFocus",
            "&Channel=0&Command=WiperOn",
            "&Channel=0&Profile=2",
            "&Channel=0&Profile=10"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_recorder_has_a_channel_for_each_camera_and_streams_at_its_own_port() {
    let (client, _) = device(None, |request| {
        let is = |part: &str| request.contains(part);
        if is("msubmenu=deviceinfo") {
            answer("200 OK", WHO_RECORDER)
        } else if is("msubmenu=videoprofile") {
            let of = |channel: u32| PROFILES.replace("Channel.0.", &format!("Channel.{channel}."));
            answer("200 OK", &format!("{}{}", of(0), of(10)))
        } else if is("msubmenu=streamuri") && is("Channel=0&") && is("ClientType=PC") {
            answer("200 OK", "URI=rtsp://10.0.0.5:558/LiveChannel/0/media.smp")
        } else if is("msubmenu=streamuri") {
            answer("200 OK", "NG\r\nError Code: 605\r\n")
        } else {
            answer("404 Not Found", "")
        }
    });
    let met = meet(&client, Some(10558)).await.unwrap();
    assert_eq!(met.facts.serial, "00:09:18:30:97:01");
    assert!(met.clock.is_none() && met.channels.iter().all(|channel| channel.steer.is_none()));
    let addresses: Vec<_> =
        met.channels.iter().map(|c| (c.number, c.profiles[0].address.to_string())).collect();
    let at = |channel: u32| format!("rtsp://192.0.2.7:10558/LiveChannel/{channel}/media.smp/profile=2");
    assert_eq!(addresses, [(1, at(0)), (11, at(10))]);
}

#[test]
fn the_other_streams_are_where_the_one_that_was_asked_for_is() {
    let at = |told: Option<&str>, recorder, several| {
        let pattern = streams::Pattern::of(told, 3, 1, recorder, several);
        let address = pattern.address(&crate::http::testing::origin(), 7, None).unwrap();
        address.to_string().replace("rtsp://192.0.2.7", "")
    };
    assert_eq!(
        at(Some("rtsp://10.0.0.5:554/3/profile1/media.smp"), false, true),
        ":554/3/profile7/media.smp"
    );
    assert_eq!(
        at(Some("rtsp://10.0.0.5:558/LiveChannel/3/media.smp"), true, true),
        ":558/LiveChannel/3/media.smp/profile=7"
    );
    let told = "rtsp://10.0.0.5:558/LiveChannel/3/media.smp/profile=12&session=5";
    assert_eq!(at(Some(told), true, true), ":558/LiveChannel/3/media.smp/profile=7&session=5");
    assert_eq!(at(None, true, true), ":558/LiveChannel/3/media.smp/profile=7");
    assert_eq!(at(None, false, true), "/3/profile7/media.smp");
    assert_eq!(at(None, false, false), "/profile7/media.smp");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_wisenet_is_said_to_be_none() {
    for body in ["<html>router</html>", "", "{}"] {
        let (client, _) = device(None, move |_| answer("200 OK", body));
        assert_eq!(meet(&client, None).await.unwrap_err(), Fault::NotOffered, "{body}");
    }
    let (blocked, _) = device(None, |_| answer("490 Account Blocked", ""));
    assert!(matches!(meet(&blocked, None).await, Err(Fault::DeviceSays(_))));
}

#[tokio::test(start_paused = true)]
async fn digital_motors_are_none_and_set_up_motors_are_marked() {
    let attributes = |names: &[&str]| {
        let of = |name: &&str| {
            let (group, name) = name.split_once('/').unwrap();
            format!(
                r#"<group name="{group}"><category name="Support"><channel number="0"><attribute name="{name}" value="True"/></channel></category></group>"#
            )
        };
        Attributes::read(format!("<a>{}</a>", names.iter().map(of).collect::<String>()).as_bytes()).unwrap()
    };
    let (client, seen) = device(None, |_| answer("200 OK", "OK"));
    let digital =
        attributes(&["PTZSupport/Continuous.Pan", "PTZSupport/Continuous.Zoom", "PTZSupport/DigitalPTZ"]);
    assert!(Motors::of(&client, &digital, 0).await.is_none());
    let zoom_only = attributes(&["PTZSupport/ZoomOnly", "PTZSupport/Continuous.Zoom"]);
    let zooms = Motors::of(&client, &zoom_only, 0).await.unwrap();
    assert!(zooms.reach().pan.is_none() && zooms.reach().zoom.is_some());
    zooms.go(Velocity { pan: 1.0, tilt: 1.0, zoom: -1.0 }).await.unwrap();
    assert!(seen.asked()[0].ends_with("NormalizedSpeed=True&Zoom=-100"), "{:?}", seen.asked());
    let set_up = attributes(&["Image/PTRZ"]);
    assert!(Motors::of(&client, &set_up, 0).await.is_none());
    let motors = SetUpMotors::of(&client, &set_up, 0).unwrap();
    motors.go(Velocity { pan: 0.01, tilt: -1.0, zoom: 0.0 }).await.unwrap();
    assert!(
        seen.asked()[1].ends_with("image.cgi?msubmenu=ptr&action=control&Channel=0&Pan=1&Tilt=-5"),
        "{:?}",
        seen.asked()
    );
    let ranged =
        attributes(&["PTZSupport/RealPTZ", "PTZSupport/Continuous.Pan"]).with_ranges(RANGES.as_bytes());
    assert_eq!(Motors::of(&client, &ranged, 0).await.unwrap().reach().pan.unwrap().most, 350.0);
}

#[test]
fn events_are_changes_of_what_goes_on() {
    let mut heard = Heard::default();
    let parts = "--SamsungTechwin\r\nContent-type: text/plain\r\n\r\nTimestamp=2022-02-13T02:10:43Z\r\n\
        Channel.0.MotionDetection=False\r\nChannel.0.MotionDetection.RegionID.1=True\r\nChannel.0.Tampering=False\r\n\
        Channel.1.Videoloss=True\r\n--SamsungTechwin\r\nChannel.0.MotionDetection=True\r\nChannel.0.MotionDetection=True\r\n\
        AlarmInput.2=True\r\nChannel.1.Videoloss=False\r\nChannel.x.MotionDetection=True\r\nSystemEvent.ConfigChange=True\r\n\
        Channel.4294967295.MotionDetection=True\r\nChannel.0.MotionDetection=False\r\n";
    let events: Vec<_> = parts.lines().filter_map(|line| heard.line(line)).collect();
    let at = Some(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_644_718_243));
    let event = |channel, kind, active| DeviceEvent { channel, kind, active, at };
    assert_eq!(
        events,
        [
            event(Some(2), EventKind::VideoLoss, true),
            event(Some(1), EventKind::Motion, true),
            event(None, EventKind::AlarmInput, true),
            event(Some(2), EventKind::VideoLoss, false),
            event(Some(1), EventKind::Motion, false),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_quiet_device_is_asked_how_everything_stands_and_silence_is_found() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let checks = AtomicUsize::new(0);
    let (client, seen) = device(None, move |request| {
        if request.contains("action=monitordiff") {
            let part = "--SamsungTechwin\r\n\r\nChannel.0.MotionDetection=True\r\n";
            return format!(
                "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=SamsungTechwin\r\n\r\n{part}"
            );
        }
        match checks.fetch_add(1, Ordering::SeqCst) {
            0 => answer("200 OK", "Channel.0.MotionDetection=True\r\n"),
            1 => answer("200 OK", "Channel.0.MotionDetection=False\r\n"),
            _ => answer("503 Service Unavailable", ""),
        }
    });
    let mut listening = Status { client }.listen().await.unwrap();
    assert!(listening.next().await.unwrap()[0].active);
    assert_eq!(listening.next().await.unwrap(), [], "still there, nothing new");
    assert!(!listening.next().await.unwrap()[0].active, "a change that was missed");
    assert!(matches!(listening.next().await, Err(Fault::Capacity(..))));
    listening.close().await;
    assert_eq!(seen.asked().len(), 4);
}

#[test]
fn time_is_utc_or_local_in_the_devices_own_zone() {
    let at = |text: &str| {
        told(&Fields::lines(text)).map(|at| at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs())
    };
    assert_eq!(at("UTCTime=2022-02-13 02:10:43"), Some(1_644_718_243));
    assert_eq!(at("LocalTime=2022-02-13 09:10:43\nPOSIXTimeZone=ICT-7"), Some(1_644_718_243));
    assert_eq!((at("LocalTime=2022-02-13 09:10:43"), at("UTCTime=soon")), (None, None));
}
