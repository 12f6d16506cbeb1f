//! Playback sessions: RTSP with places in time (RFC 2326; ONVIF Streaming Specification §6), over TCP or over TLS (RFC 7826
//! §19.2) with the certificate that the device is known by.
//!
//! Our own, because a session of `retina` cannot be asked for a place, a speed or key frames, nor paused. Its depacketizers
//! are used all the same, in `depacketize` alone.
//!
//! **The way through it:** [`Replay::open`] connects to where a [`Footage`](crate::recordings::Footage) is, reads the `description` and sets up the tracks inside the
//! connection; [`Replay::play`] asks for a place with the fields of `range`; [`Replay::next`] gives what comes, with the
//! times of `extension` where the recorder sends them; another [`Replay::play`] seeks, and nothing of what was played
//! before comes any more.

pub(super) mod connection;
mod depacketize;
pub(super) mod description;
mod extension;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod hostile;
mod range;
mod session;

#[cfg(test)]
mod behind_tls;
#[cfg(test)]
mod tests;

pub use range::{Pictures, Play, Position};
pub use session::{Item, Replay, SoundFormat, Started, pictures_at};
