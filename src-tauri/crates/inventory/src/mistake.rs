//! What can be wrong in an inventory, and where. Codes with data; the program makes words of them.

use std::fmt;

use model::BadAddress;
use model::lens::NotALens;

use crate::device_address::BadDeviceAddress;
use crate::field::{Field, Level};
use crate::relay::BadRelay;

/// Something wrong at a place of an inventory.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What.
    pub flaw: Flaw,
    /// What stands there, shortened and printable; empty for addresses, which may hold a password.
    pub value: String,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// Nothing where something must be.
    #[error("is missing")]
    Missing,
    /// Too many characters, or bytes of an id.
    #[error("is longer than {most}")]
    TooLong {
        /// How many there may be.
        most: usize,
    },
    /// A line break, tab or other control character.
    #[error("has a control character")]
    ControlCharacter,
    /// A character that turns the direction of writing, so that a text reads otherwise than it is.
    #[error("has a character that turns the direction of writing")]
    DirectionCharacter,
    /// A character that cannot be seen, so that two names look the same.
    #[error("has an invisible character")]
    InvisibleCharacter,
    /// The id stands in the inventory twice.
    #[error("stands in it twice")]
    Twice,
    /// A camera without a stream.
    #[error("has no profile")]
    NoProfile,
    /// Two main or two sub streams of a camera.
    #[error("has two profiles of a kind")]
    ProfileTwice,
    /// A figure out of range, or not a number.
    #[error("is not from {least} to {most}")]
    OutOfRange {
        /// The smallest sound one.
        least: f64,
        /// The largest sound one.
        most: f64,
    },
    /// No address of a stream.
    #[error("is {0}")]
    Address(BadAddress),
    /// An address with user and password.
    #[error("must not hold user and password")]
    Login,
    /// No address of a recorder.
    #[error("is {0}")]
    DeviceAddress(BadDeviceAddress),
    /// No template of a relay.
    #[error("is no relay: {0}")]
    Relay(BadRelay),
    /// No description of a lens.
    #[error("is {0}")]
    Lens(NotALens),
}

/// A field of the inventory. Places count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which site.
    pub site: Option<usize>,
    /// Which of its recorders.
    pub recorder: Option<usize>,
    /// Which of its cameras.
    pub camera: Option<usize>,
    /// Which of its profiles.
    pub profile: Option<usize>,
    /// Which field.
    pub field: Field,
}

impl Place {
    /// That field of the same thing.
    pub(crate) const fn field(self, field: Field) -> Self {
        Self { field, ..self }
    }

    /// Whose field it is.
    pub(crate) const fn level(&self) -> Level {
        match self {
            Self { camera: Some(_), .. } => Level::Camera,
            Self { recorder: Some(_), .. } => Level::Recorder,
            Self { site: Some(_), .. } => Level::Site,
            _ => Level::Inventory,
        }
    }
}

impl fmt::Display for Place {
    /// A JSON pointer (RFC 6901) into the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = [
            ("sites", self.site),
            ("recorders", self.recorder),
            ("cameras", self.camera),
            ("profiles", self.profile),
        ];
        for (name, at) in steps {
            if let Some(at) = at {
                write!(f, "/{name}/{at}")?;
            }
        }
        write!(f, "/{}", self.field.key())
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.is_empty() {
            write!(f, "{} {}", self.place, self.flaw)
        } else {
            write!(f, "{}: {:?} {}", self.place, self.value, self.flaw)
        }
    }
}

/// So much of a text as may be shown: 80 characters, the control characters among them replaced.
pub(crate) fn excerpt(text: &str) -> String {
    let shown = |c: char| if crate::text::flaw(c).is_some() { '\u{fffd}' } else { c };
    text.chars().take(80).map(shown).collect()
}
