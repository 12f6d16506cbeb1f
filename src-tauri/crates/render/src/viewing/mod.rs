//! Pictures of a copy that is only to be looked at: what nobody is to see is covered, and who took it out, for which case
//! and when each picture was taken is part of the picture.
//!
//! The words stand on bands above and below, so that they hide nothing; only the watermark lies over the picture, and
//! shows faintly everywhere in it. All of it happens in the picture's own luma and chroma: it is coded anew afterwards,
//! and would lose by a way through red, green and blue.

mod copy;
mod hide;

use model::{Canvas, Colour, Mask, Picture, Size};

use crate::caption::{Block, Patch, Style, Typesetter};
use crate::palette;

/// A band's height as a share of the picture's, and its limits in pixels.
const BAND: f32 = 0.062;
const BAND_LIMITS: (f32, f32) = (20.0, 72.0);
/// How much of the watermark is seen.
const WATERMARK: f32 = 0.2;
/// Where rows of the watermark stand, as shares of the picture's height.
const ROWS: [f32; 3] = [0.22, 0.52, 0.82];
/// Letters that would turn or hide others: names come from devices, lists and keyboards.
const TURNING: [std::ops::RangeInclusive<char>; 5] = [
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{061c}'..='\u{061c}',
    '\u{feff}'..='\u{feff}',
];

/// What stands on every picture of a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inscription {
    /// Above, in bold: the camera.
    pub title: String,
    /// Above, behind it: the site.
    pub place: String,
    /// Below: the case.
    pub case: String,
    /// Below, on the right: that this is a copy.
    pub notice: String,
    /// Over the picture, faintly: who took it out.
    pub watermark: String,
}

/// Makes the pictures of one copy. Memory: one canvas, and the watermark's pixels.
pub struct Inscriber {
    typesetter: Typesetter,
    words: Inscription,
    masks: Vec<Mask>,
    drawn: Option<Drawn>,
}

/// The canvas, and what stands on it.
struct Drawn {
    canvas: Canvas,
    /// Of the picture.
    size: Size,
    band: u32,
    time: String,
    /// Where in the luma plane a watermark's sample lies, how much it covers, and whether it is its light or its shadow.
    watermark: Vec<(u32, u8, bool)>,
}

impl Inscriber {
    /// For one camera's copy; masks that lie outside the picture cover nothing.
    #[must_use]
    pub fn new(words: &Inscription, masks: &[Mask]) -> Self {
        let Inscription { title, place, case, notice, watermark } = words;
        let words = Inscription {
            title: plain(title),
            place: plain(place),
            case: plain(case),
            notice: plain(notice),
            watermark: plain(watermark),
        };
        Self { typesetter: Typesetter::new(), words, masks: masks.to_vec(), drawn: None }
    }

    /// How many rows stand above a picture of this size, and as many below.
    #[must_use]
    pub fn band(size: Size) -> u32 {
        let height = (size.height as f32 * BAND).clamp(BAND_LIMITS.0, BAND_LIMITS.1);
        // A picture that is narrow and high has no room for high letters.
        let height = height.min((size.width as f32 * 0.05).max(BAND_LIMITS.0));
        (height as u32).next_multiple_of(2)
    }

    /// The picture, masked, with its words and this time. `None`: it has no samples.
    pub fn draw(&mut self, picture: &Picture, time: &str) -> Option<&Canvas> {
        let size = Size::new(picture.size.width & !1, picture.size.height & !1);
        if size.width == 0 || size.height == 0 {
            return None;
        }
        self.prepare(size, picture.colour);
        let Self { drawn, masks, .. } = self;
        let Drawn { canvas, band, watermark, .. } = drawn.as_mut()?;
        copy::into(picture, canvas, *band)?;
        for mask in &*masks {
            hide::cover(canvas, *band, size, *mask);
        }
        mark(canvas, watermark);
        self.write_time(time);
        self.drawn.as_ref().map(|drawn| &drawn.canvas)
    }

