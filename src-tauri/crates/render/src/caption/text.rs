//! Typesetting with the two faces that are built in; no font of the machine is ever asked, so every wall looks the same.

use std::sync::Arc;

use cosmic_text::{
    Attrs, Buffer, Ellipsize, EllipsizeHeightLimit, Family, FontSystem, LayoutGlyph, Metrics, Shaping,
    SwashCache, Weight, Wrap, fontdb,
};

use crate::palette::Rgb;

use super::patch::Patch;

static REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

/// Line height in sizes: room for a hook on a circumflex (ẩ) below a dot (ộ) above.
const LEADING: f32 = 1.34;
/// Glyph images that are kept; a wall uses some hundreds.
const MOST_GLYPHS: usize = 8_192;

/// How text is set.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    size: f32,
    weight: Weight,
}

impl Style {
    /// `size` in pixels an em.
    pub(crate) fn regular(size: f32) -> Self {
        Self { size, weight: Weight::NORMAL }
    }

    /// `size` in pixels an em.
    pub(crate) fn bold(size: f32) -> Self {
        Self { size, weight: Weight::BOLD }
    }
}

/// Text that has been set, in pixels.
#[derive(Default)]
pub(crate) struct Block {
    /// Of the widest line.
    pub width: f32,
    /// Of all lines.
    pub height: f32,
    /// From the top to the first baseline.
    pub ascent: f32,
    /// Glyphs, and where their line's origin stands from the first line's baseline.
    glyphs: Vec<(LayoutGlyph, f32, f32)>,
}

/// Fonts, a line breaker and glyph images.
pub(crate) struct Typesetter {
    fonts: FontSystem,
    images: SwashCache,
    buffer: Buffer,
}

impl Typesetter {
    pub(crate) fn new() -> Self {
        let mut faces = fontdb::Database::new();
        for face in [REGULAR, BOLD] {
            faces.load_font_source(fontdb::Source::Binary(Arc::new(face)));
        }
        let fonts = FontSystem::new_with_locale_and_db("vi".to_owned(), faces);
        let buffer = Buffer::new_empty(Metrics::new(16.0, 16.0));
        Self { fonts, images: SwashCache::new(), buffer }
    }

    /// One line, shortened to `room` pixels with an ellipsis.
    pub(crate) fn lay(&mut self, text: &str, style: Style, room: Option<f32>) -> Block {
        self.set(text, style, room, Wrap::None, 1)
    }

    /// At most `lines` centred lines of `room` pixels; what is left over becomes an ellipsis.
    pub(crate) fn wrap(&mut self, text: &str, style: Style, room: f32, lines: usize) -> Block {
        let block = self.set(text, style, Some(room), Wrap::WordOrGlyph, lines);
        if block.height <= style.size * LEADING {
            return block;
        }
        // Lines of about the same length: the narrowest measure that needs no line more.
        for share in [0.55, 0.65, 0.75, 0.85] {
            let narrower = self.set(text, style, Some(room * share), Wrap::Word, lines + 1);
            if narrower.height <= block.height && narrower.width <= room {
                return narrower;
            }
        }
        block
    }

    fn set(&mut self, text: &str, style: Style, room: Option<f32>, wrap: Wrap, lines: usize) -> Block {
        let text = one_paragraph(text);
        if text.is_empty() || room.is_some_and(|room| room < style.size) {
            return Block::default();
        }
        let attrs = Attrs::new().family(Family::Name("Noto Sans")).weight(style.weight);
        let buffer = &mut self.buffer;
        buffer.set_metrics(Metrics::new(style.size, style.size * LEADING));
        buffer.set_wrap(wrap);
        buffer.set_ellipsize(match room {
            Some(_) => Ellipsize::End(EllipsizeHeightLimit::Lines(lines)),
            None => Ellipsize::None,
        });
        buffer.set_size(room, None);
        buffer.set_text(&text, &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);
        let mut block = Block::default();
        for run in buffer.layout_runs() {
            if block.glyphs.is_empty() {
                block.ascent = run.line_y;
            }
            block.width = block.width.max(run.line_w);
            block.height = run.line_top + run.line_height;
        }
        for run in buffer.layout_runs() {
            let x = if wrap == Wrap::None { 0.0 } else { (block.width - run.line_w) / 2.0 };
            block.glyphs.extend(run.glyphs.iter().map(|glyph| (glyph.clone(), x, run.line_y - block.ascent)));
        }
        block
    }

