//! What is acknowledged is on the disk, whatever happened before.

mod samples;

use std::fs;
use std::io::Write;

use audit::{Anchor, AppendError, Entry, Event, Kind, Log, OpenError, Text};
use samples::{DAY, NOW, entry, files, moved, records, sound, write};

fn kinds(folder: &std::path::Path) -> Vec<Kind> {
    records(folder).iter().map(|record| record.event.kind()).collect()
}

#[test]
fn a_record_is_there_when_it_is_acknowledged_and_its_anchor_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    assert_eq!(log.anchor(), Anchor::EMPTY);
    let anchor = log.append(moved(NOW, "zoom")).unwrap();
    assert_eq!(log.anchor(), anchor);
    let record = records(folder.path()).pop().unwrap();
    assert_eq!(record.anchor(), anchor);
    assert_eq!((record.sequence, record.time_ms, record.clock_back_ms), (1, NOW, None));
    assert_eq!(record.workstation.as_str(), "PC-01");
    let Entry { person, event, .. } = moved(NOW, "zoom");
    assert_eq!((record.person, record.event), (person, event));
    assert_eq!(sound(folder.path(), &[anchor]).proven_to, Some(1));
}

#[test]
fn the_hash_is_that_of_the_bytes_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let anchor = write(folder.path(), vec![moved(NOW, "zoom")]);
    let text = fs::read_to_string(&files(folder.path(), "2026-11.jsonl")[0]).unwrap();
    let (content, seal) = text.rsplit_once(",\"hash\":\"").unwrap();
    assert_eq!(audit::Fingerprint::of(content.as_bytes()), anchor.hash);
    assert_eq!(seal, format!("{}\"}}\n", anchor.hash));
}

