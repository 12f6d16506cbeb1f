//! From a point of the picture to where the camera has to turn: pure geometry.
//!
//! Points are shares of the picture as the camera sends it, 0–1 from its upper left corner; what a tile does to a picture
//! (fit, crop, turn) is undone before. A direction is a pan and a tilt below the horizon, in degrees, as in [`Pose`].

use model::{Lens, Point, Pose, Projection, Reach, Velocity};

use super::limits::{Reached, within};

/// A box of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// A corner.
    pub from: Point,
    /// The corner across.
    pub to: Point,
}

/// The lens of a camera of which nothing is known: what the province's indoor cameras have by their data sheet.
///
/// # Panics
/// Never: the angles are a lens's.
#[must_use]
pub fn usual() -> Lens {
    Lens::new(51.0, 29.0, Projection::Rectilinear, 0.0).expect("a lens")
}

/// The height of the picture by its width, as far as the lens's angles say it.
fn aspect(lens: Lens) -> f64 {
    let ideal = match lens.projection() {
        Projection::Rectilinear => {
            (lens.vertical() / 2.0).to_radians().tan() / (lens.horizontal() / 2.0).to_radians().tan()
        }
        Projection::FTheta => lens.vertical() / lens.horizontal(),
    };
    ideal * (1.0 + lens.distortion() * (1.0 - ideal * ideal))
}

/// A magnification that can be divided by.
fn sound(zoom: f64) -> f64 {
    if zoom.is_finite() { zoom.max(0.01) } else { 1.0 }
}

/// The direction of a point of the picture, as pan (not brought into any range) and tilt; `None` where the lens sees it
/// beside or behind the camera. Magnified, the picture is the middle of the widest one: with a rectilinear lens the tangent
/// of the angle is divided by the magnification, with an f-θ lens the angle.
#[must_use]
pub fn direction(lens: Lens, pose: Pose, point: Point) -> Option<(f64, f64)> {
    let zoom = sound(pose.zoom);
    let bent = Point::new((2.0 * point.x - 1.0) / zoom, (2.0 * point.y - 1.0) * aspect(lens) / zoom);
    let flat = lens.straighten(bent)?;
    let half = lens.half_angle().tan();
    let (right, down) = (flat.x * half, flat.y * half);
    let (sin, cos) = pose.tilt.to_radians().sin_cos();
    let (ahead, below) = (cos - down * sin, sin + down * cos);
    let pan = pose.pan + right.atan2(ahead).to_degrees();
    Some((pan, below.atan2(right.hypot(ahead)).to_degrees()))
}

/// Where a direction is seen from a pose; `None` beside or behind the camera. May lie outside the picture.
#[must_use]
pub fn seen_at(lens: Lens, pose: Pose, (pan, tilt): (f64, f64)) -> Option<Point> {
    let (sin_pan, cos_pan) = (pan - pose.pan).to_radians().sin_cos();
    let (below, level) = tilt.to_radians().sin_cos();
    let (ahead, right) = (level * cos_pan, level * sin_pan);
    let (sin, cos) = pose.tilt.to_radians().sin_cos();
    let (down, out) = (below * cos - ahead * sin, ahead * cos + below * sin);
    if out <= 1e-9 {
        return None;
    }
    let half = lens.half_angle().tan();
    let bent = lens.bend(Point::new(right / out / half, down / out / half));
    let zoom = sound(pose.zoom);
    Some(Point::new(bent.x * zoom / 2.0 + 0.5, bent.y * zoom / aspect(lens) / 2.0 + 0.5))
}

/// Where to turn so that this point comes to the middle.
#[must_use]
pub fn centre(lens: Lens, reach: &Reach, pose: Pose, point: Point) -> Reached {
    let Some((pan, tilt)) = direction(lens, pose, point) else { return Reached { pose, at_limit: true } };
    within(reach, pose, Pose { pan, tilt, zoom: pose.zoom })
}

/// Where to turn and how far to zoom so that this box fills the picture. Without a zoom motor only its middle is brought
/// to the middle. A box that is all but a point is one.
#[must_use]
pub fn frame(lens: Lens, reach: &Reach, pose: Pose, area: Area) -> Reached {
    let middle = Point::new(f64::midpoint(area.from.x, area.to.x), f64::midpoint(area.from.y, area.to.y));
    let turned = centre(lens, reach, pose, middle);
    let Some(span) = reach.zoom else { return turned };
    let corners =
        [area.from, Point::new(area.to.x, area.from.y), area.to, Point::new(area.from.x, area.to.y)];
    let widest = Pose { zoom: 1.0, ..turned.pose };
    let directions = corners.map(|corner| direction(lens, pose, corner));
    let farthest = directions.iter().try_fold(0.0_f64, |farthest, corner| {
        let seen = seen_at(lens, widest, (*corner)?)?;
        Some(farthest.max((seen.x - 0.5).abs()).max((seen.y - 0.5).abs()))
    });
    let zoom = match farthest {
        Some(farthest) if farthest > SMALLEST_BOX / pose.zoom.max(1.0) => 0.5 / farthest,
        Some(_) => pose.zoom,
        None => span.least,
    };
    within(reach, pose, Pose { zoom, ..turned.pose }).or(turned)
}

