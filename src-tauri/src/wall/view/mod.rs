//! What stands on one wall: the engine's newest pictures and states become the renderer's tiles.
//!
//! A [`Subject`] is what a tile is to show; a [`Place`] is the tile that shows it, with the stream before while the new one
//! has no picture yet; the [`WallView`] has all of a wall and draws them.

mod course;
mod place;
mod subject;

pub use place::Place;
pub use subject::{Feed, Subject, Wanted};

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use jiff::Zoned;
use model::{Id, Picture, Sight, Size};
use render::{Frame, Message, RenderError, Signal, StreamSlot, Tile, Wall};

use self::course::{Course, FRAME};
use super::reactions::Reactions;
use crate::caption::Look;
use crate::words::Words;

/// Tiles narrower than this in pixels have no room for words beside the picture.
const FEW_WORDS: u32 = 128;

/// A wall of more tiles is an overview: nobody reads so many words, so each tile's edge says how its camera stands.
const MANY: usize = 64;

/// Totals of the draw loop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawing {
    /// How often something was drawn.
    pub draws: u64,
    /// Tiles redrawn in all.
    pub tiles: u64,
    /// Pictures that came to the wall.
    pub pictures: u64,
    /// Bytes of planes handed to a graphics processor.
    pub uploaded_bytes: u64,
}

/// A wall with its tiles.
pub struct WallView {
    captions: bool,
    places: Vec<Option<Place>>,
    tiles: Vec<Tile>,
    /// Where the sights of the tiles go, for each; `None` where a tile is empty.
    courses: Vec<Option<Course>>,
    /// When sights on their way were moved on.
    moved: Option<Instant>,
    /// Last pictures of cameras that have left the wall's tiles and may come back to them.
    pictures: HashMap<Id, (StreamSlot, Picture)>,
    words: Arc<Words>,
    drawing: Drawing,
    reactions: Reactions,
    opened: Instant,
    all_shown: Option<Duration>,
}

impl WallView {
    /// A wall without tiles.
    #[must_use]
    pub fn new(captions: bool, words: Arc<Words>) -> Self {
        Self {
            captions,
            places: Vec::new(),
            tiles: Vec::new(),
            courses: Vec::new(),
            moved: None,
            pictures: HashMap::new(),
            words,
            drawing: Drawing::default(),
            reactions: Reactions::default(),
            opened: Instant::now(),
            all_shown: None,
        }
    }

    /// Brings the wall to this arrangement. A camera that stays, wherever it goes, keeps its picture; one that
    /// comes back shows its last picture, dimmed, until a new one comes. `asked` was before its streams were opened.
    /// Returns the feeds that are no longer shown.
    pub fn arrange(&mut self, wanted: Vec<Wanted>, asked: Instant) -> Vec<(Id, Feed)> {
        let mut left: HashMap<Id, Vec<Place>> = HashMap::new();
        let mut gone = Vec::new();
        for (place, tile) in self.places.drain(..).zip(self.tiles.drain(..)) {
            let Some(place) = place else { continue };
            if let Some(picture) = tile.picture {
                self.pictures.insert(place.subject.id.clone(), picture);
            }
            left.entry(place.subject.id.clone()).or_default().push(place);
        }
        let mut courses: HashMap<usize, Course> =
            self.courses.drain(..).flatten().map(|course| (course.slot(), course)).collect();
        for wanted in wanted {
            let mut tile = Tile {
                rect: wanted.rect,
                fit: wanted.fit,
                turn: wanted.turn,
                sight: wanted.sight,
                picture: None,
                dimmed: false,
                caption: None,
                frame: None,
                signal: None,
            };
            let course = wanted.subject.as_ref().map(|subject| {
                let known =
                    courses.remove(&wanted.slot).filter(|course| course.is_of(wanted.slot, &subject.id));
                let mut course =
                    known.unwrap_or_else(|| Course::at(wanted.slot, subject.id.clone(), wanted.sight, asked));
                course.head_for(wanted.sight, asked, true);
                tile.sight = course.sight(asked);
                course
            });
            let place = wanted.subject.map(|subject| {
                let known = left.get_mut(&subject.id).and_then(Vec::pop);
                tile.picture = self.pictures.get(&subject.id).cloned();
                Place::new(subject, known, asked, &mut gone)
            });
            // An old picture stays dimmed through a new layout.
            tile.dimmed = place.as_ref().is_some_and(|place| place.look.is_dark());
            self.courses.push(course);
            self.places.push(place);
            self.tiles.push(tile);
        }
        self.refresh_captions();
        gone.extend(left.into_values().flatten().flat_map(Place::into_feeds));
        gone
    }

