//! From the click to the picture, and from the start to the first moving tile: the console on a screen of its own, driven
//! by keyboard and pointer, as a person would.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use province::{Options, Profile, Province};
use serde_json::Value;

use crate::console::{Console, Screen, now};
use crate::table;

/// How often each thing is done.
const ROUNDS: usize = 12;
/// Two sites that are opened in turn, as typed into the search field, and their cameras.
const SITES: [&str; 2] = ["khoa noi b", "huyen doi cu"];
/// The first sites of the list, these two among them.
const CAMERAS: usize = 53;

/// Measures and prints a table.
pub(crate) fn run(program: &Path) -> Result<()> {
    let profiles = vec![Profile::Sub, Profile::Main];
    let province = Province::start(Options { cameras: CAMERAS, profiles, ..Options::default() })?;
    let folder = std::env::temp_dir().join(format!("watchwall-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(program, &province, &folder);
    std::fs::remove_dir_all(&folder)?;
    let Measured { starts, enlarged, sites } = outcome?;
    table::print(
        "\n| from … to the first new picture | n | total p50 ms | p95 | without the wait for a key frame p50 ms | p95 |",
    );
    table::print("| --- | ---: | ---: | ---: | ---: | ---: |");
    table::latencies("start of the program to the first moving tile", &starts);
    table::latencies("double click to the enlarged camera's main stream", &enlarged);
    table::latencies("Enter to each tile of a site", &sites);
    Ok(())
}

/// Each with and without the wait for a key frame, in seconds.
struct Measured {
    starts: Vec<(f64, f64)>,
    enlarged: Vec<(f64, f64)>,
    sites: Vec<(f64, f64)>,
}

fn measure(program: &Path, province: &Province, folder: &Path) -> Result<Measured> {
    let screen = Screen::start()?;
    let mut measured = Measured { starts: Vec::new(), enlarged: Vec::new(), sites: Vec::new() };
    // The first start of a machine reads everything from the disk and knows no window: it is not counted.
    for round in 0..4 {
        let console = Console::start(program, province, folder, &screen)?;
        let began = console.began;
        std::thread::sleep(Duration::from_secs(4));
        let moving = console.finish()?["0"]["moving"].as_f64().context("no tile moved")?;
        if round > 0 {
            measured.starts.push((moving - began, moving - began));
        }
    }
    let console = Console::start(program, province, folder, &screen)?;
    std::thread::sleep(Duration::from_secs(5));
    let [left, top, width, height] = screen.wall()?;
    let mut clicks = Vec::new();
    for round in 0..ROUNDS {
        let (column, row) = (round % 4, round / 4);
        let x = left + width * (2 * column + 1) / 8;
        let y = top + height * (2 * row + 1) / 8;
        screen.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"])?;
        clicks.push(now());
        screen.xdotool(&["click", "1"])?;
        std::thread::sleep(Duration::from_secs(4));
        screen.xdotool(&["key", "Escape"])?;
        std::thread::sleep(Duration::from_secs(2));
    }
    let mut entered = Vec::new();
    for round in 0..ROUNDS {
        screen.xdotool(&["key", "slash"])?;
        screen.xdotool(&["key", "ctrl+a"])?;
        screen.xdotool(&["type", "--delay", "20", SITES[(round + 1) % SITES.len()]])?;
        std::thread::sleep(Duration::from_millis(500));
        entered.push(now());
        screen.xdotool(&["key", "Return"])?;
        // Longer than streams linger, so that each is opened anew.
        std::thread::sleep(Duration::from_secs(8));
    }
    let statistics = console.finish()?;
    let reactions = statistics["0"]["reactions"].as_array().context("no reactions")?;
    measured.enlarged = matched(reactions, &clicks, true);
    measured.sites = matched(reactions, &entered, false);
    if measured.enlarged.is_empty() || measured.sites.is_empty() {
        bail!("the console did not do what keys and pointer asked for");
    }
    Ok(measured)
}

/// The reactions to what was done at `times`.
fn matched(reactions: &[Value], times: &[f64], main: bool) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    for at in times {
        for reaction in reactions.iter().filter(|reaction| reaction["main"] == main) {
            let number = |name: &str| reaction[name].as_f64().unwrap_or(f64::NAN);
            if (0.0..1.5).contains(&(number("asked") - at)) {
                let total = number("shown") - at;
                found.push((total, total - number("key_frame_wait")));
            }
        }
    }
    found
}
