//! From dark to what a tile asks for, in steps, each a better picture that takes more.

use std::time::Duration;

use super::decision::{Choice, Reason};
use super::demand::Demand;
use super::scene::Camera;
use inventory::ProfileKind;

/// The main stream is the cheaper one for the line only where it clearly is: measured rates wander by a tenth. A sub
/// stream in MJPEG beside a main stream in H.265 is such a case.
const CLEARLY_CHEAPER: f64 = 0.8;

/// The steps of a ladder, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Any picture: key frames of the cheapest stream.
    Base,
    /// All pictures of that stream.
    Motion,
    /// The larger picture.
    Size,
}

/// Where one camera may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ladder {
    rungs: [Option<Choice>; 3],
    /// From which step on a hold keeps it back, and for how long. Beyond the last step: it keeps the ladder itself from
    /// being another one.
    hold: Option<(usize, Duration)>,
}

impl Ladder {
    /// `hold` is a choice that must stay for some time.
    ///
    /// # Errors
    /// Why there is no step at all.
    pub(super) fn of(
        camera: &Camera,
        wanted: Choice,
        hold: Option<(Choice, Duration)>,
    ) -> Result<Self, Reason> {
        if let Some(viewers) = camera.viewers.filter(|_| camera.slots() == Some(0)) {
            return Err(Reason::Viewers { limit: viewers.limit });
        }
        let cheapest =
            cheapest(camera).ok_or_else(|| refusal(camera, wanted).unwrap_or(Reason::NoProfile))?;
        let free = rungs(camera, reachable(camera, wanted, cheapest), cheapest);
        let Some((choice, left)) = hold else { return Ok(Self { rungs: free, hold: None }) };
        let Some(kind) = choice.kind() else { return Ok(Self { rungs: free, hold: Some((0, left)) }) };
        if let Some(at) = free.iter().position(|rung| *rung == Some(choice)) {
            return Ok(Self { rungs: free, hold: (!ends_at(&free, at)).then_some((at + 1, left)) });
        }
        let usable = camera.usable(kind).is_some();
        Ok(if usable {
            Self { rungs: rungs(camera, choice, cheapest), hold: Some((free.len(), left)) }
        } else {
            Self { rungs: free, hold: None }
        })
    }

    pub(super) fn rung(&self, step: Step) -> Option<Choice> {
        self.rungs[step as usize]
    }

    /// How much longer a hold keeps it from this step.
    pub(super) fn withheld(&self, step: Step) -> Option<Duration> {
        self.hold.filter(|&(from, _)| from <= step as usize).map(|(_, left)| left)
    }

    /// How much longer a hold keeps it on this ladder, where there is a better one.
    pub(super) fn held(&self) -> Option<Duration> {
        self.hold.filter(|&(from, _)| from == self.rungs.len()).map(|(_, left)| left)
    }

    /// Whether nothing comes after this step.
    pub(super) fn ends_with(&self, step: Step) -> bool {
        ends_at(&self.rungs, step as usize)
    }
}

fn ends_at(rungs: &[Option<Choice>; 3], at: usize) -> bool {
    rungs[at + 1..].iter().all(Option::is_none)
}

/// What a camera's tiles ask for if nothing stands in the way; `None` without any stream.
pub(super) fn wanted(camera: &Camera, demand: &Demand) -> Option<Choice> {
    let (small, large) = camera.small_and_large()?;
    Some(Choice::of(if demand.large { large } else { small }, demand.moving))
}

/// Why the stream that is wanted cannot be had now, if so.
pub(super) fn refusal(camera: &Camera, wanted: Choice) -> Option<Reason> {
    let kind = wanted.kind()?;
    camera.profile(kind)?.refused.map(|until| Reason::Refused { kind, until })
}

/// The usable stream that takes the least of the line, for the line is what key frames don't save.
fn cheapest(camera: &Camera) -> Option<ProfileKind> {
    match (camera.usable(ProfileKind::Sub), camera.usable(ProfileKind::Main)) {
        (Some(sub), Some(main)) if main.mbps < sub.mbps * CLEARLY_CHEAPER => Some(ProfileKind::Main),
        (Some(_), _) => Some(ProfileKind::Sub),
        (None, Some(_)) => Some(ProfileKind::Main),
        (None, None) => None,
    }
}

/// The nearest to what is wanted: nobody takes a stream with fewer pixels that costs the line more.
fn reachable(camera: &Camera, wanted: Choice, cheapest: ProfileKind) -> Choice {
    let large = camera.small_and_large().map(|(_, large)| large);
    let kind = wanted.kind().filter(|&kind| camera.usable(kind).is_some());
    let kind = kind.filter(|&kind| Some(cheapest) != large || kind == cheapest);
    Choice::of(kind.unwrap_or(cheapest), wanted.is_moving())
}

fn rungs(camera: &Camera, aim: Choice, cheapest: ProfileKind) -> [Option<Choice>; 3] {
    let kind = aim.kind().unwrap_or(cheapest);
    let is_large = camera.small_and_large().is_some_and(|(_, large)| large == kind);
    // Only a choice that is held can be the smaller picture at the higher price; then it is its own first step.
    let base = if is_large { cheapest } else { kind };
    let moving = aim.is_moving();
    [
        Some(Choice::KeyFrames(base)),
        moving.then(|| Choice::of(base, true)),
        (kind != base).then(|| Choice::of(kind, moving)),
    ]
}
