//! What was written is found again, summed up and handed out.

mod samples;

use std::collections::BTreeSet;

use audit::{
    Anchor, Entry, Event, Filter, Format, Kind, LedgerRow, Log, Record, Text, Verdict, export, ledger, page,
};
use model::{Action, Role};
use samples::{DAY, NOW, entry, files, id, moved, person, records, watch, write};

fn all(folder: &std::path::Path, filter: &Filter, limit: usize) -> Vec<Record> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = page(folder, filter, before, limit).expect("readable");
        assert!(page.records.len() <= limit);
        found.extend(page.records);
        before = page.before;
        if before.is_none() {
            return found;
        }
    }
}

fn day() -> Vec<Entry> {
    let by =
        |account: &str, time_ms, event| Entry { time_ms, person: person(account, Role::Operator), event };
    vec![
        Entry { time_ms: NOW, person: None, event: Event::ProgramStarted { version: "0.1.0".into() } },
        Entry {
            time_ms: NOW + 1, person: None, event: Event::SignInFailed { account: "Quản trị".into() }
        },
        by("lan", NOW + 2, Event::SignedIn),
        by("lan", NOW + 3, Event::Moved { camera: id("a/1"), what: "preset 3".into() }),
        by("lan", NOW + 4, Event::WatchBegan { watch: watch("a/2", 0), uptime_ms: 4 }),
        by("lan", NOW + 5, Event::RightsDenied { action: Action::Export, subject: Some(id("a/1")) }),
        by("lan", NOW + 6, Event::HandedOver { to: "minh".into() }),
        by("minh", NOW + 40 * DAY, Event::ZoneMarked { site: id("a"), from: "".into(), to: "Vùng 2".into() }),
        by("minh", NOW + 40 * DAY, Event::SignedOut),
    ]
}

#[test]
fn records_are_found_by_time_person_event_subject_and_text() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), day());
    let found = |filter: Filter| -> Vec<u64> {
        all(folder.path(), &filter, 2).iter().map(|record| record.sequence).collect()
    };
    assert_eq!(found(Filter::default()), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    let (from_ms, until_ms) = (Some(NOW + 2), Some(NOW + 4));
    assert_eq!(found(Filter { from_ms, until_ms, ..Filter::default() }), [4, 3]);
    assert_eq!(found(Filter { from_ms: Some(NOW + 40 * DAY), ..Filter::default() }), [9, 8]);
    assert_eq!(found(Filter { accounts: BTreeSet::from(["minh".into()]), ..Filter::default() }), [9, 8]);
    let kinds = BTreeSet::from([Kind::SignedIn, Kind::SignedOut]);
    assert_eq!(found(Filter { kinds, ..Filter::default() }), [9, 3]);
    let subjects = BTreeSet::from([id("a/1"), id("a")]);
    assert_eq!(found(Filter { subjects, ..Filter::default() }), [8, 6, 4]);
    let text = |text: &str| Filter { text: text.to_owned(), ..Filter::default() };
    assert_eq!(found(text("QUẢN")), [2]);
    assert_eq!(found(text("preset 3")), [4]);
    assert_eq!(found(text("minh")), [9, 8, 7]);
    assert_eq!(found(text("camera")), Vec::<u64>::new(), "names of fields are not text");
    let both = Filter { accounts: BTreeSet::from(["lan".into()]), ..text("a/1") };
    assert_eq!(found(both), [6, 4]);
}

#[test]
fn pages_go_on_where_the_one_before_ended_also_while_more_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<_> = (0..3000).map(|n| format!("preset {n} {}", "x".repeat(n % 300))).collect();
    write(folder.path(), texts.iter().zip(0..).map(|(text, n)| moved(NOW + n * DAY / 100, text)).collect());
    let written = records(folder.path());
    for before in [1, 2, 1500, 1501, 2999, 3000, 3001, u64::MAX] {
        let page = page(folder.path(), &Filter::default(), Some(before), 1).unwrap();
        let expected = written.iter().rfind(|record| record.sequence < before);
        assert_eq!(page.records.first(), expected, "before {before}");
    }
    let newest = page(folder.path(), &Filter::default(), None, 10).unwrap();
    write(folder.path(), vec![moved(NOW, "more")]);
    let next = page(folder.path(), &Filter::default(), newest.before, 10).unwrap();
    assert_eq!(next.records[0].sequence, 2990);
}

#[test]
fn damaged_lines_hide_no_others() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), (0..3000).map(|n| moved(NOW + n, "zoom")).collect());
    let file = files(folder.path(), ".jsonl").pop().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    lines[1000..1900].fill("?");
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    assert_eq!(all(folder.path(), &Filter::default(), 500).len(), 2100);
    assert_eq!(page(folder.path(), &Filter::default(), None, 3000).unwrap().unreadable, 900);
    let before = page(folder.path(), &Filter::default(), Some(900), 1).unwrap();
    assert_eq!(before.records[0].sequence, 899);
}

fn row<'a>(rows: &'a [LedgerRow], camera: &str) -> &'a LedgerRow {
    rows.iter().find(|row| row.camera == id(camera)).expect("in the ledger")
}

fn began(after_ms: u32, camera: &str, tile: u32) -> Entry {
    let event = Event::WatchBegan { watch: watch(camera, tile), uptime_ms: after_ms.into() };
    entry(NOW + i64::from(after_ms), event)
}

fn ended(from: i64, until: i64, camera: &str, tile: u32) -> Entry {
    let (from_ms, until_ms, shown_ms) = (NOW + from, NOW + until, until.abs_diff(from));
    entry(until_ms, Event::WatchEnded { watch: watch(camera, tile), from_ms, until_ms, shown_ms })
}

