//! A camera at whose controls somebody sits: its motors, where it points, and whether it may be steered now.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use devices::device::Channel;
use model::{Id, Preset, Velocity};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::agreement::{Agreement, Claim, Holder};
use super::aim;
use super::drive::{Motion, SILENCE};
use super::gaze::{Gaze, Looks};
use super::motor::{Axis, Motor};
use super::status::{Abilities, Moving, Status};
use super::unstopped::Unstopped;
use crate::devices::Way;
use crate::source::Bell;

/// A camera that nobody has touched for so long is free for others.
const STILLNESS: Duration = Duration::from_secs(8);
/// Whoever goes before us waits so long for our stop to be acknowledged.
const HANDOVER: Duration = Duration::from_millis(400);
/// A camera is asked for and not given for so long: nobody waits any longer.
const ASKING: Duration = Duration::from_secs(2);
/// A mount stays unlocked for so long after it was last moved.
const UNLOCKED: Duration = Duration::from_secs(300);

/// What a hand moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Push {
    /// Pan, tilt and zoom.
    Turn(Velocity),
    /// Farther (positive) or nearer, −1 to 1.
    Focus(f32),
    /// Open (positive) or close, −1 to 1.
    Iris(f32),
}

impl Push {
    /// For the log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Turn(velocity) if velocity.pan == 0.0 && velocity.tilt == 0.0 => "zoom",
            Self::Turn(_) => "pan_tilt",
            Self::Focus(_) => "focus",
            Self::Iris(_) => "iris",
        }
    }

    pub(super) fn is_still(self) -> bool {
        match self {
            Self::Turn(velocity) => velocity.within().is_still(),
            Self::Focus(speed) | Self::Iris(speed) => speed == 0.0 || speed.is_nan(),
        }
    }
}

/// See the module.
pub(super) struct Seat {
    pub(super) way: Way,
    pub(super) channel: Channel,
    pub(super) abilities: Abilities,
    pub(super) gaze: Option<Gaze>,
    turning: Option<Motor>,
    focus: Option<Motor>,
    iris: Option<Motor>,
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    /// Since when the camera is asked for or held.
    claimed: Option<Instant>,
    claim: Option<Claim>,
    /// It was given to us.
    is_ours: bool,
    /// What is to move as soon as it is.
    pending: Option<(Push, Instant)>,
    /// When it was last touched.
    used: Option<Instant>,
    /// Whom it is taken from.
    taken_from: Option<String>,
    /// Somebody goes before us since then.
    leaving: Option<Instant>,
    pub(super) lost_to: Option<String>,
    /// Movements that were written down since the camera is ours.
    noted: HashSet<&'static str>,
    pub(super) presets: Option<Vec<Preset>>,
    pub(super) fault: Option<model::Fault>,
    /// It was sent beyond a stop.
    pub(super) beyond: bool,
    pub(super) unlocked: Option<Instant>,
    pub(super) tour: Option<AbortHandle>,
    pub(super) looked_at: bool,
}

/// What has happened at a seat and is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Happened {
    TookOver { from: String },
    Lost { to: String },
    Moved { what: &'static str },
}

impl Seat {
    pub(super) fn new(
        runtime: &Handle,
        way: Way,
        channel: Channel,
        unstopped: &Arc<Unstopped>,
        bell: &Bell,
    ) -> Self {
        let motor = |axis| Motor::start(runtime, &way.camera, axis, unstopped, bell);
        let steer = channel.steer.as_ref();
        let lens = channel.lens.as_ref();
        Self {
            abilities: Abilities::of(&channel),
            gaze: steer.map(|steer| Gaze::start(runtime, steer, bell)),
            turning: steer.map(|steer| motor(Axis::Turning(Arc::clone(steer)))),
            focus: lens.map(|lens| motor(Axis::Focus(Arc::clone(lens)))),
            iris: lens.filter(|lens| lens.has_iris()).map(|lens| motor(Axis::Iris(Arc::clone(lens)))),
            state: Mutex::default(),
            way,
            channel,
        }
    }

    pub(super) fn camera(&self) -> &Id {
        &self.way.camera
    }

    fn motors(&self) -> impl Iterator<Item = &Motor> {
        [&self.turning, &self.focus, &self.iris].into_iter().flatten()
    }

    /// Whether it has a motor for this.
    pub(super) fn has(&self, push: Push) -> bool {
        match push {
            Push::Turn(_) => self.turning.is_some(),
            Push::Focus(_) => self.focus.is_some(),
            Push::Iris(_) => self.iris.is_some(),
        }
    }

