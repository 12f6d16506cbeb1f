//! One wall: the engine's newest pictures and states become the renderer's tiles.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use engine::{Live, Source, Stream};
use jiff::Zoned;
use model::{Fit, Grid, Picture, Size, Turn};
use render::{Icon, Message, RenderError, Tile, Wall};

use crate::caption::Look;
use crate::cli::ViewOptions;
use crate::sources::{BadLine, Entry};
use crate::words::Words;

/// A wall is looked at this often even if no bell rings: ages and pauses count on.
pub const HEARTBEAT: Duration = Duration::from_millis(250);

/// One tile's camera.
pub struct Place {
    /// The camera's name.
    pub title: String,
    /// The site's name.
    pub subtitle: String,
    /// Its stream, or why there is none.
    pub stream: Result<Arc<Stream>, BadLine>,
    look: Look,
    /// The newest picture on the tile has not been reported as drawn yet.
    unreported: Option<Picture>,
}

/// Totals of the draw loop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawing {
    /// How often something was drawn.
    pub draws: u64,
    /// Tiles redrawn in all.
    pub tiles: u64,
    /// Bytes of planes handed to a graphics processor.
    pub uploaded_bytes: u64,
}

/// A wall with its tiles.
pub struct WallView {
    grid: Grid,
    captions: bool,
    fit: Fit,
    places: Vec<Place>,
    tiles: Vec<Tile>,
    words: Arc<Words>,
    drawing: Drawing,
    opened: Instant,
    all_shown: Option<Duration>,
}

impl WallView {
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
        let places: Vec<Place> = entries
            .into_iter()
            .take(grid.tiles())
            .map(|entry| Place {
                title: entry.title,
                subtitle: entry.subtitle,
                stream: entry.target.map(|(address, credentials)| {
                    live.open(Source { address, credentials, transport: options.transport })
                }),
                look: Look::Empty,
                unreported: None,
            })
            .collect();
        let mut view = Self {
            grid,
            captions: options.captions,
            fit: if options.stretch { Fit::Stretch } else { Fit::Fit },
            places,
            tiles: Vec::new(),
            words,
            drawing: Drawing::default(),
            opened: Instant::now(),
            all_shown: None,
        };
        view.lay_out(size);
        view
    }

    /// Lays the tiles out anew after the wall's size has changed; pictures stay.
    pub fn lay_out(&mut self, size: Size) {
        let mut pictures: Vec<_> = self.tiles.drain(..).map(|tile| tile.picture).collect();
        pictures.resize(self.grid.tiles(), None);
        let tile = |(index, picture)| Tile {
            rect: self.grid.tile(index, size),
            fit: self.fit,
            turn: Turn::None,
            picture,
            // An old picture stays dimmed through a new layout.
            dimmed: self.places.get(index).is_some_and(|place| place.look.is_dark()),
            caption: None,
        };
        self.tiles = pictures.into_iter().enumerate().map(tile).collect();
        self.refresh_captions();
    }

    /// Names and states on the pictures, or not.
    pub fn toggle_captions(&mut self) {
        self.captions = !self.captions;
        self.refresh_captions();
    }

    fn refresh_captions(&mut self) {
        let today = Zoned::now();
        for index in 0..self.tiles.len() {
            self.tiles[index].caption = self.caption(index, &today);
        }
    }

    /// Takes what is new from the streams, draws what has changed, and tells the streams what was drawn.
    ///
    /// # Errors
    /// What the renderer says; the tiles keep what they show.
    pub fn draw(&mut self, wall: &mut Wall) -> Result<(), RenderError> {
        self.gather(Instant::now());
        let drawn = wall.draw(&self.tiles)?;
        if drawn.tiles > 0 {
            self.drawing.draws += 1;
            self.drawing.tiles += drawn.tiles as u64;
            self.drawing.uploaded_bytes += drawn.uploaded_bytes;
        }
        self.report_drawn(Instant::now(), SystemTime::now());
        Ok(())
    }

    fn gather(&mut self, now: Instant) {
        for index in 0..self.places.len() {
            let (place, tile) = (&mut self.places[index], &mut self.tiles[index]);
            let look = match &place.stream {
                Ok(stream) => {
                    let known = tile.picture.as_ref().map(|(_, picture)| picture.sequence);
                    let glance = stream.glance(known, now);
                    if let Some(picture) = glance.newer {
                        tile.picture = Some((stream.slot(), picture.clone()));
                        place.unreported = Some(picture);
                    }
                    let corner = glance
                        .decoder
                        .filter(|decoder| decoder.is_hardware())
                        .map_or("", model::Decoder::name);
                    Look::of(&glance.state, glance.last_picture, glance.stalled, corner, now)
                }
                Err(_) => Look::BadLine,
            };
            if look != place.look {
                tile.dimmed = look.is_dark();
                place.look = look;
                self.tiles[index].caption = self.caption(index, &Zoned::now());
            }
        }
    }

    fn caption(&self, index: usize, today: &Zoned) -> Option<Arc<render::Caption>> {
        let Some(place) = self.places.get(index) else {
            return self.captions.then(|| Arc::new(Look::Empty.caption("", "", &self.words, today)));
        };
        let mut caption = place.look.caption(&place.title, &place.subtitle, &self.words, today);
        if let Err(bad) = &place.stream {
            let detail = self.words.get("source_hint").to_owned();
            caption.message = Some(Message { icon: Icon::Broken, text: bad.words(&self.words), detail });
        }
        // Without captions a dark tile still says why: an old picture must never look live.
        if !self.captions {
            caption.message.as_ref()?;
            caption.title.clear();
            caption.subtitle.clear();
        }
        Some(Arc::new(caption))
    }

    fn report_drawn(&mut self, now: Instant, today: SystemTime) {
        for place in &mut self.places {
            if let (Some(picture), Ok(stream)) = (place.unreported.take(), &place.stream) {
                stream.shown(&picture, now, today);
            }
        }
        if self.all_shown.is_none()
            && self.tiles.iter().take(self.places.len()).all(|tile| tile.picture.is_some())
        {
            self.all_shown = Some(now.saturating_duration_since(self.opened));
        }
    }

    /// The tiles' cameras, in the order of the list.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// What the tile at `index` says of a picture that is not live.
    #[must_use]
    pub fn says(&self, index: usize) -> Option<&Message> {
        self.tiles.get(index)?.caption.as_ref()?.message.as_ref()
    }

    /// Totals of the draw loop.
    #[must_use]
    pub fn drawing(&self) -> Drawing {
        self.drawing
    }

    /// From opening until every tile had a picture.
    #[must_use]
    pub fn all_shown(&self) -> Option<Duration> {
        self.all_shown
    }

    /// The words of the wall.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.words
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
        let mut view = WallView::new(sources::parse("http://x/"), &live, &options, size, words);
        view.draw(&mut wall).expect("drawn");
        assert!(view.tiles[0].dimmed);
        view.lay_out(Size::new(640, 360));
        assert!(view.tiles[0].dimmed);
    }
}
