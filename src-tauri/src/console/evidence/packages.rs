//! Packages that are complete: sealed, released, checked.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use audit::Event;
use engine::incidents::Deed;
use evidence::{Proof, ReleaseFault, SEALED, SealFault, Verdict, VerifyFault};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Action, Id, Secret};

use super::kept::{Kept, KeptState};
use super::{package_name, person};
use crate::console::{Console, notices};
use crate::wire::Notice;
use crate::wire::evidence::{PackageProof, PackageRead, PackageVerdict};
use crate::words::Words;

/// Shorter ones are found by trying.
const SHORTEST_PASSPHRASE: usize = 10;
/// A bar that moves more often moves no smoother.
const TOLD_EVERY: Duration = Duration::from_millis(100);

impl Console {
    /// Seals a complete package beside it; gives the file. The package stays.
    ///
    /// # Errors
    /// In words: the person may not, it is not released yet, the passphrase is too short, or it cannot be written.
    pub fn seal_package(&self, id: &Id, passphrase: &Secret) -> Result<String, Notice> {
        self.allow(Action::Export, None)?;
        let words = self.words();
        let (kept, folder) = self.complete_package(id)?;
        if kept.four_eyes && kept.released_by.is_none() {
            return Err(notices::error_notice("seal_not_released", &[], &words));
        }
        if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
            return Err(notices::error_notice("seal_too_short", &[], &words));
        }
        let sealed = evidence::seal(&folder, passphrase, &mut self.telling(&folder, 0.0, 1.0));
        let sealed = sealed.map_err(|fault| match fault {
            SealFault::Exists(path) => {
                notices::error_notice("seal_exists", &[("path", &path.display().to_string())], &words)
            }
            fault => notices::error_notice("not_sealed", &[("reason", &fault.to_string())], &words),
        })?;
        self.keep_export(id, |kept| kept.sealed = Some(sealed.clone()));
        self.people.note(Event::PackageSealed { package: kept.name.as_str().into() });
        self.note_deed(kept.incident.as_ref(), Deed::Sealed, &package_name(&sealed));
        self.tell_exports();
        Ok(sealed.display().to_string())
    }

    /// The second person's release, once every byte of the package was found to be as it was signed.
    ///
    /// # Errors
    /// In words: the person may not or is the one who took it out; it is damaged; it cannot be written.
    pub fn release_package(&self, id: &Id, remark: &str) -> Result<(), Notice> {
        self.allow(Action::Export, None)?;
        let words = self.words();
        let (kept, folder) = self.complete_package(id)?;
        for stretch in &kept.stretches {
            self.allow(Action::Export, Some(&stretch.camera))?;
        }
        let by = self.author();
        if by.account == kept.by.account {
            return Err(notices::error_notice("release_own", &[], &words));
        }
        let looked = self.look_at(&folder, &mut self.telling(&folder, 0.0, 1.0));
        let verdict = looked.map_err(|fault| not_checked(&fault, &words))?;
        if !matches!(verdict.proof(), Proof::Genuine | Proof::UnknownKey) {
            return Err(notices::error_notice("release_damaged", &[("name", &kept.name)], &words));
        }
        let key = self.evidence_key()?;
        let releaser = person(&by.account, &by.name);
        let released = evidence::release(&folder, releaser, Timestamp::now(), remark.trim(), &key);
        let released = released.map_err(|fault| match fault {
            ReleaseFault::SamePerson => notices::error_notice("release_own", &[], &words),
            fault => notices::error_notice("not_released", &[("reason", &fault.to_string())], &words),
        })?;
        let name = crate::console::incidents::shown(&by);
        self.keep_export(id, |kept| kept.released_by = Some(name));
        let sha256 = audit::Fingerprint::from_bytes(*released.manifest.as_bytes());
        self.people.note(Event::PackageReleased { package: kept.name.as_str().into(), sha256 });
        self.note_deed(kept.incident.as_ref(), Deed::Released, &kept.name);
        self.tell_exports();
        Ok(())
    }

    /// Checks a package, a folder or a sealed file, and says what is proven of it.
    ///
    /// # Errors
    /// In words: the person neither takes anything out nor checks it; there is no package; the passphrase is wrong.
    pub fn verify_package(&self, path: &str, passphrase: Option<&Secret>) -> Result<PackageVerdict, Notice> {
        self.allow_evidence()?;
        let words = self.words();
        let path = PathBuf::from(path.trim());
        if !path.is_absolute() {
            return Err(notices::error_notice("package_path", &[], &words));
        }
        let name = package_name(&path);
        let verdict = if path.is_file() {
            self.look_into_sealed(&path, passphrase, &words)?
        } else {
            let looked = self.look_at(&path, &mut self.telling(&path, 0.0, 1.0));
            looked.map_err(|fault| not_checked(&fault, &words))?
        };
        let sound = matches!(verdict.proof(), Proof::Genuine | Proof::UnknownKey);
        self.people.note(Event::PackageVerified { package: name.as_str().into(), sound });
        // Whichever way to it was chosen. A copy, since disks may be slow to answer.
        let place = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (checked, exports) = (place(&path), self.exports.list.lock().exports.clone());
        let incident = exports.into_iter().find(|kept| place(&kept.path()) == checked);
        if let Some(kept) = incident {
            self.note_deed(kept.incident.as_ref(), Deed::Verified, &kept.name);
        }
        let explained = evidence::explain(&verdict, &TimeZone::system());
        let sentences = explained.iter().map(|sentence| words.sentence(sentence));
        let proof = match verdict.proof() {
            Proof::Genuine if verdict.is_released() => PackageProof::Genuine,
            Proof::Genuine => PackageProof::Unreleased,
            Proof::UnknownKey => PackageProof::UnknownKey,
            Proof::Damaged => PackageProof::Damaged,
            Proof::Nothing => PackageProof::Nothing,
        };
        Ok(PackageVerdict { name, proof, sentences: sentences.collect() })
    }

    /// The folders of an incident's complete packages.
    pub(in crate::console) fn packages_of(&self, incident: &Id) -> Vec<PathBuf> {
        let list = self.exports.list.lock();
        let own = list.exports.iter().filter(|kept| kept.incident.as_ref() == Some(incident));
        own.filter_map(|kept| kept.package.clone()).collect()
    }

    /// Tells the page how far a package is read, ten times a second at most: its part of the way from one share to another.
    fn telling(&self, path: &Path, from: f64, to: f64) -> impl FnMut(u64, u64) -> ControlFlow<()> {
        let path = path.display().to_string();
        let mut told: Option<Instant> = None;
        move |done, total| {
            if done >= total || told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
                told = Some(Instant::now());
                let part = if total == 0 { 1.0 } else { done as f64 / total as f64 };
                self.tell(
                    "package_read",
                    PackageRead { path: path.clone(), share: from + (to - from) * part },
                );
            }
            ControlFlow::Continue(())
        }
    }

    fn look_at(
        &self,
        folder: &Path,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<Verdict, VerifyFault> {
        let policy = self.exports.policy.lock();
        let known = policy.keys.iter().filter(|known| known.enrolled);
        let enrolled: Vec<_> = known.map(|known| known.key.fingerprint()).collect();
        drop(policy);
        evidence::verify(folder, &enrolled, progress)
    }

    /// Opens a sealed file into a folder that is removed again.
    fn look_into_sealed(
        &self,
        sealed: &Path,
        passphrase: Option<&Secret>,
        words: &Words,
    ) -> Result<Verdict, Notice> {
        let is_sealed = sealed.extension().is_some_and(|ending| ending == SEALED);
        let Some(passphrase) = passphrase.filter(|_| is_sealed) else {
            let key = if is_sealed { "package_needs_passphrase" } else { "package_path" };
            return Err(notices::error_notice(key, &[], words));
        };
        let parent = sealed.with_extension(format!("{SEALED}.check-{}", std::process::id()));
        let made = fs::create_dir(&parent);
        made.map_err(|error| crate::console::records::not_written(&parent, &error, words))?;
        let opened = evidence::open(sealed, &parent, passphrase, &mut self.telling(sealed, 0.0, 0.5));
        let verdict = opened.map_err(|fault| not_opened(&fault, words)).and_then(|folder| {
            let looked = self.look_at(&folder, &mut self.telling(sealed, 0.5, 1.0));
            looked.map_err(|fault| not_checked(&fault, words))
        });
        if let Err(error) = fs::remove_dir_all(&parent) {
            log::warn!("{} stays: {error}", parent.display());
        }
        verdict
    }

    fn complete_package(&self, id: &Id) -> Result<(Kept, PathBuf), Notice> {
        let kept = self.kept_export(id)?;
        let folder = kept.package.clone().filter(|_| kept.state == KeptState::Complete);
        let folder = folder.filter(|folder| folder.is_dir());
        match folder {
            Some(folder) => Ok((kept, folder)),
            None => {
                let path = kept.path().display().to_string();
                Err(notices::error_notice("package_not_there", &[("path", &path)], &self.words()))
            }
        }
    }
}

fn not_checked(fault: &VerifyFault, words: &Words) -> Notice {
    match fault {
        VerifyFault::NotAPackage(path) | VerifyFault::Unreadable { path, .. } => {
            notices::error_notice("package_none", &[("path", &path.display().to_string())], words)
        }
        VerifyFault::Cancelled => notices::error_notice("package_path", &[], words),
    }
}

fn not_opened(fault: &SealFault, words: &Words) -> Notice {
    let detail = match fault {
        SealFault::WrongPassphrase => words.get("evidence_wrong_passphrase").to_owned(),
        SealFault::NotSealed => words.get("evidence_not_sealed").to_owned(),
        SealFault::Damaged { at } => words.say("evidence_sealed_damaged", &[("at", &at.to_string())]),
        fault => fault.to_string(),
    };
    notices::error_notice("package_not_opened", &[("reason", &detail)], words)
}
