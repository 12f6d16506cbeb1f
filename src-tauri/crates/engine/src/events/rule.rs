//! What people want to happen when a device notices something.

use std::collections::BTreeSet;

use model::{EventKind, Id};
use serde::{Deserialize, Serialize};

/// When something is noticed there and then, all of this happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique among rules.
    pub id: Id,
    /// As people call it; 1 to [`Rule::LONGEST_NAME`] characters.
    pub name: String,
    /// It is obeyed.
    pub enabled: bool,
    /// What has to be noticed: any of these.
    pub on: BTreeSet<EventKind>,
    /// Where.
    pub at: Place,
    /// At which time of day; `None`: always.
    pub between: Option<DaySpan>,
    /// What happens; at least one.
    pub then: Vec<Act>,
    /// It does not act again at the same camera for so long, seconds.
    pub pause: u16,
}

/// Where something has to be noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Anywhere.
    Any,
    /// At a site of this district, by name.
    District(String),
    /// At this site.
    Site(Id),
    /// At this camera.
    Camera(Id),
}

/// A time of day, in minutes since midnight; from the later to the earlier is over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaySpan {
    /// From this minute on, 0–1439.
    pub from: u16,
    /// Until before this one, 0–1439; not the same.
    pub until: u16,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The camera is shown for a while.
    Show {
        /// Where.
        on: Screen,
        /// For so long, 1 to [`Rule::LONGEST_SHOW`] seconds.
        seconds: u16,
    },
    /// A camera goes to one of its presets, unless somebody steers it.
    Preset {
        /// Which camera; `None`: the one that has noticed it.
        camera: Option<Id>,
        /// The preset's token.
        token: String,
    },
    /// A sound, except in quiet hours.
    Sound,
    /// The moment is marked in the log.
    Mark,
}

/// Where a camera is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// On the hotspot tile of whatever wall has one.
    Hotspot,
    /// On this wall, from 1.
    Wall(u32),
}

/// Why something is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARule {
    /// No name, one that is too long, or with control characters.
    #[error("a name that is none")]
    Name,
    /// Nothing has to be noticed.
    #[error("nothing to be noticed")]
    On,
    /// No time of day.
    #[error("no time of day")]
    Between,
    /// Nothing happens, or too much.
    #[error("nothing that happens, or more than {} things", Rule::MOST_ACTS)]
    Then,
    /// Shown for no time, or too long.
    #[error("shown for {0} s")]
    Seconds(u16),
    /// A preset without a token, or with one that is too long.
    #[error("no preset")]
    Preset,
    /// A wall that cannot be.
    #[error("wall {0}")]
    Wall(u32),
    /// Twice the same id.
    #[error("an id that is there twice")]
    Twice,
    /// More than are kept.
    #[error("too many")]
    TooMany,
}

impl DaySpan {
    /// Whether it can be one.
    #[must_use]
    pub fn is_sound(self) -> bool {
        self.from < 1440 && self.until < 1440 && self.from != self.until
    }

    /// Whether a minute of the day lies in it.
    #[must_use]
    pub fn holds(self, minute: u16) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

impl Rule {
    /// Characters.
    pub const LONGEST_NAME: usize = 100;
    /// Seconds.
    pub const LONGEST_SHOW: u16 = 3600;
    /// Things that happen.
    pub const MOST_ACTS: usize = 8;
    /// More walls are not opened.
    const MOST_WALLS: u32 = 64;
    /// ONVIF's own limit of a reference token.
    const LONGEST_TOKEN: usize = 64;

    /// Whether it can be obeyed.
    ///
    /// # Errors
    /// [`NotARule`]
    pub fn check(&self) -> Result<(), NotARule> {
        let letters = self.name.chars().count();
        if !(1..=Self::LONGEST_NAME).contains(&letters)
            || self.name.trim().is_empty()
            || self.name.chars().any(char::is_control)
        {
            return Err(NotARule::Name);
        }
        if self.on.is_empty() {
            return Err(NotARule::On);
        }
        if self.between.is_some_and(|span| !span.is_sound()) {
            return Err(NotARule::Between);
        }
        if !(1..=Self::MOST_ACTS).contains(&self.then.len()) {
            return Err(NotARule::Then);
        }
        self.then.iter().try_for_each(Act::check)
    }
}

impl Act {
    fn check(&self) -> Result<(), NotARule> {
        match self {
            Self::Show { seconds, .. } if !(1..=Rule::LONGEST_SHOW).contains(seconds) => {
                Err(NotARule::Seconds(*seconds))
            }
            Self::Show { on: Screen::Wall(wall), .. } if !(1..=Rule::MOST_WALLS).contains(wall) => {
                Err(NotARule::Wall(*wall))
            }
            Self::Preset { token, .. }
                if !(1..=Rule::LONGEST_TOKEN).contains(&token.len())
                    || token.chars().any(char::is_control) =>
            {
                Err(NotARule::Preset)
            }
            _ => Ok(()),
        }
    }
}
