//! The command line, in both languages.

mod definition;
mod explain;
mod options;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::words::{Language, Words};

pub use options::{Command, ConsoleOptions, PackageOptions, VerifyOptions, ViewOptions};

use definition::definition;
use explain::explain;
use options::{console_options, view_options};

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
        Some(("verify", verify)) => Ok(Command::VerifyPackage(PackageOptions {
            package: verify.get_one::<PathBuf>("package").cloned().unwrap_or_default(),
            keys: verify.get_many("key").map(|keys| keys.copied().collect()).unwrap_or_default(),
            open_into: verify.get_one("open").cloned(),
            passphrase: verify.get_one("passphrase-file").cloned(),
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use engine::DecodePreference;
    use model::{Grid, Size, Transport};

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
    fn a_package_and_the_keys_that_are_known() {
        let key = "0123 4567 89ab cdef 0123 4567 89ab cdef";
        let arguments = ["watchwall", "verify", "p", "--key", key, "--key", key].map(OsString::from).to_vec();
        let Ok(Command::VerifyPackage(options)) = read(arguments, &Words::new(Language::Vietnamese)) else {
            panic!("refused")
        };
        assert_eq!((options.package, options.keys.len(), options.open_into), (PathBuf::from("p"), 2, None));
        assert!(wrong("watchwall verify p --key x").contains("«x»"));
        assert!(wrong("watchwall verify").contains("PACKAGE"));
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
