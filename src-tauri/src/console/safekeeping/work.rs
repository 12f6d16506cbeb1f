//! One copy at a time, over lines that nobody needs: whoever watches live, plays or takes out at a site goes first, and the
//! copy goes on later where it stood.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use audit::Event;
use engine::devices::Way;
use engine::export::{Failure, Order, Outcome, Progress, Stop, Wanted};
use engine::incidents::Stretch;
use engine::playback::{Throttle, shares};
use engine::safekeeping::SafeCopy;
use evidence::{Case, Description, Proof, Span, Tool};
use model::{Action, Id};

use super::Running;
use crate::console::Console;
use crate::console::evidence::{not_exported, person, timestamp};
use crate::console::incidents::{now_ms, shown};
use crate::wire::{Level, Notice};

/// What a copy takes of what a line has left: the rest stays for who comes next.
const SHARE: f64 = 0.5;
/// With less than this, in Mb/s, it waits.
const LEAST_MBPS: f64 = 0.2;
/// At the end of the program, what is being written is given so long to come to rest.
const FAREWELL: Duration = Duration::from_secs(2);

impl Console {
    /// Begins the copy whose turn it is, if none is on its way.
    pub(in crate::console) fn go_on_safekeeping(self: &Arc<Self>) {
        if self.safekeeping.running.lock().is_some() || !self.people.may(Action::Export) {
            return;
        }
        let safe = self.safekeeping.safe.lock().clone();
        let may = |copy: &SafeCopy| self.is_idle(&self.lines_of(copy)) && self.ways(&copy.stretches).is_ok();
        let Some(copy) = safe.next(now_ms(), &may).cloned() else { return };
        if let Err(failure) = self.begin_copy(&copy) {
            self.copy_failed(&copy, &failure);
        }
    }

    /// Twice a second: a copy gives way, or its lines are told what is left; and the page how it stands.
    pub(in crate::console) fn follow_safekeeping(&self) {
        let lines = {
            let running = self.safekeeping.running.lock();
            running.as_ref().map(|running| (Arc::clone(&running.progress), running.lines.clone()))
        };
        let Some((progress, lines)) = lines else { return };
        let own: Vec<(Id, Id)> =
            lines.iter().map(|(device, site, _)| (device.clone(), site.clone())).collect();
        if self.is_idle(&own) {
            let left = self.left_of(&own);
            for ((.., line), mbps) in lines.iter().zip(left) {
                line.set(mbps);
            }
        } else {
            progress.stop(Stop::Keep);
        }
        self.tell_safe();
    }

