//! Recordings taken out: from recorders into packages of evidence.
//!
//! **What it does:** asks each camera's recorder what it holds of the time that is wanted, has it played as fast as its line
//! allows, and hands what comes, untouched and in true time, to the writers of a package; goes on after lost connections
//! where it broke off; names every stretch that did not come.
//!
//! **What it must never know:** windows, words for people, who may take what out, where keys are kept (a signer is handed
//! in).
//!
//! **The way through it:** [`Exporter::run`] carries out an [`Order`] on the caller's thread, cameras on threads of their own,
//! and ends with an [`Outcome`]; [`Progress`] is looked at meanwhile, and stops it. What is not [`Outcome::Complete`] is a
//! folder `NAME.partial` that another order goes on with. [`copy()`] makes copies for viewing before a package is signed, drawn
//! into by a [`Scribe`]; [`still()`] takes single pictures out of it, [`Exporter::peek`] one from the recorder.
//!
//! # Threads
//! A camera's thread waits for its recorder and writes to the disk, one after the other: a slow disk slows the recorder
//! down, and nothing queues in between but what the system's sockets hold.

mod camera;
mod copy;
mod ending;
mod filing;
mod job;
mod kept;
mod peek;
mod progress;
pub(crate) mod source;
mod still;

use std::path::PathBuf;
use std::sync::Arc;

use evidence::{Complete, Description, ExportFault};
use model::{Fault, Id, Period};

use crate::devices::{Devices, Way};
use crate::gate::Gate;
use crate::playback::{Archive, Throttle, Turns};

pub(crate) use camera::{joined, position};
pub(crate) use copy::let_others_go_first;
pub use copy::{CopyFault, Scribe, copy, copy_coding};
pub use job::Beside;
pub use progress::{CameraStanding, CameraState, Progress, Stop};
pub use still::still;

/// How often in a row a recorder is asked again that gives nothing; with the pauses in between, about a minute.
const TRIES: u32 = 9;

/// One camera of a package.
#[derive(Clone)]
pub struct Wanted {
    /// The way to its recorder, with the person's login.
    pub way: Way,
    /// Its name.
    pub name: String,
    /// The site's name.
    pub site: String,
    /// What is wanted, in true time.
    pub period: Period,
    /// What its recorder's line has left.
    pub line: Throttle,
    /// Packages on this machine that have footage of it: taken where the recorder has it no longer.
    pub kept: Vec<PathBuf>,
}

/// What is to be taken out.
pub struct Order {
    /// The folder that the package is made in.
    pub folder: PathBuf,
    /// What it is to be called.
    pub name: String,
    /// Why and by whom.
    pub description: Description,
    /// How many bytes are expected.
    pub estimate: u64,
    /// In the order in which they are begun.
    pub cameras: Vec<Wanted>,
    /// A package in the making that this goes on with.
    pub resumed: Option<PathBuf>,
    /// What does not come is named as a gap, and the package made without it.
    pub leave_gaps: bool,
}

/// What has become of an order.
pub enum Outcome {
    /// A complete package.
    Complete(Box<Complete>),
    /// It had been complete before; only something had to be cleared away.
    WasComplete(PathBuf),
    /// Somebody stopped it; what is there can be gone on with, or was removed as they said.
    Stopped,
    /// What is there can be gone on with.
    Failed(Failure),
}

/// Why there is no complete package.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] ExportFault),
    /// A camera's footage did not come.
    #[error("{0}: {1}")]
    Camera(Id, Fault),
    /// The operating system refuses a thread.
    #[error("no thread: {0}")]
    NoThread(std::io::Error),
}

/// See the module.
#[derive(Clone)]
pub struct Exporter {
    gate: Gate,
    turns: Turns,
    devices: Arc<Devices>,
    archive: Arc<Archive>,
    tries: u32,
}

impl Exporter {
    pub(crate) fn new(gate: Gate, devices: Arc<Devices>, archive: Arc<Archive>) -> Self {
        Self { gate, turns: Turns::default(), devices, archive, tries: TRIES }
    }

    /// The same, which gives up after so many fruitless questions in a row.
    #[must_use]
    pub fn giving_up_after(self, tries: u32) -> Self {
        Self { tries, ..self }
    }
}
