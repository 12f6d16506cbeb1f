//! One motor under a person's hand, without any I/O: it is told what the person does, what the device answers and how time
//! passes, and says what is to be sent. So the dead man's switch can be tested at every moment.
//!
//! What is held is sent when it changes and again and again, one request at a time, the latest wish only. Whatever was sent
//! once has to be stopped: when the person lets go, when nothing has renewed the wish for [`SILENCE`], or when somebody
//! else says so. A stop goes out at once, beside a request that is under way, because it must not wait for one that hangs.
//! Such a request may reach the device after the stop; so the stop counts only if none was under way, and is said again
//! otherwise. It is repeated until the device acknowledges it.

use std::time::Duration;

use model::{Fault, Retry, Velocity};
use tokio::time::Instant;

/// A wish that is not renewed ends after this: a key-up that was lost, a page that has died.
pub const SILENCE: Duration = Duration::from_millis(500);
/// What is held is sent again after this: a movement that expires goes on, and a request that was lost is made up for.
const REFRESH: Duration = Duration::from_millis(300);
/// Between two changes: the hand on a stick changes its mind with every picture.
const PACE: Duration = Duration::from_millis(50);
/// After a refusal the wish is not repeated sooner.
const AFTER_REFUSAL: Duration = Duration::from_millis(500);
/// A stop that was not acknowledged is repeated after this, then twice this, and so on.
const STOP_AGAIN: Duration = Duration::from_millis(250);
const LONGEST_STOP_PAUSE: Duration = Duration::from_secs(4);
/// A request without an answer may still reach the device for so long.
const STRAY: Duration = Duration::from_secs(1);
/// A camera is said not to be known to have stopped after this.
const UNSURE: Duration = Duration::from_secs(1);

/// What is to be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Do {
    /// To be answered by [`Drive::went`].
    Go(Velocity),
    /// On a connection of its own; to be answered by [`Drive::stopped`].
    Stop,
}

/// How a motor stands as far as our own doing goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Motion {
    /// Nothing of ours moves it.
    #[default]
    Still,
    /// A person moves it.
    Held,
    /// It is being stopped.
    Stopping,
    /// It was to stop, and the device has not said that it did.
    Unsure,
}

#[derive(Debug)]
struct Hold {
    velocity: Velocity,
    renewed: Instant,
}

#[derive(Debug)]
struct Sent {
    velocity: Velocity,
    at: Instant,
    /// When the device may have heard it last.
    heard: Instant,
    /// There was no answer: it may still be on its way until then.
    stray_until: Option<Instant>,
}

#[derive(Debug)]
enum Stop {
    NotDue,
    Due {
        since: Instant,
        tries: u32,
        not_before: Instant,
    },
    UnderWay {
        since: Instant,
        tries: u32,
        alone: bool,
    },
    /// The request that was under way beside the last stop has to end first.
    AfterGo {
        since: Instant,
    },
    /// The device refuses us for good, as with a changed password: asking again would lock us out.
    Refused {
        since: Instant,
    },
}

/// See the module.
#[derive(Debug)]
pub(super) struct Drive {
    expires: Option<Duration>,
    hold: Option<Hold>,
    /// The last movement since the last stop that counted.
    sent: Option<Sent>,
    going: bool,
    stop: Stop,
    not_before: Option<Instant>,
    /// The device's last refusal, until something works.
    fault: Option<Fault>,
    /// Refused for good: nothing is asked any more.
    barred: bool,
}

impl Drive {
    /// A movement of this motor ends by itself after `expires`; `None`: never.
    pub(super) fn new(expires: Option<Duration>) -> Self {
        Self {
            expires,
            hold: None,
            sent: None,
            going: false,
            stop: Stop::NotDue,
            not_before: None,
            fault: None,
            barred: false,
        }
    }

    /// The person wants it to move like this, now; to be said again before [`SILENCE`] is over.
    pub(super) fn hold(&mut self, velocity: Velocity, now: Instant) {
        let velocity = velocity.within();
        if velocity.is_still() {
            return self.let_go(now);
        }
        if self.barred {
            return;
        }
        self.hold = Some(Hold { velocity, renewed: now });
        // What is held anew is stopped later. A stop that is under way is waited for: it would end the new movement.
        if matches!(self.stop, Stop::Due { .. } | Stop::AfterGo { .. }) {
            self.stop = Stop::NotDue;
        }
    }

