//! The thread that draws one wall, and what is asked of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use engine::playback::Reel;
use inventory::ProfileKind;
use layouts::Wall as Arrangement;
use model::{Id, Picture, Sight, Size};
use parking_lot::Mutex;
use render::{Backend, Frame, Message, RenderError, Target, Wall};

use super::feeds::{self, Feeds};
use super::reactions::Reactions;
use super::view::{Subject, WallView, Wanted};
use super::{HEARTBEAT, PACE};
use crate::doorbell::{self, Doorbell};
use crate::words::Words;

/// A wall that cannot be seen keeps its streams for this long.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has been asked and not yet been done.
#[derive(Default)]
struct Orders {
    /// And whether what differs in the views is to be eased.
    arrangement: Option<(Arc<Arrangement>, bool)>,
    size: Option<Size>,
    exposed: bool,
    visible: Option<bool>,
    captions: Option<bool>,
    words: Option<Arc<Words>>,
    mark: Option<Option<(usize, Frame)>>,
    stills: Vec<(usize, SyncSender<Option<Picture>>)>,
    reactions: Vec<SyncSender<Reactions>>,
    /// Recordings, or live pictures again.
    recordings: Option<Option<Arc<Recordings>>>,
}

/// A camera's recording, or why it is not played.
pub type Recording = Result<Arc<Reel>, Message>;
/// What a wall plays, by camera.
pub type Recordings = HashMap<Id, Recording>;

/// How a wall stands.
#[derive(Clone, Default)]
pub struct Standing {
    /// The cameras on its tiles whose live pictures are wanted.
    pub cameras: Vec<CameraStanding>,
    /// Those whose recordings are played instead.
    pub recorded: Vec<CameraStanding>,
    /// Its own pixels; none while it cannot be seen.
    pub size: Size,
    /// Pictures that have come to it since it was opened.
    pub pictures: u64,
    /// Who draws it; empty before it is open.
    pub renderer: String,
    /// It could not be drawn at all.
    pub failure: Option<String>,
}

/// How a camera on a wall stands.
#[derive(Clone, PartialEq)]
pub struct CameraStanding {
    /// Which one.
    pub id: Id,
    /// Its pictures are live.
    pub live: bool,
    /// They are not, but on their way.
    pub coming: bool,
    /// Why they are not live.
    pub text: String,
    /// Since when, and what to do; of a live one, what keeps it from a better picture.
    pub detail: String,
    /// Which of its streams is seen.
    pub profile: Option<ProfileKind>,
    /// Of that, key frames only.
    pub key_frames: bool,
    /// On which tile, in reading order from 0.
    pub tile: u32,
    /// The tile's pixels.
    pub size: Size,
    /// The pixels of the picture on it; none without one.
    pub picture: Option<Size>,
}

/// What a wall's thread is asked by: the window system, the page, the keys.
pub struct Controls {
    bell: Arc<Doorbell>,
    orders: Mutex<Orders>,
    standing: Mutex<Standing>,
}

impl Controls {
    /// For a wall that `bell` wakes.
    #[must_use]
    pub fn new(bell: Arc<Doorbell>) -> Arc<Self> {
        Arc::new(Self { bell, orders: Mutex::default(), standing: Mutex::default() })
    }

    /// Shows this from now on. `eased`: pictures that are looked at otherwise get there so that the eye can follow.
    pub fn arrange(&self, arrangement: Arc<Arrangement>, eased: bool) {
        self.order(|orders| orders.arrangement = Some((arrangement, eased)));
    }

    /// The window has this size now.
    pub fn resize(&self, size: Size) {
        self.order(|orders| orders.size = Some(size));
    }

    /// The window lost what it showed.
    pub fn expose(&self) {
        self.order(|orders| orders.exposed = true);
    }

    /// The window can be seen, or cannot: then nothing is drawn, and after a while nothing received.
    pub fn set_visible(&self, visible: bool) {
        self.order(|orders| orders.visible = Some(visible));
    }

    /// Names on the pictures, or not.
    pub fn set_captions(&self, captions: bool) {
        self.order(|orders| orders.captions = Some(captions));
    }

    /// Goes on in another language.
    pub fn set_words(&self, words: Arc<Words>) {
        self.order(|orders| orders.words = Some(words));
    }

