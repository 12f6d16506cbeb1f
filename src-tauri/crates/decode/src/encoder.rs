//! Pictures in, a new stream out: for copies that people look at, never in place of what a recorder has sent.
#![allow(unsafe_code)] // owns AVCodecContext and AVPacket, and fills AVFrame's samples

use std::ffi::{CStr, c_int};
use std::ptr::{NonNull, null_mut};

use ffmpeg_sys_next as ffi;
use model::{Canvas, Colour, Matrix, Range, Size};

use crate::frame::Frame;
use crate::{MAX_SIDE, messages};

/// Times are in milliseconds.
const TICKS: c_int = 1000;
/// A key frame after so many pictures at the latest: so far a player has to look back for a place.
const GROUP: c_int = 50;
/// Constant quality: x264's rate factor, hardly to be told from the original.
const RATE_FACTOR: &CStr = c"21";
/// Constant quality of MPEG-4, 1 (best) to 31.
const QUALITY: c_int = 3;
/// Bits a pixel and second where an encoder wants a rate.
const BITS_PER_PIXEL: i64 = 3;

/// How pictures are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// ITU-T H.264.
    H264,
    /// ISO/IEC 14496-2, which every FFmpeg can write.
    Mpeg4,
}

impl Coding {
    /// The name the field uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::H264 => "H.264",
            Self::Mpeg4 => "MPEG-4 Visual",
        }
    }
}

/// The encoders that are tried, the best first.
const ENCODERS: [(&CStr, Coding); 3] =
    [(c"libx264", Coding::H264), (c"libopenh264", Coding::H264), (c"mpeg4", Coding::Mpeg4)];

/// Why there is no coded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotEncoded {
    /// This FFmpeg has no encoder that could be used.
    NoEncoder,
    /// The encoder says no, in FFmpeg's words.
    Refused(String),
}

impl std::fmt::Display for NotEncoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoEncoder => f.write_str("this FFmpeg has no encoder for video"),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for NotEncoded {}

/// One coded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    /// H.264: NAL units behind start codes, without parameter sets. MPEG-4: one VOP.
    pub data: Vec<u8>,
    /// As it was handed in, in milliseconds.
    pub at_ms: i64,
    /// A decoder may begin here.
    pub key: bool,
}

/// An encoder with one thread. Pictures come out in the order in which they went in.
pub struct Encoder {
    raw: NonNull<ffi::AVCodecContext>,
    packet: NonNull<ffi::AVPacket>,
    coding: Coding,
    size: Size,
    header: Vec<u8>,
}

// SAFETY: as with decoders: FFmpeg binds a context with one thread to no particular thread; only one uses it at a time.
unsafe impl Send for Encoder {}

impl Encoder {
    /// What would be used; `None`: this FFmpeg cannot write video.
    #[must_use]
    pub fn available() -> Option<Coding> {
        ENCODERS.iter().find(|(name, _)| !find(name).is_null()).map(|(_, coding)| *coding)
    }

    /// Opens the best encoder that there is for canvases of this size.
    ///
    /// # Errors
    /// See there.
    pub fn open(size: Size, colour: Colour) -> Result<Self, NotEncoded> {
        let mut refused = NotEncoded::NoEncoder;
        for (name, coding) in ENCODERS {
            let encoder = find(name);
            if encoder.is_null() {
                continue;
            }
            match Self::open_one(encoder, name, coding, size, colour) {
                Ok(encoder) => return Ok(encoder),
                Err(why) => {
                    log::warn!("{} is not used: {why}", name.to_string_lossy());
                    refused = why;
                }
            }
        }
        Err(refused)
    }

