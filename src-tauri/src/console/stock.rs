//! The inventory: brought in, handed out, fetched; and the map's zones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use audit::{Event, Fingerprint};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::rights::Person;
use inventory::import::{self, Changes, ImportFault, RowError, RowFlaw};
use inventory::signed::{self, PublicKey, SignatureFault, SigningKey};
use inventory::source::{self, Fetched, Https, SourceFault};
use inventory::{Flaw, Inventory, Kept};
use jiff::Timestamp;
use model::{Action, Id, Role, Scope};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{Problem, Store};

use super::records::not_written;
use super::session::{key_fault, set_fault};
use super::{Console, files, notices, tree};
use crate::wire::Notice;
use crate::wire::stock::{
    Counts, ImportOptions, ImportPreview, RowError as RowErrorWire, SavedFile, Stock as StockWire,
    StockFormat, StockState, Zone, ZoneMark,
};
use crate::words::Words;

/// What the page gets of a long list.
const MOST_ERRORS: usize = 500;
const MOST_EXAMPLES: usize = 20;
/// How often the inventory is fetched anew from where it comes from.
const FETCH_EVERY: Duration = Duration::from_secs(15 * 60);
/// The most bytes of a file that is brought in, in base64.
const LARGEST: usize = inventory::limits::FILE_BYTES / 3 * 4 + 8;

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

/// A file that was looked at and can be taken over.
struct Preview {
    token: u32,
    inventory: Inventory,
    changes: [Changes; 3],
    sha256: Fingerprint,
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

    /// Looks at a file that is to be brought in. Changes nothing.
    ///
    /// # Errors
    /// As above, or the file cannot be understood at all.
    pub fn preview_import(
        &self,
        name: &str,
        content: &str,
        options: ImportOptions,
    ) -> Result<ImportPreview, Notice> {
        self.allow(Action::ManageInventory, None)?;
        let words = self.words();
        let bytes = (content.len() <= LARGEST).then(|| STANDARD.decode(content).ok()).flatten();
        let Some(bytes) = bytes else {
            return Err(import_fault(&ImportFault::TooLarge { most: inventory::limits::FILE_BYTES }, &words));
        };
        let current = self.inventory();
        let sha256 = fingerprint(&bytes);
        if name.to_lowercase().ends_with(".json") {
            let inventory = Inventory::parse(&bytes).map_err(|error| {
                notices::error_notice("import_json", &[("reason", &error.to_string())], &words)
            })?;
            let changes = import::difference(&current, &inventory);
            return Ok(self.previewed("JSON".to_owned(), 0, inventory, changes, sha256, &current));
        }
        let options = import::ImportOptions {
            inventory_name: options.name.filter(|name| !name.trim().is_empty()),
            address_template: options.template.filter(|template| !template.trim().is_empty()),
            recorder_name: words.get("import_recorder_name").to_owned(),
            camera_name: words.get("import_camera_name").to_owned(),
        };
        let preview = import::preview(name, &bytes, &current, &options)
            .map_err(|fault| import_fault(&fault, &words))?;
        let shape = match preview.shape {
            import::Shape::SiteList => words.get("import_site_list"),
            import::Shape::CameraList => words.get("import_camera_list"),
        };
        let shape = match &preview.sheet {
            Some(sheet) => format!("{shape} · {sheet}"),
            None => shape.to_owned(),
        };
        if let Some(inventory) = preview.result {
            let changes = [preview.sites, preview.recorders, preview.cameras];
            return Ok(self.previewed(shape, preview.rows, inventory, changes, sha256, &current));
        }
        Ok(ImportPreview {
            token: 0,
            shape,
            rows: preview.rows,
            added: Counts::default(),
            changed: Counts::default(),
            removed: Counts::default(),
            examples: Vec::new(),
            error_count: preview.errors.len(),
            needs_template: preview
                .errors
                .iter()
                .any(|error| matches!(error.flaw, RowFlaw::NoAddressTemplate | RowFlaw::BadAddressTemplate)),
            errors: preview.errors.iter().take(MOST_ERRORS).map(|error| row_error(error, &words)).collect(),
        })
    }

