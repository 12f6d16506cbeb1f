//! What stands on the screen, asked of the X server: presentation by each compositor, only the damage, and after the
//! window took another size. Needs a display (`xvfb-run cargo test -p render`).
#![cfg(target_os = "linux")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use model::picture::OwnedPlanes;
use model::{Colour, Fit, Picture, PixelFormat, Rect, Size, Turn};
use raw_window_handle::{HasWindowHandle, RawWindowHandle};
use render::{Backend, RenderError, Target, Tile, Wall};
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop};
use winit::platform::x11::EventLoopBuilderExtX11;
use winit::window::{Window, WindowAttributes, WindowId};
use x11rb::protocol::xproto::{ConfigureWindowAux, ConnectionExt, ImageFormat, MapState};

const SIZE: Size = Size::new(320, 240);
const LARGER: Size = Size::new(400, 300);

struct Screen {
    connection: x11rb::rust_connection::RustConnection,
    window: u32,
}

impl Screen {
    fn of(window: &Window) -> Self {
        let handle = window.window_handle().expect("a handle").as_raw();
        let RawWindowHandle::Xlib(handle) = handle else { panic!("not an Xlib window: {handle:?}") };
        let (connection, _) = x11rb::connect(None).expect("the same server");
        Self { connection, window: handle.window as u32 }
    }

    /// The brightness of one pixel of the window.
    fn pixel(&self, x: i16, y: i16) -> u8 {
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.window, x, y, 1, 1, !0);
        image.expect("asked").reply().expect("an image").data[1]
    }

    /// Waits until the pixel is as bright as that: presentation is not waited for.
    fn shows(&self, x: i16, y: i16, brightness: u8) -> bool {
        let start = Instant::now();
        while self.pixel(x, y).abs_diff(brightness) > 3 {
            if start.elapsed() > Duration::from_secs(10) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// What is drawn before the server has mapped the window goes nowhere.
    fn wait_until_viewable(&self) {
        let start = Instant::now();
        loop {
            let asked = self.connection.get_window_attributes(self.window).expect("asked");
            if asked.reply().expect("attributes").map_state == MapState::VIEWABLE {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(10), "the window is never mapped");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn resize(&self, size: Size) {
        let wanted = ConfigureWindowAux::new().width(size.width).height(size.height);
        self.connection.configure_window(self.window, &wanted).expect("asked").check().expect("resized");
    }
}

fn grey(value: u8, sequence: u64) -> Picture {
    let format = PixelFormat { subsampling: model::Subsampling::Grey, ..PixelFormat::I420 };
    let colour = Colour { matrix: model::Matrix::Bt601, range: model::Range::Full };
    let planes = OwnedPlanes::new(vec![(vec![value; 256], 16)]);
    Picture { sequence, ..Picture::still(Size::new(16, 16), format, colour, planes, Instant::now()) }
}

fn tile(rect: Rect, slot: u64, value: u8, sequence: u64) -> Tile {
    let picture = Some((slot, grey(value, sequence)));
    Tile {
        rect,
        fit: Fit::Stretch,
        turn: Turn::None,
        sight: model::Sight::default(),
        picture,
        dimmed: false,
        caption: None,
        frame: None,
        signal: None,
    }
}

fn scene(size: Size, right: u8, sequence: u64) -> [Tile; 2] {
    let half = size.width / 2;
    [
        tile(Rect::new(0, 0, half, size.height), 1, 60, 1),
        tile(Rect::new(half, 0, half, size.height), 2, right, sequence),
    ]
}

fn check(window: &Arc<Window>, backend: Backend) {
    let screen = Screen::of(window);
    screen.wait_until_viewable();
    screen.resize(SIZE);
    let mut wall = match Wall::open(Target::Window { window: window.clone(), size: SIZE }, backend) {
        Ok(wall) => wall,
        Err(RenderError::NoAdapter(why)) if backend == Backend::Gpu => {
            assert!(std::env::var_os("CI").is_none(), "no graphics adapter, and CI must have one: {why}");
            eprintln!("\n!!! SKIPPED: NO GRAPHICS ADAPTER ({why}) !!!\n");
            return;
        }
        Err(error) => panic!("{backend:?}: {error}"),
    };
    let name = wall.backend_name().to_owned();
    assert!(wall.draw(&scene(SIZE, 120, 1)).expect("drawn").presented, "{name}");
    assert!(screen.shows(80, 120, 60) && screen.shows(240, 120, 120), "{name}: the first picture");

    for (sequence, brightness) in (2..).zip([200, 40, 170, 90]) {
        let drawn = wall.draw(&scene(SIZE, brightness, sequence)).expect("drawn");
        assert!(drawn.presented && drawn.tiles == 1, "{name}: {drawn:?}");
        assert!(screen.shows(240, 120, brightness), "{name}: picture {sequence}");
        assert!(screen.shows(80, 120, 60), "{name}: the tile beside it");
    }
    assert!(!wall.draw(&scene(SIZE, 90, 5)).expect("drawn").presented, "{name}: nothing changed");

    screen.resize(LARGER);
    wall.resize(LARGER);
    assert!(wall.draw(&scene(LARGER, 150, 6)).expect("drawn").presented, "{name}");
    assert!(screen.shows(390, 290, 150) && screen.shows(10, 290, 60), "{name}: the larger window");

    wall.expose();
    let drawn = wall.draw(&scene(LARGER, 150, 6)).expect("drawn");
    assert!(drawn.presented && drawn.tiles == 0, "{name}: {drawn:?}");
}

struct Test {
    done: bool,
}

impl ApplicationHandler for Test {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        for backend in [Backend::Software, Backend::Gpu] {
            let attributes = WindowAttributes::default().with_decorations(false).with_title("render's test");
            let window = Arc::new(event_loop.create_window(attributes).expect("a window"));
            check(&window, backend);
        }
        self.done = true;
        event_loop.exit();
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, _: WindowEvent) {}
}

#[test]
fn the_screen_shows_what_was_drawn() {
    if std::env::var_os("DISPLAY").is_none() {
        assert!(std::env::var_os("CI").is_none(), "no display, and CI must have one");
        eprintln!("\n!!! SKIPPED: NO DISPLAY; run under xvfb-run !!!\n");
        return;
    }
    let event_loop = EventLoop::builder().with_x11().with_any_thread(true).build().expect("an event loop");
    let mut test = Test { done: false };
    event_loop.run_app(&mut test).expect("ran");
    assert!(test.done);
}
