//! Journeys through the desktop program as people take them: with keyboard and pointer on a screen with two monitors.

#[path = "../desktop/mod.rs"]
mod desktop;
#[path = "../support.rs"]
mod support;

mod arranging;
mod damaged;
mod ending;
mod enlarging;
mod equipment;
mod evidence;
mod first_start;
mod keeping;
mod overview;
mod people;
mod playing;
mod roles;
mod seen;
mod soak;
mod steering;
mod walls;
