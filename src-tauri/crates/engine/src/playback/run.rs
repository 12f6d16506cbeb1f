//! What a fetcher has open and is being played: one session, one way through a recording.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use devices::recordings::Footage;
use devices::rtsp::replay::{Item, Pictures, Position, Replay};
use model::{Fault, Moment, Period, SoundFormat};

use super::cache::Way;
use super::shared::Want;
use super::turns::Turn;

/// How far a session that is running may be from what is wanted and still get there sooner than a new question would.
const NEAR: Duration = Duration::from_secs(4);
/// Key frames at high speeds come so often by the watcher's clock.
const KEY_FRAMES_APART: Duration = Duration::from_millis(120);
/// So near to the end of what an address plays, a recorder that says nothing more for [`SILENT`] has come to it.
pub(super) const LAST: Duration = Duration::from_secs(2);
/// See [`LAST`].
const SILENT: Duration = Duration::from_secs(1);
/// No key frame lies so far before the place that was asked for: the recorder plays another time.
pub(crate) const ASTRAY: Duration = Duration::from_secs(120);
/// The same place is asked for so often at most without getting there.
const MOST_IN_VAIN: u32 = 6;

/// An open session.
pub(super) struct Open {
    pub(super) replay: Replay,
    /// Its sound, where that can be decoded.
    pub(super) sound: Option<Arc<SoundFormat>>,
    /// What time it is, by the recorder's clock, where the address begins, for addresses with times.
    zero: Option<SystemTime>,
    /// What the address plays, by the recorder's clock; `None`: all that there is.
    pub(super) holds: Option<Period>,
    pub(super) turn: Turn,
    pub(super) run: Option<Run>,
    pub(super) idle_since: Option<Instant>,
    /// Its address has nothing more.
    pub(super) is_over: bool,
    /// It refuses to play at other speeds than the usual one.
    pub(super) one_speed: bool,
    last_heard: Instant,
}

/// What is being played in it. All in true time.
pub(super) struct Run {
    pub(super) way: Way,
    pub(super) back: bool,
    pub(super) key_frames: bool,
    /// How fast it was asked for.
    pub(super) scale: f64,
    /// The newest that has come, in the direction of play.
    pub(super) head: Moment,
    pub(super) asked: Moment,
    /// Where the recorder was asked to begin.
    pub(super) from: Moment,
    /// How often it has been asked to begin earlier to get a picture of the place itself.
    pub(super) earlier: usize,
    /// Where its address ends.
    pub(super) ends: Option<Moment>,
    /// Forwards up to here, because the recorder cannot play backwards.
    pub(super) until: Option<Moment>,
    pub(super) any: bool,
}

impl Open {
    pub(super) fn new(replay: Replay, footage: Footage, turn: Turn) -> Self {
        let Footage { zero, holds, .. } = footage;
        let last_heard = Instant::now();
        let sound = replay.sound().and_then(|format| format.coded()).map(Arc::new);
        Self {
            replay,
            sound,
            zero,
            holds,
            turn,
            run: None,
            idle_since: None,
            is_over: false,
            one_speed: false,
            last_heard,
        }
    }

    /// A time by the recorder's clock, as this session is asked for it.
    pub(super) fn position(&self, at: Moment) -> Position {
        match self.zero {
            None => Position::Clock(SystemTime::from(at)),
            Some(zero) => {
                let since = SystemTime::from(at).duration_since(zero).unwrap_or_default();
                Position::Since(since)
            }
        }
    }

    /// Whether a position is another one than where the address begins.
    pub(super) fn is_inside(&self, position: Position) -> bool {
        matches!(position, Position::Since(since) if since >= Duration::from_secs(1))
    }

    /// Whether its address plays a moment (by the recorder's clock).
    pub(super) fn reaches(&self, at: Moment, begins_with_address: bool) -> bool {
        let near = |holds: Period| !begins_with_address || at.since_us(holds.from) < 1_000_000;
        self.holds.is_none_or(|holds| holds.holds(at) && near(holds))
    }

    /// How fast a recorder is asked to play. With ONVIF it sends as fast as we take it; others keep a pace of their own, and
    /// the times of their pictures are surest where it is the usual one.
    pub(super) fn scale(&self, want: &Want) -> f64 {
        let rate = want.rate.abs();
        match (self.replay.is_onvif(), want.back) {
            (true, true) => -1.0,
            (true, false) => 1.0,
            (false, _) if self.one_speed => 1.0,
            (false, false) => step_of(rate),
            // A piece has to be there before it is shown.
            (false, true) => step_of(rate * 2.0).max(2.0),
        }
    }

