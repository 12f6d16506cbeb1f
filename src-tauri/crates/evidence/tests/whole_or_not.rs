//! What is called complete is complete: full disks, killed programs, cancelled and resumed exports, names that lead astray.

#![allow(clippy::unwrap_used, reason = "what helps a test may fail it, too")]

mod support;

use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use evidence::*;
use support::*;

fn footage() -> Vec<Incoming> {
    with_sound(at_25(h265(150, 5, 3)), 160, 11)
}

/// The media file of an export that nothing has disturbed.
fn undisturbed(parent: &Path) -> Vec<u8> {
    let key = SigningKey::generate().unwrap();
    let complete = package(parent, &[(source("a/1", "Cổng", g711()), footage())], &key);
    contents(&complete)
}

/// Of the package's only media file, as far as they don't depend on the package's id.
fn contents(complete: &Complete) -> Vec<u8> {
    let file = &complete.manifest.cameras[0].files[0];
    let bytes = std::fs::read(complete.folder.join(&file.name)).unwrap();
    bytes[usize::try_from(file.head.bytes).unwrap()..].to_vec()
}

/// Gives everything from `from` on, and finishes.
fn complete(export: Export, mut writer: CameraWriter, pieces: &[Incoming]) -> Complete {
    for piece in pieces {
        give(&mut writer, piece).unwrap();
    }
    writer.finish(Vec::new(), &mut go_on).unwrap();
    let key = SigningKey::generate().unwrap();
    let complete = export.finish(&key, begin()).unwrap();
    let verdict = verify(&complete.folder, &[key.public().fingerprint()], &mut go_on).unwrap();
    assert!(verdict.is_good(), "{:?}", verdict.faults);
    complete
}

#[test]
fn what_was_broken_off_anywhere_is_resumed_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (expected, pieces) = (undisturbed(folder.path()), footage());
    for stop in [0, 1, 14, 15, 16, 200, 303, pieces.len()] {
        let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
        let mut writer = export.camera(source("a/1", "Cổng", g711())).unwrap();
        for piece in &pieces[..stop] {
            give(&mut writer, piece).unwrap();
        }
        let partial = export.partial().to_owned();
        drop((writer, export));
        // What a power cut leaves behind the last whole group.
        for path in
            everything(&partial).iter().filter(|path| path.to_string_lossy().ends_with(".mkv.partial"))
        {
            let torn = [std::fs::read(path).unwrap(), vec![0; 5000]].concat();
            std::fs::write(path, torn).unwrap();
        }
        let (export, mut writers) = Export::resume(&partial).unwrap();
        let writer = writers.pop().unwrap();
        assert_eq!(writer.resumes_after().is_some(), stop > 15, "at {stop}");
        // Asked from the key frame before on, or from the beginning.
        let again = writer.resumes_after().map_or(0, |after| {
            let key = |piece: &Incoming| matches!(piece, Incoming::Picture(unit, at) if unit.random_access && *at <= after);
            pieces.iter().rposition(key).unwrap()
        });
        let complete = complete(export, writer, &pieces[again..]);
        assert!(contents(&complete) == expected, "at {stop}");
    }
}

#[test]
fn a_group_that_was_altered_before_the_resumption_is_taken_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (expected, pieces) = (undisturbed(folder.path()), footage());
    let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
    let mut writer = export.camera(source("a/1", "Cổng", g711())).unwrap();
    for piece in &pieces[..300] {
        give(&mut writer, piece).unwrap();
    }
    let partial = export.partial().to_owned();
    drop((writer, export));
    let media =
        everything(&partial).into_iter().find(|p| p.to_string_lossy().ends_with(".mkv.partial")).unwrap();
    let mut bytes = std::fs::read(&media).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&media, bytes).unwrap();
    let (export, mut writers) = Export::resume(&partial).unwrap();
    let writer = writers.pop().unwrap();
    assert!(writer.resumes_after().unwrap() < after(100 * 40 / 2 + 200));
    assert!(contents(&complete(export, writer, &pieces)) == expected);
}

const CHILD: &str = "WATCHWALL_EVIDENCE_CHILD";

