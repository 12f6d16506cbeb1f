//! Lists in workbooks (XLSX, ISO/IEC 29500): packed, so they may be far larger than they look.
//!
//! Sizes are measured before the workbook's reader sees anything, and cells are taken one by one: the reader's own table
//! would have room for every cell between the first and the last, wherever a file claims that to be.

use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx};

use super::ImportFault;
use super::table::{COLUMNS, Cell, Table};

/// Bytes that a workbook may unpack to.
const UNPACKED: u64 = 64 << 20;
/// Bytes that a byte may unpack to. Sheets of one and the same text come to about 100; deflate can do 1032.
const RATIO: u64 = 200;
/// What may be packed tighter, because it is small.
const SMALL: u64 = 1 << 20;
/// Files in a workbook.
const PARTS: usize = 1000;
/// Sheets that are looked through.
const SHEETS: usize = 32;
/// Characters of a cell that are taken; more are a mistake, which is then told of these.
const CELL: usize = 2000;

/// Whether it is a packed workbook or one of before 2007, rather than a list of lines.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// All sheets.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Table>, ImportFault> {
    measure(bytes)?;
    // A damaged workbook must not take the program down with it, whatever its reader takes for granted.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or(Err(ImportFault::Workbook))
}

/// Unpacks everything into nothing, up to the limits: the sizes in the directory may be lies.
fn measure(bytes: &[u8]) -> Result<(), ImportFault> {
    let too_large = ImportFault::TooLarge { most: UNPACKED as usize };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ImportFault::Workbook)?;
    if archive.len() > PARTS {
        return Err(ImportFault::Bomb);
    }
    let mut left = UNPACKED;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| ImportFault::Workbook)?;
        let (packed, declared) = (part.compressed_size(), part.size());
        let tight = |size: u64| size > SMALL && size / RATIO > packed;
        if tight(declared) {
            return Err(ImportFault::Bomb);
        }
        if declared > left {
            return Err(too_large);
        }
        let unpacked =
            io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| ImportFault::Workbook)?;
        if tight(unpacked) {
            return Err(ImportFault::Bomb);
        }
        left = left.checked_sub(unpacked).ok_or_else(|| too_large.clone())?;
    }
    Ok(())
}

fn sheets(bytes: &[u8]) -> Result<Vec<Table>, ImportFault> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| ImportFault::Workbook)?;
    let names: Vec<String> = workbook.sheet_names().into_iter().take(SHEETS).collect();
    names.into_iter().map(|name| sheet(&mut workbook, name)).collect()
}

fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: String) -> Result<Table, ImportFault> {
    let mut table = Table::new(Some(name.clone()), false);
    // A sheet of charts has no cells.
    let Ok(mut reader) = workbook.worksheet_cells_reader(&name) else { return Ok(table) };
    let (mut number, mut cells) = (0, Vec::new());
    while let Some(found) = reader.next_cell().map_err(|_| ImportFault::Workbook)? {
        let (row, column) = found.get_position();
        if row != number {
            // Rows must come in order; else each would be a row of its own, and rows are counted.
            table.push(number + 1, std::mem::take(&mut cells))?;
            number = row;
        }
        let cell = cell(found.get_value());
        if cell.is_empty() {
            continue;
        }
        let column = column as usize;
        if column >= COLUMNS {
            return Err(ImportFault::TooManyColumns { most: COLUMNS });
        }
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Text(String::new()));
        }
        cells[column] = cell;
    }
    table.push(number + 1, cells)?;
    Ok(table)
}

fn cell(value: &DataRef<'_>) -> Cell {
    Cell::Text(match value {
        DataRef::Int(figure) => figure.to_string(),
        // Workbooks know only this kind of numbers: 16 is written as 16, not as 16.0.
        DataRef::Float(figure) => figure.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::String(text) => shortened(text),
        DataRef::SharedString(text) => shortened(text),
        DataRef::Empty => String::new(),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => return Cell::Date,
        DataRef::Error(_) => return Cell::Failed,
    })
}

fn shortened(text: &str) -> String {
    text.trim().chars().take(CELL).collect()
}
