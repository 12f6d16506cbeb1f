//! Copies for viewing: they show what was taken out but what is masked, and the original never notices.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use engine::export::{Outcome, Progress, Scribe, Stop};
use evidence::{Complete, Digest, Export, ExportFault, MaskedLook, ViewingCopy};
use jiff::Timestamp;
use model::{Canvas, Mask, MaskLook, Picture, Size};
use render::{Inscriber, Inscription};

use crate::stage::{Stage, shown_by_mpv, stage, taken_out};

const MASKS: [Mask; 2] = [
    Mask { x: 100, y: 100, width: 300, height: 400, look: MaskLook::Black },
    Mask { x: 600, y: 500, width: 333, height: 300, look: MaskLook::Mosaic },
];

struct Plain(Inscriber);

impl Scribe for Plain {
    fn picture(&mut self, picture: &Picture, taken_at: Timestamp) -> Option<&Canvas> {
        self.0.draw(picture, &taken_at.strftime("%H:%M:%S").to_string())
    }

    fn card(&mut self, from: Timestamp, to: Timestamp) -> Option<&Canvas> {
        self.0.card("Không có hình", &format!("{from} – {to}"))
    }
}

fn scribe() -> Plain {
    let inscription = Inscription {
        title: "\u{202e}Cổng ".repeat(60),
        place: "Trạm".to_owned(),
        case: "VA 12/2026".to_owned(),
        notice: "Bản xem".to_owned(),
        watermark: "Trần An (an)".to_owned(),
    };
    Plain(Inscriber::new(&inscription, &MASKS))
}

fn put_copies(export: &mut Export, progress: &Progress) -> Result<(), ExportFault> {
    let (folder, cameras) = export.finished()?;
    for (number, camera) in cameras.iter().enumerate() {
        let copied = engine::export::copy(export, &folder, (number, camera), &MASKS, &mut scribe(), progress);
        copied.map_err(|fault| match fault {
            engine::export::CopyFault::Write(fault) => fault,
            fault => panic!("{fault}"),
        })?;
    }
    Ok(())
}

/// A package of so many seconds with its copy, and the originals' hashes before the copy was made.
fn with_copy(stage: &Stage, seconds: u64) -> (Complete, Vec<Digest>) {
    let progress = Progress::default();
    let mut before = Vec::new();
    let order = stage.order("gói", stage.period(seconds));
    let outcome = stage.exporter.run(&order, &stage.key, &progress, &mut |export: &mut Export| {
        before =
            export.finished()?.1.iter().flat_map(|camera| &camera.files).map(|file| file.sha256).collect();
        put_copies(export, &progress)
    });
    match outcome {
        Outcome::Complete(complete) => (*complete, before),
        Outcome::Failed(failure) => panic!("{failure}"),
        _ => panic!("not complete"),
    }
}

fn copies(complete: &Complete) -> Vec<(PathBuf, ViewingCopy)> {
    let attached = complete.manifest.attachments.iter();
    attached.filter_map(|file| Some((complete.folder.join(&file.name), file.copy.clone()?))).collect()
}

/// Of every picture, when it is shown in milliseconds, as `ffprobe` reads it.
fn times(path: &Path) -> Vec<i64> {
    let asked = ["-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of", "csv=p=0"];
    let probe = Command::new("ffprobe").args(asked).arg(path).output().expect("the ffprobe command runs");
    assert!(probe.stderr.is_empty(), "{}", String::from_utf8_lossy(&probe.stderr));
    let ms =
        |line: &str| (line.trim_end_matches(',').parse::<f64>().expect("a time") * 1000.0).round() as i64;
    // Pictures with something beside them have a line more.
    String::from_utf8_lossy(&probe.stdout).lines().filter(|line| !line.is_empty()).map(ms).collect()
}

/// Luma of every picture, as `ffmpeg` decodes it.
fn luma(path: &Path) -> Vec<u8> {
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-color_range", "tv", "-"])
        .output()
        .expect("the ffmpeg command runs");
    assert!(decoded.status.success(), "{}", String::from_utf8_lossy(&decoded.stderr));
    decoded.stdout
}

