//! Fetches what a reel lacks: one playback session, played, paused and played elsewhere as the clock needs it.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use devices::Reply;
use devices::recordings::Footage;
use devices::rtsp::replay::{Item, Pictures, Play, Position, Replay};
use model::{Address, Credentials, Fault, Moment, Period, Retry};

use super::cache::Way;
use super::reel::{Shared, Want};
use super::throttle::Throttle;
use super::turns::{Turn, Turns};
use crate::backoff::{self, Backoff};
use crate::gate::{Gate, Visit};
use crate::source::LoginMark;

/// How far a session that is running may be from what is wanted and still get there sooner than a new question would.
const NEAR: Duration = Duration::from_secs(4);
/// A recorder that begins behind the place that was asked for is asked for an earlier one: so much, then more.
const EARLIER: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(8), Duration::from_secs(30)];
/// Where a recorder cannot play backwards, pieces of so much are fetched forwards.
const PIECE: Duration = Duration::from_secs(6);
/// What a make that puts times into its addresses is asked for at once.
const STRETCH: Duration = Duration::from_secs(3600);
/// Key frames at high speeds come so often by the watcher's clock.
const KEY_FRAMES_APART: Duration = Duration::from_millis(120);
/// A session that nobody needed for so long is closed: recorders have few places.
const IDLE: Duration = Duration::from_secs(20);
/// A first picture that is late by less than this is the one that was asked for.
const TOLERANCE: Duration = Duration::from_millis(500);

/// Where a camera's recordings are.
pub trait Tape: Send + Sync {
    /// Makes the recorder's acquaintance, so that its clock is known before it is asked for a time. Asked often.
    ///
    /// # Errors
    /// Why it cannot be met.
    fn meet(&self) -> Reply<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Where what was recorded in a period (by the recorder's clock) is played.
    ///
    /// # Errors
    /// The recorder's refusal.
    fn footage(&self, period: Period) -> Reply<'_, Footage>;

    /// Who we are there.
    fn login(&self) -> Option<Credentials>;

    /// Microseconds that the recorder's clock is ahead of true time; negative: behind.
    fn ahead_us(&self) -> i64;
}

/// The task of one reel.
pub(super) struct Fetcher {
    pub(super) tape: Arc<dyn Tape>,
    pub(super) shared: Arc<Shared>,
    pub(super) gate: Gate,
    pub(super) turns: Turns,
    pub(super) line: Throttle,
}

/// An open session.
struct Open {
    replay: Replay,
    address: Address,
    zero: Option<SystemTime>,
    turn: Turn,
    run: Option<Run>,
    idle_since: Option<Instant>,
}

/// What is being played in it.
struct Run {
    way: Way,
    back: bool,
    /// The newest that has come, in the direction of play.
    head: Moment,
    asked: Moment,
    /// What has been tried to get a picture of the place itself.
    earlier: usize,
    /// Forwards up to here, because the recorder cannot play backwards.
    until: Option<Moment>,
    any: bool,
}

impl Fetcher {
    /// Runs until it is aborted.
    pub(super) async fn run(self) {
        let mut open = None;
        let mut backoff = Backoff::default();
        loop {
            let Err(fault) = self.serve(&mut open, &mut backoff).await;
            if let Some(Open { replay, .. }) = open.take() {
                replay.close().await;
            }
            let pause = match fault.retry() {
                Retry::Backoff => Some(backoff.next()),
                Retry::NotBefore(least) => Some(backoff::at_least(least)),
                Retry::AfterChange => None,
            };
            log::info!("recording: {fault}; next attempt in {pause:?}");
            self.shared.fail(fault, pause.map(|pause| Instant::now() + pause));
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                // Somebody goes to another place, or enters another login.
                None => self.shared.ordered.notified().await,
            }
        }
    }

