//! From files and command line to a console, before there is a window.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use engine::playback::Archive;
use engine::{Live, People};
use inventory::Inventory;
use layouts::{Arrangement, Desk};
use model::{Id, Size};
use parking_lot::Mutex;
use render::Backend;
use store::Store;
use tauri::{AppHandle, Manager as _};

use super::chores;
use super::equipment::Equipment;
use super::evidence::{Exports, KeptExports};
use super::incidents::Incidents;
use super::kept::Shelf;
use super::playback::Playing;
use super::preset_stills::PresetStills;
use super::safekeeping::Safekeeping;
use super::sharing;
use super::sound::Sound;
use super::stock::{Opened, Stock};
use super::walls::pixels;
use super::{Console, MAIN, State, Task, handover, notices};
use crate::bells::Bells;
use crate::cli::ConsoleOptions;
use crate::saver::{Files, Saver, Window};
use crate::wall::feeds::{Feeds, wishes};
use crate::wire::{Notice, Settings};
use crate::words::{Language, Words};
use crate::{login, tell};

/// The cameras of a first start: enough to see what it is, few enough for every computer.
const FIRST_CAMERAS: usize = 16;

/// Bytes of memory for the last half minute of everything that is received: of a wall of 64 sub streams all of it, of as many
/// main streams the last eight seconds.
const REMEMBERED: usize = 256 << 20;

/// Keys and clicks that wait for the thread `console`; who presses more than these while it makes a window waits.
const MOST_TASKS: usize = 256;

/// A console that waits for its windows. Its streams are on their way already.
pub struct Started {
    feeds: Arc<Feeds>,
    people: Arc<People>,
    stock: Stock,
    shared: sharing::Kept,
    equipment: Equipment,
    preset_stills: PresetStills,
    incidents: Incidents,
    kept_exports: KeptExports,
    safekeeping: Safekeeping,
    bells: Arc<Bells>,
    backend: Backend,
    statistics: Option<PathBuf>,
    files: Files,
    state: State,
    /// Where the main window was.
    pub window: Window,
}

/// Reads the files and begins to open the streams of the walls.
///
/// # Errors
/// In words: the inventory or the login cannot be read, or the system refuses threads.
pub fn start(options: &ConsoleOptions, folders: Folders, data: &Path) -> Result<Started, String> {
    if let Some(path) = &options.demo {
        apart(path, data, options.language.unwrap_or_default())?;
    }
    let files = Files {
        walls: Store::open(data, "walls"),
        settings: Store::open(data, "settings"),
        window: Store::open(data, "window"),
        kept: Store::open(data, "kept"),
        views: Store::open(data, "views"),
    };
    let (settings, settings_problem) = load(&files.settings);
    let settings: Settings = settings.unwrap_or_default();
    let settings = Settings { language: options.language.unwrap_or(settings.language), ..settings };
    let words = Arc::new(Words::new(settings.language));
    let mut notices: Vec<Notice> = settings_problem.iter().map(|p| notices::problem(p, &words)).collect();
    let Opened { stock, mut inventory, rights, problems } = Stock::open(data);
    notices.extend(problems.iter().map(|problem| notices::problem(problem, &words)));
    let (people, problem) = open_people(options, data, &words)?;
    notices.extend(problem.iter().map(|problem| notices::problem(problem, &words)));
    people.set_rights(rights);
    if let Some(path) = &options.demo {
        inventory = read_demo(path, &words)?;
    }
    let people = Arc::new(people);
    let (desk, problem) = load(&files.walls);
    notices.extend(problem.iter().map(|problem| notices::problem(problem, &words)));
    let desk = desk.unwrap_or_else(|| first_desk(&inventory));
    let window: Window = load(&files.window).0.unwrap_or_default();
    let (kept, problem) = load(&files.kept);
    notices.extend(problem.iter().map(|problem| notices::problem(problem, &words)));
    let (views, problem) = load(&files.views);
    notices.extend(problem.iter().map(|problem| notices::problem(problem, &words)));
    let views: layouts::Views = views.unwrap_or_default();

    let bells = Arc::new(Bells::default());
    let ringing = Arc::clone(&bells);
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let live = Live::new(
        engine::Settings { workers: cores, decode: options.decode },
        Arc::new(move || ringing.ring()),
    )
    .map_err(|error| words.because("error_start", error))?;
    live.remember(REMEMBERED);
    let feeds =
        Feeds::new(Arc::new(inventory), live, Arc::clone(&people), options.transport, Arc::clone(&bells));
    let feeds = Arc::new(feeds);
    feeds.set_lenses(&views);
    feeds.set_reserve(f64::from(settings.reserve.min(super::MOST_RESERVE)) / 100.0);
    let person = people.with_who(|who| who.display.clone()).filter(|name| !name.is_empty());
    let (shared, problem) = sharing::Kept::start(data, &feeds, person.as_deref());
    notices.extend(problem.iter().map(|problem| notices::problem(problem, &words)));
    let (equipment, problems) =
        Equipment::start(data, &feeds, &people).map_err(|error| words.because("error_start", error))?;
    notices.extend(problems.iter().map(|problem| notices::problem(problem, &words)));
    let (incidents, problem) = Incidents::open(data);
    notices.extend(problem.iter().map(|problem| notices::problem(problem, &words)));
    let (kept_exports, problems) = KeptExports::open(data);
    notices.extend(problems.iter().map(|problem| notices::problem(problem, &words)));
    let (safekeeping, problem) = Safekeeping::open(data);
    notices.extend(problem.iter().map(|problem| notices::problem(problem, &words)));
    warm(&feeds, &desk, &window, &words);
    for notice in &notices {
        tell(&format!("{}: {}", notice.title, notice.detail));
    }
    let state = State {
        arrangement: Arrangement::new(desk),
        settings,
        words,
        monitors: Vec::new(),
        surface: window.surface.clone(),
        notices,
        status: Default::default(),
        shelf: Shelf::of(kept.unwrap_or_default()),
        views,
        untold: false,
        done: 0,
        newsroom: Default::default(),
        watching: Default::default(),
        steering: Vec::new(),
        noticed: Vec::new(),
        lent: Vec::new(),
        conditions: Default::default(),
        pictures: folders.pictures,
        documents: folders.documents,
    };
    Ok(Started {
        feeds,
        people,
        stock,
        shared,
        equipment,
        preset_stills: PresetStills::new(data),
        incidents,
        kept_exports,
        safekeeping,
        bells,
        backend: options.backend,
        statistics: options.statistics.clone(),
        files,
        state,
        window,
    })
}

