//! Copies between graphics memories by Direct3D 11: from the decoder's surface into a texture that Direct3D 12 has
//! exported.
//!
//! FFmpeg's device is used, and its immediate context, which runs one thing behind the other: the decoder's last step
//! for a surface before the copy, and the copy before whatever is decoded there next.
#![allow(unsafe_code)] // calls Direct3D 11

use std::ffi::c_void;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::sync::{Arc, PoisonError};

use ffmpeg_sys_next as ffi;
use model::surface::{DeviceId, ExportedMemory};
use windows::Win32::Foundation::HANDLE;
use windows::Win32::Graphics::Direct3D11::{
    D3D11_BOX, D3D11_FEATURE_D3D11_OPTIONS4, D3D11_FEATURE_DATA_D3D11_OPTIONS4, D3D11_FENCE_FLAG_NONE,
    D3D11_TEXTURE2D_DESC, ID3D11Device, ID3D11Device5, ID3D11DeviceContext, ID3D11DeviceContext4,
    ID3D11Fence, ID3D11Texture2D,
};
use windows::Win32::Graphics::Dxgi::IDXGIDevice;
use windows::Win32::System::Threading::{CreateEventW, WaitForSingleObject};
use windows::core::{Interface, PCWSTR};

use super::Device;
use crate::frame::Frame;

/// A copy that is not done after this many milliseconds will not be: at 25 pictures a second it has 40.
const FINISHED_WITHIN: u32 = 200;

/// FFmpeg's Direct3D 11 device.
pub(super) struct D3d11 {
    device: ID3D11Device5,
    context: ID3D11DeviceContext4,
    lock: Option<unsafe extern "C" fn(*mut c_void)>,
    unlock: Option<unsafe extern "C" fn(*mut c_void)>,
    lock_context: *mut c_void,
    id: DeviceId,
}

// SAFETY: the device may be used from any thread, the context and `lock_context` by way of `Held`, which waits its turn.
unsafe impl Send for D3d11 {}
// SAFETY: as above.
unsafe impl Sync for D3d11 {}

impl D3d11 {
    fn open(device: &Device) -> Result<Self, String> {
        // SAFETY: the buffer of a device of this kind holds an AVHWDeviceContext whose `hwctx` is an
        // AVD3D11VADeviceContext (libavutil/hwcontext_d3d11va.h), both as long as `device` lives. FFmpeg's references
        // are borrowed; `cast` adds our own.
        let (opened, d3d11): (ID3D11Device5, _) = unsafe {
            let device = (*device.buffer.as_ptr()).data.cast::<ffi::AVHWDeviceContext>();
            let d3d11 = &*(*device).hwctx.cast::<ffi::AVD3D11VADeviceContext>();
            let raw = d3d11.device.cast::<c_void>();
            let opened = ID3D11Device::from_raw_borrowed(&raw).ok_or("FFmpeg has no Direct3D 11 device")?;
            (opened.cast().map_err(words)?, d3d11)
        };
        let raw = d3d11.device_context.cast::<c_void>();
        // SAFETY: as above.
        let context = unsafe { ID3D11DeviceContext::from_raw_borrowed(&raw) };
        let context = context.ok_or("FFmpeg has no Direct3D 11 context")?.cast().map_err(words)?;
        may_share(&opened)?;
        let adapter: IDXGIDevice = opened.cast().map_err(words)?;
        // SAFETY: both calls only ask.
        let luid = unsafe { adapter.GetAdapter().and_then(|adapter| adapter.GetDesc()) };
        let luid = luid.map_err(words)?.AdapterLuid;
        Ok(Self {
            device: opened,
            context,
            lock: d3d11.lock,
            unlock: d3d11.unlock,
            lock_context: d3d11.lock_ctx,
            id: DeviceId::from_luid(luid.LowPart, luid.HighPart),
        })
    }

    pub(super) fn id(&self) -> DeviceId {
        self.id
    }
}

/// Direct3D 11's view of a device.
pub(super) fn of(device: &Device) -> Result<&D3d11, String> {
    device.d3d11.get_or_init(|| D3d11::open(device)).as_ref().map_err(String::clone)
}

/// Whether the driver shares textures of NV12 between the two interfaces (`D3D11_SHARED_RESOURCE_TIER_2`).
fn may_share(device: &ID3D11Device5) -> Result<(), String> {
    let mut answer = D3D11_FEATURE_DATA_D3D11_OPTIONS4::default();
    let bytes = size_of_val(&answer) as u32;
    // SAFETY: the answer has the type that belongs to the question.
    let asked =
        unsafe { device.CheckFeatureSupport(D3D11_FEATURE_D3D11_OPTIONS4, (&raw mut answer).cast(), bytes) };
    asked.map_err(words)?;
    if answer.ExtendedNV12SharedTextureSupported.as_bool() {
        Ok(())
    } else {
        Err("Direct3D 11's driver shares no NV12 textures".to_owned())
    }
}

/// FFmpeg's context is this thread's alone until dropped.
struct Held<'a>(&'a D3d11);

impl<'a> Held<'a> {
    fn new(d3d11: &'a D3d11) -> Self {
        if let Some(lock) = d3d11.lock {
            // SAFETY: FFmpeg's own lock with its own argument, which live as long as its device, held by whoever has
            // a `D3d11`.
            unsafe { lock(d3d11.lock_context) };
        }
        Self(d3d11)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(unlock) = self.0.unlock {
            // SAFETY: as in `new`, on the same thread.
            unsafe { unlock(self.0.lock_context) };
        }
    }
}

