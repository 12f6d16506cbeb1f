//! What a client is told: what it may open, who is in the way, and what others use.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use crate::wish::Profile;
use model::Id;

use crate::wish::Holder;

/// How the client stands with the others. Only the last one counts: whatever an earlier view granted is void.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    state: State,
    answers: HashMap<Id, Vec<(Profile, Answer)>>,
    sites: BTreeMap<Id, Arc<SiteUse>>,
}

/// Whether there is somebody to share with.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// No server is configured: everything is granted.
    Alone,
    /// The server has not answered yet, or not for a moment: what is open stays open, and the rest waits for it.
    Connecting,
    /// What is granted is agreed on with the others.
    Connected {
        /// How many run, this one included.
        clients: usize,
    },
    /// The server is not to be reached: everything is granted, so nothing goes dark and only this client's own limits
    /// hold.
    Lost {
        /// Since when (monotonic).
        since: Instant,
        /// What is wrong.
        trouble: Trouble,
    },
}

/// Why the server is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No connection: wrong address, server off, network down.
    Unreachable,
    /// Its certificate is not trusted, or it speaks no TLS.
    Tls,
    /// It does not accept the login.
    Login,
    /// The file with the login cannot be read, or is none.
    LoginFile,
    /// It is there, but keeps no ledgers: JetStream is off, full, or forbidden to this login.
    NoStore,
    /// It was there and answers no longer.
    Silent,
}

/// What is said to a wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It may be open.
    Granted,
    /// It is open and must be closed now; say so by the next wish.
    Recalled {
        /// For whom, who took it first; nobody if it is only in the way of the same camera's other stream.
        by: Vec<Holder>,
    },
    /// It may not be opened yet.
    Waiting {
        /// What is missing.
        short: Short,
        /// Who has it, who took it from this client first.
        by: Vec<Holder>,
    },
    /// It is not needed beside the camera's better picture, which is granted.
    Superseded,
}

/// What there is too little of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Short {
    /// Viewers of the camera.
    Viewers,
    /// Mb/s of the recorder.
    Recorder,
    /// Mb/s of the site's line.
    Site,
    /// Nothing: its turn has come, and somebody is about to close what stands in the way.
    Handover,
    /// The server's word.
    Server,
}

/// What the other clients have leased at one site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteUse {
    /// Mb/s over the site's line.
    pub mbps: f64,
    /// The same by client, the most first.
    pub by: Vec<(Holder, f64)>,
    /// Mb/s by recorder.
    pub recorders: BTreeMap<Id, f64>,
    /// Viewers by camera.
    pub viewers: BTreeMap<Id, u32>,
}

static GRANTED: Answer = Answer::Granted;
static UNKNOWN: Answer = Answer::Waiting { short: Short::Server, by: Vec::new() };

impl View {
    pub(crate) fn new(state: State) -> Self {
        Self { state, answers: HashMap::new(), sites: BTreeMap::new() }
    }

    pub(crate) fn answers(&mut self, camera: &Id, kind: Profile, answer: Answer) {
        self.answers.entry(camera.clone()).or_default().push((kind, answer));
    }

    pub(crate) fn uses(&mut self, site: &Id, by_others: &Arc<SiteUse>) {
        self.sites.insert(site.clone(), Arc::clone(by_others));
    }

    /// Whether there is somebody to share with.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The answer for a stream; one that is not among the last wishes waits.
    #[must_use]
    pub fn answer(&self, camera: &Id, kind: Profile) -> &Answer {
        if self.state == State::Alone {
            return &GRANTED;
        }
        let answers = self.answers.get(camera).into_iter().flatten();
        answers.into_iter().find(|(of, _)| *of == kind).map_or(&UNKNOWN, |(_, answer)| answer)
    }

    /// Whether a stream may be open.
    #[must_use]
    pub fn is_granted(&self, camera: &Id, kind: Profile) -> bool {
        *self.answer(camera, kind) == Answer::Granted
    }

    /// What others have leased at a site; `None` if nothing, or if it is not known.
    #[must_use]
    pub fn site(&self, site: &Id) -> Option<&SiteUse> {
        self.sites.get(site).map(Arc::as_ref)
    }
}
