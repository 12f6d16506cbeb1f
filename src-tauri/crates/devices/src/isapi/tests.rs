//! Answers as ISAPI's documents and devices have them, and what is asked for them.

use model::{Codec, DeviceEvent, EventKind, Pose, Span, Velocity};

use super::events::Heard;
use super::*;
use crate::http::testing::{Seen, answer, device};

const XMLNS: &str = "version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"";

fn who() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeviceInfo {XMLNS}>\n<deviceName>IP CAMERA</deviceName>\
         <deviceID>1</deviceID><model>DS-2DE4225IW-DE</model><serialNumber>DS-2DE4225IW-DE20200101</serialNumber>\
         <firmwareVersion>V5.6.11</firmwareVersion><deviceType>IPDome</deviceType></DeviceInfo>"
    )
}

fn stream(id: u32, codec: &str, size: (u32, u32), rate: u32, kbps: u32) -> String {
    let (width, height) = size;
    format!(
        "<StreamingChannel {XMLNS}><id>{id}</id><channelName>Camera 01</channelName><enabled>true</enabled>\
         <Transport><maxPacketSize>1000</maxPacketSize><ControlProtocolList><ControlProtocol><streamingTransport>RTSP\
         </streamingTransport></ControlProtocol></ControlProtocolList></Transport><Video><enabled>true</enabled>\
         <videoInputChannelID>1</videoInputChannelID><videoCodecType>{codec}</videoCodecType>\
         <videoResolutionWidth>{width}</videoResolutionWidth><videoResolutionHeight>{height}</videoResolutionHeight>\
         <videoQualityControlType>VBR</videoQualityControlType><constantBitRate>1</constantBitRate>\
         <maxFrameRate>{rate}</maxFrameRate><vbrUpperCap>{kbps}</vbrUpperCap></Video>\
         <Audio><enabled>{}</enabled><audioCompressionType>G.711ulaw</audioCompressionType></Audio></StreamingChannel>",
        id % 100 == 1
    )
}

const CAN: &str = "<PTZChanelCap><AbsolutePanTiltPositionSpace><XRange><Min>0</Min><Max>3500</Max></XRange>\
    <YRange><Min>0</Min><Max>670</Max></YRange></AbsolutePanTiltPositionSpace><AbsoluteZoomPositionSpace><ZRange>\
    <Min>10</Min><Max>250</Max></ZRange></AbsoluteZoomPositionSpace><ContinuousPanTiltSpace><XRange><Min>-100</Min>\
    <Max>100</Max></XRange></ContinuousPanTiltSpace><ContinuousZoomSpace/><homePostionSupport>true</homePostionSupport>\
    <maxPresetNum>300</maxPresetNum></PTZChanelCap>";

fn not_allowed() -> String {
    let body = format!(
        "<ResponseStatus {XMLNS}><statusCode>4</statusCode><statusString>Invalid Operation</statusString>\
         <subStatusCode>methodNotAllowed</subStatusCode></ResponseStatus>"
    );
    answer("403 Forbidden", &body)
}

/// A dome; `moments`: whether it knows `momentary`.
fn dome(moments: bool) -> (crate::http::Client, Seen) {
    device(None, move |request| good(request, moments))
}

