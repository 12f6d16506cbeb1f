//! Whatever happens in the middle of a write: nothing is called complete that isn't, and what goes on ends as it would have.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use engine::export::{Failure, Order, Outcome, Progress, Stop};
use engine::playback::Throttle;
use evidence::{Complete, Digest, Export, ExportFault, PARTIAL};
use model::{Moment, Period};

use crate::stage::{CAMERA, Stage, stage};

const SECONDS: u64 = 240;
/// Slow enough for something to happen on the way, Mb/s.
const SLOW: f64 = 2.0;
/// What the process of its own ends with where the disk takes no more.
const DISK: i32 = 40;
/// And where it is full.
const FULL: i32 = 41;

/// An export that was begun, a copy of it for each of the `names`, and its time.
fn begun<const N: usize>(stage: &Stage, names: [&str; N]) -> ([PathBuf; N], Period) {
    let period = stage.period(SECONDS);
    let mut order = stage.order("gói", period);
    order.cameras[0].line = Throttle::new(SLOW);
    let progress = Arc::new(Progress::default());
    std::thread::scope(|scope| {
        let running =
            scope.spawn(|| stage.exporter.run(&order, &stage.key, &progress, &mut |_: &mut Export| Ok(())));
        until_bytes(&progress, 300_000, || running.is_finished());
        progress.stop(Stop::Keep);
        assert!(matches!(running.join().expect("it ends"), Outcome::Stopped));
    });
    let partial = progress.partial().expect("a folder");
    let copies = names.map(|name| {
        let folder = stage.folder.path().join(name).join(format!("gói{PARTIAL}"));
        copy(&partial, &folder);
        folder
    });
    (copies, period)
}

fn until_bytes(progress: &Progress, bytes: u64, over: impl Fn() -> bool) {
    while progress.cameras().first().is_none_or(|camera| camera.bytes < bytes) {
        assert!(!over(), "too fast for something to happen");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (path, own) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &own);
        } else {
            fs::copy(&path, &own).expect("copied");
        }
    }
}

fn resumed(stage: &Stage, partial: &Path, period: Period) -> Order {
    Order { resumed: Some(partial.to_owned()), ..stage.order("gói", period) }
}

fn hashes(complete: &Complete) -> Vec<Digest> {
    complete.manifest.cameras.iter().flat_map(|camera| &camera.files).map(|file| file.sha256).collect()
}

/// What lies beside a package in the making.
fn names(partial: &Path) -> Vec<String> {
    let entries = fs::read_dir(partial.parent().expect("a folder")).expect("a folder").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn is_still_partial(partial: &Path) {
    assert_eq!(names(partial), [format!("gói{PARTIAL}")], "nothing is called complete");
    assert!(!partial.join("package").join("manifest.json").exists(), "nothing is signed");
}

/// This test binary again, as a process of its own, which goes on with an export. `before`: shell words in front.
fn process(before: &str, partial: &Path, period: Period) -> Child {
    let script = format!("{before} exec \"$0\" faults::goes_on_in_a_process_of_its_own --exact --ignored");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().expect("this program"))
        .env("EXPORT_PARTIAL", partial)
        .env("EXPORT_PERIOD", format!("{} {}", period.from.0, period.until.0))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh runs")
}

#[test]
#[ignore = "the tests below start it"]
fn goes_on_in_a_process_of_its_own() {
    let variable = |name: &str| std::env::var(name).expect("the tests below say so");
    let moments = variable("EXPORT_PERIOD");
    let mut moments = moments.split(' ').map(|moment| Moment(moment.parse().expect("a moment")));
    let (from, until) = (moments.next().expect("two"), moments.next().expect("two"));
    let stage = stage();
    let mut order = resumed(&stage, Path::new(&variable("EXPORT_PARTIAL")), Period { from, until });
    order.cameras[0].line = Throttle::new(SLOW);
    let outcome = stage.run(&order);
    std::process::exit(match &outcome {
        Outcome::Failed(Failure::Write(ExportFault::Disk { error, .. })) => {
            if error.kind() == ErrorKind::StorageFull { FULL } else { DISK }
        }
        _ => 1,
    });
}

