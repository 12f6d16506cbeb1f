//! Recordings on walls.

use model::{Id, Moment, Period, Recorded};

use super::Shared;
use crate::wire::Notice;
use crate::wire::playback::{DayHeld, PlayAct, Playback, RecordedPicture};

#[tauri::command(async)]
pub(crate) fn start_playback(console: Shared<'_>, wall: u32, at: Moment) -> Result<(), Notice> {
    console.start_playback(wall, at)
}

#[tauri::command]
pub(crate) fn play(console: Shared<'_>, wall: u32, act: PlayAct) -> Result<(), Notice> {
    console.play(wall, act)
}

#[tauri::command(async)]
pub(crate) fn end_playback(console: Shared<'_>, wall: u32) -> Result<(), Notice> {
    console.end_playback(wall)
}

#[tauri::command]
pub(crate) fn playback(console: Shared<'_>) -> Result<Vec<Playback>, Notice> {
    console.playback()
}

#[tauri::command]
pub(crate) async fn recorded(
    console: Shared<'_>,
    camera: Id,
    period: Period,
) -> Result<Vec<Recorded>, Notice> {
    console.recorded(camera, period).await
}

#[tauri::command]
pub(crate) async fn recorded_picture(
    console: Shared<'_>,
    wall: u32,
    camera: Id,
    at: Moment,
    within_ms: u32,
) -> Result<Option<RecordedPicture>, Notice> {
    console.recorded_picture(wall, camera, at, within_ms).await
}

#[tauri::command]
pub(crate) async fn recorded_days(
    console: Shared<'_>,
    camera: Id,
    days: Vec<Period>,
    thorough: bool,
) -> Result<Vec<DayHeld>, Notice> {
    console.recorded_days(camera, days, thorough).await
}
