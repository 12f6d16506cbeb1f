//! A search: the key frames of a time, in the order in which they were taken, through sessions that give way to who plays.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use decode::OneByOne;
use devices::recordings::Footage;
use devices::rtsp::replay::{Item, Pictures, Play, Replay};
use model::{AccessUnit, Fault, Moment, Period, Picture, Retry};

use super::change::{Change, change};
use super::grid::Grid;
use super::hits::{Gathered, gather};
use super::missed::{FARTHEST, missed};
use super::progress::{Progress, State, Unsearched};
use super::{Order, Searcher};
use crate::backoff::{Backoff, at_least};
use crate::export::{joined, let_others_go_first, position};
use crate::playback::{ASTRAY, Listed, Tape, Turn, refuses_speed, without_times};

/// Key frames are looked at so far apart at least: nobody crosses a picture sooner.
const APART: Duration = Duration::from_secs(1);
/// A camera that tells its times by ticks is a little early at times.
const EARLY: Duration = Duration::from_millis(100);
/// So fast makers are asked to play that cannot send key frames alone; what one refuses, the next may do.
const SPEEDS: [f64; 3] = [16.0, 4.0, 1.0];
/// What is asked for at once where addresses have times in them.
const STRETCH: Duration = Duration::from_secs(3600);
/// Times that are so near to each other are of the same picture.
const SAME: Duration = Duration::from_millis(4);
/// So much may come in a session before something of the place does.
const MOST_IN_VAIN: u32 = 3000;
/// Key frames in a row that give no picture.
const MOST_UNDECODABLE: u32 = 8;
/// Who has waited for this session's place gets it before the search asks for one again.
const GIVES_WAY: Duration = Duration::from_secs(2);
/// Recorders have a place free a little after somebody has said goodbye: who waits is not let in before.
const FREES: Duration = Duration::from_millis(500);
/// More upheavals are not told.
const MOST_UPHEAVALS: usize = 100;
/// What upsets the picture again within this is the same: exposure settles.
const SETTLES: Duration = Duration::from_secs(10);

/// Why a session came to its end.
enum Played {
    /// Everything that was wanted has come.
    Through,
    /// The recorder has no more here.
    Ended,
    /// Somebody plays something there.
    Wanted,
}

/// Why a search does not go on.
pub(super) enum Trouble {
    Fault(Fault),
    Stopped,
    Full,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What a recorder has of the time, each stretch once.
pub(super) struct Holdings {
    tape: Arc<dyn Tape>,
    stretches: Vec<Period>,
    /// Its clock showed some of it twice.
    pub(super) twice: bool,
}

/// Takes the clearest picture of each hit, by its number; a clearer one may follow.
pub type Keep<'a> = &'a mut dyn FnMut(usize, &Picture);

impl Searcher {
    /// Carries an order out, and returns when nothing more is done. For a thread of its own, which goes on when nobody else
    /// has anything to do.
    pub fn run(&self, order: &Order, progress: &Progress, keep: Keep<'_>) {
        let_others_go_first();
        let now = Moment::from(SystemTime::now());
        let until = order.period.until.min(now).max(order.period.from);
        let mut search = Search {
            searcher: self,
            order,
            progress,
            keep,
            period: Period { until, ..order.period },
            decoder: OneByOne::new("motion"),
            holdings: None,
            reached: order.period.from,
            before: None,
            inside: None,
            looked: Vec::new(),
            undecodable: 0,
            speed: 0,
        };
        progress.change(|standing| standing.reached = search.reached);
        let ended = self.archive.runtime().block_on(search.all());
        search.end(ended);
    }
}

pub(super) struct Search<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) order: &'a Order,
    pub(super) progress: &'a Progress,
    keep: Keep<'a>,
    /// What of the order is past.
    period: Period,
    decoder: OneByOne,
    /// What the recorder says that it has; `None`: it was not asked.
    pub(super) holdings: Option<Holdings>,
    /// Everything before was looked at, or does not come.
    reached: Moment,
    /// The last picture.
    before: Option<(Moment, Grid)>,
    /// Which cells of a grid of so many columns lie in the area.
    inside: Option<(usize, Vec<bool>)>,
    /// From one key frame to another, without a hole; or what the recorder looked through.
    pub(super) looked: Vec<Period>,
    /// In a row.
    undecodable: u32,
    /// Which of [`SPEEDS`].
    speed: usize,
}

