//! Footage of a camera that is kept on this machine, as its packages of evidence have it: it's played like what a recorder
//! has, also when the recorder has overwritten it or can't be reached.
//!
//! A package was verified when it was kept, and is verified again when something is taken out of it. To be looked at, each
//! group's bytes are compared with what the package's index says of them; what differs is left out.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use evidence::{Contents, Group, Manifest, MediaFile, MediaReader, SoundFormat};
use model::{AccessUnit, Id, Moment, Period};

use crate::export::source::{coded, moment, timestamp, unit};

/// See the module.
#[derive(Default)]
pub struct Copies {
    files: Vec<Copied>,
}

struct Copied {
    folder: PathBuf,
    file: MediaFile,
    period: Period,
    sound: Option<SoundFormat>,
}

/// What comes of a file, in its order.
pub(super) enum Piece {
    /// A picture.
    Picture(AccessUnit, Moment),
    /// A packet of sound, in the format that [`Copies::sound`] gives.
    Sound(Bytes, Moment),
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

    /// The sound of the file that has a moment; `None`: it has none, or none that can be decoded.
    pub(super) fn sound(&self, at: Moment) -> Option<Arc<model::SoundFormat>> {
        coded(self.file(at)?.sound.as_ref()?).map(Arc::new)
    }

    fn file(&self, at: Moment) -> Option<&Copied> {
        self.files.iter().find(|copied| copied.period.holds(at))
    }

    /// Gives what a decoder needs for a period of the file that has the moment `at`, and what was heard meanwhile; of
    /// `key_frames` alone, no sound. Waits for the disk.
    pub(super) fn read(
        &self,
        at: Moment,
        wanted: Period,
        key_frames: bool,
        mut take: impl FnMut(Piece),
    ) -> io::Result<()> {
        let Some(copied) = self.file(at) else { return Ok(()) };
        let Copied { folder, file, period, sound } = copied;
        let groups = Group::around(folder, file, timestamp(wanted.from), timestamp(wanted.until))?;
        let mut reader =
            MediaReader::open(&folder.join(&file.name), sound.as_ref()).map_err(io::Error::other)?;
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
            for _ in 0..u64::from(group.pictures) + u64::from(group.sound) {
                let Some(contents) = reader.next_contents().map_err(io::Error::other)? else { break };
                if let Contents::Sound { data, taken_at } = contents {
                    take(Piece::Sound(data, moment(taken_at)));
                } else if let Some((unit, taken_at)) = unit(codec, contents) {
                    if !key_frames || unit.random_access {
                        take(Piece::Picture(unit, moment(taken_at)));
                    }
                    if key_frames {
                        break;
                    }
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
    let own = cameras.filter(|own| own.source.camera == *camera);
    let copied = own.flat_map(|own| {
        let sound = own.source.sound;
        own.files.into_iter().map(move |file| {
            let period = Period { from: moment(file.from), until: moment(file.to).plus_us(1) };
            Copied { folder: folder.to_owned(), file, period, sound: sound.clone() }
        })
    });
    copied.collect()
}
