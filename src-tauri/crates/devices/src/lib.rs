//! Speaks to cameras and recorders.
//!
//! **What it does:** takes an [`model::Address`] (and, separately, who we are there) and gives back access units, capture
//! times and, when that fails, the [`model::Fault`] that says why. Every wait has a deadline; every answer has a
//! largest size.
//!
//! **What it must never know:** decoders, pixels, tiles, windows, people's accounts, the words shown to people, and
//! when to try again: that is for `engine` to decide.
//!
//! **The way through it:** [`rtsp::Session::open`] (which first looks at the challenge, so that a
//! password is never sent in clear) → [`rtsp::Session::next`] until it returns a fault → drop, or
//! [`rtsp::Session::close`].

#![forbid(unsafe_code)]

pub mod dahua;
pub mod device;
pub mod discovery;
pub mod http;
pub mod isapi;
pub mod onvif;
pub mod recordings;
pub mod rtsp;
pub mod sunapi;
pub mod text;
pub mod xml;

mod fields;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod makers;
mod meet;
#[cfg(test)]
mod mutations;
mod noticed;
mod socket;
mod still;
pub mod tls;

pub use device::{Device, Reply};
pub use meet::{Enrolled, meet};
