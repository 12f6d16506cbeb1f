//! Incidents and bookmarks, for the page; who may, and what is written down of it.

mod report;

use std::path::Path;

use audit::Event;
use engine::incidents::{self as kept, Audience, Author, Book, Deed, Done, NotKept, Reader, Stretch};
use engine::rights::{Person, Subject};
use jiff::Timestamp;
use model::{Action, Id};
use parking_lot::Mutex;
use store::{Problem, Store};

use super::handover::{Leaves, Left};
use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::health::HandoverKind;
use crate::wire::incidents::{
    Bookmark, BookmarkFields, Colleague, Incident, IncidentBook, IncidentDone, IncidentFields, IncidentNote,
    IncidentStretch,
};
use crate::words::Words;

pub(in crate::console) use report::Report;

/// Years of incidents with their notes.
const LARGEST: usize = 32 << 20;

/// See the module. The lock of the book is taken with no other one held.
pub(super) struct Incidents {
    store: Store<Book>,
    book: Mutex<Book>,
}

impl Incidents {
    /// What is kept in `folder`, and what was wrong with it.
    pub(super) fn open(folder: &Path) -> (Self, Option<Problem>) {
        let store = Store::open(folder, "incidents").holding(LARGEST);
        let loaded = store.load();
        (Self { store, book: Mutex::new(loaded.value.unwrap_or_default()) }, loaded.problem)
    }

    /// An incident, whoever reads it.
    pub(super) fn incident(&self, id: &Id) -> Option<kept::Incident> {
        self.book.lock().incident(id).cloned()
    }
}

impl Console {
    /// What the person reads.
    ///
    /// # Errors
    /// In words: the person sees no recordings; here and below.
    pub fn incidents(&self) -> Result<IncidentBook, Notice> {
        let person = self.allow(Action::Playback, None)?;
        Ok(self.book_for(&person))
    }

    /// Begins an incident or changes one.
    ///
    /// # Errors
    /// As above; a field is not sound, or it is closed or not the person's: nothing has changed then.
    pub fn save_incident(&self, fields: IncidentFields) -> Result<Id, Notice> {
        for stretch in &fields.stretches {
            self.allow(Action::Playback, Some(&stretch.camera))?;
        }
        let new = fields.id.is_none();
        let title = audit::Text::from(fields.title.trim());
        let fields = kept::IncidentFields {
            id: fields.id,
            title: fields.title,
            case_number: fields.case_number,
            audience: Audience { everyone: fields.everyone, accounts: fields.accounts.into_iter().collect() },
            stretches: fields.stretches.into_iter().map(stretch_of).collect(),
        };
        let id = self.keep_book(|book, by, reader, now| book.save_incident(fields, by, reader, now))?;
        self.people.note(if new {
            Event::IncidentBegan { incident: title }
        } else {
            Event::IncidentChanged { incident: title }
        });
        Ok(id)
    }

    /// Closes an incident, or opens it again.
    ///
    /// # Errors
    /// As above.
    pub fn close_incident(&self, id: &Id, closed: bool) -> Result<(), Notice> {
        self.keep_book(|book, by, reader, now| book.set_closed(id, closed, by, reader, now))?;
        let incident = self.incident_title(id);
        self.people.note(if closed {
            Event::IncidentClosed { incident }
        } else {
            Event::IncidentReopened { incident }
        });
        Ok(())
    }

    /// Writes something down in an incident.
    ///
    /// # Errors
    /// As above.
    pub fn note_incident(&self, id: &Id, text: &str) -> Result<(), Notice> {
        self.keep_book(|book, by, reader, now| book.note(id, text, by, reader, now))?;
        self.people.note(Event::IncidentNoted { incident: self.incident_title(id) });
        Ok(())
    }

    /// Sets a bookmark, or changes one.
    ///
    /// # Errors
    /// As above.
    pub fn save_bookmark(&self, fields: BookmarkFields) -> Result<Id, Notice> {
        for camera in &fields.cameras {
            self.allow(Action::Playback, Some(camera))?;
        }
        let BookmarkFields { id, cameras, period, words, incident } = fields;
        let said = audit::Text::from(words.trim());
        let fields = kept::BookmarkFields { id, cameras: cameras.clone(), period, words, incident };
        let id = self.keep_book(|book, by, reader, now| book.save_bookmark(fields, by, reader, now))?;
        let (from_ms, until_ms) = (period.from.ms(), period.until.ms());
        let set = |camera| Event::BookmarkSet { camera, from_ms, until_ms, words: said.clone() };
        self.people.note_all(cameras.into_iter().map(set).collect());
        Ok(id)
    }