/// What a dome answers.
pub(crate) fn good(request: &str, moments: bool) -> String {
    let says = |body: &str| answer("200 OK", body);
    let at = |target: &str| {
        request.starts_with(&format!("GET {target} ")) || request.starts_with(&format!("PUT {target} "))
    };
    if at("/ISAPI/System/deviceInfo") {
        says(&who())
    } else if at("/ISAPI/System/time") {
        says("<Time><timeMode>NTP</timeMode><localTime>2021-07-16T08:02:03+07:00</localTime></Time>")
    } else if at("/ISAPI/Streaming/channels") {
        let streams =
            [stream(102, "H.264", (640, 360), 1250, 256), stream(101, "H.265", (1920, 1080), 2500, 2048)];
        says(&format!(
            "<StreamingChannelList {XMLNS}>{}{}</StreamingChannelList>",
            streams.concat(),
            stream(103, "MPEG4", (1, 1), 1, 1)
        ))
    } else if at("/ISAPI/System/Video/inputs/channels") {
        says(
            "<VideoInputChannelList><VideoInputChannel><id>1</id><name>Cổng &amp; sân</name></VideoInputChannel></VideoInputChannelList>",
        )
    } else if at("/ISAPI/PTZCtrl/channels/1/capabilities") {
        says(CAN)
    } else if at("/ISAPI/PTZCtrl/channels/1/status") {
        says(
            "<PTZStatus><AbsoluteHigh><elevation>-105</elevation><azimuth>1205</azimuth><absoluteZoom>40</absoluteZoom></AbsoluteHigh></PTZStatus>",
        )
    } else if at("/ISAPI/PTZCtrl/channels/1/presets") {
        let preset = |id: u32, name: &str, set: bool| {
            format!(
                "<PTZPreset><enabled>{set}</enabled><id>{id}</id><presetName>{name}</presetName></PTZPreset>"
            )
        };
        says(&format!(
            "<PTZPresetList>{}{}{}</PTZPresetList>",
            preset(1, "../gate", true),
            preset(2, "Preset 2", false),
            preset(300, "Auto-flip", true)
        ))
    } else if at("/ISAPI/PTZCtrl/channels/1/auxcontrols") {
        says("<PTZAuxList><PTZAux><id>1</id><type>LIGHT</type><status>off</status></PTZAux></PTZAuxList>")
    } else if at("/ISAPI/System/Video/inputs/channels/1/focus") && request.starts_with("GET") {
        says("<FocusData><focus>0</focus></FocusData>")
    } else if request.starts_with("GET") || (!moments && at("/ISAPI/PTZCtrl/channels/1/momentary")) {
        not_allowed()
    } else {
        says(&format!(
            "<ResponseStatus {XMLNS}><statusCode>1</statusCode><statusString>OK</statusString></ResponseStatus>"
        ))
    }
}

#[tokio::test(start_paused = true)]
async fn a_dome_says_what_it_is_and_can_do() {
    let (client, _) = dome(true);
    let met = meet(&client, None).await.unwrap();
    assert_eq!((met.facts.make.as_str(), met.facts.model.as_str()), ("Hikvision", "DS-2DE4225IW-DE"));
    let [channel] = &met.channels[..] else { panic!("{} channels", met.channels.len()) };
    assert_eq!((channel.number, channel.name.as_str(), channel.sound), (1, "Cổng & sân", true));
    let found: Vec<_> =
        channel.profiles.iter().map(|p| (p.address.to_string(), p.codec.unwrap(), p.rate, p.mbps)).collect();
    let at = |id: u32| format!("rtsp://192.0.2.7:554/Streaming/Channels/{id}");
    assert_eq!(
        found,
        [(at(101), Codec::H265, Some(25.0), Some(2.048)), (at(102), Codec::H264, Some(12.5), Some(0.256))]
    );
    let reach = channel.steer.as_ref().unwrap().reach();
    assert_eq!(
        (reach.pan, reach.tilt),
        (Some(Span { least: 0.0, most: 350.0 }), Some(Span { least: 0.0, most: 67.0 }))
    );
    assert_eq!((reach.zoom, reach.wraps), (Some(Span { least: 1.0, most: 25.0 }), false));
    assert_eq!(channel.auxiliary.as_ref().unwrap().list(), ["LIGHT"]);
    assert!(!channel.lens.as_ref().unwrap().has_iris());
}

#[tokio::test(start_paused = true)]
async fn a_movement_ends_by_itself_where_the_device_knows_how() {
    let (client, seen) = dome(true);
    let steer = meet(&client, None).await.unwrap().channels[0].steer.clone().unwrap();
    let before = seen.requests().len();
    steer.go(Velocity { pan: 0.5, tilt: -1.0, zoom: 0.0 }).await.unwrap();
    steer.stop().await.unwrap();
    steer.turn_to(Pose { pan: 12.34, tilt: 90.0, zoom: 0.0 }).await.unwrap();
    steer.home().await.unwrap();
    let bodies: Vec<_> =
        seen.requests()[before..].iter().map(|r| r.split_once("\r\n\r\n").unwrap().1.to_owned()).collect();
    assert_eq!(
        bodies,
        [
            "<PTZData><pan>50</pan><tilt>-100</tilt><zoom>0</zoom><Momentary><duration>1000</duration></Momentary></PTZData>",
            "<PTZData><pan>0</pan><tilt>0</tilt><zoom>0</zoom></PTZData>",
            "<PTZData><AbsoluteHigh><elevation>670</elevation><azimuth>123</azimuth><absoluteZoom>10</absoluteZoom></AbsoluteHigh></PTZData>",
            "",
        ]
    );
    assert!(
        seen.asked()[before].ends_with("/momentary") && seen.asked()[before + 1].ends_with("/continuous")
    );
    assert!(steer.expires().is_some());
    let (pose, _) = steer.pose().await.unwrap();
    assert_eq!(pose, Pose { pan: 120.5, tilt: -10.5, zoom: 4.0 }, "above the horizon is negative");
}

