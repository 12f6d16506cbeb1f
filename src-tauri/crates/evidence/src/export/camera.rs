//! One camera's footage, file after file.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use model::{AccessUnit, Codec};

use super::part::{Part, PartName};
use super::state::{self, Finished};
use super::{Export, ExportFault, Progress};
use crate::description::{Gap, Source, Tool};
use crate::manifest::{KeptFootage, MediaFile};
use crate::parameters::Unintroduced;
use crate::sound::SoundPacket;

/// Time may go back by so much within a file: pictures are shown in another order than they come, and clocks are corrected.
const SLACK: SignedDuration = SignedDuration::from_secs(20);
/// No key frame begins behind it in a file: with the group that follows it still fits on a stick with FAT32 (4 GiB).
const LARGEST_FILE: u64 = (4 << 30) - (128 << 20);

/// What became of a unit or packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is in the file, or in memory on its way there.
    Written,
    /// Nothing that a decoder could begin at had come before it; it was left out.
    BeforeKeyFrame,
    /// The file had it before the export was resumed.
    AlreadyThere,
    /// A packet of sound whose time lies far from the pictures'; it was left out.
    Misplaced,
}

/// What a camera came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraSummary {
    /// Its files, as the manifest will have them.
    pub files: Vec<MediaFile>,
}

/// Writes one camera's footage. Memory: one cluster, of a few MiB.
///
/// Units and packets are to be handed over in the order in which they came from the source, with their true times. If it
/// is dropped, its file stays as it is, and can be resumed.
pub struct CameraWriter {
    /// `NAME.partial`.
    partial: PathBuf,
    inside: PathBuf,
    package: String,
    tool: Tool,
    number: usize,
    source: Source,
    files: Vec<MediaFile>,
    part: Option<Part>,
    /// The newest time that is on the disk, until what comes is newer.
    resuming: Option<Resuming>,
    torn: bool,
    kept: Vec<KeptFootage>,
}

#[derive(Clone, Copy)]
struct Resuming {
    after: Timestamp,
    /// Something came that is there already: so what comes next is what comes next in the file.
    met: bool,
}

impl CameraWriter {
    pub(super) fn new(export: &Export, number: usize, source: Source) -> Self {
        Self {
            partial: export.partial.clone(),
            inside: export.inside(),
            package: export.state.package.clone(),
            tool: export.state.description.tool.clone(),
            number,
            source,
            files: Vec::new(),
            part: None,
            resuming: None,
            torn: false,
            kept: Vec::new(),
        }
    }

    /// Takes up what is there.
    pub(super) fn resumed(mut self, files: Vec<MediaFile>, part: Option<Part>) -> Self {
        let after = part.as_ref().map(Part::newest).or_else(|| files.last().map(|file| file.to));
        self.resuming = after.map(|after| Resuming { after, met: false });
        (self.files, self.part) = (files, part);
        self
    }

