//! From Y, U, V to R, G, B, and what dimming does to it.

use model::{Colour, Matrix, PixelFormat, Range, Subsampling};

/// A dimmed picture's brightness, as a share of the live one's.
const DIMMED_BRIGHTNESS: f32 = 0.35;
/// A dimmed picture's saturation.
const DIMMED_SATURATION: f32 = 0.25;

/// The equation for one picture, for samples scaled so that the largest is 255:
/// `R = luma·(Y − black) + red_v·(V − 128)`, `G = luma·(Y − black) − green_u·(U − 128) − green_v·(V − 128)`,
/// `B = luma·(Y − black) + blue_u·(U − 128)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Equation {
    pub black: f32,
    pub luma: f32,
    pub red_v: f32,
    pub green_u: f32,
    pub green_v: f32,
    pub blue_u: f32,
}

impl Equation {
    /// Rec. ITU-R BT.601-7 §2.5 and BT.709-6 §3: Kr and Kb give all the coefficients. Dimming is folded in, so it
    /// costs nothing a pixel.
    pub(crate) fn of(colour: Colour, format: PixelFormat, dimmed: bool) -> Self {
        let (kr, kb) = match colour.matrix {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
        };
        let kg = 1.0 - kr - kb;
        let (black, luma, chroma) = match colour.range {
            Range::Limited => (16.0, 255.0 / 219.0, 255.0 / 224.0),
            Range::Full => (0.0, 1.0, 1.0),
        };
        let brightness = if dimmed { DIMMED_BRIGHTNESS } else { 1.0 };
        let saturation = match (format.subsampling, dimmed) {
            (Subsampling::Grey, _) => 0.0,
            (_, true) => DIMMED_SATURATION,
            (_, false) => 1.0,
        };
        let chroma = chroma * brightness * saturation;
        Self {
            black,
            luma: luma * brightness,
            red_v: 2.0 * (1.0 - kr) * chroma,
            green_u: 2.0 * (1.0 - kb) * kb / kg * chroma,
            green_v: 2.0 * (1.0 - kr) * kr / kg * chroma,
            blue_u: 2.0 * (1.0 - kb) * chroma,
        }
    }
}

/// Where chroma samples stand between the luma columns: H.264 and H.265 put them on every second luma column unless
/// they say otherwise (H.265 Annex E, `chroma_sample_loc_type` 0), vertically half-way. Returns the offset, in chroma
/// columns, from the centred position.
pub(crate) fn chroma_column_offset(format: PixelFormat) -> f64 {
    match format.subsampling {
        Subsampling::Yuv420 | Subsampling::Yuv422 => 0.25,
        Subsampling::Grey | Subsampling::Yuv444 => 0.0,
    }
}
