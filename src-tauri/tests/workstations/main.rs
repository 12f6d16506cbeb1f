//! Workstations without windows on the simulated province: what they take together of lines and viewers.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on ends, and says what it measured"
)]

mod contest;
mod cut;
mod listening;
mod relay;
mod sharing;
mod steering;
mod support;
