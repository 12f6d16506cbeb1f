//! What the plan is made from: tiles, cameras, limits, and what was before. Plain data, gathered by the caller.

use std::time::Duration;

use model::{Fit, Size, Turn};

use super::history::History;
use inventory::ProfileKind;

/// Everything that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// All tiles of all walls, in any order.
    pub tiles: &'a [Tile],
    /// All cameras; tiles name them by their place here.
    pub cameras: &'a [Camera],
    /// Mb/s that this client may take from each recorder, after what others have leased; `None`: not known to be
    /// limited. [`super::Ceiling`] learns what devices don't declare.
    pub recorders: &'a [Option<f64>],
    /// Mb/s that this client may take over each site's uplink, likewise. A relay with a line of its own is listed here
    /// too.
    pub sites: &'a [Option<f64>],
    /// This machine.
    pub machine: Machine,
    /// The share of each recorder and site that is left to what a person selects or enlarges, 0 to 1.
    pub reserve: f64,
    /// What was decided before; without it, nothing is open and nothing is held.
    pub history: Option<&'a History>,
}

impl Scene<'_> {
    /// The usual reserve.
    pub const RESERVE: f64 = 0.1;
}

/// A place where a camera is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tile {
    /// Which camera, by its place in [`Scene::cameras`].
    pub camera: usize,
    /// Pixels of the tile on its monitor.
    pub size: Size,
    /// How the picture is laid into it.
    pub fit: Fit,
    /// How the picture is turned in it.
    pub turn: Turn,
    /// Digital zoom, 1 or more.
    pub zoom: f32,
    /// Whether anybody can see it: not on another page, not behind an enlarged tile, not in a minimised window.
    pub visible: bool,
    /// A person has selected it.
    pub selected: bool,
    /// A person has enlarged it.
    pub enlarged: bool,
    /// Higher goes first; an alarm raises it.
    pub priority: i8,
    /// A picture now and then is all that is asked for, as on a wall of the whole province.
    pub key_frames_suffice: bool,
    /// The small profile is all that is asked for, although it does not cover the tile.
    pub small_suffices: bool,
}

impl Tile {
    /// Whether it asks for anything.
    pub(super) fn counts(&self) -> bool {
        self.visible && self.size.width > 0 && self.size.height > 0
    }

    /// A person looks at this one.
    pub(super) fn attended(&self) -> bool {
        self.selected || self.enlarged
    }
}

/// A camera and what limits it alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The full picture, if there is one.
    pub main: Option<Profile>,
    /// The small picture for walls, if there is one.
    pub sub: Option<Profile>,
    /// Its recorder, by its place in [`Scene::recorders`].
    pub recorder: usize,
    /// Whose line its packets come over, by its place in [`Scene::sites`].
    pub site: usize,
    /// How many may watch it; `None`: not known to be limited.
    pub viewers: Option<Viewers>,
    /// It is reached by a relay: neither its viewer slots nor its recorder's Mb/s are used, only the line of
    /// [`Camera::site`].
    pub relayed: bool,
}

impl Camera {
    /// The profile of this kind.
    #[must_use]
    pub fn profile(&self, kind: ProfileKind) -> Option<&Profile> {
        match kind {
            ProfileKind::Main => self.main.as_ref(),
            ProfileKind::Sub => self.sub.as_ref(),
        }
    }

    /// The profile of this kind unless it is known to be refused.
    pub(super) fn usable(&self, kind: ProfileKind) -> Option<&Profile> {
        self.profile(kind).filter(|profile| profile.refused.is_none())
    }

    /// The kind with fewer pixels and the one with more; the same where there is only one. `None` without any.
    pub(super) fn small_and_large(&self) -> Option<(ProfileKind, ProfileKind)> {
        use ProfileKind::{Main, Sub};
        match (&self.sub, &self.main) {
            (Some(sub), Some(main)) if main.pixels() < sub.pixels() => Some((Main, Sub)),
            (Some(_), Some(_)) => Some((Sub, Main)),
            (Some(_), None) => Some((Sub, Sub)),
            (None, Some(_)) => Some((Main, Main)),
            (None, None) => None,
        }
    }

    /// Sessions that this client may have with it at once; `None`: as many as it likes.
    pub(super) fn slots(&self) -> Option<u32> {
        let viewers = self.viewers.filter(|_| !self.relayed)?;
        Some(viewers.limit.saturating_sub(viewers.others))
    }
}

/// How many may watch a camera at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewers {
    /// All together.
    pub limit: u32,
    /// Without this client's own session.
    pub others: u32,
}

/// One of a camera's streams.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// Pixels of its picture.
    pub size: Size,
    /// What it sends, as measured, else as declared.
    pub mbps: f64,
    /// Cores that decoding all its pictures takes.
    pub cores: f64,
    /// Cores that decoding its key frames alone takes.
    pub key_frame_cores: f64,
    /// It is decoded on the graphics processor and takes one of its sessions.
    pub on_gpu: bool,
    /// The device is known to refuse it now.
    pub refused: Option<Refusal>,
}

impl Profile {
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.size.width) * u64::from(self.size.height)
    }
}

/// Why a stream cannot be opened, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This much longer; then it may be asked again.
    For(Duration),
    /// Until a person changes something (password, address).
    UntilChange,
    /// As long as somebody else has it, by a lease on the last place, say.
    Taken,
}

/// What this machine can do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Cores that decoding may take, as measured.
    pub cores: f64,
    /// Cores that it may take so that tiles with key frames alone are not dark: a machine at its end shows fewer of them, late
    /// ones are left out, and that is better than none. `None`: no more than [`Self::cores`].
    pub key_frame_cores: Option<f64>,
    /// Decoding sessions that the graphics processor has for this client; `None`: not limited.
    pub gpu_sessions: Option<u32>,
}
