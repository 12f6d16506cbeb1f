//! `watchwall-verify`: checks a package of evidence on any machine, without the network and without Watchwall.
//!
//! Exit status: 0: genuine, and released if that is needed; 1: something is not as it was signed, or the release is missing;
//! 2: it could not be checked; 3: nothing has changed since it was signed, but nobody here knows the key.

#![forbid(unsafe_code)]

mod arguments;
mod words;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::{Asked, Wrong};
use evidence::{Proof, SealFault, VerifyFault};
use jiff::tz::TimeZone;
use model::Secret;
use words::Words;
use zeroize::Zeroizing;

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let words = Words::new(&arguments::language(&arguments));
    match arguments::read(arguments) {
        Ok(Asked::Help) => say(words.get("verifier_help")),
        Ok(Asked::Version) => say(&format!("watchwall-verify {}", env!("CARGO_PKG_VERSION"))),
        Ok(Asked::Schema) => say(&format!("{:#}", evidence::manifest_schema().to_value())),
        Ok(Asked::Check(check)) => return run(&check, &words),
        Err(wrong) => {
            let text = match wrong {
                Wrong::Unknown(argument) => words.say("verifier_unknown", &[("argument", &argument)]),
                Wrong::Value(option) => words.say("verifier_bad_value", &[("option", &option)]),
                Wrong::NoPackage => words.get("verifier_no_package").to_owned(),
            };
            tell(&format!("{text}\n{}", words.get("verifier_help")));
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn run(check: &arguments::Check, words: &Words) -> ExitCode {
    if check.open_into.is_none() && check.package.is_file() {
        tell(words.get("evidence_sealed_needs_folder"));
        return ExitCode::from(2);
    }
    let folder = match &check.open_into {
        None => check.package.clone(),
        Some(parent) => match open(&check.package, parent, check.passphrase.as_deref(), words) {
            Ok(folder) => folder,
            Err(reason) => {
                tell(&reason);
                return ExitCode::from(2);
            }
        },
    };
    let verdict = match evidence::verify(&folder, &check.keys, &mut progress(words)) {
        Ok(verdict) => verdict,
        Err(VerifyFault::NotAPackage(path)) => {
            tell(&words.say("evidence_not_a_package", &[("path", &path.display().to_string())]));
            return ExitCode::from(2);
        }
        Err(fault) => {
            tell(&words.say("evidence_not_checked", &[("reason", &fault.to_string())]));
            return ExitCode::from(2);
        }
    };
    for sentence in evidence::explain(&verdict, &TimeZone::system()) {
        say(&words.sentence(&sentence));
    }
    match verdict.proof() {
        Proof::Genuine if verdict.is_released() => ExitCode::SUCCESS,
        Proof::UnknownKey => ExitCode::from(3),
        _ => ExitCode::FAILURE,
    }
}

/// Opens a sealed package with the passphrase of a file, or of a line of standard input.
fn open(sealed: &Path, parent: &Path, passphrase: Option<&Path>, words: &Words) -> Result<PathBuf, String> {
    let passphrase = read_passphrase(passphrase)
        .map_err(|error| words.say("evidence_not_checked", &[("reason", &error.to_string())]))?;
    evidence::open(sealed, parent, &passphrase, &mut progress(words)).map_err(|fault| match fault {
        SealFault::WrongPassphrase => words.get("evidence_wrong_passphrase").to_owned(),
        SealFault::NotSealed => words.get("evidence_not_sealed").to_owned(),
        SealFault::Damaged { at } => words.say("evidence_sealed_damaged", &[("at", &at.to_string())]),
        fault => words.say("evidence_not_checked", &[("reason", &fault.to_string())]),
    })
}

fn read_passphrase(file: Option<&Path>) -> std::io::Result<Secret> {
    // All room at once: a text that grows leaves copies of what it held.
    let longest = evidence::LONGEST_PASSPHRASE + 2;
    let mut line = Zeroizing::new(String::with_capacity(longest));
    match file {
        Some(path) => BufReader::new(File::open(path)?).take(longest as u64).read_line(&mut line)?,
        None => std::io::stdin().lock().take(longest as u64).read_line(&mut line)?,
    };
    Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Percents to standard error, where somebody sees them.
fn progress(words: &Words) -> impl FnMut(u64, u64) -> ControlFlow<()> {
    use std::io::IsTerminal;
    let seen = std::io::stderr().is_terminal();
    let text = words.get("verifier_progress").to_owned();
    let mut last = None;
    move |done, total| {
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100);
        if seen && last != Some(percent) {
            last = Some(percent);
            let end = if done >= total { "\n" } else { "" };
            let _ = write!(std::io::stderr(), "\r{}{end}", text.replace("{percent}", &percent.to_string()));
        }
        ControlFlow::Continue(())
    }
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
