//! What the cameras look at.

use model::Size;

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

pub struct Film { size: Size }
impl Film {
    pub fn new(_: Scene, _: Light, size: Size) -> Self { Self { size } }
    pub fn shoot(&self, n: u32, total: u32, planes: &mut [u8]) {
        let (w, h) = (self.size.width as usize, self.size.height as usize);
        planes.fill(128);
        for y in 0..h { for x in 0..w { planes[y*w+x] = (((x + n as usize * w / total as usize) % w) * 200 / w + 20) as u8; } }
    }
}
