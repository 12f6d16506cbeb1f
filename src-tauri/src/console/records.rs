//! Who did what, in words.

use std::collections::BTreeSet;

use audit::{Event, Fault, FaultKind, Kind, Verdict};
use inventory::Inventory;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Action, Id};
use serde_json::Value;

use super::{Console, files, notices};
use crate::wire::Notice;
use crate::wire::records::{
    Record, RecordFilter, RecordFormat, RecordKind, RecordPage, RecordVerdict, Watched,
};
use crate::wire::stock::SavedFile;
use crate::words::Words;

/// What the page gets at once.
const PAGE: usize = 200;
/// More than that nobody reads one by one.
const MOST_FAULTS: usize = 20;

impl Console {
    /// Records, the newest first.
    ///
    /// # Errors
    /// The person may not read them, or the system doesn't let a file be read; here and below.
    pub fn records(&self, filter: &RecordFilter, before: Option<f64>) -> Result<RecordPage, Notice> {
        self.allow(Action::ReadAudit, None)?;
        let (inventory, words) = (self.inventory(), self.words());
        let asked = wanted(filter, &inventory);
        let page = audit::page(self.people.records(), &asked, before.map(|at| at as u64), PAGE)
            .map_err(|error| unreadable(&error, &words))?;
        if before.is_none() {
            self.people.note(Event::AuditRead { filter: summary(&asked) });
        }
        let records = page.records.iter().map(|record| told(record, &inventory, &words)).collect();
        Ok(RecordPage { records, older: page.before.map(|at| at as f64) })
    }

