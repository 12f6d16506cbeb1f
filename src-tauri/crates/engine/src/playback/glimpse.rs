//! Single pictures of a camera's recording away from the place where it is played: what lies under a pointer on a time line.
//!
//! Key frames alone, one at a time, and the newest question wins: nothing is fetched for a place that the pointer has left.
//! They come by the same fetcher as what is played, in a session of their own that waits for its turn at the recorder, gives
//! it up when it is wanted, and pays for its bytes from the same share of the line.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use decode::OneByOne;
use model::{AccessUnit, Fault, Moment, Picture};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::cache::Due;
use super::reel::Reel;
use super::shared::{Shared, Want};

/// A picture that has not come by then is given up; somebody has long looked elsewhere.
const PATIENCE: Duration = Duration::from_secs(10);
/// No camera sends key frames farther apart.
const APART: Duration = Duration::from_secs(20);

/// What there is of a moment.
#[derive(Clone, Debug)]
pub enum Glimpse {
    /// The key frame of the moment or the last one before, and when it was taken.
    Picture(Moment, Picture),
    /// Nothing was recorded then.
    Nothing,
    /// Somebody asks for another place.
    Overtaken,
}

/// See the module. One camera's.
pub struct Glimpses {
    reel: Arc<Reel>,
    shared: Arc<Shared>,
    stirred: Arc<Notify>,
    /// Counts the questions.
    newest: AtomicU64,
    task: tokio::task::AbortHandle,
}

/// What is known at once.
enum Known {
    /// A key frame, to be decoded.
    Frame(Moment, AccessUnit),
    Nothing,
}

impl Glimpses {
    pub(super) fn new(
        reel: Arc<Reel>,
        shared: Arc<Shared>,
        stirred: Arc<Notify>,
        task: tokio::task::AbortHandle,
    ) -> Self {
        Self { reel, shared, stirred, newest: AtomicU64::new(0), task }
    }

    /// The reel whose recording it is.
    pub(super) fn reel(&self) -> &Arc<Reel> {
        &self.reel
    }

    /// The key frame of a moment, or the last one before. One that is no more than `within` older is good enough, if it is
    /// there already. Whoever asks later goes first.
    ///
    /// # Errors
    /// The recorder's refusal; [`Fault::NoAnswer`]: it does not come, or others are before it in line.
    pub async fn at(&self, at: Moment, within: Duration) -> Result<Glimpse, Fault> {
        let question = self.newest.fetch_add(1, Ordering::AcqRel) + 1;
        self.stirred.notify_waiters();
        let _asked = Asked { glimpses: self, question };
        self.shared.forget_latest(at);
        let until = Instant::now() + PATIENCE;
        loop {
            let stirred = self.stirred.notified();
            tokio::pin!(stirred);
            // From here on nothing that comes is missed.
            stirred.as_mut().enable();
            if self.newest.load(Ordering::Acquire) != question {
                return Ok(Glimpse::Overtaken);
            }
            match self.look(at, within)? {
                Some(Known::Frame(key, unit)) => return self.decoded(question, key, unit).await,
                Some(Known::Nothing) => return Ok(Glimpse::Nothing),
                None => {}
            }
            if timeout_at(until, stirred).await.is_err() {
                return Err(Fault::NoAnswer(PATIENCE));
            }
        }
    }

    /// What is there by now; asks for what is not.
    fn look(&self, at: Moment, within: Duration) -> Result<Option<Known>, Fault> {
        if let Some((key, unit)) = self.reel.shared.key_frame(at, within) {
            return Ok(Some(Known::Frame(key, unit)));
        }
        // What was fetched for this question is as near as the camera's key frames are.
        let patience = if self.shared.latest_is_near(at, APART) { APART } else { within };
        if let Some((key, unit)) = self.shared.key_frame(at, patience) {
            self.shared.wish(None);
            return Ok(Some(Known::Frame(key, unit)));
        }
        match self.shared.due(at, patience) {
            Due::Hole => return Ok(Some(Known::Nothing)),
            Due::Picture { .. } | Due::Missing => {}
        }
        if let Some(fault) = self.shared.fault() {
            return Err(fault);
        }
        self.shared.wish(Some(Want { at, back: false, key_frames: true, rate: 1.0, urgent: true }));
        Ok(None)
    }

    /// The picture of a key frame.
    async fn decoded(&self, question: u64, key: Moment, unit: AccessUnit) -> Result<Glimpse, Fault> {
        let unit = AccessUnit { captured: Some(SystemTime::from(key)), ..unit };
        let decoded = tokio::task::spawn_blocking(move || OneByOne::alone("glimpse", unit)).await;
        if self.newest.load(Ordering::Acquire) != question {
            return Ok(Glimpse::Overtaken);
        }
        let picture = decoded.ok().flatten();
        let picture = picture.ok_or_else(|| Fault::Undecodable("a key frame by itself".to_owned()))?;
        Ok(Glimpse::Picture(key, picture))
    }
}

impl Drop for Glimpses {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A question that has not been answered; nothing is fetched for one that was given up.
struct Asked<'a> {
    glimpses: &'a Glimpses,
    question: u64,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if self.glimpses.newest.load(Ordering::Acquire) == self.question {
            self.glimpses.shared.wish(None);
        }
    }
}
