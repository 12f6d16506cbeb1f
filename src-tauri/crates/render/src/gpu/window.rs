//! The wall's picture into a window.

use std::sync::Arc;

use model::Size;
use wgpu::CurrentSurfaceTexture as Current;

use crate::wall::{RenderError, WindowHandle};

use super::device::{Gpu, create_surface};
use super::pipelines::{Pipelines, bind};

/// A window's surface and how it is set up.
pub(crate) struct Window {
    window: Arc<dyn WindowHandle>,
    surface: wgpu::Surface<'static>,
    format: wgpu::TextureFormat,
    pipeline: wgpu::RenderPipeline,
    configured: Option<Size>,
    /// The wall's texture as it was last bound.
    source: Option<(wgpu::TextureView, wgpu::BindGroup)>,
}

impl Window {
    pub(crate) fn open(
        gpu: &Gpu,
        pipelines: &Pipelines,
        window: Arc<dyn WindowHandle>,
        surface: wgpu::Surface<'static>,
    ) -> Result<Self, RenderError> {
        let formats = surface.get_capabilities(&gpu.adapter).formats;
        // The wall's values are already coded for the screen: a plain format takes them as they are.
        let plain = formats.iter().copied().find(|format| {
            matches!(format, wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Rgba8Unorm)
        });
        let Some(format) = plain.or(formats.first().copied()) else {
            return Err(RenderError::Refused("the adapter cannot present to the window".to_owned()));
        };
        let pipeline = pipelines.to_window(&gpu.device, format);
        Ok(Self { window, surface, format, pipeline, configured: None, source: None })
    }

    /// Copies the wall to the window; `false` where the window system gives none to draw into just now.
    pub(crate) fn present(
        &mut self,
        gpu: &Gpu,
        pipelines: &Pipelines,
        wall: &wgpu::TextureView,
        size: Size,
    ) -> Result<bool, RenderError> {
        if self.configured != Some(size) {
            self.configure(gpu, size);
        }
        // Outdated and lost are put right and tried again, once.
        for _ in 0..2 {
            let target = match self.surface.get_current_texture() {
                Current::Success(target) => target,
                Current::Suboptimal(target) => {
                    self.configured = None;
                    target
                }
                Current::Timeout | Current::Occluded => return Ok(false),
                Current::Outdated => {
                    self.configure(gpu, size);
                    continue;
                }
                Current::Lost => {
                    self.surface = create_surface(&gpu.instance, &self.window)?;
                    self.configure(gpu, size);
                    continue;
                }
                Current::Validation => break,
            };
            self.copy(gpu, pipelines, wall, &target.texture);
            gpu.queue.present(target);
            return Ok(true);
        }
        gpu.check()?;
        Err(RenderError::Window("the window's surface stays outdated".to_owned()))
    }

    fn configure(&mut self, gpu: &Gpu, size: Size) {
        let modes = self.surface.get_capabilities(&gpu.adapter).present_modes;
        let mailbox = modes.contains(&wgpu::PresentMode::Mailbox);
        let configuration = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            format: self.format,
            color_space: wgpu::SurfaceColorSpace::Auto,
            width: size.width,
            height: size.height,
            present_mode: if mailbox { wgpu::PresentMode::Mailbox } else { wgpu::PresentMode::Fifo },
            desired_maximum_frame_latency: 2,
            alpha_mode: wgpu::CompositeAlphaMode::Auto,
            view_formats: Vec::new(),
        };
        self.surface.configure(&gpu.device, &configuration);
        self.configured = Some(size);
    }

    fn copy(&mut self, gpu: &Gpu, pipelines: &Pipelines, wall: &wgpu::TextureView, target: &wgpu::Texture) {
        if self.source.as_ref().is_none_or(|(bound, _)| bound != wall) {
            self.source = Some((wall.clone(), bind(&gpu.device, &pipelines.pixels, &[wall])));
        }
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("present"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        if let Some((_, source)) = &self.source {
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, source, &[]);
            pass.draw(0..3, 0..1);
        }
        drop(pass);
        gpu.queue.submit([encoder.finish()]);
    }
}
