//! Which stream a camera is watched by: the profile that fits the tile, opened once for all walls.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Inventory, Live, Source, Tally};
use model::{Credentials, Id, Size, Transport};
use parking_lot::Mutex;
use render::{Icon, Message};

use super::view::{Feed, Subject};
use crate::words::Words;

/// A stream that no tile shows any more stays open for this long: going back to it (enlarged and back, a page on and
/// back) shows a living picture at once, and recorders are not asked to end and begin the same session.
const LINGER: Duration = Duration::from_secs(5);

/// Opens the inventory's cameras.
pub struct Feeds {
    inventory: Arc<Inventory>,
    live: Live,
    login: Option<Credentials>,
    transport: Transport,
    lingering: Mutex<Vec<(Instant, Feed)>>,
}

impl Feeds {
    /// Cameras of `inventory`, with one login for all devices.
    #[must_use]
    pub fn new(
        inventory: Arc<Inventory>,
        live: Live,
        login: Option<Credentials>,
        transport: Transport,
    ) -> Self {
        Self { inventory, live, login, transport, lingering: Mutex::default() }
    }

    /// What there is to be watched.
    #[must_use]
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The camera `id`, by the stream that fits a tile of this size.
    #[must_use]
    pub fn subject(&self, id: &Id, tile: Size, words: &Words) -> Subject {
        let Some((site, _, camera)) = self.inventory.camera(id) else {
            return Subject {
                id: id.clone(),
                title: id.to_string(),
                subtitle: String::new(),
                feed: Err(Message {
                    icon: Icon::NoCamera,
                    text: words.get("camera_unknown").to_owned(),
                    detail: words.get("camera_unknown_detail").to_owned(),
                }),
            };
        };
        let profile = camera.profile_for(tile).expect("every camera of an inventory has a profile");
        let stream = self.live.open(Source {
            address: profile.address.clone(),
            credentials: self.login.clone(),
            transport: self.transport,
        });
        Subject {
            id: id.clone(),
            title: camera.name.clone(),
            subtitle: site.name.clone(),
            feed: Ok(Feed { stream, profile: Some(profile.kind) }),
        }
    }

    /// These are no longer shown by a wall.
    pub fn let_go(&self, feeds: Vec<Feed>) {
        if !feeds.is_empty() {
            let until = Instant::now() + LINGER;
            self.lingering.lock().extend(feeds.into_iter().map(|feed| (until, feed)));
        }
    }

    /// Closes what nobody has come back to.
    pub fn sweep(&self) {
        let now = Instant::now();
        let over: Vec<_> = self.lingering.lock().extract_if(.., |(until, _)| *until <= now).collect();
        // Outside the lock: a stream that is closed here takes its time.
        drop(over);
    }

    /// What all streams come to.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.live.tally()
    }

    /// Ends all sessions, with a goodbye to the recorders.
    pub fn close(&self) {
        self.lingering.lock().clear();
        self.live.close();
    }
}
