//! The words on a tile, rasterised on the processor into premultiplied patches that both compositors blend.
//!
//! A caption stands on a soft dark strip along the tile's upper edge; a message stands in the middle with its sign.
//! The lower right corner always stays free: cameras and the test pattern print their frame numbers there.

mod edges;
mod icon;
mod patch;
mod text;

use model::Size;

use crate::palette;
use crate::scene::{Caption, Frame, Message, Signal};

pub(crate) use patch::Patch;
pub(crate) use text::{Block, Style, Typesetter};

/// Tiles lower or narrower than this carry no words.
const LEAST: Size = Size::new(72, 54);
/// Messages end above this share of the tile's height.
const MESSAGE_FLOOR: f32 = 0.84;

/// What lies over one tile. `version` changes with every rasterising: textures are kept by it.
#[derive(Default)]
pub(crate) struct Overlay {
    pub patches: Vec<Patch>,
    pub version: u64,
    drawn_for: Option<(Size, bool, Option<Frame>, Option<Signal>)>,
    caption: Option<Caption>,
}

/// What an overlay is drawn for.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub size: Size,
    pub has_picture: bool,
    pub caption: Option<&'a Caption>,
    pub frame: Option<Frame>,
    pub signal: Option<Signal>,
}

/// Rasterises captions.
pub(crate) struct Captions {
    typesetter: Typesetter,
    versions: u64,
}

impl Captions {
    pub(crate) fn new() -> Self {
        Self { typesetter: Typesetter::new(), versions: 0 }
    }

    /// Brings `overlay` up to date; does nothing where it already is.
    pub(crate) fn update(&mut self, overlay: &mut Overlay, subject: Subject<'_>) {
        let drawn_for = Some((subject.size, subject.has_picture, subject.frame, subject.signal));
        if overlay.drawn_for == drawn_for && overlay.caption.as_ref() == subject.caption {
            return;
        }
        self.versions += 1;
        overlay.version = self.versions;
        overlay.drawn_for = drawn_for;
        overlay.caption = subject.caption.cloned();
        overlay.patches.clear();
        if let Some(caption) = subject.caption {
            self.words(overlay, subject, caption);
        }
        // Last, so that nothing lies over them; where somebody works is seen before all.
        overlay.patches.extend(subject.signal.into_iter().flat_map(|kind| edges::signal(subject.size, kind)));
        overlay.patches.extend(subject.frame.into_iter().flat_map(|kind| edges::frame(subject.size, kind)));
    }

    fn words(&mut self, overlay: &mut Overlay, subject: Subject<'_>, caption: &Caption) {
        let size = subject.size;
        if size.width < LEAST.width || size.height < LEAST.height {
            overlay.patches.extend(self.sign_alone(subject, caption));
            return;
        }
        let strip = self.strip(subject, caption);
        let top = strip.as_ref().map_or(0.0, |(_, text_bottom)| *text_bottom);
        overlay.patches.extend(strip.map(|(patch, _)| patch));
        overlay.patches.extend(self.mark(subject, &caption.mark));
        if let Some(message) = &caption.message {
            overlay.patches.extend(self.message(subject, message, top));
        }
    }

    /// The caption along the upper edge, and where its text ends.
    fn strip(&mut self, subject: Subject<'_>, caption: &Caption) -> Option<(Patch, f32)> {
        let Caption { title, subtitle, corner, .. } = caption;
        if [title, subtitle, corner].iter().all(|text| text.trim().is_empty()) {
            return None;
        }
        let (width, height) = (subject.size.width as f32, subject.size.height as f32);
        let size = (height * 0.075).clamp(11.0, 34.0).min(width * 0.09).max(11.0);
        let pad = (size * 0.55).round();
        let text_bottom = (pad * 0.75 + size * 1.22).round();
        let scrim = (text_bottom + size * 1.1).min(height) as u32;
        let mut patch = Patch::new(0, 0, subject.size.width, scrim);
        if subject.has_picture {
            patch.scrim(text_bottom - size * 0.45);
        }
        let baseline = (pad * 0.75 + size).round();
        let line = Line { size, left: pad, right: width - pad, baseline };
        self.line(&mut patch, line, caption);
        Some((patch, text_bottom))
    }

    /// Title, subtitle and corner on one line. Where it is narrow, first the subtitle is shortened and then left
    /// out, then the corner is left out, and at last the title is shortened.
    fn line(&mut self, patch: &mut Patch, line: Line, caption: &Caption) {
        let Line { size, left, right, baseline } = line;
        let (gap, room) = (size * 0.6, right - left);
        let title_style = Style::bold(size);
        let corner_style = Style::regular((size * 0.74).max(10.0));
        let title_width = self.typesetter.lay(&caption.title, title_style, None).width;
        let mut corner = self.typesetter.lay(&caption.corner, corner_style, None);
        if title_width + gap + corner.width > room {
            corner = text::Block::default();
        }
        let corner_room = if corner.width > 0.0 { corner.width + gap } else { 0.0 };
        let title = self.typesetter.lay(&caption.title, title_style, Some(room - corner_room));
        let subtitle_left = left + title.width + if title.width > 0.0 { gap } else { 0.0 };
        let subtitle_room = right - corner_room - subtitle_left;
        self.typesetter.paint(patch, &title, (left, baseline), palette::TITLE, true);
        // Fewer than about five letters say nothing.
        if subtitle_room > size * 2.8 {
            let style = Style::regular((size * 0.88).max(10.0));
            let subtitle = self.typesetter.lay(&caption.subtitle, style, Some(subtitle_room));
            self.typesetter.paint(patch, &subtitle, (subtitle_left, baseline), palette::SUBTITLE, true);
        }
        self.typesetter.paint(patch, &corner, (right - corner.width, baseline), palette::SUBTITLE, true);
    }

