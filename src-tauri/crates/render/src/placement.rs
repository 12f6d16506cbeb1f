//! Which part of a picture goes to which pixels of its tile.

use model::{Fit, Rect, Size, Turn};

/// Bars narrower than this share of the tile's side are not drawn: the picture is stretched over them. A grid's tiles
/// are rarely exactly 16:9, and a hair of black at the edges looks like a fault, while 2 % of distortion is not seen.
const HAIRLINE: f64 = 0.02;

/// A part of a picture in its own pixels, before the turn; pixel `i` reaches from `i` to `i + 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crop {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Columns, above 0.
    pub width: f64,
    /// Rows, above 0.
    pub height: f64,
}

/// Where a picture stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placement {
    /// The pixels of the wall that the picture covers, never empty, within the tile.
    pub target: Rect,
    /// The part of the picture that is seen.
    pub crop: Crop,
}

impl Placement {
    /// Lays a picture of `size` into `tile`; `None` where either is empty.
    pub(crate) fn of(tile: Rect, size: Size, fit: Fit, turn: Turn) -> Option<Self> {
        if tile.width == 0 || tile.height == 0 || size.width == 0 || size.height == 0 {
            return None;
        }
        let seen = turn.turned(size);
        let (tile_w, tile_h) = (f64::from(tile.width), f64::from(tile.height));
        let (scale_x, scale_y) = (tile_w / f64::from(seen.width), tile_h / f64::from(seen.height));
        let mut target = tile;
        // Crop in the turned picture, as shares of its width and height.
        let (mut share_x, mut share_y) = (1.0, 1.0);
        match fit {
            Fit::Stretch => {}
            Fit::Fit => {
                let scale = scale_x.min(scale_y);
                target = centred(tile, f64::from(seen.width) * scale, f64::from(seen.height) * scale);
            }
            Fit::Fill => {
                let scale = scale_x.max(scale_y);
                share_x = scale_x / scale;
                share_y = scale_y / scale;
            }
        }
        if matches!(turn, Turn::Quarter | Turn::ThreeQuarters) {
            std::mem::swap(&mut share_x, &mut share_y);
        }
        let (width, height) = (f64::from(size.width) * share_x, f64::from(size.height) * share_y);
        let crop = Crop {
            x: (f64::from(size.width) - width) / 2.0,
            y: (f64::from(size.height) - height) / 2.0,
            width,
            height,
        };
        Some(Self { target, crop })
    }
}

/// A rectangle of about `width` × `height` in the middle of `tile`.
fn centred(tile: Rect, width: f64, height: f64) -> Rect {
    let side = |length: u32, wanted: f64| {
        let wanted = if wanted > f64::from(length) * (1.0 - HAIRLINE) { f64::from(length) } else { wanted };
        (wanted.round() as u32).clamp(1, length)
    };
    let (width, height) = (side(tile.width, width), side(tile.height, height));
    Rect { x: tile.x + (tile.width - width) / 2, y: tile.y + (tile.height - height) / 2, width, height }
}

/// What of `rect` lies on a wall of `wall` pixels; `None` where nothing does.
pub(crate) fn clipped(rect: Rect, wall: Size) -> Option<Rect> {
    let width = rect.width.min(wall.width.saturating_sub(rect.x));
    let height = rect.height.min(wall.height.saturating_sub(rect.y));
    (width > 0 && height > 0).then_some(Rect { width, height, ..rect })
}

/// Whether two rectangles share a pixel.
pub(crate) fn overlap(a: Rect, b: Rect) -> bool {
    let apart = |a: u32, a_len: u32, b: u32, b_len: u32| {
        u64::from(a) + u64::from(a_len) <= u64::from(b) || u64::from(b) + u64::from(b_len) <= u64::from(a)
    };
    !(apart(a.x, a.width, b.x, b.width) || apart(a.y, a.height, b.y, b.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HD: Size = Size::new(1920, 1080);

    #[test]
    fn fit_shows_all_and_centres() {
        let p = Placement::of(Rect::new(10, 20, 400, 400), HD, Fit::Fit, Turn::None).unwrap();
        assert_eq!(p.target, Rect::new(10, 107, 400, 225));
        assert_eq!(p.crop, Crop { x: 0.0, y: 0.0, width: 1920.0, height: 1080.0 });
    }

    #[test]
    fn fill_cuts_the_overhang_evenly() {
        let p = Placement::of(Rect::new(0, 0, 400, 400), HD, Fit::Fill, Turn::None).unwrap();
        assert_eq!(p.target, Rect::new(0, 0, 400, 400));
        assert!((p.crop.x - 420.0).abs() < 1e-6 && (p.crop.width - 1080.0).abs() < 1e-6, "{:?}", p.crop);
        let turned = Placement::of(Rect::new(0, 0, 400, 400), HD, Fit::Fill, Turn::Quarter).unwrap();
        assert_eq!(turned.crop, p.crop);
    }

    #[test]
    fn a_quarter_turn_stands_upright() {
        let p = Placement::of(Rect::new(0, 0, 400, 400), HD, Fit::Fit, Turn::Quarter).unwrap();
        assert_eq!(p.target, Rect::new(87, 0, 225, 400));
    }

    #[test]
    fn hairline_bars_are_not_drawn() {
        let tile = Rect::new(0, 0, 638, 358);
        assert_eq!(Placement::of(tile, HD, Fit::Fit, Turn::None).unwrap().target, tile);
    }

    #[test]
    fn absurd_shapes_keep_at_least_a_pixel() {
        let p = Placement::of(Rect::new(0, 0, 1, 5000), HD, Fit::Fit, Turn::None).unwrap();
        assert_eq!(p.target.size(), Size::new(1, 1));
        assert_eq!(Placement::of(Rect::new(0, 0, 0, 9), HD, Fit::Fit, Turn::None), None);
        assert_eq!(Placement::of(Rect::new(0, 0, 9, 9), Size::new(0, 3), Fit::Fill, Turn::None), None);
    }

    #[test]
    fn clipping_does_not_overflow() {
        let wall = Size::new(100, 100);
        assert_eq!(clipped(Rect::new(90, 90, u32::MAX, 5), wall), Some(Rect::new(90, 90, 10, 5)));
        assert_eq!(clipped(Rect::new(u32::MAX, 0, u32::MAX, 5), wall), None);
        assert!(overlap(Rect::new(0, 0, u32::MAX, 5), Rect::new(u32::MAX - 1, 4, 7, 7)));
        assert!(!overlap(Rect::new(0, 0, 5, 5), Rect::new(5, 0, 5, 5)));
    }
}
