//! Steering cameras. A hand's pushes wait for nothing and keep their order; what waits for a device runs beside the thread
//! of the windows.

use model::Id;

use super::Shared;
use crate::wire::Notice;
use crate::wire::steer::{Errand, Push, TilePoint, Turned};

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn steer_look_at(console: Shared<'_>, cameras: Vec<Id>) -> Result<(), Notice> {
    console.steer_look_at(&cameras)
}

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn steer_push(console: Shared<'_>, camera: Id, push: Push) -> Result<(), Notice> {
    console.steer_push(&camera, push)
}

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn steer_let_go(console: Shared<'_>, camera: Option<Id>) {
    console.steer_let_go(camera.as_ref());
}

#[tauri::command]
pub(crate) async fn steer(console: Shared<'_>, camera: Id, errand: Errand) -> Result<(), Notice> {
    console.steer(camera, errand).await
}

#[tauri::command]
pub(crate) async fn steer_to(
    console: Shared<'_>,
    wall: u32,
    at: usize,
    from: TilePoint,
    to: Option<TilePoint>,
) -> Result<Turned, Notice> {
    console.steer_to(wall, at, from, to).await
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn preset_still(console: Shared<'_>, camera: Id, token: String) -> Result<String, Notice> {
    console.preset_still(&camera, &token)
}
