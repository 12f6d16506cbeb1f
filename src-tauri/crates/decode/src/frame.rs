//! One decoded picture in FFmpeg's hands, and the planes the rest of the program sees of it.
#![allow(unsafe_code)] // reads AVFrame and the memory it owns

use std::ffi::c_int;
use std::ptr::NonNull;

use ffi::AVPixelFormat as Raw;
use ffmpeg_sys_next as ffi;
use model::{Codec, Colour, Matrix, PixelFormat, PlaneOrder, Planes, Range, Size, Subsampling};

use crate::MAX_SIDE;

/// What a picture is, apart from its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Description {
    pub(crate) size: Size,
    pub(crate) format: PixelFormat,
    pub(crate) colour: Colour,
}

/// An `AVFrame` that belongs to us. Its buffers are counted by reference; the last owner returns them to the
/// decoder's pool, from whichever thread.
pub(crate) struct Frame {
    raw: NonNull<ffi::AVFrame>,
}

// SAFETY: nobody else has this AVFrame, and its buffers' reference counts and pools are atomic or locked
// (libavutil/buffer.h: "thread-safe").
unsafe impl Send for Frame {}

impl Frame {
    /// An empty frame; `None` when memory is out.
    pub(crate) fn new() -> Option<Self> {
        // SAFETY: takes no arguments; null when memory is out.
        NonNull::new(unsafe { ffi::av_frame_alloc() }).map(|raw| Self { raw })
    }

    pub(crate) fn as_ptr(&self) -> *mut ffi::AVFrame {
        self.raw.as_ptr()
    }

    fn raw(&self) -> &ffi::AVFrame {
        // SAFETY: the pointer is valid until drop, and only `&mut self` methods or the owner's FFI calls write.
        unsafe { self.raw.as_ref() }
    }

    /// The number that its packet carried.
    pub(crate) fn id(&self) -> i64 {
        self.raw().pts
    }

    /// The samples lie in a hardware surface.
    pub(crate) fn is_on_hardware(&self) -> bool {
        !self.raw().hw_frames_ctx.is_null()
    }

    /// The pixel format that its samples have in system memory, as FFmpeg's number; a surface's own format only says
    /// whose surface it is.
    pub(crate) fn format_in_memory(&self) -> c_int {
        let frames = self.raw().hw_frames_ctx;
        if frames.is_null() {
            return self.raw().format;
        }
        // SAFETY: the buffer's `data` is an AVHWFramesContext (libavutil/hwcontext.h), which the frame keeps alive; its
        // enum is read as a plain number.
        unsafe {
            let frames = (*frames).data.cast::<ffi::AVHWFramesContext>();
            (&raw const (*frames).sw_format).cast::<c_int>().read()
        }
    }

    /// FFmpeg knows that samples are missing or made up.
    pub(crate) fn is_corrupt(&self) -> bool {
        self.raw().flags & ffi::AV_FRAME_FLAG_CORRUPT != 0 || self.raw().decode_error_flags != 0
    }

    /// Size, format and colour, or why it cannot be shown.
    pub(crate) fn describe(&self, codec: Codec) -> Result<Description, String> {
        let raw = self.raw();
        let (width, height) = (raw.width.unsigned_abs(), raw.height.unsigned_abs());
        if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
            return Err(too_large(width, height));
        }
        let raw_format = self.format_in_memory();
        let (format, full_range) = pixel_format(raw_format)
            .ok_or_else(|| format!("pixel format {} is not supported", pixel_format_name(raw_format)))?;
        let colour = if codec == Codec::Mjpeg {
            Colour { matrix: Matrix::Bt601, range: Range::Full } // JFIF 1.02 knows no other
        } else {
            self.colour(height, full_range)
        };
        Ok(Description { size: Size::new(width, height), format, colour })
    }

    fn colour(&self, height: u32, full_range: bool) -> Colour {
        // As plain numbers: a value newer than our headers must not become an enum without such a variant.
        // SAFETY: both fields are C enums, which have int's size; they are read inside the valid frame.
        let (space, range) = unsafe {
            let raw = self.raw.as_ptr();
            (
                (&raw const (*raw).colorspace).cast::<c_int>().read(),
                (&raw const (*raw).color_range).cast::<c_int>().read(),
            )
        };
        let silent = Colour::by_height(height);
        use ffi::{AVColorRange as R, AVColorSpace as S};
        let matrix = match space {
            s if s == S::AVCOL_SPC_BT709 as c_int => Matrix::Bt709,
            s if s == S::AVCOL_SPC_SMPTE170M as c_int || s == S::AVCOL_SPC_BT470BG as c_int => Matrix::Bt601,
            _ => silent.matrix,
        };
        let range = match range {
            r if full_range || r == R::AVCOL_RANGE_JPEG as c_int => Range::Full,
            _ => silent.range,
        };
        Colour { matrix, range }
    }

    /// Hands the frame over as planes, which nobody writes any more.
    pub(crate) fn into_planes(self, description: Description) -> Result<FramePlanes, String> {
        let mut lengths = [0; 3];
        for (index, length) in lengths.iter_mut().enumerate().take(description.format.planes()) {
            let plane = description.format.plane_size(index, description.size);
            let row = plane.width as usize * description.format.bytes_per_texel(index);
            let stride = usize::try_from(self.raw().linesize[index]).unwrap_or(0);
            if stride < row || self.raw().data[index].is_null() {
                return Err("the decoder returned a picture without samples".to_owned());
            }
            *length = stride * (plane.height as usize - 1) + row;
        }
        Ok(FramePlanes { frame: self, lengths })
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let mut raw = self.raw.as_ptr();
        // SAFETY: allocated by av_frame_alloc and freed nowhere else.
        unsafe { ffi::av_frame_free(&raw mut raw) };
    }
}

