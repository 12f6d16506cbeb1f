//! The compositor for graphics processors. The wall's picture is a texture that stays; a draw brings the planes that
//! are new to the device (or takes them over from a decoder that is there already, see [`external`]), draws the tiles
//! that changed, and copies the picture to the window.
//!
//! Planes are bound as whole-number textures, one a plane (R8, RG8, R16, RG16), and the shader weighs every sample
//! of a pixel's footprint itself: no sampler, no optional feature, no format that only some drivers have.

mod device;
mod external;
mod pipelines;
mod streams;
mod window;
mod words;

use model::view::Affine;
use model::{Lens, Projection, Rect, Size, Turn};

use crate::colour::Equation;
use crate::palette;
use crate::placement::{Free, Seen};
use crate::samples::{self, Shape};
use crate::scene::Tile;
use crate::wall::{RenderError, Scene, Target};

use device::Gpu;
use pipelines::{Item, Pipelines};
use streams::Streams;
use window::Window;
use words::Words;

/// The wall's picture on a graphics processor, and the window it goes to.
pub(crate) struct Compositor {
    gpu: Gpu,
    pipelines: Pipelines,
    streams: Streams,
    words: Words,
    wall: Option<(wgpu::Texture, wgpu::TextureView)>,
    items: Items,
    window: Option<Window>,
}

/// What a draw consists of, in the order in which it is drawn.
#[derive(Default)]
struct Items {
    list: Vec<(Item, Kind)>,
    bytes: Vec<u8>,
    buffer: Option<(wgpu::Buffer, wgpu::BindGroup)>,
}

#[derive(Clone, Copy)]
enum Kind {
    Rectangle,
    /// Of which tile, as a whole.
    Picture(usize),
    /// Of which tile, enlarged, rotated or corrected.
    View(usize),
    /// Which patch of which tile.
    Caption(usize, usize),
}