    fn open_one(
        encoder: *const ffi::AVCodec,
        name: &CStr,
        coding: Coding,
        size: Size,
        colour: Colour,
    ) -> Result<Self, NotEncoded> {
        messages::route();
        messages::take_complaint();
        let refused = |why: &str| NotEncoded::Refused(why.to_owned());
        let sides = [size.width, size.height];
        if sides.iter().any(|side| *side == 0 || *side % 2 == 1 || *side > 2 * MAX_SIDE) {
            return Err(refused("a size that cannot be coded"));
        }
        // SAFETY: `encoder` is a registered encoder; each result is checked, and what was allocated before a failure is
        // owned by `own` or freed here. The dictionary is freed whatever the encoder took of it; the header lies where
        // FFmpeg says, with the length that it says, until the context is freed.
        unsafe {
            let packet = NonNull::new(ffi::av_packet_alloc()).ok_or_else(|| refused("out of memory"))?;
            let Some(raw) = NonNull::new(ffi::avcodec_alloc_context3(encoder)) else {
                ffi::av_packet_free(&mut packet.as_ptr());
                return Err(refused("out of memory"));
            };
            let mut own = Self { raw, packet, coding, size, header: Vec::new() };
            let settings = &mut *raw.as_ptr();
            settings.width = size.width as c_int;
            settings.height = size.height as c_int;
            settings.time_base = ffi::AVRational { num: 1, den: TICKS };
            settings.pix_fmt = ffi::AVPixelFormat::AV_PIX_FMT_YUV420P;
            settings.gop_size = GROUP;
            settings.max_b_frames = 0;
            settings.thread_count = 1;
            settings.flags |= ffi::AV_CODEC_FLAG_GLOBAL_HEADER as c_int;
            tell_colour(settings, colour);
            let mut options = null_mut();
            match (coding, name.to_bytes()) {
                (Coding::H264, b"libx264") => {
                    // No looking ahead: it would hold whole pictures, and each comes out when it went in.
                    for (key, value) in
                        [(c"preset", c"veryfast"), (c"tune", c"zerolatency"), (c"crf", RATE_FACTOR)]
                    {
                        ffi::av_dict_set(&raw mut options, key.as_ptr(), value.as_ptr(), 0);
                    }
                }
                (Coding::H264, _) => {
                    settings.bit_rate = i64::from(size.width) * i64::from(size.height) * BITS_PER_PIXEL;
                }
                (Coding::Mpeg4, _) => {
                    settings.flags |= ffi::AV_CODEC_FLAG_QSCALE as c_int;
                    settings.global_quality = QUALITY * ffi::FF_QP2LAMBDA;
                }
            }
            let opened = ffi::avcodec_open2(raw.as_ptr(), encoder, &raw mut options);
            ffi::av_dict_free(&raw mut options);
            if opened < 0 {
                return Err(NotEncoded::Refused(words(opened)));
            }
            let length = usize::try_from((*raw.as_ptr()).extradata_size).unwrap_or(0);
            let extradata = (*raw.as_ptr()).extradata;
            if length == 0 || extradata.is_null() {
                return Err(refused("the encoder says nothing of its stream"));
            }
            own.header = std::slice::from_raw_parts(extradata, length).to_vec();
            Ok(own)
        }
    }

    /// How it codes.
    #[must_use]
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// What a decoder has to know first. H.264: parameter sets behind start codes; MPEG-4: the headers up to the first VOP.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// Codes a picture, to be shown `at_ms` milliseconds after the beginning; times only grow.
    ///
    /// # Errors
    /// The encoder refuses, or the canvas has another size.
    pub fn push(&mut self, canvas: &Canvas, at_ms: i64) -> Result<Vec<Coded>, NotEncoded> {
        messages::take_complaint();
        if canvas.size() != self.size {
            return Err(NotEncoded::Refused("a picture of another size".to_owned()));
        }
        let frame = Frame::new().ok_or_else(|| NotEncoded::Refused("out of memory".to_owned()))?;
        // SAFETY: the frame is ours and fresh. av_frame_get_buffer gives it planes of the format and size that were set, with
        // rows of at least `linesize` bytes; each row of the canvas has as many samples as a row of the plane has columns.
        let sent = unsafe {
            let raw = &mut *frame.as_ptr();
            raw.width = self.size.width as c_int;
            raw.height = self.size.height as c_int;
            raw.format = ffi::AVPixelFormat::AV_PIX_FMT_YUV420P as c_int;
            raw.pts = at_ms;
            let got = ffi::av_frame_get_buffer(frame.as_ptr(), 0);
            if got < 0 {
                return Err(NotEncoded::Refused(words(got)));
            }
            for plane in 0..3 {
                let (stride, wide) = (canvas.stride(plane), raw.linesize[plane] as usize);
                for (row, samples) in canvas.plane(plane).chunks_exact(stride).enumerate() {
                    samples.as_ptr().copy_to_nonoverlapping(raw.data[plane].add(row * wide), stride);
                }
            }
            ffi::avcodec_send_frame(self.raw.as_ptr(), frame.as_ptr())
        };
        if sent < 0 {
            return Err(NotEncoded::Refused(words(sent)));
        }
        self.finished()
    }

    /// What the encoder still holds back. Nothing may be handed in any more.
    ///
    /// # Errors
    /// The encoder refuses.
    pub fn finish(&mut self) -> Result<Vec<Coded>, NotEncoded> {
        // SAFETY: no frame means the end of the stream; a second one is refused without harm.
        unsafe { ffi::avcodec_send_frame(self.raw.as_ptr(), std::ptr::null()) };
        self.finished()
    }

