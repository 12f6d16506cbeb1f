//! Open walls: a window, the native region in it, and the thread that draws.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use layouts::Wall;
use model::{Rect, Size};
use render::Target;
use tauri::window::WindowBuilder;
use tauri::{Manager as _, PhysicalPosition, PhysicalSize};

use super::{Console, MAIN, Task, notices};
use crate::monitors;
use crate::surface::{Event, Host, Surface};
use crate::wall::thread::{Controls, WallThread};
use crate::wire::{self, Monitor};

/// A wall that is open. Dropped from top to bottom: nobody draws any more when the region goes.
pub(super) struct OpenWall {
    pub(super) controls: Arc<Controls>,
    _thread: WallThread,
    surface: Surface,
    /// Where its window is; `None` for the main window's wall.
    monitor: Option<Monitor>,
    shown: Option<Wall>,
}

impl OpenWall {
    /// Shows this from now on; see [`Controls::arrange`].
    pub(super) fn show(&mut self, wall: &Wall, eased: bool) {
        if self.shown.as_ref() != Some(wall) {
            self.shown = Some(wall.clone());
            self.controls.arrange(Arc::new(wall.clone()), eased);
        }
    }
}

/// The label of a wall's window.
fn label(id: u32) -> String {
    if id == 0 { MAIN.to_owned() } else { format!("wall-{id}") }
}

/// The wall whose window has this label.
pub(super) fn id_of(label: &str) -> Option<u32> {
    if label == MAIN { Some(0) } else { label.strip_prefix("wall-")?.parse().ok() }
}

impl Console {
    /// Opens the native region of wall `id` in its window. `size` is what it begins with.
    fn open_region(&self, id: u32, size: Size, monitor: Option<Monitor>) -> Result<(), String> {
        let window = self.app.get_window(&label(id)).ok_or("the window has gone")?;
        let controls = Controls::new(self.bells.add());
        let (told, tasks) = (Arc::clone(&controls), self.tasks.clone());
        let listener = move |event| match event {
            Event::Resized(size) => told.resize(size),
            Event::Exposed => told.expose(),
            Event::Visible(visible) => told.set_visible(visible),
            Event::Key(..) | Event::Press { .. } => {
                // A person who presses faster than that loses keys, not the wall.
                let _ = tasks.try_send(Task::Input(id, event));
            }
        };
        let host = if id == 0 { Host::Page } else { Host::Wall };
        let surface = Surface::open(&window, host, Box::new(listener)).map_err(|error| error.to_string())?;
        let target = Target::Window { window: surface.handle(), size };
        let (words, captions, wall) = {
            let state = self.state.lock();
            let wall = state.arrangement.desk().wall(id).cloned();
            (Arc::clone(&state.words), state.settings.captions, wall)
        };
        let feeds = Arc::clone(&self.feeds);
        let thread =
            WallThread::start(id, Arc::clone(&controls), target, self.backend, feeds, captions, words)
                .map_err(|error| error.to_string())?;
        let mut open = OpenWall { controls, _thread: thread, surface, monitor, shown: None };
        if let Some(wall) = wall {
            open.show(&wall, false);
        }
        self.walls.lock().insert(id, open);
        Ok(())
    }

    /// Makes the main window's wall, at the place where the page had it the last time.
    pub(super) fn open_main_wall(&self) {
        let surface = self.state.lock().surface.clone();
        let (rect, _) = pixels(&surface);
        match self.open_region(0, rect.size(), None) {
            Ok(()) => self.set_surface(surface),
            Err(reason) => self.complain("wall_not_opened", &[("reason", &reason)]),
        }
    }

    /// Lays the main window's wall where the page has room for it.
    pub fn set_surface(&self, surface: wire::Surface) {
        let (rect, holes) = pixels(&surface);
        if let Some(open) = self.walls.lock().get(&0) {
            open.surface.place(rect, &holes);
            open.controls.resize(rect.size());
            // A page that shows another wall's arrangement hides this one.
            open.controls.set_visible(rect.width > 0 && rect.height > 0);
        }
        if rect.width > 0 {
            self.state.lock().surface = surface;
        }
    }

    /// Brings the wall windows to what the desk and the monitors say: opens, moves, closes.
    pub(super) fn reconcile(&self) {
        let found = monitors::all(&self.app);
        let (wanted, news) = {
            let mut state = self.state.lock();
            let news = (state.monitors != found).then(|| found.clone());
            state.monitors.clone_from(&found);
            let place = |wall: &Wall| {
                let key = wall.monitor()?;
                found.iter().find(|monitor| monitor.key == key).map(|monitor| (wall.id(), monitor.clone()))
            };
            (state.arrangement.desk().walls().iter().filter_map(place).collect::<Vec<_>>(), news)
        };
        if let Some(monitors) = news {
            self.tell("monitors", monitors);
        }
        let stays = |id: u32, open: &OpenWall| {
            id == 0
                || wanted
                    .iter()
                    .any(|(wanted, monitor)| *wanted == id && open.monitor.as_ref() == Some(monitor))
        };
        let gone: Vec<u32> =
            self.walls.lock().iter().filter(|(id, open)| !stays(**id, open)).map(|(id, _)| *id).collect();
        for id in gone {
            self.close(id);
        }
        for (id, monitor) in wanted {
            let open = self.walls.lock().contains_key(&id);
            if !open && let Err(reason) = self.open_window(id, &monitor) {
                self.complain("wall_not_opened", &[("reason", &reason)]);
            }
        }
        let windows = self.walls.lock().keys().filter(|id| **id != 0).count();
        self.windows.store(windows, Ordering::Relaxed);
    }

