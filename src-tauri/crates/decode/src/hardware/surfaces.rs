//! Surfaces on loan: pictures that leave the decoder where they are, and what becomes of them when nobody can draw
//! them there.
//!
//! Three rungs, and the way down is taken by itself, for each stream alone: a lent surface; the same decoder with the
//! picture brought into system memory, once whoever draws has refused or keeps reading; the processor, once not even
//! that works. A picture that is out when this happens is still whole: it is downloaded when it is read. When a
//! decoder is closed, its surfaces are called in: each would keep the whole decoder's memory, for a tile that only shows
//! how it looked last.
#![allow(unsafe_code)] // looks into AVFrames
#![cfg_attr(not(any(target_os = "linux", target_os = "macos", windows)), allow(dead_code))] // nothing is lent elsewhere

use std::ffi::c_int;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use ffmpeg_sys_next as ffi;
#[cfg(target_os = "linux")]
use model::surface::{Access, CopyOut, DeviceId, DmaBufPlane, ExportDmaBuf, ExportedMemory};
#[cfg(windows)]
use model::surface::{Access, CopyOut, DeviceId, ExportedMemory};
#[cfg(target_os = "macos")]
use model::surface::{Access, LendIoSurface};
use model::{Decoder, Planes};
use parking_lot::Mutex;

use super::Device;
#[cfg(target_os = "linux")]
use super::cuda as copier;
#[cfg(windows)]
use super::d3d11 as copier;
use super::transfer::Transfer;
use crate::frame::{Description, Frame, FramePlanes};

/// Surfaces of one stream that may be out at a time: the newest, and what each of two walls shows. The decoder's pool
/// is made larger by so many; where more are held, the next picture goes through system memory.
pub(crate) const SURFACES_OUT: u32 = 3;

/// After so many pictures in a row that were read in system memory, the stream's next ones are brought there at once,
/// on the decoder's threads. Saving a picture reads a single one.
const READ_IN_A_ROW: u32 = 4;

/// One stream's surfaces, shared by its decoder and by the pictures that are out.
pub(crate) struct Surfaces {
    device: Arc<Device>,
    transfer: Mutex<Transfer>,
    out: AtomicU32,
    read_in_a_row: AtomicU32,
    rung: Mutex<Rung>,
    /// What was lent and may still be out.
    lent: Mutex<Vec<Weak<LentPlanes>>>,
}

/// How the stream's next picture is handed over.
enum Rung {
    /// As a surface.
    Lent,
    /// In system memory, because of this.
    Memory(String),
    /// Not at all: this happened.
    Lost(String),
}

impl Surfaces {
    pub(super) fn new(device: Arc<Device>) -> Arc<Self> {
        let rung = match may_lend(device.decoder) {
            Ok(()) => Rung::Lent,
            Err(why) => Rung::Memory(why.to_owned()),
        };
        Arc::new(Self {
            device,
            transfer: Mutex::default(),
            out: AtomicU32::new(0),
            read_in_a_row: AtomicU32::new(0),
            rung: Mutex::new(rung),
            lent: Mutex::default(),
        })
    }

    /// The finished picture as it is to be handed over: the surface itself, or a copy of it in system memory.
    pub(crate) fn pass(&self, surface: Frame) -> Result<Frame, String> {
        let lent = match &*self.rung.lock() {
            Rung::Lent => self.out.load(Ordering::Relaxed) < SURFACES_OUT && is_plain(&surface),
            Rung::Memory(_) => false,
            Rung::Lost(why) => return Err(why.clone()),
        };
        if lent { Ok(surface) } else { self.transfer.lock().download(&surface) }
    }

    /// A frame that [`Self::pass`] left on the device.
    pub(crate) fn lend(self: &Arc<Self>, frame: Frame, description: Description) -> Arc<LentPlanes> {
        self.out.fetch_add(1, Ordering::Relaxed);
        let surface = Mutex::new(Some(frame));
        let lent = Arc::new(LentPlanes {
            surface,
            description,
            surfaces: Arc::clone(self),
            memory: OnceLock::new(),
        });
        let mut known = self.lent.lock();
        known.retain(|lent| lent.strong_count() > 0);
        known.push(Arc::downgrade(&lent));
        lent
    }

    /// Brings into system memory what is still out, and gives the surfaces back.
    pub(crate) fn call_in(&self) {
        let lent = std::mem::take(&mut *self.lent.lock());
        for lent in lent.iter().filter_map(Weak::upgrade) {
            lent.memory.get_or_init(|| lent.download().inspect_err(|why| log::warn!("{why}")).ok());
            *lent.surface.lock() = None;
        }
    }

    /// Why surfaces are not lent.
    pub(crate) fn note(&self) -> Option<String> {
        match &*self.rung.lock() {
            Rung::Lent => None,
            Rung::Memory(why) | Rung::Lost(why) => Some(format!("through system memory: {why}")),
        }
    }

    fn refuse(&self, why: &str) {
        let mut rung = self.rung.lock();
        if matches!(*rung, Rung::Lent) {
            log::info!("{}: surfaces are not lent any more: {why}", self.device.decoder.name());
            *rung = Rung::Memory(why.to_owned());
        }
    }

    fn lose(&self, why: String) {
        log::warn!("{}: a surface does not come back: {why}", self.device.decoder.name());
        *self.rung.lock() = Rung::Lost(why);
    }