    /// The person wants it to stand still; also whoever takes the camera away from them.
    pub(super) fn let_go(&mut self, now: Instant) {
        self.hold = None;
        self.not_before = None;
        if self.sent.is_some() && matches!(self.stop, Stop::NotDue) {
            self.stop = Stop::Due { since: now, tries: 0, not_before: now };
        }
    }

    /// It is to be stopped whether or not anything of ours moves it: a person says stop, or an earlier run of the program
    /// left it moving.
    pub(super) fn stop_in_any_case(&mut self, now: Instant) {
        if self.sent.is_none() {
            self.sent = Some(Sent { velocity: Velocity::STILL, at: now, heard: now, stray_until: None });
        }
        self.let_go(now);
    }

    /// What is to be sent now; to be asked until it says nothing.
    pub(super) fn next(&mut self, now: Instant) -> Option<Do> {
        if self.hold.as_ref().is_some_and(|hold| now.saturating_duration_since(hold.renewed) >= SILENCE) {
            self.let_go(now);
        }
        match self.stop {
            Stop::Due { since, tries, not_before } if not_before <= now => {
                self.stop = Stop::UnderWay { since, tries, alone: !self.going };
                return Some(Do::Stop);
            }
            Stop::UnderWay { .. } => return None,
            _ => {}
        }
        let due = self.go_due()?;
        if self.going || due > now {
            return None;
        }
        let velocity = self.hold.as_ref()?.velocity;
        self.going = true;
        self.sent = Some(Sent { velocity, at: now, heard: now, stray_until: None });
        Some(Do::Go(velocity))
    }

    /// When the next wish is to be sent.
    fn go_due(&self) -> Option<Instant> {
        let hold = self.hold.as_ref()?;
        let due = match &self.sent {
            None => hold.renewed,
            Some(sent) if sent.velocity != hold.velocity => sent.at + PACE,
            Some(sent) => sent.at + REFRESH,
        };
        Some(self.not_before.map_or(due, |not_before| due.max(not_before)))
    }

    /// When [`Drive::next`] is to be asked again, if nothing happens before.
    pub(super) fn wake(&self) -> Option<Instant> {
        let silent = self.hold.as_ref().map(|hold| hold.renewed + SILENCE);
        let stop = match self.stop {
            Stop::Due { not_before, .. } => Some(not_before),
            _ => None,
        };
        let free = !self.going && !matches!(self.stop, Stop::UnderWay { .. });
        let go = self.go_due().filter(|_| free);
        [silent, stop, go].into_iter().flatten().min()
    }

    /// What came of a [`Do::Go`].
    pub(super) fn went(&mut self, outcome: Result<(), Fault>, now: Instant) {
        self.going = false;
        if let Some(sent) = &mut self.sent {
            sent.heard = now;
        }
        match outcome {
            Ok(()) => (self.fault, self.not_before) = (None, None),
            Err(fault) => self.did_not_go(fault, now),
        }
        if let Stop::AfterGo { since } = self.stop {
            self.stop = Stop::Due { since, tries: 0, not_before: now };
        }
    }

    fn did_not_go(&mut self, fault: Fault, now: Instant) {
        match fault.retry() {
            Retry::AfterChange => {
                self.barred = true;
                self.let_go(now);
            }
            Retry::NotBefore(pause) => self.not_before = Some(now + pause),
            Retry::Backoff => {
                self.not_before = Some(now + AFTER_REFUSAL);
                if let Some(sent) = &mut self.sent {
                    sent.stray_until = Some(now + STRAY);
                }
            }
        }
        self.fault = Some(fault);
    }

