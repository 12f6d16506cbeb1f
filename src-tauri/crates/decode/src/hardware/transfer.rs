//! The way of a surface's picture into system memory.
#![allow(unsafe_code)] // fills AVFrames and owns a buffer pool

use std::ffi::c_int;
use std::ptr::NonNull;

use ffmpeg_sys_next as ffi;

use super::check;
use crate::frame::Frame;
use crate::messages;

/// Row alignment of downloaded pictures, in bytes: what copies by the device and SIMD want.
const ALIGN: c_int = 64;

/// Copies surfaces into system memory. Its buffers come from a pool: fresh ones would cost a page fault for every
/// 4 KiB of every picture.
#[derive(Default)]
pub(crate) struct Transfer {
    pool: Option<BufferPool>,
}

impl Transfer {
    /// The surface's picture as NV12 or P010, with its number, colour and cropping.
    pub(crate) fn download(&mut self, surface: &Frame) -> Result<Frame, String> {
        let out_of_memory = || "out of memory".to_owned();
        let frame = Frame::new().ok_or_else(out_of_memory)?;
        // SAFETY: `surface` has a frames context, whose `data` is an AVHWFramesContext (libavutil/hwcontext.h). The
        // buffer has the size that av_image_fill_arrays lays out, and belongs to `frame` from `buf[0]` on.
        unsafe {
            let (from, to) = (surface.as_ptr(), frame.as_ptr());
            let frames = (*(*from).hw_frames_ctx).data.cast::<ffi::AVHWFramesContext>();
            let format = (*frames).sw_format;
            ((*to).format, (*to).width, (*to).height) = (format as c_int, (*from).width, (*from).height);
            let size = ffi::av_image_get_buffer_size(format, (*to).width, (*to).height, ALIGN);
            let size = usize::try_from(size).map_err(|_| messages::describe(size))?;
            let buffer = self.buffer(size).ok_or_else(out_of_memory)?;
            (*to).buf[0] = buffer;
            let (data, strides) = ((*to).data.as_mut_ptr(), (*to).linesize.as_mut_ptr());
            check(ffi::av_image_fill_arrays(
                data,
                strides,
                (*buffer).data,
                format,
                (*to).width,
                (*to).height,
                ALIGN,
            ))?;
            check(ffi::av_hwframe_transfer_data(to, from, 0))?;
            check(ffi::av_frame_copy_props(to, from))?;
            check(ffi::av_frame_apply_cropping(to, ffi::AV_FRAME_CROP_UNALIGNED as c_int))?;
        }
        Ok(frame)
    }

    fn buffer(&mut self, size: usize) -> Option<*mut ffi::AVBufferRef> {
        if self.pool.as_ref().is_none_or(|pool| pool.size != size) {
            self.pool = BufferPool::new(size);
        }
        self.pool.as_ref()?.get()
    }
}

struct BufferPool {
    raw: NonNull<ffi::AVBufferPool>,
    size: usize,
}

// SAFETY: buffer pools are locked inside (libavutil/buffer.h).
unsafe impl Send for BufferPool {}

impl BufferPool {
    fn new(size: usize) -> Option<Self> {
        // SAFETY: no allocator of our own is given.
        let raw = unsafe { ffi::av_buffer_pool_init(size, None) };
        NonNull::new(raw).map(|raw| Self { raw, size })
    }

    fn get(&self) -> Option<*mut ffi::AVBufferRef> {
        // SAFETY: the pool is valid until drop.
        let buffer = unsafe { ffi::av_buffer_pool_get(self.raw.as_ptr()) };
        (!buffer.is_null()).then_some(buffer)
    }
}

impl Drop for BufferPool {
    fn drop(&mut self) {
        // SAFETY: ours, once; buffers still in use keep the pool's memory alive until they return.
        unsafe { ffi::av_buffer_pool_uninit(&mut self.raw.as_ptr()) };
    }
}