    fn previewed(
        &self,
        shape: String,
        rows: usize,
        inventory: Inventory,
        changes: [Changes; 3],
        sha256: Fingerprint,
        current: &Inventory,
    ) -> ImportPreview {
        let count = |of: &dyn Fn(&Changes) -> usize| Counts {
            sites: of(&changes[0]),
            recorders: of(&changes[1]),
            cameras: of(&changes[2]),
        };
        let (added, removed) = (count(&|c| c.added.len()), count(&|c| c.removed.len()));
        let changed = count(&|c| c.changed.len());
        let gone = changes[0].removed.iter().chain(&changes[2].removed).chain(&changes[0].changed);
        let examples = gone.take(MOST_EXAMPLES).map(|id| name_in(current, id)).collect();
        let mut inner = self.stock.inner.lock();
        inner.previews += 1;
        let token = inner.previews;
        inner.preview = Some(Preview { token, inventory, changes, sha256 });
        ImportPreview {
            token,
            shape,
            rows,
            added,
            changed,
            removed,
            examples,
            errors: Vec::new(),
            error_count: 0,
            needs_template: false,
        }
    }

    /// Takes over the file that was looked at last.
    ///
    /// # Errors
    /// As above; another file was looked at since, or the inventory cannot be saved: then nothing has changed.
    pub fn apply_import(&self, token: u32) -> Result<(), Notice> {
        self.allow(Action::ManageInventory, None)?;
        let words = self.words();
        let preview = self.stock.inner.lock().preview.take().filter(|preview| preview.token == token);
        let Some(preview) = preview else { return Err(notices::error_notice("import_stale", &[], &words)) };
        let Preview { inventory, changes, sha256, .. } = preview;
        // Brought in by hand: it carries no signature, and a later bundle may be any newer than the last one.
        let serial = self.stock.inner.lock().serial;
        self.adopt(Kept { inventory, serial, rights: Vec::new(), etag: None })?;
        let count = |of: &dyn Fn(&Changes) -> usize| u32::try_from(of(&changes[2])).unwrap_or(u32::MAX);
        self.people.note(Event::InventoryImported {
            added: count(&|c| c.added.len()),
            changed: count(&|c| c.changed.len()),
            removed: count(&|c| c.removed.len()),
            sha256,
        });
        Ok(())
    }

    /// Keeps an inventory and shows it everywhere.
    fn adopt(&self, kept: Kept) -> Result<(), Notice> {
        let words = self.words();
        self.stock.kept.save(&kept).map_err(|error| notices::not_saved(&error, &words))?;
        let rights = kept.rights.iter().cloned().map(right).collect();
        {
            let mut inner = self.stock.inner.lock();
            (inner.serial, inner.etag) = (kept.serial, kept.etag);
        }
        self.people.set_rights(rights);
        let reserve = f64::from(self.state.lock().settings.reserve) / 100.0;
        self.feeds.set_inventory(Arc::new(kept.inventory), reserve);
        self.tell_stock();
        self.tell("session", self.session());
        Ok(())
    }

    /// Tells the page what there is to be watched now.
    fn tell_stock(&self) {
        if let Some(person) = self.people.person() {
            self.tell("stock", self.stock_for(&person));
        }
    }

    fn stock_for(&self, person: &Person) -> StockWire {
        let inventory = self.inventory();
        StockWire { province: inventory.name().to_owned(), districts: tree(&inventory, person, &self.stock) }
    }

    /// Writes the inventory into a file among the user's documents.
    ///
    /// # Errors
    /// As above, or it cannot be written.
    pub fn export_stock(&self, format: StockFormat) -> Result<SavedFile, Notice> {
        self.allow(Action::ManageInventory, None)?;
        let (words, inventory) = (self.words(), self.inventory());
        let (bytes, ending) = match format {
            StockFormat::Csv => (inventory.to_csv(), "csv"),
            StockFormat::Json => (inventory.to_json(), "json"),
            StockFormat::Signed => (self.signed(&inventory, &words)?, signed::EXTENSION),
        };
        let path =
            files::free(&self.documents(), &words.say("file_inventory", &[("day", &files::now())]), ending);
        let written = files::write(&path, |out| out.write_all(&bytes));
        written.map_err(|error| not_written(&path, &error, &words))?;
        Ok(SavedFile { path: path.display().to_string() })
    }

