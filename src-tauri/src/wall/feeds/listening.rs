//! The camera that somebody listens to: its streams are opened with their sound.

use std::sync::Arc;
use std::time::Instant;

use engine::{Audible as _, Bell, Ear, Hearing, Sounds, Talking};
use inventory::ProfileKind;
use model::{Address, Credentials, Id};

use super::Feeds;
use crate::wall::view::Feed;

impl Feeds {
    /// The streams of this camera come with their sound from now on, and those of no other. What is open is opened anew
    /// beside itself, as with a change of profiles: no tile goes dark, and no viewer's place is taken for longer.
    pub fn listen(&self, camera: Option<Id>) {
        let changed = {
            let mut listening = self.listening.lock();
            let changed = *listening != camera;
            *listening = camera;
            changed
        };
        if changed {
            self.changed();
        }
    }

    /// Where the sound of the camera that is listened to comes out; of two streams the one that is heard.
    #[must_use]
    pub fn ear(&self) -> Option<Arc<Ear>> {
        let camera = self.listening.lock().clone()?;
        let open = self.open.lock();
        let now = Instant::now();
        let ears = [ProfileKind::Main, ProfileKind::Sub].into_iter().filter_map(|kind| {
            let stream = open.get(&(camera.clone(), kind))?.stream.upgrade()?;
            stream.ear().map(Arc::clone)
        });
        let mut ears: Vec<Arc<Ear>> = ears.collect();
        let heard = ears.iter().position(|ear| matches!(ear.hearing(now), Hearing::Heard { .. }));
        (!ears.is_empty()).then(|| ears.swap_remove(heard.unwrap_or(0)))
    }

    /// Opens the loudspeaker of a camera; `None` where nobody may. `bell` is rung when it stands otherwise.
    #[must_use]
    pub fn talk(&self, camera: &Id, bell: Bell) -> Option<Talking> {
        let (address, login) = self.spoken_to(camera)?;
        Some(self.live.talk(address, login, bell))
    }

    /// Asks whether a camera has a loudspeaker; `told` is called with the answer.
    pub fn ask_talk(&self, camera: &Id, told: impl FnOnce(bool) + Send + 'static) {
        match self.spoken_to(camera) {
            Some((address, login)) => self.live.ask_talk(address, login, told),
            None => told(false),
        }
    }

    /// Where a camera is spoken to: at the device itself, whatever relays its pictures.
    fn spoken_to(&self, camera: &Id) -> Option<(Address, Option<Credentials>)> {
        let inventory = self.inventory();
        let (site, recorder, camera) = inventory.camera(camera)?;
        let login = self.people.login(site, recorder, camera).ok()?;
        let sub = camera.profiles.iter().find(|profile| profile.kind == ProfileKind::Sub);
        Some((sub.or(camera.profiles.first())?.address.clone(), login))
    }

    pub(super) fn sounds(&self, camera: &Id) -> Sounds {
        if self.listening.lock().as_ref() == Some(camera) { Sounds::With } else { Sounds::Without }
    }

    /// Whether a profile is open with its sound and wanted without, or the other way round.
    pub(super) fn sounds_otherwise(&self, camera: &Id, kind: ProfileKind) -> bool {
        let open = self.open.lock();
        let stream = open.get(&(camera.clone(), kind)).and_then(|open| open.stream.upgrade());
        stream.is_some_and(|stream| stream.ear().is_some() != (self.sounds(camera) == Sounds::With))
    }

    pub(super) fn is_replaced(&self, camera: &Id, feed: &Feed) -> bool {
        let Some(kind) = feed.profile else { return false };
        let open = self.open.lock();
        let newest = open.get(&(camera.clone(), kind)).and_then(|open| open.stream.upgrade());
        newest.is_some_and(|newest| newest.slot() != feed.stream.slot())
    }
}
