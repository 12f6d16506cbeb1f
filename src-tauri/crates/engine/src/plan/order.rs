//! Who goes first. The order depends on the tiles and what they ask for, never on limits or on how much is free: only so
//! does a raised limit never cost the more important of two cameras anything.

use std::cmp::Reverse;

use super::demand::Demand;

/// A camera in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) camera: usize,
    recorder: usize,
    site: usize,
    rank: Rank,
    pixels: u64,
    /// Its turn within its group: among its recorder's cameras, later among its site's.
    turn: usize,
}

/// What makes one camera more important than another: a person looks at it, its priority, and whether its tile asks for
/// more than the cheapest picture. Equal ranks are served by turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    attended: Reverse<bool>,
    priority: Reverse<i8>,
    large: Reverse<bool>,
}

impl Place {
    pub(super) fn new(camera: usize, recorder: usize, site: usize, demand: &Demand) -> Self {
        let rank = Rank {
            attended: Reverse(demand.attended),
            priority: Reverse(demand.priority),
            large: Reverse(demand.large),
        };
        Self { camera, recorder, site, rank, pixels: demand.pixels, turn: 0 }
    }

    fn larger_first(&self) -> (Reverse<u64>, usize) {
        (Reverse(self.pixels), self.camera)
    }

    /// Whether both are equally important.
    pub(super) fn is_peer(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

/// Puts them in line: by rank; among peers sites take turns, and recorders within a site, so that nobody starves behind a
/// site with 35 cameras; within a turn the larger tile goes first, then the camera that is listed first.
pub(super) fn line_up(line: &mut [Place]) {
    line.sort_unstable_by_key(|place| (place.rank, place.recorder, place.larger_first()));
    count_turns(line, |place| (place.rank, place.recorder));
    line.sort_unstable_by_key(|place| (place.rank, place.site, place.turn, place.larger_first()));
    count_turns(line, |place| (place.rank, place.site));
    line.sort_unstable_by_key(|place| (place.rank, place.turn, place.larger_first()));
}

fn count_turns<K: PartialEq>(line: &mut [Place], key: impl Fn(&Place) -> K) {
    for peers in line.chunk_by_mut(|a, b| key(a) == key(b)) {
        for (turn, place) in peers.iter_mut().enumerate() {
            place.turn = turn;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Demand = Demand { attended: false, priority: 0, moving: true, large: false, pixels: 100 };

    fn cameras(mut line: Vec<Place>) -> Vec<usize> {
        line_up(&mut line);
        line.iter().map(|place| place.camera).collect()
    }

    #[test]
    fn attention_then_priority_then_what_is_asked_for() {
        let demands = [
            Demand { pixels: 900, ..PLAIN },
            Demand { large: true, ..PLAIN },
            Demand { priority: 3, ..PLAIN },
            Demand { attended: true, priority: -1, ..PLAIN },
        ];
        let line = demands.iter().enumerate().map(|(camera, demand)| Place::new(camera, 0, 0, demand));
        assert_eq!(cameras(line.collect()), [3, 2, 1, 0]);
    }

    #[test]
    fn sites_and_their_recorders_take_turns() {
        // Cameras 0–2 on recorder 0 and 3 on recorder 1, both of site 0; 4 and 5 on recorder 2 of site 1.
        let ways = [(0, 0), (0, 0), (0, 0), (1, 0), (2, 1), (2, 1)];
        let line = ways.iter().enumerate().map(|(camera, &(recorder, site))| {
            let larger = Demand { pixels: if camera == 5 { 200 } else { 100 }, ..PLAIN };
            Place::new(camera, recorder, site, &larger)
        });
        assert_eq!(cameras(line.collect()), [5, 0, 3, 4, 1, 2]);
    }
}
