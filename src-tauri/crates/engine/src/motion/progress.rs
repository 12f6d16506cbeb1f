//! How a search stands, for who looks and for who stops it.

use model::{Fault, Moment, Period};
use parking_lot::Mutex;
use tokio::sync::watch;

use super::hits::Hit;

/// What a search does.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// The recorder is met and asked what it holds.
    #[default]
    Asking,
    /// The recorder plays others first.
    InLine,
    /// Pictures come, or the recorder searches by itself.
    Searching,
    /// Nothing came, and it is asked again.
    Again(Fault),
    /// All that was recorded has been looked at, or is named.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// There were so many hits that it ended there.
    Full,
    /// The recorder gave no more.
    Failed(Fault),
}

impl State {
    /// Whether nothing more comes.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Done | Self::Stopped | Self::Full | Self::Failed(_))
    }
}

/// Why a part of the time was not looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Unsearched {
    /// Nothing was recorded then.
    NotRecorded,
    /// The recorder has it in its list, but did not give it.
    NotGiven,
    /// The search was stopped before.
    Stopped,
    /// There were too many hits before.
    Full,
    /// The recorder gave no more, for this reason.
    Fault(Fault),
}

/// A part of the time that was not looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// When.
    pub period: Period,
    /// Why.
    pub why: Unsearched,
}

/// How a search stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// What it does.
    pub state: State,
    /// Up to where it has looked, in true time.
    pub reached: Moment,
    /// Key frames that were looked at.
    pub looked: u64,
    /// The recorder itself looked through some of the time, or all of it: no key frame of that was looked at, and there are no
    /// pictures of what it found.
    pub by_recorder: bool,
    /// What moved, the earliest first.
    pub hits: Vec<Hit>,
    /// When the whole picture became another one, which is not counted as motion; the first hundred.
    pub upheavals: Vec<Moment>,
    /// What was not looked at; known at the end.
    pub missed: Vec<Missed>,
}

/// See the module.
pub struct Progress {
    standing: Mutex<Standing>,
    stop: watch::Sender<bool>,
    held: watch::Sender<bool>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { standing: Mutex::default(), stop: watch::channel(false).0, held: watch::channel(false).0 }
    }
}

impl Progress {
    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing.lock().clone()
    }

    /// Whether nothing more comes.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.standing.lock().state.is_over()
    }

    /// Stops it, whatever it waits for.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Somebody else needs the recorder: its session ends, and none begins until it is let go.
    pub fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }

    pub(super) fn is_held(&self) -> bool {
        *self.held.borrow()
    }

    pub(super) async fn until_let_go(&self) {
        let mut heard = self.held.subscribe();
        let _ = heard.wait_for(|held| !*held).await;
    }

    pub(super) async fn until_stopped(&self) {
        let mut heard = self.stop.subscribe();
        // The sender lives as long as this.
        let _ = heard.wait_for(|stopped| *stopped).await;
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Standing) -> T) -> T {
        change(&mut self.standing.lock())
    }
}
