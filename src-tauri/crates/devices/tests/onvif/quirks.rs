//! What real devices have been seen to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use devices::http::Refusals;
use devices::onvif::{Beforehand, meet};
use model::{Codec, EventKind, Fault, Size, Velocity};

use crate::script::{Answer, Device, clock, denied, fault, said, services, stream};

const PASSWORD: &str = "mật khẩu";
const HOUR: Duration = Duration::from_secs(3600);

async fn met(device: &Device) -> devices::Device {
    meet(&device.client(PASSWORD, &Refusals::default()), &Beforehand::default()).await.unwrap()
}

/// Lets in whoever shows a token of the right password and this clock.
fn guarded(asked: &crate::script::Asked, now: SystemTime) -> Option<Answer> {
    (!asked.has_token(PASSWORD, now)).then(|| fault(400, "ter:NotAuthorized", "Sender not Authorized"))
}

#[tokio::test]
async fn a_camera_is_described_with_its_largest_stream_first() {
    let device = Device::that(|_| None).await;
    let met = met(&device).await;
    assert_eq!(
        (met.facts.make.as_str(), met.facts.model.as_str(), met.facts.firmware.as_str()),
        ("Acme", "T-800", "1.84")
    );
    assert!(met.clock.unwrap().ahead_ms.abs() < 2_000);
    let [channel] = met.channels.as_slice() else { panic!("{} channels", met.channels.len()) };
    assert_eq!((channel.number, channel.name.as_str()), (1, "Gate"));
    let largest = &channel.profiles[0];
    assert_eq!(largest.size, Some(Size { width: 1920, height: 1080 }));
    assert_eq!((largest.codec, largest.rate, largest.mbps), (Some(Codec::H264), Some(25.0), Some(2.048)));
    assert!(channel.steer.is_some() && met.events.is_some());
    assert!(channel.snapshot.is_none() && channel.lens.is_none() && channel.auxiliary.is_none());
}

#[tokio::test]
async fn a_stream_address_wrapped_in_line_breaks_is_read() {
    let device = Device::that(|asked| {
        (asked.operation == "GetStreamUri")
            .then(|| stream("\r\n\t rtsp://192.168.1.64:8554/live?a=1&amp;b=2 \n"))
    })
    .await;
    let address = met(&device).await.channels[0].profiles[0].address.to_string();
    assert_eq!(address, "rtsp://127.0.0.1:8554/live?a=1&b=2");
}

#[tokio::test]
async fn a_login_is_stamped_by_the_devices_own_clock() {
    let device = Device::that(|asked| {
        let now = SystemTime::now() + HOUR;
        match asked.operation.as_str() {
            "GetSystemDateAndTime" => Some(clock(now)),
            _ => guarded(asked, now),
        }
    })
    .await;
    let ahead = met(&device).await.clock.unwrap().ahead_ms;
    assert!((3_598_000..3_602_000).contains(&ahead), "{ahead}");
}

#[tokio::test]
async fn a_device_that_refuses_even_its_clock_tells_the_time_by_the_refusal() {
    let device = Device::that(|asked| {
        let now = SystemTime::now() - HOUR;
        let date = jiff::Timestamp::try_from(now)
            .unwrap()
            .strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n")
            .to_string();
        if asked.has_token(PASSWORD, now) {
            return (asked.operation == "GetSystemDateAndTime").then(|| clock(now));
        }
        Some(denied(&date))
    })
    .await;
    let ahead = met(&device).await.clock.unwrap().ahead_ms;
    assert!((-3_602_000..-3_598_000).contains(&ahead), "{ahead}");
}

#[tokio::test]
async fn a_clock_that_is_set_meanwhile_is_read_again() {
    let ahead = Arc::new(AtomicI64::new(0));
    let set = Arc::clone(&ahead);
    let device = Device::that(move |asked| {
        let now = SystemTime::now() + Duration::from_secs(ahead.load(Ordering::SeqCst).unsigned_abs());
        match asked.operation.as_str() {
            "GetSystemDateAndTime" => Some(clock(now)),
            _ => guarded(asked, now),
        }
    })
    .await;
    let met = met(&device).await;
    let steer = met.channels[0].steer.as_ref().unwrap();
    steer.go(Velocity::STILL).await.unwrap();
    set.store(600, Ordering::SeqCst);
    steer.go(Velocity::STILL).await.unwrap();
    assert_eq!(device.asked_for("ContinuousMove").len(), 3);
}

