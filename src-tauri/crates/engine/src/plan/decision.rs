//! What the plan answers: for each camera a choice with its reason, what each limit carries, and in which order to
//! change over.

use std::time::Duration;

use super::scene::Refusal;
use inventory::ProfileKind;

/// What is opened of a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Choice {
    /// No session.
    #[default]
    Nothing,
    /// This stream, of which only key frames are decoded. Saves decoding, not the line: RTSP sends everything.
    KeyFrames(ProfileKind),
    /// The small picture.
    Sub,
    /// The full picture.
    Main,
}

impl Choice {
    /// All pictures of the stream of this kind, or its key frames only.
    pub(super) fn of(kind: ProfileKind, moving: bool) -> Self {
        match (kind, moving) {
            (kind, false) => Self::KeyFrames(kind),
            (ProfileKind::Sub, true) => Self::Sub,
            (ProfileKind::Main, true) => Self::Main,
        }
    }

    /// The stream that it opens.
    #[must_use]
    pub fn kind(self) -> Option<ProfileKind> {
        match self {
            Self::Nothing => None,
            Self::KeyFrames(kind) => Some(kind),
            Self::Sub => Some(ProfileKind::Sub),
            Self::Main => Some(ProfileKind::Main),
        }
    }

    /// Whether all pictures are shown.
    #[must_use]
    pub fn is_moving(self) -> bool {
        matches!(self, Self::Sub | Self::Main)
    }

    /// From dark to best: a moving small picture tells more than a sharp one every few seconds.
    #[must_use]
    pub fn grade(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::KeyFrames(ProfileKind::Sub) => 1,
            Self::KeyFrames(ProfileKind::Main) => 2,
            Self::Sub => 3,
            Self::Main => 4,
        }
    }
}

/// Why it is this choice and no better one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// It is what the tile asks for.
    Fits,
    /// The sub stream covers the tile; more pixels could not be seen.
    TooSmallForMain,
    /// Key frames were asked for.
    KeyFramesByChoice,
    /// The recorder sends no more, Mb/s.
    RecorderMbps(Shortage),
    /// The site's line carries no more, Mb/s.
    SiteMbps(Shortage),
    /// This machine decodes no more, cores.
    Decode(Shortage),
    /// The graphics processor has no decoding session left.
    GpuSessions {
        /// How many it has.
        limit: u32,
    },
    /// As many as may already watch this camera.
    Viewers {
        /// How many may.
        limit: u32,
    },
    /// The device refuses the stream that the tile asks for.
    Refused {
        /// Which stream.
        kind: ProfileKind,
        /// For how long.
        until: Refusal,
    },
    /// It changed just now and is left alone for a moment.
    Held {
        /// How much longer.
        left: Duration,
    },
    /// No tile of it can be seen.
    Hidden,
    /// The camera has no stream.
    NoProfile,
}

/// A limit that is in the way. An improvement that nobody has asked for must leave [`super::MARGIN`] of the limit free,
/// so `used` and `needs` together may also be a little less than `limit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortage {
    /// What others take whom it may not push out.
    pub used: f64,
    /// What this camera would take.
    pub needs: f64,
    /// What may be taken; the reserve is already off where it applies.
    pub limit: f64,
}

/// The answer for one camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// What is opened.
    pub choice: Choice,
    /// What it would be without limits, refusals and holds.
    pub wanted: Choice,
    /// Why.
    pub reason: Reason,
}

/// How much of a limit is in use, in Mb/s, cores or sessions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// By the choices of this decision.
    pub used: f64,
    /// Reserve included; `None`: not known to be limited.
    pub limit: Option<f64>,
}

impl Load {
    /// Used share of the limit; 0 where there is none.
    #[must_use]
    pub fn share(&self) -> f64 {
        match self.limit {
            Some(limit) if self.used > 0.0 => self.used / limit.max(f64::MIN_POSITIVE),
            _ => 0.0,
        }
    }
}

/// How to go from one choice to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nothing was open.
    Open,
    /// Nothing is wanted any more.
    Close,
    /// The stream stays; only what is decoded of it changes.
    InPlace,
    /// The new stream is opened beside the old one, which is closed at the first new picture.
    OpenFirst,
    /// No slot or no room for both: the old stream is closed before the new one is asked for, and the tile keeps its
    /// last picture meanwhile.
    CloseFirst,
}

/// One camera's change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which camera.
    pub camera: usize,
    /// What is open.
    pub from: Choice,
    /// What is to be open.
    pub to: Choice,
    /// How.
    pub way: Way,
}

/// All changes, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What frees room. Whatever these close without having opened ([`Way::Close`], [`Way::CloseFirst`],
    /// [`Way::InPlace`]) is closed before anything of `then` begins; nobody need wait for their new pictures.
    pub first: Vec<Change>,
    /// What takes room, the most important first.
    pub then: Vec<Change>,
}

/// The answer for everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// By camera.
    pub cameras: Vec<Verdict>,
    /// By recorder, Mb/s.
    pub recorders: Vec<Load>,
    /// By site, Mb/s.
    pub sites: Vec<Load>,
    /// This machine's decoding, cores.
    pub decode: Load,
    /// The graphics processor's decoding sessions.
    pub gpu_sessions: Load,
    /// How to get there from what is open.
    pub changes: Changes,
}
