//! What a layout would cost, said before it is opened.

use super::decision::{Choice, Load, Reason};
use super::plan;
use super::scene::Scene;

/// A limit of which much would be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loaded {
    /// The recorder or site, by its place in the scene.
    pub index: usize,
    /// How much of it.
    pub load: Load,
}

/// What would come, for one line of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Preflight {
    /// Decoding in cores now.
    pub decode_now: Load,
    /// Decoding in cores then; [`Load::share`] is the part of this machine.
    pub decode: Load,
    /// Recorders of which more than [`Preflight::WORTH_SAYING`] would be used.
    pub recorders: Vec<Loaded>,
    /// Sites likewise.
    pub sites: Vec<Loaded>,
    /// Cameras that would stay dark because as many watch them as may.
    pub without_slot: Vec<usize>,
    /// Cameras that would stay dark for another reason than a missing slot.
    pub dark: Vec<usize>,
    /// Cameras that would show key frames only, although all pictures are asked for.
    pub key_frames: Vec<usize>,
    /// Cameras that are shown better now, by limits then: they pay for the layout.
    pub worse: Vec<usize>,
}

impl Preflight {
    /// Less than this share of a limit is not worth a word.
    pub const WORTH_SAYING: f64 = 0.6;
}

/// Compares what is shown with a scene that would be. A layout is opened by a person, so nothing is held back then:
/// the history of `then` is not looked at.
#[must_use]
pub fn preflight(now: &Scene, then: &Scene) -> Preflight {
    let (now, then) = (plan(now), plan(&Scene { history: None, ..*then }));
    let which = |test: &dyn Fn(usize) -> bool| (0..then.cameras.len()).filter(|&at| test(at)).collect();
    let verdict = |at: usize| &then.cameras[at];
    let limited = |at: usize| verdict(at).choice.grade() < verdict(at).wanted.grade();
    let is_dark = |at: usize| limited(at) && verdict(at).choice == Choice::Nothing;
    let no_slot = |at: usize| matches!(verdict(at).reason, Reason::Viewers { .. });
    let better_now =
        |at: usize| now.cameras.get(at).is_some_and(|v| v.choice.grade() > verdict(at).choice.grade());
    Preflight {
        decode_now: now.decode,
        decode: then.decode,
        recorders: loaded(&then.recorders),
        sites: loaded(&then.sites),
        without_slot: which(&|at| is_dark(at) && no_slot(at)),
        dark: which(&|at| is_dark(at) && !no_slot(at)),
        key_frames: which(&|at| {
            verdict(at).wanted.is_moving() && matches!(verdict(at).choice, Choice::KeyFrames(_))
        }),
        worse: which(&|at| limited(at) && better_now(at)),
    }
}

fn loaded(loads: &[Load]) -> Vec<Loaded> {
    let much = loads.iter().enumerate().filter(|(_, load)| load.share() > Preflight::WORTH_SAYING);
    much.map(|(index, &load)| Loaded { index, load }).collect()
}
