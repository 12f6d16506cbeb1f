//! Which lens a camera has: as somebody has said here, else as the inventory does.

use std::collections::HashMap;

use layouts::Views;
use model::{Id, Lens};

use super::Feeds;

impl Feeds {
    /// A camera's lens, where it is known.
    #[must_use]
    pub fn lens(&self, camera: &Id) -> Option<Lens> {
        let by_hand = self.lenses.read().get(camera).copied();
        by_hand.or_else(|| self.inventory().camera(camera)?.2.lens)
    }

    /// What has been said by hand; walls compose anew.
    pub fn set_lenses(&self, views: &Views) {
        let lenses: HashMap<Id, Lens> = views.lenses().map(|(camera, lens)| (camera.clone(), lens)).collect();
        *self.lenses.write() = lenses;
        self.renew();
    }
}
