//! One axis: a mass that speeds up and slows down, between two stops.

/// What an axis is about to do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goal {
    /// Come to rest.
    Rest,
    /// Turn at this speed, units a second.
    Speed(f64),
    /// Go to this place, no faster than that.
    Place(f64, f64),
}

/// One axis of a mechanism, in its own units (degrees, or steps of zoom).
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) position: f64,
    velocity: f64,
    low: f64,
    high: f64,
    /// Units a second.
    pub(super) fastest: f64,
    /// Units a second, gained or lost each second.
    acceleration: f64,
    goal: Goal,
}

impl Axis {
    /// At rest at `position`.
    pub(super) const fn new(position: f64, (low, high): (f64, f64), fastest: f64, acceleration: f64) -> Self {
        Self { position, velocity: 0.0, low, high, fastest, acceleration, goal: Goal::Rest }
    }

    /// Whether it stands still and means to.
    pub(super) fn rests(&self) -> bool {
        self.velocity == 0.0 && self.goal == Goal::Rest
    }

    pub(super) fn rest(&mut self) {
        self.goal = Goal::Rest;
    }

    /// Turns at a share -1–1 of its speed.
    pub(super) fn drive(&mut self, share: f64) {
        let share = share.clamp(-1.0, 1.0);
        self.goal = if share == 0.0 { Goal::Rest } else { Goal::Speed(share * self.fastest) };
    }

    /// Goes to `place`, or to the stop before it, at a share 0–1 of its speed.
    pub(super) fn go(&mut self, place: f64, share: f64) {
        let speed = self.fastest * share.clamp(0.02, 1.0);
        self.goal = Goal::Place(place.clamp(self.low, self.high), speed);
    }

    /// Puts it there at once, at rest.
    pub(super) fn put(&mut self, place: f64) {
        *self = Self::new(
            place.clamp(self.low, self.high),
            (self.low, self.high),
            self.fastest,
            self.acceleration,
        );
    }

    /// The speed from which it can still come to rest within `way`.
    fn safe(&self, way: f64) -> f64 {
        (2.0 * self.acceleration * way.max(0.0)).sqrt()
    }

    /// Moves on by `dt` seconds.
    pub(super) fn step(&mut self, dt: f64) {
        if self.rests() {
            return;
        }
        let wanted = match self.goal {
            Goal::Rest => 0.0,
            // It brakes before the stop, as the real ones do.
            Goal::Speed(speed) if speed > 0.0 => speed.min(self.safe(self.high - self.position)),
            Goal::Speed(speed) => speed.max(-self.safe(self.position - self.low)),
            Goal::Place(place, speed) => {
                let way = place - self.position;
                speed.min(self.safe(way.abs())).copysign(way)
            }
        };
        let change = self.acceleration * dt;
        self.velocity += (wanted - self.velocity).clamp(-change, change);
        let before = self.position;
        self.position += self.velocity * dt;
        if let Goal::Place(place, _) = self.goal
            && ((before - place) * (self.position - place) <= 0.0 || (self.position - place).abs() < 1e-3)
            && self.velocity.abs() <= 2.0 * change
        {
            (self.position, self.velocity, self.goal) = (place, 0.0, Goal::Rest);
        }
        if self.position <= self.low || self.position >= self.high {
            self.position = self.position.clamp(self.low, self.high);
            self.velocity = 0.0;
            if let Goal::Speed(_) = self.goal {
                self.goal = Goal::Rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(axis: &mut Axis, seconds: f64) -> Vec<f64> {
        (0..(seconds / 0.005).round() as usize)
            .map(|_| {
                axis.step(0.005);
                axis.position
            })
            .collect()
    }

    #[test]
    fn it_speeds_up_and_needs_a_way_to_stop() {
        let mut axis = Axis::new(100.0, (0.0, 350.0), 80.0, 400.0);
        axis.drive(1.0);
        let first = run(&mut axis, 0.05);
        assert!(first[9] - 100.0 < 80.0 * 0.05 * 0.5, "not at full speed at once: {first:?}");
        run(&mut axis, 0.95);
        let at = axis.position;
        assert!((at - 172.0).abs() < 2.0, "0.1 s of speeding up and 0.9 s at 80°/s: {at}");
        axis.rest();
        run(&mut axis, 0.3);
        assert!(axis.rests() && axis.position - at > 5.0 && axis.position - at < 9.0, "8° of braking");
    }

    #[test]
    fn it_goes_exactly_where_it_is_sent_and_never_beyond_a_stop() {
        let mut axis = Axis::new(175.0, (0.0, 350.0), 80.0, 400.0);
        for place in [10.0, 10.4, 349.0, 400.0, -5.0, 175.0] {
            axis.go(place, 1.0);
            let way = run(&mut axis, 6.0);
            assert!(axis.rests() && axis.position == place.clamp(0.0, 350.0), "{place}: {}", axis.position);
            assert!(way.iter().all(|at| (0.0..=350.0).contains(at)));
        }
        axis.drive(-0.5);
        run(&mut axis, 10.0);
        assert!(axis.rests() && axis.position == 0.0, "stands at the stop: {}", axis.position);
    }
}
