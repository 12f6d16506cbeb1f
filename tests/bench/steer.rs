//! From the press of a key to the camera's first command: the console on a screen of its own, and a camera of the simulated
//! province that turns.

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
/// How long a key is held.
const HELD: Duration = Duration::from_millis(600);

/// Measures and prints a table.
pub(crate) fn run(program: &Path) -> Result<()> {
    let options = Options { cameras: CAMERAS, profiles: vec![Profile::Sub], ..Options::default() };
    let province = Province::start(options)?;
    let folder = std::env::temp_dir().join(format!("watchwall-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(program, &province, &folder);
    std::fs::remove_dir_all(&folder)?;
    let wire = outcome?;
    table::print(
        "\n| from the press of an arrow key to … | n | p50 ms | p95 ms |\n| --- | ---: | ---: | ---: |",
    );
    table::times("the camera's first command", &wire);
    Ok(())
}

fn measure(program: &Path, province: &Province, folder: &Path) -> Result<Vec<f64>> {
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
    let mut wire = Vec::new();
    for round in 0..ROUNDS {
        let key = if round % 2 == 0 { "Right" } else { "Left" };
        let commands = province.commands(camera).len();
        let pressed = Instant::now();
        screen.xdotool(&["keydown", key])?;
        std::thread::sleep(HELD);
        screen.xdotool(&["keyup", key])?;
        let first = province.commands(camera).get(commands).map(|command| command.at);
        wire.extend(first.map(|at| at.saturating_duration_since(pressed).as_secs_f64()));
        std::thread::sleep(Duration::from_millis(1500));
    }
    console.finish()?;
    if wire.is_empty() {
        bail!("the camera was told nothing");
    }
    Ok(wire)
}
