//! What a camera's lens does to straight lines, and how that is undone.
//!
//! Lengths here are counted in half widths of the picture as the camera sends it, from its middle: the middle of the
//! right edge is (1, 0). A *flat* picture is what an ideal (rectilinear) lens would have taken: straight lines are
//! straight in it. Both pictures have the middle and the middles of the left and right edges in common.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::view::Point;

/// How an ideal lens of its kind brings angles onto the sensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub enum Projection {
    /// The distance from the middle goes with the tangent of the angle: straight lines stay straight.
    Rectilinear,
    /// The distance from the middle goes with the angle (f-θ), as wide lenses nearly have it.
    FTheta,
}

/// A lens, as far as it decides where things are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Lens {
    /// Field of view from the left edge to the right, tenths of a degree.
    horizontal: u16,
    /// Field of view from the upper edge to the lower, tenths of a degree.
    vertical: u16,
    /// What an ideal lens of its kind does.
    projection: Projection,
    /// How far it bends lines beyond that, thousandths; above 0 like a barrel. The picture is larger in its middle by
    /// this share.
    distortion: i16,
}

#[derive(Deserialize)]
struct Parts {
    horizontal: u16,
    vertical: u16,
    projection: Projection,
    distortion: i16,
}

impl TryFrom<Parts> for Lens {
    type Error = NotALens;

    fn try_from(Parts { horizontal, vertical, projection, distortion }: Parts) -> Result<Self, NotALens> {
        Self::in_steps(horizontal, vertical, projection, distortion)
    }
}

/// Why something describes no lens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALens {
    /// A field of view that no lens has: 1 to 160 degrees.
    #[error("a field of view that is not between 1 and 160 degrees")]
    Angle,
    /// More distortion than can be undone.
    #[error("a distortion that is not between -0.2 and 0.25")]
    Distortion,
    /// No words that describe a lens.
    #[error("neither the name of a known lens nor like \"101.6x54.1 f-theta 0.079\"")]
    Words,
}

/// Lenses of cameras that are known, by the name that stands for them in an inventory.
const KNOWN: [(&str, Lens); 1] = [
    // Data sheet: H 101.6°, V 54.1° on 16:9. Angles go with the distance, nearly: an ideal f-θ lens that has 101.6°
    // across has 57.2° down. The distortion is what brings the middle of the upper edge to 27.05°.
    (
        "wide-outdoor",
        Lens { horizontal: 1016, vertical: 541, projection: Projection::FTheta, distortion: 79 },
    ),
];

/// A distortion that grows no faster than this folds back soon.
const FOLD: f64 = 1e-3;
/// So many times as far away: outside of every picture. `shaders/tile.wgsl` has both, too.
const BEYOND: f64 = 1e4;

impl Lens {
    /// The least and the largest field of view, tenths of a degree.
    const ANGLES: std::ops::RangeInclusive<u16> = 10..=1600;
    /// Beyond these a radius would no longer grow with the angle all the way to the corners.
    const DISTORTIONS: std::ops::RangeInclusive<i16> = -200..=250;

    /// A lens with a field of view of `horizontal` × `vertical` degrees, which bends lines by `distortion` (a share,
    /// above 0 like a barrel) more than an ideal one. Kept to a tenth of a degree and to a thousandth.
    ///
    /// # Errors
    /// [`NotALens::Angle`] and [`NotALens::Distortion`].
    pub fn new(
        horizontal: f64,
        vertical: f64,
        projection: Projection,
        distortion: f64,
    ) -> Result<Self, NotALens> {
        let whole = |value: f64, steps: f64| {
            let value = (value * steps).round();
            (value.abs() <= f64::from(i16::MAX)).then_some(value as i16)
        };
        let angle = |degrees: f64| {
            let tenths = whole(degrees, 10.0).and_then(|tenths| u16::try_from(tenths).ok());
            tenths.ok_or(NotALens::Angle)
        };
        let thousandths = whole(distortion, 1000.0).ok_or(NotALens::Distortion)?;
        Self::in_steps(angle(horizontal)?, angle(vertical)?, projection, thousandths)
    }

    fn in_steps(
        horizontal: u16,
        vertical: u16,
        projection: Projection,
        distortion: i16,
    ) -> Result<Self, NotALens> {
        if ![horizontal, vertical].iter().all(|angle| Self::ANGLES.contains(angle)) {
            return Err(NotALens::Angle);
        }
        if !Self::DISTORTIONS.contains(&distortion) {
            return Err(NotALens::Distortion);
        }
        Ok(Self { horizontal, vertical, projection, distortion })
    }

    /// The names of all lenses that are known.
    pub fn known() -> impl Iterator<Item = (&'static str, Self)> {
        KNOWN.into_iter()
    }

    /// Field of view from the left edge to the right, degrees.
    #[must_use]
    pub fn horizontal(self) -> f64 {
        f64::from(self.horizontal) / 10.0
    }

