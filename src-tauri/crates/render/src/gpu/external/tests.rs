//! What a decoder does, done by a second Vulkan device that knows nothing of the first: it imports the exported memory
//! and writes a picture there, which must look like the same picture uploaded.
#![allow(unsafe_code)] // a second device's own calls

use std::os::fd::IntoRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use ash::vk;
use image::RgbaImage;
use model::picture::OwnedPlanes;
use model::surface::{Access, CopyOut, DeviceId, ExportedMemory};
use model::{Colour, Fit, Picture, PixelFormat, PlaneOrder, Planes, Rect, Size, Subsampling, Surface, Turn};
use parking_lot::Mutex;
use wgpu::hal::vulkan;

use super::export::device_id;
use super::layout;
use crate::gpu::device::Gpu;
use crate::samples::Shape;
use crate::{Backend, Target, Tile, Wall};

const NV12: PixelFormat =
    PixelFormat { subsampling: Subsampling::Yuv420, order: PlaneOrder::SemiPlanar, depth: 8 };
const P010: PixelFormat = PixelFormat { depth: 10, ..NV12 };
const WALL: Size = Size::new(320, 200);

/// A device of its own that plays the decoder's part.
struct Foreign(Gpu);

impl Foreign {
    /// `None` where no Vulkan driver exports memory: the test has nothing to say then. It says so, and fails where
    /// tests must be complete (`CI` is set).
    fn open() -> Option<Arc<Self>> {
        let opened = Gpu::open(&Target::Headless(WALL), false);
        let able = opened.ok().map(|(gpu, _)| gpu).filter(|gpu| {
            let features = gpu.device.features();
            features.contains(wgpu::Features::VULKAN_EXTERNAL_MEMORY_FD)
        });
        if able.is_none() {
            assert!(std::env::var_os("CI").is_none(), "CI must have a Vulkan driver that exports memory");
            eprintln!("\n!!! SKIPPED: NO VULKAN DRIVER THAT EXPORTS MEMORY; lavapipe will do !!!\n");
        }
        able.map(|gpu| Arc::new(Self(gpu)))
    }

    fn with<R>(&self, act: impl FnOnce(&vulkan::Device) -> R) -> R {
        // SAFETY: nothing of the device is destroyed by way of the guard.
        act(&unsafe { self.0.device.as_hal::<vulkan::Api>() }.expect("Vulkan"))
    }

    /// Writes the picture's rows into the memory, by a mapping of its own.
    fn write(&self, memory: &ExportedMemory, picture: &Picture) -> Result<(), vk::Result> {
        let handle = memory.handle.try_clone().expect("a descriptor").into_raw_fd();
        // SAFETY: imports with the size that was exported, maps the whole, writes within the planes and gives all back.
        self.with(|device| unsafe {
            let raw = device.raw_device();
            let mut import = vk::ImportMemoryFdInfoKHR::default()
                .handle_type(vk::ExternalMemoryHandleTypeFlags::OPAQUE_FD)
                .fd(handle);
            let request = vk::MemoryAllocateInfo::default()
                .allocation_size(memory.bytes)
                .memory_type_index(0)
                .push_next(&mut import);
            let imported = raw.allocate_memory(&request, None)?;
            let mapped =
                raw.map_memory(imported, 0, vk::WHOLE_SIZE, vk::MemoryMapFlags::empty())?.cast::<u8>();
            for (index, plane) in memory.planes.iter().enumerate() {
                let (bytes, stride) = (picture.planes.plane(index), picture.planes.stride(index));
                for row in 0..plane.rows as usize {
                    let to = mapped.add(plane.offset as usize + row * plane.stride as usize);
                    let from = &bytes[row * stride..][..plane.row as usize];
                    to.copy_from_nonoverlapping(from.as_ptr(), from.len());
                }
            }
            raw.unmap_memory(imported);
            raw.free_memory(imported, None);
            Ok(())
        })
    }
}

/// How a lent surface behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// As it should.
    Works,
    /// On another graphics processor.
    Elsewhere,
    /// The copy cannot even begin.
    NoCopy,
    /// The copy begins, and fails.
    NoEnd,
    /// As `NoCopy`, and its bytes do not come back either.
    Lost,
}

/// A surface of the foreign device; reading it counts as a way through system memory.
struct Lent {
    foreign: Arc<Foreign>,
    picture: Picture,
    manner: Manner,
    copies: AtomicUsize,
    reads: AtomicUsize,
    refused: Mutex<Option<String>>,
}

