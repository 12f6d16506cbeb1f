//! The system's microphone. It is open only while somebody speaks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{Device, FromSample, InputCallbackInfo, SampleFormat, SizedSample, StreamConfig};
use engine::Talking;
use engine::sound::Thinner;
use parking_lot::Mutex;

use crate::loudspeaker::goes_on;

/// Open until it is dropped; a thread has it, because not every system lets another one end it. Nobody waits for that
/// thread: a sound server that hangs must not keep the page waiting.
pub(crate) struct Microphone {
    _end: SyncSender<()>,
    fault: Arc<Mutex<Option<String>>>,
}

impl Microphone {
    /// Opens it; what it hears is said through `talking`.
    ///
    /// # Errors
    /// The system refuses a thread. What it says of the microphone itself comes by [`Microphone::fault`].
    pub(crate) fn open(talking: Arc<Talking>) -> std::io::Result<Self> {
        let fault = Arc::new(Mutex::new(None));
        let (end, ended) = sync_channel::<()>(0);
        let told = Arc::clone(&fault);
        std::thread::Builder::new().name("microphone".to_owned()).spawn(move || {
            let opened = open(&talking, &told);
            match opened {
                Ok(_stream) => drop(ended.recv()),
                Err(error) => {
                    log::warn!("no microphone: {error}");
                    *told.lock() = Some(error.to_string());
                }
            }
        })?;
        Ok(Self { _end: end, fault })
    }

    /// Why it hears nothing, in the system's words.
    pub(crate) fn fault(&self) -> Option<String> {
        self.fault.lock().clone()
    }
}

type Told = Arc<Mutex<Option<String>>>;

fn open(talking: &Arc<Talking>, told: &Told) -> Result<cpal::Stream, cpal::Error> {
    let nowhere = || cpal::Error::from(cpal::ErrorKind::DeviceNotAvailable);
    let device = cpal::default_host().default_input_device().ok_or_else(nowhere)?;
    let config = device.default_input_config()?;
    let (format, config) = (config.sample_format(), config.config());
    let stream = match format {
        SampleFormat::F32 => build::<f32>(&device, config, talking, told),
        SampleFormat::I16 => build::<i16>(&device, config, talking, told),
        SampleFormat::U16 => build::<u16>(&device, config, talking, told),
        SampleFormat::I32 => build::<i32>(&device, config, talking, told),
        SampleFormat::U8 => build::<u8>(&device, config, talking, told),
        _ => Err(cpal::ErrorKind::UnsupportedConfig.into()),
    }?;
    stream.play()?;
    Ok(stream)
}

fn build<T: SizedSample>(
    device: &Device,
    config: StreamConfig,
    talking: &Arc<Talking>,
    told: &Told,
) -> Result<cpal::Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels).max(1);
    let mut thinner = Thinner::new(config.sample_rate);
    let mut thin = Vec::new();
    let (talking, told) = (Arc::clone(talking), Arc::clone(told));
    let hear = move |heard: &[T], _: &InputCallbackInfo| {
        let mono = heard.chunks(channels).map(|frame| {
            let sum: f32 = frame.iter().map(|sample| cpal::Sample::to_sample::<f32>(*sample)).sum();
            sum / channels as f32
        });
        thin.clear();
        thinner.take(mono, &mut thin);
        talking.say(&thin);
    };
    let failed = AtomicBool::new(false);
    let fail = move |error: cpal::Error| {
        if !goes_on(&error) && !failed.swap(true, Ordering::Relaxed) {
            log::warn!("the microphone has failed: {error}");
            *told.lock() = Some(error.to_string());
        }
    };
    device.build_input_stream(config, hear, fail, None)
}
