//! Three tables. The first: what a wall costs and how late it is, beside `ffmpeg` receiving and decoding the same streams to
//! nothing, from one run on this machine.
//!
//! The second: how long a person waits for a picture; then how long a camera waits for a command. By name alone: `bench layouts`, see [`overview`], `bench others`,
//! see [`others`], `bench steer`, see [`steer`], and `bench gpu`, see [`gpu`].
//!
//! CPU is CPU time over the second half of each run, in cores. The simulated province runs in this process and is not
//! counted.

mod click;
mod console;
mod floor;
mod gpu;
mod others;
mod overview;
mod steer;
mod table;
mod wall;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use province::{Coding, Options, Profile, Province};

/// How long each wall and each floor runs.
const RUN: Duration = Duration::from_secs(16);

/// What is measured: profile and number of streams.
const CASES: [(Profile, usize); 7] = [
    (Profile::Main, 1),
    (Profile::Main, 4),
    (Profile::Main, 9),
    (Profile::Sub, 4),
    (Profile::Sub, 16),
    (Profile::Sub, 36),
    (Profile::Sub, 64),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            table::tell(&format!("bench: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    if std::env::args().skip(1).eq(["click".to_owned()]) {
        return click::run(&floor::beside("watchwall")?);
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [one] if one == "layouts" => return overview::run(&floor::beside("watchwall")?),
        [one] if one == "others" => return others::run(),
        [one] if one == "steer" => return steer::run(&floor::beside("watchwall")?),
        [first, rest @ ..] if first == "gpu" => return gpu::run(rest),
        _ => {}
    }
    let chosen = chosen_cases()?;
    let most = chosen.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let cameras = plain_cameras(most);
    table::tell("Making the clips that are missing (once; minutes for the main streams) …");
    let mut profiles = vec![Profile::Sub];
    if chosen.iter().any(|(profile, _)| *profile == Profile::Main) {
        profiles.push(Profile::Main);
    }
    let last = cameras.last().map_or(0, |camera| camera + 1);
    let province = Province::start(Options { cameras: last, profiles, ..Options::default() })?;
    table::header();
    for (profile, count) in chosen {
        let cameras = &cameras[..count];
        let sources: Vec<String> = cameras.iter().map(|camera| province.source(*camera, profile)).collect();
        let before = sent(&province, cameras, profile);
        let wall = wall::measure(&sources, RUN).context("watchwall")?;
        let between = sent(&province, cameras, profile);
        let floor = floor::measure(&sources, RUN).context("ffmpeg")?;
        let after = sent(&province, cameras, profile);
        if after.1 > between.1 {
            table::tell(&format!(
                "ffmpeg did not keep up: {} pictures were not sent to it",
                after.1 - between.1
            ));
        }
        table::row(profile, count, &wall, between.0 + between.1 - before.0 - before.1, &floor);
    }
    table::footer();
    drop(province);
    if std::env::args().len() == 1 {
        click::run(&floor::beside("watchwall")?)?;
        steer::run(&floor::beside("watchwall")?)?;
    }
    Ok(())
}

/// All cases, or those named on the command line, such as `sub:64`; `click` is the second table alone.
fn chosen_cases() -> Result<Vec<(Profile, usize)>> {
    let named: Vec<String> = std::env::args().skip(1).collect();
    if named.is_empty() {
        return Ok(CASES.to_vec());
    }
    let case = |name: &String| {
        let (profile, count) = name.split_once(':').context("a case is such as sub:64")?;
        let profile = Profile::BOTH.into_iter().find(|known| known.name() == profile);
        Ok((profile.context("main or sub")?, count.parse::<usize>()?))
    };
    named.iter().map(case).collect()
}

/// Plain H.265 cameras, one of each site in turn, so that no link is at its limit.
fn plain_cameras(count: usize) -> Vec<usize> {
    let list = province::list();
    let mut cameras: Vec<usize> = Vec::new();
    for place in 0.. {
        let of_site = |site: &province::Site| site.cameras.clone().nth(place);
        let round: Vec<usize> = list.sites.iter().filter_map(of_site).collect();
        if round.is_empty() || cameras.len() >= count {
            break;
        }
        cameras.extend(round.into_iter().filter(|camera| list.cameras[*camera].coding == Coding::H265));
    }
    cameras.truncate(count);
    cameras
}

/// Pictures sent, and pictures left out because the viewer did not read fast enough.
fn sent(province: &Province, cameras: &[usize], profile: Profile) -> (u64, u64) {
    let counts = cameras.iter().map(|camera| province.stream_counts(*camera, profile));
    counts.fold((0, 0), |sum, of| (sum.0 + of.pictures, sum.1 + of.dropped))
}
