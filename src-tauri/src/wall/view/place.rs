//! A tile's camera and how it stands.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use engine::playback::Reel;
use engine::{Audible as _, Hearing, Stream};
use inventory::ProfileKind;
use jiff::Zoned;
use model::{Decoder, Id, Picture};
use render::{Signal, StreamSlot};

use super::{Feed, Subject};
use crate::caption::Look;
use crate::wall::reactions::{Drawn, seconds};
use crate::words::Words;

/// A tile's camera and how it stands.
pub struct Place {
    /// What was wanted.
    pub subject: Subject,
    /// The stream whose pictures are shown while the wanted one has none yet: the change is not seen as a dark tile.
    before: Option<Feed>,
    corner: Corner,
    pub(super) look: Look,
    /// The newest picture on the tile has not been reported as drawn yet.
    pub(super) unreported: Option<(Arc<Stream>, Picture)>,
    /// When the wanted stream was asked for, until its first picture is drawn.
    pub(super) asked: Option<Instant>,
    /// Pictures drawn of the wanted stream, and when the first and the newest were.
    drawn: (u64, Option<(SystemTime, SystemTime)>),
}

impl Place {
    /// `known` is what stood on the wall of the same camera.
    pub(super) fn new(
        mut subject: Subject,
        known: Option<Self>,
        now: Instant,
        gone: &mut Vec<(Id, Feed)>,
    ) -> Self {
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
                drawn: (0, None),
            };
        };
        let Self { subject: old, before, look, unreported, asked, drawn, .. } = known;
        let same =
            |feed: &Feed| subject.feed.as_ref().is_ok_and(|new| new.stream.slot() == feed.stream.slot());
        // Whichever of the two was seen goes on being seen until the wanted one is.
        let unchanged = old.feed.as_ref().is_ok_and(&same);
        let (asked, drawn) = if unchanged { (asked, drawn) } else { (Some(now), (0, None)) };
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
    pub(super) fn words(&self, words: &Words, today: &Zoned) -> render::Caption {
        let Subject { title, subtitle, feed, .. } = &self.subject;
        let mut caption = self.look.caption(title, subtitle, words, today);
        if let Err(message) = feed {
            caption.message = Some(message.clone());
        }
        caption
    }

    /// One more picture of the wanted stream is on the wall; gives how many.
    pub(super) fn count(&mut self, today: SystemTime) -> u64 {
        let (count, times) = &mut self.drawn;
        *count += 1;
        times.get_or_insert((today, today)).1 = today;
        *count
    }

    /// What has been drawn of the wanted stream.
    pub(super) fn drawn(&self) -> Drawn {
        let (pictures, times) = self.drawn;
        let (first, newest) = times.map(|(first, newest)| (seconds(first), seconds(newest))).unzip();
        Drawn { camera: self.subject.id.clone(), pictures, first, newest }
    }

    /// How it stands, as a colour.
    pub(super) fn signal(&self) -> Signal {
        match &self.subject.feed {
            Ok(_) => self.look.signal(),
            Err(message) => message.icon.signal(),
        }
    }

    pub(super) fn into_feeds(self) -> impl Iterator<Item = (Id, Feed)> {
        let id = self.subject.id;
        self.before.into_iter().chain(self.subject.feed).map(move |feed| (id.clone(), feed))
    }

    /// What is new at `now`: a picture newer than `shown`, and how the place looks. The wanted stream's first picture ends
    /// the one before.
    pub(super) fn glance(
        &mut self,
        shown: Option<&(StreamSlot, Picture)>,
        words: &Words,
        now: Instant,
    ) -> (Option<(Arc<Stream>, Picture)>, Look) {
        let Ok(wanted) = &self.subject.feed else { return (None, Look::NoFeed) };
        if let Some(reel) = &wanted.reel {
            return recorded(wanted, reel, shown, now);
        }
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
        // A camera without sound is not said to be heard.
        let heard = seen.stream.ear().is_some_and(|ear| matches!(ear.hearing(now), Hearing::Heard { .. }));
        let corner =
            self.corner.of((seen.profile, hardware, lent, heard), self.subject.note.as_deref(), words);
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
        !self.look.is_dark() && !self.is_recorded()
    }

    /// Whether a recording is shown, or is to be.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        matches!(self.look, Look::Recorded { .. })
    }

    /// Whether it is on its way, without a fault.
    #[must_use]
    pub fn is_coming(&self) -> bool {
        self.look.is_coming()
    }
}

/// What is new of a recording. A picture of before a gap, which the stream still has, is not shown in it.
fn recorded(
    feed: &Feed,
    reel: &Reel,
    shown: Option<&(StreamSlot, Picture)>,
    now: Instant,
) -> (Option<(Arc<Stream>, Picture)>, Look) {
    let (standing, since) = reel.standing();
    let known = shown.filter(|(slot, _)| *slot == feed.stream.slot()).map(|(_, picture)| picture);
    let newer = reel.shown_at().and_then(|_| feed.stream.glance(known.map(|p| p.sequence), now).newer);
    let captured = newer.as_ref().or(known).and_then(|picture| picture.captured);
    let look = Look::recorded(standing, since, captured, reel.held().is_some(), now);
    (newer.map(|picture| (Arc::clone(&feed.stream), picture)), look)
}

/// The words in a place's corner, made anew only when what they say changes: they are asked for with every picture.
#[derive(Default)]
struct Corner(Option<(Saying, Arc<str>)>);

/// Which stream is seen, by which graphics processor's decoder, whether its pictures stay on that processor, and whether it
/// comes with its sound.
type Saying = (Option<ProfileKind>, Option<Decoder>, bool, bool);

impl Corner {
    /// `note` is the same as long as the place is.
    fn of(&mut self, saying: Saying, note: Option<&str>, words: &Words) -> Arc<str> {
        match &self.0 {
            Some((said, text)) if *said == saying => Arc::clone(text),
            _ => {
                let (profile, decoder, lent, heard) = saying;
                let parts = [
                    profile.map(|kind| words.get(profile_key(kind))),
                    decoder.map(Decoder::name),
                    lent.then(|| words.get("tile_no_copies")),
                    heard.then(|| words.get("tile_sound")),
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
