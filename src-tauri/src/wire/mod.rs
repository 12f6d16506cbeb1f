//! What crosses between the program and the page. `ui/src/ipc/wire.ts` is made from these types (`make wire`); a test
//! fails where the two differ.

pub mod health;
pub mod people;
pub mod plan;
pub mod records;
pub mod saved;
pub mod sharing;
pub mod stock;

use layouts::{Axis, Layout, Preset, Wall};
use model::{Fit, Id, Turn};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use plan::{Foreseen, Instead, LinkStatus, Viewers};

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
}

/// One camera or several by one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// This camera.
    Camera {
        /// The camera's.
        id: Id,
    },
    /// All of a recorder's.
    Recorder {
        /// The recorder's.
        id: Id,
    },
    /// All of a site's.
    Site {
        /// The site's.
        id: Id,
    },
    /// All of a district's.
    District {
        /// The district's.
        name: String,
    },
}

/// What a person does to a wall. Indices are into slots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// Another division.
    Layout {
        /// The new one.
        layout: Layout,
    },
    /// Cameras on a tile and those after it; without `at` they replace the whole wall, with a layout that holds them.
    Place {
        /// The first tile.
        at: Option<usize>,
        /// What is put there.
        subject: Subject,
    },
    /// All cameras there are, each on a small tile of one page.
    Overview,
    /// An empty tile.
    Clear {
        /// Which.
        at: usize,
    },
    /// An empty wall.
    Empty,
    /// Two tiles change places.
    Swap {
        /// The one.
        a: usize,
        /// The other.
        b: usize,
    },
    /// Keys and controls work on this tile.
    Select {
        /// Which; null for none.
        at: Option<usize>,
    },
    /// One camera covers the wall, or none any more.
    Enlarge {
        /// Which.
        at: Option<usize>,
    },
    /// Another page.
    Page {
        /// From 0.
        page: usize,
    },
    /// Pages turn by themselves, or no longer.
    Turning {
        /// How long a page stays.
        seconds: Option<u16>,
    },
    /// How the picture is laid in.
    Fit {
        /// Which tile.
        at: usize,
        /// How.
        fit: Fit,
    },
    /// Which side of the picture is up.
    Turn {
        /// Which tile.
        at: usize,
        /// How.
        turn: Turn,
    },
    /// The tile shows what is selected elsewhere, or no longer.
    Hotspot {
        /// Which tile.
        at: usize,
        /// From now on.
        on: bool,
    },
    /// Moves the border before column or row `line` (1…n-1).
    Border {
        /// Which lines.
        axis: Axis,
        /// Which one.
        line: usize,
        /// Share of the wall, 0–1.
        position: f64,
    },
    /// One tile from all in the smallest rectangle around both; what stood on the others moves behind the page.
    Merge {
        /// The one.
        a: usize,
        /// The other.
        b: usize,
    },
    /// A spanning tile back into single ones; a single one into two by two.
    Split {
        /// Which.
        at: usize,
    },
}

/// A camera in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Camera {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Where that is known.
    pub outdoor: Option<bool>,
}

/// A recorder in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Recorder {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Channel by channel.
    pub cameras: Vec<Camera>,
}

/// A site in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Site {
    /// Unique.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Its recorders.
    pub recorders: Vec<Recorder>,
    /// Where it is, if that is known.
    pub position: Option<stock::Position>,
    /// Which zone it lies in, if any.
    pub zone: Option<stock::Zone>,
}

/// A district in the tree.
#[derive(Clone, Debug, Serialize, TS)]
pub struct District {
    /// Unique.
    pub name: String,
    /// Its sites.
    pub sites: Vec<Site>,
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

/// How a camera looks on its tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Pictures arrive.
    Live,
    /// They are on their way.
    Waiting,
    /// None, or an old one.
    Dark,
}

/// Which of a camera's streams is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The full picture.
    Main,
    /// The small one.
    Sub,
}

/// How an open camera stands. Cameras that no wall shows are not open and not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CameraStatus {
    /// Which.
    pub id: Id,
    /// On its tile.
    pub look: Look,
    /// Why it is not live; empty when it is.
    pub text: String,
    /// Since when, and what to do; of a live one, what keeps it from a better picture.
    pub detail: String,
    /// Which stream is seen.
    pub profile: Option<Profile>,
    /// How many watch it; null where that is not limited.
    pub viewers: Option<Viewers>,
}

/// How a wall stands.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct WallStatus {
    /// Which.
    pub id: u32,
    /// Tiles with a camera.
    pub cameras: usize,
    /// Those of them that are live.
    pub live: usize,
    /// All tiles together.
    pub pictures_per_second: f64,
    /// Who draws, e.g. "AVX2" or "Vulkan: NVIDIA RTX A2000".
    pub renderer: String,
}

