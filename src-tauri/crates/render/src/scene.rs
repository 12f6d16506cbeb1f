//! What is to be seen: tiles, their pictures and their words.

use std::sync::Arc;

use model::{Fit, Picture, Rect, Sight, Turn};

/// Names one stream as long as it is open. Tiles with the same slot show the same stream: it is uploaded once.
/// A slot that no tile shows any more is forgotten; do not give the number of an open stream to another.
pub type StreamSlot = u64;

/// One place on the wall. Later tiles lie over earlier ones where they overlap.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Where, in pixels of the wall. What reaches beyond the wall is cut off.
    pub rect: Rect,
    /// How a picture of another shape is laid in.
    pub fit: Fit,
    /// The clockwise turn of the picture.
    pub turn: Turn,
    /// What of the picture is seen, enlarged, rotated and corrected for its lens.
    pub sight: Sight,
    /// The newest picture of a stream; `None` leaves a calm dark panel.
    pub picture: Option<(StreamSlot, Picture)>,
    /// The picture is old: shown dark and nearly grey, so that nobody takes it for live.
    pub dimmed: bool,
    /// The words on the tile. Hand in the same `Arc` again while they do not change: it is compared first by
    /// address, and only then by content.
    pub caption: Option<Arc<Caption>>,
    /// A line along the tile's inner edge.
    pub frame: Option<Frame>,
    /// How its stream stands, as a colour: for tiles that are too small or too many for words.
    pub signal: Option<Signal>,
}

/// Why a tile is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frame {
    /// The keyboard and the controls work on it.
    Selected,
    /// The pointer is over it.
    Hover,
    /// What is being dragged would fall here.
    Drop,
}

/// How urgent something is. Each has its colour; the two that want a person have their shape as well, for whoever cannot
/// tell the colours apart: they go all around the tile, the others stand along its left edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// As it should be.
    Good,
    /// Under way or left so on purpose; needs nobody.
    Calm,
    /// A person should look at it.
    Attention,
    /// Broken.
    Fault,
}

impl Signal {
    /// All of them, for tests and specimen pages.
    pub const ALL: [Self; 4] = [Self::Good, Self::Calm, Self::Attention, Self::Fault];
}

/// The words on a tile. An empty text takes no room.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Caption {
    /// The camera's name: bright and bold, top left.
    pub title: String,
    /// The site's name: dimmer, behind the title; the first to go where it is narrow.
    pub subtitle: String,
    /// Small text, top right: codec and decoder, say.
    pub corner: String,
    /// Small text, bottom left, on a plate of its own: what was done to the picture (enlarged so many times, say).
    pub mark: String,
    /// Why there is no live picture.
    pub message: Option<Message>,
}

/// What stands in the middle of a tile without a live picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// A drawn sign, to be told apart from 3 m away.
    pub icon: Icon,
    /// What is the matter; wraps, centred.
    pub text: String,
    /// Since when, and what to do; smaller, below.
    pub detail: String,
}

/// Drawn signs, as shapes (no font has them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Connecting, asking, setting up: waves from a sender.
    Connecting,
    /// Its turn has not come: three dots.
    Waiting,
    /// Packets arrive, but no key frame yet: a frame with the sign for playing.
    KeyFrame,
    /// Password, rights: a padlock.
    Lock,
    /// No way to the device: the waves, struck through.
    NoLink,
    /// A limit of the device or the link is reached: a gauge at its end.
    Limit,
    /// Stopped on purpose: a square in a ring.
    Stopped,
    /// Old picture, or a pause before the next try: a clock.
    Clock,
    /// Something is broken: a triangle with an exclamation mark.
    Broken,
    /// Nothing is assigned to the tile: a camera, struck through.
    NoCamera,
}

impl Icon {
    /// All of them, for tests and specimen pages.
    pub const ALL: [Self; 10] = [
        Self::Connecting,
        Self::Waiting,
        Self::KeyFrame,
        Self::Lock,
        Self::NoLink,
        Self::Limit,
        Self::Stopped,
        Self::Clock,
        Self::Broken,
        Self::NoCamera,
    ];

    /// Calm where it heals by itself, attention where a person decides, a fault where it is broken.
    #[must_use]
    pub fn signal(self) -> Signal {
        match self {
            Self::Connecting | Self::Waiting | Self::KeyFrame | Self::Stopped | Self::NoCamera => {
                Signal::Calm
            }
            Self::Lock | Self::Limit | Self::Clock => Signal::Attention,
            Self::NoLink | Self::Broken => Signal::Fault,
        }
    }
}