impl Compositor {
    /// `hardware_only`: refuses adapters that the processor emulates.
    pub(crate) fn open(target: &Target, hardware_only: bool) -> Result<Self, RenderError> {
        let (gpu, surface) = Gpu::open(target, hardware_only)?;
        let pipelines = Pipelines::new(&gpu.device);
        let window = match (target, surface) {
            (Target::Window { window, .. }, Some(surface)) => {
                Some(Window::open(&gpu, &pipelines, window.clone(), surface)?)
            }
            _ => None,
        };
        gpu.check()?;
        Ok(Self {
            gpu,
            pipelines,
            streams: Streams::default(),
            words: Words::default(),
            wall: None,
            items: Items::default(),
            window,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.gpu.name
    }

    /// Draws and presents; gives the bytes uploaded and whether a window got it.
    pub(crate) fn draw(&mut self, size: Size, scene: &Scene<'_>) -> Result<(u64, bool), RenderError> {
        self.gpu.check()?;
        if scene.fresh {
            self.words.clear();
            self.fit(size)?;
        }
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut uploaded = self.streams.bring(&self.gpu, &self.pipelines, scene, &mut encoder);
        for &index in scene.changed {
            uploaded += self.words.upload(&self.gpu, &self.pipelines, index, (scene.overlays)(index));
        }
        self.items.gather(scene, size, &self.streams);
        self.items.upload(&self.gpu, &self.pipelines);
        self.encode(&mut encoder, scene);
        let submission = self.gpu.queue.submit([encoder.finish()]);
        self.streams.submitted(&self.gpu, submission);
        let presented = match (&mut self.window, &self.wall) {
            (Some(window), Some((_, wall))) => window.present(&self.gpu, &self.pipelines, wall, size)?,
            _ => false,
        };
        self.gpu.check()?;
        Ok((uploaded, presented))
    }

    /// Makes the wall's picture anew where its size changed.
    fn fit(&mut self, size: Size) -> Result<(), RenderError> {
        let most = self.gpu.device.limits().max_texture_dimension_2d;
        if size.width > most || size.height > most {
            let Size { width, height } = size;
            return Err(RenderError::Refused(format!("a wall of {width}x{height}; the most is {most}")));
        }
        if self
            .wall
            .as_ref()
            .is_some_and(|(wall, _)| (wall.width(), wall.height()) == (size.width, size.height))
        {
            return Ok(());
        }
        let wall = self.gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("wall"),
            size: extent(size),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: pipelines::WALL_FORMAT,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let view = wall.create_view(&wgpu::TextureViewDescriptor::default());
        self.wall = Some((wall, view));
        Ok(())
    }

    fn encode(&self, encoder: &mut wgpu::CommandEncoder, scene: &Scene<'_>) {
        let Some((_, wall)) = &self.wall else { return };
        let load =
            if scene.fresh { wgpu::LoadOp::Clear(clear_colour(palette::GAP)) } else { wgpu::LoadOp::Load };
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("changed tiles"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: wall,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
            })],
            ..Default::default()
        });
        let Some((_, items)) = &self.items.buffer else { return };
        for (number, (_, kind)) in self.items.list.iter().enumerate() {
            let offset = (number * Item::PITCH) as u32;
            match *kind {
                Kind::Rectangle => pass.set_pipeline(&self.pipelines.rectangle),
                Kind::Picture(tile) | Kind::View(tile) => {
                    let slot = scene.tiles[tile].picture.as_ref().map(|(slot, _)| *slot);
                    let Some(planes) = slot.and_then(|slot| self.streams.planes(slot)) else { continue };
                    let whole = matches!(kind, Kind::Picture(_));
                    pass.set_pipeline(if whole { &self.pipelines.picture } else { &self.pipelines.view });
                    pass.set_bind_group(1, planes, &[]);
                }
                Kind::Caption(tile, patch) => {
                    let Some(pixels) = self.words.patch(tile, patch) else { continue };
                    pass.set_pipeline(&self.pipelines.caption);
                    pass.set_bind_group(1, pixels, &[]);
                }
            }
            pass.set_bind_group(0, items, &[offset]);
            pass.draw(0..4, 0..1);
        }
    }

    /// The wall's picture as R, G, B, A bytes.
    pub(crate) fn read(&mut self, size: Size) -> Result<Vec<u8>, RenderError> {
        let row = size.width as usize * 4;
        let Some((wall, _)) = &self.wall else { return Ok(vec![0; row * size.height as usize]) };
        let extent = wall.size();
        let pitch = (extent.width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let device = &self.gpu.device;
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("snapshot"),
            size: u64::from(pitch) * u64::from(extent.height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_texture_to_buffer(
            wall.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(pitch),
                    rows_per_image: None,
                },
            },
            extent,
        );
        self.gpu.queue.submit([encoder.finish()]);
        // Whether mapping worked shows when the range is taken.
        buffer.map_async(wgpu::MapMode::Read, .., |_| {});
        let lost = |why: String| RenderError::DeviceLost(why);
        device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| lost(error.to_string()))?;
        let bytes = buffer.get_mapped_range(..).map_err(|error| lost(error.to_string()))?;
        let mut rgba = Vec::with_capacity(row * size.height as usize);
        for line in bytes.chunks_exact(pitch as usize) {
            rgba.extend_from_slice(&line[..(extent.width as usize * 4).min(row)]);
        }
        rgba.resize(row * size.height as usize, 0);
        Ok(rgba)
    }
}

impl Items {
    fn gather(&mut self, scene: &Scene<'_>, wall: Size, streams: &Streams) {
        self.list.clear();
        for &index in scene.changed {
            let (Some(place), tile) = (scene.places[index], &scene.tiles[index]) else { continue };
            let background = if tile.picture.is_some() { palette::BAR } else { palette::PANEL };
            self.list.push((Item::rectangle(place, background, wall), Kind::Rectangle));
            if let Some(item) = picture_item(place, tile, wall, streams) {
                let plain = tile.sight.is_plain();
                self.list.push((item, if plain { Kind::Picture(index) } else { Kind::View(index) }));
            }
            for (number, patch) in (scene.overlays)(index).patches.iter().enumerate() {
                let at = Rect::new(place.x + patch.x, place.y + patch.y, patch.width, patch.height);
                self.list.push((Item::rectangle(at, 0, wall), Kind::Caption(index, number)));
            }
        }
    }

