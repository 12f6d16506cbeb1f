//! Copies for viewing: footage that was taken out is decoded, drawn into by whoever has the words, coded anew, and put
//! beside the originals. The originals are read and never touched.
//!
//! One picture is held at a time; decoder and encoder have one thread, this one, which the system lets wait for others.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;

use decode::{Coded, Coding, Encoder, NotEncoded, OneByOne};
use evidence::{Camera, CopyCoding, CopyOf, CopyWriter, Export, ExportFault, Group, MediaFile, MediaReader};
use jiff::{SignedDuration, Timestamp};
use model::{Canvas, Mask, Moment, Picture};

use super::progress::{CameraState, Progress};
use super::source::{timestamp, unit};

/// A file of a copy is of so much at most: its tables are held in memory, and what was made of it before a kill is lost.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// A file fits on a stick with FAT32.
const LARGEST: u64 = (4 << 30) - (256 << 20);
/// Where there are no pictures for longer, words say so; where it is longer than the second, another file begins.
const INTERRUPTION: SignedDuration = SignedDuration::from_millis(evidence::INTERRUPTION_MS);
const LONG_INTERRUPTION: SignedDuration = SignedDuration::from_secs(60);
/// The last picture before an interruption is shown so long.
const LINGERS: SignedDuration = SignedDuration::from_secs(1);
/// Decoders hold no picture back for longer.
const REORDERED: SignedDuration = SignedDuration::from_secs(2);
/// How willing the thread is to let others go first, 0 to 19.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Draws the pictures of a copy.
pub trait Scribe: Send {
    /// The picture with everything that is to stand on it. `None`: it has no samples.
    fn picture(&mut self, picture: &Picture, taken_at: Timestamp) -> Option<&Canvas>;
    /// In place of pictures, as large as the one before: that there are none from one moment to another.
    fn card(&mut self, from: Timestamp, to: Timestamp) -> Option<&Canvas>;
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyFault {
    /// It could not be written, or somebody stopped it ([`ExportFault::Cancelled`]).
    #[error(transparent)]
    Write(#[from] ExportFault),
    /// It could not be coded.
    #[error("{0}")]
    Encode(#[from] NotEncoded),
    /// The original cannot be read.
    #[error("{0}")]
    Read(String),
    /// The operating system refuses a thread.
    #[error("no thread: {0}")]
    NoThread(std::io::Error),
}

/// Whether copies can be made here: how they would be coded.
#[must_use]
pub fn copy_coding() -> Option<Coding> {
    Encoder::available()
}

/// Makes the copies of a camera, the `number`th of the package, of all its files, which lie in `folder`; what is there from
/// before is not made again.
///
/// # Errors
/// [`CopyFault`]. What is whole stays in the package.
pub fn copy(
    export: &mut Export,
    folder: &Path,
    (number, camera): (usize, &Camera),
    masks: &[Mask],
    scribe: &mut dyn Scribe,
    progress: &Progress,
) -> Result<(), CopyFault> {
    // Cameras are begun in any order, and told in that of the order.
    let shown = progress.place_of(&camera.source.camera);
    progress.set(shown, CameraState::Copying);
    progress.copied(shown, 0.0);
    let mut copyist = Copyist {
        export,
        folder,
        number,
        shown,
        camera,
        masks,
        progress,
        open: None,
        waiting: BTreeSet::new(),
        last: None,
    };
    let made = thread::scope(|scope| {
        let named = thread::Builder::new().name("viewing-copy".to_owned());
        let work = move || {
            let_others_go_first();
            camera.files.iter().try_for_each(|file| copyist.file(file, scribe))
        };
        let spawned = named.spawn_scoped(scope, work).map_err(CopyFault::NoThread)?;
        spawned.join().unwrap_or_else(|_| Err(CopyFault::Read("the thread of the copy panicked".to_owned())))
    });
    if made.is_ok() {
        progress.copied(shown, 1.0);
        progress.set(shown, CameraState::Done);
    }
    made
}

/// The thread that calls it works when nobody else wants to.
pub(crate) fn let_others_go_first() {
    // Elsewhere a process has one priority, or it takes calls that are not safe.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        log::debug!("this thread goes on as others do: {error}");
    }
}

struct Copyist<'a> {
    export: &'a mut Export,
    folder: &'a Path,
    number: usize,
    /// Which of the progress's cameras it is.
    shown: usize,
    camera: &'a Camera,
    masks: &'a [Mask],
    progress: &'a Progress,
    open: Option<Open>,
    /// Times of units whose pictures have not come.
    waiting: BTreeSet<Timestamp>,
    /// Of the last picture in the file that is open.
    last: Option<Timestamp>,
}

/// A file of the copy.
struct Open {
    writer: CopyWriter,
    encoder: Encoder,
    size: model::Size,
    colour: model::Colour,
    begin: Timestamp,
}

impl Copyist<'_> {
    fn file(&mut self, file: &MediaFile, scribe: &mut dyn Scribe) -> Result<(), CopyFault> {
        let before = self.export.copies().filter(|copy| copy.original == file.name);
        let done = before.map(|copy| copy.to).max();
        if done.is_some_and(|done| done >= file.to) {
            return Ok(());
        }
        let unreadable = |error: &dyn std::fmt::Display| CopyFault::Read(format!("{}: {error}", file.name));
        let opened = MediaReader::open(&self.folder.join(&file.name), self.camera.source.sound.as_ref());
        let mut reader = opened.map_err(|error| unreadable(&error))?;
        if let Some(done) = done
            && let Ok(Some(group)) = Group::at(self.folder, file, done)
        {
            reader.go_to(&group).map_err(|error| unreadable(&error))?;
        }
        let codec = reader.introduced().codec;
        let mut decoder = OneByOne::new("viewing-copy");
        while let Some(contents) = reader.next_contents().map_err(|error| unreadable(&error))? {
            if self.progress.stopped().is_some() {
                return Err(ExportFault::Cancelled.into());
            }
            let Some((unit, taken_at)) = unit(codec, contents) else { continue };
            if done.is_none_or(|done| taken_at > done) {
                self.waiting.insert(taken_at);
            }
            for picture in decoder.push(unit) {
                self.picture(&picture, file, done, scribe)?;
            }
        }
        for picture in decoder.finish() {
            self.picture(&picture, file, done, scribe)?;
        }
        self.end(None)
    }

