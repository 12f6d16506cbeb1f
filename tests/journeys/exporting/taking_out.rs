//! What is taken out is what the recorder sent; what is not there is named.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use engine::export::{CameraState, Failure, Order, Outcome, Progress, Stop};
use engine::playback::Throttle;
use evidence::{ClockMeasurement, Complete, Export, GapReason, PARTIAL};
use jiff::Timestamp;
use model::{Moment, Period};

use crate::stage::{CAMERA, probed, shown_by_mpv, stage, taken_out};

#[test]
fn what_is_in_a_package_is_what_the_recorder_sent_byte_for_byte() {
    let stage = stage();
    let period = stage.period(40);
    let complete = stage.complete(&stage.order("gói", period));
    stage.verify(&complete.folder);
    let sent = stage.sent(period);
    let taken = taken_out(&complete);
    let first = taken[0].0;
    assert!(first <= period.from.ms() && first > period.from.ms() - 12_000, "from a key frame before");
    let within = |at: i64| at >= period.from.ms() && at < period.until.ms();
    let (wanted, found) = (sent.keys().filter(|at| within(**at)), taken.iter().filter(|(at, _)| within(*at)));
    assert_eq!(wanted.count(), found.count(), "none is missing, none is there twice");
    for (at, data) in &taken {
        let original = sent.range(at - 1..=at + 1).next();
        assert!(original.is_none_or(|(_, original)| original == data), "{at}");
        assert!(!within(*at) || original.is_some(), "{at}");
    }
    let source = &complete.manifest.cameras[0].source;
    assert_eq!((source.recorder.model.as_str(), source.clock.offset_ms), ("XRN-1620", 83_000));
    assert_eq!(source.clock.measured, ClockMeasurement::Asked);
    assert!(complete.manifest.cameras[0].gaps.is_empty());
    played_by_others(&complete, taken.len());
}

/// `ffprobe` counts the same pictures, and mpv shows them.
fn played_by_others(complete: &Complete, pictures: usize) {
    let said = probed(complete, "v", "nb_read_frames");
    assert_eq!(said.trim_end_matches(','), pictures.to_string());
    let shown = shown_by_mpv(&complete.folder.join(&complete.manifest.cameras[0].files[0].name));
    assert!(shown.is_none_or(|shown| shown == pictures), "{shown:?} of {pictures}");
}

#[test]
fn what_was_not_recorded_is_named_and_nothing_is_made_up() {
    let stage = stage();
    let pairs = stage.recorded.windows(2).map(|pair| (pair[0].until, pair[1].from));
    let (from, until) = pairs.min_by_key(|(from, until)| until.since_us(*from)).expect("a gap");
    let around =
        Period { from: from.minus(Duration::from_secs(20)), until: until.plus(Duration::from_secs(20)) };
    let complete = stage.complete(&stage.order("gói", around));
    stage.verify(&complete.folder);
    let gaps = &complete.manifest.cameras[0].gaps;
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0].reason, GapReason::NotRecorded);
    let near = |a: Timestamp, b: Moment| (a.as_millisecond() - b.ms()).abs() <= 1000;
    assert!(near(gaps[0].from, from) && near(gaps[0].to, until), "{gaps:?}");
    let taken = taken_out(&complete);
    assert!(taken.iter().any(|(at, _)| *at < from.ms()) && taken.iter().any(|(at, _)| *at >= until.ms()));
    assert!(taken.iter().all(|(at, _)| *at < from.ms() + 1000 || *at >= until.ms() - 1000));
}

