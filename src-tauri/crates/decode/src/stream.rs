//! One stream: what its decoder may see, and what is said about the result.
//!
//! Pictures are shown only from a random access point on. Where something is missing, they are marked until the
//! next one, and there the decoder forgets its references first: pictures that lead a CRA and refer to what came
//! before it (RASL, ITU-T H.265 §8.1) are then left out instead of shown broken.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use model::{AccessUnit, Codec, Decoder, Drops, Fault, Picture};

use crate::annex_b;
use crate::context::{Context, Failure};
use crate::frame::Frame;
use crate::hardware::Session;
use crate::queue::{Queue, Waiting};
use crate::work::{Work, thread_time};
use crate::{Event, Options, Preference, Sink, messages};

/// Units that a worker decodes of one stream before the next stream's turn.
const UNITS_A_TURN: usize = 4;
/// Time that one turn may take, however few units that is: a 4K picture takes more than 10 ms.
const TURN: Duration = Duration::from_millis(8);
/// Units in a row that must fail before the stream counts as undecodable: a single one is a glitch.
const FAILURES_IN_A_ROW: u32 = 3;
/// Units in a row that may vanish in the decoder without a word: twice what H.265 may hold back for reordering. A
/// scrambled stream is taken like this for ever.
const SILENT_UNITS: u32 = 32;
/// Units inside the decoder: H.265 allows 16 pictures to wait for their turn.
const MAX_INSIDE: usize = 64;

/// What a picture inherits from its access unit.
struct Inside {
    id: i64,
    timestamp: i64,
    received: Instant,
    captured: Option<SystemTime>,
    damaged: bool,
}

/// A decoder and what it was opened for.
struct Active {
    context: Context,
    codec: Codec,
    parameters: Arc<[u8]>,
}

/// One stream's decoder, its state and its sink. Belongs to one worker at a time.
pub(crate) struct Stream {
    options: Options,
    sink: Box<dyn Sink>,
    active: Option<Active>,
    /// Nothing is decoded until a random access point.
    awaiting_key: bool,
    /// Something was lost since the last random access point.
    damaged: bool,
    inside: VecDeque<Inside>,
    next_id: i64,
    sequence: u64,
    work: Work,
    drops: Drops,
    told_drops: Drops,
    told_decoder: Option<(Decoder, Option<String>)>,
    /// Why this session is not decoded on hardware, once that was tried.
    demoted: Option<String>,
    failures: u32,
    /// Units since the last picture that were taken without a word.
    silent: u32,
    /// The fault was reported since the last random access point.
    told_fault: bool,
}

impl Stream {
    pub(crate) fn new(options: Options, sink: Box<dyn Sink>) -> Self {
        Self {
            options,
            sink,
            active: None,
            awaiting_key: true,
            damaged: false,
            inside: VecDeque::new(),
            next_id: 0,
            sequence: 0,
            work: Work::default(),
            drops: Drops::default(),
            told_drops: Drops::default(),
            told_decoder: None,
            demoted: None,
            failures: 0,
            silent: 0,
            told_fault: false,
        }
    }

    /// Decodes a few of the waiting units. The lock is held only to take one.
    pub(crate) fn turn(&mut self, queue: &parking_lot::Mutex<Queue>) {
        let until = Instant::now() + TURN;
        for _ in 0..UNITS_A_TURN {
            let taken = queue.lock().take();
            (self.drops.late, self.drops.lost_packets) = (taken.late, taken.lost_packets);
            if let Some(number) = taken.reset {
                // What was taken before belongs to what was before.
                self.sink.worked(self.work);
                self.reset();
                self.sink.restarted(number);
            }
            let Some(waiting) = taken.next else { break };
            let begun = thread_time();
            self.unit(&waiting);
            self.work.add(waiting.unit.random_access, thread_time().saturating_sub(begun));
            if Instant::now() >= until {
                break;
            }
        }
        self.sink.worked(self.work);
        if self.drops != self.told_drops {
            self.told_drops = self.drops;
            self.sink.event(Event::Dropped(self.drops));
        }
    }

