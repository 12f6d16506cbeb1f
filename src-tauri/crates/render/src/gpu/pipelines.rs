//! Shaders, pipelines and how they are fed.

use model::{Rect, Size};
use wgpu::{BindGroupLayout, Device, RenderPipeline, ShaderStages, TextureSampleType};

use crate::palette::Rgb;

/// Every adapter can draw to it. The values are the screen's own, not linear.
pub(crate) const WALL_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// One thing to draw, as `shaders/tile.wgsl` has it.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub(crate) struct Item {
    pub place: [f32; 4],
    pub source: [f32; 4],
    pub chroma: [f32; 4],
    pub equation: [f32; 4],
    pub equation_and_wall: [f32; 4],
    pub turn: [u32; 4],
    pub origin: [f32; 4],
    pub axes: [f32; 4],
    pub lens: [f32; 4],
}

impl Item {
    /// Bytes from one item to the next: the largest alignment that an adapter may ask of a dynamic offset.
    pub(crate) const PITCH: usize = 256;

    pub(crate) fn rectangle(place: Rect, colour: Rgb, wall: Size) -> Self {
        let [b, g, r, _] = colour.to_le_bytes().map(|channel| f32::from(channel) / 255.0);
        Self {
            place: [place.x as f32, place.y as f32, place.width as f32, place.height as f32],
            source: [r, g, b, 1.0],
            chroma: [0.0; 4],
            equation: [0.0; 4],
            equation_and_wall: [0.0, 0.0, wall.width as f32, wall.height as f32],
            turn: [0; 4],
            origin: [0.0; 4],
            axes: [0.0; 4],
            lens: [0.0; 4],
        }
    }
}

/// All pipelines and the layouts of what they read.
pub(crate) struct Pipelines {
    pub rectangle: RenderPipeline,
    pub picture: RenderPipeline,
    pub view: RenderPipeline,
    pub caption: RenderPipeline,
    pub planes: BindGroupLayout,
    /// One texture of colours: a caption's patch, or the wall.
    pub pixels: BindGroupLayout,
    items: BindGroupLayout,
    present: wgpu::ShaderModule,
}

impl Pipelines {
    pub(crate) fn new(device: &Device) -> Self {
        let items = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("item"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: ShaderStages::VERTEX_FRAGMENT,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: true,
                    min_binding_size: wgpu::BufferSize::new(size_of::<Item>() as u64),
                },
                count: None,
            }],
        });
        let planes = textures(device, "planes", 3, TextureSampleType::Uint);
        let pixels = textures(device, "pixels", 1, TextureSampleType::Float { filterable: false });
        let tile = device.create_shader_module(wgpu::include_wgsl!("../../../../../shaders/tile.wgsl"));
        let present = device.create_shader_module(wgpu::include_wgsl!("../../../../../shaders/present.wgsl"));
        let over = Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING);
        let drawn = |entry, second: Option<&BindGroupLayout>, blend| {
            let groups: Vec<_> = [Some(&items), second].into_iter().filter(Option::is_some).collect();
            pipeline(device, &tile, entry, &groups, WALL_FORMAT, blend)
        };
        Self {
            rectangle: drawn("rectangle", None, None),
            picture: drawn("picture", Some(&planes), None),
            view: drawn("view", Some(&planes), over),
            caption: drawn("caption", Some(&pixels), over),
            planes,
            pixels,
            items,
            present,
        }
    }

    /// The pipeline that copies the wall into a window of this format.
    pub(crate) fn to_window(&self, device: &Device, format: wgpu::TextureFormat) -> RenderPipeline {
        let entry = if format.is_srgb() { "show_linear" } else { "show" };
        pipeline(device, &self.present, entry, &[Some(&self.pixels)], format, None)
    }

    /// A buffer for items, and its binding.
    pub(crate) fn items(&self, device: &Device, bytes: u64) -> (wgpu::Buffer, wgpu::BindGroup) {
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("items"),
            size: bytes,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let one = wgpu::BufferBinding {
            buffer: &buffer,
            offset: 0,
            size: wgpu::BufferSize::new(size_of::<Item>() as u64),
        };
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("items"),
            layout: &self.items,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Buffer(one) }],
        });
        (buffer, group)
    }
}

/// Binds texture views in order.
pub(crate) fn bind(
    device: &Device,
    layout: &BindGroupLayout,
    views: &[&wgpu::TextureView],
) -> wgpu::BindGroup {
    let entries: Vec<_> = (0..)
        .zip(views)
        .map(|(binding, view)| wgpu::BindGroupEntry {
            binding,
            resource: wgpu::BindingResource::TextureView(view),
        })
        .collect();
    device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout, entries: &entries })
}

fn textures(device: &Device, label: &str, count: u32, sample_type: TextureSampleType) -> BindGroupLayout {
    let entries: Vec<_> = (0..count)
        .map(|binding| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: ShaderStages::FRAGMENT,
            ty: wgpu::BindingType::Texture {
                sample_type,
                view_dimension: wgpu::TextureViewDimension::D2,
                multisampled: false,
            },
            count: None,
        })
        .collect();
    device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries: &entries })
}

fn pipeline(
    device: &Device,
    shader: &wgpu::ShaderModule,
    fragment: &str,
    groups: &[Option<&BindGroupLayout>],
    format: wgpu::TextureFormat,
    blend: Option<wgpu::BlendState>,
) -> RenderPipeline {
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(fragment),
        bind_group_layouts: groups,
        immediate_size: 0,
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(fragment),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: shader,
            entry_point: Some("corner"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..Default::default()
        },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: shader,
            entry_point: Some(fragment),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState { format, blend, write_mask: wgpu::ColorWrites::ALL })],
        }),
        multiview_mask: None,
        cache: None,
    })
}
