//! The application without a window.
//!
//! **What it does:** opens each (camera, profile) once, however many tiles and walls show it; keeps it open through
//! reboots and flapping links without pestering anybody; has it decoded; keeps the newest picture and says how the
//! stream stands.
//!
//! **What it must never know:** windows, pixels on a screen, GPU APIs, FFmpeg, the page, and the words shown to
//! people.
//!
//! **The way through it:** [`Live::new`] starts the receiving thread and the decoders; [`Live::open`] gives a
//! [`Stream`]; a wall that the bell has woken asks each stream for its [`Glance`] and reports what it has drawn with
//! [`Stream::shown`]. What is heard of it is its [`Ear`].

#![forbid(unsafe_code)]

mod backoff;
mod board;
pub mod devices;
pub mod events;
pub mod export;
mod gate;
pub mod incidents;
mod lag;
mod live;
pub mod motion;
pub mod people;
pub mod plan;
pub mod planner;
pub mod playback;
pub mod rights;
mod ring;
pub mod rounds;
pub mod safekeeping;
pub mod sound;
mod source;
mod statistics;
pub mod steer;
mod supervisor;
pub mod talk;

pub use board::Glance;
pub use live::{Live, Settings, Stream, Tally};
pub use people::People;
pub use planner::Planner;
pub use rounds::Rounds;
pub use sound::{Audible, Ear, Hearing, Voice};
pub use source::{Bell, Sounds, Source};
pub use statistics::{Latency, Sample, Statistics};
pub use talk::{TalkState, Talking};

pub use decode::{Preference as DecodePreference, Work};
