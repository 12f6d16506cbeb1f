//! A list of sources as a wall: one tile each, in the list's order.

use std::sync::Arc;
use std::time::Instant;

use engine::{Live, Sounds, Source};
use model::{Fit, Grid, Id, Size, Turn};
use render::{Icon, Message, RenderError, Wall};

use crate::cli::ViewOptions;
use crate::sources::Entry;
use crate::wall::WallView;
use crate::wall::view::{Feed, Subject, Wanted};
use crate::words::Words;

/// The sources and the wall that shows them.
pub struct List {
    view: WallView,
    grid: Grid,
    fit: Fit,
    subjects: Vec<Subject>,
}

impl List {
    /// Opens the streams of `entries` and lays their tiles out on a wall of `size`.
    #[must_use]
    pub fn new(
        entries: Vec<Entry>,
        live: &Live,
        options: &ViewOptions,
        size: Size,
        words: Arc<Words>,
    ) -> Self {
        let grid = options.grid.unwrap_or_else(|| Grid::smallest_square(entries.len()));
        let subject = |(index, entry): (usize, Entry)| Subject {
            id: Id::new(&index.to_string()).expect("a number is an id"),
            quick: None,
            note: None,
            overlap: true,
            title: entry.title,
            subtitle: entry.subtitle,
            feed: match entry.target {
                Ok((address, credentials)) => {
                    let source = Source {
                        address,
                        credentials,
                        transport: options.transport,
                        sounds: Sounds::Without,
                    };
                    Ok(Feed { stream: live.open(source), profile: None, relayed: false, reel: None })
                }
                Err(bad) => {
                    let detail = words.get("source_hint").to_owned();
                    Err(Message { icon: Icon::Broken, text: bad.words(&words), detail })
                }
            },
        };
        let subjects = entries.into_iter().take(grid.tiles()).enumerate().map(subject).collect();
        let fit = if options.stretch { Fit::Stretch } else { Fit::Fit };
        let mut list = Self { view: WallView::new(options.captions, words), grid, fit, subjects };
        list.lay_out(size);
        list
    }

    /// Lays the tiles out anew after the wall's size has changed; pictures stay.
    pub fn lay_out(&mut self, size: Size) {
        let wanted = |index| Wanted {
            rect: self.grid.tile(index, size),
            fit: self.fit,
            turn: Turn::None,
            slot: index,
            sight: model::Sight::default(),
            subject: self.subjects.get(index).cloned(),
        };
        // The list keeps its streams open by itself.
        let _ = self.view.arrange((0..self.grid.tiles()).map(wanted).collect(), Instant::now());
    }

    /// Names and states on the pictures, or not.
    pub fn toggle_captions(&mut self) {
        self.view.set_captions(!self.view.captions());
    }

    /// Draws what is new.
    ///
    /// # Errors
    /// What the renderer says.
    pub fn draw(&mut self, wall: &mut Wall) -> Result<(), RenderError> {
        self.view.draw(wall)
    }

    /// The sources, in the list's order.
    #[must_use]
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// What is on the wall.
    #[must_use]
    pub fn view(&self) -> &WallView {
        &self.view
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use engine::{DecodePreference, Settings};
    use render::{Backend, Target};

    use super::*;
    use crate::cli::{self, Command};
    use crate::sources;
    use crate::words::Language;

    /// A window that is resized while a tile is dark must not show an old picture bright until its words change.
    #[test]
    fn a_new_layout_keeps_dark_tiles_dark() {
        let words = Arc::new(Words::new(Language::Vietnamese));
        let line = ["watchwall", "view", "--sources", "-"].map(Into::into).to_vec();
        let Ok(Command::View(options)) = cli::read(line, &words) else { panic!("refused") };
        let settings = Settings { workers: NonZeroUsize::MIN, decode: DecodePreference::Software };
        let live = Live::new(settings, Arc::new(|| {})).expect("a thread");
        let size = Size::new(320, 180);
        let mut wall = Wall::open(Target::Headless(size), Backend::Software).expect("memory");
        let mut list = List::new(sources::parse("http://x/"), &live, &options, size, words);
        list.draw(&mut wall).expect("drawn");
        assert!(!list.view.is_bright(0));
        list.lay_out(Size::new(640, 360));
        assert!(!list.view.is_bright(0));
    }
}
