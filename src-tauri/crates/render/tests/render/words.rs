use std::sync::Arc;

use image::RgbaImage;
use model::{PixelFormat, Rect, Size};
use render::{Caption, Frame, Icon, Signal, Tile};

use crate::support::*;

const TILE: Size = Size::new(318, 178);

fn tile_with(caption: Caption) -> RgbaImage {
    let place = Rect::new(0, 0, TILE.width, TILE.height);
    drawn(&mut software(TILE), &[Tile { caption: Some(Arc::new(caption)), ..tile(place) }])
}

/// Recorders and files spell Vietnamese either way: composed, or with the marks as characters of their own.
#[test]
fn composed_and_decomposed_marks_look_the_same() {
    let pairs = [
        ("ẫ ộ ử", "a\u{302}\u{303} o\u{323}\u{302} u\u{31b}\u{309}"),
        ("Hữu Nghị", "Hu\u{31b}\u{303}u Nghi\u{323}"),
        ("ĐỀ ÁN ỔI", "Đ\u{45}\u{302}\u{300} A\u{301}N O\u{302}\u{309}I"),
    ];
    for (composed, decomposed) in pairs {
        assert_ne!(composed, decomposed);
        let title = |text: &str| tile_with(caption(text, text, text));
        assert!(title(composed) == title(decomposed), "{composed}");
        assert!(title(composed) != title("aou"), "{composed}");
    }
}

/// The test pattern and many cameras print a frame number at the lower right: words never cover it.
#[test]
fn the_lower_right_corner_stays_free() {
    for (width, height) in [(120, 68), (238, 133), (318, 178), (478, 268), (638, 358), (300, 400)] {
        let size = Size::new(width, height);
        let picture = picture(size, PixelFormat::I420, BT601, hills);
        let bare = showing(Rect::new(0, 0, width, height), 1, &picture);
        let text = "Một thông báo rất dài, không thể nào vừa trong một dòng của ô hình này";
        let mut words = caption(text, text, text);
        words.message = message(Icon::Clock, text, text);
        let worded = Tile { caption: Some(Arc::new(words)), ..bare.clone() };
        let corner = Rect::new(width * 6 / 10, height * 17 / 20 + 1, width * 4 / 10, height * 3 / 20 - 1);
        let mut wall = software(size);
        let (bare, worded) = (drawn(&mut wall, &[bare]), drawn(&mut wall, &[worded]));
        assert!(part(&bare, corner) == part(&worded, corner), "{width}x{height}");
        assert!(bare != worded, "{width}x{height}");
    }
}

#[test]
fn every_sign_is_its_own() {
    let signs: Vec<RgbaImage> = Icon::ALL
        .iter()
        .map(|&icon| tile_with(Caption { message: message(icon, "", ""), ..Caption::default() }))
        .collect();
    for (i, a) in signs.iter().enumerate() {
        for b in &signs[..i] {
            assert!(a != b, "sign {i}");
        }
    }
}

/// Where it is narrow the subtitle goes first, then the corner, and the title is only shortened.
#[test]
fn narrow_tiles_keep_the_title() {
    let at = |width: u32, caption: Caption| {
        let place = Rect::new(0, 0, width, 120);
        drawn(
            &mut software(Size::new(width, 120)),
            &[Tile { caption: Some(Arc::new(caption)), ..tile(place) }],
        )
    };
    let title = "Cổng chính";
    assert!(at(100, caption(title, "Rạch Giá", "")) == at(100, caption(title, "", "")));
    assert!(at(200, caption(title, "Rạch Giá", "")) != at(200, caption(title, "", "")));
    assert!(at(100, caption(title, "", "H.265 · CPU")) == at(100, caption(title, "", "")));
    assert!(at(80, caption(title, "", "")) != at(80, Caption::default()));
}

/// The colours of an overview are seen at any size, and what wants a person also by its shape.
#[test]
fn every_signal_is_its_own_and_never_hidden_by_a_frame() {
    for (width, height) in [(24, 14), (46, 26), (94, 52), (192, 108)] {
        let size = Size::new(width, height);
        let place = Rect::new(0, 0, width, height);
        for frame in [None, Some(Frame::Selected), Some(Frame::Hover)] {
            let edges = |signal| drawn(&mut software(size), &[Tile { signal, frame, ..tile(place) }]);
            let images: Vec<RgbaImage> =
                std::iter::once(None).chain(Signal::ALL.map(Some)).map(edges).collect();
            for (i, a) in images.iter().enumerate() {
                for b in &images[..i] {
                    assert!(a != b, "{width}x{height} {frame:?}: {i}");
                }
            }
            let right = |image: &RgbaImage| *image.get_pixel(width - 1, height / 2);
            if frame.is_none() {
                assert_eq!(right(&images[1]), right(&images[0]), "what is well stays at one edge");
                assert_ne!(right(&images[4]), right(&images[0]), "what is broken goes all around");
            }
        }
    }
}
