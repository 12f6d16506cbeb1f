//! Decoders of graphics processors, by FFmpeg's hardware accelerators.
//!
//! A device is opened once in a process and shared by all streams. What cannot be had says why in words, and the
//! stream goes on without it.
//!
//! A finished picture lies in a surface of the device. [`surfaces`] lends it to whoever draws: [`cuda`] copies it into
//! memory that the compositor exports, and so does `d3d11` on Windows; [`dma_buf`] exports it as it is, and so does
//! `io_surface` on macOS. Where nobody takes it, [`transfer`] brings it into system memory.
#![allow(unsafe_code)] // owns device contexts

#[cfg(target_os = "linux")]
mod cuda;
#[cfg(windows)]
mod d3d11;
#[cfg(target_os = "linux")]
mod dma_buf;
#[cfg(target_os = "macos")]
mod io_surface;
mod surfaces;
mod transfer;

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;
use std::sync::Arc;
#[cfg(any(target_os = "linux", windows))]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ffmpeg_sys_next as ffi;
use model::{Codec, Decoder};
use parking_lot::Mutex;

use crate::context::find_decoder;
use crate::messages;

pub(crate) use surfaces::{SURFACES_OUT, Surfaces};

/// Sessions at a time in this process. Each takes graphics memory for its references, and beyond this many no
/// consumer device decodes in real time; the streams after it take the processor.
const MAX_SESSIONS: usize = 64;

/// A device that could not be opened is tried again after this: a driver may be installed or a card come back.
const RETRY: Duration = Duration::from_secs(60);

static SESSIONS: AtomicUsize = AtomicUsize::new(0);
static DEVICES: Mutex<Vec<Attempt>> = Mutex::new(Vec::new());

/// Whether a hardware decoder can be had on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Which one.
    pub decoder: Decoder,
    /// Whether its device could be opened.
    pub available: bool,
    /// Why not, in the driver's or FFmpeg's words; empty when available.
    pub reason: String,
}

/// Tries every hardware decoder that this system may have, the preferred one first. Opens their devices, which can
/// take a second; later calls are quick.
#[must_use]
pub fn hardware() -> Vec<Availability> {
    let availability = |&decoder: &Decoder| match device(decoder) {
        Ok(_) => Availability { decoder, available: true, reason: String::new() },
        Err(reason) => Availability { decoder, available: false, reason },
    };
    preferred().iter().map(availability).collect()
}

/// The decoders of this system, the preferred one first: the vendor's own before the general interface, but whose
/// surfaces can be drawn where they lie before all.
fn preferred() -> &'static [Decoder] {
    if cfg!(target_os = "windows") {
        &[Decoder::D3d11, Decoder::Cuda]
    } else if cfg!(target_os = "macos") {
        &[Decoder::VideoToolbox]
    } else {
        &[Decoder::Cuda, Decoder::Vaapi]
    }
}

fn name(decoder: Decoder) -> &'static CStr {
    match decoder {
        Decoder::Cuda => c"cuda",
        Decoder::Vaapi => c"vaapi",
        Decoder::D3d11 => c"d3d11va",
        Decoder::VideoToolbox => c"videotoolbox",
        Decoder::Software => c"",
    }
}

struct Attempt {
    decoder: Decoder,
    at: Instant,
    result: Result<Arc<Device>, String>,
}

/// An open device, shared by all sessions on it.
struct Device {
    decoder: Decoder,
    buffer: NonNull<ffi::AVBufferRef>,
    /// CUDA's view of it, once a surface was asked for.
    #[cfg(target_os = "linux")]
    cuda: OnceLock<Result<cuda::Cuda, String>>,
    /// Direct3D 11's, likewise.
    #[cfg(windows)]
    d3d11: OnceLock<Result<d3d11::D3d11, String>>,
}

impl Device {
    /// Takes over the reference.
    fn new(decoder: Decoder, buffer: NonNull<ffi::AVBufferRef>) -> Arc<Self> {
        Arc::new(Self {
            decoder,
            buffer,
            #[cfg(target_os = "linux")]
            cuda: OnceLock::new(),
            #[cfg(windows)]
            d3d11: OnceLock::new(),
        })
    }
}

// SAFETY: the reference count is atomic, and we only ever add references to it; device contexts may be shared between
// decoders on different threads (libavutil/hwcontext.h).
unsafe impl Send for Device {}
// SAFETY: as above.
unsafe impl Sync for Device {}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: our own reference, dropped once.
        unsafe { ffi::av_buffer_unref(&mut self.buffer.as_ptr()) };
    }
}

fn device(decoder: Decoder) -> Result<Arc<Device>, String> {
    let mut devices = DEVICES.lock();
    let known = devices.iter().find(|attempt| attempt.decoder == decoder);
    if let Some(attempt) = known
        && (attempt.result.is_ok() || attempt.at.elapsed() < RETRY)
    {
        return attempt.result.clone();
    }
    devices.retain(|attempt| attempt.decoder != decoder);
    let result = open_device(decoder);
    match &result {
        Ok(_) => log::info!("{} is available", decoder.name()),
        Err(why) => log::info!("{} is not available: {why}", decoder.name()),
    }
    devices.push(Attempt { decoder, at: Instant::now(), result: result.clone() });
    result
}

