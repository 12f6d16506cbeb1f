//! Whoever changes anything is found out, as long as an anchor was kept; and nobody is accused falsely.

mod samples;

use std::fs;
use std::path::{Path, PathBuf};

use audit::{Anchor, FaultKind, Fingerprint};
use proptest::prelude::*;
use proptest::sample::Index;
use samples::{faults, files, log_of, sound, verify};

/// What is done to a log, at places that fit any log.
#[derive(Clone, Debug)]
enum Tampering {
    /// A byte becomes another one.
    Byte(Index, u8),
    /// Text in a record is changed and the record's own hash made to fit.
    Forge(Index),
    /// A line goes.
    Delete(Index),
    /// A line is put in a second time somewhere.
    Repeat(Index, Index),
    /// A line is put in that is none.
    Garbage(Index, String),
    /// A line is put in that fits the chain.
    Invent(Index),
    /// Two lines change places.
    Swap(Index, Index),
    /// Everything behind a byte goes, in one file.
    Truncate(Index, Index),
    /// A file goes.
    DeleteFile(Index),
    /// Two files change names.
    SwapFiles(Index, Index),
    /// From a record on the whole chain is written anew.
    Rewrite(Index),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let at = any::<Index>;
    prop_oneof![
        8 => (at(), 1..=255_u8).prop_map(|(at, bits)| Tampering::Byte(at, bits)),
        2 => at().prop_map(Tampering::Forge),
        2 => at().prop_map(Tampering::Delete),
        2 => (at(), at()).prop_map(|(from, to)| Tampering::Repeat(from, to)),
        1 => (at(), "[ -~]{0,40}").prop_map(|(at, text)| Tampering::Garbage(at, text)),
        2 => at().prop_map(Tampering::Invent),
        2 => (at(), at()).prop_map(|(a, b)| Tampering::Swap(a, b)),
        2 => (at(), at()).prop_map(|(file, byte)| Tampering::Truncate(file, byte)),
        1 => at().prop_map(Tampering::DeleteFile),
        1 => (at(), at()).prop_map(|(a, b)| Tampering::SwapFiles(a, b)),
        2 => at().prop_map(Tampering::Rewrite),
    ]
}

/// All files' lines, with their line feeds.
struct Lines(Vec<(PathBuf, Vec<String>)>);

impl Lines {
    fn of(folder: &Path) -> Self {
        let lines = |path: &PathBuf| -> Vec<String> {
            fs::read_to_string(path).expect("text").split_inclusive('\n').map(str::to_owned).collect()
        };
        Self(files(folder, ".jsonl").into_iter().map(|path| (path.clone(), lines(&path))).collect())
    }

    fn count(&self) -> usize {
        self.0.iter().map(|(_, lines)| lines.len()).sum()
    }

    /// File and line of one of all lines.
    fn place(&self, at: Index) -> (usize, usize) {
        let mut left = at.index(self.count());
        for (file, (_, lines)) in self.0.iter().enumerate() {
            if left < lines.len() {
                return (file, left);
            }
            left -= lines.len();
        }
        unreachable!("fewer lines than counted");
    }

    fn line(&mut self, (file, line): (usize, usize)) -> &mut String {
        &mut self.0[file].1[line]
    }

    fn insert(&mut self, (file, line): (usize, usize), text: String) {
        self.0[file].1.insert(line, text);
    }

    fn write(self) {
        for (path, lines) in self.0 {
            fs::write(path, lines.concat()).expect("written");
        }
    }
}

/// The line with a hash that fits its content.
fn sealed(line: &str) -> String {
    let content = line.rsplit_once(",\"hash\"").expect("a record").0;
    format!("{content},\"hash\":\"{}\"}}\n", Fingerprint::of(content.as_bytes()))
}

fn bytes_of_all(folder: &Path) -> Vec<Vec<u8>> {
    files(folder, ".jsonl").iter().map(|path| fs::read(path).expect("readable")).collect()
}

