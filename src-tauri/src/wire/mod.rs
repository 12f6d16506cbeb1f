//! What crosses between the program and the page. `ui/src/ipc/wire.ts` is made from these types (`make wire`); a test
//! fails where the two differ.

mod acts;
#[cfg(test)]
mod declarations;
pub mod enrol;
pub mod events;
pub mod evidence;
pub mod health;
pub mod incidents;
pub mod motion;
pub mod people;
pub mod plan;
pub mod playback;
pub mod records;
pub mod saved;
pub mod sharing;
pub mod sound;
mod state;
pub mod steer;
pub mod stock;
mod surface;
mod tree;
pub mod view;

use layouts::{Preset, Wall};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use acts::{Act, Subject};
pub use plan::{Foreseen, Instead, LinkStatus, Viewers};
pub use state::{CameraStatus, Look, Profile, Status, WallStatus};
pub use surface::{Box, Mark, MarkKind, Surface};
pub use tree::{Camera, District, Recorder, Site};

/// The language of all words.
pub use crate::words::Language;

/// How the page looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// For a dim room.
    #[default]
    Dark,
    /// For an office.
    Light,
    /// As the desktop has it.
    System,
}

/// What holds for the whole program on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// Of all words.
    pub language: Language,
    /// Of the page.
    pub theme: Theme,
    /// Names and states on the pictures.
    pub captions: bool,
    /// A sound when a camera is lost or comes back.
    pub sounds: bool,
    /// How loud cameras are heard, in percent.
    pub volume: u8,
    /// The share of recorders and sites that is left to what a person selects or enlarges, in percent, 0–50.
    pub reserve: u8,
    /// Controls lock when nobody has touched them for so many minutes; 0: never.
    pub lock_after: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            captions: true,
            sounds: true,
            volume: 80,
            reserve: 10,
            lock_after: 10,
        }
    }
}

/// All walls, the main window's first.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Desk {
    /// The main window's first.
    pub walls: Vec<Wall>,
    /// Something can be undone.
    pub can_undo: bool,
    /// Something that was undone can be done again.
    pub can_redo: bool,
    /// Tours that run.
    pub tours: Vec<saved::RunningTour>,
    /// The last of the page's acts that this includes, by its number.
    pub done: u32,
}

/// A monitor that a wall can be opened on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Monitor {
    /// Tells monitors apart, at whatever connector they are.
    pub key: String,
    /// As people know it: maker and model, else the connector.
    pub name: String,
    /// Physical pixels.
    pub width: u32,
    /// Physical pixels.
    pub height: u32,
    /// From the left edge of the desktop.
    pub x: i32,
    /// From the upper edge of the desktop.
    pub y: i32,
    /// The desktop's first.
    pub primary: bool,
}

/// Everything that the page needs at its start.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Console {
    /// The program's.
    pub version: String,
    /// What the inventory is of; empty without one.
    pub province: String,
    /// The tree.
    pub districts: Vec<District>,
    /// The walls.
    pub desk: Desk,
    /// Where walls can be opened.
    pub monitors: Vec<Monitor>,
    /// Language, theme, captions.
    pub settings: Settings,
    /// Ready-made layouts.
    pub presets: Vec<Preset>,
    /// What went wrong while starting (a damaged file, say).
    pub notices: Vec<Notice>,
}

/// How urgent a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nobody needs to do anything.
    Info,
    /// Somebody should.
    Warning,
    /// What was asked for was not done.
    Error,
}

/// Words made by the program, in the language of the settings at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Notice {
    /// How urgent.
    pub level: Level,
    /// What happened.
    pub title: String,
    /// Where, and what to do.
    pub detail: String,
}

/// How a picture is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PictureFormat {
    /// Exact.
    Png,
    /// Small.
    Jpeg,
}

/// A picture has been saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedPicture {
    /// Where.
    pub path: String,
}

/// What becomes of the walls on other monitors when the main window is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// They stay.
    Keep,
    /// They are closed too, and the program ends.
    Close,
}