    /// Forgets a bookmark.
    ///
    /// # Errors
    /// As above.
    pub fn remove_bookmark(&self, id: &Id) -> Result<(), Notice> {
        if self.is_kept(id) {
            return Err(notices::error_notice("bookmark_is_kept", &[], &self.words()));
        }
        let gone = self.keep_book(|book, _, reader, _| book.remove_bookmark(id, reader))?;
        let (from_ms, until_ms) = (gone.period.from.ms(), gone.period.until.ms());
        let removed = |camera| Event::BookmarkRemoved { camera, from_ms, until_ms };
        self.people.note_all(gone.cameras.into_iter().map(removed).collect());
        Ok(())
    }

    /// The bookmark, for who reads it.
    pub(in crate::console) fn read_bookmark(&self, id: &Id) -> Result<kept::Bookmark, Notice> {
        let person = self.allow(Action::Playback, None)?;
        let sees = self.sees_recordings(&person);
        let read = self.incidents.book.lock().bookmarks_for(reader(&person, &sees));
        let found = read.into_iter().find(|bookmark| bookmark.id == *id);
        found.ok_or_else(|| self.not_kept(NotKept::Unknown))
    }

    /// The incident, for who reads it.
    pub(in crate::console) fn read_incident(&self, id: &Id) -> Result<kept::Incident, Notice> {
        let person = self.allow(Action::Playback, None)?;
        let sees = self.sees_recordings(&person);
        let book = self.incidents.book.lock();
        let found = book.read(id, reader(&person, &sees)).cloned();
        drop(book);
        let found = found.map(|mut incident| {
            incident.stretches.retain(|stretch| sees(&stretch.camera));
            incident
        });
        found.map_err(|not| self.not_kept(not))
    }

    /// Another line of an incident's chain of custody, by whoever works here.
    pub(in crate::console) fn note_deed(&self, id: Option<&Id>, deed: Deed, about: &str) {
        let Some(id) = id else { return };
        let done = Done { by: self.author(), at_ms: now_ms(), deed, about: about.to_owned() };
        self.note_done(id, done);
    }

    /// The same for what was done in the background by who has gone since.
    pub(in crate::console) fn note_done(&self, id: &Id, done: Done) {
        let saved = {
            let mut book = self.incidents.book.lock();
            book.done(id, done);
            self.incidents.store.save(&book)
        };
        if let Err(error) = saved {
            self.announce(notices::not_saved(&error, &self.words()));
        }
        self.tell_incidents();
    }

    /// Who works here, as incidents name them.
    pub(in crate::console) fn author(&self) -> Author {
        let who = |who: &engine::people::Who| Author {
            account: who.person.account.clone(),
            name: who.name().to_owned(),
        };
        self.people.with_who(who).unwrap_or_else(|| Author { account: String::new(), name: String::new() })
    }

