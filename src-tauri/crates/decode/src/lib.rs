//! Access units in, pictures out; and pictures in, coded ones out, for copies that are only to be looked at.
//!
//! **What it does:** turns the coded pictures of many cameras (H.265, H.264, MJPEG) into planes on a fixed number of
//! threads, and says of every one that does not become a picture why not; turns coded sound into samples, and pictures
//! into a new stream ([`Encoder`]). It is the only room with FFmpeg.
//!
//! **What it must never know:** sockets, files, windows, walls. FFmpeg opens nothing here: no demuxer, no protocol,
//! only `libavcodec` fed with whole access units. How a picture is drawn, and which stream matters more than
//! another, is decided elsewhere.
//!
//! **The way through it:** [`Input::push`] puts an access unit into its stream's `queue`, bounded by
//! time and by bytes, and never blocks. A worker of the [`Pool`] takes the stream (one worker at a time, a bounded
//! slice of work, then the next stream's turn), and `stream` decides what the decoder may see: where it
//! may begin, what is damaged, when it has to be rebuilt. `context` hands it to FFmpeg, on the
//! processor or on `hardware`, and the [`Sink`] gets the picture on the worker's thread: FFmpeg's own
//! buffer, counted by reference, never copied. A hardware decoder's picture stays on the device and is lent from there
//! ([`model::surface`]); where nobody can take it, it comes through system memory.
//!
//! [`OneByOne`] does the same on the caller's thread for who wants every picture and has time.
//!
//! Frame threads are never used: they would hold back whole pictures and cost memory in each stream, while dozens of
//! streams keep every core busy anyway. A stream whose pictures are not reordered hands out picture *n* when unit *n*
//! was decoded.

mod annex_b;
mod context;
mod encoder;
mod frame;
mod hardware;
mod messages;
mod one_by_one;
mod pool;
mod queue;
mod sound;
mod stream;
mod work;

use std::time::Duration;

use model::{Decoder, Drops, Fault, Picture};

pub use encoder::{Coded, Coding, Encoder, NotEncoded};
pub use hardware::{Availability, hardware};
pub use one_by_one::OneByOne;
pub use pool::{Input, Pool};
pub use sound::Sound;
pub use work::Work;

/// The largest picture that is decoded, in pixels along each side: four times 4K. Anything larger is a hostile or
/// broken parameter set, and would take hundreds of MiB.
pub const MAX_SIDE: u32 = 8192;

/// Where decoding shall happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Preference {
    /// On hardware where there is any that takes the stream, else on the processor; [`Event::Decoder`] says which
    /// and why.
    #[default]
    Auto,
    /// On the processor; no driver is touched.
    Software,
    /// On hardware or not at all: [`Event::Undecodable`] says why there is no picture.
    Hardware,
}

/// What one stream wants.
#[derive(Clone, Debug)]
pub struct Options {
    /// The stream's name in logs, such as a camera's id.
    pub name: String,
    /// Where decoding shall happen.
    pub preference: Preference,
    /// How long the oldest waiting unit may lag behind the newest, by arrival. Beyond it, everything up to the
    /// newest random access point is dropped: a wall shows now, not a second ago.
    pub max_lateness: Duration,
}

impl Options {
    /// Decodes where it can, at most 400 ms late.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), preference: Preference::Auto, max_lateness: Duration::from_millis(400) }
    }
}

/// What is said about a stream beside its pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Who decodes from now on. Comes before the first picture and whenever it changes.
    Decoder {
        /// The decoder.
        decoder: Decoder,
        /// Where hardware was wanted and is not used, or its pictures come through system memory instead of being lent
        /// where they lie: why, in FFmpeg's or the driver's words.
        note: Option<String>,
    },
    /// The counts have changed; they run from [`Pool::open`] on. `superseded` is never set here.
    Dropped(Drops),
    /// Units arrive, but none becomes a picture. Said at most once for each key frame.
    Undecodable(Fault),
}

/// Where pictures and events of one stream go. Called on a decode worker, never by two at a time: it should hand
/// over and return. A sink that panics ends its own stream, not the worker.
pub trait Sink: Send {
    /// The next picture in order of presentation.
    fn picture(&mut self, picture: Picture);
    /// Something worth knowing.
    fn event(&mut self, event: Event);
    /// What this stream has taken so far; told after each of its turns.
    fn worked(&mut self, _work: Work) {}
    /// From now on all is of what was given after the reset with this number, see [`Input::reset`].
    fn restarted(&mut self, _number: u64) {}
}
