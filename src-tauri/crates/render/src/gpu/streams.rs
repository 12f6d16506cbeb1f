//! The planes of each stream on the graphics processor: brought there once for all tiles that show it, freed with the
//! last. A picture that a graphics processor decoded is taken over in its memory where the drivers can; every other
//! one, and each that they refuse, is uploaded.

use std::collections::HashMap;
use std::sync::Arc;

use model::surface::{Access, CopyOut};
use model::{Picture, PixelFormat, Planes, Size, Surface};

use crate::samples::{Plane, Shape};
use crate::scene::StreamSlot;
use crate::wall::Scene;

use super::device::Gpu;
use super::extent;
#[cfg(any(target_os = "linux", target_os = "macos"))]
use super::external;
use super::external::Exported;
use super::pipelines::{Pipelines, bind};

/// All streams on the wall.
#[derive(Default)]
pub(crate) struct Streams {
    known: HashMap<StreamSlot, Stream>,
    draws: u64,
    /// The last draw on the device: until it is done, it may read what decoders write to.
    last: Option<wgpu::SubmissionIndex>,
    /// Surfaces that are not shown any more, but may still be read by a draw.
    retired: Vec<Arc<dyn Planes>>,
}

struct Stream {
    size: Size,
    format: PixelFormat,
    shapes: Vec<Shape>,
    /// The picture that the images hold; `None`: none yet.
    sequence: Option<u64>,
    images: Option<Images>,
    /// Where its decoder copies to, once it has.
    exported: Option<Exported>,
    /// Its surfaces could not be taken over: they are read in system memory.
    refused: bool,
    /// The last draw whose scene had it.
    seen: u64,
}

/// One texture a plane, and their binding.
struct Images {
    textures: Vec<wgpu::Texture>,
    binding: wgpu::BindGroup,
    /// They show this picture's own memory, and are not written to.
    surface: Option<Arc<dyn Planes>>,
}

/// How a picture came to the device.
enum Brought {
    /// With so many bytes over the bus; 0 where it was there already.
    Uploaded(u64),
    /// Its decoder is copying it.
    Copying,
}

impl Streams {
    /// Brings what the changed tiles show and the device does not have yet; gives the bytes that were uploaded.
    pub(crate) fn bring(
        &mut self,
        gpu: &Gpu,
        pipelines: &Pipelines,
        scene: &Scene<'_>,
        encoder: &mut wgpu::CommandEncoder,
    ) -> u64 {
        self.draws += 1;
        let mut bytes = 0;
        let mut copying = Vec::new();
        for &index in scene.changed {
            if let Some((slot, picture)) = &scene.tiles[index].picture {
                match self.bring_one(gpu, pipelines, *slot, picture) {
                    Brought::Uploaded(uploaded) => bytes += uploaded,
                    Brought::Copying => copying.push((*slot, picture)),
                }
            }
        }
        for (slot, picture) in copying {
            if let Some(stream) = self.known.get_mut(&slot) {
                bytes += stream.finish_copy(gpu, pipelines, picture, encoder);
            }
        }
        self.forget_unseen(scene);
        bytes
    }

    fn bring_one(
        &mut self,
        gpu: &Gpu,
        pipelines: &Pipelines,
        slot: StreamSlot,
        picture: &Picture,
    ) -> Brought {
        let most = gpu.device.limits().max_texture_dimension_2d;
        if picture.size.width.max(picture.size.height) > most {
            log::error!("a picture of {:?} is larger than {most}", picture.size);
            self.remove(slot);
            return Brought::Uploaded(0);
        }
        let fits = |stream: &Stream| stream.size == picture.size && stream.format == picture.format;
        if !self.known.get(&slot).is_some_and(fits) {
            self.remove(slot);
        }
        let stream = self.known.entry(slot).or_insert_with(|| Stream::new(picture));
        if stream.sequence == Some(picture.sequence) {
            return Brought::Uploaded(0);
        }
        if let Some(surface) = picture.planes.surface().filter(|_| !stream.refused) {
            match stream.take(gpu, pipelines, picture, surface, &mut self.last, &mut self.retired) {
                Ok(brought) => return brought,
                Err(why) => stream.refuse(surface, &why),
            }
        }
        if let Some(bytes) = stream.upload(gpu, pipelines, picture, &mut self.retired) {
            return Brought::Uploaded(bytes);
        }
        log::error!("a picture of {:?} is incomplete", picture.size);
        // A surface may be lost with its device; until the next picture comes another way, the last one stays.
        if picture.planes.surface().is_none() {
            self.remove(slot);
        }
        Brought::Uploaded(0)
    }

