//! Old months go as whole files, and the log still proves itself.

mod samples;

use std::fs;

use audit::{Event, FaultKind, Log, TrimError};
use samples::{MONTH, NOW, faults, files, log_of, moved, records, sound};

#[test]
fn old_months_go_and_a_record_vouches_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let anchor = log_of(folder.path(), 16, 3);
    let now = NOW + 15 * MONTH;
    let names: Vec<_> = files(folder.path(), ".jsonl");
    fs::write(names[0].with_extension("torn"), "{").unwrap();
    fs::write(names[15].with_extension("torn"), "{").unwrap();
    let log = Log::open(folder.path(), "PC-01", now).unwrap();
    let old = log.append(moved(now, "zoom")).unwrap();
    let removed = log.trim(Log::KEPT, None, now).unwrap();
    assert_eq!(
        removed.iter().map(|file| (file.first, file.last)).collect::<Vec<_>>(),
        [(1, 3), (4, 6), (7, 9)]
    );
    assert_eq!(files(folder.path(), ".jsonl"), names[3..]);
    assert_eq!(files(folder.path(), ".torn"), [names[15].with_extension("torn")]);
    let last = log.anchor();
    assert_eq!(records(folder.path()).pop().unwrap().event, Event::Trimmed { removed: removed.clone() });
    let found = sound(folder.path(), &[anchor, old, last]);
    assert_eq!((found.from, found.to, found.proven_to), (10, 50, Some(50)));
    let trimmed = found.trimmed.unwrap();
    assert_eq!((trimmed.until, trimmed.by, trimmed.time_ms), (9, 50, now));

    // Anchors of what is gone: the last record's hash is known, the others' are not.
    let (gone, other) = (removed[2].hash, removed[1].hash);
    let anchor = |sequence, hash| audit::Anchor { sequence, hash };
    assert_eq!(sound(folder.path(), &[anchor(9, gone), anchor(2, other), last]).anchors_not_compared, 1);
    let kinds: Vec<_> = faults(folder.path(), &[anchor(9, other)]).iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::Rewritten { sequence: 9 }]);

    assert_eq!(log.trim(Log::KEPT, None, now).unwrap(), [], "once is enough");
    assert_eq!(log.anchor(), last);
    drop(log);
    let later = now + MONTH;
    let log = Log::open(folder.path(), "PC-01", later).unwrap();
    assert_eq!(log.trim(Log::KEPT, None, later).unwrap()[0].first, 10);
    assert_eq!(sound(folder.path(), &[last]).from, 13);
}

#[test]
fn what_was_cut_short_is_sound_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    log_of(folder.path(), 16, 3);
    let now = NOW + 15 * MONTH;
    let names = files(folder.path(), ".jsonl");
    let kept = fs::read(&names[2]).unwrap();
    let log = Log::open(folder.path(), "PC-01", now).unwrap();
    assert_eq!(log.trim(Log::KEPT, None, now).unwrap().len(), 3);
    fs::write(&names[2], kept).unwrap();
    assert_eq!(sound(folder.path(), &[log.anchor()]).from, 7);
    assert_eq!(log.trim(Log::KEPT, None, now).unwrap().len(), 1);
    assert_eq!(sound(folder.path(), &[log.anchor()]).from, 10);
}

#[test]
fn files_that_nobody_vouches_for_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    log_of(folder.path(), 16, 3);
    let now = NOW + 15 * MONTH;
    let log = Log::open(folder.path(), "PC-01", now).unwrap();
    log.trim(Log::KEPT, None, now).unwrap();
    fs::remove_file(&files(folder.path(), ".jsonl")[0]).unwrap();
    let kinds: Vec<_> = faults(folder.path(), &[]).iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::Missing { from: 1, to: 12 }]);
}

/// Nobody gets rid of the last weeks by writing into the log that they were old.
#[test]
fn a_record_vouches_for_no_young_files() {
    let folder = tempfile::tempdir().unwrap();
    log_of(folder.path(), 2, 3);
    let names = files(folder.path(), ".jsonl");
    let last = fs::read_to_string(&names[0]).unwrap().lines().last().unwrap().to_owned();
    let last: audit::Record = serde_json::from_str(&last).unwrap();
    let removed = vec![audit::RemovedFile {
        file: "audit-2026-11.jsonl".into(),
        first: 1,
        last: 3,
        last_ms: last.time_ms,
        hash: last.hash,
    }];
    fs::remove_file(&names[0]).unwrap();
    samples::write(folder.path(), vec![samples::entry(NOW + MONTH, Event::Trimmed { removed })]);
    let kinds: Vec<_> = faults(folder.path(), &[]).iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::Missing { from: 1, to: 3 }]);
}

#[test]
fn no_clock_and_no_setting_empties_the_log() {
    let folder = tempfile::tempdir().unwrap();
    log_of(folder.path(), 5, 3);
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    assert!(matches!(log.trim(2, None, NOW), Err(TrimError::TooFew)));
    assert_eq!(log.trim(u32::MAX, None, i64::MAX).unwrap(), []);
    assert_eq!(log.trim(3, None, 0).unwrap(), []);
    // The clock of an empty battery, set wrong: ten years ahead.
    assert_eq!(log.trim(3, None, NOW + 120 * MONTH).unwrap().len(), 2);
    assert_eq!(files(folder.path(), ".jsonl").len(), 4, "the newest three months, and the one that says so");
    sound(folder.path(), &[log.anchor()]);
}

#[test]
fn damage_is_not_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    log_of(folder.path(), 16, 3);
    let now = NOW + 15 * MONTH;
    let names = files(folder.path(), ".jsonl");
    let text = fs::read_to_string(&names[1]).unwrap();
    fs::write(&names[1], text.replacen("preset 5", "preset 6", 1)).unwrap();
    let log = Log::open(folder.path(), "PC-01", now).unwrap();
    assert!(
        matches!(log.trim(Log::KEPT, None, now), Err(TrimError::Damaged(file)) if file == "audit-2026-12.jsonl")
    );
    assert_eq!(files(folder.path(), ".jsonl"), names);
}