/// How everything stands; sent twice a second.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Status {
    /// Open cameras that differ from the last status; after `load` all.
    pub cameras: Vec<CameraStatus>,
    /// Cameras that are no longer open.
    pub closed: Vec<Id>,
    /// All open walls.
    pub walls: Vec<WallStatus>,
    /// Sites with open streams.
    pub sites: Vec<LinkStatus>,
    /// Recorders with open streams.
    pub recorders: Vec<LinkStatus>,
    /// Planned share of this machine's decoding, 0–1.
    pub decode_share: f64,
    /// Something else keeps this machine so busy that less is shown.
    pub overloaded: bool,
    /// Open streams.
    pub streams: usize,
    /// Of all streams together.
    pub megabits_per_second: f64,
    /// Who decodes, e.g. "CPU", "NVDEC", "CPU + VAAPI".
    pub decoder: String,
    /// Whether other workstations are asked for room.
    pub sharing: sharing::SharingStatus,
    /// Of all cores, 0–1; null where unknown.
    pub cpu: Option<f64>,
    /// The program's, MiB; null where unknown.
    pub memory_mib: Option<f64>,
}

/// In CSS pixels of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Box {
    /// From the left edge.
    pub x: f64,
    /// From the upper edge.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// Where the wall lies in the page, and which parts of it the page wants to show itself (menus, dialogs, controls).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Surface {
    /// The wall; without width it is hidden.
    pub wall: Box,
    /// Left out of it.
    pub holes: Vec<Box>,
    /// Physical pixels a CSS pixel.
    pub scale: f64,
}

/// Why a tile is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// The pointer is over it.
    Hover,
    /// What is dragged would fall there.
    Drop,
}

/// A tile under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct Mark {
    /// Index into slots.
    pub at: usize,
    /// Why.
    pub kind: MarkKind,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ts_rs::{Config, TypeVisitor};

    use super::*;

    const HEAD: &str =
        "// Made from the program's own types (src-tauri/src/wire) by `make wire`: change them there.\n";

    /// Gathers a type and all that it is made of, by name.
    struct Gather<'a> {
        config: &'a Config,
        found: BTreeMap<String, String>,
    }

    impl TypeVisitor for Gather<'_> {
        fn visit<T: TS + 'static + ?Sized>(&mut self) {
            // Types without a file of their own (numbers, lists …) need no declaration.
            if T::output_path().is_none() {
                return T::visit_dependencies(self);
            }
            let declaration = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(self.config));
            if self.found.insert(T::ident(self.config), declaration).is_none() {
                T::visit_dependencies(self);
            }
        }
    }

    fn declarations() -> String {
        let config = Config::new().with_large_int("number");
        let mut gather = Gather { config: &config, found: BTreeMap::new() };
        gather.visit::<Console>();
        gather.visit::<Act>();
        gather.visit::<Status>();
        gather.visit::<Surface>();
        gather.visit::<Foreseen>();
        gather.visit::<Mark>();
        gather.visit::<SavedPicture>();
        gather.visit::<PictureFormat>();
        gather.visit::<Leaving>();
        gather.visit::<people::Session>();
        gather.visit::<people::SignIn>();
        gather.visit::<people::Weakness>();
        gather.visit::<people::Enrolment>();
        gather.visit::<people::Account>();
        gather.visit::<people::AccountFields>();
        gather.visit::<people::Logins>();
        gather.visit::<people::LoginResult>();
        gather.visit::<stock::Stock>();
        gather.visit::<stock::ImportOptions>();
        gather.visit::<stock::ImportPreview>();
        gather.visit::<stock::StockState>();
        gather.visit::<stock::StockFormat>();
        gather.visit::<stock::SavedFile>();
        gather.visit::<stock::ZoneMark>();
        gather.visit::<records::RecordFilter>();
        gather.visit::<records::RecordPage>();
        gather.visit::<records::Watched>();
        gather.visit::<records::RecordVerdict>();
        gather.visit::<records::RecordFormat>();
        gather.visit::<health::Board>();
        gather.visit::<health::CameraNews>();
        gather.visit::<health::Handover>();
        gather.visit::<saved::Saved>();
        gather.visit::<sharing::Sharing>();
        gather.visit::<saved::TourFields>();
        let all: Vec<String> = gather.found.into_values().collect();
        format!("{HEAD}\n{}", all.join("\n"))
    }

    #[test]
    fn wire_types_of_the_page_are_the_programs() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/ipc/wire.ts");
        let wanted = declarations();
        if std::env::var_os("WATCHWALL_WRITE_WIRE").is_some() {
            std::fs::write(path, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap();
        assert!(
            found == wanted,
            "ui/src/ipc/wire.ts is not what the program says; `make wire` writes it anew"
        );
    }
}