    /// Field of view from the upper edge to the lower, degrees.
    #[must_use]
    pub fn vertical(self) -> f64 {
        f64::from(self.vertical) / 10.0
    }

    /// What an ideal lens of its kind does.
    #[must_use]
    pub fn projection(self) -> Projection {
        self.projection
    }

    /// How far it bends lines beyond that, as a share; see [`Lens::new`].
    #[must_use]
    pub fn distortion(self) -> f64 {
        f64::from(self.distortion) / 1000.0
    }

    /// Half of the horizontal field of view, radians.
    #[must_use]
    pub fn half_angle(self) -> f64 {
        (self.horizontal() / 2.0).to_radians()
    }

    /// Straight lines are straight already.
    #[must_use]
    pub fn is_straight(self) -> bool {
        self.projection == Projection::Rectilinear && self.distortion == 0
    }

    /// Where a point of the flat picture is in the camera's; both in half widths from the middle.
    #[must_use]
    pub fn bend(self, flat: Point) -> Point {
        let radius = flat.x.hypot(flat.y);
        if radius < 1e-9 {
            return Point::new(flat.x * self.magnification(), flat.y * self.magnification());
        }
        let factor = self.radius(radius) / radius;
        Point::new(flat.x * factor, flat.y * factor)
    }

    /// Where a point of the camera's picture is in the flat one; both in half widths from the middle. `None` where the
    /// lens sees it beside or behind the camera: there is no such place on a flat picture.
    #[must_use]
    pub fn straighten(self, bent: Point) -> Option<Point> {
        let radius = bent.x.hypot(bent.y);
        if radius < 1e-9 {
            return Some(Point::new(bent.x / self.magnification(), bent.y / self.magnification()));
        }
        let ideal = self.without_distortion(radius)?;
        let flat = match self.projection {
            Projection::Rectilinear => ideal,
            Projection::FTheta => {
                let angle = ideal * self.half_angle();
                // 89.5°: what lies beyond is further away than any picture reaches.
                if angle >= 1.562 {
                    return None;
                }
                angle.tan() / self.half_angle().tan()
            }
        };
        Some(Point::new(bent.x * flat / radius, bent.y * flat / radius))
    }

    /// The camera's radius for one of the flat picture.
    fn radius(self, flat: f64) -> f64 {
        let ideal = match self.projection {
            Projection::Rectilinear => flat,
            Projection::FTheta => (flat * self.half_angle().tan()).atan() / self.half_angle(),
        };
        if self.slope(ideal) <= FOLD {
            return ideal * BEYOND;
        }
        ideal * (1.0 + self.distortion() * (1.0 - ideal * ideal))
    }

    /// How fast the distorted radius grows with the ideal one. Where it no longer does, the formula folds back: it holds for
    /// the picture, and beside it would show the picture again, mirrored.
    fn slope(self, ideal: f64) -> f64 {
        1.0 + self.distortion() * (1.0 - 3.0 * ideal * ideal)
    }

    /// How much larger things are in the middle of the camera's picture than in the middle of the flat one.
    fn magnification(self) -> f64 {
        let ideal = match self.projection {
            Projection::Rectilinear => 1.0,
            Projection::FTheta => self.half_angle().tan() / self.half_angle(),
        };
        ideal * (1.0 + self.distortion())
    }

    /// Undoes `radius = ideal · (1 + d · (1 - ideal²))`; `None` beyond the largest radius that it gives.
    fn without_distortion(self, radius: f64) -> Option<f64> {
        let d = self.distortion();
        let mut ideal = radius;
        for _ in 0..32 {
            let slope = self.slope(ideal);
            if slope <= FOLD {
                return None;
            }
            let miss = ideal * (1.0 + d * (1.0 - ideal * ideal)) - radius;
            ideal -= miss / slope;
            if miss.abs() < 1e-13 {
                break;
            }
        }
        (ideal > 0.0 && ideal.is_finite()).then_some(ideal)
    }
}

/// As it stands in an inventory: the name of a known lens, else `101.6x54.1 f-theta 0.079`.
impl fmt::Display for Lens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, _)) = KNOWN.iter().find(|(_, lens)| lens == self) {
            return f.write_str(name);
        }
        let projection = match self.projection {
            Projection::Rectilinear => "rectilinear",
            Projection::FTheta => "f-theta",
        };
        write!(f, "{}x{} {projection}", self.horizontal(), self.vertical())?;
        if self.distortion == 0 { Ok(()) } else { write!(f, " {}", self.distortion()) }
    }
}

impl FromStr for Lens {
    type Err = NotALens;