    pub(super) fn part_name(&self, part: usize) -> PartName<'_> {
        PartName {
            inside: &self.inside,
            package: &self.package,
            camera: self.number,
            name: &self.source.name,
            part,
        }
    }

    /// Where the footage comes from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// After a resumption: the true time of the newest picture that is on the disk. What came up to then is left out when
    /// it comes again, so the source may be asked from the key frame before it on, with the clock of [`Source`]. `None`:
    /// from the beginning.
    #[must_use]
    pub fn resumes_after(&self) -> Option<Timestamp> {
        self.resuming.map(|resuming| resuming.after)
    }

    /// A stretch comes from a package that had been kept before.
    pub fn from_kept(&mut self, kept: KeptFootage) {
        self.kept.push(kept);
    }

    /// Bytes in files so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        let done: u64 = self.files.iter().map(|file| file.bytes).sum();
        done + self.part.as_ref().map_or(0, Part::written)
    }

    /// One picture, which was taken at this true time.
    ///
    /// # Errors
    /// [`ExportFault::TooLarge`] and [`ExportFault::Unintroduced`] leave everything as it was. After
    /// [`ExportFault::Disk`] the file may be torn: nothing more is taken, and the export can be resumed.
    pub fn picture(&mut self, unit: &AccessUnit, taken_at: Timestamp) -> Result<Taken, ExportFault> {
        if unit.data.len() > AccessUnit::MAX_BYTES || unit.parameters.len() > AccessUnit::MAX_BYTES {
            return Err(ExportFault::TooLarge { bytes: unit.data.len() });
        }
        if self.torn {
            return Err(ExportFault::Torn);
        }
        if let Some(left_out) = self.left_out(taken_at, unit.random_access) {
            return Ok(left_out);
        }
        if self.begins_anew(unit, taken_at) {
            self.end_part(&mut |_, _| std::ops::ControlFlow::Continue(()))?;
        }
        if self.part.is_none() {
            if !unit.random_access {
                return Ok(Taken::BeforeKeyFrame);
            }
            let part = self.files.len() + 1;
            let begun = Part::begin(&self.part_name(part), &self.source, &self.tool, unit, taken_at);
            self.part = Some(begun?);
        }
        let part = self.part.as_mut().ok_or(ExportFault::Unintroduced(Unintroduced("key frame")))?;
        let written = part.picture(unit, taken_at);
        self.torn |= written.is_err();
        written.map(|()| Taken::Written)
    }

    /// The sound of one packet.
    ///
    /// # Errors
    /// As for pictures.
    pub fn sound(&mut self, packet: &SoundPacket) -> Result<Taken, ExportFault> {
        if packet.data.len() > SoundPacket::MAX_BYTES {
            return Err(ExportFault::TooLarge { bytes: packet.data.len() });
        }
        if self.torn {
            return Err(ExportFault::Torn);
        }
        if self.resuming.is_some() {
            return Ok(Taken::AlreadyThere);
        }
        let (Some(part), Some(format)) = (&mut self.part, &self.source.sound) else {
            return Ok(Taken::BeforeKeyFrame);
        };
        if !part.takes_sound() {
            return Ok(Taken::BeforeKeyFrame);
        }
        if (packet.taken_at.duration_since(part.newest())).abs() > SLACK {
            return Ok(Taken::Misplaced);
        }
        let written = part.sound(format, packet);
        self.torn |= written.is_err();
        written.map(|()| Taken::Written)
    }

    /// Closes the last file, brings it to the disk and hashes it. `gaps`: what the source, or whoever asked it, says of
    /// stretches without footage.
    ///
    /// # Errors
    /// [`ExportFault::Disk`], [`ExportFault::Cancelled`]: the export can be resumed.
    pub fn finish(mut self, gaps: Vec<Gap>, progress: Progress<'_>) -> Result<CameraSummary, ExportFault> {
        if self.torn {
            return Err(ExportFault::Torn);
        }
        self.end_part(progress)?;
        let finished = Finished { gaps, files: self.files, kept: self.kept };
        state::save_finished(&self.partial, self.number, &finished)?;
        Ok(CameraSummary { files: finished.files })
    }

    /// Whether it is on the disk from before a resumption, or can't go on from there.
    fn left_out(&mut self, taken_at: Timestamp, random_access: bool) -> Option<Taken> {
        let resuming = self.resuming.as_mut()?;
        if taken_at <= resuming.after {
            resuming.met = true;
            return Some(Taken::AlreadyThere);
        }
        if !random_access && !resuming.met {
            return Some(Taken::BeforeKeyFrame);
        }
        self.resuming = None;
        None
    }

    fn begins_anew(&self, unit: &AccessUnit, taken_at: Timestamp) -> bool {
        self.part.as_ref().is_some_and(|part| {
            let full = unit.random_access && part.written() > LARGEST_FILE;
            let back = part.newest().duration_since(taken_at) > SLACK;
            let codec: Codec = part.codec();
            full || back || codec != unit.codec
        })
    }

    fn end_part(&mut self, progress: Progress<'_>) -> Result<(), ExportFault> {
        let Some(part) = self.part.take() else { return Ok(()) };
        // Whatever happens, this file takes nothing more.
        self.torn = true;
        let number = self.files.len() + 1;
        let file = part.finish(&self.part_name(number), progress)?;
        state::save_part(&self.partial, self.number, number, &file)?;
        self.files.push(file);
        self.torn = false;
        Ok(())
    }
}
