//! All walls of a desk.

use model::Id;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::wall::{Wall, check_monitor};

/// All walls, the main window's first. Every wall has an id of its own; the main window's is 0 and always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Desk {
    walls: Vec<Wall>,
}

/// Why walls make no [`Desk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotADesk {
    #[error("{0} walls")]
    Walls(usize),
    #[error("the first wall is {0}, not the main window's")]
    First(u32),
    #[error("two walls {0}")]
    Twice(u32),
}

#[derive(Deserialize)]
struct Parts {
    walls: Vec<Wall>,
}

impl TryFrom<Parts> for Desk {
    type Error = NotADesk;

    fn try_from(Parts { walls }: Parts) -> Result<Self, NotADesk> {
        match walls.first() {
            Some(first) if first.id() != 0 => return Err(NotADesk::First(first.id())),
            Some(_) if walls.len() <= Self::MOST_WALLS => {}
            _ => return Err(NotADesk::Walls(walls.len())),
        }
        let twice = walls
            .iter()
            .enumerate()
            .find(|(index, wall)| walls[..*index].iter().any(|w| w.id() == wall.id()));
        match twice {
            Some((_, wall)) => Err(NotADesk::Twice(wall.id())),
            None => Ok(Self { walls }),
        }
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self { walls: vec![Wall::new(0, None)] }
    }
}

impl Desk {
    /// The most walls of one desk: more than any computer has monitors.
    pub const MOST_WALLS: usize = 64;

    /// All walls, the main window's first.
    #[must_use]
    pub fn walls(&self) -> &[Wall] {
        &self.walls
    }

    /// The wall of this id.
    #[must_use]
    pub fn wall(&self, id: u32) -> Option<&Wall> {
        self.walls.iter().find(|wall| wall.id() == id)
    }

    /// The wall of this id, to change it.
    ///
    /// # Errors
    /// [`Refusal::NoSuchWall`].
    pub fn wall_mut(&mut self, id: u32) -> Result<&mut Wall, Refusal> {
        self.walls.iter_mut().find(|wall| wall.id() == id).ok_or(Refusal::NoSuchWall(id))
    }

    /// Adds an empty wall for a monitor and gives its id, the lowest that is free: that of a closed wall is used again.
    ///
    /// # Errors
    /// [`Refusal::TooManyWalls`] and [`Refusal::NotAMonitor`].
    pub fn add_wall(&mut self, monitor: &str) -> Result<u32, Refusal> {
        check_monitor(monitor)?;
        if self.walls.len() >= Self::MOST_WALLS {
            return Err(Refusal::TooManyWalls);
        }
        let id = (1..).find(|id| self.wall(*id).is_none()).ok_or(Refusal::TooManyWalls)?;
        self.walls.push(Wall::new(id, Some(monitor.to_owned())));
        Ok(id)
    }

    /// Closes a wall, with all that stands on it.
    ///
    /// # Errors
    /// [`Refusal::MainWall`] and [`Refusal::NoSuchWall`].
    pub fn remove_wall(&mut self, id: u32) -> Result<(), Refusal> {
        if id == 0 {
            return Err(Refusal::MainWall);
        }
        let index = self.walls.iter().position(|wall| wall.id() == id).ok_or(Refusal::NoSuchWall(id))?;
        self.walls.remove(index);
        Ok(())
    }

    /// Moves a wall to another monitor.
    ///
    /// # Errors
    /// [`Refusal::MainWall`], [`Refusal::NoSuchWall`] and [`Refusal::NotAMonitor`].
    pub fn move_wall(&mut self, id: u32, monitor: &str) -> Result<(), Refusal> {
        if id == 0 {
            return Err(Refusal::MainWall);
        }
        check_monitor(monitor)?;
        self.wall_mut(id)?.monitor = Some(monitor.to_owned());
        Ok(())
    }

    /// The hotspots of all walls show what is selected on wall `id`. A hotspot follows no other one.
    ///
    /// # Errors
    /// [`Refusal::NoSuchWall`].
    pub fn follow_selection(&mut self, id: u32) -> Result<(), Refusal> {
        let wall = self.wall(id).ok_or(Refusal::NoSuchWall(id))?;
        let slot = wall.selected().and_then(|at| wall.slots().get(at)).filter(|slot| !slot.hotspot);
        if let Some(camera) = slot.and_then(|slot| slot.camera.clone()) {
            self.walls.iter_mut().for_each(|wall| wall.follow(&camera));
        }
        Ok(())
    }

    /// Shows a camera on the hotspots of wall `id`, or of all walls, whatever is selected.
    pub fn show_on_hotspots(&mut self, id: Option<u32>, camera: &Id) {
        let asked = self.walls.iter_mut().filter(|wall| id.is_none_or(|id| wall.id() == id));
        asked.for_each(|wall| wall.follow(camera));
    }

    /// Whether the walls that both have hold the same.
    pub(crate) fn same_content(&self, other: &Self) -> bool {
        self.walls.iter().all(|wall| other.wall(wall.id()).is_none_or(|other| wall.same_content(other)))
    }

    /// Forgets the walls that `other` does not have.
    pub(crate) fn keep_walls_of(&mut self, other: &Self) {
        self.walls.retain(|wall| other.wall(wall.id()).is_some());
    }

    /// Brings back what the walls held at an earlier (or, for redo, later) time.
    pub(crate) fn restore(&mut self, kept: &Self) {
        for wall in &mut self.walls {
            if let Some(kept) = kept.wall(wall.id()).filter(|kept| !wall.same_content(kept)) {
                wall.restore(kept);
            }
        }
    }
}