    /// What was done to the picture, on a plate in the lower left corner.
    fn mark(&mut self, subject: Subject<'_>, mark: &str) -> Option<Patch> {
        let (width, height) = (subject.size.width as f32, subject.size.height as f32);
        let size = (height * 0.06).clamp(10.0, 24.0).min(width * 0.075).max(10.0);
        let (pad, inset) = ((size * 0.5).round(), (size * 0.4).round());
        let text = self.typesetter.lay(mark, Style::bold(size), Some(width - 2.0 * (pad + inset)));
        let plate = (text.width + 2.0 * pad, (size * 1.5).round());
        if text.width <= 0.0 || plate.1 + inset > height * (1.0 - MESSAGE_FLOOR) + size {
            return None;
        }
        let (x, y) = (inset as u32, (height - plate.1 - inset) as u32);
        let mut patch = Patch::new(x, y, plate.0.ceil() as u32, plate.1 as u32);
        patch.panel(size * 0.35);
        self.typesetter.paint(&mut patch, &text, (pad, (size * 1.1).round()), palette::TITLE, false);
        Some(patch)
    }

    /// Sign, text and detail, centred below the caption.
    fn message(&mut self, subject: Subject<'_>, message: &Message, top: f32) -> Option<Patch> {
        let (width, height) = (subject.size.width as f32, subject.size.height as f32);
        let bottom = height * MESSAGE_FLOOR;
        let size = (height * 0.07).clamp(11.0, 30.0).min(width * 0.075).max(11.0);
        let detail_size = (size * 0.82).max(10.0);
        let sign = (height * 0.17).clamp(14.0, 84.0);
        let gap = size * 0.5;
        let top = if top > 0.0 { top + size * 0.3 } else { 0.0 };
        let room = bottom - top;
        let measure = width * 0.88;
        let mut text = self.typesetter.wrap(&message.text, Style::bold(size), measure, 3);
        let mut detail = self.typesetter.wrap(&message.detail, Style::regular(detail_size), measure, 2);
        let block = |text: &text::Block, detail: &text::Block| {
            sign + if text.height > 0.0 { gap + text.height } else { 0.0 }
                + if detail.height > 0.0 { gap * 0.4 + detail.height } else { 0.0 }
        };
        if block(&text, &detail) > room {
            detail = self.typesetter.wrap(&message.detail, Style::regular(detail_size), measure, 1);
        }
        if block(&text, &detail) > room {
            detail = text::Block::default();
        }
        for lines in [2, 1] {
            if block(&text, &detail) > room {
                text = self.typesetter.wrap(&message.text, Style::bold(size), measure, lines);
            }
        }
        if block(&text, &detail) > room {
            text = text::Block::default();
        }
        let total = block(&text, &detail);
        // A little above the middle is where the eye expects the middle; but never into the caption.
        let start = ((height - total) * 0.48).min(bottom - total).max(top).round();
        let content = text.width.max(detail.width).max(sign) + 2.0 * size;
        let patch_width = (content.min(width).ceil() as u32).min(subject.size.width);
        let left = (subject.size.width - patch_width) / 2;
        let patch_top = (start - size * 0.6).max(0.0) as u32;
        let patch_bottom = (start + total + size * 0.6).min(bottom) as u32;
        let mut patch = Patch::new(left, patch_top, patch_width, patch_bottom.checked_sub(patch_top)?);
        if subject.has_picture {
            patch.panel(size * 0.6);
        }
        let centre = width / 2.0 - left as f32;
        let mut y = start - patch_top as f32;
        icon::paint(&mut patch, message.icon, (centre, y + sign / 2.0), sign / 2.0);
        y += sign + gap;
        self.typesetter.paint(
            &mut patch,
            &text,
            (centre - text.width / 2.0, y + text.ascent),
            palette::MESSAGE,
            false,
        );
        if text.height > 0.0 {
            y += text.height + gap * 0.4;
        }
        let at = (centre - detail.width / 2.0, y + detail.ascent);
        self.typesetter.paint(&mut patch, &detail, at, palette::DETAIL, false);
        Some(patch)
    }

    /// What is left of a message on a tile that is too small for words.
    fn sign_alone(&self, subject: Subject<'_>, caption: &Caption) -> Option<Patch> {
        let message = caption.message.as_ref()?;
        let side = (subject.size.width.min(subject.size.height) as f32 * 0.5).floor();
        if side < 8.0 {
            return None;
        }
        let (x, y) = ((subject.size.width - side as u32) / 2, (subject.size.height - side as u32) / 2);
        let mut patch = Patch::new(x, y, side as u32, side as u32);
        icon::paint(&mut patch, message.icon, (side / 2.0, side / 2.0), side / 2.0);
        Some(patch)
    }
}

/// Where a caption's line stands.
#[derive(Clone, Copy)]
struct Line {
    size: f32,
    left: f32,
    right: f32,
    baseline: f32,
}
