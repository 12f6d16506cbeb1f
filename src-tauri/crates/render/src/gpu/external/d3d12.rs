//! A texture of Direct3D 12 that Direct3D 11's decoder writes to.
#![allow(unsafe_code)] // calls Direct3D 12 beside wgpu

use std::os::windows::io::{FromRawHandle, OwnedHandle};
use std::sync::Mutex;

use model::surface::{DeviceId, ExportedMemory};
use wgpu::hal::dx12;
use windows::Win32::Foundation::GENERIC_ALL;
use windows::Win32::Graphics::Direct3D12::{
    D3D12_HEAP_FLAG_SHARED, D3D12_HEAP_PROPERTIES, D3D12_HEAP_TYPE_DEFAULT, D3D12_RESOURCE_DESC,
    D3D12_RESOURCE_DIMENSION_TEXTURE2D, D3D12_RESOURCE_FLAG_ALLOW_RENDER_TARGET,
    D3D12_RESOURCE_FLAG_ALLOW_SIMULTANEOUS_ACCESS, D3D12_RESOURCE_STATE_COMMON, ID3D12Device, ID3D12Resource,
};
use windows::Win32::Graphics::Dxgi::Common::{DXGI_FORMAT_NV12, DXGI_FORMAT_P010, DXGI_SAMPLE_DESC};
use windows::core::PCWSTR;

use crate::gpu::device::Gpu;
use crate::gpu::extent;
use crate::gpu::streams::texture_format;
use crate::samples::Shape;

/// A texture in which a decoder puts the pictures of one stream.
pub(crate) struct Exported {
    /// Its planes, each as a texture of its own.
    planes: Vec<wgpu::Texture>,
    pub(super) memory: ExportedMemory,
}

impl Exported {
    /// Room for planes of these shapes.
    pub(crate) fn new(gpu: &Gpu, shapes: &[Shape]) -> Result<Self, String> {
        // SAFETY: nothing of the device is destroyed by way of the guard.
        let device =
            unsafe { gpu.device.as_hal::<dx12::Api>() }.ok_or("the wall is not drawn by Direct3D 12")?;
        let raw = device.raw_device();
        let texture = shared_texture(raw, shapes)?;
        // SAFETY: the texture was made to be shared, and the handle is new and ours.
        let (handle, luid) = unsafe {
            let handle = raw.CreateSharedHandle(&texture, None, GENERIC_ALL.0, PCWSTR::null());
            (OwnedHandle::from_raw_handle(handle.map_err(words)?.0), raw.GetAdapterLuid())
        };
        drop(device);
        let planes = (0..).zip(shapes).map(|(slice, shape)| plane(gpu, &texture, slice, shape)).collect();
        let device = DeviceId::from_luid(luid.LowPart, luid.HighPart);
        Ok(Self { planes, memory: ExportedMemory { handle, device, import: Mutex::new(None) } })
    }

    /// From the planes into the stream's textures, within the device.
    pub(crate) fn encode(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        textures: &[wgpu::Texture],
        shapes: &[Shape],
    ) {
        for ((plane, texture), shape) in self.planes.iter().zip(textures).zip(shapes) {
            encoder.copy_texture_to_texture(
                plane.as_image_copy(),
                texture.as_image_copy(),
                extent(shape.size),
            );
        }
    }
}

/// NV12 or P010, with even sides, which these formats ask for. Direct3D 11 opens only what may be drawn to, and whoever
/// writes while the other has the texture open needs simultaneous access.
fn shared_texture(device: &ID3D12Device, shapes: &[Shape]) -> Result<ID3D12Resource, String> {
    let (luma, format) = match shapes {
        [luma, chroma] if chroma.pairs && luma.texel == 1 => (luma.size, DXGI_FORMAT_NV12),
        [luma, chroma] if chroma.pairs && luma.texel == 2 => (luma.size, DXGI_FORMAT_P010),
        _ => return Err("neither NV12 nor P010".to_owned()),
    };
    let heap = D3D12_HEAP_PROPERTIES { Type: D3D12_HEAP_TYPE_DEFAULT, ..Default::default() };
    let description = D3D12_RESOURCE_DESC {
        Dimension: D3D12_RESOURCE_DIMENSION_TEXTURE2D,
        Width: u64::from(luma.width.next_multiple_of(2)),
        Height: luma.height.next_multiple_of(2),
        DepthOrArraySize: 1,
        MipLevels: 1,
        Format: format,
        SampleDesc: DXGI_SAMPLE_DESC { Count: 1, Quality: 0 },
        Flags: D3D12_RESOURCE_FLAG_ALLOW_RENDER_TARGET | D3D12_RESOURCE_FLAG_ALLOW_SIMULTANEOUS_ACCESS,
        ..Default::default()
    };
    let mut texture: Option<ID3D12Resource> = None;
    // SAFETY: both descriptions outlive the call, which fills `texture`.
    let made = unsafe {
        device.CreateCommittedResource(
            &heap,
            D3D12_HEAP_FLAG_SHARED,
            &description,
            D3D12_RESOURCE_STATE_COMMON,
            None,
            &mut texture,
        )
    };
    made.map_err(words)?;
    texture.ok_or_else(|| "Direct3D 12 made no texture".to_owned())
}

/// One plane as wgpu's texture.
fn plane(gpu: &Gpu, texture: &ID3D12Resource, slice: u32, shape: &Shape) -> wgpu::Texture {
    let (format, size) = (texture_format(shape), extent(shape.size));
    let dimension = wgpu::TextureDimension::D2;
    // SAFETY: made on this device; the format is that of the plane's texels, and the size lies within it. wgpu knows
    // nothing of the other plane: each is only ever copied from, so that no barrier is put on either. Direct3D takes a
    // texture with simultaneous access from its common state to a source of copies by itself, and back.
    unsafe {
        let plane = dx12::Device::texture_from_raw(texture.clone(), format, dimension, size, 1, 1);
        gpu.device.create_texture_from_hal::<dx12::Api>(
            plane.with_plane_slice(slice),
            &wgpu::TextureDescriptor {
                label: Some("exported plane"),
                size,
                mip_level_count: 1,
                sample_count: 1,
                dimension,
                format,
                usage: wgpu::TextureUsages::COPY_SRC,
                view_formats: &[],
            },
            wgpu::TextureUses::COPY_SRC,
        )
    }
}

fn words(why: windows::core::Error) -> String {
    format!("Direct3D 12: {why}")
}