    fn finished(&mut self) -> Result<Vec<Coded>, NotEncoded> {
        let mut all = Vec::new();
        loop {
            // SAFETY: both are valid and ours; the call fills the packet only when it succeeds, and its bytes are copied
            // before it is emptied again.
            unsafe {
                let packet = self.packet.as_ptr();
                let received = ffi::avcodec_receive_packet(self.raw.as_ptr(), packet);
                if received == ffi::AVERROR(ffi::EAGAIN) || received == ffi::AVERROR_EOF {
                    return Ok(all);
                }
                if received < 0 {
                    return Err(NotEncoded::Refused(words(received)));
                }
                let length = usize::try_from((*packet).size).unwrap_or(0);
                let data = if length == 0 || (*packet).data.is_null() {
                    Vec::new()
                } else {
                    std::slice::from_raw_parts((*packet).data, length).to_vec()
                };
                let key = (*packet).flags & ffi::AV_PKT_FLAG_KEY != 0;
                all.push(Coded { data, at_ms: (*packet).pts, key });
                ffi::av_packet_unref(packet);
            }
        }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: both were allocated in `open_one` and are freed nowhere else.
        unsafe {
            ffi::avcodec_free_context(&mut self.raw.as_ptr());
            ffi::av_packet_free(&mut self.packet.as_ptr());
        }
    }
}

fn find(name: &CStr) -> *const ffi::AVCodec {
    // SAFETY: the name is a C string; the result is null or static.
    unsafe { ffi::avcodec_find_encoder_by_name(name.as_ptr()) }
}

fn tell_colour(settings: &mut ffi::AVCodecContext, colour: Colour) {
    settings.color_range = match colour.range {
        Range::Limited => ffi::AVColorRange::AVCOL_RANGE_MPEG,
        Range::Full => ffi::AVColorRange::AVCOL_RANGE_JPEG,
    };
    settings.colorspace = match colour.matrix {
        Matrix::Bt601 => ffi::AVColorSpace::AVCOL_SPC_SMPTE170M,
        Matrix::Bt709 => ffi::AVColorSpace::AVCOL_SPC_BT709,
    };
}

fn words(code: c_int) -> String {
    messages::take_complaint().unwrap_or_else(|| messages::describe(code))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use model::{AccessUnit, Codec};

    use super::*;
    use crate::OneByOne;

    fn grey(size: Size, luma: u8) -> Canvas {
        let mut canvas = Canvas::new(size, Colour::by_height(size.height));
        canvas.plane_mut(0).fill(luma);
        canvas
    }

    /// A flat picture comes back nearly as it went in, one for one.
    fn comes_back(coded: &[Coded], header: &[u8]) {
        let mut decoder = OneByOne::new("test");
        let mut pictures = Vec::new();
        for coded in coded {
            pictures.extend(decoder.push(AccessUnit {
                codec: Codec::H264,
                data: coded.data.clone().into(),
                parameters: Arc::from(header),
                random_access: coded.key,
                timestamp: coded.at_ms,
                lost_packets: 0,
                received: Instant::now(),
                captured: None,
            }));
        }
        pictures.extend(decoder.finish());
        let times: Vec<i64> = pictures.iter().map(|picture| picture.timestamp).collect();
        assert_eq!(times, coded.iter().map(|coded| coded.at_ms).collect::<Vec<i64>>());
        for (number, picture) in pictures.iter().enumerate() {
            let luma = picture.planes.plane(0)[20 * picture.planes.stride(0) + 40];
            assert!(luma.abs_diff(60 + number as u8) <= 3, "{luma} in picture {number}");
        }
    }

    #[test]
    fn what_is_coded_can_be_decoded_picture_by_picture() {
        let size = Size::new(162, 90);
        let Some(coding) = Encoder::available() else { return };
        let mut encoder = Encoder::open(size, Colour::by_height(90)).expect("an encoder");
        assert_eq!(encoder.coding(), coding);
        let mut coded = Vec::new();
        // Not evenly, as recorders send them.
        for (number, at_ms) in [0, 40, 81, 119, 2000].into_iter().enumerate() {
            coded.extend(encoder.push(&grey(size, 60 + number as u8), at_ms).expect("taken"));
        }
        coded.extend(encoder.finish().expect("finished"));
        assert_eq!(coded.len(), 5);
        assert!(coded[0].key);
        if coding == Coding::H264 {
            comes_back(&coded, encoder.header());
        }
    }

    #[test]
    fn every_encoder_that_is_there_opens() {
        for (name, coding) in ENCODERS {
            let encoder = find(name);
            if !encoder.is_null() {
                let opened =
                    Encoder::open_one(encoder, name, coding, Size::new(64, 48), Colour::by_height(48));
                let mut opened = opened.unwrap_or_else(|why| panic!("{name:?}: {why}"));
                let mut coded = opened.push(&grey(Size::new(64, 48), 90), 0).expect("taken");
                coded.extend(opened.finish().expect("finished"));
                assert!(!opened.header().is_empty() && coded.len() == 1 && coded[0].key);
            }
        }
    }

    #[test]
    fn sizes_that_cannot_be_coded_are_refused() {
        for size in [Size::new(0, 90), Size::new(161, 90), Size::new(160, 40_000)] {
            assert!(Encoder::open(size, Colour::by_height(90)).is_err(), "{size:?}");
        }
    }
}
