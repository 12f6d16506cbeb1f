//! What a recorder holds: which spans, and where they are played from.
//!
//! All times here are by the recorder's own clock: who asks has measured how that differs and puts it right.

use std::time::SystemTime;

use model::{Address, Period, Recorded};

use crate::Reply;

/// Where a stretch of recording is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Footage {
    /// What a [`crate::rtsp::replay::Replay`] opens.
    pub address: Address,
    /// What time it is at the beginning of what the address names, for makes that put the time into it (Wisenet, Hikvision,
    /// Dahua): places are then asked for as seconds since. `None`: they are asked for as times (ONVIF).
    pub zero: Option<SystemTime>,
}

/// What a recorder holds of its channels. ONVIF Profile G, SUNAPI `recording.cgi`, ISAPI `ContentMgmt/search`, Dahua
/// `mediaFileFind`.
pub trait Recordings: Send + Sync {
    /// All stretches that lie in a period or reach into it, in order of their beginning.
    ///
    /// # Errors
    /// The recorder's refusal.
    fn spans(&self, channel: u32, period: Period) -> Reply<'_, Vec<Recorded>>;

    /// Where what was recorded in a period is played. `overlap`: see [`Recorded::overlap`].
    ///
    /// # Errors
    /// The recorder's refusal; [`model::Fault::NotFound`] where it has nothing of it.
    fn footage(&self, channel: u32, period: Period, overlap: u32) -> Reply<'_, Footage>;
}