impl Lent {
    fn new(foreign: &Arc<Foreign>, picture: Picture, manner: Manner) -> Arc<Self> {
        let (copies, reads) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { foreign: foreign.clone(), picture, manner, copies, reads, refused: Mutex::default() })
    }

    fn counts(&self) -> (usize, usize) {
        (self.copies.load(Ordering::Relaxed), self.reads.load(Ordering::Relaxed))
    }
}

impl Planes for Lent {
    fn plane(&self, index: usize) -> &[u8] {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.manner == Manner::Lost { &[] } else { self.picture.planes.plane(index) }
    }

    fn stride(&self, index: usize) -> usize {
        self.picture.planes.stride(index)
    }

    fn surface(&self) -> Option<&dyn Surface> {
        Some(self)
    }
}

impl Surface for Lent {
    fn access(&self) -> Access<'_> {
        Access::Copy(self)
    }

    fn refuse(&self, why: &str) {
        *self.refused.lock() = Some(why.to_owned());
    }
}

impl CopyOut for Lent {
    fn device(&self) -> Result<DeviceId, String> {
        match self.manner {
            Manner::Elsewhere => Ok(DeviceId([7; 16])),
            _ => Ok(self.foreign.with(device_id)),
        }
    }

    fn copy(&self, memory: &ExportedMemory) -> Result<(), String> {
        if matches!(self.manner, Manner::NoCopy | Manner::Lost) {
            return Err("the driver says no".to_owned());
        }
        self.copies.fetch_add(1, Ordering::Relaxed);
        self.foreign.write(memory, &self.picture).map_err(|why| why.to_string())
    }

    fn wait(&self, _memory: &ExportedMemory) -> Result<(), String> {
        if self.manner == Manner::NoEnd { Err("the driver gave up".to_owned()) } else { Ok(()) }
    }
}

/// Stripes and blotches that differ with `seed`, in planes with junk behind each row.
fn pattern(size: Size, format: PixelFormat, seed: usize) -> Picture {
    let plane = |index: usize| {
        let shape = Shape::of(format, size, index);
        let row = shape.size.width as usize * shape.texel;
        let stride = row + 32;
        let sample = |at: usize| {
            let (x, y) = (at % stride, at / stride);
            if x < row { (x * (3 + seed) + y * (7 + index) + ((x * y) >> 4)) as u8 } else { 0xa5 }
        };
        ((0..stride * shape.size.height as usize).map(sample).collect(), stride)
    };
    let planes = OwnedPlanes::new((0..format.planes()).map(plane).collect());
    let still = Picture::still(size, format, Colour::by_height(size.height), planes, Instant::now());
    Picture { sequence: seed as u64, ..still }
}

fn tile(slot: u64, rect: Rect, picture: Picture) -> Tile {
    let picture = Some((slot, picture));
    Tile {
        rect,
        fit: Fit::Fit,
        turn: Turn::None,
        sight: model::Sight::default(),
        picture,
        dimmed: false,
        caption: None,
        frame: None,
        signal: None,
    }
}

fn whole(picture: Picture) -> [Tile; 1] {
    [tile(1, Rect::new(0, 0, WALL.width, WALL.height), picture)]
}

fn lend(lent: &Arc<Lent>) -> Picture {
    Picture { planes: lent.clone(), ..lent.picture.clone() }
}

fn wall() -> Wall {
    Wall::open(Target::Headless(WALL), Backend::Gpu)
        .expect("the foreign device was opened, so this one can be")
}

/// Draws a scene; gives the wall's picture, and the bytes of planes that were uploaded.
fn drawn(wall: &mut Wall, tiles: &[Tile]) -> (RgbaImage, u64) {
    let drawn = wall.draw(tiles).expect("drawn");
    (wall.snapshot().expect("read back"), drawn.uploaded_bytes)
}

