//! What people have arranged on their walls.
//!
//! **What it does:** divides a wall into tiles, keeps which camera stands on which, page after page, changes that as
//! people ask for it, and takes it back.
//!
//! **What it must never know:** streams, pictures, windows, the page, the inventory, and the words shown to people. A
//! camera is an id here; whether it exists is for others to say.
//!
//! **The way through it:** an [`Arrangement`] holds the [`Desk`] of all walls and its undo steps;
//! [`Arrangement::apply`] is the one door for changes, made by the methods of [`Wall`]; [`Wall::tiles`] says where the
//! slots stand in pixels. [`Kept`] has what people keep under a name, [`Views`] what they keep of single
//! cameras. What is read back from a file checks itself.

#![forbid(unsafe_code)]

mod acts;
mod desk;
mod division;
mod history;
mod kept;
mod layout;
mod pixels;
mod presets;
mod refusal;
mod views;
mod wall;

pub use desk::Desk;
pub use division::{Axis, Divided};
pub use history::Arrangement;
pub use kept::{Kept, KeptLayout, KeptTour, Stop};
pub use layout::{Cell, Layout, NotALayout};
pub use presets::{Preset, presets};
pub use refusal::Refusal;
pub use views::{KeptView, Views};
pub use wall::{NotAWall, Pictures, Slot, Wall};
