//! The number that the simulated province draws into each picture, read back from what was decoded.

use model::{Picture, Rect, Turn};
use province::frame_number;

/// The number in a picture.
pub(crate) fn number_in(picture: &Picture) -> Option<u16> {
    let still = render::still(picture, Turn::None).expect("a still");
    let (width, height) = still.dimensions();
    frame_number::read(still.as_raw(), width as usize * 4, Rect::new(0, 0, width, height))
}
