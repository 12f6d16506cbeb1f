//! A picture that still lies where a graphics processor's decoder put it, and how whoever draws can have it there
//! without a way through system memory.
//!
//! Two sides that know nothing of each other meet here: the decoder knows its vendor's interface, the compositor its
//! own. What crosses is a number that names the processor, a handle of the operating system, and where the planes
//! lie behind it. Every step may fail; whoever draws then reads [`crate::Planes::plane`] instead, which brings the
//! picture into system memory, and says why by [`Surface::refuse`].

use std::any::Any;
#[cfg(target_os = "macos")]
use std::ffi::c_void;
use std::fmt;
#[cfg(target_os = "macos")]
use std::ptr::NonNull;
use std::sync::Mutex;

#[cfg(unix)]
use std::os::fd::OwnedFd;
#[cfg(windows)]
use std::os::windows::io::OwnedHandle;

/// Names one graphics processor alike for all interfaces of a machine: `VkPhysicalDeviceIDProperties::deviceUUID` of
/// Vulkan, `cuDeviceGetUuid` of CUDA; the adapter's LUID in Direct3D 11 (`DXGI_ADAPTER_DESC`) and 12
/// (`ID3D12Device::GetAdapterLuid`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceId(pub [u8; 16]);

impl DeviceId {
    /// The two halves of a LUID.
    #[cfg(any(windows, test))]
    #[must_use]
    pub fn from_luid(low: u32, high: i32) -> Self {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&high.to_be_bytes());
        id[4..8].copy_from_slice(&low.to_be_bytes());
        Self(id)
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A finished picture in the memory of a graphics processor.
pub trait Surface: Send + Sync {
    /// The way to it.
    fn access(&self) -> Access<'_>;

    /// Whoever draws cannot take this stream's surfaces, and says why. The decoder brings the stream's next pictures
    /// into system memory itself, on its own threads, and reports the reason.
    fn refuse(&self, why: &str);
}

/// How a surface is reached.
#[derive(Clone, Copy)]
pub enum Access<'a> {
    /// The decoder copies it into memory that whoever draws has exported, within the graphics processor.
    Copy(&'a dyn CopyOut),
    /// The decoder exports its own memory as Linux's drivers share it between them.
    #[cfg(target_os = "linux")]
    DmaBuf(&'a dyn ExportDmaBuf),
    /// The decoder's memory is an IOSurface, which macOS shares between all that draw.
    #[cfg(target_os = "macos")]
    IoSurface(&'a dyn LendIoSurface),
}

/// A surface that cannot be exported itself: NVIDIA's decoder lends its memory to CUDA only, Direct3D 11's writes to
/// slices of one texture that cannot be shared.
pub trait CopyOut: Send + Sync {
    /// The processor whose memory it lies in: only memory of the same one can be copied to.
    ///
    /// # Errors
    /// The driver's words.
    fn device(&self) -> Result<DeviceId, String>;

    /// Begins to copy all planes into `memory`, which nobody may read or write until [`Self::wait`] has returned.
    /// Returns before the copy is done, so that the copies of many streams run one behind the other.
    ///
    /// # Errors
    /// The driver's words.
    fn copy(&self, memory: &ExportedMemory) -> Result<(), String>;

    /// Waits until the last copy into `memory` is done.
    ///
    /// # Errors
    /// The driver's words; what is in `memory` is then undefined.
    fn wait(&self, memory: &ExportedMemory) -> Result<(), String>;
}

/// Memory of a graphics processor that one interface has exported and another one writes to.
pub struct ExportedMemory {
    /// The operating system's handle (Vulkan: `VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT`). Who imports it,
    /// duplicates it first.
    #[cfg(unix)]
    pub handle: OwnedFd,
    /// The operating system's handle of a texture of NV12 or P010, as large as the picture with sides made even
    /// (Direct3D 12: `ID3D12Device::CreateSharedHandle`). Who opens it does not close it.
    #[cfg(windows)]
    pub handle: OwnedHandle,
    /// Bytes of the whole allocation, as the importing side has to name them.
    #[cfg(unix)]
    pub bytes: u64,
    /// Which processor's memory it is.
    pub device: DeviceId,
    /// Where each plane lies.
    #[cfg(unix)]
    pub planes: Vec<PlaneLayout>,
    /// What the writing side made of the handle: kept here, so that it is made once and lives as long as the memory.
    pub import: Mutex<Option<Box<dyn Any + Send>>>,
}

/// The place of one plane in an [`ExportedMemory`].
#[cfg(unix)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaneLayout {
    /// Bytes from the beginning of the memory to the first row.
    pub offset: u64,
    /// Bytes from one row to the next.
    pub stride: u32,
    /// Bytes of samples in a row.
    pub row: u32,
    /// Rows.
    pub rows: u32,
}

/// A surface that Linux's drivers can share.
#[cfg(target_os = "linux")]
pub trait ExportDmaBuf: Send + Sync {
    /// Waits until the decoder has written it, and exports its planes. They stay valid as long as the picture.
    ///
    /// # Errors
    /// The driver's words.
    fn export(&self) -> Result<Vec<DmaBufPlane>, String>;
}

/// A surface of macOS.
#[cfg(target_os = "macos")]
pub trait LendIoSurface: Send + Sync {
    /// Hands the finished picture's `IOSurfaceRef` to `take`, with the picture's planes as its own. It is valid until `take`
    /// returns; what is made of it shows the picture as long as the picture is kept.
    ///
    /// # Errors
    /// Why there is none, or what `take` says.
    fn lend(&self, take: &mut dyn FnMut(NonNull<c_void>) -> Result<(), String>) -> Result<(), String>;
}

/// One plane in memory that Linux's drivers share (linux/dma-buf.h, drm/drm_fourcc.h).
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub struct DmaBufPlane {
    /// The memory. Planes of one memory each have a handle of their own.
    pub handle: OwnedFd,
    /// `DRM_FORMAT_…`: R8, GR88, R16, GR1616.
    pub format: u32,
    /// `DRM_FORMAT_MOD_…`: how the samples lie.
    pub modifier: u64,
    /// Bytes to the first row.
    pub offset: u64,
    /// Bytes from one row (of tiles) to the next.
    pub stride: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_written_as_drivers_write_it() {
        let mut id = [0; 16];
        (id[0], id[15]) = (0xa0, 0x0f);
        assert_eq!(format!("{:?}", DeviceId(id)), "a000000000000000000000000000000f");
        let luid = DeviceId::from_luid(0x0123_4567, -2);
        assert_eq!(format!("{luid:?}"), "fffffffe012345670000000000000000");
    }
}
