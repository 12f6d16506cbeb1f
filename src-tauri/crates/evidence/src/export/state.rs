//! What an export that is not finished keeps on the disk, apart from the footage.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{At, ExportFault, write_whole};
use crate::description::{Description, Gap, Source};
use crate::manifest::{self, AttachedFile, KeptFootage, MediaFile, StillFile};

const FORMAT: &str = "watchwall-evidence-state";
const VERSION: u32 = 1;
const STATE: &str = "state.json";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    format: String,
    version: u32,
    /// The package's id.
    pub(super) package: String,
    /// What its folder will be called.
    pub(super) name: String,
    pub(super) description: Description,
    pub(super) cameras: Vec<Source>,
    pub(super) stills: Vec<StillFile>,
    pub(super) attachments: Vec<AttachedFile>,
}

/// A camera that is done.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Finished {
    pub(super) gaps: Vec<Gap>,
    pub(super) files: Vec<MediaFile>,
    #[serde(default)]
    pub(super) kept: Vec<KeptFootage>,
}

impl State {
    pub(super) fn new(name: String, description: Description) -> Self {
        let mut id = [0; 16];
        getrandom::fill(&mut id).expect("the system's random source answers");
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            package: HEXLOWER.encode(&id),
            name,
            description,
            cameras: Vec::new(),
            stills: Vec::new(),
            attachments: Vec::new(),
        }
    }

    pub(super) fn save(&self, partial: &Path) -> Result<(), ExportFault> {
        save(&partial.join(STATE), self)
    }

    pub(super) fn load(partial: &Path) -> Result<Self, ExportFault> {
        let state: Option<Self> = load(&partial.join(STATE))?;
        let known = state.filter(|state| state.format == FORMAT && state.version == VERSION);
        known.ok_or_else(|| ExportFault::NotAnExport {
            path: partial.to_owned(),
            reason: "no state of this version".to_owned(),
        })
    }
}

pub(super) fn finished(partial: &Path, camera: usize) -> Result<Option<Finished>, ExportFault> {
    load(&finished_path(partial, camera))
}

pub(super) fn save_finished(partial: &Path, camera: usize, finished: &Finished) -> Result<(), ExportFault> {
    save(&finished_path(partial, camera), finished)
}

fn finished_path(partial: &Path, camera: usize) -> PathBuf {
    partial.join(format!("camera-{camera}.json"))
}

/// What the manifest will say of a file that is done.
pub(super) fn part(partial: &Path, camera: usize, part: usize) -> Result<Option<MediaFile>, ExportFault> {
    load(&part_path(partial, camera, part))
}

pub(super) fn save_part(
    partial: &Path,
    camera: usize,
    part: usize,
    file: &MediaFile,
) -> Result<(), ExportFault> {
    save(&part_path(partial, camera, part), file)
}

fn part_path(partial: &Path, camera: usize, part: usize) -> PathBuf {
    partial.join(format!("camera-{camera}-file-{part}.json"))
}

fn save(path: &Path, value: &impl Serialize) -> Result<(), ExportFault> {
    write_whole(path, &serde_json::to_vec_pretty(value).expect("it is numbers and plain texts"))
}

/// `None`: not there.
fn load<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, ExportFault> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        file => file.and_then(|file| file.take(manifest::LARGEST).read_to_end(&mut bytes)).at(path)?,
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| ExportFault::NotAnExport { path: path.to_owned(), reason: error.to_string() })
}