fn heartbeat(after_ms: u32) -> Entry {
    let event = Event::WatchHeartbeat { tiles: 1, uptime_ms: after_ms.into() };
    Entry { time_ms: NOW + i64::from(after_ms), person: None, event }
}

fn started() -> Entry {
    Entry { time_ms: NOW, person: None, event: Event::ProgramStarted { version: "0.1.0".into() } }
}

#[test]
fn the_ledger_sums_up_who_watched_what_for_how_long() {
    let folder = tempfile::tempdir().unwrap();
    let mut large = ended(20_000, 50_000, "a", 1);
    if let Event::WatchEnded { watch, .. } = &mut large.event {
        (watch.width, watch.height, watch.share) = (1920, 1080, 1000);
    }
    let other = Entry { person: person("minh", Role::Viewer), ..ended(0, 5_000, "a", 2) };
    write(folder.path(), vec![started(), began(0, "a", 0), ended(0, 10_000, "a", 0), large, other]);
    let rows = ledger(folder.path(), &Filter::default()).unwrap();
    let lan = LedgerRow {
        camera: id("a"),
        account: Some("lan".into()),
        watches: 2,
        shown_ms: 40_000,
        largest: (1920, 1080),
        mean_share: (62.0 * 10_000.0 + 1000.0 * 30_000.0) / 40_000.0,
        unended: 0,
    };
    let minh = LedgerRow {
        account: Some("minh".into()),
        watches: 1,
        shown_ms: 5_000,
        largest: (640, 360),
        mean_share: 62.0,
        ..lan.clone()
    };
    assert_eq!(rows, [lan, minh]);
    let within = Filter { from_ms: Some(NOW + 8_000), until_ms: Some(NOW + 25_000), ..Filter::default() };
    let rows = ledger(folder.path(), &within).unwrap();
    assert_eq!((rows.len(), rows[0].watches, rows[0].shown_ms), (1, 2, 2_000 + 5_000));
}

#[test]
fn the_ledger_claims_no_more_than_was_shown() {
    let folder = tempfile::tempdir().unwrap();
    let entries = vec![
        started(),
        began(1_000, "crashed", 0),
        began(1_000, "ended", 1),
        heartbeat(60_000),
        ended(1_000, 70_000, "ended", 1),
        began(70_000, "unheard", 1),
        began(80_000, "replaced", 2),
        heartbeat(120_000),
        began(130_000, "replacing", 2),
        // Killed here; what comes next is of another run.
        started(),
        heartbeat(500_000),
        began(500_000, "running", 0),
        heartbeat(560_000),
        moved(NOW + 600_000, "zoom"),
    ];
    write(folder.path(), entries);
    let rows = ledger(folder.path(), &Filter::default()).unwrap();
    let shown = |camera: &str| (row(&rows, camera).shown_ms, row(&rows, camera).unended);
    assert_eq!(shown("crashed"), (119_000, 1));
    assert_eq!(shown("ended"), (69_000, 0));
    assert_eq!(shown("unheard"), (50_000, 1));
    assert_eq!(shown("replaced"), (40_000, 1));
    assert_eq!(shown("replacing"), (0, 1));
    assert_eq!(shown("running"), (60_000, 1));
}

fn exported(folder: &std::path::Path, filter: &Filter, format: Format) -> (String, audit::Exported) {
    let mut out = Vec::new();
    let exported = export(folder, filter, format, &mut out).expect("readable");
    (String::from_utf8(out).expect("UTF-8"), exported)
}

#[test]
fn an_export_of_all_is_checked_like_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let last = write(folder.path(), day());
    let (text, exported) = exported(folder.path(), &Filter::default(), Format::JsonLines);
    assert_eq!((exported.records, exported.unreadable, exported.last), (9, 0, Some(last)));
    let copy = tempfile::tempdir().unwrap();
    std::fs::write(copy.path().join("audit-2026-11.jsonl"), text).unwrap();
    let Verdict::Sound(sound) = audit::verify(copy.path(), &[last]).unwrap() else { panic!("not sound") };
    assert_eq!(sound.proven_to, Some(9));
}

#[test]
fn syslog_is_as_rfc_5424_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(folder.path(), "Trực ban 1", NOW).unwrap();
    let account = Text::new("a\"b]c\\d\nQuản trị");
    let denied = log.append(Entry { time_ms: NOW + 7, person: None, event: Event::SignInFailed { account } });
    let kinds = BTreeSet::from([Kind::SignInFailed]);
    let filter = Filter { kinds, ..Filter::default() };
    let (text, exported) = exported(folder.path(), &filter, Format::Syslog);
    let Anchor { sequence, hash } = denied.unwrap();
    assert_eq!((exported.records, exported.last.map(|last| last.sequence)), (1, Some(sequence)));
    let line = std::fs::read_to_string(&files(folder.path(), ".jsonl")[0]).unwrap();
    let zeros = "0".repeat(64);
    let expected = format!(
        "<108>1 2026-11-22T10:45:45.007Z Tr_c_ban_1 watchwall - sign_in_failed [audit@32473 seq=\"1\" \
         workstation=\"Trực ban 1\" event_account=\"a\\\"b\\]c\\\\d\\\\u{{a}}Quản trị\" prev=\"{zeros}\" \
         hash=\"{hash}\"] \u{feff}{line}"
    );
    assert_eq!(text, expected);
}

#[test]
fn every_kind_has_its_name_in_the_file() {
    for kind in Kind::ALL {
        let json = serde_json::to_string(kind).unwrap();
        assert_eq!(json, format!("\"{}\"", kind.as_str()));
        assert!(kind.as_str().len() <= 32, "it is a MSGID of RFC 5424");
    }
    let event = Event::SecondFactorAdded { account: "lan".into() };
    let json = serde_json::to_value(&event).unwrap();
    assert_eq!(json["kind"], event.kind().as_str());
}
