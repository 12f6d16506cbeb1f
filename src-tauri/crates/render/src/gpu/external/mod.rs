//! Pictures taken over where a graphics processor decoded them: what crosses from the decoder's interface to Vulkan,
//! Metal or Direct3D 12 is memory, not bytes.
//!
//! NVIDIA's decoder copies into a buffer that [`export`] makes, one for each stream, and a copy within the device
//! brings it into the stream's textures: a linear buffer lies alike for both interfaces, whatever the driver, and the
//! textures stay wgpu's own. VAAPI's surfaces are bound as they are ([`dma_buf`]), and so are VideoToolbox's on macOS
//! (`io_surface`). On Windows Direct3D 11's decoder copies into a texture that `d3d12` makes, one for each stream.
//!
//! Everything here may be refused by a driver, and says why; the caller then uploads bytes.

#[cfg(windows)]
mod d3d12;
#[cfg(target_os = "linux")]
mod dma_buf;
#[cfg(not(any(target_os = "linux", windows)))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod export;
#[cfg(target_os = "macos")]
mod io_surface;
#[cfg(all(test, target_os = "linux"))]
mod tests;

#[cfg(any(target_os = "linux", windows))]
use model::surface::CopyOut;
#[cfg(target_os = "linux")]
use model::surface::PlaneLayout;

#[cfg(target_os = "linux")]
use crate::samples::Shape;

#[cfg(windows)]
pub(crate) use d3d12::Exported;
#[cfg(target_os = "linux")]
pub(crate) use dma_buf::bind;
#[cfg(not(any(target_os = "linux", windows)))]
pub(crate) use elsewhere::Exported;
#[cfg(target_os = "linux")]
pub(crate) use export::Exported;
#[cfg(target_os = "macos")]
pub(crate) use io_surface::bind;

/// What wgpu has to open a device with, as far as the adapter can.
pub(crate) fn features(adapter: &wgpu::Adapter) -> wgpu::Features {
    let wanted = wgpu::Features::VULKAN_EXTERNAL_MEMORY_FD | wgpu::Features::VULKAN_EXTERNAL_MEMORY_DMA_BUF;
    if cfg!(target_os = "linux") { adapter.features() & wanted } else { wgpu::Features::empty() }
}

#[cfg(any(target_os = "linux", windows))]
impl Exported {
    /// Has the decoder begin its copy, if it decodes on the processor that draws. What was read from the memory before must be
    /// done.
    pub(crate) fn begin(&self, source: &dyn CopyOut) -> Result<(), String> {
        let (from, to) = (source.device()?, self.memory.device);
        if from != to {
            return Err(format!("decoded on graphics processor {from:?}, drawn on {to:?}"));
        }
        source.copy(&self.memory)
    }

    /// Waits until the decoder's copy is done. The processor waits, not the queue: the copies of a draw take some ten
    /// microseconds each and run together, and an exported semaphore would need an extension that wgpu does not open.
    pub(crate) fn finish(&self, source: &dyn CopyOut) -> Result<(), String> {
        source.wait(&self.memory)
    }
}

/// Planes one behind the other, as `copy_buffer_to_texture` asks for them, and the bytes of all.
#[cfg(target_os = "linux")]
fn layout(shapes: &[Shape]) -> (Vec<PlaneLayout>, u64) {
    let align = wgpu::COPY_BYTES_PER_ROW_ALIGNMENT;
    let mut end = 0;
    let plane = |shape: &Shape| {
        let row = shape.size.width * shape.texel as u32;
        let plane =
            PlaneLayout { offset: end, stride: row.next_multiple_of(align), row, rows: shape.size.height };
        end += u64::from(plane.stride) * u64::from(plane.rows);
        plane
    };
    (shapes.iter().map(plane).collect(), end)
}
