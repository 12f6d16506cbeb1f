//! The whole province on one wall: every camera shows pictures, and goes on showing new ones.

use std::time::Duration;

use image::{RgbaImage, imageops};
use model::Rect;
use province::list;

use crate::desktop::hands::{ENTER, ESCAPE};
use crate::desktop::program::Tile;
use crate::desktop::{Desktop, until, until_true};
use crate::seen::is_even;
use crate::support::near;

/// Key frames come every two seconds; on a machine with other work, some of them later.
const BETWEEN_LOOKS: Duration = Duration::from_secs(6);

/// The colours of a camera that is live, and of one that is lost.
const GOOD: [u8; 3] = [0x5c, 0xb8, 0x8a];
const FAULT: [u8; 3] = [0xe0, 0x6c, 0x5f];
const SAME: u8 = 6;

#[test]
fn all_cameras_of_the_province_live_on_one_wall() {
    let desktop = Desktop::new();
    let program = desktop.start();
    desktop.screen.place(program.window(), (0, 0), 1900, 1040);
    program.until_live(16);
    let all = list().cameras.len();

    program.press_on_wall(b'o');
    until_true("the layout", || program.tiles().len() == 380);
    until_true("all streams", || desktop.viewers() as usize >= all);
    program.let_be();
    let tiles: Vec<Tile> = program.tiles().into_iter().filter(|tile| tile.camera.is_some()).collect();
    assert_eq!(tiles.len(), all);
    let seen = until("a picture on every tile", || {
        let screen = desktop.screen.look();
        tiles.iter().all(|tile| !is_even(&screen, tile)).then_some(screen)
    });
    // Every picture has a number that its camera counts on.
    let mut still: Vec<&Tile> = tiles.iter().collect();
    until_true("a newer picture on every tile", || {
        std::thread::sleep(BETWEEN_LOOKS / 6);
        let screen = desktop.screen.look();
        still.retain(|tile| part(&seen, tile.rect) == part(&screen, tile.rect));
        still.is_empty()
    });

    // One of them is enlarged, and the others are there again at once.
    program.select(&tiles[200]);
    desktop.screen.press(ENTER);
    let one = program.until_live(1);
    assert_eq!(one[0].camera, tiles[200].camera);
    desktop.screen.press(ESCAPE);
    until_true("the overview", || program.tiles().len() == 380);
    program.let_be();
    until_true("its pictures", || {
        let screen = desktop.screen.look();
        tiles.iter().filter(|tile| is_even(&screen, tile)).count() == 0
    });
    until_true("each camera is watched", || desktop.viewers() as usize >= all);

    // The edge of each says in a colour how its camera stands; that of the selected one is framed.
    let mut tiles = tiles;
    tiles.remove(200);
    until_true("all are well", || {
        let screen = desktop.screen.look();
        tiles.iter().all(|tile| near(left_edge(&screen, tile), GOOD, SAME))
    });
    let lost = 0;
    desktop.province.stop_recorder(lost);
    let of_it = |tile: &&Tile| tile.camera.is_some_and(|camera| list().cameras[camera].recorder == lost);
    until_true("a recorder's cameras are lost", || {
        let screen = desktop.screen.look();
        tiles.iter().filter(of_it).all(|tile| near(left_edge(&screen, tile), FAULT, SAME))
    });
    let screen = desktop.screen.look();
    assert!(tiles.iter().filter(|tile| !of_it(tile)).all(|tile| near(left_edge(&screen, tile), GOOD, SAME)));
}

/// A pixel within the bar along a tile's left edge.
fn left_edge(screen: &RgbaImage, tile: &Tile) -> [u8; 3] {
    let [red, green, blue, _] = screen.get_pixel(tile.rect.x + 1, tile.rect.y + tile.rect.height / 2).0;
    [red, green, blue]
}

fn part(screen: &RgbaImage, rect: Rect) -> RgbaImage {
    imageops::crop_imm(screen, rect.x, rect.y, rect.width, rect.height).to_image()
}