    /// What came of a [`Do::Stop`].
    pub(super) fn stopped(&mut self, outcome: Result<(), Fault>, now: Instant) {
        let Stop::UnderWay { since, tries, alone } = self.stop else { return };
        let held = self.hold.is_some();
        let stray = self.sent.as_mut().and_then(|sent| sent.stray_until.take_if(|until| *until > now));
        self.stop = match outcome {
            // It moves on; this stop was for the movement before.
            _ if held => Stop::NotDue,
            Ok(()) if !alone && self.going => Stop::AfterGo { since },
            Ok(()) if !alone => Stop::Due { since, tries: 0, not_before: now },
            Ok(()) => match stray {
                Some(until) => Stop::Due { since, tries: 0, not_before: until },
                None => {
                    (self.sent, self.fault) = (None, None);
                    Stop::NotDue
                }
            },
            Err(fault) => {
                let refused = fault.retry() == Retry::AfterChange;
                self.fault = Some(fault);
                if refused {
                    self.barred = true;
                    Stop::Refused { since }
                } else {
                    let pause = STOP_AGAIN.saturating_mul(1 << tries.min(8)).min(LONGEST_STOP_PAUSE);
                    Stop::Due { since, tries: tries + 1, not_before: now + pause }
                }
            }
        };
    }

    /// Something of ours may move it: what never ends by itself must not be forgotten.
    pub(super) fn may_move(&self) -> bool {
        self.sent.is_some()
    }

    /// How it stands.
    pub(super) fn motion(&self, now: Instant) -> Motion {
        let since = match self.stop {
            _ if self.hold.is_some() => return Motion::Held,
            Stop::NotDue => return Motion::Still,
            Stop::Refused { since } => Some(since),
            Stop::Due { since, .. } | Stop::UnderWay { since, .. } | Stop::AfterGo { since } => {
                Some(since).filter(|since| now.saturating_duration_since(*since) >= UNSURE)
            }
        };
        match since {
            // It has ended by itself, if the device keeps to what it says.
            Some(_) if self.has_expired(now) => Motion::Still,
            Some(_) => Motion::Unsure,
            None => Motion::Stopping,
        }
    }

    fn has_expired(&self, now: Instant) -> bool {
        let over =
            |sent: &Sent, expires| now >= sent.stray_until.unwrap_or(sent.heard).max(sent.heard) + expires;
        !self.going
            && match (&self.sent, self.expires) {
                (Some(sent), Some(expires)) => over(sent, expires),
                (None, _) => true,
                (Some(_), None) => false,
            }
    }

    /// What the device refuses, while it does.
    pub(super) fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RIGHT: Velocity = Velocity { pan: 1.0, tilt: 0.0, zoom: 0.0 };
    const UP: Velocity = Velocity { pan: 0.0, tilt: 1.0, zoom: 0.0 };

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn down() -> Fault {
        Fault::Unreachable("10.0.0.1:80".to_owned())
    }

    /// A drive whose person has pressed right and whose device has taken it.
    fn moving(start: Instant) -> Drive {
        let mut drive = Drive::new(Some(ms(1000)));
        drive.hold(RIGHT, start);
        assert_eq!(drive.next(start), Some(Do::Go(RIGHT)), "at once");
        drive.went(Ok(()), start + ms(5));
        drive
    }

    #[test]
    fn what_is_held_is_refreshed_and_changed_at_a_pace_one_request_at_a_time() {
        let start = Instant::now();
        let mut drive = moving(start);
        assert_eq!(drive.next(start + ms(299)), None);
        drive.hold(RIGHT, start + ms(290));
        assert_eq!(drive.wake(), Some(start + ms(300)));
        assert_eq!(drive.next(start + ms(300)), Some(Do::Go(RIGHT)));
        drive.hold(UP, start + ms(310));
        assert_eq!(drive.next(start + ms(400)), None, "one is under way");
        drive.hold(Velocity { pan: 0.5, ..UP }, start + ms(410));
        drive.went(Ok(()), start + ms(420));
        assert_eq!(drive.next(start + ms(420)), Some(Do::Go(Velocity { pan: 0.5, ..UP })), "the latest wins");
        drive.went(Ok(()), start + ms(421));
        drive.hold(UP, start + ms(425));
        assert_eq!(drive.next(start + ms(426)), None, "not with every picture");
        assert_eq!(drive.next(start + ms(470)), Some(Do::Go(UP)));
    }

