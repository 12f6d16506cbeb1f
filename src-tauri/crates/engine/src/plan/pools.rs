//! The limits that cameras share: recorders, sites, this machine. Counted in whole millionths (bits per second,
//! microcores), so that sums are exact and no order of adding them matters.

use super::decision::{Choice, Load, Shortage};
use super::scene::{Camera, Scene};

/// An improvement that nobody has asked for must leave this share of a limit free. Measured rates wander by a tenth: what
/// gets in at four fifths stays in, instead of coming and going.
pub const MARGIN: f64 = 0.2;

const UNIT: f64 = 1e6;
/// More than any device; sums of them stay far from overflow.
const MOST: f64 = 1e15;

/// What a choice takes of the four limits on a camera's way, see [`Pools::way`].
pub(super) type Amounts = [u64; 4];
/// The pools on a camera's way: recorder, site, decoding, graphics sessions.
pub(super) type Route = [usize; 4];

pub(super) const RECORDER: usize = 0;
pub(super) const SITE: usize = 1;
pub(super) const DECODE: usize = 2;

const UNLIMITED_POOL: usize = 0;
const DECODE_POOL: usize = 1;
const SESSIONS_POOL: usize = 2;
const FIRST_LINK: usize = 3;

#[derive(Clone, Debug)]
struct Pool {
    limit: u64,
    /// Without the reserve.
    open: u64,
    /// For what keeps a tile from being dark, where that is more than `limit`.
    last: u64,
    used: u64,
    /// What cameras had before and may still be granted again.
    pending: u64,
    /// That part of it which has no right to the reserve: it is lost when all together exceed `open`.
    pending_open: u64,
    /// A camera that has it changed just now: nobody who improves may push it out.
    unsettled: bool,
}

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Pools {
    pools: Vec<Pool>,
    recorders: usize,
}

/// On whose behalf something is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) route: Route,
    /// A person looks at it: the reserve is his.
    pub(super) attended: bool,
    /// What it had before; `None` for who was not shown or is asked for by a person, and gets in up to the limit.
    pub(super) had: Option<Amounts>,
    /// What it has now.
    pub(super) has: Amounts,
    /// Part of what it had, counted as pending.
    pub(super) pending: Amounts,
}

impl Pools {
    pub(super) fn of(scene: &Scene) -> Self {
        let reserve = scene.reserve.clamp(0.0, 1.0);
        let mut pools = vec![
            Pool::new(None, 0.0),
            Pool::new(Some(scene.machine.cores), 0.0),
            Pool::new(scene.machine.gpu_sessions.map(f64::from), 0.0),
        ];
        pools[DECODE_POOL].last =
            Pool::new(Some(scene.machine.key_frame_cores.unwrap_or_default()), 0.0).limit;
        pools.extend(scene.recorders.iter().chain(scene.sites).map(|&mbps| Pool::new(mbps, reserve)));
        Self { pools, recorders: scene.recorders.len() }
    }

    /// Which pools a camera draws from. Unknown recorders and sites, and recorders that a relay spares, don't limit.
    pub(super) fn route(&self, camera: &Camera) -> Route {
        let sites = self.pools.len() - FIRST_LINK - self.recorders;
        let recorder = camera.recorder < self.recorders && !camera.relayed;
        let site = camera.site < sites;
        [
            if recorder { FIRST_LINK + camera.recorder } else { UNLIMITED_POOL },
            if site { FIRST_LINK + self.recorders + camera.site } else { UNLIMITED_POOL },
            DECODE_POOL,
            SESSIONS_POOL,
        ]
    }

    /// The first limit, if any, that forbids going from what the claim has to `to`, with its place on the route.
    /// Limits of which no more is asked than is had are not looked at. An improvement that nobody asked for pushes others
    /// out only if it `displaces`. `key_frames`: they are all that keeps a tile from being dark.
    pub(super) fn refusal(
        &self,
        claim: &Claim,
        to: &Amounts,
        displaces: bool,
        key_frames: bool,
    ) -> Option<(usize, Shortage)> {
        (0..4).find_map(|at| {
            let (has, needs) = (claim.has[at], to[at]);
            if needs <= has {
                return None;
            }
            let pool = &self.pools[claim.route[at]];
            let full = if claim.attended { pool.limit } else { pool.open };
            let full = if key_frames { full.max(pool.last) } else { full };
            let (mut used, mut ceiling) = (pool.used - has, full);
            if claim.had.is_some_and(|had| needs > had[at]) {
                let spares = pool.unsettled || !displaces;
                if spares {
                    used += pool.pending - claim.pending[at];
                }
                let reserve = if spares && claim.attended && pool.pending_open > 0 {
                    pool.limit - pool.open
                } else {
                    0
                };
                ceiling = ((full - reserve) as f64 * (1.0 - MARGIN)) as u64;
            }
            let shortage = || Shortage { used: shown(used), needs: shown(needs), limit: shown(full) };
            (used.saturating_add(needs) > ceiling).then(|| (at, shortage()))
        })
    }

