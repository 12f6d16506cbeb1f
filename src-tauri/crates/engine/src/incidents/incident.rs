//! What an incident and a bookmark are, and what is none.

use std::collections::BTreeSet;
use std::time::Duration;

use model::{Id, Period};
use serde::{Deserialize, Serialize};

/// Who did or wrote something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The account.
    pub account: String,
    /// As colleagues call them.
    pub name: String,
}

/// A stretch of a camera's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// Which camera.
    pub camera: Id,
    /// True time.
    pub period: Period,
}

/// Who reads an incident besides who began it and supervisors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Whoever may see its cameras' recordings.
    pub everyone: bool,
    /// These accounts.
    pub accounts: BTreeSet<String>,
}

/// Something that somebody wrote down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Who.
    pub by: Author,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// What; may have several lines.
    pub text: String,
}

/// What was done with an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// It was begun.
    Began,
    /// Its title, number, readers or cameras were changed.
    Changed,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// Footage was taken out.
    Exported,
    /// A package was sealed.
    Sealed,
    /// A package was released by a second person.
    Released,
    /// A package was checked.
    Verified,
    /// A report was made.
    Reported,
}

/// A line of an incident's chain of custody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// Who.
    pub by: Author,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// What.
    pub deed: Deed,
    /// With which package, if it was one: its name and the SHA-256 of what was signed.
    pub about: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Unique.
    pub id: Id,
    /// What it is, in a few words.
    pub title: String,
    /// As the authority numbers it; may be empty.
    pub case_number: String,
    /// Who reads it.
    pub audience: Audience,
    /// Where and when.
    pub stretches: Vec<Stretch>,
    /// What was written down, the oldest first.
    pub notes: Vec<Note>,
    /// What was done, the oldest first; its first line says who began it.
    pub history: Vec<Done>,
    /// It is over.
    pub closed: bool,
}

/// A place in recordings that somebody wants to find again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bookmark {
    /// Unique.
    pub id: Id,
    /// Of which cameras.
    pub cameras: Vec<Id>,
    /// True time; a moment where both ends are the same.
    pub period: Period,
    /// In somebody's words; may be empty.
    pub words: String,
    /// Who set it.
    pub by: Author,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// Which incident it belongs to.
    pub incident: Option<Id>,
}

/// What people say of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentFields {
    /// Which; `None`: a new one.
    pub id: Option<Id>,
    /// See [`Incident::title`].
    pub title: String,
    /// See there.
    pub case_number: String,
    /// See there.
    pub audience: Audience,
    /// See there.
    pub stretches: Vec<Stretch>,
}

/// What people say of a bookmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookmarkFields {
    /// Which; `None`: a new one.
    pub id: Option<Id>,
    /// See [`Bookmark::cameras`].
    pub cameras: Vec<Id>,
    /// See there.
    pub period: Period,
    /// See there.
    pub words: String,
    /// See there.
    pub incident: Option<Id>,
}

/// Why something is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// An incident needs a title of at most 200 characters on one line.
    #[error("not a title")]
    Title,
    /// A case number has at most 100 characters on one line.
    #[error("not a case number")]
    CaseNumber,
    /// A note is empty or longer than 4000 characters, or a bookmark's words are longer than 500.
    #[error("not a text")]
    Text,
    /// A bookmark has 1 to 16 cameras, an incident at most 100 stretches.
    #[error("too few or too many cameras")]
    Cameras,
    /// A stretch ends before it begins, or is longer than 31 days.
    #[error("not a stretch of time")]
    Period,
    /// There are too many already.
    #[error("too many")]
    TooMany,
    /// There is no such incident or bookmark, or not for this person.
    #[error("no such incident or bookmark")]
    Unknown,
    /// It is closed, and has to be opened again first.
    #[error("it is closed")]
    Closed,
    /// Only who began it, or a supervisor, may do that.
    #[error("only who began it or a supervisor may do that")]
    NotYours,
}

