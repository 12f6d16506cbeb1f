//! ONVIF devices: foreign ones, and one that does what real ones have been seen to do.

mod asking;
mod hostile;
mod peers;
mod quirks;
mod script;
