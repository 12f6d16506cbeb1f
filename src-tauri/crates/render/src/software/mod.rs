//! The compositor for machines without a usable graphics processor: planes are scaled and converted straight into
//! the rows of the wall's picture, one thread, no allocation once every tile has been drawn.
//!
//! A row of output goes through all stages while it is in the first-level cache: rows weighed (vertical, cheap in
//! SIMD, and it throws most of the data away), columns weighed, Y, U, V converted to RGB. Chroma is scaled to the full
//! size of the tile, so no colour edge is coarser than the screen.

mod axis;
mod columns;
mod free;
mod level;
mod pixels;
mod plane;
mod present;
mod rows;

use std::sync::Arc;

use model::{Rect, Size, Turn};

use crate::caption::Overlay;
use crate::colour::Equation;
use crate::palette;
use crate::placement::{Free, Placement, Seen};
use crate::scene::Tile;
use crate::wall::{RenderError, Scene, WindowHandle};

use free::Lookup;
use level::{Level, Work};
use pixels::Coefficients;
use plane::{Scaled, Scaler};
use present::Presenter;

/// The wall's picture in memory, 0x00RRGGBB row by row, and the window it goes to.
pub(crate) struct Compositor {
    pixels: Vec<u32>,
    size: Size,
    level: Level,
    scaler: Scaler,
    lookup: Lookup,
    turning: Vec<u32>,
    damage: Vec<Rect>,
    presenter: Option<Presenter>,
}

impl Compositor {
    pub(crate) fn open(window: Option<Arc<dyn WindowHandle>>) -> Result<Self, RenderError> {
        Ok(Self {
            pixels: Vec::new(),
            size: Size::new(0, 0),
            level: Level::detect(),
            scaler: Scaler::default(),
            lookup: Lookup::default(),
            turning: Vec::new(),
            damage: Vec::new(),
            presenter: window.map(Presenter::open).transpose()?,
        })
    }

    pub(crate) fn instructions(&self) -> &'static str {
        self.level.name()
    }

    /// Draws and presents; says whether a window got it.
    pub(crate) fn draw(&mut self, size: Size, scene: &Scene<'_>, whole: bool) -> Result<bool, RenderError> {
        if scene.fresh {
            self.size = size;
            self.pixels.clear();
            self.pixels.resize(size.width as usize * size.height as usize, palette::GAP);
        }
        self.damage.clear();
        for &index in scene.changed {
            if let Some(place) = scene.places[index] {
                self.tile(place, &scene.tiles[index], (scene.overlays)(index));
                self.damage.push(place);
            }
        }
        if whole {
            self.damage.clear();
            self.damage.push(Rect::new(0, 0, size.width, size.height));
        }
        let Some(presenter) = &mut self.presenter else { return Ok(false) };
        presenter.present(&self.pixels, size, &self.damage)?;
        Ok(true)
    }

    /// The wall's picture as R, G, B, A bytes.
    pub(crate) fn read(&self, size: Size) -> Vec<u8> {
        let mut rgba = Vec::with_capacity(self.pixels.len() * 4);
        for pixel in &self.pixels {
            let [b, g, r, _] = pixel.to_le_bytes();
            rgba.extend([r, g, b, 255]);
        }
        rgba.resize(size.width as usize * size.height as usize * 4, 0);
        rgba
    }

    fn tile(&mut self, place: Rect, tile: &Tile, overlay: &Overlay) {
        let stride = self.size.width as usize;
        match &tile.picture {
            None => fill(&mut self.pixels, stride, place, palette::PANEL),
            Some((_, picture)) => match Seen::of(place, picture.size, tile) {
                None => fill(&mut self.pixels, stride, place, palette::BAR),
                Some(Seen::Free(free)) => self.look_up(&free, tile),
                Some(Seen::Upright(placement)) => {
                    fill_around(&mut self.pixels, stride, place, placement.target);
                    self.picture(placement, tile);
                }
            },
        }
        for patch in &overlay.patches {
            let at = Rect::new(place.x + patch.x, place.y + patch.y, patch.width, patch.height);
            let rows = rows(&mut self.pixels, stride, at);
            self.level.run(Blend { rows, patch: &patch.pixels, width: patch.width as usize });
        }
    }

    fn picture(&mut self, placement: Placement, tile: &Tile) {
        let Some((_, picture)) = &tile.picture else { return };
        let equation = Equation::of(picture.colour, picture.format, tile.dimmed);
        let coefficients = Coefficients::new(equation);
        let (target, stride) = (placement.target, self.size.width as usize);
        let reversed = matches!(tile.turn, Turn::Half | Turn::ThreeQuarters);
        let sharp = !tile.sight.is_plain();
        let result = Scaled { crop: placement.crop, size: target.size(), reversed, sharp, coefficients };
        match tile.turn {
            Turn::None | Turn::Half => {
                let rows = rows(&mut self.pixels, stride, target);
                self.scaler.scale(self.level, picture, result, rows);
            }
            Turn::Quarter | Turn::ThreeQuarters => {
                let lying = Size::new(target.height, target.width);
                let width = lying.width as usize;
                self.turning.resize(width * lying.height as usize, 0);
                let result = Scaled { size: lying, ..result };
                self.scaler.scale(self.level, picture, result, self.turning.chunks_exact_mut(width));
                stand_up(&self.turning, lying, &mut self.pixels, stride, target);
            }
        }
    }
}

