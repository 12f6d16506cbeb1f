//! One wall: its layout and what stands on its tiles.

use std::num::NonZeroU16;

use model::{Fit, Id, Rect, Size, Turn, View};
use serde::{Deserialize, Serialize};

use crate::layout::Layout;
use crate::refusal::Refusal;

/// What stands on one tile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Slot {
    /// Which camera; `None` for an empty tile.
    pub camera: Option<Id>,
    /// How its picture is laid into the tile.
    pub fit: Fit,
    /// How its picture is turned.
    pub turn: Turn,
    /// It shows what is selected elsewhere.
    #[serde(default)]
    pub hotspot: bool,
    /// What of its picture is seen.
    #[serde(default)]
    pub view: View,
}

impl Slot {
    /// `camera` as it sends itself.
    #[must_use]
    pub fn of(camera: Id) -> Self {
        Self { camera: Some(camera), ..Self::default() }
    }

    /// Whether anything stands on it: a hotspot that nothing was selected for yet is no empty tile.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.camera.is_some() || self.hotspot
    }
}

/// Which pictures a wall asks for where nobody selects or enlarges them. Less of them costs lines and decoding less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub enum Pictures {
    /// The best that fits.
    #[default]
    Best,
    /// Small streams.
    Small,
    /// Of small streams the key frames: one every few seconds.
    KeyFrames,
}

/// `id` 0 is the wall in the main window. The tile at index `i` of the layout shows slot `page * cells.length + i`.
///
/// Always true: the last slot is used; the page exists; what is selected has a tile; what is enlarged has a
/// camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Wall {
    pub(crate) id: u32,
    /// The monitor it belongs to; null for the main window's.
    pub(crate) monitor: Option<String>,
    pub(crate) layout: Layout,
    /// All of its cameras, page after page; a missing slot is an empty tile.
    pub(crate) slots: Vec<Slot>,
    pub(crate) page: usize,
    /// How many pages the slots fill, at least 1.
    pages: usize,
    /// Index into slots (may lie beyond their end: an empty tile).
    pub(crate) selected: Option<usize>,
    /// Index into slots of the camera that covers the whole wall.
    pub(crate) enlarged: Option<usize>,
    /// Seconds after which the page turns by itself.
    pub(crate) turning: Option<NonZeroU16>,
    /// What it asks for.
    pub(crate) pictures: Pictures,
}

/// Why something is no [`Wall`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAWall {
    /// More than [`Wall::MOST_SLOTS`].
    #[error("{0} slots")]
    Slots(usize),
    /// A page, a selection or an enlargement that points at nothing.
    #[error("{0} points at nothing")]
    Dangling(&'static str),
    /// The main window's wall with a monitor, another one without, or with a key that is none.
    #[error("the monitor of wall {0}")]
    Monitor(u32),
    /// The turning interval.
    #[error("pages that turn after {0} s")]
    Turning(u16),
}

#[derive(Deserialize)]
struct Parts {
    id: u32,
    monitor: Option<String>,
    layout: Layout,
    slots: Vec<Slot>,
    page: usize,
    selected: Option<usize>,
    enlarged: Option<usize>,
    turning: Option<NonZeroU16>,
    #[serde(default)]
    pictures: Pictures,
}

impl TryFrom<Parts> for Wall {
    type Error = NotAWall;

    fn try_from(parts: Parts) -> Result<Self, NotAWall> {
        let Parts { id, monitor, layout, slots, page, selected, enlarged, turning, pictures } = parts;
        if slots.len() > Self::MOST_SLOTS {
            return Err(NotAWall::Slots(slots.len()));
        }
        if monitor.is_none() != (id == 0) || monitor.as_deref().is_some_and(|key| check_monitor(key).is_err())
        {
            return Err(NotAWall::Monitor(id));
        }
        if let Some(seconds) = turning.filter(|s| s.get() > Self::LONGEST_TURN) {
            return Err(NotAWall::Turning(seconds.get()));
        }
        let mut wall =
            Self { id, monitor, layout, slots, page, pages: 1, selected, enlarged, turning, pictures };
        wall.settle();
        let kept = [
            ("page", wall.page == page),
            ("selected", wall.selected == selected),
            ("enlarged", wall.enlarged == enlarged),
        ];
        match kept.iter().find(|(_, same)| !same) {
            Some((what, _)) => Err(NotAWall::Dangling(what)),
            None => Ok(wall),
        }
    }
}

/// A monitor's key is kept in files and logs, as ids are.
pub(crate) fn check_monitor(key: &str) -> Result<(), Refusal> {
    Id::new(key).map(drop).map_err(|_| Refusal::NotAMonitor)
}

impl Wall {
    /// The most slots of one wall.
    pub const MOST_SLOTS: usize = 4096;
    /// The most seconds that a page stands before it turns by itself.
    pub const LONGEST_TURN: u16 = 3600;

