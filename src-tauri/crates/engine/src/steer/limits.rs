//! What of a wish to turn lies within a camera's reach. Reach is what the device says, never assumed.

use model::{Pose, Reach, Span};

/// Where a turn may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// The wish, or the nearest place within reach.
    pub pose: Pose,
    /// Something was out of reach.
    pub at_limit: bool,
}

/// Degrees, or shares of a magnification, that make no difference.
const NOTHING: f64 = 1e-6;

/// The nearest place within `reach` to `wanted`, coming `from`. An axis without a motor stays where it is.
///
/// A pan may be given in any turn: 365° is 5°. Where the motor has no wrap it goes there the long way round; a direction
/// between the two stops goes to the nearer of them.
#[must_use]
pub fn within(reach: &Reach, from: Pose, wanted: Pose) -> Reached {
    let (pan, pan_limit) = match reach.pan {
        Some(span) => turned(span, reach.wraps, from.pan, wanted.pan),
        None => (from.pan, false),
    };
    let (tilt, tilt_limit) = clamped(reach.tilt, from.tilt, wanted.tilt);
    let (zoom, zoom_limit) = clamped(reach.zoom, from.zoom, wanted.zoom);
    Reached { pose: Pose { pan, tilt, zoom }, at_limit: pan_limit || tilt_limit || zoom_limit }
}

fn clamped(span: Option<Span>, from: f64, wanted: f64) -> (f64, bool) {
    let Some(span) = span else { return (from, false) };
    let wanted = if wanted.is_finite() { wanted } else { from };
    let nearest = span.nearest(wanted);
    (nearest, (nearest - wanted).abs() > NOTHING)
}

fn turned(span: Span, wraps: bool, from: f64, wanted: f64) -> (f64, bool) {
    let wanted = if wanted.is_finite() { wanted } else { from };
    if !span.least.is_finite() || !span.most.is_finite() {
        // Nobody knows where it ends, so nobody knows what is the same direction.
        return (span.nearest(wanted), (span.nearest(wanted) - wanted).abs() > NOTHING);
    }
    // The same direction, the first time at or above the lower stop.
    let first = span.least + (wanted - span.least).rem_euclid(360.0);
    if wraps {
        return (first, false);
    }
    // A span of more than one turn has a direction twice: the one nearer to where it comes from.
    let mut best: Option<f64> = None;
    let mut candidate = first;
    while candidate <= span.most + NOTHING {
        if best.is_none_or(|best| (candidate - from).abs() < (best - from).abs()) {
            best = Some(candidate.min(span.most));
        }
        candidate += 360.0;
    }
    match best {
        Some(best) => (best, false),
        // Between the stops: `first` lies above the upper one, and one turn later comes the lower one.
        None if first - span.most <= span.least + 360.0 - first => (span.most, true),
        None => (span.least, true),
    }
}

