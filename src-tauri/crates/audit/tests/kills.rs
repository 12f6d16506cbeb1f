//! A program that is killed at any moment has kept whatever it was told is kept.
//!
//! The test starts itself again as the program that writes and is killed. `AUDIT_KILLS` says how often (100).

#![cfg(unix)]

mod samples;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use audit::{Anchor, Log, Record};
use rand::Rng;
use samples::{DAY, NOW, files, moved, sound};

const FOLDER: &str = "AUDIT_FOLDER";
const KILLS: &str = "AUDIT_KILLS";
const ACKNOWLEDGED: &str = "acknowledged ";

/// The program that is killed; without a folder to write to, as when all tests are run, it does nothing.
#[test]
fn program() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let log = Log::open(Path::new(&folder), "PC-01", NOW).unwrap();
    let log = &log;
    std::thread::scope(|scope| {
        for thread in 0..3 {
            scope.spawn(move || {
                loop {
                    // Two months in a few hundred records, so that files are begun too.
                    let time = NOW + i64::try_from(log.anchor().sequence).unwrap() * DAY / 20;
                    let Ok(anchor) = log.append(moved(time, &format!("preset {thread}"))) else { return };
                    writeln!(std::io::stdout(), "{ACKNOWLEDGED}{anchor}").unwrap();
                }
            });
        }
    });
}

fn start(command: &mut Command, folder: &Path) -> Child {
    let command = command.args(["--exact", "program", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts")
}

/// What the program has said, until it has said so much or ended; a line that it did not finish is not counted.
fn said(output: &mut impl BufRead, most: usize) -> Vec<Anchor> {
    let mut anchors = Vec::new();
    let mut line = String::new();
    while anchors.len() < most && output.read_line(&mut line).expect("readable") > 0 {
        if let Some((_, anchor)) = line.strip_suffix('\n').and_then(|line| line.split_once(ACKNOWLEDGED)) {
            anchors.push(anchor.parse().expect("an anchor"));
        }
        line.clear();
    }
    anchors
}

/// What a power cut does and a kill does not: the end of a line that was on its way is missing, or is zeros.
fn tear(folder: &Path) {
    let mut rng = rand::rng();
    // Times of files are too coarse to tell which was written last.
    let first = |path: &PathBuf| -> Option<u64> {
        let text = fs::read(path).expect("a file");
        let line = text.split_inclusive(|byte| *byte == b'\n').next()?;
        Some(serde_json::from_slice::<Record>(line).map_or(u64::MAX, |record| record.sequence))
    };
    let Some(path) = files(folder, ".jsonl").into_iter().max_by_key(first) else { return };
    let half = r#"{"seq":12,"time_ms":1795344345000,"workstation":"PC-01","event":{"kind":"moved","camera":"#;
    let length = rng.random_range(1..half.len());
    let torn = if rng.random() { half.as_bytes()[..length].to_vec() } else { vec![0; length] };
    fs::File::options().append(true).open(path).expect("a file").write_all(&torn).expect("written");
}

#[test]
fn no_acknowledged_record_is_lost() {
    let kills = std::env::var(KILLS).map_or(100, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut rng = rand::rng();
    let mut acknowledged = Vec::new();
    for kill in 1..=kills {
        let mut child = start(&mut Command::new(std::env::current_exe().unwrap()), folder.path());
        let mut output = BufReader::new(child.stdout.take().unwrap());
        if rng.random() {
            // While it starts, opens and repairs, or shortly after.
            std::thread::sleep(Duration::from_micros(rng.random_range(0..12_000)));
        } else {
            acknowledged.extend(said(&mut output, rng.random_range(1..30)));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(said(&mut output, usize::MAX));
        if kill % 100 == 0 || kill == kills {
            // Each anchor names a record and its content: one that is lost or changed is a fault.
            let found = sound(folder.path(), &acknowledged);
            assert_eq!(found.proven_to, acknowledged.iter().map(|anchor| anchor.sequence).max());
        }
        if rng.random_ratio(1, 4) {
            tear(folder.path());
        }
    }
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    let last = log.append(moved(NOW, "after")).unwrap();
    acknowledged.push(last);
    let found = sound(folder.path(), &acknowledged);
    assert_eq!((found.from, found.to, found.proven_to), (1, last.sequence, Some(last.sequence)));
    assert!(acknowledged.len() > kills / 4, "too little was written: {}", acknowledged.len());
    let torn = files(folder.path(), ".torn").len();
    println!(
        "{kills} kills, {} acknowledged, {} records in {} files, {torn} torn lines set aside",
        acknowledged.len(),
        found.records,
        files(folder.path(), ".jsonl").len()
    );
}

/// A full disk, by way of the limit on the size of files that the system gives a process.
#[test]
fn what_does_not_fit_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"]).arg(program);
    // Each thread ends at its first refusal.
    let mut child = start(&mut shell, folder.path());
    let acknowledged = said(&mut BufReader::new(child.stdout.take().unwrap()), usize::MAX);
    assert!(child.wait().unwrap().success());
    let found = sound(folder.path(), &acknowledged);
    assert!(!found.unfinished_line, "what was written of a refused line was taken back");
    assert_eq!(found.records, acknowledged.len() as u64);
    let log = Log::open(folder.path(), "PC-01", NOW).unwrap();
    let next = log.append(moved(NOW, "after")).unwrap();
    assert_eq!(next.sequence, found.to + 1);
    sound(folder.path(), &[next]);
}
