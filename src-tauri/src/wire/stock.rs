//! The inventory: brought in, handed out, signed; the map's zones.

use model::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::District;

/// What the inventory is now; also told when it changes.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Stock {
    /// What it is of.
    pub province: String,
    /// The tree, as far as the person may see it.
    pub districts: Vec<District>,
}

/// Degrees, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct Position {
    /// North.
    pub lat: f64,
    /// East.
    pub lon: f64,
}

/// The colours of the province's map of zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Normal.
    Green,
    /// Risk.
    Yellow,
    /// High risk.
    Orange,
    /// Very high risk.
    Red,
}

/// How an imported file is understood.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct ImportOptions {
    /// Where a list has no addresses of streams: how they are made, with `{recorder}`, `{channel}`, `{profile}` …
    pub template: Option<String>,
    /// What the inventory is called from now on.
    pub name: Option<String>,
}

/// A file that has been looked at; nothing has changed yet.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ImportPreview {
    /// To take it over.
    pub token: u32,
    /// What was understood: "CSV, UTF-8, `;`", "XLSX, Sheet 1".
    pub shape: String,
    /// Rows with content.
    pub rows: usize,
    /// What would be new.
    pub added: Counts,
    /// What would differ.
    pub changed: Counts,
    /// What would go.
    pub removed: Counts,
    /// Names of what would go or change, the first ones.
    pub examples: Vec<String>,
    /// With one of them nothing can be taken over.
    pub errors: Vec<RowError>,
    /// How many there are; `errors` has the first ones.
    pub error_count: usize,
    /// Cameras have no addresses, and no or no sound template to make them.
    pub needs_template: bool,
}

/// Of an inventory or a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Counts {
    /// Sites.
    pub sites: usize,
    /// Recorders.
    pub recorders: usize,
    /// Cameras.
    pub cameras: usize,
}

/// What is wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RowError {
    /// As the spreadsheet counts, from 1; null for the file as a whole.
    pub row: Option<usize>,
    /// The column's heading; empty for the whole row.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// Where the inventory comes from and who vouches for it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StockState {
    /// What there is.
    pub counts: Counts,
    /// A folder or an HTTPS address that it is fetched from; null: it is kept on this machine only.
    pub source: Option<String>,
    /// When it was fetched last, in milliseconds since 1970.
    pub fetched: Option<f64>,
    /// Why the last fetch failed; empty when it didn't.
    pub problem: String,
    /// The key whose signature is asked for, as groups to compare by eye.
    pub enrolled_key: Option<String>,
    /// This machine's own signing key, as groups to compare by eye.
    pub own_key: Option<String>,
    /// The serial number of the signed inventory in use.
    pub serial: Option<f64>,
}

/// As what the inventory is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StockFormat {
    /// One row a camera.
    Csv,
    /// Everything.
    Json,
    /// Everything with the rights of all accounts, signed.
    Signed,
}

/// A file has been written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedFile {
    /// Where.
    pub path: String,
}

/// A site's new zone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct ZoneMark {
    /// Which.
    pub site: Id,
    /// Null: in none.
    pub zone: Option<Zone>,
}
