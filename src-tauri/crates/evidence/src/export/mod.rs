//! Writes a package.
//!
//! While it is being written everything is in `NAME.partial`: the lock, `state.json` (what was asked for), `package/` with
//! the media files, and for each finished one what the manifest will say of it. The last act renames `package` to `NAME`:
//! so there is a complete package of that name or none. After a kill or a power cut [`Export::resume`] checks what is
//! there, cuts off what is not whole, and says from when on each camera goes on.

mod beside;
mod camera;
mod copy;
mod disk;
mod hashing;
mod part;
mod resume;
mod state;
mod sum;

use std::fs::{self, File, TryLockError};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub use beside::NotAPicture;
pub use camera::{CameraSummary, CameraWriter, Taken};
pub use copy::{CopyOf, CopyWriter};
pub use disk::room;
pub(crate) use disk::{At, check_room, create, remove, rename, write_whole};
pub(crate) use hashing::hash_next;
use state::{Finished, State};

use crate::description::{BadText, Description, Source};
use crate::digest::Digest;
use crate::keys::{NotSigned, Signer};
use crate::manifest::{self, AttachedFile, Camera, MANIFEST, Manifest, SIGNATURE, StillFile};
use crate::names::safe_name;
use crate::parameters::Unintroduced;
use crate::signature::SignatureFile;

/// What a package in the making is called behind its name.
pub const PARTIAL: &str = ".partial";
/// Where in it the files are.
const INSIDE: &str = "package";
const LOCK: &str = "lock";
/// The most cameras of a package.
const MOST_CAMERAS: usize = 1000;

