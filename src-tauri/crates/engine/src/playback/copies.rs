//! Footage of a camera that is kept on this machine, as its packages of evidence have it: it's played like what a recorder
//! has, also when the recorder has overwritten it or can't be reached.
//!
//! A package was verified when it was kept, and is verified again when something is taken out of it. To be looked at, each
//! group's bytes are compared with what the package's index says of them; what differs is left out.

use std::io;
use std::path::{Path, PathBuf};

use evidence::{Contents, Group, Manifest, MediaFile, MediaReader};
use model::{AccessUnit, Id, Moment, Period};

use crate::export::source::{moment, timestamp, unit};

/// See the module.
#[derive(Default)]
pub struct Copies {
    files: Vec<Copied>,
}

struct Copied {
    folder: PathBuf,
    file: MediaFile,
    period: Period,
}

/// What comes of a file, in its order.
pub(super) enum Piece {
    /// A picture.
    Picture(AccessUnit, Moment),
    /// What was filmed then isn't there as it was written, or can't be decoded.
    Damaged(Period),
    /// It ends there.
    End(Moment),
}

impl Copies {
    /// What these packages have of a camera. Waits for the disk.
    #[must_use]
    pub fn open(folders: &[PathBuf], camera: &Id) -> Self {
        let mut files: Vec<Copied> = folders.iter().flat_map(|folder| of_package(folder, camera)).collect();
        files.sort_by_key(|copied| copied.period);
        Self { files }
    }

    /// Whether they have nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// When what they have was filmed, in order.
    #[must_use]
    pub fn periods(&self) -> Vec<Period> {
        Period::joined(self.files.iter().map(|copied| copied.period).collect())
    }

    /// Whether they have a moment.
    pub(super) fn hold(&self, at: Moment) -> bool {
        self.file(at).is_some()
    }

    fn file(&self, at: Moment) -> Option<&Copied> {
        self.files.iter().find(|copied| copied.period.holds(at))
    }

    /// Gives what a decoder needs for a period of the file that has the moment `at`. Waits for the disk.
    pub(super) fn read(
        &self,
        at: Moment,
        wanted: Period,
        key_frames: bool,
        mut take: impl FnMut(Piece),
    ) -> io::Result<()> {
        let Some(copied) = self.file(at) else { return Ok(()) };
        let Copied { folder, file, period } = copied;
        let groups = Group::around(folder, file, timestamp(wanted.from), timestamp(wanted.until))?;
        let mut reader = MediaReader::open(&folder.join(&file.name), None).map_err(io::Error::other)?;
        let codec = reader.introduced().codec;
        for (number, group) in groups.iter().enumerate() {
            if !group.key || !group.is_whole(folder, file)? {
                log::warn!(
                    "{}: group {} isn't what was written, or has no key frame",
                    file.name,
                    group.group
                );
                let next = groups.get(number + 1).map_or(period.until, |next| moment(next.from));
                take(Piece::Damaged(Period::between(moment(group.from), next)));
                continue;
            }
            reader.go_to(group).map_err(io::Error::other)?;
            let mut left = group.pictures;
            while left > 0 {
                let Some(contents) = reader.next_contents().map_err(io::Error::other)? else { break };
                let Contents::Picture { .. } = contents else { continue };
                left -= 1;
                let Some((unit, taken_at)) = unit(codec, contents) else { continue };
                if !key_frames || unit.random_access {
                    take(Piece::Picture(unit, moment(taken_at)));
                }
                if key_frames {
                    break;
                }
            }
        }
        if groups.last().is_none_or(|last| moment(last.from) < wanted.until) {
            take(Piece::End(period.until));
        }
        Ok(())
    }
}

/// The files of a package that have a camera's pictures; none where it can't be read.
fn of_package(folder: &Path, camera: &Id) -> Vec<Copied> {
    let manifest = Manifest::read_unchecked(folder);
    let manifest = manifest.inspect_err(|error| log::warn!("{}: {error}", folder.display())).ok();
    let cameras = manifest.into_iter().flat_map(|manifest| manifest.cameras);
    let files = cameras.filter(|own| own.source.camera == *camera).flat_map(|own| own.files);
    let copied = |file: MediaFile| {
        let period = Period { from: moment(file.from), until: moment(file.to).plus_us(1) };
        Copied { folder: folder.to_owned(), file, period }
    };
    files.map(copied).collect()
}
