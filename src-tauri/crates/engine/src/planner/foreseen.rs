//! What would come of what a person is about to do.

use model::Id;

use super::{Planner, Wanted, free};
use crate::plan::{self, Load, Loaded, Scene};

/// A recorder or site of which much would be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Full {
    /// Which.
    pub id: Id,
    /// Mb/s of it then.
    pub load: Load,
}

/// What a wall would cost and show, as [`plan::Preflight`] says it, with names instead of places.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreseen {
    /// Decoding in cores now.
    pub decode_now: Load,
    /// Decoding in cores then.
    pub decode: Load,
    /// Recorders of which much would be used.
    pub recorders: Vec<Full>,
    /// Sites likewise.
    pub sites: Vec<Full>,
    /// Cameras that would stay dark because as many watch them as may.
    pub without_slot: Vec<Id>,
    /// Cameras that would stay dark for want of Mb/s or decoding.
    pub dark: Vec<Id>,
    /// Cameras that would show key frames only.
    pub key_frames: Vec<Id>,
    /// Cameras that are shown better now.
    pub worse: Vec<Id>,
}

impl Foreseen {
    /// Whether something would stay dark or be shown worse than now.
    #[must_use]
    pub fn costs_pictures(&self) -> bool {
        !(self.without_slot.is_empty() && self.dark.is_empty() && self.worse.is_empty())
    }

    /// Whether all cameras would show all pictures, and none worse than now.
    #[must_use]
    pub fn fits(&self) -> bool {
        !self.costs_pictures() && self.key_frames.is_empty()
    }
}

impl Planner {
    /// What would come if wall `wall` asked for these. Nothing changes; takes about as long as two plans (0.2 ms for the
    /// whole province).
    #[must_use]
    pub fn foresee(&self, wall: u32, wanted: &[Wanted]) -> Foreseen {
        let now: Vec<plan::Tile> = self.walls.values().flatten().copied().collect();
        let others = self.walls.iter().filter(|(id, _)| **id != wall).flat_map(|(_, tiles)| tiles);
        let then: Vec<plan::Tile> = others.copied().chain(self.tiles(wanted)).collect();
        let (recorders, sites) = (free(&self.recorders), free(&self.sites));
        let scene = |tiles| -> Scene<'_> { self.scene(tiles, &recorders, &sites) };
        let found = plan::preflight(&scene(&now), &scene(&then));
        let ids = |places: Vec<usize>| places.into_iter().map(|place| self.ids[place].clone()).collect();
        let full = |loaded: Vec<Loaded>, links: &[super::Link]| -> Vec<Full> {
            let full = |one: &Loaded| Full { id: links[one.index].id.clone(), load: one.load };
            loaded.iter().map(full).collect()
        };
        Foreseen {
            decode_now: found.decode_now,
            decode: found.decode,
            recorders: full(found.recorders, &self.recorders),
            sites: full(found.sites, &self.sites),
            without_slot: ids(found.without_slot),
            dark: ids(found.dark),
            key_frames: ids(found.key_frames),
            worse: ids(found.worse),
        }
    }
}