#[test]
fn many_threads_write_one_chain_and_nothing_comes_between_what_goes_together() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    let anchors: Vec<Anchor> = std::thread::scope(|scope| {
        let write = |thread: usize| {
            let log = &log;
            move || {
                let batch = |n: usize| (0..5).map(|_| moved(NOW, &format!("{thread} {n}"))).collect();
                (0..20).map(|n| log.submit(batch(n)).unwrap().wait().unwrap()).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(write(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(sound(folder.path(), &anchors).records, 8 * 20 * 5);
    for group in records(folder.path()).chunks(5) {
        assert!(group.iter().all(|record| record.event == group[0].event), "{group:?}");
    }
}

#[test]
fn the_chain_goes_on_over_months_and_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let mut last = Anchor::EMPTY;
    for n in 0..6 {
        last = write(
            folder.path(),
            vec![moved(NOW + n * 31 * DAY / 2, "zoom"), moved(NOW + n * 31 * DAY / 2, "pan")],
        );
    }
    let names = ["audit-2026-11.jsonl", "audit-2026-12.jsonl", "audit-2027-01.jsonl", "audit-2027-02.jsonl"];
    let found = files(folder.path(), ".jsonl");
    assert_eq!(found.iter().map(|path| path.file_name().unwrap()).collect::<Vec<_>>(), names);
    assert_eq!(sound(folder.path(), &[last]).proven_to, Some(12));
}

#[test]
fn a_clock_that_steps_back_is_marked_and_breaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // 2026-12-01 00:00:10 UTC.
    let december = NOW + 8 * DAY + 47_665_000;
    let times =
        [december, december - 500, december - 20_000, december - 10 * DAY, december, december - 40 * DAY];
    let last = write(folder.path(), times.iter().map(|time| moved(*time, "zoom")).collect());
    let mut found: Vec<_> = audit::page(folder.path(), &audit::Filter::default(), None, 100).unwrap().records;
    found.reverse();
    let back: Vec<_> = found.iter().map(|record| record.clock_back_ms).collect();
    assert_eq!(back, [None, None, Some(19_500), Some(863_980_000), None, Some(40 * 86_400_000)]);
    let names: Vec<_> = files(folder.path(), ".jsonl");
    let names: Vec<_> = names.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    // Twenty seconds before the month are no reason for another file; ten days are, and then again.
    let expected =
        ["audit-2026-10.jsonl", "audit-2026-11.jsonl", "audit-2026-12-2.jsonl", "audit-2026-12.jsonl"];
    assert_eq!(names, expected);
    assert_eq!(sound(folder.path(), &[last]).records, 6);
    let last = write(folder.path(), vec![moved(december, "zoom")]);
    assert_eq!(sound(folder.path(), &[last]).records, 7);
}

#[test]
fn one_program_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    assert!(matches!(Log::open(folder.path(), "PC-01", NOW), Err(OpenError::InUse(_))));
    drop(log);
    Log::open(folder.path(), "PC-01", NOW).unwrap();
}

#[test]
fn what_was_asked_for_is_written_before_the_log_closes() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    let pending: Vec<_> = (0..100).map(|n| log.submit(vec![moved(NOW + n, "zoom")]).unwrap()).collect();
    drop(log);
    let anchors: Vec<_> = pending.into_iter().map(|pending| pending.wait().unwrap()).collect();
    assert_eq!(sound(folder.path(), &anchors).records, 100);
}

#[test]
fn events_of_later_versions_are_read_but_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    let before = log.append(moved(NOW, "zoom")).unwrap();
    assert_eq!(log.append(entry(NOW, Event::Unknown)), Err(AppendError::Unwritable));
    assert_eq!(log.append(moved(NOW, "zoom")).unwrap().sequence, before.sequence + 1);
    let later: Event = serde_json::from_str(r#"{"kind":"teleported","camera":"x"}"#).unwrap();
    assert_eq!(later, Event::Unknown);
}

/// A power cut may leave any part of a line that was not acknowledged.
#[test]
fn a_torn_line_is_moved_aside_wherever_it_was_torn() {
    let folder = tempfile::tempdir().unwrap();
    let line = {
        let other = tempfile::tempdir().unwrap();
        write(other.path(), vec![moved(NOW, "zoom")]);
        fs::read(&files(other.path(), ".jsonl")[0]).unwrap()
    };
    let mut kept = Vec::new();
    for length in (1..line.len()).step_by(7) {
        kept.push(write(folder.path(), vec![moved(NOW, "pan")]));
        let file = files(folder.path(), ".jsonl").pop().unwrap();
        fs::File::options().append(true).open(file).unwrap().write_all(&line[..length]).unwrap();
        assert!(sound(folder.path(), &kept).unfinished_line);
        drop(Log::open(folder.path(), "PC-01", NOW).unwrap());
        assert!(!sound(folder.path(), &kept).unfinished_line);
        let torn = records(folder.path()).pop().unwrap().event;
        let name = Text::new("audit-2026-11.jsonl");
        assert_eq!(torn, Event::LineTorn { file: name, bytes: length as u64 });
        let aside = files(folder.path(), ".torn");
        assert_eq!(aside.len(), kept.len());
        assert!(aside.iter().any(|path| fs::read(path).unwrap() == line[..length]));
    }
}

/// Blocks of a group that was not acknowledged may reach the disk in any order; the others are zeros.
#[test]
fn zeros_in_the_last_group_are_torn_too() {
    let folder = tempfile::tempdir().unwrap();
    let safe = write(folder.path(), (0..20).map(|n| moved(NOW + n, "zoom")).collect());
    let file = files(folder.path(), ".jsonl").pop().unwrap();
    let acknowledged = fs::metadata(&file).unwrap().len() as usize;
    write(folder.path(), (0..60).map(|n| moved(NOW + n, "zoom")).collect());
    let mut bytes = fs::read(&file).unwrap();
    bytes[acknowledged + 4096..acknowledged + 8192].fill(0);
    fs::write(&file, &bytes).unwrap();
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    log.append(moved(NOW, "after")).unwrap();
    sound(folder.path(), &[safe, log.anchor()]);
    let kept = kinds(folder.path());
    assert_eq!(kept[kept.len() - 2..], [Kind::LineTorn, Kind::Moved]);
    assert!(kept.len() > 30, "lines of the group that are whole stay: {}", kept.len());
}

#[test]
fn a_months_first_line_may_be_torn() {
    let folder = tempfile::tempdir().unwrap();
    let safe = write(folder.path(), vec![moved(NOW, "zoom")]);
    fs::write(folder.path().join("audit-2026-12.jsonl"), "{\"seq\":2,\"ti").unwrap();
    fs::write(folder.path().join("audit-2027-01.jsonl"), "").unwrap();
    sound(folder.path(), &[safe]);
    let last = write(folder.path(), vec![moved(NOW + 31 * DAY, "zoom"), moved(NOW + 62 * DAY, "zoom")]);
    assert_eq!(sound(folder.path(), &[safe, last]).records, 4);
    assert_eq!(files(folder.path(), ".jsonl").len(), 3, "empty files are used");
}

#[test]
fn damage_at_the_end_stays_as_it_is_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), (0..5).map(|n| moved(NOW + n, "zoom")).collect());
    let file = files(folder.path(), ".jsonl").pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let at = text.rfind("zoom").unwrap();
    fs::write(&file, [&text[..at], "ZOOM", &text[at + 4..]].concat()).unwrap();
    write(folder.path(), vec![moved(NOW, "after")]);
    let expected = [Kind::Moved, Kind::Moved, Kind::DamageFound, Kind::Moved];
    assert_eq!(kinds(folder.path())[3..], expected);
    assert!(fs::read_to_string(&file).unwrap().contains("ZOOM"));
    assert!(!samples::verify(folder.path(), &[]).is_sound());
    write(folder.path(), vec![moved(NOW, "later")]);
    assert_eq!(kinds(folder.path()).len(), 8, "it is said once");
}

#[cfg(unix)]
#[test]
fn files_are_for_this_account_only() {
    use std::os::unix::fs::PermissionsExt;
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("a").join("audit");
    write(&folder, vec![moved(NOW, "zoom")]);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&files(&folder, ".jsonl")[0]), 0o600);
}
