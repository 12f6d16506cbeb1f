//! An X screen without a monitor of its own, divided into monitors at will, and what a person in front of it would see.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use image::{RgbaImage, imageops};
use model::Rect;
use province::{Camera, Profile, frame_number};
use x11rb::connection::Connection;
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{AutoRepeatMode, ChangeKeyboardControlAux, ConnectionExt as _, ImageFormat};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Width over height of nearly all cameras' pictures.
pub(crate) const WIDE: f64 = 16.0 / 9.0;

/// An X server; ends when dropped.
pub(crate) struct Screen {
    server: Child,
    window_manager: Option<Child>,
    /// Such as `:99`.
    pub(crate) display: String,
    pub(crate) connection: RustConnection,
    width: u16,
    height: u16,
}

impl Screen {
    /// A bare screen: whoever opens a window places it.
    pub(crate) fn start(width: u16, height: u16) -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (packaging/setup installs it)");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut number).expect("its number");
        let display = format!(":{}", number.trim());
        let (connection, _) = x11rb::connect(Some(&display)).expect("a connection to the X server");
        Self { server, window_manager: None, display, connection, width, height }
    }

    /// A desktop with a window manager and two monitors of full HD side by side.
    pub(crate) fn desktop() -> Self {
        let mut screen = Self::start(2 * 1920, 1080);
        // A key that a busy machine lets go late is still one key.
        let once = ChangeKeyboardControlAux::new().auto_repeat_mode(AutoRepeatMode::OFF);
        screen.connection.change_keyboard_control(&once).expect("a request").check().expect("the keyboard");
        screen.divide(&["LEFT", "RIGHT"]);
        let manager = Command::new("openbox")
            .env("DISPLAY", &screen.display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openbox (packaging/setup installs it)");
        screen.window_manager = Some(manager);
        super::until("the window manager", || screen.property(screen.root(), "_NET_SUPPORTING_WM_CHECK"));
        screen
    }

    pub(crate) fn root(&self) -> u32 {
        self.connection.setup().roots[0].root
    }

    /// Monitors of equal width, from left to right. The server has one output, which the first one takes: without it
    /// the server would list a monitor of its own that covers all.
    fn divide(&self, names: &[&str]) {
        let resources = self.connection.randr_get_screen_resources(self.root());
        let output = resources.expect("a request").reply().expect("the server's outputs").outputs[0];
        let width = self.width / names.len() as u16;
        for (index, name) in names.iter().enumerate() {
            let monitor = MonitorInfo {
                name: self.atom(name),
                primary: index == 0,
                automatic: false,
                x: index as i16 * width as i16,
                y: 0,
                width,
                height: self.height,
                width_in_millimeters: 508,
                height_in_millimeters: 286,
                outputs: if index == 0 { vec![output] } else { Vec::new() },
            };
            let set = self.connection.randr_set_monitor(self.root(), monitor).expect("a request");
            set.check().expect("a monitor");
        }
    }

    pub(crate) fn atom(&self, name: &str) -> u32 {
        let reply = self.connection.intern_atom(false, name.as_bytes()).expect("a request").reply();
        reply.expect("an atom").atom
    }

    /// The first value of a property of 32-bit values; `None` where there is none.
    pub(crate) fn property(&self, window: u32, name: &str) -> Option<u32> {
        self.properties(window, name).first().copied()
    }

    /// All values of a property of 32-bit values. Windows come and go: one that has gone has none.
    pub(crate) fn properties(&self, window: u32, name: &str) -> Vec<u32> {
        let any = x11rb::protocol::xproto::AtomEnum::ANY;
        let request = self.connection.get_property(false, window, self.atom(name), any, 0, 1024);
        let reply = request.expect("a request").reply().ok();
        reply.and_then(|reply| reply.value32().map(Iterator::collect)).unwrap_or_default()
    }

    /// What a person in front of it would see.
    pub(crate) fn look(&self) -> RgbaImage {
        let reply = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root(), 0, 0, self.width, self.height, u32::MAX)
            .expect("a request")
            .reply()
            .expect("the screen's picture");
        let mut data = reply.data;
        for pixel in data.chunks_exact_mut(4) {
            pixel.swap(0, 2);
            pixel[3] = 255;
        }
        RgbaImage::from_raw(self.width.into(), self.height.into(), data).expect("4 bytes a pixel")
    }

    /// Waits until the server has done all that was asked of it.
    pub(crate) fn sync(&self) {
        self.connection.sync().expect("the X server");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in self.window_manager.iter_mut().chain([&mut self.server]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Width over height of a camera's picture, upright ones included.
pub(crate) fn shape(camera: &Camera) -> f64 {
    let size = camera.coding.size(Profile::Sub);
    f64::from(size.width) / f64::from(size.height)
}

/// Where a whole picture of this shape lies in a tile.
pub(crate) fn picture_in(tile: Rect, shape: f64) -> Rect {
    let width = (f64::from(tile.height) * shape).min(f64::from(tile.width)).round() as u32;
    let height = (f64::from(width) / shape).round().min(f64::from(tile.height)) as u32;
    Rect::new(tile.x + (tile.width - width) / 2, tile.y + (tile.height - height) / 2, width, height)
}

/// The number of the picture that a tile shows; `shape` is the picture's width over its height.
pub(crate) fn number(screen: &RgbaImage, tile: Rect, shape: f64) -> Option<u16> {
    frame_number::read(screen.as_raw(), screen.width() as usize * 4, picture_in(tile, shape))
}

/// How many pictures a camera has gone on between two looks; loops have 10 s at 12 pictures a second.
pub(crate) fn advanced(from: u16, to: u16) -> i32 {
    (i32::from(to) - i32::from(from)).rem_euclid(120)
}

/// The one line of words in a part of the screen, as an OCR program that nobody here wrote reads it.
pub(crate) fn read_words(screen: &RgbaImage, part: Rect) -> String {
    let cut = imageops::crop_imm(screen, part.x, part.y, part.width, part.height).to_image();
    let mut grey = imageops::grayscale(&image::DynamicImage::ImageRgba8(cut));
    imageops::invert(&mut grey);
    let large = imageops::resize(&grey, part.width * 3, part.height * 3, imageops::FilterType::CatmullRom);
    let folder = crate::support::Folder::new();
    large.save(folder.file("words.png")).expect("a picture");
    let output = Command::new("tesseract")
        .arg(folder.file("words.png"))
        .args(["stdout", "-l", "vie", "--psm", "7"])
        .output()
        .expect("tesseract with Vietnamese (packaging/setup installs it)");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// For people to look at, where they want to.
pub(crate) fn save(screen: &RgbaImage, name: &str) {
    if let Some(folder) = std::env::var_os("WATCHWALL_PICTURES") {
        screen.save(std::path::Path::new(&folder).join(format!("{name}.png"))).expect("a picture");
    }
}
