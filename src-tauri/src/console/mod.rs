//! The console: what people have arranged, the windows that show it, and what they are told of it.
//!
//! Commands of the page, keys on wall windows and the passing of time all end in the methods of [`Console`]. It holds
//! two locks, never both: the state (what is wanted) and the walls (what is open). Windows are made and closed on the
//! thread `console` alone, because the thread of the windows waits for nobody.

mod keys;
mod notices;
mod start;
mod status;
mod walls;
mod worker;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::SyncSender;

use inventory::Inventory;
use jiff::Zoned;
use layouts::{Arrangement, Desk, Refusal, Wall, presets};
use model::{Id, Picture};
use parking_lot::Mutex;
use render::{Backend, Frame};
use serde::Serialize;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::bells::Bells;
use crate::picture_file::{self, Origin};
use crate::saver::Saver;
use crate::wall::feeds::Feeds;
use crate::wire::{
    self, Act, Mark, MarkKind, Monitor, Notice, PictureFormat, SavedPicture, Settings, Subject,
};
use crate::words::Words;

pub use start::{Started, start};
pub(crate) use worker::closing;
pub use worker::{Task, work};

use walls::OpenWall;

/// The name of the main window.
pub const MAIN: &str = "main";

/// See the module.
pub struct Console {
    app: AppHandle,
    feeds: Arc<Feeds>,
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
    pictures: PathBuf,
}

impl Console {
    /// Everything that the page needs at its start.
    #[must_use]
    pub fn load(&self) -> wire::Console {
        let mut state = self.state.lock();
        state.status.forget();
        wire::Console {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            province: self.feeds.inventory().name().to_owned(),
            districts: tree(self.feeds.inventory()),
            desk: state.desk(),
            monitors: state.monitors.clone(),
            settings: state.settings.clone(),
            presets: presets(),
            notices: state.notices.clone(),
        }
    }

    /// Does what a person asks of a wall.
    ///
    /// # Errors
    /// In words; nothing has been changed then.
    pub fn act(&self, wall: u32, act: &Act) -> Result<(), Notice> {
        let cameras = match act {
            Act::Place { subject, .. } => self.cameras(subject),
            _ => Vec::new(),
        };
        self.change(|arrangement| {
            arrangement.apply(|desk| do_act(desk.wall_mut(wall)?, act, &cameras)).map(|()| true)
        })
    }

    /// Takes the last step back, if there is one.
    pub fn undo(&self) {
        // It cannot be refused.
        let _ = self.change(|arrangement| Ok(arrangement.undo()));
    }

    /// Does the step that was taken back last again, if there is one.
    pub fn redo(&self) {
        let _ = self.change(|arrangement| Ok(arrangement.redo()));
    }

