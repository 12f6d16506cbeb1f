//! What moved, gathered: somebody who crosses a yard in six key frames was there once.

use std::time::Duration;

use model::{Moment, Period, PicturePart};

/// What moves again within this is the same.
const JOINS: Duration = Duration::from_secs(10);
/// On a road something always moves: it is told in pieces that can be looked at.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// Nobody looks through more; an area or a time that gives more is to be chosen again.
pub const MOST_HITS: usize = 500;

/// Something moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// From the last picture before it moved to the last one in which it had.
    pub period: Period,
    /// When most of it moved: the moment of a picture. Where a recorder found it, the end.
    pub clearest: Moment,
    /// How many cells of the picture changed then; 0 where a recorder found it.
    pub cells: u32,
    /// Where it was then; where a recorder found it, somewhere in this.
    pub place: PicturePart,
}

/// What became of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gathered {
    /// It is the clearest of this hit so far.
    Clearest(usize),
    /// It belongs to one that was seen more clearly.
    Joined,
    /// There are as many as are kept.
    Full,
}

/// Takes a movement between two pictures, later than all before.
pub(super) fn gather(hits: &mut Vec<Hit>, between: Period, cells: u32, place: PicturePart) -> Gathered {
    if let Some(last) = hits.last_mut()
        && between.from <= last.period.until.plus(JOINS)
        && last.period.length() < LONGEST
    {
        last.period.until = between.until;
        if cells <= last.cells {
            return Gathered::Joined;
        }
        (last.clearest, last.cells, last.place) = (between.until, cells, place);
        return Gathered::Clearest(hits.len() - 1);
    }
    if hits.len() == MOST_HITS {
        return Gathered::Full;
    }
    hits.push(Hit { period: between, clearest: between.until, cells, place });
    Gathered::Clearest(hits.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: PicturePart = PicturePart { x: 0, y: 0, width: 10, height: 10 };

    fn between(from: i64, until: i64) -> Period {
        Period { from: Moment::from_ms(from * 1000), until: Moment::from_ms(until * 1000) }
    }

    #[test]
    fn what_moves_again_soon_is_one_and_its_clearest_picture_is_remembered() {
        let mut hits = Vec::new();
        assert_eq!(gather(&mut hits, between(10, 12), 5, PLACE), Gathered::Clearest(0));
        assert_eq!(gather(&mut hits, between(12, 14), 9, PLACE), Gathered::Clearest(0));
        assert_eq!(gather(&mut hits, between(20, 22), 4, PLACE), Gathered::Joined);
        assert_eq!(gather(&mut hits, between(33, 35), 4, PLACE), Gathered::Clearest(1));
        let told: Vec<_> = hits.iter().map(|hit| (hit.period, hit.clearest.ms() / 1000, hit.cells)).collect();
        assert_eq!(told, [(between(10, 22), 14, 9), (between(33, 35), 35, 4)]);
    }

    #[test]
    fn what_always_moves_is_told_in_pieces_and_not_without_end() {
        let mut hits = Vec::new();
        let mut second = 0;
        while gather(&mut hits, between(second, second + 2), 5, PLACE) != Gathered::Full {
            second += 2;
            assert!(second < 1_000_000);
        }
        assert_eq!(hits.len(), MOST_HITS);
        assert!(hits.iter().all(|hit| hit.period.length() <= LONGEST + Duration::from_secs(2)));
        assert!(hits.windows(2).all(|pair| pair[0].period.until <= pair[1].period.from));
    }
}
