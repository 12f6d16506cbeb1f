//! All sites of a province, checked, and the file that holds them.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use model::{Address, Id};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check::check;
use crate::draft::{Draft, VERSION};
use crate::limits;
use crate::mistake::Mistake;
use crate::sites::{Camera, ProfileKind, Recorder, Site};

/// All sites of a province.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    name: String,
    sites: Vec<Site>,
    /// Site, recorder and camera by the camera's id.
    cameras: HashMap<Id, (usize, usize, usize)>,
}

/// Why a file is no inventory.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] std::io::Error),
    /// It is larger than any inventory.
    #[error("more than {} MiB", limits::FILE_BYTES / 1024 / 1024)]
    TooLarge,
    /// It is not what it should be, at this place.
    #[error("line {line}, column {column}: {reason}")]
    Damaged {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What was found and what was expected.
        reason: String,
    },
    /// It is of a version that is not understood.
    #[error("version {0}")]
    Version(u32),
    /// It is an inventory, but with these mistakes in it; at least one.
    #[error("{}", summary(.0))]
    Mistaken(Vec<Mistake>),
}

impl Inventory {
    /// Reads a file (JSON).
    ///
    /// # Errors
    /// See [`InventoryError`]; nothing is taken over from a file with an error.
    pub fn read(path: &Path) -> Result<Self, InventoryError> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(limits::FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Self::parse(&bytes)
    }

    /// Reads a file's content, of version 1 or 2.
    ///
    /// # Errors
    /// As [`Inventory::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self, InventoryError> {
        #[derive(Deserialize)]
        struct Header {
            version: u32,
        }
        if bytes.len() > limits::FILE_BYTES {
            return Err(InventoryError::TooLarge);
        }
        // First: only its own version understands the rest.
        let Header { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if !(1..=VERSION).contains(&version) {
            return Err(InventoryError::Version(version));
        }
        let draft: Draft = serde_json::from_slice(bytes).map_err(damaged)?;
        check(draft).map_err(InventoryError::Mistaken)
    }

    /// From sites that are checked.
    pub(crate) fn new(name: String, sites: Vec<Site>) -> Self {
        let mut cameras = HashMap::new();
        for (s, site) in sites.iter().enumerate() {
            for (r, recorder) in site.recorders.iter().enumerate() {
                let ids = recorder.cameras.iter().map(|camera| camera.id.clone());
                cameras.extend(ids.zip(0..).map(|(id, c)| (id, (s, r, c))));
            }
        }
        Self { name, sites, cameras }
    }

    /// What the inventory is of; may be empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All sites, in the order of the file.
    #[must_use]
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// A camera with its recorder and site.
    #[must_use]
    pub fn camera(&self, id: &Id) -> Option<(&Site, &Recorder, &Camera)> {
        let &(s, r, c) = self.cameras.get(id)?;
        let recorder = &self.sites[s].recorders[r];
        Some((&self.sites[s], recorder, &recorder.cameras[c]))
    }

    /// Where a restreamer has this stream: the camera's own relay, else its recorder's, else its site's. `None` without
    /// such a camera, such a profile of it, or a relay.
    #[must_use]
    pub fn relay_address(&self, camera: &Id, profile: ProfileKind) -> Option<Address> {
        let (site, recorder, camera) = self.camera(camera)?;
        camera.profiles.iter().find(|found| found.kind == profile)?;
        let relay = camera.relay.as_ref().or(recorder.relay.as_ref()).or(site.relay.as_ref())?;
        relay.address(site, recorder, camera, profile)
    }

    /// The file's content: JSON of version 2, indented, all in the order of this inventory, so that what has not changed
    /// gives the same bytes.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes =
            serde_json::to_vec_pretty(self).expect("an inventory is plain texts and finite numbers");
        bytes.push(b'\n');
        bytes
    }
}

impl Serialize for Inventory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct File<'a> {
            version: u32,
            name: &'a str,
            sites: &'a [Site],
        }
        File { version: VERSION, name: &self.name, sites: &self.sites }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Inventory {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let draft = Draft::deserialize(from)?;
        if !(1..=VERSION).contains(&draft.version) {
            return Err(D::Error::custom(InventoryError::Version(draft.version)));
        }
        check(draft).map_err(|mistakes| D::Error::custom(InventoryError::Mistaken(mistakes)))
    }
}

fn damaged(error: serde_json::Error) -> InventoryError {
    // The parser's words without the place, which is told apart.
    let text = error.to_string();
    let reason = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    // They repeat values, and an address may hold a password.
    let reason = if reason.contains("://") { "an address where none belongs" } else { reason };
    InventoryError::Damaged { line: error.line(), column: error.column(), reason: reason.to_owned() }
}

fn summary(mistakes: &[Mistake]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = mistakes.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = mistakes.len().saturating_sub(SHOWN);
    if more == 0 { shown.join("; ") } else { format!("{}; and {more} more", shown.join("; ")) }
}
