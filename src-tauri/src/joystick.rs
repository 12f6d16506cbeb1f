//! Game controllers and joysticks: axes move the camera on the selected tile, buttons stop it, send it home, or to its first
//! presets. One thread; controllers may come and go.
//!
//! A controller that is unplugged lets go of the camera at once; one that only falls silent while it is held is no different
//! from a hand that rests there, so as long as it is there the push is renewed.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use gilrs::{Axis, Button, EventType, Gilrs};
use model::Velocity;

use crate::console::Console;

/// Sticks never come back to exactly 0, and old ones to less.
const DEAD_ZONE: f32 = 0.15;
/// What is held is said again after this; the camera stops after half a second without it.
const RENEW: Duration = Duration::from_millis(150);
/// Without an event the thread looks around after this.
const LOOK: Duration = Duration::from_millis(50);
/// With no controller there.
const IDLE: Duration = Duration::from_millis(500);

/// What a button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Stand still, whoever moves it.
    Stop,
    /// Go home.
    Home,
    /// Go to the preset at this place of the camera's list, from 0.
    Preset(usize),
}

/// Where a controller's sticks and triggers stand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Stick {
    pan: f32,
    tilt: f32,
    zoom: f32,
    closer: f32,
    wider: f32,
}

impl Stick {
    fn axis(&mut self, axis: Axis, value: f32) {
        match axis {
            Axis::LeftStickX => self.pan = value,
            Axis::LeftStickY => self.tilt = value,
            // The second stick of a game controller; the ring on top of a surveillance joystick.
            Axis::RightStickY | Axis::RightZ => self.zoom = value,
            _ => {}
        }
    }

    fn button(&mut self, button: Button, value: f32) {
        match button {
            Button::RightTrigger2 => self.closer = value,
            Button::LeftTrigger2 => self.wider = value,
            _ => {}
        }
    }

    fn velocity(&self) -> Velocity {
        let zoom = self.zoom + self.closer - self.wider;
        Velocity { pan: speed(self.pan), tilt: speed(self.tilt), zoom: speed(zoom) }
    }
}

/// Nothing in the dead zone; then slowly at first, so that a small movement of the hand is a small one of the camera.
fn speed(value: f32) -> f32 {
    if value.is_nan() {
        return 0.0;
    }
    let beyond = ((value.abs() - DEAD_ZONE) / (1.0 - DEAD_ZONE)).clamp(0.0, 1.0);
    (beyond * beyond).copysign(value)
}

/// What a button does; `None` for those that do nothing.
fn pressed(button: Button) -> Option<Press> {
    match button {
        Button::South => Some(Press::Stop),
        Button::Start | Button::North => Some(Press::Home),
        Button::DPadUp => Some(Press::Preset(0)),
        Button::DPadRight => Some(Press::Preset(1)),
        Button::DPadDown => Some(Press::Preset(2)),
        Button::DPadLeft => Some(Press::Preset(3)),
        _ => None,
    }
}

/// All controllers together as one hand.
#[derive(Default)]
struct Hand {
    sticks: HashMap<usize, Stick>,
    said: Option<(Velocity, Instant)>,
}

/// What the hand says now.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Say {
    Push(Velocity),
    LetGo,
}

impl Hand {
    /// Takes what a controller has done; gives what a button asks for.
    fn take(&mut self, id: usize, event: EventType) -> Option<Press> {
        match event {
            EventType::AxisChanged(axis, value, _) => self.stick(id).axis(axis, value),
            EventType::ButtonChanged(button, value, _) => self.stick(id).button(button, value),
            EventType::ButtonPressed(button, _) => return pressed(button),
            // It comes back with its sticks at rest, wherever they stood.
            EventType::Connected => drop(self.sticks.insert(id, Stick::default())),
            EventType::Disconnected => drop(self.sticks.remove(&id)),
            _ => {}
        }
        None
    }

    fn stick(&mut self, id: usize) -> &mut Stick {
        self.sticks.entry(id).or_default()
    }