    /// A person moves it; at once if it is ours, else as soon as it is.
    pub(super) fn push(&self, push: Push, claim: Claim, agreement: &dyn Agreement) -> Vec<Happened> {
        let now = Instant::now();
        self.end_tour();
        {
            let mut state = self.state.lock();
            state.beyond = false;
            state.lost_to = None;
            state.pending = Some((push, now)).filter(|_| !push.is_still());
            if push.is_still() {
                drop(state);
                self.give(push);
                return Vec::new();
            }
        }
        self.ask_for(claim, agreement);
        self.look_after(agreement)
    }

    /// Asks for the camera, unless it is asked for like this already.
    pub(super) fn ask_for(&self, claim: Claim, agreement: &dyn Agreement) {
        let mut state = self.state.lock();
        let now = Instant::now();
        state.used = Some(now);
        let stronger = state.claim.as_ref().is_none_or(|before| {
            before.person != claim.person || before.role != claim.role || (claim.take && !before.take)
        });
        if stronger {
            state.claimed = Some(now);
            state.claim = Some(claim.clone());
            drop(state);
            agreement.claim(self.camera(), &claim);
        }
    }

    fn give(&self, push: Push) {
        let speed = |zoom| Velocity { zoom, ..Velocity::STILL };
        let (motor, velocity) = match push {
            Push::Turn(velocity) => {
                let zoom =
                    self.gaze.as_ref().and_then(|gaze| gaze.read(Looks::pose)).map_or(1.0, |pose| pose.zoom);
                (&self.turning, aim::slowed(velocity, zoom))
            }
            Push::Focus(value) => (&self.focus, speed(value)),
            Push::Iris(value) => (&self.iris, speed(value)),
        };
        if let Some(motor) = motor {
            motor.hold(velocity);
        }
        if let (Push::Turn(_), Some(gaze)) = (push, &self.gaze) {
            gaze.with(|looks| {
                looks.stopped();
                looks.moved(Instant::now());
            });
        }
    }

    /// Nobody's hand is on it any more.
    pub(super) fn let_go(&self) {
        self.state.lock().pending = None;
        self.motors().for_each(Motor::let_go);
    }

    /// It is left to others.
    pub(super) fn give_up(&self, agreement: &dyn Agreement) {
        {
            let mut state = self.state.lock();
            (state.claim, state.claimed, state.is_ours, state.pending) = (None, None, false, None);
            state.noted.clear();
        }
        agreement.let_go(self.camera());
    }

    /// It is to stand still, whoever moves it and wherever it is going.
    pub(super) fn stop(&self) {
        self.end_tour();
        self.state.lock().pending = None;
        if let Some(motor) = &self.turning {
            motor.stop();
        }
        [&self.focus, &self.iris].into_iter().flatten().for_each(Motor::let_go);
        if let Some(gaze) = &self.gaze {
            gaze.with(Looks::stopped);
        }
    }

    pub(super) fn end_tour(&self) {
        if let Some(tour) = self.state.lock().tour.take() {
            tour.abort();
        }
    }

    /// Something of ours may move it.
    pub(super) fn may_move(&self) -> bool {
        self.motors().any(Motor::may_move)
    }

    /// Looks after who may steer: gives what is pending, ends what may not go on, frees what nobody touches.
    pub(super) fn look_after(&self, agreement: &dyn Agreement) -> Vec<Happened> {
        let now = Instant::now();
        let holder = agreement.holder(self.camera());
        let (mut happened, mut give) = (Vec::new(), None);
        let (mut stop, mut free) = (false, false);
        {
            let mut state = self.state.lock();
            match &holder {
                Holder::Us if state.claim.is_some() => give = state.ours(&mut happened, now),
                // Left over from somebody before.
                Holder::Us => free = true,
                Holder::UsFor { name } => {
                    stop = true;
                    let since = *state.leaving.get_or_insert(now);
                    if !self.may_move() || now.saturating_duration_since(since) >= HANDOVER {
                        happened.extend(state.lost(name));
                        free = true;
                    }
                }
                Holder::Other { name, ours_to_take } => {
                    if std::mem::take(&mut state.is_ours) {
                        stop = true;
                        happened.extend(state.lost(name));
                        free = true;
                    } else {
                        let takes = state.claim.as_ref().is_some_and(|claim| claim.take) && *ours_to_take;
                        free = state.is_in_vain(if takes { ASKING } else { SILENCE }, now);
                    }
                }
                Holder::Nobody | Holder::Asked => free = state.is_in_vain(ASKING, now),
            }
            if free {
                (state.claim, state.claimed, state.leaving, state.is_ours) = (None, None, None, false);
                state.noted.clear();
            }
            if holder == Holder::Nobody
                && let Some(claim) = state.claim.clone()
            {
                // Whom it was agreed on with is another one now.
                agreement.claim(self.camera(), &claim);
            }
        }
        if stop {
            self.end_tour();
            self.let_go();
        }
        if let Some(push) = give {
            self.give(push);
        }
        let is_idle = holder == Holder::Us && self.is_idle(now);
        if free || is_idle {
            if is_idle {
                let mut state = self.state.lock();
                (state.claim, state.claimed, state.is_ours) = (None, None, false);
                state.noted.clear();
            }
            agreement.let_go(self.camera());
        }
        happened
    }

