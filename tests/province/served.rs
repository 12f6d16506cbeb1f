//! The province watched from outside: by `ffmpeg`, and by a client of a few lines that sees every byte.

mod client;
mod sound;

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use model::Rect;

use crate::{Coding, Fault, Options, Profile, Province, Target, frame_number, list};
use client::Client;

/// The cameras of a first wall: every coding is among them.
const CAMERAS: usize = 36;

/// One province for all tests that leave it as they find it.
static PROVINCE: LazyLock<Province> = LazyLock::new(|| start("xem-2021"));

fn start(password: &str) -> Province {
    let options = Options { cameras: CAMERAS, password: password.to_owned(), ..Options::default() };
    Province::start(options).expect("clips can be made and ports opened")
}

fn camera(coding: Coding) -> usize {
    list().cameras.iter().position(|camera| camera.coding == coding).expect("among the first")
}

/// The picture numbers that `ffmpeg` decodes, each scaled to a tile of 240 × 135 (or upright).
fn numbers(url: &str, transport: &str, coding: Coding, pictures: usize) -> Vec<Option<u16>> {
    let (width, height) = if coding == Coding::H265Hallway { (135, 240) } else { (240, 135) };
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-rtsp_transport", transport, "-i", url, "-an"])
        .args(["-fps_mode", "passthrough", "-frames:v", &pictures.to_string()])
        .args(["-vf", &format!("scale={width}:{height}:flags=bilinear,format=rgba")])
        .args(["-f", "rawvideo", "-"])
        .stderr(Stdio::null())
        .output()
        .expect("ffmpeg can be started");
    let tile = Rect::new(0, 0, width as u32, height as u32);
    output
        .stdout
        .chunks_exact(width * height * 4)
        .map(|image| frame_number::read(image, width * 4, tile))
        .collect()
}

/// What follows the first key frame must be there and in order; what comes before it leans on pictures never sent.
fn assert_continuous(numbers: &[Option<u16>], what: &str) {
    let group = 24;
    let key = numbers.iter().position(|number| number.is_some_and(|number| number % group == 0));
    let after = &numbers[key.unwrap_or_else(|| panic!("{what}: no key frame in {numbers:?}"))..];
    assert!(after.len() >= 20, "{what}: {numbers:?}");
    for pair in after.windows(2) {
        let next = pair[0].map(|number| (number + 1) % 120);
        assert!(pair[0].is_some() && pair[1] == next, "{what}: {numbers:?}");
    }
}

#[test]
fn ffmpeg_decodes_every_coding_over_tcp_and_udp() {
    thread::scope(|scope| {
        for coding in Coding::ALL {
            for transport in ["tcp", "udp"] {
                scope.spawn(move || {
                    let url = PROVINCE.source(camera(coding), Profile::Sub);
                    let numbers = numbers(&url, transport, coding, 50);
                    assert_continuous(&numbers, &format!("{coding:?} over {transport}"));
                });
            }
        }
    });
}

#[test]
fn parameter_sets_may_be_in_the_stream_only() {
    let camera = list().cameras.iter().position(|camera| !camera.sprop).expect("some leave them out");
    assert!(camera < CAMERAS);
    let (coding, url) = (list().cameras[camera].coding, PROVINCE.source(camera, Profile::Sub));
    let mut client = Client::connect(&url);
    assert!(!client.describe().body.contains("sprop"));
    assert_continuous(&numbers(&url, "tcp", coding, 50), "without sprop");
}

#[test]
fn a_wrong_password_is_refused_and_counted() {
    let province = start("another");
    let url = province.source(0, Profile::Sub);
    let wrong = url.replace("another", "wrong");
    let output = Command::new("ffprobe").args(["-v", "error", "-rtsp_transport", "tcp", &wrong]).output();
    let output = output.expect("ffprobe can be started");
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("401"));
    assert_eq!(province.recorder_counts(0).wrong_passwords, 1);
    let mut right = Client::connect(&url);
    assert_eq!(right.describe().status, 200);
    assert_eq!(province.recorder_counts(0).wrong_passwords, 1);
}

