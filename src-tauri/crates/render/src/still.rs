//! One picture by itself, in its own size.

use image::RgbaImage;
use model::{Fit, Picture, Rect, Sight, Size, Turn};

use crate::scene::Tile;
use crate::wall::{Backend, RenderError, Target, Wall};

/// The picture as the camera sent it, turned: every pixel, no words.
///
/// # Errors
/// The picture is empty or too large for memory.
pub fn still(picture: &Picture, turn: Turn) -> Result<RgbaImage, RenderError> {
    drawn(picture, turn, turn.turned(picture.size))
}

/// The picture made smaller, `width` pixels wide at most, in its own proportions.
///
/// # Errors
/// As [`still`].
pub fn thumbnail(picture: &Picture, turn: Turn, width: u32) -> Result<RgbaImage, RenderError> {
    let full = turn.turned(picture.size);
    let width = width.clamp(1, full.width.max(1));
    let height = u64::from(full.height) * u64::from(width) / u64::from(full.width.max(1));
    drawn(picture, turn, Size::new(width, u32::try_from(height).unwrap_or(full.height).max(1)))
}

fn drawn(picture: &Picture, turn: Turn, size: Size) -> Result<RgbaImage, RenderError> {
    let mut wall = Wall::open(Target::Headless(size), Backend::Software)?;
    let tile = Tile {
        rect: Rect::new(0, 0, size.width, size.height),
        fit: Fit::Stretch,
        turn,
        sight: Sight::default(),
        picture: Some((0, picture.clone())),
        dimmed: false,
        caption: None,
        frame: None,
        signal: None,
    };
    wall.draw(&[tile])?;
    wall.snapshot()
}