    /// The inventory with the rights of all accounts, signed by the person's key.
    fn signed(&self, inventory: &Inventory, words: &Words) -> Result<Vec<u8>, Notice> {
        let failed =
            |reason: String| notices::error_notice("stock_not_signed", &[("reason", &reason)], words);
        let secret = self.people.signing_key().map_err(|fault| key_fault(&fault, words))?;
        let secret = secret.ok_or_else(|| notices::error_notice("stock_no_signing_key", &[], words))?;
        let key = SigningKey::from_secret(&secret).map_err(|error| failed(error.to_string()))?;
        let accounts = self.people.accounts().map_err(|error| failed(error.to_string()))?;
        let rights = accounts.into_iter().filter(|account| !account.disabled).map(|account| signed::Right {
            account: account.name.as_str().to_owned(),
            role: account.role,
            scope: account.scope,
        });
        let now = Timestamp::now();
        // Larger than every one before, also when the clock was set back.
        let last = self.stock.inner.lock().serial.unwrap_or_default();
        let serial = u64::try_from(now.as_second()).unwrap_or_default().max(last + 1);
        let bundle =
            signed::Bundle { serial, made_at: now, inventory: inventory.clone(), rights: rights.collect() };
        let bytes = signed::sign(&bundle, &key).map_err(|fault| failed(fault.to_string()))?;
        self.people.note(Event::InventorySigned {
            sha256: fingerprint(&bytes),
            key: key.public().fingerprint().to_string().as_str().into(),
        });
        Ok(bytes)
    }

    /// Makes the person a key to sign inventories with, and gives its public half, to be enrolled elsewhere.
    ///
    /// # Errors
    /// As above, or the key cannot be kept. A key that is there is not replaced.
    pub fn make_signing_key(&self) -> Result<String, Notice> {
        self.allow(Action::ManageInventory, None)?;
        let words = self.words();
        let known = self.people.signing_key().map_err(|fault| key_fault(&fault, &words))?;
        if let Some(key) = known.and_then(|secret| SigningKey::from_secret(&secret).ok()) {
            return Ok(key.public().to_string());
        }
        let key = SigningKey::generate().map_err(|error| {
            notices::error_notice("stock_not_signed", &[("reason", &error.to_string())], &words)
        })?;
        self.people.keep_signing_key(&key.secret()).map_err(|fault| set_fault(&fault, &words))?;
        Ok(key.public().to_string())
    }

    /// From where the inventory comes from now on; fetches it at once.
    ///
    /// # Errors
    /// As above, or why it was not fetched; the source is kept all the same, and tried again.
    pub fn set_stock_source(&self, source: Option<String>) -> Result<(), Notice> {
        self.allow(Action::ManageInventory, None)?;
        let source = source.map(|source| source.trim().to_owned()).filter(|source| !source.is_empty());
        let before = self.change_origin(|origin| std::mem::replace(&mut origin.source, source.clone()))?;
        self.people.note(Event::SettingsChanged {
            what: "inventory_source".into(),
            before: before.unwrap_or_default().as_str().into(),
            after: source.clone().unwrap_or_default().as_str().into(),
        });
        if source.is_some() { self.fetch_stock() } else { Ok(()) }
    }

    /// Whose signature is asked for from now on; `None`: nobody's, and nothing is fetched.
    ///
    /// # Errors
    /// As above, or it is no key.
    pub fn enrol_key(&self, key: Option<&str>) -> Result<(), Notice> {
        self.allow(Action::ManageInventory, None)?;
        let words = self.words();
        let parsed = key.map(|key| PublicKey::parse(key.trim())).transpose();
        let parsed = parsed
            .map_err(|error| notices::error_notice("key_none", &[("reason", &error.to_string())], &words))?;
        let text = parsed.as_ref().map(ToString::to_string);
        let before = self.change_origin(|origin| std::mem::replace(&mut origin.key, text))?;
        let event = |key: &PublicKey| {
            (
                audit::Text::from(key.fingerprint().to_string().as_str()),
                fingerprint(key.to_string().as_bytes()),
            )
        };
        if let Some(before) = before.and_then(|key| PublicKey::parse(&key).ok()) {
            let (key, sha256) = event(&before);
            self.people.note(Event::KeyRevoked { key, sha256 });
        }
        if let Some(now) = &parsed {
            let (key, sha256) = event(now);
            self.people.note(Event::KeyEnrolled { key, sha256 });
        }
        Ok(())
    }

