//! What stands on one wall: the engine's newest pictures and states become the renderer's tiles.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use engine::Stream;
use inventory::ProfileKind;
use jiff::Zoned;
use model::{Decoder, Fit, Id, Picture, Rect, Size, Turn};
use render::{Frame, Message, RenderError, StreamSlot, Tile, Wall};

use super::reactions::Reactions;
use crate::caption::Look;
use crate::words::Words;

/// Tiles narrower than this in pixels have no room for words beside the picture.
const FEW_WORDS: u32 = 128;

/// What is wanted on one tile.
pub struct Wanted {
    /// Where, in pixels of the wall.
    pub rect: Rect,
    /// How the picture is laid in.
    pub fit: Fit,
    /// The picture's clockwise turn.
    pub turn: Turn,
    /// The camera; `None` leaves the tile empty.
    pub subject: Option<Subject>,
}

/// A camera on a wall.
#[derive(Clone)]
pub struct Subject {
    /// Tells cameras apart.
    pub id: Id,
    /// The camera's name.
    pub title: String,
    /// The site's name.
    pub subtitle: String,
    /// Its stream, or why there can be none.
    pub feed: Result<Feed, Message>,
    /// Its small stream, whose picture is shown until the large one's comes; of a camera that nobody watched before.
    pub quick: Option<Feed>,
    /// What keeps it from a better picture, for the corner.
    pub note: Option<String>,
    /// Its other stream may stay open until this one shows its first picture. Else it is closed at once, and the tile
    /// keeps the last picture.
    pub overlap: bool,
}

impl Subject {
    /// A camera that is not opened, and why.
    #[must_use]
    pub fn without_stream(id: Id, title: String, subtitle: String, why: Message) -> Self {
        Self { id, title, subtitle, feed: Err(why), quick: None, note: None, overlap: false }
    }
}

/// The stream that a camera is watched by.
#[derive(Clone)]
pub struct Feed {
    /// The open stream.
    pub stream: Arc<Stream>,
    /// Which of the camera's; `None` where that is unknown.
    pub profile: Option<ProfileKind>,
    /// It comes by a relay.
    pub relayed: bool,
}

