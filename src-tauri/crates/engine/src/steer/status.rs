//! What people are told of a camera that can be steered.

use devices::device::Channel;
use model::{Fault, Pose, Preset, Reach};

use super::agreement::Holder;

/// How a camera stands that somebody looks at or steers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// What it can do; `None` until its device has been met.
    pub abilities: Option<Abilities>,
    /// Why its device was not met, or what it refuses.
    pub fault: Option<Fault>,
    /// Where it points, if it tells.
    pub pose: Option<Pose>,
    /// It stands at a stop of its pan or tilt, or was sent beyond one.
    pub at_limit: bool,
    /// What moves it.
    pub moving: Moving,
    /// Who steers it.
    pub holder: Holder,
    /// Who has taken it from this workstation last.
    pub lost_to: Option<String>,
    /// Its presets, once they were asked for.
    pub presets: Option<Vec<Preset>>,
    /// A tour goes through its presets.
    pub touring: bool,
    /// It was not moved, because that could not be written down.
    pub is_unwritten: bool,
    /// Its mount was unlocked for setting up.
    pub is_unlocked: bool,
}

/// What moves a camera.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moving {
    /// Nothing.
    #[default]
    Still,
    /// This workstation.
    Ours,
    /// Somebody else, or it moves by itself.
    Others,
    /// It is being stopped.
    Stopping,
    /// It is not known to have stopped.
    Unsure,
}

/// What a camera can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Abilities {
    /// How far its motors go; `None` without motors.
    pub reach: Option<Reach>,
    /// How many presets it keeps.
    pub presets: Option<u16>,
    /// Its focus can be moved.
    pub focus: bool,
    /// Its iris can be moved.
    pub iris: bool,
    /// What can be switched, as the device calls it.
    pub auxiliaries: Vec<String>,
    /// It gives still pictures.
    pub snapshot: bool,
    /// Its motors only set it up.
    pub set_up_only: bool,
}

impl Abilities {
    pub(super) fn of(channel: &Channel) -> Self {
        let steer = channel.steer.as_ref();
        Self {
            reach: steer.map(|steer| steer.reach()),
            presets: steer.and_then(|steer| steer.presets()).map(devices::device::Presets::most),
            focus: channel.lens.is_some(),
            iris: channel.lens.as_ref().is_some_and(|lens| lens.has_iris()),
            auxiliaries: channel.auxiliary.as_ref().map(|aux| aux.list().to_vec()).unwrap_or_default(),
            snapshot: channel.snapshot.is_some(),
            set_up_only: channel.set_up_only,
        }
    }
}