    fn change_origin<T>(&self, change: impl FnOnce(&mut Origin) -> T) -> Result<T, Notice> {
        let words = self.words();
        let mut inner = self.stock.inner.lock();
        let mut origin = inner.origin.clone();
        let result = change(&mut origin);
        self.stock.origin_file.save(&origin).map_err(|error| notices::not_saved(&error, &words))?;
        inner.origin = origin;
        inner.problem.clear();
        Ok(result)
    }

    /// Fetches the inventory from where it comes from.
    ///
    /// # Errors
    /// As above, or why there is none to be had; what is in use stays.
    pub fn fetch_stock(&self) -> Result<(), Notice> {
        self.allow(Action::ManageInventory, None)?;
        self.fetch().map_err(|reason| {
            notices::error_notice("stock_not_fetched", &[("reason", &reason)], &self.words())
        })
    }

    /// The same where nobody asked for it; what went wrong is kept for the page.
    pub(super) fn fetch(&self) -> Result<(), String> {
        let words = self.words();
        let (origin, serial, etag) = {
            let inner = self.stock.inner.lock();
            (inner.origin.clone(), inner.serial, inner.etag.clone())
        };
        let outcome = self.fetch_from(&origin, serial, etag.as_deref(), &words);
        let mut inner = self.stock.inner.lock();
        inner.fetched = Some(Timestamp::now());
        inner.problem = outcome.as_ref().err().cloned().unwrap_or_default();
        outcome
    }