    /// Frames the tile with this slot, until told otherwise.
    pub fn mark(&self, mark: Option<(usize, Frame)>) {
        self.order(|orders| orders.mark = Some(mark));
    }

    /// Shows these recordings in place of live pictures, or live pictures again.
    pub fn play(&self, recordings: Option<Arc<Recordings>>) {
        self.order(|orders| orders.recordings = Some(recordings));
    }

    /// The newest picture of the tile with this slot.
    #[must_use]
    pub fn still(&self, slot: usize) -> Option<Picture> {
        let (send, receive) = sync_channel(1);
        self.order(|orders| orders.stills.push((slot, send)));
        receive.recv_timeout(Duration::from_secs(2)).ok().flatten()
    }

    /// How long the wall's streams took to come.
    #[must_use]
    pub fn reactions(&self) -> Reactions {
        let (send, receive) = sync_channel(1);
        self.order(|orders| orders.reactions.push(send));
        receive.recv_timeout(Duration::from_secs(2)).unwrap_or_default()
    }

    /// How the wall stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing.lock().clone()
    }

    fn order(&self, change: impl FnOnce(&mut Orders)) {
        change(&mut self.orders.lock());
        self.bell.ring();
    }
}

/// A wall and the thread that draws it. Dropping it ends both.
pub struct WallThread {
    controls: Arc<Controls>,
    thread: Option<JoinHandle<()>>,
}

impl WallThread {
    /// Starts drawing on `target`.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn start(
        id: u32,
        controls: Arc<Controls>,
        target: Target,
        backend: Backend,
        feeds: Arc<Feeds>,
        captions: bool,
        words: Arc<Words>,
    ) -> std::io::Result<Self> {
        let size = target.size();
        let drawing = Drawing {
            controls: Arc::clone(&controls),
            id,
            plan: feeds.plans(),
            feeds,
            view: WallView::new(captions, words),
            target,
            backend,
            wall: None,
            arrangement: None,
            recordings: None,
            beneath: Vec::new(),
            size,
            mark: None,
            hidden_since: None,
            released: false,
            told: None,
        };
        let thread = std::thread::Builder::new().name("draw".to_owned()).spawn(move || drawing.run())?;
        Ok(Self { controls, thread: Some(thread) })
    }
}