/// Where files for people go.
pub struct Folders {
    /// Saved pictures.
    pub pictures: PathBuf,
    /// Lists, records, inventories.
    pub documents: PathBuf,
}

/// Accounts and the log; for a simulated province nobody's, in memory of nobody.
fn open_people(
    options: &ConsoleOptions,
    data: &Path,
    words: &Words,
) -> Result<(People, Option<store::Problem>), String> {
    let (workstation, version) = (crate::process::host_name(), env!("CARGO_PKG_VERSION"));
    let failed = |error: audit::OpenError| words.because("error_records", error);
    if options.demo.is_none() {
        return People::open(data, &workstation, version).map_err(failed);
    }
    // Whoever can start the program with other options must not get at what was kept for those who sign in.
    if data.join("accounts").join("accounts.json").exists() {
        return Err(words.say("error_demo_folder", &[("path", &data.display().to_string())]));
    }
    let login = options.login.as_deref().map(|path| login::read(path, words)).transpose()?;
    People::demo(data, &workstation, version, login).map(|people| (people, None)).map_err(failed)
}

/// What the program keeps in its own folder it would take a simulated inventory there for.
fn apart(demo: &Path, data: &Path, language: Language) -> Result<(), String> {
    let within = |folder: Option<&Path>| folder.and_then(|folder| folder.canonicalize().ok());
    let (own, its) = (within(Some(data)), within(demo.parent()));
    if own.is_some() && own == its {
        let path = data.display().to_string();
        return Err(Words::new(language).say("error_demo_inside", &[("path", &path)]));
    }
    Ok(())
}