/// Told how many of how many bytes are done; breaking off cancels.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// Why something was not written. Nothing is called complete then.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// It would not fit; nothing was begun.
    #[error("{needed} bytes are needed, {free} are free")]
    NoRoom {
        /// Bytes, with what has to stay free.
        needed: u64,
        /// Bytes.
        free: u64,
    },
    /// A text of the description is not sound.
    #[error(transparent)]
    BadText(#[from] BadText),
    /// The system says no; [`std::io::ErrorKind::StorageFull`]: the disk is full.
    #[error("{path}: {error}", path = .path.display())]
    Disk {
        /// What it was about.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The first picture can't be put into a file.
    #[error(transparent)]
    Unintroduced(#[from] Unintroduced),
    /// A unit or packet is larger than any camera's.
    #[error("a unit of {bytes} bytes")]
    TooLarge {
        /// How many bytes it has.
        bytes: usize,
    },
    /// The bytes of a still are neither PNG nor JPEG.
    #[error(transparent)]
    NotAPicture(#[from] NotAPicture),
    /// Another program, or another export of this one, is at it.
    #[error("{path} is in use", path = .0.display())]
    InUse(PathBuf),
    /// Not a package in the making, or one of another version.
    #[error("{path}: {reason}", path = .path.display())]
    NotAnExport {
        /// Which folder.
        path: PathBuf,
        /// Why, in English, for support.
        reason: String,
    },
    /// It had been finished before; there is nothing to resume.
    #[error("{path} is complete", path = .0.display())]
    Complete(PathBuf),
    /// This camera's writer was not finished.
    #[error("the camera {0} is not finished")]
    Unfinished(String),
    /// An earlier fault left this camera's file torn; resume the export.
    #[error("an earlier fault has torn the file")]
    Torn,
    /// More cameras, stills or files than a package holds.
    #[error("too many")]
    TooMany,
    /// The key could not be used; the export can be resumed and finished.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// Whoever was told of the progress broke off.
    #[error("cancelled")]
    Cancelled,
}

/// A package in the making.
pub struct Export {
    /// `NAME.partial`.
    partial: PathBuf,
    state: State,
    /// Held until the end.
    lock: File,
}

/// A package that is complete.
#[derive(Clone, Debug)]
pub struct Complete {
    /// Its folder.
    pub folder: PathBuf,
    /// What was signed.
    pub manifest: Manifest,
    /// Of the manifest's bytes: what the log of who did what should keep.
    pub sha256: Digest,
}

impl Export {
    /// Begins a package in `parent`, called as `name` allows. `estimate`: how many bytes of footage are expected.
    ///
    /// # Errors
    /// [`ExportFault::NoRoom`], [`ExportFault::BadText`], [`ExportFault::Disk`].
    pub fn begin(
        parent: &Path,
        name: &str,
        description: Description,
        estimate: u64,
    ) -> Result<Self, ExportFault> {
        description.check()?;
        check_room(parent, estimate)?;
        let (partial, name) = claim(parent, &safe_name(name))?;
        let lock = hold(&partial)?;
        disk::make_folder(&partial.join(INSIDE))?;
        let state = State::new(name, description);
        state.save(&partial)?;
        disk::sync_folder_of(&partial)?;
        Ok(Self { partial, state, lock })
    }

    /// Goes on with a package that was begun, `NAME.partial`. The writers are those of cameras that are not finished;
    /// [`CameraWriter::resumes_after`] says from when on each wants its footage.
    ///
    /// # Errors
    /// [`ExportFault::NotAnExport`], [`ExportFault::InUse`], [`ExportFault::Complete`], [`ExportFault::Disk`].
    pub fn resume(partial: &Path) -> Result<(Self, Vec<CameraWriter>), ExportFault> {
        let lock = hold(partial)?;
        let state = State::load(partial)?;
        let export = Self { partial: partial.to_owned(), state, lock };
        if !export.inside().is_dir() {
            // The last act was done, and only the clearing away was not.
            let folder = export.parent().join(&export.state.name);
            drop(export.lock);
            fs::remove_dir_all(partial).at(partial)?;
            return Err(ExportFault::Complete(folder));
        }
        let mut writers = Vec::new();
        for (number, source) in (1..).zip(export.state.cameras.clone()) {
            if state::finished(partial, number)?.is_none() {
                writers.push(resume::camera(&export, number, source)?);
            }
        }
        Ok((export, writers))
    }

    /// One more camera. The writer may be used on a thread of its own.
    ///
    /// # Errors
    /// [`ExportFault::BadText`], [`ExportFault::TooMany`], [`ExportFault::Disk`].
    pub fn camera(&mut self, source: Source) -> Result<CameraWriter, ExportFault> {
        source.check()?;
        if self.state.cameras.len() >= MOST_CAMERAS {
            return Err(ExportFault::TooMany);
        }
        self.state.cameras.push(source.clone());
        self.state.save(&self.partial)?;
        Ok(CameraWriter::new(self, self.state.cameras.len(), source))
    }

    /// Signs and puts everything in its place. Every camera's writer must have been finished.
    ///
    /// # Errors
    /// [`ExportFault::Unfinished`], [`ExportFault::NotSigned`], [`ExportFault::Disk`]: it can be resumed and finished then.
    pub fn finish(self, signer: &dyn Signer, made_at: Timestamp) -> Result<Complete, ExportFault> {
        let manifest = self.manifest(made_at)?;
        let bytes = manifest.canonical();
        if bytes.len() as u64 > manifest::LARGEST {
            return Err(ExportFault::TooMany);
        }
        let sha256 = Digest::of(&bytes);
        let signature = SignatureFile::sign(sha256, signer)?;
        let inside = self.inside();
        write_whole(&inside.join(MANIFEST), &bytes)?;
        write_whole(&inside.join(SIGNATURE), &signature.bytes())?;
        let folder = self.free_place();
        rename(&inside, &folder)?;
        let Self { partial, lock, .. } = self;
        drop(lock);
        // What is left says nothing any more; resuming it would clear it away, too.
        let _ = fs::remove_dir_all(&partial);
        Ok(Complete { folder, manifest, sha256 })
    }

    /// Takes everything away that was written.
    ///
    /// # Errors
    /// [`ExportFault::Disk`]: what could not be taken away is still called partial.
    pub fn cancel(self) -> Result<(), ExportFault> {
        let Self { partial, lock, .. } = self;
        drop(lock);
        fs::remove_dir_all(&partial).at(&partial)
    }

    /// The folder of what is not complete: to be kept in mind for [`Export::resume`].
    #[must_use]
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// What was asked for when it was begun.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.state.description
    }

    /// What the package will be called, unless somebody else takes the name in the meantime.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.state.name
    }

    /// The cameras that have been begun, finished or not.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.state.cameras
    }

    /// The cameras that are finished, as the manifest will have them, and the folder of their files.
    ///
    /// # Errors
    /// [`ExportFault::NotAnExport`], [`ExportFault::Disk`]: what is kept of them cannot be read.
    pub fn finished(&self) -> Result<(PathBuf, Vec<Camera>), ExportFault> {
        let mut all = Vec::new();
        for (number, source) in (1..).zip(&self.state.cameras) {
            if let Some(Finished { gaps, files, kept }) = state::finished(&self.partial, number)? {
                all.push(Camera { source: source.clone(), gaps, files, kept });
            }
        }
        Ok((self.inside(), all))
    }

    /// Stills that were put in.
    #[must_use]
    pub fn stills(&self) -> &[StillFile] {
        &self.state.stills
    }

    /// What was put beside the footage.
    #[must_use]
    pub fn attachments(&self) -> &[AttachedFile] {
        &self.state.attachments
    }

    fn manifest(&self, made_at: Timestamp) -> Result<Manifest, ExportFault> {
        let State { package, description, cameras, stills, attachments, .. } = &self.state;
        let mut all = Vec::new();
        for (number, source) in (1..).zip(cameras) {
            let Finished { gaps, files, kept } = state::finished(&self.partial, number)?
                .ok_or_else(|| ExportFault::Unfinished(source.camera.to_string()))?;
            all.push(Camera { source: source.clone(), gaps, files, kept });
        }
        let Description { operator, case, span, release_required, tool } = description.clone();
        Ok(Manifest {
            format: manifest::FORMAT.to_owned(),
            version: manifest::VERSION,
            package: package.clone(),
            made_at,
            tool,
            operator,
            case,
            span,
            release_required,
            cameras: all,
            stills: stills.clone(),
            attachments: attachments.clone(),
        })
    }

    fn inside(&self) -> PathBuf {
        self.partial.join(INSIDE)
    }

    fn parent(&self) -> &Path {
        self.partial.parent().unwrap_or(Path::new("."))
    }

    /// Somebody else may have taken the name in the meantime.
    fn free_place(&self) -> PathBuf {
        let names = std::iter::once(self.state.name.clone())
            .chain((2..).map(|count| format!("{}-{count}", self.state.name)));
        let mut places = names.map(|name| self.parent().join(name));
        places.find(|place| place.symlink_metadata().is_err()).expect("some number is free")
    }
}

/// Makes the folder of a package that nobody else has.
fn claim(parent: &Path, name: &str) -> Result<(PathBuf, String), ExportFault> {
    let mut count = 1_u64;
    loop {
        let name = if count == 1 { name.to_owned() } else { format!("{name}-{count}") };
        let partial = parent.join(format!("{name}{PARTIAL}"));
        if parent.join(&name).symlink_metadata().is_err() && disk::make_folder(&partial)? {
            return Ok((partial, name));
        }
        count += 1;
    }
}

fn hold(partial: &Path) -> Result<File, ExportFault> {
    if !partial.is_dir() {
        let reason = "not a folder".to_owned();
        return Err(ExportFault::NotAnExport { path: partial.to_owned(), reason });
    }
    let path = partial.join(LOCK);
    let mut options = File::options();
    let file = options.create(true).truncate(false).write(true).open(&path).at(&path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(ExportFault::InUse(partial.to_owned())),
        // A file system without locks is used by one program at a time, or not at all.
        Err(TryLockError::Error(error)) if error.kind() != std::io::ErrorKind::Unsupported => {
            Err(error).at(&path)
        }
        _ => Ok(file),
    }
}
