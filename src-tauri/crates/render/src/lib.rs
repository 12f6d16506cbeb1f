//! Frames and a scene in, the pixels of a wall out.
//!
//! **What it does:** keeps a persistent picture of one wall. Each [`Wall::draw`] takes the whole scene (every tile
//! with its newest picture, caption and state), redraws the tiles that differ from what the wall shows, and presents
//! only the damage. Two compositors stand behind it: wgpu shaders where there is a graphics processor, and SIMD code
//! where there is none. Captions are rasterised once for both, so that both give the same picture.
//!
//! **What it must never know:** cameras, sessions, plans, why a tile is dark. It is handed words and an [`Icon`];
//! it has no language of its own. It reads no clock and starts no thread. Nobody else knows wgpu.
//!
//! **The way through it:** [`Wall::draw`] compares the scene with what it drew → `placement` says which part of the
//! picture goes where → `caption` rasterises words that changed → `software` (planes scaled and converted straight
//! into the wall's rows) or `gpu` (changed planes uploaded once per stream, one quad per changed tile) → present. Beside
//! walls, [`still()`] gives one picture by itself, and [`Inscriber`] pictures of a copy for viewing, masked and with words.

mod caption;
mod colour;
mod gpu;
mod palette;
mod placement;
mod samples;
mod scene;
mod software;
mod still;
mod viewing;
mod wall;

pub use raw_window_handle;
pub use scene::{Caption, Frame, Icon, Message, Signal, StreamSlot, Tile};
pub use still::{still, thumbnail};
pub use viewing::{Inscriber, Inscription};
pub use wall::{Backend, Drawn, RenderError, Target, Wall, WindowHandle};
