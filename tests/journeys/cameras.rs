//! Walls of the simulated province: every kind of camera, and what goes wrong with cameras and recorders.

mod support;

use std::time::Duration;

use province::{Coding, Fault, Options, Profile, Province, Target, list};
use support::{View, view};

fn province(cameras: usize) -> Province {
    Province::start(Options { cameras, ..Options::default() }).expect("the simulated province")
}

/// The sub streams of these cameras, as a list of sources.
fn sources(province: &Province, cameras: impl IntoIterator<Item = usize>) -> String {
    cameras.into_iter().map(|camera| province.source(camera, Profile::Sub) + "\n").collect()
}

/// The first camera of this kind; all kinds are among the first 36.
fn first(coding: Coding) -> usize {
    list().cameras.iter().position(|camera| camera.coding == coding).expect("a camera of this kind")
}

fn plain(count: usize) -> Vec<usize> {
    (0..list().cameras.len())
        .filter(|camera| list().cameras[*camera].coding == Coding::H265)
        .take(count)
        .collect()
}

#[test]
fn every_kind_of_camera_shows_moving_pictures() {
    let province = province(36);
    let outcome =
        view(&sources(&province, 0..36), &["--seconds", "9", "--size", "1920x1080", "--no-captions"]);
    for camera in 0..36 {
        let stream = outcome.stream(camera);
        let coding = list().cameras[camera].coding;
        // Joined in the middle of a GOP of 2 s; then 12 pictures a second.
        assert!(outcome.count(camera, "shown") >= 12 * 4, "{coding:?}: {stream}");
        assert_eq!(stream["dropped"]["undecodable"], 0, "{coding:?}: {stream}");
        assert_eq!(outcome.state(camera), "live", "{coding:?}: {stream}");
    }
    let codecs: std::collections::BTreeSet<_> =
        (0..36).filter_map(|camera| outcome.stream(camera)["codec"].as_str()).collect();
    assert_eq!(codecs.into_iter().collect::<Vec<_>>(), ["H.264", "H.265", "MJPEG"]);
    let hallway = outcome.stream(first(Coding::H265Hallway));
    assert!(hallway["height"].as_u64() > hallway["width"].as_u64(), "upright: {hallway}");
}

#[test]
fn an_open_gop_joined_midway_shows_pictures() {
    let camera = first(Coding::H265OpenGop);
    let province = province(camera + 1);
    let outcome = view(&sources(&province, [camera]), &["--seconds", "6", "--no-captions"]);
    assert!(outcome.count(0, "shown") >= 12 * 3, "{}", outcome.stream(0));
    assert_eq!(outcome.stream(0)["dropped"]["undecodable"], 0);
    assert_eq!(outcome.stream(0)["sessions"], 1);
}

#[test]
fn cameras_over_udp() {
    let province = province(16);
    let outcome = view(&sources(&province, plain(6)), &["--seconds", "7", "--transport", "udp"]);
    for camera in 0..6 {
        assert!(outcome.count(camera, "shown") >= 12 * 3, "{}", outcome.stream(camera));
        assert_eq!(outcome.stream(camera)["dropped"]["lost_packets"], 0);
    }
}

#[test]
fn lost_udp_packets_are_counted_and_survived() {
    let province = province(12);
    let lossy = plain(1)[0];
    // A GOP has about 50 packets, so at most every second one loses a packet, and its key frame more rarely still.
    province.inflict(Target::Camera(lossy), Fault::LoseUdp { one_in: 97 });
    let outcome = view(&sources(&province, [lossy]), &["--seconds", "10", "--transport", "udp"]);
    let stream = outcome.stream(0);
    assert!(stream["dropped"]["lost_packets"].as_u64() > Some(0), "{stream}");
    assert!(outcome.count(0, "shown") > 12, "{stream}");
    assert_eq!(outcome.count(0, "sessions"), 1, "loss is no reason to hang up: {stream}");
}

#[test]
fn a_frozen_camera_is_dimmed_and_says_since_when() {
    let province = province(12);
    let cameras = plain(2);
    let running = View::start(&sources(&province, cameras.iter().copied()), &["--seconds", "14"], None);
    std::thread::sleep(Duration::from_secs(5));
    province.inflict(Target::Camera(cameras[0]), Fault::Freeze);
    let outcome = running.finish();
    assert!(outcome.count(0, "shown") > 0);
    assert!(outcome.says(0).contains("Từ "), "{}", outcome.stream(0));
    assert_eq!(outcome.state(1), "live", "its neighbour is well: {}", outcome.stream(1));
    assert!(outcome.stream(1)["says"].is_null());
}

