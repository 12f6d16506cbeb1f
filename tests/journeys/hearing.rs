//! What a loudspeaker would play of a camera of the simulated province: its microphone hears a pitch of its own.

use std::time::{Duration, Instant};

use engine::Audible;
use province::{Make, Sound, list, strength};

/// The loudspeaker's samples a second.
const RATE: u32 = 48_000;

/// A camera with such a sound, whose recorder plays recordings by ONVIF.
pub(crate) fn camera_with(sound: Sound) -> usize {
    let has = |camera: usize| {
        let about = &list().cameras[camera];
        let make = list().recorders[about.recorder].equipment.make;
        about.sound == Some(sound) && matches!(make, Make::Generic | Make::Wisenet)
    };
    (0..list().cameras.len()).find(|camera| has(*camera)).expect("a microphone")
}

/// What a loudspeaker plays in so long.
pub(crate) fn heard(voice: &dyn Audible, length: Duration) -> Vec<f32> {
    let (begun, mut samples, mut piece) = (Instant::now(), Vec::new(), vec![0.0; (RATE / 100) as usize]);
    while begun.elapsed() < length {
        while samples.len() < (begun.elapsed().as_secs_f64() * f64::from(RATE)) as usize {
            voice.fill(&mut piece, RATE, Duration::ZERO);
            samples.extend_from_slice(&piece);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    samples
}

/// That a pitch stands out in what is heard.
pub(crate) fn is_heard(samples: &[f32], pitch: f64, what: &str) {
    let own = strength(samples, RATE, pitch);
    let others = [pitch - 60.0, pitch + 60.0].map(|hertz| strength(samples, RATE, hertz));
    assert!(others.iter().all(|other| own > 5.0 * other), "{what}, {pitch} Hz: {own} {others:?}");
}
