//! Fetches what a reel lacks: one playback session, played, paused and played elsewhere as the clock needs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use devices::Reply;
use devices::recordings::Footage;
use devices::rtsp::replay::{Item, Play};
use model::{Credentials, Fault, Moment, Period, Retry};

use super::cache::Way;
use super::copies::Piece;
use super::run::{LAST, Open, Run, Vain, refuses_speed, without_times};
use super::shared::{Shared, Want};
use super::throttle::Throttle;
use super::turns::Turns;
use crate::backoff::{self, Backoff};
use crate::gate::Gate;
use crate::sound::Origin;

/// A recorder that begins behind the place that was asked for is asked for an earlier one: so much, then more.
const EARLIER: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(8), Duration::from_secs(30)];
/// Where a recorder cannot play backwards, pieces of so much are fetched forwards.
const PIECE: Duration = Duration::from_secs(6);
/// What a make that puts times into its addresses is asked for at once.
const STRETCH: Duration = Duration::from_secs(3600);
/// And so much before the place, so that a step back needs no other address; on the way back, more.
const BEFORE: Duration = Duration::from_secs(60);
const WAY_BACK: Duration = Duration::from_secs(600);
/// Nothing is there: the recorder is not asked for the same again at once.
const NOTHING: Duration = Duration::from_secs(1);
/// A session that nobody needed for so long is closed: recorders have few places.
const IDLE: Duration = Duration::from_secs(20);

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

/// Of a camera that nobody records: what came live a moment ago is all that there is.
pub struct Nowhere;

impl Tape for Nowhere {
    fn footage(&self, _period: Period) -> Reply<'_, Footage> {
        Box::pin(async { Err(Fault::NotOffered) })
    }

    fn login(&self) -> Option<Credentials> {
        None
    }

    fn ahead_us(&self) -> i64 {
        0
    }
}

/// The task of one reel.
pub(super) struct Fetcher {
    pub(super) tape: Arc<dyn Tape>,
    pub(super) shared: Arc<Shared>,
    pub(super) gate: Gate,
    pub(super) turns: Turns,
    pub(super) line: Throttle,
    /// Whether the recorder begins where its address does, whatever place it is asked for.
    pub(super) begins_with_address: AtomicBool,
}

