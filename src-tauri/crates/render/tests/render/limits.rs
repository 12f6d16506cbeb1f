use std::sync::Arc;

use model::picture::OwnedPlanes;
use model::{Fit, Picture, PixelFormat, Rect, Size, Turn};
use render::{Icon, Tile};

use crate::support::*;

const WALL: Size = Size::new(160, 120);

#[test]
fn absurd_places_and_sizes_do_no_harm() {
    let places = [
        Rect::new(0, 0, 0, 0),
        Rect::new(5, 5, 1, 1),
        Rect::new(159, 119, 1, 1),
        Rect::new(0, 0, 160, 1),
        Rect::new(3, 0, 1, 120),
        Rect::new(150, 110, 500, 500),
        Rect::new(160, 120, 10, 10),
        Rect::new(u32::MAX, u32::MAX, u32::MAX, u32::MAX),
        Rect::new(0, 0, u32::MAX, u32::MAX),
    ];
    let sizes = [Size::new(1, 1), Size::new(2, 1), Size::new(1, 300), Size::new(3000, 2), Size::new(17, 33)];
    let mut words = caption("Cổng chính", "Rạch Giá", "H.265");
    words.message = message(Icon::Broken, "Không giải mã được", "Từ 14:32");
    let words = Some(Arc::new(words));
    for mut wall in both(WALL) {
        for size in sizes {
            for format in FORMATS {
                let picture = picture(size, format, BT601, hills);
                for (turn, fit) in
                    [(Turn::None, Fit::Fit), (Turn::Quarter, Fit::Fill), (Turn::Half, Fit::Stretch)]
                {
                    let tiles: Vec<Tile> = (0..)
                        .zip(places)
                        .map(|(i, place)| Tile {
                            turn,
                            fit,
                            caption: words.clone(),
                            ..showing(place, i, &picture)
                        })
                        .collect();
                    wall.draw(&tiles).unwrap();
                }
            }
        }
        assert_eq!(wall.snapshot().unwrap().dimensions(), (WALL.width, WALL.height));
    }
}

#[test]
fn empty_walls_and_pictures_do_no_harm() {
    for mut wall in both(Size::new(0, 0)) {
        let nothing = picture(Size::new(0, 0), PixelFormat::I420, BT601, hills);
        let tiles = [showing(Rect::new(0, 0, 80, 60), 1, &nothing)];
        assert_eq!(wall.draw(&tiles).unwrap().tiles, 0);
        assert_eq!(wall.snapshot().unwrap().dimensions(), (0, 0));
        wall.resize(WALL);
        assert_eq!(wall.draw(&tiles).unwrap().tiles, 1);
    }
}

/// A decoder that hands over fewer bytes than its picture needs gets an empty place, not a crash.
#[test]
fn short_planes_are_not_read() {
    for mut wall in both(WALL) {
        let whole = picture(Size::new(64, 48), PixelFormat::I420, BT601, |_, _| [0.9, 0.5, 0.5]);
        let planes = (0..3).map(|i| (whole.planes.plane(i).to_vec(), whole.planes.stride(i)));
        let mut planes: Vec<_> = planes.collect();
        planes[2].0.truncate(100);
        let short = Picture { planes: Arc::new(OwnedPlanes::new(planes)), ..whole };
        let image = drawn(&mut wall, &[showing(Rect::new(0, 0, 160, 120), 1, &short)]);
        assert!(image.get_pixel(80, 60)[0] < 40);
    }
}
