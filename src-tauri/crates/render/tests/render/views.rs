//! Parts of pictures: enlarged, moved, rotated, corrected for their lens.

use model::{Fit, Mapping, Point, Rect, Sight, Size, Turn, View};
use render::Tile;

use crate::support::*;

const WALL: Size = Size::new(480, 360);

fn sight(centre: (f64, f64), zoom: f64, rotation: f64) -> Sight {
    Sight::of(View::new(Point::new(centre.0, centre.1), zoom, rotation, false), None)
}

fn corrected(lens: &str, zoom: f64, rotation: f64) -> Sight {
    let view = View::new(Point::MIDDLE, zoom, rotation, true);
    Sight::of(view, Some(lens.parse().expect("a lens")))
}

/// Views of every kind, upright and not, enlarging and shrinking.
fn sights() -> [Sight; 12] {
    [
        sight((0.5, 0.5), 1.5, 0.0),
        sight((0.3, 0.6), 3.0, 0.0),
        sight((0.9, 0.1), 12.0, 0.0),
        sight((0.61, 0.42), 60.0, 0.0),
        sight((0.5, 0.5), 1.0, 15.0),
        sight((0.4, 0.6), 2.5, 90.0),
        sight((0.7, 0.3), 4.0, 205.0),
        sight((0.5, 0.5), 1.0, 355.0),
        corrected("wide-outdoor", 1.0, 0.0),
        corrected("wide-outdoor", 2.2, 0.0),
        corrected("wide-outdoor", 1.4, 33.0),
        corrected("80x50 rectilinear 0.12", 1.0, 0.0),
    ]
}

/// Rounding differs, and beside hard edges splines and edges of the picture weigh it more.
const MOST: u8 = 8;
const MEAN: f64 = 0.6;

#[test]
fn both_compositors_draw_the_same_views() {
    let Some(mut gpu) = graphics(WALL) else { return };
    let mut software = software(WALL);
    let fits = [Fit::Fit, Fit::Fill, Fit::Stretch];
    let turns = [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters];
    for (round, format) in FORMATS.into_iter().enumerate() {
        let street = picture(Size::new(321, 181), format, BT601, street);
        let large = picture(Size::new(1280, 720), format, BT601, hills);
        let tiles: Vec<Tile> = (0..12)
            .map(|i| {
                let rect = Rect::new(i as u32 % 4 * 120, i as u32 / 4 * 120, 117, 90 + i as u32 * 2);
                let base = showing(rect, i as u64, if i % 3 == 2 { &large } else { &street });
                let turn = turns[(i + round) % 4];
                Tile { sight: sights()[(i + round) % 12], fit: fits[(i / 4 + round) % 3], turn, ..base }
            })
            .collect();
        gpu.draw(&[]).unwrap();
        let (a, b) = (drawn(&mut software, &tiles), drawn(&mut gpu, &tiles));
        for (i, tile) in tiles.iter().enumerate() {
            let (most, mean) = difference(&part(&a, tile.rect), &part(&b, tile.rect));
            assert!(
                most <= MOST && mean <= MEAN,
                "{format:?}, tile {i}, {:?}: {most}, {mean:.3}",
                tile.sight
            );
        }
    }
}

/// A picture that says where one is: luma from left to right, U from top to bottom.
fn place(x: f64, y: f64) -> [f64; 3] {
    [0.2 + 0.6 * x, 0.2 + 0.6 * y, 0.5]
}

#[test]
fn what_is_drawn_at_a_point_of_the_tile_is_what_the_mapping_finds_there() {
    let picture = picture(Size::new(640, 360), FORMATS[2], BT601, place);
    let size = Size::new(240, 180);
    let rect = Rect::new(0, 0, size.width, size.height);
    for mut wall in both(size) {
        // What one pixel says of the place in the picture that it shows.
        let plain = Tile { fit: Fit::Stretch, ..showing(rect, 1, &picture) };
        let plain = drawn(&mut wall, &[plain]);
        let at = |image: &image::RgbaImage, x: f64, y: f64| {
            let pixel = image.get_pixel((x * 239.0).round() as u32, (y * 179.0).round() as u32);
            pixel.0.map(f64::from)
        };
        for sight in sights() {
            for turn in [Turn::None, Turn::ThreeQuarters] {
                let tile = Tile { sight, turn, ..showing(rect, 1, &picture) };
                let image = drawn(&mut wall, &[tile]);
                let mapping = Mapping::new(size, picture.size, Fit::Fit, turn, sight).expect("not empty");
                for (x, y) in [(0.5, 0.5), (0.45, 0.6), (0.3, 0.4), (0.6, 0.35), (0.7, 0.55)] {
                    let there = mapping.to_picture(Point::new(x, y));
                    if !(0.03..=0.97).contains(&there.x) || !(0.03..=0.97).contains(&there.y) {
                        continue;
                    }
                    let (seen, meant) = (at(&image, x, y), at(&plain, there.x, there.y));
                    for channel in 0..3 {
                        let off = (seen[channel] - meant[channel]).abs();
                        assert!(off <= 5.0, "{sight:?} {turn:?} at {x}, {y}: {seen:?}, not {meant:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_view_redraws_its_tile_alone() {
    for mut wall in both(WALL) {
        let picture = picture(Size::new(160, 90), FORMATS[0], BT601, street);
        let mut tiles: Vec<Tile> =
            (0..3).map(|i| showing(Rect::new(i * 160, 0, 158, 90), u64::from(i), &picture)).collect();
        wall.draw(&tiles).unwrap();
        tiles[1].sight = sight((0.4, 0.4), 2.0, 0.0);
        assert_eq!(wall.draw(&tiles).unwrap().tiles, 1);
        assert_eq!(wall.draw(&tiles).unwrap().tiles, 0);
        tiles[1].sight.rotation = 5.0;
        assert_eq!(wall.draw(&tiles).unwrap().tiles, 1);
    }
}

#[test]
fn the_whole_picture_is_the_same_however_it_is_asked_for() {
    let picture = picture(Size::new(640, 360), FORMATS[0], BT601, hills);
    for mut wall in both(WALL) {
        let tile = showing(Rect::new(0, 0, 480, 270), 1, &picture);
        let whole = drawn(&mut wall, std::slice::from_ref(&tile));
        // A hair away from it: the other way of drawing.
        let nearly = Sight { zoom: 1.0 + 1e-9, ..Sight::default() };
        let (most, mean) = difference(&whole, &drawn(&mut wall, &[Tile { sight: nearly, ..tile }]));
        assert!(most <= 2 && mean < 0.2, "{most}, {mean:.3}");
    }
}