    /// After a panic nothing about the decoder is certain.
    pub(crate) fn recover(&mut self, why: &str) {
        self.active = None;
        self.awaiting_key = true;
        self.inside.clear();
        self.drops.undecodable += 1;
        self.report(Fault::Undecodable(format!("the decoder's thread panicked: {why}")));
    }

    fn reset(&mut self) {
        if let Some(active) = &mut self.active {
            active.context.flush();
        }
        if self.demoted.take().is_some() {
            self.active = None; // the new session may try hardware again
        }
        self.inside.clear();
        self.awaiting_key = true;
        self.damaged = false;
        (self.failures, self.silent) = (0, 0);
    }

    /// Shows what waits for reordering; the next unit begins anew.
    pub(crate) fn end(&mut self) {
        self.empty();
        self.reset();
    }

    pub(crate) fn unit(&mut self, waiting: &Waiting) {
        let unit = &waiting.unit;
        if unit.lost_packets > 0 {
            self.damaged = true;
        }
        if unit.random_access {
            self.told_fault = false;
        }
        if let Some(bytes) = waiting.oversized {
            self.damaged = true;
            self.awaiting_key |= unit.random_access;
            self.undecodable(
                format!("access unit of {bytes} bytes, more than {}", AccessUnit::MAX_BYTES),
                true,
            );
            return;
        }
        let changed = self.active.as_ref().is_some_and(|active| active.codec != unit.codec);
        if !unit.random_access && (self.awaiting_key || changed || waiting.after_gap) {
            self.awaiting_key = true;
            self.drops.before_key_frame += 1;
            return;
        }
        if unit.random_access {
            self.prepare(waiting);
        }
        match self.decode(unit) {
            Err(Failure::Hardware(why)) => self.demote(why, unit),
            Err(Failure::Unit(why)) if self.hardware_is_suspect(unit) => self.demote(why, unit),
            outcome => self.judge(outcome),
        }
    }

    /// A random access point: keeps the decoder if it fits, clean of what came before if that was damaged.
    fn prepare(&mut self, waiting: &Waiting) {
        let unit = &waiting.unit;
        let fits = |active: &Active| active.codec == unit.codec && same(&active.parameters, &unit.parameters);
        let renew = !self.active.as_ref().is_some_and(fits);
        if renew || self.damaged || waiting.after_gap {
            self.empty();
        }
        if self.active.as_ref().is_some_and(|active| active.codec != unit.codec) {
            self.demoted = None; // the hardware may know this codec
        }
        if renew {
            self.active = None;
        }
        self.awaiting_key = false;
        self.damaged = false;
    }

    /// Shows what the decoder still holds back and makes it forget its references.
    fn empty(&mut self) {
        let Some(active) = &mut self.active else { return };
        active.context.drain();
        while let Some(active) = &mut self.active
            && let Ok(Some(frame)) = active.context.receive()
        {
            let _ = self.show(frame); // the end of a damaged or replaced sequence
        }
        if let Some(active) = &mut self.active {
            active.context.flush();
        }
        self.inside.clear();
    }

