//! What the tests write into logs, and how they look at the files.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};

use audit::{Anchor, Entry, Event, Log, Person, Record, Text, Verdict, Watch, WatchedProfile};
use model::{Id, Role};

/// 2026-11-22 10:45:45 UTC.
pub(crate) const NOW: i64 = 1_795_344_345_000;
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;
/// A mean month: from [`NOW`] on, each ends in another month of the calendar.
pub(crate) const MONTH: i64 = 2_629_746_000;

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect("an id")
}

pub(crate) fn person(account: &str, role: Role) -> Option<Person> {
    Some(Person { account: Text::new(account), role })
}

pub(crate) fn entry(time_ms: i64, event: Event) -> Entry {
    Entry { time_ms, person: person("lan", Role::Operator), event }
}

pub(crate) fn moved(time_ms: i64, what: &str) -> Entry {
    entry(time_ms, Event::Moved { camera: id("tram-y-te/1"), what: Text::new(what) })
}

pub(crate) fn watch(camera: &str, tile: u32) -> Watch {
    let (wall, profile) = (Text::new("main"), WatchedProfile::Sub);
    Watch { camera: id(camera), wall, tile, width: 640, height: 360, share: 62, profile }
}

/// Opens, writes all in one go, closes.
pub(crate) fn write(folder: &Path, entries: Vec<Entry>) -> Anchor {
    let log = Log::open(folder, "PC-01", NOW).expect("opens");
    log.submit(entries).expect("writable").wait().expect("written")
}

/// A log of `months` files with `each` records, its last anchor, and its files in their order.
pub(crate) fn log_of(folder: &Path, months: i64, each: i64) -> Anchor {
    let entries =
        (0..months * each).map(|n| moved(NOW + n / each * MONTH + n % each, &format!("preset {n}")));
    write(folder, entries.collect())
}

pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    files
}

/// All records as they stand in the files, which must be in the order of their names.
pub(crate) fn records(folder: &Path) -> Vec<Record> {
    let files = files(folder, ".jsonl");
    let text: String = files.iter().map(|path| fs::read_to_string(path).expect("text")).collect();
    text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

pub(crate) fn verify(folder: &Path, anchors: &[Anchor]) -> Verdict {
    audit::verify(folder, anchors).expect("readable")
}

#[track_caller]
pub(crate) fn sound(folder: &Path, anchors: &[Anchor]) -> audit::Sound {
    match verify(folder, anchors) {
        Verdict::Sound(sound) => sound,
        faulty => panic!("{faulty:?}"),
    }
}

pub(crate) fn faults(folder: &Path, anchors: &[Anchor]) -> Vec<audit::Fault> {
    match verify(folder, anchors) {
        Verdict::Sound(_) => Vec::new(),
        Verdict::Faulty { faults, .. } => faults,
    }
}