impl Search<'_> {
    async fn all(&mut self) -> Result<(), Trouble> {
        let mut patience = self.patience();
        loop {
            let listed = self.unless_stopped(self.list()).await?;
            match listed {
                Ok(holdings) => {
                    self.holdings = Some(holdings);
                    break;
                }
                Err(fault) => self.wait(&mut patience, fault).await?,
            }
        }
        self.by_recorder().await?;
        patience = self.patience();
        while let Some((place, stretch)) = self.next_place() {
            self.until_let_go().await?;
            let played = self.play(place, stretch).await;
            let came = self.reached > place;
            if came {
                patience = self.patience();
            }
            match played {
                Ok(Played::Through) => self.reach(self.period.until),
                Ok(Played::Wanted) => {
                    self.set(State::InLine);
                    self.unless_stopped(tokio::time::sleep(GIVES_WAY)).await?;
                }
                Ok(Played::Ended) if came && stretch.until > self.reached.plus(FARTHEST) => {}
                // 457: no such range.
                Ok(Played::Ended) | Err(Trouble::Fault(Fault::NotFound | Fault::Refused(457))) => {
                    self.reach(stretch.until);
                }
                Err(Trouble::Fault(fault)) => self.wait(&mut patience, fault).await?,
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(())
    }

    /// Waits while somebody else needs the recorder.
    pub(super) async fn until_let_go(&self) -> Result<(), Trouble> {
        if self.progress.is_held() {
            self.set(State::InLine);
            self.unless_stopped(self.progress.until_let_go()).await?;
        }
        Ok(())
    }

    /// Makes the recorder's acquaintance and asks what it has.
    fn list(&self) -> impl Future<Output = Result<Holdings, Fault>> + use<> {
        let (archive, way, period) =
            (Arc::clone(&self.searcher.archive), self.order.way.clone(), self.period);
        async move {
            let tape = archive.tape(way.clone());
            tape.meet().await?;
            match archive.spans(&way, period, Moment::from(SystemTime::now())).await {
                Ok(Listed { spans, .. }) => {
                    let twice = spans.iter().any(|span| span.overlap > 0);
                    let stretches = joined(spans.iter().map(|span| span.period).collect());
                    Ok(Holdings { tape, stretches, twice })
                }
                // It can be played, but does not say what it has.
                Err(Fault::NotOffered) => Ok(Holdings { tape, stretches: vec![period], twice: false }),
                Err(fault) => Err(fault),
            }
        }
    }

    /// Where to go on, and the stretch in which that lies.
    pub(super) fn next_place(&self) -> Option<(Moment, Period)> {
        let ahead = |stretch: &&Period| stretch.until > self.reached;
        let stretch = *self.holdings.as_ref()?.stretches.iter().find(ahead)?;
        Some((stretch.from.max(self.reached), stretch))
    }

    /// One session, from a place on.
    async fn play(&mut self, place: Moment, stretch: Period) -> Result<Played, Trouble> {
        let Some(Holdings { tape, .. }) = &self.holdings else { return Err(Fault::NotOffered.into()) };
        let tape = Arc::clone(tape);
        self.unless_stopped(tape.meet()).await??;
        let ahead_us = tape.ahead_us();
        let until = stretch.until.min(place.plus(STRETCH)).plus(APART);
        let by_its_clock = Period { from: place.plus_us(ahead_us), until: until.plus_us(ahead_us) };
        let footage = self.unless_stopped(tape.footage(by_its_clock)).await??;
        let (mut replay, turn) = self.open(&footage).await?;
        let stopped = self.progress;
        let played = tokio::select! {
            played = self.look_through(&mut replay, &turn, &footage, place, ahead_us) => played,
            () = stopped.until_stopped() => Err(Trouble::Stopped),
        };
        replay.close().await;
        if matches!(played, Ok(Played::Wanted)) {
            self.unless_stopped(tokio::time::sleep(FREES)).await?;
        }
        played
    }

    async fn open(&self, footage: &Footage) -> Result<(Replay, Turn), Trouble> {
        let Searcher { turns, gate, .. } = self.searcher;
        let opened = turns.open(gate, footage, self.order.way.login.as_ref(), || self.set(State::InLine));
        let opened = self.unless_stopped(opened).await??;
        self.set(State::Searching);
        Ok(opened)
    }

    async fn look_through(
        &mut self,
        replay: &mut Replay,
        turn: &Turn,
        footage: &Footage,
        place: Moment,
        ahead_us: i64,
    ) -> Result<Played, Trouble> {
        self.begin(replay, footage, place.plus_us(ahead_us)).await?;
        let (mut any, mut in_vain) = (false, 0);
        loop {
            let item = match replay.next().await {
                // Makes with times in their addresses end without a word.
                Err(Fault::Stalled(_) | Fault::Ended(_)) if any && footage.holds.is_some() => Item::End,
                item => item?,
            };
            let (unit, bytes) = match item {
                Item::End => return Ok(Played::Ended),
                Item::Sound { data, .. } => (None, data.len()),
                Item::Picture { unit, .. } => {
                    let bytes = unit.data.len();
                    (Some(unit), bytes)
                }
            };
            if let Some(unit) = unit {
                any = true;
                let captured = unit.captured.ok_or_else(without_times)?;
                let at = Moment::from(captured).plus_us(-ahead_us);
                if at.plus(ASTRAY) < place {
                    return Err(
                        Fault::Protocol("another time is played than was asked for".to_owned()).into()
                    );
                }
                if at < place {
                    in_vain += 1;
                }
                if in_vain == MOST_IN_VAIN {
                    return Err(
                        Fault::Protocol("the place that was asked for is never reached".to_owned()).into()
                    );
                }
                if unit.random_access && self.is_due(at) {
                    self.look(unit, at)?;
                }
                if at >= self.period.until {
                    return Ok(Played::Through);
                }
            }
            self.order.line.took(bytes).await;
            if turn.is_wanted() || self.progress.is_held() {
                return Ok(Played::Wanted);
            }
        }
    }

    /// Has it played, key frames alone where the recorder can, else as fast as it does.
    async fn begin(&mut self, replay: &mut Replay, footage: &Footage, from: Moment) -> Result<(), Trouble> {
        loop {
            let scale = if replay.is_onvif() { 1.0 } else { SPEEDS[self.speed] };
            let from = Some(position(footage, from));
            let pictures = Pictures::Key(Some(APART));
            let play = Play { from, until: None, scale, paced: false, pictures };
            match replay.play(&play).await {
                Err(fault) if scale > 1.0 && refuses_speed(&fault) && self.speed + 1 < SPEEDS.len() => {
                    self.speed += 1;
                }
                started => return started.map(drop).map_err(Into::into),
            }
        }
    }

    /// Whether a key frame is to be looked at. The one before the time that is searched is what the first is compared with.
    fn is_due(&self, at: Moment) -> bool {
        let Some((before, _)) = self.before else { return true };
        at > before.plus(SAME) && at >= before.plus(APART).minus(EARLY)
    }

    fn look(&mut self, unit: AccessUnit, at: Moment) -> Result<(), Trouble> {
        let Some(picture) = self.decoded(unit)? else { return Ok(()) };
        let Some(now) = Grid::of(&picture) else { return Ok(()) };
        let before = self.before.take();
        let between = before.as_ref().map(|(before, _)| Period { from: *before, until: at });
        let joins = between.is_some_and(|between| between.length() <= FARTHEST);
        let found = before.filter(|_| joins && at > self.period.from).and_then(|(_, before)| {
            let inside = match self.inside.take() {
                Some((columns, inside)) if columns == now.columns && inside.len() == now.cells.len() => {
                    inside
                }
                _ => now.inside(&self.order.area),
            };
            let found = change(&before, &now, &inside, self.order.sensitivity);
            self.inside = Some((now.columns, inside));
            found
        });
        self.before = Some((at, now));
        self.note_looked(at, joins);
        self.reach(at.min(self.period.until));
        let Some(between) = between.and_then(|between| between.common(self.period)) else { return Ok(()) };
        match found {
            Some(Change::Moved { cells, place }) => {
                match self.progress.change(|standing| gather(&mut standing.hits, between, cells, place)) {
                    Gathered::Clearest(number) => (self.keep)(number, &picture),
                    Gathered::Joined => {}
                    Gathered::Full => return Err(Trouble::Full),
                }
            }
            Some(Change::Whole) => self.progress.change(|standing| {
                let told = &mut standing.upheavals;
                let settled = told.last().is_none_or(|last| at > last.plus(SETTLES));
                if settled && told.len() < MOST_UPHEAVALS {
                    told.push(at);
                }
            }),
            Some(Change::Nothing) | None => {}
        }
        Ok(())
    }

    /// The picture of a key frame by itself; `None` of one that is damaged.
    fn decoded(&mut self, unit: AccessUnit) -> Result<Option<Picture>, Trouble> {
        let mut pictures = self.decoder.push(unit);
        pictures.extend(self.decoder.finish());
        let picture = pictures.pop().filter(|picture| !picture.damaged);
        self.undecodable = if picture.is_some() { 0 } else { self.undecodable + 1 };
        if self.undecodable == MOST_UNDECODABLE {
            return Err(Fault::Undecodable("key frames by themselves".to_owned()).into());
        }
        Ok(picture)
    }

    fn note_looked(&mut self, at: Moment, joins: bool) {
        match self.looked.last_mut() {
            Some(last) if joins => last.until = at,
            _ => self.looked.push(Period { from: at, until: at }),
        }
        self.progress.change(|standing| standing.looked += 1);
    }

    pub(super) fn reach(&mut self, at: Moment) {
        self.reached = self.reached.max(at);
        self.progress.change(|standing| standing.reached = self.reached);
    }

    fn end(&mut self, ended: Result<(), Trouble>) {
        let (state, rest) = match ended {
            Ok(()) => (State::Done, Unsearched::NotGiven),
            Err(Trouble::Stopped) => (State::Stopped, Unsearched::Stopped),
            Err(Trouble::Full) => (State::Full, Unsearched::Full),
            Err(Trouble::Fault(fault)) => (State::Failed(fault.clone()), Unsearched::Fault(fault)),
        };
        let stretches = self.holdings.as_ref().map(|holdings| &holdings.stretches[..]);
        let missed = missed(self.order.period, stretches, &self.looked, self.reached, &rest);
        if let State::Failed(fault) = &state {
            log::warn!("looking for motion of {}: {fault}", self.order.way.camera);
        }
        self.progress.change(|standing| (standing.state, standing.missed) = (state, missed));
    }

    pub(super) fn set(&self, state: State) {
        self.progress.change(|standing| standing.state = state);
    }

    /// A session that plays says goodbye first; everything else is left at once.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Trouble> {
        tokio::select! {
            done = work => Ok(done),
            () = self.progress.until_stopped() => Err(Trouble::Stopped),
        }
    }

    fn patience(&self) -> (u32, Backoff) {
        (self.searcher.tries, Backoff::default())
    }

    /// Waits before the next attempt, if there is to be one. Whoever plays there goes first, however long.
    async fn wait(&self, (left, backoff): &mut (u32, Backoff), fault: Fault) -> Result<(), Trouble> {
        let others_first = matches!(fault, Fault::Capacity(..));
        let pause = match fault.retry() {
            Retry::AfterChange => return Err(fault.into()),
            _ if others_first => backoff.next(),
            _ if *left <= 1 => return Err(fault.into()),
            Retry::NotBefore(pause) => at_least(pause),
            Retry::Backoff => backoff.next(),
        };
        *left -= u32::from(!others_first);
        log::info!("looking for motion of {}: {fault}; again in {pause:?}", self.order.way.camera);
        self.set(if others_first { State::InLine } else { State::Again(fault) });
        self.unless_stopped(tokio::time::sleep(pause)).await
    }
}
