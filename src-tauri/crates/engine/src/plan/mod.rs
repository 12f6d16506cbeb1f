//! Which stream of which camera is opened, and why.
//!
//! **What it does:** [`plan`] takes a [`Scene`] (tiles, cameras, limits, what was before) and decides for every camera
//! that somebody wants to see what is opened of it, so that no limit is ever exceeded and the best picture that fits is
//! shown. A camera is opened once, with the best that any of its tiles asks for.
//!
//! **What it must never know:** clocks, sockets, devices, randomness, words for people. The same scene always gives the
//! same [`Decision`], whatever the order of its tiles.
//!
//! **The way through it:** `demand` gathers what the tiles ask of each camera; `order` lines the cameras up; `ladder`
//! has each camera's steps; `fill` gives out the `pools` step by step; `switch` says how to change over. [`History`]
//! remembers what was decided, [`Ceiling`] learns what a recorder or a line really carries, and [`preflight`] says what
//! a layout would cost before it is opened.
//!
//! # The order of filling
//! The smallest profile that covers a tile is wanted. Each camera has up to three steps: *base* (key frames of its
//! cheapest stream), *motion* (all pictures of it), *size* (the profile that is wanted). Cameras stand in line: what a
//! person has selected or enlarged first, then by priority, then those whose tiles ask for a larger profile; these three
//! make a rank, and within a rank sites and their recorders take turns. Steps are offered in this order, and each is
//! granted if the limits, less what is already granted, allow it:
//!
//! 1. the base of everybody: a sharp picture is never paid for with a dark tile;
//! 2. rank by rank: first the motion, then the size of all cameras in it.
//!
//! When limits fall, the order's end is lost first. Too little decoding therefore costs first the motion of the least
//! important tiles, which keep a picture every few seconds, then main streams of those above them. That is right because
//! the small tiles at the end are watched for whether something is there, and the large ones for what it is. Within a
//! rank it is the other way round, sizes before motion: one main stream costs as much as ten sub streams, and nobody's
//! motion should pay for an equal's sharpness. Too little of a line costs main streams at once, since key frames don't
//! save it.
//!
//! # What holds
//! * No limit is exceeded. Who is not selected or enlarged leaves the reserve of recorders and sites alone.
//! * *Raised limits:* the order does not depend on limits. So when limits are raised, in any combination, the first step
//!   (in the order above) whose outcome changes is one that is now granted: a later step never takes from an earlier one.
//!   A camera may lose only to a step before its own that shares a limit with it. No stronger statement can hold
//!   together with the order: where a recorder's limit is raised, its more important cameras come in, and may fill
//!   a line that less important cameras of another recorder had.
//! * *Raised limits among like streams* (all sub streams cost the same): raising a recorder's or a site's limit darkens
//!   none of its own cameras, and more decoding darkens nobody.
//! * *Time:* a changed choice stays for [`History::HOLD`] unless somebody acts on the camera or a limit forbids it. An
//!   improvement that nobody asked for must leave [`MARGIN`] of its limits free, and takes only room that is nobody's
//!   (of the reserve nothing while that would cost those their pictures who have no right to it);
//!   a dark tile alone may take from pictures that are better than its own, once they have settled. So noise in
//!   measured rates moves a camera a few times at most, not for ever.
//!
//! Selecting, enlarging and new tiles are acts: they are not held back, need no margin, and take what is theirs in the
//! order above.

mod ceiling;
mod decision;
mod demand;
mod fill;
mod history;
mod ladder;
mod order;
mod pools;
mod preflight;
mod scene;
mod switch;
#[cfg(test)]
mod tests;

pub use ceiling::Ceiling;
pub use decision::{Change, Changes, Choice, Decision, Load, Reason, Shortage, Verdict, Way};
pub use history::History;
pub use pools::MARGIN;
pub use preflight::{Loaded, Preflight, preflight};
pub use scene::{Camera, Machine, Profile, Refusal, Scene, Tile, Viewers};

/// Decides what is opened.
#[must_use]
pub fn plan(scene: &Scene) -> Decision {
    let filled = fill::fill(scene);
    let changes = switch::changes(scene, &filled);
    Decision {
        recorders: filled.pools.recorder_loads(),
        sites: filled.pools.site_loads(),
        decode: filled.pools.decode_load(),
        gpu_sessions: filled.pools.session_load(),
        cameras: filled.verdicts,
        changes,
    }
}
