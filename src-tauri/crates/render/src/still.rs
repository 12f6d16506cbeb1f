//! One picture by itself, in its own size.

use image::RgbaImage;
use model::{Fit, Picture, Rect, Sight, Turn};

use crate::scene::Tile;
use crate::wall::{Backend, RenderError, Target, Wall};

/// The picture as the camera sent it, turned: every pixel, no words.
///
/// # Errors
/// The picture is empty or too large for memory.
pub fn still(picture: &Picture, turn: Turn) -> Result<RgbaImage, RenderError> {
    let size = turn.turned(picture.size);
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
