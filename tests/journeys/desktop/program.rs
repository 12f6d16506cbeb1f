//! The program under test: its page, its windows, and what it shows.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use image::RgbaImage;
use model::Rect;
use province::list;
use rustix::process::{Pid, Signal};
use serde_json::{Value, json};

use super::hands::{CONTROL, ESCAPE, Place};
use super::screen::{WIDE, advanced, number, shape};
use super::webdriver::Driver;
use super::{Desktop, process, until, until_true};
use crate::support::program;

/// The main window's title.
pub(crate) const MAIN: &str = "Watchwall";

/// A running program; it ends when dropped.
pub(crate) struct Program<'a> {
    pub(super) desktop: &'a Desktop,
    driver: Driver,
    /// The process.
    pub(crate) id: u32,
}

/// A tile of the wall that the page arranges.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    /// Which slot of the wall it shows.
    pub(crate) at: u64,
    /// What screen readers read.
    pub(crate) label: String,
    /// Index into the province's list.
    pub(crate) camera: Option<usize>,
    /// On the screen.
    pub(crate) rect: Rect,
}

impl Tile {
    pub(crate) fn centre(&self) -> Place {
        ((self.rect.x + self.rect.width / 2) as i32, (self.rect.y + self.rect.height / 2) as i32)
    }

    pub(crate) fn number(&self, screen: &RgbaImage) -> Option<u16> {
        number(screen, self.rect, self.camera.map_or(WIDE, |camera| shape(&list().cameras[camera])))
    }
}

const TILES: &str = "return [...document.querySelectorAll('#wall [role=gridcell]')].map(tile => {
    const box = tile.getBoundingClientRect();
    return [Number(tile.dataset.at), tile.getAttribute('aria-label') || tile.textContent,
        box.x, box.y, box.width, box.height];
})";

const FIND: &str = "const [selector, name] = arguments;
    const nameOf = e => (e.getAttribute('aria-label') || e.textContent).replace(/[\\u2066-\\u2069]/g, '').trim();
    const found = [...document.querySelectorAll(selector)].filter(e => e.getClientRects().length > 0);
    const e = found.find(e => nameOf(e) === name) || found.find(e => nameOf(e).startsWith(name));
    if (!e) return null;
    e.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = e.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];";

const CONTROLS: &str =
    "button, [role=button], [role=radio], [role=menuitem], [role=menuitemradio], [role=option]";

impl<'a> Program<'a> {
    /// Starts it on the simulated province and waits for its page.
    pub(crate) fn start(desktop: &'a Desktop) -> Self {
        let file = |name: &str| desktop.folder.file(name).display().to_string();
        let program =
            Self::run_program(desktop, &["--demo", &file("inventory.json"), "--login", &file("login")], &[]);
        program.until_page();
        program
    }

    /// Starts it as at a workstation, with accounts of its own, and waits for its window.
    pub(crate) fn start_real(desktop: &'a Desktop, environment: &[(&str, &str)]) -> Self {
        let program = Self::run_program(desktop, &[], environment);
        until_true("the page", || {
            let there = "return document.readyState === 'complete' && '__TAURI_INTERNALS__' in window";
            program.driver.find_page().is_ok()
                && program.driver.run(there, &json!([])).is_ok_and(|there| there == true)
        });
        program
    }

    fn run_program(desktop: &'a Desktop, more: &[&str], environment: &[(&str, &str)]) -> Self {
        let data = desktop.folder.file("data").display().to_string();
        let common = ["--data", &data, "--backend", "software", "--decode", "software"];
        let arguments: Vec<String> =
            common.iter().chain(more).map(|argument| (*argument).to_owned()).collect();
        let (binary, display) = (program("watchwall"), &desktop.screen.display);
        let driver = Driver::start(&binary, &arguments, display, &desktop.folder, environment);
        let window = until("the main window", || desktop.screen.window(MAIN));
        let id = until("its process", || desktop.screen.property(window, "_NET_WM_PID"));
        Self { desktop, driver, id }
    }

    /// Waits for the page of the main window, also of one that was opened anew.
    pub(crate) fn until_page(&self) {
        until_true("the page", || {
            self.driver.find_page().is_ok() && self.ask("#wall [role=gridcell]", "") > 0
        });
    }

    fn ask(&self, selector: &str, name: &str) -> u64 {
        let count = "const [selector, name] = arguments;
            return [...document.querySelectorAll(selector)].filter(e => e.textContent.replace(/[\\u2066-\\u2069]/g, '').includes(name)).length;";
        let found = self.driver.run(count, &json!([selector, name]));
        found.ok().and_then(|count| count.as_u64()).unwrap_or(0)
    }

