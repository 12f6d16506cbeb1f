//! A list as a table of texts, wherever it comes from.

use super::ImportFault;

/// More columns are no list.
pub(crate) const COLUMNS: usize = 64;
/// Bytes of all texts of a table together: a workbook names one long text in many cells.
const TEXT: usize = 64 << 20;
/// Rows above the names of columns that are looked through for these.
pub(crate) const TITLE_ROWS: usize = 20;

/// A sheet of a workbook, or a file of lines.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The sheet's name.
    pub(crate) sheet: Option<String>,
    /// Whether a row has as many cells as the header, or else is broken. Workbooks leave out what is empty.
    pub(crate) complete: bool,
    /// Those that are not empty.
    pub(crate) rows: Vec<Row>,
    bytes: usize,
}

/// A row that is not empty.
#[derive(Debug)]
pub(crate) struct Row {
    /// As the spreadsheet or the editor numbers it: from 1.
    pub(crate) number: u32,
    /// How many cells were written, the empty ones at the end included.
    pub(crate) width: usize,
    /// Up to the last that is not empty.
    pub(crate) cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Without blanks around it; may be empty.
    Text(String),
    /// What a spreadsheet has taken for a date.
    Date,
    /// What a formula came to nothing with.
    Failed,
}

impl Cell {
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Date | Self::Failed => "",
        }
    }
}

impl Table {
    pub(crate) fn new(sheet: Option<String>, complete: bool) -> Self {
        Self { sheet, complete, ..Self::default() }
    }

    /// Adds a row, unless it is empty.
    pub(crate) fn push(&mut self, number: u32, mut cells: Vec<Cell>) -> Result<(), ImportFault> {
        let width = cells.len();
        let Some(last) = cells.iter().rposition(|cell| !cell.is_empty()) else { return Ok(()) };
        cells.truncate(last + 1);
        if cells.len() > COLUMNS {
            return Err(ImportFault::TooManyColumns { most: COLUMNS });
        }
        self.bytes += cells.iter().map(|cell| cell.text().len()).sum::<usize>();
        if self.bytes > TEXT {
            return Err(ImportFault::TooLarge { most: TEXT });
        }
        // Titles and the header are no rows of the list; exactly how many is seen later.
        let most = crate::limits::ROWS;
        if self.rows.len() > most + TITLE_ROWS {
            return Err(ImportFault::TooManyRows { most });
        }
        self.rows.push(Row { number, width, cells });
        Ok(())
    }
}
