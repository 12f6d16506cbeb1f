//! One FFmpeg decoder: packets in, frames out, on the processor or through a hardware session.
#![allow(unsafe_code)] // owns AVCodecContext and AVPacket

use std::cell::Cell;
use std::ffi::{CStr, c_int};
use std::ptr::NonNull;
use std::sync::Arc;

use ffi::AVPixelFormat;
use ffmpeg_sys_next as ffi;
use model::{Codec, Decoder, Planes, Size};

use crate::frame::{Description, Frame, too_large};
use crate::hardware::{SURFACES_OUT, Session, Surfaces};
use crate::{MAX_SIDE, messages};

/// Why a decoder gave no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The stream cannot be decoded at all: size, missing codec, no memory.
    Stream(String),
    /// This unit was refused; later ones may do.
    Unit(String),
    /// The hardware refused its service; the processor may do.
    Hardware(String),
}

/// What FFmpeg's callback decides while a packet is decoded. Lives behind `AVCodecContext.opaque`.
struct Negotiation {
    /// The pixel format of surfaces of the session's hardware.
    surface: Option<c_int>,
    /// The stream's size, where it was refused for it.
    too_large: Cell<Option<Size>>,
    /// Surfaces were wanted, and the stream or the driver made FFmpeg choose the processor.
    declined: Cell<bool>,
}

/// A decoder for one stream. Belongs to one thread at a time.
pub(crate) struct Context {
    raw: NonNull<ffi::AVCodecContext>,
    packet: NonNull<ffi::AVPacket>,
    negotiation: NonNull<Negotiation>,
    session: Option<Session>,
    /// With a session: the way its surfaces take.
    surfaces: Option<Arc<Surfaces>>,
}

// SAFETY: FFmpeg binds a decoder with one thread to no particular thread; it may move as long as only one uses it,
// which `&mut self` ensures. `negotiation` is reached only through this context.
unsafe impl Send for Context {}

impl Context {
    /// Opens a decoder; with a session, it decodes there if the stream allows.
    pub(crate) fn open(codec: Codec, session: Option<Session>) -> Result<Self, Failure> {
        messages::route();
        messages::take_complaint();
        let memory = || Failure::Stream("out of memory".to_owned());
        let decoder = find_decoder(codec)?;
        let surface = session.as_ref().map(Session::surface_format);
        let negotiation =
            Box::new(Negotiation { surface, too_large: Cell::new(None), declined: Cell::new(false) });
        // SAFETY: `decoder` is a registered codec; each result is checked, and what was allocated before a failure
        // is owned by `context` or freed here. The session's device outlives the call and is referenced by it.
        unsafe {
            let packet = NonNull::new(ffi::av_packet_alloc()).ok_or_else(memory)?;
            let Some(raw) = NonNull::new(ffi::avcodec_alloc_context3(decoder)) else {
                ffi::av_packet_free(&mut packet.as_ptr());
                return Err(memory());
            };
            let negotiation = NonNull::from(Box::leak(negotiation));
            let surfaces = session.as_ref().map(Session::surfaces);
            let context = Self { raw, packet, negotiation, session, surfaces };
            let settings = &mut *raw.as_ptr();
            settings.opaque = negotiation.as_ptr().cast();
            settings.get_format = Some(choose_format);
            settings.thread_count = 1;
            settings.thread_type = 0;
            // LOW_DELAY: an H.264 stream that does not say how far it reorders is taken not to. UNALIGNED: cropping
            // at the left is exact to the pixel.
            settings.flags |= (ffi::AV_CODEC_FLAG_LOW_DELAY | ffi::AV_CODEC_FLAG_UNALIGNED) as c_int;
            settings.max_pixels = i64::from(MAX_SIDE) * i64::from(MAX_SIDE);
            if let Some(session) = &context.session {
                settings.hw_device_ctx = session.device_reference().ok_or_else(memory)?;
                // Those on loan, and the one that is about to be.
                settings.extra_hw_frames = SURFACES_OUT as c_int + 1;
            }
            let result = ffi::avcodec_open2(raw.as_ptr(), decoder, std::ptr::null_mut());
            if result < 0 {
                return Err(Failure::Stream(words(result)));
            }
            Ok(context)
        }
    }

    /// Who decodes; final once a frame has come out.
    pub(crate) fn decoder(&self) -> Decoder {
        self.session.as_ref().map_or(Decoder::Software, Session::decoder)
    }