    /// The binding of a stream's planes.
    pub(crate) fn planes(&self, slot: StreamSlot) -> Option<&wgpu::BindGroup> {
        let stream = self.known.get(&slot).filter(|stream| stream.sequence.is_some())?;
        stream.images.as_ref().map(|images| &images.binding)
    }

    /// What [`Self::bring`] encoded is on its way to the device.
    pub(crate) fn submitted(&mut self, gpu: &Gpu, index: wgpu::SubmissionIndex) {
        self.last = Some(index);
        let retired = std::mem::take(&mut self.retired);
        if !retired.is_empty() {
            gpu.queue.on_submitted_work_done(move || drop(retired));
        }
    }

    fn forget_unseen(&mut self, scene: &Scene<'_>) {
        for (slot, _) in scene.tiles.iter().filter_map(|tile| tile.picture.as_ref()) {
            if let Some(stream) = self.known.get_mut(slot) {
                stream.seen = self.draws;
            }
        }
        let draws = self.draws;
        let unseen: Vec<StreamSlot> =
            self.known.iter().filter(|(_, stream)| stream.seen != draws).map(|(slot, _)| *slot).collect();
        unseen.into_iter().for_each(|slot| self.remove(slot));
    }

    fn remove(&mut self, slot: StreamSlot) {
        let images = self.known.remove(&slot).and_then(|stream| stream.images);
        self.retired.extend(images.and_then(|images| images.surface));
    }
}

impl Stream {
    fn new(picture: &Picture) -> Self {
        let (size, format) = (picture.size, picture.format);
        let shapes = (0..format.planes()).map(|index| Shape::of(format, size, index)).collect();
        Self { size, format, shapes, sequence: None, images: None, exported: None, refused: false, seen: 0 }
    }

    /// Takes a surface over where it lies.
    #[cfg_attr(not(any(target_os = "linux", target_os = "macos")), allow(unused_variables))] // nothing is bound elsewhere
    fn take(
        &mut self,
        gpu: &Gpu,
        pipelines: &Pipelines,
        picture: &Picture,
        surface: &dyn Surface,
        last: &mut Option<wgpu::SubmissionIndex>,
        retired: &mut Vec<Arc<dyn Planes>>,
    ) -> Result<Brought, String> {
        let brought = match surface.access() {
            Access::Copy(source) => {
                settle(gpu, last)?;
                self.begin_copy(gpu, source)?;
                self.shed_surface(retired);
                Brought::Copying
            }
            #[cfg(target_os = "linux")]
            Access::DmaBuf(source) => {
                let textures = external::bind(gpu, &self.shapes, source)?;
                self.show(gpu, pipelines, textures, picture, retired)
            }
            #[cfg(target_os = "macos")]
            Access::IoSurface(source) => {
                let textures = external::bind(gpu, &self.shapes, source)?;
                self.show(gpu, pipelines, textures, picture, retired)
            }
        };
        self.sequence = Some(picture.sequence);
        Ok(brought)
    }

    /// These textures are the picture's own memory from now on.
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    fn show(
        &mut self,
        gpu: &Gpu,
        pipelines: &Pipelines,
        textures: Vec<wgpu::Texture>,
        picture: &Picture,
        retired: &mut Vec<Arc<dyn Planes>>,
    ) -> Brought {
        let surface = Some(Arc::clone(&picture.planes));
        let before = self.images.replace(Images::new(gpu, pipelines, textures, surface));
        retired.extend(before.and_then(|images| images.surface));
        Brought::Uploaded(0)
    }

    fn begin_copy(&mut self, gpu: &Gpu, source: &dyn CopyOut) -> Result<(), String> {
        let exported = match &mut self.exported {
            Some(exported) => exported,
            nothing => nothing.insert(Exported::new(gpu, &self.shapes)?),
        };
        exported.begin(source)
    }