    /// How many elements there are whose text contains `text`.
    pub(crate) fn count(&self, selector: &str, text: &str) -> u64 {
        self.ask(selector, text)
    }

    /// What `script` gives back.
    #[track_caller]
    pub(crate) fn run(&self, script: &str) -> Value {
        self.driver.run(script, &json!([])).expect("the page answers")
    }

    /// The same with arguments for the script.
    #[track_caller]
    pub(crate) fn run_with(&self, script: &str, arguments: &Value) -> Value {
        self.driver.run(script, arguments).expect("the page answers")
    }

    /// Asks the program itself, past the page, and gives its answer, or what it refused with.
    #[track_caller]
    pub(crate) fn invoke(&self, command: &str, values: &Value) -> Result<Value, Value> {
        const ASK: &str = "const [command, values] = arguments; window.answer = null;
            window.__TAURI_INTERNALS__.invoke(command, values)
                .then(got => { window.answer = [true, got ?? null]; }, no => { window.answer = [false, no]; });
            return true;";
        self.run_with(ASK, &json!([command, values]));
        let answer =
            until(command, || Some(self.run("return window.answer")).filter(|answer| answer.is_array()));
        if answer[0] == true { Ok(answer[1].clone()) } else { Err(answer[1].clone()) }
    }

    pub(crate) fn window(&self) -> u32 {
        until("the main window", || self.desktop.screen.window(MAIN))
    }

    fn origin(&self) -> Place {
        let (x, y, ..) = self.desktop.screen.inside(self.window()).expect("the main window's place");
        (x, y)
    }

    /// The tiles of the wall that the page arranges.
    pub(crate) fn tiles(&self) -> Vec<Tile> {
        let (left, top) = self.origin();
        let found = self.run(TILES);
        let tile = |fields: &Value| {
            let pixel = |index: usize, from: i32| {
                (fields[index].as_f64().expect("a number").round() as i32 + from).max(0) as u32
            };
            // Names are isolated from the words around them by signs that nobody reads.
            let label = fields[1].as_str().unwrap_or_default().replace(['\u{2068}', '\u{2069}'], "");
            Tile {
                at: fields[0].as_u64().expect("a slot"),
                camera: camera_in(&label),
                label,
                rect: Rect::new(pixel(2, left), pixel(3, top), pixel(4, 0), pixel(5, 0)),
            }
        };
        found.as_array().expect("tiles").iter().map(tile).collect()
    }

    /// Where the element of this name is, once it has come to rest.
    #[track_caller]
    pub(crate) fn find(&self, selector: &str, name: &str) -> Place {
        let mut last = None;
        until(&format!("{selector} {name:?}"), || {
            let found = self.driver.run(FIND, &json!([selector, name])).ok()?;
            let place = (found[0].as_f64()? as i32, found[1].as_f64()? as i32);
            let rests = last.replace(place) == Some(place);
            let (left, top) = self.origin();
            rests.then_some((place.0 + left, place.1 + top))
        })
    }

    /// Clicks the button or entry of this name.
    #[track_caller]
    pub(crate) fn click(&self, name: &str) {
        self.desktop.screen.click(self.find(CONTROLS, name));
    }

    /// Clicks a tile and waits until it is selected: the web view hands keys and clicks on by queues of their own, so that a key
    /// can overtake a click that it follows at once.
    #[track_caller]
    pub(crate) fn select(&self, tile: &Tile) {
        self.desktop.screen.click(tile.centre());
        let selected = "return document.querySelector('#wall [aria-selected=true]')?.dataset.at";
        let at = tile.at.to_string();
        until_true("its tile is selected", || self.run(selected) == at.as_str());
    }

    /// The pointer leaves the page, and nothing is selected: all tiles can be read.
    pub(crate) fn let_be(&self) {
        let (left, top, width, height) = self.desktop.screen.inside(self.window()).expect("the main window");
        let below = (left + width as i32 / 2, top + height as i32 - 3);
        self.desktop.screen.point(below);
    }

    /// Writes into the search field.
    pub(crate) fn search(&self, text: &str) {
        let field = self.find("#search", "");
        self.desktop.screen.click(field);
        self.desktop.screen.press_with(&[CONTROL], b'a'.into());
        self.desktop.screen.type_text(text);
        let written = "return document.getElementById('search').value";
        until_true("the field's text", || self.run(written) == text);
    }