    /// The program ends: what is there stays, to be gone on with.
    pub(in crate::console) fn end_safekeeping(&self) {
        if let Some(running) = &*self.safekeeping.running.lock() {
            running.progress.stop(Stop::Keep);
        }
        let until = std::time::Instant::now() + FAREWELL;
        while self.safekeeping.running.lock().is_some() && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether nobody plays or takes out anything at these sites, and their lines have something left.
    pub(super) fn is_idle(&self, lines: &[(Id, Id)]) -> bool {
        let mut busy = self.played_recorders();
        busy.extend(self.exported_recorders());
        let wanted = |site: &Id| busy.iter().any(|(_, other)| other == site);
        !lines.iter().any(|(_, site)| wanted(site))
            && self.left_of(lines).iter().all(|mbps| *mbps >= LEAST_MBPS)
    }

    /// The recorders of a copy, with their sites.
    pub(super) fn lines_of(&self, copy: &SafeCopy) -> Vec<(Id, Id)> {
        let inventory = self.inventory();
        let place = |stretch: &Stretch| {
            let (site, recorder, _) = inventory.camera(&stretch.camera)?;
            Some((recorder.id.clone(), site.id.clone()))
        };
        let mut lines: Vec<(Id, Id)> = copy.stretches.iter().filter_map(place).collect();
        lines.sort();
        lines.dedup();
        lines
    }

    /// Mb/s that a copy may take of each line.
    fn left_of(&self, lines: &[(Id, Id)]) -> Vec<f64> {
        let loads = self.feeds.loads();
        let shares = shares(lines, &loads.recorders, &loads.sites);
        lines.iter().map(|(device, _)| shares.get(device).copied().unwrap_or_default() * SHARE).collect()
    }

    fn begin_copy(self: &Arc<Self>, copy: &SafeCopy) -> Result<(), Failure> {
        let name = evidence::safe_name(&format!("bookmark-{}", copy.bookmark));
        let folder = self.safekeeping.folder.clone();
        let partial = folder.join(format!("{name}{}", evidence::PARTIAL));
        let whole = folder.join(&name);
        let progress = Arc::new(Progress::default());
        let (cameras, lines) = self.copy_cameras(copy);
        let Ok(signer) = self.evidence_key() else { return Ok(()) };
        let order = Order {
            folder,
            name,
            description: description(copy),
            // What is there already is not needed again.
            estimate: copy.estimate.saturating_sub(copy.bytes),
            cameras,
            resumed: Some(partial).filter(|partial| partial.is_dir()),
            leave_gaps: false,
        };
        let running = Running { bookmark: copy.bookmark.clone(), progress: Arc::clone(&progress), lines };
        *self.safekeeping.running.lock() = Some(running);
        self.keep_safe(|safe| safe.began(&copy.bookmark));
        let (console, copy) = (Arc::clone(self), copy.clone());
        let work = move || {
            let outcome = if order.resumed.is_none() && whole.is_dir() {
                // The program was killed between the last byte and the note that it is done.
                Outcome::WasComplete(whole)
            } else {
                console.exports_exporter().run(&order, &signer, &progress, &mut |_| Ok(()))
            };
            console.copy_ended(&copy, outcome, &progress);
        };
        let named = std::thread::Builder::new().name("safekeeping".to_owned());
        named.spawn(work).map(drop).map_err(|error| {
            *self.safekeeping.running.lock() = None;
            Failure::NoThread(error)
        })
    }

    fn copy_cameras(&self, copy: &SafeCopy) -> (Vec<Wanted>, Vec<(Id, Id, Throttle)>) {
        let inventory = self.inventory();
        let (mut cameras, mut lines) = (Vec::new(), Vec::<(Id, Id, Throttle)>::new());
        // They were there a moment ago.
        let ways: Vec<(Way, Id)> = self.ways(&copy.stretches).unwrap_or_default();
        for (stretch, (way, site)) in copy.stretches.iter().zip(ways) {
            let known = lines.iter().find(|(device, ..)| *device == way.device);
            let line = known.map_or_else(|| Throttle::new(LEAST_MBPS), |(.., line)| line.clone());
            if known.is_none() {
                lines.push((way.device.clone(), site, line.clone()));
            }
            let place = inventory.camera(&stretch.camera);
            let (name, site) =
                place.map(|(site, _, camera)| (camera.name.clone(), site.name.clone())).unwrap_or_default();
            cameras.push(Wanted { way, name, site, period: stretch.period, line, kept: Vec::new() });
        }
        let own: Vec<(Id, Id)> =
            lines.iter().map(|(device, site, _)| (device.clone(), site.clone())).collect();
        for ((.., line), mbps) in lines.iter().zip(self.left_of(&own)) {
            line.set(mbps);
        }
        (cameras, lines)
    }

    /// On the thread of the copy: it is checked before it is called kept.
    fn copy_ended(&self, copy: &SafeCopy, outcome: Outcome, progress: &Progress) {
        let bytes = progress.cameras().iter().map(|camera| camera.bytes).sum();
        match outcome {
            Outcome::Complete(complete) => self.copy_complete(copy, &complete.folder),
            Outcome::WasComplete(folder) => self.copy_complete(copy, &folder),
            Outcome::Stopped => self.keep_safe(|safe| safe.rests(&copy.bookmark, bytes)),
            Outcome::Failed(failure) => {
                log::warn!("bookmark {} is not kept: {failure}", copy.bookmark);
                self.keep_safe(|safe| safe.rests(&copy.bookmark, bytes));
                self.copy_failed(copy, &failure);
            }
        }
        *self.safekeeping.running.lock() = None;
        self.tell_safe();
    }

    fn copy_complete(&self, copy: &SafeCopy, folder: &Path) {
        let checked = evidence::verify(folder, &[], &mut |_, _| std::ops::ControlFlow::Continue(()));
        let sound =
            checked.ok().filter(|verdict| matches!(verdict.proof(), Proof::Genuine | Proof::UnknownKey));
        let found = sound.and_then(|verdict| Some((verdict.sha256?, verdict.checked.bytes)));
        let Some((sha256, bytes)) = found else {
            // Not what was written a moment ago: the disk is not to be trusted, and the copy is none.
            let text = self.words().get("safe_damaged").to_owned();
            if let Err(error) = std::fs::remove_dir_all(folder) {
                log::warn!("{} stays: {error}", folder.display());
            }
            return self.copy_not_kept(copy, &text);
        };
        self.keep_safe(|safe| safe.kept(&copy.bookmark, folder.to_owned(), bytes, sha256.to_string()));
        if !self.is_kept(&copy.bookmark) {
            // It was dropped while its last byte was written.
            return self.remove_folder(folder);
        }
        self.renew_copies();
        let fingerprint = audit::Fingerprint::from_bytes(*sha256.as_bytes());
        let kept = |stretch: &Stretch| Event::FootageKept {
            camera: stretch.camera.clone(),
            from_ms: stretch.period.from.ms(),
            until_ms: stretch.period.until.ms(),
            sha256: fingerprint,
        };
        let events = copy.stretches.iter().map(kept).collect();
        self.people.note_for(&copy.by.account, copy.role, events);
    }

    fn copy_failed(&self, copy: &SafeCopy, failure: &Failure) {
        let text = not_exported(failure, "", &self.words()).detail;
        self.copy_not_kept(copy, &text);
    }

    fn copy_not_kept(&self, copy: &SafeCopy, text: &str) {
        let mut news = false;
        self.keep_safe(|safe| news = safe.failed(&copy.bookmark, text, now_ms()));
        if !news {
            return;
        }
        let not_kept = |stretch: &Stretch| Event::FootageNotKept {
            camera: stretch.camera.clone(),
            from_ms: stretch.period.from.ms(),
            until_ms: stretch.period.until.ms(),
            reason: text.into(),
        };
        self.people.note_for(&copy.by.account, copy.role, copy.stretches.iter().map(not_kept).collect());
        let title = self.words().get("safe_not_kept").to_owned();
        self.announce(Notice { level: Level::Error, title, detail: text.to_owned() });
    }

    /// Takes away what is on the disk of a copy that is no longer wanted.
    pub(super) fn remove_copy(&self, copy: &SafeCopy) {
        let running = self.safekeeping.running.lock();
        if let Some(running) = running.as_ref().filter(|running| running.bookmark == copy.bookmark) {
            running.progress.stop(Stop::Remove);
            return;
        }
        drop(running);
        let name = evidence::safe_name(&format!("bookmark-{}", copy.bookmark));
        let folder = &self.safekeeping.folder;
        for folder in [folder.join(format!("{name}{}", evidence::PARTIAL)), folder.join(&name)] {
            self.remove_folder(&folder);
        }
    }

    fn remove_folder(&self, folder: &Path) {
        if folder.is_dir()
            && let Err(error) = std::fs::remove_dir_all(folder)
        {
            let path = folder.display().to_string();
            self.complain("safe_not_removed", &[("path", &path), ("reason", &error.to_string())]);
        }
    }

    fn keep_safe(&self, change: impl FnOnce(&mut engine::safekeeping::Safe)) {
        if let Err(error) = self.safekeeping.change(change) {
            self.announce(crate::console::notices::not_saved(&error, &self.words()));
        }
    }
}

fn description(copy: &SafeCopy) -> Description {
    let from = copy.stretches.iter().map(|stretch| stretch.period.from).min().unwrap_or_default();
    let until = copy.stretches.iter().map(|stretch| stretch.period.until).max().unwrap_or_default();
    Description {
        operator: person(&copy.by.account, &shown(&copy.by)),
        case: Case { number: String::new(), reason: format!("bookmark {}", copy.bookmark) },
        span: Span { from: timestamp(from), to: timestamp(until) },
        release_required: false,
        tool: Tool { name: "watchwall".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
    }
}
