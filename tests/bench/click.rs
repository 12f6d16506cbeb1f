//! From the click to the picture, and from the start to the first moving tile: the console on a screen of its own, driven
//! by keyboard and pointer, as a person would.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use province::{Options, PASSWORD, Profile, Province, USER};
use serde_json::Value;

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

fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// The running console.
struct Console {
    child: Child,
    began: f64,
    statistics: PathBuf,
}

impl Console {
    fn start(program: &Path, province: &Province, folder: &Path, screen: &Screen) -> Result<Self> {
        let (inventory, statistics) = (folder.join("inventory.json"), folder.join("statistics.json"));
        let value = province::inventory(|recorder| province.port(recorder));
        std::fs::write(&inventory, serde_json::to_vec(&value)?)?;
        let began = now();
        let mut child = Command::new(program)
            .arg("--inventory")
            .arg(inventory)
            .args(["--login", "-", "--data"])
            .arg(folder.join("data"))
            .arg("--stats")
            .arg(&statistics)
            .env("DISPLAY", &screen.display)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .spawn()
            .context("watchwall")?;
        let login = format!("{USER}\n{PASSWORD}\n");
        child.stdin.take().context("a pipe")?.write_all(login.as_bytes())?;
        Ok(Self { child, began, statistics })
    }

    /// Ends it as the system would, and reads its statistics.
    fn finish(mut self) -> Result<Value> {
        let id = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(id.context("a process number")?, rustix::process::Signal::TERM)?;
        self.child.wait()?;
        Ok(serde_json::from_slice(&std::fs::read(&self.statistics)?)?)
    }
}

/// A screen without a monitor, with a window manager.
struct Screen {
    server: Child,
    manager: Child,
    display: String,
}

impl Screen {
    fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb (packaging/setup installs it)")?;
        let mut number = String::new();
        BufReader::new(server.stdout.take().context("a pipe")?).read_line(&mut number)?;
        let display = format!(":{}", number.trim());
        let manager = Command::new("openbox")
            .env("DISPLAY", &display)
            .stderr(Stdio::null())
            .spawn()
            .context("openbox (packaging/setup installs it)")?;
        Ok(Self { server, manager, display })
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).output();
        let output = output.context("xdotool (packaging/setup installs it)")?;
        if !output.status.success() {
            bail!("xdotool {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Left, top, width and height of the native region: the largest child of the program's window.
    fn wall(&self) -> Result<[usize; 4]> {
        let tree = Command::new("xwininfo")
            .args(["-name", "Watchwall", "-children"])
            .env("DISPLAY", &self.display)
            .output()
            .context("xwininfo (packaging/setup installs it)")?;
        let text = String::from_utf8_lossy(&tree.stdout).into_owned();
        text.lines().filter_map(place).max_by_key(|[_, _, width, height]| width * height).context("no wall")
    }
}

/// A line such as `0x800000 (has no name): ()  988x667+289+43  +290+65`: size, and place on the screen.
fn place(line: &str) -> Option<[usize; 4]> {
    let (size, at) = line.trim().strip_prefix("0x")?.split_once("()  ")?.1.split_once("  ")?;
    let (width, height) = size.split('+').next()?.split_once('x')?;
    let (x, y) = at.trim().strip_prefix('+')?.split_once('+')?;
    Some([x.parse().ok()?, y.parse().ok()?, width.parse().ok()?, height.parse().ok()?])
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in [&mut self.manager, &mut self.server] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
