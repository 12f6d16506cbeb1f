//! What is asked of a camera once.

use std::sync::Arc;
use std::time::Duration;

use audit::Event;
use model::{Fault, Id, Lens, Point, Pose, Preset};
use tokio::time::{Instant, sleep, timeout};

use super::aim::{Area, centre, frame, usual};
use super::limits::{Reached, within};
use super::seat::Seat;
use super::{Holder, Inner, Refused, Steering};

/// An errand's answer is waited for so long.
const ANSWER: Duration = Duration::from_secs(8);
/// Other workstations are asked for so long whether the camera is free.
const ASKING: Duration = Duration::from_millis(1500);
const LOOK: Duration = Duration::from_millis(10);

/// Something that is asked of a camera once.
#[derive(Clone, Debug, PartialEq)]
pub enum Errand {
    /// Turn to.
    Turn(Target),
    /// Go to its home place.
    Home,
    /// Go to a preset, by its token.
    Recall(String),
    /// Keep the place where it points as a preset: under a new token, or in place of one.
    Keep {
        /// Which is replaced.
        token: Option<String>,
        /// As people call it.
        name: String,
    },
    /// Forget a preset.
    Forget(String),
    /// Ask for its presets anew.
    ListPresets,
    /// Let it focus by itself.
    AutoFocus,
    /// Switch something.
    Switch {
        /// As the device calls it.
        name: String,
        /// On or off.
        on: bool,
    },
    /// Stop, whoever moves it.
    Stop,
    /// Take it from whoever steers it and comes after.
    TakeOver,
    /// Leave it to others.
    GiveUp,
    /// Unlock a mount that only sets the camera up, or lock it again; the person was asked.
    Unlock(bool),
}

/// Where to turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// So that this point of the picture comes to the middle.
    Point(Point),
    /// So that this box fills the picture.
    Area(Area),
    /// There.
    Pose(Pose),
}

/// What came of an errand.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// It was taken.
    Taken,
    /// It turns there.
    Turning(Reached),
    /// It has these presets now.
    Presets(Vec<Preset>),
}

impl Errand {
    /// Others' hands are in the way of it.
    fn moves(&self) -> bool {
        !matches!(self, Self::ListPresets | Self::Stop | Self::GiveUp | Self::Unlock(_))
    }
}

impl Steering {
    /// Does an errand, on the devices' runtime; the answer is the device's.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn run(&self, camera: &Id, errand: Errand) -> Result<Done, Refused> {
        let inner = &self.0;
        let seat = inner.seat(camera).await?;
        let set_up = seat.abilities.set_up_only;
        inner.allow(camera, set_up)?;
        if set_up && errand.moves() && !seat.is_unlocked() {
            return Err(Refused::Locked);
        }
        if errand.moves() {
            seat.end_tour();
            inner.acquire(&seat, errand == Errand::TakeOver).await?;
        }
        let done = inner.run(&seat, errand).await;
        if let Err(Refused::Device(fault)) = &done {
            inner.devices.heard(&seat.way, fault);
        }
        (inner.bell)();
        inner.stirred.notify_one();
        done
    }
}

async fn answered<T>(reply: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    timeout(ANSWER, reply).await.unwrap_or(Err(Fault::NoAnswer(ANSWER)))
}

impl Inner {
    /// Takes the camera among the workstations.
    pub(super) async fn acquire(&self, seat: &Seat, take: bool) -> Result<(), Refused> {
        let before = self.agreement.holder(seat.camera());
        if let (true, Holder::Other { name, .. }) = (take, &before) {
            seat.state.lock().takes_from(name);
        }
        seat.ask_for(self.claim(take), &*self.agreement);
        let until = Instant::now() + ASKING;
        loop {
            let happened = seat.look_after(&*self.agreement);
            self.write_down(seat, happened);
            match self.agreement.holder(seat.camera()) {
                Holder::Us => {
                    // It may be ours since this very moment.
                    let happened = seat.look_after(&*self.agreement);
                    self.write_down(seat, happened);
                    return Ok(());
                }
                Holder::UsFor { name } => return Err(Refused::Held { by: name, ours_to_take: false }),
                Holder::Other { name, ours_to_take }
                    if !(take && ours_to_take) || Instant::now() >= until =>
                {
                    return Err(Refused::Held { by: name, ours_to_take });
                }
                _ if Instant::now() >= until => return Err(Refused::Unanswered),
                _ => {}
            }
            sleep(LOOK).await;
        }
    }