    /// Adds a wall on a monitor.
    ///
    /// # Errors
    /// In words.
    pub fn open_wall(&self, monitor: &str) -> Result<(), Notice> {
        self.change(|arrangement| arrangement.apply(|desk| desk.add_wall(monitor)).map(|_| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Moves a wall to another monitor.
    ///
    /// # Errors
    /// In words.
    pub fn move_wall(&self, wall: u32, monitor: &str) -> Result<(), Notice> {
        self.change(|arrangement| arrangement.apply(|desk| desk.move_wall(wall, monitor)).map(|()| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Closes a wall.
    ///
    /// # Errors
    /// In words.
    pub fn close_wall(&self, wall: u32) -> Result<(), Notice> {
        self.change(|arrangement| arrangement.apply(|desk| desk.remove_wall(wall)).map(|()| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Marks a tile of a wall, or none.
    pub fn set_mark(&self, wall: u32, mark: Option<Mark>) {
        let mark = mark.map(|mark| {
            let frame = match mark.kind {
                MarkKind::Hover => Frame::Hover,
                MarkKind::Drop => Frame::Drop,
            };
            (mark.at, frame)
        });
        if let Some(open) = self.walls.lock().get(&wall) {
            open.controls.mark(mark);
        }
    }

    /// Language, theme and captions, at once and everywhere.
    pub fn set_settings(&self, settings: Settings) {
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
        self.saver.lock().settings(settings);
    }

    /// Saves the picture of a tile among the user's pictures.
    ///
    /// # Errors
    /// In words.
    pub fn save_picture(&self, wall: u32, at: usize, format: PictureFormat) -> Result<SavedPicture, Notice> {
        let (words, folder, slot) = {
            let state = self.state.lock();
            let slot = state.arrangement.desk().wall(wall).and_then(|wall| wall.slots().get(at).cloned());
            (Arc::clone(&state.words), state.pictures.clone(), slot)
        };
        let controls = self.walls.lock().get(&wall).map(|open| Arc::clone(&open.controls));
        // Outside the lock: the wall's thread answers.
        let picture = controls.and_then(|controls| controls.still(at));
        let (Some(picture), Some(slot)) = (picture, slot) else {
            return Err(notices::error_notice("no_picture", &[], &words));
        };
        let Some(camera) = slot.camera else { return Err(notices::error_notice("no_picture", &[], &words)) };
        let origin = self.origin(&camera, &picture);
        let failed = |path: String, reason: String| {
            notices::error_notice("picture_not_saved", &[("path", &path), ("reason", &reason)], &words)
        };
        let still =
            render::still(&picture, slot.turn).map_err(|error| failed(String::new(), error.to_string()))?;
        let path = picture_file::save(still, &origin, format, &folder)
            .map_err(|(path, reason)| failed(path.display().to_string(), reason))?;
        Ok(SavedPicture { path: path.display().to_string() })
    }

    fn origin(&self, id: &Id, picture: &Picture) -> Origin {
        let (site, camera) = self
            .feeds
            .inventory()
            .camera(id)
            .map_or_else(Default::default, |(site, _, camera)| (site.name.clone(), camera.name.clone()));
        let by_camera = picture.captured.and_then(|at| jiff::Timestamp::try_from(at).ok());
        let arrived = || {
            let age = jiff::SignedDuration::try_from(picture.received.elapsed()).unwrap_or_default();
            Zoned::now().saturating_sub(age)
        };
        let taken = by_camera.map_or_else(arrived, |at| at.to_zoned(jiff::tz::TimeZone::system()));
        Origin { camera, site, id: id.to_string(), taken, by_camera: by_camera.is_some() }
    }

    /// All cameras of a subject, in the inventory's order.
    fn cameras(&self, subject: &Subject) -> Vec<Id> {
        let inventory = self.feeds.inventory();
        let of = |wanted: &dyn Fn(&str, &Id, &Id, &Id) -> bool| {
            let mut cameras = Vec::new();
            for site in inventory.sites() {
                for recorder in &site.recorders {
                    let ids = recorder.cameras.iter().map(|camera| &camera.id);
                    cameras
                        .extend(ids.filter(|id| wanted(&site.district, &site.id, &recorder.id, id)).cloned());
                }
            }
            cameras
        };
        match subject {
            Subject::Camera { id } => of(&|_, _, _, camera| camera == id),
            Subject::Recorder { id } => of(&|_, _, recorder, _| recorder == id),
            Subject::Site { id } => of(&|_, site, _, _| site == id),
            Subject::District { name } => of(&|district, _, _, _| district == name),
        }
    }

    /// Changes the arrangement; if it has changed, walls, page and file follow.
    fn change(&self, change: impl FnOnce(&mut Arrangement) -> Result<bool, Refusal>) -> Result<(), Notice> {
        let (desk, told) = {
            let mut state = self.state.lock();
            let before = state.arrangement.desk().clone();
            let changed =
                change(&mut state.arrangement).map_err(|refusal| notices::refusal(&refusal, &state.words))?;
            if !changed || before == *state.arrangement.desk() {
                return Ok(());
            }
            (state.arrangement.desk().clone(), state.desk())
        };
        self.show(&desk);
        self.tell("desk", told);
        self.saver.lock().walls(desk);
        Ok(())
    }

    /// Brings the open walls to what the desk says.
    fn show(&self, desk: &Desk) {
        for (id, open) in &mut *self.walls.lock() {
            if let Some(wall) = desk.wall(*id) {
                open.show(wall);
            }
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
            tours: Vec::new(),
        }
    }
}

fn do_act(wall: &mut Wall, act: &Act, cameras: &[Id]) -> Result<(), Refusal> {
    match act {
        Act::Layout { layout } => wall.set_layout(layout.clone()),
        Act::Place { at: Some(at), .. } => wall.place(*at, cameras)?,
        Act::Place { at: None, .. } => wall.fill(cameras)?,
        Act::Clear { at } => wall.clear(*at),
        Act::Empty => wall.empty(),
        Act::Swap { a, b } => wall.swap(*a, *b)?,
        Act::Select { at } => wall.select(*at)?,
        Act::Enlarge { at } => wall.enlarge(*at)?,
        Act::Page { page } => wall.show_page(*page)?,
        Act::Turning { seconds } => wall.set_turning(*seconds)?,
        Act::Fit { at, fit } => wall.set_fit(*at, *fit)?,
        Act::Turn { at, turn } => wall.set_turn(*at, *turn)?,
        Act::Border { axis, line, position } => wall.move_border(*axis, *line, *position)?,
        Act::Merge { a, b } => wall.merge(*a, *b)?,
        Act::Split { at } => wall.split(*at)?,
    }
    Ok(())
}

/// The inventory by districts, in the order in which they first occur.
fn tree(inventory: &Inventory) -> Vec<wire::District> {
    let mut districts: Vec<wire::District> = Vec::new();
    for site in inventory.sites() {
        let recorder = |recorder: &inventory::Recorder| wire::Recorder {
            id: recorder.id.clone(),
            name: recorder.name.clone(),
            cameras: recorder
                .cameras
                .iter()
                .map(|camera| wire::Camera {
                    id: camera.id.clone(),
                    name: camera.name.clone(),
                    outdoor: camera.outdoor,
                })
                .collect(),
        };
        let recorders = site.recorders.iter().map(recorder).collect();
        let site_wire = wire::Site {
            id: site.id.clone(),
            name: site.name.clone(),
            recorders,
            position: None,
            zone: None,
        };
        match districts.iter_mut().find(|district| district.name == site.district) {
            Some(district) => district.sites.push(site_wire),
            None => districts.push(wire::District { name: site.district.clone(), sites: vec![site_wire] }),
        }
    }
    districts
}
