//! The console: what people have arranged, the windows that show it, and what they are told of it.
//!
//! Commands of the page, keys on wall windows and the passing of time all end in the methods of [`Console`]. It holds
//! two locks, never both: the state (what is wanted) and the walls (what is open). Windows are made and closed on the
//! thread `console` alone, because the thread of the windows waits for nobody.

mod chores;
mod files;
mod foresee;
mod health;
mod kept;
mod keys;
mod news;
mod notices;
pub(crate) mod records;
mod session;
mod sharing;
mod start;
mod status;
mod stock;
mod walls;
mod watching;
mod worker;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::SyncSender;

use engine::People;
use engine::rights::{Person, Subject as Of};
use inventory::{Camera, Inventory, Recorder, Site};
use jiff::Zoned;
use layouts::{Arrangement, Desk, Refusal, Wall, presets};
use model::{Action, Id, Picture};
use parking_lot::Mutex;
use render::{Backend, Frame};
use serde::Serialize;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::bells::Bells;
use crate::picture_file::{self, Origin};
use crate::saver::Saver;
use crate::wall::feeds::Feeds;
use crate::wire::health::Condition;
use crate::wire::{
    self, Act, Mark, MarkKind, Monitor, Notice, PictureFormat, SavedPicture, Settings, Subject,
};
use crate::words::Words;

pub use start::{Folders, Started, start};
pub(crate) use worker::closing;
pub use worker::{Task, work};

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
    newsroom: news::Newsroom,
    watching: watching::Watching,
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
    /// Nobody has signed in.
    pub fn load(&self) -> Result<wire::Console, Notice> {
        let Some(person) = self.people.person() else {
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

    /// Does what a person asks of a wall.
    ///
    /// # Errors
    /// In words; nothing has been changed then.
    pub fn act(&self, wall: u32, act: &Act) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.act_unasked(wall, act)
    }

    /// The same where nobody asked for it.
    fn act_unasked(&self, wall: u32, act: &Act) -> Result<(), Notice> {
        let cameras = self.cameras_of(act);
        self.change(|arrangement| {
            let done = arrangement.apply(|desk| {
                do_act(desk.wall_mut(wall)?, act, &cameras)?;
                desk.follow_selection(wall)
            });
            done.map(|()| true)
        })
    }

    /// Takes the last step back, if there is one.
    ///
    /// # Errors
    /// In words: the person may not.
    pub fn undo(&self) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| Ok(arrangement.undo()))
    }

    /// Does the step that was taken back last again, if there is one.
    ///
    /// # Errors
    /// As above.
    pub fn redo(&self) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| Ok(arrangement.redo()))
    }

    /// Adds a wall on a monitor.
    ///
    /// # Errors
    /// In words.
    pub fn open_wall(&self, monitor: &str) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| arrangement.apply(|desk| desk.add_wall(monitor)).map(|_| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Moves a wall to another monitor.
    ///
    /// # Errors
    /// In words.
    pub fn move_wall(&self, wall: u32, monitor: &str) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
        self.change(|arrangement| arrangement.apply(|desk| desk.move_wall(wall, monitor)).map(|()| true))?;
        self.order(Task::Reconcile);
        Ok(())
    }

    /// Closes a wall.
    ///
    /// # Errors
    /// In words.
    pub fn close_wall(&self, wall: u32) -> Result<(), Notice> {
        self.allow(Action::ArrangeWalls, None)?;
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
        self.allow(Action::View, Some(&camera))?;
        let origin = self.origin(&camera, &picture);
        let failed = |path: String, reason: String| {
            notices::error_notice("picture_not_saved", &[("path", &path), ("reason", &reason)], &words)
        };
        let still =
            render::still(&picture, slot.turn).map_err(|error| failed(String::new(), error.to_string()))?;
        let path = picture_file::save(still, &origin, format, &folder)
            .map_err(|(path, reason)| failed(path.display().to_string(), reason))?;
        let taken_ms = origin.taken.timestamp().as_millisecond();
        self.people.note(audit::Event::PictureSaved { camera, taken_ms });
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

    /// All cameras of a subject that the person may see, in the inventory's order.
    fn cameras(&self, subject: &Subject) -> Vec<Id> {
        match subject {
            Subject::Camera { id } => self.cameras_where(&|_, _, camera| camera.id == *id),
            Subject::Recorder { id } => self.cameras_where(&|_, recorder, _| recorder.id == *id),
            Subject::Site { id } => self.cameras_where(&|site, _, _| site.id == *id),
            Subject::District { name } => self.cameras_where(&|site, _, _| site.district == *name),
        }
    }

    /// The cameras that are wanted, of those that the person may see.
    fn cameras_where(&self, wanted: &dyn Fn(&Site, &Recorder, &Camera) -> bool) -> Vec<Id> {
        let inventory = self.inventory();
        let mut found = Vec::new();
        for site in inventory.sites() {
            for recorder in &site.recorders {
                let cameras = recorder.cameras.iter().filter(|camera| wanted(site, recorder, camera));
                let seen = cameras.filter(|camera| self.people.sees(site, camera));
                found.extend(seen.map(|camera| camera.id.clone()));
            }
        }
        found
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
            tours: self.shelf.running(),
        }
    }
}

