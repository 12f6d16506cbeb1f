//! A list that is to be brought in: looked at first, taken over as a whole or not at all.

use audit::{Event, Fingerprint};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use inventory::import::{self, Changes, ImportFault, RowFlaw};
use inventory::{Inventory, Kept};
use model::{Action, Id};

use super::fingerprint;
use super::flaws::{import_fault, row_error};
use crate::console::{Console, notices};
use crate::wire::Notice;
use crate::wire::stock::{Counts, ImportOptions, ImportPreview};

/// What the page gets of a long list.
const MOST_ERRORS: usize = 500;
const MOST_EXAMPLES: usize = 20;
/// The most bytes of a file that is brought in, in base64.
const LARGEST: usize = inventory::limits::FILE_BYTES / 3 * 4 + 8;

/// A file that was looked at and can be taken over.
pub(super) struct Preview {
    token: u32,
    inventory: Inventory,
    changes: [Changes; 3],
    sha256: Fingerprint,
}

impl Console {
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
}

fn name_in(inventory: &Inventory, id: &Id) -> String {
    if let Some((site, _, camera)) = inventory.camera(id) {
        return format!("{} · {}", camera.name, site.name);
    }
    let site = inventory.sites().iter().find(|site| site.id == *id);
    site.map_or_else(|| id.to_string(), |site| site.name.clone())
}
