//! Copies between graphics memories by CUDA: from NVDEC's surface into memory that Vulkan has exported.
//!
//! The driver's library is loaded when a surface is first lent; FFmpeg has opened the device before, in a context that
//! is used here too. Signatures and structures are those of cuda.h, CUDA 10.2 and later (driver 440).
#![allow(unsafe_code)] // calls the driver

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::os::fd::{AsRawFd, IntoRawFd};
use std::sync::{Arc, OnceLock, PoisonError};

use ffmpeg_sys_next as ffi;
use libloading::Library;
use model::surface::{DeviceId, ExportedMemory};

use super::Device;
use crate::frame::Frame;

/// `CUDA_EXTERNAL_MEMORY_HANDLE_DESC`; of its union only the descriptor is used.
#[repr(C)]
struct HandleDescription {
    kind: c_uint,
    handle: Handle,
    size: u64,
    flags: c_uint,
    reserved: [c_uint; 16],
}

#[repr(C)]
union Handle {
    fd: c_int,
    /// The union's longest member: a handle and a name.
    _win32: [*const c_void; 2],
}

/// `CUDA_EXTERNAL_MEMORY_BUFFER_DESC`
#[repr(C)]
struct BufferDescription {
    offset: u64,
    size: u64,
    flags: c_uint,
    reserved: [c_uint; 16],
}

/// One side of `CUDA_MEMCPY2D`.
#[repr(C)]
struct Side {
    x: usize,
    y: usize,
    kind: c_uint,
    host: *const c_void,
    device: u64,
    array: *const c_void,
    pitch: usize,
}

impl Side {
    fn device(device: u64, pitch: usize) -> Self {
        let nothing = std::ptr::null();
        Self { x: 0, y: 0, kind: MEMORY_DEVICE, host: nothing, device, array: nothing, pitch }
    }
}

/// `CUDA_MEMCPY2D`
#[repr(C)]
struct Copy2d {
    from: Side,
    to: Side,
    row: usize,
    rows: usize,
}

// As cuda.h has them on 64-bit systems.
const _: () = assert!(size_of::<HandleDescription>() == 104 && size_of::<BufferDescription>() == 88);
const _: () = assert!(size_of::<Side>() == 56 && size_of::<Copy2d>() == 128);

/// `CU_MEMORYTYPE_DEVICE`
const MEMORY_DEVICE: c_uint = 2;
/// `CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD`
const OPAQUE_FD: c_uint = 1;
/// `CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING`: who waits sleeps instead of spinning.
const EVENT_FLAGS: c_uint = 3;

type Code = c_int;
type Foreign = *mut c_void;

/// What is called of the driver; the library is never unloaded.
struct Driver {
    push_context: unsafe extern "C" fn(Foreign) -> Code,
    pop_context: unsafe extern "C" fn(*mut Foreign) -> Code,
    context_device: unsafe extern "C" fn(*mut c_int) -> Code,
    device_uuid: unsafe extern "C" fn(*mut DeviceUuid, c_int) -> Code,
    import: unsafe extern "C" fn(*mut Foreign, *const HandleDescription) -> Code,
    map: unsafe extern "C" fn(*mut u64, Foreign, *const BufferDescription) -> Code,
    destroy_import: unsafe extern "C" fn(Foreign) -> Code,
    free: unsafe extern "C" fn(u64) -> Code,
    copy: unsafe extern "C" fn(*const Copy2d, Foreign) -> Code,
    create_event: unsafe extern "C" fn(*mut Foreign, c_uint) -> Code,
    record_event: unsafe extern "C" fn(Foreign, Foreign) -> Code,
    wait_event: unsafe extern "C" fn(Foreign) -> Code,
    destroy_event: unsafe extern "C" fn(Foreign) -> Code,
    error_string: unsafe extern "C" fn(Code, *mut *const c_char) -> Code,
}

/// `CUuuid`
type DeviceUuid = [u8; 16];