fn do_act(wall: &mut Wall, act: &Act, cameras: &[Id]) -> Result<(), Refusal> {
    match act {
        Act::Layout { layout } => wall.set_layout(layout.clone()),
        Act::Place { at: Some(at), .. } => wall.place(*at, cameras)?,
        Act::Place { at: None, .. } => wall.fill(cameras)?,
        Act::Overview => wall.overview(cameras)?,
        Act::Clear { at } => wall.clear(*at),
        Act::Empty => wall.empty(),
        Act::Swap { a, b } => wall.swap(*a, *b)?,
        Act::Select { at } => wall.select(*at)?,
        Act::Enlarge { at } => wall.enlarge(*at)?,
        Act::Page { page } => wall.show_page(*page)?,
        Act::Turning { seconds } => wall.set_turning(*seconds)?,
        Act::Fit { at, fit } => wall.set_fit(*at, *fit)?,
        Act::Turn { at, turn } => wall.set_turn(*at, *turn)?,
        Act::Hotspot { at, on } => wall.set_hotspot(*at, *on)?,
        Act::Border { axis, line, position } => wall.move_border(*axis, *line, *position)?,
        Act::Merge { a, b } => wall.merge(*a, *b)?,
        Act::Split { at } => wall.split(*at)?,
    }
    Ok(())
}

/// What of the inventory a person may see, by districts, in the order in which they first occur. Who administers it sees
/// all its names, and no pictures.
fn tree(inventory: &Inventory, person: &Person, stock: &stock::Stock) -> Vec<wire::District> {
    let administers =
        person.may_somewhere(Action::ManageInventory) || person.may_somewhere(Action::ReadAudit);
    let sees = |site: &Site, camera: &Camera| {
        administers || person.may(Action::View, Of::camera(site, camera)).is_ok()
    };
    let mut districts: Vec<wire::District> = Vec::new();
    for site in inventory.sites() {
        let recorder = |recorder: &Recorder| wire::Recorder {
            id: recorder.id.clone(),
            name: recorder.name.clone(),
            cameras: recorder
                .cameras
                .iter()
                .filter(|camera| sees(site, camera))
                .map(|camera| wire::Camera {
                    id: camera.id.clone(),
                    name: camera.name.clone(),
                    outdoor: camera.outdoor,
                })
                .collect(),
        };
        let recorders: Vec<_> = site
            .recorders
            .iter()
            .map(recorder)
            .filter(|recorder| administers || !recorder.cameras.is_empty())
            .collect();
        if recorders.is_empty() && !administers {
            continue;
        }
        let site_wire = wire::Site {
            id: site.id.clone(),
            name: site.name.clone(),
            recorders,
            position: site.position.map(|at| wire::stock::Position { lat: at.lat, lon: at.lon }),
            zone: stock.zone(site),
        };
        match districts.iter_mut().find(|district| district.name == site.district) {
            Some(district) => district.sites.push(site_wire),
            None => districts.push(wire::District { name: site.district.clone(), sites: vec![site_wire] }),
        }
    }
    districts
}
