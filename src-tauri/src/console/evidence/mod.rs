//! Recordings taken out: who may, what is running, what has become of it. `preflight` says what it would come to, `copies`
//! makes copies for viewing and `beside` puts stills and a report into the package, `packages` seals, releases and checks, `keys` has who signs and who is known.

mod beside;
mod choosing;
mod copies;
mod kept;
mod keys;
mod packages;
mod preflight;
mod told;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::Event;
use engine::devices::{Purpose, Way, way};
use engine::export::{Exporter, Failure, Order, Outcome, Progress, Stop, Wanted};
use engine::incidents::{Deed, Done, Stretch};
use engine::playback::{Throttle, shares};
use evidence::{Case, Complete, Description, ExportFault, Person, SigningKey, Span, Tool, safe_name};
use jiff::Timestamp;
use model::{Action, Id, Moment, Period, Secret};
use parking_lot::Mutex;

use super::incidents::{now_ms, shown};
use super::{Console, notices};
use crate::wire::evidence::{CameraMasks as CameraMasksWire, ExportFields, Exports as ExportsWire};
use crate::wire::incidents::IncidentStretch;
use crate::wire::{Level, Notice};
use crate::words::Words;
use kept::{CameraMasks, Kept, KeptList, KeptState, Policy};
use store::Store;

pub(super) use kept::KeptExports;
pub(super) use preflight::bytes;
pub(super) use told::not_exported;

/// As many as a wall plays at once, and twice that.
const MOST_CAMERAS: usize = 32;
/// Longer nobody looks for at once, and no stick holds it.
const LONGEST_SECONDS: u64 = 7 * 24 * 3600;
const MOST_REASON: usize = 1000;
/// Who watches a recorder's pictures goes before who takes them out.
const BESIDE_WATCHING: f64 = 0.5;
/// At the end of the program, what is being written is given so long to come to rest.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(2);

/// See the module. Its locks are taken with no other one held.
pub(super) struct Exports {
    exporter: Exporter,
    list_file: Store<KeptList>,
    policy_file: Store<Policy>,
    list: Mutex<KeptList>,
    policy: Mutex<Policy>,
    running: Mutex<BTreeMap<Id, Running>>,
    /// In the simulated province there is no vault: a key for as long as the program runs.
    demo_key: Mutex<Option<Secret>>,
}

/// An export that is going on.
struct Running {
    progress: Arc<Progress>,
    /// Each camera's recorder with its site, and what its line has left.
    lines: Vec<(Id, Id, Throttle)>,
}

/// What was asked for, once it is checked.
struct Checked {
    stretches: Vec<Stretch>,
    ways: Vec<(Way, Id)>,
    folder: PathBuf,
    name: String,
    case_number: String,
    reason: String,
    viewing: bool,
    masks: Vec<CameraMasks>,
}

impl Exports {
    pub(super) fn new(exporter: Exporter, kept: KeptExports) -> Self {
        let KeptExports { list_file, policy_file, list, policy } = kept;
        Self {
            exporter,
            list_file,
            policy_file,
            list: Mutex::new(list),
            policy: Mutex::new(policy),
            running: Mutex::default(),
            demo_key: Mutex::default(),
        }
    }

    /// Changes what is kept of an export; the file follows.
    fn change(&self, id: &Id, change: impl FnOnce(&mut Kept)) -> Result<(), store::SaveError> {
        let mut list = self.list.lock();
        list.get_mut(id).map(change);
        self.list_file.save(&list)
    }
}

impl Console {
    /// What has been taken out, as far as it concerns the person.
    ///
    /// # Errors
    /// In words: they neither take anything out nor check it; here and below.
    pub fn exports(&self) -> Result<ExportsWire, Notice> {
        self.allow_evidence()?;
        Ok(self.exports_told())
    }

    /// Begins to take recordings out, in the background.
    ///
    /// # Errors
    /// As above; a field is not sound, a camera may not be taken out, or there is no room: nothing was begun then.
    pub fn begin_export(self: &Arc<Self>, fields: ExportFields) -> Result<Id, Notice> {
        let person = self.allow(Action::Export, None)?;
        let incident = fields.incident.clone();
        let checked = self.checked(fields)?;
        let signer = self.evidence_key()?;
        let four_eyes = self.asks_four_eyes();
        let (by, words) = (self.author(), self.words());
        let id = {
            let mut list = self.exports.list.lock();
            let id = list.add(|id| Kept {
                id,
                by,
                role: person.role,
                at_ms: now_ms(),
                incident,
                stretches: checked.stretches,
                case_number: checked.case_number,
                reason: checked.reason,
                folder: checked.folder,
                name: checked.name,
                four_eyes,
                partial: None,
                package: None,
                sha256: None,
                state: KeptState::Running,
                text: String::new(),
                bytes: 0,
                released_by: None,
                sealed: None,
                viewing: checked.viewing,
                masks: checked.masks,
            });
            let saved = self.exports.list_file.save(&list);
            saved.map_err(|error| notices::not_saved(&error, &words))?;
            id
        };
        self.go_on_with(&id, checked.ways, signer, false)?;
        Ok(id)
    }