    fn was_read(&self) {
        if self.read_in_a_row.fetch_add(1, Ordering::Relaxed) + 1 >= READ_IN_A_ROW {
            self.refuse("it is drawn by the processor");
        }
    }

    fn was_taken(&self) {
        self.read_in_a_row.store(0, Ordering::Relaxed);
    }
}

/// Whether this system has a way to share the decoder's surfaces.
fn may_lend(decoder: Decoder) -> Result<(), &'static str> {
    match decoder {
        Decoder::Cuda | Decoder::Vaapi if cfg!(target_os = "linux") => Ok(()),
        Decoder::VideoToolbox if cfg!(target_os = "macos") => Ok(()),
        Decoder::D3d11 if cfg!(windows) => Ok(()),
        _ => Err("this system's decoder shares no surfaces"),
    }
}

/// NV12 or P010 that begins at the surface's own corner; anything else is rare, and goes through system memory.
fn is_plain(frame: &Frame) -> bool {
    // SAFETY: the caller holds the frame, and nobody writes to it.
    let raw = unsafe { &*frame.as_ptr() };
    let formats = [ffi::AVPixelFormat::AV_PIX_FMT_NV12, ffi::AVPixelFormat::AV_PIX_FMT_P010LE];
    let format = frame.format_in_memory();
    formats.iter().any(|known| *known as c_int == format) && (raw.crop_left, raw.crop_top) == (0, 0)
}

/// The planes of a picture on the device.
pub(crate) struct LentPlanes {
    /// `None` once it was called in.
    surface: Mutex<Option<Frame>>,
    description: Description,
    surfaces: Arc<Surfaces>,
    /// Its copy in system memory, once somebody wanted to read it; `None` where that failed.
    memory: OnceLock<Option<FramePlanes>>,
}

impl LentPlanes {
    fn memory(&self) -> Option<&FramePlanes> {
        let read = || match self.download() {
            Ok(planes) => {
                self.surfaces.was_read();
                Some(planes)
            }
            Err(why) => {
                self.surfaces.lose(why);
                None
            }
        };
        self.memory.get_or_init(read).as_ref()
    }

    fn download(&self) -> Result<FramePlanes, String> {
        self.with_surface(|frame| {
            self.surfaces.transfer.lock().download(frame)?.into_planes(self.description)
        })
    }

    fn with_surface<R>(&self, act: impl FnOnce(&Frame) -> Result<R, String>) -> Result<R, String> {
        act(self.surface.lock().as_ref().ok_or("its decoder was closed")?)
    }
}

impl Planes for LentPlanes {
    fn plane(&self, index: usize) -> &[u8] {
        self.memory().map_or(&[], |planes| planes.plane(index))
    }

    fn stride(&self, index: usize) -> usize {
        self.memory().map_or(0, |planes| planes.stride(index))
    }

    #[cfg(any(target_os = "linux", target_os = "macos", windows))]
    fn surface(&self) -> Option<&dyn model::Surface> {
        if self.surface.lock().is_some() { Some(self) } else { None }
    }
}

#[cfg(target_os = "linux")]
impl model::Surface for LentPlanes {
    fn access(&self) -> Access<'_> {
        match self.surfaces.device.decoder {
            Decoder::Vaapi => Access::DmaBuf(self),
            _ => Access::Copy(self),
        }
    }

    fn refuse(&self, why: &str) {
        self.surfaces.refuse(why);
    }
}

#[cfg(target_os = "macos")]
impl model::Surface for LentPlanes {
    fn access(&self) -> Access<'_> {
        Access::IoSurface(self)
    }

    fn refuse(&self, why: &str) {
        self.surfaces.refuse(why);
    }
}

#[cfg(windows)]
impl model::Surface for LentPlanes {
    fn access(&self) -> Access<'_> {
        Access::Copy(self)
    }

    fn refuse(&self, why: &str) {
        self.surfaces.refuse(why);
    }
}

#[cfg(target_os = "macos")]
impl LendIoSurface for LentPlanes {
    fn lend(
        &self,
        take: &mut dyn FnMut(std::ptr::NonNull<std::ffi::c_void>) -> Result<(), String>,
    ) -> Result<(), String> {
        self.with_surface(|frame| super::io_surface::lend(frame, take))?;
        self.surfaces.was_taken();
        Ok(())
    }
}

#[cfg(target_os = "linux")]
impl ExportDmaBuf for LentPlanes {
    fn export(&self) -> Result<Vec<DmaBufPlane>, String> {
        let planes = self.with_surface(super::dma_buf::export)?;
        self.surfaces.was_taken();
        Ok(planes)
    }
}

#[cfg(any(target_os = "linux", windows))]
impl CopyOut for LentPlanes {
    fn device(&self) -> Result<DeviceId, String> {
        copier::of(&self.surfaces.device).map(|device| device.id())
    }

    fn copy(&self, memory: &ExportedMemory) -> Result<(), String> {
        self.with_surface(|frame| copier::copy(&self.surfaces.device, frame, memory))?;
        self.surfaces.was_taken();
        Ok(())
    }

    fn wait(&self, memory: &ExportedMemory) -> Result<(), String> {
        copier::wait(memory)
    }
}

impl Drop for LentPlanes {
    fn drop(&mut self) {
        self.surfaces.out.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