#[test]
fn a_copy_shows_every_picture_at_its_time_and_nothing_that_is_masked() {
    let stage = stage();
    let (complete, before) = with_copy(&stage, 12);
    stage.verify(&complete.folder);
    let original = &complete.manifest.cameras[0].files[0];
    assert_eq!(before, [original.sha256], "the original is what it was before the copy");
    let bytes = std::fs::read(complete.folder.join(&original.name)).expect("the original");
    assert_eq!(Digest::of(&bytes), original.sha256);

    let [(path, copy)] = &copies(&complete)[..] else { panic!("one copy") };
    assert_eq!((copy.original.as_str(), copy.original_sha256), (original.name.as_str(), original.sha256));
    assert_eq!(
        copy.masks.iter().map(|mask| mask.look).collect::<Vec<_>>(),
        [MaskedLook::Black, MaskedLook::Mosaic]
    );
    let mut taken: Vec<i64> = taken_out(&complete).iter().map(|(at, _)| *at).collect();
    taken.sort_unstable();
    assert_eq!((copy.pictures, copy.undecoded), (taken.len() as u64, 0));
    assert_eq!((copy.from.as_millisecond(), copy.to.as_millisecond()), (taken[0], taken[taken.len() - 1]));
    let relative: Vec<i64> = taken.iter().map(|at| at - taken[0]).collect();
    assert_eq!(times(path), relative, "each picture is shown when it was taken");
    let shown = shown_by_mpv(path);
    assert!(shown.is_none_or(|shown| shown == taken.len()), "{shown:?} of {}", taken.len());

    let luma = luma(path);
    let (width, height) = (copy.width as usize, copy.height as usize);
    assert_eq!(luma.len(), width * height * taken.len());
    let picture = Size::new(original.width, original.height);
    let band = Inscriber::band(picture) as usize;
    assert_eq!((width, height), (picture.width as usize, picture.height as usize + 2 * band));
    let (from, to) = MASKS[0].pixels(picture);
    for picture in luma.chunks_exact(width * height) {
        // The watermark alone lies over a mask: it is at most so bright, and the picture is nowhere as dark as the rest.
        let rows =
            picture.chunks_exact(width).take(band + to.height as usize).skip(band + from.height as usize);
        let area = rows.flat_map(|row| &row[from.width as usize..to.width as usize]);
        let bright = area.clone().filter(|sample| **sample > 24).count();
        assert!(area.clone().all(|sample| *sample < 90), "nothing of the picture is seen");
        assert!(bright < area.count() / 4, "but for the watermark it is black");
    }
}

#[test]
fn a_copy_that_was_stopped_goes_on_and_what_is_whole_of_it_is_not_made_again() {
    let stage = stage();
    let order = stage.order("gói", stage.period(30));
    let progress = Arc::new(Progress::default());
    let outcome = std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            stage.exporter.run(&order, &stage.key, &progress, &mut |export| put_copies(export, &progress))
        });
        while progress.cameras().first().is_none_or(|camera| camera.copied <= 0.1) {
            assert!(!running.is_finished(), "too fast to be stopped");
            std::thread::sleep(Duration::from_millis(1));
        }
        progress.stop(Stop::Keep);
        running.join().expect("it ends")
    });
    assert!(matches!(outcome, Outcome::Stopped), "a copy that was stopped is no fault");
    let partial = progress.partial().expect("a folder");
    assert!(partial.is_dir());
    let left = std::fs::read_dir(partial.join("package")).expect("a folder").flatten();
    let left: Vec<String> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(!left.iter().any(|name| name.ends_with(".mp4")), "half a copy is not called one: {left:?}");

    let again = Progress::default();
    let resumed = engine::export::Order { resumed: Some(partial), ..stage.order("gói", stage.period(30)) };
    let outcome = stage.exporter.run(&resumed, &stage.key, &again, &mut |export: &mut Export| {
        put_copies(export, &again)?;
        let whole = export.copies().count();
        put_copies(export, &again)?;
        assert_eq!(export.copies().count(), whole, "what is there is not made twice");
        Ok(())
    });
    let Outcome::Complete(complete) = outcome else { panic!("not complete") };
    stage.verify(&complete.folder);
    assert_eq!(copies(&complete).len(), 1);
    let inside = std::fs::read_dir(&complete.folder).expect("a folder").flatten();
    assert!(inside.into_iter().all(|entry| !entry.file_name().to_string_lossy().ends_with(".partial")));
}

#[test]
fn a_removed_export_takes_its_copy_along() {
    let stage = stage();
    let order = stage.order("gói", stage.period(30));
    let progress = Progress::default();
    let outcome = stage.exporter.run(&order, &stage.key, &progress, &mut |export: &mut Export| {
        progress.stop(Stop::Remove);
        put_copies(export, &progress)
    });
    assert!(matches!(outcome, Outcome::Stopped));
    assert_eq!(std::fs::read_dir(stage.folder.path()).expect("a folder").count(), 0);
}
