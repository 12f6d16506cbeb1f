//! What there is to be watched: sites, their recorders and cameras, and how to reach them. Holds no password.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use model::{Address, Id};
use serde::Deserialize;

/// A larger file is a mistake.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// The version of the format that is understood.
const VERSION: u32 = 1;

/// All sites of a province.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    name: String,
    sites: Vec<Site>,
    /// Site, recorder and camera by the camera's id.
    cameras: HashMap<Id, (usize, usize, usize)>,
}

/// What is watched together: one address, one uplink.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Unique in the inventory.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// District or city.
    pub district: String,
    /// What its line carries outwards, Mb/s.
    pub uplink_mbps: Option<u32>,
    /// Its recorders.
    pub recorders: Vec<Recorder>,
}

/// A network video recorder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorder {
    /// Unique in the inventory.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// What it sends at most, Mb/s.
    pub sends_mbps: Option<u32>,
    /// Channel by channel.
    pub cameras: Vec<Camera>,
}

/// A camera, on a recorder's channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// Unique in the inventory.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// Whether it stands outdoors, where that is known.
    pub outdoor: Option<bool>,
    /// How many may watch it at once.
    pub viewers: Option<u32>,
    /// Its streams; at least one.
    pub profiles: Vec<Profile>,
}

/// One of a camera's streams.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Which one.
    pub kind: ProfileKind,
    /// Where it is; without user and password.
    #[serde(deserialize_with = "address")]
    pub address: Address,
    /// Columns of its picture, as declared.
    pub width: u32,
    /// Rows of its picture, as declared.
    pub height: u32,
    /// Pictures a second, as declared.
    pub frame_rate: Option<f32>,
    /// Bit rate as declared, kb/s.
    pub kbps: Option<u32>,
}

/// The trade's two kinds of streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    /// The full picture.
    Main,
    /// The small picture for walls.
    Sub,
}

/// Why a file is no inventory.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] std::io::Error),
    /// It is larger than any inventory.
    #[error("more than {} MiB", MAX_BYTES / 1024 / 1024)]
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
    /// Two things have this id.
    #[error("{0} stands in it twice")]
    Twice(Id),
    /// A camera without a stream.
    #[error("{0} has no profile")]
    NoProfile(Id),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    name: String,
    sites: Vec<Site>,
}

impl Inventory {
    /// Reads a file (JSON).
    ///
    /// # Errors
    /// See [`InventoryError`]; nothing is taken over from a file with an error.
    pub fn read(path: &Path) -> Result<Self, InventoryError> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(InventoryError::TooLarge);
        }
        Self::parse(&bytes)
    }

    /// Reads a file's content.
    ///
    /// # Errors
    /// As [`Inventory::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self, InventoryError> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| InventoryError::Damaged {
            line: error.line(),
            column: error.column(),
            reason: reason(&error),
        })?;
        if file.version != VERSION {
            return Err(InventoryError::Version(file.version));
        }
        let mut inventory = Self { name: file.name, sites: file.sites, cameras: HashMap::new() };
        inventory.index()?;
        Ok(inventory)
    }

    fn index(&mut self) -> Result<(), InventoryError> {
        let mut others = std::collections::HashSet::new();
        for (s, site) in self.sites.iter().enumerate() {
            if !others.insert(&site.id) {
                return Err(InventoryError::Twice(site.id.clone()));
            }
            for (r, recorder) in site.recorders.iter().enumerate() {
                if !others.insert(&recorder.id) {
                    return Err(InventoryError::Twice(recorder.id.clone()));
                }
                for (c, camera) in recorder.cameras.iter().enumerate() {
                    if camera.profiles.is_empty() {
                        return Err(InventoryError::NoProfile(camera.id.clone()));
                    }
                    if self.cameras.insert(camera.id.clone(), (s, r, c)).is_some() {
                        return Err(InventoryError::Twice(camera.id.clone()));
                    }
                }
            }
        }
        Ok(())
    }

    /// What the inventory is of.
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
}

fn address<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Address, D::Error> {
    use serde::de::Error;
    let text = String::deserialize(from)?;
    match Address::parse(&text) {
        Ok((address, None)) => Ok(address),
        // The text is not repeated: it holds a password.
        Ok((_, Some(_))) => Err(D::Error::custom("an address must not hold user and password")),
        Err(bad) => Err(D::Error::custom(bad)),
    }
}

/// The parser's words without the place, which is told apart.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |end| text[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory(camera: &str) -> String {
        format!(
            r#"{{"version":1,"name":"Tỉnh","sites":[{{"id":"a","name":"Trạm","district":"Huyện","recorders":[
            {{"id":"a/1","name":"Đầu ghi 1","cameras":[{camera}]}}]}}]}}"#
        )
    }

    const CAMERA: &str = r#"{"id":"a/1/1","name":"Cổng","profiles":[
        {"kind":"main","address":"rtsp://10.1.2.3/1","width":1920,"height":1080},
        {"kind":"sub","address":"rtsp://10.1.2.3/2","width":640,"height":360}]}"#;

    fn refused(text: &str) -> String {
        Inventory::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_camera_is_found_with_its_recorder_and_site() {
        let inventory = Inventory::parse(inventory(CAMERA).as_bytes()).unwrap();
        let (site, recorder, camera) = inventory.camera(&Id::new("a/1/1").unwrap()).unwrap();
        assert_eq!((site.name.as_str(), recorder.name.as_str()), ("Trạm", "Đầu ghi 1"));
        assert_eq!(camera.profiles[1].address.to_string(), "rtsp://10.1.2.3/2");
        assert!(inventory.camera(&Id::new("a/1/2").unwrap()).is_none());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert!(refused("").starts_with("line 1, column 0"));
        assert!(refused(r#"{"version":1,"name":"x","sites":[{"#).starts_with("line 1"));
        assert_eq!(refused(r#"{"version":7,"name":"x","sites":[]}"#), "version 7");
        assert_eq!(refused(&inventory(&format!("{CAMERA},{CAMERA}"))), "a/1/1 stands in it twice");
        assert_eq!(refused(&inventory(r#"{"id":"c","name":"","profiles":[]}"#)), "c has no profile");
        let secret = CAMERA.replace("rtsp://10", "rtsp://viewer:mat-khau@10");
        let text = refused(&inventory(&secret));
        assert!(text.contains("must not hold user and password") && !text.contains("mat-khau"), "{text}");
        assert!(refused(&inventory(&CAMERA.replace("rtsp", "ftp"))).contains("not an rtsp:// URL"));
        assert!(refused(&inventory(&CAMERA.replace("\"kind\"", "\"sort\""))).contains("unknown field"));
    }
}
