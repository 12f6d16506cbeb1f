//! What an export costs beside `ffmpeg -c copy` of the same span.
//!
//! `cargo bench -p evidence` reads footage back from a file of this room's own and exports it again, hashed, indexed and
//! signed; the `ffmpeg` command copies the same file. Both read it from the system's memory. Then how fast it is verified.
#![allow(clippy::print_stdout)] // prints its result

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use evidence::*;
use jiff::SignedDuration;
use model::{AccessUnit, Codec};
use rand::{Rng, SeedableRng};
use support::*;

/// Each way is gone so often, in turns; the least time counts, because other programs only ever add to it.
const ROUNDS: usize = 5;
/// Of footage, in bytes.
const SIZE: u64 = 300 << 20;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = SigningKey::generate().expect("a key");
    let source_file = footage(folder.path(), &key);
    let bytes = source_file.metadata().expect("a file").len();
    let (mut ours, mut theirs, mut checked) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let copy = folder.path().join("copy.mkv");
        theirs = theirs.min(timed(|| copy_by_ffmpeg(&source_file, &copy)));
        std::fs::remove_file(copy).expect("removed");
        let mut complete = None;
        ours = ours.min(timed(|| complete = Some(export_again(folder.path(), &source_file, &key))));
        let exported = complete.expect("exported").folder;
        checked = checked.min(timed(|| {
            let verdict = verify(&exported, &[key.public().fingerprint()], &mut go_on).expect("checked");
            assert!(verdict.is_good());
        }));
        std::fs::remove_dir_all(exported).expect("removed");
    }
    let rate = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
    println!("{:<24} {:>10} {:>10}", format!("{} MB", bytes / 1_000_000), "s", "MB/s");
    for (name, time) in [("ffmpeg -c copy", theirs), ("export", ours), ("verify", checked)] {
        println!("{name:<24} {:>10.3} {:>10.0}", time.as_secs_f64(), rate(time));
    }
    println!("export / ffmpeg: {:.2} x its speed", theirs.as_secs_f64() / ours.as_secs_f64());
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// H.265 of 8 Mb/s at 25 pictures a second with sound, in this room's own file: a clip again and again, whose pictures are
/// made as large as a camera's by bytes behind their slices, since nobody here decodes them.
fn footage(folder: &Path, key: &SigningKey) -> PathBuf {
    let clip = Path::new(env!("CARGO_MANIFEST_DIR")).join("../decode/tests/data/cros-codecs/test-25fps.h265");
    let mut clip = clips::cut(Codec::H265, &std::fs::read(clip).expect("a clip"));
    let mut random = rand::rngs::StdRng::seed_from_u64(1);
    for unit in &mut clip {
        let more = if unit.random_access { 200_000 } else { 38_000 };
        let more = (0..more).map(|_| random.random_range(1..=255_u8));
        unit.data = unit.data.iter().copied().chain(more).collect();
    }
    let clip_bytes: u64 = clip.iter().map(|unit| unit.data.len() as u64).sum();
    let mut export = Export::begin(folder, "nguồn", description(), SIZE).expect("begun");
    let mut writer = export.camera(source("a", "Cổng", g711())).expect("a writer");
    let mut at = begin();
    for _ in 0..SIZE / clip_bytes {
        for unit in &clip {
            writer.picture(unit, at).expect("taken");
            let sound = SoundPacket { data: vec![0x55; 320].into(), taken_at: at };
            writer.sound(&sound).expect("taken");
            at += SignedDuration::from_millis(40);
        }
    }
    let files = writer.finish(Vec::new(), &mut go_on).expect("finished").files;
    let complete = export.finish(key, begin()).expect("complete");
    complete.folder.join(&files[0].name)
}

fn copy_by_ffmpeg(from: &Path, to: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y", "-i"])
        .arg(from)
        .args(["-map", "0", "-c", "copy"])
        .arg(to)
        .status()
        .expect("the ffmpeg command runs");
    assert!(status.success());
}

fn export_again(folder: &Path, from: &Path, key: &SigningKey) -> Complete {
    let mut reader = MediaReader::open(from, g711().as_ref()).expect("a file");
    let mut export = Export::begin(folder, "xuất", description(), SIZE).expect("begun");
    let mut writer = export.camera(source("a", "Cổng", g711())).expect("a writer");
    let template = unit(Codec::H265, Vec::new(), false);
    while let Some(contents) = reader.next_contents().expect("sound contents") {
        match contents {
            Contents::Picture { data, parameters, random_access, taken_at } => {
                let unit = AccessUnit { data, parameters, random_access, ..template.clone() };
                writer.picture(&unit, taken_at).expect("taken");
            }
            Contents::Sound { data, taken_at } => {
                writer.sound(&SoundPacket { data, taken_at }).expect("taken");
            }
        }
    }
    writer.finish(Vec::new(), &mut go_on).expect("finished");
    export.finish(key, begin()).expect("complete")
}
