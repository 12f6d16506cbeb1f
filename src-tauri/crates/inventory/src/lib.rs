//! What there is to be watched.
//!
//! **What it does:** reads and checks the sites of a province, their recorders, cameras and streams; brings them in from
//! spreadsheets and says what would change; writes them out again; keeps them; signs them for other workstations, and
//! fetches and verifies what was signed.
//!
//! **What it must never know:** passwords, streams, what is on a wall, words for people, the time of day. It opens no
//! socket but to fetch an inventory.
//!
//! **The way through it:** [`Inventory::read`] or [`Inventory::parse`], then [`Inventory::sites`],
//! [`Inventory::camera`] and [`Inventory::relay_address`]. A list of the customer's goes through [`import::preview`], whose
//! result is what [`Kept::store`] saves; a device that was met joins by [`Inventory::with_recorder`]; [`Inventory::to_csv`]
//! and [`Inventory::to_json`] hand it out. What comes from [`source`] goes through [`signed::verify`] first. All of these
//! pass one check, which collects every [`Mistake`].

#![forbid(unsafe_code)]

mod check;
mod device_address;
mod draft;
mod enrolled;
mod export;
mod field;
pub mod import;
mod inventory;
mod kept;
pub mod limits;
mod mistake;
mod relay;
pub mod signed;
mod sites;
pub mod source;
mod template;
#[cfg(test)]
mod tests;
mod text;

pub use device_address::{BadDeviceAddress, DeviceAddress};
pub use draft::schema;
pub use enrolled::{Home, NotEnrolled};
pub use field::{Field, Level};
pub use inventory::{Inventory, InventoryError};
pub use kept::Kept;
pub use mistake::{Flaw, Mistake, Place};
pub use relay::{BadRelay, Relay, RelayOf};
pub use sites::{Camera, Position, Profile, ProfileKind, Recorder, Site, Zone};
