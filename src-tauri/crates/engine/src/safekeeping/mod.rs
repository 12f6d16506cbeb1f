//! Copies of footage that somebody has marked, kept on this machine before the recorder overwrites it.
//!
//! **What it does:** keeps the list of copies (a pure value, one file): who asked for each, how it stands, how much room
//! they take together; says which one comes next: the one that will be overwritten first.
//!
//! **What it must never know:** recorders, threads, clocks (moments are handed in), words for people, who may ask for a copy.
//!
//! **The way through it:** [`Safe::ask`] → [`Safe::next`] names the copy whose turn it is → whoever carries it out says
//! [`Safe::began`], and [`Safe::kept`] or [`Safe::failed`]. A copy is a package of evidence, so it is checked as one before
//! it is called kept, and [`Safe::folders`] names those that an export takes footage from which its recorder no longer has.

use std::path::PathBuf;

use model::{Id, Period, Role};
use serde::{Deserialize, Serialize};

use crate::incidents::{Author, Stretch};

/// What copies may take together unless somebody says otherwise, in GB.
const USUAL_GB: u32 = 50;
/// Where a recorder does not say how far back it reaches: at least so far they all do, in milliseconds.
const USUAL_REACH_MS: i64 = 15 * 24 * 3600 * 1000;
/// What did not work is tried again after this, in milliseconds.
const PAUSE_MS: i64 = 10 * 60 * 1000;
const GB: u64 = 1_000_000_000;

/// How a copy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SafeState {
    /// Its turn comes, or comes again.
    Waiting,
    /// It is complete, and every byte of it was read again and found to be what was written.
    Kept,
    /// It did not work; it is tried again.
    Failed,
}

/// A copy of a bookmark's footage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeCopy {
    /// Of which bookmark; it has one at most.
    pub bookmark: Id,
    /// Who wants it.
    pub by: Author,
    /// What they worked as, for the log.
    pub role: Role,
    /// When they asked, milliseconds since 1970.
    pub at_ms: i64,
    /// What is to be kept.
    pub stretches: Vec<Stretch>,
    /// About how many bytes it takes.
    pub estimate: u64,
    /// When the recorder will have overwritten the first of it, milliseconds since 1970; `None`: it does not say how far
    /// back it reaches.
    pub overwritten_ms: Option<i64>,
    /// See there.
    pub state: SafeState,
    /// Why it did not work, in words.
    pub text: String,
    /// It is not tried before this, milliseconds since 1970.
    pub not_before_ms: i64,
    /// Bytes on the disk, as far as is known.
    pub bytes: u64,
    /// The complete package.
    pub package: Option<PathBuf>,
    /// Of what was signed.
    pub sha256: Option<String>,
}

/// Why there is no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSafe {
    /// There is one of this bookmark already.
    #[error("there is a copy of it already")]
    Already,
    /// All copies together would take more than they may.
    #[error("{needed} bytes are needed, {left} are left of what copies may take")]
    Limit {
        /// Bytes.
        needed: u64,
        /// Bytes.
        left: u64,
    },
    /// There is none.
    #[error("no such copy")]
    Unknown,
}

/// All copies of a workstation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Safe {
    /// What they may take together, in GB.
    limit_gb: u32,
    copies: Vec<SafeCopy>,
}

impl Default for Safe {
    fn default() -> Self {
        Self { limit_gb: USUAL_GB, copies: Vec::new() }
    }
}

impl SafeCopy {
    /// When the first of it is overwritten, as well as is known.
    fn due_ms(&self) -> i64 {
        let first = self.stretches.iter().map(|stretch| stretch.period.from.ms()).min().unwrap_or_default();
        self.overwritten_ms.unwrap_or(first.saturating_add(USUAL_REACH_MS))
    }

    /// What it takes, or will.
    fn takes(&self) -> u64 {
        if self.state == SafeState::Kept { self.bytes } else { self.estimate.max(self.bytes) }
    }
}

impl Safe {
    /// In the order in which they were asked for.
    #[must_use]
    pub fn copies(&self) -> &[SafeCopy] {
        &self.copies
    }

    /// The copy of a bookmark.
    #[must_use]
    pub fn of(&self, bookmark: &Id) -> Option<&SafeCopy> {
        self.copies.iter().find(|copy| copy.bookmark == *bookmark)
    }

    /// What copies may take together, in GB.
    #[must_use]
    pub fn limit_gb(&self) -> u32 {
        self.limit_gb
    }

