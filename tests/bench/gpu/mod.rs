//! How many 1080p25 H.265 streams keep real time, decoded and drawn into a 4K wall on this machine, by each of the
//! ways that a picture can take, and what that costs. And whether both ways show the same picture.
//!
//! Needs no display, no network and no package: `bench gpu pack FOLDER` puts the program, clips and libraries into a
//! folder that can be carried to a machine with a graphics processor and run there by its `run`.

mod clip;
mod compare;
mod load;
mod machine;
mod pack;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, bail, ensure};
use model::Size;
use province::clip::{ClipId, Clips, default_folder};
use province::scene::{Light, Scene};
use province::{Coding, Profile};
use render::{Backend, Target, Wall};

use crate::table;
use clip::Clip;
use load::{Outcome, Way};

/// What is drawn.
const WALL: Size = Size::new(3840, 2160);
/// Streams that are tried with a graphics processor, until some are late; as many as the program decodes there.
const COUNTS: [usize; 8] = [1, 4, 9, 16, 25, 36, 49, 64];
/// Streams that are tried without.
const FEW: [usize; 3] = [1, 2, 4];
/// What is played: different scenes, so that no cache flatters.
const SCENES: [Scene; 4] = [Scene::Gate, Scene::Yard, Scene::Parking, Scene::Street];

/// `gpu`, `gpu --clips FOLDER` or `gpu pack FOLDER`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => measure(&made_clips()?),
        [option, folder] if option == "--clips" => measure(&clips_in(Path::new(folder))?),
        [verb, folder] if verb == "pack" => pack::pack(Path::new(folder), &made_clips()?),
        _ => bail!("gpu, gpu --clips FOLDER or gpu pack FOLDER"),
    }
}

/// The clips' files; those that are missing are made, which takes minutes.
fn made_clips() -> Result<Vec<PathBuf>> {
    let id = |scene| ClipId { scene, light: Light::Day, coding: Coding::H265, profile: Profile::Main };
    let (ids, clips) = (SCENES.map(id), Clips::new(default_folder()));
    clips.prepare(&ids, &AtomicBool::new(false), &|progress| {
        table::tell(&format!("clip {} of {}: {}", progress.done, progress.total, progress.name));
    })?;
    Ok(ids.iter().map(|id| clips.path(*id)).collect())
}

fn clips_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "h265"));
    files.sort();
    ensure!(!files.is_empty(), "no clips in {}", folder.display());
    Ok(files)
}

fn measure(files: &[PathBuf]) -> Result<()> {
    let clips: Vec<Arc<Clip>> =
        files.iter().map(|file| Ok(Arc::new(Clip::load(file)?))).collect::<Result<_>>()?;
    let wall = Wall::open(Target::Headless(WALL), Backend::Auto)?;
    table::print(&format!("Drawn by: {}", wall.backend_name()));
    if let Some(note) = wall.backend_note() {
        table::print(&format!("    no graphics processor draws: {note}"));
    }
    drop(wall);
    let decoders = decode::hardware();
    for found in &decoders {
        let state = if found.available { "available" } else { &found.reason };
        table::print(&format!("{}: {state}", found.decoder.name()));
    }
    let ways: &[Way] = if decoders.iter().any(|found| found.available) {
        compare::run(&clips)?;
        &[Way::Lent, Way::Memory, Way::Software]
    } else {
        table::print("No graphics processor decodes here: only the processor is measured, with few streams.");
        &[Way::Software]
    };
    header();
    let mut notes: Vec<String> = Vec::new();
    for way in ways {
        let counts = if ways.len() > 1 { &COUNTS[..] } else { &FEW[..] };
        for &count in counts {
            let outcome = load::run(&clips, count, *way)?;
            row(*way, count, &outcome);
            let keeps_up = outcome.keeps_up();
            outcome.notes.into_iter().for_each(|note| {
                if !notes.contains(&note) {
                    notes.push(note);
                }
            });
            if !keeps_up {
                break;
            }
        }
    }
    footer(&notes);
    Ok(())
}

fn header() {
    table::print(
        "\n| decoded by, way | streams | shown a second | shown / sent | late | p95 ms | over the bus | on the device | uploaded MiB/s | GPU MiB | CPU cores |",
    );
    table::print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
}

fn row(way: Way, count: usize, of: &Outcome) {
    let memory = of.gpu_mib.map_or_else(|| "–".to_owned(), |mib| format!("{mib:.0}"));
    let real_time = if of.keeps_up() { "" } else { " (not in real time)" };
    table::print(&format!(
        "| {}, {}{real_time} | {count} | {:.0} | {:.1} % | {} | {:.1} | {:.2} | {:.2} | {:.1} | {memory} | {:.2} |",
        of.decoders.join(" + "),
        way.name(),
        of.shown_a_second,
        100.0 * of.shown as f64 / of.sent.max(1) as f64,
        of.late,
        of.p95_ms,
        of.bus_copies,
        of.device_copies,
        of.uploaded_mib_a_second,
        of.cpu_cores,
    ));
}

fn footer(notes: &[String]) {
    table::print("");
    table::print(
        "1080p25 H.265 clips out of memory onto a wall of 3840x2160 without a window. Late: units dropped before the",
    );
    table::print(
        "decoder, and pictures that a newer one replaced unseen. Latency: from the unit's last byte to the submitted",
    );
    table::print(
        "draw. Copies: whole pictures, over the bus and within the device's memory, by the way they came. GPU memory:",
    );
    table::print("what was taken in addition, while it ran.");
    notes.iter().for_each(|note| table::print(&format!("Said by a decoder: {note}")));
}
