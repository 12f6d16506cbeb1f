//! The HTTP port beside each recorder's RTSP port; what is said over it is next door in `device` and its languages.

pub(crate) mod auth;
#[cfg(test)]
pub(crate) mod client;
pub(crate) mod message;
pub(crate) mod server;