    /// Changes the book; file and page follow.
    fn keep_book<T>(
        &self,
        change: impl FnOnce(&mut Book, &Author, Reader<'_>, i64) -> Result<T, NotKept>,
    ) -> Result<T, Notice> {
        let person = self.allow(Action::Playback, None)?;
        let (by, sees, words) = (self.author(), self.sees_recordings(&person), self.words());
        let kept = {
            let mut book = self.incidents.book.lock();
            let mut changed = book.clone();
            let kept = change(&mut changed, &by, reader(&person, &sees), now_ms());
            let kept = kept.map_err(|not| not_kept(not, &words))?;
            self.incidents.store.save(&changed).map_err(|error| notices::not_saved(&error, &words))?;
            *book = changed;
            kept
        };
        self.tell_incidents();
        Ok(kept)
    }

    fn tell_incidents(&self) {
        if let Some(person) = self.people.at_work()
            && self.people.may(Action::Playback)
        {
            self.tell("incidents", self.book_for(&person));
        }
    }

    fn book_for(&self, person: &Person) -> IncidentBook {
        let (words, sees) = (self.words(), self.sees_recordings(person));
        let reader = reader(person, &sees);
        let book = self.incidents.book.lock();
        let (incidents, bookmarks) = (book.incidents_for(reader), book.bookmarks_for(reader));
        drop(book);
        let owns = |account: &str| account == person.account || person.role == model::Role::Supervisor;
        let colleagues = self.people.colleagues().into_iter();
        IncidentBook {
            incidents: incidents.into_iter().map(|one| incident(one, owns, &words)).collect(),
            bookmarks: bookmarks.into_iter().map(|one| bookmark(one, owns)).collect(),
            colleagues: colleagues
                .filter(|(account, _)| *account != person.account)
                .map(|(account, name)| Colleague { account, name })
                .collect(),
        }
    }

    fn sees_recordings(&self, person: &Person) -> impl Fn(&Id) -> bool + use<> {
        let (inventory, person) = (self.inventory(), person.clone());
        move |camera: &Id| {
            inventory.camera(camera).is_some_and(|(site, _, camera)| {
                person.may(Action::Playback, Subject::camera(site, camera)).is_ok()
            })
        }
    }

    fn incident_title(&self, id: &Id) -> audit::Text {
        self.incidents.incident(id).map(|incident| incident.title).unwrap_or_default().as_str().into()
    }

    fn not_kept(&self, not: NotKept) -> Notice {
        not_kept(not, &self.words())
    }

    /// Leaves the incidents that are not closed, to those who read them.
    pub(super) fn open_incidents(self: &std::sync::Arc<Self>) -> Leaves {
        let console = std::sync::Arc::downgrade(self);
        Box::new(move |words| {
            let Some(console) = console.upgrade() else { return Vec::new() };
            let Some(person) = console.people.at_work() else { return Vec::new() };
            let sees = console.sees_recordings(&person);
            let read = console.incidents.book.lock().incidents_for(reader(&person, &sees));
            read.iter()
                .filter(|incident| !incident.closed)
                .flat_map(|incident| left(incident, words))
                .collect()
        })
    }
}

/// A line a camera.
fn left(incident: &kept::Incident, words: &Words) -> Vec<Left> {
    let by = incident.history.first().map(|done| shown(&done.by)).unwrap_or_default();
    let number = if incident.case_number.is_empty() { "–" } else { &incident.case_number };
    let values = [("title", incident.title.as_str()), ("case", number), ("person", &by)];
    let text = words.say("handover_incident", &values);
    let mut cameras: Vec<&Id> = incident.stretches.iter().map(|stretch| &stretch.camera).collect();
    cameras.sort();
    cameras.dedup();
    let line = |camera: &Id| Left {
        kind: HandoverKind::Incident,
        camera: camera.clone(),
        text: text.clone(),
        since: Some(incident.began_ms() as f64),
    };
    cameras.into_iter().map(line).collect()
}

fn reader<'a>(person: &'a Person, sees: &'a dyn Fn(&Id) -> bool) -> Reader<'a> {
    Reader { account: &person.account, role: person.role, sees }
}

pub(super) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

fn stretch_of(stretch: IncidentStretch) -> Stretch {
    Stretch { camera: stretch.camera, period: stretch.period }
}

/// As colleagues call them.
pub(super) fn shown(author: &Author) -> String {
    if author.name.is_empty() { author.account.clone() } else { author.name.clone() }
}

fn incident(incident: kept::Incident, owns: impl Fn(&str) -> bool, words: &Words) -> Incident {
    let own = owns(incident.began_by());
    let (by, at) = (incident.history.first().map(|done| shown(&done.by)), incident.began_ms() as f64);
    Incident {
        own,
        by: by.unwrap_or_default(),
        at,
        id: incident.id,
        title: incident.title,
        case_number: incident.case_number,
        everyone: incident.audience.everyone,
        accounts: incident.audience.accounts.into_iter().collect(),
        stretches: incident
            .stretches
            .into_iter()
            .map(|Stretch { camera, period }| IncidentStretch { camera, period })
            .collect(),
        notes: incident
            .notes
            .into_iter()
            .map(|note| IncidentNote { by: shown(&note.by), at: note.at_ms as f64, text: note.text })
            .collect(),
        history: incident
            .history
            .iter()
            .map(|done| IncidentDone { by: shown(&done.by), at: done.at_ms as f64, text: deed(done, words) })
            .collect(),
        closed: incident.closed,
    }
}

fn bookmark(bookmark: kept::Bookmark, owns: impl Fn(&str) -> bool) -> Bookmark {
    Bookmark {
        own: owns(&bookmark.by.account),
        by: shown(&bookmark.by),
        at: bookmark.at_ms as f64,
        id: bookmark.id,
        cameras: bookmark.cameras,
        period: bookmark.period,
        words: bookmark.words,
        incident: bookmark.incident,
    }
}

/// What was done, in words.
pub(super) fn deed(done: &Done, words: &Words) -> String {
    let key = match done.deed {
        Deed::Began => "deed_began",
        Deed::Changed => "deed_changed",
        Deed::Closed => "deed_closed",
        Deed::Reopened => "deed_reopened",
        Deed::Exported => "deed_exported",
        Deed::Sealed => "deed_sealed",
        Deed::Released => "deed_released",
        Deed::Verified => "deed_verified",
        Deed::Reported => "deed_reported",
    };
    words.say(key, &[("about", &done.about)])
}

fn not_kept(not: NotKept, words: &Words) -> Notice {
    let key = match not {
        NotKept::Title => "not_kept_title",
        NotKept::CaseNumber => "not_kept_case",
        NotKept::Text => "not_kept_text",
        NotKept::Cameras => "not_kept_cameras",
        NotKept::Period => "not_kept_period",
        NotKept::TooMany => "not_kept_too_many",
        NotKept::Unknown => "not_kept_unknown",
        NotKept::Closed => "not_kept_closed",
        NotKept::NotYours => "not_kept_not_yours",
    };
    notices::error_notice(key, &[], words)
}
