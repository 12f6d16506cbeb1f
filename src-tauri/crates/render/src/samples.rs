//! The samples of one plane, checked once for both compositors.

use model::{Picture, PixelFormat, PlaneOrder, Size, Subsampling};

use crate::colour::chroma_column_offset;

/// One plane of a picture. `bytes` holds all of its rows.
#[derive(Clone, Copy)]
pub(crate) struct Plane<'a> {
    pub bytes: &'a [u8],
    /// Bytes from row to row.
    pub stride: usize,
    /// Columns and rows of samples (or pairs).
    pub size: Size,
    /// Bytes of a sample (or pair).
    pub texel: usize,
    /// U and V in turn, two samples a texel.
    pub pairs: bool,
    /// Samples of this plane for one column of luma: 1 or ½.
    pub columns: f64,
    /// Samples of this plane for one row of luma: 1 or ½.
    pub rows: f64,
    /// How far the samples stand to the right of where they would be centred, in columns of this plane.
    pub offset: f64,
}

/// What is known of a plane without looking at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Columns and rows of samples (or pairs).
    pub size: Size,
    /// Bytes of a sample (or pair).
    pub texel: usize,
    /// See [`Plane::pairs`].
    pub pairs: bool,
    /// See [`Plane::columns`].
    pub columns: f64,
    /// See [`Plane::rows`].
    pub rows: f64,
    /// See [`Plane::offset`].
    pub offset: f64,
}

impl Shape {
    /// Plane `index` of a picture of `size`.
    pub(crate) fn of(format: PixelFormat, size: Size, index: usize) -> Self {
        // An odd width has one chroma column more than half of it: still two luma columns each.
        let (columns, rows) = match (index, format.subsampling) {
            (0, _) | (_, Subsampling::Grey | Subsampling::Yuv444) => (1.0, 1.0),
            (_, Subsampling::Yuv422) => (0.5, 1.0),
            (_, Subsampling::Yuv420) => (0.5, 0.5),
        };
        Self {
            size: format.plane_size(index, size),
            texel: format.bytes_per_texel(index),
            pairs: index > 0 && format.order == PlaneOrder::SemiPlanar,
            columns,
            rows,
            offset: if index == 0 { 0.0 } else { chroma_column_offset(format) },
        }
    }
}

impl<'a> Plane<'a> {
    /// Plane `index` of a picture; `None` where it has fewer bytes than the picture's size asks for.
    pub(crate) fn of(picture: &'a Picture, index: usize) -> Option<Self> {
        let Shape { size, texel, pairs, columns, rows, offset } =
            Shape::of(picture.format, picture.size, index);
        let (bytes, stride) = (picture.planes.plane(index), picture.planes.stride(index));
        let row = size.width as usize * texel;
        let needed = stride.checked_mul((size.height as usize).checked_sub(1)?)?.checked_add(row)?;
        if bytes.len() < needed || stride < row || row == 0 {
            return None;
        }
        Some(Self { bytes, stride, size, texel, pairs, columns, rows, offset })
    }
}

/// What a sample is to be multiplied with to reach from 0 to 255.
pub(crate) fn scale(picture: &Picture) -> f32 {
    match (picture.format.depth, picture.format.order) {
        (..=8, _) => 1.0,
        (_, PlaneOrder::SemiPlanar) => 1.0 / 256.0,
        (depth, PlaneOrder::Planar) => 1.0 / (1_u32 << (u32::from(depth) - 8).min(8)) as f32,
    }
}
