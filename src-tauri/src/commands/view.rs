//! What is kept of single cameras' pictures. How a picture is looked at is an act on its wall.

use model::{Id, Lens};

use super::Shared;
use crate::wire::Notice;
use crate::wire::view::Views;

#[tauri::command(async)]
pub(crate) fn views(console: Shared<'_>) -> Result<Views, Notice> {
    console.views()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn keep_view(console: Shared<'_>, wall: u32, at: usize, name: String) -> Result<(), Notice> {
    console.keep_view(wall, at, &name)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn remove_view(console: Shared<'_>, camera: Id, id: Id) -> Result<(), Notice> {
    console.remove_view(&camera, &id)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn set_lens(console: Shared<'_>, camera: Id, lens: Option<Lens>) -> Result<(), Notice> {
    console.set_lens(&camera, lens)
}
