//! What is seen while windows change: no tile goes blank or stale, and a wall that cannot be seen costs nothing.

use std::time::{Duration, Instant};

use image::RgbaImage;
use model::Rect;

use crate::desktop::hands::ALT;
use crate::desktop::program::{Program, Tile};
use crate::desktop::screen::picture_in;
use crate::desktop::{Desktop, process, until_true};

/// A change has to be seen through by then, on a machine with other work on it too.
const SOON: Duration = Duration::from_secs(5);

#[test]
fn no_tile_is_blank_or_stale_while_windows_and_layouts_change() {
    let desktop = Desktop::new();
    let program = desktop.start();
    let window = program.window();
    desktop.screen.place(window, (0, 0), 1500, 900);
    program.until_live(16);

    let sizes = [(1450, 870), (1400, 860), (1340, 820), (1290, 790), (1330, 840), (1410, 880), (1500, 900)];
    for (width, height) in sizes {
        desktop.screen.place(window, (0, 0), width, height);
        look_on(&desktop, &program, 16);
    }
    for (key, cameras) in [(b'3', 9), (b'2', 4), (b'5', 16), (b'4', 16), (b'6', 16), (b'9', 6), (b'4', 16)] {
        program.press_on_wall(key);
        look_on(&desktop, &program, cameras);
    }
}

/// The wall has given its streams up by then; a little longer, so that nothing of the change is left.
const AWAY: Duration = Duration::from_secs(2);

#[test]
fn the_wall_lives_again_after_another_view() {
    let desktop = Desktop::new();
    let program = desktop.start();
    desktop.screen.place(program.window(), (0, 0), 1500, 900);
    program.until_live(16);
    desktop.screen.activate(program.window());
    desktop.screen.press_with(&[ALT], b'3'.into());
    until_true("the streams of a wall that nobody sees end", || desktop.viewers() == 0);
    std::thread::sleep(AWAY);
    desktop.screen.press_with(&[ALT], b'1'.into());
    program.until_live(16);
}

/// Looks again and again until the change is done: `cameras` tiles in their new places, all moving. At no look may a
/// place where the page has a camera show an even surface instead of a picture, the old one or the new one.
fn look_on(desktop: &Desktop, program: &Program<'_>, cameras: usize) {
    let began = Instant::now();
    let mut looks = 0;
    let tiles = || {
        let tiles: Vec<_> = program.tiles().into_iter().filter(|tile| tile.camera.is_some()).collect();
        let screen = desktop.screen.look();
        let blank: Vec<_> = tiles.iter().filter(|tile| is_even(&screen, tile)).collect();
        assert!(blank.is_empty(), "look {looks}: {blank:?}");
        looks += 1;
        tiles
    };
    desktop.until_moving(cameras, tiles);
    assert!(began.elapsed() < SOON, "it took {:?}", began.elapsed());
    assert!(looks >= 2);
}

/// Whether the middle of a tile has one colour: cameras' pictures never do, not even at night.
pub(crate) fn is_even(screen: &RgbaImage, tile: &Tile) -> bool {
    let Rect { x, y, width, height } = picture_in(tile.rect, 1.0);
    let pixels = (0..49).map(|i| {
        let (across, down) = (i % 7 + 2, i / 7 + 2);
        screen.get_pixel(x + width * across / 10, y + height * down / 10).0
    });
    let pixels: Vec<_> = pixels.collect();
    (0..3).all(|channel| {
        let levels = pixels.iter().map(|pixel| pixel[channel]);
        levels.clone().max().zip(levels.min()).is_some_and(|(max, min)| max - min < 6)
    })
}

#[test]
fn a_minimised_wall_is_not_drawn_and_lives_at_once_when_restored() {
    let desktop = Desktop::new();
    let program = desktop.start();
    let window = program.window();
    desktop.screen.place(window, (0, 0), 1500, 900);
    program.until_live(16);
    let seen = drawing(&program);
    desktop.screen.minimise(window);
    // What was under way at that moment is done.
    std::thread::sleep(Duration::from_millis(500));
    let hidden = drawing(&program);
    assert!(hidden * 4 < seen, "{hidden} ns a second while nobody sees it, {seen} ns before");
    assert_eq!(desktop.viewers(), 16, "its streams stay for a while");

    desktop.screen.activate(window);
    let began = Instant::now();
    program.until_live(16);
    assert!(began.elapsed() < SOON, "it took {:?}", began.elapsed());
    assert_eq!(desktop.viewers(), 16);
}

/// Nanoseconds a second that the wall's thread works.
fn drawing(program: &Program<'_>) -> u64 {
    let (before, began) = (process::thread_time(program.id, "draw"), Instant::now());
    std::thread::sleep(Duration::from_secs(2));
    let worked = process::thread_time(program.id, "draw") - before;
    (worked as f64 / began.elapsed().as_secs_f64()) as u64
}
