//! Several clients share recorders, sites' lines and cameras' viewer slots.
//!
//! **What it does:** keeps, together with the other clients, a ledger for each site in which every client enters the
//! streams that it wants and has; leases them so that no limit of the site is exceeded, by rank and waiting time; has
//! them given back where somebody goes before; and forgets clients that are gone.
//!
//! **What it must never know:** sockets of cameras, the inventory, pictures, tiles, how wishes come about, words for people.
//!
//! **The way through it:** [`Leases::wish`] takes what this client wants and has open (`wish`); `member` enters it into
//! the site's `ledger` and hands the result to `link`, which writes it to the server if nobody has written since; the
//! ledger that comes back is judged, and the [`View`] says what may be opened. A bell rings when it changes.
//!
//! # How it is agreed on
//! The server (NATS with JetStream) keeps one value a site and changes it only by compare-and-set. All limits of a site
//! are judged on this one value, so nobody can exceed them by being fast. Whoever writes also leases whatever is due to
//! whomever: a slot that becomes free has a new owner in the same write, without everybody asking for it.
//!
//! Who should hold what is a pure function of the ledger (`ledger::judge`, which also says in which order); nobody
//! commands anybody. A client that holds what is no longer due to it sees that by itself, closes the stream, and gives
//! the lease back; only then is it leased to the other. So a camera never has one viewer too many, not for a moment.
//!
//! # Without a server
//! What is open stays open. Without a server configured, or while it is lost, everything is granted. When it comes back,
//! everybody first enters what is open, and asks for more only some seconds later; if that is too much together, it is
//! given back in the usual order.
//!
//! # Who steers
//! A camera's helm (`helms`) is a value of its own beside the sites' ledgers, changed in the same way: one client holds
//! it, and whoever goes before it gets it as soon as the holder has let go, within a second in any case.
//!
//! # Who is dead
//! Clients beat every two seconds. No clocks are compared: who has been silent for seven seconds by a listener's own
//! clock, while it listened, is taken out of the ledgers by it.
//!
//! # What is trusted
//! The server, and clients that it lets in. What they write is read as if it were hostile (bounded, checked, replaced
//! where it makes no sense), but a client that lies about its rank is believed: who may write is the server's to say.
//! The login needs the stream `KV_watchwall-leases` (create, read, `$KV.watchwall-leases.>`) and `watchwall.beats.*`.

#![forbid(unsafe_code)]

mod helms;
mod key;
mod leases;
mod ledger;
mod link;
mod member;
mod presence;
mod server;
mod view;
mod wish;

use std::sync::Arc;

pub use helms::{AtHelm, Claim};
pub use leases::{Leases, RESERVE};
pub use server::{Login, NotAServer, Server};
pub use view::{Answer, Short, SiteUse, State, Trouble, View};
pub use wish::{Holder, Limits, Profile, Want, Wish};

/// Rung when there is something new to see.
pub type Bell = Arc<dyn Fn() + Send + Sync>;