    fn upload(&mut self, gpu: &Gpu, pipelines: &Pipelines) {
        self.bytes.clear();
        for (item, _) in &self.list {
            self.bytes.extend_from_slice(bytemuck::bytes_of(item));
            self.bytes.resize(self.bytes.len().next_multiple_of(Item::PITCH), 0);
        }
        let needed = self.bytes.len() as u64;
        if needed == 0 {
            return;
        }
        if self.buffer.as_ref().is_none_or(|(buffer, _)| buffer.size() < needed) {
            self.buffer = Some(pipelines.items(&gpu.device, needed.next_power_of_two()));
        }
        if let Some((buffer, _)) = &self.buffer {
            gpu.queue.write_buffer(buffer, 0, &self.bytes);
        }
    }
}

fn picture_item(place: Rect, tile: &Tile, wall: Size, streams: &Streams) -> Option<Item> {
    let (slot, picture) = tile.picture.as_ref()?;
    streams.planes(*slot)?;
    let seen = Seen::of(place, picture.size, tile)?;
    let chroma = Shape::of(picture.format, picture.size, 1.min(picture.format.planes() - 1));
    let equation = Equation::of(picture.colour, picture.format, tile.dimmed);
    let turn = match tile.turn {
        Turn::None => 0,
        Turn::Quarter => 1,
        Turn::Half => 2,
        Turn::ThreeQuarters => 3,
    };
    let base = Item::rectangle(seen.target(), 0, wall);
    let way = match seen {
        Seen::Upright(placement) if tile.sight.is_plain() => {
            let crop = placement.crop;
            Item { source: [crop.x as f32, crop.y as f32, crop.width as f32, crop.height as f32], ..base }
        }
        Seen::Upright(placement) => {
            through(base, placement.affine(picture.size, tile.turn), None, picture.size)
        }
        Seen::Free(Free { affine, lens, .. }) => through(base, affine, lens, picture.size),
    };
    let soft_edges = u32::from(matches!(seen, Seen::Free(_)));
    Some(Item {
        chroma: [chroma.columns as f32, chroma.rows as f32, chroma.offset as f32, samples::scale(picture)],
        equation: [equation.black, equation.luma, equation.red_v, equation.green_u],
        equation_and_wall: [equation.green_v, equation.blue_u, wall.width as f32, wall.height as f32],
        turn: [turn, picture.format.planes() as u32, soft_edges, 0],
        ..way
    })
}

/// The way from pixels of the target to those of the picture, as the shader has it.
fn through(item: Item, affine: Affine, lens: Option<Lens>, size: Size) -> Item {
    let Affine { origin, across, down } = affine;
    let lens = lens.map_or([0.0; 4], |lens| {
        let kind = match lens.projection() {
            Projection::Rectilinear => 1.0,
            Projection::FTheta => 2.0,
        };
        [kind, lens.half_angle() as f32, lens.half_angle().tan() as f32, lens.distortion() as f32]
    });
    Item {
        origin: [origin.x as f32, origin.y as f32, size.width as f32, size.height as f32],
        axes: [across.x as f32, across.y as f32, down.x as f32, down.y as f32],
        lens,
        ..item
    }
}

fn extent(size: Size) -> wgpu::Extent3d {
    wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 }
}

fn clear_colour(colour: palette::Rgb) -> wgpu::Color {
    let [b, g, r, _] = colour.to_le_bytes().map(|channel| f64::from(channel) / 255.0);
    wgpu::Color { r, g, b, a: 1.0 }
}
