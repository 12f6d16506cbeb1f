//! The sound of a recording, in step with a clock that goes at its usual speed; silent while it does not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{Fault, Moment, SoundFormat};
use parking_lot::Mutex;

use super::buffer::Buffer;
use super::{Audible, DRAWING, Hearing, SILENT};

/// The most bytes of coded sound that are kept of one camera: eight minutes of G.711.
const MAX_BYTES: usize = 4 << 20;
/// So far ahead of the clock it is decoded: more than a loudspeaker asks for at once.
const LEAD: Duration = Duration::from_millis(300);
/// And from so long before, for the packet that the clock stands in.
const BEFORE: Duration = Duration::from_millis(130);
/// Whoever has not asked for samples for so long listens no more.
const DEAF: Duration = Duration::from_secs(1);
/// Recorders tell times in milliseconds; packets that nearly follow each other do.
const JITTER: f64 = 0.04;

/// See the module.
#[derive(Default)]
pub struct Voice(Mutex<State>);

struct State {
    format: Option<Arc<SoundFormat>>,
    /// What the session that is open says of its sound; `None`: no session yet.
    offered: Option<bool>,
    packets: BTreeMap<Moment, (Bytes, Arc<SoundFormat>)>,
    bytes: usize,
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
            format: None,
            offered: None,
            packets: BTreeMap::new(),
            bytes: 0,
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
    /// A session is open, whose sound is this, or one that nobody here can decode, or none.
    pub(crate) fn begin(&self, format: Option<SoundFormat>) {
        let mut state = self.0.lock();
        state.offered = Some(format.is_some());
        if state.format.as_deref() != format.as_ref() {
            state.format = format.map(Arc::new);
        }
    }

    /// A packet that was recorded at `at`, true time.
    pub(crate) fn take(&self, at: Moment, data: Bytes) {
        let mut state = self.0.lock();
        let Some(format) = state.format.clone() else { return };
        state.bytes += data.len();
        if let Some((before, _)) = state.packets.insert(at, (data, format)) {
            state.bytes -= before.len();
        }
        let place = state.pace.map_or(at, |(place, _)| place);
        while state.bytes > MAX_BYTES {
            let (Some((&first, _)), Some((&last, _))) =
                (state.packets.first_key_value(), state.packets.last_key_value())
            else {
                return;
            };
            // What lies farthest from the clock.
            let gone = if place.since_us(first) >= last.since_us(place) { first } else { last };
            state.bytes -= state.packets.remove(&gone).map_or(0, |(data, _)| data.len());
        }
    }

    /// The clock is at `at`, and runs at its usual speed or does not. Told often; decodes what is heard next.
    pub(crate) fn follow(&self, at: Moment, runs: bool, now: Instant) {
        let mut state = self.0.lock();
        let listens = state.filled.is_some_and(|filled| now.saturating_duration_since(filled) < DEAF);
        if !runs || !listens {
            if state.pace.take().is_some() {
                state.stop();
            }
            return;
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
        let due: Vec<_> =
            self.packets.range(from..=at.plus(LEAD)).map(|(at, packet)| (*at, packet.clone())).collect();
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
        if let Some((_, Err(fault))) = &state.decoder {
            return Hearing::Failed(fault.clone());
        }
        let recent = |at: Option<Instant>| at.is_some_and(|at| now.saturating_duration_since(at) < SILENT);
        match &state.format {
            Some(format) if recent(state.heard) => Hearing::Heard { codec: format.codec.name() },
            _ if state.offered == Some(false) => Hearing::Silent,
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
    const START: Moment = Moment(1_638_000_000_000_000);

    /// Twenty seconds of G.711 in packets of 20 ms, loud in every fifth second.
    fn recorded() -> Voice {
        let voice = Voice::default();
        voice.begin(Some(SoundFormat { codec: SoundCodec::Pcmu, rate: RATE, channels: 1 }));
        for n in 0..1000_i64 {
            let loud = n / 50 % 5 == 3;
            let tone = [0x80, 0x00].repeat(80);
            // Recorders tell times a little unevenly.
            let at = START.plus_us(n * 20_000 + n % 3 * 900);
            voice.take(at, Bytes::from(if loud { tone } else { vec![0xff; 160] }));
        }
        voice
    }

    /// Plays for so long from a place; gives from when on it was loud, in seconds of the recording.
    fn played(voice: &Voice, from: f64, seconds: f64, runs: bool) -> Option<f64> {
        let place = |at: f64| START.plus_us((at * 1e6) as i64);
        let begun = Instant::now();
        let mut out = [0.0; 80];
        let mut loud = None;
        let mut taken = 0;
        // Once for the one who listens to be known.
        voice.fill(&mut out, RATE, Duration::ZERO);
        while begun.elapsed().as_secs_f64() < seconds {
            let at = from + begun.elapsed().as_secs_f64();
            voice.follow(place(at), runs, Instant::now());
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
        let first = played(&voice, 2.7, 0.6, true).expect("it is heard");
        assert!((first - 3.0).abs() < 0.09, "{first}");
        assert_eq!(voice.hearing(Instant::now()), Hearing::Heard { codec: "G.711 µ" });
        let second = played(&voice, 7.8, 0.5, true).expect("it is heard after a seek");
        assert!((second - 8.0).abs() < 0.09, "{second}");
        assert_eq!(played(&voice, 9.3, 0.3, true), None, "what was loud is of another place");
        played(&voice, 13.2, 0.1, true);
        // The loudspeaker has a moment to fade.
        played(&voice, 13.2, 0.05, false);
        assert_eq!(played(&voice, 13.3, 0.2, false), None, "it stands still");
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_a_session_has_not_is_silent() {
        let voice = recorded();
        for n in 0..60_000_i64 {
            voice.take(START.plus_us(n * 20_000), Bytes::from(vec![0xff; 160]));
        }
        let state = voice.0.lock();
        assert!(state.bytes <= MAX_BYTES);
        assert_eq!(state.bytes, state.packets.values().map(|(data, _)| data.len()).sum::<usize>());
        drop(state);
        let none = Voice::default();
        assert_eq!(none.hearing(Instant::now()), Hearing::Waiting);
        none.begin(None);
        none.take(START, Bytes::from_static(&[1]));
        assert_eq!((none.hearing(Instant::now()), none.0.lock().packets.len()), (Hearing::Silent, 0));
    }
}
