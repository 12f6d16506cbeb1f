//! VideoToolbox's pictures as macOS shares graphics memory: no copy at all.
#![allow(unsafe_code)] // calls CoreVideo

use std::ffi::c_void;
use std::ptr::NonNull;

use crate::frame::Frame;

#[link(name = "CoreVideo", kind = "framework")]
unsafe extern "C" {
    /// CoreVideo/CVPixelBufferIOSurface.h; the surface belongs to the buffer.
    fn CVPixelBufferGetIOSurface(buffer: *const c_void) -> *mut c_void;
}

/// Hands the picture's IOSurface to `take`; it is not to be kept. VideoToolbox gives a picture out when it is finished, and
/// does not write to it again before the frame is released.
pub(super) fn lend(
    frame: &Frame,
    take: &mut dyn FnMut(NonNull<c_void>) -> Result<(), String>,
) -> Result<(), String> {
    // SAFETY: the caller holds the frame; `data[3]` of a VideoToolbox frame is its CVPixelBuffer (libavutil/pixfmt.h).
    let surface = unsafe {
        let buffer = (*frame.as_ptr()).data[3];
        if buffer.is_null() { std::ptr::null_mut() } else { CVPixelBufferGetIOSurface(buffer.cast()) }
    };
    take(NonNull::new(surface).ok_or("VideoToolbox keeps this picture elsewhere than in an IOSurface")?)
}