#[test]
fn what_was_stopped_goes_on_where_it_stood() {
    let stage = stage();
    let period = stage.period(240);
    let whole = stage.complete(&stage.order("một lần", period));
    let mut order = stage.order("hai lần", period);
    // Slow enough to be stopped on the way.
    order.cameras[0].line = Throttle::new(2.0);
    let progress = Arc::new(Progress::default());
    let outcome = std::thread::scope(|scope| {
        let running =
            scope.spawn(|| stage.exporter.run(&order, &stage.key, &progress, &mut |_: &mut Export| Ok(())));
        while progress.cameras().first().is_none_or(|camera| camera.bytes < 700_000) {
            assert!(!running.is_finished(), "too fast to be stopped");
            std::thread::sleep(Duration::from_millis(5));
        }
        progress.stop(Stop::Keep);
        running.join().expect("it ends")
    });
    assert!(matches!(outcome, Outcome::Stopped));
    let partial = progress.partial().expect("a folder");
    assert!(partial.is_dir() && partial.display().to_string().ends_with(PARTIAL));
    let complete =
        stage.complete(&Order { resumed: Some(partial.clone()), ..stage.order("hai lần", period) });
    stage.verify(&complete.folder);
    assert!(!partial.exists());
    assert_eq!(taken_out(&complete), taken_out(&whole));
}

#[test]
fn a_lost_recorder_leaves_nothing_that_is_called_complete() {
    let stage = stage();
    // More than the system's sockets hold of it: what has been sent already still comes.
    let period = stage.period(1200);
    let mut order = stage.order("gói", period);
    let line = Throttle::new(2.0);
    order.cameras[0].line = line.clone();
    let progress = Progress::default();
    let recorder = stage.province.list().cameras[CAMERA].recorder;
    let outcome = std::thread::scope(|scope| {
        let running =
            scope.spawn(|| stage.exporter.run(&order, &stage.key, &progress, &mut |_: &mut Export| Ok(())));
        while progress.cameras().first().is_none_or(|camera| camera.bytes < 500_000) {
            assert!(!running.is_finished(), "too fast to be lost");
            std::thread::sleep(Duration::from_millis(5));
        }
        stage.province.stop_recorder(recorder);
        line.set(1000.0);
        running.join().expect("it ends")
    });
    assert!(matches!(outcome, Outcome::Failed(Failure::Camera(..))));
    assert!(matches!(progress.cameras()[0].state, CameraState::Failed(_)));
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(stage.folder.path()).expect("a folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(), [format!("gói{PARTIAL}")]);
    let partial = progress.partial();
    let leave_gaps = Order { resumed: partial.clone(), leave_gaps: true, ..stage.order("gói", period) };
    let complete = stage.complete(&leave_gaps);
    stage.verify(&complete.folder);
    let gaps = &complete.manifest.cameras[0].gaps;
    assert_eq!(gaps.last().map(|gap| gap.reason), Some(GapReason::LinkLost), "{gaps:?}");
    assert_eq!(names(), ["gói"]);
}

#[test]
fn no_name_leaves_the_folder() {
    let stage = stage();
    let period = stage.period(2);
    for name in ["../../x", "CON", &"x".repeat(300), "\u{202e}gpj.exe\u{2067}", "", "/etc/passwd"] {
        let complete = stage.complete(&stage.order(name, period));
        assert_eq!(complete.folder.parent(), Some(stage.folder.path()), "{name:?}");
        let inside: Vec<PathBuf> = std::fs::read_dir(&complete.folder)
            .expect("a folder")
            .flatten()
            .map(|entry| entry.path())
            .collect();
        assert!(inside.iter().all(|path| path.parent() == Some(complete.folder.as_path())));
        stage.verify(&complete.folder);
    }
}

#[test]
fn a_full_disk_is_said_before_anything_is_begun() {
    let stage = stage();
    let order = Order { estimate: u64::MAX / 2, ..stage.order("gói", stage.period(2)) };
    let outcome = stage.run(&order);
    let no_room = matches!(&outcome, Outcome::Failed(Failure::Write(evidence::ExportFault::NoRoom { .. })));
    assert!(no_room);
    assert_eq!(std::fs::read_dir(stage.folder.path()).expect("a folder").count(), 0);
}
