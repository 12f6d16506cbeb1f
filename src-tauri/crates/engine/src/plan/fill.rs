//! Gives out the limits step by step, in a fixed order; [`super`] says in which and why.

use std::time::Duration;

use super::decision::{Choice, Reason, Shortage, Verdict};
use super::demand::{Demand, demands};
use super::ladder::{Ladder, Step, refusal, wanted};
use super::order::{Place, line_up};
use super::pools::{self, Claim, Pools, amounts};
use super::scene::{Camera, Scene};

/// Who has got what.
pub(super) struct Filled {
    /// By camera.
    pub(super) verdicts: Vec<Verdict>,
    /// The cameras that are shown, the most important first.
    pub(super) line: Vec<Place>,
    pub(super) pools: Pools,
}

/// Fills every limit in the order of the line.
pub(super) fn fill(scene: &Scene) -> Filled {
    let demands = demands(scene);
    let line = line(scene, &demands);
    let mut pools = Pools::of(scene);
    let candidates = demands.iter().enumerate();
    let mut candidates: Vec<Option<Candidate>> = candidates
        .map(|(camera, demand)| demand.map(|demand| Candidate::new(scene, &mut pools, camera, demand)))
        .collect();

    let mut climb = |places: &[Place], step: Step| {
        for place in places {
            if let Some(candidate) = &mut candidates[place.camera] {
                candidate.climb(&mut pools, step);
            }
        }
    };
    climb(&line, Step::Base);
    for peers in line.chunk_by(Place::is_peer) {
        climb(peers, Step::Motion);
        climb(peers, Step::Size);
    }

    let gpu_sessions = scene.machine.gpu_sessions.unwrap_or(u32::MAX);
    let verdicts = candidates.iter().map(|candidate| match candidate {
        Some(candidate) => candidate.verdict(gpu_sessions),
        None => HIDDEN,
    });
    Filled { verdicts: verdicts.collect(), line, pools }
}

const HIDDEN: Verdict = Verdict { choice: Choice::Nothing, wanted: Choice::Nothing, reason: Reason::Hidden };

/// Everybody who is shown, in the order in which each step is taken.
pub(super) fn line(scene: &Scene, demands: &[Option<Demand>]) -> Vec<Place> {
    let shown = scene.cameras.iter().zip(demands).enumerate();
    let shown = shown.filter_map(|(at, (camera, demand))| {
        demand.as_ref().map(|demand| Place::new(at, camera.recorder, camera.site, demand))
    });
    let mut line: Vec<_> = shown.collect();
    line_up(&mut line);
    line
}

/// A camera that is shown, on its way up.
struct Candidate<'a> {
    camera: &'a Camera,
    demand: Demand,
    wanted: Choice,
    /// Its steps, or why there are none.
    ladder: Result<Ladder, Reason>,
    claim: Claim,
    granted: Choice,
    /// What is in the way of the next step.
    stop: Option<Stop>,
}

#[derive(Clone, Copy)]
enum Stop {
    /// A limit, by its place on the route.
    Short(usize, Shortage),
    Held(Duration),
}

impl<'a> Candidate<'a> {
    fn new(scene: &Scene<'a>, pools: &mut Pools, at: usize, demand: Demand) -> Self {
        let camera = &scene.cameras[at];
        let wanted = wanted(camera, &demand).unwrap_or_default();
        let past = scene.history.and_then(|history| history.of(at));
        let hold = past.and_then(|past| past.hold().map(|left| (past.choice, left)));
        let had = past.filter(|past| !past.touched()).map(|past| amounts(camera, past.choice));
        let ladder = Ladder::of(camera, wanted, hold);
        // What is sure to be given up is pending no longer.
        let pending = had.filter(|_| ladder.is_ok()).unwrap_or_default();
        let route = pools.route(camera);
        let claim = Claim { route, attended: demand.attended, had, has: [0; 4], pending };
        pools.expect(&claim, hold.is_some());
        Self { camera, demand, wanted, ladder, claim, granted: Choice::Nothing, stop: None }
    }

    /// Takes this step if it has one there, the step before was granted, and no limit forbids it.
    fn climb(&mut self, pools: &mut Pools, step: Step) {
        let Ok(ladder) = &self.ladder else { return };
        let Some(to) = ladder.rung(step).filter(|_| self.stop.is_none()) else { return };
        let needs = amounts(self.camera, to);
        // The limit is asked first: "the line is full" tells more than "it changed just now".
        // By itself, only a dark tile takes something away from another.
        let base = step == Step::Base;
        let short = pools.refusal(&self.claim, &needs, base, base && matches!(to, Choice::KeyFrames(_)));
        let short = short.map(|(at, shortage)| Stop::Short(at, shortage));
        self.stop = short.or(ladder.withheld(step).map(Stop::Held));
        let mut pending = [0; 4];
        if self.stop.is_none() {
            pools.give_back(&self.claim.route, &self.claim.has);
            pools.take(&self.claim.route, &needs);
            self.claim.has = needs;
            self.granted = to;
            if !ladder.ends_with(step) {
                let had = self.claim.had.unwrap_or_default();
                pending = std::array::from_fn(|i| self.claim.pending[i].min(had[i].saturating_sub(needs[i])));
            }
        }
        pools.settle(&mut self.claim, pending);
    }

    fn verdict(&self, gpu_sessions: u32) -> Verdict {
        Verdict { choice: self.granted, wanted: self.wanted, reason: self.reason(gpu_sessions) }
    }

    fn reason(&self, gpu_sessions: u32) -> Reason {
        let ladder = match &self.ladder {
            Ok(ladder) => ladder,
            Err(reason) => return *reason,
        };
        match self.stop.or(ladder.held().map(Stop::Held)) {
            Some(Stop::Short(pools::RECORDER, shortage)) => return Reason::RecorderMbps(shortage),
            Some(Stop::Short(pools::SITE, shortage)) => return Reason::SiteMbps(shortage),
            Some(Stop::Short(pools::DECODE, shortage)) => return Reason::Decode(shortage),
            Some(Stop::Short(..)) => return Reason::GpuSessions { limit: gpu_sessions },
            Some(Stop::Held(left)) => return Reason::Held { left },
            None => {}
        }
        if let Some(refused) = refusal(self.camera, self.wanted) {
            return refused;
        }
        let has_larger = self.camera.small_and_large().is_some_and(|(small, large)| small != large);
        match self.demand {
            Demand { moving: false, .. } => Reason::KeyFramesByChoice,
            Demand { large: false, .. } if has_larger && self.granted == self.wanted => {
                Reason::TooSmallForMain
            }
            _ => Reason::Fits,
        }
    }
}
