//! The inventory at this workstation: what is kept of it, who is told of it, and the map's zones. `import` brings it in
//! from lists, `origin` fetches what somebody has signed, `handing_out` writes and signs it; `flaws` has the words.

mod flaws;
mod handing_out;
mod import;
mod origin;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use audit::{Event, Fingerprint};
use engine::rights::Person;
use inventory::signed::{self, PublicKey, SigningKey};
use inventory::{Inventory, Kept};
use jiff::Timestamp;
use model::{Action, Id, Role, Scope};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use store::{Problem, Store};

use super::tree::tree;
use super::{Console, notices};
use crate::wire::Notice;
use crate::wire::stock::{Counts, Stock as StockWire, StockState, Zone, ZoneMark};
pub(super) use flaws::value_flaw;
use import::Preview;

/// How often the inventory is fetched anew from where it comes from.
const FETCH_EVERY: Duration = Duration::from_secs(15 * 60);

/// Where the inventory comes from, and whose signature is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origin {
    source: Option<String>,
    key: Option<String>,
}

/// Zones that people have marked here; they hold over what the inventory says.
type Zones = BTreeMap<Id, Option<inventory::Zone>>;

/// The inventory's files, and what is being brought in.
pub(super) struct Stock {
    kept: Store<Kept>,
    origin_file: Store<Origin>,
    zones_file: Store<Zones>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    origin: Origin,
    zones: Zones,
    serial: Option<u64>,
    etag: Option<String>,
    preview: Option<Preview>,
    previews: u32,
    fetched: Option<Timestamp>,
    problem: String,
}

/// What comes of opening the files.
pub(super) struct Opened {
    pub(super) stock: Stock,
    pub(super) inventory: Inventory,
    pub(super) rights: Vec<(String, Role, Scope)>,
    pub(super) problems: Vec<Problem>,
}

impl Stock {
    /// The files in `folder`.
    pub(super) fn open(folder: &Path) -> Opened {
        let (kept, origin_file, zones_file) =
            (Kept::store(folder), Store::open(folder, "origin"), Store::open(folder, "zones"));
        let (found, origin, zones) = (kept.load(), origin_file.load(), zones_file.load());
        let problems = [found.problem, origin.problem, zones.problem].into_iter().flatten().collect();
        let Kept { inventory, serial, rights, etag } = found.value.unwrap_or_default();
        let inner = Inner {
            origin: origin.value.unwrap_or_default(),
            zones: zones.value.unwrap_or_default(),
            serial,
            etag,
            ..Inner::default()
        };
        let stock = Self { kept, origin_file, zones_file, inner: Mutex::new(inner) };
        Opened { stock, inventory, rights: rights.into_iter().map(right).collect(), problems }
    }

    /// The zone in which a site lies.
    pub(super) fn zone(&self, site: &inventory::Site) -> Option<Zone> {
        let marked = self.inner.lock().zones.get(&site.id).copied();
        marked.unwrap_or(site.zone).map(zone)
    }

    /// Whether it is time to fetch.
    pub(super) fn is_due(&self) -> bool {
        let inner = self.inner.lock();
        let waits = inner.fetched.is_some_and(|at| {
            let passed = Timestamp::now().duration_since(at);
            Duration::try_from(passed).is_ok_and(|passed| passed < FETCH_EVERY)
        });
        inner.origin.source.is_some() && !waits
    }
}

fn right(right: signed::Right) -> (String, Role, Scope) {
    (right.account, right.role, right.scope)
}

impl Console {
    /// Where the inventory comes from and who vouches for it.
    ///
    /// # Errors
    /// The person may not manage it; here and below.
    pub fn stock_state(&self) -> Result<StockState, Notice> {
        self.allow(Action::ManageInventory, None)?;
        let inventory = self.inventory();
        let own = self.people.signing_key().ok().flatten();
        let own = own.and_then(|secret| SigningKey::from_secret(&secret).ok());
        let inner = self.stock.inner.lock();
        let key = inner.origin.key.as_deref().and_then(|key| PublicKey::parse(key).ok());
        Ok(StockState {
            counts: counts_of(&inventory),
            source: inner.origin.source.clone(),
            fetched: inner.fetched.map(|at| at.as_millisecond() as f64),
            problem: inner.problem.clone(),
            enrolled_key: key.map(|key| key.fingerprint().to_string()),
            own_key: own.map(|key| key.public().fingerprint().to_string()),
            serial: inner.serial.map(|serial| serial as f64),
        })
    }

