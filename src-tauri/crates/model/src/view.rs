//! How a picture is looked at on its tile: a part of it, enlarged, rotated, with straight lines straight again (digital
//! pan, tilt and zoom).
//!
//! **From a point of a tile to a point of the picture and back**, whatever lies between them, goes [`Mapping`]:
//! `tile → fit → zoom → rotation → hallway turn → lens → picture`. Points of a tile and of a picture are shares of
//! their width and height: (0, 0) is the upper left corner, (1, 1) the lower right one, and the picture is the one that
//! the camera sends, before any turn. Whoever moves a camera by a click asks [`Mapping::to_picture`].
//!
//! [`View`] is what is kept, in whole steps, so that it can be compared and a file cannot hold a number that is none.
//! [`Sight`] is the same in floating point with the lens beside it, for what is drawn while one view becomes another.
//! [`Change`] is what people do to a view, in terms of the tile that they see.

use serde::{Deserialize, Serialize};

use crate::layout::{Fit, Size, Turn};
use crate::lens::Lens;

/// A point: shares of a width and a height, or whatever is said beside it.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From above.
    pub y: f64,
}

impl Point {
    /// The middle of a tile or picture.
    pub const MIDDLE: Self = Self { x: 0.5, y: 0.5 };

    /// A point.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// What of a picture is seen, as it is kept with a tile and under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct View {
    /// What stands in the middle of the tile: millionths of the picture's width from its left edge.
    x: u32,
    /// Millionths of the picture's height from its upper edge.
    y: u32,
    /// Thousandths: 1000 shows the whole picture, 2000 half its width and height.
    zoom: u32,
    /// Degrees clockwise, 0–359, on top of the tile's turn.
    rotation: u16,
    /// The lens is corrected for, where it is known.
    corrected: bool,
}

#[derive(Deserialize)]
struct Parts {
    x: u32,
    y: u32,
    zoom: u32,
    rotation: u16,
    corrected: bool,
}

/// Why something is no [`View`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a view with {0} beyond its limits")]
pub struct NotAView(&'static str);

impl TryFrom<Parts> for View {
    type Error = NotAView;

    fn try_from(Parts { x, y, zoom, rotation, corrected }: Parts) -> Result<Self, NotAView> {
        let limits = [
            ("a middle", x <= MILLION && y <= MILLION),
            ("a zoom", (THOUSAND..=View::MOST_ZOOM * THOUSAND).contains(&zoom)),
            ("a rotation", rotation < 360),
        ];
        match limits.into_iter().find(|(_, kept)| !kept) {
            Some((what, _)) => Err(NotAView(what)),
            None => Ok(Self { x, y, zoom, rotation, corrected }),
        }
    }
}

const MILLION: u32 = 1_000_000;
const THOUSAND: u32 = 1000;

impl Default for View {
    fn default() -> Self {
        Self { x: MILLION / 2, y: MILLION / 2, zoom: THOUSAND, rotation: 0, corrected: false }
    }
}

impl View {
    /// The most enlargement. A 4K picture on a tile of 240 pixels then has 6 pixels of the tile for one of its own.
    pub const MOST_ZOOM: u32 = 100;

    /// The nearest view there is: what is beyond the limits is brought within them, and what is no number counts as
    /// not said.
    #[must_use]
    pub fn new(centre: Point, zoom: f64, rotation: f64, corrected: bool) -> Self {
        let sound = |value: f64, otherwise: f64| if value.is_finite() { value } else { otherwise };
        let part = |share: f64| (sound(share, 0.5).clamp(0.0, 1.0) * f64::from(MILLION)).round() as u32;
        let zoom = sound(zoom, 1.0).clamp(1.0, f64::from(Self::MOST_ZOOM));
        let rotation = sound(rotation, 0.0).round().rem_euclid(360.0);
        Self {
            x: part(centre.x),
            y: part(centre.y),
            zoom: (zoom * f64::from(THOUSAND)).round() as u32,
            rotation: rotation as u16 % 360,
            corrected,
        }
    }

    /// The point of the picture in the middle of the tile.
    #[must_use]
    pub fn centre(self) -> Point {
        Point::new(f64::from(self.x) / f64::from(MILLION), f64::from(self.y) / f64::from(MILLION))
    }

    /// 1 for the whole picture, to [`View::MOST_ZOOM`].
    #[must_use]
    pub fn zoom(self) -> f64 {
        f64::from(self.zoom) / f64::from(THOUSAND)
    }

    /// Degrees clockwise, whole ones from 0 to 359.
    #[must_use]
    pub fn rotation(self) -> f64 {
        f64::from(self.rotation)
    }

    /// Whether the lens is corrected for, where it is known.
    #[must_use]
    pub fn corrected(self) -> bool {
        self.corrected
    }

    /// The picture as the camera sends it.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }
}

/// A view while it is drawn: in floating point, so that one becomes another without steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// The point of the picture in the middle of the tile.
    pub centre: Point,
    /// 1 for the whole picture.
    pub zoom: f64,
    /// Degrees clockwise.
    pub rotation: f64,
    /// The lens is to be corrected for.
    pub corrected: bool,
    /// The lens, where it is known.
    pub lens: Option<Lens>,
}

