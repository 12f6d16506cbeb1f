//! Listening to cameras, and speaking through them.

use model::Id;

use super::Shared;
use crate::wire::Notice;

#[tauri::command]
pub(crate) fn listen(console: Shared<'_>, camera: Option<Id>) -> Result<(), Notice> {
    console.listen(camera)
}

#[tauri::command]
pub(crate) fn talk(console: Shared<'_>, camera: Option<Id>) -> Result<(), Notice> {
    console.talk(camera)
}
