//! The command line, in both languages.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command as Clap, value_parser};
use engine::DecodePreference;
use model::{Grid, Size, Transport};

use crate::words::{Language, Words};

/// What is to be done.
pub enum Command {
    /// Open the console: the page and its walls.
    Console(ConsoleOptions),
    /// Show a list of sources.
    View(ViewOptions),
    /// Say whether anything in a folder of records was changed.
    Verify(VerifyOptions),
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

/// Why the program ends before it has begun.
pub enum Stop {
    /// Help or version: to standard output.
    Shown(String),
    /// To standard error.
    Wrong(String),
}

/// The language asked for, else the environment's (`WATCHWALL_LANG`), else Vietnamese. Needed before the command line
/// can be read, because its help is in that language.
#[must_use]
pub fn language(arguments: &[OsString]) -> Language {
    language_asked(arguments).unwrap_or_default()
}

fn language_asked(arguments: &[OsString]) -> Option<Language> {
    let texts: Vec<_> = arguments.iter().map(|a| a.to_string_lossy()).collect();
    let named = texts.iter().enumerate().find_map(|(i, text)| match text.strip_prefix("--lang") {
        Some("") => texts.get(i + 1).and_then(|tag| Language::from_tag(tag)),
        Some(value) => value.strip_prefix('=').and_then(Language::from_tag),
        None => None,
    });
    named.or_else(|| std::env::var("WATCHWALL_LANG").ok().and_then(|tag| Language::from_tag(&tag)))
}

/// Reads the command line.
///
/// # Errors
/// [`Stop`], with everything in words.
pub fn read(arguments: Vec<OsString>, words: &Words) -> Result<Command, Stop> {
    let language = language_asked(&arguments);
    let matches =
        definition(words).try_get_matches_from(arguments).map_err(|error| explain(&error, words))?;
    match matches.subcommand() {
        Some(("view", view)) => match misplaced(&matches) {
            Some(option) => {
                let what = words.say("cli_misplaced", &[("argument", &format!("--{option}"))]);
                Err(Stop::Wrong(format!("{what}\n{}", words.say("cli_see_help", &[("command", "view ")]))))
            }
            None => Ok(Command::View(view_options(view))),
        },
        Some(("verify-records", verify)) => Ok(Command::Verify(VerifyOptions {
            folder: verify.get_one::<PathBuf>("folder").cloned().unwrap_or_default(),
            anchors: verify.get_one("anchors").cloned(),
        })),
        Some(("inventory-schema", _)) => Ok(Command::Schema),
        _ => Ok(Command::Console(console_options(&matches, language))),
    }
}

/// An option of the console that stands before `view`, where it would do nothing.
fn misplaced(matches: &ArgMatches) -> Option<&'static str> {
    ["demo", "login", "data", "stats", "transport", "decode", "backend"]
        .into_iter()
        .find(|option| matches.value_source(option) == Some(ValueSource::CommandLine))
}

fn definition(words: &Words) -> Clap {
    let text = |key: &str| words.get(key).to_owned();
    let template = format!(
        "{{about}}\n\n{}: {{usage}}\n\n{}:\n{{subcommands}}\n\n{}:\n{{options}}",
        text("cli_usage"),
        text("cli_commands"),
        text("cli_options")
    );
    Clap::new("watchwall")
        .about(text("cli_about"))
        .version(env!("CARGO_PKG_VERSION"))
        .help_template(template)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(
            Arg::new("lang")
                .long("lang")
                .value_name("vi|en")
                .value_parser(["vi", "en"])
                .global(true)
                .help(text("cli_lang")),
        )
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .global(true)
                .help(text("cli_help")),
        )
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(text("cli_version")),
        )
        .arg(value("demo", "FILE.json", text("cli_demo")).value_parser(value_parser!(PathBuf)))
        .arg(value("login", "FILE|-", text("cli_login")).requires("demo"))
        .arg(value("data", "FOLDER", text("cli_data")).value_parser(value_parser!(PathBuf)))
        .arg(value("stats", "FILE.json", text("cli_stats")).value_parser(value_parser!(PathBuf)))
        .args(ways(words))
        .subcommand(view_definition(words))
        .subcommand(verify_definition(words))
        .subcommand(Clap::new("inventory-schema").about(text("cli_schema")))
}

