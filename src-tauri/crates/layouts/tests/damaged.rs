//! Files that nobody should trust: each gives a clear problem, the last good one in its place, and stays on the disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use layouts::Desk;
use model::Id;
use store::{Damage, Problem, Store};
use tempfile::TempDir;

/// A folder as a program leaves it that has saved `last_good` and then another desk.
fn folder(last_good: &Desk) -> (TempDir, Store<Desk>) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), "walls");
    store.save(last_good).expect("saved");
    store.save(&Desk::default()).expect("saved");
    (folder, store)
}

fn desk(camera: &str) -> Desk {
    let mut desk = Desk::default();
    let camera = Id::new(camera).expect("an id");
    desk.wall_mut(0).and_then(|wall| wall.fill(&[camera])).expect("room for one");
    desk
}

/// Puts `bytes` where the file is and returns what was found to be wrong with them, after checking all the rest.
fn damage_of(name: &str, bytes: &[u8]) -> Damage {
    let last_good = desk("last-good");
    let (_folder, store) = folder(&last_good);
    fs::write(store.path(), bytes).expect("written");

    let loaded = store.load();
    assert_eq!(loaded.value, Some(last_good.clone()), "{name}");
    let Some(Problem::Damaged { path, damage, aside: Some(aside), last_good: true }) = loaded.problem else {
        panic!("{name}: {:?}", loaded.problem);
    };
    assert_eq!(path, store.path(), "{name}");
    assert_eq!(aside, path.with_extension("damaged"), "{name}");

    store.save(&desk("new")).expect("saved");
    assert_eq!(store.load().value, Some(desk("new")), "{name}");
    assert!(
        fs::read(aside).expect("still there") == bytes,
        "{name}: the damaged bytes are kept as they were"
    );
    damage
}

#[test]
fn every_file_of_the_folder_is_caught() {
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damaged")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let damage = damage_of(&name, &fs::read(&path).unwrap());
        let expected = match name.as_str() {
            "truncated.json" | "empty.json" => matches!(damage, Damage::Truncated),
            "zeros.json" | "utf16.json" => matches!(damage, Damage::Syntax { line: 1, column: 1 }),
            "array.json" | "nan.json" | "not-utf8.json" | "two-documents.json" | "huge-number.json" => {
                matches!(damage, Damage::Syntax { line: 1, column: 2.. })
            }
            _ => matches!(&damage, Damage::Content { detail } if !detail.is_empty()),
        };
        assert!(expected, "{name}: {damage:?}");
        seen.insert(name);
    }
    assert!(seen.len() >= 40, "{seen:?}");
}

#[test]
fn the_detail_says_what_is_wrong() {
    let details = [
        ("duplicate-keys", "duplicate field `page`"),
        ("duplicate-content", "duplicate field `content`"),
        ("another-kind", "of \"settings\", not of \"walls\""),
        ("version-0", "version 0"),
        ("no-content", "missing field `content`"),
        ("no-walls", "0 walls"),
        ("no-main-wall", "the first wall is 1"),
        ("same-wall-twice", "two walls 4"),
        ("control-character-in-id", "without control characters"),
        ("long-id", "1 to 200 bytes"),
        ("page-beyond", "page points at nothing"),
        ("selected-beyond", "selected points at nothing"),
        ("enlarged-empty", "enlarged points at nothing"),
        ("turning-beyond", "3601"),
        ("unknown-fit", "zoom"),
        ("view-beyond", "a view with a zoom beyond its limits"),
        ("weight-0", "a weight of 0"),
        ("overlapping-cells", "tile 1 overlaps"),
        ("uncovered-square", "column 1, row 0"),
        ("cell-outside", "tile 0 is empty or not on the wall"),
        ("65-columns", "65 lines"),
    ];
    for (name, expected) in details {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damaged").join(name).with_extension("json");
        match damage_of(name, &fs::read(path).unwrap()) {
            Damage::Content { detail } => assert!(detail.contains(expected), "{name}: {detail}"),
            damage => panic!("{name}: {damage:?}"),
        }
    }
}

/// One wall with this in place of its layout and slots.
fn file(layout: &str, slots: &str) -> Vec<u8> {
    let wall = format!(
        r#"{{"id":0,"monitor":null,"layout":{layout},"slots":{slots},"page":0,"pages":1,"selected":null,"enlarged":null,"turning":null}}"#
    );
    format!(r#"{{"version":1,"kind":"walls","content":{{"walls":[{wall}]}}}}"#).into_bytes()
}

const ONE_TILE: &str = r#"{"columns":[1],"rows":[1],"cells":[{"column":0,"row":0,"columns":1,"rows":1}]}"#;

#[test]
fn more_tiles_and_slots_than_a_wall_can_have_are_caught() {
    let cell = r#"{"column":0,"row":0,"columns":1,"rows":1}"#;
    let tiles = |count: usize| {
        let cells = vec![cell; count].join(",");
        file(&format!(r#"{{"columns":[1],"rows":[1],"cells":[{cells}]}}"#), "[]")
    };
    let million = tiles(1_000_000);
    assert!(million.len() > Store::<Desk>::LARGEST);
    assert_eq!(damage_of("a million tiles", &million), Damage::TooLarge);
    let detail = "not in reading order";
    assert!(
        matches!(damage_of("many tiles", &tiles(90_000)), Damage::Content { detail: d } if d.contains(detail))
    );

    let slot = r#"{"camera":"a","fit":"fit","turn":"none"}"#;
    let slots = format!("[{}]", vec![slot; 4097].join(","));
    let damage = damage_of("4097 slots", &file(ONE_TILE, &slots));
    assert!(matches!(damage, Damage::Content { detail } if detail.contains("4097 slots")));
}

#[cfg(unix)]
#[test]
fn a_file_larger_than_memory_is_not_read() {
    let (folder, store) = folder(&desk("last-good"));
    fs::File::create(store.path()).unwrap().set_len(1 << 40).unwrap();
    let loaded = store.load();
    assert_eq!(loaded.value, Some(desk("last-good")));
    assert!(
        matches!(loaded.problem, Some(Problem::Damaged { damage: Damage::TooLarge, .. })),
        "{:?}",
        loaded.problem
    );
    assert_eq!(fs::metadata(folder.path().join("walls.damaged")).unwrap().len(), 1 << 40);
}

#[test]
fn deep_nesting_does_not_reach_the_end_of_the_stack() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(damage_of("deep slots", &file(ONE_TILE, &deep)), Damage::Content { .. }));
    assert!(matches!(damage_of("deep layout", &file(&deep, "[]")), Damage::Content { .. }));
    assert!(matches!(damage_of("nothing but depth", deep.as_bytes()), Damage::Content { .. }));
    let open = "[".repeat(100_000);
    assert!(matches!(damage_of("open depth", open.as_bytes()), Damage::Content { .. } | Damage::Truncated));
}

#[test]
fn names_that_climb_out_of_the_folder_are_only_names() {
    let desk = {
        let mut desk = desk("../../etc/passwd");
        desk.add_wall("../DP-1").unwrap();
        desk
    };
    let (folder, store) = folder(&desk);
    store.save(&desk).unwrap();
    assert_eq!(store.load().value, Some(desk));
    let names: BTreeSet<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["walls.json", "walls.last-good"].map(Into::into).into());
    assert!(std::panic::catch_unwind(|| Store::<Desk>::open(Path::new("."), "../walls")).is_err());
}