    /// Feeds one unit and shows what comes out; true when a picture did.
    fn decode(&mut self, unit: &AccessUnit) -> Result<bool, Failure> {
        let active = match &mut self.active {
            Some(active) => active,
            None => {
                let context = open(unit.codec, self.options.preference, &mut self.demoted)?;
                let parameters = Arc::clone(&unit.parameters);
                self.active.insert(Active { context, codec: unit.codec, parameters })
            }
        };
        let new_parameters = !same(&active.parameters, &unit.parameters);
        let in_front =
            (unit.random_access || new_parameters) && !annex_b::has_parameters(unit.codec, &unit.data);
        active.parameters = Arc::clone(&unit.parameters);
        let parameters: &[u8] = if in_front { &unit.parameters } else { &[] };

        let id = self.next_id;
        self.next_id += 1;
        if self.inside.len() == MAX_INSIDE {
            self.inside.pop_front();
        }
        self.inside.push_back(Inside {
            id,
            timestamp: unit.timestamp,
            received: unit.received,
            captured: unit.captured,
            damaged: self.damaged,
        });
        let sent = active.context.send(parameters, &unit.data, id);
        let complaint = messages::take_complaint();
        if complaint.as_deref().is_some_and(means_missing_reference) {
            self.damaged = true;
            if let Some(inside) = self.inside.back_mut() {
                inside.damaged = true;
            }
        }
        if matches!(sent, Err(Failure::Hardware(_) | Failure::Stream(_))) {
            return sent.map(|()| false);
        }
        let shown = self.show_finished()?;
        match (sent, complaint) {
            (Err(failure), _) => Err(failure),
            (Ok(()), Some(complaint)) if !shown => Err(Failure::Unit(complaint)),
            _ => Ok(shown),
        }
    }

    fn show_finished(&mut self) -> Result<bool, Failure> {
        let mut shown = false;
        while let Some(active) = &mut self.active
            && let Some(frame) = active.context.receive()?
        {
            self.show(frame)?;
            shown = true;
        }
        Ok(shown)
    }

    fn show(&mut self, frame: Frame) -> Result<(), Failure> {
        let Some(active) = &self.active else { return Ok(()) };
        let description = frame.describe(active.codec).map_err(Failure::Stream)?;
        let (decoder, note) = (active.context.decoder(), active.context.note());
        let position = self.inside.iter().position(|inside| inside.id == frame.id()).unwrap_or(0);
        let Some(inside) = self.inside.remove(position) else { return Ok(()) };
        if frame.is_corrupt() {
            self.damaged = true;
        }
        let damaged = inside.damaged || frame.is_corrupt();
        let planes = active.context.planes(frame, description).map_err(Failure::Unit)?;
        self.tell_decoder(decoder, note);
        self.drops.damaged += u64::from(damaged);
        self.sequence += 1;
        (self.failures, self.silent) = (0, 0);
        self.sink.picture(Picture {
            size: description.size,
            format: description.format,
            colour: description.colour,
            planes,
            sequence: self.sequence,
            timestamp: inside.timestamp,
            received: inside.received,
            decoded: Instant::now(),
            captured: inside.captured,
            damaged,
            decoder,
        });
        Ok(())
    }

    /// Whether a refused unit speaks against the hardware: it could not even begin, or fails again and again.
    fn hardware_is_suspect(&self, unit: &AccessUnit) -> bool {
        let on_hardware = self.active.as_ref().is_some_and(|active| active.context.decoder().is_hardware());
        on_hardware && (unit.random_access || self.failures + 1 >= FAILURES_IN_A_ROW)
    }

    /// Hardware failed: the processor takes over, with this very unit if it is one to begin at.
    fn demote(&mut self, why: String, unit: &AccessUnit) {
        log::warn!("{}: hardware decoding given up: {why}", self.options.name);
        self.active = None;
        self.inside.clear();
        if self.options.preference == Preference::Hardware {
            self.awaiting_key = true;
            self.drops.undecodable += 1;
            self.report(Fault::NoHardware(why));
            return;
        }
        self.demoted = Some(why);
        if unit.random_access {
            let outcome = self.decode(unit);
            self.judge(outcome);
        } else {
            self.awaiting_key = true;
            self.drops.undecodable += 1;
        }
    }

    fn judge(&mut self, outcome: Result<bool, Failure>) {
        match outcome {
            Ok(true) => {}
            Ok(false) => {
                self.silent += 1;
                if self.silent > SILENT_UNITS {
                    self.undecodable("the decoder takes all and returns no picture".to_owned(), true);
                }
            }
            Err(Failure::Stream(why)) => {
                self.active = None;
                self.inside.clear();
                self.awaiting_key = true;
                self.undecodable(why, true);
            }
            Err(Failure::Unit(why) | Failure::Hardware(why)) => {
                self.damaged = true;
                self.undecodable(why, false);
            }
        }
    }