    /// How long each camera was on a screen.
    ///
    /// # Errors
    /// As above.
    pub fn watched(&self, filter: &RecordFilter) -> Result<Vec<Watched>, Notice> {
        self.allow(Action::ReadAudit, None)?;
        let asked = wanted(filter, &self.inventory());
        let rows = audit::ledger(self.people.records(), &asked);
        let rows = rows.map_err(|error| unreadable(&error, &self.words()))?;
        let row = |row: audit::LedgerRow| Watched {
            camera: row.camera,
            account: row.account.map_or_else(String::new, |account| account.to_string()),
            seconds: row.shown_ms as f64 / 1e3,
            watches: row.watches as f64,
            largest: row.largest,
            share: row.mean_share / 1e3,
            unended: row.unended as f64,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Checks all records, against the anchors that this workstation has kept too.
    ///
    /// # Errors
    /// As above.
    pub fn verify_records(&self) -> Result<RecordVerdict, Notice> {
        self.allow(Action::ReadAudit, None)?;
        let words = self.words();
        let verdict = audit::verify(self.people.records(), &self.people.anchors());
        let verdict = verdict.map_err(|error| unreadable(&error, &words))?;
        let until = match &verdict {
            Verdict::Sound(sound) => sound.to,
            Verdict::Faulty { sound_records, .. } => *sound_records,
        };
        self.people.note(Event::AuditVerified { sound: verdict.is_sound(), until });
        Ok(RecordVerdict {
            sound: verdict.is_sound(),
            records: until as f64,
            faults: faults(&verdict, &words),
            meaning: meaning(&verdict, &words),
            anchor: self.people.anchor().to_string(),
        })
    }

    /// Writes records into a file among the user's documents.
    ///
    /// # Errors
    /// As above, or it cannot be written.
    pub fn export_records(&self, filter: &RecordFilter, format: RecordFormat) -> Result<SavedFile, Notice> {
        self.allow(Action::ReadAudit, None)?;
        let words = self.words();
        let asked = wanted(filter, &self.inventory());
        let (format, ending) = match format {
            RecordFormat::JsonLines => (audit::Format::JsonLines, "jsonl"),
            RecordFormat::Syslog => (audit::Format::Syslog, "log"),
        };
        let path =
            files::free(&self.documents(), &words.say("file_records", &[("day", &files::now())]), ending);
        let exported = files::write(&path, |out| audit::export(self.people.records(), &asked, format, out));
        let exported = exported.map_err(|error| not_written(&path, &error, &words))?;
        self.people.note(Event::AuditExported { filter: summary(&asked), records: exported.records });
        Ok(SavedFile { path: path.display().to_string() })
    }
}

/// The words for a file that could not be written.
pub(super) fn not_written(path: &std::path::Path, error: &std::io::Error, words: &Words) -> Notice {
    let (path, reason) = (path.display().to_string(), error.to_string());
    notices::error_notice("file_not_written", &[("path", &path), ("reason", &reason)], words)
}

fn unreadable(error: &std::io::Error, words: &Words) -> Notice {
    notices::error_notice("records_unreadable", &[("reason", &error.to_string())], words)
}

/// What the page asks for, as the log understands it: a site stands for its recorders and cameras too.
fn wanted(filter: &RecordFilter, inventory: &Inventory) -> audit::Filter {
    let kinds = Kind::ALL.iter().copied().filter(|kind| filter.kinds.contains(&group(*kind)));
    let mut subjects: BTreeSet<Id> = filter.subject.iter().cloned().collect();
    for site in inventory.sites() {
        for recorder in &site.recorders {
            if subjects.contains(&site.id) || subjects.contains(&recorder.id) {
                subjects.insert(recorder.id.clone());
                subjects.extend(recorder.cameras.iter().map(|camera| camera.id.clone()));
            }
        }
    }
    audit::Filter {
        from_ms: filter.from.map(|at| at as i64),
        until_ms: filter.until.map(|at| at as i64),
        accounts: filter.account.iter().map(|account| account.as_str().into()).collect(),
        kinds: kinds.collect(),
        subjects,
        text: filter.text.clone().unwrap_or_default(),
    }
}

/// What was asked for, for the record that it was asked.
fn summary(filter: &audit::Filter) -> audit::Text {
    serde_json::to_string(filter).unwrap_or_default().as_str().into()
}

/// What the page calls it.
fn group(kind: Kind) -> RecordKind {
    match kind {
        Kind::SignedIn
        | Kind::SignInFailed
        | Kind::SignedOut
        | Kind::Locked
        | Kind::Unlocked
        | Kind::HandedOver => RecordKind::Presence,
        Kind::AccountCreated
        | Kind::AccountChanged
        | Kind::AccountDisabled
        | Kind::AccountEnabled
        | Kind::PasswordReset
        | Kind::PasswordChanged
        | Kind::SecondFactorAdded
        | Kind::SecondFactorDropped => RecordKind::Accounts,
        Kind::CredentialSet | Kind::CredentialRemoved | Kind::CredentialRefused => RecordKind::Logins,
        Kind::WatchBegan | Kind::WatchEnded | Kind::WatchHeartbeat | Kind::Listened => RecordKind::Watching,
        Kind::PictureSaved
        | Kind::WallPictureSaved
        | Kind::Exported
        | Kind::IncidentBegan
        | Kind::IncidentChanged
        | Kind::IncidentNoted
        | Kind::IncidentClosed
        | Kind::IncidentReopened
        | Kind::IncidentReported
        | Kind::BookmarkSet
        | Kind::BookmarkRemoved
        | Kind::FootageKeepingAsked
        | Kind::FootageKept
        | Kind::FootageNotKept
        | Kind::KeptFootageRemoved
        | Kind::ExportBegan
        | Kind::ExportStopped
        | Kind::ExportRemoved
        | Kind::PackageSealed
        | Kind::PackageReleased
        | Kind::PackageVerified => RecordKind::Evidence,
        Kind::Moved
        | Kind::Talked
        | Kind::SteeringTaken
        | Kind::SteeringLost
        | Kind::PresetKept
        | Kind::PresetForgotten
        | Kind::MomentMarked
        | Kind::NoticeAcknowledged => RecordKind::Moving,
        Kind::Searched | Kind::Played => RecordKind::Playback,
        Kind::LayoutSaved | Kind::LayoutRemoved | Kind::TourStarted | Kind::TourStopped => {
            RecordKind::Layouts
        }
        Kind::InventoryImported
        | Kind::InventorySigned
        | Kind::KeyEnrolled
        | Kind::KeyRevoked
        | Kind::SettingsChanged
        | Kind::ZoneMarked
        | Kind::RuleChanged => RecordKind::Changes,
        Kind::RightsDenied => RecordKind::Denials,
        _ => RecordKind::Log,
    }
}

/// One record in words.
fn told(record: &audit::Record, inventory: &Inventory, words: &Words) -> Record {
    let details = details(&record.event, inventory, words);
    let values: Vec<(&str, &str)> =
        details.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kind = record.event.kind();
    let text = words.say(&format!("record_{}", kind.as_str()), &values);
    let mut details: Vec<(String, String)> = details
        .iter()
        .map(|(name, value)| (words.get(&format!("field_{name}")).to_owned(), value.clone()))
        .collect();
    if let Some(back) = record.clock_back_ms {
        let back = words.number(back as f64 / 1e3, 1);
        details.push((words.get("field_clock_back").to_owned(), format!("{back} s")));
    }
    details.push((words.get("field_hash").to_owned(), record.hash.to_string()));
    Record {
        sequence: record.sequence as f64,
        at: record.time_ms as f64,
        workstation: record.workstation.to_string(),
        account: record.person.as_ref().map_or_else(String::new, |person| person.account.to_string()),
        role: record.person.as_ref().map(|person| person.role),
        kind: group(kind),
        text,
        details,
    }
}

/// Every field of an event by its name, as people read it: cameras by name, moments by the clock on the wall.
fn details(event: &Event, inventory: &Inventory, words: &Words) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Ok(Value::Object(fields)) = serde_json::to_value(event) {
        for (name, value) in fields {
            match value {
                // What is seen where, and who removed what.
                Value::Object(inner) => {
                    found.extend(
                        inner
                            .iter()
                            .map(|(name, value)| (name.clone(), shown(name, value, inventory, words))),
                    );
                }
                value if name != "kind" => found.push((name.clone(), shown(&name, &value, inventory, words))),
                _ => {}
            }
        }
    }
    found
}

fn shown(name: &str, value: &Value, inventory: &Inventory, words: &Words) -> String {
    let text = value.as_str().unwrap_or_default();
    match (name, value) {
        ("camera" | "site" | "target" | "subject", Value::String(_)) => name_of(text, inventory),
        ("action", _) => words.get(&format!("action_{text}")).to_owned(),
        ("given", _) => words.get(&format!("role_{text}")).to_owned(),
        ("profile", _) => words.get(&format!("profile_{text}")).to_owned(),
        (_, Value::Number(number))
            if name.ends_with("_ms") && !name.starts_with("shown") && !name.starts_with("uptime") =>
        {
            moment(number.as_i64().unwrap_or_default())
        }
        (_, Value::Number(number)) if name.ends_with("_ms") => {
            format!("{} s", words.number(number.as_f64().unwrap_or_default() / 1e3, 1))
        }
        ("share", Value::Number(number)) => {
            format!("{} %", words.number(number.as_f64().unwrap_or_default() / 10.0, 0))
        }
        (_, Value::Bool(yes)) => words.get(if *yes { "yes" } else { "no" }).to_owned(),
        (_, Value::Null) => "–".to_owned(),
        (_, Value::Array(all)) => all.len().to_string(),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// A camera's, recorder's or site's name; what is not in the inventory any more is called by its id.
fn name_of(id: &str, inventory: &Inventory) -> String {
    let found = Id::new(id).ok().and_then(|id| {
        if let Some((site, _, camera)) = inventory.camera(&id) {
            return Some(format!("{} · {}", camera.name, site.name));
        }
        inventory.sites().iter().find_map(|site| {
            let recorder = site.recorders.iter().find(|recorder| recorder.id == id);
            let recorder = recorder.map(|recorder| format!("{} · {}", recorder.name, site.name));
            recorder.or_else(|| (site.id == id).then(|| site.name.clone()))
        })
    });
    found.unwrap_or_else(|| id.to_owned())
}

/// By this machine's clock, to the second.
pub(super) fn moment(ms: i64) -> String {
    let Ok(at) = Timestamp::from_millisecond(ms) else { return ms.to_string() };
    at.to_zoned(TimeZone::system()).strftime("%d/%m/%Y %H:%M:%S").to_string()
}

fn faults(verdict: &Verdict, words: &Words) -> Vec<String> {
    let Verdict::Faulty { faults, further, .. } = verdict else { return Vec::new() };
    let mut told: Vec<String> = faults.iter().take(MOST_FAULTS).map(|one| fault(one, words)).collect();
    let rest = further + faults.len().saturating_sub(MOST_FAULTS) as u64;
    if rest > 0 {
        told.push(words.say("records_more_faults", &[("n", &rest.to_string())]));
    }
    told
}

/// What is proven of a fault, in words.
#[must_use]
pub(crate) fn fault(fault: &Fault, words: &Words) -> String {
    let number = |number: &u64| number.to_string();
    let (key, values) = match &fault.kind {
        FaultKind::Edited => ("records_edited", vec![]),
        FaultKind::Unlinked => ("records_unlinked", vec![]),
        FaultKind::Missing { from, to } => {
            ("records_missing", vec![("from", number(from)), ("to", number(to))])
        }
        FaultKind::Inserted { sequence } => ("records_inserted", vec![("n", number(sequence))]),
        FaultKind::Reordered { sequence } => ("records_reordered", vec![("n", number(sequence))]),
        FaultKind::Truncated { to } => {
            ("records_truncated", vec![("n", to.as_ref().map_or_else(|| "?".to_owned(), number))])
        }
        FaultKind::Unreadable => ("records_line_unreadable", vec![]),
        FaultKind::Rewritten { sequence } => ("records_rewritten", vec![("n", number(sequence))]),
    };
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("{}:{} — {}", fault.file, fault.line, words.say(key, &values))
}

/// What the verdict proves and what it does not.
#[must_use]
pub(crate) fn meaning(verdict: &Verdict, words: &Words) -> String {
    match verdict {
        Verdict::Sound(sound) => {
            let (from, to) = (sound.from.to_string(), sound.to.to_string());
            match sound.proven_to {
                Some(proven) => words.say(
                    "records_sound_proven",
                    &[("from", &from), ("to", &to), ("proven", &proven.to_string())],
                ),
                None => words.say("records_sound", &[("from", &from), ("to", &to)]),
            }
        }
        Verdict::Faulty { sound_records, .. } => {
            words.say("records_faulty", &[("n", &sound_records.to_string())])
        }
    }
}
