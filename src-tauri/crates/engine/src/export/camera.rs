//! One camera's footage from its recorder into its writer.

use std::time::{Duration, SystemTime};

use devices::device::Device;
use devices::recordings::Footage;
use devices::rtsp::replay::{Item, Pictures, Play, Position, Replay};
use evidence::{CameraWriter, Export, ExportFault, Gap, GapReason, SoundPacket, Taken};
use model::{AccessUnit, ClockOffset, Fault, Moment, Period, Retry};
use parking_lot::Mutex;

use super::ending::{Ending, TAIL};
use super::kept::{self, Kept, Part};
use super::progress::{CameraState, Progress};
use super::source::{self, moment, timestamp};
use super::{Exporter, Wanted};
use crate::backoff::{Backoff, at_least};
use crate::gate::Visit;
use crate::playback::{Turn, without_times};
use crate::source::LoginMark;

/// So much earlier than the wanted beginning a recorder is asked to begin, for a key frame that stands before it; where the
/// first one comes too late, more.
const LEADS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(8), Duration::from_secs(30)];
/// A first picture that is late by less than this is the one that was asked for.
const TOLERANCE: Duration = Duration::from_millis(500);
/// A recording that ends so little before what the recorder has listed has come to its end.
const SHORT: Duration = Duration::from_secs(2);
/// Two pictures in a row further apart than this have a gap in between.
const INTERRUPTION: Duration = Duration::from_millis(evidence::INTERRUPTION_MS as u64);
/// So often a recorder is asked where something is kept here.
const TRIES_BESIDE_KEPT: u32 = 3;
/// Times that are so near to each other are of the same picture, asked for twice.
const SAME: Duration = Duration::from_millis(1);
/// A clock that was asked again and again until its second changed is known so well.
const AT_THE_CHANGE: Duration = Duration::from_millis(60);

/// Why a camera is not done.
pub(super) enum Trouble {
    Fault(Fault),
    Write(ExportFault),
    Stopped,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ExportFault> for Trouble {
    fn from(fault: ExportFault) -> Self {
        Self::Write(fault)
    }
}

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
    pub(super) export: &'a Mutex<Export>,
    pub(super) progress: &'a Progress,
    pub(super) index: usize,
    /// Made when it is known what the recorder sends, unless the export goes on with one.
    pub(super) writer: Option<CameraWriter>,
    pub(super) gaps: Vec<Gap>,
    /// What does not come may be missing.
    leave_gaps: bool,
    met: Option<Device>,
    /// How its clock differs, as well as is known.
    clock: Option<ClockOffset>,
    /// The newest picture's time that is in the file, and the time of the one that came last.
    newest: Option<Moment>,
    last: Option<Moment>,
    /// A session has begun anew: what is in the file already comes again. Whether something of that has come.
    again: Option<bool>,
}

impl<'a> Camera<'a> {
    pub(super) fn new(
        exporter: &'a Exporter,
        wanted: &'a Wanted,
        export: &'a Mutex<Export>,
        progress: &'a Progress,
        index: usize,
        writer: Option<CameraWriter>,
        leave_gaps: bool,
    ) -> Self {
        let after = writer.as_ref().and_then(CameraWriter::resumes_after);
        let newest = after.map(moment);
        let (gaps, met, clock, last, again) = (Vec::new(), None, None, None, None);
        Self {
            exporter,
            wanted,
            export,
            progress,
            index,
            writer,
            gaps,
            leave_gaps,
            met,
            clock,
            newest,
            last,
            again,
        }
    }

    /// Everything that is wanted of it.
    pub(super) async fn fetch(&mut self) -> Result<(), Trouble> {
        self.progress.set(self.index, CameraState::Asking);
        let kept = kept::open(&self.wanted.kept, &self.wanted.way.camera);
        let listed = match self.listed().await {
            Err(Trouble::Fault(fault)) => {
                self.rest_from_kept(self.wanted.period, &kept, fault)?;
                return self.writer("").map(drop).map_err(Into::into);
            }
            listed => listed?,
        };
        let parts = kept::composed(&listed, self.wanted.period, &kept);
        for hole in kept::holes(&parts, self.wanted.period) {
            self.gap(hole.from, hole.until, GapReason::NotRecorded);
        }
        for part in &parts {
            let period = part.period();
            let taken = self.newest.is_some_and(|newest| newest.plus(SHORT) >= period.until);
            match part {
                Part::Recorder(_) if taken => {}
                Part::Recorder(period) => match self.stretch(*period).await {
                    Err(Trouble::Fault(fault)) => self.rest_from_kept(*period, &kept, fault)?,
                    played => played?,
                },
                Part::Kept(period, number) => self.take_kept(*period, &kept[*number], taken)?,
            }
        }
        self.writer("")?;
        Ok(())
    }

