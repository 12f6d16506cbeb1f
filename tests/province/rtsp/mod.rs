//! The words of RTSP 1.0 (RFC 2326) as a recorder speaks them; sockets are next door in `recorder`.

pub(crate) mod digest;
pub(crate) mod message;
pub(crate) mod report;
pub(crate) mod sdp;
pub(crate) mod transport;