impl Driver {
    fn get() -> Result<&'static Self, String> {
        static DRIVER: OnceLock<Result<Driver, String>> = OnceLock::new();
        DRIVER.get_or_init(Self::load).as_ref().map_err(String::clone)
    }

    fn load() -> Result<Self, String> {
        // SAFETY: the driver's library runs no code of ours when it is loaded, and FFmpeg has loaded it already.
        let library = unsafe { Library::new("libcuda.so.1") }.map_err(|why| why.to_string())?;
        let library: &'static Library = Box::leak(Box::new(library));
        // SAFETY: each name has the signature of its field (cuda.h, where `_v2` is what the plain name stands for).
        unsafe {
            Ok(Self {
                push_context: symbol(library, c"cuCtxPushCurrent_v2")?,
                pop_context: symbol(library, c"cuCtxPopCurrent_v2")?,
                context_device: symbol(library, c"cuCtxGetDevice")?,
                device_uuid: symbol(library, c"cuDeviceGetUuid")?,
                import: symbol(library, c"cuImportExternalMemory")?,
                map: symbol(library, c"cuExternalMemoryGetMappedBuffer")?,
                destroy_import: symbol(library, c"cuDestroyExternalMemory")?,
                free: symbol(library, c"cuMemFree_v2")?,
                copy: symbol(library, c"cuMemcpy2DAsync_v2")?,
                create_event: symbol(library, c"cuEventCreate")?,
                record_event: symbol(library, c"cuEventRecord")?,
                wait_event: symbol(library, c"cuEventSynchronize")?,
                destroy_event: symbol(library, c"cuEventDestroy_v2")?,
                error_string: symbol(library, c"cuGetErrorString")?,
            })
        }
    }

    fn check(&self, call: &str, code: Code) -> Result<(), String> {
        if code == 0 {
            return Ok(());
        }
        let mut text = std::ptr::null();
        // SAFETY: the text is static, or null for a code that the driver does not know.
        let words = unsafe {
            (self.error_string)(code, &raw mut text);
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy())
        };
        Err(format!("{call}: {}", words.unwrap_or_else(|| format!("error {code}").into())))
    }
}

/// # Safety
/// The symbol must have the type `T`, a function pointer.
unsafe fn symbol<T: Copy>(library: &'static Library, name: &CStr) -> Result<T, String> {
    // SAFETY: the caller's promise; the library stays loaded.
    let symbol = unsafe { library.get::<T>(name.to_bytes_with_nul()) };
    symbol.map(|symbol| *symbol).map_err(|why| why.to_string())
}

/// FFmpeg's CUDA context of a device.
pub(super) struct Cuda {
    driver: &'static Driver,
    context: Foreign,
    stream: Foreign,
    id: DeviceId,
}

// SAFETY: contexts and streams may be used from any thread; a context is made current for each use.
unsafe impl Send for Cuda {}
// SAFETY: as above.
unsafe impl Sync for Cuda {}

impl Cuda {
    fn open(device: &Device) -> Result<Self, String> {
        let driver = Driver::get()?;
        // SAFETY: the buffer of a device of this kind holds an AVHWDeviceContext whose `hwctx` is an
        // AVCUDADeviceContext (libavutil/hwcontext_cuda.h), both as long as `device` lives.
        let (context, stream) = unsafe {
            let device = (*device.buffer.as_ptr()).data.cast::<ffi::AVHWDeviceContext>();
            let cuda = (*device).hwctx.cast::<ffi::AVCUDADeviceContext>();
            ((*cuda).cuda_ctx.cast::<c_void>(), (*cuda).stream.cast::<c_void>())
        };
        let mut cuda = Self { driver, context, stream, id: DeviceId([0; 16]) };
        let current = Current::new(&cuda)?;
        let mut number = 0;
        // SAFETY: both calls fill what they are given.
        unsafe {
            driver.check("cuCtxGetDevice", (driver.context_device)(&raw mut number))?;
            driver.check("cuDeviceGetUuid", (driver.device_uuid)(&raw mut cuda.id.0, number))?;
        }
        drop(current);
        Ok(cuda)
    }

    pub(super) fn id(&self) -> DeviceId {
        self.id
    }
}

/// CUDA's view of a device.
pub(super) fn of(device: &Device) -> Result<&Cuda, String> {
    device.cuda.get_or_init(|| Cuda::open(device)).as_ref().map_err(String::clone)
}

/// The context is this thread's current one until dropped.
struct Current<'a>(&'a Driver);

impl<'a> Current<'a> {
    fn new(cuda: &Cuda) -> Result<Self, String> {
        // SAFETY: FFmpeg's context lives as long as its device, which whoever has a `Cuda` holds.
        let code = unsafe { (cuda.driver.push_context)(cuda.context) };
        cuda.driver.check("cuCtxPushCurrent", code)?;
        Ok(Self(cuda.driver))
    }
}

impl Drop for Current<'_> {
    fn drop(&mut self) {
        let mut context = std::ptr::null_mut();
        // SAFETY: takes off what `new` has put on, on the same thread.
        unsafe { (self.0.pop_context)(&raw mut context) };
    }
}

/// Exported memory as this device sees it.
struct Import {
    device: Arc<Device>,
    memory: Foreign,
    pointer: u64,
    /// Says when the last copy is done.
    copied: Foreign,
}

// SAFETY: handles of a context, which may be used from any thread; only one has the import at a time.
unsafe impl Send for Import {}