#[test]
fn what_another_device_writes_is_drawn_without_an_upload() {
    let Some(foreign) = Foreign::open() else { return };
    for format in [NV12, P010] {
        let (mut ours, mut uploading) = (wall(), wall());
        // Again and again into the same memory, odd sizes too; the last one in another size.
        for (seed, size) in [(1, 97), (2, 97), (3, 97), (4, 160)] {
            let lent = Lent::new(&foreign, pattern(Size::new(size, 61), format, seed), Manner::Works);
            let (taken, uploaded) = drawn(&mut ours, &whole(lend(&lent)));
            assert_eq!((uploaded, lent.counts()), (0, (1, 0)), "{format:?}");
            let (wanted, uploaded) = drawn(&mut uploading, &whole(lent.picture.clone()));
            assert!(uploaded > 0 && taken == wanted, "{format:?}, picture {seed}");
            // A tile that changes otherwise shows the same memory again.
            let dimmed = |picture| whole(picture).map(|tile| Tile { dimmed: true, ..tile });
            let (taken, _) = drawn(&mut ours, &dimmed(lend(&lent)));
            assert!(taken == drawn(&mut uploading, &dimmed(lent.picture.clone())).0);
            assert_eq!((lent.counts(), &*lent.refused.lock()), ((1, 0), &None));
        }
    }
}

#[test]
fn a_stream_on_two_tiles_is_copied_once_and_others_have_memory_of_their_own() {
    let Some(foreign) = Foreign::open() else { return };
    let lent = [5, 6].map(|seed| Lent::new(&foreign, pattern(Size::new(64, 48), NV12, seed), Manner::Works));
    let place = |i: u32| Rect::new(i * 100, 10, 90, 80);
    let scene = |of: &dyn Fn(usize) -> Picture| {
        [0, 1, 0]
            .map(of)
            .into_iter()
            .enumerate()
            .map(|(i, picture)| tile(picture.sequence, place(i as u32), picture))
            .collect::<Vec<_>>()
    };
    let (taken, uploaded) = drawn(&mut wall(), &scene(&|i| lend(&lent[i])));
    assert_eq!((uploaded, lent[0].counts(), lent[1].counts()), (0, (1, 0), (1, 0)));
    assert!(taken == drawn(&mut wall(), &scene(&|i| lent[i].picture.clone())).0);
}

#[test]
fn what_cannot_be_taken_over_is_read_instead_with_the_same_draw() {
    let Some(foreign) = Foreign::open() else { return };
    for (manner, reason) in [
        (Manner::Elsewhere, "07070707"),
        (Manner::NoCopy, "the driver says no"),
        (Manner::NoEnd, "the driver gave up"),
    ] {
        let mut ours = wall();
        let lent = Lent::new(&foreign, pattern(Size::new(97, 61), NV12, 1), manner);
        let (taken, uploaded) = drawn(&mut ours, &whole(lend(&lent)));
        assert!(uploaded > 0);
        assert!(taken == drawn(&mut wall(), &whole(lent.picture.clone())).0);
        let why = lent.refused.lock().clone().expect("the decoder is told");
        assert!(why.contains(reason), "{why}");
        // The stream's next surface, on its way already, is not asked for again.
        let next = Lent::new(&foreign, pattern(Size::new(97, 61), NV12, 2), Manner::Works);
        let (taken, _) = drawn(&mut ours, &whole(lend(&next)));
        assert!(taken == drawn(&mut wall(), &whole(next.picture.clone())).0);
        assert_eq!(next.counts().0, 0);
    }
}

#[test]
fn a_surface_that_is_lost_leaves_the_last_picture() {
    let Some(foreign) = Foreign::open() else { return };
    let mut ours = wall();
    let first = Lent::new(&foreign, pattern(Size::new(97, 61), NV12, 1), Manner::Works);
    let (before, _) = drawn(&mut ours, &whole(lend(&first)));
    let lost = Lent::new(&foreign, pattern(Size::new(97, 61), NV12, 2), Manner::Lost);
    let (after, _) = drawn(&mut ours, &whole(lend(&lost)));
    assert!(before == after && lost.refused.lock().is_some());
    // It comes from the processor then.
    let third = pattern(Size::new(97, 61), NV12, 3);
    let (shown, _) = drawn(&mut ours, &whole(third.clone()));
    assert!(shown == drawn(&mut wall(), &whole(third)).0);
}

#[test]
fn planes_lie_one_behind_the_other_on_borders_that_copies_ask_for() {
    let shapes = [0, 1].map(|index| Shape::of(P010, Size::new(131, 7), index));
    let (planes, bytes) = layout(&shapes);
    let luma = (planes[0].offset, planes[0].stride, planes[0].row, planes[0].rows);
    let chroma = (planes[1].offset, planes[1].stride, planes[1].row, planes[1].rows);
    assert_eq!((luma, chroma), ((0, 512, 262, 7), (3584, 512, 264, 4)));
    assert_eq!(bytes, 3584 + 4 * 512);
}
