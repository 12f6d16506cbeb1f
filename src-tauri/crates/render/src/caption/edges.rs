//! Lines along a tile's inner edges: who works on it, and how its stream stands.

use model::Size;

use super::Patch;
use crate::palette::{self, Rgb};
use crate::scene::{Frame, Signal};

/// Four lines along the inner edge.
pub(super) fn frame(size: Size, kind: Frame) -> impl Iterator<Item = Patch> {
    let (colour, share) = match kind {
        Frame::Selected => (palette::SELECTED, 0.010),
        Frame::Hover => (palette::HOVER, 0.004),
        Frame::Drop => (palette::DROP, 0.016),
    };
    around(size, thickness(size, share, (2, 8)), colour)
}

/// A bar along the left edge, wider than a frame so that it is seen beside one; and all around where somebody is wanted.
pub(super) fn signal(size: Size, kind: Signal) -> impl Iterator<Item = Patch> {
    let colour = palette::of(kind);
    let wide = thickness(size, 0.06, (3, 8)).min(size.width);
    let bar = (wide > 0 && size.height > 0).then(|| Patch::solid(0, 0, wide, size.height, colour));
    let wanted = matches!(kind, Signal::Attention | Signal::Fault);
    let frame = wanted.then(|| around(size, thickness(size, 0.02, (2, 4)), colour));
    bar.into_iter().chain(frame.into_iter().flatten())
}

/// A share of the shorter side, within these many pixels.
fn thickness(size: Size, share: f64, (least, most): (u32, u32)) -> u32 {
    let side = size.width.min(size.height);
    ((f64::from(side) * share).round() as u32).clamp(least, most).min(side.div_ceil(2))
}

fn around(size: Size, thick: u32, colour: Rgb) -> impl Iterator<Item = Patch> {
    let (width, height) = (size.width, size.height);
    let between = height - (2 * thick).min(height);
    let sides = [
        (0, 0, width, thick),
        (0, height - thick, width, thick),
        (0, thick, thick, between),
        (width - thick, thick, thick, between),
    ];
    sides
        .into_iter()
        .filter(|(_, _, width, height)| *width > 0 && *height > 0)
        .map(move |(x, y, width, height)| Patch::solid(x, y, width, height, colour))
}