    /// Whether what is wanted comes by itself.
    pub(super) fn serves(&self, want: &Want) -> bool {
        self.run.as_ref().is_some_and(|run| run.serves(want, self.scale(want)))
    }

    pub(super) fn begin(&mut self, run: Run) {
        self.last_heard = Instant::now();
        self.run = Some(run);
    }

    /// What comes next. Recorders with times in their addresses stop at the end without a word.
    pub(super) async fn next(&mut self) -> Result<Item, Fault> {
        let item = if self.is_near_its_end() {
            let silent = tokio::time::timeout_at((self.last_heard + SILENT).into(), self.replay.next()).await;
            silent.unwrap_or(Ok(Item::End))
        } else {
            self.replay.next().await
        };
        self.last_heard = Instant::now();
        match item {
            Err(Fault::Stalled(_) | Fault::Ended(_)) if self.has_played_a_part() => Ok(Item::End),
            item => item,
        }
    }

    /// Whether what comes now is of the place that is wanted, or behind it.
    pub(super) fn has_reached(&self, want: &Want) -> bool {
        self.run
            .as_ref()
            .is_some_and(|run| if want.back { run.head <= want.at } else { run.head.plus(LAST) >= want.at })
    }

    fn has_played_a_part(&self) -> bool {
        self.holds.is_some() && self.run.as_ref().is_some_and(|run| run.any)
    }

    /// Whether all but the last moment has come of what the address plays.
    pub(super) fn is_near_its_end(&self) -> bool {
        let Some(run) = &self.run else { return false };
        run.any && run.ends.is_some_and(|ends| ends.since_us(run.head) <= LAST.as_micros() as i64)
    }
}

/// Whether a recorder does not play at the speed that it was asked for; another one may do.
pub(crate) const fn refuses_speed(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused(400 | 451 | 456 | 501 | 551))
}

/// A picture that nobody knows the time of.
pub(crate) fn without_times() -> Fault {
    Fault::Protocol("a recording without times".to_owned())
}

/// The nearest speed that recorders know and that is not slower.
fn step_of(rate: f64) -> f64 {
    [1.0, 2.0, 4.0, 8.0].into_iter().find(|step| *step >= rate).unwrap_or(16.0)
}

impl Run {
    /// Whether what is wanted comes by itself; `scale`: how fast that should be asked for.
    fn serves(&self, want: &Want, scale: f64) -> bool {
        let same_way = self.back == want.back && self.key_frames == want.key_frames && self.scale == scale;
        // On the way to the place that was asked for, which begins at a key frame, it is as good as there.
        let distance = if want.back {
            self.head.min(self.asked).since_us(want.at)
        } else {
            want.at.since_us(self.head.max(self.asked))
        };
        let near = NEAR.as_micros() as f64 * want.rate.abs().max(1.0);
        // A piece on the way back is finished whatever else is wanted there.
        let in_piece = self.until.is_some_and(|until| until == want.at);
        same_way && (in_piece || (distance as f64).abs() <= near)
    }

    /// The first picture is one of the place that was asked for, or behind it.
    ///
    /// # Errors
    /// It is from another time altogether.
    pub(super) fn must_be_near(&self, at: Moment) -> Result<(), Fault> {
        let backwards = self.back && self.until.is_none();
        let astray = if backwards { at.since_us(self.asked) } else { self.from.since_us(at) };
        if astray <= ASTRAY.as_micros() as i64 {
            return Ok(());
        }
        let minutes = astray / 60_000_000;
        Err(Fault::Protocol(format!("another time is played than was asked for, {minutes} min away")))
    }
}

impl Want {
    pub(super) fn pictures(&self) -> Pictures {
        if self.key_frames {
            Pictures::Key(Some(KEY_FRAMES_APART.mul_f64(self.rate.abs().max(1.0))))
        } else {
            Pictures::All
        }
    }
}

/// Notices a recorder that is asked for the same place again and again and never gets there: without a word nobody would know
/// why the place stays dark.
#[derive(Default)]
pub(super) struct Vain {
    last: Option<(Moment, bool, bool)>,
    times: u32,
}

impl Vain {
    /// A place is asked for.
    ///
    /// # Errors
    /// It has been too often.
    pub(super) fn begins(&mut self, want: &Want) -> Result<(), Fault> {
        let asked = (want.at, want.back, want.key_frames);
        if self.last.replace(asked) == Some(asked) {
            self.times += 1;
        } else {
            self.times = 0;
        }
        if self.times < MOST_IN_VAIN {
            return Ok(());
        }
        Err(Fault::Protocol("the place that was asked for is never reached".to_owned()))
    }

    /// The place has been reached.
    pub(super) fn reached(&mut self) {
        self.times = 0;
    }
}