    /// The second half of a copy that [`Self::take`] has begun; gives the bytes uploaded where it failed.
    fn finish_copy(
        &mut self,
        gpu: &Gpu,
        pipelines: &Pipelines,
        picture: &Picture,
        encoder: &mut wgpu::CommandEncoder,
    ) -> u64 {
        let surface = picture.planes.surface();
        let outcome = match (surface.map(Surface::access), &self.exported) {
            (Some(Access::Copy(source)), Some(exported)) => exported.finish(source).map(|()| exported),
            _ => Err("the decoder was closed while it copied".to_owned()),
        };
        match outcome {
            Ok(exported) => {
                let images = own(&mut self.images, gpu, pipelines, &self.shapes);
                exported.encode(encoder, &images.textures, &self.shapes);
                0
            }
            Err(why) => {
                if let Some(surface) = surface {
                    self.refuse(surface, &why);
                }
                let uploaded = self.upload(gpu, pipelines, picture, &mut Vec::new());
                if self.images.is_none() {
                    self.sequence = None;
                }
                uploaded.unwrap_or(0)
            }
        }
    }

    /// Uploads a picture's bytes as they are read; `None` where there are too few.
    fn upload(
        &mut self,
        gpu: &Gpu,
        pipelines: &Pipelines,
        picture: &Picture,
        retired: &mut Vec<Arc<dyn Planes>>,
    ) -> Option<u64> {
        let planes: Vec<Plane<'_>> =
            (0..picture.format.planes()).map(|index| Plane::of(picture, index)).collect::<Option<_>>()?;
        self.shed_surface(retired);
        let images = own(&mut self.images, gpu, pipelines, &self.shapes);
        self.sequence = Some(picture.sequence);
        Some(images.textures.iter().zip(&planes).map(|(texture, plane)| write(gpu, texture, plane)).sum())
    }

    /// Images that are a surface are not written to.
    fn shed_surface(&mut self, retired: &mut Vec<Arc<dyn Planes>>) {
        if self.images.as_ref().is_some_and(|images| images.surface.is_some()) {
            retired.extend(self.images.take().and_then(|images| images.surface));
        }
    }

    /// The decoder hears why, and this stream's surfaces are not asked for any more.
    fn refuse(&mut self, surface: &dyn Surface, why: &str) {
        log::warn!("a stream's pictures come through system memory: {why}");
        self.refused = true;
        self.exported = None;
        surface.refuse(why);
    }
}

impl Images {
    fn new(
        gpu: &Gpu,
        pipelines: &Pipelines,
        textures: Vec<wgpu::Texture>,
        surface: Option<Arc<dyn Planes>>,
    ) -> Self {
        let views: Vec<wgpu::TextureView> =
            textures.iter().map(|texture| texture.create_view(&Default::default())).collect();
        // What a picture lacks is never read; but something must be bound.
        let view = |index: usize| &views[index.min(views.len() - 1)];
        let binding = bind(&gpu.device, &pipelines.planes, &[view(0), view(1), view(2)]);
        Self { textures, binding, surface }
    }
}

/// Textures of the stream's own, made where there are none.
fn own<'a>(
    images: &'a mut Option<Images>,
    gpu: &Gpu,
    pipelines: &Pipelines,
    shapes: &[Shape],
) -> &'a mut Images {
    images.get_or_insert_with(|| {
        let textures = shapes.iter().map(|shape| texture(gpu, shape)).collect();
        Images::new(gpu, pipelines, textures, None)
    })
}

/// Waits until the device has done the last draw. Draws are milliseconds apart and take less: mostly it has.
fn settle(gpu: &Gpu, last: &mut Option<wgpu::SubmissionIndex>) -> Result<(), String> {
    let Some(index) = last.take() else { return Ok(()) };
    let done = wgpu::PollType::Wait { submission_index: Some(index), timeout: None };
    gpu.device.poll(done).map(|_| ()).map_err(|why| why.to_string())
}

/// One whole number a sample: nothing that only some drivers have.
pub(crate) fn texture_format(shape: &Shape) -> wgpu::TextureFormat {
    match (shape.texel, shape.pairs) {
        (1, _) => wgpu::TextureFormat::R8Uint,
        (2, true) => wgpu::TextureFormat::Rg8Uint,
        (2, false) => wgpu::TextureFormat::R16Uint,
        _ => wgpu::TextureFormat::Rg16Uint,
    }
}

fn texture(gpu: &Gpu, shape: &Shape) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("plane"),
        size: extent(shape.size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: texture_format(shape),
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
