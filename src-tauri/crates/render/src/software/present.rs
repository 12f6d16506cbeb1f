//! The wall's picture into a window, by way of the window system's shared memory.

use std::num::NonZeroU32;
use std::sync::Arc;

use model::{Rect, Size};
use raw_window_handle::RawDisplayHandle;

use crate::wall::{RenderError, WindowHandle};

type Window = Arc<dyn WindowHandle>;

/// Buffers that a window system may hand out in turn; an older one is written as a whole.
const REMEMBERED: usize = 4;

/// A window and what was damaged in its last presentations.
pub(crate) struct Presenter {
    surface: softbuffer::Surface<Window, Window>,
    size: Size,
    /// The newest first.
    history: [Vec<Rect>; REMEMBERED],
    damage: Vec<softbuffer::Rect>,
    /// X11: softbuffer leaves its requests in the connection's buffer, where they would lie until the next picture.
    must_flush: bool,
}

impl Presenter {
    pub(crate) fn open(window: Window) -> Result<Self, RenderError> {
        let display =
            window.display_handle().map_err(|error| RenderError::Window(error.to_string()))?.as_raw();
        let must_flush = matches!(display, RawDisplayHandle::Xlib(_) | RawDisplayHandle::Xcb(_));
        let context = softbuffer::Context::new(Arc::clone(&window)).map_err(refused)?;
        let surface = softbuffer::Surface::new(&context, window).map_err(refused)?;
        let nothing = Size::new(0, 0);
        Ok(Self { surface, size: nothing, history: Default::default(), damage: Vec::new(), must_flush })
    }

    /// Shows `pixels`, of which only `damage` differs from what was presented last.
    pub(crate) fn present(&mut self, pixels: &[u32], size: Size, damage: &[Rect]) -> Result<(), RenderError> {
        if size != self.size {
            let (Some(width), Some(height)) = (NonZeroU32::new(size.width), NonZeroU32::new(size.height))
            else {
                return Ok(());
            };
            self.surface.resize(width, height).map_err(refused)?;
            self.size = size;
        }
        self.history.rotate_right(1);
        self.history[0].clear();
        self.history[0].extend_from_slice(damage);
        let mut buffer = self.surface.buffer_mut().map_err(refused)?;
        let stride = size.width as usize;
        // A buffer of age n shows what was presented n presentations ago; 0 means that it shows nothing.
        match usize::from(buffer.age()) {
            age @ 1..=REMEMBERED => {
                for &rect in self.history[..age].iter().flatten() {
                    copy(pixels, &mut buffer, stride, rect);
                }
            }
            _ => buffer.copy_from_slice(pixels),
        }
        self.damage.clear();
        self.damage.extend(damage.iter().filter_map(|rect| {
            let (width, height) = (NonZeroU32::new(rect.width)?, NonZeroU32::new(rect.height)?);
            Some(softbuffer::Rect { x: rect.x, y: rect.y, width, height })
        }));
        buffer.present_with_damage(&self.damage).map_err(refused)?;
        if self.must_flush {
            // Asking for the next buffer waits for the server's answer, and thereby sends what was asked of it.
            let _next = self.surface.buffer_mut().map_err(refused)?;
        }
        Ok(())
    }
}

fn copy(from: &[u32], to: &mut [u32], stride: usize, rect: Rect) {
    let (x, width) = (rect.x as usize, rect.width as usize);
    for y in rect.y as usize..(rect.y + rect.height) as usize {
        let row = y * stride + x;
        to[row..row + width].copy_from_slice(&from[row..row + width]);
    }
}

// By value, as `map_err` hands it over.
#[expect(clippy::needless_pass_by_value)]
fn refused(error: softbuffer::SoftBufferError) -> RenderError {
    RenderError::Window(error.to_string())
}