    /// Decodes one access unit with `parameters` in front. Frames are then waiting in [`Self::receive`], with `id`
    /// as their number.
    pub(crate) fn send(&mut self, parameters: &[u8], data: &[u8], id: i64) -> Result<(), Failure> {
        messages::take_complaint();
        let length = c_int::try_from(parameters.len() + data.len())
            .map_err(|_| Failure::Unit("access unit too long".to_owned()))?;
        // SAFETY: av_new_packet allocates `length` bytes and zeroed padding, or fails and leaves the packet empty;
        // the two copies fill exactly these bytes. The packet is emptied again whatever the decoder says.
        let result = unsafe {
            let packet = self.packet.as_ptr();
            if ffi::av_new_packet(packet, length) < 0 {
                return Err(Failure::Unit("out of memory".to_owned()));
            }
            parameters.as_ptr().copy_to_nonoverlapping((*packet).data, parameters.len());
            data.as_ptr().copy_to_nonoverlapping((*packet).data.add(parameters.len()), data.len());
            (*packet).pts = id;
            let result = ffi::avcodec_send_packet(self.raw.as_ptr(), packet);
            ffi::av_packet_unref(packet);
            result
        };
        self.check_negotiation()?;
        if result < 0 { Err(self.failure(result)) } else { Ok(()) }
    }

    /// Why the pictures of a hardware decoder come through system memory; `None` while they are lent where they lie.
    pub(crate) fn note(&self) -> Option<String> {
        self.surfaces.as_ref()?.note()
    }

    /// The next finished frame in order of presentation, in system memory or as a surface to lend; `None` when there
    /// is none yet.
    pub(crate) fn receive(&mut self) -> Result<Option<Frame>, Failure> {
        let frame = Frame::new().ok_or_else(|| Failure::Unit("out of memory".to_owned()))?;
        // SAFETY: both are valid and ours; the call fills the frame only when it succeeds.
        let result = unsafe { ffi::avcodec_receive_frame(self.raw.as_ptr(), frame.as_ptr()) };
        self.check_negotiation()?;
        match result {
            result if result == ffi::AVERROR(ffi::EAGAIN) || result == ffi::AVERROR_EOF => Ok(None),
            result if result < 0 => Err(self.failure(result)),
            _ => match &self.surfaces {
                Some(surfaces) if frame.is_on_hardware() => {
                    surfaces.pass(frame).map(Some).map_err(|why| self.hardware_failure(&why))
                }
                _ => Ok(Some(frame)),
            },
        }
    }

    /// Hands over the planes of a frame that [`Self::receive`] gave.
    pub(crate) fn planes(&self, frame: Frame, description: Description) -> Result<Arc<dyn Planes>, String> {
        match &self.surfaces {
            Some(surfaces) if frame.is_on_hardware() => Ok(surfaces.lend(frame, description)),
            _ => Ok(Arc::new(frame.into_planes(description)?)),
        }
    }

    /// Makes the decoder hand out what it holds back for reordering; call [`Self::flush`] before sending again.
    pub(crate) fn drain(&mut self) {
        // SAFETY: a null packet means the end of the stream; a second one is refused without harm.
        unsafe { ffi::avcodec_send_packet(self.raw.as_ptr(), std::ptr::null()) };
    }

    /// Forgets all references: the next unit must be one at which a decoder may begin.
    pub(crate) fn flush(&mut self) {
        // SAFETY: the context is open.
        unsafe { ffi::avcodec_flush_buffers(self.raw.as_ptr()) };
    }

    fn check_negotiation(&mut self) -> Result<(), Failure> {
        // SAFETY: valid until drop, and FFmpeg's callback runs only within send and receive.
        let negotiation = unsafe { self.negotiation.as_ref() };
        if let Some(size) = negotiation.too_large.take() {
            return Err(Failure::Stream(too_large(size.width, size.height)));
        }
        if negotiation.declined.get()
            && let Some(session) = self.session.take()
        {
            let name = session.decoder().name();
            let why = messages::take_complaint().unwrap_or_else(|| "does not take this profile".to_owned());
            return Err(Failure::Hardware(format!("{name}: {why}")));
        }
        Ok(())
    }

    fn failure(&self, code: c_int) -> Failure {
        // The driver, not the stream: FFmpeg hands on its own failures with these.
        let device =
            [ffi::AVERROR_EXTERNAL, ffi::AVERROR_UNKNOWN, ffi::AVERROR(ffi::ENOMEM), ffi::AVERROR(ffi::EIO)];
        if self.session.is_some() && device.contains(&code) {
            self.hardware_failure(&words(code))
        } else {
            Failure::Unit(words(code))
        }
    }

