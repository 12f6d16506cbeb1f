//! Single pictures of a camera's recording away from the place where it is played: what lies under a pointer on a time line.
//!
//! Key frames alone, one at a time, and the newest question wins: nothing is fetched for a place that the pointer has left.
//! They come by the same fetcher as what is played, in a session of their own that waits for its turn at the recorder, gives
//! it up when it is wanted, and pays for its bytes from the same share of the line.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use decode::Input;
use model::{AccessUnit, Fault, Moment, Picture};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::cache::Due;
use super::reel::{Reel, Shared, Want};

/// A picture that has not come by then is given up; somebody has long looked elsewhere.
const PATIENCE: Duration = Duration::from_secs(10);
/// No camera sends key frames farther apart.
const APART: Duration = Duration::from_secs(20);
/// A decoder that brings pictures into order gives a key frame back when it sees what comes behind it: the same one again.
const MOST_TRIES: u8 = 4;

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
    input: Input,
    stirred: Arc<Notify>,
    /// Counts the questions.
    newest: AtomicU64,
    decoding: Mutex<Option<Decoding>>,
    task: tokio::task::AbortHandle,
}

/// A key frame that the decoder was given.
struct Decoding {
    key: Moment,
    tries: u8,
    /// How many units the decoder had dealt with before the last try.
    done: u64,
}

impl Glimpses {
    pub(super) fn new(
        reel: Arc<Reel>,
        shared: Arc<Shared>,
        input: Input,
        stirred: Arc<Notify>,
        task: tokio::task::AbortHandle,
    ) -> Self {
        let (newest, decoding) = (AtomicU64::new(0), Mutex::new(None));
        Self { reel, shared, input, stirred, newest, decoding, task }
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
            if let Some(answer) = self.look(at, within) {
                return answer;
            }
            if timeout_at(until, stirred).await.is_err() {
                return Err(Fault::NoAnswer(PATIENCE));
            }
        }
    }

    /// What is there by now; asks for what is not.
    fn look(&self, at: Moment, within: Duration) -> Option<Result<Glimpse, Fault>> {
        if let Some((key, unit)) = self.reel.shared.key_frame(at, within) {
            return self.decoded(key, &unit);
        }
        // What was fetched for this question is as near as the camera's key frames are.
        let patience = if self.shared.latest_is_near(at, APART) { APART } else { within };
        if let Some((key, unit)) = self.shared.key_frame(at, patience) {
            self.shared.wish(None);
            return self.decoded(key, &unit);
        }
        match self.shared.due(at, patience) {
            Due::Hole => return Some(Ok(Glimpse::Nothing)),
            Due::Picture { .. } | Due::Missing => {}
        }
        if let Some(fault) = self.shared.fault() {
            return Some(Err(fault));
        }
        self.shared.wish(Some(Want { at, back: false, key_frames: true, rate: 1.0, urgent: true }));
        None
    }

    /// The picture of a key frame, once it is decoded.
    fn decoded(&self, key: Moment, unit: &AccessUnit) -> Option<Result<Glimpse, Fault>> {
        if let Some(picture) = self.shared.take_picture(key) {
            *self.decoding.lock() = None;
            return Some(Ok(Glimpse::Picture(key, picture)));
        }
        let done = self.shared.done();
        let mut decoding = self.decoding.lock();
        let tries = match &*decoding {
            Some(known) if known.key == key && done <= known.done => return None,
            Some(known) if known.key == key => known.tries,
            _ => {
                self.input.reset();
                0
            }
        };
        if tries == MOST_TRIES {
            *decoding = None;
            return Some(Err(Fault::Undecodable("a key frame by itself".to_owned())));
        }
        *decoding = Some(Decoding { key, tries: tries + 1, done });
        self.input.push(AccessUnit {
            captured: Some(SystemTime::from(key)),
            received: std::time::Instant::now(),
            ..unit.clone()
        });
        None
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
