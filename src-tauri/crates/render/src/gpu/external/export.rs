//! Vulkan memory that another interface writes to (VK_KHR_external_memory_fd).
#![allow(unsafe_code)] // calls Vulkan beside wgpu

use std::os::fd::{FromRawFd, OwnedFd};
use std::sync::Mutex;

use ash::{khr, vk};
use model::surface::{DeviceId, ExportedMemory};
use wgpu::hal::vulkan;

use super::layout;
use crate::gpu::device::Gpu;
use crate::gpu::extent;
use crate::samples::Shape;

const HANDLE: vk::ExternalMemoryHandleTypeFlags = vk::ExternalMemoryHandleTypeFlags::OPAQUE_FD;

/// A buffer in which a decoder puts the pictures of one stream.
pub(crate) struct Exported {
    buffer: wgpu::Buffer,
    pub(super) memory: ExportedMemory,
}

impl Exported {
    /// Room for planes of these shapes.
    pub(crate) fn new(gpu: &Gpu, shapes: &[Shape]) -> Result<Self, String> {
        let (planes, bytes) = layout(shapes);
        // SAFETY: nothing of the device is destroyed by way of the guard.
        let device =
            unsafe { gpu.device.as_hal::<vulkan::Api>() }.ok_or("the wall is not drawn by Vulkan")?;
        if !gpu.device.features().contains(wgpu::Features::VULKAN_EXTERNAL_MEMORY_FD) {
            return Err("Vulkan's driver exports no memory".to_owned());
        }
        let id = device_id(&device);
        let allocation = Allocation::new(&device, bytes)?;
        let handle = allocation.export(&device)?;
        let (raw, memory, whole) = allocation.release();
        // SAFETY: buffer and memory are bound to each other, belong to nobody else any more, and were made on this
        // device as the description says; what is in them was never read.
        let buffer = unsafe {
            let buffer = vulkan::Buffer::from_raw_managed(raw, memory, 0, whole);
            drop(device);
            gpu.device.create_buffer_from_hal::<vulkan::Api>(
                buffer,
                &wgpu::BufferDescriptor {
                    label: Some("exported planes"),
                    size: bytes,
                    usage: wgpu::BufferUsages::COPY_SRC,
                    mapped_at_creation: false,
                },
            )
        };
        let import = Mutex::new(None);
        Ok(Self { buffer, memory: ExportedMemory { handle, bytes: whole, device: id, planes, import } })
    }

    /// From the buffer into the stream's textures, within the device.
    pub(crate) fn encode(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        textures: &[wgpu::Texture],
        shapes: &[Shape],
    ) {
        for ((plane, texture), shape) in self.memory.planes.iter().zip(textures).zip(shapes) {
            let layout = wgpu::TexelCopyBufferLayout {
                offset: plane.offset,
                bytes_per_row: Some(plane.stride),
                rows_per_image: None,
            };
            let from = wgpu::TexelCopyBufferInfo { buffer: &self.buffer, layout };
            encoder.copy_buffer_to_texture(from, texture.as_image_copy(), extent(shape.size));
        }
    }
}

/// The processor that a device stands for.
pub(super) fn device_id(device: &vulkan::Device) -> DeviceId {
    let mut ids = vk::PhysicalDeviceIDProperties::default();
    let mut properties = vk::PhysicalDeviceProperties2::default().push_next(&mut ids);
    let instance = device.shared_instance().raw_instance();
    // SAFETY: the device has external memory, which needs Vulkan 1.1, where this call belongs to the core.
    unsafe { instance.get_physical_device_properties2(device.raw_physical_device(), &mut properties) };
    DeviceId(ids.device_uuid)
}

/// A buffer and its memory, given back unless released.
struct Allocation<'a> {
    device: &'a ash::Device,
    buffer: vk::Buffer,
    memory: vk::DeviceMemory,
    bytes: u64,
}

