//! The console: what people have arranged, the windows that show it, and what they are told of it.
//!
//! Commands of the page, keys on wall windows and the passing of time all end in the methods of [`Console`]. It holds
//! two locks, never both: the state (what is wanted) and the walls (what is open). Windows are made and closed on the
//! thread `console` alone, because the thread of the windows waits for nobody.

mod accounts;
mod acts;
mod chores;
mod enrol;
mod equipment;
mod events;
mod evidence;
mod files;
mod foresee;
mod handover;
mod health;
mod incidents;
mod kept;
mod keys;
mod logins;
mod news;
mod notices;
mod pictures;
mod playback;
mod preset_stills;
pub(crate) mod records;
mod safekeeping;
mod session;
mod sharing;
mod sound;
mod start;
mod status;
mod steer;
mod stock;
mod tree;
mod views;
mod walls;
mod watching;
mod worker;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::SyncSender;

use engine::People;
use inventory::Inventory;
use layouts::{Arrangement, presets};
use model::{Action, Id};
use parking_lot::Mutex;
use render::Backend;
use serde::Serialize;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::bells::Bells;
use crate::saver::Saver;
use crate::wall::feeds::Feeds;
use crate::wire::health::Condition;
use crate::wire::{self, Monitor, Notice, Settings};
use crate::words::Words;

pub use handover::{Leaves, Left};
pub use start::{Folders, Started, start};
pub(crate) use worker::closing;
pub use worker::{Task, work};

use tree::tree;
use walls::OpenWall;

/// The name of the main window.
pub const MAIN: &str = "main";

/// In percent. More would leave nothing to what is shown.
const MOST_RESERVE: u8 = 50;

/// See the module.
pub struct Console {
    app: AppHandle,
    feeds: Arc<Feeds>,
    people: Arc<People>,
    stock: stock::Stock,
    shared: sharing::Kept,
    left: handover::Leaving,
    equipment: equipment::Equipment,
    playing: playback::Playing,
    incidents: incidents::Incidents,
    exports: evidence::Exports,
    safekeeping: safekeeping::Safekeeping,
    sound: sound::Sound,
    preset_stills: preset_stills::PresetStills,
    bells: Arc<Bells>,
    backend: Backend,
    saver: Mutex<Saver>,
    tasks: SyncSender<Task>,
    state: Mutex<State>,
    walls: Mutex<BTreeMap<u32, OpenWall>>,
    /// How many wall windows are open, for the thread of the windows, which takes no lock.
    windows: AtomicUsize,
    /// Where statistics go at the end.
    statistics: Option<PathBuf>,
}

/// What is wanted.
struct State {
    arrangement: Arrangement,
    settings: Settings,
    words: Arc<Words>,
    monitors: Vec<Monitor>,
    surface: wire::Surface,
    notices: Vec<Notice>,
    status: status::Told,
    shelf: kept::Shelf,
    /// What people keep of single cameras.
    views: layouts::Views,
    /// Page and file do not know yet how a picture is looked at.
    untold: bool,
    /// The last of the page's acts that the arrangement includes.
    done: u32,
    newsroom: news::Newsroom,
    watching: watching::Watching,
    /// What the page was told last of cameras that are steered, and of what devices have noticed.
    steering: Vec<wire::steer::Steering>,
    noticed: Vec<wire::events::DeviceNotice>,
    /// Places that rules have lent to cameras.
    lent: Vec<events::Lent>,
    /// How cameras and recorders stood when the board was last asked for, and since when (milliseconds since 1970).
    conditions: HashMap<Id, (Condition, f64)>,
    pictures: PathBuf,
    /// Where lists and records that people ask for are written.
    documents: PathBuf,
}

