//! What an import would change.

use std::collections::HashMap;

use model::Id;

use crate::inventory::Inventory;
use crate::sites::{Camera, Recorder, Site};

/// Sites, recorders or cameras that would not be as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New ones.
    pub added: Vec<Id>,
    /// Those of which something is said otherwise; whether what belongs to them changes does not count.
    pub changed: Vec<Id>,
    /// Those that are not named any more.
    pub removed: Vec<Id>,
    /// Those that come to another recorder or site; they may have changed as well.
    pub moved: Vec<Id>,
}

impl Changes {
    /// Whether all stay as they are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A thing with what it belongs to, and without what belongs to it.
struct Thing<T> {
    id: Id,
    of: Option<Id>,
    own: T,
}

#[derive(Default)]
struct Things {
    sites: Vec<Thing<Site>>,
    recorders: Vec<Thing<Recorder>>,
    cameras: Vec<Thing<Camera>>,
}

/// What would change of sites, recorders and cameras if `after` took the place of `before`.
#[must_use]
pub fn difference(before: &Inventory, after: &Inventory) -> [Changes; 3] {
    let (before, after) = (things(before), things(after));
    let recorders = compare(before.recorders, after.recorders);
    [compare(before.sites, after.sites), recorders, compare(before.cameras, after.cameras)]
}

fn things(inventory: &Inventory) -> Things {
    let mut things = Things::default();
    for site in inventory.sites() {
        for recorder in &site.recorders {
            for camera in &recorder.cameras {
                let own = camera.clone();
                things.cameras.push(Thing { id: camera.id.clone(), of: Some(recorder.id.clone()), own });
            }
            let own = Recorder { cameras: Vec::new(), ..recorder.clone() };
            things.recorders.push(Thing { id: recorder.id.clone(), of: Some(site.id.clone()), own });
        }
        let own = Site { recorders: Vec::new(), ..site.clone() };
        things.sites.push(Thing { id: site.id.clone(), of: None, own });
    }
    things
}

fn compare<T: PartialEq>(before: Vec<Thing<T>>, after: Vec<Thing<T>>) -> Changes {
    let order: Vec<Id> = before.iter().map(|thing| thing.id.clone()).collect();
    let mut before: HashMap<Id, Thing<T>> =
        before.into_iter().map(|thing| (thing.id.clone(), thing)).collect();
    let mut changes = Changes::default();
    for thing in after {
        let Some(known) = before.remove(&thing.id) else {
            changes.added.push(thing.id);
            continue;
        };
        if known.of != thing.of {
            changes.moved.push(thing.id.clone());
        }
        if known.own != thing.own {
            changes.changed.push(thing.id);
        }
    }
    changes.removed = order.into_iter().filter(|id| before.contains_key(id)).collect();
    changes
}
