use model::{Colour, Matrix, Range, Rect, Size, Subsampling};
use render::Tile;

use crate::support::*;

/// Luma gain and offset, V in R, U in G, V in G, U in B: Rec. ITU-R BT.601-7 and BT.709-6, worked out by hand.
const EQUATIONS: [(Matrix, Range, [f64; 6]); 4] = [
    (Matrix::Bt601, Range::Limited, [1.164_383, 16.0, 1.596_027, 0.391_762, 0.812_968, 2.017_232]),
    (Matrix::Bt601, Range::Full, [1.0, 0.0, 1.402, 0.344_136, 0.714_136, 1.772]),
    (Matrix::Bt709, Range::Limited, [1.164_384, 16.0, 1.792_741, 0.213_249, 0.532_909, 2.112_402]),
    (Matrix::Bt709, Range::Full, [1.0, 0.0, 1.574_8, 0.187_324, 0.468_124, 1.855_6]),
];

/// Black, white, grey, the primaries, and values beyond the range.
const SAMPLES: [[f64; 3]; 10] = [
    [16.0, 128.0, 128.0],
    [235.0, 128.0, 128.0],
    [126.0, 128.0, 128.0],
    [81.0, 90.0, 240.0],
    [145.0, 54.0, 34.0],
    [41.0, 240.0, 110.0],
    [63.0, 102.0, 240.0],
    [0.0, 128.0, 128.0],
    [255.0, 0.0, 255.0],
    [180.0, 200.0, 60.0],
];

#[test]
fn known_values_come_out_within_two() {
    let size = Size::new(400, 20);
    for mut wall in both(size) {
        for (matrix, range, [gain, black, vr, ug, vg, ub]) in EQUATIONS {
            for format in FORMATS {
                let colour = Colour { matrix, range };
                let tiles: Vec<Tile> = (0_u32..)
                    .zip(SAMPLES)
                    .map(|(i, yuv)| {
                        let picture =
                            picture(Size::new(32, 16), format, colour, |_, _| yuv.map(|s| s / 255.0));
                        showing(Rect::new(i * 40, 0, 36, 18), u64::from(i), &picture)
                    })
                    .collect();
                wall.draw(&[]).unwrap();
                let image = drawn(&mut wall, &tiles);
                for (i, [y, u, v]) in (0..).zip(SAMPLES) {
                    let grey = format.subsampling == Subsampling::Grey;
                    let (u, v) = if grey { (0.0, 0.0) } else { (u - 128.0, v - 128.0) };
                    let luma = gain * (y - black);
                    let exact = [luma + vr * v, luma - ug * u - vg * v, luma + ub * u];
                    let shown = image.get_pixel(i * 40 + 18, 9);
                    for channel in 0..3 {
                        let off = (f64::from(shown[channel]) - exact[channel].clamp(0.0, 255.0)).abs();
                        assert!(
                            off <= 2.0,
                            "{colour:?} {format:?} {:?}: {shown:?}, not {exact:?}",
                            [y, u, v]
                        );
                    }
                }
            }
        }
    }
}

/// Nobody takes an old picture for a live one: a third of the light, hardly a colour.
#[test]
fn dimmed_is_dark_and_nearly_grey() {
    let size = Size::new(64, 48);
    for mut wall in both(size) {
        for (slot, yuv, most) in [(1, [0.92, 0.5, 0.5], 96), (2, [0.32, 0.35, 0.94], 60)] {
            let picture = picture(size, model::PixelFormat::I420, BT601, |_, _| yuv);
            let live = showing(Rect::new(0, 0, 64, 48), slot, &picture);
            let dimmed = Tile { dimmed: true, ..live.clone() };
            let (live, dimmed) = (drawn(&mut wall, &[live]), drawn(&mut wall, &[dimmed]));
            let spread =
                |p: &image::Rgba<u8>| p.0[..3].iter().max().unwrap() - p.0[..3].iter().min().unwrap();
            let (live, dimmed) = (live.get_pixel(30, 20), dimmed.get_pixel(30, 20));
            assert!(dimmed.0[..3].iter().all(|&c| c <= most), "{dimmed:?}");
            assert!(spread(dimmed) <= spread(live) / 8, "{live:?} -> {dimmed:?}");
        }
    }
}
