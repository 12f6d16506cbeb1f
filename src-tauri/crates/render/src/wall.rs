//! One wall: what it shows now, what of it a new scene changes, and who draws that.

use std::sync::Arc;

use image::RgbaImage;
use model::{Fit, Rect, Sight, Size, Turn};
use raw_window_handle::{HasDisplayHandle, HasWindowHandle};

use crate::caption::{Captions, Overlay, Subject};
use crate::placement::{clipped, overlap};
use crate::scene::{Caption, Frame, Signal, StreamSlot, Tile};
use crate::{gpu, software};

/// A window that a wall can be presented in. Display and window handle must stay valid, and the display handle the
/// same, as long as the wall lives (wgpu and X11 both compare it).
pub trait WindowHandle: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static {}

impl<T: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static> WindowHandle for T {}

/// Who draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Backend {
    /// The graphics processor; without one (no adapter, or only one that the processor emulates, such as lavapipe,
    /// llvmpipe or WARP) the processor itself, which is several times faster than emulating.
    #[default]
    Auto,
    /// wgpu, on whatever adapter there is.
    Gpu,
    /// The processor.
    Software,
}

/// Where the picture goes.
#[derive(Clone)]
pub enum Target {
    /// Nowhere: only [`Wall::snapshot`] shows it.
    Headless(Size),
    /// A window of `size` physical pixels.
    Window {
        /// The window.
        window: Arc<dyn WindowHandle>,
        /// Its inner size in physical pixels.
        size: Size,
    },
}

impl Target {
    /// Its size in physical pixels.
    #[must_use]
    pub fn size(&self) -> Size {
        match self {
            Self::Headless(size) | Self::Window { size, .. } => *size,
        }
    }

    /// The same, with another size.
    #[must_use]
    pub fn with_size(self, size: Size) -> Self {
        match self {
            Self::Headless(_) => Self::Headless(size),
            Self::Window { window, .. } => Self::Window { window, size },
        }
    }
}

/// Why a wall cannot be opened or drawn.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No graphics adapter answers.
    #[error("no graphics adapter: {0}")]
    NoAdapter(String),
    /// The adapter refuses something that the wall needs.
    #[error("graphics adapter refused: {0}")]
    Refused(String),
    /// The graphics device is gone (driver reset, adapter removed). Drop the wall and open it anew.
    #[error("graphics device lost: {0}")]
    DeviceLost(String),
    /// The window cannot be drawn into; while it is being made or resized this may pass.
    #[error("window cannot be drawn into: {0}")]
    Window(String),
}

/// What one [`Wall::draw`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Tiles that were redrawn.
    pub tiles: usize,
    /// Pixels of the wall that were redrawn.
    pub pixels: u64,
    /// Bytes of planes and captions that went to the graphics processor; 0 in software.
    pub uploaded_bytes: u64,
    /// Whether the window got a new picture.
    pub presented: bool,
}

/// What a tile looked like when it was last drawn.
#[derive(Default)]
struct Shown {
    fit: Fit,
    turn: Turn,
    sight: Sight,
    dimmed: bool,
    frame: Option<Frame>,
    signal: Option<Signal>,
    picture: Option<(StreamSlot, u64)>,
    caption: Option<Arc<Caption>>,
    overlay: Overlay,
}

/// The tiles as the compositors need them; all slices have one entry a tile, but `changed`, which holds indices.
pub(crate) struct Scene<'a> {
    pub tiles: &'a [Tile],
    /// The part of each tile that lies on the wall.
    pub places: &'a [Option<Rect>],
    pub overlays: &'a dyn Fn(usize) -> &'a Overlay,
    /// Tiles to draw, in rising order.
    pub changed: &'a [usize],
    /// The wall's picture is void: paint the gaps as well.
    pub fresh: bool,
}

enum Compositor {
    Software(Box<software::Compositor>),
    Gpu(Box<gpu::Compositor>),
}

