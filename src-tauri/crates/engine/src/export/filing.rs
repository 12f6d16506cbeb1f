//! One camera's footage on its way into its file: what comes twice goes in once, and what lacks is noted.

use std::time::{Duration, SystemTime};

use devices::device::Facts;
use evidence::{CameraWriter, Export, ExportFault, Gap, GapReason, SoundFormat, SoundPacket, Taken};
use model::{AccessUnit, ClockOffset, Fault, Moment, Period};
use parking_lot::Mutex;

use super::Wanted;
use super::kept::Kept;
use super::progress::{CameraState, Progress};
use super::source::{self, moment, timestamp};

/// A picture that is late by less than this is the one that was asked for.
pub(super) const TOLERANCE: Duration = Duration::from_millis(500);
/// A recording that ends so little before what was listed has come to its end.
const SHORT: Duration = Duration::from_secs(2);
/// Two pictures in a row further apart than this have a gap in between.
const INTERRUPTION: Duration = Duration::from_millis(evidence::INTERRUPTION_MS as u64);
/// Times that are so near to each other are of the same picture, asked for twice.
const SAME: Duration = Duration::from_millis(1);

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

/// The footage of one camera that is in its file, and the file.
pub(super) struct Filing<'a> {
    wanted: &'a Wanted,
    export: &'a Mutex<Export>,
    pub(super) progress: &'a Progress,
    index: usize,
    /// Made when it is known what the recorder sends, unless the export goes on with one.
    writer: Option<CameraWriter>,
    gaps: Vec<Gap>,
    /// What the recorder said of itself, once it was met.
    facts: Option<Facts>,
    /// How its clock differs, as well as is known.
    clock: Option<ClockOffset>,
    /// The newest picture's time that is in the file, and the time of the one that came last.
    newest: Option<Moment>,
    last: Option<Moment>,
    /// A session has begun anew: what is in the file already comes again. Whether something of that has come.
    again: Option<bool>,
}

impl<'a> Filing<'a> {
    /// With a `writer` it goes on with its file.
    pub(super) fn new(
        wanted: &'a Wanted,
        export: &'a Mutex<Export>,
        progress: &'a Progress,
        index: usize,
        writer: Option<CameraWriter>,
    ) -> Self {
        let after = writer.as_ref().and_then(CameraWriter::resumes_after);
        let newest = after.map(moment);
        let (gaps, facts, clock, last, again) = (Vec::new(), None, None, None, None);
        Self { wanted, export, progress, index, writer, gaps, facts, clock, newest, last, again }
    }

    /// How the camera stands, for whoever looks at the progress.
    pub(super) fn set(&self, state: CameraState) {
        self.progress.set(self.index, state);
    }

    /// Who the recorder is, and its clock.
    pub(super) fn met(&mut self, facts: Facts, clock: Option<ClockOffset>) {
        (self.facts, self.clock) = (Some(facts), clock);
    }

    /// The newest picture's time that is in the file.
    pub(super) fn newest(&self) -> Option<Moment> {
        self.newest
    }

    /// Where a stretch goes on.
    pub(super) fn place_in(&self, stretch: Period) -> Moment {
        self.newest.map_or(stretch.from, |newest| newest.max(stretch.from))
    }

    /// Whether a stretch is in the file, as far as can be said.
    pub(super) fn has(&self, stretch: Period) -> bool {
        self.newest.is_some_and(|newest| newest.plus(SHORT) >= stretch.until)
    }

    /// What is missing up to the end is named as a gap; there is a writer then.
    pub(super) fn leave_gap(&mut self, reason: GapReason) -> Result<(), ExportFault> {
        let Period { from, until } = self.wanted.period;
        self.gap(self.newest.unwrap_or(from).max(from), until, reason);
        self.writer().map(drop)
    }

    /// The writer with what lacks; `None`: nothing was ever known of this camera.
    pub(super) fn into_parts(self) -> Option<(CameraWriter, Vec<Gap>)> {
        Some((self.writer?, self.gaps))
    }

    /// What comes next may have come before.
    pub(super) fn begin_again(&mut self) {
        self.again = self.last.is_some().then_some(false);
    }

    /// A picture, untouched, and the time at which it was taken.
    pub(super) fn picture(&mut self, unit: &AccessUnit, at: Moment) -> Result<(), Trouble> {
        if self.came_before(at, unit.random_access) {
            return Ok(());
        }
        let newest = self.newest;
        let writer = self.writer()?;
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

    /// Sound of the file's format; a file without it takes none.
    pub(super) fn sound(&mut self, packet: SoundPacket) -> Result<(), Trouble> {
        // Until the pictures go on, it is in the file already.
        if self.again.is_none()
            && let Some(writer) = &mut self.writer
            && writer.source().sound.is_some()
        {
            writer.sound(&packet)?;
        }
        Ok(())
    }

    /// The file; without footage it is made all the same, to say that there was none.
    pub(super) fn writer(&mut self) -> Result<&mut CameraWriter, ExportFault> {
        self.begin("", None)
    }

    /// The file, made if it is not there yet: of the stream at this address, without its credentials, with such sound.
    pub(super) fn begin(
        &mut self,
        track: &str,
        sound: Option<SoundFormat>,
    ) -> Result<&mut CameraWriter, ExportFault> {
        let source = || {
            let facts = self.facts.as_ref();
            source::source(self.wanted, facts, self.clock, track, sound, SystemTime::now())
        };
        if self.writer.is_none() {
            self.writer = Some(self.export.lock().camera(source())?);
        }
        self.writer.as_mut().ok_or(ExportFault::Torn)
    }

    /// The file of footage that is kept: its recorder is said to be the one that was met, or else the one it came from.
    pub(super) fn begin_kept(&mut self, kept: &Kept) -> Result<&mut CameraWriter, ExportFault> {
        let own = kept.source();
        if self.writer.is_some() || self.facts.is_some() {
            return self.begin(&own.profile.track, own.sound.clone());
        }
        let (name, site) = (self.wanted.name.clone(), self.wanted.site.clone());
        let source = evidence::Source { name, site, ..own.clone() };
        Ok(self.writer.insert(self.export.lock().camera(source)?))
    }

    /// Sound of this format; another one than the file's has no place in it.
    pub(super) fn sound_of(
        &mut self,
        format: Option<&SoundFormat>,
        packet: SoundPacket,
    ) -> Result<(), Trouble> {
        let same = self.writer.as_ref().is_some_and(|writer| writer.source().sound.as_ref() == format);
        if same { self.sound(packet) } else { Ok(()) }
    }

    /// By how much the recorder's clock is ahead: as the package says, once it does.
    pub(super) fn ahead_us(&self) -> i64 {
        let met = || self.clock.map_or(0, |clock| clock.ahead_ms);
        let ahead_ms = self.writer.as_ref().map_or_else(met, |writer| writer.source().clock.offset_ms);
        ahead_ms.saturating_mul(1000)
    }

    /// Nothing came of this time, if it is worth a word.
    pub(super) fn gap(&mut self, from: Moment, until: Moment, reason: GapReason) {
        if until > from.plus(TOLERANCE) {
            self.gaps.push(Gap { from: timestamp(from), to: timestamp(until), reason });
        }
    }
}
