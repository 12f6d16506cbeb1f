//! Which part of a picture goes to which pixels of its tile.

use model::view::{Affine, HAIRLINE};
use model::{Fit, Lens, Mapping, Point, Rect, Size, Turn};

use crate::scene::Tile;

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

/// How a picture that is not seen as a whole gets to its tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Seen {
    /// Its edges lie along the tile's: rows stay rows.
    Upright(Placement),
    /// It is rotated or corrected for its lens: each pixel is looked up.
    Free(Free),
}

/// The way from a pixel of the wall to a place of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Free {
    /// The pixels of the wall that are drawn, never empty, within the tile.
    pub target: Rect,
    /// From pixels of the target to the flat picture, in pixels from its middle.
    pub affine: Affine,
    /// The flat picture is bent as by this lens; `None`: it is the camera's.
    pub lens: Option<Lens>,
}

impl Seen {
    /// What of a picture of `size` goes where on the part `place` of its tile; `None` where either is empty.
    pub(crate) fn of(place: Rect, size: Size, tile: &Tile) -> Option<Self> {
        let Tile { fit, turn, ref sight, .. } = *tile;
        if sight.is_plain() {
            return Placement::of(place, size, fit, turn).map(Self::Upright);
        }
        let mapping = Mapping::new(place.size(), size, fit, turn, *sight)?;
        if sight.is_upright() {
            return Some(Self::Upright(Placement::through(&mapping, place, size)));
        }
        let (affine, lens) = (mapping.affine(), sight.correction());
        Some(Self::Free(Free { target: place, affine, lens }))
    }

    /// The pixels of the wall that are drawn.
    pub(crate) fn target(&self) -> Rect {
        match self {
            Self::Upright(placement) => placement.target,
            Self::Free(free) => free.target,
        }
    }
}

impl Placement {
    /// The part of the tile that an upright picture covers, in whole pixels, and what of the picture is seen there.
    fn through(mapping: &Mapping, tile: Rect, size: Size) -> Self {
        let corners =
            [Point::new(0.0, 0.0), Point::new(1.0, 1.0)].map(|at| mapping.to_tile(at).unwrap_or(at));
        let span = |a: f64, b: f64, length: u32| {
            let (low, high) = (a.min(b).clamp(0.0, 1.0), a.max(b).clamp(0.0, 1.0));
            let low = ((low * f64::from(length)).round() as u32).min(length - 1);
            (low, ((high * f64::from(length)).round() as u32).clamp(low + 1, length))
        };
        let (left, right) = span(corners[0].x, corners[1].x, tile.width);
        let (top, bottom) = span(corners[0].y, corners[1].y, tile.height);
        let target = Rect::new(tile.x + left, tile.y + top, right - left, bottom - top);
        let at = |x: u32, y: u32| {
            let share = |pixel: u32, side: u32| f64::from(pixel) / f64::from(side);
            let at = mapping.to_picture(Point::new(share(x, tile.width), share(y, tile.height)));
            (at.x * f64::from(size.width), at.y * f64::from(size.height))
        };
        let (a, b) = (at(left, top), at(right, bottom));
        let crop =
            Crop { x: a.0.min(b.0), y: a.1.min(b.1), width: (a.0 - b.0).abs(), height: (a.1 - b.1).abs() };
        Self { target, crop }
    }

    /// The same as a way for each pixel of the target.
    pub(crate) fn affine(&self, size: Size, turn: Turn) -> Affine {
        let Crop { x, y, width, height } = self.crop;
        let (across, down) = (f64::from(self.target.width), f64::from(self.target.height));
        let (middle_x, middle_y) = (f64::from(size.width) / 2.0, f64::from(size.height) / 2.0);
        let origin = |right: bool, low: bool| {
            Point::new(
                x + if right { width } else { 0.0 } - middle_x,
                y + if low { height } else { 0.0 } - middle_y,
            )
        };
        let way = |x: f64, y: f64| Point::new(x, y);
        match turn {
            Turn::None => Affine {
                origin: origin(false, false),
                across: way(width / across, 0.0),
                down: way(0.0, height / down),
            },
            Turn::Quarter => Affine {
                origin: origin(false, true),
                across: way(0.0, -height / across),
                down: way(width / down, 0.0),
            },
            Turn::Half => Affine {
                origin: origin(true, true),
                across: way(-width / across, 0.0),
                down: way(0.0, -height / down),
            },
            Turn::ThreeQuarters => Affine {
                origin: origin(true, false),
                across: way(0.0, height / across),
                down: way(-width / down, 0.0),
            },
        }
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
    use model::Sight;

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
    fn zooming_covers_the_bars_and_keeps_the_scale() {
        let tile = |zoom: f64| {
            let sight = Sight { zoom, ..Sight::default() };
            let mapping = Mapping::new(Size::new(400, 400), HD, Fit::Fit, Turn::None, sight).unwrap();
            Placement::through(&mapping, Rect::new(10, 20, 400, 400), HD)
        };
        let little = tile(1.5);
        // 225 rows of picture become 337 or 338 of the 400.
        assert_eq!((little.target.x, little.target.width), (10, 400));
        assert!((337..=338).contains(&little.target.height), "{:?}", little.target);
        assert!((little.crop.width - 1280.0).abs() < 1e-6, "{:?}", little.crop);
        let much = tile(4.0);
        assert_eq!(much.target, Rect::new(10, 20, 400, 400));
        assert!((much.crop.width - 480.0).abs() < 1e-6 && (much.crop.height - 480.0).abs() < 1e-6);
        assert!((much.crop.x - 720.0).abs() < 1e-6 && (much.crop.y - 300.0).abs() < 1e-6);
    }

    #[test]
    fn both_ways_of_saying_where_an_upright_picture_lies_are_the_same() {
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            let sight = Sight { zoom: 3.0, centre: Point::new(0.4, 0.6), ..Sight::default() };
            let (place, size) = (Rect::new(0, 0, 333, 222), Size::new(640, 360));
            let mapping = Mapping::new(place.size(), size, Fit::Fit, turn, sight).unwrap();
            let placed = Placement::through(&mapping, place, size);
            assert_eq!(placed.target, place, "it fills the tile");
            let (a, b) = (placed.affine(size, turn), mapping.affine());
            for (a, b) in [(a.origin, b.origin), (a.across, b.across), (a.down, b.down)] {
                assert!((a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6, "{turn:?}: {a:?} {b:?}");
            }
        }
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
