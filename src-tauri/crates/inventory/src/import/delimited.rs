//! Lists of lines: CSV with commas, semicolons or tabs.

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::ImportFault;
use super::columns;
use super::table::{Cell, TITLE_ROWS, Table};

/// Spreadsheets write what separates numbers nowhere: semicolons where a comma is the decimal point.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The list, separated by whatever makes most sense of its header.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Table>, ImportFault> {
    let text = decode(bytes)?;
    let sense = |separator: &u8| {
        let head = rows(&text, *separator, TITLE_ROWS);
        head.map(|table| columns::understood(&table)).unwrap_or_default()
    };
    // The first of the best: a header of one column has no separator.
    let separator = SEPARATORS.into_iter().rev().max_by_key(sense).unwrap_or(b',');
    Ok(vec![rows(&text, separator, usize::MAX)?])
}

/// UTF-8, or what a byte order mark says.
fn decode(bytes: &[u8]) -> Result<String, ImportFault> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling_and_without_replacement(rest),
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(rest),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => std::str::from_utf8(rest).ok().map(Into::into),
    };
    // UTF-16 without a mark is sound UTF-8 with zeros between the letters.
    text.filter(|text| !text.contains('\0')).map(Into::into).ok_or(ImportFault::Encoding)
}

fn rows(text: &str, separator: u8, most: usize) -> Result<Table, ImportFault> {
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(separator).has_headers(false).flexible(true);
    let mut table = Table::new(None, true);
    let mut lines = Lines { text, at: 0, line: 1 };
    for record in reader.from_reader(text.as_bytes()).records().take(most) {
        // It reads texts that are sound, of any number of cells: nothing is left that could be wrong.
        let Ok(record) = record else { return Err(ImportFault::Encoding) };
        let number = lines.at(record.position().map_or(0, csv::Position::byte) as usize);
        table.push(
            number,
            record.iter().map(|cell| Cell::Text(unguarded(cell.trim()).to_owned())).collect(),
        )?;
    }
    Ok(table)
}

/// Lines as editors count them. The reader's own count is one behind where lines end in CR and LF, and takes a record
/// to begin with the empty lines before it.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the record that begins at or after this byte, from 1.
    fn at(&mut self, byte: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let blank =
            bytes[byte.min(bytes.len())..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begin = byte.min(bytes.len()) + blank;
        self.line += bytes[self.at..begin].iter().filter(|byte| **byte == b'\n').count() as u32;
        self.at = begin;
        self.line
    }
}

/// The text behind the apostrophe that keeps a spreadsheet from taking it for a formula; see [`crate::export`].
fn unguarded(cell: &str) -> &str {
    let rest = cell.trim_start_matches('\'');
    if rest.len() < cell.len() && rest.starts_with(crate::export::FORMULA) { &cell[1..] } else { cell }
}
