//! The decoded pictures around the place that is shown.

use std::collections::BTreeMap;

use model::{Moment, Picture};

/// The most bytes of decoded pictures that one camera keeps: 16 of a main stream, 140 of a sub stream.
const MAX_BYTES: usize = 48 << 20;
/// However large they are, so many are kept: a step back and a step ahead must be there at once.
const LEAST: usize = 4;

/// Decoded pictures by their time.
#[derive(Default)]
pub(super) struct Shelf {
    pictures: BTreeMap<Moment, Picture>,
    bytes: usize,
}

impl Shelf {
    pub(super) fn get(&self, at: Moment) -> Option<&Picture> {
        self.pictures.get(&at)
    }

    /// The newest that is not after `at`.
    pub(super) fn at_or_before(&self, at: Moment) -> Option<(Moment, &Picture)> {
        self.pictures.range(..=at).next_back().map(|(at, picture)| (*at, picture))
    }

    pub(super) fn put(&mut self, at: Moment, picture: Picture) {
        self.bytes += bytes(&picture);
        if let Some(before) = self.pictures.insert(at, picture) {
            self.bytes -= bytes(&before);
        }
    }

    /// Lets go of what is farthest from `at`, of what lies behind the way first.
    pub(super) fn trim(&mut self, at: Moment, back: bool) {
        while self.bytes > MAX_BYTES && self.pictures.len() > LEAST {
            let (Some((&first, _)), Some((&last, _))) =
                (self.pictures.first_key_value(), self.pictures.last_key_value())
            else {
                return;
            };
            let dear = |distance: i64, ahead: bool| if ahead { distance } else { distance.saturating_mul(4) };
            let (low, high) = (dear(at.since_us(first), back), dear(last.since_us(at), !back));
            let gone = if low >= high { first } else { last };
            if let Some(picture) = self.pictures.remove(&gone) {
                self.bytes -= bytes(&picture);
            }
        }
    }

    /// Whether there is room for pictures that are not needed yet.
    pub(super) fn has_room(&self) -> bool {
        self.bytes < MAX_BYTES * 3 / 4 || self.pictures.len() < LEAST
    }
}

/// Whether a picture of the group that the wanted one at `at` is in shows more of the place than what is shown, which is from
/// elsewhere: after a jump people see where they are before all that the very picture depends on is decoded.
pub(super) fn shows_more(shown: Option<Moment>, picture: Moment, group: Moment, at: Moment) -> bool {
    let Some(shown) = shown else { return picture >= group };
    let is_from_elsewhere = shown < group || shown > at;
    let is_nearer = at.since_us(picture).abs() < at.since_us(shown).abs();
    picture >= group && is_from_elsewhere && is_nearer
}

/// What its planes take.
fn bytes(picture: &Picture) -> usize {
    (0..picture.format.planes())
        .map(|index| {
            let size = picture.format.plane_size(index, picture.size);
            size.width as usize * size.height as usize * picture.format.bytes_per_texel(index)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use model::picture::OwnedPlanes;
    use model::{Colour, PixelFormat, Size};

    use super::*;

    /// Says that it is of 1080 lines; its planes are empty.
    fn picture() -> Picture {
        let planes = OwnedPlanes::new(vec![(Vec::new(), 0); 3]);
        Picture::still(
            Size::new(1920, 1080),
            PixelFormat::I420,
            Colour::by_height(1080),
            planes,
            Instant::now(),
        )
    }

    #[test]
    fn what_lies_ahead_is_dearer_than_what_was_shown() {
        for back in [false, true] {
            let mut shelf = Shelf::default();
            for at in 0..100 {
                shelf.put(Moment(at), picture());
                shelf.trim(Moment(50), back);
            }
            assert!(shelf.bytes <= MAX_BYTES);
            let ahead = shelf.pictures.keys().filter(|at| (at.0 > 50) != back).count();
            assert!(ahead * 2 > shelf.pictures.len(), "{:?}", shelf.pictures.keys());
            assert!(shelf.get(Moment(50)).is_some());
        }
    }

    #[test]
    fn after_a_jump_the_place_is_seen_before_the_very_picture_and_a_step_shows_none_but_that() {
        let shows = |shown: Option<i64>, picture, group, at| {
            shows_more(shown.map(Moment), Moment(picture), Moment(group), Moment(at))
        };
        assert!(shows(Some(9_000), 100, 100, 150), "from far away to the key frame");
        assert!(shows(None, 100, 100, 150));
        assert!(!shows(Some(100), 120, 100, 150), "the one in between is not worth drawing");
        assert!(
            !shows(Some(151), 100, 100, 150),
            "a step back leaves what is shown until the one before is there"
        );
        assert!(!shows(Some(9_000), 90, 100, 150), "the end of the group before is of another place");
    }

    #[test]
    fn a_picture_again_takes_no_more_room() {
        let mut shelf = Shelf::default();
        shelf.put(Moment(1), picture());
        let once = shelf.bytes;
        shelf.put(Moment(1), picture());
        assert_eq!(shelf.bytes, once);
        assert_eq!(shelf.at_or_before(Moment(9)).unwrap().0, Moment(1));
        assert!(shelf.at_or_before(Moment(0)).is_none());
    }
}
