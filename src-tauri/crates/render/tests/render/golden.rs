//! Pictures of representative tiles, looked at by a person and kept. `GOLDEN=write cargo test -p render golden` draws
//! them anew; look at the difference before committing it.

use std::path::Path;
use std::sync::Arc;

use model::{Fit, PixelFormat, Rect, Size, Turn};
use render::{Caption, Icon, Tile};

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
