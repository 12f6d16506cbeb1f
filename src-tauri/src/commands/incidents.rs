//! Incidents and bookmarks.

use model::Id;

use super::Shared;
use crate::wire::Notice;
use crate::wire::incidents::{BookmarkFields, IncidentBook, IncidentFields};
use crate::wire::stock::SavedFile;

#[tauri::command(async)]
pub(crate) fn incidents(console: Shared<'_>) -> Result<IncidentBook, Notice> {
    console.incidents()
}

#[tauri::command(async)]
pub(crate) fn save_incident(console: Shared<'_>, fields: IncidentFields) -> Result<Id, Notice> {
    console.save_incident(fields)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn close_incident(console: Shared<'_>, id: Id, closed: bool) -> Result<(), Notice> {
    console.close_incident(&id, closed)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn note_incident(console: Shared<'_>, id: Id, text: String) -> Result<(), Notice> {
    console.note_incident(&id, &text)
}

#[tauri::command(async)]
pub(crate) fn save_bookmark(console: Shared<'_>, fields: BookmarkFields) -> Result<Id, Notice> {
    console.save_bookmark(fields)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn remove_bookmark(console: Shared<'_>, id: Id) -> Result<(), Notice> {
    console.remove_bookmark(&id)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn incident_report(console: Shared<'_>, id: Id) -> Result<SavedFile, Notice> {
    console.incident_report(&id)
}
