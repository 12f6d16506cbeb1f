//! A camera's mechanism: axes with inertia between stops, presets, a home.
//!
//! Time is given by whoever asks: [`Motor::pose`] first lets everything happen that has happened since it was last
//! asked, in small steps. Nothing runs meanwhile, so that 108 motors cost nothing.

mod axis;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axis::Axis;

/// Where pan is at home: as far from either stop as can be.
pub const HOME_PAN: f64 = 175.0;
/// Pan turns from 0 to this, degrees, and not on to 0 again.
pub const PAN: (f64, f64) = (0.0, 350.0);
/// Tilt below the horizon, degrees.
pub const TILT: (f64, f64) = (0.0, 67.0);
/// Magnification by the lens.
pub const ZOOM: (f64, f64) = (1.0, 4.0);
/// The roll of a motorised mount, degrees.
pub const ROLL: (f64, f64) = (0.0, 355.0);
/// Presets are numbered from 1 to this.
pub const PRESETS: u16 = 255;

/// Seconds of a step.
const STEP: f64 = 0.005;

/// Where a camera looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Degrees from the left stop.
    pub pan: f64,
    /// Degrees below the horizon.
    pub tilt: f64,
    /// Magnification, 1 at the widest.
    pub zoom: f64,
    /// Degrees that the camera is turned about its own axis, clockwise.
    pub roll: f64,
}

/// A preset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Preset {
    pub(crate) name: String,
    pub(crate) pose: Pose,
}

/// The places of the axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Pan,
    Tilt,
    Zoom,
    Roll,
}

/// One camera's mechanism.
#[derive(Debug)]
pub(crate) struct Motor {
    axes: [Axis; 4],
    /// Where the camera was put up: what its clip shows.
    rest: Pose,
    pub(crate) home: Pose,
    pub(crate) presets: BTreeMap<u16, Preset>,
    /// When what was commanded ends by itself.
    expires: Option<Instant>,
    /// Until when everything has happened.
    at: Instant,
}

impl Motor {
    /// At rest at `rest`, with two presets.
    pub(crate) fn new(rest: Pose, now: Instant) -> Self {
        let preset = |name: &str, pan: f64, tilt: f64, zoom: f64| Preset {
            name: name.to_owned(),
            pose: Pose { pan, tilt, zoom, ..rest },
        };
        let presets =
            [(1, preset("Cửa ra vào", 120.0, 20.0, 1.0)), (2, preset("Bàn trực", 240.0, 35.0, 2.0))];
        Self {
            axes: [
                Axis::new(rest.pan, PAN, 80.0, 400.0),
                Axis::new(rest.tilt, TILT, 50.0, 300.0),
                Axis::new(rest.zoom, ZOOM, 1.5, 10.0),
                Axis::new(rest.roll, ROLL, 40.0, 200.0),
            ],
            rest,
            home: rest,
            presets: BTreeMap::from(presets),
            expires: None,
            at: now,
        }
    }

    /// Lets everything happen until `now`.
    fn advance(&mut self, now: Instant) {
        while self.at < now && (self.is_busy() || self.expires.is_some()) {
            let step = Duration::from_secs_f64(STEP).min(now - self.at);
            self.at += step;
            if self.expires.is_some_and(|end| end <= self.at) {
                self.expires = None;
                self.axes.iter_mut().for_each(Axis::rest);
            }
            self.axes.iter_mut().for_each(|axis| axis.step(step.as_secs_f64()));
        }
        self.at = self.at.max(now);
    }

    fn is_busy(&self) -> bool {
        self.axes.iter().any(|axis| !axis.rests())
    }

    /// Where it looks.
    pub(crate) fn pose(&mut self, now: Instant) -> Pose {
        self.advance(now);
        let [pan, tilt, zoom, roll] = self.axes.map(|axis| axis.position);
        Pose { pan, tilt, zoom, roll }
    }

    /// Whether it pans or tilts (or rolls), and whether it zooms.
    pub(crate) fn moving(&mut self, now: Instant) -> (bool, bool) {
        self.advance(now);
        let moves = |part: Part| !self.axes[part as usize].rests();
        (moves(Part::Pan) || moves(Part::Tilt) || moves(Part::Roll), moves(Part::Zoom))
    }

    /// Whether it shows anything else than its clip does.
    pub(crate) fn is_away(&mut self, now: Instant) -> bool {
        let pose = self.pose(now);
        self.is_busy() || pose != self.rest
    }

