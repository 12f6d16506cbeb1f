//! HTTP/1.1 with devices.
//!
//! **What it does:** one [`Client`] for each enrolled device asks it and gives back status, headers and body, or the
//! [`model::Fault`] that says why not. Scheme, host and port of its [`Origin`] are the only place where anything is ever
//! sent: addresses that a device gives (behind NAT they name hosts that nobody can reach) are rewritten to it
//! ([`Origin::target`], [`Origin::stream`]), and who redirects to another is refused.
//!
//! **What keeps the password safe:** it is answered by Digest (MD5 or SHA-256, RFC 7616) and never sent over a plain
//! connection. A login that a device refuses is remembered in [`Refusals`] and not sent again, because recorders lock after
//! a few; while it is not known whether a login is right, only one request at a time carries it. A certificate that
//! is not the enrolled one ends the connection before anything is sent.
//!
//! **What bounds a hostile device:** [`CONNECT_DEADLINE`](crate::rtsp::CONNECT_DEADLINE),
//! [`ANSWER_DEADLINE`](crate::rtsp::ANSWER_DEADLINE), [`BODY_IDLE`], [`WHOLE_DEADLINE`]; [`MAX_HEADER`](crate::rtsp::MAX_HEADER),
//! [`MAX_BODY`], [`MAX_PICTURE`].
//!
//! **The way through it:** [`Client::new`] → [`Client::send`] with a [`Request`] → [`Answer::accepted`]; [`Client::stream`]
//! for answers that don't end.

mod answer;
mod challenge;
mod client;
mod link;
mod origin;
mod refusals;
mod request;
mod stream;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use client::Client;
pub use origin::{BadOrigin, Origin};
pub use refusals::Refusals;
pub use request::Request;
pub use stream::Stream;

pub(crate) use challenge::{answering, digest};

use std::time::Duration;

/// The largest body of an answer.
pub const MAX_BODY: usize = 1024 * 1024;
/// The largest still picture.
pub const MAX_PICTURE: usize = 8 * 1024 * 1024;
/// A body may pause for so long.
pub const BODY_IDLE: Duration = Duration::from_secs(5);
/// A request is answered to the last byte within this, whatever it takes: redirects, challenges, a slow body.
pub const WHOLE_DEADLINE: Duration = Duration::from_secs(15);
/// The same for a still picture, which takes 30 s on a line of 2 Mb/s.
pub const PICTURE_DEADLINE: Duration = Duration::from_secs(35);
