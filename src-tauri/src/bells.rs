//! One bell for all streams, heard by all walls.

use std::sync::{Arc, Weak};

use parking_lot::RwLock;

use crate::doorbell::Doorbell;

/// The draw loops that are woken when a stream has something new.
#[derive(Default)]
pub struct Bells(RwLock<Vec<Weak<Doorbell>>>);

impl Bells {
    /// A bell of its own for one more wall, until it is dropped.
    #[must_use]
    pub fn add(&self) -> Arc<Doorbell> {
        let bell = Arc::new(Doorbell::default());
        let mut bells = self.0.write();
        bells.retain(|bell| bell.strong_count() > 0);
        bells.push(Arc::downgrade(&bell));
        bell
    }

    /// Rings at all walls. A wall that shows nothing of what is new finds that out faster than it could be told.
    pub fn ring(&self) {
        self.0.read().iter().filter_map(Weak::upgrade).for_each(|bell| bell.ring());
    }
}