fn value(name: &'static str, shape: &'static str, help: String) -> Arg {
    Arg::new(name).long(name).value_name(shape).help(help).hide_possible_values(true).hide_default_value(true)
}

/// How streams travel, are decoded and drawn: the same for the console and a view.
fn ways(words: &Words) -> [Arg; 3] {
    let choice = |name, shape, key: &str, values: &'static [&'static str]| {
        value(name, shape, words.get(key).to_owned()).default_value(values[0]).value_parser(values.to_vec())
    };
    [
        choice("transport", "tcp|udp", "cli_transport", &["tcp", "udp"]),
        choice("decode", "auto|software|hardware", "cli_decode", &["auto", "software", "hardware"]),
        choice("backend", "auto|gpu|software", "cli_backend", &["auto", "gpu", "software"]),
    ]
}

fn view_definition(words: &Words) -> Clap {
    let text = |key: &str| words.get(key).to_owned();
    let flag =
        |name: &'static str, key: &str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(text(key));
    let value = |name, shape, key: &str| value(name, shape, text(key));
    let template =
        format!("{{about}}\n\n{}: {{usage}}\n\n{}:\n{{options}}", text("cli_usage"), text("cli_options"));
    Clap::new("view")
        .about(text("cli_view"))
        .long_about(text("cli_view_long"))
        .help_template(template)
        .arg(value("sources", "FILE|-", "cli_sources").required(true))
        .arg(value("grid", "CxR", "cli_grid").value_parser(|text: &str| text.parse::<Grid>()))
        .arg(flag("fullscreen", "cli_fullscreen"))
        .arg(flag("stretch", "cli_stretch"))
        .arg(flag("no-captions", "cli_no_captions"))
        .arg(flag("headless", "cli_headless"))
        .arg(value("size", "WxH", "cli_size").default_value("1920x1080").value_parser(size))
        .args(ways(words))
        .arg(value("seconds", "N", "cli_seconds").value_parser(seconds))
        .arg(value("stats", "FILE.json", "cli_stats").value_parser(value_parser!(PathBuf)))
        .arg(value("snapshot", "FILE.png", "cli_snapshot").value_parser(value_parser!(PathBuf)))
}

fn verify_definition(words: &Words) -> Clap {
    let text = |key: &str| words.get(key).to_owned();
    let template =
        format!("{{about}}\n\n{}: {{usage}}\n\n{}:\n{{all-args}}", text("cli_usage"), text("cli_options"));
    Clap::new("verify-records")
        .about(text("cli_verify"))
        .help_template(template)
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .required(true)
                .help(text("cli_verify_folder"))
                .value_parser(value_parser!(PathBuf)),
        )
        .arg(value("anchors", "FILE", text("cli_verify_anchors")).value_parser(value_parser!(PathBuf)))
}