    /// Fetches what is wanted, for as long as that goes well.
    async fn serve(
        &self,
        open: &mut Option<Open>,
        backoff: &mut Backoff,
    ) -> Result<std::convert::Infallible, Fault> {
        loop {
            let Some(want) = self.shared.want() else {
                self.rest(open).await?;
                continue;
            };
            let runs = open.as_ref().and_then(|open| open.run.as_ref()).is_some_and(|run| run.serves(&want));
            if !runs {
                self.begin(open, &want, 0).await?;
            }
            let Some(session) = open else { continue };
            tokio::select! {
                item = session.replay.next() => {
                    if self.take(session, item?, &want).await? {
                        backoff.reset();
                    }
                }
                () = self.shared.ordered.notified() => {}
            }
        }
    }

    /// Nothing is wanted: keeps the session for a while, or gives it to who waits.
    async fn rest(&self, open: &mut Option<Open>) -> Result<(), Fault> {
        let Some(session) = open else {
            self.shared.ordered.notified().await;
            return Ok(());
        };
        if session.run.take().is_some() {
            // Some recorders cannot pause; then the session is over, and the next place needs another one.
            if session.replay.pause().await.is_err() {
                close(open).await;
                return Ok(());
            }
        }
        let since = *session.idle_since.get_or_insert_with(Instant::now);
        if session.turn.is_wanted() || since.elapsed() >= IDLE {
            close(open).await;
            return Ok(());
        }
        // Often enough to notice that somebody else waits.
        let patience = Duration::from_millis(200);
        tokio::select! {
            // Keeps the session alive, too. Whatever comes is of what has been paused.
            item = session.replay.next() => if item.is_err() { close(open).await },
            () = self.shared.ordered.notified() => {}
            () = tokio::time::sleep(patience) => {}
        }
        Ok(())
    }

    /// Has what is wanted played, in the session that is open or another one.
    async fn begin(&self, open: &mut Option<Open>, want: &Want, earlier: usize) -> Result<(), Fault> {
        self.tape.meet().await?;
        let back_off = earlier.checked_sub(1).map_or(Duration::ZERO, |tried| EARLIER[tried]);
        let recorder = |moment: Moment| moment.plus_us(self.tape.ahead_us());
        let step = if want.back { want.at.minus(PIECE) } else { want.at };
        let from = recorder(step.minus(back_off));
        let period = Period { from, until: recorder(want.at).plus(STRETCH) };
        let footage = self.tape.footage(period).await?;
        if open.as_ref().is_some_and(|open| open.address != footage.address) {
            close(open).await;
        }
        if open.is_none() {
            *open = Some(self.open(&footage).await?);
        }
        let Some(session) = open else { return Ok(()) };
        session.idle_since = None;
        session.zero = footage.zero;
        let backwards = want.back && session.replay.is_onvif();
        let from = if backwards { recorder(want.at).plus_us(-1) } else { from };
        let play = Play {
            from: Some(session.position(from)),
            until: None,
            scale: if backwards { -1.0 } else { 1.0 },
            paced: false,
            pictures: want.pictures(),
        };
        self.shared.begin();
        session.replay.play(&play).await?;
        let way = match (want.key_frames && session.replay.is_onvif(), backwards) {
            (true, _) => Way::KeyFrames,
            (false, true) => Way::Backward,
            (false, false) => Way::Forward,
        };
        session.run = Some(Run {
            way,
            back: want.back,
            head: want.at,
            asked: want.at,
            earlier,
            until: (want.back && !backwards).then_some(want.at),
            any: false,
        });
        Ok(())
    }

    async fn open(&self, footage: &Footage) -> Result<Open, Fault> {
        let login = self.tape.login();
        let device = footage.address.device();
        let turn = self.turns.take(&device, || self.shared.wait_in_line()).await;
        let mark = login.as_ref().map(LoginMark::of);
        let permit = self.gate.admit(&device, mark, Visit::First).await?;
        match Replay::open(&footage.address, login.as_ref(), footage.zero).await {
            Ok(replay) => {
                permit.accepted();
                let (address, zero) = (footage.address.clone(), footage.zero);
                Ok(Open { replay, address, zero, turn, run: None, idle_since: None })
            }
            Err(fault) => {
                permit.failed(&fault);
                if matches!(fault, Fault::Capacity(..)) && turn.refused() {
                    self.shared.wait_in_line();
                    // The next attempt waits for its turn.
                    return Err(Fault::Ended("another recording is being played".to_owned()));
                }
                Err(fault)
            }
        }
    }

