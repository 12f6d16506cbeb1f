//! What a picture costs: processor time beside the `ffmpeg` command's for the same stream, and memory a stream.
//!
//! `cargo bench -p decode` prints two tables. Clips are made by the `ffmpeg` command and kept in the target
//! directory; clips of cameras in `~/.cache/watchwall/clips-*/` are measured, too.
#![allow(clippy::print_stdout, unsafe_code)] // prints its result; reads the process's times

#[path = "../tests/support/mod.rs"]
mod support;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use decode::{Event, Input, Options, Pool, Preference, Sink};
use model::{AccessUnit, Codec, Picture};
use support::clips;

/// Each clip is decoded this often; the least time counts, because other programs only ever add to it.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == MEMORY) {
        return print_memory(&arguments[at + 1], &arguments[at + 2]);
    }
    let mut all: Vec<(String, Codec, PathBuf)> = generated();
    all.extend(from_cameras());
    println!("{:<34} {:>9} {:>12} {:>12} {:>7}", "clip", "pictures", "ours ms/pic", "ffmpeg", "ratio");
    for (name, codec, path) in &all {
        let units = clips::cut(*codec, &std::fs::read(path).expect("the clip"));
        let ours = (0..ROUNDS).map(|_| decode_once(&units)).min().unwrap_or_default();
        let start = (0..ROUNDS).map(|_| command_once(path, &["-frames:v", "1"])).min().unwrap_or_default();
        let theirs =
            (0..ROUNDS).map(|_| command_once(path, &[])).min().unwrap_or_default().saturating_sub(start);
        let a_picture = |time: Duration| time.as_secs_f64() * 1000.0 / units.len() as f64;
        println!(
            "{name:<34} {:>9} {:>12.3} {:>12.3} {:>7.2}",
            units.len(),
            a_picture(ours),
            a_picture(theirs),
            ours.as_secs_f64() / theirs.as_secs_f64()
        );
    }
    println!();
    println!("{:<34} {:>9} {:>12}", "clip", "streams", "MiB a stream");
    for (name, _, path) in all.iter().take(2) {
        for streams in ["16", "64"] {
            // In a process of its own: memory that was used before would hide what is needed.
            let program = std::env::current_exe().expect("our own path");
            let output = Command::new(program).arg(MEMORY).arg(path).arg(streams).output().expect("it runs");
            println!("{name:<34} {streams:>9} {:>12}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

/// Asks this program for one figure of the second table: clip, number of streams.
const MEMORY: &str = "--memory";

fn print_memory(clip: &str, streams: &str) {
    let units = clips::cut(Codec::H265, &std::fs::read(clip).expect("the clip"));
    let streams: usize = streams.parse().expect("a number");
    print!("{:.1}", memory(&units, streams) / streams as f64);
}

/// As cameras code: one key frame every two seconds, no reordering, moving content with noise.
fn generated() -> Vec<(String, Codec, PathBuf)> {
    let clip = |name: &str, codec, size: &str, rate: u32, bits: &str, encoder: &str| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.{}", extension(codec)));
        if !path.exists() {
            let source = format!("testsrc2=s={size}:r={rate}:d=10,noise=alls=6:allf=t");
            let options =
                format!("-c:v {encoder} -preset veryfast -bf 0 -g {} -b:v {bits} -pix_fmt yuv420p", 2 * rate);
            std::fs::write(&path, clips::encode(&source, &options, extension(codec)))
                .expect("space for the clip");
        }
        (name.to_owned(), codec, path)
    };
    let x265 = "libx265 -x265-params log-level=none:bframes=0:repeat-headers=1";
    vec![
        clip("sub 640x360 12 fps H.265", Codec::H265, "640x360", 12, "256k", x265),
        clip("main 1920x1080 25 fps H.265", Codec::H265, "1920x1080", 25, "2M", x265),
        clip("sub 640x360 12 fps H.264", Codec::H264, "640x360", 12, "384k", "libx264"),
        clip("main 1920x1080 25 fps H.264", Codec::H264, "1920x1080", 25, "4M", "libx264"),
    ]
}

fn from_cameras() -> Vec<(String, Codec, PathBuf)> {
    let Some(home) = std::env::home_dir() else { return Vec::new() };
    let Ok(folders) = std::fs::read_dir(home.join(".cache/watchwall")) else { return Vec::new() };
    let clips = folders.flatten().filter(|folder| folder.file_name().to_string_lossy().starts_with("clips-"));
    let files = clips.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let mut found: Vec<_> = files
        .filter_map(|file| {
            let path = file.path();
            let codec = match path.extension()?.to_str()? {
                "hevc" | "h265" | "265" => Codec::H265,
                "h264" | "264" => Codec::H264,
                _ => return None,
            };
            Some((file.file_name().to_string_lossy().into_owned(), codec, path))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.truncate(6);
    found
}

fn extension(codec: Codec) -> &'static str {
    match codec {
        Codec::H265 => "hevc",
        Codec::H264 => "h264",
        Codec::Mjpeg => "mjpeg",
    }
}

/// Keeps the newest picture, as a wall does, and reports each.
struct Newest {
    newest: Option<Picture>,
    done: SyncSender<()>,
}

impl Sink for Newest {
    fn picture(&mut self, picture: Picture) {
        self.newest = Some(picture);
        let _ = self.done.send(());
    }

    fn event(&mut self, _: Event) {}
}

fn open(pool: &Pool, name: &str, done: SyncSender<()>) -> Input {
    let options = Options { preference: Preference::Software, ..Options::new(name) };
    pool.open(options, Box::new(Newest { newest: None, done }))
}

/// Processor time that this process spends on decoding all units of one stream on one worker.
fn decode_once(units: &[AccessUnit]) -> Duration {
    let (done, pictures) = sync_channel(units.len());
    let pool = Pool::new(NonZeroUsize::MIN);
    let input = open(&pool, "bench", done);
    let now = Instant::now();
    let before = times(libc::RUSAGE_SELF);
    for unit in units {
        input.push(AccessUnit { received: now, ..unit.clone() });
    }
    for _ in units {
        pictures.recv().expect("a picture");
    }
    times(libc::RUSAGE_SELF) - before
}

/// Processor time of the `ffmpeg` command for the same. Its start and analysis, with the first picture, are taken off
/// by the caller.
fn command_once(path: &Path, limit: &[&str]) -> Duration {
    let before = times(libc::RUSAGE_CHILDREN);
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-threads", "1", "-i"])
        .arg(path)
        .args(["-fps_mode", "passthrough"])
        .args(limit)
        .args(["-f", "null", "-"])
        .stdout(Stdio::null())
        .status()
        .expect("the ffmpeg command runs");
    assert!(status.success());
    times(libc::RUSAGE_CHILDREN) - before
}

/// User and system time.
fn times(who: libc::c_int) -> Duration {
    // SAFETY: getrusage fills the structure, which may be all zeroes before.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(who, &raw mut usage), 0);
        usage
    };
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_micros(time.tv_usec.unsigned_abs())
    };
    time(usage.ru_utime) + time(usage.ru_stime)
}

/// MiB by which the process grows when it decodes this many streams, each holding its newest picture.
fn memory(units: &[AccessUnit], streams: usize) -> f64 {
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let (done, pictures) = sync_channel(streams * 50);
    let before = resident();
    let pool = Pool::new(workers);
    let inputs: Vec<Input> =
        (0..streams).map(|index| open(&pool, &index.to_string(), done.clone())).collect();
    for unit in &units[..50] {
        for input in &inputs {
            input.push(AccessUnit { received: Instant::now(), ..unit.clone() });
        }
        for _ in &inputs {
            pictures.recv().expect("a picture");
        }
    }
    let grown = resident() - before;
    drop(inputs);
    grown
}

/// Resident memory in MiB (Linux; elsewhere zero).
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
