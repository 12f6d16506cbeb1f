//! Incidents and bookmarks.

use model::{Id, Period};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A stretch of a camera's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IncidentStretch {
    /// Which camera.
    pub camera: Id,
    /// True time, microseconds since 1970.
    pub period: Period,
}

/// Something that somebody wrote down.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct IncidentNote {
    /// Who.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at: f64,
    /// What; may have several lines.
    pub text: String,
}

/// What was done with an incident.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct IncidentDone {
    /// Who.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at: f64,
    /// What, in words.
    pub text: String,
}

/// An incident, as the person reads it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Incident {
    /// Unique.
    pub id: Id,
    /// What it is, in a few words.
    pub title: String,
    /// As the authority numbers it; may be empty.
    pub case_number: String,
    /// Whoever may see its cameras' recordings reads it.
    pub everyone: bool,
    /// These accounts read it, besides who began it and supervisors.
    pub accounts: Vec<String>,
    /// The person may say who reads it.
    pub own: bool,
    /// Where and when, without the cameras that the person may not see.
    pub stretches: Vec<IncidentStretch>,
    /// The oldest first.
    pub notes: Vec<IncidentNote>,
    /// The oldest first.
    pub history: Vec<IncidentDone>,
    /// It is over.
    pub closed: bool,
    /// Who began it.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at: f64,
}

/// A place in recordings that somebody wants to find again.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Bookmark {
    /// Unique.
    pub id: Id,
    /// Of which cameras.
    pub cameras: Vec<Id>,
    /// True time, microseconds since 1970; a moment where both ends are the same.
    pub period: Period,
    /// In somebody's words; may be empty.
    pub words: String,
    /// Who set it.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at: f64,
    /// The person may change it.
    pub own: bool,
    /// Which incident it belongs to.
    pub incident: Option<Id>,
}

/// Somebody who may work here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Colleague {
    /// The account.
    pub account: String,
    /// As colleagues call them.
    pub name: String,
}

/// Everything that the person reads, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct IncidentBook {
    /// See there.
    pub incidents: Vec<Incident>,
    /// See there.
    pub bookmarks: Vec<Bookmark>,
    /// To share incidents with.
    pub colleagues: Vec<Colleague>,
}

/// What a person says of an incident.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
pub struct IncidentFields {
    /// Which; null: a new one.
    pub id: Option<Id>,
    /// See [`Incident`].
    pub title: String,
    /// See there.
    pub case_number: String,
    /// See there.
    pub everyone: bool,
    /// See there.
    pub accounts: Vec<String>,
    /// See there.
    pub stretches: Vec<IncidentStretch>,
}

/// What a person says of a bookmark.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
pub struct BookmarkFields {
    /// Which; null: a new one.
    pub id: Option<Id>,
    /// See [`Bookmark`].
    pub cameras: Vec<Id>,
    /// See there.
    pub period: Period,
    /// See there.
    pub words: String,
    /// See there.
    pub incident: Option<Id>,
}
