//! All incidents and bookmarks of a workstation.

use model::{Id, Role};
use serde::{Deserialize, Serialize};

use super::incident::{self, MOST_NOTES};
use super::{Author, Bookmark, BookmarkFields, Deed, Done, Incident, IncidentFields, NotKept, Note, Stretch};

/// Lines of an incident's chain of custody.
const MOST_DONE: usize = 2000;

/// Who reads, and of which cameras.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The account.
    pub account: &'a str,
    /// What they work as.
    pub role: Role,
    /// Whether they may see a camera's recordings.
    pub sees: &'a dyn Fn(&Id) -> bool,
}

/// See the module.
///
/// Always true: ids are unique, every text and stretch is sound, a bookmark's incident is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Book {
    incidents: Vec<Incident>,
    bookmarks: Vec<Bookmark>,
    /// Ids are never given out again: an old paper may name one.
    next: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    incidents: Vec<Incident>,
    bookmarks: Vec<Bookmark>,
    next: u64,
}

/// Why a file is no book.
#[derive(Debug, thiserror::Error)]
enum NotABook {
    #[error(transparent)]
    NotKept(#[from] NotKept),
    #[error("{0} is there twice")]
    Twice(Id),
}

impl TryFrom<Parts> for Book {
    type Error = NotABook;

    fn try_from(Parts { incidents, bookmarks, next }: Parts) -> Result<Self, NotABook> {
        let book = Self { incidents, bookmarks, next };
        if book.incidents.len() > Self::MOST || book.bookmarks.len() > Self::MOST {
            return Err(NotKept::TooMany.into());
        }
        book.incidents.iter().try_for_each(Incident::check)?;
        book.bookmarks.iter().try_for_each(Bookmark::check)?;
        let incidents = book.incidents.iter().map(|incident| &incident.id);
        let mut ids: Vec<&Id> = incidents.chain(book.bookmarks.iter().map(|bookmark| &bookmark.id)).collect();
        ids.sort();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(NotABook::Twice(twice[0].clone()));
        }
        let mut belongs = book.bookmarks.iter().filter_map(|bookmark| bookmark.incident.as_ref());
        if belongs.any(|id| book.incident(id).is_none()) {
            return Err(NotKept::Unknown.into());
        }
        Ok(book)
    }
}

impl Reader<'_> {
    fn reads(&self, incident: &Incident) -> bool {
        let audience = &incident.audience;
        let named = audience.everyone
            || audience.accounts.contains(self.account)
            || self.role == Role::Supervisor
            || incident.began_by() == self.account;
        let mut cameras = incident.stretches.iter().map(|stretch| &stretch.camera);
        named && (incident.stretches.is_empty() || cameras.any(|camera| (self.sees)(camera)))
    }

    fn owns(&self, account: &str) -> bool {
        self.account == account || self.role == Role::Supervisor
    }
}

impl Book {
    /// The most incidents, and the most bookmarks.
    pub const MOST: usize = 5000;

    /// What this person reads, the newest first, without the cameras that they may not see.
    #[must_use]
    pub fn incidents_for(&self, reader: Reader<'_>) -> Vec<Incident> {
        let read = self.incidents.iter().rev().filter(|incident| reader.reads(incident));
        let seen = |incident: &Incident| {
            let mut incident = incident.clone();
            incident.stretches.retain(|stretch| (reader.sees)(&stretch.camera));
            incident
        };
        read.map(seen).collect()
    }

    /// The bookmarks that this person reads, the newest first, without the cameras that they may not see.
    #[must_use]
    pub fn bookmarks_for(&self, reader: Reader<'_>) -> Vec<Bookmark> {
        let mut read = Vec::new();
        for bookmark in self.bookmarks.iter().rev() {
            let incident = bookmark.incident.as_ref().and_then(|id| self.incident(id));
            let mut bookmark = bookmark.clone();
            bookmark.cameras.retain(|camera| (reader.sees)(camera));
            if !bookmark.cameras.is_empty() && incident.is_none_or(|incident| reader.reads(incident)) {
                read.push(bookmark);
            }
        }
        read
    }

    /// The incident of this id, whoever reads it.
    #[must_use]
    pub fn incident(&self, id: &Id) -> Option<&Incident> {
        self.incidents.iter().find(|incident| incident.id == *id)
    }

    /// The bookmarks of an incident, or those of none, whoever reads them.
    #[must_use]
    pub fn marks(&self, incident: Option<&Id>) -> Vec<Bookmark> {
        self.bookmarks.iter().filter(|mark| mark.incident.as_ref() == incident).cloned().collect()
    }

    /// The incident of this id, for this person.
    ///
    /// # Errors
    /// [`NotKept::Unknown`].
    pub fn read(&self, id: &Id, reader: Reader<'_>) -> Result<&Incident, NotKept> {
        self.incident(id).filter(|incident| reader.reads(incident)).ok_or(NotKept::Unknown)
    }

