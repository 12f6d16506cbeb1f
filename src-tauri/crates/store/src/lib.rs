//! Files that outlive power cuts, damage, other versions, and a second program at the same time.
//!
//! **What it does:** keeps one thing in one file. It is never written in place: the new one is made beside it, brought to
//! the disk and renamed over it, and the one before it stays as *last good*. What is to be replaced but can't be read is
//! moved aside first, never deleted. Only the user may read the files.
//!
//! **What it must never know:** what is in them, and the words shown to people.
//!
//! **The way through it:** [`Store::open`], then [`Store::load`], whose [`Problem`] says what was wrong, and
//! [`Store::save`].

#![forbid(unsafe_code)]

mod disk;
mod envelope;
mod problem;
mod store;
#[cfg(test)]
mod tests;

pub use problem::{Damage, Problem, SaveError};
pub use store::{Loaded, Store};