/// The same on a file system of its own that has less room than is needed; what stays there is put where the package was.
/// `None`: none can be mounted here.
fn on_a_full_disk(partial: &Path, period: Period) -> Option<i32> {
    const SCRIPT: &str = "mount -t tmpfs -o size=900k none \"$DISK\" && cp -a \"$AWAY/.\" \"$DISK\" || exit 1
        \"$0\" faults::goes_on_in_a_process_of_its_own --exact --ignored; code=$?
        rm -r \"$AWAY\" && cp -a \"$DISK\" \"$AWAY\"; exit $code";
    let may = Command::new("unshare").args(["-Urm", "true"]).status();
    may.ok().filter(ExitStatus::success)?;
    let disk = partial.parent().expect("a folder");
    let away = disk.with_file_name("beside");
    fs::rename(disk, &away).expect("it is put away");
    fs::create_dir(disk).expect("a folder");
    let status = Command::new("unshare")
        .args(["-Urm", "sh", "-c", SCRIPT])
        .arg(std::env::current_exe().expect("this program"))
        .envs([("DISK", disk), ("AWAY", &away), ("EXPORT_PARTIAL", partial)])
        .env("EXPORT_PERIOD", format!("{} {}", period.from.0, period.until.0))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    fs::remove_dir(disk).expect("nothing is mounted outside");
    fs::rename(&away, disk).expect("it is put back");
    status.expect("unshare runs").code()
}

#[test]
fn a_full_disk_is_said_and_what_was_written_goes_on_to_the_same_hash_once_there_is_room() {
    let stage = stage();
    let ([undisturbed, full], period) = begun(&stage, ["một", "hai"]);
    let whole = stage.complete(&resumed(&stage, &undisturbed, period));
    let Some(code) = on_a_full_disk(&full, period) else {
        eprintln!("SKIPPED: no file system can be mounted here (unshare -Urm)");
        return;
    };
    assert_eq!(code, FULL, "it says that the disk is full");
    is_still_partial(&full);
    let after = stage.complete(&resumed(&stage, &full, period));
    stage.verify(&after.folder);
    assert_eq!(hashes(&after), hashes(&whole));
}

#[test]
fn a_disk_that_takes_no_more_and_a_killed_process_leave_what_goes_on_to_the_same_hash() {
    let stage = stage();
    let ([undisturbed, full, killed], period) = begun(&stage, ["một", "hai", "ba"]);
    let whole = stage.complete(&resumed(&stage, &undisturbed, period));
    stage.verify(&whole.folder);

    // As on a full disk, the system refuses in the middle of a write: no file may get larger than 700 kB.
    let status = process("trap '' XFSZ; ulimit -f 1400;", &full, period).wait().expect("it ends");
    assert_eq!(status.code(), Some(DISK), "it says that the disk takes no more");
    is_still_partial(&full);
    let after_full = stage.complete(&resumed(&stage, &full, period));
    stage.verify(&after_full.folder);
    assert_eq!(hashes(&after_full), hashes(&whole));

    let mut process = process("", &killed, period);
    let media = fs::read_dir(killed.join("package")).expect("a folder").flatten();
    let media = media.map(|entry| entry.path()).find(|path| path.to_string_lossy().contains(".mkv"));
    let media = media.expect("the file that is being written");
    while fs::metadata(&media).map_or(0, |file| file.len()) < 700_000 {
        assert!(process.try_wait().expect("a process").is_none(), "too fast to be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    process.kill().expect("killed");
    process.wait().expect("it ends");
    is_still_partial(&killed);
    let after_kill = stage.complete(&resumed(&stage, &killed, period));
    stage.verify(&after_kill.folder);
    assert_eq!(hashes(&after_kill), hashes(&whole));
}

#[test]
fn a_link_that_is_cut_and_comes_back_leaves_no_trace() {
    let stage = stage();
    let ([undisturbed, cut], period) = begun(&stage, ["một", "hai"]);
    let whole = stage.complete(&resumed(&stage, &undisturbed, period));
    let mut order = resumed(&stage, &cut, period);
    let line = Throttle::new(SLOW);
    order.cameras[0].line = line.clone();
    let exporter = stage.exporter.clone().giving_up_after(50);
    let progress = Progress::default();
    let recorder = stage.province.list().cameras[CAMERA].recorder;
    let outcome = std::thread::scope(|scope| {
        let running =
            scope.spawn(|| exporter.run(&order, &stage.key, &progress, &mut |_: &mut Export| Ok(())));
        until_bytes(&progress, 600_000, || running.is_finished());
        stage.province.stop_recorder(recorder);
        is_still_partial(&cut);
        stage.province.start_recorder(recorder).expect("it is back");
        line.set(1000.0);
        running.join().expect("it ends")
    });
    let Outcome::Complete(complete) = outcome else { panic!("not complete") };
    stage.verify(&complete.folder);
    assert!(complete.manifest.cameras[0].gaps.is_empty(), "{:?}", complete.manifest.cameras[0].gaps);
    assert_eq!(hashes(&complete), hashes(&whole));
}
