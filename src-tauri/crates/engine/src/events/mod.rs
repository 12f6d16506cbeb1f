//! What devices notice: motion, tampering, lost pictures, contacts.
//!
//! **What it does:** listens to the devices of the sites that are open; gathers what comes into a list in which a storm is
//! one line; decides by people's rules what else happens; keeps the rules.
//!
//! **What it must never know:** walls, windows, sounds, how a device tells: it says *that* a camera is to be shown, not how.
//!
//! **The way through it:** [`Watch::set_open`] names the open sites; `listening` keeps one subscription a device; what is
//! heard goes into [`Notices`] and, by [`decide`], becomes [`Reaction`]s, which whoever made the [`Watch`] is handed.

mod book;
mod decide;
mod gather;
mod listening;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use audit::Event;
use inventory::{Camera, Inventory, Recorder, Site};
use jiff::Zoned;
use model::{Action, DeviceEvent, Id};
use parking_lot::Mutex;

use crate::People;
use crate::devices::{Devices, Purpose, Way, way};
use crate::people::Denied;
use crate::source::Bell;

pub use book::Book;
pub use decide::{Moment, Reaction, decide};
pub use gather::{Notice, Noticed, Notices};
pub use rule::{Act, DaySpan, NotARule, Place, Rule, Screen};

use listening::Listeners;

/// Handed what rules ask for; must return at once.
pub type React = Arc<dyn Fn(Vec<Reaction>) + Send + Sync>;

/// See the module.
pub struct Watch {
    people: Arc<People>,
    listeners: Listeners,
    heard: Arc<Heard>,
}

/// What is heard, and what comes of it.
struct Heard {
    people: Arc<People>,
    inventory: Mutex<Arc<Inventory>>,
    state: Mutex<State>,
    react: React,
    bell: Bell,
}

#[derive(Default)]
struct State {
    book: Book,
    notices: Notices,
    /// When each rule acted last at each camera, ms since 1970.
    acted: BTreeMap<(Id, Id), i64>,
}

impl Watch {
    /// Listens to nobody yet. `bell` rings when the list has changed.
    #[must_use]
    pub fn new(
        devices: Arc<Devices>,
        people: Arc<People>,
        inventory: Arc<Inventory>,
        book: Book,
        react: React,
        bell: Bell,
    ) -> Self {
        let heard = Arc::new(Heard {
            people: Arc::clone(&people),
            inventory: Mutex::new(inventory),
            state: Mutex::new(State { book, ..State::default() }),
            react,
            bell,
        });
        let told = Arc::clone(&heard);
        let listeners =
            Listeners::new(devices, Arc::new(move |way, event| told.take(way, event, &Zoned::now())));
        Self { people, listeners, heard }
    }

    /// Other cameras, or others' addresses.
    pub fn set_inventory(&self, inventory: Arc<Inventory>) {
        *self.heard.inventory.lock() = inventory;
        self.listeners.listen_to(Vec::new());
    }

    /// These sites are open, and no others: their devices are listened to, as far as whoever has signed in sees a camera
    /// there. May wait for the keychain.
    pub fn set_open(&self, sites: &[Id]) {
        let inventory = self.heard.inventory.lock().clone();
        let open = inventory.sites().iter().filter(|site| sites.contains(&site.id));
        let recorders = open.flat_map(|site| site.recorders.iter().map(move |recorder| (site, recorder)));
        let ways = recorders.filter_map(|(site, recorder)| self.way_to(&inventory, site, recorder));
        self.listeners.listen_to(ways.collect());
    }

    fn way_to(&self, inventory: &Inventory, site: &Site, recorder: &Recorder) -> Option<Way> {
        let camera = recorder.cameras.iter().find(|camera| self.people.sees(site, camera))?;
        way(&self.people, inventory, &camera.id, Purpose::Watching).ok()
    }

