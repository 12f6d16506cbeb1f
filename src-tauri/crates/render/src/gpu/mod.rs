//! wgpu (being written).
use crate::wall::{RenderError, Scene, Target};
use model::Size;
pub(crate) struct Compositor;
impl Compositor {
    pub(crate) fn open(_: &Target, _: bool) -> Result<Self, RenderError> { Err(RenderError::NoAdapter("not yet".into())) }
    pub(crate) fn name(&self) -> &str { "gpu" }
    pub(crate) fn draw(&mut self, _: Size, _: &Scene<'_>) -> Result<(u64, bool), RenderError> { Ok((0, false)) }
    pub(crate) fn read(&mut self, _: Size) -> Result<Vec<u8>, RenderError> { Ok(vec![]) }
}
