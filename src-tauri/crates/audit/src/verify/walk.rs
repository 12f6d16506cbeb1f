//! Going through the lines of all files in their order.

use std::collections::BTreeMap;

use super::{Fault, FaultKind, Sound, TrimmedAway, Verdict};
use crate::anchor::Anchor;
use crate::event::Event;
use crate::files::Month;
use crate::fingerprint::Fingerprint;
use crate::line::{self, Checked, Link};
use crate::log::Log;
use crate::parts::RemovedFile;
use crate::reading::Found;

/// Gaps that are remembered, to tell a record that was moved from one that was put in.
const MOST_GAPS: usize = 10_000;

pub(super) struct Walk {
    anchors: BTreeMap<u64, Vec<Fingerprint>>,
    file: String,
    faults: Vec<Fault>,
    further: u64,
    sound_records: u64,
    first: Option<First>,
    last: Last,
    /// Records that were expected and did not come yet, each with the fault that says so.
    gaps: Vec<Gap>,
    /// Files that retention has removed, with the record that says so.
    removed: Vec<(RemovedFile, TrimmedAway)>,
    proven_to: Option<u64>,
    unfinished_line: bool,
}

/// The record with the lowest number so far.
struct First {
    link: Link,
    /// Lines before the first that could be read: they may be the first records, or have been put in.
    unknown: u64,
    /// The file that begins with them.
    file: String,
}

/// The record with the highest number so far.
struct Last {
    sequence: u64,
    /// Its hash; several where it stands there several times.
    hashes: Vec<Fingerprint>,
    /// Lines behind it that are no sound records: what they were is not known.
    unknown: u64,
}

struct Gap {
    from: u64,
    to: u64,
    file: String,
    line: u64,
}

impl Walk {
    pub(super) fn new(anchors: &[Anchor]) -> Self {
        let mut by_number: BTreeMap<u64, Vec<Fingerprint>> = BTreeMap::new();
        for anchor in anchors.iter().filter(|anchor| anchor.sequence > 0) {
            by_number.entry(anchor.sequence).or_default().push(anchor.hash);
        }
        Self {
            anchors: by_number,
            file: String::new(),
            faults: Vec::new(),
            further: 0,
            sound_records: 0,
            first: None,
            last: Last { sequence: 0, hashes: vec![Fingerprint::ZERO], unknown: 0 },
            gaps: Vec::new(),
            removed: Vec::new(),
            proven_to: None,
            unfinished_line: false,
        }
    }

    pub(super) fn enter(&mut self, file: &str) {
        file.clone_into(&mut self.file);
    }

    pub(super) fn step(&mut self, line: &Found<'_>, newest_file: bool) {
        if !line.finished {
            // In the newest file it may be on its way; an anchor tells if it was more.
            if newest_file {
                self.unfinished_line = true;
            } else {
                self.fault(line.number, FaultKind::Truncated { to: None });
                self.last.unknown += 1;
            }
            return;
        }
        match line::check(line.bytes) {
            Checked::Sound(link) => self.record(line, link),
            Checked::Edited => {
                self.fault(line.number, FaultKind::Edited);
                self.last.unknown += 1;
            }
            Checked::Unreadable => {
                self.fault(line.number, FaultKind::Unreadable);
                self.last.unknown += 1;
            }
        }
    }

    fn record(&mut self, line: &Found<'_>, link: Link) {
        self.sound_records += 1;
        self.compare_with_anchors(line.number, link);
        self.remember_what_was_removed(line.bytes, link);
        if self.first.is_none() {
            self.begin(link);
        } else if link.sequence <= self.last.sequence {
            self.earlier_one(line.number, link);
        } else {
            self.next_one(line.number, link);
        }
    }

    /// The first record that can be read. What must stand before it is asked at the end, when it is known what was
    /// removed.
    fn begin(&mut self, link: Link) {
        self.first = Some(First { link, unknown: self.last.unknown, file: self.file.clone() });
        self.last = Last { sequence: link.sequence, hashes: vec![link.hash], unknown: 0 };
    }

    fn next_one(&mut self, line: u64, link: Link) {
        let Last { sequence, unknown, .. } = self.last;
        let between = link.sequence - sequence - 1;
        if between > unknown {
            // Of the lines that cannot be read it is not known which records they were.
            self.gap(line, sequence + 1, link.sequence - 1);
        } else if between == 0 && !self.last.hashes.contains(&link.prev) {
            self.fault(line, FaultKind::Unlinked);
        }
        self.last = Last { sequence: link.sequence, hashes: vec![link.hash], unknown: 0 };
    }

    fn earlier_one(&mut self, line: u64, link: Link) {
        let sequence = link.sequence;
        if self.fill_gap(sequence) {
            self.fault(line, FaultKind::Reordered { sequence });
            return;
        }
        if self.becomes_first(line, link) {
            self.fault(line, FaultKind::Reordered { sequence });
            return;
        }
        self.fault(line, FaultKind::Inserted { sequence });
        if sequence == self.last.sequence {
            // Which of the two the next record follows is for it to say.
            self.last.hashes.push(link.hash);
        }
    }

