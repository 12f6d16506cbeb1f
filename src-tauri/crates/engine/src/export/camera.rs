//! One camera's footage, asked for at its recorder.

use std::time::{Duration, SystemTime};

use devices::recordings::Footage;
use devices::rtsp::replay::{Item, Pictures, Play, Position, Replay};
use evidence::{GapReason, SoundPacket};
use model::{ClockOffset, Fault, Moment, Period, Retry};

use super::ending::{Ending, TAIL};
use super::filing::{Filing, TOLERANCE, Trouble};
use super::kept::{self, Kept, Part};
use super::progress::CameraState;
use super::source::{self, timestamp};
use super::{Exporter, Wanted};
use crate::backoff::{Backoff, at_least};
use crate::gate::Visit;
use crate::playback::{Turn, without_times};
use crate::source::LoginMark;

/// So much earlier than the wanted beginning a recorder is asked to begin, for a key frame that stands before it; where the
/// first one comes too late, more.
const LEADS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(8), Duration::from_secs(30)];
/// So often a recorder is asked where something is kept here.
const TRIES_BESIDE_KEPT: u32 = 3;
/// A clock that was asked again and again until its second changed is known so well.
const AT_THE_CHANGE: Duration = Duration::from_millis(60);

/// What came of one session.
enum Played {
    /// To the end of what was wanted.
    Through,
    /// Its first picture is behind the wanted place.
    BeganLate,
    /// The recorder has no more, though it had listed more.
    EndedEarly,
}

/// A camera on its way into the package.
pub(super) struct Camera<'a> {
    pub(super) exporter: &'a Exporter,
    pub(super) wanted: &'a Wanted,
    /// What does not come may be missing.
    pub(super) leave_gaps: bool,
    pub(super) filing: Filing<'a>,
}