    fn fetch_from(
        &self,
        origin: &Origin,
        last: Option<u64>,
        etag: Option<&str>,
        words: &Words,
    ) -> Result<(), String> {
        let Some(source) = &origin.source else { return Ok(()) };
        let key = origin.key.as_deref().and_then(|key| PublicKey::parse(key).ok());
        let key = key.ok_or_else(|| words.get("stock_no_key").to_owned())?;
        let (bytes, etag) = if source.starts_with("https://") || source.contains("://") {
            let server = Https::new(source).map_err(|error| words.because("stock_bad_source", error))?;
            match server.fetch(etag).map_err(|fault| source_fault(&fault, words))? {
                Fetched::Unchanged => return Ok(()),
                Fetched::File { bytes, etag } => (bytes, etag),
            }
        } else {
            (source::read(&PathBuf::from(source)).map_err(|fault| source_fault(&fault, words))?, None)
        };
        let bundle = signed::verify(&bytes, &key, last).map_err(|fault| signature_fault(&fault, words))?;
        if Some(bundle.serial) == last {
            return Ok(());
        }
        self.adopt(Kept::of(bundle, etag)).map_err(|notice| notice.detail)
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

fn name_in(inventory: &Inventory, id: &Id) -> String {
    if let Some((site, _, camera)) = inventory.camera(id) {
        return format!("{} · {}", camera.name, site.name);
    }
    let site = inventory.sites().iter().find(|site| site.id == *id);
    site.map_or_else(|| id.to_string(), |site| site.name.clone())
}

fn fingerprint(bytes: &[u8]) -> Fingerprint {
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

fn mebibytes(bytes: usize) -> String {
    (bytes >> 20).to_string()
}

/// Why a file is no list at all.
fn import_fault(fault: &ImportFault, words: &Words) -> Notice {
    let columns = |missing: &[inventory::Field]| {
        missing.iter().map(|field| field.column()).collect::<Vec<_>>().join(", ")
    };
    let (key, value) = match fault {
        ImportFault::TooLarge { most } => ("import_too_large", mebibytes(*most)),
        ImportFault::TooManyRows { most } => ("import_too_many_rows", most.to_string()),
        ImportFault::TooManyColumns { most } => ("import_too_many_columns", most.to_string()),
        ImportFault::Encoding => ("import_encoding", String::new()),
        ImportFault::Bomb => ("import_bomb", String::new()),
        ImportFault::Workbook => ("import_workbook", String::new()),
        ImportFault::NoHeader => ("import_no_header", String::new()),
        ImportFault::MissingColumns { missing } => ("import_missing_columns", columns(missing)),
    };
    notices::error_notice(key, &[("value", &value)], words)
}

fn row_error(error: &RowError, words: &Words) -> RowErrorWire {
    let (key, values) = row_flaw(&error.flaw);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let column = error.column.clone().or_else(|| error.field.map(|field| field.column().to_owned()));
    RowErrorWire {
        row: Some(error.row as usize),
        column: column.unwrap_or_default(),
        value: error.value.clone(),
        text: words.say(key, &values),
    }
}

type Values = Vec<(&'static str, String)>;

fn row_flaw(flaw: &RowFlaw) -> (&'static str, Values) {
    match flaw {
        RowFlaw::Value(flaw) => value_flaw(flaw),
        RowFlaw::NotANumber => ("row_not_a_number", vec![]),
        RowFlaw::NotYesOrNo => ("row_not_yes_or_no", vec![]),
        RowFlaw::NotAZone => ("row_not_a_zone", vec![]),
        RowFlaw::Date => ("row_date", vec![]),
        RowFlaw::Failed => ("row_failed", vec![]),
        RowFlaw::Ragged { expected, found } => {
            ("row_ragged", vec![("expected", expected.to_string()), ("found", found.to_string())])
        }
        RowFlaw::ColumnTwice => ("row_column_twice", vec![]),
        RowFlaw::Differs { row } => ("row_differs", vec![("row", row.to_string())]),
        RowFlaw::NoAddressTemplate => ("row_no_template", vec![]),
        RowFlaw::BadAddressTemplate => ("row_bad_template", vec![]),
        RowFlaw::Hosts { expected } => ("row_hosts", vec![("expected", expected.to_string())]),
        RowFlaw::Sum { expected } => ("row_sum", vec![("expected", expected.to_string())]),
        RowFlaw::TooFewChannels { channels } => ("row_channels", vec![("channels", channels.to_string())]),
    }
}

fn value_flaw(flaw: &Flaw) -> (&'static str, Values) {
    match flaw {
        Flaw::Missing => ("row_missing", vec![]),
        Flaw::TooLong { most } => ("row_too_long", vec![("most", most.to_string())]),
        Flaw::ControlCharacter => ("row_control", vec![]),
        Flaw::DirectionCharacter => ("row_direction", vec![]),
        Flaw::InvisibleCharacter => ("row_invisible", vec![]),
        Flaw::Twice => ("row_twice", vec![]),
        Flaw::NoProfile => ("row_no_profile", vec![]),
        Flaw::ProfileTwice => ("row_profile_twice", vec![]),
        Flaw::OutOfRange { least, most } => {
            ("row_range", vec![("least", least.to_string()), ("most", most.to_string())])
        }
        Flaw::Address(why) => ("row_address", vec![("reason", why.to_string())]),
        Flaw::Login => ("row_login", vec![]),
        Flaw::DeviceAddress(why) => ("row_address", vec![("reason", why.to_string())]),
        Flaw::Relay(why) => ("row_relay", vec![("reason", why.to_string())]),
    }
}

fn source_fault(fault: &SourceFault, words: &Words) -> String {
    match fault {
        SourceFault::Unreadable(error) => words.because("stock_unreadable", error),
        SourceFault::Nothing => words.get("stock_nothing").to_owned(),
        SourceFault::TooLarge { most } => words.say("stock_too_large", &[("n", &mebibytes(*most))]),
        SourceFault::Unreachable(reason) => words.because("stock_unreachable", reason),
        SourceFault::Certificate(reason) => words.because("stock_certificate", reason),
        SourceFault::SentElsewhere => words.get("stock_sent_elsewhere").to_owned(),
        SourceFault::Refused { status } => words.say("stock_refused", &[("n", &status.to_string())]),
    }
}

fn signature_fault(fault: &SignatureFault, words: &Words) -> String {
    let key = match fault {
        SignatureFault::OtherKey { .. } => "signature_other_key",
        SignatureFault::Changed => "signature_changed",
        SignatureFault::Older { .. } => "signature_older",
        _ => "signature_malformed",
    };
    words.because(key, fault)
}
