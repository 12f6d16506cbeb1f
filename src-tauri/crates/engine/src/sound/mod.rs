//! The sound of a live stream, from its packets to the samples that a loudspeaker takes.
//!
//! **The way through it:** a stream that was opened with sound has an [`Ear`]. Its session puts packets in
//! ([`Ear::hear`]) and says how late pictures are ([`Ear::saw`]); whoever owns the loudspeaker takes samples out
//! ([`Audible::fill`]), from a thread that must never wait. A recording's is a [`Voice`], which follows a clock.
//!
//! # In step with the picture
//! Packets wait in a `buffer` for as long as pictures of the same moment take from the camera's lens to the wall, by the
//! camera's own clock; where it tells none, for as long as evens out their arrival. What a camera's clock and the
//! loudspeaker's differ by is made up for by playing a little faster or slower, too little to be heard.

mod buffer;
mod kernel;
mod packets;
mod thinner;
mod voice;

use std::time::{Duration, Instant, SystemTime};

use model::{Fault, SoundFormat, SoundPacket};
use parking_lot::Mutex;

use buffer::Buffer;
pub use thinner::Thinner;
pub(crate) use voice::Origin;
pub use voice::Voice;

/// A picture is drawn so long after it was decoded, on average: half a picture of the wall, and what drawing takes.
const DRAWING: f64 = 0.02;
/// Where the camera tells no times, sound waits so long: what Wi-Fi and a busy recorder jitter by.
const UNTOLD: f64 = 0.12;
/// Sound waits no less, however quick the pictures are, and no longer, however slow.
const WAITS: (f64, f64) = (0.06, 1.0);
/// A camera that has sent no sound for so long is silent.
const SILENT: Duration = Duration::from_secs(2);

/// How the sound of a stream stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hearing {
    /// No packet yet.
    Waiting,
    /// The camera sends none, or has stopped to.
    Silent,
    /// It cannot be decoded.
    Failed(Fault),
    /// It is heard.
    Heard {
        /// The codec's name.
        codec: &'static str,
    },
}

/// What a loudspeaker plays.
pub trait Audible: Send + Sync {
    /// The next samples of a loudspeaker with so many a second, which are heard `ahead` from now; silence where there are
    /// none.
    fn fill(&self, out: &mut [f32], rate: u32, ahead: Duration);

    /// How it stands.
    fn hearing(&self, now: Instant) -> Hearing;
}

/// See the module.
pub struct Ear(Mutex<State>);

struct State {
    decoder: Option<decode::Sound>,
    codec: Option<&'static str>,
    fault: Option<Fault>,
    buffer: Buffer,
    opened: Instant,
    heard: Option<Instant>,
    /// From capture, by the camera's clock, until it was decoded here, seconds, smoothed. The clocks may differ by years;
    /// what counts is the difference of the two.
    picture: Option<f64>,
    /// The same until a packet's last sample was here.
    packet: Option<f64>,
    /// The loudest sample of the last moment, fading.
    level: f32,
}

impl Ear {
    pub(crate) fn new(now: Instant) -> Self {
        Self(Mutex::new(State {
            decoder: None,
            codec: None,
            fault: None,
            buffer: Buffer::new(),
            opened: now,
            heard: None,
            picture: None,
            packet: None,
            level: 0.0,
        }))
    }

    /// A session begins, with this sound or none.
    pub(crate) fn begin(&self, format: Option<&SoundFormat>) {
        let opened = format.map(decode::Sound::open);
        let mut state = self.0.lock();
        state.buffer = Buffer::new();
        (state.picture, state.packet, state.decoder, state.fault) = (None, None, None, None);
        state.codec = format.map(|format| format.codec.name());
        match opened {
            Some(Ok(decoder)) => state.decoder = Some(decoder),
            Some(Err(fault)) => state.fault = Some(fault),
            None => {}
        }
    }

    /// A packet has come.
    pub(crate) fn hear(&self, packet: &SoundPacket) {
        let mut state = self.0.lock();
        let Some(decoder) = &mut state.decoder else { return };
        let samples = decoder.decode(&packet.data);
        let rate = decoder.rate();
        if samples.is_empty() {
            return;
        }
        let loudest = samples.iter().fold(0.0, |most: f32, sample| most.max(sample.abs()));
        state.level = loudest.max(state.level * 0.8);
        let length = samples.len() as f64 / f64::from(rate);
        if let Some(delay) = packet.captured.map(|at| delay(packet.received, at) - length) {
            state.packet = Some(smoothed(state.packet, delay));
        }
        state.heard = Some(packet.received);
        let seconds = packet.timestamp as f64 / f64::from(packet.format.rate.max(1));
        state.buffer.put(seconds, &samples, rate);
    }