    /// In place of pictures that there are none of: words on black, as large as the picture before. `None`: there was none.
    pub fn card(&mut self, text: &str, detail: &str) -> Option<&Canvas> {
        let Self { drawn, typesetter, .. } = self;
        let Drawn { canvas, band, size, .. } = drawn.as_mut()?;
        let colour = canvas.colour();
        let (from, rows) = (*band as usize, size.height as usize);
        for (plane, value) in [(0, Canvas::black(colour)), (1, 128), (2, 128)] {
            let stride = canvas.stride(plane);
            let (from, rows) = if plane == 0 { (from, rows) } else { (from / 2, rows / 2) };
            canvas.plane_mut(plane)[from * stride..(from + rows) * stride].fill(value);
        }
        let (width, height) = (size.width as f32, size.height as f32);
        let large = (height * 0.06).clamp(11.0, 44.0);
        let mut patch = Patch::solid(0, 0, size.width, size.height, 0);
        let text = typesetter.wrap(&plain(text), Style::bold(large), width * 0.9, 2);
        let detail = typesetter.wrap(&plain(detail), Style::regular((large * 0.8).max(10.0)), width * 0.9, 3);
        let top = ((height - text.height - detail.height) / 2.0).max(0.0);
        let middle = |block: &Block| (width - block.width) / 2.0;
        typesetter.paint(&mut patch, &text, (middle(&text), top + text.ascent), palette::MESSAGE, false);
        let at = (middle(&detail), top + text.height + detail.ascent);
        typesetter.paint(&mut patch, &detail, at, palette::DETAIL, false);
        copy::patch(&patch, canvas, *band);
        self.drawn.as_ref().map(|drawn| &drawn.canvas)
    }

    /// A canvas for pictures of this size, with everything on it that stays.
    fn prepare(&mut self, size: Size, colour: Colour) {
        let fits = |drawn: &Drawn| drawn.size == size && drawn.canvas.colour() == colour;
        if self.drawn.as_ref().is_some_and(fits) {
            return;
        }
        let band = Self::band(size);
        let mut canvas = Canvas::new(Size::new(size.width, size.height + 2 * band), colour);
        let patch = self.foot(size.width, band);
        copy::patch(&patch, &mut canvas, band + size.height);
        let watermark = self.watermark(size, band);
        // No time is empty: the first one is written.
        self.drawn = Some(Drawn { canvas, size, band, time: String::new(), watermark });
    }

    /// The band above: it changes with the second.
    fn write_time(&mut self, time: &str) {
        let Some((width, band)) = self.drawn.as_ref().map(|drawn| (drawn.size.width, drawn.band)) else {
            return;
        };
        if self.drawn.as_ref().is_some_and(|drawn| drawn.time == time) {
            return;
        }
        let words = self.words.clone();
        let mut line = Line::new(width, band);
        let time_block = self.typesetter.lay(time, line.bold(), Some(line.room()));
        line.right(&mut self.typesetter, &time_block, palette::TITLE);
        // The time is what has to be there; the camera's name comes before the site's.
        let title = self.typesetter.lay(&words.title, line.bold(), Some(line.room()));
        line.left(&mut self.typesetter, &title, palette::TITLE);
        let place = self.typesetter.lay(&words.place, line.regular(), Some(line.room()));
        line.left(&mut self.typesetter, &place, palette::SUBTITLE);
        if let Some(drawn) = &mut self.drawn {
            copy::patch(&line.patch, &mut drawn.canvas, 0);
            time.clone_into(&mut drawn.time);
        }
    }

    fn foot(&mut self, width: u32, band: u32) -> Patch {
        let mut line = Line::new(width, band);
        let notice = self.typesetter.lay(&self.words.notice, line.bold(), Some(line.room()));
        line.right(&mut self.typesetter, &notice, palette::AMBER);
        let case = self.typesetter.lay(&self.words.case, line.regular(), Some(line.room()));
        line.left(&mut self.typesetter, &case, palette::SUBTITLE);
        line.patch
    }

