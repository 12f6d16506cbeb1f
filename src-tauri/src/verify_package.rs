//! `watchwall verify`: what is proven of a package of evidence.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use evidence::{Proof, SealFault, VerifyFault};
use jiff::tz::TimeZone;
use model::Secret;
use zeroize::Zeroizing;

use crate::cli::PackageOptions;
use crate::words::Words;
use crate::{say, tell};

/// Checks and says what came of it. 0: genuine, and released if that is needed; 1: something is not as it was signed, or
/// the release is missing; 2: it could not be checked; 3: nothing has changed, but nobody here knows the key.
#[must_use]
pub fn run(options: &PackageOptions, words: &Words) -> ExitCode {
    match check(options, words) {
        Ok(status) => status,
        Err(reason) => {
            tell(&reason);
            ExitCode::from(2)
        }
    }
}

fn check(options: &PackageOptions, words: &Words) -> Result<ExitCode, String> {
    let folder = match &options.open_into {
        None if options.package.is_file() => {
            return Err(words.get("evidence_sealed_needs_folder").to_owned());
        }
        None => options.package.clone(),
        Some(parent) => open(&options.package, parent, options.passphrase.as_deref(), words)?,
    };
    let verdict = evidence::verify(&folder, &options.keys, &mut go_on).map_err(|fault| match fault {
        VerifyFault::NotAPackage(path) => {
            words.say("evidence_not_a_package", &[("path", &path.display().to_string())])
        }
        fault => words.because("evidence_not_checked", fault),
    })?;
    for sentence in evidence::explain(&verdict, &TimeZone::system()) {
        say(&words.sentence(&sentence));
    }
    Ok(match verdict.proof() {
        Proof::Genuine if verdict.is_released() => ExitCode::SUCCESS,
        Proof::UnknownKey => ExitCode::from(3),
        _ => ExitCode::FAILURE,
    })
}

fn open(sealed: &Path, parent: &Path, passphrase: Option<&Path>, words: &Words) -> Result<PathBuf, String> {
    let passphrase =
        read_passphrase(passphrase).map_err(|error| words.because("evidence_not_checked", error))?;
    evidence::open(sealed, parent, &passphrase, &mut go_on).map_err(|fault| match fault {
        SealFault::WrongPassphrase => words.get("evidence_wrong_passphrase").to_owned(),
        SealFault::NotSealed => words.get("evidence_not_sealed").to_owned(),
        SealFault::Damaged { at } => words.say("evidence_sealed_damaged", &[("at", &at.to_string())]),
        fault => words.because("evidence_not_checked", fault),
    })
}

/// The first line of a file, or of standard input.
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

fn go_on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
