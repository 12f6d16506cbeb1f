//! Walls: what stands on them ([`view`]), which streams that takes ([`feeds`]), and the thread that draws one
//! ([`thread`]).

pub mod feeds;
mod limits;
pub mod reactions;
mod relays;
mod sharing;
pub mod thread;
pub mod view;

pub use view::{Drawing, WallView};

use std::time::Duration;

/// A wall is looked at this often even if no bell rings: ages and pauses count on.
pub const HEARTBEAT: Duration = Duration::from_millis(250);

/// The shortest time between two draws. Tiles are drawn one by one as their pictures come, so drawing more often
/// costs little and keeps pictures young; less often would gather nothing worth having.
pub const PACE: Duration = Duration::from_millis(4);