    #[test]
    fn silence_stops_and_so_does_letting_go() {
        let start = Instant::now();
        let mut drive = moving(start);
        assert_eq!(drive.next(start + ms(300)), Some(Do::Go(RIGHT)));
        drive.went(Ok(()), start + ms(310));
        assert_eq!(drive.wake(), Some(start + ms(500)));
        assert_eq!(drive.next(start + ms(499)), None);
        assert_eq!(drive.next(start + ms(500)), Some(Do::Stop));
        assert!(drive.may_move(), "until the device says so");
        drive.stopped(Ok(()), start + ms(510));
        assert!(!drive.may_move() && drive.motion(start + ms(510)) == Motion::Still);
        assert_eq!((drive.next(start + ms(600)), drive.wake()), (None, None));

        let mut drive = moving(start);
        drive.let_go(start + ms(20));
        assert_eq!(drive.next(start + ms(20)), Some(Do::Stop));
    }

    #[test]
    fn a_stop_does_not_wait_for_a_request_that_hangs_and_is_said_again_behind_it() {
        let start = Instant::now();
        let mut drive = Drive::new(None);
        drive.hold(RIGHT, start);
        assert_eq!(drive.next(start), Some(Do::Go(RIGHT)));
        drive.let_go(start + ms(30));
        assert_eq!(drive.next(start + ms(30)), Some(Do::Stop), "at once");
        drive.stopped(Ok(()), start + ms(40));
        assert!(drive.may_move(), "the request may come after the stop");
        assert_eq!(drive.next(start + ms(40)), None);
        drive.went(Ok(()), start + ms(700));
        assert_eq!(drive.next(start + ms(700)), Some(Do::Stop));
        drive.stopped(Ok(()), start + ms(710));
        assert!(!drive.may_move());
    }

    #[test]
    fn a_request_without_an_answer_is_stopped_once_more_when_it_can_no_longer_come() {
        let start = Instant::now();
        let mut drive = Drive::new(None);
        drive.hold(RIGHT, start);
        drive.next(start);
        drive.went(Err(Fault::NoAnswer(ms(1000))), start + ms(100));
        drive.let_go(start + ms(200));
        assert_eq!(drive.next(start + ms(200)), Some(Do::Stop));
        drive.stopped(Ok(()), start + ms(210));
        assert!(drive.may_move());
        assert_eq!(drive.next(start + ms(1099)), None);
        assert_eq!(drive.next(start + ms(1100)), Some(Do::Stop));
        drive.stopped(Ok(()), start + ms(1110));
        assert!(!drive.may_move());
    }

    #[test]
    fn an_unacknowledged_stop_is_repeated_and_said() {
        let start = Instant::now();
        let mut drive = Drive::new(None);
        drive.hold(RIGHT, start);
        drive.next(start);
        drive.went(Ok(()), start);
        drive.let_go(start);
        let mut at = start;
        for pause in [250, 500, 1000, 2000, 4000, 4000] {
            assert_eq!(drive.next(at), Some(Do::Stop));
            drive.stopped(Err(down()), at);
            assert_eq!(drive.wake(), Some(at + ms(pause)));
            at += ms(pause);
        }
        assert_eq!(drive.motion(start + ms(900)), Motion::Stopping);
        assert_eq!(drive.motion(start + ms(1000)), Motion::Unsure);
        assert_eq!(drive.fault(), Some(&down()));
        assert_eq!(drive.next(at), Some(Do::Stop));
        drive.stopped(Ok(()), at);
        assert_eq!((drive.motion(at), drive.fault()), (Motion::Still, None));
    }

    #[test]
    fn a_movement_that_expires_is_known_to_be_over() {
        let start = Instant::now();
        let mut drive = moving(start);
        drive.let_go(start + ms(300));
        drive.next(start + ms(300));
        drive.stopped(Err(down()), start + ms(350));
        assert_eq!(drive.motion(start + ms(900)), Motion::Stopping);
        assert_eq!(drive.motion(start + ms(1300)), Motion::Still, "1 s after it was heard last");
    }

