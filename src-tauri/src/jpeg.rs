//! Pictures as JPEG: into packages, files of ours, and the page.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbaImage};
use model::{Picture, Turn};

/// The file; `None`: the picture is empty or too large for one.
pub(crate) fn coded(picture: RgbaImage, quality: u8) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    DynamicImage::ImageRgba8(picture).into_rgb8().write_with_encoder(encoder).ok()?;
    Some(bytes)
}

/// A small one of a picture as it was sent, so wide at most: an address that holds it. `None`: it cannot be drawn.
pub(crate) fn small(picture: &Picture, width: u32, quality: u8) -> Option<Arc<str>> {
    let small = render::thumbnail(picture, Turn::None, width).ok()?;
    Some(Arc::from(address(&coded(small, quality)?)))
}

/// An address that holds the file itself, for a page.
pub(crate) fn address(bytes: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", BASE64.encode(bytes))
}
