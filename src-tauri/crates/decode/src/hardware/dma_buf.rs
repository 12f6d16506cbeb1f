//! VAAPI's surfaces as Linux's drivers share memory: no copy at all.
#![allow(unsafe_code)] // maps AVFrames and borrows their descriptors

use std::ffi::c_int;
use std::os::fd::{AsRawFd, BorrowedFd};

use ffmpeg_sys_next as ffi;
use model::surface::DmaBufPlane;

use super::check;
use crate::frame::Frame;

/// A decoder that has not finished a picture after this many milliseconds will not: at 25 a second it has 40.
const FINISHED_WITHIN: c_int = 200;

/// Exports the surface's planes, each as a layer of its own (R8 and GR88, or R16 and GR1616), once the decoder has
/// written them.
pub(super) fn export(surface: &Frame) -> Result<Vec<DmaBufPlane>, String> {
    let mapped = Frame::new().ok_or("out of memory")?;
    // SAFETY: `surface` is a VAAPI frame; a frame mapped to DRM_PRIME has an AVDRMFrameDescriptor in `data[0]` as long
    // as it lives (libavutil/hwcontext_drm.h).
    let description = unsafe {
        (*mapped.as_ptr()).format = ffi::AVPixelFormat::AV_PIX_FMT_DRM_PRIME as c_int;
        let flags = ffi::AV_HWFRAME_MAP_READ as c_int;
        check(ffi::av_hwframe_map(mapped.as_ptr(), surface.as_ptr(), flags))?;
        &*(*mapped.as_ptr()).data[0].cast::<ffi::AVDRMFrameDescriptor>()
    };
    planes(description)
}

fn planes(description: &ffi::AVDRMFrameDescriptor) -> Result<Vec<DmaBufPlane>, String> {
    let layers = usize::try_from(description.nb_layers).unwrap_or(0).min(description.layers.len());
    let objects = usize::try_from(description.nb_objects).unwrap_or(0).min(description.objects.len());
    for object in &description.objects[..objects] {
        wait_until_written(object.fd)?;
    }
    let plane = |layer: &ffi::AVDRMLayerDescriptor| {
        let place = &layer.planes[0];
        let object =
            usize::try_from(place.object_index).ok().and_then(|i| description.objects[..objects].get(i));
        let object = object.filter(|_| layer.nb_planes == 1).ok_or("planes are not exported one by one")?;
        // SAFETY: the mapped frame keeps its descriptors open; this one is only borrowed to be duplicated.
        let handle = unsafe { BorrowedFd::borrow_raw(object.fd) }.try_clone_to_owned();
        Ok(DmaBufPlane {
            handle: handle.map_err(|why| why.to_string())?,
            format: layer.format,
            modifier: object.format_modifier,
            offset: u64::try_from(place.offset).map_err(|why| why.to_string())?,
            stride: u64::try_from(place.pitch).map_err(|why| why.to_string())?,
        })
    };
    description.layers[..layers].iter().map(plane).collect()
}

/// Exporting does not wait for the decoder; but such memory can be polled: it is readable when all writing that was
/// begun is done (linux/Documentation/driver-api/dma-buf.rst, "Implicit Fence Poll Support").
fn wait_until_written(memory: c_int) -> Result<(), String> {
    // SAFETY: the descriptor stays open while it is borrowed.
    let memory = unsafe { BorrowedFd::borrow_raw(memory) };
    let mut poll = libc::pollfd { fd: memory.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one valid entry.
    match unsafe { libc::poll(&raw mut poll, 1, FINISHED_WITHIN) } {
        0 => Err(format!("the decoder did not finish within {FINISHED_WITHIN} ms")),
        ready if ready < 0 => Err(std::io::Error::last_os_error().to_string()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    /// NV12 as Intel's and AMD's drivers export it: one memory, two layers.
    fn nv12(memory: &File) -> ffi::AVDRMFrameDescriptor {
        // SAFETY: plain numbers, for which zero is a value.
        let mut description: ffi::AVDRMFrameDescriptor = unsafe { std::mem::zeroed() };
        (description.nb_objects, description.nb_layers) = (1, 2);
        description.objects[0].fd = memory.as_raw_fd();
        description.objects[0].format_modifier = 0x0100_0000_0000_0002; // I915_FORMAT_MOD_Y_TILED
        for (layer, format, offset) in [(0, 0x2020_3852, 0), (1, 0x3838_5247, 2_228_224)] {
            let layer = &mut description.layers[layer];
            (layer.format, layer.nb_planes) = (format, 1);
            (layer.planes[0].offset, layer.planes[0].pitch) = (offset, 2048);
        }
        description
    }

    #[test]
    fn each_layer_is_a_plane_with_a_handle_of_its_own() {
        // Readable at once, as the memory of a finished picture is.
        let memory = File::open("/dev/zero").expect("/dev/zero");
        let planes = planes(&nv12(&memory)).expect("planes");
        let found: Vec<_> = planes.iter().map(|plane| (plane.format, plane.offset, plane.stride)).collect();
        assert_eq!(found, [(0x2020_3852, 0, 2048), (0x3838_5247, 2_228_224, 2048)]);
        assert!(planes.iter().all(|plane| plane.modifier == 0x0100_0000_0000_0002));
        assert!(planes[0].handle.as_raw_fd() != planes[1].handle.as_raw_fd());
        assert!(planes.iter().all(|plane| plane.handle.as_raw_fd() != memory.as_raw_fd()));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let memory = File::open("/dev/zero").expect("/dev/zero");
        let mut together = nv12(&memory);
        together.layers[0].nb_planes = 2;
        assert!(planes(&together).is_err());
        let mut elsewhere = nv12(&memory);
        elsewhere.layers[1].planes[0].object_index = 1;
        assert!(planes(&elsewhere).is_err());
    }

    #[test]
    fn a_picture_that_is_not_finished_is_not_waited_for_without_end() {
        // Nobody writes into this pipe: it is never readable.
        let (reader, _writer) = std::io::pipe().expect("a pipe");
        let why = wait_until_written(reader.as_raw_fd()).expect_err("not finished");
        assert!(why.contains("did not finish"), "{why}");
    }
}