/// Half the side of a box that is taken for a point, as a share of the picture.
const SMALLEST_BOX: f64 = 0.005;

/// What a person's speed comes to at a magnification: the picture moves as fast at every zoom.
#[must_use]
pub fn slowed(velocity: Velocity, zoom: f64) -> Velocity {
    let share = if zoom.is_finite() && zoom > 1.0 { (1.0 / zoom).max(SLOWEST) as f32 } else { 1.0 };
    Velocity { pan: velocity.pan * share, tilt: velocity.tilt * share, zoom: velocity.zoom }
}

/// Motors do not turn slower than about this share of their top speed.
const SLOWEST: f64 = 0.05;

impl Reached {
    /// With the limits that another one met, too.
    fn or(self, other: Self) -> Self {
        Self { at_limit: self.at_limit || other.at_limit, ..self }
    }
}

#[cfg(test)]
mod tests {
    use model::Span;
    use proptest::prelude::*;

    use super::*;

    /// Angles are distances, all the way.
    fn wide() -> Lens {
        Lens::new(106.0, 58.0, Projection::FTheta, 0.0).unwrap()
    }

    fn outdoor() -> Lens {
        "wide-outdoor".parse().unwrap()
    }

    fn seen(lens: Lens, pose: Pose, x: f64, y: f64) -> (f64, f64) {
        direction(lens, pose, Point::new(x, y)).unwrap()
    }

    fn reach() -> Reach {
        Reach {
            pan: Some(Span { least: 0.0, most: 350.0 }),
            tilt: Some(Span { least: 0.0, most: 67.0 }),
            zoom: Some(Span { least: 1.0, most: 20.0 }),
            wraps: false,
        }
    }

    fn pose(pan: f64, tilt: f64) -> Pose {
        Pose { pan, tilt, zoom: 1.0 }
    }

    /// Tilt, the click as an offset of the frame from its middle, and by how much to turn and to which tilt. Computed by
    /// hand from the formulas of the trade, rounded to tenths.
    #[test]
    fn a_click_turns_to_within_a_degree_of_the_table() {
        for (tilt, (u, v), pan, wanted) in [
            (0.0, (0.25, 0.25), 13.4, 7.2),
            (30.0, (0.5, 0.0), 28.8, 26.8),
            (60.0, (0.25, 0.25), 31.6, 63.9),
            (0.0, (0.0, 0.0), 0.0, 0.0),
            (0.0, (-0.5, 0.0), -25.5, 0.0),
            (10.0, (0.0, 0.5), 0.0, 24.5),
        ] {
            let (to_pan, to_tilt) = seen(usual(), pose(100.0, tilt), 0.5 + u, 0.5 + v);
            assert!((to_pan - 100.0 - pan).abs() < 0.06, "{tilt} {u} {v}: pan by {}", to_pan - 100.0);
            assert!((to_tilt - wanted).abs() < 0.06, "{tilt} {u} {v}: tilt {to_tilt}");
        }
    }

    #[test]
    fn angles_are_distances_with_the_wide_lens() {
        let level = pose(0.0, 0.0);
        for (x, pan) in [(1.0, 53.0), (0.75, 26.5), (0.0, -53.0)] {
            let (to_pan, to_tilt) = seen(wide(), level, x, 0.5);
            assert!((to_pan - pan).abs() < 1e-6 && to_tilt.abs() < 1e-9, "{x}: {to_pan} {to_tilt}");
        }
        assert!((seen(wide(), level, 0.5, 1.0).1 - 29.0).abs() < 1e-6);
        // The data sheet's angles, whatever the distortion between.
        assert!((seen(outdoor(), level, 1.0, 0.5).0 - 50.8).abs() < 1e-6);
        assert!((seen(outdoor(), level, 0.5, 1.0).1 - 27.05).abs() < 1e-6);
    }