/// What has come of what came.
enum Taken {
    /// A picture.
    Picture,
    /// Something else.
    Other,
    /// The first picture lies behind the place that was asked for.
    Late(Want),
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
        let mut vain = Vain::default();
        loop {
            let Some(want) = self.shared.want() else {
                self.rest(open).await?;
                continue;
            };
            let runs = open.as_ref().is_some_and(|open| open.serves(&want));
            if !runs {
                if self.copied(&want).await {
                    continue;
                }
                vain.begins(&want)?;
                if !self.begin(open, &want, 0).await? {
                    let _ = tokio::time::timeout(NOTHING, self.shared.ordered.notified()).await;
                    continue;
                }
            }
            let Some(session) = open else { continue };
            let taken = tokio::select! {
                item = session.next() => self.take(session, item?, &want).await?,
                () = self.shared.ordered.notified() => Taken::Other,
            };
            match taken {
                Taken::Picture => {
                    backoff.reset();
                    if open.as_ref().is_some_and(|open| open.has_reached(&want)) {
                        vain.reached();
                    }
                }
                Taken::Late(want) => {
                    let earlier = session.run.take().map_or(1, |run| run.earlier + 1);
                    self.begin(open, &want, earlier).await?;
                }
                Taken::Other => {}
            }
            if open.as_ref().is_some_and(|open| open.is_over) {
                close(open).await;
            }
        }
    }

    /// Takes what is wanted from what is kept on this machine; gives whether it is there.
    async fn copied(&self, want: &Want) -> bool {
        let copies = Arc::clone(&self.shared.copies.lock());
        let at = if want.back { want.at.plus_us(-1) } else { want.at };
        if !copies.hold(at) {
            return false;
        }
        let length = PIECE.mul_f64(want.rate.abs().max(1.0));
        let wanted = if want.back {
            Period { from: want.at.minus(length), until: want.at }
        } else {
            Period { from: want.at, until: want.at.plus(length) }
        };
        self.shared.begin();
        let sound = copies.sound(at);
        self.shared.voice.begin(sound.is_some());
        let (shared, key_frames) = (Arc::clone(&self.shared), want.key_frames);
        let way = if key_frames { Way::KeyFrames } else { Way::Forward };
        let reading = tokio::task::spawn_blocking(move || {
            copies.read(at, wanted, key_frames, |piece| match piece {
                Piece::Picture(unit, at) => shared.take(at, unit, false, way),
                Piece::Sound(data, at) => {
                    if let Some(format) = &sound {
                        shared.voice.take(Origin::Recorded, at, data, format);
                    }
                }
                Piece::Damaged(period) => {
                    shared.end_before(period.from);
                    shared.note_hole(period);
                }
                Piece::End(at) if !key_frames => shared.end_before(at),
                Piece::End(_) => {}
            })
        });
        let read = reading.await;
        if !matches!(read, Ok(Ok(()))) {
            // Whoever has taken it away: the recorder may have it.
            log::warn!("what is kept can't be read: {read:?}");
            self.shared.set_copies(Arc::default());
            return true;
        }
        if self.shared.want().is_some_and(|now| now.at == want.at) {
            // Looked at with what has come, more may be wanted, or nothing.
            let _ = tokio::time::timeout(NOTHING, self.shared.ordered.notified()).await;
        }
        true
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

    /// Has what is wanted played, in the session that is open or another one; gives whether there is anything. `earlier`: how
    /// often the recorder has begun behind the place.
    async fn begin(&self, open: &mut Option<Open>, want: &Want, earlier: usize) -> Result<bool, Fault> {
        self.tape.meet().await?;
        let back_off = earlier.checked_sub(1).map_or(Duration::ZERO, |tried| EARLIER[tried]);
        let step = if want.back { want.at.minus(PIECE) } else { want.at.minus(back_off) };
        let ahead_us = self.tape.ahead_us();
        let from = step.plus_us(ahead_us);
        let begins_with_address = self.begins_with_address.load(Ordering::Relaxed);
        if open.as_ref().is_some_and(|open| !open.reaches(from, begins_with_address)) {
            close(open).await;
        }
        if open.is_none() {
            let until = if want.back { want.at } else { want.at.plus(STRETCH) };
            let Some(footage) = self.footage(from, until.plus_us(ahead_us), want.back).await? else {
                self.shared.note_hole(Period { from: step, until });
                return Ok(false);
            };
            *open = Some(self.open(footage).await?);
        }
        let Some(session) = open else { return Ok(false) };
        session.idle_since = None;
        let backwards = want.back && session.replay.is_onvif();
        let place = if backwards { want.at.plus_us(ahead_us - 1) } else { from };
        let scale = session.scale(want);
        let position = session.position(place);
        let play = Play { scale, pictures: want.pictures(), ..Play::from(position) };
        self.shared.begin();
        let started = match session.replay.play(&play).await {
            Err(fault) if scale > 1.0 && refuses_speed(&fault) => {
                session.one_speed = true;
                return Ok(true);
            }
            // No such range: nothing was recorded there.
            Err(Fault::Refused(457)) => {
                let (least, most) = (Moment(i64::MIN), Moment(i64::MAX));
                let (from, until) = if want.back { (least, want.at) } else { (want.at, most) };
                self.shared.note_hole(Period { from, until });
                return Ok(false);
            }
            started => started?,
        };
        if !started.placed && session.is_inside(position) {
            self.begins_with_address.store(true, Ordering::Relaxed);
            close(open).await;
            return Ok(true);
        }
        let way = match (want.key_frames && session.replay.is_onvif(), backwards) {
            (true, _) => Way::KeyFrames,
            (false, true) => Way::Backward,
            (false, false) => Way::Forward,
        };
        session.begin(Run {
            way,
            back: want.back,
            key_frames: want.key_frames,
            scale,
            head: want.at,
            asked: want.at,
            from: step,
            ends: session.holds.map(|holds| holds.until.plus_us(-ahead_us)),
            earlier,
            until: (want.back && !backwards).then_some(want.at),
            any: false,
        });
        Ok(true)
    }

    /// Where a place is played, by the recorder's clock; `None`: nowhere.
    async fn footage(&self, from: Moment, until: Moment, back: bool) -> Result<Option<Footage>, Fault> {
        let before = if back { WAY_BACK } else { BEFORE };
        let wide = Period { from: from.minus(before), until };
        let narrow = Period { from, until };
        let holds = |footage: &Footage| footage.holds.is_none_or(|holds| holds.holds(from));
        if !self.begins_with_address.load(Ordering::Relaxed) {
            match self.tape.footage(wide).await {
                Err(Fault::NotFound) => return Ok(None),
                Ok(footage) if holds(&footage) => return Ok(Some(footage)),
                // It is of another stretch, before a gap.
                Ok(_) => {}
                Err(other) => return Err(other),
            }
        }
        match self.tape.footage(narrow).await {
            Err(Fault::NotFound) => Ok(None),
            footage => footage.map(Some),
        }
    }

    async fn open(&self, footage: Footage) -> Result<Open, Fault> {
        let login = self.tape.login();
        let in_line = || self.shared.wait_in_line();
        let (replay, turn) = self.turns.open(&self.gate, &footage, login.as_ref(), in_line).await?;
        let open = Open::new(replay, footage, turn);
        self.shared.voice.begin(open.sound.is_some());
        Ok(open)
    }

    /// Takes what has come.
    async fn take(&self, session: &mut Open, item: Item, want: &Want) -> Result<Taken, Fault> {
        match item {
            Item::End => {
                self.end(session);
                Ok(Taken::Other)
            }
            Item::Sound { data, captured } => {
                let bytes = data.len();
                if let Some((captured, format)) = captured.zip(session.sound.as_ref()) {
                    let at = Moment::from(captured).plus_us(-self.tape.ahead_us());
                    self.shared.voice.take(Origin::Recorded, at, data, format);
                }
                self.line.took(bytes).await;
                Ok(Taken::Other)
            }
            Item::Picture { mut unit, discontinuity } => {
                let Some(run) = &mut session.run else { return Ok(Taken::Other) };
                let captured = unit.captured.ok_or_else(without_times)?;
                let at = Moment::from(captured).plus_us(-self.tape.ahead_us());
                let bytes = unit.data.len();
                unit.captured = Some(SystemTime::from(at));
                let first = !std::mem::replace(&mut run.any, true);
                if first {
                    run.must_be_near(at)?;
                }
                run.head = at;
                let over = run.until.is_some_and(|until| at >= until && unit.random_access);
                if first && over {
                    // Going back, there is nothing before what is there.
                    self.shared.note_hole(Period { from: run.from, until: run.asked });
                }
                self.shared.take(at, unit, discontinuity, run.way);
                // However little: without a picture before it the place would be asked for again and again.
                let late = (first && !run.back && at > run.asked).then_some((run.asked, run.earlier));
                if over {
                    session.run = None;
                }
                self.line.took(bytes).await;
                let Some((asked, earlier)) = late.filter(|(asked, _)| !self.shared.has(*asked)) else {
                    return Ok(Taken::Picture);
                };
                if earlier == EARLIER.len() {
                    self.shared.note_hole(Period { from: asked, until: at });
                    return Ok(Taken::Picture);
                }
                Ok(Taken::Late(Want { at: asked, ..*want }))
            }
        }
    }

    /// Nothing more comes of what was asked for.
    fn end(&self, session: &mut Open) {
        let Some(run) = session.run.take() else { return };
        let Some(holds) = session.holds else {
            self.shared.end(run.back && run.until.is_none());
            if !run.any && !run.back {
                // Asked, and there was nothing.
                self.shared.note_hole(Period { from: run.asked, until: Moment(i64::MAX) });
            }
            return;
        };
        session.is_over = true;
        let ends = holds.until.plus_us(-self.tape.ahead_us());
        let near = run.ends.is_some_and(|ends| ends.since_us(run.head) <= LAST.as_micros() as i64);
        if !run.any {
            self.shared.note_hole(Period { from: run.from, until: run.until.unwrap_or(ends) });
        } else if near {
            self.shared.end_before(ends);
        } else {
            self.shared.end_before(run.head.plus_us(1));
        }
    }
}

async fn close(open: &mut Option<Open>) {
    if let Some(Open { replay, .. }) = open.take() {
        replay.close().await;
    }
}