impl Default for Sight {
    fn default() -> Self {
        Self::of(View::default(), None)
    }
}

impl Sight {
    /// A kept view through this lens.
    #[must_use]
    pub fn of(view: View, lens: Option<Lens>) -> Self {
        Self {
            centre: view.centre(),
            zoom: view.zoom(),
            rotation: view.rotation(),
            corrected: view.corrected,
            lens,
        }
    }

    /// The view nearest to it.
    #[must_use]
    pub fn view(&self) -> View {
        View::new(self.centre, self.zoom, self.rotation, self.corrected)
    }

    /// The lens that is corrected for.
    #[must_use]
    pub fn correction(&self) -> Option<Lens> {
        self.lens.filter(|lens| self.corrected && !lens.is_straight())
    }

    /// The picture as the camera sends it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.is_upright() && self.zoom == 1.0 && self.centre == Point::MIDDLE
    }

    /// Edges of the picture lie along edges of the tile.
    #[must_use]
    pub fn is_upright(&self) -> bool {
        self.rotation == 0.0 && self.correction().is_none()
    }

    /// On the way from `self` to `to`: `share` 0 is the one, 1 the other. What both have at the same place of the tile
    /// stays there all the way, so that zooming to a point does not swing around it; rotation goes the shorter way.
    #[must_use]
    pub fn towards(&self, to: &Self, share: f64) -> Self {
        if share >= 1.0 {
            return *to;
        }
        let zoom = self.zoom * (to.zoom / self.zoom).powf(share);
        // The middle moves with 1/zoom; where the zoom stays, evenly.
        let depth = 1.0 / self.zoom - 1.0 / to.zoom;
        let moved = if depth.abs() < 1e-9 { share } else { (1.0 / self.zoom - 1.0 / zoom) / depth };
        let between = |from: f64, to: f64| from + (to - from) * moved;
        let turn = (to.rotation - self.rotation + 180.0).rem_euclid(360.0) - 180.0;
        Self {
            centre: Point::new(between(self.centre.x, to.centre.x), between(self.centre.y, to.centre.y)),
            zoom,
            rotation: (self.rotation + turn * share).rem_euclid(360.0),
            ..*to
        }
    }
}

/// What people do to a view. Places and ways are shares of the tile's width and height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub enum Change {
    /// Enlarges `factor` times; what is at (`x`, `y`) stays there.
    Zoom {
        /// Below 1 it gets smaller.
        factor: f64,
        /// 0.5: in the middle.
        x: f64,
        /// 0.5: in the middle.
        y: f64,
    },
    /// Moves the picture, as by a hand on it: by (1, 0) a tile's width to the right.
    Pan {
        /// To the right.
        x: f64,
        /// Down.
        y: f64,
    },
    /// Enlarges until this part of the tile fills it.
    Region {
        /// Left edge.
        x: f64,
        /// Upper edge.
        y: f64,
        /// From left to right.
        width: f64,
        /// From top to bottom.
        height: f64,
    },
    /// Rotates by so many degrees more, clockwise.
    Rotate {
        /// Below 0 the other way.
        by: f64,
    },
    /// Corrects for the lens, or no longer.
    Correct {
        /// From now on.
        on: bool,
    },
    /// All of the picture; rotation and correction stay.
    Whole,
    /// The picture as the camera sends it.
    Plain,
    /// Exactly this view.
    Exact {
        /// A kept one, say.
        view: View,
    },
}