    /// Goes on with an export that was stopped or did not work. With `leave_gaps` what does not come is named as a gap.
    ///
    /// # Errors
    /// As above; somebody else has begun it.
    pub fn resume_export(self: &Arc<Self>, id: &Id, leave_gaps: bool) -> Result<(), Notice> {
        let person = self.allow(Action::Export, None)?;
        let kept = self.kept_export(id)?;
        if kept.by.account != person.account {
            return Err(notices::error_notice("export_not_yours", &[], &self.words()));
        }
        let over = matches!(kept.state, KeptState::Complete | KeptState::Removed);
        if over || self.exports.running.lock().contains_key(id) {
            return Err(notices::error_notice("export_is_over", &[], &self.words()));
        }
        let ways = self.ways(&kept.stretches)?;
        let signer = self.evidence_key()?;
        self.go_on_with(id, ways, signer, leave_gaps)
    }

    /// Stops an export; with `remove`, what is there of it goes.
    ///
    /// # Errors
    /// As above.
    pub fn stop_export(&self, id: &Id, remove: bool) -> Result<(), Notice> {
        let person = self.allow(Action::Export, None)?;
        let kept = self.kept_export(id)?;
        if kept.by.account != person.account && person.role != model::Role::Supervisor {
            return Err(notices::error_notice("export_not_yours", &[], &self.words()));
        }
        let stop = if remove { Stop::Remove } else { Stop::Keep };
        if let Some(running) = self.exports.running.lock().get(id) {
            running.progress.stop(stop);
            return Ok(());
        }
        if remove && !matches!(kept.state, KeptState::Complete | KeptState::Removed) {
            let words = self.words();
            if let Some(partial) = &kept.partial {
                let removed = evidence::Export::resume(partial).and_then(|(export, _)| export.cancel());
                removed.map_err(|fault| told::not_exported(&Failure::Write(fault), &kept.name, &words))?;
            }
            self.keep_export(id, |kept| (kept.state, kept.partial) = (KeptState::Removed, None));
            self.people.note(Event::ExportRemoved { package: kept.name.as_str().into() });
            self.tell_exports();
        }
        Ok(())
    }

    /// What is kept of an export that the person may know of.
    fn kept_export(&self, id: &Id) -> Result<Kept, Notice> {
        let found = self.exports.list.lock().get(id).cloned();
        let found = found.filter(|kept| self.concerns(kept));
        found.ok_or_else(|| notices::error_notice("export_unknown", &[], &self.words()))
    }

    /// Changes what is kept; what could not be saved is told.
    fn keep_export(&self, id: &Id, change: impl FnOnce(&mut Kept)) {
        if let Err(error) = self.exports.change(id, change) {
            self.announce(notices::not_saved(&error, &self.words()));
        }
    }

