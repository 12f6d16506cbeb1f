//! What the page may ask for. Thin: each is one method of the console.
//!
//! They run on the thread of the windows, one after the other in the order in which they were asked for: two arrows must
//! not overtake each other. None of them waits for a window, a stream or a disk; the one that does runs beside it.

mod enrol;
mod events;
mod evidence;
mod house;
mod incidents;
mod motion;
mod people;
mod playback;
mod sound;
mod steer;
mod view;

use std::sync::Arc;

use tauri::State;

pub(crate) use enrol::*;
pub(crate) use events::*;
pub(crate) use evidence::*;
pub(crate) use house::*;
pub(crate) use incidents::*;
pub(crate) use motion::*;
pub(crate) use people::*;
pub(crate) use playback::*;
pub(crate) use sound::*;
pub(crate) use steer::*;
pub(crate) use view::*;

use crate::console::{Console, Task};
use crate::wire::{self, Act, Leaving, Mark, Notice, PictureFormat, SavedPicture, Settings, Surface};

type Shared<'a> = State<'a, Arc<Console>>;

#[tauri::command]
pub(crate) fn load(console: Shared<'_>) -> Result<wire::Console, Notice> {
    console.load()
}

#[tauri::command]
pub(crate) fn act(console: Shared<'_>, wall: u32, act: Act, number: Option<u32>) -> Result<(), Notice> {
    match number {
        Some(number) => console.act_of_page(wall, &act, number),
        None => console.act(wall, &act),
    }
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn foresee(console: Shared<'_>, wall: u32, act: Act) -> Option<wire::Foreseen> {
    console.foresee(wall, &act)
}

#[tauri::command]
pub(crate) fn undo(console: Shared<'_>) -> Result<(), Notice> {
    console.undo()
}

#[tauri::command]
pub(crate) fn redo(console: Shared<'_>) -> Result<(), Notice> {
    console.redo()
}

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn open_wall(console: Shared<'_>, monitor: String) -> Result<(), Notice> {
    console.open_wall(&monitor)
}

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn move_wall(console: Shared<'_>, wall: u32, monitor: String) -> Result<(), Notice> {
    console.move_wall(wall, &monitor)
}

#[tauri::command]
pub(crate) fn close_wall(console: Shared<'_>, wall: u32) -> Result<(), Notice> {
    console.close_wall(wall)
}

#[tauri::command]
pub(crate) fn set_surface(console: Shared<'_>, surface: Surface) {
    console.set_surface(surface);
}

#[tauri::command]
pub(crate) fn set_mark(console: Shared<'_>, wall: u32, mark: Option<Mark>) {
    console.set_mark(wall, mark);
}

#[tauri::command(async)]
pub(crate) fn save_picture(
    console: Shared<'_>,
    wall: u32,
    at: usize,
    format: PictureFormat,
) -> Result<SavedPicture, Notice> {
    console.save_picture(wall, at, format)
}

#[tauri::command]
pub(crate) fn set_settings(console: Shared<'_>, settings: Settings) -> Result<(), Notice> {
    console.choose_settings(settings)
}

#[tauri::command]
pub(crate) fn quit(console: Shared<'_>, walls: Leaving) {
    console.order(Task::Leave(walls));
}