impl Change {
    /// It belongs to a movement that goes on and is taken back as one: the wheel, a hand, arrow keys.
    #[must_use]
    pub fn is_movement(&self) -> bool {
        matches!(self, Self::Zoom { .. } | Self::Pan { .. } | Self::Region { .. })
    }
}

/// Bars narrower than this share of the tile's side are not drawn: the picture is stretched over them. A grid's tiles
/// are rarely exactly 16:9, and a hair of black at the edges looks like a fault, while 2 % of distortion is not seen.
pub const HAIRLINE: f64 = 0.02;

/// From pixels of the tile to the flat picture, in pixels of the picture from its middle; linear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// Where the tile's upper left corner lies.
    pub origin: Point,
    /// One pixel of the tile to the right.
    pub across: Point,
    /// One pixel of the tile down.
    pub down: Point,
}

/// Between a tile and the picture on it; see the module.
#[derive(Clone, Copy, Debug)]
pub struct Mapping {
    tile: Size,
    picture: Size,
    fit: Fit,
    turn: Turn,
    sight: Sight,
    /// Pixels of the tile for one of the picture, across and down the tile.
    scale: Point,
    sin: f64,
    cos: f64,
    /// Middle of the tile on the flat picture, in pixels from its middle.
    centre: Point,
}

impl Mapping {
    /// How a picture of `picture` pixels lies on a tile of `tile` pixels; `None` where either is empty. The sight's middle
    /// is moved as far as it takes that no more of the tile stays empty than must.
    #[must_use]
    pub fn new(tile: Size, picture: Size, fit: Fit, turn: Turn, sight: Sight) -> Option<Self> {
        if tile.width == 0 || tile.height == 0 || picture.width == 0 || picture.height == 0 {
            return None;
        }
        let (sin, cos) = sight.rotation.to_radians().sin_cos();
        // Exactly nothing where nothing is meant: edges that should lie along the tile's do.
        let (sin, cos) = (snapped(sin), snapped(cos));
        let mut mapping = Self {
            tile,
            picture,
            fit,
            turn,
            sight,
            scale: Point::default(),
            sin,
            cos,
            centre: Point::default(),
        };
        let whole = mapping.scale_of_whole();
        mapping.scale = Point::new(whole.x * sight.zoom, whole.y * sight.zoom);
        let (half_width, half_height) = mapping.half_picture();
        let bent =
            Point::new((sight.centre.x - 0.5) * 2.0, (sight.centre.y - 0.5) * 2.0 * half_height / half_width);
        let flat = match sight.correction() {
            Some(lens) => lens.straighten(bent).unwrap_or_default(),
            None => bent,
        };
        mapping.centre = mapping.within(Point::new(flat.x * half_width, flat.y * half_width));
        Some(mapping)
    }

    /// The point of the picture at a point of the tile; outside of 0–1 where the tile shows none of it.
    #[must_use]
    pub fn to_picture(&self, tile: Point) -> Point {
        self.share_of(self.flat(tile))
    }

    /// Where on the tile a point of the picture is; outside of 0–1 where it is not on it. `None` where a corrected lens
    /// leaves it no place at all.
    #[must_use]
    pub fn to_tile(&self, picture: Point) -> Option<Point> {
        let (half_width, half_height) = self.half_picture();
        let bent = Point::new((picture.x - 0.5) * 2.0, (picture.y - 0.5) * 2.0 * half_height / half_width);
        let flat = match self.sight.correction() {
            Some(lens) => lens.straighten(bent)?,
            None => bent,
        };
        let offset = Point::new(flat.x * half_width - self.centre.x, flat.y * half_width - self.centre.y);
        let turned = turned(offset, self.turn);
        let x = (turned.x * self.cos - turned.y * self.sin) * self.scale.x / f64::from(self.tile.width);
        let y = (turned.x * self.sin + turned.y * self.cos) * self.scale.y / f64::from(self.tile.height);
        Some(Point::new(x + 0.5, y + 0.5))
    }

