//! Systems on which no decoder copies into memory of ours.

use std::convert::Infallible;

use model::surface::CopyOut;

use crate::gpu::device::Gpu;
use crate::samples::Shape;

/// Cannot be had.
pub(crate) struct Exported(Infallible);

impl Exported {
    pub(crate) fn new(_gpu: &Gpu, _shapes: &[Shape]) -> Result<Self, String> {
        Err("memory is exported on Linux and Windows only".to_owned())
    }

    pub(crate) fn begin(&self, _source: &dyn CopyOut) -> Result<(), String> {
        match self.0 {}
    }

    pub(crate) fn finish(&self, _source: &dyn CopyOut) -> Result<(), String> {
        match self.0 {}
    }

    pub(crate) fn encode(&self, _: &mut wgpu::CommandEncoder, _: &[wgpu::Texture], _: &[Shape]) {
        match self.0 {}
    }
}
