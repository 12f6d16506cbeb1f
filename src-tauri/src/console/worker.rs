//! The thread `console`: makes and closes windows, answers keys on wall windows, and looks around twice a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tauri::{AppHandle, Manager as _};

use model::Action;

use super::keys::{self, Asked};
use super::walls::{self, DOUBLE_CLICK_MS};
use super::{Console, MAIN};
use crate::surface::{Event, Key, Modifiers};
use crate::tell;
use crate::wire::{Act, Leaving, Level, Notice, PictureFormat, Settings};

/// How often it looks around.
pub(super) const TICK: Duration = Duration::from_millis(500);
/// How often it asks for the monitors.
const MONITORS: Duration = Duration::from_secs(2);

/// What it is asked to do.
#[derive(Debug)]
pub enum Task {
    /// Bring the wall windows to what the desk says.
    Reconcile,
    /// A key or click on a wall window.
    Input(u32, Event),
    /// Somebody wants to close the window with this label.
    Closing(String),
    /// The main window is to be closed, and the walls with it or not.
    Leave(Leaving),
    /// The program is to end.
    Quit,
}

/// Works until the program ends.
pub fn work(console: &Arc<Console>, tasks: &Receiver<Task>) {
    console.open_main_wall();
    console.reconcile();
    let mut press = None;
    let (mut ticked, mut looked) = (Instant::now(), Instant::now());
    loop {
        match tasks.recv_timeout(TICK.saturating_sub(ticked.elapsed())) {
            Ok(Task::Reconcile) => console.reconcile(),
            Ok(Task::Input(wall, event)) => console.input(wall, event, &mut press),
            Ok(Task::Closing(label)) if label == MAIN => {
                if console.windows.load(Ordering::Relaxed) > 0 {
                    console.tell("close_asked", ());
                } else {
                    return console.end();
                }
            }
            Ok(Task::Closing(label)) => {
                if let Some(id) = walls::id_of(&label) {
                    // It is there, or has been closed a moment ago.
                    let _ = console.close_wall(id);
                }
            }
            Ok(Task::Leave(Leaving::Keep)) => console.close(0),
            Ok(Task::Leave(Leaving::Close) | Task::Quit) | Err(RecvTimeoutError::Disconnected) => {
                return console.end();
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if ticked.elapsed() >= TICK {
            ticked = Instant::now();
            console.tick();
        }
        if looked.elapsed() >= MONITORS {
            looked = Instant::now();
            console.reconcile();
        }
        // The last wall of a program without its main window was closed.
        if console.walls.lock().is_empty() && console.app.get_window(MAIN).is_none() {
            return console.end();
        }
    }
}

impl Console {
    /// Ends everything in order: walls, streams with their goodbyes, files, windows.
    fn end(&self) {
        let ids: Vec<u32> = self.walls.lock().keys().copied().collect();
        // First: nothing may go on turning behind a window that is gone.
        self.equipment.close();
        self.remember_window();
        self.save_statistics();
        for id in ids {
            let open = self.walls.lock().remove(&id);
            // Outside the lock: the thread has to end first.
            drop(open);
        }
        self.end_watching();
        self.end_all_playback();
        self.end_exports();
        self.end_safekeeping();
        self.end_listening();
        self.feeds.close();
        self.people.end();
        self.saver.lock().finish();
        self.app.exit(0);
    }

    /// Writes how long streams took to come, wall by wall.
    fn save_statistics(&self) {
        let Some(path) = &self.statistics else { return };
        let controls: Vec<_> =
            self.walls.lock().iter().map(|(id, open)| (*id, Arc::clone(&open.controls))).collect();
        let walls: BTreeMap<u32, _> =
            controls.into_iter().map(|(id, controls)| (id, controls.reactions())).collect();
        let text = serde_json::to_string_pretty(&walls).map_err(|error| error.to_string());
        let saved = text.and_then(|text| std::fs::write(path, text).map_err(|error| error.to_string()));
        if let Err(reason) = saved {
            let words = Arc::clone(&self.state.lock().words);
            let values = [("path", path.display().to_string()), ("reason", reason)];
            tell(
                &words
                    .say("error_statistics", &values.each_ref().map(|(name, value)| (*name, value.as_str()))),
            );
        }
    }

    fn input(&self, wall: u32, event: Event, press: &mut Option<(u32, usize, u32)>) {
        match event {
            Event::Key(key, held) => self.key(wall, key, held),
            Event::Press { x, y, at } => {
                let Some(size) = self.walls.lock().get(&wall).and_then(super::OpenWall::size) else { return };
                let slot = self
                    .state
                    .lock()
                    .arrangement
                    .desk()
                    .wall(wall)
                    .and_then(|wall| walls::tile_at(wall, size, x, y));
                let Some(slot) = slot else { return };
                let double = press
                    .take()
                    .is_some_and(|(w, s, t)| (w, s) == (wall, slot) && at.wrapping_sub(t) <= DOUBLE_CLICK_MS);
                if double {
                    self.key(wall, Key::Enter, Modifiers::default());
                } else {
                    *press = Some((wall, slot, at));
                    let _ = self.act(wall, &Act::Select { at: Some(slot) });
                }
            }
            Event::Resized(_) | Event::Exposed | Event::Visible(_) => {}
        }
    }

    fn key(&self, id: u32, key: Key, held: Modifiers) {
        let asked = {
            let state = self.state.lock();
            state.arrangement.desk().wall(id).and_then(|wall| keys::asked(key, held, wall))
        };
        match asked {
            None => {}
            // What a key asks for and cannot be done needs no words: nothing happens.
            Some(Asked::Act(act)) => drop(self.act(id, &act)),
            Some(Asked::Undo) => drop(self.undo()),
            Some(Asked::Redo) => drop(self.redo()),
            Some(Asked::Captions) => self.toggle_captions(),
            Some(Asked::Picture) => self.picture_of_selected(id),
            Some(Asked::Console) => self.show_console(),
        }
    }

    fn toggle_captions(&self) {
        if !self.people.may(Action::ArrangeWalls) {
            return;
        }
        let settings = {
            let state = self.state.lock();
            Settings { captions: !state.settings.captions, ..state.settings.clone() }
        };
        self.set_settings(settings.clone());
        self.tell("settings", settings);
    }

    fn picture_of_selected(&self, id: u32) {
        let at = {
            let state = self.state.lock();
            state.arrangement.desk().wall(id).and_then(|wall| wall.enlarged().or(wall.selected()))
        };
        let Some(at) = at else { return };
        match self.save_picture(id, at, PictureFormat::Png) {
            Ok(saved) => {
                let words = Arc::clone(&self.state.lock().words);
                let detail = saved.path;
                let title = words.get("picture_saved").to_owned();
                self.tell("notice", Notice { level: Level::Info, title, detail });
            }
            Err(notice) => self.tell("notice", notice),
        }
    }

    fn show_console(&self) {
        match self.app.get_window(MAIN) {
            Some(window) => {
                let _ = window.unminimize();
                let _ = window.set_focus();
            }
            None => match crate::app::open_main(&self.app, &self.window()) {
                Ok(()) => self.open_main_wall(),
                Err(error) => self.complain("wall_not_opened", &[("reason", &error.to_string())]),
            },
        }
    }
}

/// For the thread of the windows: hands the wish to close to the thread `console`.
pub(crate) fn closing(app: &AppHandle, label: &str) {
    app.state::<Arc<Console>>().order(Task::Closing(label.to_owned()));
}