const LONGEST_TITLE: usize = 200;
const LONGEST_NUMBER: usize = 100;
const LONGEST_WORDS: usize = 500;
const LONGEST_NOTE: usize = 4000;
pub(super) const MOST_STRETCHES: usize = 100;
const MOST_CAMERAS: usize = 16;
pub(super) const MOST_NOTES: usize = 500;
const MOST_READERS: usize = 200;
/// What belongs to a moment of an incident, before and after it.
const AROUND: Duration = Duration::from_secs(30);
const LONGEST_PERIOD: Duration = Duration::from_secs(31 * 24 * 3600);

impl Incident {
    pub(super) fn check(&self) -> Result<(), NotKept> {
        check_incident(&self.title, &self.case_number, &self.audience, &self.stretches)?;
        if self.notes.len() > MOST_NOTES || self.history.is_empty() {
            return Err(NotKept::TooMany);
        }
        self.notes.iter().try_for_each(|note| check_note(&note.text))
    }

    /// Makes a period of these cameras part of it; a moment with a little around it.
    pub(super) fn reach(&mut self, cameras: &[Id], period: Period) -> Result<(), NotKept> {
        let period = if period.from == period.until {
            Period { from: period.from.minus(AROUND), until: period.until.plus(AROUND) }
        } else {
            period
        };
        let mut stretches = self.stretches.clone();
        for camera in cameras {
            match stretches.iter_mut().find(|stretch| stretch.camera == *camera) {
                Some(Stretch { period: own, .. }) => {
                    *own = Period { from: own.from.min(period.from), until: own.until.max(period.until) };
                }
                None => stretches.push(Stretch { camera: camera.clone(), period }),
            }
        }
        check_incident(&self.title, &self.case_number, &self.audience, &stretches)?;
        self.stretches = stretches;
        Ok(())
    }

    /// Who began it.
    #[must_use]
    pub fn began_by(&self) -> &str {
        self.history.first().map_or("", |done| &done.by.account)
    }

    /// When it was begun, milliseconds since 1970.
    #[must_use]
    pub fn began_ms(&self) -> i64 {
        self.history.first().map_or(0, |done| done.at_ms)
    }
}

impl Bookmark {
    pub(super) fn check(&self) -> Result<(), NotKept> {
        check_bookmark(&self.cameras, self.period, &self.words)
    }
}

pub(super) fn check_incident(
    title: &str,
    case_number: &str,
    audience: &Audience,
    stretches: &[Stretch],
) -> Result<(), NotKept> {
    if title.trim().is_empty() || !is_line(title, LONGEST_TITLE) {
        return Err(NotKept::Title);
    }
    if !is_line(case_number, LONGEST_NUMBER) {
        return Err(NotKept::CaseNumber);
    }
    if stretches.len() > MOST_STRETCHES {
        return Err(NotKept::Cameras);
    }
    if audience.accounts.len() > MOST_READERS {
        return Err(NotKept::TooMany);
    }
    stretches.iter().try_for_each(|stretch| check_period(stretch.period))
}

pub(super) fn check_bookmark(cameras: &[Id], period: Period, words: &str) -> Result<(), NotKept> {
    if !(1..=MOST_CAMERAS).contains(&cameras.len()) {
        return Err(NotKept::Cameras);
    }
    if !is_line(words, LONGEST_WORDS) {
        return Err(NotKept::Text);
    }
    check_period(period)
}

pub(super) fn check_note(text: &str) -> Result<(), NotKept> {
    let plain = text.chars().all(|letter| !letter.is_control() || letter == '\n');
    let sound = !text.trim().is_empty() && text.chars().count() <= LONGEST_NOTE && plain;
    if sound { Ok(()) } else { Err(NotKept::Text) }
}

fn is_line(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.chars().any(char::is_control)
}

fn check_period(period: Period) -> Result<(), NotKept> {
    let sound = period.from <= period.until && period.length() <= LONGEST_PERIOD;
    if sound { Ok(()) } else { Err(NotKept::Period) }
}
