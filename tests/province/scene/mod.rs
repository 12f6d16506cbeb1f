//! What the cameras look at: places of the province, rendered.
//!
//! A [`Film`] is one place by one light. `place` puts it together from `outdoor` (with `town`) and
//! `indoor`; `still` traces all that
//! stands still, once; `figures` moves people and vehicles, which [`Film::shoot`] draws over it picture by picture;
//! `tone` turns light into luma and chroma as a small camera does, noise included. Everything comes back to its
//! start at the end of the loop, so that the loop has no seam.

mod figures;
mod film;
mod indoor;
mod lens;
mod lighting;
mod outdoor;
mod paint;
pub(crate) mod panorama;
mod place;
mod solid;
mod still;
mod tone;
mod town;
mod vector;
mod world;

pub use film::Film;

use std::sync::LazyLock;

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scene {
    /// The gate of a compound, on a road.
    Gate,
    /// A paved courtyard in front of a building.
    Yard,
    /// Motorbikes and cars under a roof.
    Parking,
    /// A street with traffic.
    Street,
    /// A canal with boats.
    Quay,
    /// A corridor with doors.
    Corridor,
    /// A room with beds.
    Ward,
    /// An entrance lobby with a counter.
    Lobby,
    /// A room with desks and a blackboard.
    Classroom,
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Gate,
        Self::Yard,
        Self::Parking,
        Self::Street,
        Self::Quay,
        Self::Corridor,
        Self::Ward,
        Self::Lobby,
        Self::Classroom,
    ];

    /// Short English name, for files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Yard => "yard",
            Self::Parking => "parking",
            Self::Street => "street",
            Self::Quay => "quay",
            Self::Corridor => "corridor",
            Self::Ward => "ward",
            Self::Lobby => "lobby",
            Self::Classroom => "classroom",
        }
    }
}

/// How far below the horizon the camera of a place looks, degrees.
#[must_use]
pub fn tilt(scene: Scene) -> f32 {
    static TILTS: LazyLock<[f32; 9]> = LazyLock::new(|| {
        Scene::ALL.map(|scene| {
            let (from, at) = place::Draft::of(scene).view();
            let to = (at - from).unit();
            (-to.y).asin().to_degrees()
        })
    });
    TILTS[scene as usize]
}

/// Through what lens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Optics {
    /// The one that suits the place, wide and a little bent.
    Own,
    /// The straight one of the indoor cameras with motors, see [`crate::panorama::lens`].
    Straight,
}

/// By what light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Light {
    /// Daylight, or lamps inside.
    Day,
    /// The camera's own infrared illuminator: grey.
    Infrared,
}

impl Light {
    /// Short English name, for files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Infrared => "infrared",
        }
    }
}