#[test]
fn damage_never_replaces_earlier_damage() {
    let (folder, store) = folder(&desk("last-good"));
    let mut kept = Vec::new();
    for count in 1..=3 {
        fs::write(store.path(), format!("damage {count}")).unwrap();
        let Some(Problem::Damaged { aside: Some(aside), .. }) = store.load().problem else {
            panic!("no problem")
        };
        kept.push(aside);
    }
    let names = ["walls.damaged", "walls.damaged-2", "walls.damaged-3"].map(|name| folder.path().join(name));
    assert_eq!(kept, names);
    for (count, aside) in (1..).zip(kept) {
        assert_eq!(fs::read_to_string(aside).unwrap(), format!("damage {count}"));
    }
}

#[test]
fn a_damaged_last_good_file_is_kept_too() {
    let (folder, store) = folder(&desk("last-good"));
    fs::write(store.path(), "first").unwrap();
    fs::write(folder.path().join("walls.last-good"), "second").unwrap();
    let loaded = store.load();
    assert_eq!(loaded.value, None);
    assert!(
        matches!(loaded.problem, Some(Problem::Damaged { last_good: false, .. })),
        "{:?}",
        loaded.problem
    );
    store.save(&desk("a")).unwrap();
    store.save(&desk("b")).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("walls.damaged")).unwrap(), "first");
    assert_eq!(fs::read_to_string(folder.path().join("walls.damaged-2")).unwrap(), "second");
}

const NEWER: &str = r#"{"version":2,"kind":"walls","content":{"rooms":["what comes after walls"]}}"#;

#[test]
fn a_newer_version_stays_until_something_is_saved_and_is_kept_then() {
    let (folder, store) = folder(&desk("last-good"));
    fs::write(store.path(), NEWER).unwrap();
    for _ in 0..2 {
        let loaded = store.load();
        assert_eq!(loaded.value, Some(desk("last-good")));
        let path = store.path().to_owned();
        assert_eq!(loaded.problem, Some(Problem::Newer { path, version: 2, last_good: true }));
        assert_eq!(fs::read_to_string(store.path()).unwrap(), NEWER);
    }
    store.save(&desk("new")).unwrap();
    assert_eq!(store.load().value, Some(desk("new")));
    assert_eq!(fs::read_to_string(folder.path().join("walls.version-2")).unwrap(), NEWER);

    fs::write(folder.path().join("walls.last-good"), NEWER).unwrap();
    store.save(&desk("newer")).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("walls.version-2-2")).unwrap(), NEWER);
}

#[test]
fn what_is_no_file_is_moved_aside_whole() {
    let (folder, store) = folder(&desk("last-good"));
    fs::remove_file(store.path()).unwrap();
    fs::create_dir(store.path()).unwrap();
    fs::write(store.path().join("inside"), "kept").unwrap();
    fs::write(folder.path().join("walls.damaged"), "earlier").unwrap();
    let loaded = store.load();
    assert_eq!(loaded.value, Some(desk("last-good")));
    assert!(
        matches!(loaded.problem, Some(Problem::Damaged { damage: Damage::NotAFile, .. })),
        "{:?}",
        loaded.problem
    );
    assert_eq!(fs::read_to_string(folder.path().join("walls.damaged-2/inside")).unwrap(), "kept");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_stays_until_something_is_saved_and_is_kept_then() {
    let (folder, store) = folder(&desk("last-good"));
    fs::remove_file(store.path()).unwrap();
    std::os::unix::fs::symlink("walls.json", store.path()).unwrap();
    let loaded = store.load();
    assert_eq!(loaded.value, Some(desk("last-good")));
    assert!(
        matches!(loaded.problem, Some(Problem::Unreadable { last_good: true, .. })),
        "{:?}",
        loaded.problem
    );
    assert_eq!(fs::read_link(store.path()).unwrap(), PathBuf::from("walls.json"));
    store.save(&desk("new")).unwrap();
    assert_eq!(store.load().value, Some(desk("new")));
    assert!(fs::read_link(folder.path().join("walls.damaged")).is_ok());
}
