//! The whole province on one wall: every camera shows pictures, and goes on showing new ones.

use std::time::Duration;

use image::{RgbaImage, imageops};
use model::Rect;
use province::list;

use crate::desktop::hands::{ENTER, ESCAPE};
use crate::desktop::program::Tile;
use crate::desktop::{Desktop, until, until_true};
use crate::seen::is_even;

/// Key frames come every two seconds; on a machine with other work, some of them later.
const BETWEEN_LOOKS: Duration = Duration::from_secs(6);

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
    desktop.screen.click(tiles[200].centre());
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
    assert!(desktop.viewers() as usize >= all, "each camera is watched once");
}

fn part(screen: &RgbaImage, rect: Rect) -> RgbaImage {
    imageops::crop_imm(screen, rect.x, rect.y, rect.width, rect.height).to_image()
}