/// A persistent picture of one wall and, if it has a window, its presentation. Draw from one thread.
pub struct Wall {
    compositor: Compositor,
    backend_name: String,
    backend_note: Option<String>,
    size: Size,
    captions: Captions,
    shown: Vec<Shown>,
    rects: Vec<Rect>,
    places: Vec<Option<Rect>>,
    /// Pairs of tiles of which the second lies over the first.
    covers: Vec<(usize, usize)>,
    changed: Vec<usize>,
    fresh: bool,
    exposed: bool,
    has_window: bool,
}

impl Wall {
    /// Opens a wall. [`Backend::Auto`] falls back to software and says why in [`Wall::backend_note`].
    ///
    /// # Errors
    /// [`RenderError::NoAdapter`] and [`RenderError::Refused`] with [`Backend::Gpu`]; [`RenderError::Window`] if
    /// the window system refuses.
    pub fn open(target: Target, backend: Backend) -> Result<Self, RenderError> {
        let size = target.size();
        let has_window = matches!(target, Target::Window { .. });
        let (compositor, note) = match backend {
            Backend::Software => (software(target)?, None),
            Backend::Gpu => (Compositor::Gpu(Box::new(gpu::Compositor::open(&target, false)?)), None),
            Backend::Auto => match gpu::Compositor::open(&target, true) {
                Ok(gpu) => (Compositor::Gpu(Box::new(gpu)), None),
                Err(why) => (software(target)?, Some(why.to_string())),
            },
        };
        let backend_name = match &compositor {
            Compositor::Software(software) => format!("software ({})", software.instructions()),
            Compositor::Gpu(gpu) => gpu.name().to_owned(),
        };
        log::info!("wall of {}x{} drawn by {backend_name}", size.width, size.height);
        Ok(Self {
            compositor,
            backend_name,
            backend_note: note,
            size,
            captions: Captions::new(),
            shown: Vec::new(),
            rects: Vec::new(),
            places: Vec::new(),
            covers: Vec::new(),
            changed: Vec::new(),
            fresh: true,
            exposed: true,
            has_window,
        })
    }

    /// The wall's size in physical pixels.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Tells that the window has another size now, in physical pixels. The next [`Wall::draw`] draws everything.
    pub fn resize(&mut self, size: Size) {
        if size != self.size {
            self.size = size;
            self.rects.clear();
            self.fresh = true;
        }
    }

    /// Tells that the window lost what it showed (uncovered, restored). The next [`Wall::draw`] presents all of it.
    pub fn expose(&mut self) {
        self.exposed = true;
    }

    /// Brings the wall to this scene: redraws the tiles that differ from what it shows, and presents what changed.
    ///
    /// # Errors
    /// [`RenderError::DeviceLost`]: open the wall anew. [`RenderError::Window`]: try again with the next scene.
    pub fn draw(&mut self, tiles: &[Tile]) -> Result<Drawn, RenderError> {
        if self.size.width == 0 || self.size.height == 0 {
            return Ok(Drawn::default());
        }
        self.follow_layout(tiles);
        self.find_changed(tiles);
        if self.changed.is_empty() && !self.fresh && !self.exposed {
            return Ok(Drawn::default());
        }
        let fresh = self.fresh;
        self.remember(tiles);
        let shown = &self.shown;
        let overlays = |tile: usize| &shown[tile].overlay;
        let scene = Scene { tiles, places: &self.places, overlays: &overlays, changed: &self.changed, fresh };
        let whole = fresh || self.exposed;
        // Until this succeeds, the wall's picture is not to be relied on.
        self.fresh = true;
        let (uploaded_bytes, presented) = match &mut self.compositor {
            Compositor::Software(software) => (0, software.draw(self.size, &scene, whole)?),
            Compositor::Gpu(gpu) => gpu.draw(self.size, &scene)?,
        };
        self.fresh = false;
        // What a window could not take now (it is minimised, say) it gets with the next draw.
        self.exposed = self.has_window && !presented;
        let pixels = if fresh {
            u64::from(self.size.width) * u64::from(self.size.height)
        } else {
            let area = |rect: Rect| u64::from(rect.width) * u64::from(rect.height);
            self.changed.iter().filter_map(|&tile| self.places[tile]).map(area).sum()
        };
        Ok(Drawn { tiles: self.changed.len(), pixels, uploaded_bytes, presented })
    }

