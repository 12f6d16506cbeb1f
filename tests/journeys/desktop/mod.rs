//! A desktop to try the program on: a screen with monitors, hands on its keyboard and pointer, eyes, and the simulated
//! province behind it.

#![allow(dead_code, reason = "each journey is a crate of its own and uses a part of this")]

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use province::{Options, Profile, Province, list};
use serde_json::Value;

use crate::support::Folder;

pub(crate) mod forms;
pub(crate) mod hands;
pub(crate) mod process;
pub(crate) mod program;
pub(crate) mod screen;
pub(crate) mod webdriver;

use program::Program;
use screen::Screen;

/// Far more than anything here takes, even on a machine that builds something else at the same time.
const PATIENCE: Duration = Duration::from_secs(45);
const PAUSE: Duration = Duration::from_millis(50);

/// Two walls at once would only wait for each other.
static TURN: Mutex<()> = Mutex::new(());

/// A screen, the province, and a folder for the program's files; the program is started on it once or several times.
pub(crate) struct Desktop {
    pub(crate) screen: Screen,
    pub(crate) province: Province,
    pub(crate) folder: Folder,
    _turn: MutexGuard<'static, ()>,
}

impl Desktop {
    pub(crate) fn new() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let province = Province::start(Options::default()).expect("the simulated province");
        let desktop = Self { screen: Screen::desktop(), province, folder: Folder::new(), _turn: turn };
        let login = format!("{}\n{}\n", province::USER, province::PASSWORD);
        std::fs::write(desktop.folder.file("login"), login).expect("a file");
        desktop.write_inventory(desktop.inventory());
        desktop
    }

    /// The province's, on the ports that it has here.
    pub(crate) fn inventory(&self) -> Value {
        province::inventory(|recorder| self.province.port(recorder))
    }

    /// The same with the addresses of the devices' services: what they can do is asked of them.
    pub(crate) fn inventory_with_devices(&self) -> Value {
        let http = |recorder| self.province.http_port(recorder);
        province::inventory_with_devices(|recorder| self.province.port(recorder), http)
    }

    pub(crate) fn write_inventory(&self, inventory: Value) {
        std::fs::write(self.folder.file("inventory.json"), inventory.to_string()).expect("a file");
    }

    /// A file of the program's.
    pub(crate) fn data(&self, name: &str) -> PathBuf {
        self.folder.file("data").join(name)
    }

    /// What the program has saved in `name`; null before it has.
    pub(crate) fn saved(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(self.data(name)).unwrap_or_default();
        serde_json::from_str::<Value>(&text).map_or(Value::Null, |file| file["content"].clone())
    }

    pub(crate) fn start(&self) -> Program<'_> {
        Program::start(self)
    }

    /// Streams that are being watched in the whole province.
    pub(crate) fn viewers(&self) -> u32 {
        let watched = |camera: usize| {
            let counts = Profile::BOTH.map(|profile| self.province.stream_counts(camera, profile).viewers);
            counts.iter().sum::<u32>()
        };
        (0..list().cameras.len()).map(watched).sum()
    }
}

/// Waits until there is one. `what` is said if there never is.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited for {what} in vain");
        std::thread::sleep(PAUSE);
    }
}

/// Waits until it is so.
#[track_caller]
pub(crate) fn until_true(what: &str, mut look: impl FnMut() -> bool) {
    until(what, || look().then_some(()));
}
