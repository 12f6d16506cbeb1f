//! Saving and loading where nothing is damaged.

use std::fs;
use std::path::Path;

use layouts::Desk;
use model::Id;
use store::{Loaded, SaveError, Store};

fn desk(camera: &str) -> Desk {
    let mut desk = Desk::default();
    let camera = Id::new(camera).expect("an id");
    desk.wall_mut(0).and_then(|wall| wall.fill(&[camera])).expect("room for one");
    desk
}

#[test]
fn a_first_start_has_no_file_and_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::<Desk>::open(&folder.path().join("not/there/yet"), "walls");
    assert_eq!(store.load(), Loaded { value: None, problem: None });
    assert!(!folder.path().join("not").exists(), "loading makes nothing");
    store.save(&desk("a")).unwrap();
    assert_eq!(store.load(), Loaded { value: Some(desk("a")), problem: None });
}

#[test]
fn the_last_good_file_is_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::<Desk>::open(folder.path(), "walls");
    let mut before = None;
    for camera in ["a", "b", "c"] {
        store.save(&desk(camera)).unwrap();
        let last_good = fs::read(folder.path().join("walls.last-good")).ok();
        assert_eq!(last_good, before, "{camera}");
        before = Some(fs::read(store.path()).unwrap());
    }
}

#[cfg(unix)]
#[test]
fn others_on_the_machine_see_neither_files_nor_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("watchwall");
    let store = Store::<Desk>::open(&folder, "walls");
    store.save(&desk("a")).unwrap();
    store.save(&desk("b")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(store.path()), 0o600);
    assert_eq!(mode(&folder.join("walls.last-good")), 0o600);
}

#[test]
fn where_nothing_can_be_written_the_error_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let occupied = folder.path().join("occupied");
    fs::write(&occupied, "a file where the folder should be").unwrap();
    let store = Store::<Desk>::open(&occupied, "walls");
    match store.save(&desk("a")) {
        Err(SaveError::System { path, .. }) => assert_eq!(path, store.path()),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read_to_string(&occupied).unwrap(), "a file where the folder should be");
}

#[test]
fn what_would_not_be_loaded_again_is_not_saved() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::<Desk>::open(folder.path(), "walls");
    store.save(&desk("a")).unwrap();
    let mut large = Desk::default();
    let cameras = vec![Id::new(&"x".repeat(Id::LONGEST)).unwrap(); 4096];
    for monitor in ["1", "2", "3", "4"] {
        let id = large.add_wall(monitor).unwrap();
        large.wall_mut(id).unwrap().fill(&cameras).unwrap();
    }
    large.wall_mut(0).unwrap().fill(&cameras).unwrap();
    match store.save(&large) {
        Err(SaveError::TooLarge { path, bytes }) => {
            assert_eq!(path, store.path());
            assert!(bytes > Store::<Desk>::LARGEST, "{bytes}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(store.load().value, Some(desk("a")));
}

#[test]
fn programs_that_save_at_once_never_mix() {
    let folder = tempfile::tempdir().unwrap();
    let save = |camera: &'static str| {
        let folder = folder.path().to_owned();
        move || {
            for _ in 0..50 {
                Store::open(&folder, "walls").save(&desk(camera)).unwrap();
                let loaded = Store::<Desk>::open(&folder, "walls").load();
                assert_eq!(loaded.problem, None);
                assert!(loaded.value == Some(desk("a")) || loaded.value == Some(desk("b")));
            }
        }
    };
    std::thread::scope(|scope| {
        for camera in ["a", "b"] {
            std::thread::Builder::new().spawn_scoped(scope, save(camera)).unwrap();
        }
    });
}
