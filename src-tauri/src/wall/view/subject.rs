//! What is to be shown.

use std::sync::Arc;

use engine::Stream;
use engine::playback::Reel;
use inventory::ProfileKind;
use model::{Fit, Id, Rect, Sight, Turn};
use render::Message;

/// What is wanted on one tile.
pub struct Wanted {
    /// Where, in pixels of the wall.
    pub rect: Rect,
    /// How the picture is laid in.
    pub fit: Fit,
    /// The picture's clockwise turn.
    pub turn: Turn,
    /// Tells tiles of the same camera apart.
    pub slot: usize,
    /// What of the picture is seen.
    pub sight: Sight,
    /// The camera; `None` leaves the tile empty.
    pub subject: Option<Subject>,
}

/// A camera on a wall.
#[derive(Clone)]
pub struct Subject {
    /// Tells cameras apart.
    pub id: Id,
    /// The camera's name.
    pub title: String,
    /// The site's name.
    pub subtitle: String,
    /// Its stream, or why there can be none.
    pub feed: Result<Feed, Message>,
    /// Its small stream, whose picture is shown until the large one's comes; of a camera that nobody watched before.
    pub quick: Option<Feed>,
    /// What keeps it from a better picture, for the corner.
    pub note: Option<String>,
    /// Its other stream may stay open until this one shows its first picture. Else it is closed at once, and the tile
    /// keeps the last picture.
    pub overlap: bool,
}

impl Subject {
    /// A camera that is not opened, and why.
    #[must_use]
    pub fn without_stream(id: Id, title: String, subtitle: String, why: Message) -> Self {
        Self { id, title, subtitle, feed: Err(why), quick: None, note: None, overlap: false }
    }
}

/// The stream that a camera is watched by.
#[derive(Clone)]
pub struct Feed {
    /// The open stream.
    pub stream: Arc<Stream>,
    /// Which of the camera's; `None` where that is unknown.
    pub profile: Option<ProfileKind>,
    /// It comes by a relay.
    pub relayed: bool,
    /// It is no live stream but a recording.
    pub reel: Option<Arc<Reel>>,
}
