//! People's accounts on this workstation, and each person's logins for devices.
//!
//! **What it does:** lets people in by password and, if they have one, a second factor; counts wrong tries; keeps each
//! person's logins for the province, sites, recorders and cameras, sealed, and gives out the one that fits a device.
//!
//! **What it must never know:** sockets, windows, the inventory, the time of day (`now` is handed in), who may do what
//! (the caller decides that), and the words shown to people: every refusal is a code.
//!
//! **The way through it:** [`Accounts::open`], then [`Accounts::sign_in`] gives a [`SignedIn`] with a [`Keyhole`];
//! [`Keyhole::choose`] keeps the person's key as the person wants it, in the [`Keychain`] or sealed by the password;
//! [`Keyhole::open`] gives the [`Logins`], and [`Logins::resolve`] the credentials for a device. Whatever changes an
//! account says so by a [`Change`], for the record of who did what.
//!
//! # What protects what
//! * *Passwords*: Argon2id, 64 MiB, 3 passes, one lane (RFC 9106), composed to NFC before. Never kept otherwise.
//! * *The second factor's seed*: sealed with a key that Argon2id makes of the password with a salt of its own.
//! * *Logins for devices*: sealed one by one with XChaCha20-Poly1305, bound to account and target. Their key of 256 bits
//!   a person lies in the system's keychain, or in `accounts.json` sealed with the password's key.
//! * *Files* (`accounts.json`, `<id>/logins.json`): readable for the system's user only, replaced whole, the one before
//!   kept as last good. Where accounts are damaged beyond that, nobody becomes administrator by being first.
//!
//! # What it does not protect from
//! Who may write these files as the system's user can put older ones in their place, and with them wrong tries forgotten
//! and codes unused; who may set the clock ahead ends a lock. Both can do worse to the program itself. The devices' own
//! accounts remain the boundary.

#![forbid(unsafe_code)]

mod account;
mod accounts;
mod change;
mod files;
mod key;
mod keychain;
mod keyhole;
mod lockout;
mod login;
mod logins;
mod name;
mod password;
mod policy;
mod recovery;
mod second_factor;
mod sign_in;
#[cfg(test)]
mod tests;

pub use account::Account;
pub use accounts::{Accounts, Edit, Newcomer};
pub use change::{Change, Refusal, What};
pub use files::Trouble;
pub use keychain::{Keychain, KeychainFault, Presence};
pub use keyhole::{Chosen, Keeping, KeyFault, Keyhole};
pub use lockout::{LOCKED_FOR, TRIES};
pub use login::{Target, Tested};
pub use logins::{Listed, Logins, NotGiven, NotSet};
pub use name::{Name, NotAName};
pub use policy::{Policy, Weakness};
pub use recovery::RECOVERY_CODES;
pub use second_factor::Enrolment;
pub use sign_in::{Refused, SignedIn};
