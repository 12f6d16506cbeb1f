//! A camera is enlarged and goes back, again and again: the change from one stream to the other is never seen as a dark
//! tile.

use std::time::{Duration, Instant};

use crate::desktop::hands::{ENTER, ESCAPE};
use crate::desktop::program::{Program, Tile};
use crate::desktop::{Desktop, until_true};
use crate::seen::is_even;

/// Looked at for so long after each change: the main stream's first picture comes within a group of pictures.
const WATCHED: Duration = Duration::from_millis(1500);

#[test]
fn a_stream_switch_is_never_a_dark_tile() {
    enlarge_and_go_back(20);
}

#[test]
#[ignore = "takes minutes; `make soak` runs it"]
fn a_hundred_stream_switches_are_never_a_dark_tile() {
    enlarge_and_go_back(100);
}

fn enlarge_and_go_back(times: usize) {
    let desktop = Desktop::new();
    let program = desktop.start();
    desktop.screen.place(program.window(), (0, 0), 1500, 900);
    program.until_live(16);
    let tiles = program.tiles();
    let mut looks = 0;
    for time in 0..times {
        let at = time % tiles.len();
        desktop.screen.click(tiles[at].centre());
        desktop.screen.press(ENTER);
        looks += watch(&desktop, &program, 1);
        desktop.screen.press(ESCAPE);
        looks += watch(&desktop, &program, 16);
    }
    // A look takes some 30 ms; on a machine with other work, still several after each change.
    assert!(looks >= times * 2 * 4, "{looks} looks at {times} changes and back");
    program.until_live(16);
}

/// How often it has looked, from the moment on when the page has so many tiles: at no look is one of them even.
fn watch(desktop: &Desktop, program: &Program<'_>, count: usize) -> usize {
    let with_cameras =
        || -> Vec<Tile> { program.tiles().into_iter().filter(|tile| tile.camera.is_some()).collect() };
    until_true("the change", || with_cameras().len() == count);
    let tiles = with_cameras();
    let began = Instant::now();
    let mut looks = 0;
    while began.elapsed() < WATCHED {
        let screen = desktop.screen.look();
        let dark: Vec<_> = tiles.iter().filter(|tile| is_even(&screen, tile)).collect();
        assert!(dark.is_empty(), "look {looks}, {:?} after the change: {dark:?}", began.elapsed());
        looks += 1;
    }
    looks
}