    /// Whether there is any picture at this point of the tile.
    #[must_use]
    pub fn shows(&self, tile: Point) -> bool {
        let at = self.to_picture(tile);
        (0.0..=1.0).contains(&at.x) && (0.0..=1.0).contains(&at.y)
    }

    /// The part of the mapping that is linear: from the tile's pixels to the flat picture. Without a correction the flat
    /// picture is the camera's.
    #[must_use]
    pub fn affine(&self) -> Affine {
        let flat = |x: f64, y: f64| {
            self.flat(Point::new(x / f64::from(self.tile.width), y / f64::from(self.tile.height)))
        };
        let (origin, right, below) = (flat(0.0, 0.0), flat(1.0, 0.0), flat(0.0, 1.0));
        Affine {
            origin,
            across: Point::new(right.x - origin.x, right.y - origin.y),
            down: Point::new(below.x - origin.x, below.y - origin.y),
        }
    }

    /// The view as it is drawn: with the middle where it could be.
    #[must_use]
    pub fn view(&self) -> View {
        let Sight { zoom, rotation, corrected, .. } = self.sight;
        View::new(self.share_of(self.centre), zoom, rotation, corrected)
    }

    /// The view that `change` makes of this one.
    #[must_use]
    pub fn after(&self, change: &Change) -> View {
        let Sight { zoom, rotation, .. } = self.sight;
        let most = f64::from(View::MOST_ZOOM);
        match *change {
            Change::Zoom { factor, x, y } => {
                let factor = if factor.is_finite() && factor > 0.0 { factor } else { 1.0 };
                let wanted = (zoom * factor).clamp(1.0, most);
                let (fixed, factor) = (self.flat(sound(x, y)), wanted / zoom);
                let centre = Point::new(
                    fixed.x - (fixed.x - self.centre.x) / factor,
                    fixed.y - (fixed.y - self.centre.y) / factor,
                );
                self.with(centre, wanted)
            }
            Change::Pan { x, y } => {
                let way = sound(0.5 - x, 0.5 - y);
                self.with(self.flat(way), zoom)
            }
            Change::Region { x, y, width, height } => {
                let middle = sound(x + width / 2.0, y + height / 2.0);
                let share = width.abs().max(height.abs());
                let factor = if share.is_finite() && share > 0.0 { 1.0 / share } else { 1.0 };
                self.with(self.flat(middle), (zoom * factor).clamp(1.0, most))
            }
            Change::Rotate { by } => {
                let by = if by.is_finite() { by } else { 0.0 };
                self.seen(Sight { rotation: (rotation + by).rem_euclid(360.0), ..self.sight_now() })
            }
            Change::Correct { on } => self.seen(Sight { corrected: on, ..self.sight_now() }),
            Change::Whole => self.seen(Sight { zoom: 1.0, centre: Point::MIDDLE, ..self.sight }),
            Change::Plain => View::default(),
            Change::Exact { view } => view,
        }
    }

    /// The sight with the middle where it could be.
    fn sight_now(&self) -> Sight {
        Sight { centre: self.share_of(self.centre), ..self.sight }
    }

    fn with(&self, centre: Point, zoom: f64) -> View {
        self.seen(Sight { centre: self.share_of(centre), zoom, ..self.sight })
    }

    fn seen(&self, sight: Sight) -> View {
        let Self { tile, picture, fit, turn, .. } = *self;
        Self::new(tile, picture, fit, turn, sight).map_or_else(|| sight.view(), |mapping| mapping.view())
    }

