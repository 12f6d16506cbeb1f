//! Small pictures of what was recorded, for the pointer on the time line. The few that were made last are kept, until somebody
//! else works here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::playback::Glimpse;
use model::{Action, Fault, Id, Moment};

use crate::console::Console;
use crate::jpeg;
use crate::wire::Notice;
use crate::wire::playback::RecordedPicture;

/// Pixels.
const WIDTH: u32 = 240;
/// Of each some 10 KB.
const MOST_KEPT: usize = 400;
/// Enough to see who stands there; nobody keeps these.
const QUALITY: u8 = 70;
/// A pixel of the time line is an hour at most; nobody is helped by a picture from so long before.
const FARTHEST: Duration = Duration::from_secs(60);
const NEAREST: Duration = Duration::from_millis(500);

/// See the module.
#[derive(Default)]
pub(super) struct Thumbnails {
    pictures: BTreeMap<(Id, Moment), Arc<str>>,
    /// The oldest first.
    order: VecDeque<(Id, Moment)>,
}

impl Thumbnails {
    /// The last one before a moment that is not older than `within`.
    fn near(&self, camera: &Id, at: Moment, within: Duration) -> Option<RecordedPicture> {
        let (from, until) = ((camera.clone(), at.minus(within)), (camera.clone(), at));
        let ((_, taken), data) = self.pictures.range(from..=until).next_back()?;
        Some(RecordedPicture { at: *taken, data: data.to_string() })
    }

    fn keep(&mut self, camera: Id, at: Moment, data: Arc<str>) {
        if self.pictures.insert((camera.clone(), at), data).is_none() {
            self.order.push_back((camera, at));
        }
        while self.order.len() > MOST_KEPT {
            if let Some(oldest) = self.order.pop_front() {
                self.pictures.remove(&oldest);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Console {
    /// A small picture of what a camera of a wall that plays recorded at a moment: of the key frame before, which may be
    /// `within_ms` older where one is there already. `None`: nothing was recorded then, it does not come (the tile says why),
    /// or somebody has asked for another place since.
    ///
    /// # Errors
    /// The person may not.
    pub async fn recorded_picture(
        &self,
        wall: u32,
        camera: Id,
        at: Moment,
        within_ms: u32,
    ) -> Result<Option<RecordedPicture>, Notice> {
        self.allow(Action::Playback, Some(&camera))?;
        let within = Duration::from_millis(u64::from(within_ms)).clamp(NEAREST, FARTHEST);
        let known = self.playing.thumbnails.lock().near(&camera, at, within);
        if let Some(known) = known {
            self.note_glimpse(wall, &camera, known.at);
            return Ok(Some(known));
        }
        let glimpses = {
            let sessions = self.playing.sessions.lock();
            sessions.get(&wall).and_then(|session| session.player.glimpses(&camera))
        };
        let Some(glimpses) = glimpses else { return Ok(None) };
        let asked = async move {
            let found = glimpses.at(at, within).await?;
            let Glimpse::Picture(taken, picture) = found else { return Ok(None) };
            let drawn = tokio::task::spawn_blocking(move || jpeg::small(&picture, WIDTH, QUALITY)).await;
            Ok::<_, Fault>(drawn.ok().flatten().map(|data| (taken, data)))
        };
        let found = self.equipment.devices.runtime().spawn(asked).await;
        match found.unwrap_or_else(|_| Err(Fault::Ended("closing".to_owned()))) {
            Ok(Some((taken, data))) => {
                self.note_glimpse(wall, &camera, taken);
                self.playing.thumbnails.lock().keep(camera, taken, Arc::clone(&data));
                Ok(Some(RecordedPicture { at: taken, data: data.to_string() }))
            }
            Ok(None) => Ok(None),
            Err(fault) => {
                log::debug!("no small picture of {camera}: {fault}");
                Ok(None)
            }
        }
    }

    fn note_glimpse(&self, wall: u32, camera: &Id, taken: Moment) {
        let mut sessions = self.playing.sessions.lock();
        let cameras = sessions.get_mut(&wall).into_iter().flat_map(|session| &mut session.cameras);
        let event = cameras
            .filter(|played| played.id == *camera)
            .find_map(|played| played.glimpsed.look(camera, taken, Instant::now()));
        drop(sessions);
        self.people.note_all(event.into_iter().collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pictures_are_kept_and_found_by_what_they_are_near_to() {
        let (camera, other) = (Id::new("c").unwrap(), Id::new("d").unwrap());
        let second = |at: i64| Moment(at * 1_000_000);
        let mut kept = Thumbnails::default();
        for at in 0..1000 {
            kept.keep(camera.clone(), second(at * 10), Arc::from(at.to_string()));
        }
        assert_eq!((kept.pictures.len(), kept.order.len()), (MOST_KEPT, MOST_KEPT));
        let near = |at: i64, within: u64| {
            kept.near(&camera, second(at), Duration::from_secs(within)).map(|found| found.data)
        };
        assert_eq!(near(9_994, 5).as_deref(), Some("999"));
        assert_eq!(near(9_989, 9).as_deref(), Some("998"));
        assert_eq!(near(9_989, 8), None, "too old");
        assert_eq!(near(100, 60), None, "long gone");
        assert!(kept.near(&other, second(9_994), FARTHEST).is_none());
    }
}