    fn undecodable(&mut self, why: String, certain: bool) {
        self.drops.undecodable += 1;
        self.failures += 1;
        if certain || self.failures >= FAILURES_IN_A_ROW {
            self.report(Fault::Undecodable(why));
        }
    }

    fn report(&mut self, fault: Fault) {
        if !std::mem::replace(&mut self.told_fault, true) {
            self.sink.event(Event::Undecodable(fault));
        }
    }

    /// `note`: the hardware's, where it decodes.
    fn tell_decoder(&mut self, decoder: Decoder, note: Option<String>) {
        let note = if decoder.is_hardware() { note } else { self.demoted.clone() };
        if self.told_decoder.as_ref().is_none_or(|(told, why)| *told != decoder || *why != note) {
            self.told_decoder = Some((decoder, note.clone()));
            self.sink.event(Event::Decoder { decoder, note });
        }
    }
}

/// Opens a decoder as the stream prefers it; `demoted` holds, and gets, the reason against hardware.
fn open(codec: Codec, preference: Preference, demoted: &mut Option<String>) -> Result<Context, Failure> {
    let session = match preference {
        Preference::Software => None,
        Preference::Auto if demoted.is_some() => None,
        Preference::Auto if codec == Codec::Mjpeg => {
            *demoted = Some("MJPEG: the processor does as well".to_owned());
            None
        }
        Preference::Auto => Session::open(codec).map_err(|why| *demoted = Some(why)).ok(),
        Preference::Hardware => Some(Session::open(codec).map_err(Failure::Hardware)?),
    };
    Context::open(codec, session)
}

/// The same parameter sets; the depacketizer hands out the same `Arc` as long as they don't change.
fn same(a: &Arc<[u8]>, b: &Arc<[u8]>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

/// FFmpeg's H.265 decoder makes up a picture for a missing reference and returns the result as if it were whole; its
/// message is the only sign.
fn means_missing_reference(complaint: &str) -> bool {
    complaint.starts_with("Could not find ref with POC")
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{SyncSender, sync_channel};

    use bytes::Bytes;

    use super::*;

    struct Passage(SyncSender<Result<Picture, Event>>);

    impl Sink for Passage {
        fn picture(&mut self, picture: Picture) {
            let _ = self.0.send(Ok(picture));
        }

        fn event(&mut self, event: Event) {
            let _ = self.0.send(Err(event));
        }
    }

    #[test]
    fn a_driver_that_fails_hands_over_to_the_processor_with_the_same_unit() {
        let Some(session) = Session::broken(Codec::H265) else { return };
        let (sender, output) = sync_channel(10);
        let mut stream = Stream::new(Options::new("test"), Box::new(Passage(sender)));
        let parameters: Arc<[u8]> = Arc::from([]);
        let context = Context::open(Codec::H265, Some(session)).unwrap_or_else(|why| panic!("{why:?}"));
        stream.active = Some(Active { context, codec: Codec::H265, parameters: Arc::clone(&parameters) });
        let unit = AccessUnit {
            codec: Codec::H265,
            data: Bytes::from_static(include_bytes!("../tests/data/cros-codecs/64x64-I.h265")),
            parameters,
            random_access: true,
            timestamp: 7,
            lost_packets: 0,
            received: Instant::now(),
            captured: None,
        };
        stream.unit(&Waiting { unit, after_gap: false, oversized: None });
        stream.empty(); // this clip's parameter sets let one picture wait for reordering
        let first = output.try_recv();
        let Ok(Err(Event::Decoder { decoder: Decoder::Software, note: Some(note) })) = first else {
            panic!("the change is told first: {first:?}");
        };
        assert!(note.starts_with("VAAPI: "), "{note}");
        let picture = output.try_recv().expect("a picture").expect("a picture");
        assert_eq!((picture.timestamp, picture.decoder), (7, Decoder::Software));
    }
}
