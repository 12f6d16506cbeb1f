//! One picture into the rows of its place.

use std::sync::Arc;

use model::{Picture, PlaneOrder, Size, Subsampling};

use crate::placement::Crop;
use crate::samples::Plane;

use super::axis::{Axes, Axis, ROW_PADDING, Span};
use super::columns::weigh_columns;
use super::level::{Level, Work};
use super::pixels::{Coefficients, convert};
use super::rows::{Samples, split_pairs, weigh_rows, weigh_rows_signed};

/// Weights and row buffers that live from picture to picture.
#[derive(Default)]
pub(crate) struct Scaler {
    axes: Axes,
    buffers: Buffers,
}

/// What is to come out.
#[derive(Clone, Copy)]
pub(crate) struct Scaled {
    /// The part of the picture.
    pub crop: Crop,
    /// Its size in the end.
    pub size: Size,
    /// Turned by 180°.
    pub reversed: bool,
    /// A person has zoomed in: luma is enlarged with sharper edges.
    pub sharp: bool,
    /// What the samples mean.
    pub coefficients: Coefficients,
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
    /// Scales a picture and writes it to `rows`, each `result.size.width` long.
    pub(crate) fn scale<'r>(
        &mut self,
        level: Level,
        picture: &Picture,
        result: Scaled,
        rows: impl Iterator<Item = &'r mut [u32]>,
    ) {
        let size = result.size;
        let luma = self.way(picture, 0, result);
        let chroma = match picture.format.subsampling {
            Subsampling::Grey => None,
            _ => Some((
                self.way(picture, 1, result),
                (picture.format.order == PlaneOrder::Planar).then(|| self.way(picture, 2, result)),
            )),
        };
        let (Some(luma), Some(chroma)) = (luma, checked(chroma)) else {
            log::error!("a picture of {:?} has fewer bytes than its size needs", picture.size);
            return;
        };
        self.buffers.fit(&luma, chroma.as_ref().map(|(first, _)| first), size.width as usize);
        let coefficients = result.coefficients;
        level.run(Rows { luma, chroma, coefficients, rows, buffers: &mut self.buffers });
    }

    /// `None` where the plane is shorter than its size asks for.
    fn way<'a>(&mut self, picture: &'a Picture, index: usize, result: Scaled) -> Option<Way<'a>> {
        let Scaled { crop, size, reversed, .. } = result;
        let sharp = result.sharp && index == 0;
        let (format, plane) = (picture.format, Plane::of(picture, index)?);
        let across = Span {
            samples: plane.size.width as usize,
            from: crop.x * plane.columns + plane.offset,
            to: (crop.x + crop.width) * plane.columns + plane.offset,
            len: size.width as usize,
            reversed,
            sharp,
        };
        let down = Span {
            samples: plane.size.height as usize,
            from: crop.y * plane.rows,
            to: (crop.y + crop.height) * plane.rows,
            len: size.height as usize,
            reversed,
            sharp,
        };
        let samples = Samples::of(format);
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
        let Plane { bytes, stride, texel, pairs, .. } = self.plane;
        let Axis { first, taps, fine, .. } = &*self.down;
        let left = self.across.reach.0 * texel;
        let row = |k: usize| &bytes[(first[y] + k) * stride + left..];
        let samples = if pairs { 2 * self.columns() } else { self.columns() };
        if self.down.cubic {
            let weights = &self.down.coarse[y * self.down.coarse_taps..][..*taps];
            return weigh_rows_signed(self.samples, row, weights, &mut out[..samples]);
        }
        weigh_rows(level, self.samples, row, &fine[y * taps..][..*taps], &mut out[..samples]);
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
            let [y_row, u_row, v_row] =
                [&mut *scaled_y, &mut *scaled_u, &mut *scaled_v].map(|row| &mut row[..padded]);
            self.luma.weigh_rows(level, y, weighed_y);
            weigh_columns(level, &self.luma.across, [weighed_y], [&mut *y_row]);
            if self.luma.across.cubic {
                // A spline overshoots beside edges, and conversion counts on samples from 0 to 255.
                y_row.iter_mut().for_each(|sample| *sample = (*sample).clamp(0, 255));
            }
            if let Some((first, second)) = &self.chroma {
                match second {
                    Some(second) => {
                        first.weigh_rows(level, y, weighed_u);
                        second.weigh_rows(level, y, weighed_v);
                    }
                    None => {
                        first.weigh_rows(level, y, pairs);
                        split_pairs(&pairs[..2 * first.columns()], weighed_u, weighed_v);
                    }
                }
                weigh_columns(level, &first.across, [weighed_u, weighed_v], [u_row, v_row]);
            }
            convert(level, self.coefficients, [scaled_y, scaled_u, scaled_v], out);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use model::picture::OwnedPlanes;
    use model::{Colour, PixelFormat};

    use crate::colour::Equation;

    use super::*;

    fn noise(size: Size, format: PixelFormat) -> Picture {
        let planes = (0..format.planes()).map(|plane| {
            let extent = format.plane_size(plane, size);
            let stride = extent.width as usize * format.bytes_per_texel(plane) + 6;
            let mut state = plane as u32 + 1;
            let bytes = (0..stride * extent.height as usize).map(|i| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // The upper byte of a planar 10-bit sample is 0 to 3.
                let most = if format.depth > 8 && i % 2 == 1 { 3 } else { 255 };
                (state >> 24) as u8 & most
            });
            (bytes.collect(), stride)
        });
        let planes = OwnedPlanes::new(planes.collect());
        Picture::still(size, format, Colour::by_height(1080), planes, Instant::now())
    }

    /// Every way of computing gives the same pixels; this also runs the portable code on machines that have better.
    #[test]
    fn all_levels_agree() {
        let nv12 = PixelFormat { order: PlaneOrder::SemiPlanar, ..PixelFormat::I420 };
        let ten_bits = PixelFormat { depth: 10, ..PixelFormat::I420 };
        // Enlarged, copied, shrunk so that 4 outputs share 16 bytes, so that they don't, and so that they never could.
        for (from, to, sharp) in [
            (90, 333, false),
            (90, 333, true),
            (200, 200, false),
            (640, 238, false),
            (1920, 638, false),
            (1500, 100, false),
            (70, 3, false),
        ] {
            for format in [PixelFormat::I420, nv12, ten_bits] {
                let picture = noise(Size::new(from, 60), format);
                let (size, crop) =
                    (Size::new(to, 40), Crop { x: 3.3, y: 0.0, width: f64::from(from) - 5.0, height: 60.0 });
                let draw = |level: Level, reversed: bool| {
                    let mut pixels = vec![0; (to * 40) as usize];
                    let coefficients = Coefficients::new(Equation::of(picture.colour, format, false));
                    let rows = pixels.chunks_exact_mut(to as usize);
                    let result = Scaled { crop, size, reversed, sharp, coefficients };
                    Scaler::default().scale(level, &picture, result, rows);
                    pixels
                };
                let reversed = from % 3 == 0;
                assert!(
                    draw(Level::Baseline, reversed) == draw(Level::detect(), reversed),
                    "{from} to {to}, {format:?}"
                );
            }
        }
    }
}
