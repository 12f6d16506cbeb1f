//! Adapter, device, and what goes wrong with them.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use raw_window_handle::{DisplayHandle, HandleError, HasDisplayHandle};

use crate::wall::{RenderError, Target, WindowHandle};

use super::external;

/// An open device. Each wall has its own: `Surface::configure` panics while another thread submits to the same device.
pub(crate) struct Gpu {
    pub instance: wgpu::Instance,
    pub adapter: wgpu::Adapter,
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    /// Interface and model: `Vulkan: NVIDIA RTX A2000`.
    pub name: String,
    fault: Arc<Mutex<Option<String>>>,
}

/// The window's display for wgpu, which compares it with the surface's: both must come from the same handle.
struct Display(Arc<dyn WindowHandle>);

impl HasDisplayHandle for Display {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        self.0.display_handle()
    }
}

impl fmt::Debug for Display {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Display")
    }
}

impl Gpu {
    /// Opens the fastest adapter that can present to the target; with `hardware_only` none that the processor emulates.
    pub(crate) fn open(
        target: &Target,
        hardware_only: bool,
    ) -> Result<(Self, Option<wgpu::Surface<'static>>), RenderError> {
        if hardware_only && !may_exist() {
            return Err(RenderError::NoAdapter("the system names no graphics processor".to_owned()));
        }
        // Windows' own interface before Vulkan: it alone takes the surfaces of Windows' own decoder.
        if cfg!(windows)
            && let Ok(opened) = Self::open_on(wgpu::Backends::DX12, target, true)
        {
            return Ok(opened);
        }
        Self::open_on(wgpu::Backends::all(), target, hardware_only)
    }

    fn open_on(
        backends: wgpu::Backends,
        target: &Target,
        hardware_only: bool,
    ) -> Result<(Self, Option<wgpu::Surface<'static>>), RenderError> {
        let mut descriptor = match target {
            Target::Headless(_) => wgpu::InstanceDescriptor::new_without_display_handle_from_env(),
            Target::Window { window, .. } => {
                wgpu::InstanceDescriptor::new_with_display_handle_from_env(Box::new(Display(window.clone())))
            }
        };
        descriptor.backends &= backends;
        let instance = wgpu::Instance::new(descriptor);
        let surface = match target {
            Target::Headless(_) => None,
            Target::Window { window, .. } => Some(create_surface(&instance, window)?),
        };
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            compatible_surface: surface.as_ref(),
            ..Default::default()
        };
        let adapter = pollster::block_on(instance.request_adapter(&options))
            .map_err(|error| RenderError::NoAdapter(error.to_string()))?;
        let info = adapter.get_info();
        let name = format!("{}: {}", interface(info.backend), info.name);
        if hardware_only && info.device_type == wgpu::DeviceType::Cpu {
            return Err(RenderError::NoAdapter(format!("{name} is emulated by the processor")));
        }
        let (device, queue) = pollster::block_on(adapter.request_device(&wgpu::DeviceDescriptor {
            label: Some("wall"),
            // Nothing that a wall cannot do without; but pictures and walls may be as large as the adapter can take.
            required_features: external::features(&adapter),
            required_limits: wgpu::Limits::downlevel_defaults().using_resolution(adapter.limits()),
            ..Default::default()
        }))
        .map_err(|error| RenderError::Refused(error.to_string()))?;
        let fault = Arc::new(Mutex::new(None));
        report_faults(&device, &fault);
        Ok((Self { instance, adapter, device, queue, name, fault }, surface))
    }

    /// Says what went wrong since the device was opened; afterwards it is not to be relied on.
    pub(crate) fn check(&self) -> Result<(), RenderError> {
        match &*self.fault.lock() {
            None => Ok(()),
            Some(why) => Err(RenderError::DeviceLost(why.clone())),
        }
    }
}

/// Whether there is any point in asking the drivers. On a machine without a graphics processor, loading them only to
/// be told so costs 0.1 s of start-up and 40 MiB (an emulating driver brings a whole compiler along). The render
/// nodes of Linux's drivers, NVIDIA's own, and the one of Linux under Windows; whoever has another asks for it by
/// [`crate::Backend::Gpu`].
#[cfg(target_os = "linux")]
fn may_exist() -> bool {
    let render_node = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("renderD");
    std::fs::read_dir("/dev/dri").is_ok_and(|nodes| nodes.flatten().any(render_node))
        || ["/dev/nvidiactl", "/dev/dxg"].iter().any(|node| std::path::Path::new(node).exists())
}

/// Every other system draws its own desktop on one.
#[cfg(not(target_os = "linux"))]
fn may_exist() -> bool {
    true
}

/// A surface that keeps the window alive.
pub(crate) fn create_surface(
    instance: &wgpu::Instance,
    window: &Arc<dyn WindowHandle>,
) -> Result<wgpu::Surface<'static>, RenderError> {
    instance.create_surface(window.clone()).map_err(|error| RenderError::Window(error.to_string()))
}

/// Without these, wgpu panics: a driver's reset must not take the program down.
fn report_faults(device: &wgpu::Device, fault: &Arc<Mutex<Option<String>>>) {
    let uncaptured = Arc::clone(fault);
    device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
        uncaptured.lock().get_or_insert_with(|| error.to_string());
    }));
    let lost = Arc::clone(fault);
    device.set_device_lost_callback(move |reason, why| {
        if reason != wgpu::DeviceLostReason::Destroyed {
            lost.lock().get_or_insert_with(|| format!("{reason:?}: {why}"));
        }
    });
}

fn interface(backend: wgpu::Backend) -> &'static str {
    match backend {
        wgpu::Backend::Vulkan => "Vulkan",
        wgpu::Backend::Metal => "Metal",
        wgpu::Backend::Dx12 => "Direct3D 12",
        wgpu::Backend::Gl => "OpenGL",
        wgpu::Backend::BrowserWebGpu => "WebGPU",
        wgpu::Backend::Noop => "no device",
    }
}
