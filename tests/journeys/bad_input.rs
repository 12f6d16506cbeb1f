//! Everything that can be wrong with a source, each beside a healthy one: it gets its words, and costs nobody else.
//!
//! All stand on one wall at once, which is also how they would meet in the field.

mod support;

use std::io::{Read, Write};
use std::sync::LazyLock;
use std::time::Duration;

use support::{Gstreamer, Outcome, device, free_port, rtsp_device, view};

/// Long enough for the longest deadline, the 10 s of an answer.
const SECONDS: &str = "13";

const HEALTHY: usize = 0;
const REFUSED: usize = 1;
const WRONG_PASSWORD: usize = 2;
const NO_PASSWORD: usize = 3;
const NOT_RTSP: usize = 4;
const SILENT: usize = 5;
const ENDLESS_HEADER: usize = 6;
const CUT: usize = 7;
const UNKNOWN_CODEC: usize = 8;
const CLEAR_TEXT: usize = 9;
const NO_VIDEO: usize = 10;
const BAD_LINE: usize = 11;
const NO_SUCH_HOST: usize = 12;
const BUSY: usize = 13;
const DRIP: usize = 14;
const NO_SUCH_STREAM: usize = 15;

const H265_SDP: &str = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n\
                        m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=control:track0\r\n";
const H266_SDP: &str = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n\
                        m=video 0 RTP/AVP 96\r\na=rtpmap:96 H266/90000\r\na=control:track0\r\n";
const AUDIO_SDP: &str = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n\
                         m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=control:track0\r\n";