    /// Whether `more` still fits below the limits, the reserve being `attended`'s.
    pub(super) fn fits(&self, route: &Route, more: &Amounts, attended: bool) -> bool {
        (0..4).all(|at| {
            let pool = &self.pools[route[at]];
            let full = if attended { pool.limit } else { pool.open };
            more[at] == 0 || pool.used.saturating_add(more[at]) <= full
        })
    }

    /// Whether no limit that `these` weigh upon is exceeded by what has been taken.
    pub(super) fn hold(&self, route: &Route, these: &Amounts) -> bool {
        (0..4).all(|at| these[at] == 0 || self.pools[route[at]].used <= self.pools[route[at]].limit)
    }

    pub(super) fn take(&mut self, route: &Route, amounts: &Amounts) {
        for (&pool, amount) in route.iter().zip(amounts) {
            self.pools[pool].used += amount;
        }
    }

    pub(super) fn give_back(&mut self, route: &Route, amounts: &Amounts) {
        for (&pool, amount) in route.iter().zip(amounts) {
            self.pools[pool].used -= amount;
        }
    }

    /// Counts what the claim has pending; `unsettled` if its camera changed just now.
    pub(super) fn expect(&mut self, claim: &Claim, unsettled: bool) {
        for (&pool, &amount) in claim.route.iter().zip(&claim.pending) {
            self.pools[pool].pending += amount;
            self.pools[pool].pending_open += if claim.attended { 0 } else { amount };
            self.pools[pool].unsettled |= unsettled && amount > 0;
        }
    }

    /// Of `pending`, only `left` may still be asked for.
    pub(super) fn settle(&mut self, claim: &mut Claim, left: Amounts) {
        for (at, &pool) in claim.route.iter().enumerate() {
            let settled = claim.pending[at] - left[at];
            self.pools[pool].pending -= settled;
            self.pools[pool].pending_open -= if claim.attended { 0 } else { settled };
        }
        claim.pending = left;
    }

    pub(super) fn recorder_loads(&self) -> Vec<Load> {
        self.pools[FIRST_LINK..FIRST_LINK + self.recorders].iter().map(Pool::load).collect()
    }

    pub(super) fn site_loads(&self) -> Vec<Load> {
        self.pools[FIRST_LINK + self.recorders..].iter().map(Pool::load).collect()
    }

    pub(super) fn decode_load(&self) -> Load {
        self.pools[DECODE_POOL].load()
    }

    pub(super) fn session_load(&self) -> Load {
        self.pools[SESSIONS_POOL].load()
    }
}

impl Pool {
    fn new(limit: Option<f64>, reserve: f64) -> Self {
        let units = |limit: f64| (limit * UNIT).clamp(0.0, MOST).floor() as u64;
        Self {
            limit: limit.map_or(u64::MAX, units),
            open: limit.map_or(u64::MAX, |limit| units(limit * (1.0 - reserve))),
            last: 0,
            used: 0,
            pending: 0,
            pending_open: 0,
            unsettled: false,
        }
    }

    fn load(&self) -> Load {
        Load { used: shown(self.used), limit: (self.limit < u64::MAX).then(|| shown(self.limit)) }
    }
}

/// What a choice of this camera takes on its way. A profile that is gone takes nothing.
pub(super) fn amounts(camera: &Camera, choice: Choice) -> Amounts {
    let Some(profile) = choice.kind().and_then(|kind| camera.profile(kind)) else { return [0; 4] };
    let cores = if choice.is_moving() { profile.cores } else { profile.key_frame_cores };
    let bits = units(profile.mbps);
    [bits, bits, units(cores), if profile.on_gpu { UNIT as u64 } else { 0 }]
}

/// Rounded up; what is no number is taken for more than anything can carry.
fn units(cost: f64) -> u64 {
    if cost.is_nan() { MOST as u64 } else { (cost * UNIT).clamp(0.0, MOST).ceil() as u64 }
}

fn shown(units: u64) -> f64 {
    units as f64 / UNIT
}
