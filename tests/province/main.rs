//! The `province` program: serves the simulated province, lists it, makes its clips, or runs a command on it.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use province::clip::{Clips, Progress, default_folder};
use province::{Make, Options, PASSWORD, Profile, Province, USER, clips_of, list, source};

mod child;

/// HTTP ports lie so far above those of RTSP.
const HTTP: u16 = 100;
/// And those of recordings over TLS so far.
const TLS: u16 = 200;

/// The simulated province: 54 sites, 59 recorders and 373 cameras over RTSP on loopback.
///
/// User `viewer`, password `xem-2021`: for this simulation only.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until interrupted.
    Serve {
        #[command(flatten)]
        ports: Ports,
    },
    /// Print the sources, one a line: URL, tab, SITE | CAMERA.
    List {
        #[command(flatten)]
        ports: Ports,
        #[command(flatten)]
        choice: Choice,
    },
    /// Make the clips beforehand.
    Clips {
        /// Those of the main streams as well.
        #[arg(long)]
        main: bool,
    },
    /// Print the inventory of all sites, as JSON.
    Inventory {
        #[command(flatten)]
        ports: Ports,
    },
    /// Serve all of it, run a command with `--demo FILE --login -` added, and end with it.
    Console {
        #[command(flatten)]
        ports: Ports,
        /// Where the inventory is written.
        #[arg(long, value_name = "FILE")]
        inventory: std::path::PathBuf,
        /// The command and its arguments.
        #[arg(required = true, last = true)]
        command: Vec<std::ffi::OsString>,
    },
    /// Serve, run a command with the list of sources on its standard input, and end with it.
    With {
        #[command(flatten)]
        ports: Ports,
        #[command(flatten)]
        choice: Choice,
        /// The command and its arguments.
        #[arg(required = true, last = true)]
        command: Vec<std::ffi::OsString>,
    },
}

#[derive(Args)]
struct Ports {
    /// Recorder i listens on this port + i, answers over HTTP on this port + 100 + i, and plays
    /// recordings over TLS, if it is one that does, on this port + 200 + i.
    #[arg(long, default_value_t = 18554, value_parser = clap::value_parser!(u16).range(1..=65_000))]
    base_port: u16,
}

#[derive(Args)]
struct Choice {
    /// Which stream of each camera.
    #[arg(long, value_enum, default_value_t = Stream::Sub)]
    profile: Stream,
    /// Only the first N cameras of the list.
    #[arg(long, value_name = "N", conflicts_with = "first_sites")]
    first_cameras: Option<usize>,
    /// Only the cameras of the first N sites.
    #[arg(long, value_name = "N")]
    first_sites: Option<usize>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stream {
    Main,
    Sub,
}

impl Choice {
    fn profile(&self) -> Profile {
        match self.profile {
            Stream::Main => Profile::Main,
            Stream::Sub => Profile::Sub,
        }
    }

    fn cameras(&self) -> usize {
        let all = list().cameras.len();
        let of_sites = |sites: usize| list().sites.iter().take(sites).map(|site| site.cameras.len()).sum();
        self.first_cameras.or(self.first_sites.map(of_sites)).unwrap_or(all).min(all)
    }

    /// The lines that `watchwall view --sources -` reads.
    fn lines(&self, base_port: u16) -> String {
        let list = list();
        let line = |i: usize| {
            let camera = &list.cameras[i];
            let url = source(base_port + camera.recorder as u16, PASSWORD, i, self.profile());
            format!("{url}\t{} | {}\n", list.sites[camera.site].name, camera.name)
        };
        (0..self.cameras()).map(line).collect()
    }
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("province: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Serve { ports } => {
            let province = start(ports, list().cameras.len(), Profile::Sub)?;
            let list = list();
            eprintln!(
                "{} sites, {} recorders, {} cameras on 127.0.0.1:{}–{}",
                list.sites.len(),
                list.recorders.len(),
                list.cameras.len(),
                ports.base_port,
                ports.base_port + list.recorders.len() as u16 - 1
            );
            child::wait_for_signal()?;
            province.stop();
        }
        Command::List { ports, choice } => {
            let lines = choice.lines(ports.base_port);
            match std::io::stdout().lock().write_all(lines.as_bytes()) {
                // The reader has seen enough, as `head` does.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
                other => other.context("standard output")?,
            }
        }
        Command::Inventory { ports } => {
            let text = inventory_text(ports)?;
            std::io::stdout().lock().write_all(text.as_bytes()).context("standard output")?;
        }
        Command::Console { ports, inventory, command } => {
            std::fs::write(inventory, inventory_text(ports)?)
                .with_context(|| inventory.display().to_string())?;
            let province = start(ports, list().cameras.len(), Profile::Sub)?;
            let mut command = command.clone();
            command.extend(["--demo".into(), inventory.into(), "--login".into(), "-".into()]);
            let code = child::run(&command, format!("{USER}\n{PASSWORD}\n"))?;
            province.stop();
            return Ok(code);
        }
        Command::Clips { main } => {
            let profiles: &[Profile] = if *main { &[Profile::Sub, Profile::Main] } else { &[Profile::Sub] };
            let ids: Vec<_> = profiles.iter().flat_map(|&p| clips_of(list().cameras.len(), p)).collect();
            let clips = Clips::new(default_folder());
            clips.prepare(&ids, &AtomicBool::new(false), &show)?;
        }
        Command::With { ports, choice, command } => {
            let province = start(ports, choice.cameras(), choice.profile())?;
            let code = child::run(command, choice.lines(ports.base_port))?;
            province.stop();
            return Ok(code);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn inventory_text(ports: &Ports) -> Result<String> {
    let rtsp = |recorder: usize| ports.base_port + recorder as u16;
    let http = |recorder: usize| match list().recorders[recorder].equipment.make {
        Make::Plain => 0,
        _ => ports.base_port + HTTP + recorder as u16,
    };
    let inventory = province::inventory_with_devices(rtsp, http);
    Ok(serde_json::to_string_pretty(&inventory)? + "\n")
}

fn start(ports: &Ports, cameras: usize, profile: Profile) -> Result<Province> {
    let options = Options {
        base_port: ports.base_port,
        http_base_port: ports.base_port + HTTP,
        tls_base_port: ports.base_port + TLS,
        cameras,
        profiles: vec![profile],
        others_in_background: true,
        progress: Box::new(show),
        ..Options::default()
    };
    Ok(Province::start(options)?)
}

/// One line that counts up on a terminal, plain lines elsewhere.
fn show(progress: Progress) {
    let Progress { done, total, name } = progress;
    let text = format!("Đang tạo hình mô phỏng / Making simulated footage: {done}/{total}");
    if std::io::stderr().is_terminal() {
        eprint!("\r{text}{}", if done == total { "\n" } else { "" });
    } else {
        eprintln!("{text} {name}");
    }
}
