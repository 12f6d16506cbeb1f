//! `watchwall verify-records`: whether anything in a folder of records was changed.

use std::process::ExitCode;

use audit::{Anchor, Verdict};

use crate::cli::VerifyOptions;
use crate::console::records;
use crate::words::Words;
use crate::{say, tell};

/// Checks and says what came of it. 0: nothing was found; 1: something was; 2: it could not be checked.
#[must_use]
pub fn run(options: &VerifyOptions, words: &Words) -> ExitCode {
    let anchors = match &options.anchors {
        None => Ok(Vec::new()),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| error.to_string())
            .and_then(|text| Anchor::read_all(&text).map_err(|error| error.to_string()))
            .map_err(|reason| format!("{}: {reason}", path.display())),
    };
    let verdict = anchors.and_then(|anchors| {
        // A folder that is not there holds no records, which is no proof of anything.
        if !options.folder.is_dir() {
            return Err(format!("{}: {}", options.folder.display(), std::io::ErrorKind::NotFound));
        }
        audit::verify(&options.folder, &anchors).map_err(|error| error.to_string())
    });
    match verdict {
        Ok(verdict) => {
            if let Verdict::Faulty { faults, .. } = &verdict {
                faults.iter().for_each(|fault| say(&records::fault(fault, words)));
            }
            say(&records::meaning(&verdict, words));
            if verdict.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(reason) => {
            tell(&words.because("error_verify", reason));
            ExitCode::from(2)
        }
    }
}
