//! From light to luma and chroma, as a small camera does it: exposure, lens shading, glare, tone curve, sharpening.

use model::Size;

use super::lighting::Lighting;
use super::still::{Pixel, Still};
use super::vector::{V, v};

/// Exposed light beyond this is white.
const BRIGHTEST: f32 = 6.0;
const TABLE: usize = 2048;

pub(super) struct Tone {
    size: Size,
    pub(super) grey: bool,
    exposure: f32,
    /// How much darker the corners are.
    falloff: f32,
    /// Luma of exposed light from 0 to [`BRIGHTEST`], finer in the dark.
    table: Vec<f32>,
    /// Stray light, by cells of 8 × 8 pixels' worth at 640 columns.
    glare: Vec<f32>,
    columns: usize,
    cell: usize,
}

/// The tone curve: a soft shoulder, gamma, and some contrast; more of it at night.
fn level(light: f32, grey: bool) -> f32 {
    let gamma = (1.0 - (-1.35 * light).exp()).powf(1.0 / 2.2);
    let steep = gamma * gamma * (3.0 - 2.0 * gamma);
    let contrast = if grey { 0.75 } else { 0.55 };
    0.03 + 0.97 * (gamma * (1.0 - contrast) + steep * contrast)
}

impl Tone {
    /// Exposes as automatic exposure would: by the middle brightness, guarding the bright parts.
    pub(super) fn new(still: &Still, lighting: &Lighting, grey: bool) -> Self {
        let size = still.size;
        let cell = (size.width.max(size.height) as usize / 80).max(1);
        let columns = (size.width as usize).div_ceil(cell);
        let falloff = if grey { 0.85 } else { 0.3 };
        let level = |i: usize| level((i as f32 / (TABLE - 1) as f32).powi(2) * BRIGHTEST, grey);
        let table = (0..TABLE).map(level).collect();
        let mut tone = Self { size, grey, exposure: 1.0, falloff, table, glare: Vec::new(), columns, cell };
        let mut lights: Vec<f32> = (0..still.pixels.len())
            .step_by(37)
            .map(|i| tone.still(&still.pixels[i], lighting, 1.0, 1.0).luminance())
            .collect();
        lights.sort_by(f32::total_cmp);
        let at = |share: f32| lights[(lights.len() as f32 * share) as usize].max(1e-4);
        let mean = lights.iter().map(|light| light.max(1e-3).ln()).sum::<f32>() / lights.len() as f32;
        tone.exposure = if grey {
            (0.13 / mean.exp()).min(0.9 / at(0.95))
        } else {
            (0.26 / mean.exp()).min(1.5 / at(0.9))
        };
        tone.glare = tone.stray(still, lighting);
        tone
    }

    /// What bright cells spill over their neighbours.
    fn stray(&self, still: &Still, lighting: &Lighting) -> Vec<f32> {
        let rows = (self.size.height as usize).div_ceil(self.cell);
        let mut cells = vec![0.0_f32; self.columns * rows];
        let width = self.size.width as usize;
        for (i, pixel) in still.pixels.iter().enumerate() {
            let light = self.still(pixel, lighting, 1.0, 1.0).luminance() * self.exposure;
            cells[i / width / self.cell * self.columns + i % width / self.cell] +=
                (light - 1.3).clamp(0.0, 4.0);
        }
        let area = (self.cell * self.cell) as f32;
        for _ in 0..3 {
            for step in [1, self.columns] {
                let before = cells.clone();
                for (i, cell) in cells.iter_mut().enumerate() {
                    let at = |k: isize| {
                        before.get(i.wrapping_add_signed(k * step as isize)).copied().unwrap_or(0.0)
                    };
                    *cell = (-2..=2).map(at).sum::<f32>() / 5.0;
                }
            }
        }
        cells.iter().map(|cell| cell / area * 0.12 / self.exposure).collect()
    }

    fn glare_at(&self, x: usize, y: usize) -> f32 {
        let rows = self.glare.len() / self.columns.max(1);
        if rows == 0 {
            return 0.0;
        }
        let place = |x: usize, limit: usize| {
            let at = ((x as f32 + 0.5) / self.cell as f32 - 0.5).clamp(0.0, (limit - 1) as f32);
            (at as usize, (at as usize + 1).min(limit - 1), at.fract())
        };
        let ((x0, x1, tx), (y0, y1, ty)) = (place(x, self.columns), place(y, rows));
        let line = |y: usize| {
            let (a, b) = (self.glare[y * self.columns + x0], self.glare[y * self.columns + x1]);
            a + (b - a) * tx
        };
        line(y0) + (line(y1) - line(y0)) * ty
    }

