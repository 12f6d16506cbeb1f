//! Pictures of representative tiles, looked at by a person and kept. `GOLDEN=write cargo test -p render golden` draws
//! them anew; look at the difference before committing it.

use std::path::Path;
use std::sync::Arc;

use model::{Fit, Lens, PixelFormat, Point, Rect, Sight, Size, Turn, View};
use render::{Caption, Frame, Icon, Signal, Tile};

use crate::support::*;

/// The most by which a channel may differ: glyph outlines are computed in floating point.
const TOLERANCE: u8 = 6;

fn compare(name: &str, size: Size, tiles: &[Tile]) {
    let image = drawn(&mut software(size), tiles);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("png");
    if std::env::var("GOLDEN").as_deref() == Ok("write") {
        image.save(&path).expect("written");
        return;
    }
    let golden = image::open(&path).expect("a golden picture; GOLDEN=write makes it").to_rgba8();
    let (most, _) = difference(&golden, &image);
    if most > TOLERANCE {
        let seen = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("png");
        image.save(&seen).expect("written");
        panic!("{name} differs by {most} from {}; what was drawn: {}", path.display(), seen.display());
    }
}

fn place(size: Size) -> Rect {
    Rect::new(0, 0, size.width, size.height)
}

fn worded(base: Tile, caption: Caption) -> Tile {
    Tile { caption: Some(Arc::new(caption)), ..base }
}

#[test]
fn golden_live() {
    let size = Size::new(318, 178);
    let picture = picture(Size::new(640, 360), PixelFormat::I420, BT601, street);
    let words = caption("Cổng chính", "Trung tâm Y tế Rạch Giá", "H.265 · CPU");
    compare("live", size, &[worded(showing(place(size), 1, &picture), words)]);
}

#[test]
fn golden_old_picture() {
    let size = Size::new(318, 178);
    let picture = picture(Size::new(640, 360), PixelFormat::I420, BT601, street);
    let mut words = caption("Sân sau khu cách ly số hai", "Khách sạn Hải Âu", "");
    words.message = message(Icon::Clock, "Hình cũ từ 14:31:07", "Không nhận được hình mới đã 25 s");
    compare("old", size, &[Tile { dimmed: true, ..worded(showing(place(size), 1, &picture), words) }]);
}

#[test]
fn golden_hallway() {
    let size = Size::new(238, 133);
    let picture = picture(Size::new(640, 360), PixelFormat::I420, BT601, street);
    let base = Tile { turn: Turn::Quarter, ..showing(place(size), 1, &picture) };
    compare("hallway", size, &[worded(base, caption("Hành lang tầng 2", "Phú Quốc", ""))]);
}

#[test]
fn golden_filled_upside_down() {
    let size = Size::new(160, 160);
    let picture = picture(Size::new(640, 360), FORMATS[4], BT601, street);
    let base = Tile { turn: Turn::Half, fit: Fit::Fill, ..showing(place(size), 1, &picture) };
    compare("filled", size, &[worded(base, caption("Bãi xe", "", ""))]);
}

fn seen(zoom: f64, rotation: f64, lens: Option<&str>) -> Sight {
    let view = View::new(Point::new(0.42, 0.55), zoom, rotation, lens.is_some());
    Sight::of(view, lens.map(|lens| lens.parse().expect("a lens")))
}

#[test]
fn golden_enlarged() {
    let size = Size::new(318, 178);
    let picture = picture(Size::new(640, 360), PixelFormat::I420, BT601, street);
    let mut words = caption("Cổng chính", "Trung tâm Y tế Rạch Giá", "");
    words.mark = "6,0× · kỹ thuật số".to_owned();
    let base = Tile { sight: seen(6.0, 0.0, None), ..showing(place(size), 1, &picture) };
    compare("enlarged", size, &[worded(base, words)]);
}

#[test]
fn golden_rotated() {
    let size = Size::new(318, 178);
    let picture = picture(Size::new(640, 360), PixelFormat::I420, BT601, street);
    let mut words = caption("Cổng chính", "Trung tâm Y tế Rạch Giá", "");
    words.mark = "15° · kỹ thuật số".to_owned();
    let base = Tile { sight: seen(1.0, 15.0, None), ..showing(place(size), 1, &picture) };
    compare("rotated", size, &[worded(base, words)]);
}

#[test]
fn golden_corrected() {
    let size = Size::new(318, 178);
    // What such a lens makes of a wall of squares.
    let lens: Lens = "wide-outdoor".parse().expect("a lens");
    let picture = picture(Size::new(640, 360), PixelFormat::I420, BT601, |x, y| {
        let flat = lens.straighten(Point::new(2.0 * x - 1.0, (2.0 * y - 1.0) * 0.5625)).unwrap_or_default();
        let line = |v: f64| (v * 6.0 - (v * 6.0).round()).abs() < 0.06;
        [if line(flat.x) || line(flat.y) { 0.85 } else { 0.3 }, 0.5 + 0.2 * flat.x, 0.5]
    });
    let base = Tile { sight: seen(1.0, 0.0, Some("wide-outdoor")), ..showing(place(size), 1, &picture) };
    compare("corrected", size, &[base]);
}

#[test]
fn golden_messages() {
    let size = Size::new(640, 540);
    let texts = [
        ("Đang kết nối…", ""),
        ("Đang chờ đến lượt", "Đầu ghi chỉ nhận 2 kết nối cùng lúc"),
        ("Đang chờ khung hình chính", ""),
        ("Sai tài khoản hoặc mật khẩu", "Không tự thử lại. Hãy nhập mật khẩu mới."),
        ("Không kết nối được", "Từ 14:32 · thử lại sau 8 s"),
        ("Camera đã đủ 6 người xem", "Thử lại lúc 14:35"),
        ("Đã dừng", ""),
        ("Hình cũ từ 14:31:07", ""),
        ("Không giải mã được: định dạng hình của camera này không được hỗ trợ", "H.266"),
        ("Chưa gán camera", ""),
    ];
    let grid: model::Grid = "3x4".parse().expect("a grid");
    let tiles: Vec<Tile> = Icon::ALL
        .iter()
        .zip(texts)
        .enumerate()
        .map(|(i, (&icon, (text, detail)))| {
            let mut words = caption(&format!("Camera {}", i + 1), "Rạch Giá", "");
            words.message = message(icon, text, detail);
            worded(tile(grid.tile(i, size)), words)
        })
        .collect();
    compare("messages", size, &tiles);
}

/// A piece of a wall of everything: how each camera stands is seen on tiles too small for words, also beside the frame of
/// the one that is worked on.
#[test]
fn golden_overview() {
    let size = Size::new(400, 216);
    let picture = picture(Size::new(640, 360), PixelFormat::I420, BT601, street);
    let grid: model::Grid = "4x4".parse().expect("a grid");
    let tiles: Vec<Tile> = (0..16)
        .map(|i| {
            let signal = Signal::ALL[i % 4];
            let base = match i / 4 {
                3 => tile(grid.tile(i, size)),
                _ => showing(grid.tile(i, size), 1, &picture),
            };
            let frame = (i / 4 == 1).then_some(Frame::Selected);
            Tile { signal: Some(signal), frame, dimmed: i / 4 == 2, ..base }
        })
        .collect();
    compare("overview", size, &tiles);
}
