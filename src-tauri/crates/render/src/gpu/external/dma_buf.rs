//! Decoded surfaces bound as textures where they lie (VK_EXT_external_memory_dma_buf, VK_EXT_image_drm_format_modifier).
#![allow(unsafe_code)] // calls Vulkan beside wgpu

use ash::vk;
use model::surface::{DmaBufPlane, ExportDmaBuf};
use wgpu::hal::{self, vulkan};

use crate::gpu::device::Gpu;
use crate::gpu::extent;
use crate::gpu::streams::texture_format;
use crate::samples::Shape;

/// drm/drm_fourcc.h, `fourcc_code`.
const fn fourcc(code: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*code)
}

/// One texture a plane. They show the surface itself: it must be kept until the last draw of them is done.
pub(crate) fn bind(
    gpu: &Gpu,
    shapes: &[Shape],
    source: &dyn ExportDmaBuf,
) -> Result<Vec<wgpu::Texture>, String> {
    if !gpu.device.features().contains(wgpu::Features::VULKAN_EXTERNAL_MEMORY_DMA_BUF) {
        return Err("Vulkan's driver takes no DMA-BUF".to_owned());
    }
    let planes = source.export()?;
    if planes.len() != shapes.len() {
        return Err(format!("{} planes were exported instead of {}", planes.len(), shapes.len()));
    }
    planes.into_iter().zip(shapes).map(|(plane, shape)| texture(gpu, plane, shape)).collect()
}

fn texture(gpu: &Gpu, plane: DmaBufPlane, shape: &Shape) -> Result<wgpu::Texture, String> {
    let format = texture_format(shape);
    if drm_format(format) != Some(plane.format) {
        return Err(format!("DRM format {:#010x} in place of {format:?}", plane.format));
    }
    let usage = wgpu::TextureUsages::TEXTURE_BINDING;
    // SAFETY: nothing of the device is destroyed by way of the guard.
    let device = unsafe { gpu.device.as_hal::<vulkan::Api>() }.ok_or("the wall is not drawn by Vulkan")?;
    may_sample(&device, vulkan_format(format).ok_or("no such format")?, plane.modifier)?;
    let description = hal::TextureDescriptor {
        label: Some("surface"),
        size: extent(shape.size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUses::RESOURCE,
        memory_flags: hal::MemoryFlags::empty(),
        view_formats: Vec::new(),
    };
    // SAFETY: the decoder says how its memory lies, and the descriptor is a duplicate that Vulkan takes over.
    let texture = unsafe {
        device.texture_from_dmabuf_fd(plane.handle, &description, plane.modifier, plane.stride, plane.offset)
    };
    let texture = texture.map_err(|why| format!("Vulkan: {why}"))?;
    drop(device);
    // SAFETY: made on this device as described. It holds a picture already, so it must not go through an undefined
    // layout; with an explicit modifier, memory that is only sampled lies alike in all layouts.
    let texture = unsafe {
        gpu.device.create_texture_from_hal::<vulkan::Api>(
            texture,
            &wgpu::TextureDescriptor {
                label: Some("surface"),
                size: extent(shape.size),
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage,
                view_formats: &[],
            },
            wgpu::TextureUses::RESOURCE,
        )
    };
    Ok(texture)
}

/// drm/drm_fourcc.h: what a plane of this format is called there.
fn drm_format(format: wgpu::TextureFormat) -> Option<u32> {
    match format {
        wgpu::TextureFormat::R8Uint => Some(fourcc(b"R8  ")),
        wgpu::TextureFormat::Rg8Uint => Some(fourcc(b"GR88")),
        wgpu::TextureFormat::R16Uint => Some(fourcc(b"R16 ")),
        wgpu::TextureFormat::Rg16Uint => Some(fourcc(b"GR32")),
        _ => None,
    }
}

fn vulkan_format(format: wgpu::TextureFormat) -> Option<vk::Format> {
    match format {
        wgpu::TextureFormat::R8Uint => Some(vk::Format::R8_UINT),
        wgpu::TextureFormat::Rg8Uint => Some(vk::Format::R8G8_UINT),
        wgpu::TextureFormat::R16Uint => Some(vk::Format::R16_UINT),
        wgpu::TextureFormat::Rg16Uint => Some(vk::Format::R16G16_UINT),
        _ => None,
    }
}

/// Whether the driver reads this format from memory that lies like this; the creating call may not be asked otherwise.
/// Another vendor's modifiers are none of its own, so that a surface of another processor is refused here.
fn may_sample(device: &vulkan::Device, format: vk::Format, modifier: u64) -> Result<(), String> {
    let instance = device.shared_instance().raw_instance();
    let ask = |list: &mut vk::DrmFormatModifierPropertiesListEXT<'_>| {
        let mut properties = vk::FormatProperties2::default().push_next(list);
        // SAFETY: the extension is open; the list has room for as many entries as it says.
        unsafe {
            instance.get_physical_device_format_properties2(
                device.raw_physical_device(),
                format,
                &mut properties,
            );
        }
    };
    let mut count = vk::DrmFormatModifierPropertiesListEXT::default();
    ask(&mut count);
    let count = count.drm_format_modifier_count as usize;
    let mut known = vec![vk::DrmFormatModifierPropertiesEXT::default(); count];
    ask(&mut vk::DrmFormatModifierPropertiesListEXT::default().drm_format_modifier_properties(&mut known));
    let readable = vk::FormatFeatureFlags::SAMPLED_IMAGE;
    let fits = |known: &&vk::DrmFormatModifierPropertiesEXT| {
        known.drm_format_modifier == modifier
            && known.drm_format_modifier_plane_count == 1
            && known.drm_format_modifier_tiling_features.contains(readable)
    };
    known
        .iter()
        .find(fits)
        .map(|_| ())
        .ok_or_else(|| format!("Vulkan does not read {format:?} with modifier {modifier:#x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_have_the_names_that_va_api_gives_them() {
        // libva exports NV12 as R8 and GR88, P010 as R16 and GR1616 (va_drmcommon.h, VA_EXPORT_SURFACE_SEPARATE_LAYERS).
        assert_eq!(drm_format(wgpu::TextureFormat::R8Uint), Some(0x2020_3852));
        assert_eq!(drm_format(wgpu::TextureFormat::Rg8Uint), Some(0x3838_5247));
        assert_eq!(drm_format(wgpu::TextureFormat::R16Uint), Some(0x2036_3152));
        assert_eq!(drm_format(wgpu::TextureFormat::Rg16Uint), Some(0x3233_5247));
    }
}
