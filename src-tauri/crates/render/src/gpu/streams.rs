//! The planes of each stream on the graphics processor: uploaded once for all tiles that show it, freed with the last.

use std::collections::HashMap;

use model::{Picture, PixelFormat, Size};

use crate::samples::Plane;
use crate::scene::StreamSlot;
use crate::wall::Scene;

use super::device::Gpu;
use super::extent;
use super::pipelines::{Pipelines, bind};

/// All streams on the wall.
#[derive(Default)]
pub(crate) struct Streams {
    known: HashMap<StreamSlot, Stream>,
    draws: u64,
}

struct Stream {
    size: Size,
    format: PixelFormat,
    sequence: Option<u64>,
    textures: Vec<wgpu::Texture>,
    planes: wgpu::BindGroup,
    /// The last draw whose scene had it.
    seen: u64,
}

impl Streams {
    /// Uploads what the changed tiles show and the device does not have yet; gives the bytes.
    pub(crate) fn upload(&mut self, gpu: &Gpu, pipelines: &Pipelines, scene: &Scene<'_>) -> u64 {
        self.draws += 1;
        let mut bytes = 0;
        for &index in scene.changed {
            if let Some((slot, picture)) = &scene.tiles[index].picture {
                bytes += self.upload_one(gpu, pipelines, *slot, picture);
            }
        }
        for (slot, _) in scene.tiles.iter().filter_map(|tile| tile.picture.as_ref()) {
            if let Some(stream) = self.known.get_mut(slot) {
                stream.seen = self.draws;
            }
        }
        self.known.retain(|_, stream| stream.seen == self.draws);
        bytes
    }

    fn upload_one(&mut self, gpu: &Gpu, pipelines: &Pipelines, slot: StreamSlot, picture: &Picture) -> u64 {
        let planes: Option<Vec<Plane<'_>>> =
            (0..picture.format.planes()).map(|index| Plane::of(picture, index)).collect();
        let most = gpu.device.limits().max_texture_dimension_2d;
        let Some(planes) = planes.filter(|_| picture.size.width.max(picture.size.height) <= most) else {
            log::error!("a picture of {:?} is incomplete, or larger than {most}", picture.size);
            self.known.remove(&slot);
            return 0;
        };
        let fits = |stream: &Stream| stream.size == picture.size && stream.format == picture.format;
        if !self.known.get(&slot).is_some_and(fits) {
            self.known.insert(slot, Stream::new(gpu, pipelines, picture, &planes));
        }
        let Some(stream) = self.known.get_mut(&slot) else { return 0 };
        if stream.sequence.replace(picture.sequence) == Some(picture.sequence) {
            return 0;
        }
        stream.textures.iter().zip(&planes).map(|(texture, plane)| write(gpu, texture, plane)).sum()
    }

    /// The binding of a stream's planes.
    pub(crate) fn planes(&self, slot: StreamSlot) -> Option<&wgpu::BindGroup> {
        self.known.get(&slot).map(|stream| &stream.planes)
    }
}

impl Stream {
    fn new(gpu: &Gpu, pipelines: &Pipelines, picture: &Picture, planes: &[Plane<'_>]) -> Self {
        let textures: Vec<wgpu::Texture> = planes.iter().map(|plane| texture(gpu, plane)).collect();
        let views: Vec<wgpu::TextureView> =
            textures.iter().map(|texture| texture.create_view(&Default::default())).collect();
        // What a picture lacks is never read; but something must be bound.
        let view = |index: usize| &views[index.min(views.len() - 1)];
        let planes = bind(&gpu.device, &pipelines.planes, &[view(0), view(1), view(2)]);
        Self { size: picture.size, format: picture.format, sequence: None, textures, planes, seen: 0 }
    }
}

fn texture(gpu: &Gpu, plane: &Plane<'_>) -> wgpu::Texture {
    let format = match (plane.texel, plane.pairs) {
        (1, _) => wgpu::TextureFormat::R8Uint,
        (2, true) => wgpu::TextureFormat::Rg8Uint,
        (2, false) => wgpu::TextureFormat::R16Uint,
        _ => wgpu::TextureFormat::Rg16Uint,
    };
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("plane"),
        size: extent(plane.size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

/// Uploads a plane as it lies; wgpu skips what stands between the rows.
fn write(gpu: &Gpu, texture: &wgpu::Texture, plane: &Plane<'_>) -> u64 {
    let row = plane.size.width as usize * plane.texel;
    let layout = |stride: usize| wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(stride as u32),
        rows_per_image: None,
    };
    if plane.stride.is_multiple_of(plane.texel) {
        gpu.queue.write_texture(
            texture.as_image_copy(),
            plane.bytes,
            layout(plane.stride),
            extent(plane.size),
        );
    } else {
        // No decoder does this; wgpu would refuse it.
        let rows = plane.bytes.chunks(plane.stride).take(plane.size.height as usize);
        let packed: Vec<u8> = rows.flat_map(|bytes| &bytes[..row]).copied().collect();
        gpu.queue.write_texture(texture.as_image_copy(), &packed, layout(row), extent(plane.size));
    }
    row as u64 * u64::from(plane.size.height)
}