    /// Takes what has come; gives whether that was a picture.
    async fn take(&self, session: &mut Open, item: Item, want: &Want) -> Result<bool, Fault> {
        let Some(run) = &mut session.run else { return Ok(false) };
        match item {
            Item::End => {
                self.shared.end(run.back && run.until.is_none());
                let (any, asked, back) = (run.any, run.asked, run.back);
                session.run = None;
                if !any && !back {
                    // Asked, and there was nothing.
                    self.shared.note_hole(Period { from: asked, until: Moment(i64::MAX) });
                }
                Ok(false)
            }
            Item::Sound { data, .. } => {
                self.line.took(data.len()).await;
                Ok(false)
            }
            Item::Picture { mut unit, discontinuity } => {
                let Some(captured) = unit.captured else {
                    return Err(Fault::Protocol("a recording without times".to_owned()));
                };
                let at = Moment::from(captured).plus_us(-self.tape.ahead_us());
                let bytes = unit.data.len();
                unit.captured = Some(SystemTime::from(at));
                let first = !std::mem::replace(&mut run.any, true);
                run.head = at;
                let over = run.until.is_some_and(|until| at >= until && unit.random_access);
                let (way, earlier, asked, back) = (run.way, run.earlier, run.asked, run.back);
                self.shared.take(at, unit, discontinuity, way);
                if over {
                    session.run = None;
                }
                if first && !back && at.since_us(asked) > TOLERANCE.as_micros() as i64 {
                    self.begin_earlier(session, want, earlier, asked, at).await?;
                }
                self.line.took(bytes).await;
                Ok(true)
            }
        }
    }

    /// The recorder has begun behind the place that was asked for: at its next key frame, or at the next recording.
    async fn begin_earlier(
        &self,
        session: &mut Open,
        want: &Want,
        earlier: usize,
        asked: Moment,
        begun: Moment,
    ) -> Result<(), Fault> {
        if self.shared.has(asked) {
            return Ok(());
        }
        if earlier == EARLIER.len() {
            self.shared.note_hole(Period { from: asked, until: begun });
            return Ok(());
        }
        session.run = None;
        let recorder = asked.minus(EARLIER[earlier]).plus_us(self.tape.ahead_us());
        let play = Play {
            from: Some(session.position(recorder)),
            until: None,
            scale: 1.0,
            paced: false,
            pictures: want.pictures(),
        };
        self.shared.begin();
        session.replay.play(&play).await?;
        let way = if want.key_frames && session.replay.is_onvif() { Way::KeyFrames } else { Way::Forward };
        session.run =
            Some(Run { way, back: false, head: asked, asked, earlier: earlier + 1, until: None, any: false });
        Ok(())
    }
}

impl Open {
    /// A time by the recorder's clock, as this session is asked for it.
    fn position(&self, at: Moment) -> Position {
        match self.zero {
            None => Position::Clock(SystemTime::from(at)),
            Some(zero) => {
                let since = SystemTime::from(at).duration_since(zero).unwrap_or_default();
                Position::Since(since)
            }
        }
    }
}

impl Run {
    /// Whether what is wanted comes by itself.
    fn serves(&self, want: &Want) -> bool {
        let same_way = self.back == want.back && (self.way == Way::KeyFrames) == want.key_frames;
        let distance = if want.back { self.head.since_us(want.at) } else { want.at.since_us(self.head) };
        let near = NEAR.as_micros() as f64 * want.rate.abs().max(1.0);
        // A piece on the way back is finished whatever else is wanted there.
        let in_piece = self.until.is_some_and(|until| until == want.at);
        same_way && (in_piece || (distance as f64).abs() <= near)
    }
}

impl Want {
    fn pictures(&self) -> Pictures {
        if self.key_frames {
            Pictures::Key(Some(KEY_FRAMES_APART.mul_f64(self.rate.abs().max(1.0))))
        } else {
            Pictures::All
        }
    }
}

async fn close(open: &mut Option<Open>) {
    if let Some(Open { replay, .. }) = open.take() {
        replay.close().await;
    }
}
