//! From the press of a key to the camera's first command, and to the first picture on the screen in which it has turned: the
//! console on a screen of its own, and a camera of the simulated province that turns. Which pictures those are says the number
//! in each.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use model::Rect;
use province::{Movement, Options, Profile, Province, Taken, list};

use crate::console::{Console, Pixels, Screen};
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
    let Waits { wire, taken, seen } = outcome?;
    table::print(
        "\n| from the press of an arrow key to … | n | p50 ms | p95 ms |\n| --- | ---: | ---: | ---: |",
    );
    table::times("the camera's first command", &wire);
    table::times("the first picture that the turned camera took", &taken);
    table::times("that picture, or a later one, on the screen", &seen);
    Ok(())
}

/// Seconds since the press of the key, each round's.
#[derive(Default)]
struct Waits {
    wire: Vec<f64>,
    taken: Vec<f64>,
    seen: Vec<f64>,
}

fn measure(program: &Path, province: &Province, folder: &Path) -> Result<Waits> {
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
    let pixels = screen.pixels()?;
    let picture = picture_in(tile);
    let mut waits = Waits::default();
    for round in 0..ROUNDS {
        let key = if round % 2 == 0 { "Right" } else { "Left" };
        let commands = province.commands(camera).len();
        let pressed = Instant::now();
        let since = |at: Instant| at.saturating_duration_since(pressed).as_secs_f64();
        screen.xdotool(&["keydown", key])?;
        let shown = numbers(&pixels, picture, pressed + HELD)?;
        screen.xdotool(&["keyup", key])?;
        let first = province.commands(camera).get(commands).map(|command| command.at);
        waits.wire.extend(first.map(since));
        let turned = turned(province, camera, pressed);
        waits.taken.extend(turned.first().map(|taken| since(taken.at)));
        let seen = shown
            .iter()
            .find(|(at, number)| turned.iter().any(|taken| taken.number == *number && taken.at <= *at));
        waits.seen.extend(seen.map(|(at, _)| since(*at)));
        std::thread::sleep(Duration::from_millis(1500));
    }
    console.finish()?;
    if waits.wire.is_empty() {
        bail!("the camera was told nothing");
    }
    Ok(waits)
}

/// Where a tile's picture is: all cameras that turn take wide ones.
fn picture_in([left, top, width, height]: [usize; 4]) -> Rect {
    let wide = width.min(height * 16 / 9);
    let high = wide * 9 / 16;
    let place = [left + (width - wide) / 2, top + (height - high) / 2, wide, high];
    let [x, y, width, height] = place.map(|length| length as u32);
    Rect { x, y, width, height }
}

/// Each number that a picture on the screen shows, with when it was there first.
fn numbers(pixels: &Pixels, picture: Rect, until: Instant) -> Result<Vec<(Instant, u16)>> {
    let mut shown: Vec<(Instant, u16)> = Vec::new();
    while Instant::now() < until {
        if let Some(number) = pixels.number(picture)?
            && shown.last().is_none_or(|(_, last)| *last != number)
        {
            shown.push((Instant::now(), number));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(shown)
}

/// The pictures that a camera took after it had begun to turn.
fn turned(province: &Province, camera: usize, pressed: Instant) -> Vec<Taken> {
    let views = province.views(camera);
    let begins = views.partition_point(|taken| taken.at < pressed);
    let before = begins.checked_sub(1).map_or_else(|| province.rest_pose(camera), |last| views[last].pose);
    views[begins..].iter().skip_while(|taken| taken.pose == before).copied().collect()
}