impl Drop for WallThread {
    fn drop(&mut self) {
        self.controls.bell.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Drawing {
    controls: Arc<Controls>,
    id: u32,
    feeds: Arc<Feeds>,
    /// The plan that the tiles were composed for.
    plan: u64,
    view: WallView,
    target: Target,
    backend: Backend,
    wall: Option<Wall>,
    arrangement: Option<Arc<Arrangement>>,
    recordings: Option<Arc<Recordings>>,
    /// Streams of cameras of which what came a moment ago is played: without them that would soon end.
    beneath: Vec<Subject>,
    size: Size,
    mark: Option<(usize, Frame)>,
    hidden_since: Option<Instant>,
    /// The streams of a wall that has not been seen for a while have been let go.
    released: bool,
    told: Option<Instant>,
}

impl Drawing {
    fn run(mut self) {
        let bell = Arc::clone(&self.controls.bell);
        doorbell::run(&bell, PACE, HEARTBEAT, None, || {
            self.obey();
            if self.hidden_since.is_none() {
                self.draw();
                if self.view.is_moving() {
                    bell.ring();
                }
            } else if !self.released && self.hidden_since.is_some_and(|since| since.elapsed() >= PATIENCE) {
                self.released = true;
                self.compose();
            }
            // Words for people: a few times a second are enough.
            if self.told.is_none_or(|told| told.elapsed() >= HEARTBEAT) {
                self.told = Some(Instant::now());
                self.tell();
                self.feeds.sweep();
            }
            true
        });
        let _ = self.feeds.show(self.id, &[], self.view.words());
        let gone = self.view.arrange(Vec::new(), Instant::now());
        self.feeds.let_go(gone);
    }

    fn obey(&mut self) {
        let orders = std::mem::take(&mut *self.controls.orders.lock());
        // What tiles say of limits is in words, too: they are composed anew.
        let words_changed = orders.words.is_some();
        if let Some(words) = orders.words {
            self.view.set_words(words);
        }
        if let Some(captions) = orders.captions {
            self.view.set_captions(captions);
        }
        let rearranged =
            orders.arrangement.is_some_and(|(arrangement, eased)| self.rearrange(arrangement, eased));
        let switched = orders.recordings.is_some();
        if let Some(recordings) = orders.recordings {
            self.switch(recordings);
        }
        let composed =
            words_changed || rearranged || switched || orders.size.is_some_and(|size| size != self.size);
        if let Some(size) = orders.size {
            self.size = size;
            if let Some(wall) = &mut self.wall {
                wall.resize(size);
            }
        }
        let marked = orders.mark.is_some();
        if let Some(mark) = orders.mark {
            self.mark = mark;
        }
        let seen_again = orders.visible == Some(true) && self.hidden_since.take().is_some();
        if orders.visible == Some(false) {
            self.hidden_since.get_or_insert_with(Instant::now);
        }
        if let Some(wall) = self.wall.as_mut().filter(|_| orders.exposed || seen_again) {
            wall.expose();
        }
        let replanned = self.plan != self.feeds.plans();
        // A wall that comes back in another size is asked for both at once.
        let back = seen_again && std::mem::take(&mut self.released);
        if composed || replanned || back {
            self.compose();
        } else if marked {
            self.frame();
        }
        for (slot, reply) in orders.stills {
            let _ = reply.send(self.tile_of(slot).and_then(|tile| self.view.picture(tile)).cloned());
        }
        for reply in orders.reactions {
            let _ = reply.send(self.view.reactions());
        }
    }

    /// Recordings from now on, or live pictures: nothing of the one is left to be taken for the other.
    fn switch(&mut self, recordings: Option<Arc<Recordings>>) {
        let before = std::mem::replace(&mut self.recordings, recordings);
        if before.is_some() != self.recordings.is_some() {
            let gone = self.view.clear();
            // A player that nobody holds any more ends here at the latest, recordings never linger.
            self.feeds.let_go(gone.into_iter().filter(|(_, feed)| feed.reel.is_none()).collect());
        }
    }

    /// Takes over another arrangement; says whether tiles have to be composed for it. A part of a picture that is moved
    /// about is a matter of drawing alone.
    fn rearrange(&mut self, arrangement: Arc<Arrangement>, eased: bool) -> bool {
        let before = self.arrangement.replace(Arc::clone(&arrangement));
        let Some(before) = before.filter(|before| before.differs_in_views_only(&arrangement)) else {
            return true;
        };
        let mut composed = false;
        for (slot, (old, new)) in before.slots().iter().zip(arrangement.slots()).enumerate() {
            if let Some(camera) = new.camera.as_ref().filter(|_| old.view != new.view) {
                self.view.look(slot, Sight::of(new.view, self.feeds.lens(camera)), eased);
                composed |= old.view.zoom() != new.view.zoom();
            }
        }
        composed
    }

    /// From the arrangement to tiles with streams.
    fn compose(&mut self) {
        let Some(arrangement) = self.arrangement.clone() else { return };
        let asked = Instant::now();
        let mut tiles = feeds::wishes(&arrangement, self.size);
        let slots: Vec<usize> = arrangement.tiles(self.size).into_iter().map(|(_, slot)| slot).collect();
        if self.released {
            tiles.iter_mut().for_each(|(_, _, wanted)| *wanted = None);
        }
        let wishes: Vec<_> = tiles.iter().filter_map(|(_, _, wanted)| wanted.clone()).collect();
        let mut subjects = self.subjects(&wishes).into_iter();
        self.plan = self.feeds.plans();
        let wanted = tiles
            .into_iter()
            .zip(slots)
            .map(|((rect, slot, wanted), at)| {
                let subject = wanted.and_then(|_| subjects.next());
                let lens = slot.camera.as_ref().and_then(|camera| self.feeds.lens(camera));
                let sight = Sight::of(slot.view, lens);
                Wanted { rect, fit: slot.fit, turn: slot.turn, slot: at, sight, subject }
            })
            .collect();
        let gone = self.view.arrange(wanted, asked);
        self.feeds.let_go(gone.into_iter().filter(|(_, feed)| feed.reel.is_none()).collect());
        let cameras: HashSet<Id> =
            arrangement.slots().iter().filter_map(|slot| slot.camera.clone()).collect();
        self.view.keep_pictures(|id| cameras.contains(id));
        self.frame();
    }

    /// Live pictures as the plan has them, or recordings; then the plan has room for others.
    fn subjects(&mut self, wishes: &[engine::planner::Wanted]) -> Vec<Subject> {
        let words = self.view.words();
        let Some(recordings) = &self.recordings else {
            let live = self.feeds.show(self.id, wishes, words);
            self.beneath.clear();
            return live;
        };
        let remembered = |wanted: &&engine::planner::Wanted| {
            recordings
                .get(&wanted.camera)
                .is_some_and(|reel| reel.as_ref().is_ok_and(|reel| reel.is_remembered()))
        };
        let received: Vec<_> = wishes.iter().filter(remembered).cloned().collect();
        self.beneath = self.feeds.show(self.id, &received, words);
        let subject = |wanted: &engine::planner::Wanted| {
            self.feeds.recorded(&wanted.camera, recordings.get(&wanted.camera), words)
        };
        wishes.iter().map(subject).collect()
    }

    fn tile_of(&self, slot: usize) -> Option<usize> {
        self.arrangement.as_ref()?.visible().position(|(_, shown, _)| shown == slot)
    }

    fn frame(&mut self) {
        let Some(arrangement) = &self.arrangement else { return };
        let slots: Vec<usize> = arrangement.visible().map(|(_, slot, _)| slot).collect();
        // A wall of one tile needs no frame to say which one is meant.
        let selected = arrangement.selected().filter(|_| slots.len() > 1);
        let mark = self.mark;
        self.view.frame(|tile| {
            let slot = *slots.get(tile)?;
            match mark {
                Some((marked, Frame::Drop)) if marked == slot => Some(Frame::Drop),
                _ if selected == Some(slot) => Some(Frame::Selected),
                Some((marked, kind)) if marked == slot => Some(kind),
                _ => None,
            }
        });
    }

    fn draw(&mut self) {
        if self.size.width == 0 || self.size.height == 0 {
            return;
        }
        if self.wall.is_none() {
            self.open();
        }
        let Some(wall) = &mut self.wall else { return };
        match self.view.draw(wall) {
            Ok(()) => {}
            // The window is being made or resized; the next scene finds it ready.
            Err(RenderError::Window(reason)) => log::warn!("{reason}"),
            Err(error) => {
                log::warn!("wall lost, opening it anew: {error}");
                self.wall = None;
            }
        }
    }

    /// Opens the wall, by the processor if need be.
    fn open(&mut self) {
        let opened = Wall::open(self.target.clone().with_size(self.size), self.backend)
            .or_else(|_| Wall::open(self.target.clone().with_size(self.size), Backend::Software));
        let mut standing = self.controls.standing.lock();
        match opened {
            Ok(wall) => {
                wall.backend_name().clone_into(&mut standing.renderer);
                standing.failure = None;
                self.wall = Some(wall);
            }
            Err(error) => standing.failure = Some(error.to_string()),
        }
    }

    fn tell(&self) {
        let mut standing = self.controls.standing.lock();
        standing.pictures = self.view.drawing().pictures;
        standing.size = if self.hidden_since.is_none() { self.size } else { Size::default() };
        let places = self.view.places().iter().zip(self.view.sizes()).enumerate();
        let cameras = places.filter_map(|(index, (place, size))| {
            let place = place.as_ref()?;
            let (text, detail) = match self.view.says(index) {
                Some(message) => (message.text, message.detail),
                None => (String::new(), place.subject.note.clone().unwrap_or_default()),
            };
            let standing = CameraStanding {
                id: place.subject.id.clone(),
                live: place.is_live(),
                coming: place.is_coming(),
                text,
                detail,
                profile: place.seen().and_then(|feed| feed.profile),
                key_frames: place.seen().is_some_and(|feed| feed.stream.is_key_frames_only()),
                tile: u32::try_from(index).unwrap_or(u32::MAX),
                size,
                picture: self.view.picture(index).map(|picture| picture.size),
            };
            Some(standing)
        });
        let cameras: Vec<_> = cameras.collect();
        let plays = self.recordings.is_some();
        let (recorded, cameras) = if plays { (cameras, Vec::new()) } else { (Vec::new(), cameras) };
        (standing.cameras, standing.recorded) = (cameras, recorded);
    }
}
