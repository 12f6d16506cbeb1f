//! The wall's own colours: dark, neutral with a breath of blue, so that the pictures are the brightest thing in the room.

use crate::scene::Signal;

/// An opaque colour as the software wall keeps it: 0x00RRGGBB.
pub(crate) type Rgb = u32;

/// Between the tiles, and where there is none.
pub(crate) const GAP: Rgb = 0x0007_090c;
/// A tile without a picture.
pub(crate) const PANEL: Rgb = 0x0014_191f;
/// Beside a picture of another shape than its tile.
pub(crate) const BAR: Rgb = 0x000b_0e12;

/// The frame of the tile that is worked on.
pub(crate) const SELECTED: Rgb = 0x004e_a1ff;
/// The frame of the tile under the pointer.
pub(crate) const HOVER: Rgb = 0x008a_97a5;
/// The frame and veil of the tile that a drag would fall on.
pub(crate) const DROP: Rgb = 0x007f_c0ff;

/// Title of a caption.
pub(crate) const TITLE: Rgb = 0x00f4_f7fa;
/// Subtitle and corner of a caption.
pub(crate) const SUBTITLE: Rgb = 0x00b4_bfca;
/// A message's first line.
pub(crate) const MESSAGE: Rgb = 0x00e6_ebf0;
/// A message's second line.
pub(crate) const DETAIL: Rgb = 0x00a6_b1bc;

/// As it should be.
pub(crate) const GOOD: Rgb = 0x005c_b88a;
/// Something is under way and needs nobody.
pub(crate) const CALM: Rgb = 0x007f_9bb5;
/// A person should look at it.
pub(crate) const AMBER: Rgb = 0x00e3_a94a;
/// Broken.
pub(crate) const RED: Rgb = 0x00e0_6c5f;

/// The colour of a sign, and of a tile's edge.
pub(crate) fn of(signal: Signal) -> Rgb {
    match signal {
        Signal::Good => GOOD,
        Signal::Calm => CALM,
        Signal::Attention => AMBER,
        Signal::Fault => RED,
    }
}
