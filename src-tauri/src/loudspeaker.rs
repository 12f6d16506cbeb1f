//! The system's loudspeaker. It is opened only while there is something to hear, so that a computer can sleep and other
//! programs have it to themselves; one that was unplugged is looked for again.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{Device, FromSample, OutputCallbackInfo, SampleFormat, SizedSample, StreamConfig};
use engine::Audible;
use parking_lot::Mutex;

/// One that does not open, or has gone, is looked for again after this.
const AGAIN: Duration = Duration::from_secs(2);
/// How often it is looked whether it still is there.
const LOOK: Duration = Duration::from_millis(250);
/// Until somebody stirs.
const FOR_EVER: Duration = Duration::from_secs(24 * 3600);

/// What is heard, for the thread of the device.
struct Shared {
    ear: Mutex<Option<Arc<dyn Audible>>>,
    /// 0–1, as bits of an `f32`.
    volume: AtomicU32,
    /// The device has failed, and is to be opened anew.
    failed: AtomicBool,
    fault: Mutex<Option<String>>,
}

/// See the module. Nobody waits for its thread, which ends with it: a sound server that hangs must not keep the program.
pub(crate) struct Loudspeaker {
    shared: Arc<Shared>,
    stir: SyncSender<()>,
}

impl Loudspeaker {
    /// Starts its thread; no device is touched yet.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub(crate) fn start() -> io::Result<Self> {
        let shared = Arc::new(Shared {
            ear: Mutex::new(None),
            volume: AtomicU32::new(1.0_f32.to_bits()),
            failed: AtomicBool::new(false),
            fault: Mutex::new(None),
        });
        let (stir, stirred) = sync_channel(1);
        let own = Arc::clone(&shared);
        std::thread::Builder::new().name("loudspeaker".to_owned()).spawn(move || {
            let mut playing: Option<cpal::Stream> = None;
            let mut not_before = Instant::now();
            loop {
                if own.failed.swap(false, Ordering::AcqRel) {
                    playing = None;
                    not_before = Instant::now() + AGAIN;
                }
                let wanted = own.ear.lock().is_some();
                if !wanted {
                    playing = None;
                } else if playing.is_none() && Instant::now() >= not_before {
                    match open(&own) {
                        Ok(stream) => {
                            *own.fault.lock() = None;
                            playing = Some(stream);
                        }
                        Err(error) => {
                            log::warn!("no loudspeaker: {error}");
                            *own.fault.lock() = Some(error.to_string());
                            not_before = Instant::now() + AGAIN;
                        }
                    }
                }
                // With nothing to hear there is nothing to look after.
                let patience = if wanted { LOOK } else { FOR_EVER };
                match stirred.recv_timeout(patience) {
                    Err(RecvTimeoutError::Disconnected) => return,
                    Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                }
            }
        })?;
        Ok(Self { shared, stir })
    }

    /// Plays what this hears from now on, or nothing.
    pub(crate) fn play(&self, ear: Option<Arc<dyn Audible>>) {
        *self.shared.ear.lock() = ear;
        // One that waits already is enough.
        let _: Result<(), TrySendError<()>> = self.stir.try_send(());
    }

    /// How loud, 0–1.
    pub(crate) fn set_volume(&self, volume: f32) {
        self.shared.volume.store(volume.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
    }

    /// Why nothing is heard, in the system's words.
    pub(crate) fn fault(&self) -> Option<String> {
        self.shared.fault.lock().clone()
    }
}

fn open(shared: &Arc<Shared>) -> Result<cpal::Stream, cpal::Error> {
    let nowhere = || cpal::Error::from(cpal::ErrorKind::DeviceNotAvailable);
    let device = cpal::default_host().default_output_device().ok_or_else(nowhere)?;
    let config = device.default_output_config()?;
    let (format, config) = (config.sample_format(), config.config());
    let stream = match format {
        SampleFormat::F32 => build::<f32>(&device, config, shared),
        SampleFormat::I16 => build::<i16>(&device, config, shared),
        SampleFormat::U16 => build::<u16>(&device, config, shared),
        SampleFormat::I32 => build::<i32>(&device, config, shared),
        SampleFormat::U8 => build::<u8>(&device, config, shared),
        _ => Err(cpal::ErrorKind::UnsupportedConfig.into()),
    }?;
    stream.play()?;
    Ok(stream)
}

/// Whether a stream of sound goes on all the same.
pub(crate) fn goes_on(error: &cpal::Error) -> bool {
    use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
    matches!(error.kind(), DeviceChanged | RealtimeDenied | Xrun)
}

fn build<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: StreamConfig,
    shared: &Arc<Shared>,
) -> Result<cpal::Stream, cpal::Error> {
    let (rate, channels) = (config.sample_rate, usize::from(config.channels).max(1));
    let (heard, failing) = (Arc::clone(shared), Arc::clone(shared));
    let mut mono = Vec::new();
    let give = move |out: &mut [T], info: &OutputCallbackInfo| {
        mono.resize(out.len() / channels, 0.0);
        let at = info.timestamp();
        let ahead = at.playback.saturating_duration_since(at.callback);
        // Whoever changes what is heard holds this for a moment; the thread of the device does not wait for it.
        match heard.ear.try_lock().and_then(|ear| ear.clone()) {
            Some(ear) => ear.fill(&mut mono, rate, ahead),
            None => mono.fill(0.0),
        }
        let volume = f32::from_bits(heard.volume.load(Ordering::Relaxed));
        for (frame, sample) in out.chunks_mut(channels).zip(&mono) {
            frame.fill(T::from_sample(sample * volume));
        }
    };
    let fail = move |error: cpal::Error| {
        if !goes_on(&error) {
            log::warn!("the loudspeaker has failed: {error}");
            *failing.fault.lock() = Some(error.to_string());
            failing.failed.store(true, Ordering::Release);
        }
    };
    device.build_output_stream(config, give, fail, None)
}