#[test]
fn the_seventh_viewer_is_told_so() {
    let province = province(12);
    let camera = plain(1)[0];
    let source = sources(&province, [camera]);
    let others: Vec<View> = (0..6).map(|_| View::start(&source, &["--seconds", "9"], None)).collect();
    std::thread::sleep(Duration::from_secs(3));
    let seventh = view(&source, &["--seconds", "4"]);
    assert_eq!(seventh.state(0), "capacity_viewers", "{}", seventh.stream(0));
    assert!(seventh.says(0).starts_with("Hết chỗ xem"), "{}", seventh.says(0));
    assert_eq!(seventh.count(0, "sessions"), 1);
    for other in others {
        assert!(other.finish().count(0, "shown") > 0);
    }
}

/// Recorders lock the account after 5 to 7 wrong logins; a site has up to 16 channels behind one.
#[test]
fn a_recorder_with_many_channels_sees_a_wrong_password_once() {
    let province = province(16);
    let recorder = 0;
    let wrong =
        sources(&province, list().recorders[recorder].cameras.clone()).replace(province::PASSWORD, "sai");
    let channels = list().recorders[recorder].cameras.len();
    assert!(channels > 7);
    let outcome = view(&wrong, &["--seconds", "6"]);
    assert_eq!(province.recorder_counts(recorder).wrong_passwords, 1);
    for channel in 0..channels {
        assert_eq!(outcome.state(channel), "password_refused", "{}", outcome.stream(channel));
    }
}

#[test]
fn a_recorder_that_reboots_comes_back_by_itself() {
    let province = province(16);
    let cameras = list().recorders[0].cameras.clone();
    let running = View::start(&sources(&province, cameras.clone()), &["--seconds", "32"], None);
    std::thread::sleep(Duration::from_secs(5));
    province.stop_recorder(0);
    std::thread::sleep(Duration::from_secs(3));
    province.start_recorder(0).expect("its port is free again");
    let outcome = running.finish();
    for index in 0..cameras.len() {
        assert_eq!(outcome.state(index), "live", "{}", outcome.stream(index));
        assert!(outcome.count(index, "sessions") >= 2);
    }
    assert_eq!(province.recorder_counts(0).wrong_passwords, 0);
}

#[test]
fn cut_in_the_middle_of_a_picture_it_returns() {
    let province = province(12);
    let camera = plain(1)[0];
    let running = View::start(&sources(&province, [camera]), &["--seconds", "14"], None);
    std::thread::sleep(Duration::from_secs(4));
    province.inflict(Target::Camera(camera), Fault::CutMidPicture);
    let outcome = running.finish();
    assert_eq!(outcome.state(0), "live", "{}", outcome.stream(0));
    assert!(outcome.count(0, "sessions") >= 2, "{}", outcome.stream(0));
}

/// Where there is no decoder in hardware; where there is one, it must decode.
#[test]
fn forced_hardware_decoding_decodes_there_or_says_why_not() {
    let province = province(12);
    let source = sources(&province, plain(1));
    let forced = view(&source, &["--seconds", "5", "--decode", "hardware"]);
    if forced.state(0) == "live" {
        assert_ne!(forced.stream(0)["decoder"], "CPU");
    } else {
        assert_eq!(forced.state(0), "no_hardware", "{}", forced.stream(0));
        assert!(forced.says(0).starts_with("Không có bộ giải mã phần cứng"), "{}", forced.says(0));
        assert_eq!(forced.count(0, "shown"), 0);
    }
    let automatic = view(&source, &["--seconds", "5", "--decode", "auto"]);
    assert_eq!(automatic.state(0), "live", "{}", automatic.stream(0));
    assert_eq!(automatic.stream(0)["decoder"] == "CPU", automatic.stream(0)["decoder_note"].is_string());
}

#[test]
fn recorders_hear_goodbye() {
    let province = province(12);
    let camera = plain(1)[0];
    view(&sources(&province, [camera]), &["--seconds", "3"]);
    assert_eq!(province.stream_counts(camera, Profile::Sub).viewers, 0, "a viewer's place is still taken");
}