#[test]
fn the_seventh_viewer_is_refused_until_one_leaves() {
    let province = start("seven");
    let url = province.source(3, Profile::Sub);
    let mut viewers: Vec<Client> = (0..6).map(|_| Client::connect(&url)).collect();
    for viewer in &mut viewers {
        assert_eq!(viewer.set_up().status, 200);
    }
    let mut seventh = Client::connect(&url);
    assert_eq!(seventh.set_up().status, 503);
    assert_eq!(viewers[2].request("TEARDOWN", &url, "").status, 200);
    assert_eq!(seventh.set_up().status, 200);
    let mut eighth = Client::connect(&url);
    assert_eq!(eighth.set_up().status, 503);
}

#[test]
fn all_viewers_see_the_same_picture_at_the_same_instant() {
    let url = PROVINCE.source(camera(Coding::H264), Profile::Sub);
    let (mut first, mut second) = (Client::connect(&url), Client::connect(&url));
    for client in [&mut first, &mut second] {
        assert_eq!(client.set_up().status, 200);
        client.play();
    }
    let mut left = 24;
    let second = second.watch(|_| {
        left -= 1;
        left == 0
    });
    let end = *second.keys().max().expect("pictures");
    let first = first.watch(|instant| instant >= end);
    let mut instants: Vec<&u64> = first.keys().collect();
    instants.sort_unstable();
    for pair in instants.windows(2) {
        assert!((pair[1] - pair[0]).abs_diff(1_000_000 / 12) <= 2, "microseconds between pictures: {pair:?}");
    }
    // Two clocks rounded to microseconds may differ by one.
    let same = |instant: &u64| (instant - 2..=instant + 2).find_map(|near| second.get(&near));
    let common: Vec<_> = first.iter().filter_map(|(at, picture)| Some((picture, same(at)?))).collect();
    assert!(common.len() >= 23, "{} of 24 instants are common", common.len());
    assert!(common.iter().all(|(a, b)| a == b));
}

#[test]
fn a_stopped_recorder_comes_back_on_its_port() {
    let province = start("again");
    let url = province.source(0, Profile::Sub);
    let mut client = Client::connect(&url);
    client.set_up();
    client.play();
    client.packet();
    province.stop_recorder(0);
    let mut rest = Vec::new();
    // What was on its way may still come; then the end.
    let ended = client.stream.read_to_end(&mut rest);
    assert!(ended.is_ok() || ended.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset));
    assert!(TcpStream::connect(("127.0.0.1", province.port(0))).is_err());
    province.start_recorder(0).expect("the port is free");
    let mut client = Client::connect(&url);
    assert_eq!(client.set_up().status, 200, "the limits were given back");
    assert_eq!(province.stream_counts(0, Profile::Sub).viewers, 0);
}

#[test]
fn faults_are_inflicted_and_healed() {
    let province = start("faults");
    let (url, target) = (province.source(0, Profile::Sub), Target::Camera(0));
    province.inflict(Target::Recorder(0), Fault::Refuse(453));
    assert_eq!(Client::connect(&url).describe().status, 453);
    province.heal(Target::Recorder(0));

    let mut client = Client::connect(&url);
    client.set_up();
    client.play();
    client.packet();
    province.inflict(target, Fault::Freeze);
    client.stream.set_read_timeout(Some(Duration::from_millis(600))).unwrap();
    while client.try_packet().is_some() {}
    assert_eq!(client.request("GET_PARAMETER", &url, "").status, 200, "still answers");
    province.heal(target);
    client.stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    while client.packet().0 != 0 {}

    province.inflict(target, Fault::CutMidPicture);
    while client.try_packet().is_some() {}
    assert!(!client.buffer.is_empty(), "the last picture is a part");
}

#[test]
fn a_main_stream_whose_clip_is_not_ready_says_when_to_come_back() {
    let mut client = Client::connect(&PROVINCE.source(0, Profile::Main));
    let answer = client.describe();
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("Retry-After"));
}

#[test]
fn a_taken_port_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_port = taken.local_addr().unwrap().port().min(u16::MAX - 59);
    let options = Options { base_port, cameras: 0, ..Options::default() };
    assert!(Province::start(options).is_err());
}
