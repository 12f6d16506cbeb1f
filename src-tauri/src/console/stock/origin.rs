//! Where the inventory comes from, and whose signature it must carry: fetched, checked, adopted.

use std::path::PathBuf;

use audit::Event;
use inventory::Kept;
use inventory::signed::{self, PublicKey};
use inventory::source::{self, Fetched, Https};
use jiff::Timestamp;
use model::Action;

use super::flaws::{signature_fault, source_fault};
use super::{Origin, fingerprint};
use crate::console::{Console, notices};
use crate::wire::Notice;
use crate::words::Words;

impl Console {
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
    pub(in crate::console) fn fetch(&self) -> Result<(), String> {
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
}
