//! The floor: `ffmpeg` receiving and decoding the same streams to nothing, as cheaply as it can.
//!
//! One decoding thread a stream (`-threads 1`; more threads cost more CPU), no frame-rate conversion, no sound, no
//! analysis of the input. Its command opens the inputs of a process one after the other and decodes them in one
//! thread, so a process gets a few streams only: with all in one it would take minutes to start, fall behind at 9
//! main streams, and look cheaper than it is.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// Few enough to be open and decoding long before the second half begins.
const STREAMS_A_PROCESS: usize = 4;

/// What decoding to nothing cost.
pub(crate) struct Floor {
    /// Cores over the second half of the run.
    pub(crate) all: f64,
    pub(crate) memory_mib: f64,
}

/// A program built beside this one.
pub(crate) fn beside(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.parent().context("a folder")?.join(name);
    ensure!(path.exists(), "{} is missing; `make bench` builds it", path.display());
    Ok(path)
}

pub(crate) fn measure(sources: &[String], run: Duration) -> Result<Floor> {
    let mut children = Children(sources.chunks(STREAMS_A_PROCESS).map(start).collect::<Result<_>>()?);
    std::thread::sleep(run / 2);
    let (before, at) = (children.cpu_seconds()?, Instant::now());
    std::thread::sleep(run / 2);
    let all = (children.cpu_seconds()? - before) / at.elapsed().as_secs_f64();
    for child in &mut children.0 {
        ensure!(child.try_wait()?.is_none(), "ffmpeg ended before its time");
    }
    Ok(Floor { all, memory_mib: children.memory_mib() })
}

fn start(sources: &[String]) -> Result<Child> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-hide_banner", "-loglevel", "quiet"]);
    for source in sources {
        command.args(["-rtsp_transport", "tcp", "-analyzeduration", "0", "-probesize", "32"]);
        command.args(["-threads", "1", "-an", "-i", source]);
    }
    for input in 0..sources.len() {
        command.args(["-map", &format!("{input}:v")]);
    }
    command.args(["-fps_mode", "passthrough", "-f", "null", "-"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().context("the ffmpeg command")
}

/// Ended when dropped.
struct Children(Vec<Child>);

impl Children {
    fn cpu_seconds(&self) -> Result<f64> {
        self.0.iter().map(|child| cpu_seconds(child.id())).sum()
    }

    fn memory_mib(&self) -> f64 {
        self.0.iter().filter_map(|child| peak_memory_mib(child.id())).sum()
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// User and system time of all threads, those that have ended included (proc(5): fields 14 and 15 of `stat`).
pub(crate) fn cpu_seconds(process: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> = text.rsplit(')').next().context("stat")?.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    // USER_HZ is 100 on every Linux that this runs on.
    Ok(ticks as f64 / 100.0)
}

/// The same of all that a process has started, and they.
pub(crate) fn cpu_seconds_below(process: u32) -> f64 {
    let children = std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        let text = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        let parent: u32 = text.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
        (parent == process).then_some(id)
    });
    // One that has just ended counts nothing.
    children.map(|child| cpu_seconds(child).unwrap_or(0.0) + cpu_seconds_below(child)).sum()
}

fn peak_memory_mib(process: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}
