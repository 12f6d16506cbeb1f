//! Decoded surfaces bound as textures where they lie: VideoToolbox's pictures are IOSurfaces, and Metal makes a texture of
//! each plane without a copy.
#![allow(unsafe_code)] // calls Metal beside wgpu

use std::ffi::c_void;
use std::ptr::NonNull;

use model::surface::LendIoSurface;
use objc2_io_surface::IOSurfaceRef;
use objc2_metal::{MTLDevice, MTLPixelFormat, MTLTextureDescriptor, MTLTextureType, MTLTextureUsage};
use wgpu::hal::{self, metal};

use crate::gpu::device::Gpu;
use crate::gpu::extent;
use crate::gpu::streams::texture_format;
use crate::samples::Shape;

/// One texture a plane. They show the surface itself: it must be kept until the last draw of them is done.
pub(crate) fn bind(
    gpu: &Gpu,
    shapes: &[Shape],
    source: &dyn LendIoSurface,
) -> Result<Vec<wgpu::Texture>, String> {
    let mut textures = Vec::with_capacity(shapes.len());
    source.lend(&mut |surface: NonNull<c_void>| {
        // SAFETY: an IOSurface, which lives until this call is over; each texture keeps its own reference to it.
        let surface = unsafe { surface.cast::<IOSurfaceRef>().as_ref() };
        if surface.plane_count() != shapes.len() {
            return Err(format!("{} planes instead of {}", surface.plane_count(), shapes.len()));
        }
        for (plane, shape) in shapes.iter().enumerate() {
            textures.push(texture(gpu, surface, plane, shape)?);
        }
        Ok(())
    })?;
    Ok(textures)
}

fn texture(gpu: &Gpu, surface: &IOSurfaceRef, plane: usize, shape: &Shape) -> Result<wgpu::Texture, String> {
    let format = texture_format(shape);
    let (width, height) = (shape.size.width as usize, shape.size.height as usize);
    let there = (surface.width_of_plane(plane), surface.height_of_plane(plane));
    // A coded picture may be larger than what is shown of it: the texture is its upper left part.
    if surface.bytes_per_element_of_plane(plane) != shape.texel || there.0 < width || there.1 < height {
        return Err(format!("plane {plane} is {there:?} in place of {format:?}, {width}x{height}"));
    }
    // SAFETY: a two-dimensional texture without mipmaps; width and height are those of a picture, so not 0.
    let description = unsafe {
        MTLTextureDescriptor::texture2DDescriptorWithPixelFormat_width_height_mipmapped(
            metal_format(format).ok_or("no such format")?,
            width,
            height,
            false,
        )
    };
    description.setUsage(MTLTextureUsage::ShaderRead);
    // SAFETY: nothing of the device is destroyed by way of the guard.
    let device = unsafe { gpu.device.as_hal::<metal::Api>() }.ok_or("the wall is not drawn by Metal")?;
    let raw = device.raw_device().newTextureWithDescriptor_iosurface_plane(&description, surface, plane);
    let raw = raw.ok_or("Metal takes no such surface")?;
    drop(device);
    let size = extent(shape.size);
    let copied = hal::CopyExtent { width: size.width, height: size.height, depth: 1 };
    // SAFETY: made on this device as described; it holds a picture already, and is only ever read.
    let texture = unsafe {
        let texture =
            metal::Device::texture_from_raw(raw, format, MTLTextureType::Type2D, 1, 1, copied, None);
        gpu.device.create_texture_from_hal::<metal::Api>(
            texture,
            &wgpu::TextureDescriptor {
                label: Some("surface"),
                size,
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage: wgpu::TextureUsages::TEXTURE_BINDING,
                view_formats: &[],
            },
            wgpu::TextureUses::RESOURCE,
        )
    };
    Ok(texture)
}

fn metal_format(format: wgpu::TextureFormat) -> Option<MTLPixelFormat> {
    match format {
        wgpu::TextureFormat::R8Uint => Some(MTLPixelFormat::R8Uint),
        wgpu::TextureFormat::Rg8Uint => Some(MTLPixelFormat::RG8Uint),
        wgpu::TextureFormat::R16Uint => Some(MTLPixelFormat::R16Uint),
        wgpu::TextureFormat::Rg16Uint => Some(MTLPixelFormat::RG16Uint),
        _ => None,
    }
}
