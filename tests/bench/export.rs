//! How fast footage is taken out, beside `ffmpeg -c copy` of the same span from the same recorder over the same connection.
//!
//! A program of its own for the reason that `play` is. FFmpeg cannot ask a recorder to send as fast as it is read, so a door
//! between the two adds that to its request and carries everything else as it comes.

#[allow(dead_code)] // the journeys look at more of it
#[path = "../journeys/exporting/stage.rs"]
mod stage;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use model::Moment;

const SECONDS: u64 = 3600;
const ROUNDS: usize = 5;

fn main() {
    let stage = stage::stage();
    let period = stage.period(SECONDS);
    let source = stage.province.replay_source(stage::CAMERA, stage::PROFILE);
    let (_, port) = stage.address.device();
    let recorder = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    tell(&format!(
        "{SECONDS} s of one sub stream, each way in turn, {ROUNDS} times (aim: ≥ 0.9 of FFmpeg's speed)"
    ));
    for round in 0..ROUNDS {
        let begun = Instant::now();
        let complete = stage.complete(&stage.order(&format!("round {round}"), period));
        let took = begun.elapsed();
        let bytes: u64 = complete.manifest.cameras[0].files.iter().map(|file| file.bytes).sum();
        ours.push(megabytes_a_second(bytes, took));

        let copy = stage.folder.path().join(format!("copy-{round}.mkv"));
        let from = period.from.plus(stage::AHEAD);
        let through = source.replacen(&format!(":{port}/"), &format!(":{}/", door(recorder, from)), 1);
        let begun = Instant::now();
        copy_by_ffmpeg(&through, &copy);
        let took = begun.elapsed();
        let bytes = std::fs::metadata(&copy).expect("FFmpeg's copy").len();
        theirs.push(megabytes_a_second(bytes, took));
        tell(&format!("  Watchwall {:>6.1} MB/s   FFmpeg {:>6.1} MB/s", ours[round], theirs[round]));
        std::fs::remove_file(&copy).expect("removed");
        std::fs::remove_dir_all(&complete.folder).expect("removed");
    }
    let (ours, theirs) = (median(ours), median(theirs));
    tell(&format!("  median: Watchwall {ours:.1} MB/s, FFmpeg {theirs:.1} MB/s: {:.2}", ours / theirs));
}

fn tell(line: &str) {
    // Whoever closes the pipe has seen enough.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn megabytes_a_second(bytes: u64, took: Duration) -> f64 {
    bytes as f64 / 1e6 / took.as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// `source`: the recorder's address as FFmpeg takes it.
fn copy_by_ffmpeg(source: &str, to: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", source])
        .args(["-t", &SECONDS.to_string(), "-c", "copy"])
        .arg(to)
        .status();
    assert!(status.is_ok_and(|status| status.success()), "ffmpeg copies");
}

/// Lets one connection through to a recorder and asks in its name for a place, as fast as it is read. Gives the door's port.
fn door(recorder: SocketAddr, from: Moment) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("a port").port();
    begin("door", move || {
        let (mut client, _) = listener.accept().expect("FFmpeg connects");
        let mut server = TcpStream::connect(recorder).expect("the recorder is there");
        let (mut answers, mut back) =
            (server.try_clone().expect("cloned"), client.try_clone().expect("cloned"));
        begin("door-back", move || {
            // Whoever has enough closes.
            let _ = std::io::copy(&mut answers, &mut back);
            let _ = back.shutdown(Shutdown::Both);
        });
        let mut request = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = client.read(&mut request) {
            // FFmpeg writes each request at once.
            let changed = if request.starts_with(b"PLAY ") {
                with_place(&String::from_utf8_lossy(&request[..count]), from).into_bytes()
            } else {
                request[..count].to_vec()
            };
            if server.write_all(&changed).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
    });
    port
}

fn begin(name: &str, work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).expect("a thread");
}

/// A request to play, with this place in place of its own.
fn with_place(request: &str, from: Moment) -> String {
    let at = jiff::Timestamp::from_microsecond(from.0).expect("a time").strftime("%Y%m%dT%H%M%S.%3fZ");
    let lines = request.split("\r\n").filter(|line| !line.starts_with("Range:"));
    let mut lines: Vec<String> = lines.map(str::to_owned).collect();
    lines.insert(1, format!("Range: clock={at}-\r\nRate-Control: no"));
    lines.join("\r\n")
}