    /// Opens a wall's window so that it covers its monitor.
    fn open_window(&self, id: u32, monitor: &Monitor) -> Result<(), String> {
        let failed = |error: tauri::Error| error.to_string();
        let window = WindowBuilder::new(&self.app, label(id))
            .title(format!("Watchwall {id}"))
            .decorations(false)
            .visible(false)
            .build()
            .map_err(failed)?;
        // Position and size first, literally: full screen is for the window manager to do, on the monitor that it
        // finds the window on, and there may be none.
        window.set_position(PhysicalPosition::new(monitor.x, monitor.y)).map_err(failed)?;
        window.set_size(PhysicalSize::new(monitor.width, monitor.height)).map_err(failed)?;
        window.show().map_err(failed)?;
        window.set_position(PhysicalPosition::new(monitor.x, monitor.y)).map_err(failed)?;
        window.set_fullscreen(true).map_err(failed)?;
        let _ = window.set_cursor_visible(false);
        let size = Size::new(monitor.width, monitor.height);
        self.open_region(id, size, Some(monitor.clone())).inspect_err(|_| {
            let _ = window.destroy();
        })
    }

    /// Ends a wall's thread, takes its region away, and closes its window, in this order.
    pub(super) fn close(&self, id: u32) {
        let open = self.walls.lock().remove(&id);
        // Outside the lock: the thread has to end first.
        drop(open);
        if let Some(window) = self.app.get_window(&label(id)) {
            let _ = window.destroy();
        }
    }

    /// The pixels of a wall; `None` where it is not open.
    pub(super) fn size_of(&self, wall: &Wall) -> Option<Size> {
        if wall.id() == 0 {
            return Some(pixels(&self.state.lock().surface).0.size());
        }
        self.walls.lock().get(&wall.id())?.size()
    }

    /// Tells the page of a failure that nobody waits for.
    pub(super) fn complain(&self, key: &str, values: &[(&str, &str)]) {
        let words = Arc::clone(&self.state.lock().words);
        self.announce(notices::error_notice(key, values, &words));
    }
}

/// From the page's CSS pixels to the window's, with the holes as seen from the wall's corner.
pub(super) fn pixels(surface: &wire::Surface) -> (Rect, Vec<Rect>) {
    let scale = if surface.scale.is_finite() && surface.scale > 0.0 { surface.scale } else { 1.0 };
    let edges = |from: f64, length: f64| ((from * scale).round(), ((from + length) * scale).round());
    let (left, right) = edges(surface.wall.x, surface.wall.width);
    let (top, bottom) = edges(surface.wall.y, surface.wall.height);
    // `as` keeps what is out of range at the range's end.
    let wall =
        Rect::new(left.max(0.0) as u32, top.max(0.0) as u32, (right - left) as u32, (bottom - top) as u32);
    let hole = |hole: &wire::Box| {
        let (x, x_end) = ((hole.x * scale).floor(), ((hole.x + hole.width) * scale).ceil());
        let (y, y_end) = ((hole.y * scale).floor(), ((hole.y + hole.height) * scale).ceil());
        let (x, y) = ((x - left).max(0.0), (y - top).max(0.0));
        Rect::new(x as u32, y as u32, (x_end - left - x) as u32, (y_end - top - y) as u32)
    };
    (wall, surface.holes.iter().map(hole).collect())
}

/// Two presses on the same tile within this many milliseconds are one double click.
pub(super) const DOUBLE_CLICK_MS: u32 = 400;

/// What a person's hand does on a wall window.
pub(super) fn tile_at(wall: &Wall, size: Size, x: u32, y: u32) -> Option<usize> {
    let inside =
        |rect: Rect| x >= rect.x && y >= rect.y && x - rect.x < rect.width && y - rect.y < rect.height;
    wall.tiles(size).into_iter().find(|(rect, _)| inside(*rect)).map(|(_, slot)| slot)
}

impl OpenWall {
    /// The size of the monitor that it covers.
    pub(super) fn size(&self) -> Option<Size> {
        self.monitor.as_ref().map(|monitor| Size::new(monitor.width, monitor.height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surface(scale: f64, wall: [f64; 4], holes: &[[f64; 4]]) -> wire::Surface {
        let place = |[x, y, width, height]: [f64; 4]| wire::Box { x, y, width, height };
        wire::Surface { wall: place(wall), holes: holes.iter().copied().map(place).collect(), scale }
    }

    #[test]
    fn css_pixels_become_the_windows() {
        let (wall, holes) = pixels(&surface(1.5, [301.0, 45.0, 701.0, 400.0], &[[400.0, 40.0, 10.0, 10.0]]));
        assert_eq!(wall, Rect::new(452, 68, 1051, 600));
        assert_eq!(holes, [Rect::new(148, 0, 15, 7)], "what of it lies on the wall");
    }

    #[test]
    fn nonsense_hides_the_wall_and_nothing_else() {
        for wall in [[0.0; 4], [f64::NAN; 4], [-5.0, -5.0, -1.0, 9.0], [1e300, 0.0, f64::NAN, 1.0]] {
            let (rect, _) = pixels(&surface(f64::NAN, wall, &[[f64::INFINITY, 0.0, -1.0, f64::NAN]]));
            assert!(rect.width == 0 || rect.height == 0, "{rect:?}");
        }
    }

    #[test]
    fn labels_name_their_walls() {
        assert_eq!(id_of(&label(0)), Some(0));
        assert_eq!(id_of(&label(7)), Some(7));
        assert_eq!(id_of("other"), None);
    }
}
