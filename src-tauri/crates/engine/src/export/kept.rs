//! Footage that is kept on this machine, taken where its recorder no longer has it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use evidence::{
    Camera, Contents, Group, KeptFootage, Manifest, MediaFile, MediaReader, Signed, SoundPacket, Source,
};
use model::{Fault, Id, Period};

use super::ending::Ending;
use super::filing::{Filing, Trouble};
use super::progress::CameraState;
use super::source::{moment, timestamp, unit};

/// Recorders and files differ by less about where something ends.
const LEAST: Duration = Duration::from_millis(500);
/// Whatever was signed is taken; whose key it was is said in the package.
const NO_KEYS: &[evidence::Fingerprint] = &[];

/// A sound package that has footage of a camera.
pub(super) struct Kept {
    folder: PathBuf,
    manifest: Manifest,
    sha256: evidence::Digest,
    camera: Camera,
}

/// Where a stretch of a camera's time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Recorder(Period),
    /// The package of this number has it.
    Kept(Period, usize),
}

impl Part {
    pub(super) fn period(self) -> Period {
        match self {
            Self::Recorder(period) | Self::Kept(period, _) => period,
        }
    }
}

/// The packages that have something of the camera, every byte of them read and found to be what was signed.
pub(super) fn open(folders: &[PathBuf], camera: &Id) -> Vec<Kept> {
    folders.iter().filter_map(|folder| one(folder, camera)).collect()
}

fn one(folder: &Path, camera: &Id) -> Option<Kept> {
    let checked = evidence::verify(folder, NO_KEYS, &mut |_, _| ControlFlow::Continue(()));
    let verdict = checked.inspect_err(|fault| log::warn!("what is kept is not taken: {fault}")).ok()?;
    if !verdict.faults.is_empty() || verdict.signed == Signed::No {
        log::warn!("{}: what is kept there is not what was signed", folder.display());
        return None;
    }
    let (manifest, sha256) = (verdict.manifest?, verdict.sha256?);
    let camera = manifest.cameras.iter().find(|own| own.source.camera == *camera)?.clone();
    Some(Kept { folder: folder.to_owned(), manifest, sha256, camera })
}

impl Kept {
    /// Where it came from.
    pub(super) fn source(&self) -> &Source {
        &self.camera.source
    }

    /// What of a period is in it.
    fn holds(&self, period: Period) -> impl Iterator<Item = Period> {
        let own =
            self.camera.files.iter().map(|file| Period { from: moment(file.from), until: moment(file.to) });
        own.filter_map(move |own| own.common(period))
    }

    /// What a new package says of what it takes from here.
    pub(super) fn said(&self, period: Period) -> KeptFootage {
        KeptFootage {
            package: self.manifest.package.clone(),
            manifest: self.sha256,
            made_at: self.manifest.made_at,
            from: timestamp(period.from),
            to: timestamp(period.until),
        }
    }
}

/// What the recorder has, and of the rest what is kept; in order of time.
pub(super) fn composed(listed: &[Period], wanted: Period, kept: &[Kept]) -> Vec<Part> {
    let mut parts: Vec<Part> = listed.iter().copied().map(Part::Recorder).collect();
    for (number, package) in kept.iter().enumerate() {
        let mut open = holes(&parts, wanted);
        open.retain(|hole| hole.length() > LEAST);
        for hole in open {
            parts.extend(package.holds(hole).map(|period| Part::Kept(period, number)));
        }
    }
    parts.sort_by_key(|part| part.period());
    parts
}

/// Stretches of the wanted time that no part has.
pub(super) fn holes(parts: &[Part], wanted: Period) -> Vec<Period> {
    let periods: Vec<Period> = parts.iter().map(|part| part.period()).collect();
    wanted.without(&periods)
}

impl Filing<'_> {
    /// Takes a stretch from what is kept, unless it is `taken` already; the package says so either way.
    pub(super) fn take_kept(&mut self, period: Period, kept: &Kept, taken: bool) -> Result<(), Trouble> {
        self.begin_kept(kept)?.from_kept(kept.said(period));
        if taken {
            return Ok(());
        }
        self.set(CameraState::Coming);
        let Kept { folder, camera, .. } = kept;
        for file in &camera.files {
            let own = Period { from: moment(file.from), until: moment(file.to).plus_us(1) };
            let Some(common) = own.common(period) else { continue };
            let taken = self.take_file(folder, camera, file, common);
            taken.map_err(|trouble| match trouble {
                FileTrouble::Fetching(trouble) => trouble,
                FileTrouble::Read(error) => {
                    Trouble::Fault(Fault::Protocol(format!("what is kept cannot be read: {error}")))
                }
            })?;
        }
        Ok(())
    }

    fn take_file(
        &mut self,
        folder: &Path,
        camera: &Camera,
        file: &MediaFile,
        period: Period,
    ) -> Result<(), FileTrouble> {
        let unreadable = |error: &dyn std::fmt::Display| FileTrouble::Read(error.to_string());
        let sound = camera.source.sound.as_ref();
        let opened = MediaReader::open(&folder.join(&file.name), sound);
        let mut reader = opened.map_err(|error| unreadable(&error))?;
        let group = Group::at(folder, file, timestamp(period.from)).map_err(|error| unreadable(&error))?;
        if let Some(group) = group {
            reader.go_to(&group).map_err(|error| unreadable(&error))?;
        }
        let codec = reader.introduced().codec;
        self.begin_again();
        let mut ending = Ending::at(period.until);
        while let Some(contents) = reader.next_contents().map_err(|error| unreadable(&error))? {
            if self.progress.stopped().is_some() {
                return Err(FileTrouble::Fetching(Trouble::Stopped));
            }
            if let Contents::Sound { data, taken_at } = contents {
                let packet = SoundPacket { data, taken_at };
                self.sound_of(sound, packet).map_err(FileTrouble::Fetching)?;
            } else if let Some((unit, taken_at)) = unit(codec, contents) {
                let Some(units) = ending.take(unit, moment(taken_at)) else { break };
                for (unit, at) in units {
                    self.picture(&unit, at).map_err(FileTrouble::Fetching)?;
                }
            }
        }
        Ok(())
    }
}

enum FileTrouble {
    Fetching(Trouble),
    Read(String),
}

#[cfg(test)]
mod tests {
    use model::Moment;

    use super::*;

    #[test]
    fn what_nobody_has_is_what_is_left_between_the_parts() {
        let period = |from, until| Period { from: Moment::from_ms(from), until: Moment::from_ms(until) };
        let parts =
            [Part::Kept(period(10, 20), 0), Part::Recorder(period(0, 5)), Part::Recorder(period(15, 30))];
        assert_eq!(holes(&parts, period(0, 40)), [period(5, 10), period(30, 40)]);
        assert_eq!(holes(&[], period(0, 40)), [period(0, 40)]);
        assert_eq!(composed(&[period(0, 5)], period(0, 40), &[]), [Part::Recorder(period(0, 5))]);
    }
}