fn tamper(folder: &Path, how: &Tampering) {
    let mut lines = Lines::of(folder);
    match how {
        Tampering::Byte(at, bits) => {
            let paths = files(folder, ".jsonl");
            let mut all = bytes_of_all(folder);
            let mut left = at.index(all.iter().map(Vec::len).sum());
            let file = all
                .iter()
                .position(|bytes| {
                    left < bytes.len() || {
                        left -= bytes.len();
                        false
                    }
                })
                .expect("fewer bytes than counted");
            all[file][left] ^= bits;
            fs::write(&paths[file], &all[file]).expect("written");
            return;
        }
        Tampering::Forge(at) => {
            let line = lines.line(lines.place(*at));
            *line = sealed(&line.replace("preset", "zoom"));
        }
        Tampering::Delete(at) => {
            let (file, line) = lines.place(*at);
            lines.0[file].1.remove(line);
        }
        Tampering::Repeat(from, to) => {
            let copy = lines.line(lines.place(*from)).clone();
            lines.insert(lines.place(*to), copy);
        }
        Tampering::Garbage(at, text) => lines.insert(lines.place(*at), format!("{text}\n")),
        Tampering::Invent(at) => {
            let place = lines.place(*at);
            let invented = sealed(&lines.line(place).replace("preset", "zoom"));
            lines.insert(place, invented);
        }
        Tampering::Swap(a, b) => {
            let (a, b) = (lines.place(*a), lines.place(*b));
            let (first, second) = (lines.line(a).clone(), lines.line(b).clone());
            *lines.line(a) = second;
            *lines.line(b) = first;
        }
        Tampering::Truncate(file, byte) => {
            let path = &lines.0[file.index(lines.0.len())].0;
            let bytes = fs::read(path).expect("readable");
            fs::write(path, &bytes[..byte.index(bytes.len())]).expect("written");
            return;
        }
        Tampering::DeleteFile(at) => {
            fs::remove_file(&lines.0[at.index(lines.0.len())].0).expect("a file");
            return;
        }
        Tampering::SwapFiles(a, b) => {
            let (a, b) = (a.index(lines.0.len()), b.index(lines.0.len()));
            let (first, second) = (lines.0[a].1.clone(), lines.0[b].1.clone());
            lines.0[a].1 = second;
            lines.0[b].1 = first;
        }
        Tampering::Rewrite(at) => rewrite(&mut lines, *at),
    }
    lines.write();
}