    fn hardware_failure(&self, why: &str) -> Failure {
        if let Some(session) = &self.session {
            session.report_lost();
        }
        Failure::Hardware(format!("{}: {why}", self.decoder().name()))
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(surfaces) = &self.surfaces {
            surfaces.call_in();
        }
        // SAFETY: all three were allocated in `open` and are freed nowhere else; the context goes first, because its
        // callback reads the negotiation.
        unsafe {
            ffi::avcodec_free_context(&mut self.raw.as_ptr());
            ffi::av_packet_free(&mut self.packet.as_ptr());
            drop(Box::from_raw(self.negotiation.as_ptr()));
        }
    }
}

/// FFmpeg's own decoder of the codec: by name, because a search by codec may find a wrapper around a device.
pub(crate) fn find_decoder(codec: Codec) -> Result<*const ffi::AVCodec, Failure> {
    let name: &CStr = match codec {
        Codec::H265 => c"hevc",
        Codec::H264 => c"h264",
        Codec::Mjpeg => c"mjpeg",
    };
    // SAFETY: the name is a C string; the result is null or static.
    let decoder = unsafe { ffi::avcodec_find_decoder_by_name(name.as_ptr()) };
    if decoder.is_null() {
        return Err(Failure::Stream(format!("this FFmpeg has no decoder for {}", codec.name())));
    }
    Ok(decoder)
}

fn words(code: c_int) -> String {
    messages::take_complaint().unwrap_or_else(|| messages::describe(code))
}

/// Called by FFmpeg when it knows the stream's size and format: refuses absurd sizes before memory is touched, and
/// takes hardware surfaces if they are wanted and offered. After hardware failed to set up, FFmpeg asks again
/// without it.
unsafe extern "C" fn choose_format(
    context: *mut ffi::AVCodecContext,
    offered: *const AVPixelFormat,
) -> AVPixelFormat {
    // SAFETY: FFmpeg passes the open context, whose `opaque` was set in `open`, and a list that ends with NONE. The
    // list is read as plain numbers, because it may hold formats that our headers do not know.
    unsafe {
        let negotiation = &*(*context).opaque.cast::<Negotiation>();
        let size = Size::new((*context).coded_width.unsigned_abs(), (*context).coded_height.unsigned_abs());
        if size.width > MAX_SIDE || size.height > MAX_SIDE {
            negotiation.too_large.set(Some(size));
            return AVPixelFormat::AV_PIX_FMT_NONE;
        }
        let numbers = offered.cast::<c_int>();
        let mut first_in_memory = None;
        for index in 0.. {
            let number = *numbers.add(index);
            if number == AVPixelFormat::AV_PIX_FMT_NONE as c_int {
                break;
            }
            if Some(number) == negotiation.surface {
                negotiation.declined.set(false);
                return *offered.add(index);
            }
            if first_in_memory.is_none() && !is_surface(number) {
                first_in_memory = Some(index);
            }
        }
        negotiation.declined.set(negotiation.surface.is_some());
        first_in_memory.map_or(AVPixelFormat::AV_PIX_FMT_NONE, |index| *offered.add(index))
    }
}

fn is_surface(number: c_int) -> bool {
    // SAFETY: walks the static list of descriptors, so that an unknown number never becomes an enum.
    unsafe {
        let mut descriptor = ffi::av_pix_fmt_desc_next(std::ptr::null());
        while !descriptor.is_null() {
            if ffi::av_pix_fmt_desc_get_id(descriptor) as c_int == number {
                return (*descriptor).flags & ffi::AV_PIX_FMT_FLAG_HWACCEL as u64 != 0;
            }
            descriptor = ffi::av_pix_fmt_desc_next(descriptor);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surfaces_are_told_from_planes() {
        assert!(is_surface(AVPixelFormat::AV_PIX_FMT_VAAPI as c_int));
        assert!(is_surface(AVPixelFormat::AV_PIX_FMT_CUDA as c_int));
        assert!(!is_surface(AVPixelFormat::AV_PIX_FMT_YUV420P as c_int));
        assert!(!is_surface(i32::MAX));
    }

    #[test]
    fn every_codec_opens() {
        for codec in [Codec::H265, Codec::H264, Codec::Mjpeg] {
            let mut context = Context::open(codec, None).unwrap_or_else(|why| panic!("{codec:?}: {why:?}"));
            assert_eq!(context.decoder(), Decoder::Software);
            assert!(matches!(context.receive(), Ok(None)));
        }
    }
}
