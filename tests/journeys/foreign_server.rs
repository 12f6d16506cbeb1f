//! Against GStreamer's RTSP server, which nobody here wrote.

mod support;

use std::time::Duration;

use support::{Gstreamer, Outcome, View, free_port, near, view};

/// The columns of the SMPTE bars, of 100 % amplitude as GStreamer draws them.
const BARS: [[u8; 3]; 7] =
    [[255, 255, 255], [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255]];

#[track_caller]
fn assert_bars(outcome: &Outcome) {
    for (i, bar) in BARS.iter().enumerate() {
        let seen = outcome.colour(0, 1, (i as f64 + 0.5) / 7.0, 0.4);
        assert!(near(seen, *bar, 14), "bar {i}: {seen:?} instead of {bar:?}");
    }
}

#[track_caller]
fn assert_complete(outcome: &Outcome, at_least: u64) {
    let stream = outcome.stream(0);
    let (received, decoded, shown) =
        (outcome.count(0, "received"), outcome.count(0, "decoded"), outcome.count(0, "shown"));
    let before = stream["dropped"]["before_key_frame"].as_u64().expect("a count");
    assert!(shown >= at_least, "{stream}");
    assert!(received - before - decoded <= 1, "every unit behind the key frame becomes a picture: {stream}");
    assert_eq!(stream["dropped"]["undecodable"], 0, "{stream}");
    assert_eq!(stream["dropped"]["lost_packets"], 0, "{stream}");
}

#[test]
fn h265_over_tcp_has_the_right_colours_and_loses_nothing() {
    let server = Gstreamer::start(free_port(), &[]);
    let outcome =
        view(&format!("rtsp://127.0.0.1:{}/bars", server.port), &["--seconds", "6", "--no-captions"]);
    assert_complete(&outcome, 12 * 3);
    assert_bars(&outcome);
    assert_eq!(outcome.stream(0)["codec"], "H.265");
}

#[test]
fn h265_over_udp_has_the_right_colours_and_loses_nothing() {
    let server = Gstreamer::start(free_port(), &[]);
    let source = format!("rtsp://127.0.0.1:{}/bars", server.port);
    let outcome = view(&source, &["--seconds", "6", "--no-captions", "--transport", "udp"]);
    assert_complete(&outcome, 12 * 3);
    assert_bars(&outcome);
}

#[test]
fn digest_authentication() {
    let server = Gstreamer::start(free_port(), &["xem", "mật khẩu@/", "digest"]);
    let source = format!("rtsp://xem:m%E1%BA%ADt%20kh%E1%BA%A9u%40%2F@127.0.0.1:{}/ball", server.port);
    assert_complete(&view(&source, &["--seconds", "6"]), 12 * 3);
}

#[test]
fn two_tiles_of_one_camera_are_one_session() {
    let server = Gstreamer::start(free_port(), &[]);
    let source = format!("rtsp://127.0.0.1:{}/bars", server.port);
    let outcome = view(&format!("{source}\n{source}\n"), &["--seconds", "5", "--no-captions"]);
    assert_eq!(outcome.statistics["streams"][0]["received"], outcome.statistics["streams"][1]["received"]);
    assert_eq!(outcome.stream(1)["sessions"], 1);
    for tile in 0..2 {
        assert!(near(outcome.colour(tile, 2, 0.5 / 7.0, 0.4), BARS[0], 14), "tile {tile}");
    }
}

/// The server dies and comes back: the old picture is dimmed with its words, and the new one comes by itself.
#[test]
fn server_killed_and_back() {
    let port = free_port();
    let server = Gstreamer::start(port, &[]);
    let source = format!("rtsp://127.0.0.1:{port}/bars");
    let dies = View::start(&source, &["--seconds", "9"], None);
    let returns = View::start(&source, &["--seconds", "24"], None);
    std::thread::sleep(Duration::from_secs(4));
    drop(server);
    let dead = dies.finish();
    assert!(dead.count(0, "shown") > 0);
    assert!(["connection_refused", "ended"].contains(&dead.state(0)), "{}", dead.stream(0));
    assert!(dead.says(0).contains("Từ "), "since when: {}", dead.says(0));
    let white = dead.colour(0, 1, 0.5 / 7.0, 0.3);
    assert!(white.iter().all(|channel| *channel < 150), "an old picture looks live: {white:?}");

    let _server = Gstreamer::start(port, &[]);
    let back = returns.finish();
    assert_eq!(back.state(0), "live", "{}", back.stream(0));
    assert!(back.count(0, "sessions") >= 2);
    let white = back.colour(0, 1, 0.5 / 7.0, 0.3);
    assert!(near(white, BARS[0], 14), "the new picture is shown: {white:?}");
}