fn open_device(decoder: Decoder) -> Result<Arc<Device>, String> {
    messages::route();
    messages::take_complaint();
    // SAFETY: the name is a C string; a type that this FFmpeg was built without is refused by the create call, which
    // fills `buffer` only when it succeeds.
    unsafe {
        let kind = ffi::av_hwdevice_find_type_by_name(name(decoder).as_ptr());
        if kind == ffi::AVHWDeviceType::AV_HWDEVICE_TYPE_NONE {
            return Err("this FFmpeg was built without it".to_owned());
        }
        let mut buffer = std::ptr::null_mut();
        let code =
            ffi::av_hwdevice_ctx_create(&raw mut buffer, kind, std::ptr::null(), std::ptr::null_mut(), 0);
        match NonNull::new(buffer) {
            Some(buffer) if code >= 0 => Ok(Device::new(decoder, buffer)),
            _ => Err(messages::take_complaint().unwrap_or_else(|| messages::describe(code))),
        }
    }
}

/// FFmpeg's answer: its own complaint where it has made one.
fn check(code: c_int) -> Result<(), String> {
    if code < 0 {
        Err(messages::take_complaint().unwrap_or_else(|| messages::describe(code)))
    } else {
        Ok(())
    }
}

/// Forgets an open device after it failed a stream: the next stream opens it anew, in case it was lost.
fn forget(device: &Arc<Device>) {
    DEVICES.lock().retain(|attempt| !attempt.result.as_ref().is_ok_and(|known| Arc::ptr_eq(known, device)));
}

/// One stream's share of a device.
pub(crate) struct Session {
    device: Arc<Device>,
    surface: c_int,
}

impl Session {
    /// A session on the best device that knows the codec, or why there is none.
    pub(crate) fn open(codec: Codec) -> Result<Self, String> {
        let mut reasons = Vec::new();
        for &decoder in preferred() {
            match Self::open_on(decoder, codec) {
                Ok(session) => return Ok(session),
                Err(why) => reasons.push(format!("{}: {why}", decoder.name())),
            }
        }
        Err(reasons.join("; "))
    }

    fn open_on(decoder: Decoder, codec: Codec) -> Result<Self, String> {
        let device = device(decoder)?;
        let surface = surface_format(decoder, codec)
            .ok_or_else(|| format!("this FFmpeg does not decode {} there", codec.name()))?;
        let taken = SESSIONS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sessions| {
            (sessions < MAX_SESSIONS).then_some(sessions + 1)
        });
        match taken {
            Ok(_) => Ok(Self { device, surface }),
            Err(_) => Err(format!("all {MAX_SESSIONS} sessions are taken")),
        }
    }

    pub(crate) fn decoder(&self) -> Decoder {
        self.device.decoder
    }

    /// What a stream's surfaces are lent and downloaded through.
    pub(crate) fn surfaces(&self) -> Arc<Surfaces> {
        Surfaces::new(Arc::clone(&self.device))
    }

    /// The pixel format of its surfaces, as FFmpeg's number.
    pub(crate) fn surface_format(&self) -> c_int {
        self.surface
    }

    /// A new reference to the device, which the receiver owns; `None` when memory is out.
    pub(crate) fn device_reference(&self) -> Option<*mut ffi::AVBufferRef> {
        // SAFETY: the device holds its reference as long as `self` lives.
        let reference = unsafe { ffi::av_buffer_ref(self.device.buffer.as_ptr()) };
        (!reference.is_null()).then_some(reference)
    }

    /// The device failed in the middle of a stream.
    pub(crate) fn report_lost(&self) {
        forget(&self.device);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        SESSIONS.fetch_sub(1, Ordering::Relaxed);
    }
}

fn surface_format(decoder: Decoder, codec: Codec) -> Option<c_int> {
    let Ok(codec) = find_decoder(codec) else { return None };
    // SAFETY: the codec is static; configurations are static and end with null. Their enums are filled in by FFmpeg's
    // own tables and are read as plain numbers.
    unsafe {
        let kind = ffi::av_hwdevice_find_type_by_name(name(decoder).as_ptr()) as c_int;
        for index in 0.. {
            let config = ffi::avcodec_get_hw_config(codec, index);
            if config.is_null() {
                break;
            }
            let by_device = ffi::AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX as c_int;
            let methods = (*config).methods;
            if methods & by_device != 0 && (&raw const (*config).device_type).cast::<c_int>().read() == kind {
                return Some((&raw const (*config).pix_fmt).cast::<c_int>().read());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Session {
        /// A session on a device that exists in name only: FFmpeg offers its surfaces, and their set-up fails.
        pub(crate) fn broken(codec: Codec) -> Option<Self> {
            // SAFETY: the name is a C string; an allocated device without a driver behind it is a valid object.
            let buffer = unsafe {
                let kind = ffi::av_hwdevice_find_type_by_name(c"vaapi".as_ptr());
                NonNull::new(ffi::av_hwdevice_ctx_alloc(kind))?
            };
            let surface = surface_format(Decoder::Vaapi, codec)?;
            SESSIONS.fetch_add(1, Ordering::Relaxed);
            Some(Self { device: Device::new(Decoder::Vaapi, buffer), surface })
        }
    }

    #[test]
    fn sessions_are_given_back() {
        let Some(session) = Session::broken(Codec::H265) else { return };
        let before = SESSIONS.load(Ordering::Relaxed);
        drop(session);
        assert!(SESSIONS.load(Ordering::Relaxed) < before);
    }

    #[test]
    fn a_device_that_failed_is_not_tried_at_once_again() {
        let first: Vec<_> = preferred().iter().map(|&decoder| device(decoder).err()).collect();
        let attempts: Vec<Instant> = DEVICES.lock().iter().map(|attempt| attempt.at).collect();
        let second: Vec<_> = preferred().iter().map(|&decoder| device(decoder).err()).collect();
        assert_eq!(first, second);
        assert_eq!(attempts, DEVICES.lock().iter().map(|attempt| attempt.at).collect::<Vec<_>>());
    }
}