/// The planes of a frame that is finished.
pub(crate) struct FramePlanes {
    frame: Frame,
    /// Bytes of each plane that may be read.
    lengths: [usize; 3],
}

// SAFETY: after `into_planes` there is no way to the AVFrame but through `&self`, which only reads. The samples do
// not change either: a decoder with one thread has finished a picture before it returns it, and from then on reads it
// as a reference at most (libavcodec/avcodec.h, avcodec_receive_frame: the frame is reference-counted; writing needs
// av_frame_is_writable, false while we hold our reference).
unsafe impl Sync for FramePlanes {}

impl Planes for FramePlanes {
    fn plane(&self, index: usize) -> &[u8] {
        let length = self.lengths[index];
        if length == 0 {
            return &[];
        }
        // SAFETY: `into_planes` checked that the pointer is not null and computed the length from this plane's own
        // stride and rows, which FFmpeg has allocated; the buffer lives as long as `self.frame`.
        unsafe { std::slice::from_raw_parts(self.frame.raw().data[index], length) }
    }

    fn stride(&self, index: usize) -> usize {
        self.frame.raw().linesize[index].unsigned_abs() as usize
    }
}

/// The words for a picture that nobody's camera sends.
pub(crate) fn too_large(width: u32, height: u32) -> String {
    format!("picture of {width} x {height} pixels, more than {MAX_SIDE} x {MAX_SIDE}")
}

/// Our words for FFmpeg's format; true where the format itself says full range (the deprecated "J" formats).
fn pixel_format(raw: c_int) -> Option<(PixelFormat, bool)> {
    use PlaneOrder::{Planar, SemiPlanar};
    use Subsampling::{Grey, Yuv420, Yuv422, Yuv444};
    const FORMATS: [(Raw, Subsampling, PlaneOrder, u8, bool); 13] = [
        (Raw::AV_PIX_FMT_YUV420P, Yuv420, Planar, 8, false),
        (Raw::AV_PIX_FMT_YUVJ420P, Yuv420, Planar, 8, true),
        (Raw::AV_PIX_FMT_YUV422P, Yuv422, Planar, 8, false),
        (Raw::AV_PIX_FMT_YUVJ422P, Yuv422, Planar, 8, true),
        (Raw::AV_PIX_FMT_YUV444P, Yuv444, Planar, 8, false),
        (Raw::AV_PIX_FMT_YUVJ444P, Yuv444, Planar, 8, true),
        (Raw::AV_PIX_FMT_GRAY8, Grey, Planar, 8, false),
        (Raw::AV_PIX_FMT_GRAY10LE, Grey, Planar, 10, false),
        (Raw::AV_PIX_FMT_YUV420P10LE, Yuv420, Planar, 10, false),
        (Raw::AV_PIX_FMT_YUV422P10LE, Yuv422, Planar, 10, false),
        (Raw::AV_PIX_FMT_YUV444P10LE, Yuv444, Planar, 10, false),
        (Raw::AV_PIX_FMT_NV12, Yuv420, SemiPlanar, 8, false),
        (Raw::AV_PIX_FMT_P010LE, Yuv420, SemiPlanar, 10, false),
    ];
    FORMATS
        .iter()
        .find(|(format, ..)| *format as c_int == raw)
        .map(|&(_, subsampling, order, depth, full)| (PixelFormat { subsampling, order, depth }, full))
}

fn pixel_format_name(raw: c_int) -> String {
    // SAFETY: descriptors are found by number through an iterator, so that an unknown one never becomes an enum;
    // descriptors and their names are static.
    unsafe {
        let mut descriptor = ffi::av_pix_fmt_desc_next(std::ptr::null());
        while !descriptor.is_null() {
            if ffi::av_pix_fmt_desc_get_id(descriptor) as c_int == raw {
                return std::ffi::CStr::from_ptr((*descriptor).name).to_string_lossy().into_owned();
            }
            descriptor = ffi::av_pix_fmt_desc_next(descriptor);
        }
    }
    format!("number {raw}")
}
