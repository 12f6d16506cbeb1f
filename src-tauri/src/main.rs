//! The program `watchwall`.

#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    watchwall::run(std::env::args_os().collect())
}