    fn picture(
        &mut self,
        picture: &Picture,
        file: &MediaFile,
        done: Option<Timestamp>,
        scribe: &mut dyn Scribe,
    ) -> Result<(), CopyFault> {
        let captured = picture.captured.map(|at| timestamp(Moment::from(at)));
        let Some(taken_at) = captured.filter(|at| done.is_none_or(|done| *at > done)) else { return Ok(()) };
        self.waiting.remove(&taken_at);
        if let Some(last) = self.last {
            let without = taken_at.duration_since(last);
            if without > LONG_INTERRUPTION {
                self.end(Some(last))?;
            } else if without > INTERRUPTION
                && let (Some(open), Some(card)) = (&mut self.open, scribe.card(last, taken_at))
            {
                let at_ms = open.writer.place_card(last + LINGERS);
                open.write(card, at_ms)?;
            }
        }
        let Some(canvas) = scribe.picture(picture, taken_at) else { return Ok(()) };
        if self.open.as_ref().is_some_and(|open| !open.takes(canvas, taken_at)) {
            self.end(Some(taken_at - REORDERED))?;
        }
        if self.open.is_none() {
            self.open = Some(self.begin(canvas, file, taken_at)?);
        }
        if let Some(open) = &mut self.open {
            let at_ms = open.writer.place(taken_at);
            open.write(canvas, at_ms)?;
        }
        self.last = Some(taken_at);
        self.tell(taken_at);
        Ok(())
    }

    fn begin(&self, canvas: &Canvas, file: &MediaFile, begin: Timestamp) -> Result<Open, CopyFault> {
        let (size, colour) = (canvas.size(), canvas.colour());
        let encoder = Encoder::open(size, colour)?;
        let header = encoder.header().to_vec();
        let coding = match encoder.coding() {
            Coding::H264 => CopyCoding::H264(header),
            Coding::Mpeg4 => CopyCoding::Mpeg4(header),
        };
        let of = CopyOf { camera: self.number, original: file.clone(), masks: self.masks.to_vec() };
        let writer = self.export.copy(of, coding, size.width, size.height, begin)?;
        Ok(Open { writer, encoder, size, colour, begin })
    }

    /// Ends the file that is open. `until`: units up to here that have not become pictures never will; `None`: all of them.
    fn end(&mut self, until: Option<Timestamp>) -> Result<(), CopyFault> {
        let later = until.map_or_else(BTreeSet::new, |until| self.waiting.split_off(&until));
        let undecoded = std::mem::replace(&mut self.waiting, later).len() as u64;
        self.last = None;
        let Some(Open { mut writer, mut encoder, .. }) = self.open.take() else { return Ok(()) };
        put(&mut writer, encoder.finish()?)?;
        writer.undecoded(undecoded);
        let mut go_on = |_, _| match self.progress.stopped() {
            None => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        };
        self.export.take_copy(writer, &mut go_on).map_err(CopyFault::Write)
    }

    /// How much of the camera's time is copied.
    fn tell(&self, at: Timestamp) {
        let (Some(first), Some(last)) = (self.camera.files.first(), self.camera.files.last()) else { return };
        let whole = last.to.duration_since(first.from).as_secs_f64();
        let share = at.duration_since(first.from).as_secs_f64() / whole.max(0.001);
        self.progress.copied(self.shown, share.clamp(0.0, 1.0));
    }
}

impl Open {
    fn takes(&self, canvas: &Canvas, taken_at: Timestamp) -> bool {
        let since = taken_at.duration_since(self.begin);
        let same = canvas.size() == self.size && canvas.colour() == self.colour;
        same && since >= SignedDuration::ZERO && since < LONGEST && self.writer.written() < LARGEST
    }

    fn write(&mut self, canvas: &Canvas, at_ms: i64) -> Result<(), CopyFault> {
        put(&mut self.writer, self.encoder.push(canvas, at_ms)?)
    }
}

fn put(writer: &mut CopyWriter, coded: Vec<Coded>) -> Result<(), CopyFault> {
    for Coded { data, at_ms, key } in coded {
        writer.picture(&data, at_ms, key)?;
    }
    Ok(())
}