    /// Light of a still pixel, with shares of its surroundings' and its source's light.
    pub(super) fn still(&self, pixel: &Pixel, lighting: &Lighting, ambient: f32, direct: f32) -> V {
        let light = lighting.ambient * (pixel.ambient * ambient) + lighting.direct * (pixel.direct * direct);
        pixel.albedo.times(light) + pixel.shine
    }

    /// Lens shading.
    pub(super) fn vignette(&self, x: usize, y: usize) -> f32 {
        let (w, h) = (self.size.width as f32, self.size.height as f32);
        let (a, b) = (2.0 * x as f32 / w - 1.0, 2.0 * y as f32 / h - 1.0);
        let far = (a * a + b * b) / 2.0;
        1.0 - self.falloff * far * (0.35 + 0.65 * far)
    }

    /// Luma 0–1 of light.
    pub(super) fn curve(&self, light: f32) -> f32 {
        let place = (light.max(0.0) * (self.exposure / BRIGHTEST)).sqrt() * (TABLE - 1) as f32;
        let i = (place as usize).min(TABLE - 2);
        self.table[i] + (self.table[i + 1] - self.table[i]) * (place - i as f32).min(1.0)
    }

    /// Y, U, V in the limited range. Colours pale as they near white.
    pub(super) fn yuv(&self, light: V) -> [f32; 3] {
        if self.grey {
            return [16.0 + 219.0 * self.curve(light.luminance()), 128.0, 128.0];
        }
        let c = v(self.curve(light.x), self.curve(light.y), self.curve(light.z));
        let (kr, kb) = if self.size.width >= 1080 { (0.2126, 0.0722) } else { (0.299, 0.114) };
        let luma = kr * c.x + (1.0 - kr - kb) * c.y + kb * c.z;
        let saturation = 0.9 * 224.0;
        let u = 128.0 + saturation * (c.z - luma) / (2.0 - 2.0 * kb);
        let w = 128.0 + saturation * (c.x - luma) / (2.0 - 2.0 * kr);
        [16.0 + 219.0 * luma, u, w]
    }

    fn whole(&self, still: &Still, lighting: &Lighting, x: usize, y: usize, direct: f32) -> V {
        let pixel = &still.pixels[y * self.size.width as usize + x];
        let stray = self.glare_at(x, y);
        self.still(pixel, lighting, 1.0, direct) * self.vignette(x, y) + v(stray, stray, stray)
    }

    /// Luma of the still picture in sixteenths, sharpened; and what of it the source of light makes.
    pub(super) fn luma(&self, still: &Still, lighting: &Lighting) -> (Vec<i16>, Vec<i16>) {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let mut luma = Vec::with_capacity(width * height);
        let mut source = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let lit = self.yuv(self.whole(still, lighting, x, y, 1.0))[0];
                let unlit = self.yuv(self.whole(still, lighting, x, y, 0.7))[0];
                luma.push(lit * 16.0);
                source.push(((lit - unlit) * 16.0 / 0.3) as i16);
            }
        }
        // Small cameras sharpen more than is good.
        let sharpened = |i: usize| {
            let at = |j: usize| luma.get(j).copied().unwrap_or(luma[i]);
            let around =
                (at(i.wrapping_sub(1)) + at(i + 1) + at(i.wrapping_sub(width)) + at(i + width)) / 4.0;
            (luma[i] + 0.55 * (luma[i] - around)).clamp(16.0 * 16.0, 235.0 * 16.0) as i16
        };
        ((0..luma.len()).map(sharpened).collect(), source)
    }

    /// All of U, then all of V, at half the columns and rows.
    pub(super) fn chroma(&self, still: &Still, lighting: &Lighting) -> Vec<u8> {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let (columns, rows) = (width.div_ceil(2), height.div_ceil(2));
        let mut planes = vec![128; 2 * columns * rows];
        if self.grey {
            return planes;
        }
        for y in 0..rows {
            for x in 0..columns {
                let right = (2 * x + 1).min(width - 1);
                let a = self.whole(still, lighting, 2 * x, 2 * y, 1.0);
                let b = self.whole(still, lighting, right, (2 * y + 1).min(height - 1), 1.0);
                let [_, u, w] = self.yuv((a + b) * 0.5);
                planes[y * columns + x] = u as u8;
                planes[(rows + y) * columns + x] = w as u8;
            }
        }
        planes
    }
}
