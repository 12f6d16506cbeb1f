//! What was asked for.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use engine::DecodePreference;
use evidence::Fingerprint;
use model::{Grid, Size, Transport};

use crate::words::Language;

/// What is to be done.
pub enum Command {
    /// Open the console: the page and its walls.
    Console(ConsoleOptions),
    /// Show a list of sources.
    View(ViewOptions),
    /// Say whether anything in a folder of records was changed.
    Verify(VerifyOptions),
    /// Say what is proven of a package of evidence.
    VerifyPackage(PackageOptions),
    /// Print what a file with an inventory looks like (JSON Schema).
    Schema,
}

/// Which records are checked against what.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// Where the records are.
    pub folder: PathBuf,
    /// A file of anchors, one a line, that was kept elsewhere.
    pub anchors: Option<PathBuf>,
}

/// Which package of evidence is checked.
#[derive(Clone, Debug)]
pub struct PackageOptions {
    /// Its folder, or a sealed file.
    pub package: PathBuf,
    /// Fingerprints of keys that are known here.
    pub keys: Vec<Fingerprint>,
    /// Where a sealed package is opened.
    pub open_into: Option<PathBuf>,
    /// A file with its passphrase; else standard input has it.
    pub passphrase: Option<PathBuf>,
}

/// What the console works with.
#[derive(Clone, Debug)]
pub struct ConsoleOptions {
    /// The inventory of a simulated province, whose devices are all on this machine: nobody signs in there.
    pub demo: Option<PathBuf>,
    /// For the simulated province: two lines, user and password for all devices: a file, or `-`.
    pub login: Option<String>,
    /// Where walls and settings are kept; `None`: where this system keeps such files.
    pub data: Option<PathBuf>,
    /// Where statistics go at the end.
    pub statistics: Option<PathBuf>,
    /// Only if it was asked for; else the settings' language counts.
    pub language: Option<Language>,
    /// How the packets travel.
    pub transport: Transport,
    /// Who decodes.
    pub decode: DecodePreference,
    /// Who draws.
    pub backend: render::Backend,
}

/// How `view` shows them.
#[derive(Clone, Debug)]
pub struct ViewOptions {
    /// A file, or `-`.
    pub sources: String,
    /// `None`: the smallest square.
    pub grid: Option<Grid>,
    /// Cover the screen.
    pub fullscreen: bool,
    /// Pictures fill their tiles whatever their shape.
    pub stretch: bool,
    /// Names and states on the pictures.
    pub captions: bool,
    /// No window.
    pub headless: bool,
    /// Of the wall when it is not full screen.
    pub size: Size,
    /// How the packets travel.
    pub transport: Transport,
    /// Who decodes.
    pub decode: DecodePreference,
    /// Who draws.
    pub backend: render::Backend,
    /// When to end.
    pub seconds: Option<Duration>,
    /// Where the statistics go.
    pub statistics: Option<PathBuf>,
    /// Where the last picture goes.
    pub snapshot: Option<PathBuf>,
}

pub(super) fn console_options(matches: &ArgMatches, language: Option<Language>) -> ConsoleOptions {
    ConsoleOptions {
        demo: matches.get_one("demo").cloned(),
        login: matches.get_one("login").cloned(),
        data: matches.get_one("data").cloned(),
        statistics: matches.get_one("stats").cloned(),
        language,
        transport: transport(matches),
        decode: decode(matches),
        backend: backend(matches),
    }
}

fn text<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map(String::as_str).unwrap_or_default()
}

fn transport(matches: &ArgMatches) -> Transport {
    if text(matches, "transport") == "udp" { Transport::Udp } else { Transport::Tcp }
}

fn decode(matches: &ArgMatches) -> DecodePreference {
    match text(matches, "decode") {
        "software" => DecodePreference::Software,
        "hardware" => DecodePreference::Hardware,
        _ => DecodePreference::Auto,
    }
}

fn backend(matches: &ArgMatches) -> render::Backend {
    match text(matches, "backend") {
        "software" => render::Backend::Software,
        "gpu" => render::Backend::Gpu,
        _ => render::Backend::Auto,
    }
}

pub(super) fn view_options(matches: &ArgMatches) -> ViewOptions {
    ViewOptions {
        sources: text(matches, "sources").to_owned(),
        grid: matches.get_one("grid").copied(),
        fullscreen: matches.get_flag("fullscreen"),
        stretch: matches.get_flag("stretch"),
        captions: !matches.get_flag("no-captions"),
        headless: matches.get_flag("headless"),
        size: matches.get_one("size").copied().unwrap_or(Size::new(1920, 1080)),
        transport: transport(matches),
        decode: decode(matches),
        backend: backend(matches),
        seconds: matches.get_one("seconds").copied(),
        statistics: matches.get_one("stats").cloned(),
        snapshot: matches.get_one("snapshot").cloned(),
    }
}
