//! `watchwall view --fullscreen` on an X screen, looked at as a person would: from outside.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use image::{Rgb, RgbImage, imageops};
use province::{Options, Profile, Province, frame_number, list};
use support::{Folder, Gstreamer, View, free_port, near};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat};
use x11rb::rust_connection::RustConnection;

const WIDTH: u16 = 1920;
const HEIGHT: u16 = 1080;
const COLUMNS: u32 = 3;

/// An X server without a monitor; ends when dropped.
struct Screen {
    server: Child,
    display: String,
    connection: RustConnection,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{WIDTH}x{HEIGHT}x24"), "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (packaging/setup installs it)");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut number).expect("its number");
        let display = format!(":{}", number.trim());
        let (connection, _) = x11rb::connect(Some(&display)).expect("a connection to the X server");
        Self { server, display, connection }
    }

    /// What a person in front of it would see.
    fn look(&self) -> RgbImage {
        let root = self.connection.setup().roots[0].root;
        let picture = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, root, 0, 0, WIDTH, HEIGHT, u32::MAX)
            .expect("a request")
            .reply()
            .expect("the screen's picture");
        RgbImage::from_fn(u32::from(WIDTH), u32::from(HEIGHT), |x, y| {
            let at = ((y * u32::from(WIDTH) + x) * 4) as usize;
            Rgb([picture.data[at + 2], picture.data[at + 1], picture.data[at]])
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn tile(index: u32) -> (u32, u32, u32, u32) {
    let grid = model::Grid::smallest_square((COLUMNS * COLUMNS) as usize);
    let rect = grid.tile(index as usize, model::Size::new(u32::from(WIDTH), u32::from(HEIGHT)));
    (rect.x, rect.y, rect.width, rect.height)
}

/// The frame number that a tile shows; `picture` is its width over its height.
fn number(screen: &RgbImage, index: u32, picture: f64) -> Option<u16> {
    let (x, y, width, height) = tile(index);
    let shown = (f64::from(height) * picture).min(f64::from(width)).round() as u32;
    let tall = (f64::from(shown) / picture).round().min(f64::from(height)) as u32;
    let crop =
        imageops::crop_imm(screen, x + (width - shown) / 2, y + (height - tall) / 2, shown, tall).to_image();
    let rgba = image::DynamicImage::ImageRgb8(crop).into_rgba8();
    let rect = model::Rect::new(0, 0, shown, tall);
    frame_number::read(rgba.as_raw(), shown as usize * 4, rect)
}

/// The words at the top of a tile, as an OCR program that nobody here wrote reads them.
fn read_caption(screen: &RgbImage, index: u32) -> String {
    let (x, y, width, height) = tile(index);
    let strip = imageops::crop_imm(screen, x, y, width, height / 8).to_image();
    let mut grey = imageops::grayscale(&image::DynamicImage::ImageRgb8(strip));
    imageops::invert(&mut grey);
    let large = imageops::resize(&grey, width * 3, height / 8 * 3, imageops::FilterType::CatmullRom);
    let folder = Folder::new();
    large.save(folder.file("caption.png")).expect("a picture");
    let output = Command::new("tesseract")
        .arg(folder.file("caption.png"))
        .args(["stdout", "-l", "vie", "--psm", "7"])
        .output()
        .expect("tesseract with Vietnamese (packaging/setup installs it)");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn full_screen_wall_seen_from_outside() {
    let screen = Screen::start();
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
    let shape = |camera: &usize| {
        let size = list().cameras[*camera].coding.size(Profile::Sub);
        f64::from(size.width) / f64::from(size.height)
    };
    let numbers = |picture: &RgbImage| -> Vec<Option<u16>> {
        cameras.iter().enumerate().map(|(i, camera)| number(picture, i as u32 + 1, shape(camera))).collect()
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
        // Loops of 10 s at 12 pictures a second.
        let advanced = (i32::from(b) - i32::from(a)).rem_euclid(120);
        let expected = passed * 12.0;
        assert!(
            (f64::from(advanced) - expected).abs() < 8.0,
            "tile {tile} advanced {advanced}, not {expected:.0}"
        );
    }

    let (x, y, width, height) = tile(0);
    for (bar, colour) in [(0, [255, 255, 255]), (1, [255, 255, 0]), (4, [255, 0, 255]), (6, [0, 0, 255])] {
        let seen = after.get_pixel(x + width * (2 * bar + 1) / 14, y + height * 2 / 5).0;
        assert!(near(seen, colour, 14), "bar {bar}: {seen:?} instead of {colour:?}");
    }
    let right_of_bars = after.get_pixel(u32::from(WIDTH) - 1, u32::from(HEIGHT) - 1).0;
    assert!(right_of_bars != [0, 0, 0], "the wall reaches the corner of the screen: {right_of_bars:?}");

    for index in 1..4 {
        let name = &list().cameras[index as usize - 1].name;
        let read = read_caption(&after, index);
        assert!(read.contains(name.as_str()), "{name:?} is read as {read:?}");
    }
    let outcome = running.finish();
    assert!(outcome.statistics["all_tiles_shown_ms"].is_f64());
}
