//! A disk that fails at every step in turn, once as a full one does and once as one whose program was killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::disk::{Blow, FUSE};
use super::{Problem, SaveError, Store};

const OLDER: u32 = 1;
const OLD: u32 = 2;
const NEW: u32 = 3;

fn store(folder: &TempDir) -> Store<u32> {
    Store::open(folder.path(), "numbers")
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// `save` of [`NEW`] with a failing disk, on a folder that `prepare` has filled. Returns after the first blow that was
/// too late to hinder it; `check` sees the folder after every other one.
fn at_every_step(blow: fn(usize) -> Blow, prepare: impl Fn(&Store<u32>), check: impl Fn(&TempDir, usize)) {
    for step in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        prepare(&store);
        FUSE.set(Some(blow(step)));
        let saved = store.save(&NEW);
        FUSE.set(None);
        if saved.is_ok() {
            assert!(step >= 8, "only {step} steps were looked at");
            return;
        }
        assert!(matches!(saved, Err(SaveError::System { .. })), "{saved:?}");
        check(&folder, step);
    }
}

fn twice(store: &Store<u32>) {
    store.save(&OLDER).unwrap();
    store.save(&OLD).unwrap();
}

#[test]
fn killed_at_any_step_the_next_start_finds_the_old_or_the_new() {
    at_every_step(Blow::ForGood, twice, |folder, step| {
        let loaded = store(folder).load();
        assert!(matches!(loaded.value, Some(OLD | NEW)), "step {step}: {loaded:?}");
        assert_eq!(loaded.problem, None, "step {step}");
        let expected = ["numbers.json", "numbers.last-good"].map(str::to_owned);
        assert_eq!(names(folder.path()), expected.into(), "step {step}: drafts are cleared away");
        store(folder).save(&NEW).unwrap();
        assert_eq!(store(folder).load().value, Some(NEW), "step {step}");
    });
}

#[test]
fn a_disk_that_refuses_any_step_keeps_the_old_and_no_drafts() {
    at_every_step(Blow::Once, twice, |folder, step| {
        let expected = ["numbers.json", "numbers.last-good"].map(str::to_owned);
        assert_eq!(names(folder.path()), expected.into(), "step {step}");
        let loaded = store(folder).load();
        assert!(matches!(loaded.value, Some(OLD | NEW)), "step {step}: {loaded:?}");
        assert_eq!(loaded.problem, None, "step {step}");
    });
}

/// A damaged file with a damaged last good one: everything that can be moved aside.
fn damaged_twice(store: &Store<u32>) {
    fs::write(store.path(), "first").unwrap();
    fs::write(store.path().with_extension("last-good"), "second").unwrap();
}

#[test]
fn killed_while_moving_damage_aside_nothing_of_it_is_lost() {
    for blow in [Blow::Once, Blow::ForGood] {
        at_every_step(blow, damaged_twice, |folder, step| {
            let held: BTreeSet<_> = names(folder.path())
                .into_iter()
                .map(|name| fs::read_to_string(folder.path().join(name)).unwrap())
                .collect();
            assert!(held.contains("first") && held.contains("second"), "step {step}: {held:?}");
            assert!(matches!(store(folder).load().value, None | Some(NEW)), "step {step}");
        });
    }
}

#[test]
fn killed_between_moving_aside_and_saving_the_last_good_one_is_still_found() {
    let folder = tempfile::tempdir().unwrap();
    twice(&store(&folder));
    fs::write(store(&folder).path(), "damage").unwrap();
    assert_eq!(store(&folder).load().value, Some(OLDER));
    let loaded = store(&folder).load();
    assert_eq!(loaded.value, Some(OLDER));
    assert_eq!(loaded.problem, Some(Problem::Missing { path: store(&folder).path().to_owned() }));
}

#[test]
fn a_draft_that_is_being_written_is_not_taken_for_a_stale_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(&folder).path().to_owned();
    let draft = super::disk::Draft::write(&path, b"in the making").unwrap();
    fs::write(folder.path().join("numbers.1-1.draft"), "left by a killed program").unwrap();
    fs::write(folder.path().join("numbers-of-mine.1-1.draft"), "somebody else's").unwrap();
    assert_eq!(names(folder.path()).len(), 3);
    store(&folder);
    assert_eq!(names(folder.path()).len(), 2, "only the one that was left");
    draft.publish(&path).unwrap();
    assert_eq!(names(folder.path()), ["numbers-of-mine.1-1.draft", "numbers.json"].map(str::to_owned).into());
}