/// The inventory of a simulated province: no device of it may be anywhere else than on this machine.
fn read_demo(path: &Path, words: &Words) -> Result<Inventory, String> {
    let failed = |reason: String| {
        let values = [("path", path.display().to_string()), ("reason", reason)];
        words.say("error_inventory", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    let inventory = Inventory::read(path).map_err(|error| failed(error.to_string()))?;
    let recorders = inventory.sites().iter().flat_map(|site| &site.recorders);
    let profiles = recorders.flat_map(|recorder| &recorder.cameras).flat_map(|camera| &camera.profiles);
    let streams = profiles.map(|profile| profile.address.device().0);
    let recorders = inventory.sites().iter().flat_map(|site| &site.recorders);
    let services = recorders.filter_map(|recorder| Some(recorder.address.as_ref()?.host().to_owned()));
    let elsewhere = streams.chain(services).find(|host| !is_loopback(host));
    match elsewhere {
        Some(host) => Err(words.say("error_demo_host", &[("host", &host)])),
        None => Ok(inventory),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn load<T: serde::de::DeserializeOwned>(store: &Store<T>) -> (Option<T>, Option<store::Problem>) {
    let loaded = store.load();
    (loaded.value, loaded.problem)
}

/// What is seen at the first start.
fn first_desk(inventory: &Inventory) -> Desk {
    let mut desk = Desk::default();
    let cameras =
        inventory.sites().iter().flat_map(|site| &site.recorders).flat_map(|recorder| &recorder.cameras);
    let cameras: Vec<Id> = cameras.map(|camera| camera.id.clone()).take(FIRST_CAMERAS).collect();
    if let Ok(wall) = desk.wall_mut(0) {
        // Without cameras the wall stays empty, and says so.
        let _ = wall.fill(&cameras);
    }
    desk
}

/// Opens the streams of the main wall while the windows are made: they are taken over when its tiles ask for them.
fn warm(feeds: &Feeds, desk: &Desk, window: &Window, words: &Words) {
    let (rect, _) = pixels(&window.surface);
    let size = if rect.width > 0 && rect.height > 0 { rect.size() } else { Size::new(1280, 720) };
    let Some(wall) = desk.wall(0) else { return };
    let wanted: Vec<_> = wishes(wall, size).into_iter().filter_map(|(_, _, wanted)| wanted).collect();
    let opened = feeds.show(0, &wanted, words);
    feeds.let_go(opened.into_iter().filter_map(|subject| Some((subject.id, subject.feed.ok()?))).collect());
}

impl Started {
    /// The console of a running application, and the tasks of its thread.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub fn console(self, app: &AppHandle) -> std::io::Result<(Arc<Console>, Receiver<Task>)> {
        let (tasks, received) = sync_channel(MOST_TASKS);
        let handle = app.clone();
        let saver = Saver::start(self.files, move |error| {
            if let Some(console) = handle.try_state::<Arc<Console>>() {
                console.not_saved(&error);
            }
        })?;
        let playing = Playing::new(Archive::new(Arc::clone(&self.equipment.devices)));
        let exporter = self.feeds.exporter(Arc::clone(&self.equipment.devices), Arc::clone(&playing.archive));
        let sound = Sound::start(self.state.settings.volume)?;
        let console = Console {
            app: app.clone(),
            feeds: self.feeds,
            people: self.people,
            stock: self.stock,
            shared: self.shared,
            equipment: self.equipment,
            left: Default::default(),
            playing,
            incidents: self.incidents,
            exports: Exports::new(exporter, self.kept_exports),
            safekeeping: self.safekeeping,
            sound,
            preset_stills: self.preset_stills,
            bells: self.bells,
            backend: self.backend,
            saver: Mutex::new(saver),
            tasks,
            state: Mutex::new(self.state),
            walls: Mutex::default(),
            windows: Default::default(),
            statistics: self.statistics,
        };
        let console = Arc::new(console);
        chores::start(&console)?;
        console.equipment.tell(&console);
        console.on_handover(handover::moved(console.equipment.steering.clone()));
        console.on_handover(console.open_incidents());
        console.equipment.steering.stop_left_behind();
        Ok((console, received))
    }
}

impl Console {
    fn not_saved(&self, error: &store::SaveError) {
        let words = Arc::clone(&self.state.lock().words);
        let notice = notices::not_saved(error, &words);
        self.announce(notice);
    }

    /// Tells people of what nobody waits for, on the page and where the program was started.
    pub(super) fn announce(&self, notice: Notice) {
        tell(&format!("{}: {}", notice.title, notice.detail));
        self.tell("notice", notice);
    }

    /// Where the main window is, or was.
    pub(super) fn window(&self) -> Window {
        let surface = self.state.lock().surface.clone();
        let window = self.app.get_window(MAIN);
        let size = window.as_ref().and_then(|window| window.inner_size().ok()).unwrap_or_default();
        let maximized = window.is_some_and(|window| window.is_maximized().unwrap_or_default());
        Window { width: size.width, height: size.height, maximized, surface }
    }

    /// Keeps it for the next start.
    pub(super) fn remember_window(&self) {
        let window = self.window();
        if window.width > 0 {
            self.saver.lock().window(window);
        }
    }
}
