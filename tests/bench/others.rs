//! The same wall by other programs: GStreamer's `compositor` and a grid in mpv, both decoding on the processor and drawing
//! into memory in the colours that a screen takes, beside ours.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use province::{Options, Profile, Province};

use crate::{floor, plain_cameras, table, wall};

const RUN: Duration = Duration::from_secs(20);
/// Each program's turns; the least counts, because what else the machine does only ever adds to it.
const ROUNDS: usize = 3;
/// Streams along each side of the grid.
const SIDE: usize = 4;
const WIDTH: usize = 1920;
const HEIGHT: usize = 1080;
/// Of the better of the others; more is a fault of ours.
const AIM: f64 = 0.6;

/// How a program is begun on these streams.
type Begins = fn(&[String]) -> Command;

/// Measures and prints a table.
pub(crate) fn run() -> Result<()> {
    let cameras = plain_cameras(SIDE * SIDE);
    let last = cameras.last().map_or(0, |camera| camera + 1);
    let province =
        Province::start(Options { cameras: last, profiles: vec![Profile::Sub], ..Options::default() })?;
    let sources: Vec<String> = cameras.iter().map(|camera| province.source(*camera, Profile::Sub)).collect();
    let (mut ours, mut decoding, mut a_second) = (f64::MAX, f64::MAX, 0.0);
    let mut others: [(&str, Begins, Option<f64>); 2] =
        [("GStreamer compositor", gstreamer, None), ("mpv xstack", mpv, None)];
    for _ in 0..ROUNDS {
        let wall = wall::measure(&sources, RUN).context("watchwall")?;
        (ours, decoding) = (ours.min(wall.all), decoding.min(wall.decode));
        // All show the same pictures at the same size.
        a_second = wall.shown as f64 / RUN.as_secs_f64();
        for (name, command, least) in &mut others {
            match measure(command(&sources)) {
                Ok(cores) => *least = Some(least.map_or(cores, |least| least.min(cores))),
                Err(error) => table::tell(&format!("SKIPPED {name}: {error:#}")),
            }
        }
    }
    let shown = a_second * (WIDTH * HEIGHT / SIDE / SIDE) as f64 / 1e6;
    table::print(&format!(
        "\n| {} sub streams on full HD, {shown:.0} megapixels a second shown | cores | cores / Mpx/s |\n| --- | ---: | ---: |",
        sources.len()
    ));
    let row = |name: &str, cores: f64| {
        table::print(&format!("| {name} | {cores:.3} | {:.5} |", cores / shown));
    };
    row("watchwall", ours);
    row("of it decoding, which all do by the same library", decoding);
    let known = others.into_iter().filter_map(|(name, _, cores)| Some((name, cores?)));
    let best = known.inspect(|(name, cores)| row(name, *cores)).map(|(_, cores)| cores).reduce(f64::min);
    if let Some(best) = best {
        table::print(&format!("\n{:.2} of the better of the others; the aim is {AIM}", ours / best));
    }
    Ok(())
}

/// Cores over the second half of a run.
fn measure(mut command: Command) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = Ended(command.spawn()?);
    std::thread::sleep(RUN / 2);
    let (before, began) = (floor::cpu_seconds(child.0.id())?, Instant::now());
    std::thread::sleep(RUN / 2);
    let cores = (floor::cpu_seconds(child.0.id())? - before) / began.elapsed().as_secs_f64();
    ensure!(child.0.try_wait()?.is_none(), "it ended before its time");
    ensure!(cores > 0.01, "it did nothing");
    Ok(cores)
}

fn gstreamer(sources: &[String]) -> Command {
    let mut command = Command::new("gst-launch-1.0");
    let (width, height) = (WIDTH / SIDE, HEIGHT / SIDE);
    command.args(["-q", "compositor", "name=wall", "background=black"]);
    for at in 0..sources.len() {
        let (x, y) = (at % SIDE * width, at / SIDE * height);
        let pad = [("xpos", x), ("ypos", y), ("width", width), ("height", height)];
        command.args(pad.map(|(name, value)| format!("sink_{at}::{name}={value}")));
    }
    let caps = format!("video/x-raw,width={WIDTH},height={HEIGHT},framerate=12/1");
    command.args([
        "!",
        &caps,
        "!",
        "videoconvert",
        "!",
        "video/x-raw,format=BGRx",
        "!",
        "fakesink",
        "sync=true",
    ]);
    for (at, source) in sources.iter().enumerate() {
        let location = format!("location={source}");
        command.args(["rtspsrc", &location, "protocols=tcp", "latency=0", "!", "rtph265depay", "!"]);
        command.args(["avdec_h265", "max-threads=1", "!", "queue", "!", &format!("wall.sink_{at}")]);
    }
    command
}

fn mpv(sources: &[String]) -> Command {
    let mut command = Command::new("mpv");
    let (width, height) = (WIDTH / SIDE, HEIGHT / SIDE);
    let scaled = (1..=sources.len()).map(|at| format!("[vid{at}]scale={width}:{height}[t{at}];"));
    let inputs = (1..=sources.len()).map(|at| format!("[t{at}]"));
    let place = |at: usize| format!("{}_{}", at % SIDE * width, at / SIDE * height);
    let places: Vec<String> = (0..sources.len()).map(place).collect();
    let graph = format!(
        "{}{}xstack=inputs={}:layout={},fps=12,format=bgr0[vo]",
        scaled.collect::<String>(),
        inputs.collect::<String>(),
        sources.len(),
        places.join("|")
    );
    command.args(["--no-config", "--vo=null", "--no-audio", "--profile=low-latency", "--vd-lavc-threads=1"]);
    command.args(["--rtsp-transport=tcp", "--hwdec=no", &format!("--lavfi-complex={graph}")]);
    command.args(sources.iter().skip(1).map(|source| format!("--external-file={source}")));
    command.args(sources.first());
    command
}

/// Ends a program that is dropped.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
