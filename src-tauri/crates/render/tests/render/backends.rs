use std::sync::Arc;

use model::{Colour, Fit, Grid, Matrix, Range, Rect, Size, Turn};
use render::{Frame, Icon, Signal, Tile};

use crate::support::*;

const WALL: Size = Size::new(480, 480);
const TURNS: [Turn; 4] = [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters];
const FITS: [Fit; 3] = [Fit::Fit, Fit::Fill, Fit::Stretch];

/// Rounding differs: the software weighs rows and columns one after the other in whole numbers.
const MOST: u8 = 4;
const MEAN: f64 = 0.6;

fn place(turn: usize, fit: usize) -> Rect {
    // Not in step with anything: odd sizes, shrinking one way and enlarging the other.
    Rect::new(turn as u32 * 120, fit as u32 * 160, 117 - fit as u32 * 10, 151 - turn as u32 * 20)
}

#[test]
fn both_compositors_draw_the_same() {
    let Some(mut gpu) = graphics(WALL) else { return };
    let mut software = software(WALL);
    for format in FORMATS {
        for matrix in [Matrix::Bt601, Matrix::Bt709] {
            for range in [Range::Limited, Range::Full] {
                let colour = Colour { matrix, range };
                let street = picture(Size::new(321, 181), format, colour, street);
                let hills = picture(Size::new(90, 70), format, colour, hills);
                for dimmed in [false, true] {
                    let tiles: Vec<Tile> = (0..12)
                        .map(|i| {
                            let (turn, fit) = (i % 4, i / 4);
                            // A slot for each picture of each round: nothing is left over from the one before.
                            let base = showing(
                                place(turn, fit),
                                i as u64,
                                if i % 2 == 0 { &street } else { &hills },
                            );
                            Tile { turn: TURNS[turn], fit: FITS[fit], dimmed, ..base }
                        })
                        .collect();
                    // An empty scene between makes every stream new.
                    gpu.draw(&[]).unwrap();
                    let (a, b) = (drawn(&mut software, &tiles), drawn(&mut gpu, &tiles));
                    let (most, mean) = difference(&a, &b);
                    assert!(
                        most <= MOST && mean <= MEAN,
                        "{format:?} {colour:?} {dimmed}: {most}, {mean:.3}"
                    );
                }
            }
        }
    }
}

#[test]
fn both_compositors_draw_the_same_words_and_edges() {
    let Some(mut gpu) = graphics(WALL) else { return };
    let picture = picture(Size::new(321, 181), model::PixelFormat::I420, BT601, street);
    let grid: Grid = "3x4".parse().expect("a grid");
    let tiles: Vec<Tile> = Icon::ALL
        .iter()
        .enumerate()
        .map(|(i, icon)| {
            let mut caption = caption("Cổng chính số 1", "Rạch Giá", "H.265");
            caption.message =
                if i % 3 == 0 { None } else { message(*icon, "Không kết nối được", "Từ 14:32") };
            let caption = Some(Arc::new(caption));
            let base = tile(grid.tile(i, WALL));
            let picture = (i % 3 != 1).then(|| (7, picture.clone()));
            let (signal, frame) = (Some(Signal::ALL[i % 4]), (i == 4).then_some(Frame::Selected));
            Tile { picture, dimmed: i % 3 == 2, caption, signal, frame, ..base }
        })
        .collect();
    let (most, mean) = difference(&drawn(&mut software(WALL), &tiles), &drawn(&mut gpu, &tiles));
    assert!(most <= MOST && mean <= MEAN, "{most}, {mean:.3}");
}
