//! Motion that is looked for in recordings.

use model::Id;

use super::Shared;
use crate::wire::Notice;
use crate::wire::motion::{MotionFields, MotionSearch};
use crate::wire::playback::RecordedPicture;

#[tauri::command(async)]
pub(crate) fn search_motion(console: Shared<'_>, wall: u32, fields: MotionFields) -> Result<(), Notice> {
    console.search_motion(wall, fields)
}

#[tauri::command(async)]
pub(crate) fn end_motion_search(console: Shared<'_>, wall: u32, forget: bool) -> Result<(), Notice> {
    console.end_motion_search(wall, forget)
}

#[tauri::command]
pub(crate) fn motion_searches(console: Shared<'_>) -> Result<Vec<MotionSearch>, Notice> {
    console.motion_searches()
}

#[tauri::command(async)]
pub(crate) fn motion_still(
    console: Shared<'_>,
    wall: u32,
    camera: Id,
) -> Result<Option<RecordedPicture>, Notice> {
    console.motion_still(wall, &camera)
}

#[tauri::command]
pub(crate) fn motion_picture(
    console: Shared<'_>,
    wall: u32,
    number: u32,
    hit: u32,
) -> Result<Option<RecordedPicture>, Notice> {
    console.motion_picture(wall, number, hit)
}
