//! Pictures from formulas, and walls to put them on.

use std::time::Instant;

use image::RgbaImage;
use model::picture::OwnedPlanes;
use model::{Colour, Fit, Matrix, Picture, PixelFormat, PlaneOrder, Range, Rect, Size, Subsampling, Turn};
use render::{Backend, Caption, Icon, Message, Target, Tile, Wall};

pub(crate) const BT601: Colour = Colour { matrix: Matrix::Bt601, range: Range::Limited };

pub(crate) const fn format(subsampling: Subsampling, order: PlaneOrder, depth: u8) -> PixelFormat {
    PixelFormat { subsampling, order, depth }
}

/// Every format that decoders hand over.
pub(crate) const FORMATS: [PixelFormat; 8] = [
    PixelFormat::I420,
    format(Subsampling::Yuv422, PlaneOrder::Planar, 8),
    format(Subsampling::Yuv444, PlaneOrder::Planar, 8),
    format(Subsampling::Grey, PlaneOrder::Planar, 8),
    format(Subsampling::Yuv420, PlaneOrder::SemiPlanar, 8),
    format(Subsampling::Yuv420, PlaneOrder::Planar, 10),
    format(Subsampling::Yuv420, PlaneOrder::SemiPlanar, 10),
    format(Subsampling::Grey, PlaneOrder::Planar, 10),
];

/// A picture whose samples (0–1, of Y, U, V) a formula gives for each place (0–1).
pub(crate) fn picture(
    size: Size,
    format: PixelFormat,
    colour: Colour,
    formula: impl Fn(f64, f64) -> [f64; 3],
) -> Picture {
    let planes = (0..format.planes()).map(|plane| samples(size, format, plane, &formula)).collect();
    let still = Picture::still(size, format, colour, OwnedPlanes::new(planes), Instant::now());
    Picture { sequence: 1, ..still }
}

fn samples(
    size: Size,
    format: PixelFormat,
    plane: usize,
    formula: &impl Fn(f64, f64) -> [f64; 3],
) -> (Vec<u8>, usize) {
    let extent = format.plane_size(plane, size);
    // A stride beyond the row, with junk in between, as decoders have it.
    let stride = extent.width as usize * format.bytes_per_texel(plane) + 14;
    let mut bytes = vec![0xa5; stride * extent.height as usize];
    for y in 0..extent.height {
        for x in 0..extent.width {
            let at = |i: u32, n: u32| (f64::from(i) + 0.5) / f64::from(n);
            let yuv = formula(at(x, extent.width), at(y, extent.height));
            let channels: &[usize] = match (format.order, plane) {
                (PlaneOrder::SemiPlanar, 1) => &[1, 2],
                (_, plane) => &[[0, 1, 2][plane]],
            };
            let texel = y as usize * stride + x as usize * format.bytes_per_texel(plane);
            for (i, &channel) in channels.iter().enumerate() {
                let value = yuv[channel].clamp(0.0, 1.0) * 255.0;
                if format.depth == 8 {
                    bytes[texel + i] = value.round() as u8;
                } else {
                    let ten = (value * 4.0).round() as u16;
                    let word = if format.order == PlaneOrder::SemiPlanar { ten << 6 } else { ten };
                    bytes[texel + i * 2..][..2].copy_from_slice(&word.to_le_bytes());
                }
            }
        }
    }
    (bytes, stride)
}