    #[test]
    fn the_field_of_view_follows_the_zoom() {
        let zoomed = |zoom| Pose { zoom, ..pose(100.0, 0.0) };
        assert!((seen(usual(), zoomed(2.0), 1.0, 0.5).0 - 113.41).abs() < 0.01);
        assert!((seen(usual(), zoomed(10.0), 1.0, 0.5).0 - 102.73).abs() < 0.01);
        assert!((seen(wide(), zoomed(2.0), 1.0, 0.5).0 - 126.5).abs() < 1e-6);
    }

    #[test]
    fn a_box_without_a_zoom_motor_is_only_brought_to_the_middle() {
        let reach = Reach { zoom: None, ..reach() };
        let area = Area { from: Point::new(0.6, 0.4), to: Point::new(0.8, 0.6) };
        let reached = frame(usual(), &reach, pose(100.0, 10.0), area);
        let point = Point::new(0.7, 0.5);
        assert_eq!(reached, centre(usual(), &reach, pose(100.0, 10.0), point));
    }

    #[test]
    fn a_box_of_no_size_is_a_point_and_keeps_the_zoom() {
        let at = Point::new(0.7, 0.5);
        let from = Pose { zoom: 3.0, ..pose(100.0, 10.0) };
        let reached = frame(usual(), &reach(), from, Area { from: at, to: at });
        assert_eq!(reached.pose.zoom, 3.0);
    }

    #[test]
    fn speed_follows_the_field_of_view() {
        let fast = Velocity { pan: 1.0, tilt: -1.0, zoom: 1.0 };
        assert_eq!(slowed(fast, 1.0), fast);
        assert_eq!(slowed(fast, 4.0), Velocity { pan: 0.25, tilt: -0.25, zoom: 1.0 });
        assert_eq!(slowed(fast, 1000.0).pan, 0.05);
        assert_eq!(slowed(fast, f64::NAN), fast);
    }

    fn lenses() -> impl Strategy<Value = Lens> {
        prop_oneof![Just(usual()), Just(wide()), Just(outdoor())]
    }

    proptest! {
        /// What was clicked is in the middle afterwards, wherever the camera pointed and however far it had zoomed, unless
        /// a stop is in the way.
        #[test]
        fn what_was_clicked_is_in_the_middle_afterwards(
            lens in lenses(), pan in 0.0..350.0, tilt in 0.0..67.0, zoom in 1.0..20.0,
            x in 0.0..1.0, y in 0.0..1.0,
        ) {
            let from = Pose { pan, tilt, zoom };
            let target = direction(lens, from, Point::new(x, y)).unwrap();
            let reached = centre(lens, &reach(), from, Point::new(x, y));
            prop_assert!((0.0..=350.0).contains(&reached.pose.pan) && (0.0..=67.0).contains(&reached.pose.tilt));
            if !reached.at_limit {
                let seen = seen_at(lens, reached.pose, target).unwrap();
                prop_assert!((seen.x - 0.5).abs() < 1e-6 && (seen.y - 0.5).abs() < 1e-6, "{:?}", seen);
            }
        }

        /// There and back: the direction of a point is seen at that point.
        #[test]
        fn a_direction_is_seen_where_it_came_from(
            lens in lenses(), tilt in 0.0..67.0, zoom in 1.0..20.0, x in 0.0..1.0, y in 0.0..1.0,
        ) {
            let from = Pose { pan: 120.0, tilt, zoom };
            let seen = seen_at(lens, from, direction(lens, from, Point::new(x, y)).unwrap()).unwrap();
            prop_assert!((seen.x - x).abs() < 1e-6 && (seen.y - y).abs() < 1e-6, "{:?}", seen);
        }

        /// The whole box is in the picture afterwards and fills it in one direction, unless a stop is in the way.
        #[test]
        fn a_box_fills_the_picture(
            pan in 60.0..290.0, tilt in 20.0..45.0, x in 0.0..0.7, y in 0.0..0.7, w in 0.1..0.3, h in 0.1..0.3,
        ) {
            let from = pose(pan, tilt);
            let area = Area { from: Point::new(x, y), to: Point::new(x + w, y + h) };
            let reached = frame(usual(), &reach(), from, area);
            prop_assume!(!reached.at_limit);
            let corners = [(x, y), (x + w, y), (x, y + h), (x + w, y + h)];
            let off = corners.map(|(x, y)| {
                let seen = seen_at(usual(), reached.pose, direction(usual(), from, Point::new(x, y)).unwrap()).unwrap();
                (seen.x - 0.5).abs().max((seen.y - 0.5).abs())
            });
            let most = off.iter().copied().fold(0.0, f64::max);
            prop_assert!((most - 0.5).abs() < 1e-6, "{most}");
        }
    }
}
