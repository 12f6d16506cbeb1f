//! ONVIF devices: foreign ones, and one that does what real ones have been seen to do.

#![allow(clippy::unwrap_used, reason = "what helps a test may fail it, too")]

mod asking;
mod hostile;
mod peers;
mod quirks;
mod script;
