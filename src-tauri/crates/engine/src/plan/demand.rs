//! What the tiles together ask of each camera.

use model::{Fit, Size};

use super::scene::{Scene, Tile};

/// A picture may be enlarged by this much before a larger profile is wanted; less is hardly seen, and 360p profiles go
/// well on the tiles of a 5×5 wall that are a few pixels larger.
const MOST_UPSCALE: f64 = 1.10;

/// The best that any visible tile of a camera asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// A person looks at it.
    pub(super) attended: bool,
    pub(super) priority: i8,
    /// All pictures, not key frames only.
    pub(super) moving: bool,
    /// The small profile does not cover the tile.
    pub(super) large: bool,
    /// Of the largest tile.
    pub(super) pixels: u64,
}

impl Demand {
    fn of(tile: &Tile, small: Option<Size>) -> Self {
        Self {
            attended: tile.attended(),
            priority: tile.priority,
            moving: !tile.key_frames_suffice,
            large: !tile.small_suffices && small.is_some_and(|small| !covers(small, tile)),
            pixels: u64::from(tile.size.width) * u64::from(tile.size.height),
        }
    }

    /// Of two tiles together; the order doesn't matter. Attention and priority go together, so that a selected tile
    /// does not lend its rank to another tile's priority.
    fn and(self, other: Self) -> Self {
        let (attended, priority) = (self.attended, self.priority).max((other.attended, other.priority));
        Self {
            attended,
            priority,
            moving: self.moving || other.moving,
            large: self.large || other.large,
            pixels: self.pixels.max(other.pixels),
        }
    }
}

/// By camera; `None` where no tile can be seen.
pub(super) fn demands(scene: &Scene) -> Vec<Option<Demand>> {
    let mut demands = vec![None; scene.cameras.len()];
    for tile in scene.tiles.iter().filter(|tile| tile.counts()) {
        let Some(camera) = scene.cameras.get(tile.camera) else { continue };
        let small = camera.small_and_large().and_then(|(small, _)| camera.profile(small));
        let demand = Demand::of(tile, small.map(|profile| profile.size));
        let slot: &mut Option<Demand> = &mut demands[tile.camera];
        *slot = Some(slot.map_or(demand, |other| other.and(demand)));
    }
    demands
}

/// Whether a picture of `size` fills the tile without being enlarged too much.
fn covers(size: Size, tile: &Tile) -> bool {
    let picture = tile.turn.turned(size);
    let across = f64::from(tile.size.width) / f64::from(picture.width);
    let down = f64::from(tile.size.height) / f64::from(picture.height);
    let scale = match tile.fit {
        Fit::Fit => across.min(down),
        Fit::Fill | Fit::Stretch => across.max(down),
    };
    scale * f64::from(tile.zoom.max(1.0)) <= MOST_UPSCALE
}

#[cfg(test)]
mod tests {
    use model::Turn;

    use super::*;

    const SUB: Size = Size::new(640, 360);

    fn tile(width: u32, height: u32) -> Tile {
        Tile {
            camera: 0,
            size: Size::new(width, height),
            fit: Fit::Fit,
            turn: Turn::None,
            zoom: 1.0,
            visible: true,
            selected: false,
            enlarged: false,
            priority: 0,
            key_frames_suffice: false,
            small_suffices: false,
        }
    }

    #[test]
    fn a_tenth_more_is_covered_and_a_pixel_beyond_is_not() {
        assert!(covers(SUB, &tile(704, 396)));
        assert!(!covers(SUB, &tile(705, 397)));
    }

    #[test]
    fn the_side_that_counts_depends_on_the_fit() {
        let wide = tile(1200, 360);
        assert!(covers(SUB, &wide), "the height decides, bars stand at the sides");
        assert!(!covers(SUB, &Tile { fit: Fit::Fill, ..wide }));
        assert!(!covers(SUB, &Tile { fit: Fit::Stretch, ..wide }));
    }

    #[test]
    fn zoom_and_a_quarter_turn_want_more() {
        assert!(!covers(SUB, &Tile { zoom: 2.0, ..tile(640, 360) }));
        assert!(covers(SUB, &Tile { zoom: 0.1, ..tile(704, 396) }), "never less than the tile");
        let tall = tile(396, 704);
        assert!(covers(SUB, &Tile { turn: Turn::Quarter, ..tall }));
        assert!(!covers(SUB, &Tile { turn: Turn::Quarter, ..tile(400, 720) }));
    }

    #[test]
    fn a_picture_without_a_size_covers_nothing() {
        assert!(!covers(Size::new(0, 0), &tile(64, 36)));
    }
}