    /// The recorder does not give a stretch: what is kept of it is taken, if that is all, or the rest may be missing.
    fn rest_from_kept(&mut self, stretch: Period, kept: &[Kept], fault: Fault) -> Result<(), Trouble> {
        let from = self.newest.map_or(stretch.from, |newest| newest.max(stretch.from));
        let rest = Period { from, ..stretch };
        let parts = kept::composed(&[], rest, kept);
        let holes = kept::holes(&parts, rest);
        let lacks = holes.iter().any(|hole| hole.length() > TOLERANCE);
        if parts.is_empty() || lacks && !self.leave_gaps {
            return Err(fault.into());
        }
        log::warn!("taking out {} from what is kept: {fault}", self.wanted.way.camera);
        for hole in holes {
            self.gap(hole.from, hole.until, GapReason::LinkLost);
        }
        for part in parts {
            if let Part::Kept(period, number) = part {
                self.take_kept(period, &kept[number], false)?;
            }
        }
        Ok(())
    }

    async fn listed(&mut self) -> Result<Vec<Period>, Trouble> {
        self.meet().await?;
        self.stretches().await
    }

    /// What is missing up to the end is named as a gap; there is a writer then.
    pub(super) fn leave_gap(&mut self, reason: GapReason) -> Result<(), ExportFault> {
        let Period { from, until } = self.wanted.period;
        self.gap(self.newest.unwrap_or(from).max(from), until, reason);
        self.writer("").map(drop)
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
                    self.clock = clock(device.clock, tape.ahead_us());
                    self.met = Some(device);
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
            let before = self.newest;
            let played = self.play(stretch, lead).await;
            if self.newest > before {
                patience = self.patience();
            }
            match played {
                Ok(Played::Through) => return Ok(()),
                Ok(Played::BeganLate) => lead += 1,
                Ok(Played::EndedEarly) if self.newest > before => {}
                // 457: no such range.
                Ok(Played::EndedEarly) | Err(Trouble::Fault(Fault::NotFound | Fault::Refused(457))) => {
                    let from = self.newest.map_or(stretch.from, |newest| newest.max(stretch.from));
                    self.gap(from, stretch.until, GapReason::NotGiven);
                    return Ok(());
                }
                // Silence at the end is how some say that it is one.
                Err(Trouble::Fault(Fault::Stalled(_) | Fault::Ended(_))) if self.is_through(stretch) => {
                    return Ok(());
                }
                Err(Trouble::Fault(fault)) => self.wait(&mut patience, fault).await?,
                Err(trouble) => return Err(trouble),
            }
        }
    }

    fn is_through(&self, stretch: Period) -> bool {
        self.newest.is_some_and(|newest| newest.plus(SHORT) >= stretch.until)
    }

    /// One session, from where the footage that is there ends.
    async fn play(&mut self, stretch: Period, lead: usize) -> Result<Played, Trouble> {
        let place = self.newest.map_or(stretch.from, |newest| newest.max(stretch.from));
        let begin = place.minus(LEADS[lead]).max(stretch.from);
        let may_begin_earlier = begin > stretch.from && lead + 1 < LEADS.len();
        let ahead_us = self.ahead_us();
        let tape = self.exporter.archive.tape(self.wanted.way.clone());
        let by_its_clock =
            Period { from: begin.plus_us(ahead_us), until: stretch.until.plus(TAIL).plus_us(ahead_us) };
        self.unless_stopped(tape.meet()).await??;
        let footage = self.unless_stopped(tape.footage(by_its_clock)).await??;
        let (mut replay, _turn) = self.open(&footage).await?;
        self.begin_again();
        let progress = self.progress;
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
        let (progress, index) = (self.progress, self.index);
        let waits = || progress.set(index, CameraState::InLine);
        let turn = self.unless_stopped(self.exporter.turns.take(&device, waits)).await?;
        let mark = way.login.as_ref().map(LoginMark::of);
        let admitted = self.exporter.gate.admit(&device, mark, Visit::First);
        let permit = self.unless_stopped(admitted).await??;
        let opened = Replay::open(footage, way.login.as_ref());
        match self.unless_stopped(opened).await? {
            Ok(replay) => {
                permit.accepted();
                self.progress.set(self.index, CameraState::Coming);
                if self.writer.is_none() {
                    let sound = replay.sound().as_ref().and_then(source::sound);
                    self.register(footage.address.url().as_str(), sound)?;
                }
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
        let ahead_us = self.ahead_us();
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
                Item::End if self.is_through(stretch) => return Ok(Played::Through),
                Item::End => return Ok(Played::EndedEarly),
                Item::Sound { data, captured } => {
                    let bytes = data.len();
                    if let Some(taken_at) = captured.map(truly).filter(|at| *at < stretch.until.plus(TAIL)) {
                        self.sound(SoundPacket { data, taken_at: timestamp(taken_at) })?;
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
                        self.gap(place, at, GapReason::NotGiven);
                    }
                    let bytes = unit.data.len();
                    let Some(units) = ending.take(unit, at) else { return Ok(Played::Through) };
                    for (unit, at) in units {
                        self.picture(&unit, at)?;
                    }
                    self.wanted.line.took(bytes).await;
                }
            }
        }
    }

    /// What comes next may have come before.
    pub(super) fn begin_again(&mut self) {
        self.again = self.last.is_some().then_some(false);
    }

    pub(super) fn picture(&mut self, unit: &AccessUnit, at: Moment) -> Result<(), Trouble> {
        if self.came_before(at, unit.random_access) {
            return Ok(());
        }
        let newest = self.newest;
        let writer = self.writer("")?;
        let taken = writer.picture(unit, timestamp(at))?;
        let bytes = writer.written();
        if taken == Taken::Written {
            if let Some(newest) = newest.filter(|newest| at > newest.plus(INTERRUPTION)) {
                let known = self.gaps.iter().any(|gap| {
                    gap.from <= timestamp(newest.plus(SHORT)) && timestamp(at.minus(SHORT)) <= gap.to
                });
                if !known {
                    self.gap(newest, at, GapReason::NotGiven);
                }
            }
            self.last = Some(at);
            self.newest = newest.max(Some(at));
        }
        let reached = at.max(self.newest.unwrap_or(at));
        self.progress.come(self.index, reached.min(self.wanted.period.until), bytes);
        Ok(())
    }

    /// Whether this picture is in the file from a session before.
    fn came_before(&mut self, at: Moment, random_access: bool) -> bool {
        let (Some(met), Some(last), Some(newest)) = (self.again, self.last, self.newest) else {
            return false;
        };
        let same = at.since_us(last).unsigned_abs() <= SAME.as_micros() as u64;
        if same {
            // What follows it is what followed it the first time, whatever order the times have.
            self.again = None;
            return true;
        }
        if at <= newest {
            self.again = Some(true);
            return true;
        }
        if met || random_access {
            self.again = None;
            return false;
        }
        true
    }

    fn sound(&mut self, packet: SoundPacket) -> Result<(), Trouble> {
        // Until the pictures go on, it is in the file already.
        if self.again.is_none()
            && let Some(writer) = &mut self.writer
            && writer.source().sound.is_some()
        {
            writer.sound(&packet)?;
        }
        Ok(())
    }

    /// The writer; without footage it is made all the same, to say that there was none.
    fn writer(&mut self, track: &str) -> Result<&mut CameraWriter, ExportFault> {
        if self.writer.is_none() {
            self.register(track, None)?;
        }
        self.writer.as_mut().ok_or(ExportFault::Torn)
    }

    /// Sound of this format; another one than the file's has no place in it.
    pub(super) fn sound_of(
        &mut self,
        format: Option<&evidence::SoundFormat>,
        packet: SoundPacket,
    ) -> Result<(), Trouble> {
        let same = self.writer.as_ref().is_some_and(|writer| writer.source().sound.as_ref() == format);
        if same { self.sound(packet) } else { Ok(()) }
    }

    /// The writer of footage that is kept: its recorder is said to be the one that was met, or else the one it came from.
    pub(super) fn register_as(&mut self, kept: &Kept) -> Result<&mut CameraWriter, ExportFault> {
        let (track, sound) = (kept.source().profile.track.clone(), kept.source().sound.clone());
        match (&self.writer, &self.met) {
            (Some(_), _) => {}
            (None, Some(_)) => self.register(&track, sound)?,
            (None, None) => {
                let (name, site) = (self.wanted.name.clone(), self.wanted.site.clone());
                let source = evidence::Source { name, site, ..kept.source().clone() };
                self.writer = Some(self.export.lock().camera(source)?);
            }
        }
        self.writer.as_mut().ok_or(ExportFault::Torn)
    }

    fn register(&mut self, track: &str, sound: Option<evidence::SoundFormat>) -> Result<(), ExportFault> {
        let facts = self.met.as_ref().map(|met| &met.facts);
        let source = source::source(self.wanted, facts, self.clock, track, sound, SystemTime::now());
        self.writer = Some(self.export.lock().camera(source)?);
        Ok(())
    }

    /// By how much the recorder's clock is ahead: as the package says, once it does.
    fn ahead_us(&self) -> i64 {
        let met = || self.clock.map_or(0, |clock| clock.ahead_ms);
        let ahead_ms = self.writer.as_ref().map_or_else(met, |writer| writer.source().clock.offset_ms);
        ahead_ms.saturating_mul(1000)
    }

    fn gap(&mut self, from: Moment, until: Moment, reason: GapReason) {
        if until > from.plus(TOLERANCE) {
            self.gaps.push(Gap { from: timestamp(from), to: timestamp(until), reason });
        }
    }

    /// A session that plays says goodbye first; everything else is left at once.
    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Trouble> {
        tokio::select! {
            done = work => Ok(done),
            () = self.progress.until_stopped() => Err(Trouble::Stopped),
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
        self.progress.set(self.index, state);
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