    /// A key while the wall has the focus; the pointer is not needed for that.
    pub(crate) fn press_on_wall(&self, key: u8) {
        self.desktop.screen.activate(self.window());
        let focused = "return document.activeElement.matches('#wall [role=gridcell], body')";
        until_true("the focus on the wall", || {
            let there = self.run(focused) == true;
            if !there {
                self.desktop.screen.press(ESCAPE);
            }
            there
        });
        self.desktop.screen.press(key.into());
    }

    /// Waits until `cameras` tiles show pictures, and then newer ones.
    #[track_caller]
    pub(crate) fn until_live(&self, cameras: usize) -> Vec<Tile> {
        let with_cameras =
            || self.tiles().into_iter().filter(|tile| tile.camera.is_some()).collect::<Vec<_>>();
        self.desktop.until_moving(cameras, with_cameras)
    }

    /// Waits until process and helpers have gone, and says how long that took.
    #[track_caller]
    pub(crate) fn until_ended(&self, family: &[u32]) -> Duration {
        let began = Instant::now();
        until_true("the end of the program", || !process::exists(self.id));
        let took = began.elapsed();
        until_true("the end of its helpers", || family.iter().all(|id| !process::exists(*id)));
        took
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(self.id as i32).expect("a process");
        rustix::process::kill_process(id, signal).expect("a running process");
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = std::fs::read_to_string(self.desktop.folder.file("log")).unwrap_or_default();
            let _ = self.desktop.screen.look().save(std::env::temp_dir().join("watchwall-journey.png"));
            eprintln!("the program said:\n{log}");
        }
        // The driver does not end it by itself in every case.
        if process::exists(self.id) {
            let _ = Pid::from_raw(self.id as i32).map(|id| rustix::process::kill_process(id, Signal::KILL));
        }
    }
}

impl Desktop {
    /// Waits until there are `count` tiles, all with pictures and then newer ones; `tiles` says where they are now.
    #[track_caller]
    pub(crate) fn until_moving(&self, count: usize, mut tiles: impl FnMut() -> Vec<Tile>) -> Vec<Tile> {
        let mut first: HashMap<Option<usize>, u16> = HashMap::new();
        let deadline = Instant::now() + super::PATIENCE;
        loop {
            let now = tiles();
            let screen = self.screen.look();
            let mut still = Vec::new();
            for tile in &now {
                let number = tile.number(&screen);
                let moves = number
                    .is_some_and(|number| advanced(*first.entry(tile.camera).or_insert(number), number) >= 2);
                if !moves {
                    still.push((tile, number));
                }
            }
            if now.len() == count && still.is_empty() {
                return now;
            }
            let late = Instant::now() >= deadline;
            assert!(!late, "{} of {count} tiles; no moving pictures on {still:?}", now.len());
            std::thread::sleep(super::PAUSE);
        }
    }
}

/// The camera that a tile's words name.
fn camera_in(label: &str) -> Option<usize> {
    let list = list();
    list.cameras.iter().position(|camera| {
        let site = &list.sites[camera.site].name;
        label.contains(&format!(": {}, {site}, ", camera.name))
    })
}

/// The camera with this id of the inventory.
pub(crate) fn camera_of(id: &str) -> Option<usize> {
    let list = list();
    list.cameras.iter().position(|camera| {
        let site = &list.sites[camera.site];
        let recorder = camera.recorder - site.recorders.start + 1;
        id == format!("{}/{recorder}/{}", site.id, camera.channel)
    })
}

/// The cameras on the slots of a saved wall.
pub(crate) fn cameras_on(wall: &Value) -> Vec<Option<usize>> {
    let slots = wall["slots"].as_array().cloned().unwrap_or_default();
    slots.iter().map(|slot| slot["camera"].as_str().and_then(camera_of)).collect()
}

/// The tiles of page `page` of a wall of `side` × `side` that covers `area`, with two pixels between tiles.
pub(crate) fn squares(area: Rect, side: u32, page: usize, cameras: &[Option<usize>]) -> Vec<Tile> {
    const GAP: u32 = 2;
    let edge = |length: u32, line: u32| (length + GAP) * line / side;
    let tile = |index: u32| {
        let (column, row) = (index % side, index / side);
        let at = page * (side * side) as usize + index as usize;
        let (x, y) = (edge(area.width, column), edge(area.height, row));
        let width = edge(area.width, column + 1) - x - GAP;
        let height = edge(area.height, row + 1) - y - GAP;
        Tile {
            at: at as u64,
            label: String::new(),
            camera: cameras.get(at).copied().flatten(),
            rect: Rect::new(area.x + x, area.y + y, width, height),
        }
    };
    (0..side * side).map(tile).filter(|tile| tile.camera.is_some()).collect()
}
