use image::Rgba;
use model::{Fit, PixelFormat, Rect, Size, Turn};
use render::Tile;

use crate::support::*;

const WALL: Size = Size::new(200, 200);

/// Upper left white, upper right mid grey, lower half black.
fn marked() -> model::Picture {
    picture(Size::new(160, 80), PixelFormat::I420, BT601, |x, y| match (x < 0.5, y < 0.5) {
        (true, true) => [235.0 / 255.0, 0.5, 0.5],
        (false, true) => [126.0 / 255.0, 0.5, 0.5],
        _ => [16.0 / 255.0, 0.5, 0.5],
    })
}

fn kind(pixel: &Rgba<u8>) -> char {
    match pixel[0] {
        0..=5 => 'b',
        120..=136 => 'g',
        250..=255 => 'w',
        _ => '?',
    }
}

#[test]
fn turns_are_clockwise() {
    for mut wall in both(WALL) {
        for (turn, corners) in [
            (Turn::None, "wgbb"),
            (Turn::Quarter, "bwbg"),
            (Turn::Half, "bbgw"),
            (Turn::ThreeQuarters, "gbwb"),
        ] {
            let tile = Tile { turn, fit: Fit::Stretch, ..showing(Rect::new(10, 20, 180, 90), 1, &marked()) };
            let image = drawn(&mut wall, &[tile]);
            let at = [(20, 25), (180, 25), (20, 100), (180, 100)];
            let seen: String = at.iter().map(|&(x, y)| kind(image.get_pixel(x, y))).collect();
            assert_eq!(seen, corners, "{turn:?}");
        }
    }
}

#[test]
fn fit_leaves_bars_and_fill_leaves_none() {
    for mut wall in both(WALL) {
        let tile = showing(Rect::new(0, 0, 200, 200), 1, &marked());
        let fit = drawn(&mut wall, std::slice::from_ref(&tile));
        let bar = *fit.get_pixel(100, 10);
        assert_eq!((fit.get_pixel(100, 48), fit.get_pixel(100, 152)), (&bar, &bar));
        assert_eq!(kind(fit.get_pixel(10, 60)), 'w');
        assert!(bar[0] < 20 && bar[0] > 5, "bars are dark, but not the picture's black: {bar:?}");
        // Filled, the middle half of the columns is seen.
        let fill = drawn(&mut wall, &[Tile { fit: Fit::Fill, ..tile }]);
        let seen: String =
            [(5, 5), (195, 5), (5, 195)].iter().map(|&(x, y)| kind(fill.get_pixel(x, y))).collect();
        assert_eq!(seen, "wgb");
    }
}

/// A picture in its own size is shown sample by sample.
#[test]
fn one_to_one_is_exact() {
    for mut wall in both(WALL) {
        let noise =
            |x: f64, y: f64| [((x * 7919.0 + y * 104_729.0).sin().abs() * 200.0 + 20.0) / 255.0, 0.5, 0.5];
        let size = Size::new(199, 197);
        let picture = picture(size, PixelFormat::I420, BT601, noise);
        let image = drawn(&mut wall, &[showing(Rect::new(1, 2, 199, 197), 1, &picture)]);
        for (x, y) in (0..197).map(|i| (i, (i * 31) % 197)) {
            let sample = picture.planes.plane(0)[y as usize * picture.planes.stride(0) + x as usize];
            let exact = ((f64::from(sample) - 16.0) * 255.0 / 219.0).clamp(0.0, 255.0);
            let shown = f64::from(image.get_pixel(x + 1, y + 2)[1]);
            assert!((shown - exact).abs() <= 1.5, "at {x}, {y}: {shown}, not {exact}");
        }
    }
}