#[tokio::test]
async fn services_of_a_lan_host_are_asked_at_the_enrolled_one() {
    let trap = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let elsewhere = format!("http://127.0.0.1:{}", trap.local_addr().unwrap().port());
    for base in [elsewhere.as_str(), "http://192.168.1.64", "http://169.254.169.254"] {
        let (base, snapshot) = (base.to_owned(), format!("{base}/latest/meta-data"));
        let device = Device::that(move |asked| match asked.operation.as_str() {
            "GetServices" => Some(services(&base)),
            "GetSnapshotUri" => Some(said(&format!(
                "<GetSnapshotUriResponse><MediaUri><Uri>{snapshot}</Uri></MediaUri></GetSnapshotUriResponse>"
            ))),
            "GET" => Some(Answer { status: 200, headers: String::new(), body: vec![0xFF, 0xD8, 0xFF, 0xD9] }),
            _ => None,
        })
        .await;
        let met = met(&device).await;
        let picture = met.channels[0].snapshot.as_ref().unwrap().snapshot().await.unwrap();
        assert_eq!(picture.as_ref(), [0xFF, 0xD8, 0xFF, 0xD9]);
        assert_eq!(device.asked_for("GET")[0].path, "/latest/meta-data");
        assert_eq!(device.asked_for("GetProfiles")[0].path, "/onvif/media");
    }
    assert!(tokio::time::timeout(Duration::from_millis(50), trap.accept()).await.is_err());
}

#[tokio::test]
async fn a_fault_with_200_is_a_fault() {
    let device = Device::that(|asked| {
        (asked.operation == "ContinuousMove").then(|| fault(200, "ter:MotorJammed", "The motor is jammed"))
    })
    .await;
    let met = met(&device).await;
    let gone = met.channels[0].steer.as_ref().unwrap().go(Velocity { pan: 1.0, ..Velocity::STILL }).await;
    assert_eq!(gone, Err(Fault::DeviceSays("The motor is jammed".to_owned())));
}

#[tokio::test]
async fn each_service_is_told_who_asks_in_its_own_way() {
    let device = Device::that(|asked| {
        let by_digest = asked.head.contains("Authorization: Digest username=\"xem\"") || asked.head.contains("authorization: Digest");
        match asked.path.as_str() {
            "/onvif/media" if !by_digest => {
                Some(denied("WWW-Authenticate: Basic realm=\"r\"\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f\"\r\n"))
            }
            "/onvif/device_service" if asked.operation != "GetSystemDateAndTime" => guarded(asked, SystemTime::now()),
            _ => None,
        }
    })
    .await;
    let met = met(&device).await;
    let before = device.asked().len();
    met.channels[0].key_frame.as_ref().unwrap().ask().await.unwrap();
    // Remembered: a question is one request.
    assert_eq!(device.asked().len() - before, 2);
    assert!(device.asked_for("GetProfiles").iter().all(|asked| !asked.body.contains("UsernameToken")));
}

