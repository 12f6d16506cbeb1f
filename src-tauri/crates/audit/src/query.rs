//! Finding records again.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;

use model::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::Kind;
use crate::files::{LogFile, Month};
use crate::line;
use crate::reading::{self, Backward};
use crate::record::Record;
use crate::text::Text;

/// Which records are asked for. An empty set, an empty text and `None` ask for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Not before this moment, UTC, milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Before this moment.
    pub until_ms: Option<i64>,
    /// By one of these accounts.
    pub accounts: BTreeSet<Text>,
    /// One of these events.
    pub kinds: BTreeSet<Kind>,
    /// About one of these cameras, sites and recorders. A record names a camera, not its site: to ask for a site, name
    /// its cameras too.
    pub subjects: BTreeSet<Id>,
    /// With this somewhere in account, workstation or what the event holds; capitals and small letters are the same.
    pub text: String,
}

/// Some records, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// Those that were asked for.
    pub records: Vec<Record>,
    /// Where the next page begins; `None`: there is none. A page may be short, or empty, and not the last one.
    pub before: Option<u64>,
    /// Lines that are no records; [`verify`](crate::verify) says which.
    pub unreadable: u64,
}

/// The most lines that are read for a page, so that nobody waits longer than about 0.3 s for one (13 µs a line with a
/// text to search for, on a loaded office machine).
const MOST_LINES: u64 = 20_000;

/// A file of a month holds records of the month before where the clock was corrected by less than a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Records with numbers below `before` (`None`: from the newest on) that the filter asks for, newest first, at most
/// `limit` (1 or more). Nothing is checked beyond whether it can be read.
///
/// # Errors
/// Where the system does not let a file be read.
pub fn page(folder: &Path, filter: &Filter, before: Option<u64>, limit: usize) -> io::Result<Page> {
    let mut page = Page::default();
    let mut lines_left = MOST_LINES;
    let below = before.unwrap_or(u64::MAX);
    let filter = Sieve::new(filter);
    for file in LogFile::list_if_any(folder)?.iter().rev() {
        if file.first.is_some_and(|first| first >= below) || !filter.may_hold(file) {
            continue;
        }
        let mut opened = File::open(&file.path)?;
        let end = reading::end_before(&mut opened, below)?;
        let mut lines = Backward::new(opened, end);
        while let Some(line) = lines.next()? {
            lines_left -= 1;
            match line::record(&line) {
                Some(record) if record.sequence < below => {
                    let sequence = record.sequence;
                    if filter.lets_through(&record) {
                        page.records.push(record);
                    }
                    if page.records.len() >= limit.max(1) || lines_left == 0 {
                        page.before = Some(sequence).filter(|sequence| *sequence > 1);
                        return Ok(page);
                    }
                }
                Some(_) => {}
                None => page.unreadable += 1,
            }
            // Damaged lines have no number to go on from.
            lines_left = lines_left.max(1);
        }
    }
    Ok(page)
}

/// A filter made ready for many records.
pub(crate) struct Sieve<'a> {
    filter: &'a Filter,
    text: String,
}

impl<'a> Sieve<'a> {
    pub(crate) fn new(filter: &'a Filter) -> Self {
        Self { filter, text: filter.text.trim().to_lowercase() }
    }

    /// Whether the file may hold records of the time that is asked for.
    pub(crate) fn may_hold(&self, file: &LogFile) -> bool {
        let Filter { from_ms, until_ms, .. } = self.filter;
        from_ms.is_none_or(|from| Month::of(from) <= file.month)
            && until_ms.is_none_or(|until| file.month <= Month::of(until.saturating_add(DAY_MS)))
    }

    pub(crate) fn lets_through(&self, record: &Record) -> bool {
        let Filter { from_ms, until_ms, accounts, kinds, subjects, .. } = self.filter;
        let account = record.person.as_ref().map(|person| &person.account);
        from_ms.is_none_or(|from| from <= record.time_ms)
            && until_ms.is_none_or(|until| record.time_ms < until)
            && (accounts.is_empty() || account.is_some_and(|account| accounts.contains(account)))
            && (kinds.is_empty() || kinds.contains(&record.event.kind()))
            && (subjects.is_empty() || record.event.subject().is_some_and(|id| subjects.contains(id)))
            && (self.text.is_empty() || self.stands_in(record))
    }

    fn stands_in(&self, record: &Record) -> bool {
        let account = record.person.as_ref().map(|person| person.account.as_str());
        let holds = |text: &str| text.to_lowercase().contains(&self.text);
        account.is_some_and(holds)
            || holds(record.workstation.as_str())
            || serde_json::to_value(&record.event).is_ok_and(|event| any_value(&event, &holds))
    }
}

fn any_value(value: &Value, holds: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => holds(text),
        Value::Number(number) => holds(&number.to_string()),
        Value::Array(values) => values.iter().any(|value| any_value(value, holds)),
        Value::Object(fields) => fields.values().any(|value| any_value(value, holds)),
        Value::Bool(_) | Value::Null => false,
    }
}
