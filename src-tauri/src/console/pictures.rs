//! The picture of a tile, saved among the person's pictures.

use std::sync::Arc;

use jiff::Zoned;
use model::{Action, Id, Picture};

use super::{Console, notices};
use crate::picture_file::{self, Origin};
use crate::wire::{Notice, PictureFormat, SavedPicture};

impl Console {
    /// Saves the picture of a tile among the user's pictures.
    ///
    /// # Errors
    /// In words.
    pub fn save_picture(&self, wall: u32, at: usize, format: PictureFormat) -> Result<SavedPicture, Notice> {
        let (words, folder, slot) = {
            let state = self.state.lock();
            let slot = state.arrangement.desk().wall(wall).and_then(|wall| wall.slots().get(at).cloned());
            (Arc::clone(&state.words), state.pictures.clone(), slot)
        };
        let controls = self.walls.lock().get(&wall).map(|open| Arc::clone(&open.controls));
        // Outside the lock: the wall's thread answers.
        let picture = controls.and_then(|controls| controls.still(at));
        let (Some(picture), Some(slot)) = (picture, slot) else {
            return Err(notices::error_notice("no_picture", &[], &words));
        };
        let Some(camera) = slot.camera else { return Err(notices::error_notice("no_picture", &[], &words)) };
        self.allow(Action::View, Some(&camera))?;
        let origin = self.origin(&camera, &picture);
        let failed = |path: String, reason: String| {
            notices::error_notice("picture_not_saved", &[("path", &path), ("reason", &reason)], &words)
        };
        let still =
            render::still(&picture, slot.turn).map_err(|error| failed(String::new(), error.to_string()))?;
        let path = picture_file::save(still, &origin, format, &folder)
            .map_err(|(path, reason)| failed(path.display().to_string(), reason))?;
        let taken_ms = origin.taken.timestamp().as_millisecond();
        self.people.note(audit::Event::PictureSaved { camera, taken_ms });
        Ok(SavedPicture { path: path.display().to_string() })
    }

    fn origin(&self, id: &Id, picture: &Picture) -> Origin {
        let (site, camera) = self
            .feeds
            .inventory()
            .camera(id)
            .map_or_else(Default::default, |(site, _, camera)| (site.name.clone(), camera.name.clone()));
        let by_camera = picture.captured.and_then(|at| jiff::Timestamp::try_from(at).ok());
        let arrived = || {
            let age = jiff::SignedDuration::try_from(picture.received.elapsed()).unwrap_or_default();
            Zoned::now().saturating_sub(age)
        };
        let taken = by_camera.map_or_else(arrived, |at| at.to_zoned(jiff::tz::TimeZone::system()));
        Origin { camera, site, id: id.to_string(), taken, by_camera: by_camera.is_some() }
    }
}
