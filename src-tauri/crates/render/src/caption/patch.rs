//! A piece of an overlay.

use crate::palette::Rgb;

/// How dark the strip behind a caption is.
const SCRIM: f32 = 0.66;
/// How dark the panel behind a message over a picture is.
const PANEL: f32 = 0.55;

/// Premultiplied 0xAARRGGBB pixels at a place of a tile.
pub(crate) struct Patch {
    /// From the tile's left edge.
    pub x: u32,
    /// From the tile's upper edge.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Row by row.
    pub pixels: Vec<u32>,
}

impl Patch {
    pub(crate) fn new(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self { x, y, width, height, pixels: vec![0; width as usize * height as usize] }
    }

    /// One opaque colour.
    pub(crate) fn solid(x: u32, y: u32, width: u32, height: u32, colour: Rgb) -> Self {
        Self { x, y, width, height, pixels: vec![0xff00_0000 | colour; width as usize * height as usize] }
    }

    /// Lays a colour over one pixel; `cover` from 0 to 1. Pixels outside are dropped.
    pub(crate) fn over(&mut self, x: i32, y: i32, colour: Rgb, cover: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x >= self.width || y >= self.height || cover <= 0.0 {
            return;
        }
        let pixel = &mut self.pixels[(y * self.width + x) as usize];
        let cover = cover.min(1.0);
        let [b, g, r, _] = colour.to_le_bytes();
        let [under_b, under_g, under_r, under_a] = pixel.to_le_bytes();
        let mix =
            |over: u8, under: u8| (f32::from(over) * cover + f32::from(under) * (1.0 - cover)).round() as u8;
        *pixel = u32::from_le_bytes([mix(b, under_b), mix(g, under_g), mix(r, under_r), mix(255, under_a)]);
    }

    /// Darkens from the upper edge down: even until `full`, then fading out to the lower edge.
    pub(crate) fn scrim(&mut self, full: f32) {
        let fade = (self.height as f32 - full).max(1.0);
        for y in 0..self.height {
            let down = ((y as f32 + 0.5 - full) / fade).clamp(0.0, 1.0);
            let smooth = 1.0 - down * down * (3.0 - 2.0 * down);
            let alpha = (SCRIM * smooth * 255.0).round() as u32;
            let row = (y * self.width) as usize;
            self.pixels[row..row + self.width as usize].fill(alpha << 24);
        }
    }

    /// Darkens the whole patch, with rounded and softened edges.
    pub(crate) fn panel(&mut self, radius: f32) {
        let (half_w, half_h) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        for y in 0..self.height {
            for x in 0..self.width {
                let dx = ((x as f32 + 0.5 - half_w).abs() - half_w + radius).max(0.0);
                let dy = ((y as f32 + 0.5 - half_h).abs() - half_h + radius).max(0.0);
                let inside = (radius + 0.5 - dx.hypot(dy)).clamp(0.0, 1.0);
                self.over(x as i32, y as i32, 0, PANEL * inside);
            }
        }
    }
}