    /// Starts the thread that carries it out.
    fn go_on_with(
        self: &Arc<Self>,
        id: &Id,
        ways: Vec<(Way, Id)>,
        signer: SigningKey,
        leave_gaps: bool,
    ) -> Result<(), Notice> {
        let kept = self.kept_export(id)?;
        let mut lines: Vec<(Id, Id, Throttle)> = Vec::new();
        let inventory = self.inventory();
        let mut cameras = Vec::new();
        for (stretch, (way, site)) in kept.stretches.iter().zip(ways) {
            let known = lines.iter().find(|(device, ..)| *device == way.device);
            let line = known.map_or_else(|| Throttle::new(0.0), |(.., line)| line.clone());
            if known.is_none() {
                lines.push((way.device.clone(), site, line.clone()));
            }
            let place = inventory.camera(&stretch.camera);
            let (name, site) =
                place.map(|(site, _, camera)| (camera.name.clone(), site.name.clone())).unwrap_or_default();
            let kept = self.kept_footage(&stretch.camera, stretch.period);
            cameras.push(Wanted { way, name, site, period: stretch.period, line, kept });
        }
        let estimate = kept.stretches.iter().map(|stretch| preflight::bytes(&inventory, stretch)).sum();
        let order = Order {
            folder: kept.folder.clone(),
            name: kept.name.clone(),
            description: description(&kept),
            estimate,
            cameras,
            resumed: kept.partial.clone().filter(|partial| partial.is_dir()),
            leave_gaps,
        };
        let progress = Arc::new(Progress::default());
        self.exports.running.lock().insert(id.clone(), Running { progress: Arc::clone(&progress), lines });
        self.share_export_lines();
        let (console, own) = (Arc::clone(self), id.clone());
        let work = move || {
            let mut beside = |export: &mut evidence::Export| console.put_beside(&own, export, &progress);
            let outcome = console.exports.exporter.run(&order, &signer, &progress, &mut beside);
            console.export_ended(&own, outcome);
        };
        if let Err(error) = std::thread::Builder::new().name("export".to_owned()).spawn(work) {
            self.exports.running.lock().remove(id);
            let text = told::not_exported(&Failure::NoThread(error), &kept.name, &self.words());
            self.keep_export(id, |kept| (kept.state, kept.text) = (KeptState::Failed, text.detail.clone()));
            return Err(text);
        }
        self.keep_export(id, |kept| (kept.state, kept.text) = (KeptState::Running, String::new()));
        self.people.note(Event::ExportBegan {
            package: kept.name.as_str().into(),
            cameras: kept.stretches.len() as u32,
            reason: kept.reason.as_str().into(),
        });
        self.tell_exports();
        Ok(())
    }

    /// On the thread of the export: what has become of it is kept, written down and told.
    fn export_ended(&self, id: &Id, outcome: Outcome) {
        let running = self.exports.running.lock().remove(id);
        let Some(kept) = self.exports.list.lock().get(id).cloned() else { return };
        let stopped = running.as_ref().and_then(|running| running.progress.stopped());
        let partial = running.as_ref().and_then(|running| running.progress.partial());
        let bytes = running
            .map_or(0, |running| running.progress.cameras().iter().map(|camera| camera.bytes).sum::<u64>());
        self.keep_export(id, |kept| {
            kept.partial = partial.filter(|partial| partial.is_dir());
            kept.bytes = kept.bytes.max(bytes);
        });
        let words = self.words();
        match outcome {
            Outcome::Complete(complete) => self.export_complete(id, &kept, &complete, &words),
            Outcome::WasComplete(folder) => self.keep_export(id, |kept| {
                (kept.state, kept.package, kept.partial) = (KeptState::Complete, Some(folder), None);
            }),
            Outcome::Stopped => {
                let removed = stopped == Some(Stop::Remove);
                let state = if removed { KeptState::Removed } else { KeptState::Stopped };
                self.keep_export(id, |kept| kept.state = state);
                let package = kept.name.as_str().into();
                let reason = words.get("export_stopped_by_hand").into();
                self.note_for(
                    &kept,
                    vec![if removed {
                        Event::ExportRemoved { package }
                    } else {
                        Event::ExportStopped { package, reason }
                    }],
                );
            }
            Outcome::Failed(failure) => {
                log::warn!("{} was not taken out: {failure}", kept.name);
                let notice = told::not_exported(&failure, &kept.name, &words);
                self.keep_export(id, |kept| {
                    (kept.state, kept.text) = (KeptState::Failed, notice.detail.clone());
                });
                let (package, reason) = (kept.name.as_str().into(), notice.detail.as_str().into());
                self.note_for(&kept, vec![Event::ExportStopped { package, reason }]);
                self.tell_of_export(&kept, notice);
            }
        }
        self.tell_exports();
    }

