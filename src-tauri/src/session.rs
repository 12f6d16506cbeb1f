//! A running view: its streams, its tiles, and the wall that they are drawn on.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::Live;
use model::Size;
use render::{Backend, RenderError, Target, Wall};

use crate::cli::ViewOptions;
use crate::list::List;
use crate::report::{Meter, Report};
use crate::surface::Surface;
use crate::words::Words;
use crate::{say, tell};

/// A running view: streams, tiles and the wall they are drawn on.
pub struct Session {
    live: Live,
    list: List,
    wall: Wall,
    /// What the wall is drawn on; goes after it.
    region: Option<Surface>,
    target: Target,
    backend: Backend,
    begun: Meter,
    halfway: Meter,
    halfway_at: Option<Instant>,
}

impl Session {
    /// Opens the wall on `target` for streams that are already on their way.
    ///
    /// # Errors
    /// What the renderer says.
    pub fn open(
        live: Live,
        list: List,
        target: Target,
        backend: Backend,
        begun: Meter,
    ) -> Result<Self, RenderError> {
        let wall = Wall::open(target.clone(), backend)?;
        Ok(Self { live, list, wall, region: None, target, backend, begun, halfway: begun, halfway_at: None })
    }

    /// Keeps the window's region for as long as the wall is drawn on it.
    pub fn keep(&mut self, region: Surface) {
        self.region = Some(region);
    }

    /// The second half of a limited run is measured by itself, without start-up.
    pub fn plan_halfway(&mut self, limit: Option<Duration>) {
        self.halfway_at = limit.map(|limit| Instant::now() + limit / 2);
    }

    /// Draws what is new. A lost graphics device is replaced, by the processor if need be.
    ///
    /// # Errors
    /// What the renderer says if nothing helps.
    pub fn draw(&mut self, words: &Words) -> Result<(), RenderError> {
        if self.halfway_at.is_some_and(|at| Instant::now() >= at) {
            self.halfway = Meter::read();
            self.halfway_at = None;
        }
        match self.list.draw(&mut self.wall) {
            Ok(()) => Ok(()),
            Err(RenderError::DeviceLost(reason)) => {
                tell(&words.because("error_wall_lost", reason));
                self.reopen()
            }
            // The window is being made or resized; the next scene finds it ready.
            Err(RenderError::Window(reason)) => {
                log::warn!("{reason}");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn reopen(&mut self) -> Result<(), RenderError> {
        let size = self.wall.size();
        let target = match &self.target {
            Target::Headless(_) => Target::Headless(size),
            Target::Window { window, .. } => Target::Window { window: Arc::clone(window), size },
        };
        self.wall =
            Wall::open(target.clone(), self.backend).or_else(|_| Wall::open(target, Backend::Software))?;
        Ok(())
    }

    /// The window has another size now.
    pub fn resize(&mut self, size: Size) {
        self.wall.resize(size);
        self.list.lay_out(size);
    }

    /// The window lost what it showed.
    pub fn expose(&mut self) {
        self.wall.expose();
    }

    /// Names and states on the pictures, or not.
    pub fn toggle_captions(&mut self) {
        self.list.toggle_captions();
    }

    /// Saves the wall as PNG and says where.
    ///
    /// # Errors
    /// In words.
    pub fn save_snapshot(&mut self, path: &Path, words: &Words) -> Result<(), String> {
        let shown = path.display().to_string();
        let failed = |reason: String| words.say("error_snapshot", &[("path", &shown), ("reason", &reason)]);
        let picture = self.wall.snapshot().map_err(|error| failed(error.to_string()))?;
        picture.save(path).map_err(|error| failed(error.to_string()))?;
        say(&words.say("snapshot_saved", &[("path", &shown)]));
        Ok(())
    }

    /// Prints the summary, writes snapshot and statistics, says goodbye to the devices.
    ///
    /// # Errors
    /// In words: what could not be saved.
    pub fn finish(&mut self, options: &ViewOptions, words: &Words) -> Result<(), String> {
        let (report, capture) = Report::gather(&self.list, &self.wall, self.begun, self.halfway);
        say(&report.summary(&capture, &self.list));
        if let Some(path) = &options.snapshot {
            self.save_snapshot(path, words)?;
        }
        if let Some(path) = &options.statistics {
            let failed = |reason: String| {
                words.say("error_statistics", &[("path", &path.display().to_string()), ("reason", &reason)])
            };
            let text = serde_json::to_string_pretty(&report).map_err(|error| failed(error.to_string()))?;
            std::fs::write(path, text).map_err(|error| failed(error.to_string()))?;
        }
        self.live.close();
        Ok(())
    }
}
