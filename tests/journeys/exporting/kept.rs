//! What was kept on this machine is taken where the recorder has it no longer, and only if every byte of it is sound.

use std::fs;

use engine::export::{Failure, Order, Outcome, Progress};
use evidence::{Complete, Export, GapReason, PARTIAL};
use model::{Moment, Period};

use crate::stage::{Stage, stage, taken_out};

/// The first half of what was kept is overwritten at the recorder.
fn half_overwritten(stage: &Stage, kept: &Complete, period: Period) -> Complete {
    let middle = period.from.plus(period.length() / 2);
    let left = stage.recorded.iter().filter(|span| span.until > middle);
    let left = left.map(|span| Period { from: span.from.max(middle), ..*span }).collect();
    let mut order = stage.order("gói", period);
    order.cameras[0].kept = vec![kept.folder.clone()];
    let exporter = stage.exporter_of_a_recorder_with(left);
    let outcome = exporter.run(&order, &stage.key, &Progress::default(), &mut |_: &mut Export| Ok(()));
    match outcome {
        Outcome::Complete(complete) => *complete,
        Outcome::Failed(failure) => panic!("{failure}"),
        _ => panic!("not complete"),
    }
}

#[test]
fn what_the_recorder_has_overwritten_comes_from_what_is_kept_byte_for_byte() {
    let stage = stage();
    let period = stage.period(40);
    let kept = stage.complete(&stage.order("giữ", period));
    let complete = half_overwritten(&stage, &kept, period);
    stage.verify(&complete.folder);
    let camera = &complete.manifest.cameras[0];
    assert!(camera.gaps.is_empty(), "{:?}", camera.gaps);
    let [said] = &camera.kept[..] else { panic!("{:?}", camera.kept) };
    assert_eq!((&said.package, said.manifest), (&kept.manifest.package, kept.sha256));
    let within = |at: i64| at >= period.from.ms() && at < period.until.ms();
    let of = |complete: &Complete| -> Vec<(i64, Vec<u8>)> {
        taken_out(complete).into_iter().filter(|(at, _)| within(*at)).collect()
    };
    assert_eq!(of(&complete), of(&kept));
}

#[test]
fn what_is_kept_but_was_changed_is_not_taken() {
    let stage = stage();
    let period = stage.period(40);
    let kept = stage.complete(&stage.order("giữ", period));
    let path = kept.folder.join(&kept.manifest.cameras[0].files[0].name);
    let mut bytes = fs::read(&path).expect("the file");
    let middle = bytes.len() / 3;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("written");
    let complete = half_overwritten(&stage, &kept, period);
    stage.verify(&complete.folder);
    let camera = &complete.manifest.cameras[0];
    assert_eq!(camera.gaps.first().map(|gap| gap.reason), Some(GapReason::NotRecorded));
    assert!(camera.kept.is_empty());
}

#[test]
fn of_a_recorder_that_is_gone_there_is_what_is_kept_and_the_rest_is_named() {
    let stage = stage();
    let period = stage.period(20);
    let kept = stage.complete(&stage.order("giữ", period));
    let longer = Period { until: Moment(period.until.0 + 10_000_000), ..period };
    let mut order: Order = stage.order("gói", longer);
    order.cameras[0].kept = vec![kept.folder.clone()];
    let exporter = stage.exporter_of_a_recorder_that_is_gone();
    let outcome = exporter.run(&order, &stage.key, &Progress::default(), &mut |_: &mut Export| Ok(()));
    assert!(matches!(outcome, Outcome::Failed(Failure::Camera(..))), "half of it is not all of it");
    let partial = std::fs::read_dir(stage.folder.path()).expect("a folder").flatten();
    let partial = partial.map(|entry| entry.path()).find(|path| path.to_string_lossy().ends_with(PARTIAL));
    let order = Order { resumed: partial, leave_gaps: true, ..order };
    let outcome = exporter.run(&order, &stage.key, &Progress::default(), &mut |_: &mut Export| Ok(()));
    let Outcome::Complete(complete) = outcome else { panic!("not complete") };
    stage.verify(&complete.folder);
    let camera = &complete.manifest.cameras[0];
    assert_eq!(camera.source.recorder, kept.manifest.cameras[0].source.recorder, "who it came from is known");
    assert_eq!(camera.gaps.last().map(|gap| gap.reason), Some(GapReason::LinkLost), "{:?}", camera.gaps);
    assert_eq!(camera.files[0].pictures, kept.manifest.cameras[0].files[0].pictures);
}