    /// The camera in this slot is looked at in this way from now on; `eased`, it gets there so that the eye can follow.
    pub fn look(&mut self, slot: usize, sight: Sight, eased: bool) {
        let now = Instant::now();
        let found = self.courses.iter().position(|course| course.as_ref().is_some_and(|c| c.slot() == slot));
        let Some(index) = found else { return };
        let Some(course) = self.courses[index].as_mut().filter(|course| *course.end() != sight) else {
            return;
        };
        course.head_for(sight, now, eased);
        self.tiles[index].sight = course.sight(now);
        self.tiles[index].caption = self.caption(index, &Zoned::now());
    }

    /// Some sight is on its way.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        let courses = self.courses.iter().zip(&self.tiles);
        courses.into_iter().any(|(course, tile)| course.as_ref().is_some_and(|c| *c.end() != tile.sight))
    }

    /// Moves sights on, as often as it is worth drawing.
    fn move_on(&mut self, now: Instant) {
        if self.moved.is_some_and(|at| now.saturating_duration_since(at) < FRAME) {
            return;
        }
        self.moved = Some(now);
        for (course, tile) in self.courses.iter().zip(&mut self.tiles) {
            if let Some(course) = course {
                tile.sight = course.sight(now);
            }
        }
    }

    /// What was done to the picture at `index`, in words; empty where it is as the camera sends it.
    fn mark(&self, index: usize) -> String {
        let sight = self.courses.get(index).and_then(Option::as_ref).map(Course::end);
        let seen = self.tiles.get(index).is_some_and(|tile| tile.picture.is_some());
        let Some(sight) = sight.filter(|sight| seen && !sight.is_plain()) else { return String::new() };
        let parts = [
            (sight.zoom > 1.0).then(|| format!("{}×", self.words.number(sight.zoom, 1))),
            (sight.rotation > 0.0).then(|| format!("{}°", self.words.number(sight.rotation, 0))),
            sight.correction().map(|_| self.words.get("view_corrected").to_owned()),
            Some(self.words.get("view_digital").to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Takes everything off the wall, and forgets the pictures: what comes now is of another kind, and one must not be taken
    /// for the other. Returns the feeds that are no longer shown.
    pub fn clear(&mut self) -> Vec<(Id, Feed)> {
        let gone = self.arrange(Vec::new(), Instant::now());
        self.pictures.clear();
        gone
    }

    /// Forgets the last pictures of cameras that `keep` does not name.
    pub fn keep_pictures(&mut self, keep: impl Fn(&Id) -> bool) {
        self.pictures.retain(|id, _| keep(id));
    }

    /// Names and states on the pictures, or not.
    pub fn set_captions(&mut self, captions: bool) {
        if self.captions != captions {
            self.captions = captions;
            self.refresh_captions();
        }
    }

    /// Whether names and states are on the pictures.
    #[must_use]
    pub fn captions(&self) -> bool {
        self.captions
    }

    /// Goes on in another language.
    pub fn set_words(&mut self, words: Arc<Words>) {
        self.words = words;
        self.refresh_captions();
    }

    /// Frames this tile and no other one in this way. A small one says its name as long as it is framed.
    pub fn frame(&mut self, frames: impl Fn(usize) -> Option<Frame>) {
        for index in 0..self.tiles.len() {
            let frame = frames(index);
            if std::mem::replace(&mut self.tiles[index].frame, frame) != frame && self.is_small(index) {
                self.tiles[index].caption = self.caption(index, &Zoned::now());
            }
        }
    }

    /// Words would cover the picture.
    fn is_small(&self, index: usize) -> bool {
        self.tiles.get(index).is_some_and(|tile| tile.rect.width < FEW_WORDS)
    }

    fn refresh_captions(&mut self) {
        let today = Zoned::now();
        for index in 0..self.tiles.len() {
            self.tiles[index].caption = self.caption(index, &today);
            self.tiles[index].signal = self.signal(index);
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
        self.move_on(now);
        for index in 0..self.places.len() {
            let (Some(place), tile) = (&mut self.places[index], &mut self.tiles[index]) else { continue };
            let (newer, look) = place.glance(tile.picture.as_ref(), &self.words, now);
            if let Some((stream, picture)) = newer {
                tile.picture = Some((stream.slot(), picture.clone()));
                place.unreported = Some((stream, picture));
                self.drawing.pictures += 1;
            }
            if matches!(look, Look::Recorded { at: None, .. }) {
                tile.picture = None;
            }
            if look != place.look {
                tile.dimmed = look.is_dark();
                place.look = look;
                self.tiles[index].caption = self.caption(index, &Zoned::now());
                self.tiles[index].signal = self.signal(index);
            }
        }
    }

    fn caption(&self, index: usize, today: &Zoned) -> Option<Arc<render::Caption>> {
        let small = self.is_small(index);
        let Some(place) = self.places.get(index).and_then(Option::as_ref) else {
            return (self.captions && !small)
                .then(|| Arc::new(Look::Empty.caption("", "", &self.words, today)));
        };
        let mut caption = place.words(&self.words, today);
        if !small {
            let marks = [std::mem::take(&mut caption.mark), self.mark(index)];
            caption.mark = marks.into_iter().filter(|mark| !mark.is_empty()).collect::<Vec<_>>().join(" · ");
        }
        if small {
            // The sign is left, and the name where somebody points: the rest is in the status line.
            caption.corner.clear();
            caption.subtitle.clear();
            if let Some(message) = &mut caption.message {
                message.text.clear();
                message.detail.clear();
            }
        }
        let named = self.captions && (!small || self.tiles[index].frame.is_some());
        // Without captions a dark tile still says why: an old picture must never look live. Nor must a part of a picture
        // look like all of it.
        if !named {
            if caption.message.is_none() && caption.mark.is_empty() {
                return None;
            }
            caption.title.clear();
            caption.subtitle.clear();
        }
        Some(Arc::new(caption))
    }

    /// How the camera at `index` stands, where words would not be read.
    fn signal(&self, index: usize) -> Option<Signal> {
        let place = self.places.get(index)?.as_ref()?;
        (self.is_small(index) || self.tiles.len() > MANY).then(|| place.signal())
    }

    fn report_drawn(&mut self, now: Instant, today: SystemTime) {
        for place in self.places.iter_mut().flatten() {
            let Some((stream, picture)) = place.unreported.take() else { continue };
            stream.shown(&picture, now, today);
            let Ok(wanted) = &place.subject.feed else { continue };
            if wanted.stream.slot() != stream.slot() {
                continue;
            }
            let profile = wanted.profile;
            if place.count(today) == 2 {
                self.reactions.moves(today);
            }
            if let Some(asked) = place.asked.take() {
                let waited = now.saturating_duration_since(asked);
                let wait = stream.key_frame_wait_since(asked);
                self.reactions.add(&place.subject.id, profile, today, waited, wait);
            }
        }
        let shown = |(place, tile): (&Option<Place>, &Tile)| place.is_none() || tile.picture.is_some();
        if self.all_shown.is_none() && self.places.iter().zip(&self.tiles).all(shown) {
            self.all_shown = Some(now.saturating_duration_since(self.opened));
        }
    }

    /// The tiles' cameras; `None` where a tile is empty.
    #[must_use]
    pub fn places(&self) -> &[Option<Place>] {
        &self.places
    }

    /// The pixels of each tile, in the same order.
    pub fn sizes(&self) -> impl Iterator<Item = Size> {
        self.tiles.iter().map(|tile| tile.rect.size())
    }

    /// The newest picture on the tile at `index`, whatever its age.
    #[must_use]
    pub fn picture(&self, index: usize) -> Option<&Picture> {
        self.tiles.get(index)?.picture.as_ref().map(|(_, picture)| picture)
    }

    /// Whether the tile at `index` shows a picture as live.
    #[must_use]
    pub fn is_bright(&self, index: usize) -> bool {
        self.tiles.get(index).is_some_and(|tile| tile.picture.is_some() && !tile.dimmed)
    }

    /// What there is to say of a picture at `index` that is not live; a small tile shows its sign alone.
    #[must_use]
    pub fn says(&self, index: usize) -> Option<Message> {
        let place = self.places.get(index)?.as_ref()?;
        if self.is_small(index) && self.tiles[index].caption.as_ref()?.message.is_some() {
            return place.words(&self.words, &Zoned::now()).message;
        }
        self.tiles[index].caption.as_ref()?.message.clone()
    }

    /// How long streams took to come.
    #[must_use]
    pub fn reactions(&self) -> Reactions {
        let tiles = self.places.iter().flatten().map(Place::drawn).collect();
        Reactions { tiles, ..self.reactions.clone() }
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
