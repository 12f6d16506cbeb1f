//! What is kept of exports between two starts, and how packages are made and judged here.

use std::path::{Path, PathBuf};

use engine::incidents::{Author, Stretch};
use evidence::PublicKey;
use model::{Id, Mask, Role};
use serde::{Deserialize, Serialize};
use store::{Problem, Store};

/// More nobody looks for here; the log has them all.
const MOST: usize = 1000;

/// Where an export has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeptState {
    /// Footage comes; after a start: it came until the program ended.
    Running,
    Stopped,
    Failed,
    Complete,
    Removed,
}

/// An export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    pub(super) id: Id,
    pub(super) by: Author,
    /// What they worked as, for the log.
    pub(super) role: Role,
    /// When it was begun, milliseconds since 1970.
    pub(super) at_ms: i64,
    pub(super) incident: Option<Id>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) case_number: String,
    pub(super) reason: String,
    /// Where it is made.
    pub(super) folder: PathBuf,
    /// What the package is called.
    pub(super) name: String,
    pub(super) four_eyes: bool,
    pub(super) partial: Option<PathBuf>,
    pub(super) package: Option<PathBuf>,
    pub(super) sha256: Option<String>,
    pub(super) state: KeptState,
    /// Why it did not work, in words.
    pub(super) text: String,
    /// Of footage.
    pub(super) bytes: u64,
    pub(super) released_by: Option<String>,
    pub(super) sealed: Option<PathBuf>,
    /// Copies for viewing are made beside.
    #[serde(default)]
    pub(super) viewing: bool,
    /// What is covered in them.
    #[serde(default)]
    pub(super) masks: Vec<CameraMasks>,
}

/// What is covered in a camera's copy for viewing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CameraMasks {
    pub(super) camera: Id,
    pub(super) masks: Vec<Mask>,
}

/// All of them, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptList {
    pub(super) next: u64,
    pub(super) exports: Vec<Kept>,
}

/// A key that signs packages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownKey {
    pub(super) key: PublicKey,
    /// Whose; empty for one that was made elsewhere.
    pub(super) account: String,
    /// As colleagues call them.
    pub(super) owner: String,
    /// An administrator vouches for it.
    pub(super) enrolled: bool,
}

/// How packages are made and judged here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) four_eyes: bool,
    pub(super) keys: Vec<KnownKey>,
}

/// The files, as they were found.
pub(in crate::console) struct KeptExports {
    pub(super) list_file: Store<KeptList>,
    pub(super) policy_file: Store<Policy>,
    pub(super) list: KeptList,
    pub(super) policy: Policy,
}

impl KeptExports {
    /// The files in `folder`, and what was wrong with them.
    pub(in crate::console) fn open(folder: &Path) -> (Self, Vec<Problem>) {
        let (list_file, policy_file) = (Store::open(folder, "exports"), Store::open(folder, "evidence"));
        let (list, policy) = (list_file.load(), policy_file.load());
        let problems = [list.problem, policy.problem].into_iter().flatten().collect();
        let (list, policy) = (list.value.unwrap_or_default(), policy.value.unwrap_or_default());
        (Self { list_file, policy_file, list, policy }, problems)
    }
}

impl KeptList {
    /// Adds one; the oldest that is over goes where there are too many.
    pub(super) fn add(&mut self, kept: impl FnOnce(Id) -> Kept) -> Id {
        self.next += 1;
        let id = Id::new(&self.next.to_string()).expect("a number is visible and short");
        if self.exports.len() >= MOST {
            let over = |kept: &Kept| matches!(kept.state, KeptState::Complete | KeptState::Removed);
            self.exports.remove(self.exports.iter().position(over).unwrap_or(0));
        }
        self.exports.push(kept(id.clone()));
        id
    }

    pub(super) fn get(&self, id: &Id) -> Option<&Kept> {
        self.exports.iter().find(|kept| kept.id == *id)
    }

    pub(super) fn get_mut(&mut self, id: &Id) -> Option<&mut Kept> {
        self.exports.iter_mut().find(|kept| kept.id == *id)
    }
}

impl Kept {
    /// Where the package is or will be.
    pub(super) fn path(&self) -> PathBuf {
        self.package.clone().unwrap_or_else(|| self.folder.join(&self.name))
    }

    /// What is covered in a camera's copy.
    pub(super) fn masks_of(&self, camera: &Id) -> &[Mask] {
        let own = self.masks.iter().find(|masks| masks.camera == *camera);
        own.map(|own| own.masks.as_slice()).unwrap_or_default()
    }
}
