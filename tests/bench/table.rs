//! The table itself.

use std::io::Write;

use province::Profile;

use crate::floor::Floor;
use crate::wall::Wall;

/// A line on standard error, beside the table.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

pub(crate) fn header() {
    print(
        "| streams | receive | decode | draw | all | ffmpeg | all / ffmpeg | shown / sent | p50 ms | p95 ms | alive ms | MiB | ffmpeg MiB |",
    );
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
}

pub(crate) fn row(profile: Profile, count: usize, wall: &Wall, sent: u64, floor: &Floor) {
    // The camera is joined in the middle of a GOP; what comes before its key frame nobody can show.
    let could = sent.saturating_sub(wall.before_key_frame).max(1);
    let alive = wall.alive.map_or_else(|| "never".to_owned(), |ms| format!("{ms:.0}"));
    print(&format!(
        "| {count} {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.2} | {:.1} % | {:.1} | {:.1} | {alive} | {:.0} | {:.0} |",
        profile.name(),
        wall.receive,
        wall.decode,
        wall.draw,
        wall.all,
        floor.all,
        wall.all / floor.all.max(1e-9),
        100.0 * wall.shown as f64 / could as f64,
        wall.p50,
        wall.p95,
        wall.memory_mib,
        floor.memory_mib,
    ));
}

/// The middle and the slow end of some times, seconds.
pub(crate) fn times(what: &str, found: &[f64]) {
    let mut sorted = found.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).map_or(f64::NAN, |s| s * 1e3)
    };
    print(&format!("| {what} | {} | {:.0} | {:.0} |", found.len(), quantile(0.5), quantile(0.95)));
}

/// Seconds, each with and without the wait for a key frame.
pub(crate) fn latencies(what: &str, found: &[(f64, f64)]) {
    if found.is_empty() {
        // Nothing was opened for it.
        return print(&format!("| {what} | 0 | – | – | – | – |"));
    }
    let quantile = |pick: fn(&(f64, f64)) -> f64, share: f64| {
        let mut sorted: Vec<f64> = found.iter().map(pick).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).map_or(f64::NAN, |s| s * 1e3)
    };
    print(&format!(
        "| {what} | {} | {:.0} | {:.0} | {:.0} | {:.0} |",
        found.len(),
        quantile(|f| f.0, 0.5),
        quantile(|f| f.0, 0.95),
        quantile(|f| f.1, 0.5),
        quantile(|f| f.1, 0.95),
    ));
}

pub(crate) fn footer() {
    print("");
    print(
        "CPU in cores over the second half of each run. Latency: from the camera's capture time to the wall picture, ",
    );
    print(
        "whole run. Alive: from starting the program until the last tile shows a picture, less that camera's wait for a ",
    );
    print("key frame. Memory: peak. ffmpeg: the same streams received and decoded to nothing.");
}
