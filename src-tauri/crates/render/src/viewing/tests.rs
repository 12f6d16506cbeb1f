use std::time::Instant;

use model::picture::OwnedPlanes;
use model::{MaskLook, PixelFormat, Subsampling};

use super::*;

const SIZE: Size = Size::new(320, 180);

fn words() -> Inscription {
    Inscription {
        title: "Cổng chính".to_owned(),
        place: "Trạm y tế Bình An".to_owned(),
        case: "Vụ việc VA 12/2026".to_owned(),
        notice: "Bản xem".to_owned(),
        watermark: "Trần An (an)".to_owned(),
    }
}

/// Noise, so that whatever is left of it is noticed.
fn noise(format: PixelFormat, size: Size) -> Picture {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let planes = (0..format.planes()).map(|index| {
        let plane = format.plane_size(index, size);
        let stride = plane.width as usize * format.bytes_per_texel(index) + 3;
        ((0..stride * plane.height as usize).map(|_| next()).collect(), stride)
    });
    let planes = OwnedPlanes::new(planes.collect());
    Picture::still(size, format, Colour::by_height(size.height), planes, Instant::now())
}

fn samples(canvas: &Canvas, plane: usize, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> Vec<u8> {
    let stride = canvas.stride(plane);
    y.flat_map(|row| canvas.plane(plane)[row * stride..][x.clone()].to_vec()).collect()
}

#[test]
fn nothing_of_the_picture_is_left_behind_a_black_mask() {
    let mask = Mask { x: 250, y: 333, width: 500, height: 333, look: MaskLook::Black };
    let mut inscriber = Inscriber::new(&Inscription::default(), &[mask]);
    let canvas = inscriber.draw(&noise(PixelFormat::I420, SIZE), "10:00").expect("drawn").clone();
    let band = Inscriber::band(SIZE) as usize;
    let (from, to) = mask.pixels(SIZE);
    let columns = from.width as usize..to.width as usize;
    let rows = band + from.height as usize..band + to.height as usize;
    assert!(samples(&canvas, 0, columns.clone(), rows.clone()).iter().all(|y| *y == 16));
    for plane in [1, 2] {
        let half = |range: &std::ops::Range<usize>| range.start / 2..range.end / 2;
        assert!(samples(&canvas, plane, half(&columns), half(&rows)).iter().all(|c| *c == 128));
    }
    let beside = samples(&canvas, 0, 0..columns.start, rows);
    assert!(beside.iter().any(|y| *y > 128), "the picture is there beside it");
}

#[test]
fn a_mosaic_is_the_same_for_pictures_with_the_same_means() {
    let mask = Mask { x: 0, y: 0, width: 1000, height: 1000, look: MaskLook::Mosaic };
    let mut inscriber = Inscriber::new(&Inscription::default(), &[mask]);
    let canvas = inscriber.draw(&noise(PixelFormat::I420, SIZE), "").expect("drawn").clone();
    let band = Inscriber::band(SIZE) as usize;
    let area = samples(&canvas, 0, 0..320, band..band + 180);
    let kinds: std::collections::BTreeSet<u8> = area.iter().copied().collect();
    // A quarter of the shorter side: eight times four squares, each of one value.
    assert!(kinds.len() <= 32 && area[0] == area[43] && area[0] == area[43 * 320], "{kinds:?}");
}

#[test]
fn the_words_stand_beside_the_picture_and_change_with_the_second() {
    let picture = noise(PixelFormat::I420, SIZE);
    let mut inscriber = Inscriber::new(&Inscription { watermark: String::new(), ..words() }, &[]);
    let first = inscriber.draw(&picture, "14/03/2026 07:00:05").expect("drawn").clone();
    let again = inscriber.draw(&picture, "14/03/2026 07:00:05").expect("drawn").clone();
    let later = inscriber.draw(&picture, "14/03/2026 07:00:06").expect("drawn").clone();
    let band = Inscriber::band(SIZE) as usize;
    assert_eq!(first.size(), Size::new(320, 180 + 2 * band as u32));
    assert!(first == again && first != later);
    for canvas in [&first, &later] {
        let stride = picture.planes.stride(0);
        for row in 0..180 {
            let original = &picture.planes.plane(0)[row * stride..][..320];
            assert_eq!(&canvas.plane(0)[(band + row) * 320..][..320], original, "row {row}");
        }
    }
    let foot = samples(&first, 0, 0..320, band + 180..2 * band + 180);
    assert!(foot.iter().any(|y| *y > 120), "words stand below");
}

#[test]
fn the_watermark_is_seen_in_every_third_of_the_picture() {
    let grey = |luma| {
        let mut picture = noise(PixelFormat::I420, SIZE);
        let planes = [(320, 180, luma), (160, 90, 128), (160, 90, 128)];
        let planes = planes.map(|(width, rows, value)| (vec![value; width * rows], width));
        picture.planes = std::sync::Arc::new(OwnedPlanes::new(planes.to_vec()));
        picture
    };
    for luma in [16, 120, 235] {
        let mut inscriber = Inscriber::new(&words(), &[]);
        let canvas = inscriber.draw(&grey(luma), "").expect("drawn").clone();
        let band = Inscriber::band(SIZE) as usize;
        for third in 0..3 {
            for half in 0..2 {
                let rows = band + third * 60..band + (third + 1) * 60;
                let area = samples(&canvas, 0, half * 160..(half + 1) * 160, rows);
                assert!(area.iter().any(|y| y.abs_diff(luma) >= 10), "{luma}, {third}, {half}");
            }
        }
    }
}

#[test]
fn every_format_a_decoder_gives_comes_onto_the_canvas() {
    for subsampling in [Subsampling::Grey, Subsampling::Yuv420, Subsampling::Yuv422, Subsampling::Yuv444] {
        for order in [model::PlaneOrder::Planar, model::PlaneOrder::SemiPlanar] {
            for depth in [8, 10] {
                let format = PixelFormat { subsampling, order, depth };
                for size in [Size::new(33, 17), Size::new(64, 48)] {
                    let mut inscriber = Inscriber::new(&words(), &[]);
                    assert!(inscriber.draw(&noise(format, size), "07:00").is_some(), "{format:?}");
                }
            }
        }
    }
    assert!(Inscriber::new(&words(), &[]).draw(&noise(PixelFormat::I420, Size::new(1, 9)), "").is_none());
}

#[test]
fn names_that_are_long_or_turn_the_text_do_not_reach_the_time() {
    let picture = noise(PixelFormat::I420, SIZE);
    let time = "14/03/2026 07:00:05 +07:00";
    let right_of = |words: &Inscription| {
        let mut inscriber = Inscriber::new(words, &[]);
        let canvas = inscriber.draw(&picture, time).expect("drawn");
        let band = Inscriber::band(SIZE) as usize;
        samples(canvas, 0, 200..320, 0..band)
    };
    let plain = right_of(&Inscription { title: "a".to_owned(), ..Inscription::default() });
    let turned = "\u{202e}gnad\u{2066}م \u{200f}x".repeat(30);
    for name in ["n".repeat(300), turned, "\u{202e}".repeat(300), "\n\t\u{0}".repeat(100)] {
        let words = Inscription {
            title: name.clone(),
            place: name.clone(),
            case: name.clone(),
            notice: name.clone(),
            watermark: name,
        };
        assert_eq!(right_of(&words), plain);
    }
}

#[test]
fn where_there_is_no_picture_words_say_so() {
    let mut inscriber = Inscriber::new(&words(), &[]);
    assert!(inscriber.card("Không có hình", "").is_none(), "nobody knows how large it is to be");
    inscriber.draw(&noise(PixelFormat::I420, SIZE), "").expect("drawn");
    let canvas = inscriber.card("Không có hình", "từ 7 đến 8 giờ").expect("drawn").clone();
    let band = Inscriber::band(SIZE) as usize;
    let area = samples(&canvas, 0, 0..320, band..band + 180);
    let bright = area.iter().filter(|y| **y > 120).count();
    assert!(bright > 50 && bright < area.len() / 4, "{bright}");
    assert_eq!(area[0], 16);
}
