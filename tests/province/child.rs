//! The command that runs on the province, and the signals that end both.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};

/// Runs `command` with `input` on its standard input until it ends; gives its exit code. SIGTERM is passed on;
/// SIGINT too, unless it came from the terminal, which sends it to the command itself.
pub(crate) fn run(command: &[OsString], input: String) -> Result<ExitCode> {
    let (program, arguments) = command.split_first().context("no command")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before the child starts, so that no signal is missed.
    #[cfg(unix)]
    let signals = runtime.block_on(async { unix::Signals::new() })?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .with_context(|| program.to_string_lossy().into_owned())?;
    let mut stdin = child.stdin.take().context("standard input")?;
    let feed = move || {
        // A command that does not read its input to the end is free to do so.
        drop(stdin.write_all(input.as_bytes()));
    };
    std::thread::Builder::new().name("province-input".to_owned()).spawn(feed)?;

    #[cfg(unix)]
    let id = child.id();
    let mut wait = move || child.wait();
    let (send, ended) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("province-wait".to_owned()).spawn(move || drop(send.send(wait())))?;
    #[cfg(unix)]
    let status = runtime.block_on(unix::pass_on(signals, id, ended));
    #[cfg(not(unix))]
    let status = runtime.block_on(async {
        // Ctrl-C reaches the command itself, which decides when to end; here it is only kept from ending us.
        let mut ended = ended;
        loop {
            tokio::select! {
                status = &mut ended => break status,
                _ = tokio::signal::ctrl_c() => {}
            }
        }
    });
    let status = status.context("the waiting thread")?.context("waiting for the command")?;
    Ok(exit_code(status))
}

/// As a shell gives it: 128 + signal where one ended the command.
fn exit_code(status: std::process::ExitStatus) -> ExitCode {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return ExitCode::from(128 + signal as u8);
    }
    ExitCode::from(status.code().map_or(1, |code| code as u8))
}

/// Waits for Ctrl-C or, where there is one, SIGTERM.
pub(crate) fn wait_for_signal() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        #[cfg(unix)]
        unix::Signals::new()?.next().await;
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::process::ExitStatus;

    use rustix::process::{Pid, Signal, getpgrp, kill_process};
    use tokio::signal::unix::{SignalKind, signal};
    use tokio::sync::oneshot;

    pub(super) struct Signals {
        interrupt: tokio::signal::unix::Signal,
        terminate: tokio::signal::unix::Signal,
    }

    impl Signals {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        pub(super) async fn next(&mut self) -> Signal {
            tokio::select! {
                _ = self.interrupt.recv() => Signal::INT,
                _ = self.terminate.recv() => Signal::TERM,
            }
        }
    }

    /// Whether a Ctrl-C at the terminal reaches this process and its child alike.
    fn in_foreground() -> bool {
        let terminal = std::fs::File::open("/dev/tty");
        terminal.is_ok_and(|tty| rustix::termios::tcgetpgrp(tty).is_ok_and(|group| group == getpgrp()))
    }

    pub(super) async fn pass_on(
        mut signals: Signals,
        child: u32,
        mut ended: oneshot::Receiver<io::Result<ExitStatus>>,
    ) -> Result<io::Result<ExitStatus>, oneshot::error::RecvError> {
        let child = i32::try_from(child).ok().and_then(Pid::from_raw);
        loop {
            tokio::select! {
                biased;
                status = &mut ended => return status,
                signal = signals.next() => {
                    if let Some(child) = child && !(signal == Signal::INT && in_foreground()) {
                        // It may have ended a moment ago.
                        kill_process(child, signal).ok();
                    }
                }
            }
        }
    }
}
