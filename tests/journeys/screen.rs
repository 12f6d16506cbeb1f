//! `watchwall view --fullscreen` on an X screen, looked at as a person would: from outside.

mod desktop;
mod support;

use std::time::{Duration, Instant};

use desktop::screen::{Screen, advanced, number, read_words, shape};
use image::RgbaImage;
use model::Rect;
use province::{Options, Profile, Province, list};
use support::{Gstreamer, View, free_port, near};

const WIDTH: u16 = 1920;
const HEIGHT: u16 = 1080;
const COLUMNS: u32 = 3;

fn tile(index: usize) -> Rect {
    let grid = model::Grid::smallest_square((COLUMNS * COLUMNS) as usize);
    grid.tile(index, model::Size::new(u32::from(WIDTH), u32::from(HEIGHT)))
}

#[test]
fn full_screen_wall_seen_from_outside() {
    let screen = Screen::start(WIDTH, HEIGHT);
    let cameras: Vec<usize> = (0..8).collect();
    let province =
        Province::start(Options { cameras: 8, ..Options::default() }).expect("the simulated province");
    let bars = Gstreamer::start(free_port(), &[]);
    let mut sources = format!("rtsp://127.0.0.1:{}/bars\tTrạm y tế | Đường phố\n", bars.port);
    for camera in &cameras {
        sources +=
            &format!("{}\tĐiểm | {}\n", province.source(*camera, Profile::Sub), list().cameras[*camera].name);
    }
    let running = View::start(&sources, &["--fullscreen", "--seconds", "25"], Some(&screen.display));
    let numbers = |picture: &RgbaImage| -> Vec<Option<u16>> {
        let all = cameras.iter().enumerate();
        all.map(|(i, camera)| number(picture, tile(i + 1), shape(&list().cameras[*camera]))).collect()
    };

    let deadline = Instant::now() + Duration::from_secs(15);
    let mut before = screen.look();
    while numbers(&before).iter().any(Option::is_none) {
        assert!(Instant::now() < deadline, "a tile shows no picture: {:?}", numbers(&before));
        std::thread::sleep(Duration::from_millis(250));
        before = screen.look();
    }
    let at = Instant::now();
    std::thread::sleep(Duration::from_millis(1500));
    let after = screen.look();
    let passed = at.elapsed().as_secs_f64();
    for (tile, (a, b)) in numbers(&before).into_iter().zip(numbers(&after)).enumerate() {
        let (Some(a), Some(b)) = (a, b) else { panic!("tile {tile}: {a:?}, then {b:?}") };
        let advanced = advanced(a, b);
        let expected = passed * 12.0;
        assert!(
            (f64::from(advanced) - expected).abs() < 8.0,
            "tile {tile} advanced {advanced}, not {expected:.0}"
        );
    }

    let Rect { x, y, width, height } = tile(0);
    for (bar, colour) in [(0, [255, 255, 255]), (1, [255, 255, 0]), (4, [255, 0, 255]), (6, [0, 0, 255])] {
        let seen = after.get_pixel(x + width * (2 * bar + 1) / 14, y + height * 2 / 5).0;
        let [r, g, b, _] = seen;
        assert!(near([r, g, b], colour, 14), "bar {bar}: {seen:?} instead of {colour:?}");
    }
    let right_of_bars = after.get_pixel(u32::from(WIDTH) - 1, u32::from(HEIGHT) - 1).0;
    assert!(right_of_bars[..3] != [0, 0, 0], "the wall reaches the corner of the screen: {right_of_bars:?}");

    for index in 1..4 {
        let name = &list().cameras[index - 1].name;
        let Rect { x, y, width, height } = tile(index);
        let read = read_words(&after, Rect::new(x, y, width, height / 8));
        assert!(read.contains(name.as_str()), "{name:?} is read as {read:?}");
    }
    let outcome = running.finish();
    assert!(outcome.statistics["all_tiles_shown_ms"].is_f64());
}
