//! How exports stand, as the page is told.

use engine::export::{CameraStanding, CameraState, Failure};
use model::{Action, Role};

use super::kept::{Kept, KeptState};
use super::{Running, is_full};
use crate::console::incidents::shown;
use crate::console::playback::said;
use crate::console::{Console, notices};
use crate::wire::Notice;
use crate::wire::evidence::{Export, ExportCamera, ExportState, Exports};
use crate::words::Words;

/// The part of the work that footage takes to come where copies are made of it, too.
const FETCHED: f64 = 0.5;

impl Console {
    /// Lets the person know of packages: who takes out, who administers, who audits.
    pub(super) fn allow_evidence(&self) -> Result<(), Notice> {
        if [Action::ManageSettings, Action::ReadAudit].into_iter().any(|action| self.people.may(action)) {
            return Ok(());
        }
        self.allow(Action::Export, None).map(drop)
    }

    /// Whether an export concerns whoever works here: their own; to supervisors, administrators and auditors all; to
    /// others those that a second person has to release, if they may see all of it.
    pub(super) fn concerns(&self, kept: &Kept) -> bool {
        let Some(person) = self.people.at_work() else { return false };
        let over_all = matches!(person.role, Role::Administrator | Role::Auditor);
        let sees = || kept.stretches.iter().all(|stretch| self.may_play(&stretch.camera));
        over_all
            || kept.by.account == person.account
            || ((person.role == Role::Supervisor || self.may_release(kept)) && sees())
    }

    /// Whether whoever works here may release it.
    pub(super) fn may_release(&self, kept: &Kept) -> bool {
        let Some(person) = self.people.at_work() else { return false };
        kept.four_eyes
            && kept.state == KeptState::Complete
            && kept.released_by.is_none()
            && kept.by.account != person.account
            && self.people.may(Action::Export)
    }

    pub(super) fn tell_exports(&self) {
        let may = [Action::Export, Action::ManageSettings, Action::ReadAudit];
        if may.into_iter().any(|action| self.people.may(action)) {
            self.tell("exports", self.exports_told());
        }
    }

    pub(super) fn exports_told(&self) -> Exports {
        let list: Vec<Kept> = self.exports.list.lock().exports.clone();
        let words = self.words();
        let told =
            list.iter().rev().filter(|kept| self.concerns(kept)).map(|kept| self.export_told(kept, &words));
        let (exports, four_eyes) = (told.collect(), self.asks_four_eyes());
        let folder = self.usual_folder().display().to_string();
        let copies = engine::export::copy_coding().is_some();
        Exports { exports, folder, four_eyes, key: self.own_fingerprint(), copies }
    }

    fn export_told(&self, kept: &Kept, words: &Words) -> Export {
        let own = self.people.at_work().is_some_and(|person| person.account == kept.by.account);
        let may_release = self.may_release(kept);
        let running = self.exports.running.lock();
        let running = running.get(&kept.id);
        let state = match (kept.state, running) {
            (_, Some(_)) => ExportState::Running,
            (KeptState::Running, None) => ExportState::Interrupted,
            (KeptState::Stopped, None) => ExportState::Stopped,
            (KeptState::Failed, None) => ExportState::Failed,
            (KeptState::Complete, None) => ExportState::Complete,
            (KeptState::Removed, None) => ExportState::Removed,
        };
        let (cameras, share, bytes) =
            running.map_or((Vec::new(), 0.0, kept.bytes), |running| standing(running, kept, words));
        Export {
            id: kept.id.clone(),
            name: kept.name.clone(),
            path: kept.path().display().to_string(),
            incident: kept.incident.clone(),
            case_number: kept.case_number.clone(),
            reason: kept.reason.clone(),
            by: shown(&kept.by),
            own,
            at: kept.at_ms as f64,
            state,
            text: kept.text.clone(),
            share: if state == ExportState::Complete { 1.0 } else { share },
            bytes: bytes as f64,
            cameras,
            sha256: kept.sha256.clone(),
            four_eyes: kept.four_eyes,
            released_by: kept.released_by.clone(),
            may_release,
            sealed: kept.sealed.as_ref().map(|sealed| sealed.display().to_string()),
        }
    }
}

/// Cameras, the part of all that has come, and its bytes.
fn standing(running: &Running, kept: &Kept, words: &Words) -> (Vec<ExportCamera>, f64, u64) {
    let (cameras, stretches) = (running.progress.cameras(), &kept.stretches);
    let share = |camera: &CameraStanding| {
        let stretch = stretches.iter().find(|stretch| stretch.camera == camera.camera);
        let whole = stretch.map_or(0, |stretch| stretch.period.until.since_us(stretch.period.from));
        let come = stretch.map_or(0, |stretch| camera.reached.since_us(stretch.period.from));
        let done = matches!(camera.state, CameraState::Done | CameraState::Copying) || whole <= 0;
        let come = if done { 1.0 } else { (come as f64 / whole as f64).clamp(0.0, 1.0) };
        if kept.viewing { come * FETCHED + camera.copied * (1.0 - FETCHED) } else { come }
    };
    let all = cameras.iter().map(share).sum::<f64>() / cameras.len().max(1) as f64;
    let told = |camera: &CameraStanding| ExportCamera {
        camera: camera.camera.clone(),
        share: share(camera),
        text: state_in_words(&camera.state, words),
        failed: matches!(camera.state, CameraState::Failed(_)),
    };
    let bytes = cameras.iter().map(|camera| camera.bytes).sum();
    (cameras.iter().map(told).collect(), all, bytes)
}

fn state_in_words(state: &CameraState, words: &Words) -> String {
    match state {
        CameraState::Waiting => words.get("export_waiting").to_owned(),
        CameraState::Asking => words.get("export_asking").to_owned(),
        CameraState::InLine => words.get("export_in_line").to_owned(),
        CameraState::Coming => words.get("export_coming").to_owned(),
        CameraState::Again(fault) => words.say("export_again", &[("reason", &said(fault, words))]),
        CameraState::Copying => words.get("export_copying").to_owned(),
        CameraState::Done => words.get("export_done").to_owned(),
        CameraState::Failed(fault) => said(fault, words),
    }
}

/// Why there is no complete package, and what to do.
pub(in crate::console) fn not_exported(failure: &Failure, name: &str, words: &Words) -> Notice {
    let (key, reason) = match failure {
        Failure::Write(fault) if is_full(fault) => ("not_exported_full", String::new()),
        Failure::Write(evidence::ExportFault::InUse(_)) => ("not_exported_in_use", String::new()),
        Failure::Write(fault) => ("not_exported", fault.to_string()),
        Failure::Camera(camera, fault) => {
            ("not_exported_camera", format!("{camera}: {}", said(fault, words)))
        }
        Failure::NoThread(error) => ("not_exported", error.to_string()),
    };
    notices::error_notice(key, &[("name", name), ("reason", &reason)], words)
}
