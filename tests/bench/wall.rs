//! One headless wall, measured by its own statistics.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::floor;

/// What a wall cost and showed.
pub(crate) struct Wall {
    pub(crate) receive: f64,
    pub(crate) decode: f64,
    pub(crate) draw: f64,
    /// Cores over the second half.
    pub(crate) all: f64,
    pub(crate) shown: u64,
    /// Arrived before the first key frame: nothing could be made of them.
    pub(crate) before_key_frame: u64,
    /// Milliseconds from capture to wall.
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    /// Milliseconds from starting the program until the last tile had a picture, less the wait for its key frame.
    pub(crate) alive: Option<f64>,
    pub(crate) memory_mib: f64,
}

pub(crate) fn measure(sources: &[String], run: Duration) -> Result<Wall> {
    let folder = std::env::temp_dir().join(format!("watchwall-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("statistics.json");
    let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs_f64();
    let mut child = Command::new(floor::beside("watchwall")?)
        .args(["view", "--sources", "-", "--headless", "--size", "1920x1080", "--decode", "software"])
        .args(["--seconds", &run.as_secs().to_string(), "--stats"])
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    child.stdin.take().context("standard input")?.write_all(sources.join("\n").as_bytes())?;
    ensure!(child.wait()?.success(), "it failed");
    let statistics: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    std::fs::remove_dir_all(&folder)?;
    read(&statistics, started).context("statistics lack a field")
}

fn read(statistics: &Value, started: f64) -> Option<Wall> {
    let steady = &statistics["steady_cpu_cores"];
    let totals = &statistics["totals"];
    let latency = &totals["latency_from_capture_ms"];
    let streams = statistics["streams"].as_array()?;
    let begun = (statistics["began"].as_f64()? - started) * 1e3;
    // A tile without any picture makes the sum, and so the answer, `None`.
    let waits: Option<Vec<f64>> = streams
        .iter()
        .map(|stream| Some(stream["first_picture_ms"].as_f64()? - stream["key_frame_wait_ms"].as_f64()?))
        .collect();
    Some(Wall {
        receive: steady["receive"].as_f64()?,
        decode: steady["decode"].as_f64()?,
        draw: steady["draw"].as_f64()?,
        all: steady["all"].as_f64()?,
        shown: totals["shown"].as_u64()?,
        before_key_frame: streams.iter().filter_map(|s| s["dropped"]["before_key_frame"].as_u64()).sum(),
        p50: latency["p50"].as_f64()?,
        p95: latency["p95"].as_f64()?,
        alive: waits.map(|waits| begun + waits.into_iter().fold(0.0, f64::max)),
        memory_mib: statistics["memory_peak_mib"].as_f64()?,
    })
}
