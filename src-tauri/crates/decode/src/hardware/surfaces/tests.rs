//! Surfaces of FFmpeg's DRM device, which needs neither driver nor card: memory of our own stands for the card's.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr::NonNull;

use model::{Codec, PixelFormat, Size, Surface};

use super::*;

const SIZE: Size = Size::new(64, 48);
/// Bytes from row to row; the luma plane is `STRIDE × 48` bytes long, and the chroma plane follows it.
const STRIDE: usize = 80;
const ROWS: [usize; 2] = [SIZE.height as usize, SIZE.height as usize / 2];
const BYTES: usize = STRIDE * (ROWS[0] + ROWS[1]);

/// A pool of NV12 surfaces; the device is passed off as VAAPI's.
struct Pool {
    surfaces: Arc<Surfaces>,
    frames: NonNull<ffi::AVBufferRef>,
    /// The surfaces' memory.
    memory: Mutex<Vec<OwnedFd>>,
}

impl Drop for Pool {
    fn drop(&mut self) {
        // SAFETY: our own reference.
        unsafe { ffi::av_buffer_unref(&mut self.frames.as_ptr()) };
    }
}

impl Pool {
    /// Surfaces up to `largest`; FFmpeg refuses to copy a larger one back.
    fn new(largest: Size) -> Self {
        // SAFETY: an allocated device and an allocated frames context are valid objects; the size is set before either
        // is used.
        let (device, frames) = unsafe {
            let kind = ffi::av_hwdevice_find_type_by_name(c"drm".as_ptr());
            let device = NonNull::new(ffi::av_hwdevice_ctx_alloc(kind)).expect("FFmpeg knows DRM on Linux");
            let frames = NonNull::new(ffi::av_hwframe_ctx_alloc(device.as_ptr())).expect("memory");
            let context = (*frames.as_ptr()).data.cast::<ffi::AVHWFramesContext>();
            (*context).format = ffi::AVPixelFormat::AV_PIX_FMT_DRM_PRIME;
            (*context).sw_format = ffi::AVPixelFormat::AV_PIX_FMT_NV12;
            ((*context).width, (*context).height) = (largest.width as c_int, largest.height as c_int);
            (device, frames)
        };
        let surfaces = Surfaces::new(Device::new(Decoder::Vaapi, device));
        Self { surfaces, frames, memory: Mutex::default() }
    }

    /// A surface whose samples count up from `first`.
    fn surface(&self, first: u8) -> Frame {
        let mut bytes = vec![0xa5; BYTES];
        for (plane, rows) in ROWS.into_iter().enumerate() {
            for row in 0..rows {
                for column in 0..SIZE.width as usize {
                    bytes[(plane * ROWS[0] + row) * STRIDE + column] = sample(first, plane, column, row);
                }
            }
        }
        let frame = Frame::new().expect("memory");
        // SAFETY: the descriptor is new; the frame's buffer is as large as the description that is put there, and zero
        // is a value of all its numbers.
        unsafe {
            let memory = OwnedFd::from_raw_fd(libc::memfd_create(c"surface".as_ptr(), 0));
            assert_eq!(libc::write(memory.as_raw_fd(), bytes.as_ptr().cast(), BYTES), BYTES as isize);
            let raw = &mut *frame.as_ptr();
            raw.buf[0] = ffi::av_buffer_allocz(size_of::<ffi::AVDRMFrameDescriptor>());
            raw.data[0] = (*raw.buf[0]).data;
            let description = &mut *raw.data[0].cast::<ffi::AVDRMFrameDescriptor>();
            (description.nb_objects, description.nb_layers) = (1, 2);
            (description.objects[0].fd, description.objects[0].size) = (memory.as_raw_fd(), BYTES);
            for (plane, layer) in description.layers.iter_mut().take(2).enumerate() {
                layer.nb_planes = 1;
                layer.planes[0].offset = (plane * ROWS[0] * STRIDE) as isize;
                layer.planes[0].pitch = STRIDE as isize;
            }
            (raw.width, raw.height) = (SIZE.width as c_int, SIZE.height as c_int);
            raw.format = ffi::AVPixelFormat::AV_PIX_FMT_DRM_PRIME as c_int;
            raw.hw_frames_ctx = ffi::av_buffer_ref(self.frames.as_ptr());
            self.memory.lock().push(memory);
        }
        frame
    }