impl Compositor {
    /// A picture that is rotated or corrected.
    fn look_up(&mut self, free: &Free, tile: &Tile) {
        let Some((_, picture)) = &tile.picture else { return };
        let coefficients = Coefficients::new(Equation::of(picture.colour, picture.format, tile.dimmed));
        let rows = rows(&mut self.pixels, self.size.width as usize, free.target);
        self.lookup.draw(self.level, picture, free, coefficients, rows);
    }
}

/// The rows of a rectangle of the wall's picture.
fn rows(pixels: &mut [u32], stride: usize, rect: Rect) -> impl Iterator<Item = &mut [u32]> {
    let (x, width) = (rect.x as usize, rect.width as usize);
    let rows = pixels.chunks_exact_mut(stride.max(1)).skip(rect.y as usize).take(rect.height as usize);
    rows.map(move |row| &mut row[x..x + width])
}

fn fill(pixels: &mut [u32], stride: usize, rect: Rect, colour: palette::Rgb) {
    rows(pixels, stride, rect).for_each(|row| row.fill(colour));
}

/// Fills what of `outer` is not `inner`: the bars.
fn fill_around(pixels: &mut [u32], stride: usize, outer: Rect, inner: Rect) {
    let left = (inner.x - outer.x) as usize;
    let right = left + inner.width as usize;
    let (top, bottom) = (inner.y - outer.y, inner.y - outer.y + inner.height);
    for (y, row) in (0..).zip(rows(pixels, stride, outer)) {
        if (top..bottom).contains(&y) {
            row[..left].fill(palette::BAR);
            row[right..].fill(palette::BAR);
        } else {
            row.fill(palette::BAR);
        }
    }
}

/// Turns a lying picture a quarter clockwise. In squares, or each column would touch as many cache lines as rows.
fn stand_up(lying: &[u32], size: Size, pixels: &mut [u32], stride: usize, target: Rect) {
    const SIDE: usize = 16;
    let (width, height) = (size.width as usize, size.height as usize);
    let (left, top) = (target.x as usize, target.y as usize);
    for square_y in (0..width).step_by(SIDE) {
        for square_x in (0..height).step_by(SIDE) {
            for y in square_y..(square_y + SIDE).min(width) {
                let row = &mut pixels[(top + y) * stride + left..][..height];
                for x in square_x..(square_x + SIDE).min(height) {
                    row[x] = lying[(height - 1 - x) * width + y];
                }
            }
        }
    }
}

struct Blend<'a, R> {
    rows: R,
    patch: &'a [u32],
    width: usize,
}

impl<'a, R: Iterator<Item = &'a mut [u32]>> Work for Blend<'_, R> {
    #[inline(always)]
    fn run(self, _: Level) {
        for (under, over) in self.rows.zip(self.patch.chunks_exact(self.width.max(1))) {
            pixels::blend(over, under);
        }
    }
}