    fn from_str(text: &str) -> Result<Self, NotALens> {
        let words = || NotALens::Words;
        let mut parts = text.split_whitespace();
        let first = parts.next().ok_or_else(words)?;
        if let Some((_, lens)) = KNOWN.iter().find(|(name, _)| name.eq_ignore_ascii_case(first)) {
            return parts.next().map_or(Ok(*lens), |_| Err(words()));
        }
        let number = |text: &str| text.parse::<f64>().map_err(|_| words());
        let (horizontal, vertical) = first.split_once(['x', 'X', '×']).ok_or_else(words)?;
        let projection = match parts.next().map(str::to_ascii_lowercase).as_deref() {
            Some("f-theta" | "f-θ") => Projection::FTheta,
            Some("rectilinear") => Projection::Rectilinear,
            _ => return Err(words()),
        };
        let distortion = parts.next().map_or(Ok(0.0), number)?;
        match parts.next() {
            None => Self::new(number(horizontal)?, number(vertical)?, projection, distortion),
            Some(_) => Err(words()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_lens() -> impl Strategy<Value = Lens> {
        (200..1500_u16, 100..1200_u16, any::<bool>(), -100..100_i16).prop_map(|(h, v, wide, d)| {
            let projection = if wide { Projection::FTheta } else { Projection::Rectilinear };
            Lens::in_steps(h, v, projection, d).unwrap()
        })
    }

    proptest! {
        #[test]
        fn bending_undoes_straightening(lens in any_lens(), x in -1.0..1.0_f64, y in -0.75..0.75_f64) {
            if let Some(flat) = lens.straighten(Point::new(x, y)) {
                let again = lens.bend(flat);
                prop_assert!((again.x - x).abs() < 1e-9 && (again.y - y).abs() < 1e-9, "{lens}: {again:?}");
            }
        }

        #[test]
        fn straightening_undoes_bending(lens in any_lens(), x in -1.0..1.0_f64, y in -0.6..0.6_f64) {
            let again = lens.straighten(lens.bend(Point::new(x, y))).unwrap();
            prop_assert!((again.x - x).abs() < 1e-7 && (again.y - y).abs() < 1e-7, "{lens}: {again:?}");
        }

        #[test]
        fn a_lens_is_read_as_it_is_written(lens in any_lens()) {
            prop_assert_eq!(lens.to_string().parse::<Lens>().unwrap(), lens);
            let file = serde_json::to_string(&lens).unwrap();
            prop_assert_eq!(serde_json::from_str::<Lens>(&file).unwrap(), lens);
        }
    }

    #[test]
    fn the_wide_outdoor_camera_sees_what_its_data_sheet_says() {
        let lens: Lens = "wide-outdoor".parse().unwrap();
        let angle = |x: f64, y: f64| {
            let flat = lens.straighten(Point::new(x, y)).unwrap();
            (flat.x.hypot(flat.y) * lens.half_angle().tan()).atan().to_degrees()
        };
        assert!((angle(1.0, 0.0) - 50.8).abs() < 1e-6);
        assert!((angle(0.0, 9.0 / 16.0) - 27.05).abs() < 0.1, "{}", angle(0.0, 9.0 / 16.0));
        // The diagonal is not used, and comes out as the data sheet has it.
        assert!((2.0 * angle(1.0, 9.0 / 16.0) - 120.6).abs() < 2.5, "{}", 2.0 * angle(1.0, 9.0 / 16.0));
        assert_eq!(lens.to_string(), "wide-outdoor");
    }

    #[test]
    fn beside_its_picture_a_lens_does_not_show_it_again() {
        let lens: Lens = "51x29 rectilinear 0.1".parse().unwrap();
        for step in 110..2000 {
            let far = f64::from(step) / 100.0;
            assert!(lens.bend(Point::new(far, 0.0)).x > 1.0, "{far}");
        }
    }

    #[test]
    fn a_straight_lens_changes_nothing() {
        let lens: Lens = "51x29 rectilinear".parse().unwrap();
        assert!(lens.is_straight());
        assert_eq!(lens.bend(Point::new(0.3, -0.4)), Point::new(0.3, -0.4));
    }

    #[test]
    fn what_is_no_lens_is_refused() {
        for bad in [
            "",
            "wide",
            "101.6",
            "101.6x54.1",
            "101.6x54.1 fish",
            "ax54 f-theta",
            "101x54 f-theta 0.1 9",
            "wide-outdoor 3",
        ] {
            assert!(matches!(bad.parse::<Lens>(), Err(NotALens::Words)), "{bad}");
        }
        for bad in ["0x54 f-theta", "161x54 f-theta", "101x-3 f-theta", "NaNx54 f-theta", "infx54 f-theta"] {
            assert!(matches!(bad.parse::<Lens>(), Err(NotALens::Angle)), "{bad}");
        }
        for bad in
            ["101x54 f-theta 0.26", "101x54 f-theta -0.21", "101x54 f-theta NaN", "9x9 rectilinear 1e9"]
        {
            assert!(matches!(bad.parse::<Lens>(), Err(NotALens::Distortion)), "{bad}");
        }
        let damaged = r#"{"horizontal":0,"vertical":541,"projection":"f_theta","distortion":0}"#;
        assert!(serde_json::from_str::<Lens>(damaged).is_err());
    }
}