static WALL: LazyLock<Outcome> = LazyLock::new(|| {
    let open = Gstreamer::start(free_port(), &[]);
    let locked = Gstreamer::start(free_port(), &["xem", "mat-khau", "digest"]);
    let basic = Gstreamer::start(free_port(), &["xem", "mat-khau", "basic"]);
    let web = device(|mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    let silent = device(|mut stream| while matches!(stream.read(&mut [0; 1024]), Ok(1..)) {});
    let endless = device(|mut stream| {
        let _ = stream.write_all(b"RTSP/1.0 200 OK\r\n");
        while stream.write_all(&b"X-Padding: a line that never ends the header\r\n".repeat(1000)).is_ok() {}
    });
    let drip = device(|mut stream| {
        for byte in b"RTSP/1.0 200 OK\r\nX: ".iter().chain(std::iter::repeat(&b'y')) {
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    });
    let busy = device(|mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: 1\r\n\r\n");
    });
    // The first fragment of an H.265 picture (RFC 7798 fragmentation unit, S set), then nothing.
    let cut = rtsp_device(H265_SDP, |stream| {
        let mut packet = vec![0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0x62, 0x01, 0x93];
        packet.resize(900, 0xa5);
        let mut framed = vec![b'$', 0, (packet.len() >> 8) as u8, packet.len() as u8];
        framed.extend(packet);
        let _ = stream.write_all(&framed);
    });
    let unknown = rtsp_device(H266_SDP, |_| {});
    let silent_camera = rtsp_device(AUDIO_SDP, |_| {});
    let sources = [
        format!("rtsp://127.0.0.1:{}/ball\tTrạm | Khỏe", open.port),
        format!("rtsp://127.0.0.1:{}/x", free_port()),
        format!("rtsp://xem:sai-mat-khau@127.0.0.1:{}/ball", locked.port),
        format!("rtsp://127.0.0.1:{}/ball", locked.port),
        format!("rtsp://127.0.0.1:{web}/x"),
        format!("rtsp://127.0.0.1:{silent}/x"),
        format!("rtsp://127.0.0.1:{endless}/x"),
        format!("rtsp://127.0.0.1:{cut}/x"),
        format!("rtsp://127.0.0.1:{unknown}/x"),
        format!("rtsp://xem:mat-khau@127.0.0.1:{}/ball", basic.port),
        format!("rtsp://127.0.0.1:{silent_camera}/x"),
        "camera của tôi".to_owned(),
        "rtsp://khong-co.invalid/x".to_owned(),
        format!("rtsp://127.0.0.1:{busy}/x"),
        format!("rtsp://127.0.0.1:{drip}/x"),
        format!("rtsp://127.0.0.1:{}/khong-co", open.port),
    ];
    view(&sources.join("\n"), &["--seconds", SECONDS, "--decode", "software", "--backend", "software"])
});

#[track_caller]
fn assert_dark(index: usize, state: &str, words: &str) {
    let stream = WALL.stream(index);
    assert_eq!(WALL.state(index), state, "{stream}");
    assert!(WALL.says(index).starts_with(words), "{stream}");
    assert_eq!(WALL.count(index, "shown"), 0, "{stream}");
}

#[test]
fn the_healthy_tile_keeps_its_rate() {
    assert_eq!(WALL.state(HEALTHY), "live");
    // 12 pictures a second from about the second second on; GStreamer starts its encoder only when asked.
    assert!(WALL.count(HEALTHY, "shown") >= 12 * 9, "{}", WALL.stream(HEALTHY));
    assert_eq!(WALL.stream(HEALTHY)["dropped"]["late"], 0);
    assert_eq!(WALL.stream(HEALTHY)["sessions"], 1);
}

#[test]
fn nobody_listens() {
    assert_dark(REFUSED, "connection_refused", "Thiết bị từ chối kết nối");
}

#[test]
fn wrong_password_is_tried_once() {
    assert_dark(WRONG_PASSWORD, "password_refused", "Sai người dùng hoặc mật khẩu");
    assert_eq!(WALL.count(WRONG_PASSWORD, "sessions"), 1);
    assert!(WALL.says(WRONG_PASSWORD).contains("Không tự thử lại"));
}

#[test]
fn password_missing() {
    assert_dark(NO_PASSWORD, "password_required", "Cần mật khẩu");
}

#[test]
fn clear_text_password_is_not_sent() {
    assert_dark(CLEAR_TEXT, "clear_text_password", "Thiết bị đòi mật khẩu không mã hóa");
}

#[test]
fn not_rtsp_at_all() {
    assert_dark(NOT_RTSP, "not_rtsp", "Không phải thiết bị RTSP");
}

#[test]
fn silent_server() {
    assert_dark(SILENT, "no_answer", "Thiết bị im lặng");
}

#[test]
fn one_byte_now_and_then_is_silence() {
    assert_dark(DRIP, "no_answer", "Thiết bị im lặng");
}

#[test]
fn endless_header_costs_no_memory() {
    assert_dark(ENDLESS_HEADER, "oversized_answer", "Trả lời dài bất thường");
    let peak = WALL.statistics["memory_peak_mib"].as_f64().unwrap();
    assert!(peak < 200.0, "{peak} MiB");
}

#[test]
fn stream_cut_in_the_middle_of_a_picture() {
    assert!(WALL.count(CUT, "sessions") >= 2, "it is tried again: {}", WALL.stream(CUT));
    assert_eq!(WALL.count(CUT, "shown"), 0);
    assert_eq!(WALL.state(CUT), "ended", "{}", WALL.stream(CUT));
    assert!(WALL.says(CUT).starts_with("Mất kết nối"), "{}", WALL.says(CUT));
}

#[test]
fn unknown_codec_is_named() {
    assert_dark(UNKNOWN_CODEC, "unsupported_codec", "Kiểu nén không hỗ trợ\nh266");
}

#[test]
fn a_stream_without_video() {
    assert_dark(NO_VIDEO, "no_video", "Luồng không có hình");
}

#[test]
fn malformed_line_keeps_its_tile_and_is_named() {
    assert_eq!(WALL.state(BAD_LINE), "bad_line");
    assert!(WALL.says(BAD_LINE).starts_with("Dòng 12 của danh sách: không phải một địa chỉ"));
    assert!(WALL.stderr.contains("Dòng 12 của danh sách"), "{}", WALL.stderr);
}

#[test]
fn unknown_host_name() {
    assert_dark(NO_SUCH_HOST, "name_not_found", "Không tìm thấy tên máy");
}

#[test]
fn a_reached_limit_waits_and_is_no_wrong_password() {
    assert_dark(BUSY, "capacity_bandwidth", "Hết băng thông gửi");
    assert_eq!(WALL.count(BUSY, "sessions"), 1, "asked again within 30 s");
}

#[test]
fn a_stream_that_does_not_exist() {
    assert_dark(NO_SUCH_STREAM, "not_found", "Không có luồng này");
}

#[test]
fn no_password_is_printed_anywhere() {
    for secret in ["sai-mat-khau", "mat-khau@"] {
        assert!(!WALL.stderr.contains(secret) && !WALL.stdout.contains(secret));
        assert!(!WALL.statistics.to_string().contains(secret));
    }
}

#[test]
fn a_list_that_cannot_be_read_or_holds_nothing() {
    let folder = support::Folder::new();
    let empty = folder.file("trong.txt");
    std::fs::write(&empty, "# không có gì\n\n").unwrap();
    for (list, words) in
        [(folder.file("khong-co.txt"), "Không đọc được danh sách nguồn"), (empty, "không có địa chỉ nào")]
    {
        let output = std::process::Command::new(support::program("watchwall"))
            .args(["view", "--headless", "--sources"])
            .arg(list)
            .env_remove("WATCHWALL_LANG")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn without_a_display_it_says_so() {
    let output = std::process::Command::new(support::program("watchwall"))
        .args(["view", "--sources", "-"])
        .env_remove("WATCHWALL_LANG")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(source_on_stdin())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Không có màn hình") && said.contains("--headless"), "{said}");
}

fn source_on_stdin() -> std::fs::File {
    let folder = support::Folder::new();
    std::fs::write(folder.file("list"), "rtsp://127.0.0.1:1/x\n").expect("a file");
    std::fs::File::open(folder.file("list")).expect("the same file")
}
