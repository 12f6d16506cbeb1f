//! Somebody looks for a site, and arranges its cameras with keys and pointer.

use image::RgbaImage;
use model::Rect;
use serde_json::Value;

use crate::desktop::hands::{CONTROL, ENTER, ESCAPE, PAGE_DOWN, RIGHT};
use crate::desktop::program::{Program, Tile, cameras_on};
use crate::desktop::screen::{WIDE, picture_in};
use crate::desktop::{Desktop, until_true};
use crate::support::words;

const HOSPITAL: &str = "phu-quoc/benh-vien-da-khoa-phu-quoc/";

#[test]
fn a_hospital_is_found_without_marks_and_arranged() {
    let desktop = Desktop::new();
    let program = desktop.start();
    desktop.screen.place(program.window(), (0, 0), 1900, 1000);
    program.until_live(16);

    program.search("benh vien");
    desktop.screen.press(ENTER);
    program.until_live(35);
    let wall = desktop.saved("walls.json")["walls"][0].clone();
    let ids: Vec<_> = wall["slots"].as_array().unwrap().iter().map(|slot| &slot["camera"]).collect();
    assert!(ids.iter().all(|id| id.as_str().is_some_and(|id| id.starts_with(HOSPITAL))), "{ids:?}");
    assert_eq!(wall["layout"]["cells"].as_array().unwrap().len(), 36);

    pages(&desktop, &program);
    drag_and_swap(&desktop, &program);
}

fn pages(desktop: &Desktop, program: &Program<'_>) {
    desktop.screen.press(ESCAPE);
    program.press_on_wall(b'4');
    for (page, cameras) in [(1, 16), (2, 16), (3, 3), (1, 16)] {
        let said = words("vi", "page_page_of").replace("{page}", &page.to_string()).replace("{pages}", "3");
        until_true(&said, || program.count(".page-number", &said) == 1);
        let tiles = program.until_live(cameras);
        assert_eq!(tiles[0].at, (page - 1) * 16);
        desktop.screen.press(PAGE_DOWN);
    }
}

fn drag_and_swap(desktop: &Desktop, program: &Program<'_>) {
    let cameras = || cameras_on(&desktop.saved("walls.json")["walls"][0]);
    program.press_on_wall(b'3');
    let before = page_of_nine(program);
    let at_first = cameras();

    // The site's row opens by key; its camera is taken to the fifth tile of the page.
    desktop.screen.click(program.find("[role=treeitem][data-kind=site]", "TTVH phường An Bình"));
    desktop.screen.press(RIGHT);
    let camera = program.find("[role=treeitem][data-kind=camera]", "Sân trước");
    desktop.screen.drag(camera, before[4].centre());
    let dropped = crate::desktop::program::camera_of("rach-gia/ttvh-phuong-an-binh/1/2");
    until_true("the camera on the fifth tile", || program.tiles()[4].camera == dropped);
    let placed = page_of_nine(program);
    until_true("it is saved", || cameras()[placed[4].at as usize] == dropped);
    let after_drop = cameras();

    // Two tiles change places, on the screen too.
    let before_swap = desktop.screen.look();
    desktop.screen.drag(placed[0].centre(), placed[1].centre());
    until_true("the swap", || program.tiles()[0].camera == placed[1].camera);
    let swapped = page_of_nine(program);
    assert_eq!(swapped[1].camera, placed[0].camera);
    program.let_be();
    until_true("the cameras' pictures on each other's tiles", || {
        let now = desktop.screen.look();
        let moved = unlike(&before_swap, &placed[0], &now, &swapped[1]);
        let stayed = unlike(&before_swap, &placed[0], &now, &swapped[0]);
        moved * 2 < stayed
    });
    let after_swap = cameras();
    assert_ne!(after_swap, after_drop);

    // One covers the wall, and goes back to its place.
    desktop.screen.double_click(swapped[2].centre());
    let enlarged = program.until_live(1);
    assert_eq!(enlarged[0].camera, swapped[2].camera);
    assert!(enlarged[0].rect.width > swapped[2].rect.width * 2);
    until_true("it is saved", || desktop.saved("walls.json")["walls"][0]["enlarged"] != Value::Null);
    desktop.screen.double_click(enlarged[0].centre());
    assert_eq!(page_of_nine(program)[2].camera, swapped[2].camera);

    // Back step by step, and forth again.
    for (key, expected) in [(b'z', &after_drop), (b'z', &at_first), (b'y', &after_drop), (b'y', &after_swap)]
    {
        desktop.screen.press_with(&[CONTROL], key.into());
        until_true("the step", || cameras() == *expected);
    }
    page_of_nine(program);
}

fn page_of_nine(program: &Program<'_>) -> Vec<Tile> {
    program.until_live(9)
}

/// How far two tiles' pictures differ, by the mean levels of 8 × 8 fields between the caption and the strip.
fn unlike(a: &RgbaImage, a_tile: &Tile, b: &RgbaImage, b_tile: &Tile) -> u32 {
    let fields = |screen: &RgbaImage, tile: &Tile| -> Vec<u32> {
        let Rect { x, y, width, height } = picture_in(tile.rect, WIDE);
        let (top, height) = (y + height / 5, height * 7 / 10);
        let mean = |field: u32| {
            let (left, upper) = (x + field % 8 * width / 8, top + field / 8 * height / 8);
            let pixels =
                (0..64).map(|i| screen.get_pixel(left + i % 8 * width / 64, upper + i / 8 * height / 64));
            pixels.map(|pixel| u32::from(pixel.0[1])).sum::<u32>() / 64
        };
        (0..64).map(mean).collect()
    };
    fields(a, a_tile).into_iter().zip(fields(b, b_tile)).map(|(a, b)| a.abs_diff(b)).sum()
}
