//! The console on a screen of its own, driven by keyboard and pointer as a person would.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use model::Rect;
use province::{PASSWORD, Province, USER, frame_number};
use serde_json::Value;

/// Seconds since 1970.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// The running console.
pub(crate) struct Console {
    child: Child,
    /// Seconds since 1970.
    pub(crate) began: f64,
    statistics: PathBuf,
}

impl Console {
    pub(crate) fn start(program: &Path, province: &Province, folder: &Path, screen: &Screen) -> Result<Self> {
        Self::start_on(program, &province::inventory(|recorder| province.port(recorder)), folder, screen)
    }

    /// The same with an inventory of the caller's.
    pub(crate) fn start_on(program: &Path, value: &Value, folder: &Path, screen: &Screen) -> Result<Self> {
        let (inventory, statistics) = (folder.join("inventory.json"), folder.join("statistics.json"));
        std::fs::write(&inventory, serde_json::to_vec(&value)?)?;
        let began = now();
        let mut child = Command::new(program)
            .arg("--demo")
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

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as the system would, and reads its statistics.
    pub(crate) fn finish(mut self) -> Result<Value> {
        let id = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(id.context("a process number")?, rustix::process::Signal::TERM)?;
        self.child.wait()?;
        Ok(serde_json::from_slice(&std::fs::read(&self.statistics)?)?)
    }
}

/// A screen without a monitor, with a window manager.
pub(crate) struct Screen {
    server: Child,
    /// Where the server keeps its pixels.
    pixels: tempfile::TempDir,
    manager: Child,
    display: String,
}

impl Screen {
    pub(crate) fn start() -> Result<Self> {
        let pixels = tempfile::tempdir().context("a folder for the screen")?;
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-fbdir"])
            .arg(pixels.path())
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
        Ok(Self { server, pixels, manager, display })
    }

    pub(crate) fn xdotool(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).output();
        let output = output.context("xdotool (packaging/setup installs it)")?;
        if !output.status.success() {
            bail!("xdotool {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What stands on the screen, for whoever looks many times a second: asking the server would cost it more than drawing.
    pub(crate) fn pixels(&self) -> Result<Pixels> {
        let file = File::open(self.pixels.path().join("Xvfb_screen0")).context("the screen's pixels")?;
        let field = |index: u64| -> Result<usize> {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, index * 4)?;
            Ok(u32::from_be_bytes(bytes) as usize)
        };
        // A file as `xwd` writes it: sizes, as many colours of 12 bytes as it says, rows.
        let (begin, stride) = (field(0)? + 12 * field(19)?, field(12)?);
        Ok(Pixels { file, begin: begin as u64, stride })
    }

    /// Left, top, width and height of the native region: the largest child of the program's window.
    pub(crate) fn wall(&self) -> Result<[usize; 4]> {
        let tree = Command::new("xwininfo")
            .args(["-name", "Watchwall", "-children"])
            .env("DISPLAY", &self.display)
            .output()
            .context("xwininfo (packaging/setup installs it)")?;
        let text = String::from_utf8_lossy(&tree.stdout).into_owned();
        text.lines().filter_map(place).max_by_key(|[_, _, width, height]| width * height).context("no wall")
    }
}

/// The pixels of a screen, 4 bytes each.
pub(crate) struct Pixels {
    file: File,
    begin: u64,
    stride: usize,
}

impl Pixels {
    /// The number in the picture that covers a part of the screen.
    pub(crate) fn number(&self, picture: Rect) -> Result<Option<u16>> {
        // It stands in the last rows.
        let rows = (picture.height / 8).max(4).min(picture.height);
        let top = picture.y + picture.height - rows;
        let mut strip = vec![0; rows as usize * self.stride];
        self.file.read_exact_at(&mut strip, self.begin + u64::from(top) * self.stride as u64)?;
        // As if all of the picture were there: the rows above are never looked at.
        let mut image = vec![0; (picture.height - rows) as usize * self.stride];
        image.extend_from_slice(&strip);
        Ok(frame_number::read(&image, self.stride, Rect { y: 0, ..picture }))
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