    fn export_complete(&self, id: &Id, kept: &Kept, complete: &Complete, words: &Words) {
        let name = complete.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let files = complete.manifest.cameras.iter().flat_map(|camera| &camera.files);
        let copies = complete.manifest.attachments.iter().filter(|attached| attached.copy.is_some());
        let bytes = files.map(|file| file.bytes).chain(copies.map(|copy| copy.bytes)).sum();
        self.keep_export(id, |kept| {
            kept.state = KeptState::Complete;
            (kept.package, kept.partial) = (Some(complete.folder.clone()), None);
            (kept.name, kept.sha256) = (name.clone(), Some(complete.sha256.to_string()));
            kept.bytes = bytes;
        });
        let sha256 = audit::Fingerprint::from_bytes(*complete.sha256.as_bytes());
        let exported = |stretch: &Stretch| Event::Exported {
            camera: stretch.camera.clone(),
            from_ms: stretch.period.from.ms(),
            until_ms: stretch.period.until.ms(),
            sha256,
        };
        self.note_for(kept, kept.stretches.iter().map(exported).collect());
        if let Some(incident) = &kept.incident {
            let about = format!("{name}, SHA-256 {}", complete.sha256);
            let by = kept.by.clone();
            self.note_done(incident, Done { by, at_ms: now_ms(), deed: Deed::Exported, about });
        }
        let key = if kept.four_eyes { "exported_to_release" } else { "exported" };
        let detail = words.say(&format!("{key}_detail"), &[("path", &complete.folder.display().to_string())]);
        let title = words.say(key, &[("name", &name)]);
        self.tell_of_export(kept, Notice { level: Level::Info, title, detail });
    }

    /// Whoever works here now may not be who has begun it.
    fn tell_of_export(&self, kept: &Kept, notice: Notice) {
        if self.concerns(kept) {
            self.announce(notice);
        }
    }

    fn note_for(&self, kept: &Kept, events: Vec<Event>) {
        self.people.note_for(&kept.by.account, kept.role, events);
    }

    /// Twice a second: what lines have left, and how exports stand.
    pub(super) fn follow_exports(&self) {
        let partials: Vec<(Id, Option<PathBuf>)> = {
            let running = self.exports.running.lock();
            running.iter().map(|(id, running)| (id.clone(), running.progress.partial())).collect()
        };
        if partials.is_empty() {
            return;
        }
        for (id, partial) in partials {
            // Kept as soon as it is there: after a kill it is what the export goes on from.
            let kept = self.exports.list.lock().get(&id).and_then(|kept| kept.partial.clone());
            if partial.is_some() && partial != kept {
                self.keep_export(&id, |kept| kept.partial = partial);
            }
        }
        self.share_export_lines();
        self.tell_exports();
    }

    /// The recorders that something is taken out of by a person's order, with their sites.
    pub(super) fn exported_recorders(&self) -> Vec<(Id, Id)> {
        let running = self.exports.running.lock();
        let lines = running.values().flat_map(|running| &running.lines);
        lines.map(|(device, site, _)| (device.clone(), site.clone())).collect()
    }

    /// Who takes out.
    pub(super) fn exports_exporter(&self) -> &Exporter {
        &self.exports.exporter
    }

    /// Exports get what live pictures leave, and half of that where somebody watches recordings of the same recorder.
    fn share_export_lines(&self) {
        let played = self.played_recorders();
        let lines: Vec<(Id, Id, Throttle)> =
            self.exports.running.lock().values().flat_map(|running| running.lines.clone()).collect();
        let wanted = |(device, site, _): &(Id, Id, Throttle)| (device.clone(), site.clone());
        let mut all: Vec<(Id, Id)> = lines.iter().map(wanted).chain(played.iter().cloned()).collect();
        all.sort();
        all.dedup();
        let loads = self.feeds.loads();
        let shares = shares(&all, &loads.recorders, &loads.sites);
        for (device, _, line) in lines {
            let watched = played.iter().any(|(playing, _)| *playing == device);
            let share = shares.get(&device).copied().unwrap_or_default();
            line.set(if watched { share * BESIDE_WATCHING } else { share });
        }
    }