    /// Whether the record belongs in front of the first one that was met; what lies between the two is expected then.
    fn becomes_first(&mut self, line: u64, link: Link) -> bool {
        let Some(first) = self.first.as_mut().filter(|first| link.sequence < first.link.sequence) else {
            return false;
        };
        let between = link.sequence + 1..first.link.sequence;
        first.link = link;
        if !between.is_empty() {
            self.gap(line, between.start, between.end - 1);
        }
        true
    }

    fn gap(&mut self, line: u64, from: u64, to: u64) {
        if self.gaps.len() < MOST_GAPS {
            self.gaps.push(Gap { from, to, file: self.file.clone(), line });
        } else {
            self.fault(line, FaultKind::Missing { from, to });
        }
    }

    /// Whether a record was expected before; it is not any more.
    fn fill_gap(&mut self, sequence: u64) -> bool {
        let Some(at) = self.gaps.iter().position(|gap| (gap.from..=gap.to).contains(&sequence)) else {
            return false;
        };
        let Gap { from, to, file, line } = self.gaps.swap_remove(at);
        let left = [(from, sequence - 1), (sequence + 1, to)];
        for (from, to) in left.into_iter().filter(|(from, to)| from <= to) {
            self.gaps.push(Gap { from, to, file: file.clone(), line });
        }
        true
    }

    fn compare_with_anchors(&mut self, line: u64, link: Link) {
        let Some(hashes) = self.anchors.get(&link.sequence) else { return };
        if hashes.iter().all(|hash| *hash == link.hash) {
            self.proven_to = self.proven_to.max(Some(link.sequence));
        } else {
            self.fault(line, FaultKind::Rewritten { sequence: link.sequence });
        }
    }

    fn remember_what_was_removed(&mut self, line: &[u8], link: Link) {
        // Most lines are not worth reading a second time.
        if memchr::memmem::find(line, b"\"trimmed\"").is_none() {
            return;
        }
        let Some(Event::Trimmed { removed }) = line::record(line).map(|record| record.event) else { return };
        for file in removed {
            // The program removes nothing younger, so a record that says so is not the program's.
            let age = Month::of(link.time_ms).since(Month::of(file.last_ms));
            if age > Log::LEAST_KEPT.cast_signed() && file.last < link.sequence {
                let away = TrimmedAway { until: file.last, by: link.sequence, time_ms: link.time_ms };
                self.removed.push((file, away));
            }
        }
    }

    fn fault(&mut self, line: u64, kind: FaultKind) {
        if self.faults.len() < Verdict::MOST_FAULTS {
            self.faults.push(Fault { file: self.file.clone(), line, kind });
        } else {
            self.further += 1;
        }
    }

    pub(super) fn verdict(mut self) -> Verdict {
        for Gap { from, to, file, line } in std::mem::take(&mut self.gaps) {
            self.file = file;
            self.fault(line, FaultKind::Missing { from, to });
        }
        let trimmed = self.before_the_first();
        let anchors_not_compared = self.anchors_elsewhere(trimmed);
        if !self.faults.is_empty() {
            let Self { faults, further, sound_records, .. } = self;
            return Verdict::Faulty { faults, further, sound_records };
        }
        let from = self.first.map_or(0, |first| first.link.sequence);
        Verdict::Sound(Sound {
            records: self.sound_records,
            from,
            to: self.last.sequence,
            proven_to: self.proven_to,
            anchors_not_compared,
            trimmed,
            unfinished_line: self.unfinished_line,
        })
    }

    /// What the first record is chained to: the beginning, or a record that retention has removed.
    fn before_the_first(&mut self) -> Option<TrimmedAway> {
        let First { link, unknown, file } = self.first.as_ref()?;
        let before = link.sequence - 1;
        // Of so many records before it, it is not known whether they are the lines that cannot be read.
        let doubtful = before.saturating_sub(*unknown)..=before;
        let chained = |file: &RemovedFile| file.last != before || file.hash == link.prev;
        let vouched = self.removed.iter().find(|(file, _)| doubtful.contains(&file.last) && chained(file));
        let trimmed = vouched.map(|(_, away)| *away);
        let fault = match *doubtful.start() {
            _ if trimmed.is_some() => return trimmed,
            0 if before > 0 || link.prev == Fingerprint::ZERO => return None,
            0 => FaultKind::Unlinked,
            to => FaultKind::Missing { from: 1, to },
        };
        self.file = file.clone();
        self.fault(1, fault);
        None
    }

    /// Anchors of records that were not met: how many are older than the log's beginning; a younger one is a fault.
    fn anchors_elsewhere(&mut self, trimmed: Option<TrimmedAway>) -> u64 {
        let first = self.first.as_ref().map_or(1, |first| first.link.sequence);
        if let Some((&to, _)) = self.anchors.last_key_value().filter(|(to, _)| **to > self.last.sequence) {
            self.fault(0, FaultKind::Truncated { to: Some(to) });
        }
        let mut not_compared = 0;
        for (&sequence, hashes) in &self.anchors {
            let removed = self.removed.iter().find(|(file, _)| file.last == sequence);
            match (sequence < first && trimmed.is_some(), removed) {
                (true, Some((file, _))) if hashes.iter().any(|hash| *hash != file.hash) => {
                    let kind = FaultKind::Rewritten { sequence };
                    self.faults.push(Fault { file: file.file.to_string(), line: 0, kind });
                }
                (true, None) => not_compared += 1,
                _ => {}
            }
        }
        not_compared
    }
}