impl Camera<'_> {
    /// Everything that is wanted of it.
    pub(super) async fn fetch(&mut self) -> Result<(), Trouble> {
        self.filing.set(CameraState::Asking);
        let kept = kept::open(&self.wanted.kept, &self.wanted.way.camera);
        let listed = match self.listed().await {
            Err(Trouble::Fault(fault)) => {
                self.rest_from_kept(self.wanted.period, &kept, fault)?;
                return self.filing.writer().map(drop).map_err(Into::into);
            }
            listed => listed?,
        };
        let parts = kept::composed(&listed, self.wanted.period, &kept);
        for hole in kept::holes(&parts, self.wanted.period) {
            self.filing.gap(hole.from, hole.until, GapReason::NotRecorded);
        }
        for part in &parts {
            let period = part.period();
            let taken = self.filing.has(period);
            match part {
                Part::Recorder(_) if taken => {}
                Part::Recorder(period) => match self.stretch(*period).await {
                    Err(Trouble::Fault(fault)) => self.rest_from_kept(*period, &kept, fault)?,
                    played => played?,
                },
                Part::Kept(period, number) => self.filing.take_kept(*period, &kept[*number], taken)?,
            }
        }
        self.filing.writer()?;
        Ok(())
    }

    /// The recorder does not give a stretch: what is kept of it is taken, if that is all, or the rest may be missing.
    fn rest_from_kept(&mut self, stretch: Period, kept: &[Kept], fault: Fault) -> Result<(), Trouble> {
        let from = self.filing.place_in(stretch);
        let rest = Period { from, ..stretch };
        let parts = kept::composed(&[], rest, kept);
        let holes = kept::holes(&parts, rest);
        let lacks = holes.iter().any(|hole| hole.length() > TOLERANCE);
        if parts.is_empty() || lacks && !self.leave_gaps {
            return Err(fault.into());
        }
        log::warn!("taking out {} from what is kept: {fault}", self.wanted.way.camera);
        for hole in holes {
            self.filing.gap(hole.from, hole.until, GapReason::LinkLost);
        }
        for part in parts {
            if let Part::Kept(period, number) = part {
                self.filing.take_kept(period, &kept[number], false)?;
            }
        }
        Ok(())
    }

    async fn listed(&mut self) -> Result<Vec<Period>, Trouble> {
        self.meet().await?;
        self.stretches().await
    }

    async fn meet(&mut self) -> Result<(), Trouble> {
        let mut patience = self.patience();
        loop {
            let met = self.exporter.devices.device(&self.wanted.way);
            match self.unless_stopped(met).await? {
                Ok(device) if device.recordings.is_some() => {
                    // Whoever plays recordings has looked at the clock more closely.
                    let tape = self.exporter.archive.tape(self.wanted.way.clone());
                    self.unless_stopped(tape.meet()).await??;
                    self.filing.met(device.facts, clock(device.clock, tape.ahead_us()));
                    return Ok(());
                }
                Ok(_) => return Err(Fault::NotOffered.into()),
                Err(fault) => self.wait(&mut patience, fault).await?,
            }
        }
    }

    /// What the recorder holds of the time that is wanted, each once.
    async fn stretches(&mut self) -> Result<Vec<Period>, Trouble> {
        let wanted = self.wanted.period;
        let mut patience = self.patience();
        let listed = loop {
            let now = Moment::from(SystemTime::now());
            let asked = self.exporter.archive.spans(&self.wanted.way, wanted, now);
            match self.unless_stopped(asked).await? {
                Ok(listed) => break listed.spans,
                // It can be played, but does not say what it has.
                Err(Fault::NotOffered) => return Ok(vec![wanted]),
                Err(fault) => self.wait(&mut patience, fault).await?,
            }
        };
        Ok(joined(listed.iter().map(|span| span.period).collect()))
    }

    async fn stretch(&mut self, stretch: Period) -> Result<(), Trouble> {
        let mut patience = self.patience();
        let mut lead = 0;
        loop {
            let before = self.filing.newest();
            let played = self.play(stretch, lead).await;
            if self.filing.newest() > before {
                patience = self.patience();
            }
            match played {
                Ok(Played::Through) => return Ok(()),
                Ok(Played::BeganLate) => lead += 1,
                Ok(Played::EndedEarly) if self.filing.newest() > before => {}
                // 457: no such range.
                Ok(Played::EndedEarly) | Err(Trouble::Fault(Fault::NotFound | Fault::Refused(457))) => {
                    let from = self.filing.place_in(stretch);
                    self.filing.gap(from, stretch.until, GapReason::NotGiven);
                    return Ok(());
                }
                // Silence at the end is how some say that it is one.
                Err(Trouble::Fault(Fault::Stalled(_) | Fault::Ended(_))) if self.filing.has(stretch) => {
                    return Ok(());
                }
                Err(Trouble::Fault(fault)) => self.wait(&mut patience, fault).await?,
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// One session, from where the footage that is there ends.
    async fn play(&mut self, stretch: Period, lead: usize) -> Result<Played, Trouble> {
        let place = self.filing.place_in(stretch);
        let begin = place.minus(LEADS[lead]).max(stretch.from);
        let may_begin_earlier = begin > stretch.from && lead + 1 < LEADS.len();
        let ahead_us = self.filing.ahead_us();
        let tape = self.exporter.archive.tape(self.wanted.way.clone());
        let by_its_clock =
            Period { from: begin.plus_us(ahead_us), until: stretch.until.plus(TAIL).plus_us(ahead_us) };
        self.unless_stopped(tape.meet()).await??;
        let footage = self.unless_stopped(tape.footage(by_its_clock)).await??;
        let (mut replay, _turn) = self.open(&footage).await?;
        self.filing.begin_again();
        let progress = self.filing.progress;
        let played = tokio::select! {
            played = self.run(&mut replay, &footage, stretch, place, begin, may_begin_earlier) => played,
            () = progress.until_stopped() => Err(Trouble::Stopped),
        };
        replay.close().await;
        played
    }

    async fn open(&mut self, footage: &Footage) -> Result<(Replay, Turn), Trouble> {
        let Wanted { way, .. } = self.wanted;
        let device = footage.address.device();
        let waits = || self.filing.set(CameraState::InLine);
        let turn = self.unless_stopped(self.exporter.turns.take(&device, waits)).await?;
        let mark = way.login.as_ref().map(LoginMark::of);
        let admitted = self.exporter.gate.admit(&device, mark, Visit::First);
        let permit = self.unless_stopped(admitted).await??;
        let opened = Replay::open(footage, way.login.as_ref());
        match self.unless_stopped(opened).await? {
            Ok(replay) => {
                permit.accepted();
                self.filing.set(CameraState::Coming);
                let sound = replay.sound().as_ref().and_then(source::sound);
                self.filing.begin(footage.address.url().as_str(), sound)?;
                Ok((replay, turn))
            }
            Err(fault) => {
                permit.failed(&fault);
                if matches!(fault, Fault::Capacity(..)) && turn.refused() {
                    // Not the recorder's last word: the next attempt waits for a place.
                    return Err(Fault::Ended("another recording is being taken out".to_owned()).into());
                }
                Err(fault.into())
            }
        }
    }

    async fn run(
        &mut self,
        replay: &mut Replay,
        footage: &Footage,
        stretch: Period,
        place: Moment,
        begin: Moment,
        may_begin_earlier: bool,
    ) -> Result<Played, Trouble> {
        let ahead_us = self.filing.ahead_us();
        let play = Play {
            from: Some(position(footage, begin.plus_us(ahead_us))),
            until: None,
            scale: 1.0,
            paced: false,
            pictures: Pictures::All,
        };
        replay.play(&play).await?;
        let truly = |at: SystemTime| Moment::from(at).plus_us(-ahead_us);
        let mut first = true;
        let mut ending = Ending::at(stretch.until);
        loop {
            match replay.next().await? {
                Item::End if self.filing.has(stretch) => return Ok(Played::Through),
                Item::End => return Ok(Played::EndedEarly),
                Item::Sound { data, captured } => {
                    let bytes = data.len();
                    if let Some(taken_at) = captured.map(truly).filter(|at| *at < stretch.until.plus(TAIL)) {
                        self.filing.sound(SoundPacket { data, taken_at: timestamp(taken_at) })?;
                    }
                    self.wanted.line.took(bytes).await;
                }
                Item::Picture { unit, .. } => {
                    let captured = unit.captured;
                    let at = captured.map(truly).ok_or_else(without_times)?;
                    if std::mem::take(&mut first) && at > place.plus(TOLERANCE) {
                        if may_begin_earlier {
                            return Ok(Played::BeganLate);
                        }
                        self.filing.gap(place, at, GapReason::NotGiven);
                    }
                    let bytes = unit.data.len();
                    let Some(units) = ending.take(unit, at) else { return Ok(Played::Through) };
                    for (unit, at) in units {
                        self.filing.picture(&unit, at)?;
                    }
                    self.wanted.line.took(bytes).await;
                }
            }
        }
    }

    /// A session that plays says goodbye first; everything else is left at once.
    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Trouble> {
        tokio::select! {
            done = work => Ok(done),
            () = self.filing.progress.until_stopped() => Err(Trouble::Stopped),
        }
    }

    fn patience(&self) -> Patience {
        // What is kept is not held up for long by a recorder that does not answer.
        let most = if self.wanted.kept.is_empty() { u32::MAX } else { TRIES_BESIDE_KEPT };
        Patience { left: self.exporter.tries.min(most), backoff: Backoff::default() }
    }

    /// Waits before the next attempt, if there is to be one.
    async fn wait(&self, patience: &mut Patience, fault: Fault) -> Result<(), Trouble> {
        let others_first = matches!(fault, Fault::Capacity(..));
        let pause = match fault.retry() {
            Retry::AfterChange => return Err(fault.into()),
            _ if others_first => patience.backoff.next(),
            _ if patience.left <= 1 => return Err(fault.into()),
            Retry::NotBefore(pause) => at_least(pause),
            Retry::Backoff => patience.backoff.next(),
        };
        patience.left -= u32::from(!others_first);
        log::info!("taking out {}: {fault}; again in {pause:?}", self.wanted.way.camera);
        let state = if others_first { CameraState::InLine } else { CameraState::Again(fault) };
        self.filing.set(state);
        self.unless_stopped(tokio::time::sleep(pause)).await
    }
}

/// A clock as it was asked for once, or as it was found when its second changed.
fn clock(asked: Option<ClockOffset>, ahead_us: i64) -> Option<ClockOffset> {
    match asked {
        None if ahead_us == 0 => None,
        Some(clock) if clock.ahead_ms.saturating_mul(1000) == ahead_us => asked,
        _ => Some(ClockOffset { ahead_ms: (ahead_us + 500).div_euclid(1000), within: AT_THE_CHANGE }),
    }
}

/// How often, and with which pauses, a recorder is asked that gives nothing.
struct Patience {
    left: u32,
    backoff: Backoff,
}

/// A time by the recorder's clock, as it is asked for it.
pub(crate) fn position(footage: &Footage, at: Moment) -> Position {
    let at = SystemTime::from(at);
    footage
        .zero
        .map_or(Position::Clock(at), |zero| Position::Since(at.duration_since(zero).unwrap_or_default()))
}

/// Stretches one after the other, those that touch or overlap as one: what moved is recorded once.
pub(crate) fn joined(mut all: Vec<Period>) -> Vec<Period> {
    all.sort();
    let mut joined: Vec<Period> = Vec::with_capacity(all.len());
    for period in all {
        match joined.last_mut() {
            Some(last) if period.from <= last.until.plus(TOLERANCE) => {
                last.until = last.until.max(period.until);
            }
            _ => joined.push(period),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_looked_at_more_closely_is_told_so() {
        let asked = Some(ClockOffset { ahead_ms: 83_000, within: Duration::from_millis(502) });
        assert_eq!(clock(asked, 83_000_000), asked);
        assert_eq!(clock(None, 0), None);
        let closely = |ahead_ms| Some(ClockOffset { ahead_ms, within: AT_THE_CHANGE });
        assert_eq!(clock(asked, 83_112_600), closely(83_113));
        assert_eq!(clock(None, -1_500_400), closely(-1500));
    }

    #[test]
    fn what_is_listed_twice_is_taken_out_once() {
        let period = |from, until| Period { from: Moment::from_ms(from), until: Moment::from_ms(until) };
        let listed = vec![period(9000, 20_000), period(0, 5000), period(4000, 6000), period(6100, 8000)];
        assert_eq!(joined(listed), [period(0, 8000), period(9000, 20_000)]);
        assert!(joined(Vec::new()).is_empty());
    }
}
