//! The rows of a list, the mistakes in them, and which row said what.

use std::collections::{HashMap, HashSet};

use super::columns::Columns;
use super::table::{Cell, Row, TITLE_ROWS, Table};
use super::{ImportFault, Shape};
use crate::field::Field;
use crate::limits;
use crate::mistake::{Flaw, Mistake, Place, excerpt};

/// A mistake in a row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct RowError {
    /// As the spreadsheet numbers it, from 1; of a list of lines, the line on which the row begins.
    pub row: u32,
    /// The column's name as the list has it; `None` where the whole row is meant or the list has no such column.
    pub column: Option<String>,
    /// What stands, or should stand, in that column.
    pub field: Option<Field>,
    /// What is wrong.
    pub flaw: RowFlaw,
    /// What stands there, shortened and printable; empty for addresses, which may hold a password.
    pub value: String,
}

/// What is wrong in a row.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum RowFlaw {
    /// As in any inventory.
    #[error(transparent)]
    Value(#[from] Flaw),
    /// No whole number, or no number at all.
    #[error("is not a number")]
    NotANumber,
    /// Neither yes nor no.
    #[error("is neither yes nor no")]
    NotYesOrNo,
    /// None of the four zones.
    #[error("is not a zone")]
    NotAZone,
    /// The spreadsheet has taken it for a date.
    #[error("is a date")]
    Date,
    /// A formula that came to nothing (`#REF!`).
    #[error("is a formula that failed")]
    Failed,
    /// More or fewer cells than the header: a separator too many, or a quotation mark that is missing.
    #[error("has {found} cells instead of {expected}")]
    Ragged {
        /// How many the header has.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Another column has this meaning already.
    #[error("is another column of this meaning")]
    ColumnTwice,
    /// A row above says otherwise of the same site or recorder.
    #[error("differs from row {row}")]
    Differs {
        /// Which.
        row: u32,
    },
    /// Cameras without address, and no template to make them.
    #[error("has no address, and there is no template for addresses")]
    NoAddressTemplate,
    /// The template cannot be understood, or lacks what tells cameras apart. Said once, at the header.
    #[error("the template for addresses is wrong")]
    BadAddressTemplate,
    /// Another number of hosts than recorders.
    #[error("there are {expected} recorders")]
    Hosts {
        /// How many recorders there are.
        expected: i64,
    },
    /// Outdoor and indoor cameras do not add up.
    #[error("the cameras are {expected}")]
    Sum {
        /// What they should add up to.
        expected: i64,
    },
    /// More cameras than the recorders have channels.
    #[error("the recorders have {channels} channels")]
    TooFewChannels {
        /// How many they have.
        channels: i64,
    },
}

/// What rows have said of a site, recorder or camera.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    /// The first row.
    pub(crate) row: u32,
    /// Each with the row that said it.
    said: Vec<(Field, String, u32)>,
}