/// Whether a camera that points there stands at a stop of pan or tilt.
#[must_use]
pub fn at_stop(reach: &Reach, pose: Pose) -> bool {
    /// Devices report tenths of a degree.
    const NEAR: f64 = 0.11;
    let at = |span: Option<Span>, value: f64| {
        span.is_some_and(|span| {
            span.width() > NEAR && ((value - span.least).abs() < NEAR || (value - span.most).abs() < NEAR)
        })
    };
    at(reach.pan.filter(|_| !reach.wraps), pose.pan) || at(reach.tilt, pose.tilt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAN: Span = Span { least: 0.0, most: 350.0 };
    const TILT: Span = Span { least: 0.0, most: 67.0 };

    fn reach() -> Reach {
        Reach { pan: Some(PAN), tilt: Some(TILT), zoom: None, wraps: false }
    }

    fn pose(pan: f64, tilt: f64) -> Pose {
        Pose { pan, tilt, zoom: 1.0 }
    }

    fn pan(from: f64, wanted: f64) -> (f64, bool) {
        let reached = within(&reach(), pose(from, 10.0), pose(wanted, 10.0));
        ((reached.pose.pan * 1e6).round() / 1e6, reached.at_limit)
    }

    #[test]
    fn pan_has_no_wrap() {
        assert_eq!(pan(345.0, 365.0), (5.0, false), "+20 is 340 back");
        assert_eq!(pan(5.0, -15.0), (345.0, false));
        assert_eq!(pan(100.0, 250.0), (250.0, false));
        assert_eq!(pan(345.0, 353.0), (350.0, true));
        assert_eq!(pan(345.0, 357.0), (0.0, true), "the nearer stop, though it is the far way");
        assert_eq!(pan(3.0, -4.0), (0.0, true));
        assert_eq!(pan(3.0, -8.0), (350.0, true));
        assert_eq!(pan(3.0, 355.0), (350.0, true), "between the two");
        assert_eq!(pan(3.0, f64::NAN), (3.0, false));
    }

    #[test]
    fn where_pan_wraps_every_direction_is_reached() {
        let round = Reach { pan: Some(Span { least: -180.0, most: 180.0 }), wraps: true, ..reach() };
        for (wanted, there) in [(190.0, -170.0), (-190.0, 170.0), (355.0, -5.0), (0.0, 0.0)] {
            let reached = within(&round, pose(0.0, 0.0), pose(wanted, 0.0));
            assert!((reached.pose.pan - there).abs() < 1e-9 && !reached.at_limit, "{wanted}: {reached:?}");
        }
    }

    #[test]
    fn an_axis_whose_ends_nobody_tells_goes_where_it_is_sent() {
        let endless = Span { least: f64::NEG_INFINITY, most: f64::INFINITY };
        let open = Reach { pan: Some(endless), tilt: Some(endless), zoom: Some(endless), wraps: false };
        let wanted = Pose { pan: 371.0, tilt: -5.0, zoom: 3.0 };
        assert_eq!(within(&open, pose(350.0, 0.0), wanted), Reached { pose: wanted, at_limit: false });
        assert!(!at_stop(&open, wanted));
    }

    #[test]
    fn a_span_of_more_than_a_turn_goes_the_short_way() {
        let long = Reach { pan: Some(Span { least: 0.0, most: 540.0 }), ..reach() };
        assert_eq!(within(&long, pose(400.0, 0.0), pose(370.0, 0.0)).pose.pan, 370.0);
        assert_eq!(within(&long, pose(100.0, 0.0), pose(370.0, 0.0)).pose.pan, 10.0);
    }

    #[test]
    fn tilt_stays_between_its_stops_and_what_has_no_motor_stays() {
        assert_eq!(
            within(&reach(), pose(0.0, 10.0), pose(0.0, 80.0)),
            Reached { pose: pose(0.0, 67.0), at_limit: true }
        );
        let zoom_only = Reach { zoom: Some(Span { least: 1.0, most: 4.0 }), ..Reach::default() };
        let wanted = Pose { pan: 50.0, tilt: 50.0, zoom: 9.0 };
        let reached = within(&zoom_only, pose(1.0, 2.0), wanted);
        assert_eq!(reached, Reached { pose: Pose { zoom: 4.0, ..pose(1.0, 2.0) }, at_limit: true });
    }

    #[test]
    fn stops_are_where_the_device_says() {
        assert!(at_stop(&reach(), pose(350.0, 30.0)) && at_stop(&reach(), pose(30.0, 0.05)));
        assert!(!at_stop(&reach(), pose(349.0, 1.0)));
        assert!(!at_stop(&Reach { wraps: true, ..reach() }, pose(350.0, 30.0)));
        assert!(!at_stop(&Reach::default(), pose(0.0, 0.0)));
    }

    proptest! {
        /// Never into the forbidden 10°, and always to the wanted direction or a stop.
        #[test]
        fn no_turn_leads_between_the_stops(from in 0.0..350.0, by in -720.0..720.0) {
            let (there, at_limit) = pan(from, from + by);
            prop_assert!((0.0..=350.0).contains(&there));
            let off = f64::rem_euclid(there - (from + by), 360.0);
            let off = off.min(360.0 - off);
            prop_assert!(if at_limit { off <= 5.0 + 1e-5 } else { off < 1e-5 }, "{} off by {}", there, off);
        }
    }
}
