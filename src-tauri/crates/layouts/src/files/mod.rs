//! Files that outlive power cuts, damage, other versions, and a second program at the same time.
//!
//! A file is never written in place: the new one is made beside it, brought to the disk and renamed over it, and the
//! one before it stays as *last good*. What is to be replaced but can't be read is moved aside first, never deleted.

mod disk;
mod envelope;
mod problem;
mod store;
#[cfg(test)]
mod tests;

pub use problem::{Damage, Problem, SaveError};
pub use store::{Loaded, Store};
