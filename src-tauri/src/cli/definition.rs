//! What the command line takes, and its help.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, Command as Clap, value_parser};
use evidence::Fingerprint;
use model::{Grid, Size};

use crate::words::Words;

pub(super) fn definition(words: &Words) -> Clap {
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
        .subcommand(verify_package_definition(words))
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

fn verify_package_definition(words: &Words) -> Clap {
    let text = |key: &str| words.get(key).to_owned();
    let template =
        format!("{{about}}\n\n{}: {{usage}}\n\n{}:\n{{all-args}}", text("cli_usage"), text("cli_options"));
    let path = |name, shape, key: &str| value(name, shape, text(key)).value_parser(value_parser!(PathBuf));
    Clap::new("verify")
        .about(text("cli_evidence"))
        .help_template(template)
        .arg(
            Arg::new("package")
                .value_name("PACKAGE")
                .required(true)
                .help(text("cli_evidence_package"))
                .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            value("key", "FINGERPRINT", text("cli_evidence_key"))
                .action(ArgAction::Append)
                .value_parser(Fingerprint::parse),
        )
        .arg(path("open", "FOLDER", "cli_evidence_open"))
        .arg(path("passphrase-file", "FILE", "cli_evidence_passphrase").requires("open"))
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