    fn is_idle(&self, now: Instant) -> bool {
        let state = self.state.lock();
        let untouched = state.used.is_none_or(|used| now.saturating_duration_since(used) >= STILLNESS);
        let on_its_way = self.gaze.as_ref().is_some_and(|gaze| gaze.read(Looks::is_on_its_way));
        untouched && state.tour.is_none() && !on_its_way && !self.may_move()
    }

    /// Whether anything is to be looked after soon.
    pub(super) fn is_busy(&self) -> bool {
        self.state.lock().claim.is_some() || self.may_move()
    }

    /// The camera is asked for, and whether it is given is not known yet.
    pub(super) fn is_asking(&self) -> bool {
        let state = self.state.lock();
        state.claim.is_some() && !state.is_ours
    }

    /// Somebody has touched it.
    pub(super) fn touch(&self) {
        self.state.lock().used = Some(Instant::now());
    }

    /// Its mount was unlocked, and not too long ago.
    pub(super) fn is_unlocked(&self) -> bool {
        let now = Instant::now();
        let mut state = self.state.lock();
        let is_unlocked = state.unlocked.is_some_and(|at| now.saturating_duration_since(at) < UNLOCKED);
        if is_unlocked && state.is_ours {
            state.unlocked = Some(now);
        }
        is_unlocked
    }

    /// What its device refuses for good.
    pub(super) fn refusal(&self) -> Option<model::Fault> {
        self.motors().filter_map(Motor::fault).find(|fault| fault.retry() == model::Retry::AfterChange)
    }

    pub(super) fn status(&self, holder: Holder) -> Status {
        let now = Instant::now();
        let motions: Vec<Motion> = self.motors().map(Motor::motion).collect();
        let reach = self.abilities.reach.unwrap_or_default();
        let looks = |look: &dyn Fn(&Looks) -> bool| self.gaze.as_ref().is_some_and(|gaze| gaze.read(look));
        let moving = match () {
            () if motions.contains(&Motion::Unsure) => Moving::Unsure,
            () if motions.contains(&Motion::Held) => Moving::Ours,
            () if motions.contains(&Motion::Stopping) => Moving::Stopping,
            () if looks(&|looks| looks.is_on_its_way()) => Moving::Ours,
            () if looks(&|looks| looks.is_foreign(now)) => Moving::Others,
            () => Moving::Still,
        };
        let is_unlocked = self.is_unlocked();
        let state = self.state.lock();
        Status {
            abilities: Some(self.abilities.clone()),
            fault: self.motors().find_map(Motor::fault).or_else(|| state.fault.clone()),
            pose: self.gaze.as_ref().and_then(|gaze| gaze.read(Looks::pose)),
            at_limit: state.beyond || looks(&|looks| looks.is_at_stop(&reach)),
            moving,
            holder,
            lost_to: state.lost_to.clone(),
            presets: state.presets.clone(),
            touring: state.tour.is_some(),
            is_unwritten: self.motors().any(Motor::is_unwritten),
            is_unlocked,
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.end_tour();
    }
}

impl State {
    /// The camera is ours; gives what is to move now.
    fn ours(&mut self, happened: &mut Vec<Happened>, now: Instant) -> Option<Push> {
        if !std::mem::replace(&mut self.is_ours, true)
            && let Some(from) = self.taken_from.take()
        {
            happened.push(Happened::TookOver { from });
        }
        self.leaving = None;
        let (push, at) = self.pending.take()?;
        if now.saturating_duration_since(at) >= SILENCE {
            return None;
        }
        let what = push.name();
        if self.noted.insert(what) {
            happened.push(Happened::Moved { what });
        }
        Some(push)
    }

    /// It is somebody else's.
    fn lost(&mut self, to: &str) -> Option<Happened> {
        self.pending = None;
        self.is_ours = false;
        self.lost_to = Some(to.to_owned());
        Some(Happened::Lost { to: to.to_owned() })
    }

    /// It is asked for, and nobody waits for it any more.
    fn is_in_vain(&self, patience: Duration, now: Instant) -> bool {
        self.claimed.is_some_and(|since| now.saturating_duration_since(since) >= patience)
            && self.pending.is_none_or(|(_, at)| now.saturating_duration_since(at) >= SILENCE)
    }

    /// From whom a claim that takes it takes it.
    pub(super) fn takes_from(&mut self, name: &str) {
        self.taken_from = Some(name.to_owned());
    }

    /// A movement that was not made by hand; whether it is to be written down.
    pub(super) fn note(&mut self, what: &'static str) -> bool {
        self.noted.insert(what)
    }
}
