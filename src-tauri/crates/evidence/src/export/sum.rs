//! What a file's groups come to, from its index.

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};

use jiff::Timestamp;

use crate::digest::Digest;
use crate::index::{Group, INTERRUPTION_MS, IndexReader};

/// What the groups come to.
pub(super) struct Sum {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) groups: u64,
    pub(super) keys: u64,
    pub(super) pictures: u64,
    pub(super) sound: u64,
    pub(super) lost: u64,
    pub(super) interruptions: u64,
    pub(super) index_bytes: u64,
    last: Group,
}

impl Sum {
    pub(super) fn of(index: &mut File, seed: Digest, head: u64) -> std::io::Result<Self> {
        index.seek(SeekFrom::Start(0))?;
        let mut lines = IndexReader::new(BufReader::new(&*index), seed, head);
        let mut sum: Option<Self> = None;
        while let Some(line) = lines.next_group()? {
            // Somebody else has written to it.
            let group = line.map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))?;
            let sum = sum.get_or_insert_with(|| Self::new(group));
            let pause = group.from.as_millisecond() - sum.to.as_millisecond();
            sum.interruptions += u64::from(pause > INTERRUPTION_MS);
            sum.from = sum.from.min(group.from);
            sum.to = sum.to.max(group.to);
            sum.groups += 1;
            sum.keys += u64::from(group.key);
            sum.pictures += u64::from(group.pictures);
            sum.sound += u64::from(group.sound);
            sum.lost += u64::from(group.lost);
            sum.last = group;
        }
        let mut sum = sum.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        sum.index_bytes = lines.read_bytes();
        Ok(sum)
    }

    fn new(first: Group) -> Self {
        Self {
            from: first.from,
            to: first.to,
            groups: 0,
            keys: 0,
            pictures: 0,
            sound: 0,
            lost: 0,
            interruptions: 0,
            index_bytes: 0,
            last: first,
        }
    }

    /// For how long the last picture is to be shown: as long as those before it.
    pub(super) fn interval_ms(&self) -> i64 {
        let Group { from, to, pictures, .. } = self.last;
        let intervals = i64::from(pictures.saturating_sub(1)).max(1);
        ((to.as_millisecond() - from.as_millisecond()) / intervals).clamp(1, 1000)
    }
}