    async fn run(&self, seat: &Seat, errand: Errand) -> Result<Done, Refused> {
        let camera = || seat.camera().clone();
        match errand {
            Errand::Turn(target) => return self.turn(seat, target).await.map(Done::Turning),
            Errand::Home => {
                answered(seat.steer()?.home()).await?;
                self.away.lock().remove(seat.camera());
                self.sent(seat, "home");
            }
            Errand::Recall(token) => {
                self.recall(seat, &token).await?;
                let what = format!("preset {token}");
                self.people.note(Event::Moved { camera: camera(), what: what.as_str().into() });
            }
            Errand::Keep { token, name } => {
                let presets = seat.presets()?;
                let kept = answered(presets.keep(token.as_deref(), &name)).await?;
                let preset = kept.token.as_str().into();
                self.people.note(Event::PresetKept { camera: camera(), preset, name: name.as_str().into() });
                return self.list_presets(seat).await;
            }
            Errand::Forget(token) => {
                answered(seat.presets()?.forget(&token)).await?;
                let preset = token.as_str().into();
                self.people.note(Event::PresetForgotten { camera: camera(), preset });
                return self.list_presets(seat).await;
            }
            Errand::ListPresets => return self.list_presets(seat).await,
            Errand::AutoFocus => {
                let lens = seat.channel.lens.as_ref().ok_or(Fault::NotOffered)?;
                answered(lens.auto_focus()).await?;
            }
            Errand::Switch { name, on } => {
                let auxiliary = seat.channel.auxiliary.as_ref().ok_or(Fault::NotOffered)?;
                answered(auxiliary.switch(&name, on)).await?;
                let what = format!("{name} {}", if on { "on" } else { "off" });
                self.people.note(Event::Moved { camera: camera(), what: what.as_str().into() });
            }
            Errand::Stop => seat.stop(),
            Errand::TakeOver => seat.state.lock().lost_to = None,
            Errand::GiveUp => {
                seat.end_tour();
                seat.let_go();
                let until = Instant::now() + ASKING;
                while seat.may_move() && Instant::now() < until {
                    sleep(LOOK).await;
                }
                seat.give_up(&*self.agreement);
            }
            Errand::Unlock(unlocked) => {
                seat.let_go();
                seat.state.lock().unlocked = unlocked.then(Instant::now);
            }
        }
        seat.touch();
        Ok(Done::Taken)
    }

    /// Goes to a preset.
    pub(super) async fn recall(&self, seat: &Seat, token: &str) -> Result<(), Refused> {
        answered(seat.presets()?.recall(token)).await?;
        self.away.lock().remove(seat.camera());
        seat.send_off(false);
        Ok(())
    }

    fn sent(&self, seat: &Seat, what: &'static str) {
        seat.send_off(false);
        if seat.state.lock().note(what) {
            self.people.note(Event::Moved { camera: seat.camera().clone(), what: what.into() });
        }
    }

    async fn turn(&self, seat: &Seat, target: Target) -> Result<Reached, Refused> {
        let steer = seat.steer()?;
        let gaze = seat.gaze.as_ref().ok_or(Fault::NotOffered)?;
        let (reach, from) = (steer.reach(), gaze.now().await?);
        let lens = self.lens(seat);
        let reached = match target {
            Target::Point(point) => centre(lens, &reach, from, point),
            Target::Area(area) => frame(lens, &reach, from, area),
            Target::Pose(pose) => within(&reach, from, pose),
        };
        answered(steer.turn_to(reached.pose)).await?;
        self.went_away(seat.camera());
        seat.send_off(reached.at_limit);
        seat.touch();
        if seat.state.lock().note("turn") {
            self.people.note(Event::Moved { camera: seat.camera().clone(), what: "turn".into() });
        }
        Ok(reached)
    }

    fn lens(&self, seat: &Seat) -> Lens {
        (self.lens)(seat.camera()).unwrap_or_else(usual)
    }

    async fn list_presets(&self, seat: &Seat) -> Result<Done, Refused> {
        let list = answered(seat.presets()?.list()).await?;
        seat.state.lock().presets = Some(list.clone());
        Ok(Done::Presets(list))
    }
}

impl Seat {
    fn steer(&self) -> Result<&Arc<dyn devices::device::Steer>, Fault> {
        self.channel.steer.as_ref().ok_or(Fault::NotOffered)
    }

    fn presets(&self) -> Result<&dyn devices::device::Presets, Fault> {
        self.steer()?.presets().ok_or(Fault::NotOffered)
    }

    /// It was sent to a place.
    fn send_off(&self, beyond: bool) {
        self.state.lock().beyond = beyond;
        if let Some(gaze) = &self.gaze {
            gaze.with(|looks| looks.sent(Instant::now()));
        }
    }
}
