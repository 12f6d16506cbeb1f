//! Captions on the graphics processor.

use std::collections::HashMap;

use model::Size;

use crate::caption::{Overlay, Patch};

use super::device::Gpu;
use super::extent;
use super::pipelines::{Pipelines, bind};

/// The patches of each tile, by the version of its overlay.
#[derive(Default)]
pub(crate) struct Words {
    tiles: HashMap<usize, (u64, Vec<wgpu::BindGroup>)>,
}

impl Words {
    /// Forgets everything: the tiles were numbered anew.
    pub(crate) fn clear(&mut self) {
        self.tiles.clear();
    }

    /// Uploads a tile's overlay if it changed; gives the bytes.
    pub(crate) fn upload(&mut self, gpu: &Gpu, pipelines: &Pipelines, tile: usize, overlay: &Overlay) -> u64 {
        if self.tiles.get(&tile).is_some_and(|(version, _)| *version == overlay.version) {
            return 0;
        }
        let patches = overlay.patches.iter().map(|patch| upload(gpu, pipelines, patch)).collect();
        self.tiles.insert(tile, (overlay.version, patches));
        overlay.patches.iter().map(|patch| size_of_val(&patch.pixels[..]) as u64).sum()
    }

    /// The binding of one patch.
    pub(crate) fn patch(&self, tile: usize, patch: usize) -> Option<&wgpu::BindGroup> {
        self.tiles.get(&tile)?.1.get(patch)
    }
}

fn upload(gpu: &Gpu, pipelines: &Pipelines, patch: &Patch) -> wgpu::BindGroup {
    let size = extent(Size::new(patch.width, patch.height));
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("caption"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let layout =
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(patch.width * 4), rows_per_image: None };
    // 0xAARRGGBB lies as B, G, R, A on every machine we build for; the shader puts it in order.
    let bytes = bytemuck::cast_slice(&patch.pixels);
    gpu.queue.write_texture(texture.as_image_copy(), bytes, layout, size);
    bind(&gpu.device, &pipelines.pixels, &[&texture.create_view(&wgpu::TextureViewDescriptor::default())])
}
