use std::sync::Arc;

use model::{Grid, PixelFormat, Rect, Size};
use render::{Drawn, Signal, Tile, Wall};

use crate::support::*;

const WALL: Size = Size::new(400, 300);
const PICTURE: Size = Size::new(64, 48);

fn scene() -> Vec<Tile> {
    let grid: Grid = "4x3".parse().expect("a grid");
    let picture = picture(PICTURE, PixelFormat::I420, BT601, hills);
    let words = Arc::new(caption("Sân sau", "", ""));
    let tile =
        |i| Tile { caption: Some(Arc::clone(&words)), ..showing(grid.tile(i, WALL), i as u64, &picture) };
    (0..grid.tiles()).map(tile).collect()
}

fn redrawn(wall: &mut Wall, tiles: &[Tile]) -> usize {
    let drawn = wall.draw(tiles).expect("drawn");
    assert!(!drawn.presented, "there is no window");
    drawn.tiles
}

#[test]
fn only_what_differs_is_redrawn() {
    for mut wall in both(WALL) {
        let mut tiles = scene();
        assert_eq!(redrawn(&mut wall, &tiles), 12);
        assert_eq!(wall.draw(&tiles).unwrap(), Drawn::default());

        let newer = &mut tiles[3].picture.as_mut().unwrap().1;
        newer.sequence += 1;
        assert_eq!(redrawn(&mut wall, &tiles), 1);
        tiles[4].dimmed = true;
        tiles[5].turn = model::Turn::Half;
        tiles[6].fit = model::Fit::Fill;
        tiles[7].caption = Some(Arc::new(caption("Cổng", "", "")));
        tiles[8].picture = None;
        tiles[9].signal = Some(Signal::Fault);
        assert_eq!(redrawn(&mut wall, &tiles), 6);

        // The same words in another allocation are the same words.
        tiles[7].caption = Some(Arc::new(caption("Cổng", "", "")));
        assert_eq!(redrawn(&mut wall, &tiles), 0);

        tiles[0].rect.width -= 1;
        assert_eq!(redrawn(&mut wall, &tiles), 12, "another layout leaves no remains");
        tiles.pop();
        assert_eq!(redrawn(&mut wall, &tiles), 11);
        wall.resize(Size::new(390, 300));
        assert_eq!(redrawn(&mut wall, &tiles), 11);
        assert_eq!(wall.snapshot().unwrap().dimensions(), (390, 300));
    }
}

#[test]
fn untouched_tiles_keep_their_pixels() {
    for mut wall in both(WALL) {
        let mut tiles = scene();
        let before = drawn(&mut wall, &tiles);
        let dark = picture(PICTURE, PixelFormat::I420, BT601, |_, _| [0.1, 0.5, 0.5]);
        let slot = &mut tiles[5].picture.as_mut().unwrap().1;
        *slot = model::Picture { sequence: 2, ..dark };
        let after = drawn(&mut wall, &tiles);
        let changed = tiles[5].rect;
        let inside = |x: u32, y: u32| {
            (changed.x..changed.x + changed.width).contains(&x)
                && (changed.y..changed.y + changed.height).contains(&y)
        };
        for (x, y, pixel) in after.enumerate_pixels() {
            if !inside(x, y) {
                assert_eq!(pixel, before.get_pixel(x, y), "at {x}, {y}");
            }
        }
        assert!(difference(&part(&before, changed), &part(&after, changed)).1 > 20.0);
    }
}

/// A tile that stands over another one still does when the lower one changed.
#[test]
fn tiles_above_stay_above() {
    for mut wall in both(WALL) {
        let white = picture(PICTURE, PixelFormat::I420, BT601, |_, _| [0.92, 0.5, 0.5]);
        let black = picture(PICTURE, PixelFormat::I420, BT601, |_, _| [0.06, 0.5, 0.5]);
        let above = Rect::new(100, 80, 64, 48);
        let mut tiles = vec![showing(Rect::new(0, 0, 300, 225), 1, &black), showing(above, 2, &white)];
        wall.draw(&tiles).unwrap();
        tiles[0].picture.as_mut().unwrap().1.sequence = 9;
        assert_eq!(redrawn(&mut wall, &tiles), 2);
        let image = wall.snapshot().unwrap();
        assert!(image.get_pixel(130, 100)[0] > 240 && image.get_pixel(90, 100)[0] < 10);
    }
}

#[test]
fn a_stream_is_uploaded_once_and_forgotten_with_its_last_tile() {
    let Some(mut wall) = graphics(WALL) else { return };
    let picture = picture(PICTURE, PixelFormat::I420, BT601, hills);
    let bytes = u64::from(PICTURE.width * PICTURE.height * 3 / 2);
    let places = [Rect::new(0, 0, 90, 60), Rect::new(100, 0, 200, 150), Rect::new(0, 100, 64, 48)];
    let mut tiles = places.map(|rect| showing(rect, 5, &picture)).to_vec();
    assert_eq!(wall.draw(&tiles).unwrap().uploaded_bytes, bytes);
    tiles[0].dimmed = true;
    assert_eq!(wall.draw(&tiles).unwrap().uploaded_bytes, 0);
    let gone: Vec<Tile> = places.map(tile).to_vec();
    assert_eq!(wall.draw(&gone).unwrap().uploaded_bytes, 0);
    assert_eq!(wall.draw(&tiles).unwrap().uploaded_bytes, bytes, "the slot's textures were freed");
}
