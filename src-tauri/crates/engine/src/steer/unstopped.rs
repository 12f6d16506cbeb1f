//! The cameras that something of ours may still be moving, where a movement never ends by itself. The file outlives the
//! program: what it names when the program starts is stopped first.

use std::collections::BTreeSet;
use std::path::Path;

use model::Id;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use store::{Problem, SaveError, Store};

/// More than any province has; a file with more is damaged.
const MOST: usize = 20_000;

/// See the module. Its methods wait for the disk.
pub struct Unstopped {
    file: Store<Cameras>,
    cameras: Mutex<BTreeSet<Id>>,
}

#[derive(Serialize, Deserialize)]
#[serde(try_from = "Vec<Id>", into = "Vec<Id>")]
struct Cameras(BTreeSet<Id>);

impl TryFrom<Vec<Id>> for Cameras {
    type Error = &'static str;

    fn try_from(ids: Vec<Id>) -> Result<Self, Self::Error> {
        if ids.len() > MOST { Err("too many cameras") } else { Ok(Self(ids.into_iter().collect())) }
    }
}

impl From<Cameras> for Vec<Id> {
    fn from(cameras: Cameras) -> Self {
        cameras.0.into_iter().collect()
    }
}

impl Clone for Cameras {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Unstopped {
    /// The file in `folder`, and what was wrong with it.
    #[must_use]
    pub fn open(folder: &Path) -> (Self, Option<Problem>) {
        let file = Store::open(folder, "moving");
        let loaded = file.load();
        let cameras = loaded.value.map(|Cameras(cameras)| cameras).unwrap_or_default();
        (Self { file, cameras: Mutex::new(cameras) }, loaded.problem)
    }

    /// All that are named.
    #[must_use]
    pub fn all(&self) -> Vec<Id> {
        self.cameras.lock().iter().cloned().collect()
    }

    /// It is about to be moved; it is on the disk when this returns.
    ///
    /// # Errors
    /// It could not be written: then it must not be moved.
    pub fn add(&self, camera: &Id) -> Result<(), SaveError> {
        // The lock is held while the disk works, so that two writes do not overtake each other.
        let mut cameras = self.cameras.lock();
        if cameras.contains(camera) {
            return Ok(());
        }
        let mut next = cameras.clone();
        next.insert(camera.clone());
        self.file.save(&Cameras(next.clone()))?;
        *cameras = next;
        Ok(())
    }

    /// The device has said that it stopped. What is not written here is stopped once more at the next start.
    pub fn remove(&self, camera: &Id) {
        let mut cameras = self.cameras.lock();
        if !cameras.remove(camera) {
            return;
        }
        if let Err(error) = self.file.save(&Cameras(cameras.clone())) {
            log::warn!("{camera} has stopped, which was not written down: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_known_after_a_crash_and_what_stopped_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let id = |text: &str| Id::new(text).unwrap();
        let (first, problem) = Unstopped::open(folder.path());
        assert!(problem.is_none() && first.all().is_empty());
        first.add(&id("a")).unwrap();
        first.add(&id("b")).unwrap();
        first.add(&id("a")).unwrap();
        first.remove(&id("a"));
        first.remove(&id("c"));
        drop(first);
        assert_eq!(Unstopped::open(folder.path()).0.all(), [id("b")]);
    }
}