    /// From now on so much. What is there stays, however much it is.
    pub fn set_limit_gb(&mut self, limit_gb: u32) {
        self.limit_gb = limit_gb;
    }

    /// What they take together, with what those will that are on their way, in bytes.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.copies.iter().map(SafeCopy::takes).fold(0, u64::saturating_add)
    }

    /// What is left of what they may take, in bytes.
    #[must_use]
    pub fn left(&self) -> u64 {
        (u64::from(self.limit_gb) * GB).saturating_sub(self.used())
    }

    /// Another copy is wanted.
    ///
    /// # Errors
    /// [`NotSafe::Already`], [`NotSafe::Limit`]; nothing has changed then.
    pub fn ask(&mut self, copy: SafeCopy) -> Result<(), NotSafe> {
        if self.of(&copy.bookmark).is_some() {
            return Err(NotSafe::Already);
        }
        let (needed, left) = (copy.takes(), self.left());
        if needed > left {
            return Err(NotSafe::Limit { needed, left });
        }
        self.copies.push(copy);
        Ok(())
    }

    /// The copy whose turn it is of those that `may` come now: what is overwritten first, then what was asked for first.
    #[must_use]
    pub fn next(&self, now_ms: i64, may: &dyn Fn(&SafeCopy) -> bool) -> Option<&SafeCopy> {
        let wanted = self.copies.iter().filter(|copy| copy.state != SafeState::Kept);
        let due = wanted.filter(|copy| copy.not_before_ms <= now_ms && may(copy));
        due.min_by_key(|copy| (copy.due_ms(), copy.at_ms))
    }

    /// It is on its way.
    pub fn began(&mut self, bookmark: &Id) {
        self.change(bookmark, |copy| (copy.state, copy.text) = (SafeState::Waiting, String::new()));
    }

    /// So much of it is on the disk; it waits for its next turn.
    pub fn rests(&mut self, bookmark: &Id, bytes: u64) {
        self.change(bookmark, |copy| copy.bytes = copy.bytes.max(bytes));
    }

    /// It did not work, and is tried again after a while. Says whether that is news.
    pub fn failed(&mut self, bookmark: &Id, text: &str, now_ms: i64) -> bool {
        let mut news = false;
        self.change(bookmark, |copy| {
            news = copy.text != text;
            (copy.state, copy.text) = (SafeState::Failed, text.to_owned());
            copy.not_before_ms = now_ms.saturating_add(PAUSE_MS);
        });
        news
    }

    /// Somebody asks for it again at once.
    ///
    /// # Errors
    /// [`NotSafe::Unknown`].
    pub fn again(&mut self, bookmark: &Id) -> Result<(), NotSafe> {
        self.of(bookmark).ok_or(NotSafe::Unknown)?;
        self.change(bookmark, |copy| {
            if copy.state == SafeState::Failed {
                (copy.state, copy.not_before_ms) = (SafeState::Waiting, 0);
            }
        });
        Ok(())
    }

    /// It is complete and was checked.
    pub fn kept(&mut self, bookmark: &Id, package: PathBuf, bytes: u64, sha256: String) {
        self.change(bookmark, |copy| {
            (copy.state, copy.text) = (SafeState::Kept, String::new());
            (copy.package, copy.bytes, copy.sha256) = (Some(package), bytes, Some(sha256));
        });
    }

    /// It is no longer wanted; gives what it was.
    ///
    /// # Errors
    /// [`NotSafe::Unknown`].
    pub fn remove(&mut self, bookmark: &Id) -> Result<SafeCopy, NotSafe> {
        let at = self.copies.iter().position(|copy| copy.bookmark == *bookmark).ok_or(NotSafe::Unknown)?;
        Ok(self.copies.remove(at))
    }

    /// The packages that have footage of a camera of this time.
    #[must_use]
    pub fn folders(&self, camera: &Id, period: Period) -> Vec<PathBuf> {
        let has = |copy: &&SafeCopy| {
            let mut own = copy.stretches.iter().filter(|stretch| stretch.camera == *camera);
            own.any(|stretch| stretch.period.common(period).is_some())
        };
        let kept = self.copies.iter().filter(|copy| copy.state == SafeState::Kept).filter(has);
        kept.filter_map(|copy| copy.package.clone()).collect()
    }

    fn change(&mut self, bookmark: &Id, change: impl FnOnce(&mut SafeCopy)) {
        self.copies.iter_mut().find(|copy| copy.bookmark == *bookmark).map(change);
    }
}

#[cfg(test)]
mod tests;
