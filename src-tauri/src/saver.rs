//! Saves in the background what has changed, the newest state only: a disk that takes its time holds up nobody.

use std::sync::Arc;
use std::thread::JoinHandle;

use layouts::{Desk, Kept, Views};
use parking_lot::{Condvar, Mutex};
use serde::{Deserialize, Serialize};
use store::{SaveError, Store};

use crate::wire::{Settings, Surface};

/// Where the main window was, so that the wall is there at once the next time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Inner size in physical pixels.
    pub width: u32,
    /// Inner size in physical pixels.
    pub height: u32,
    /// Covers its monitor's work area.
    pub maximized: bool,
    /// Where the page had the wall.
    pub surface: Surface,
}

/// The program's files.
pub struct Files {
    /// Walls and what stands on them.
    pub walls: Store<Desk>,
    /// Language, theme, captions.
    pub settings: Store<Settings>,
    /// The main window.
    pub window: Store<Window>,
    /// Layouts and tours that people keep.
    pub kept: Store<Kept>,
    /// Views and lenses of single cameras.
    pub views: Store<Views>,
}

#[derive(Default)]
struct Pending {
    walls: Option<Desk>,
    settings: Option<Settings>,
    window: Option<Window>,
    kept: Option<Kept>,
    views: Option<Views>,
    end: bool,
}

/// The thread that saves. Dropping it saves what is left.
pub struct Saver {
    pending: Arc<(Mutex<Pending>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Saver {
    /// Starts it; `failed` is told what could not be saved.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn start(files: Files, failed: impl Fn(SaveError) + Send + 'static) -> std::io::Result<Self> {
        let pending = Arc::new((Mutex::new(Pending::default()), Condvar::new()));
        let shared = Arc::clone(&pending);
        let thread = std::thread::Builder::new().name("save".to_owned()).spawn(move || {
            loop {
                let work = {
                    let (pending, changed) = &*shared;
                    let mut pending = pending.lock();
                    while pending.is_empty() && !pending.end {
                        changed.wait(&mut pending);
                    }
                    let end = pending.end;
                    let work = std::mem::take(&mut *pending);
                    pending.end = end;
                    work
                };
                if work.is_empty() {
                    return;
                }
                let saved = [
                    work.walls.map(|desk| files.walls.save(&desk)),
                    work.settings.map(|settings| files.settings.save(&settings)),
                    work.window.map(|window| files.window.save(&window)),
                    work.kept.map(|kept| files.kept.save(&kept)),
                    work.views.map(|views| files.views.save(&views)),
                ];
                saved.into_iter().flatten().filter_map(Result::err).for_each(&failed);
            }
        })?;
        Ok(Self { pending, thread: Some(thread) })
    }

    /// Saves the walls.
    pub fn walls(&self, desk: Desk) {
        self.change(|pending| pending.walls = Some(desk));
    }

    /// Saves the settings.
    pub fn settings(&self, settings: Settings) {
        self.change(|pending| pending.settings = Some(settings));
    }

    /// Saves where the main window is.
    pub fn window(&self, window: Window) {
        self.change(|pending| pending.window = Some(window));
    }

    /// Saves what people keep.
    pub fn kept(&self, kept: Kept) {
        self.change(|pending| pending.kept = Some(kept));
    }

    /// Saves what people keep of single cameras.
    pub fn views(&self, views: Views) {
        self.change(|pending| pending.views = Some(views));
    }

    /// Waits until everything is saved, and ends.
    pub fn finish(&mut self) {
        self.change(|pending| pending.end = true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    fn change(&self, change: impl FnOnce(&mut Pending)) {
        let (pending, changed) = &*self.pending;
        change(&mut pending.lock());
        changed.notify_one();
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Pending {
    fn is_empty(&self) -> bool {
        let Self { walls, settings, window, kept, views, end: _ } = self;
        walls.is_none() && settings.is_none() && window.is_none() && kept.is_none() && views.is_none()
    }
}