#[tokio::test]
async fn one_wrong_login_is_one_attempt_whichever_way() {
    let ways: [fn(&crate::script::Asked) -> Option<Answer>; 3] = [
        |asked| (asked.operation != "GetSystemDateAndTime").then(|| fault(400, "ter:NotAuthorized", "")),
        |asked| {
            (asked.operation != "GetSystemDateAndTime")
                .then(|| denied("WWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f\"\r\n"))
        },
        |_| Some(denied("")),
    ];
    for (n, way) in ways.into_iter().enumerate() {
        let (device, refusals) = (Device::that(way).await, Refusals::default());
        for _ in 0..3 {
            let refused = meet(&device.client("sai", &refusals), &Beforehand::default()).await;
            assert_eq!(refused.map(drop), Err(Fault::PasswordRefused), "{n}");
        }
        let told = device.asked().iter().filter(|asked| asked.tells_who()).count();
        assert_eq!(
            told,
            1,
            "{n}: {:?}",
            device.asked().iter().map(|asked| &asked.operation).collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn whoever_has_no_login_is_told_that_one_is_wanted() {
    let device = Device::that(|asked| guarded(asked, SystemTime::now())).await;
    let refused = meet(&device.stranger(), &Beforehand::default()).await;
    assert_eq!(refused.map(drop), Err(Fault::PasswordRequired));
}

#[tokio::test]
async fn a_movement_ends_by_itself_and_is_stopped_on_a_connection_of_its_own() {
    let device = Device::that(|_| None).await;
    let met = met(&device).await;
    let steer = met.channels[0].steer.as_ref().unwrap();
    assert_eq!(steer.expires(), Some(Duration::from_secs(1)));
    steer.go(Velocity { pan: 0.25, tilt: -1.0, zoom: 0.0 }).await.unwrap();
    steer.stop().await.unwrap();
    let moves = device.asked_for("ContinuousMove");
    assert!(
        moves[0].body.contains("<tt:PanTilt x=\"0.25\" y=\"-1\"/><tt:Zoom x=\"0\"/>"),
        "{}",
        moves[0].body
    );
    assert!(moves[0].body.contains("<tptz:Timeout>PT1S</tptz:Timeout>"), "{}", moves[0].body);
    let stop = &device.asked_for("Stop")[0];
    assert!(stop.body.contains("<tptz:PanTilt>true</tptz:PanTilt><tptz:Zoom>true</tptz:Zoom>"));
    assert!(
        device
            .asked()
            .iter()
            .filter(|asked| asked.operation != "Stop")
            .all(|asked| asked.connection != stop.connection)
    );
}

#[tokio::test]
async fn events_are_pulled_and_the_subscription_is_ended() {
    let pulled = AtomicI64::new(0);
    let device = Device::that(move |asked| match asked.operation.as_str() {
        "CreatePullPointSubscription" => Some(said(
            "<CreatePullPointSubscriptionResponse><SubscriptionReference><a:Address>http://10.0.0.5/onvif/sub?n=7</a:Address>\
             <a:ReferenceParameters><Id xmlns=\"urn:acme\">7</Id></a:ReferenceParameters></SubscriptionReference>\
             </CreatePullPointSubscriptionResponse>",
        )),
        "PullMessages" => {
            let active = pulled.fetch_add(1, Ordering::SeqCst) == 0;
            Some(said(&format!(
                "<PullMessagesResponse><NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic><Message>\
                 <Message UtcTime=\"2021-07-16T01:02:03Z\"><Source><SimpleItem Name=\"Source\" Value=\"VS\"/></Source><Data>\
                 <SimpleItem Name=\"State\" Value=\"{active}\"/></Data></Message></Message></NotificationMessage>\
                 </PullMessagesResponse>"
            )))
        }
        _ => None,
    })
    .await;
    let met = met(&device).await;
    let mut listening = met.events.as_ref().unwrap().listen().await.unwrap();
    for active in [true, false] {
        let events = listening.next().await.unwrap();
        let [event] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((event.channel, event.kind, event.active), (Some(1), EventKind::Motion, active));
    }
    listening.close().await;
    for operation in ["PullMessages", "Unsubscribe"] {
        let asked = &device.asked_for(operation)[0];
        assert_eq!(asked.path, "/onvif/sub?n=7");
        assert!(asked.body.contains("<r:Id xmlns:r=\"urn:acme\">7</r:Id>"), "{}", asked.body);
        assert!(asked.body.contains(">http://10.0.0.5/onvif/sub?n=7</a:To>"), "{}", asked.body);
    }
    assert_eq!(device.asked_for("Unsubscribe").len(), 1);
}

#[tokio::test]
async fn a_subscription_that_is_only_dropped_is_ended_too() {
    let device = Device::that(|asked| {
        (asked.operation == "CreatePullPointSubscription").then(|| {
            said("<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>/sub</Address></SubscriptionReference></CreatePullPointSubscriptionResponse>")
        })
    })
    .await;
    let met = met(&device).await;
    drop(met.events.as_ref().unwrap().listen().await.unwrap());
    while device.asked_for("Unsubscribe").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_mount_with_motors_is_for_setting_up() {
    let device = Device::that(|asked| match asked.operation.as_str() {
        "GetServices" => {
            let mut answer = services("http://127.0.0.1");
            let body = String::from_utf8(answer.body).unwrap().replace("ver20/ptz", "ver10/provisioning");
            answer.body = body.into_bytes();
            Some(answer)
        }
        "GetServiceCapabilities" => Some(said(
            "<GetServiceCapabilitiesResponse><Capabilities><DefaultTimeout>PT5S</DefaultTimeout><Source \
             VideoSourceToken=\"VS\" MaximumPanMoves=\"100\" MaximumTiltMoves=\"100\"/></Capabilities>\
             </GetServiceCapabilitiesResponse>",
        )),
        "PanMove" | "TiltMove" => Some(said(&format!("<{}Response/>", asked.operation))),
        _ => None,
    })
    .await;
    let met = met(&device).await;
    let channel = &met.channels[0];
    assert!(channel.set_up_only);
    let steer = channel.steer.as_ref().unwrap();
    assert_eq!(steer.expires(), Some(Duration::from_secs(1)));
    assert_eq!(steer.pose().await, Err(Fault::NotOffered));
    steer.go(Velocity { pan: -0.1, tilt: 1.0, zoom: 1.0 }).await.unwrap();
    // One axis alone cannot be stopped: both are, and the other goes on.
    steer.go(Velocity { pan: 0.0, tilt: 1.0, zoom: 0.0 }).await.unwrap();
    let moves: Vec<String> =
        device.asked().iter().rev().take(4).rev().map(|asked| asked.operation.clone()).collect();
    assert_eq!(moves, ["PanMove", "TiltMove", "Stop", "TiltMove"]);
    let pan = &device.asked_for("PanMove")[0].body;
    assert!(pan.contains("<tpv:Direction>Left</tpv:Direction><tpv:Timeout>PT1S</tpv:Timeout>"), "{pan}");
}