impl Import {
    fn new(device: &Arc<Device>, exported: &ExportedMemory) -> Result<Self, String> {
        let cuda = of(device)?;
        let driver = cuda.driver;
        let handle = exported.handle.try_clone().map_err(|why| why.to_string())?;
        let _current = Current::new(cuda)?;
        let nothing = std::ptr::null_mut();
        let mut import = Self { device: Arc::clone(device), memory: nothing, pointer: 0, copied: nothing };
        let description = HandleDescription {
            kind: OPAQUE_FD,
            handle: Handle { fd: handle.as_raw_fd() },
            size: exported.bytes,
            flags: 0,
            reserved: [0; 16],
        };
        let whole = BufferDescription { offset: 0, size: exported.bytes, flags: 0, reserved: [0; 16] };
        // SAFETY: the descriptions name a descriptor and a size that belong together; what a call makes is put into
        // `import`, which undoes what was done before a failure.
        unsafe {
            let code = (driver.import)(&raw mut import.memory, &raw const description);
            driver.check("cuImportExternalMemory", code)?;
            let _ = handle.into_raw_fd(); // the driver's from now on
            let code = (driver.map)(&raw mut import.pointer, import.memory, &raw const whole);
            driver.check("cuExternalMemoryGetMappedBuffer", code)?;
            let code = (driver.create_event)(&raw mut import.copied, EVENT_FLAGS);
            driver.check("cuEventCreate", code)?;
        }
        Ok(import)
    }

    fn wait(&self) -> Result<(), String> {
        let cuda = of(&self.device)?;
        let _current = Current::new(cuda)?;
        // SAFETY: the event is ours.
        let code = unsafe { (cuda.driver.wait_event)(self.copied) };
        cuda.driver.check("cuEventSynchronize", code)
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        let Ok(cuda) = of(&self.device) else { return };
        let Ok(_current) = Current::new(cuda) else { return };
        // SAFETY: each was made by `new` and is given back once; freeing waits for copies that are under way.
        unsafe {
            if !self.copied.is_null() {
                (cuda.driver.destroy_event)(self.copied);
            }
            if self.pointer != 0 {
                (cuda.driver.free)(self.pointer);
            }
            if !self.memory.is_null() {
                (cuda.driver.destroy_import)(self.memory);
            }
        }
    }
}

/// Begins to copy the frame's planes into the memory.
///
/// They run in FFmpeg's own CUDA stream: there the decoder's last step for this surface was put too, so they come
/// after it.
pub(super) fn copy(device: &Arc<Device>, frame: &Frame, memory: &ExportedMemory) -> Result<(), String> {
    let mut slot = memory.import.lock().unwrap_or_else(PoisonError::into_inner);
    let known = slot.take().and_then(|import| import.downcast::<Import>().ok());
    let import = match known {
        Some(import) if Arc::ptr_eq(&import.device, device) => import,
        _ => Box::new(Import::new(device, memory)?),
    };
    let copied = enqueue(&import, frame, memory);
    *slot = Some(import);
    copied
}

fn enqueue(import: &Import, frame: &Frame, memory: &ExportedMemory) -> Result<(), String> {
    let cuda = of(&import.device)?;
    let driver = cuda.driver;
    let _current = Current::new(cuda)?;
    for (index, plane) in memory.planes.iter().enumerate() {
        // SAFETY: the frame is a CUDA surface of NV12 or P010, whose `data` are device pointers to planes of at least
        // this many rows; the memory's maker has placed its planes within it. The frame is held until `wait`, or its
        // download, which comes after the copy in the same stream, was waited for.
        unsafe {
            let raw = &*frame.as_ptr();
            let pitch = usize::try_from(raw.linesize[index]).map_err(|why| why.to_string())?;
            if pitch < plane.row as usize || raw.data[index].is_null() {
                return Err("the surface lacks a plane".to_owned());
            }
            let copy = Copy2d {
                from: Side::device(raw.data[index] as u64, pitch),
                to: Side::device(import.pointer + plane.offset, plane.stride as usize),
                row: plane.row as usize,
                rows: plane.rows as usize,
            };
            driver.check("cuMemcpy2DAsync", (driver.copy)(&raw const copy, cuda.stream))?;
        }
    }
    // SAFETY: the event is ours.
    driver.check("cuEventRecord", unsafe { (driver.record_event)(import.copied, cuda.stream) })
}

/// Waits for the last copy into the memory.
pub(super) fn wait(memory: &ExportedMemory) -> Result<(), String> {
    let slot = memory.import.lock().unwrap_or_else(PoisonError::into_inner);
    let import = slot.as_ref().and_then(|import| import.downcast_ref::<Import>());
    import.ok_or("nothing was copied")?.wait()
}