/// Not a test: what the next ones start and kill, or let run into a limit.
#[test]
#[ignore = "a part of other tests"]
fn child_that_writes_for_ever() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let mut export = Export::begin(Path::new(&folder), "x", description(), 0).unwrap();
    let mut writer = export.camera(source("a/1", "Cổng", g711())).unwrap();
    let pieces = footage();
    let stop = pieces.len() - 60;
    for piece in &pieces[..stop] {
        match give(&mut writer, piece) {
            Ok(_) => {}
            Err(ExportFault::Disk { .. }) => {
                // It takes nothing more, and calls nothing complete.
                assert!(matches!(give(&mut writer, piece), Err(ExportFault::Torn)));
                assert!(matches!(writer.finish(Vec::new(), &mut go_on), Err(ExportFault::Torn)));
                println!("full");
                return;
            }
            Err(fault) => panic!("{fault}"),
        }
    }
    println!("written");
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn child(shell: &str, folder: &Path) -> std::process::Child {
    let program = std::env::current_exe().unwrap();
    Command::new("sh")
        .args(["-c", &format!("{shell} exec \"$0\" \"$@\"")])
        .arg(program)
        .args(["--exact", "child_that_writes_for_ever", "--ignored", "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the child says so.
fn wait_for(child: &mut std::process::Child, wanted: &str) {
    use std::io::BufRead;
    let lines = std::io::BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains(wanted)), "the child never said {wanted}");
}

fn partial_in(folder: &Path) -> std::path::PathBuf {
    let mut entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let only = entries.next().unwrap();
    assert!(entries.next().is_none() && only.to_string_lossy().ends_with(PARTIAL), "{}", only.display());
    only
}

#[test]
fn a_killed_program_leaves_nothing_complete_and_is_resumed_to_the_same_bytes() {
    let (elsewhere, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let expected = undisturbed(elsewhere.path());
    let mut child = child("", folder.path());
    wait_for(&mut child, "written");
    let partial = partial_in(folder.path());
    assert!(matches!(Export::resume(&partial), Err(ExportFault::InUse(_))));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!everything(folder.path()).iter().any(|path| path.extension().is_some_and(|end| end == "mkv")));
    let (export, mut writers) = Export::resume(&partial).unwrap();
    let writer = writers.pop().unwrap();
    assert!(writer.resumes_after().is_some());
    assert!(contents(&complete(export, writer, &footage())) == expected);
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_complete() {
    let (elsewhere, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let expected = undisturbed(elsewhere.path());
    // No file may grow beyond 32 KiB: the system's refusal is the same call's as that of a full disk.
    let mut child = child("trap '' XFSZ; ulimit -f 64;", folder.path());
    wait_for(&mut child, "full");
    assert!(child.wait().unwrap().success());
    let partial = partial_in(folder.path());
    let (export, mut writers) = Export::resume(&partial).unwrap();
    assert!(contents(&complete(export, writers.pop().unwrap(), &footage())) == expected);
}

/// Only where this account may mount one; the test above needs nothing.
#[test]
fn a_file_system_that_fills_up_leaves_nothing_complete() {
    let (elsewhere, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mount = ["-t", "tmpfs", "-o", "size=80m", "tmpfs"];
    let mounted = Command::new("mount").args(mount).arg(folder.path()).stderr(Stdio::null()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("no file system could be mounted");
        return;
    }
    let _unmount = Unmount(folder.path());
    let (expected, pieces) = (undisturbed(elsewhere.path()), footage());
    let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
    let mut writer = export.camera(source("a/1", "Cổng", g711())).unwrap();
    let filler = folder.path().join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while std::io::Write::write_all(&mut file, &[0; 1 << 20]).is_ok() {}
    file.set_len(file.metadata().unwrap().len() - (40 << 10)).unwrap();
    let fault = pieces.iter().find_map(|piece| give(&mut writer, piece).err());
    assert!(
        matches!(&fault, Some(ExportFault::Disk { error, .. }) if error.kind() == std::io::ErrorKind::StorageFull),
        "{fault:?}"
    );
    let partial = export.partial().to_owned();
    drop((writer, export, file));
    std::fs::remove_file(filler).unwrap();
    partial_in(folder.path());
    let (export, mut writers) = Export::resume(&partial).unwrap();
    assert!(contents(&complete(export, writers.pop().unwrap(), &pieces)) == expected);
}

struct Unmount<'a>(&'a Path);

impl Drop for Unmount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn what_would_not_fit_is_refused_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Export::begin(folder.path(), "x", description(), u64::MAX / 2);
    assert!(matches!(refused, Err(ExportFault::NoRoom { needed, free }) if needed > free));
    assert_eq!(everything(folder.path()).len(), 0);
}

#[test]
fn cancelling_takes_everything_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
    let mut writer = export.camera(source("a/1", "Cổng", g711())).unwrap();
    for piece in footage() {
        give(&mut writer, &piece).unwrap();
    }
    let broken_off = writer.finish(Vec::new(), &mut |_, _| ControlFlow::Break(()));
    assert!(matches!(broken_off, Err(ExportFault::Cancelled)));
    export.cancel().unwrap();
    assert_eq!(everything(folder.path()).len(), 0);
}

#[test]
fn a_camera_that_is_not_finished_keeps_the_package_from_being_complete() {
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate().unwrap();
    let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
    let partial = export.partial().to_owned();
    let mut writer = export.camera(source("a/1", "Cổng", g711())).unwrap();
    let pieces = footage();
    for piece in &pieces[..30] {
        give(&mut writer, piece).unwrap();
    }
    drop(writer);
    assert!(matches!(export.finish(&key, begin()), Err(ExportFault::Unfinished(_))));
    let (export, mut writers) = Export::resume(&partial).unwrap();
    complete(export, writers.pop().unwrap(), &pieces);
    assert!(matches!(Export::resume(&partial), Err(ExportFault::NotAnExport { .. })));
}

#[test]
fn a_key_that_cannot_be_used_loses_nothing() {
    struct Locked(SigningKey);
    impl Signer for Locked {
        fn public(&self) -> PublicKey {
            self.0.public()
        }
        fn sign(&self, _: &[u8]) -> Result<[u8; 64], NotSigned> {
            Err(NotSigned("locked".to_owned()))
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
    let partial = export.partial().to_owned();
    let mut writer = export.camera(source("a/1", "Cổng", g711())).unwrap();
    for piece in footage() {
        give(&mut writer, &piece).unwrap();
    }
    writer.finish(Vec::new(), &mut go_on).unwrap();
    let key = SigningKey::generate().unwrap();
    assert!(matches!(export.finish(&Locked(key), begin()), Err(ExportFault::NotSigned(_))));
    let (export, writers) = Export::resume(&partial).unwrap();
    assert!(writers.is_empty());
    let key = SigningKey::generate().unwrap();
    let complete = export.finish(&key, begin()).unwrap();
    assert!(verify(&complete.folder, &[key.public().fingerprint()], &mut go_on).unwrap().is_good());
}

#[test]
fn no_name_leaves_the_chosen_folder() {
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("chosen");
    std::fs::create_dir(&folder).unwrap();
    let key = SigningKey::generate().unwrap();
    let long = "x".repeat(300);
    let pieces = at_25(h265(5, 5, 0));
    for name in
        ["../../x", "CON", "\u{202e}gnp.\u{2066}", &long, "/", "", "..", "a\\b", "NUL.mkv", "con .", "~"]
    {
        let shown: String = name.chars().filter(|letter| !letter.is_control()).collect();
        let mut export = Export::begin(&folder, name, description(), 0).unwrap();
        for _ in 0..2 {
            // Two cameras of one name, which are two files.
            let mut writer = export.camera(source("a/1", &shown, None)).unwrap();
            for piece in &pieces {
                give(&mut writer, piece).unwrap();
            }
            writer.finish(Vec::new(), &mut go_on).unwrap();
        }
        let still = StillSource {
            camera: model::Id::new("a/1").unwrap(),
            name: shown.clone(),
            site: String::new(),
            device: Device::default(),
            recoded: true,
        };
        export.still(still, begin(), &[0xff, 0xd8, 0xff, 0xe0]).unwrap();
        export.attach(Attachment::Report, name, &mut &b"<html>"[..]).unwrap();
        let complete = export.finish(&key, begin()).unwrap();
        assert_eq!(complete.folder.parent(), Some(&*folder), "{name:?}");
        let verdict = verify(&complete.folder, &[key.public().fingerprint()], &mut go_on).unwrap();
        assert!(verdict.is_good(), "{name:?}: {:?}", verdict.faults);
        assert_eq!(verdict.checked.files, 4);
    }
    let beside = std::fs::read_dir(outside.path()).unwrap().count();
    assert_eq!(beside, 1, "something was written beside the chosen folder");
}

#[test]
fn two_packages_of_one_name_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate().unwrap();
    let first = package(folder.path(), &[], &key);
    let second = package(folder.path(), &[], &key);
    assert_ne!(first.folder, second.folder);
    assert_ne!(first.manifest.package, second.manifest.package);
}
