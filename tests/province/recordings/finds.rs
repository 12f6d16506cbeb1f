//! Searches that a recorder has begun: what was found and not yet handed out.

use std::collections::{BTreeMap, VecDeque};

/// Searches at once; the oldest gives way.
const MOST: usize = 32;

/// Searches of one recorder, each with its results as they will be written.
#[derive(Default)]
pub(crate) struct Finds {
    last: u64,
    open: BTreeMap<u64, VecDeque<String>>,
}

impl Finds {
    /// Begins one; its number.
    pub(crate) fn begin(&mut self, results: VecDeque<String>) -> u64 {
        self.last += 1;
        self.open.insert(self.last, results);
        if self.open.len() > MOST {
            self.open.pop_first();
        }
        self.last
    }

    /// Puts other results into it; whether there is such a search.
    pub(crate) fn fill(&mut self, number: u64, results: VecDeque<String>) -> bool {
        self.open.get_mut(&number).map(|open| *open = results).is_some()
    }

    /// The next results, at most so many, and whether those were all; `None` if there is no such search.
    pub(crate) fn take(&mut self, number: u64, most: usize) -> Option<(Vec<String>, bool)> {
        let open = self.open.get_mut(&number)?;
        let taken = open.drain(..open.len().min(most)).collect();
        Some((taken, open.is_empty()))
    }

    /// Ends one; whether there was such a search.
    pub(crate) fn end(&mut self, number: u64) -> bool {
        self.open.remove(&number).is_some()
    }
}