/// A street at dusk, out of formulas: soft gradients, hard edges, fine patterns, strong colours.
pub(crate) fn street(x: f64, y: f64) -> [f64; 3] {
    let luma = |v: f64| (16.0 + 219.0 * v) / 255.0;
    let grey = 128.0 / 255.0;
    if y < 0.45 {
        let house = x > 0.12 && x < 0.42 && y > 0.16;
        let window = house && (x * 40.0).fract() > 0.35 && (y * 22.0).fract() > 0.45;
        return match (house, window) {
            (_, true) => [luma(0.86), 0.38, 0.6],
            (true, _) => [luma(0.34), 0.47, 0.55],
            _ => [luma(0.78 - y * 0.9), grey + 0.16 * (0.6 - y), grey - 0.05],
        };
    }
    let road = 0.1 + 0.35 * y;
    let lane = (x - 0.5).abs() < 0.008 + 0.012 * y && ((y * y) * 9.0).fract() > 0.5;
    let car = (x - 0.68).abs() < 0.09 && (y - 0.68).abs() < 0.07;
    let sign = (x - 0.3).hypot((y - 0.62) * 0.5625) < 0.04;
    match (lane, car, sign) {
        (true, ..) => [luma(0.95), grey, grey],
        (_, true, _) => [luma(0.35), 0.40, 0.86],
        (_, _, true) => [luma(0.4), 0.85, 0.3],
        _ => [luma(road + 0.03 * ((x * 300.0).sin() * (y * 200.0).cos())), grey, grey],
    }
}

/// A smooth picture in all colours.
pub(crate) fn hills(x: f64, y: f64) -> [f64; 3] {
    let wave = |a: f64, b: f64| 0.5 + 0.28 * (a * 9.0).sin() * (b * 7.0).cos();
    [wave(x, y), wave(y, x + 0.4), wave(x + y, y)]
}

/// A tile with nothing but its place.
pub(crate) fn tile(rect: Rect) -> Tile {
    Tile {
        rect,
        fit: Fit::Fit,
        turn: Turn::None,
        sight: model::Sight::default(),
        picture: None,
        dimmed: false,
        caption: None,
        frame: None,
        signal: None,
    }
}

pub(crate) fn caption(title: &str, subtitle: &str, corner: &str) -> Caption {
    Caption {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        corner: corner.to_owned(),
        mark: String::new(),
        message: None,
    }
}

/// A message with a text and a detail.
pub(crate) fn message(icon: Icon, text: &str, detail: &str) -> Option<Message> {
    Some(Message { icon, text: text.to_owned(), detail: detail.to_owned() })
}

/// A tile that shows a picture.
pub(crate) fn showing(rect: Rect, slot: u64, picture: &Picture) -> Tile {
    Tile { picture: Some((slot, picture.clone())), ..tile(rect) }
}

/// A wall without a window, drawn by the processor.
pub(crate) fn software(size: Size) -> Wall {
    Wall::open(Target::Headless(size), Backend::Software).expect("software needs nothing")
}

/// A wall drawn by the graphics processor, or by what emulates one. Without any adapter a test has nothing to say:
/// it says so, and fails where tests must be complete (`CI` is set).
pub(crate) fn graphics(size: Size) -> Option<Wall> {
    match Wall::open(Target::Headless(size), Backend::Gpu) {
        Ok(wall) => Some(wall),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "no graphics adapter, and CI must have one: {why}");
            eprintln!(
                "\n!!! SKIPPED: NO GRAPHICS ADAPTER ({why}); install a Vulkan driver, lavapipe will do !!!\n"
            );
            None
        }
    }
}

/// Both compositors, as far as there are both.
pub(crate) fn both(size: Size) -> impl Iterator<Item = Wall> {
    std::iter::once(software(size)).chain(graphics(size))
}

/// Draws a scene and gives the wall's picture.
pub(crate) fn drawn(wall: &mut Wall, tiles: &[Tile]) -> RgbaImage {
    wall.draw(tiles).expect("drawn");
    wall.snapshot().expect("read back")
}

/// The largest and the mean difference of two pictures' channels.
pub(crate) fn difference(a: &RgbaImage, b: &RgbaImage) -> (u8, f64) {
    assert_eq!(a.dimensions(), b.dimensions());
    let differences = || a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = differences().map(u64::from).sum();
    (differences().max().unwrap_or(0), sum as f64 / a.as_raw().len() as f64)
}

/// A part of a picture.
pub(crate) fn part(image: &RgbaImage, rect: Rect) -> RgbaImage {
    image::imageops::crop_imm(image, rect.x, rect.y, rect.width, rect.height).to_image()
}
