//! The number of a picture, written into the picture: a strip of 18 cells in the bottom right corner.
//!
//! A journey reads it back from the wall to say which picture a tile shows, how old it is and which were skipped.
//! Each cell is 1/48 of the picture's width wide and 1/24 of its height high. From left to right: white, black
//! (where the strip begins, and the two levels that the others are compared with), 12 bits of the number with the
//! highest first, and 4 bits of checksum. White is 1.

use model::Rect;

/// Numbers are below this.
pub const LIMIT: u16 = 1 << 12;
/// Cells of the strip.
const CELLS: usize = 18;
/// Cells that fit into the picture's width, and into its height.
const ACROSS: (usize, usize) = (48, 24);
/// Luma of the two levels, inside the limited range.
const WHITE: u8 = 224;
const BLACK: u8 = 24;

/// CRC-4 (x⁴ + x + 1) of the 12 bits; not zero for number 0, so that a flat strip is no number.
fn checksum(number: u16) -> u16 {
    let mut rest = number << 4;
    for bit in (4..16).rev() {
        if rest >> bit & 1 == 1 {
            rest ^= 0b1_0011 << (bit - 4);
        }
    }
    rest ^ 0b0110
}

fn cells(number: u16) -> [bool; CELLS] {
    let word = 1 << 17 | u32::from(number % LIMIT) << 4 | u32::from(checksum(number % LIMIT));
    std::array::from_fn(|i| word >> (CELLS - 1 - i) & 1 == 1)
}

/// Writes `number` (taken modulo [`LIMIT`]) into a luma plane of `width` × `height` samples, `stride` bytes a row.
pub fn draw(luma: &mut [u8], stride: usize, width: usize, height: usize, number: u16) {
    let top = height - height / ACROSS.1;
    let edge = |cell: usize| width - ((CELLS - cell) * width).div_ceil(ACROSS.0);
    for row in luma.chunks_mut(stride).take(height).skip(top) {
        for (cell, &white) in cells(number).iter().enumerate() {
            let end = if cell + 1 == CELLS { width } else { edge(cell + 1) };
            row[edge(cell)..end].fill(if white { WHITE } else { BLACK });
        }
    }
}

/// Reads the number from the picture that covers `tile` of an RGBA image (4 bytes a pixel, `stride` bytes a row);
/// `None` where there is none or it is not readable. Give the rectangle of the picture itself, without bars.
#[must_use]
pub fn read(image: &[u8], stride: usize, tile: Rect) -> Option<u16> {
    let level = |cell: usize| -> Option<u32> {
        // Near the middle of the cell in five places: one pixel in small tiles, an average in large ones.
        let mut sum = 0;
        for (dx, dy) in [(0.5, 0.5), (0.4, 0.4), (0.6, 0.4), (0.4, 0.6), (0.6, 0.6)] {
            let across = 1.0 - (CELLS as f32 - cell as f32 - dx) / ACROSS.0 as f32;
            let down = 1.0 - (1.0 - dy) / ACROSS.1 as f32;
            let x = tile.x as usize + (across * tile.width as f32) as usize;
            let y = tile.y as usize + (down * tile.height as f32) as usize;
            let pixel = image.get(y * stride + x * 4..)?.get(..3)?;
            sum += u32::from(pixel[0]) * 2 + u32::from(pixel[1]) * 5 + u32::from(pixel[2]);
        }
        Some(sum)
    };
    let (white, black) = (level(0)?, level(1)?);
    // 40 sums of 8-bit levels: at least 64 levels apart.
    if white < black + 64 * 40 {
        return None;
    }
    let threshold = u32::midpoint(white, black);
    let mut word = 0_u16;
    for cell in 2..CELLS {
        word = word << 1 | u16::from(level(cell)? > threshold);
    }
    let number = word >> 4;
    (word & 0xf == checksum(number)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Averages a luma plane down to an RGBA image.
    fn scaled(luma: &[u8], from: (usize, usize), to: (usize, usize)) -> Vec<u8> {
        let mut image = Vec::with_capacity(to.0 * to.1 * 4);
        for y in 0..to.1 {
            for x in 0..to.0 {
                let (x0, x1) = (x * from.0 / to.0, ((x + 1) * from.0).div_ceil(to.0));
                let (y0, y1) = (y * from.1 / to.1, ((y + 1) * from.1).div_ceil(to.1));
                let sum: usize =
                    (y0..y1).flat_map(|y| &luma[y * from.0 + x0..y * from.0 + x1]).map(|&l| l as usize).sum();
                let mean = (sum / ((x1 - x0) * (y1 - y0))) as u8;
                image.extend([mean, mean, mean, 255]);
            }
        }
        image
    }

    #[test]
    fn every_number_survives_scaling() {
        let shapes = [
            ((640, 360), (240, 135)),
            ((1920, 1080), (240, 135)),
            ((1920, 1080), (957, 539)),
            ((360, 640), (76, 135)),
        ];
        for (from, to) in shapes {
            for number in (0..LIMIT).step_by(if from.0 > 640 { 97 } else { 7 }) {
                let mut luma = vec![90; from.0 * from.1];
                draw(&mut luma, from.0, from.0, from.1, number);
                let image = scaled(&luma, from, to);
                let tile = Rect::new(0, 0, to.0 as u32, to.1 as u32);
                assert_eq!(read(&image, to.0 * 4, tile), Some(number), "{from:?} → {to:?}");
            }
        }
    }

    #[test]
    fn a_tile_on_a_wall_is_read_in_its_place() {
        let mut luma = vec![50; 240 * 135];
        draw(&mut luma, 240, 240, 135, 1234);
        let mut wall = vec![0_u8; 600 * 300 * 4];
        for y in 0..135 {
            for x in 0..240 {
                wall[((y + 40) * 600 + x + 301) * 4..][..3].fill(luma[y * 240 + x]);
            }
        }
        assert_eq!(read(&wall, 600 * 4, Rect::new(301, 40, 240, 135)), Some(1234));
    }

    #[test]
    fn no_number_where_none_is() {
        let tile = Rect::new(0, 0, 240, 135);
        for level in [0_u8, 128, 255] {
            assert_eq!(read(&vec![level; 240 * 135 * 4], 240 * 4, tile), None);
        }
        assert_eq!(read(&[0; 64], 240 * 4, tile), None, "image smaller than the tile");
        let mut luma = vec![90; 240 * 135];
        draw(&mut luma, 240, 240, 135, 77);
        let image: Vec<u8> = luma.iter().flat_map(|&l| [255 - l; 4]).collect();
        assert_eq!(read(&image, 240 * 4, tile), None, "inverted");
    }

    #[test]
    fn checksum_notices_each_single_bit() {
        for number in 0..LIMIT {
            for bit in 0..12 {
                assert_ne!(checksum(number), checksum(number ^ 1 << bit), "{number} bit {bit}");
            }
        }
    }
}