/// What somebody does who knows how the chain is made.
fn rewrite(lines: &mut Lines, at: Index) {
    let from = lines.place(at);
    let mut prev: Option<String> = None;
    for file in 0..lines.0.len() {
        for line in 0..lines.0[file].1.len() {
            if (file, line) < from {
                continue;
            }
            let text = lines.line((file, line));
            if let Some(prev) = &prev {
                let old = text.rsplit_once(",\"prev\":\"").expect("a record").0.to_owned();
                *text = format!("{old},\"prev\":\"{prev}\",\"hash\":\"\"}}\n");
            }
            let forged = sealed(&text.replace("preset", "zoom"));
            prev = forged.rsplit_once("\"hash\":\"").map(|(_, hash)| hash[..64].to_owned());
            *text = forged;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_change_is_found_and_nothing_else(
        months in 1..4_i64,
        each in 1..9_i64,
        how in tampering(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let anchor = log_of(folder.path(), months, each);
        prop_assert_eq!(sound(folder.path(), &[]).proven_to, None);
        prop_assert_eq!(sound(folder.path(), &[anchor]).proven_to, Some(anchor.sequence));
        let before = bytes_of_all(folder.path());
        tamper(folder.path(), &how);
        let after = bytes_of_all(folder.path());
        // Exchanging a line with itself changes nothing; files that only change names are still in the order of their
        // records' numbers.
        let mut ordered = (before.clone(), after.clone());
        ordered.0.sort();
        ordered.1.sort();
        let found = faults(folder.path(), &[anchor]);
        prop_assert_eq!(found.is_empty(), ordered.0 == ordered.1, "{:?}", found);
    }
}

fn lines_changed(change: impl Fn(&mut Vec<String>)) -> (tempfile::TempDir, Anchor) {
    let folder = tempfile::tempdir().expect("a folder");
    let anchor = log_of(folder.path(), 1, 9);
    let mut lines = Lines::of(folder.path());
    change(&mut lines.0[0].1);
    lines.write();
    (folder, anchor)
}

#[track_caller]
fn told(change: impl Fn(&mut Vec<String>), expected: &[(u64, FaultKind)]) {
    let (folder, anchor) = lines_changed(change);
    let found: Vec<_> =
        faults(folder.path(), &[anchor]).iter().map(|fault| (fault.line, fault.kind)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_single_change_is_told_as_what_it_is() {
    use FaultKind::{Edited, Inserted, Missing, Reordered, Rewritten, Truncated, Unlinked, Unreadable};
    told(|lines| lines[3] = lines[3].replace("preset", "zoom"), &[(4, Edited)]);
    told(|lines| lines[3] = sealed(&lines[3].replace("preset", "zoom")), &[(5, Unlinked)]);
    told(|lines| lines[3] = "?\n".to_owned(), &[(4, Unreadable)]);
    told(|lines| lines[0] = "?\n".to_owned(), &[(1, Unreadable)]);
    told(|lines| lines.insert(3, "\n".to_owned()), &[(4, Unreadable)]);
    told(|lines| lines.insert(0, "\n".to_owned()), &[(1, Unreadable)]);
    told(|lines| drop(lines.remove(3)), &[(4, Missing { from: 4, to: 4 })]);
    told(|lines| drop(lines.drain(..3)), &[(1, Missing { from: 1, to: 3 })]);
    told(|lines| lines.swap(3, 4), &[(5, Reordered { sequence: 4 })]);
    told(|lines| lines.swap(0, 1), &[(2, Reordered { sequence: 1 })]);
    told(|lines| lines.swap(0, 2), &[2, 1].map(|sequence| (4 - sequence, Reordered { sequence })));
    told(|lines| lines.swap(1, 3), &[3, 2].map(|sequence| (6 - sequence, Reordered { sequence })));
    told(|lines| lines.insert(3, lines[3].clone()), &[(5, Inserted { sequence: 4 })]);
    told(|lines| lines.insert(7, lines[1].clone()), &[(8, Inserted { sequence: 2 })]);
    let invented = |lines: &mut Vec<String>| lines.insert(3, sealed(&lines[3].replace("preset", "zoom")));
    told(invented, &[(5, Inserted { sequence: 4 })]);
    told(|lines| lines.truncate(5), &[(0, Truncated { to: Some(9) })]);
    told(|lines| lines[8] = lines[8][..20].to_owned(), &[(0, Truncated { to: Some(9) })]);
    told(|lines| lines[8] = sealed(&lines[8].replace("preset", "zoom")), &[(9, Rewritten { sequence: 9 })]);
    told(|lines| lines.clear(), &[(0, Truncated { to: Some(9) })]);
}

#[test]
fn without_an_anchor_no_more_is_claimed_than_can_be_known() {
    let (folder, _) = lines_changed(|lines| lines.truncate(5));
    let sound = sound(folder.path(), &[]);
    assert_eq!((sound.from, sound.to, sound.proven_to), (1, 5, None));
    let nowhere = folder.path().join("nothing");
    assert_eq!(samples::sound(&nowhere, &[]).records, 0);
}

#[test]
fn an_anchor_proves_what_is_before_it_only() {
    let folder = tempfile::tempdir().unwrap();
    let first = log_of(folder.path(), 1, 5);
    log_of(folder.path(), 1, 5);
    let mut lines = Lines::of(folder.path());
    let last = lines.0[0].1.last_mut().unwrap();
    *last = sealed(&last.replace("preset", "zoom"));
    lines.write();
    assert_eq!(sound(folder.path(), &[first]).proven_to, Some(5));
}

#[test]
fn a_file_cut_in_the_middle_is_found_without_an_anchor() {
    let folder = tempfile::tempdir().unwrap();
    log_of(folder.path(), 2, 5);
    let path = &files(folder.path(), ".jsonl")[0];
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() - 1]).unwrap();
    let found = faults(folder.path(), &[]);
    assert_eq!((found[0].line, found[0].kind), (5, FaultKind::Truncated { to: None }), "{found:?}");
}

#[test]
fn a_verdict_can_be_handed_on() {
    let (folder, anchor) = lines_changed(|lines| drop(lines.remove(3)));
    let verdict = verify(folder.path(), &[anchor]);
    let json = serde_json::to_string(&verdict).unwrap();
    let expected = r#"{"verdict":"faulty","faults":[{"file":"audit-2026-11.jsonl","line":4,"fault":"missing","from":4,"to":4}],"further":0,"sound_records":8}"#;
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_str::<audit::Verdict>(&json).unwrap(), verdict);
}
