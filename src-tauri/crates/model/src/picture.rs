//! One decoded picture, as planes that somebody else owns.
//!
//! A picture is never copied between the decoder and the wall: [`Planes`] is the decoder's own buffer, counted by
//! reference, and goes back to the decoder's pool when the last tile lets go of it. It may lie on a graphics
//! processor, see [`crate::surface`].

use std::fmt;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use crate::layout::Size;
use crate::stream::Decoder;
use crate::surface::Surface;

/// How many chroma samples there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subsampling {
    /// No chroma: an infrared picture coded as grey.
    Grey,
    /// Half the columns and half the rows.
    Yuv420,
    /// Half the columns.
    Yuv422,
    /// One for each luma sample.
    Yuv444,
}

/// How the planes lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaneOrder {
    /// Y, U, V, each in a plane of its own.
    Planar,
    /// Y, then U and V alternating in one plane (NV12, P010): what hardware decoders hand over.
    SemiPlanar,
}

/// The shape of a sample and of the planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PixelFormat {
    /// How many chroma samples there are.
    pub subsampling: Subsampling,
    /// How the planes lie in memory.
    pub order: PlaneOrder,
    /// 8: one byte a sample. 10: two bytes, little-endian; planar in the low bits (0–1023), semi-planar (P010) in
    /// the high bits (value × 64).
    pub depth: u8,
}

impl PixelFormat {
    /// 8-bit Y, U, V planes, half columns and rows of chroma: what nearly every camera sends.
    pub const I420: Self = Self { subsampling: Subsampling::Yuv420, order: PlaneOrder::Planar, depth: 8 };

    /// How many planes there are.
    #[must_use]
    pub const fn planes(self) -> usize {
        match (self.subsampling, self.order) {
            (Subsampling::Grey, _) => 1,
            (_, PlaneOrder::Planar) => 3,
            (_, PlaneOrder::SemiPlanar) => 2,
        }
    }

    /// Columns and rows of samples (of sample *pairs* in a semi-planar chroma plane) of plane `index` in a picture
    /// of `size`; odd sizes round up.
    #[must_use]
    pub const fn plane_size(self, index: usize, size: Size) -> Size {
        if index == 0 {
            return size;
        }
        let (columns, rows) = match self.subsampling {
            Subsampling::Grey => (0, 0),
            Subsampling::Yuv420 => (size.width.div_ceil(2), size.height.div_ceil(2)),
            Subsampling::Yuv422 => (size.width.div_ceil(2), size.height),
            Subsampling::Yuv444 => (size.width, size.height),
        };
        Size { width: columns, height: rows }
    }

    /// Bytes from one sample (or pair) of plane `index` to the next in its row.
    #[must_use]
    pub const fn bytes_per_texel(self, index: usize) -> usize {
        let sample = if self.depth > 8 { 2 } else { 1 };
        match (self.order, index) {
            (PlaneOrder::SemiPlanar, 1..) => 2 * sample,
            _ => sample,
        }
    }
}

/// The equation between R, G, B and Y, U, V.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matrix {
    /// ITU-R BT.601: standard definition, and JPEG.
    Bt601,
    /// ITU-R BT.709: high definition.
    Bt709,
}

/// Which values mean black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    /// 16–235 (chroma 16–240).
    Limited,
    /// 0–255.
    Full,
}

/// What the numbers mean. Where the camera leaves it open, the decoder has already decided (by the height).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// The equation between R, G, B and Y, U, V.
    pub matrix: Matrix,
    /// Which values mean black and white.
    pub range: Range,
}

impl Colour {
    /// What a picture of this height means when its stream does not say: BT.709 from 720 lines on, limited range.
    #[must_use]
    pub const fn by_height(height: u32) -> Self {
        let matrix = if height >= 720 { Matrix::Bt709 } else { Matrix::Bt601 };
        Self { matrix, range: Range::Limited }
    }
}

/// Read access to the planes of one picture. Whoever implements it promises that the bytes do not change any more.
pub trait Planes: Send + Sync {
    /// The bytes of plane `index`, from the first row's first byte to the last row's last; at least
    /// `stride × (rows − 1) + columns × bytes_per_texel` of them. None at all if the picture lies on a graphics
    /// processor that does not give it back any more.
    fn plane(&self, index: usize) -> &[u8];
    /// Bytes from one row of plane `index` to the next; 0 where there are none.
    fn stride(&self, index: usize) -> usize;
    /// The picture where a graphics processor decoded it: [`Self::plane`] then has to bring it here first, once.
    /// `None`: it lies in system memory.
    fn surface(&self) -> Option<&dyn Surface> {
        None
    }
}

/// One decoded picture.
#[derive(Clone)]
pub struct Picture {
    /// Columns and rows of the visible picture.
    pub size: Size,
    /// How the samples lie.
    pub format: PixelFormat,
    /// What the samples mean.
    pub colour: Colour,
    /// The samples.
    pub planes: Arc<dyn Planes>,
    /// Counts the pictures of one stream; a larger number is a newer picture.
    pub sequence: u64,
    /// Presentation time, see [`crate::AccessUnit::timestamp`].
    pub timestamp: i64,
    /// When the last byte of its access unit arrived (monotonic).
    pub received: Instant,
    /// When the decoder had finished it (monotonic).
    pub decoded: Instant,
    /// When the camera says it took it, see [`crate::AccessUnit::captured`].
    pub captured: Option<SystemTime>,
    /// The decoder concealed something, or a packet before it was lost.
    pub damaged: bool,
    /// Who decoded it.
    pub decoder: Decoder,
}

impl Picture {
    /// A picture that no camera sent, made at `now`: sequence and timestamp 0, undamaged, by the processor.
    #[must_use]
    pub fn still(size: Size, format: PixelFormat, colour: Colour, planes: OwnedPlanes, now: Instant) -> Self {
        Self {
            size,
            format,
            colour,
            planes: Arc::new(planes),
            sequence: 0,
            timestamp: 0,
            received: now,
            decoded: now,
            captured: None,
            damaged: false,
            decoder: Decoder::Software,
        }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("size", &self.size)
            .field("format", &self.format)
            .field("colour", &self.colour)
            .field("sequence", &self.sequence)
            .field("timestamp", &self.timestamp)
            .field("damaged", &self.damaged)
            .finish_non_exhaustive()
    }
}

/// Planes in plain memory: for tests, still pictures and what a decoder had to copy.
pub struct OwnedPlanes {
    planes: Vec<(Vec<u8>, usize)>,
}

impl OwnedPlanes {
    /// Planes as pairs of bytes and stride (bytes from row to row).
    #[must_use]
    pub fn new(planes: Vec<(Vec<u8>, usize)>) -> Self {
        Self { planes }
    }
}

impl Planes for OwnedPlanes {
    fn plane(&self, index: usize) -> &[u8] {
        &self.planes[index].0
    }

    fn stride(&self, index: usize) -> usize {
        self.planes[index].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_sizes_round_chroma_up() {
        let size = Size::new(641, 361);
        assert_eq!(PixelFormat::I420.plane_size(1, size), Size::new(321, 181));
        let yuv422 = PixelFormat { subsampling: Subsampling::Yuv422, ..PixelFormat::I420 };
        assert_eq!(yuv422.plane_size(2, size), Size::new(321, 361));
    }

    #[test]
    fn height_decides_where_the_stream_is_silent() {
        assert_eq!(Colour::by_height(360).matrix, Matrix::Bt601);
        assert_eq!(Colour::by_height(1080).matrix, Matrix::Bt709);
    }
}