    /// As the decoder hands it over; panics where it is not lent.
    fn lent(&self, first: u8) -> Arc<LentPlanes> {
        let frame = self.surfaces.pass(self.surface(first)).expect("passed");
        assert!(frame.is_on_hardware(), "surface {first} is lent");
        let description = frame.describe(Codec::H265).expect("described");
        assert_eq!((description.size, description.format.planes()), (SIZE, 2));
        self.surfaces.lend(frame, description)
    }

    fn is_lending(&self) -> bool {
        self.surfaces.pass(self.surface(0)).expect("passed").is_on_hardware()
    }
}

fn sample(first: u8, plane: usize, column: usize, row: usize) -> u8 {
    first.wrapping_add((column * 3 + row * 5 + plane * 77) as u8)
}

fn assert_holds(planes: &dyn Planes, first: u8) {
    for (plane, rows) in ROWS.into_iter().enumerate() {
        let (bytes, stride) = (planes.plane(plane), planes.stride(plane));
        for row in 0..rows {
            let wanted: Vec<u8> =
                (0..SIZE.width as usize).map(|column| sample(first, plane, column, row)).collect();
            assert_eq!(&bytes[row * stride..][..SIZE.width as usize], wanted, "plane {plane}, row {row}");
        }
    }
}

#[test]
fn a_lent_surface_can_be_read_and_keeps_its_samples() {
    let pool = Pool::new(SIZE);
    let (a, b) = (pool.lent(1), pool.lent(100));
    assert!(a.surface().is_some());
    assert_holds(&*b, 100);
    assert_holds(&*a, 1);
    assert_eq!(
        a.description.format,
        PixelFormat { order: model::PlaneOrder::SemiPlanar, ..PixelFormat::I420 }
    );
    // One that is only read now and then stays on the device.
    assert!(pool.is_lending() && pool.surfaces.note().is_none());
}

#[test]
fn no_more_than_agreed_are_out() {
    let pool = Pool::new(SIZE);
    let mut out: Vec<Arc<LentPlanes>> = (0..SURFACES_OUT).map(|first| pool.lent(first as u8)).collect();
    let frame = pool.surfaces.pass(pool.surface(9)).expect("passed");
    assert!(!frame.is_on_hardware());
    let description = frame.describe(Codec::H265).expect("described");
    assert_holds(&frame.into_planes(description).expect("planes"), 9);
    assert!(pool.surfaces.note().is_none(), "that is no reason to give up lending");
    out.pop();
    drop(pool.lent(10));
    assert_holds(&*out[0], 0);
}

#[test]
fn a_stream_that_is_always_read_comes_through_memory() {
    let pool = Pool::new(SIZE);
    for first in 0..READ_IN_A_ROW {
        assert!(pool.is_lending());
        let lent = pool.lent(first as u8);
        assert_holds(&*lent, first as u8);
        assert_holds(&*lent, first as u8); // twice is one reading
    }
    assert!(!pool.is_lending());
    let note = pool.surfaces.note().expect("a note");
    assert!(note.contains("drawn by the processor"), "{note}");
}

#[test]
fn a_refusal_is_kept_with_its_reason_and_spoils_nothing_that_is_out() {
    let pool = Pool::new(SIZE);
    let lent = pool.lent(3);
    lent.refuse("another graphics processor");
    lent.refuse("later words do not count");
    assert!(!pool.is_lending());
    let note = pool.surfaces.note().expect("a note");
    assert_eq!(note, "through system memory: another graphics processor");
    assert_holds(&*lent, 3);
}

#[test]
fn what_is_out_when_the_decoder_closes_is_kept_in_memory() {
    let pool = Pool::new(SIZE);
    let (kept, gone) = (pool.lent(5), pool.lent(6));
    drop(gone);
    pool.surfaces.call_in();
    assert!(kept.surface().is_none() && kept.surface.lock().is_none());
    assert_holds(&*kept, 5);
    assert!(pool.is_lending(), "calling in is no reading");
}

#[test]
fn a_surface_that_does_not_come_back_ends_the_hardware_session() {
    let pool = Pool::new(Size::new(2, 2));
    let lent = pool.lent(1);
    assert_eq!((lent.plane(0), lent.stride(0)), (&[][..], 0));
    assert!(pool.surfaces.pass(pool.surface(2)).is_err());
}

#[test]
fn an_export_that_fails_says_why_and_leaves_the_picture() {
    let pool = Pool::new(SIZE);
    let lent = pool.lent(8);
    let Access::DmaBuf(export) = lent.access() else { panic!("VAAPI shares memory") };
    assert!(!export.export().expect_err("this device maps to system memory only").is_empty());
    assert_holds(&*lent, 8);
}