    /// The program ends: what is there stays, to be gone on with.
    pub(super) fn end_exports(&self) {
        for running in self.exports.running.lock().values() {
            running.progress.stop(Stop::Keep);
        }
        let until = std::time::Instant::now() + FAREWELL;
        while !self.exports.running.lock().is_empty() && std::time::Instant::now() < until {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// Fields, as they may be carried out.
    fn checked(&self, fields: ExportFields) -> Result<Checked, Notice> {
        let words = self.words();
        let refuse = |key: &str| Err(notices::error_notice(key, &[], &words));
        let ExportFields { incident, stretches, case_number, reason, folder, name, viewing, masks } = fields;
        if let Some(incident) = &incident {
            self.read_incident(incident)?;
        }
        let stretches: Vec<Stretch> = stretches
            .into_iter()
            .map(|IncidentStretch { camera, period }| Stretch { camera, period })
            .collect();
        if !(1..=MOST_CAMERAS).contains(&stretches.len()) || has_twice(&stretches) {
            return refuse("export_cameras");
        }
        let sound = |period: Period| {
            let seconds = period.length().as_secs_f64();
            period.from < period.until && seconds <= LONGEST_SECONDS as f64 && period.from <= now()
        };
        if !stretches.iter().all(|stretch| sound(stretch.period)) {
            return refuse("export_period");
        }
        let (case_number, reason) = (case_number.trim().to_owned(), reason.trim().to_owned());
        let plain = |text: &str| !text.chars().any(|letter| letter.is_control() && letter != '\n');
        let lengths = reason.chars().count() <= MOST_REASON && case_number.chars().count() <= 100;
        if reason.is_empty() || !lengths || !plain(&reason) || case_number.chars().any(char::is_control) {
            return refuse("export_reason");
        }
        let masks = masks.into_iter().map(|CameraMasksWire { camera, masks }| CameraMasks { camera, masks });
        let masks = self.checked_masks(viewing, masks.collect())?;
        let folder = self.folder_for(&folder)?;
        let name = if name.trim().is_empty() { usual_name(&case_number, &words) } else { safe_name(&name) };
        let ways = self.ways(&stretches)?;
        Ok(Checked { stretches, ways, folder, name, case_number, reason, viewing, masks })
    }

    /// The folder that was named, or the usual one, which is made.
    fn folder_for(&self, folder: &str) -> Result<PathBuf, Notice> {
        let words = self.words();
        if folder.trim().is_empty() {
            let usual = self.usual_folder();
            let made = std::fs::create_dir_all(&usual);
            return made
                .map(|()| usual.clone())
                .map_err(|error| super::records::not_written(&usual, &error, &words));
        }
        let path = PathBuf::from(folder.trim());
        if path.is_absolute() && path.is_dir() {
            return Ok(path);
        }
        Err(notices::error_notice("export_folder", &[("path", folder.trim())], &words))
    }

    fn usual_folder(&self) -> PathBuf {
        self.documents().join(self.words().get("file_evidence"))
    }

    /// The way to each camera's recorder, with its site, for who may take it out.
    pub(super) fn ways(&self, stretches: &[Stretch]) -> Result<Vec<(Way, Id)>, Notice> {
        let inventory = self.inventory();
        let mut ways = Vec::new();
        for stretch in stretches {
            self.allow(Action::Export, Some(&stretch.camera))?;
            let way = way(&self.people, &inventory, &stretch.camera, Purpose::Watching);
            let way = way.map_err(|no_way| self.not_played(&no_way))?;
            let site = inventory.camera(&stretch.camera).map(|(site, ..)| site.id.clone());
            ways.push((way, site.unwrap_or_else(|| stretch.camera.clone())));
        }
        Ok(ways)
    }
}

fn has_twice(stretches: &[Stretch]) -> bool {
    let mut cameras: Vec<&Id> = stretches.iter().map(|stretch| &stretch.camera).collect();
    cameras.sort();
    cameras.windows(2).any(|pair| pair[0] == pair[1])
}

fn usual_name(case_number: &str, words: &Words) -> String {
    let case = if case_number.is_empty() { words.get("file_evidence") } else { case_number };
    safe_name(&format!("{} {}", safe_name(case).chars().take(40).collect::<String>(), super::files::now()))
}

fn description(kept: &Kept) -> Description {
    let from = kept.stretches.iter().map(|stretch| stretch.period.from).min().unwrap_or_default();
    let until = kept.stretches.iter().map(|stretch| stretch.period.until).max().unwrap_or_default();
    Description {
        operator: person(&kept.by.account, &shown(&kept.by)),
        case: Case { number: kept.case_number.clone(), reason: kept.reason.clone() },
        span: Span { from: timestamp(from), to: timestamp(until) },
        release_required: kept.four_eyes,
        tool: Tool { name: "watchwall".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
    }
}

pub(super) fn person(account: &str, name: &str) -> Person {
    Person { account: account.to_owned(), name: name.to_owned(), workstation: crate::process::host_name() }
}

pub(super) fn timestamp(moment: Moment) -> Timestamp {
    Timestamp::from_microsecond(moment.0).unwrap_or_default()
}

fn now() -> Moment {
    Moment::from(std::time::SystemTime::now())
}

/// Whether a disk is full, for words.
fn is_full(fault: &ExportFault) -> bool {
    match fault {
        ExportFault::Disk { error, .. } => {
            use std::io::ErrorKind;
            matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
        }
        ExportFault::NoRoom { .. } => true,
        _ => false,
    }
}

/// The package's name, for people.
fn package_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
