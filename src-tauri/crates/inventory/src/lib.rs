//! What there is to be watched.
//!
//! **What it does:** reads and checks the sites of a province, their recorders, cameras and streams.
//!
//! **What it must never know:** passwords, sockets, streams, what is on a wall, words for people.
//!
//! **The way through it:** [`Inventory::read`] or [`Inventory::parse`], then [`Inventory::sites`] and
//! [`Inventory::camera`].

#![forbid(unsafe_code)]

mod inventory;

pub use inventory::{Camera, Inventory, InventoryError, Profile, ProfileKind, Recorder, Site};