    /// The whole wall as it was last drawn.
    ///
    /// # Errors
    /// [`RenderError::DeviceLost`] if it cannot be read back.
    pub fn snapshot(&mut self) -> Result<RgbaImage, RenderError> {
        let rgba = match &mut self.compositor {
            Compositor::Software(software) => software.read(self.size),
            Compositor::Gpu(gpu) => gpu.read(self.size)?,
        };
        Ok(RgbaImage::from_raw(self.size.width, self.size.height, rgba)
            .expect("a compositor reads back four bytes a pixel"))
    }

    /// Who draws, in words: `software (AVX2)`, `Vulkan: NVIDIA RTX A2000`.
    #[must_use]
    pub fn backend_name(&self) -> &str {
        &self.backend_name
    }

    /// Why [`Backend::Auto`] did not take a graphics processor.
    #[must_use]
    pub fn backend_note(&self) -> Option<&str> {
        self.backend_note.as_deref()
    }

    /// Where a tile came, went or moved, everything is drawn anew: that is rare, and leaves no remains.
    fn follow_layout(&mut self, tiles: &[Tile]) {
        if tiles.iter().map(|tile| &tile.rect).eq(&self.rects) && !self.fresh {
            return;
        }
        self.fresh = true;
        self.rects.clear();
        self.rects.extend(tiles.iter().map(|tile| tile.rect));
        self.places.clear();
        self.places.extend(self.rects.iter().map(|&rect| clipped(rect, self.size)));
        self.shown.clear();
        self.shown.resize_with(tiles.len(), Shown::default);
        self.covers.clear();
        for (i, below) in self.places.iter().enumerate() {
            for (j, above) in self.places.iter().enumerate().skip(i + 1) {
                if below.zip(*above).is_some_and(|(a, b)| overlap(a, b)) {
                    self.covers.push((i, j));
                }
            }
        }
    }

    fn find_changed(&mut self, tiles: &[Tile]) {
        self.changed.clear();
        let differs =
            |(index, tile): (usize, &Tile)| (self.fresh || self.shown[index].differs(tile)).then_some(index);
        self.changed.extend(tiles.iter().enumerate().filter_map(differs));
        self.changed.retain(|&index| self.places[index].is_some());
        // `covers` is sorted by the lower tile, so one pass reaches every tile above.
        for &(below, above) in &self.covers {
            if self.changed.binary_search(&below).is_ok()
                && let Err(place) = self.changed.binary_search(&above)
            {
                self.changed.insert(place, above);
            }
        }
    }

    fn remember(&mut self, tiles: &[Tile]) {
        for &index in &self.changed {
            let (tile, shown) = (&tiles[index], &mut self.shown[index]);
            let place = self.places[index].expect("only tiles on the wall are changed");
            let subject = Subject {
                size: place.size(),
                has_picture: tile.picture.is_some(),
                caption: tile.caption.as_deref(),
                frame: tile.frame,
                signal: tile.signal,
            };
            self.captions.update(&mut shown.overlay, subject);
            shown.fit = tile.fit;
            shown.turn = tile.turn;
            shown.sight = tile.sight;
            shown.dimmed = tile.dimmed;
            shown.frame = tile.frame;
            shown.signal = tile.signal;
            shown.picture = tile.picture.as_ref().map(|(slot, picture)| (*slot, picture.sequence));
            shown.caption.clone_from(&tile.caption);
        }
    }
}

fn software(target: Target) -> Result<Compositor, RenderError> {
    let window = match target {
        Target::Headless(_) => None,
        Target::Window { window, .. } => Some(window),
    };
    Ok(Compositor::Software(Box::new(software::Compositor::open(window)?)))
}

impl Shown {
    fn differs(&self, tile: &Tile) -> bool {
        let same_caption = match (&self.caption, &tile.caption) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => false,
        };
        !same_caption
            || self.picture != tile.picture.as_ref().map(|(slot, picture)| (*slot, picture.sequence))
            || (self.fit, self.turn, self.sight, self.dimmed)
                != (tile.fit, tile.turn, tile.sight, tile.dimmed)
            || (self.frame, self.signal) != (tile.frame, tile.signal)
    }
}
