//! One file, and the last good one beside it.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::disk::{self, Draft};
use crate::envelope::{self, Found};
use crate::problem::{Problem, SaveError};

/// One kind of thing in one file: `walls.json` and beside it `walls.last-good`, and after mishaps `walls.damaged` or
/// `walls.version-2` (with `-2`, `-3` … behind, so that none replaces another).
///
/// `T` checks itself when it is deserialised: what is not sound then is a damaged file.
#[derive(Clone, Debug)]
pub struct Store<T> {
    kind: &'static str,
    path: PathBuf,
    largest: usize,
    content: PhantomData<fn() -> T>,
}

/// What came of [`Store::load`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded<T> {
    /// What the file held, or the last good one; `None` where there was neither.
    pub value: Option<T>,
    /// What was wrong. A file that was never there is no problem.
    pub problem: Option<Problem>,
}

impl<T> Store<T> {
    /// The most bytes of a file, unless [`Store::holding`] says otherwise.
    pub const LARGEST: usize = 4 << 20;

    /// The file for things of `kind` in `folder`, which is made when something is saved. What a killed program left
    /// half-written there is removed.
    ///
    /// # Panics
    /// If `kind` is not made of lower-case letters, and so might not be a file's name.
    #[must_use]
    pub fn open(folder: &Path, kind: &'static str) -> Self {
        let plain = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(plain, "{kind:?} is not a file's name in lower-case letters");
        let path = folder.join(kind).with_extension("json");
        disk::remove_stale_drafts(&path);
        Self { kind, path, largest: Self::LARGEST, content: PhantomData }
    }

    /// The same, for a file of up to so many bytes.
    #[must_use]
    pub fn holding(self, largest: usize) -> Self {
        Self { largest, ..self }
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn last_good(&self) -> PathBuf {
        self.path.with_extension("last-good")
    }
}

impl<T: DeserializeOwned> Store<T> {
    /// Reads the file. A damaged one is moved aside, and the last good one is used instead.
    #[must_use]
    pub fn load(&self) -> Loaded<T> {
        let path = self.path.clone();
        let found = match self.look(&path) {
            Found::Sound { content, .. } => return Loaded { value: Some(content), problem: None },
            found => found,
        };
        let aside = self.set_damaged_aside(&path, &found);
        let value = self.load_last_good();
        let last_good = value.is_some();
        let problem = match found {
            Found::Damaged(damage) => Some(Problem::Damaged { path, damage, aside, last_good }),
            Found::Newer(version) => Some(Problem::Newer { path, version, last_good }),
            Found::Unreadable(reason) => Some(Problem::Unreadable { path, reason, last_good }),
            Found::Nothing | Found::Sound { .. } => last_good.then_some(Problem::Missing { path }),
        };
        Loaded { value, problem }
    }

    fn load_last_good(&self) -> Option<T> {
        let path = self.last_good();
        match self.look(&path) {
            Found::Sound { content, .. } => Some(content),
            found => {
                self.set_damaged_aside(&path, &found);
                None
            }
        }
    }

    fn look(&self, path: &Path) -> Found<T> {
        envelope::look(path, self.kind, self.largest)
    }

    fn set_damaged_aside(&self, path: &Path, found: &Found<T>) -> Option<PathBuf> {
        match found {
            Found::Damaged(_) => disk::move_aside(path, "damaged").ok(),
            _ => None,
        }
    }

    /// Empties the place at `path` for another file, without losing what it holds; a sound file is for the caller to
    /// replace.
    fn make_way(&self, path: &Path, found: &Found<T>) -> Result<(), SaveError> {
        let name = match found {
            Found::Nothing | Found::Sound { .. } => return Ok(()),
            Found::Damaged(_) | Found::Unreadable(_) => "damaged".to_owned(),
            Found::Newer(version) => format!("version-{version}"),
        };
        disk::move_aside(path, &name).map(drop).map_err(SaveError::at(path))
    }
}

impl<T: Serialize + DeserializeOwned> Store<T> {
    /// Replaces the file, and keeps the one before it as the last good one if it is sound. With two programs at once
    /// the last one wins.
    ///
    /// # Errors
    /// [`SaveError`]; file and last good one are then sound, and each is what it was or what it was to become.
    pub fn save(&self, value: &T) -> Result<(), SaveError> {
        let (path, last_good) = (&self.path, &self.last_good());
        let bytes = envelope::pack(self.kind, value).map_err(SaveError::at(path))?;
        if bytes.len() > self.largest {
            return Err(SaveError::TooLarge { path: path.clone(), bytes: bytes.len() });
        }
        disk::make_folder(path).map_err(SaveError::at(path))?;
        // First, so that a full disk is noticed before anything is moved.
        let draft = Draft::write(path, &bytes).map_err(SaveError::at(path))?;
        let found = self.look(path);
        self.make_way(path, &found)?;
        if let Found::Sound { bytes, .. } = &found {
            self.make_way(last_good, &self.look(last_good))?;
            let copy = Draft::write(path, bytes).map_err(SaveError::at(last_good))?;
            copy.publish(last_good).map_err(SaveError::at(last_good))?;
        }
        draft.publish(path).map_err(SaveError::at(path))
    }
}
