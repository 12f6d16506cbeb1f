//! The inventory as a file: a list, or signed with everybody's rights.

use audit::Event;
use inventory::Inventory;
use inventory::signed::{self, SigningKey};
use jiff::Timestamp;
use model::Action;

use super::fingerprint;
use crate::console::logins::{key_fault, set_fault};
use crate::console::records::not_written;
use crate::console::{Console, files, notices};
use crate::wire::Notice;
use crate::wire::stock::{SavedFile, StockFormat};
use crate::words::Words;

impl Console {
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
}