/// The exported texture as this device sees it.
struct Import {
    device: Arc<Device>,
    texture: ID3D11Texture2D,
    /// Counts the copies that are done.
    done: ID3D11Fence,
    /// Copies that were begun.
    begun: u64,
    /// Whoever waits for `done` sleeps here.
    woken: OwnedHandle,
}

impl Import {
    fn new(device: &Arc<Device>, exported: &ExportedMemory) -> Result<Self, String> {
        let d3d11 = of(device)?;
        let handle = HANDLE(exported.handle.as_raw_handle());
        let mut done: Option<ID3D11Fence> = None;
        // SAFETY: the handle is a shared texture's and stays open during the call; the event's handle is new and ours.
        let (texture, woken) = unsafe {
            let texture = d3d11.device.OpenSharedResource1(handle).map_err(words)?;
            d3d11.device.CreateFence(0, D3D11_FENCE_FLAG_NONE, &mut done).map_err(words)?;
            let woken = CreateEventW(None, false, false, PCWSTR::null()).map_err(words)?;
            (texture, OwnedHandle::from_raw_handle(woken.0))
        };
        let done = done.ok_or("Direct3D 11 made no fence")?;
        Ok(Self { device: Arc::clone(device), texture, done, begun: 0, woken })
    }

    fn begin(&mut self, frame: &Frame) -> Result<(), String> {
        let d3d11 = of(&self.device)?;
        // SAFETY: the caller holds the frame, and nobody writes to it.
        let raw = unsafe { &*frame.as_ptr() };
        let texture = raw.data[0].cast::<c_void>();
        // SAFETY: a frame of this kind has its texture in `data[0]`, and in `data[1]` which slice of that it is
        // (libavutil/pixfmt.h, AV_PIX_FMT_D3D11); the reference is borrowed from the frame.
        let surface = unsafe { ID3D11Texture2D::from_raw_borrowed(&texture) };
        let surface = surface.ok_or("the surface has no texture")?;
        let slice = u32::try_from(raw.data[1] as usize).map_err(|why| why.to_string())?;
        let part = part(&description(surface), &description(&self.texture), slice)?;
        let context = &d3d11.context;
        let _held = Held::new(d3d11);
        // SAFETY: both textures are of this device, of one format, and hold the part; with one mipmap, a slice's number
        // is its subresource's.
        unsafe {
            context.CopySubresourceRegion(&self.texture, 0, 0, 0, 0, surface, slice, Some(&raw const part));
            self.begun += 1;
            context.Signal(&self.done, self.begun).map_err(words)?;
            context.Flush();
        }
        Ok(())
    }

    fn wait(&self) -> Result<(), String> {
        // SAFETY: fence and event are ours, and a fence may be asked from any thread.
        let done = unsafe {
            if self.done.GetCompletedValue() < self.begun {
                let woken = HANDLE(self.woken.as_raw_handle());
                self.done.SetEventOnCompletion(self.begun, woken).map_err(words)?;
                WaitForSingleObject(woken, FINISHED_WITHIN);
            }
            self.done.GetCompletedValue()
        };
        match done {
            u64::MAX => Err("Direct3D 11's device was lost".to_owned()),
            done if done < self.begun => Err(format!("no copy within {FINISHED_WITHIN} ms")),
            _ => Ok(()),
        }
    }
}

/// What is to be copied: the upper left part of the decoder's surface, which is larger than the picture.
fn part(from: &D3D11_TEXTURE2D_DESC, to: &D3D11_TEXTURE2D_DESC, slice: u32) -> Result<D3D11_BOX, String> {
    let fits = from.Format == to.Format && from.Width >= to.Width && from.Height >= to.Height;
    if !fits || slice >= from.ArraySize {
        let words = |of: &D3D11_TEXTURE2D_DESC| format!("{}x{}, {:?}", of.Width, of.Height, of.Format);
        return Err(format!("slice {slice} of {} does not fit {}", words(from), words(to)));
    }
    Ok(D3D11_BOX { left: 0, top: 0, front: 0, right: to.Width, bottom: to.Height, back: 1 })
}

fn description(texture: &ID3D11Texture2D) -> D3D11_TEXTURE2D_DESC {
    let mut description = D3D11_TEXTURE2D_DESC::default();
    // SAFETY: only asks.
    unsafe { texture.GetDesc(&mut description) };
    description
}

fn words(why: windows::core::Error) -> String {
    format!("Direct3D 11: {why}")
}

/// Begins to copy the frame's picture into the texture.
pub(super) fn copy(device: &Arc<Device>, frame: &Frame, memory: &ExportedMemory) -> Result<(), String> {
    let mut slot = memory.import.lock().unwrap_or_else(PoisonError::into_inner);
    let known = slot.take().and_then(|import| import.downcast::<Import>().ok());
    let mut import = match known {
        Some(import) if Arc::ptr_eq(&import.device, device) => import,
        _ => Box::new(Import::new(device, memory)?),
    };
    let copied = import.begin(frame);
    *slot = Some(import);
    copied
}

/// Waits for the last copy into the texture.
pub(super) fn wait(memory: &ExportedMemory) -> Result<(), String> {
    let slot = memory.import.lock().unwrap_or_else(PoisonError::into_inner);
    let import = slot.as_ref().and_then(|import| import.downcast_ref::<Import>());
    import.ok_or("nothing was copied")?.wait()
}
