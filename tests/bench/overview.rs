//! Layouts: how long until every tile shows after a switch, whether many of them leave anything behind, and what the whole
//! province costs on one wall.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use province::{Options, Profile, Province};
use serde_json::Value;

use crate::console::{Console, Screen, now};
use crate::{floor, table};

/// From a wall of 16 by these keys: 64, 1 and 36 tiles.
const SWITCHES: [(char, usize); 4] = [('8', 64), ('1', 1), ('6', 36), ('4', 16)];
const ROUNDS: usize = 5;
/// The largest of them.
const MOST: usize = 64;
/// Longer than streams linger, so that each is opened anew.
const APART: Duration = Duration::from_secs(8);
const MANY: usize = 200;
/// The wall of the whole province is left alone for so long before it is measured, and measured for so long.
const SETTLING: Duration = Duration::from_secs(25);
const MEASURED: Duration = Duration::from_secs(20);
/// A tile whose newest picture is younger is alive: two key frames' time and a little, in seconds.
const ALIVE: f64 = 5.0;

/// Measures and prints three tables.
pub(crate) fn run(program: &Path) -> Result<()> {
    table::tell("Making the clips that are missing (once; many minutes for the whole province) …");
    let profiles = vec![Profile::Sub, Profile::Main];
    let province = Province::start(Options { profiles, ..Options::default() })?;
    let folder = std::env::temp_dir().join(format!("watchwall-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = layouts(program, &province, &folder)
        .and_then(|()| many(program, &province, &folder))
        .and_then(|()| whole(program, &province, &folder));
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn layouts(program: &Path, province: &Province, folder: &Path) -> Result<()> {
    let screen = Screen::start()?;
    let console = Console::start_on(program, &plain_list(province), folder, &screen)?;
    std::thread::sleep(Duration::from_secs(6));
    // All cameras fill 64 tiles, so that every layout is full.
    screen.xdotool(&["key", "Escape"])?;
    screen.xdotool(&["key", "o"])?;
    std::thread::sleep(APART);
    screen.xdotool(&["key", "4"])?;
    std::thread::sleep(APART);
    let mut asked = Vec::new();
    for _ in 0..ROUNDS {
        for (key, tiles) in SWITCHES {
            asked.push((now(), tiles));
            screen.xdotool(&["key", &key.to_string()])?;
            std::thread::sleep(APART);
        }
    }
    let statistics = console.finish()?;
    let reactions = statistics["0"]["reactions"].as_array().context("no reactions")?;
    table::print(
        "\n| switch, until every tile shows its stream | n | total p50 ms | p95 | without the wait for a key frame p50 ms | p95 |",
    );
    table::print("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (_, tiles) in SWITCHES {
        let times = asked.iter().filter(|(_, of)| *of == tiles);
        let slowest: Vec<(f64, f64)> = times.filter_map(|(at, _)| slowest(reactions, *at)).collect();
        table::latencies(&format!("to {tiles} tiles"), &slowest);
    }
    Ok(())
}

/// The province's list with 64 cameras of one kind, spread over the sites: what is measured is how long a switch takes, not
/// what the plan leaves out or asks about.
fn plain_list(province: &Province) -> Value {
    let plain = crate::plain_cameras(MOST);
    let mut value = province::inventory(|recorder| province.port(recorder));
    let mut at = 0;
    for site in value["sites"].as_array_mut().into_iter().flatten() {
        for recorder in site["recorders"].as_array_mut().into_iter().flatten() {
            if let Some(cameras) = recorder["cameras"].as_array_mut() {
                cameras.retain(|_| {
                    at += 1;
                    plain.contains(&(at - 1))
                });
            }
        }
    }
    value
}

/// Apart from what is timed: so many reactions are not kept.
fn many(program: &Path, province: &Province, folder: &Path) -> Result<()> {
    let screen = Screen::start()?;
    let console = Console::start_on(program, &plain_list(province), folder, &screen)?;
    std::thread::sleep(Duration::from_secs(6));
    screen.xdotool(&["key", "Escape"])?;
    // Each layout once: what is kept for the next time is there then.
    for (key, _) in SWITCHES {
        screen.xdotool(&["key", &key.to_string()])?;
        std::thread::sleep(APART);
    }
    let before = held(console.id())?;
    for at in 0..MANY {
        screen.xdotool(&["key", &SWITCHES[at % SWITCHES.len()].0.to_string()])?;
        std::thread::sleep(Duration::from_millis(150));
    }
    std::thread::sleep(APART);
    let after = held(console.id())?;
    table::print(&format!("\n| {MANY} switches | before | after |\n| --- | ---: | ---: |"));
    for (name, at) in [("MiB", 0), ("threads", 1), ("descriptors", 2)] {
        table::print(&format!("| {name} | {:.0} | {:.0} |", before[at], after[at]));
    }
    Ok(())
}

/// What a process holds: MiB, threads, descriptors.
fn held(process: u32) -> Result<[f64; 3]> {
    let count = |what: &str| {
        Ok::<_, anyhow::Error>(std::fs::read_dir(format!("/proc/{process}/{what}"))?.count() as f64)
    };
    Ok([memory_mib(process)?, count("task")?, count("fd")?])
}

/// The last tile's reaction to what was done at `time`, with and without its wait for a key frame; `None` if all were there.
fn slowest(reactions: &[Value], time: f64) -> Option<(f64, f64)> {
    let number = |reaction: &Value, name: &str| reaction[name].as_f64().unwrap_or(f64::NAN);
    let asked = reactions.iter().filter(|one| (0.0..1.5).contains(&(number(one, "asked") - time)));
    let times = asked.map(|one| {
        let total = number(one, "shown") - time;
        (total, total - number(one, "key_frame_wait"))
    });
    times.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))
}

fn whole(program: &Path, province: &Province, folder: &Path) -> Result<()> {
    let screen = Screen::start()?;
    let console = Console::start(program, province, folder, &screen)?;
    std::thread::sleep(Duration::from_secs(6));
    screen.xdotool(&["key", "Escape"])?;
    let asked = now();
    screen.xdotool(&["key", "o"])?;
    std::thread::sleep(SETTLING);
    let cpu = || {
        Ok::<_, anyhow::Error>([floor::cpu_seconds(console.id())?, floor::cpu_seconds_below(console.id())])
    };
    let (before, began) = (cpu()?, Instant::now());
    std::thread::sleep(MEASURED);
    let (after, seconds) = (cpu()?, began.elapsed().as_secs_f64());
    let [cores, page] = [0, 1].map(|at| (after[at] - before[at]) / seconds);
    let memory = memory_mib(console.id())?;
    let watched = (0..province::list().cameras.len())
        .filter(|camera| Profile::BOTH.iter().any(|one| province.stream_counts(*camera, *one).viewers > 0))
        .count();
    let ended = now();
    let statistics = console.finish()?;
    let reactions = statistics["0"]["reactions"].as_array().context("no reactions")?;
    let tiles = statistics["0"]["tiles"].as_array().context("no tiles")?;
    let shown: Vec<f64> = reactions
        .iter()
        .filter(|one| one["asked"].as_f64().is_some_and(|at| at >= asked))
        .filter_map(|one| Some(one["shown"].as_f64()? - asked))
        .collect();
    let last = shown.iter().copied().fold(0.0, f64::max);
    table::print("\n| the whole province on one wall | |\n| --- | ---: |");
    table::print(&format!("| cameras watched | {watched} |"));
    table::print(&format!("| tiles that were opened and have shown a picture | {} |", shown.len()));
    table::print(&format!("| until the last of them did, s | {last:.1} |"));
    let alive =
        tiles.iter().filter(|tile| tile["newest"].as_f64().is_some_and(|newest| ended - newest < ALIVE));
    table::print(&format!(
        "| tiles with a picture of the last {ALIVE:.0} s at the end | {} |",
        alive.count()
    ));
    table::print(&format!("| pictures a second and tile, slowest, median | {} |", rates(tiles)));
    table::print(&format!("| cores | {cores:.2} |"));
    table::print(&format!("| cores of the page's processes | {page:.2} |"));
    table::print(&format!("| MiB | {memory:.0} |"));
    Ok(())
}

/// Key frames come every two seconds: half a picture a second is all of them.
fn rates(tiles: &[Value]) -> String {
    let rate = |tile: &Value| {
        let (first, newest) = (tile["first"].as_f64()?, tile["newest"].as_f64()?);
        Some((tile["pictures"].as_f64()? - 1.0) / (newest - first)).filter(|rate| rate.is_finite())
    };
    let mut rates: Vec<f64> = tiles.iter().map(|tile| rate(tile).unwrap_or(0.0)).collect();
    rates.sort_by(f64::total_cmp);
    let at = |share: f64| rates.get((rates.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    format!("{:.2}, {:.2}", at(0.0), at(0.5))
}

/// What a process holds now.
fn memory_mib(process: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.split_whitespace().next().context("no figure")?.parse::<f64>()? / 1024.0)
}
