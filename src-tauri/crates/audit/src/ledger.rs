//! Who watched what, for how long and how large.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

use model::Id;
use serde::Serialize;

use crate::event::Event;
use crate::files::LogFile;
use crate::line;
use crate::parts::Watch;
use crate::query::Filter;
use crate::reading::Lines;
use crate::record::Record;
use crate::text::Text;

/// What one person saw of one camera.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LedgerRow {
    /// Which camera.
    pub camera: Id,
    /// Whose account; `None` where nobody was signed in.
    pub account: Option<Text>,
    /// How many unbroken stretches.
    pub watches: u64,
    /// All of them together, ms. Where the camera stood on two tiles at once, both count.
    pub shown_ms: u64,
    /// The largest tile, pixels (columns, rows).
    pub largest: (u32, u32),
    /// The part of its wall that it took, thousandths: the mean over `shown_ms`.
    pub mean_share: f64,
    /// How many of the watches have no end in the log, as after a crash. They count up to the last heartbeat.
    pub unended: u64,
}

/// Sums up the watches of the time, accounts and cameras that the filter asks for (`kinds` and `text` are not looked at),
/// ordered by camera and account. A watch that reaches beyond the time counts with the part that lies within.
///
/// No more is claimed than was shown. A watch that ended counts as long as the monotonic clock says. One whose end is not
/// in the log, because the program was killed or still runs, counts up to the last
/// [`Event::WatchHeartbeat`] behind its beginning, before the program started again or the tile was given to another
/// watch; without a heartbeat it counts as nothing.
///
/// All files are read, since a watch may begin long before the time that is asked for: about 8 s for a million records of
/// watches, a tenth of that for other records.
///
/// # Errors
/// Where the system does not let a file be read.
pub fn ledger(folder: &Path, filter: &Filter) -> io::Result<Vec<LedgerRow>> {
    let mut book = Book { filter, open: HashMap::new(), rows: BTreeMap::new() };
    for file in LogFile::list_if_any(folder)? {
        let mut lines = Lines::open(&file.path)?;
        while let Some(found) = lines.next()? {
            if !found.finished || !concerns(found.bytes) {
                continue;
            }
            if let Some(record) = line::record(found.bytes) {
                book.enter(record);
            }
        }
    }
    Ok(book.close())
}

/// Whether a line may matter. Reading all lines whole would take several times as long.
fn concerns(line: &[u8]) -> bool {
    let holds = |kind: &str| memchr::memmem::find(line, kind.as_bytes()).is_some();
    holds("\"watch_") || holds("\"program_")
}

struct Book<'a> {
    filter: &'a Filter,
    /// By wall and tile.
    open: HashMap<(Text, u32), Open>,
    rows: BTreeMap<(Id, Option<Text>), Sum>,
}

/// A watch whose end has not come yet.
struct Open {
    watch: Watch,
    account: Option<Text>,
    from_ms: i64,
    /// Program's uptime when it began.
    began: u64,
    /// Program's uptime at the last heartbeat, or when it began.
    alive: u64,
}

#[derive(Default)]
struct Sum {
    watches: u64,
    shown_ms: u64,
    largest: (u32, u32),
    /// Thousandths × ms.
    share_ms: u128,
    unended: u64,
}

impl Book<'_> {
    fn enter(&mut self, record: Record) {
        let account = record.person.map(|person| person.account);
        match record.event {
            Event::ProgramStarted { .. } | Event::ProgramEnded => self.end_all(),
            Event::WatchBegan { watch, uptime_ms } => {
                let tile = (watch.wall.clone(), watch.tile);
                let (from_ms, began) = (record.time_ms, uptime_ms);
                let open = Open { watch, account, from_ms, began, alive: uptime_ms };
                if let Some(before) = self.open.insert(tile, open) {
                    self.end_unheard(&before);
                }
            }
            Event::WatchHeartbeat { uptime_ms, .. } => {
                for open in self.open.values_mut() {
                    open.alive = open.alive.max(uptime_ms);
                }
            }
            Event::WatchEnded { watch, from_ms, shown_ms, .. } => {
                let open = self.open.remove(&(watch.wall.clone(), watch.tile));
                let account = match open {
                    // Who ended it may be somebody else: at a hand-over the one who takes over is signed in already.
                    Some(open) if open.watch.camera == watch.camera => open.account,
                    other => {
                        other.iter().for_each(|open| self.end_unheard(open));
                        account
                    }
                };
                self.add(&watch, account, (from_ms, shown_ms), false);
            }
            _ => {}
        }
    }

    fn end_all(&mut self) {
        for open in std::mem::take(&mut self.open).into_values() {
            self.end_unheard(&open);
        }
    }

    fn end_unheard(&mut self, open: &Open) {
        let shown_ms = open.alive - open.began;
        self.add(&open.watch, open.account.clone(), (open.from_ms, shown_ms), true);
    }

    fn add(&mut self, watch: &Watch, account: Option<Text>, when: (i64, u64), unended: bool) {
        let Filter { from_ms, until_ms, accounts, subjects, .. } = self.filter;
        let (begin, end) = (when.0, when.0.saturating_add_unsigned(when.1));
        let within =
            end.min(until_ms.unwrap_or(i64::MAX)).saturating_sub(begin.max(from_ms.unwrap_or(i64::MIN)));
        let asked = (accounts.is_empty()
            || account.as_ref().is_some_and(|account| accounts.contains(account)))
            && (subjects.is_empty() || subjects.contains(&watch.camera));
        // One that is over before the time, or begins behind it, does not count as a watch of no length.
        let inside = from_ms.is_none_or(|from| end >= from) && until_ms.is_none_or(|until| begin < until);
        if !asked || !inside {
            return;
        }
        let shown_ms = u64::try_from(within).unwrap_or(0);
        let sum = self.rows.entry((watch.camera.clone(), account)).or_default();
        sum.watches += 1;
        sum.shown_ms += shown_ms;
        sum.share_ms += u128::from(watch.share) * u128::from(shown_ms);
        sum.unended += u64::from(unended);
        let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        if area((watch.width, watch.height)) > area(sum.largest) {
            sum.largest = (watch.width, watch.height);
        }
    }

    fn close(mut self) -> Vec<LedgerRow> {
        self.end_all();
        let row = |((camera, account), sum): ((Id, Option<Text>), Sum)| {
            let Sum { watches, shown_ms, largest, share_ms, unended } = sum;
            let mean_share = if shown_ms == 0 { 0.0 } else { share_ms as f64 / shown_ms as f64 };
            LedgerRow { camera, account, watches, shown_ms, largest, mean_share, unended }
        };
        self.rows.into_iter().map(row).collect()
    }
}