#[tokio::test(start_paused = true)]
async fn a_device_without_moments_moves_until_it_is_stopped_and_that_is_said() {
    let (client, seen) = dome(false);
    let steer = meet(&client, None).await.unwrap().channels[0].steer.clone().unwrap();
    let before = seen.requests().len();
    let right = Velocity { pan: 1.0, ..Velocity::STILL };
    steer.go(right).await.unwrap();
    assert_eq!(steer.expires(), None);
    steer.go(right).await.unwrap();
    let asked =
        seen.asked()[before..].iter().map(|a| a.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(asked, ["momentary", "continuous", "continuous"]);
}

#[tokio::test(start_paused = true)]
async fn presets_are_those_that_are_set() {
    let (client, seen) = dome(true);
    let steer = meet(&client, None).await.unwrap().channels[0].steer.clone().unwrap();
    let presets = steer.presets().unwrap();
    let list = presets.list().await.unwrap();
    assert_eq!(
        list.iter().map(|p| (p.token.as_str(), p.name.as_str())).collect::<Vec<_>>(),
        [("1", "../gate")]
    );
    let before = seen.requests().len();
    presets.recall("1").await.unwrap();
    assert_eq!(presets.recall("1/../2").await, Err(Fault::NotFound));
    let kept = presets.keep(None, "<Cổng & sân>").await.unwrap();
    assert_eq!(kept.token, "2");
    presets.forget("1").await.unwrap();
    let requests = seen.requests();
    assert!(requests[before].starts_with("PUT /ISAPI/PTZCtrl/channels/1/presets/1/goto "));
    assert!(
        requests[before + 2].contains("<presetName>&lt;Cổng &amp; sân&gt;</presetName>"),
        "{}",
        requests[before + 2]
    );
    assert!(requests[before + 3].starts_with("DELETE /ISAPI/PTZCtrl/channels/1/presets/1 "));
}

#[tokio::test(start_paused = true)]
async fn streams_stand_where_the_device_says_that_it_speaks_rtsp() {
    let answers = |request: &str| {
        if request.contains("deviceInfo") {
            answer("200 OK", &who())
        } else if request.contains("Streaming/channels ") {
            let streams = stream(101, "H.264", (1280, 720), 2500, 1024);
            answer("200 OK", &format!("<StreamingChannelList>{streams}</StreamingChannelList>"))
        } else if request.contains("Security/adminAccesses ") {
            let access = |id, name, port| {
                format!(
                    "<AdminAccessProtocol><id>{id}</id><enabled>true</enabled><protocol>{name}</protocol><portNo>{port}</portNo></AdminAccessProtocol>"
                )
            };
            let all = [access(1, "HTTP", 80), access(4, "RTSP", 10554)].concat();
            answer("200 OK", &format!("<AdminAccessProtocolList {XMLNS}>{all}</AdminAccessProtocolList>"))
        } else {
            not_allowed()
        }
    };
    let (client, _) = device(None, answers);
    let met = meet(&client, None).await.unwrap();
    let address = met.channels[0].profiles[0].address.to_string();
    assert_eq!(address, "rtsp://192.0.2.7:10554/Streaming/Channels/101");
}

#[tokio::test(start_paused = true)]
async fn a_fixed_camera_offers_no_motors() {
    let (client, _) = device(None, |request| {
        if request.contains("deviceInfo") {
            answer("200 OK", &who())
        } else if request.contains("Streaming/channels ") {
            answer(
                "200 OK",
                &format!(
                    "<StreamingChannelList>{}</StreamingChannelList>",
                    stream(101, "H.264", (1280, 720), 2500, 1024)
                ),
            )
        } else {
            not_allowed()
        }
    });
    let met = meet(&client, Some(8554)).await.unwrap();
    let channel = &met.channels[0];
    assert!(
        channel.steer.is_none()
            && channel.lens.is_none()
            && channel.auxiliary.is_none()
            && met.clock.is_none()
    );
    assert_eq!(channel.profiles[0].address.to_string(), "rtsp://192.0.2.7:8554/Streaming/Channels/101");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_hikvision_is_said_to_be_none() {
    for body in ["<html><br></html>", "<html></html>", "{}"] {
        let (client, _) = device(None, move |_| answer("200 OK", body));
        let fault = meet(&client, None).await.unwrap_err();
        assert!(matches!(fault, Fault::NotOffered | Fault::Protocol(_)), "{body}: {fault}");
    }
    let bomb = "<!DOCTYPE x [<!ENTITY a \"b\">]><DeviceInfo><model>&a;</model></DeviceInfo>";
    let (client, _) = device(None, move |_| answer("200 OK", bomb));
    assert_eq!(
        meet(&client, None).await.unwrap_err(),
        Fault::Protocol("XML with a document type".to_owned())
    );
}

fn alert(kind: &str, state: &str, more: &str) -> Vec<u8> {
    format!(
        "<EventNotificationAlert {XMLNS}><ipAddress>10.0.0.1</ipAddress>{more}<dateTime>2021-07-16T08:02:03+07:00</dateTime>\
         <activePostCount>1</activePostCount><eventType>{kind}</eventType><eventState>{state}</eventState></EventNotificationAlert>"
    )
    .into_bytes()
}

#[tokio::test(start_paused = true)]
async fn events_are_changes_of_what_goes_on() {
    let mut heard = Heard::default();
    let mut hear = |kind: &str, state: &str, more: &str| {
        heard.element(&alert(kind, state, more)).map(|e| (e.channel, e.kind, e.active))
    };
    assert_eq!(hear("videoloss", "inactive", "<channelID>0</channelID>"), None, "only a sign of life");
    let one = "<channelID>1</channelID>";
    assert_eq!(hear("VMD", "active", one), Some((Some(1), EventKind::Motion, true)));
    assert_eq!(hear("VMD", "active", one), None);
    assert_eq!(
        hear("shelteralarm", "active", "<dynChannelID>3</dynChannelID>"),
        Some((Some(3), EventKind::Tampering, true))
    );
    assert_eq!(
        hear("IO", "active", "<inputIOPortID>2</inputIOPortID>"),
        Some((None, EventKind::AlarmInput, true))
    );
    assert_eq!(hear("VMD", "inactive", one), Some((Some(1), EventKind::Motion, false)));
    assert_eq!(hear("linedetection", "active", one), None);
    assert_eq!(heard.element(b"<EventNotificationAlert><eventType>VMD</eventNotificationAlert>"), None);
}

#[tokio::test(start_paused = true)]
async fn motion_that_is_not_said_again_is_over() {
    let (client, _) = device(None, |_| {
        let body = String::from_utf8(alert("VMD", "active", "<channelID>1</channelID>")).unwrap();
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=boundary\r\n\r\n--boundary\r\n\r\n{body}\r\n--boundary\r\n"
        )
    });
    let mut listening = Alerts { client }.listen().await.unwrap();
    let at = told("<Time><localTime>2021-07-16T08:02:03+07:00</localTime></Time>").unwrap().0;
    let motion = |active, at| vec![DeviceEvent { channel: Some(1), kind: EventKind::Motion, active, at }];
    assert_eq!(listening.next().await.unwrap(), motion(true, at));
    assert_eq!(listening.next().await.unwrap(), motion(false, None));
    assert!(matches!(listening.next().await, Err(Fault::NoAnswer(_))), "and silence is found");
    listening.close().await;
}

#[test]
fn time_is_local_with_its_offset_or_in_the_devices_own_zone() {
    let at = |text: &str| {
        told(text).unwrap().0.map(|at| at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs())
    };
    assert_eq!(at("<Time><localTime>2021-07-16T08:02:03+07:00</localTime></Time>"), Some(1_626_397_323));
    assert_eq!(
        at("<Time><localTime>2021-07-16T08:02:03</localTime><timeZone>CST-7:00:00</timeZone></Time>"),
        Some(1_626_397_323)
    );
    assert_eq!(at("<Time><localTime>2021-07-16T08:02:03</localTime></Time>"), None);
}