/// A tile's camera and how it stands.
pub struct Place {
    /// What was wanted.
    pub subject: Subject,
    /// The stream whose pictures are shown while the wanted one has none yet: the change is not seen as a dark tile.
    before: Option<Feed>,
    corner: Corner,
    look: Look,
    /// The newest picture on the tile has not been reported as drawn yet.
    unreported: Option<(Arc<Stream>, Picture)>,
    /// When the wanted stream was asked for, until its first picture is drawn.
    asked: Option<Instant>,
    /// Pictures drawn of the wanted stream.
    drawn: u64,
}

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
        for wanted in wanted {
            let mut tile = Tile {
                rect: wanted.rect,
                fit: wanted.fit,
                turn: wanted.turn,
                picture: None,
                dimmed: false,
                caption: None,
                frame: None,
            };
            let place = wanted.subject.map(|subject| {
                let known = left.get_mut(&subject.id).and_then(Vec::pop);
                tile.picture = self.pictures.get(&subject.id).cloned();
                Place::new(subject, known, asked, &mut gone)
            });
            // An old picture stays dimmed through a new layout.
            tile.dimmed = place.as_ref().is_some_and(|place| place.look.is_dark());
            self.places.push(place);
            self.tiles.push(tile);
        }
        self.refresh_captions();
        gone.extend(left.into_values().flatten().flat_map(Place::into_feeds));
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
            let (Some(place), tile) = (&mut self.places[index], &mut self.tiles[index]) else { continue };
            let (newer, look) = place.glance(tile.picture.as_ref(), &self.words, now);
            if let Some((stream, picture)) = newer {
                tile.picture = Some((stream.slot(), picture.clone()));
                place.unreported = Some((stream, picture));
                self.drawing.pictures += 1;
            }
            if look != place.look {
                tile.dimmed = look.is_dark();
                place.look = look;
                self.tiles[index].caption = self.caption(index, &Zoned::now());
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
        // Without captions a dark tile still says why: an old picture must never look live.
        if !named {
            caption.message.as_ref()?;
            caption.title.clear();
            caption.subtitle.clear();
        }
        Some(Arc::new(caption))
    }

    fn report_drawn(&mut self, now: Instant, today: SystemTime) {
        for place in self.places.iter_mut().flatten() {
            let Some((stream, picture)) = place.unreported.take() else { continue };
            stream.shown(&picture, now, today);
            let Ok(wanted) = &place.subject.feed else { continue };
            if wanted.stream.slot() != stream.slot() {
                continue;
            }
            place.drawn += 1;
            if place.drawn == 2 {
                self.reactions.moves(today);
            }
            if let Some(asked) = place.asked.take() {
                let waited = now.saturating_duration_since(asked);
                let wait = stream.key_frame_wait_since(asked);
                self.reactions.add(&place.subject.id, wanted.profile, today, waited, wait);
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
    pub fn reactions(&self) -> &Reactions {
        &self.reactions
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

impl Place {
    /// `known` is what stood on the wall of the same camera.
    fn new(mut subject: Subject, known: Option<Self>, now: Instant, gone: &mut Vec<(Id, Feed)>) -> Self {
        let quick = subject.quick.take();
        let Some(known) = known else {
            let asked = Some(now);
            let corner = Corner::default();
            return Self {
                subject,
                before: quick,
                corner,
                look: Look::Empty,
                unreported: None,
                asked,
                drawn: 0,
            };
        };
        let Self { subject: old, before, look, unreported, asked, drawn, .. } = known;
        let same =
            |feed: &Feed| subject.feed.as_ref().is_ok_and(|new| new.stream.slot() == feed.stream.slot());
        // Whichever of the two was seen goes on being seen until the wanted one is.
        let unchanged = old.feed.as_ref().is_ok_and(&same);
        let (asked, drawn) = if unchanged { (asked, drawn) } else { (Some(now), 0) };
        let id = &subject.id;
        let mut stays = |feed: &Feed| {
            let stays = subject.overlap && !same(feed);
            if !stays {
                gone.push((id.clone(), feed.clone()));
            }
            stays
        };
        let before = before.or(old.feed.ok()).filter(&mut stays).or(quick);
        Self { subject, before, corner: Corner::default(), look, unreported, asked, drawn }
    }

    /// All that there is to say.
    fn words(&self, words: &Words, today: &Zoned) -> render::Caption {
        let Subject { title, subtitle, feed, .. } = &self.subject;
        let mut caption = self.look.caption(title, subtitle, words, today);
        if let Err(message) = feed {
            caption.message = Some(message.clone());
        }
        caption
    }

    fn into_feeds(self) -> impl Iterator<Item = (Id, Feed)> {
        let id = self.subject.id;
        self.before.into_iter().chain(self.subject.feed).map(move |feed| (id.clone(), feed))
    }

    /// What is new at `now`: a picture newer than `shown`, and how the place looks. The wanted stream's first picture ends
    /// the one before.
    fn glance(
        &mut self,
        shown: Option<&(StreamSlot, Picture)>,
        words: &Words,
        now: Instant,
    ) -> (Option<(Arc<Stream>, Picture)>, Look) {
        let Ok(wanted) = &self.subject.feed else { return (None, Look::NoFeed) };
        let look_at = |feed: &Feed| {
            let known = shown.filter(|(slot, _)| *slot == feed.stream.slot());
            feed.stream.glance(known.map(|(_, picture)| picture.sequence), now)
        };
        let mut glance = look_at(wanted);
        if glance.newer.is_some() {
            self.before = None;
        }
        let seen = self.before.as_ref().unwrap_or(wanted);
        if let Some(before) = &self.before {
            glance = look_at(before);
        }
        let newer = glance.newer.map(|picture| (Arc::clone(&seen.stream), picture));
        let hardware = glance.decoder.filter(|decoder| decoder.is_hardware());
        let seen_last = newer.as_ref().map(|(_, picture)| picture).or(shown.map(|(_, picture)| picture));
        let lent = seen_last.is_some_and(|picture| picture.planes.surface().is_some());
        let corner = self.corner.of((seen.profile, hardware, lent), self.subject.note.as_deref(), words);
        // A stream that was opened anew has no picture yet, but the tile has an old one, and says how old.
        let last = glance.last_picture.or(shown.map(|(_, picture)| picture.decoded));
        (newer, Look::of(&glance.state, last, glance.stalled, &corner, now))
    }

    /// The stream whose pictures the tile shows now; `None` if there can be none.
    #[must_use]
    pub fn seen(&self) -> Option<&Feed> {
        self.before.as_ref().or(self.subject.feed.as_ref().ok())
    }

    /// Whether the picture is live.
    #[must_use]
    pub fn is_live(&self) -> bool {
        !self.look.is_dark()
    }

    /// Whether it is on its way, without a fault.
    #[must_use]
    pub fn is_coming(&self) -> bool {
        self.look.is_coming()
    }
}

/// The words in a place's corner, made anew only when what they say changes: they are asked for with every picture.
#[derive(Default)]
struct Corner(Option<(Saying, Arc<str>)>);

/// Which stream is seen, by which graphics processor's decoder, and whether its pictures stay on that processor.
type Saying = (Option<ProfileKind>, Option<Decoder>, bool);

impl Corner {
    /// `note` is the same as long as the place is.
    fn of(&mut self, saying: Saying, note: Option<&str>, words: &Words) -> Arc<str> {
        match &self.0 {
            Some((said, text)) if *said == saying => Arc::clone(text),
            _ => {
                let (profile, decoder, lent) = saying;
                let parts = [
                    profile.map(|kind| words.get(profile_key(kind))),
                    decoder.map(Decoder::name),
                    lent.then(|| words.get("tile_no_copies")),
                    note,
                ];
                let text: Arc<str> = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ").into();
                self.0 = Some((saying, Arc::clone(&text)));
                text
            }
        }
    }
}

fn profile_key(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Main => "profile_main",
        ProfileKind::Sub => "profile_sub",
    }
}