    #[test]
    fn a_refused_password_is_not_repeated_by_a_hand_that_goes_on_holding() {
        let start = Instant::now();
        let mut drive = Drive::new(None);
        drive.hold(RIGHT, start);
        drive.next(start);
        drive.went(Err(Fault::PasswordRefused), start);
        let mut asked = Vec::new();
        for at in 0..200 {
            drive.hold(RIGHT, start + ms(at * 50));
            if let Some(what) = drive.next(start + ms(at * 50)) {
                asked.push(what);
                drive.stopped(Err(Fault::PasswordRefused), start + ms(at * 50));
            }
        }
        assert_eq!(
            asked,
            [Do::Stop],
            "one stop, for what may have been begun before the password was changed"
        );
        assert_eq!(drive.motion(start + ms(10_000)), Motion::Unsure);
    }

    #[test]
    fn a_hand_that_comes_back_while_the_stop_is_under_way_moves_on() {
        let start = Instant::now();
        let mut drive = moving(start);
        drive.let_go(start + ms(50));
        assert_eq!(drive.next(start + ms(50)), Some(Do::Stop));
        drive.hold(UP, start + ms(60));
        assert_eq!(drive.next(start + ms(60)), None, "the stop would end it");
        drive.stopped(Ok(()), start + ms(70));
        assert_eq!(drive.next(start + ms(70)), Some(Do::Go(UP)));
        drive.went(Ok(()), start + ms(80));
        drive.let_go(start + ms(90));
        assert_eq!(drive.next(start + ms(90)), Some(Do::Stop));
    }

    #[derive(Clone, Copy, Debug)]
    enum Event {
        Hold(bool),
        LetGo,
        Went(bool),
        Stopped(bool),
        Pass(u64),
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            4 => any::<bool>().prop_map(Event::Hold),
            1 => Just(Event::LetGo),
            4 => prop::bool::weighted(0.8).prop_map(Event::Went),
            4 => prop::bool::weighted(0.7).prop_map(Event::Stopped),
            6 => (1..400_u64).prop_map(Event::Pass),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        /// Whatever happens: a stop is under way or on its pause 500 ms after the last wish at the latest, and nothing is
        /// forgotten before a stop was acknowledged with no movement under way beside it.
        #[test]
        fn whoever_lets_go_is_obeyed(events in prop::collection::vec(event(), 1..120), expires in any::<bool>()) {
            let mut now = Instant::now();
            let mut drive = Drive::new(expires.then(|| ms(1000)));
            // The device: what it was told last that it may have heard, and requests under way.
            let (mut going, mut stopping) = (None, false);
            let mut turns = false;
            let mut wished: Option<Instant> = None;
            for event in events {
                match event {
                    Event::Hold(right) => {
                        drive.hold(if right { RIGHT } else { UP }, now);
                        wished = Some(now);
                    }
                    Event::LetGo => {
                        drive.let_go(now);
                        wished = None;
                    }
                    Event::Went(well) => if going.take().is_some() {
                        turns = true;
                        drive.went(if well { Ok(()) } else { Err(down()) }, now);
                    },
                    Event::Stopped(well) => if std::mem::take(&mut stopping) {
                        if well { turns = false; }
                        drive.stopped(if well { Ok(()) } else { Err(down()) }, now);
                    },
                    Event::Pass(by) => {
                        let end = now + ms(by);
                        while let Some(wake) = drive.wake().filter(|wake| *wake <= end) {
                            now = now.max(wake);
                            match drive.next(now) {
                                Some(Do::Go(velocity)) => going = Some(velocity),
                                Some(Do::Stop) => stopping = true,
                                None => break,
                            }
                        }
                        now = end;
                    }
                }
                while let Some(what) = drive.next(now) {
                    match what {
                        Do::Go(velocity) => {
                            prop_assert!(going.replace(velocity).is_none(), "one request at a time");
                            prop_assert!(wished.is_some_and(|at| now - at < SILENCE), "nobody wishes that");
                        }
                        Do::Stop => stopping = true,
                    }
                }
                let silent = wished.is_none_or(|at| now - at >= SILENCE);
                if silent && (turns || going.is_some()) {
                    prop_assert!(drive.may_move());
                    let due = matches!(drive.stop, Stop::Due { .. } | Stop::UnderWay { .. } | Stop::AfterGo { .. });
                    prop_assert!(due, "{:?}", drive);
                }
            }
        }
    }
}
