//! The current inventory, kept through power cuts and damage.

use std::path::Path;

use serde::{Deserialize, Serialize};
use store::Store;

use crate::inventory::Inventory;
use crate::limits;
use crate::signed::{Bundle, Right};

/// What is kept: the inventory, and what came with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The inventory in use.
    pub inventory: Inventory,
    /// Of the bundle that it came in: an older one is not taken any more. `None`: it was not signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u64>,
    /// Who may do what, of the same bundle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<Right>,
    /// By which the server it came from knows whether it has another one; see [`crate::source::Https::fetch`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl Kept {
    /// What is kept of a bundle that was verified.
    #[must_use]
    pub fn of(bundle: Bundle, etag: Option<String>) -> Self {
        Self { serial: Some(bundle.serial), inventory: bundle.inventory, rights: bundle.rights, etag }
    }

    /// The file for it in `folder`, `inventory.json`. A file with mistakes in it counts as damaged: it is set aside when
    /// loaded, and the last good one is used.
    #[must_use]
    pub fn store(folder: &Path) -> Store<Self> {
        // Rights and the envelope come on top of the inventory, whose texts are not indented here.
        Store::open(folder, "inventory").holding(2 * limits::FILE_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::Problem;

    fn kept(name: &str, serial: u64) -> Kept {
        let text = format!(r#"{{"version":2,"name":"{name}","sites":[]}}"#);
        let inventory = Inventory::parse(text.as_bytes()).unwrap();
        Kept { inventory, serial: Some(serial), etag: Some("\"7\"".to_owned()), ..Kept::default() }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Kept::store(folder.path());
        assert_eq!(store.load().value, None);
        store.save(&kept("Một", 1)).unwrap();
        let loaded = Kept::store(folder.path()).load();
        assert_eq!((loaded.value, loaded.problem), (Some(kept("Một", 1)), None));
    }

    #[test]
    fn an_inventory_with_mistakes_is_damaged_and_the_last_good_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Kept::store(folder.path());
        store.save(&kept("Một", 1)).unwrap();
        store.save(&kept("Hai", 2)).unwrap();
        let text = std::fs::read_to_string(store.path()).unwrap();
        std::fs::write(store.path(), text.replace("Hai", "H\u{202e}ai")).unwrap();
        let loaded = store.load();
        assert_eq!(loaded.value, Some(kept("Một", 1)));
        let Some(Problem::Damaged { aside: Some(aside), last_good: true, .. }) = loaded.problem else {
            panic!("{:?}", loaded.problem)
        };
        assert!(std::fs::read_to_string(aside).unwrap().contains('\u{202e}'), "nothing is thrown away");
    }
}