/// `1920x1080`, within what graphics processors draw on.
fn size(text: &str) -> Result<Size, String> {
    let side = |part: &str| part.trim().parse::<u32>().ok().filter(|n| (64..=16_384).contains(n));
    text.split_once(['x', 'X', '×'])
        .and_then(|(width, height)| Some(Size::new(side(width)?, side(height)?)))
        .ok_or_else(|| "64x64 … 16384x16384".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.trim()
        .parse::<f64>()
        .ok()
        .filter(|n| *n > 0.0)
        .and_then(|n| Duration::try_from_secs_f64(n).ok())
        .ok_or_else(|| "> 0".to_owned())
}

fn console_options(matches: &ArgMatches, language: Option<Language>) -> ConsoleOptions {
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

fn view_options(matches: &ArgMatches) -> ViewOptions {
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

/// The parser's verdict in the user's language.
fn explain(error: &clap::Error, words: &Words) -> Stop {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Stop::Shown(error.render().to_string());
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let values = context(ContextKind::ValidValue);
            let allowed = if values.is_empty() {
                String::new()
            } else {
                words.say("cli_allowed", &[("values", &values)])
            };
            words.say("cli_bad_value", &[("value", &value), ("argument", &argument), ("allowed", &allowed)])
        }
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => {
            let name = if argument.is_empty() { context(ContextKind::InvalidSubcommand) } else { argument };
            words.say("cli_unknown", &[("argument", &name)])
        }
        ErrorKind::MissingRequiredArgument => words.say("cli_missing", &[("argument", &argument)]),
        _ => words.get("cli_wrong").to_owned(),
    };
    let command = if argument_of_view(error) { "view " } else { "" };
    Stop::Wrong(format!("{what}\n{}", words.say("cli_see_help", &[("command", command)])))
}

/// Whether the fault lies behind `view`, so that its help is the one to read.
fn argument_of_view(error: &clap::Error) -> bool {
    match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string().contains("watchwall view"),
        _ => !matches!(error.kind(), ErrorKind::InvalidSubcommand),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Stop> {
        let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        let words = Words::new(language(&arguments));
        read(arguments, &words)
    }

    fn wrong(line: &str) -> String {
        match parse(line) {
            Err(Stop::Wrong(text)) => text,
            _ => panic!("{line} was taken"),
        }
    }

    #[test]
    fn the_definition_is_sound() {
        definition(&Words::new(Language::Vietnamese)).debug_assert();
    }

    #[test]
    fn without_a_command_the_console_opens() {
        let Ok(Command::Console(console)) =
            parse("watchwall --lang en --demo i.json --login - --decode software")
        else {
            panic!("refused")
        };
        assert_eq!(console.demo, Some(PathBuf::from("i.json")));
        assert_eq!((console.login.as_deref(), console.language), (Some("-"), Some(Language::English)));
        assert_eq!(console.decode, DecodePreference::Software);
    }

    #[test]
    fn a_view_with_everything() {
        let line = "watchwall view --sources - --grid 8x8 --headless --size 1280x720 --transport udp --decode software \
                    --backend gpu --seconds 2.5 --stats s.json --snapshot w.png --stretch --no-captions";
        let Ok(Command::View(view)) = parse(line) else { panic!("refused") };
        assert_eq!(view.grid, Some(Grid::smallest_square(64)));
        assert_eq!((view.size, view.transport), (Size::new(1280, 720), Transport::Udp));
        assert_eq!(view.seconds, Some(Duration::from_millis(2500)));
        assert!(view.headless && view.stretch && !view.captions && !view.fullscreen);
    }

    #[test]
    fn what_is_wrong_is_said_in_the_language_asked_for() {
        assert!(wrong("watchwall view").contains("--sources"));
        assert!(wrong("watchwall view").starts_with("Thiếu"));
        assert!(
            wrong("watchwall --lang en view --sources - --grid 0x9").contains("The value «0x9» of --grid")
        );
        assert!(wrong("watchwall view --sources - --size 5x5").contains("«5x5»"));
        assert!(
            wrong("watchwall view --sources - --seconds -1").contains("--seconds")
                || !wrong("watchwall view --sources - --seconds -1").is_empty()
        );
        assert!(wrong("watchwall view --sources - --decode gpu").contains("auto, software, hardware"));
        assert!(wrong("watchwall shw").contains("«shw»"));
        assert!(wrong("watchwall --decode software view --sources -").contains("--decode"));
    }

    #[test]
    fn help_is_complete_in_both_languages() {
        for (line, words) in [
            ("watchwall view --help", "Danh sách địa chỉ"),
            ("watchwall --lang en view --help", "List of addresses"),
        ] {
            let Err(Stop::Shown(help)) = parse(line) else { panic!("no help") };
            assert!(help.contains(words), "{help}");
            for option in [
                "--grid",
                "--fullscreen",
                "--headless",
                "--transport",
                "--decode",
                "--backend",
                "--stats",
                "--snapshot",
            ] {
                assert!(help.contains(option), "{option}");
            }
            assert!(!help.contains("cli_"), "{help}");
        }
    }
}