    /// What was noticed at cameras that the person sees, the newest first.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let inventory = self.heard.inventory.lock().clone();
        let state = self.heard.state.lock();
        let seen = |notice: &&Notice| self.heard.sees(&inventory, notice.camera.as_ref(), &notice.device);
        state.notices.newest_first().filter(seen).cloned().collect()
    }

    /// The person has seen these lines of the list.
    ///
    /// # Errors
    /// Nobody has signed in, or the person sees no pictures.
    pub fn acknowledge(&self, lines: &[u64]) -> Result<(), Denied> {
        self.people.allow(Action::View, None)?;
        let done: Vec<Notice> = {
            let mut state = self.heard.state.lock();
            lines.iter().filter_map(|line| state.notices.acknowledge(*line)).collect()
        };
        let event = |notice: Notice| Event::NoticeAcknowledged {
            camera: notice.camera.unwrap_or(notice.device),
            noticed: noticed(notice.kind).into(),
            count: notice.count,
        };
        self.people.note_all(done.into_iter().map(event).collect());
        (self.heard.bell)();
        Ok(())
    }

    /// The rules and quiet hours.
    #[must_use]
    pub fn book(&self) -> Book {
        self.heard.state.lock().book.clone()
    }

    /// These rules and quiet hours hold from now on; gives them to be kept.
    ///
    /// # Errors
    /// The person may not change what holds for everybody here.
    pub fn set_book(&self, book: Book) -> Result<(), Denied> {
        self.people.allow(Action::ShareLayouts, None)?;
        let before = std::mem::replace(&mut self.heard.state.lock().book, book.clone());
        let changes = book.changes_since(&before);
        let event = |(rule, what): (String, &'static str)| Event::RuleChanged {
            rule: rule.as_str().into(),
            what: what.into(),
        };
        self.people.note_all(changes.into_iter().map(event).collect());
        Ok(())
    }
}

/// What a device has noticed, as it stands in the log and in the names of words.
#[must_use]
pub fn noticed(kind: model::EventKind) -> &'static str {
    match kind {
        model::EventKind::Motion => "motion",
        model::EventKind::Tampering => "tampering",
        model::EventKind::VideoLoss => "video_loss",
        model::EventKind::AlarmInput => "alarm_input",
    }
}

impl Heard {
    fn take(&self, way: &Way, event: DeviceEvent, now: &Zoned) {
        let inventory = self.inventory.lock().clone();
        let Some((site, recorder)) = recorder(&inventory, &way.device) else { return };
        let camera = camera_of(recorder, event.channel);
        if !self.sees(&inventory, camera.map(|camera| &camera.id), &recorder.id) {
            return;
        }
        let noticed = Noticed {
            site: site.id.clone(),
            district: site.district.clone(),
            device: recorder.id.clone(),
            camera: camera.map(|camera| camera.id.clone()),
            kind: event.kind,
            active: event.active,
        };
        let moment = Moment::of(now);
        let reactions = {
            let mut state = self.state.lock();
            let quiet = state.book.is_quiet(moment);
            let is_new = state.notices.take(&noticed, moment.ms, quiet);
            let State { book, acted, .. } = &mut *state;
            // What goes on and on in a storm has been reacted to.
            if is_new { decide(book, acted, &noticed, moment) } else { Vec::new() }
        };
        (self.bell)();
        if !reactions.is_empty() {
            self.mark(&reactions);
            (self.react)(reactions);
        }
    }

    fn mark(&self, reactions: &[Reaction]) {
        let marked = reactions.iter().filter(|reaction| reaction.act == Act::Mark);
        let event = |reaction: &Reaction| Event::MomentMarked {
            camera: reaction.camera.clone(),
            rule: reaction.name.as_str().into(),
            noticed: noticed(reaction.kind).into(),
        };
        self.people.note_all(marked.map(event).collect());
    }

    /// Whether the person may know of it: the camera, or any of its device.
    fn sees(&self, inventory: &Inventory, camera: Option<&Id>, device: &Id) -> bool {
        match camera.and_then(|camera| inventory.camera(camera)) {
            Some((site, _, camera)) => self.people.sees(site, camera),
            None => recorder(inventory, device)
                .is_some_and(|(site, of)| of.cameras.iter().any(|camera| self.people.sees(site, camera))),
        }
    }
}

fn recorder<'a>(inventory: &'a Inventory, id: &Id) -> Option<(&'a Site, &'a Recorder)> {
    let find = |site: &'a Site| Some((site, site.recorders.iter().find(|recorder| recorder.id == *id)?));
    inventory.sites().iter().find_map(find)
}

/// The camera of a channel; the only one where a device names none.
fn camera_of(recorder: &Recorder, channel: Option<u32>) -> Option<&Camera> {
    match (channel, &recorder.cameras[..]) {
        (Some(channel), cameras) => {
            let own = cameras.iter().find(|camera| camera.channel == Some(channel));
            own.or_else(|| cameras.first().filter(|only| cameras.len() == 1 && only.channel.is_none()))
        }
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}
