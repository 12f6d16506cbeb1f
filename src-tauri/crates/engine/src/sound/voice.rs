//! The sound of a recording, in step with a clock that goes at its usual speed; silent while it does not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{Fault, Moment, SoundFormat};
use parking_lot::Mutex;

use super::buffer::Buffer;
use super::packets::Packets;
use super::{Audible, DRAWING, Hearing, SILENT};

/// So far ahead of the clock it is decoded: more than a loudspeaker asks for at once.
const LEAD: Duration = Duration::from_millis(300);
/// And from so long before, for the packet that the clock stands in.
const BEFORE: Duration = Duration::from_millis(130);
/// Whoever has not asked for samples for so long listens no more.
const DEAF: Duration = Duration::from_secs(1);
/// Recorders tell times in milliseconds; packets that nearly follow each other do.
const JITTER: f64 = 0.04;

/// By whose clock packets have their times. Those of the two may differ by some tenths of a second, so none joins one of the
/// other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The recorder's, put right: what it recorded, and what is kept of that on this machine.
    Recorded,
    /// By arrival: what came live a moment ago.
    Remembered,
}

/// See the module.
#[derive(Default)]
pub struct Voice(Mutex<State>);

struct State {
    /// Whether the recording that is read has sound that can be decoded; `None`: none has been read yet.
    offered: Option<bool>,
    recorded: Packets,
    remembered: Packets,
    /// Whose packets are heard.
    origin: Origin,
    decoder: Option<(Arc<SoundFormat>, Result<decode::Sound, Fault>)>,
    buffer: Buffer,
    /// Packets before this have been decoded.
    next: Option<Moment>,
    /// Where the clock was when it was looked at, while it runs.
    pace: Option<(Moment, Instant)>,
    /// When it began to run, or came to another place.
    began: Option<Instant>,
    filled: Option<Instant>,
    heard: Option<Instant>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            offered: None,
            recorded: Packets::default(),
            remembered: Packets::default(),
            origin: Origin::Recorded,
            decoder: None,
            buffer: Buffer::new(),
            next: None,
            pace: None,
            began: None,
            filled: None,
            heard: None,
        }
    }
}

impl Voice {
    /// A recording is read, by a session or from this machine, that has sound which can be decoded, or none.
    pub(crate) fn begin(&self, offered: bool) {
        self.0.lock().offered = Some(offered);
    }

    /// A packet whose first sample was taken at `at`, true time.
    pub(crate) fn take(&self, origin: Origin, at: Moment, data: Bytes, format: &Arc<SoundFormat>) {
        let mut state = self.0.lock();
        let place = state.pace.map_or(at, |(place, _)| place);
        let packets = match origin {
            Origin::Recorded => &mut state.recorded,
            Origin::Remembered => &mut state.remembered,
        };
        packets.put(at, (data, Arc::clone(format)), place);
    }

    /// The clock is at `at`, and runs at its usual speed through pictures of this origin, which is asked for only while
    /// somebody listens; `None`: it does not. Told often; decodes what is heard next.
    pub(crate) fn follow(&self, at: Moment, runs: Option<impl FnOnce() -> Origin>, now: Instant) {
        let mut state = self.0.lock();
        let listens = state.filled.is_some_and(|filled| now.saturating_duration_since(filled) < DEAF);
        let Some(origin) = runs.filter(|_| listens) else {
            if state.pace.take().is_some() {
                state.stop();
            }
            return;
        };
        let origin = origin();
        if std::mem::replace(&mut state.origin, origin) != origin {
            state.stop();
        }
        state.pace = Some((at, now));
        state.decode(at, now);
    }
}

impl State {
    fn stop(&mut self) {
        self.buffer.cut();
        (self.next, self.began) = (None, None);
    }

    fn decode(&mut self, at: Moment, now: Instant) {
        let near = |next: &Moment| at.minus(BEFORE + LEAD) <= *next && *next <= at.plus(LEAD + LEAD);
        let from = match self.next.filter(near) {
            Some(next) => next,
            None => {
                self.stop();
                // What comes of another place joins nothing.
                self.decoder = None;
                self.began = Some(now);
                at.minus(BEFORE)
            }
        };
        let packets = match self.origin {
            Origin::Recorded => &self.recorded,
            Origin::Remembered => &self.remembered,
        };
        let due = packets.between(from, at.plus(LEAD));
        self.next = Some(from);
        for (taken, (data, format)) in due {
            self.next = Some(taken.plus_us(1));
            if self.decoder.as_ref().is_none_or(|(open, _)| *open != format) {
                self.decoder = Some((Arc::clone(&format), decode::Sound::open(&format)));
            }
            let Some((_, Ok(decoder))) = &mut self.decoder else { continue };
            let samples = decoder.decode(&data);
            if samples.is_empty() {
                continue;
            }
            let seconds = taken.0 as f64 / 1e6;
            let joins = self.buffer.ends().filter(|ends| (ends - seconds).abs() < JITTER);
            self.buffer.put(joins.unwrap_or(seconds), &samples, decoder.rate());
            self.heard = Some(now);
        }
    }
}

impl Audible for Voice {
    fn fill(&self, out: &mut [f32], rate: u32, ahead: Duration) {
        let now = Instant::now();
        let mut state = self.0.lock();
        state.filled = Some(now);
        let wait = match (state.pace, state.buffer.ends()) {
            (Some((at, looked)), Some(ends)) => {
                let since = now.saturating_duration_since(looked).as_secs_f64();
                // The picture of a moment is drawn a little after the clock has come to it.
                ends - (at.0 as f64 / 1e6 + since + ahead.as_secs_f64() - DRAWING)
            }
            // Nothing is due: what is heard fades.
            _ => f64::from(u16::MAX),
        };
        state.buffer.fill(out, rate, wait.max(0.0));
    }