    /// Turns the axes that are named, each at a share -1–1 of its speed, until told otherwise or for `timeout`.
    pub(crate) fn drive(&mut self, now: Instant, shares: &[(Part, f64)], timeout: Option<Duration>) {
        self.advance(now);
        for &(part, share) in shares {
            self.axes[part as usize].drive(share);
        }
        self.expires = timeout.map(|timeout| now + timeout);
    }

    /// Sends the axes that are named to their places, at a share 0–1 of their speed.
    pub(crate) fn go(&mut self, now: Instant, places: &[(Part, f64)], share: f64) {
        self.advance(now);
        self.expires = None;
        for &(part, place) in places {
            self.axes[part as usize].go(place, share);
        }
    }

    /// Sends it to a pose.
    pub(crate) fn go_to(&mut self, now: Instant, pose: Pose) {
        self.go(now, &[(Part::Pan, pose.pan), (Part::Tilt, pose.tilt), (Part::Zoom, pose.zoom)], 1.0);
    }

    /// Brings these to rest.
    pub(crate) fn stop(&mut self, now: Instant, parts: &[Part]) {
        self.advance(now);
        for &part in parts {
            self.axes[part as usize].rest();
        }
        if !self.is_busy() {
            self.expires = None;
        }
    }

    /// Puts it there at once, at rest.
    pub(crate) fn put(&mut self, now: Instant, pose: Pose) {
        self.advance(now);
        self.expires = None;
        for (axis, place) in self.axes.iter_mut().zip([pose.pan, pose.tilt, pose.zoom, pose.roll]) {
            axis.put(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Pose = Pose { pan: HOME_PAN, tilt: 20.0, zoom: 1.0, roll: 0.0 };

    fn after(start: Instant, seconds: f64) -> Instant {
        start + Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_move_ends_with_its_timeout_or_never() {
        let start = Instant::now();
        let mut motor = Motor::new(REST, start);
        motor.drive(start, &[(Part::Pan, 0.5)], Some(Duration::from_secs(1)));
        assert_eq!(motor.moving(after(start, 0.9)), (true, false));
        assert_eq!(motor.moving(after(start, 1.3)), (false, false));
        let pan = motor.pose(after(start, 60.0)).pan;
        assert!((pan - 215.0).abs() < 2.5, "{pan}");

        let mut motor = Motor::new(REST, start);
        motor.drive(start, &[(Part::Pan, -0.1)], None);
        assert_eq!(motor.moving(after(start, 15.0)), (true, false));
        assert_eq!(motor.pose(after(start, 60.0)).pan, 0.0, "only the stop ends it");
    }

    #[test]
    fn asked_seldom_or_often_it_does_the_same() {
        let start = Instant::now();
        let (mut seldom, mut often) = (Motor::new(REST, start), Motor::new(REST, start));
        for motor in [&mut seldom, &mut often] {
            motor.drive(start, &[(Part::Pan, 1.0), (Part::Tilt, 0.7)], Some(Duration::from_millis(800)));
        }
        for millis in (0..2000).step_by(5) {
            often.pose(after(start, f64::from(millis) / 1000.0));
        }
        let (a, b) = (seldom.pose(after(start, 2.0)), often.pose(after(start, 2.0)));
        assert!((a.pan - b.pan).abs() < 1e-6 && (a.tilt - b.tilt).abs() < 1e-6, "{a:?} {b:?}");
    }

    #[test]
    fn it_is_home_again_only_when_it_is_there_and_rests() {
        let start = Instant::now();
        let mut motor = Motor::new(REST, start);
        assert!(!motor.is_away(start));
        let preset = motor.presets[&2].pose;
        motor.go_to(start, preset);
        assert!(motor.is_away(after(start, 0.1)));
        assert_eq!(motor.pose(after(start, 5.0)), preset);
        let home = motor.home;
        motor.go_to(after(start, 5.0), home);
        assert!(motor.is_away(after(start, 5.2)));
        assert!(!motor.is_away(after(start, 10.0)));
    }

    #[test]
    fn stopping_the_zoom_lets_it_turn_on() {
        let start = Instant::now();
        let mut motor = Motor::new(REST, start);
        motor.drive(start, &[(Part::Pan, 0.2), (Part::Zoom, 1.0)], Some(Duration::from_secs(5)));
        motor.stop(after(start, 0.5), &[Part::Zoom]);
        assert_eq!(motor.moving(after(start, 1.5)), (true, false));
        motor.stop(after(start, 1.5), &[Part::Pan, Part::Tilt]);
        assert_eq!(motor.moving(after(start, 2.5)), (false, false));
    }
}