    /// Paints a block with its first baseline's left end at `origin`, over a soft shadow where it stands on a picture.
    pub(crate) fn paint(
        &mut self,
        patch: &mut Patch,
        block: &Block,
        origin: (f32, f32),
        colour: Rgb,
        shadow: bool,
    ) {
        if self.images.image_cache.len() > MOST_GLYPHS {
            self.images.image_cache.clear();
        }
        if shadow {
            self.pass(patch, block, (origin.0, origin.1 + 1.0), 0, 0.55);
        }
        self.pass(patch, block, origin, colour, 1.0);
    }

    fn pass(&mut self, patch: &mut Patch, block: &Block, origin: (f32, f32), colour: Rgb, strength: f32) {
        for (glyph, x, y) in &block.glyphs {
            let glyph = glyph.physical((origin.0 + x, (origin.1 + y).round()), 1.0);
            let Some(image) = self.images.get_image(&mut self.fonts, glyph.cache_key) else { continue };
            let columns = image.placement.width.max(1) as usize;
            for (row, covers) in (0..).zip(image.data.chunks_exact(columns)) {
                for (column, &cover) in (0..).zip(covers) {
                    let (px, py) =
                        (glyph.x + image.placement.left + column, glyph.y - image.placement.top + row);
                    patch.over(px, py, colour, f32::from(cover) / 255.0 * strength);
                }
            }
        }
    }
}

/// Line feeds and other controls as spaces: names come from devices and files.
fn one_paragraph(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every vowel with every tone, as Vietnamese has them, in both cases.
    const LETTERS: &str = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ \
                           AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆGHIÌỈĨÍỊKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVXYỲỶỸÝỴ \
                           0123456789 …·–—“”‘’()/:;.,+-×%°";

    #[test]
    fn both_faces_have_every_letter() {
        let mut typesetter = Typesetter::new();
        for style in [Style::regular(20.0), Style::bold(20.0)] {
            let block = typesetter.lay(LETTERS, style, None);
            let missing: Vec<&str> = block
                .glyphs
                .iter()
                .filter(|(glyph, ..)| glyph.glyph_id == 0)
                .map(|(glyph, ..)| &LETTERS[glyph.start..glyph.end])
                .collect();
            assert!(missing.is_empty() && block.width > 1000.0, "{missing:?}");
            let faces: std::collections::HashSet<_> =
                block.glyphs.iter().map(|(glyph, ..)| glyph.font_id).collect();
            assert_eq!(faces.len(), 1, "one face has them all");
        }
    }

    #[test]
    fn text_is_shortened_to_its_room() {
        let mut typesetter = Typesetter::new();
        let text = "Hành lang tầng hai khu cách ly tập trung";
        let whole = typesetter.lay(text, Style::bold(18.0), None);
        assert!(whole.width > 200.0);
        for room in [200.0, 120.0, 60.0] {
            let short = typesetter.lay(text, Style::bold(18.0), Some(room));
            assert!(short.width <= room + 0.5 && short.width > room * 0.5, "{} of {room}", short.width);
        }
        assert_eq!(typesetter.lay(text, Style::bold(18.0), Some(5.0)).width, 0.0);
        assert_eq!(typesetter.lay(" \n", Style::bold(18.0), None).width, 0.0);
    }

    #[test]
    fn lines_wrap_within_their_measure_and_number() {
        let mut typesetter = Typesetter::new();
        let text = "Không giải mã được: định dạng hình của camera này không được hỗ trợ";
        for (lines, measure) in [(1, 200.0), (2, 200.0), (3, 160.0)] {
            let block = typesetter.wrap(text, Style::regular(14.0), measure, lines);
            assert!(block.width <= measure + 0.5, "{}", block.width);
            assert!(block.height <= lines as f32 * 14.0 * LEADING + 0.5, "{} lines: {}", lines, block.height);
        }
    }
}
