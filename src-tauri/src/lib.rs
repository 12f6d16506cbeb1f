//! Watchwall, assembled: command line, words, windows, and the draw loop that brings `engine` and `render` together.
//!
//! **What it does:** reads the command line, opens streams through `engine`, and draws their newest pictures through
//! `render` on a window or into memory.
//!
//! **What it must never know:** RTSP, FFmpeg, wgpu, shaders. It is the only room that knows windows, and the only one
//! that has words for people.
//!
//! **The way through it:** [`run`] → [`cli`] → [`view`], which fills a [`wall::WallView`] and hands it to
//! [`headless`] or [`window`].

pub mod app;
pub mod bells;
pub mod cli;
pub mod console;
pub mod doorbell;
pub mod helms;
pub mod list;
pub mod login;
pub mod monitors;
pub mod picture_file;
pub mod report;
pub mod saver;
pub mod session;
pub mod sources;
pub mod surface;
pub mod verify;
pub mod verify_package;
pub mod view;
pub mod wall;
pub mod window;
pub mod wire;
pub mod words;

mod caption;
mod commands;
mod joystick;
mod jpeg;
mod loudspeaker;
mod microphone;
mod process;

use std::process::ExitCode;
use std::sync::Arc;

/// Runs the program with these arguments (the first is the program's name) and returns its exit status: 0 when it did
/// what was asked, 1 when it could not, 2 when the command line is wrong.
pub fn run(arguments: Vec<std::ffi::OsString>) -> ExitCode {
    process::keep_no_large_memory();
    env_logger::Builder::from_env(env_logger::Env::new().filter_or("WATCHWALL_LOG", "error")).init();
    let words = Arc::new(words::Words::new(cli::language(&arguments)));
    match cli::read(arguments, &words) {
        Ok(cli::Command::Console(options)) => {
            // The simulated province has no secrets, and whoever works on the program may look into it.
            if options.demo.is_none() {
                process::keep_memory_private();
            }
            end(app::run(&options, &words))
        }
        Ok(cli::Command::View(options)) => {
            process::keep_memory_private();
            end(view::run(&options, &words))
        }
        Ok(cli::Command::Verify(options)) => verify::run(&options, &words),
        Ok(cli::Command::VerifyPackage(options)) => {
            process::keep_memory_private();
            verify_package::run(&options, &words)
        }
        Ok(cli::Command::Schema) => {
            say(&format!("{:#}", inventory::schema()));
            ExitCode::SUCCESS
        }
        Err(cli::Stop::Shown(text)) => {
            say(text.trim_end());
            ExitCode::SUCCESS
        }
        Err(cli::Stop::Wrong(text)) => {
            tell(&text);
            ExitCode::from(2)
        }
    }
}

fn end(outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure);
            ExitCode::FAILURE
        }
    }
}

/// One line to standard output; a reader that went away (`| head`) is no failure.
pub(crate) fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// One line to standard error.
pub(crate) fn tell(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "watchwall: {text}");
}
