//! Pictures as JPEG: into packages, files of ours, and the page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbaImage};

/// The file; `None`: the picture is empty or too large for one.
pub(crate) fn coded(picture: RgbaImage, quality: u8) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    DynamicImage::ImageRgba8(picture).into_rgb8().write_with_encoder(encoder).ok()?;
    Some(bytes)
}

/// An address that holds the file itself, for a page.
pub(crate) fn address(bytes: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", BASE64.encode(bytes))
}