impl Entry {
    pub(crate) fn new(row: u32) -> Self {
        Self { row, said: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    pub(crate) fn text(&self, field: Field) -> &str {
        self.find(field).map_or("", |(text, _)| text)
    }

    pub(crate) fn find(&self, field: Field) -> Option<(&str, u32)> {
        self.said.iter().find(|(said, ..)| *said == field).map(|(_, text, row)| (text.as_str(), *row))
    }

    fn row_of(&self, field: Field) -> u32 {
        self.find(field).map_or(self.row, |(_, row)| row)
    }
}

/// Entries in the shape of the draft that is made of them. A list of sites has only those of sites.
#[derive(Clone, Debug, Default)]
pub(crate) struct SiteEntry {
    pub(crate) entry: Entry,
    pub(crate) recorders: Vec<RecorderEntry>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct RecorderEntry {
    pub(crate) entry: Entry,
    pub(crate) cameras: Vec<Entry>,
}

/// The rows below the header, and what was found wrong in them.
pub(crate) struct Rows {
    columns: Columns,
    header: u32,
    rows: Vec<Row>,
    count: usize,
    errors: Vec<RowError>,
    told: HashSet<(u32, Option<Field>)>,
    /// Filled by who reads the rows.
    pub(crate) sites: Vec<SiteEntry>,
}

impl Rows {
    pub(crate) fn new(table: Table, columns: Columns) -> Result<Self, ImportFault> {
        let (complete, mut rows) = (table.complete, table.rows);
        let header = rows.drain(..=columns.header).next_back().map_or((0, 0), |row| (row.number, row.width));
        let count = rows.len();
        if count > limits::ROWS {
            return Err(ImportFault::TooManyRows { most: limits::ROWS });
        }
        debug_assert!(columns.header < TITLE_ROWS, "the header is looked for among the first rows");
        let mut all = Self {
            columns,
            header: header.0,
            rows,
            count,
            errors: Vec::new(),
            told: HashSet::new(),
            sites: Vec::new(),
        };
        for (field, column) in std::mem::take(&mut all.columns.twice) {
            let name = all.columns.names[column].clone();
            all.tell(all.header, Some(field), RowFlaw::ColumnTwice, &name);
        }
        if complete {
            all.refuse_ragged(header.1);
        }
        Ok(all)
    }

    /// A row that is shifted would be understood wrongly, cell by cell: it is left out.
    fn refuse_ragged(&mut self, expected: usize) {
        for row in std::mem::take(&mut self.rows) {
            if row.cells.len() > expected || row.width < expected {
                let flaw = RowFlaw::Ragged { expected, found: row.width };
                self.tell(row.number, None, flaw, "");
            } else {
                self.rows.push(row);
            }
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        self.columns.shape
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn ignored(&self) -> Vec<String> {
        self.columns.ignored.clone()
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.errors.is_empty()
    }

    /// By rows.
    pub(crate) fn errors(mut self) -> Vec<RowError> {
        self.errors.sort_by_key(|error| error.row);
        self.errors
    }

    /// Whether the list says anything of this field.
    pub(crate) fn says(&self, field: Field) -> bool {
        let of = match (self.shape(), field) {
            (Shape::SiteList, Field::Channel) => return true,
            (Shape::SiteList, Field::Outdoor) => Field::OutdoorCameras,
            (Shape::SiteList, Field::RecorderAddress | Field::Address(_)) => Field::RecorderHosts,
            (Shape::CameraList, Field::SendsMbps)
                if self.columns.at.contains_key(&Field::RecorderChannels) =>
            {
                return true;
            }
            (_, field) => field,
        };
        self.columns.at.contains_key(&of)
    }

    /// Hands the rows over, to be read while mistakes are told.
    pub(crate) fn take(&mut self) -> Vec<Row> {
        std::mem::take(&mut self.rows)
    }

    /// What a row says of a field; a date or a failed formula is a mistake.
    pub(crate) fn text<'a>(&mut self, row: &'a Row, field: Field) -> &'a str {
        let cell = self.columns.at.get(&field).and_then(|column| row.cells.get(*column));
        match cell {
            Some(Cell::Text(text)) => text,
            Some(Cell::Date) => self.nothing(row, field, RowFlaw::Date),
            Some(Cell::Failed) => self.nothing(row, field, RowFlaw::Failed),
            None => "",
        }
    }

    fn nothing(&mut self, row: &Row, field: Field, flaw: RowFlaw) -> &'static str {
        self.tell(row.number, Some(field), flaw, "");
        ""
    }

    /// Adds to `entry` what a row says of these fields.
    pub(crate) fn hear(&mut self, entry: &mut Entry, row: &Row, fields: impl IntoIterator<Item = Field>) {
        for field in fields {
            let text = self.text(row, field);
            match entry.find(field) {
                _ if text.is_empty() => {}
                None => entry.said.push((field, text.to_owned(), row.number)),
                Some((said, _)) if said == text => {}
                Some((_, before)) => {
                    self.tell(row.number, Some(field), RowFlaw::Differs { row: before }, text);
                }
            }
        }
    }

    /// What an entry says of a field, as `read` understands it.
    pub(crate) fn value<T>(
        &mut self,
        entry: &Entry,
        field: Field,
        read: impl Fn(&str) -> Result<T, RowFlaw>,
    ) -> Option<T> {
        let (text, row) = entry.find(field)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(flaw) => {
                self.tell(row, Some(field), flaw, text);
                None
            }
        }
    }

    /// A mistake of the list as a whole, told at its header.
    pub(crate) fn tell_at_header(&mut self, field: Field, flaw: RowFlaw) {
        self.tell(self.header, Some(field), flaw, "");
    }

    /// Keeps a mistake, unless there is one at the same place already: what follows from it says nothing new.
    pub(crate) fn tell(&mut self, row: u32, field: Option<Field>, flaw: RowFlaw, value: &str) {
        if self.errors.len() >= limits::MISTAKES || !self.told.insert((row, field)) {
            return;
        }
        let at = field.and_then(|field| self.columns.at.get(&field));
        let column = at.and_then(|column| self.columns.names.get(*column)).cloned();
        let secret = field.is_some_and(Field::may_hold_a_password);
        let value = if secret { String::new() } else { excerpt(value) };
        self.errors.push(RowError { row, column, field, flaw, value });
    }

    /// Keeps a mistake that the check of the whole has found.
    pub(crate) fn mistake(&mut self, mistake: &Mistake) {
        let (row, counted) = self.origin(&mistake.place);
        let no_profile = mistake.flaw == Flaw::NoProfile;
        let (field, flaw) = match mistake.place.field {
            // Of a list of sites, addresses come from the template and the hosts.
            Field::Profiles | Field::Address(_) if counted && no_profile => {
                (Field::RecorderHosts, RowFlaw::NoAddressTemplate)
            }
            Field::Profiles | Field::Address(_) if counted => (Field::RecorderHosts, mistake.flaw.into()),
            _ if counted => (Field::SiteId, mistake.flaw.into()),
            Field::Profiles => (Field::Address(crate::ProfileKind::Main), mistake.flaw.into()),
            field => (field, mistake.flaw.into()),
        };
        self.tell(row, Some(field), flaw, &mistake.value);
    }

    /// The row that said it, and whether the thing itself stands in no row but was counted out.
    fn origin(&self, place: &Place) -> (u32, bool) {
        let Some(site) = place.site.and_then(|site| self.sites.get(site)) else {
            return (self.header, false);
        };
        let Some(recorder) = place.recorder else { return (site.entry.row_of(place.field), false) };
        let Some(recorder) = site.recorders.get(recorder) else { return (site.entry.row, true) };
        match place.camera {
            None => (recorder.entry.row_of(place.field), false),
            Some(camera) => {
                let entry = recorder.cameras.get(camera);
                (entry.map_or(recorder.entry.row, |entry| entry.row_of(place.field)), entry.is_none())
            }
        }
    }
}

/// Places of things by what identifies them, in a list where each may come many times.
pub(crate) type Index = HashMap<String, usize>;