impl<'a> Allocation<'a> {
    fn new(device: &'a vulkan::Device, bytes: u64) -> Result<Self, String> {
        may_export(device)?;
        let raw = device.raw_device();
        let mut external = vk::ExternalMemoryBufferCreateInfo::default().handle_types(HANDLE);
        let description = vk::BufferCreateInfo::default()
            .size(bytes)
            .usage(vk::BufferUsageFlags::TRANSFER_SRC)
            .sharing_mode(vk::SharingMode::EXCLUSIVE)
            .push_next(&mut external);
        let mut allocation =
            Self { device: raw, buffer: vk::Buffer::null(), memory: vk::DeviceMemory::null(), bytes };
        // SAFETY: the device lives as long as the guard that `device` comes from; what is made goes into
        // `allocation`, which undoes it after a failure.
        unsafe {
            allocation.buffer = raw.create_buffer(&description, None).map_err(words)?;
            let needs = raw.get_buffer_memory_requirements(allocation.buffer);
            allocation.bytes = needs.size;
            let kind = memory_type(device, needs.memory_type_bits).ok_or("no memory for a buffer")?;
            let mut export = vk::ExportMemoryAllocateInfo::default().handle_types(HANDLE);
            let request = vk::MemoryAllocateInfo::default()
                .allocation_size(needs.size)
                .memory_type_index(kind)
                .push_next(&mut export);
            allocation.memory = raw.allocate_memory(&request, None).map_err(words)?;
            raw.bind_buffer_memory(allocation.buffer, allocation.memory, 0).map_err(words)?;
        }
        Ok(allocation)
    }

    fn export(&self, device: &vulkan::Device) -> Result<OwnedFd, String> {
        let instance = device.shared_instance().raw_instance();
        let calls = khr::external_memory_fd::Device::new(instance, self.device);
        let request = vk::MemoryGetFdInfoKHR::default().memory(self.memory).handle_type(HANDLE);
        // SAFETY: the extension is open, the memory was allocated to be exported, and the descriptor is new and ours.
        unsafe { calls.get_memory_fd(&request).map(|handle| OwnedFd::from_raw_fd(handle)).map_err(words) }
    }

    fn release(mut self) -> (vk::Buffer, vk::DeviceMemory, u64) {
        let bytes = self.bytes;
        (std::mem::take(&mut self.buffer), std::mem::take(&mut self.memory), bytes)
    }
}

impl Drop for Allocation<'_> {
    fn drop(&mut self) {
        // SAFETY: ours, unused, or null, which both calls ignore.
        unsafe {
            self.device.destroy_buffer(self.buffer, None);
            self.device.free_memory(self.memory, None);
        }
    }
}

/// Whether memory of a plain buffer may be exported.
fn may_export(device: &vulkan::Device) -> Result<(), String> {
    let question = vk::PhysicalDeviceExternalBufferInfo::default()
        .usage(vk::BufferUsageFlags::TRANSFER_SRC)
        .handle_type(HANDLE);
    let mut answer = vk::ExternalBufferProperties::default();
    let instance = device.shared_instance().raw_instance();
    // SAFETY: belongs to Vulkan 1.1's core, which external memory needs.
    unsafe {
        instance.get_physical_device_external_buffer_properties(
            device.raw_physical_device(),
            &question,
            &mut answer,
        );
    }
    let found = answer.external_memory_properties.external_memory_features;
    let (yes, only_alone) =
        (vk::ExternalMemoryFeatureFlags::EXPORTABLE, vk::ExternalMemoryFeatureFlags::DEDICATED_ONLY);
    if !found.contains(yes) || found.contains(only_alone) {
        return Err("Vulkan's driver exports no plain buffers".to_owned());
    }
    Ok(())
}

/// The device's own memory where there is a choice.
fn memory_type(device: &vulkan::Device, allowed: u32) -> Option<u32> {
    let instance = device.shared_instance().raw_instance();
    // SAFETY: the physical device is the one of the open device.
    let known = unsafe { instance.get_physical_device_memory_properties(device.raw_physical_device()) };
    let kinds = known.memory_types_as_slice();
    let fits = |flags: vk::MemoryPropertyFlags| {
        let mut found = (0..).zip(kinds).filter(|(index, _)| allowed & 1 << index != 0);
        found.find(|(_, kind)| kind.property_flags.contains(flags)).map(|(index, _)| index)
    };
    fits(vk::MemoryPropertyFlags::DEVICE_LOCAL).or_else(|| fits(vk::MemoryPropertyFlags::empty()))
}

fn words(code: vk::Result) -> String {
    format!("Vulkan: {code:?}")
}
