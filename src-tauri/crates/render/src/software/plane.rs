//! One picture into the rows of its place.

use std::sync::Arc;

use model::{Picture, PlaneOrder, Size, Subsampling};

use crate::placement::Crop;
use crate::samples::Plane;

use super::axis::{Axes, Axis, ROW_PADDING, Span};
use super::kernel::{self, Coefficients, Level, Samples, Work};

/// Weights and row buffers that live from picture to picture.
#[derive(Default)]
pub(crate) struct Scaler {
    axes: Axes,
    buffers: Buffers,
}

/// One output row between the stages; index 0, 1, 2 is Y, U, V.
#[derive(Default)]
struct Buffers {
    pairs: Vec<u8>,
    weighed: [Vec<u8>; 3],
    scaled: [Vec<i16>; 3],
}

/// The way of one plane: where its samples are and how they are weighed.
struct Way<'a> {
    plane: Plane<'a>,
    samples: Samples,
    across: Arc<Axis>,
    down: Arc<Axis>,
}

impl Scaler {
    /// Scales the crop of a picture to `size` and writes it to `rows`, each `size.width` long. `reversed` turns it by
    /// 180°.
    pub(crate) fn scale<'r>(
        &mut self,
        level: Level,
        picture: &Picture,
        crop: Crop,
        size: Size,
        reversed: bool,
        coefficients: Coefficients,
        rows: impl Iterator<Item = &'r mut [u32]>,
    ) {
        let luma = self.way(picture, 0, crop, size, reversed);
        let chroma = match picture.format.subsampling {
            Subsampling::Grey => None,
            _ => Some((
                self.way(picture, 1, crop, size, reversed),
                (picture.format.order == PlaneOrder::Planar)
                    .then(|| self.way(picture, 2, crop, size, reversed)),
            )),
        };
        let (Some(luma), Some(chroma)) = (luma, checked(chroma)) else {
            log::error!("a picture of {:?} has fewer bytes than its size needs", picture.size);
            return;
        };
        self.buffers.fit(&luma, chroma.as_ref().map(|(first, _)| first), size.width as usize);
        level.run(Rows { luma, chroma, coefficients, rows, buffers: &mut self.buffers });
    }

    /// `None` where the plane is shorter than its size asks for.
    fn way<'a>(
        &mut self,
        picture: &'a Picture,
        index: usize,
        crop: Crop,
        out: Size,
        reversed: bool,
    ) -> Option<Way<'a>> {
        let (format, plane) = (picture.format, Plane::of(picture, index)?);
        let across = Span {
            samples: plane.size.width as usize,
            from: crop.x * plane.columns + plane.offset,
            to: (crop.x + crop.width) * plane.columns + plane.offset,
            len: out.width as usize,
            reversed,
        };
        let down = Span {
            samples: plane.size.height as usize,
            from: crop.y * plane.rows,
            to: (crop.y + crop.height) * plane.rows,
            len: out.height as usize,
            reversed,
        };
        let samples = match (format.depth, format.order) {
            (..=8, _) => Samples::Bytes,
            (_, PlaneOrder::Planar) => Samples::Words { shift: 16 - u32::from(format.depth) },
            (_, PlaneOrder::SemiPlanar) => Samples::Words { shift: 0 },
        };
        Some(Way { plane, samples, across: self.axes.get(across), down: self.axes.get(down) })
    }
}

type Chroma<'a> = (Way<'a>, Option<Way<'a>>);

/// Turns "a plane is missing" inside out.
fn checked<'a>(chroma: Option<(Option<Way<'a>>, Option<Option<Way<'a>>>)>) -> Option<Option<Chroma<'a>>> {
    match chroma {
        None => Some(None),
        Some((first, None)) => Some(Some((first?, None))),
        Some((first, Some(second))) => Some(Some((first?, Some(second?)))),
    }
}

impl Buffers {
    fn fit(&mut self, luma: &Way<'_>, chroma: Option<&Way<'_>>, width: usize) {
        let grow = |buffer: &mut Vec<u8>, len: usize| {
            if buffer.len() < len {
                buffer.resize(len, 0);
            }
        };
        let needed = |way: &Way<'_>| way.columns() + ROW_PADDING;
        grow(&mut self.weighed[0], needed(luma));
        if let Some(chroma) = chroma {
            grow(&mut self.weighed[1], needed(chroma));
            grow(&mut self.weighed[2], needed(chroma));
            grow(&mut self.pairs, 2 * needed(chroma));
        }
        let padded = width.next_multiple_of(16);
        for scaled in &mut self.scaled {
            if scaled.len() < padded {
                scaled.resize(padded, 0);
            }
        }
    }
}

impl Way<'_> {
    /// How many columns are read.
    fn columns(&self) -> usize {
        self.across.reach.1 - self.across.reach.0
    }

    /// Weighs the rows of output row `y` into `out`, from the first column that is needed on.
    #[inline(always)]
    fn weigh_rows(&self, level: Level, y: usize, out: &mut [u8]) {
        let left = self.across.reach.0 * self.plane.texel;
        let first = self.down.first[y];
        let weights = &self.down.fine[y * self.down.taps..][..self.down.taps];
        let row = |k: usize| &self.plane.bytes[(first + k) * self.plane.stride + left..];
        let next = self.down.first.get(y + 1).map_or(0, |next| next + self.down.taps);
        let ahead = (first + self.down.taps) * self.plane.stride..next * self.plane.stride;
        let ahead = self.plane.bytes.get(ahead).unwrap_or_default();
        kernel::weigh_rows(level, self.samples, row, weights, ahead, out);
    }
}

struct Rows<'a, R> {
    luma: Way<'a>,
    chroma: Option<Chroma<'a>>,
    coefficients: Coefficients,
    rows: R,
    buffers: &'a mut Buffers,
}

impl<'r, R: Iterator<Item = &'r mut [u32]>> Work for Rows<'_, R> {
    #[inline(always)]
    fn run(self, level: Level) {
        let Buffers { pairs, weighed, scaled } = self.buffers;
        let [weighed_y, weighed_u, weighed_v] = weighed;
        let [scaled_y, scaled_u, scaled_v] = scaled;
        for (y, out) in self.rows.enumerate() {
            let padded = out.len().next_multiple_of(16);
            one(level, &self.luma, y, weighed_y, &mut scaled_y[..padded]);
            match &self.chroma {
                None => {}
                Some((u, Some(v))) => {
                    one(level, u, y, weighed_u, &mut scaled_u[..padded]);
                    one(level, v, y, weighed_v, &mut scaled_v[..padded]);
                }
                Some((uv, None)) => {
                    let columns = uv.columns();
                    uv.weigh_rows(level, y, &mut pairs[..2 * columns]);
                    kernel::split_pairs(&pairs[..2 * columns], weighed_u, weighed_v);
                    let left = uv.across.reach.0;
                    kernel::weigh_columns(level, &uv.across, left, weighed_u, &mut scaled_u[..padded]);
                    kernel::weigh_columns(level, &uv.across, left, weighed_v, &mut scaled_v[..padded]);
                }
            }
            kernel::convert(self.coefficients, scaled_y, scaled_u, scaled_v, out);
        }
    }
}

#[inline(always)]
fn one(level: Level, way: &Way<'_>, y: usize, weighed: &mut [u8], scaled: &mut [i16]) {
    way.weigh_rows(level, y, &mut weighed[..way.columns()]);
    kernel::weigh_columns(level, &way.across, way.across.reach.0, weighed, scaled);
}
