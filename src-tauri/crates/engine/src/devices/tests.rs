use std::sync::atomic::{AtomicUsize, Ordering};

use devices::device::{Facts, KeyFrame, Protocol};
use inventory::DeviceAddress;
use model::{Credentials, Secret};

use super::*;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn to(camera: &str, channel: u32, password: &str) -> Way {
    Way {
        device: id("recorder"),
        camera: id(camera),
        address: DeviceAddress::parse("http://10.0.0.1").unwrap(),
        channel,
        login: Some(Credentials { user: "xem".to_owned(), password: Secret::new(password.to_owned()) }),
    }
}

/// A recorder with 16 channels and one password.
#[derive(Default)]
struct Recorder {
    meetings: Arc<AtomicUsize>,
    key_frames: Arc<AtomicUsize>,
    is_away: Arc<std::sync::atomic::AtomicBool>,
}

struct Frames(Arc<AtomicUsize>);

impl KeyFrame for Frames {
    fn ask(&self) -> Reply<'_, ()> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    }
}

impl Meet for Recorder {
    fn meet(&self, way: &Way) -> Reply<'static, Device> {
        self.meetings.fetch_add(1, Ordering::SeqCst);
        let right = way.login.as_ref().is_some_and(|login| login.password.expose() == "dung");
        let (frames, away) = (Arc::clone(&self.key_frames), self.is_away.load(Ordering::SeqCst));
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            if away {
                return Err(Fault::Unreachable("10.0.0.1:80".to_owned()));
            }
            if right { Ok(sixteen(&frames)) } else { Err(Fault::PasswordRefused) }
        })
    }
}

fn sixteen(frames: &Arc<AtomicUsize>) -> Device {
    let channel = |number| Channel {
        number,
        name: String::new(),
        profiles: Vec::new(),
        sound: false,
        steer: None,
        set_up_only: false,
        lens: None,
        auxiliary: None,
        talk: false,
        snapshot: None,
        key_frame: Some(Arc::new(Frames(Arc::clone(frames))) as Arc<dyn KeyFrame>),
    };
    Device {
        facts: Facts {
            protocol: Protocol::Onvif,
            make: String::new(),
            model: String::new(),
            firmware: String::new(),
            serial: String::new(),
        },
        clock: Some(ClockOffset { ahead_ms: 2500, within: Duration::from_millis(5) }),
        certificate: None,
        channels: (1..=16).map(channel).collect(),
        events: None,
        recordings: None,
    }
}

#[tokio::test(start_paused = true)]
async fn sixteen_channels_meet_their_recorder_once() {
    let recorder = Recorder::default();
    let meetings = Arc::clone(&recorder.meetings);
    let devices = Arc::new(Devices::new(Handle::current(), Arc::new(recorder), Box::new(|_, _| {})));
    let asked: Vec<_> = (1..=16)
        .map(|channel| {
            let devices = Arc::clone(&devices);
            tokio::spawn(async move { devices.channel(&to(&format!("c{channel}"), channel, "dung")).await })
        })
        .collect();
    for (at, asked) in asked.into_iter().enumerate() {
        assert_eq!(asked.await.unwrap().unwrap().number as usize, at + 1);
    }
    assert_eq!(meetings.load(Ordering::SeqCst), 1);
    assert_eq!(devices.clocks()[0].1.ahead_ms, 2500);
    assert_eq!(devices.channel(&to("c17", 17, "dung")).await.err(), Some(Fault::NotFound));
}

#[tokio::test(start_paused = true)]
async fn a_refused_login_is_tried_once_until_it_changes() {
    let recorder = Recorder::default();
    let meetings = Arc::clone(&recorder.meetings);
    let said: Arc<Mutex<Vec<Result<(), Fault>>>> = Arc::default();
    let heard = Arc::clone(&said);
    let devices =
        Devices::new(Handle::current(), Arc::new(recorder), Box::new(move |_, what| heard.lock().push(what)));
    for _ in 0..20 {
        let refused = devices.channel(&to("c1", 1, "sai")).await;
        assert_eq!(refused.err(), Some(Fault::PasswordRefused));
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    assert_eq!(meetings.load(Ordering::SeqCst), 1);
    assert!(devices.channel(&to("c1", 1, "dung")).await.is_ok());
    assert_eq!(*said.lock(), [Err(Fault::PasswordRefused), Ok(())]);

    devices.heard(&to("c1", 1, "dung"), &Fault::PasswordRefused);
    assert_eq!(devices.channel(&to("c1", 1, "dung")).await.err(), Some(Fault::PasswordRefused));
    assert_eq!(meetings.load(Ordering::SeqCst), 2, "changed at the device: not asked again either");
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_away_is_left_alone_for_a_while_and_then_met() {
    let recorder = Recorder::default();
    let (meetings, away) = (Arc::clone(&recorder.meetings), Arc::clone(&recorder.is_away));
    away.store(true, Ordering::SeqCst);
    let devices = Devices::new(Handle::current(), Arc::new(recorder), Box::new(|_, _| {}));
    for _ in 0..10 {
        assert!(devices.channel(&to("c1", 1, "dung")).await.is_err());
    }
    assert_eq!(meetings.load(Ordering::SeqCst), 1);
    away.store(false, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(devices.channel(&to("c1", 1, "dung")).await.is_ok());
}

async fn sleep_a_moment() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn key_frames_are_asked_for_seldom() {
    let recorder = Recorder::default();
    let frames = Arc::clone(&recorder.key_frames);
    let devices = Arc::new(Devices::new(Handle::current(), Arc::new(recorder), Box::new(|_, _| {})));
    devices.ask_key_frame(to("c1", 1, "dung"));
    sleep_a_moment().await;
    assert_eq!(frames.load(Ordering::SeqCst), 0, "nobody has met it");
    devices.channel(&to("c1", 1, "dung")).await.unwrap();
    for _ in 0..30 {
        devices.ask_key_frame(to("c1", 1, "dung"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(frames.load(Ordering::SeqCst), 2, "6 s, one in 3 s");
}
