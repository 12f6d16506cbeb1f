//! What recorders hold, played: up to 16 cameras on one clock, in both directions, picture by picture.
//!
//! **What it does:** keeps one `clock` that says which moment is shown; fetches each camera's recording around it and no
//! more, gently to the line; decodes what is due and a little ahead; and shows every camera's picture of that moment.
//!
//! **What it must never know:** windows, the page, words for people, who may see it. A recorder's protocol is behind
//! [`Tape`]; [`Archive`] has those of the devices that are met, and which spans they hold.
//!
//! **The way through it:** `Live::player` gives a [`Player`]; [`Player::add`] gives a [`Reel`] a camera, which a wall
//! glances at as it does at a live stream. A thread, `playback`, asks each reel for the clock's moment: the reel shows the
//! picture from its `shelf` of decoded ones, has it decoded from its `cache` of coded groups, or has its `fetcher` ask the
//! recorder. While a picture is missing the clock waits, so that cameras stay together.
//!
//! What came live a moment ago is there without a recorder: `memory` is what a reel is given of it. Beside the pictures comes
//! their sound ([`Reel::voice`]). [`Player::glimpses`] gives single pictures of other places of a camera's recording, for who moves along a time line.
//!
//! # Places
//! Everything here is true time. A recorder's own clock, which may be wrong by minutes, is put right in the `fetcher`, the
//! only place where both are known.
//!
//! # Seeking
//! Whatever was asked for before is still good: pictures and groups are kept by their time, so nothing that comes late can
//! be taken for something else. What no longer comes is decided in the replay session, by the number of the question.

mod archive;
mod cache;
mod calibration;
mod clock;
mod copies;
mod feed;
mod fetcher;
mod glimpse;
mod memory;
mod player;
mod reel;
mod run;
mod shared;
mod shares;
mod shelf;
mod throttle;
mod turns;

#[cfg(test)]
pub(crate) mod tests;

pub use archive::{Archive, Held, Listed};
pub use clock::{Clock, FASTEST, SLOWEST};
pub use copies::Copies;
pub use fetcher::{Nowhere, Tape};
pub use glimpse::{Glimpse, Glimpses};
pub(crate) use player::Means;
pub use player::{Playback, Player};
pub use reel::{Reel, Standing};
pub(crate) use run::{ASTRAY, refuses_speed, without_times};
pub use shares::shares;
pub use throttle::Throttle;
pub(crate) use turns::{Turn, Turns};
