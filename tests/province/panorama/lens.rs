//! The lens of the indoor cameras with motors: 51° × 29° at its widest, without distortion; and the geometry of looking
//! somewhere with it.

use crate::motor::Pose;

/// Degrees that the whole picture spans at the widest, across and down.
pub const VIEW: (f64, f64) = (51.0, 29.0);

/// Tangents of half the angles at a magnification.
#[must_use]
pub fn tangents(zoom: f64) -> (f64, f64) {
    let tangent = |degrees: f64| (degrees.to_radians() / 2.0).tan() / zoom;
    (tangent(VIEW.0), tangent(VIEW.1))
}

/// Pan and tilt of what appears at a point of the picture: `u` to the right and `v` down from its middle, in shares of its
/// width and height. Beyond the mechanism's limits too.
#[must_use]
pub fn aim(pose: Pose, u: f64, v: f64) -> (f64, f64) {
    let (across, down) = tangents(pose.zoom);
    let (sin, cos) = pose.roll.to_radians().sin_cos();
    let (a, b) = (u * 2.0 * across, v * 2.0 * down);
    look(pose, a * cos - b * sin, a * sin + b * cos)
}

/// The same for tangents from the middle, the camera upright.
fn look(pose: Pose, x: f64, y: f64) -> (f64, f64) {
    let (sin, cos) = pose.tilt.to_radians().sin_cos();
    let (ahead, below) = (cos - y * sin, sin + y * cos);
    let pan = pose.pan + x.atan2(ahead).to_degrees();
    (pan, below.atan2(x.hypot(ahead)).to_degrees())
}

/// Where in the picture something at this pan and tilt appears, as [`aim`] counts; `None` if it is behind.
#[must_use]
pub fn appears(pose: Pose, pan: f64, tilt: f64) -> Option<(f64, f64)> {
    let (turn, down) = ((pan - pose.pan).to_radians(), tilt.to_radians());
    // To the right, below, and away, of a camera that looks along the horizon.
    let (right, below, away) = (turn.sin() * down.cos(), down.sin(), turn.cos() * down.cos());
    let (sin, cos) = pose.tilt.to_radians().sin_cos();
    let (depth, drop) = (away * cos + below * sin, below * cos - away * sin);
    if depth < 1e-3 {
        return None;
    }
    let (x, y) = (right / depth, drop / depth);
    let (sin, cos) = pose.roll.to_radians().sin_cos();
    let (across, down) = tangents(pose.zoom);
    Some(((x * cos + y * sin) / (2.0 * across), (y * cos - x * sin) / (2.0 * down)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_the_picture_are_where_geometry_says() {
        for (tilt, (u, v), (pan_by, to)) in [
            (0.0, (0.25, 0.25), (13.4, 7.2)),
            (30.0, (0.5, 0.0), (28.8, 26.8)),
            (60.0, (0.25, 0.25), (31.6, 63.9)),
        ] {
            let pose = Pose { pan: 100.0, tilt, zoom: 1.0, roll: 0.0 };
            let (pan, tilt) = aim(pose, u, v);
            assert!((pan - 100.0 - pan_by).abs() < 0.1 && (tilt - to).abs() < 0.1, "{pan} {tilt}");
        }
    }

    #[test]
    fn there_and_back() {
        for (zoom, roll) in [(1.0, 0.0), (3.0, 40.0)] {
            let pose = Pose { pan: 200.0, tilt: 35.0, zoom, roll };
            for (u, v) in [(0.0, 0.0), (-0.4, 0.3), (0.5, -0.5)] {
                let (pan, tilt) = aim(pose, u, v);
                let (x, y) = appears(pose, pan, tilt).unwrap();
                assert!((x - u).abs() < 1e-9 && (y - v).abs() < 1e-9, "{x} {y}");
            }
        }
        let pose = Pose { pan: 10.0, tilt: 0.0, zoom: 1.0, roll: 0.0 };
        assert_eq!(appears(pose, 190.0, 0.0), None);
    }
}