    /// Rows of the same words, each set off against the one above, so that no part of the picture is without them.
    fn watermark(&mut self, size: Size, band: u32) -> Vec<(u32, u8, bool)> {
        let (width, height) = (size.width as f32, size.height as f32);
        let letter = (height * 0.05).clamp(10.0, 48.0);
        let block = self.typesetter.lay(&self.words.watermark, Style::bold(letter), Some(width * 0.7));
        let mut light = Patch::new(0, 0, size.width, size.height);
        let mut shadow = Patch::new(0, 0, size.width, size.height);
        if block.width > 0.0 {
            let apart = block.width + letter * 2.0;
            for (row, share) in ROWS.iter().enumerate() {
                let mut x = -apart * 0.37 * row as f32;
                while x < width {
                    let at = (x, height * share);
                    self.typesetter.paint(&mut light, &block, at, palette::TITLE, false);
                    self.typesetter.paint(&mut shadow, &block, (at.0 + 1.0, at.1 + 1.0), 0, false);
                    x += apart;
                }
            }
        }
        let mut samples = Vec::new();
        for (index, (light, shadow)) in light.pixels.iter().zip(&shadow.pixels).enumerate() {
            let (row, column) = (index as u32 / size.width, index as u32 % size.width);
            let at = (row + band) * size.width + column;
            let cover = |pixel: u32| ((pixel >> 24) as f32 * WATERMARK) as u8;
            match (cover(*light), cover(*shadow)) {
                (0, 0) => {}
                (0, dark) => samples.push((at, dark, false)),
                (bright, _) => samples.push((at, bright, true)),
            }
        }
        samples
    }
}

/// One line of words on a band, from both ends towards the middle.
struct Line {
    patch: Patch,
    size: f32,
    baseline: f32,
    from: f32,
    to: f32,
}

impl Line {
    fn new(width: u32, band: u32) -> Self {
        let size = (band as f32 * 0.62).max(10.0);
        let pad = (band as f32 * 0.3).round();
        let baseline = (band as f32 * 0.5 + size * 0.36).round();
        let patch = Patch::solid(0, 0, width, band, palette::PANEL);
        Self { patch, size, baseline, from: pad, to: width as f32 - pad }
    }

    fn bold(&self) -> Style {
        Style::bold(self.size)
    }

    fn regular(&self) -> Style {
        Style::regular(self.size * 0.9)
    }

    fn room(&self) -> f32 {
        (self.to - self.from).max(0.0)
    }

    fn left(&mut self, typesetter: &mut Typesetter, block: &Block, colour: u32) {
        typesetter.paint(&mut self.patch, block, (self.from, self.baseline), colour, false);
        self.from += if block.width > 0.0 { block.width + self.size * 0.6 } else { 0.0 };
    }

    fn right(&mut self, typesetter: &mut Typesetter, block: &Block, colour: u32) {
        let at = (self.to - block.width, self.baseline);
        typesetter.paint(&mut self.patch, block, at, colour, false);
        self.to = at.0 - self.size * 0.6;
    }
}

/// Lays the watermark over the luma.
fn mark(canvas: &mut Canvas, watermark: &[(u32, u8, bool)]) {
    let black = Canvas::black(canvas.colour());
    let white = 255 - black.max(1) + 1;
    let luma = canvas.plane_mut(0);
    for (at, cover, light) in watermark {
        let Some(sample) = luma.get_mut(*at as usize) else { continue };
        let over = u32::from(if *light { white } else { black });
        let cover = u32::from(*cover);
        *sample = ((over * cover + u32::from(*sample) * (255 - cover) + 127) / 255) as u8;
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| !TURNING.iter().any(|range| range.contains(letter))).collect()
}

#[cfg(test)]
mod tests;