    /// An empty wall, 3×3: tiles to drop cameras on, but none so small that the first would be lost on it.
    pub(crate) fn new(id: u32, monitor: Option<String>) -> Self {
        let layout = Layout::grid(3, 3);
        let (slots, pages) = (Vec::new(), 1);
        Self {
            id,
            monitor,
            layout,
            slots,
            page: 0,
            pages,
            selected: None,
            enlarged: None,
            turning: None,
            pictures: Pictures::Best,
        }
    }

    /// 0 is the wall in the main window.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The monitor it belongs to; `None` for the main window's.
    #[must_use]
    pub fn monitor(&self) -> Option<&str> {
        self.monitor.as_deref()
    }

    /// Its division into tiles, the same on every page.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// All of its cameras, page after page; a missing slot is an empty tile.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The page shown, from 0.
    #[must_use]
    pub fn page(&self) -> usize {
        self.page
    }

    /// How many pages the slots fill, at least 1.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Index into slots; may lie beyond their end, on an empty tile.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.selected
    }

    /// Index into slots of the camera that covers the whole wall.
    #[must_use]
    pub fn enlarged(&self) -> Option<usize> {
        self.enlarged
    }

    /// Seconds after which the page turns by itself.
    #[must_use]
    pub fn turning(&self) -> Option<NonZeroU16> {
        self.turning
    }

    /// What it asks for.
    #[must_use]
    pub fn pictures(&self) -> Pictures {
        self.pictures
    }

    /// The camera in slot `at`, if there is one.
    #[must_use]
    pub fn camera(&self, at: usize) -> Option<&Id> {
        self.slots.get(at)?.camera.as_ref()
    }

    /// The tiles shown: index into the layout, index into slots, and the slot, `None` where the tile is empty. Of an
    /// enlarged camera only its own.
    pub fn visible(&self) -> impl Iterator<Item = (usize, usize, Option<&Slot>)> {
        let tiles = self.layout.count();
        let shown = match self.enlarged {
            Some(at) => at..at + 1,
            None => self.page * tiles..(self.page + 1) * tiles,
        };
        shown.map(move |at| (at % tiles, at, self.slots.get(at).filter(|slot| slot.camera.is_some())))
    }

    /// The same tiles in pixels, each with its index into slots. An enlarged camera has the whole wall.
    #[must_use]
    pub fn tiles(&self, wall: Size) -> Vec<(Rect, usize)> {
        match self.enlarged {
            Some(at) => vec![(Rect::new(0, 0, wall.width, wall.height), at)],
            None => self.layout.tiles(wall).into_iter().zip(self.page * self.layout.count()..).collect(),
        }
    }

    /// Whether layout and slots are the same; the view of them (page, selection, enlargement) may differ, and with it
    /// the camera of a hotspot and what is seen of its picture.
    pub(crate) fn same_content(&self, other: &Self) -> bool {
        let same = |(one, other): (&Slot, &Slot)| {
            one == other || (one.hotspot && other.hotspot && (one.fit, one.turn) == (other.fit, other.turn))
        };
        self.layout == other.layout
            && self.slots.len() == other.slots.len()
            && self.slots.iter().zip(&other.slots).all(same)
    }

    /// Whether nothing differs but what of the pictures is seen.
    #[must_use]
    pub fn differs_in_views_only(&self, other: &Self) -> bool {
        let without = |wall: &Self| {
            let mut wall = wall.clone();
            wall.slots.iter_mut().for_each(|slot| slot.view = View::default());
            wall
        };
        self.slots.len() == other.slots.len() && without(self) == without(other)
    }

    /// Shows `camera` on all hotspots.
    pub(crate) fn follow(&mut self, camera: &Id) {
        let others = |slot: &&mut Slot| slot.hotspot && slot.camera.as_ref() != Some(camera);
        for slot in self.slots.iter_mut().filter(others) {
            slot.camera = Some(camera.clone());
            slot.view = View::default();
        }
    }

    /// Brings back what `kept` held, on the page and with the selection that it had then.
    pub(crate) fn restore(&mut self, kept: &Self) {
        let enlarged = self.enlarged.filter(|at| self.camera(*at) == kept.camera(*at));
        self.layout = kept.layout.clone();
        self.slots.clone_from(&kept.slots);
        (self.page, self.selected, self.enlarged) = (kept.page, kept.selected, enlarged);
        self.settle();
    }

    /// Makes true again what is always true of a wall.
    pub(crate) fn settle(&mut self) {
        for slot in self.slots.iter_mut().filter(|slot| !slot.is_used()) {
            *slot = Slot::default();
        }
        let used = self.slots.iter().rposition(Slot::is_used).map_or(0, |last| last + 1);
        self.slots.truncate(used);
        let tiles = self.layout.count();
        self.pages = used.div_ceil(tiles).max(1);
        self.page = self.page.min(self.pages - 1);
        self.selected = self.selected.filter(|at| *at < self.pages * tiles);
        self.enlarged = self.enlarged.filter(|at| self.camera(*at).is_some());
    }
}