    /// What is to be said now: a change at once, what is held again and again, and once that it is not any more.
    fn say(&mut self, now: Instant) -> Option<Say> {
        let moves = |stick: &&Stick| !stick.velocity().is_still();
        let velocity = self.sticks.values().find(moves).map(Stick::velocity);
        match (velocity, self.said) {
            (None, None) => None,
            (None, Some(_)) => {
                self.said = None;
                Some(Say::LetGo)
            }
            (Some(velocity), Some((before, at))) if velocity == before && now - at < RENEW => None,
            (Some(velocity), _) => {
                self.said = Some((velocity, now));
                Some(Say::Push(velocity))
            }
        }
    }
}

/// Listens to controllers until the console has gone. Where the system has none to offer, that is written to the log.
///
/// # Errors
/// The system refuses a thread.
pub(crate) fn listen(console: &Arc<Console>) -> io::Result<()> {
    let console = Arc::downgrade(console);
    std::thread::Builder::new().name("joystick".to_owned()).spawn(move || work(&console)).map(drop)
}

fn work(console: &Weak<Console>) {
    let mut controllers = match Gilrs::new() {
        Ok(controllers) => controllers,
        Err(error) => return log::info!("no game controllers: {error}"),
    };
    let mut hand = Hand::default();
    loop {
        let pause = if controllers.gamepads().next().is_some() { LOOK } else { IDLE };
        let mut event = controllers.next_event_blocking(Some(pause));
        let Some(console) = console.upgrade() else { return };
        while let Some(gilrs::Event { id, event: what, .. }) = event {
            if let Some(press) = hand.take(id.into(), what) {
                console.stick_pressed(press);
            }
            event = controllers.next_event();
        }
        match hand.say(Instant::now()) {
            Some(Say::Push(velocity)) => console.stick_push(velocity),
            Some(Say::LetGo) => console.stick_let_go(),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still(velocity: Velocity) -> bool {
        velocity.is_still()
    }

    #[test]
    fn a_stick_at_rest_moves_nothing_and_one_at_its_end_moves_at_full_speed() {
        for drift in [0.0, 0.1, -0.149, f32::NAN] {
            assert!(
                still(Stick { pan: drift, tilt: drift, zoom: drift, ..Stick::default() }.velocity()),
                "{drift}"
            );
        }
        let end = Stick { pan: -1.0, tilt: 1.0, zoom: 1.0, ..Stick::default() }.velocity();
        assert_eq!(end, Velocity { pan: -1.0, tilt: 1.0, zoom: 1.0 });
        assert!(speed(0.5) < 0.25 && speed(0.5) > 0.0, "slowly at first");
        let both = Stick { zoom: 1.0, closer: 1.0, ..Stick::default() }.velocity();
        assert_eq!(both.zoom, 1.0);
    }

    #[test]
    fn axes_and_triggers_are_where_people_expect_them() {
        let mut stick = Stick::default();
        stick.axis(Axis::LeftStickX, 1.0);
        stick.axis(Axis::LeftStickY, -1.0);
        stick.button(Button::LeftTrigger2, 1.0);
        assert_eq!(stick.velocity(), Velocity { pan: 1.0, tilt: -1.0, zoom: -1.0 });
        assert_eq!(pressed(Button::South), Some(Press::Stop));
        assert_eq!(pressed(Button::DPadLeft), Some(Press::Preset(3)));
        assert_eq!(pressed(Button::Select), None);
    }

    #[test]
    fn what_is_held_is_renewed_and_a_rest_is_said_once() {
        let id = 0;
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut hand = Hand::default();
        assert_eq!(hand.say(at(0)), None);
        hand.stick(id).pan = 1.0;
        let right = Velocity { pan: 1.0, ..Velocity::STILL };
        assert_eq!(hand.say(at(10)), Some(Say::Push(right)), "at once");
        assert_eq!(hand.say(at(20)), None);
        assert_eq!(hand.say(at(160)), Some(Say::Push(right)), "again and again");
        hand.stick(id).tilt = 1.0;
        assert_eq!(hand.say(at(170)), Some(Say::Push(Velocity { tilt: 1.0, ..right })), "a change at once");
        assert_eq!(hand.take(id, EventType::Disconnected), None);
        assert_eq!(hand.say(at(180)), Some(Say::LetGo), "unplugged");
        assert_eq!(hand.say(at(190)), None);
    }
}