    fn hearing(&self, now: Instant) -> Hearing {
        let state = self.0.lock();
        let recent = |at: Option<Instant>| at.is_some_and(|at| now.saturating_duration_since(at) < SILENT);
        match &state.decoder {
            Some((_, Err(fault))) => Hearing::Failed(fault.clone()),
            Some((format, Ok(_))) if recent(state.heard) => Hearing::Heard { codec: format.codec.name() },
            _ if state.origin == Origin::Recorded && state.offered == Some(false) => Hearing::Silent,
            _ if state.began.is_none_or(|began| recent(Some(began))) => Hearing::Waiting,
            _ => Hearing::Silent,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::SoundCodec;

    use super::*;

    const RATE: u32 = 8000;
    const RECORDED: Option<Origin> = Some(Origin::Recorded);
    const START: Moment = Moment(1_638_000_000_000_000);

    /// Twenty seconds of G.711 in packets of 20 ms, loud in every fifth second.
    fn recorded() -> Voice {
        let voice = Voice::default();
        let format = Arc::new(SoundFormat { codec: SoundCodec::Pcmu, rate: RATE, channels: 1 });
        voice.begin(true);
        for n in 0..1000_i64 {
            let loud = n / 50 % 5 == 3;
            let tone = [0x80, 0x00].repeat(80);
            // Recorders tell times a little unevenly.
            let at = START.plus_us(n * 20_000 + n % 3 * 900);
            let data = Bytes::from(if loud { tone } else { vec![0xff; 160] });
            voice.take(Origin::Recorded, at, data, &format);
        }
        voice
    }

    /// Plays for so long from a place; gives from when on it was loud, in seconds of the recording.
    fn played(voice: &Voice, from: f64, seconds: f64, runs: Option<Origin>) -> Option<f64> {
        let place = |at: f64| START.plus_us((at * 1e6) as i64);
        let begun = Instant::now();
        let mut out = [0.0; 80];
        let mut loud = None;
        let mut taken = 0;
        // Once for the one who listens to be known.
        voice.fill(&mut out, RATE, Duration::ZERO);
        while begun.elapsed().as_secs_f64() < seconds {
            let at = from + begun.elapsed().as_secs_f64();
            voice.follow(place(at), runs.map(|origin| move || origin), Instant::now());
            while taken < (begun.elapsed().as_secs_f64() * f64::from(RATE)) as usize / 80 {
                voice.fill(&mut out, RATE, Duration::ZERO);
                taken += 1;
                if out.iter().any(|sample| sample.abs() > 0.5) {
                    loud.get_or_insert(from + begun.elapsed().as_secs_f64());
                }
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        loud
    }

    #[test]
    fn sound_is_heard_when_its_picture_is_shown_also_after_a_seek_and_not_at_other_speeds() {
        let voice = recorded();
        // Loud from 3 to 4 and from 8 to 9.
        let first = played(&voice, 2.7, 0.6, RECORDED).expect("it is heard");
        assert!((first - 3.0).abs() < 0.09, "{first}");
        assert_eq!(voice.hearing(Instant::now()), Hearing::Heard { codec: "G.711 µ" });
        let second = played(&voice, 7.8, 0.5, RECORDED).expect("it is heard after a seek");
        assert!((second - 8.0).abs() < 0.09, "{second}");
        assert_eq!(played(&voice, 9.3, 0.3, RECORDED), None, "what was loud is of another place");
        played(&voice, 13.2, 0.1, RECORDED);
        // The loudspeaker has a moment to fade.
        played(&voice, 13.2, 0.05, None);
        assert_eq!(played(&voice, 13.3, 0.2, None), None, "it stands still");
    }

    #[test]
    fn what_came_live_is_heard_where_that_is_shown_and_joins_nothing_recorded() {
        let voice = recorded();
        let format = Arc::new(SoundFormat { codec: SoundCodec::Pcma, rate: RATE, channels: 1 });
        // A-law's loudest for a second, where the recording is silent.
        for n in 0..50_i64 {
            let data = Bytes::from([0xaa, 0x2a].repeat(80));
            voice.take(Origin::Remembered, START.plus_us(5_000_000 + n * 20_000), data, &format);
        }
        assert_eq!(played(&voice, 5.2, 0.2, RECORDED), None);
        let from = played(&voice, 4.8, 0.5, Some(Origin::Remembered)).expect("it is heard");
        assert!((from - 5.0).abs() < 0.09, "{from}");
        assert_eq!(voice.hearing(Instant::now()), Hearing::Heard { codec: "G.711 A" });
        played(&voice, 5.5, 0.1, RECORDED);
        assert_eq!(played(&voice, 5.6, 0.2, RECORDED), None, "what came live is heard no more");
    }

    #[test]
    fn a_recording_without_sound_is_silent_until_another_has_some() {
        let voice = Voice::default();
        assert_eq!(voice.hearing(Instant::now()), Hearing::Waiting);
        voice.begin(false);
        assert_eq!(voice.hearing(Instant::now()), Hearing::Silent);
        voice.begin(true);
        assert_eq!(voice.hearing(Instant::now()), Hearing::Waiting);
    }
}