    /// Begins an incident or changes it. Cameras that the person does not see stay in it.
    ///
    /// # Errors
    /// [`NotKept`]; nothing has changed then, here and below.
    pub fn save_incident(
        &mut self,
        fields: IncidentFields,
        by: &Author,
        reader: Reader<'_>,
        now_ms: i64,
    ) -> Result<Id, NotKept> {
        let IncidentFields { id, title, case_number, audience, stretches } = fields;
        incident::check_incident(&title, &case_number, &audience, &stretches)?;
        let done = |deed| Done { by: by.clone(), at_ms: now_ms, deed, about: String::new() };
        let (title, case_number) = (title.trim().to_owned(), case_number.trim().to_owned());
        let Some(id) = id else {
            if self.incidents.len() >= Self::MOST {
                return Err(NotKept::TooMany);
            }
            let id = self.new_id();
            let history = vec![done(Deed::Began)];
            self.incidents.push(Incident {
                id: id.clone(),
                title,
                case_number,
                audience,
                stretches,
                notes: Vec::new(),
                history,
                closed: false,
            });
            return Ok(id);
        };
        let incident = self.open_one(&id, reader)?;
        if audience != incident.audience && !reader.owns(incident.began_by()) {
            return Err(NotKept::NotYours);
        }
        let unseen = incident.stretches.iter().filter(|stretch| !(reader.sees)(&stretch.camera)).cloned();
        let stretches: Vec<Stretch> = unseen.collect::<Vec<_>>().into_iter().chain(stretches).collect();
        if stretches.len() > incident::MOST_STRETCHES {
            return Err(NotKept::Cameras);
        }
        (incident.title, incident.case_number) = (title, case_number);
        (incident.audience, incident.stretches) = (audience, stretches);
        incident.history.push(done(Deed::Changed));
        Ok(id)
    }

    /// Closes an incident, or opens it again.
    ///
    /// # Errors
    /// As above.
    pub fn set_closed(
        &mut self,
        id: &Id,
        closed: bool,
        by: &Author,
        reader: Reader<'_>,
        now_ms: i64,
    ) -> Result<(), NotKept> {
        let incident = self.one(id, reader)?;
        if incident.closed != closed {
            incident.closed = closed;
            let deed = if closed { Deed::Closed } else { Deed::Reopened };
            incident.history.push(Done { by: by.clone(), at_ms: now_ms, deed, about: String::new() });
        }
        Ok(())
    }

    /// Writes something down.
    ///
    /// # Errors
    /// As above.
    pub fn note(
        &mut self,
        id: &Id,
        text: &str,
        by: &Author,
        reader: Reader<'_>,
        now_ms: i64,
    ) -> Result<(), NotKept> {
        incident::check_note(text)?;
        let incident = self.open_one(id, reader)?;
        if incident.notes.len() >= MOST_NOTES {
            return Err(NotKept::TooMany);
        }
        incident.notes.push(Note { by: by.clone(), at_ms: now_ms, text: text.trim().to_owned() });
        Ok(())
    }

    /// Another line of the chain of custody; an incident that is gone has none. Behind the two thousandth line the log alone
    /// goes on.
    pub fn done(&mut self, id: &Id, done: Done) {
        let known = self.incidents.iter_mut().find(|incident| incident.id == *id);
        if let Some(incident) = known.filter(|incident| incident.history.len() < MOST_DONE) {
            incident.history.push(done);
        }
    }

    /// Sets a bookmark, or changes one. Its cameras and its time become part of its incident where they are not yet.
    ///
    /// # Errors
    /// As above.
    pub fn save_bookmark(
        &mut self,
        fields: BookmarkFields,
        by: &Author,
        reader: Reader<'_>,
        now_ms: i64,
    ) -> Result<Id, NotKept> {
        let BookmarkFields { id, cameras, period, words, incident } = fields;
        incident::check_bookmark(&cameras, period, &words)?;
        if let Some(incident) = &incident {
            self.open_one(incident, reader)?.reach(&cameras, period)?;
        }
        let words = words.trim().to_owned();
        let Some(id) = id else {
            if self.bookmarks.len() >= Self::MOST {
                return Err(NotKept::TooMany);
            }
            let id = self.new_id();
            let bookmark =
                Bookmark { id: id.clone(), cameras, period, words, by: by.clone(), at_ms: now_ms, incident };
            self.bookmarks.push(bookmark);
            return Ok(id);
        };
        self.own_bookmark(&id, reader)?;
        let bookmark =
            self.bookmarks.iter_mut().find(|bookmark| bookmark.id == id).ok_or(NotKept::Unknown)?;
        (bookmark.cameras, bookmark.period) = (cameras, period);
        (bookmark.words, bookmark.incident) = (words, incident);
        Ok(id)
    }

    /// Forgets a bookmark; gives what it was.
    ///
    /// # Errors
    /// As above.
    pub fn remove_bookmark(&mut self, id: &Id, reader: Reader<'_>) -> Result<Bookmark, NotKept> {
        let at = self.own_bookmark(id, reader)?;
        Ok(self.bookmarks.remove(at))
    }

    /// Where the bookmark stands, if the person may change it.
    fn own_bookmark(&self, id: &Id, reader: Reader<'_>) -> Result<usize, NotKept> {
        let read = self.bookmarks_for(reader).into_iter().any(|bookmark| bookmark.id == *id);
        let at = self.bookmarks.iter().position(|bookmark| bookmark.id == *id && read);
        let at = at.ok_or(NotKept::Unknown)?;
        if reader.owns(&self.bookmarks[at].by.account) { Ok(at) } else { Err(NotKept::NotYours) }
    }

    fn one(&mut self, id: &Id, reader: Reader<'_>) -> Result<&mut Incident, NotKept> {
        let found = self.incidents.iter_mut().find(|incident| incident.id == *id);
        found.filter(|incident| reader.reads(incident)).ok_or(NotKept::Unknown)
    }

    fn open_one(&mut self, id: &Id, reader: Reader<'_>) -> Result<&mut Incident, NotKept> {
        let incident = self.one(id, reader)?;
        if incident.closed { Err(NotKept::Closed) } else { Ok(incident) }
    }

    fn new_id(&mut self) -> Id {
        self.next += 1;
        Id::new(&self.next.to_string()).expect("a number is visible and short")
    }
}