    /// What is kept now; what is changed in it by hand keeps the rights and the serial number that came with it.
    pub(super) fn kept_stock(&self) -> Kept {
        self.stock.kept.load().value.unwrap_or_default()
    }

    /// Keeps an inventory and shows it everywhere.
    pub(super) fn adopt(&self, kept: Kept) -> Result<(), Notice> {
        let words = self.words();
        self.stock.kept.save(&kept).map_err(|error| notices::not_saved(&error, &words))?;
        let rights = kept.rights.iter().cloned().map(right).collect();
        {
            let mut inner = self.stock.inner.lock();
            (inner.serial, inner.etag) = (kept.serial, kept.etag);
        }
        self.people.set_rights(rights);
        let reserve = f64::from(self.state.lock().settings.reserve) / 100.0;
        let inventory = Arc::new(kept.inventory);
        self.feeds.set_inventory(Arc::clone(&inventory), reserve);
        self.equipment.set_inventory(&inventory);
        self.tell_stock();
        self.tell("session", self.session());
        Ok(())
    }

    /// Tells the page what there is to be watched now.
    pub(super) fn tell_stock(&self) {
        if let Some(person) = self.people.at_work() {
            self.tell("stock", self.stock_for(&person));
        }
    }

    fn stock_for(&self, person: &Person) -> StockWire {
        let inventory = self.inventory();
        StockWire { province: inventory.name().to_owned(), districts: tree(&inventory, person, &self.stock) }
    }

    /// Says in which zone a site lies.
    ///
    /// # Errors
    /// The person may not, or it cannot be saved.
    pub fn mark_zone(&self, mark: ZoneMark) -> Result<(), Notice> {
        self.allow(Action::MarkZones, None)?;
        let words = self.words();
        let inventory = self.inventory();
        let Some(site) = inventory.sites().iter().find(|site| site.id == mark.site) else {
            return Err(notices::error_notice("site_unknown", &[], &words));
        };
        let name = |zone: Option<Zone>| {
            let name = serde_json::to_value(zone).ok().and_then(|zone| zone.as_str().map(str::to_owned));
            audit::Text::from(name.unwrap_or_default().as_str())
        };
        let from = name(self.stock.zone(site));
        {
            let mut inner = self.stock.inner.lock();
            let mut zones = inner.zones.clone();
            zones.insert(mark.site.clone(), mark.zone.map(zone_of));
            self.stock.zones_file.save(&zones).map_err(|error| notices::not_saved(&error, &words))?;
            inner.zones = zones;
        }
        self.people.note(Event::ZoneMarked { site: mark.site, from, to: name(mark.zone) });
        self.tell_stock();
        Ok(())
    }

    /// Where files for people go.
    pub(super) fn documents(&self) -> PathBuf {
        self.state.lock().documents.clone()
    }
}

fn counts_of(inventory: &Inventory) -> Counts {
    let recorders = || inventory.sites().iter().flat_map(|site| &site.recorders);
    Counts {
        sites: inventory.sites().len(),
        recorders: recorders().count(),
        cameras: recorders().map(|recorder| recorder.cameras.len()).sum(),
    }
}

pub(super) fn fingerprint(bytes: &[u8]) -> Fingerprint {
    Fingerprint::of(bytes)
}

fn zone(zone: inventory::Zone) -> Zone {
    match zone {
        inventory::Zone::Green => Zone::Green,
        inventory::Zone::Yellow => Zone::Yellow,
        inventory::Zone::Orange => Zone::Orange,
        inventory::Zone::Red => Zone::Red,
    }
}

fn zone_of(zone: Zone) -> inventory::Zone {
    match zone {
        Zone::Green => inventory::Zone::Green,
        Zone::Yellow => inventory::Zone::Yellow,
        Zone::Orange => inventory::Zone::Orange,
        Zone::Red => inventory::Zone::Red,
    }
}
