//! How a tile's sight gets from one view to the next: eased, so that the eye can follow.

use std::time::{Duration, Instant};

use model::{Id, Sight};

/// Long enough to be seen as a movement, short enough not to be waited for.
const LASTS: Duration = Duration::from_millis(180);

/// While a sight moves, its tile is drawn this often.
pub(super) const FRAME: Duration = Duration::from_millis(15);

/// Where the sight of one slot's camera is, and where it goes.
pub(super) struct Course {
    slot: usize,
    camera: Id,
    from: Sight,
    to: Sight,
    began: Instant,
}

impl Course {
    /// Stands still.
    pub(super) fn at(slot: usize, camera: Id, sight: Sight, now: Instant) -> Self {
        Self { slot, camera, from: sight, to: sight, began: now }
    }

    /// Whether it is of this camera in this slot.
    pub(super) fn is_of(&self, slot: usize, camera: &Id) -> bool {
        self.slot == slot && self.camera == *camera
    }

    /// The slot whose sight it is.
    pub(super) fn slot(&self) -> usize {
        self.slot
    }

    /// Goes to `to` from where it is, or is there at once. On the way there already, it goes on.
    pub(super) fn head_for(&mut self, to: Sight, now: Instant, eased: bool) {
        if to == self.to {
            return;
        }
        self.from = if eased { self.sight(now) } else { to };
        self.to = to;
        self.began = now;
    }

    /// Where it is.
    pub(super) fn sight(&self, now: Instant) -> Sight {
        let share = now.saturating_duration_since(self.began).as_secs_f64() / LASTS.as_secs_f64();
        if share >= 1.0 || self.from == self.to {
            return self.to;
        }
        self.from.towards(&self.to, 1.0 - (1.0 - share).powi(3))
    }

    /// Where it goes.
    pub(super) fn end(&self) -> &Sight {
        &self.to
    }
}

#[cfg(test)]
mod tests {
    use model::{Point, View};

    use super::*;

    fn zoomed(zoom: f64) -> Sight {
        Sight::of(View::new(Point::MIDDLE, zoom, 0.0, false), None)
    }

    fn course(now: Instant) -> Course {
        Course::at(3, Id::new("a").unwrap(), zoomed(1.0), now)
    }

    #[test]
    fn a_step_is_eased_and_ends_where_it_should() {
        let now = Instant::now();
        let mut course = course(now);
        course.head_for(zoomed(4.0), now, true);
        let zooms = [0, 60, 120, 179].map(|ms| course.sight(now + Duration::from_millis(ms)).zoom);
        assert!(zooms.is_sorted() && zooms[0] == 1.0 && zooms[3] < 4.0, "{zooms:?}");
        assert_eq!(course.sight(now + LASTS), zoomed(4.0));
        // The next step sets out from where the last one was.
        let half = now + Duration::from_millis(60);
        course.head_for(zoomed(8.0), half, true);
        assert!((course.sight(half).zoom - zooms[1]).abs() < 1e-9);
    }

    #[test]
    fn a_hand_on_the_picture_is_followed_at_once() {
        let now = Instant::now();
        let mut course = course(now);
        course.head_for(zoomed(4.0), now, false);
        assert_eq!(course.sight(now), zoomed(4.0));
        assert!(course.is_of(3, &Id::new("a").unwrap()) && !course.is_of(2, &Id::new("a").unwrap()));
    }
}