    /// Pixels of the tile for one of the picture while all of it is seen.
    fn scale_of_whole(&self) -> Point {
        let (tile_w, tile_h) = (f64::from(self.tile.width), f64::from(self.tile.height));
        let (width, height) = self.rotated_size();
        let (across, down) = (tile_w / width, tile_h / height);
        match self.fit {
            Fit::Stretch => Point::new(across, down),
            Fit::Fit => {
                let scale = across.min(down);
                let side = |length: f64, wanted: f64, all: f64| {
                    if wanted * scale > length * (1.0 - HAIRLINE) { all } else { scale }
                };
                Point::new(side(tile_w, width, across), side(tile_h, height, down))
            }
            Fit::Fill => {
                // The tile, seen from the picture, is rotated the other way, and has to lie within it.
                let (sin, cos) = (self.sin.abs(), self.cos.abs());
                let turned = self.turn.turned(self.picture);
                let needed_w = (tile_w * cos + tile_h * sin) / f64::from(turned.width);
                let needed_h = (tile_w * sin + tile_h * cos) / f64::from(turned.height);
                let scale = needed_w.max(needed_h);
                Point::new(scale, scale)
            }
        }
    }

    /// What the turned and rotated picture measures from edge to edge, in its pixels.
    fn rotated_size(&self) -> (f64, f64) {
        let (sin, cos) = (self.sin.abs(), self.cos.abs());
        let turned = self.turn.turned(self.picture);
        let (width, height) = (f64::from(turned.width), f64::from(turned.height));
        (width * cos + height * sin, width * sin + height * cos)
    }

    fn half_picture(&self) -> (f64, f64) {
        (f64::from(self.picture.width) / 2.0, f64::from(self.picture.height) / 2.0)
    }

    /// The point of the flat picture at a point of the tile, in pixels of the picture from its middle.
    fn flat(&self, tile: Point) -> Point {
        let x = (tile.x - 0.5) * f64::from(self.tile.width) / self.scale.x;
        let y = (tile.y - 0.5) * f64::from(self.tile.height) / self.scale.y;
        let upright = Point::new(x * self.cos + y * self.sin, y * self.cos - x * self.sin);
        let offset = unturned(upright, self.turn);
        Point::new(self.centre.x + offset.x, self.centre.y + offset.y)
    }

    fn share_of(&self, flat: Point) -> Point {
        let (half_width, half_height) = self.half_picture();
        let flat = Point::new(flat.x / half_width, flat.y / half_width);
        let bent = self.sight.correction().map_or(flat, |lens| lens.bend(flat));
        Point::new(bent.x / 2.0 + 0.5, bent.y * half_width / half_height / 2.0 + 0.5)
    }

    /// Moves a middle so that the tile stays over the picture, or the picture in the middle of a larger tile.
    fn within(&self, centre: Point) -> Point {
        let (width, height) = self.rotated_size();
        // Along the tile's edges, where "beside the picture" is easy to say.
        let across = turned(centre, self.turn);
        let across =
            Point::new(across.x * self.cos - across.y * self.sin, across.x * self.sin + across.y * self.cos);
        let room_x = (width - f64::from(self.tile.width) / self.scale.x).max(0.0) / 2.0;
        let room_y = (height - f64::from(self.tile.height) / self.scale.y).max(0.0) / 2.0;
        let kept = Point::new(across.x.clamp(-room_x, room_x), across.y.clamp(-room_y, room_y));
        unturned(
            Point::new(kept.x * self.cos + kept.y * self.sin, kept.y * self.cos - kept.x * self.sin),
            self.turn,
        )
    }
}

/// A sine or cosine without what is left of rounding.
fn snapped(value: f64) -> f64 {
    let whole = value.round();
    if (value - whole).abs() < 1e-12 { whole } else { value }
}

/// A place of the tile; the middle where it is none.
fn sound(x: f64, y: f64) -> Point {
    let share = |share: f64| if share.is_finite() { share.clamp(-2.0, 3.0) } else { 0.5 };
    Point::new(share(x), share(y))
}

/// A way on the picture, as it is after the turn.
fn turned(way: Point, turn: Turn) -> Point {
    match turn {
        Turn::None => way,
        Turn::Quarter => Point::new(-way.y, way.x),
        Turn::Half => Point::new(-way.x, -way.y),
        Turn::ThreeQuarters => Point::new(way.y, -way.x),
    }
}

/// And back.
fn unturned(way: Point, turn: Turn) -> Point {
    match turn {
        Turn::None => way,
        Turn::Quarter => Point::new(way.y, -way.x),
        Turn::Half => Point::new(-way.x, -way.y),
        Turn::ThreeQuarters => Point::new(-way.y, way.x),
    }
}

#[cfg(test)]
mod tests;
