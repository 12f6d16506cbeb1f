//! From the press of a key to the camera's first command and to the first moved picture: the console on a screen of its own,
//! on a camera of the simulated province that turns.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use province::{Movement, Options, Profile, Province, list};

use crate::console::{Console, Screen};
use crate::table;

/// How often a key is pressed.
const ROUNDS: usize = 20;
/// The first wall's cameras.
const CAMERAS: usize = 16;
/// A picture has moved when so much of it differs from the one before the press: people who walk change far less.
const MOVED: f64 = 0.12;
/// Brightness that differs by less is the codec's.
const NOISE: u8 = 14;
/// Nothing here takes so long.
const PATIENCE: Duration = Duration::from_secs(4);

/// Measures and prints a table.
pub(crate) fn run(program: &Path) -> Result<()> {
    let options = Options { cameras: CAMERAS, profiles: vec![Profile::Sub], ..Options::default() };
    let province = Province::start(options)?;
    let folder = std::env::temp_dir().join(format!("watchwall-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(program, &province, &folder);
    std::fs::remove_dir_all(&folder)?;
    let (wire, seen) = outcome?;
    table::print(
        "\n| from the press of an arrow key to … | n | p50 ms | p95 ms |\n| --- | ---: | ---: | ---: |",
    );
    table::times("the camera's first command", &wire);
    table::times("the first moved picture on the wall", &seen);
    Ok(())
}

fn measure(program: &Path, province: &Province, folder: &Path) -> Result<(Vec<f64>, Vec<f64>)> {
    let screen = Screen::start()?;
    let ports = |recorder| province.port(recorder);
    let inventory = province::inventory_with_devices(ports, |recorder| province.http_port(recorder));
    let console = Console::start_on(program, &inventory, folder, &screen)?;
    std::thread::sleep(Duration::from_secs(6));
    let turns = |camera: &usize| list().cameras[*camera].movement == Movement::PanTiltZoom;
    let camera = (0..CAMERAS).find(turns).context("a camera that turns on the first wall")?;
    let [left, top, width, height] = screen.wall()?;
    let tile = [left + width * (camera % 4) / 4, top + height * (camera / 4) / 4, width / 4, height / 4];
    let (x, y) = (tile[0] + tile[2] / 2, tile[1] + tile[3] / 2);
    screen.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"])?;
    std::thread::sleep(Duration::from_millis(500));
    screen.xdotool(&["key", "v"])?;
    std::thread::sleep(Duration::from_secs(3));
    let (mut wire, mut seen) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let key = if round % 2 == 0 { "Right" } else { "Left" };
        let (before, commands) = (screen.look(tile)?, province.commands(camera).len());
        let pressed = Instant::now();
        screen.xdotool(&["keydown", key])?;
        while changed(&before, &screen.look(tile)?) < MOVED && pressed.elapsed() < PATIENCE {}
        let after = pressed.elapsed();
        screen.xdotool(&["keyup", key])?;
        if after < PATIENCE {
            seen.push(after.as_secs_f64());
        }
        let first = province.commands(camera).get(commands).map(|command| command.at);
        wire.extend(first.map(|at| at.saturating_duration_since(pressed).as_secs_f64()));
        std::thread::sleep(Duration::from_millis(1500));
    }
    console.finish()?;
    if wire.is_empty() {
        bail!("the camera was told nothing");
    }
    Ok((wire, seen))
}

/// The share of two pictures that differs.
fn changed(before: &[u8], now: &[u8]) -> f64 {
    let differ = before.iter().zip(now).filter(|(a, b)| a.abs_diff(**b) > NOISE).count();
    differ as f64 / before.len().max(1) as f64
}