    /// A picture that the camera says it took at `captured` was decoded.
    pub(crate) fn saw(&self, captured: SystemTime, decoded: Instant) {
        let mut state = self.0.lock();
        state.picture = Some(smoothed(state.picture, delay(decoded, captured)));
    }

    /// How loud it is, 0–1.
    #[must_use]
    pub fn level(&self) -> f32 {
        self.0.lock().level
    }
}

impl Audible for Ear {
    fn fill(&self, out: &mut [f32], rate: u32, ahead: Duration) {
        let mut state = self.0.lock();
        let wait = match (state.picture, state.packet) {
            (Some(picture), Some(packet)) => picture + DRAWING - packet - ahead.as_secs_f64(),
            _ => UNTOLD,
        };
        state.buffer.fill(out, rate, wait.clamp(WAITS.0, WAITS.1));
    }

    fn hearing(&self, now: Instant) -> Hearing {
        let state = self.0.lock();
        if let Some(fault) = &state.fault {
            return Hearing::Failed(fault.clone());
        }
        let quiet = |since: Instant| now.saturating_duration_since(since) >= SILENT;
        match (state.heard, state.codec) {
            (Some(at), Some(codec)) if !quiet(at) => Hearing::Heard { codec },
            (None, _) if !quiet(state.opened) => Hearing::Waiting,
            _ => Hearing::Silent,
        }
    }
}

/// From a moment by the camera's clock to one by ours, seconds.
fn delay(here: Instant, captured: SystemTime) -> f64 {
    let now = Instant::now();
    let today = SystemTime::now();
    let ago =
        now.saturating_duration_since(here).as_secs_f64() - here.saturating_duration_since(now).as_secs_f64();
    match today.duration_since(captured) {
        Ok(since) => since.as_secs_f64() - ago,
        Err(ahead) => -ahead.duration().as_secs_f64() - ago,
    }
}

/// Follows at once when far off (the camera's clock was set), else slowly.
fn smoothed(before: Option<f64>, new: f64) -> f64 {
    match before {
        Some(before) if (before - new).abs() < 1.0 => before + (new - before) * 0.05,
        _ => new,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use model::SoundCodec;

    use super::*;

    fn packet(format: &Arc<SoundFormat>, n: i64, start: Instant, clock: SystemTime) -> SoundPacket {
        SoundPacket {
            format: Arc::clone(format),
            data: Bytes::from(vec![0x80; 160]),
            timestamp: n * 160,
            received: start + Duration::from_millis(20 * (n as u64 + 1)),
            captured: Some(clock + Duration::from_millis(20 * n as u64)),
        }
    }

    #[test]
    fn sound_waits_for_as_long_as_pictures_of_the_same_moment_take() {
        let format = Arc::new(SoundFormat { codec: SoundCodec::Pcmu, rate: 8000, channels: 1 });
        // The camera's clock is a year behind.
        let clock = SystemTime::now() - Duration::from_secs(31_536_000);
        let start = Instant::now();
        let ear = Ear::new(start);
        ear.begin(Some(&format));
        assert_eq!(ear.hearing(start), Hearing::Waiting);
        ear.saw(clock, start + Duration::from_millis(230));
        let mut out = vec![0.0; 160];
        let mut waited = 0;
        // Packets come in real time, 20 ms apart, and the loudspeaker takes as much.
        for n in 0..100 {
            ear.hear(&packet(&format, n, start, clock));
            ear.fill(&mut out, 8000, Duration::ZERO);
            waited += out.iter().filter(|sample| **sample == 0.0).count();
        }
        let seconds = waited as f64 / 8000.0;
        // 230 ms of decoding and 20 ms of drawing, less the 20 ms that the first packet took to be whole.
        assert!((0.2..0.28).contains(&seconds), "{seconds}");
        assert_eq!(ear.hearing(start + Duration::from_secs(2)), Hearing::Heard { codec: "G.711 µ" });
        assert!(ear.level() > 0.9);
        assert_eq!(ear.hearing(start + Duration::from_secs(9)), Hearing::Silent);
    }

    #[test]
    fn a_session_without_sound_is_silent_and_one_that_cannot_be_decoded_says_so() {
        let start = Instant::now();
        let ear = Ear::new(start);
        ear.begin(None);
        assert_eq!(ear.hearing(start + SILENT), Hearing::Silent);
        let mut out = [1.0; 8];
        ear.fill(&mut out, 48_000, Duration::ZERO);
        assert_eq!(out, [0.0; 8]);
    }
}