impl Console {
    /// Everything that the page needs at its start.
    ///
    /// # Errors
    /// Nobody has signed in, or something is due first.
    pub fn load(&self) -> Result<wire::Console, Notice> {
        let Some(person) = self.people.at_work() else {
            return Err(notices::error_notice("denied_nobody", &[], &self.words()));
        };
        let inventory = self.inventory();
        let mut state = self.state.lock();
        state.status.forget();
        Ok(wire::Console {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            province: inventory.name().to_owned(),
            districts: tree(&inventory, &person, &self.stock),
            desk: state.desk(),
            monitors: state.monitors.clone(),
            settings: state.settings.clone(),
            presets: presets(),
            notices: state.notices.clone(),
        })
    }

    /// What there is to be watched.
    pub(super) fn inventory(&self) -> Arc<Inventory> {
        self.feeds.inventory()
    }

    /// Takes over what a person has chosen. What holds for everybody at this workstation stays as it is unless the person
    /// may change that; language and theme are everybody's, also before anybody has signed in.
    ///
    /// # Errors
    /// In words: the controls are locked, or the person may not change what is changed; the rest is taken over.
    pub fn choose_settings(&self, settings: Settings) -> Result<(), Notice> {
        let before = self.state.lock().settings.clone();
        let common = |settings: &Settings| (settings.lock_after, settings.reserve);
        let mut chosen = settings.clone();
        let allowed = if common(&settings) == common(&before) {
            Ok(())
        } else {
            self.allow(Action::ManageSettings, None).map(|_| {
                self.people.note(audit::Event::SettingsChanged {
                    what: "lock_after, reserve".into(),
                    before: format!("{:?}", common(&before)).as_str().into(),
                    after: format!("{:?}", common(&settings)).as_str().into(),
                });
            })
        };
        if allowed.is_err() {
            (chosen.lock_after, chosen.reserve) = common(&before);
            self.tell("settings", chosen.clone());
        }
        self.set_settings(chosen);
        allowed
    }

    /// Language, theme and captions, at once and everywhere.
    fn set_settings(&self, settings: Settings) {
        let words = {
            let mut state = self.state.lock();
            if state.settings.language != settings.language {
                state.words = Arc::new(Words::new(settings.language));
                state.status.forget();
            }
            state.settings = settings.clone();
            Arc::clone(&state.words)
        };
        for open in self.walls.lock().values() {
            open.controls.set_words(Arc::clone(&words));
            open.controls.set_captions(settings.captions);
        }
        self.feeds.set_reserve(f64::from(settings.reserve.min(MOST_RESERVE)) / 100.0);
        self.sound.set_volume(settings.volume);
        self.saver.lock().settings(settings);
    }

    /// The system's print dialog, for what the page shows.
    ///
    /// # Errors
    /// In words: there is no page, or it cannot print.
    pub fn print(&self) -> Result<(), Notice> {
        let page = self.app.get_webview_window(MAIN);
        let printed = page.map(|page| page.print().map_err(|error| error.to_string()));
        match printed {
            Some(Ok(())) => Ok(()),
            Some(Err(reason)) => {
                Err(notices::error_notice("not_printed", &[("reason", &reason)], &self.words()))
            }
            None => Ok(()),
        }
    }

    /// Tells the page, if it is there.
    fn tell<T: Serialize + Clone>(&self, event: &str, what: T) {
        if self.app.get_window(MAIN).is_some()
            && let Err(error) = self.app.emit_to(MAIN, event, what)
        {
            log::warn!("the page was not told of {event}: {error}");
        }
    }

    /// Hands a task to the thread `console`.
    pub fn order(&self, task: Task) {
        // Never waits: this is also called on the thread of the windows. It ends only with the program.
        if let Err(error) = self.tasks.try_send(task) {
            log::warn!("a task is lost: {error}");
        }
    }
}

impl State {
    fn desk(&self) -> wire::Desk {
        wire::Desk {
            walls: self.arrangement.desk().walls().to_vec(),
            can_undo: self.arrangement.can_undo(),
            can_redo: self.arrangement.can_redo(),
            tours: self.shelf.running(),
            done: self.done,
        }
    }
}
