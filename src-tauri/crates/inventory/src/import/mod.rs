//! Bringing in lists that people keep in spreadsheets.
//!
//! [`preview`] reads a list, says every mistake with its row and column, and what would change; its result is there only
//! if there is no mistake, so that nothing is half brought in. Two shapes of lists are understood:
//!
//! - one row a *site*, with how many cameras and recorders it has. Recorders and cameras are counted out, the recorders of
//!   16 channels first, outdoor cameras first, with the ids `SITE/RECORDER/CHANNEL`. Their addresses are made with
//!   [`ImportOptions::address_template`], where `{host}` is the recorder's in the column `recorder_host`.
//! - one row a *camera*, with its recorder and site ([`Field::OF_CAMERA_LIST`]). What is said of a site or recorder need
//!   be said in one of its rows only, and must be the same in all.
//!
//! Columns have English or Vietnamese names, in any order. What a list has no column for stays as it is in the current
//! inventory; what the list does not name at all goes.

mod addresses;
mod camera_list;
mod carry_over;
mod cells;
mod columns;
mod delimited;
mod difference;
mod rows;
mod site_list;
mod table;
#[cfg(test)]
mod tests;
mod workbook;

pub use difference::{Changes, difference};
pub use rows::{RowError, RowFlaw};

use crate::draft::Draft;
use crate::field::Field;
use crate::inventory::Inventory;
use crate::limits;
use rows::Rows;
use table::Table;

/// What a list does not say.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// What the inventory is of; else it is called as before, or as the file.
    pub inventory_name: Option<String>,
    /// Where streams are: a URL with `{host}` (of the recorder), `{channel}`, `{site}`, `{recorder}`, `{camera}`, and one
    /// of `{profile}` (`main`, `sub`), `{profile_number}` (1, 2) and `{subtype}` (0, 1); without any of these three there
    /// are main streams only. For cameras for which the list has no address.
    pub address_template: Option<String>,
    /// What recorders are called that the list only counts; `{number}` counts from 1.
    pub recorder_name: String,
    /// What cameras are called that the list only counts; `{number}` counts from 1 at each site.
    pub camera_name: String,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            inventory_name: None,
            address_template: None,
            recorder_name: "NVR {number}".to_owned(),
            camera_name: "Camera {number}".to_owned(),
        }
    }
}

/// What a row of a list stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A site.
    SiteList,
    /// A camera.
    CameraList,
}

/// What came of reading a list.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What its rows stand for.
    pub shape: Shape,
    /// The workbook's sheet that was read.
    pub sheet: Option<String>,
    /// Rows below the header that are not empty.
    pub rows: usize,
    /// Names of columns that are not understood and were left out; of very many the first 64.
    pub ignored: Vec<String>,
    /// All mistakes by rows; of very many the first [`limits::MISTAKES`].
    pub errors: Vec<RowError>,
    /// Sites that come, change, go; empty where there are errors, as are those below.
    pub sites: Changes,
    /// Recorders that come, change, go, or move to another site.
    pub recorders: Changes,
    /// Cameras that come, change, go, or move to another recorder.
    pub cameras: Changes,
    /// The inventory as it would be; only if there are no errors.
    pub result: Option<Inventory>,
}

/// Why a file is no list at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportFault {
    /// More bytes than a list has, packed or unpacked.
    #[error("more than {most} bytes")]
    TooLarge {
        /// How many there may be.
        most: usize,
    },
    /// More rows than a list has, or cameras than an inventory.
    #[error("more than {most} rows")]
    TooManyRows {
        /// How many there may be.
        most: usize,
    },
    /// More columns than a list has.
    #[error("more than {most} columns")]
    TooManyColumns {
        /// How many there may be.
        most: usize,
    },
    /// Neither UTF-8 nor, with a byte order mark, UTF-16.
    #[error("neither UTF-8 nor UTF-16")]
    Encoding,
    /// It unpacks to far more than it is: no spreadsheet does.
    #[error("packed suspiciously")]
    Bomb,
    /// A workbook that is damaged, encrypted, or of before 2007.
    #[error("not a workbook that can be read")]
    Workbook,
    /// No row in it has the names of columns.
    #[error("no row with the names of columns")]
    NoHeader,
    /// The columns are neither those of a list of sites nor those of a list of cameras.
    #[error("columns are missing")]
    MissingColumns {
        /// What a list of the likelier shape needs besides.
        missing: Vec<Field>,
    },
}

/// Reads the list in a file called `name`, and compares it with the current inventory. Changes nothing.
///
/// # Errors
/// [`ImportFault`] if it cannot be read as a list; mistakes in rows are in the preview.
pub fn preview(
    name: &str,
    bytes: &[u8],
    current: &Inventory,
    options: &ImportOptions,
) -> Result<Preview, ImportFault> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(ImportFault::TooLarge { most: limits::FILE_BYTES });
    }
    let tables = if workbook::is_one(bytes) { workbook::read(bytes)? } else { delimited::read(bytes)? };
    let (table, columns) = columns::find(tables)?;
    let Table { sheet, .. } = &table;
    let sheet = sheet.clone();
    let mut rows = Rows::new(table, columns)?;
    let title = options.inventory_name.clone().or_else(|| Some(current.name().to_owned()));
    let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| stem(name).to_owned());
    let mut draft = match rows.shape() {
        Shape::SiteList => site_list::read(&mut rows, options)?,
        Shape::CameraList => camera_list::read(&mut rows, options),
    };
    draft.name = title;
    carry_over::carry_over(&mut draft, current, |field| rows.says(field));
    let result = finish(&mut rows, draft)?;
    let changes = result.as_ref().map(|after| difference(current, after)).unwrap_or_default();
    let [sites, recorders, cameras] = changes;
    let (shape, count, ignored) = (rows.shape(), rows.len(), rows.ignored());
    Ok(Preview {
        shape,
        sheet,
        rows: count,
        ignored,
        errors: rows.errors(),
        sites,
        recorders,
        cameras,
        result,
    })
}

/// Checks what was read, and tells mistakes by the rows where they stand.
fn finish(rows: &mut Rows, draft: Draft) -> Result<Option<Inventory>, ImportFault> {
    match crate::check::check(draft) {
        Err(mistakes) => mistakes.iter().for_each(|mistake| rows.mistake(mistake)),
        Ok(inventory) if rows.is_sound() => {
            // Else it could not be read again.
            if inventory.to_json().len() > limits::FILE_BYTES {
                return Err(ImportFault::TooLarge { most: limits::FILE_BYTES });
            }
            return Ok(Some(inventory));
        }
        Ok(_) => {}
    }
    Ok(None)
}

fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
