//! The index beside a media file: one line a group of pictures, chained.
//!
//! Each line (JSON) says which bytes of the file hold the group, their SHA-256, the time they cover, and `chain`: the
//! SHA-256 of this line with the chain of the line before in its place. The first is chained to the package and the file's
//! name, so that a line fits at one place of one file only. The manifest states the last one.
//!
//! While the file is being written the index is its journal: what it says is what a resumed export goes on from.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::export::hash_next;
use crate::manifest::MediaFile;

/// The most bytes of a line.
const LONGEST_LINE: usize = 1024;
/// No footage for so long within a group ends it, so that the index shows the gap.
pub const INTERRUPTION_MS: i64 = 5000;

/// One group of pictures: from a key frame to the last unit before the next one. Of JPEG pictures, which are all key
/// frames, those of a second. A group also ends where nothing came for [`INTERRUPTION_MS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Counted from 0.
    pub group: u64,
    /// Where it begins in the file.
    pub offset: u64,
    /// How many bytes it takes.
    pub bytes: u64,
    /// Of these bytes.
    pub sha256: Digest,
    /// True time of its first picture.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub from: Timestamp,
    /// True time of the picture that is shown last.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub to: Timestamp,
    /// Whether a decoder may begin at it.
    pub key: bool,
    /// Pictures in it.
    pub pictures: u32,
    /// Packets of sound in it.
    pub sound: u32,
    /// Network packets that were lost on the way here from the source.
    pub lost: u32,
    /// See the module.
    pub chain: Digest,
}

/// What the first line of a file is chained to.
pub(crate) fn seed(package: &str, file: &str) -> Digest {
    Digest::of(format!("watchwall-groups 1\0{package}\0{file}").as_bytes())
}

impl Group {
    /// Chains it to the line before.
    pub(crate) fn chained(mut self, before: Digest) -> Self {
        self.chain = before;
        self.chain = Digest::of(&serde_json::to_vec(&self).expect("it is numbers and plain texts"));
        self
    }

    /// Its line, always with the same bytes.
    pub(crate) fn line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("it is numbers and plain texts");
        line.push(b'\n');
        line
    }

    /// The last group of a file that can be decoded and begins by `at`, else the first that can; as the index beside the
    /// file says, unchecked.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn at(folder: &Path, file: &MediaFile, at: Timestamp) -> io::Result<Option<Self>> {
        let mut lines = BufReader::new(File::open(folder.join(&file.index.name))?);
        let (mut line, mut found) = (Vec::new(), None);
        loop {
            line.clear();
            let read = (&mut lines).take(LONGEST_LINE as u64).read_until(b'\n', &mut line)?;
            let group: Option<Self> = serde_json::from_slice(&line).ok();
            match group {
                _ if read == 0 => return Ok(found),
                None => return Err(io::ErrorKind::InvalidData.into()),
                Some(group) if group.key && (group.from <= at || found.is_none()) => found = Some(group),
                Some(group) if group.from > at => return Ok(found),
                Some(_) => {}
            }
        }
    }

    /// The groups of a file that a decoder needs for what is shown from `from` until `until`, and the one behind them, which may
    /// have pictures that are shown before it; as the index beside the file says, unchecked.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn around(
        folder: &Path,
        file: &MediaFile,
        from: Timestamp,
        until: Timestamp,
    ) -> io::Result<Vec<Self>> {
        let mut lines = BufReader::new(File::open(folder.join(&file.index.name))?);
        let (mut line, mut found) = (Vec::new(), Vec::<Self>::new());
        loop {
            line.clear();
            if (&mut lines).take(LONGEST_LINE as u64).read_until(b'\n', &mut line)? == 0 {
                return Ok(found);
            }
            let group: Self = serde_json::from_slice(&line).map_err(|_| io::ErrorKind::InvalidData)?;
            if group.key && group.from <= from {
                found.clear();
            }
            // Nothing can be decoded before the first key frame.
            if !found.is_empty() || group.key {
                found.push(group);
            }
            if group.key && group.from >= until {
                return Ok(found);
            }
        }
    }

    /// Whether the file has the bytes that its index says.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn is_whole(&self, folder: &Path, file: &MediaFile) -> io::Result<bool> {
        let mut media = File::open(folder.join(&file.name))?;
        media.seek(SeekFrom::Start(self.offset))?;
        Ok(hash_next(&mut media, self.bytes)? == Some(self.sha256))
    }

    /// Where it ends in the file.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.bytes)
    }
}

/// Reads the lines of an index in order.
pub(crate) struct IndexReader<R> {
    lines: R,
    line: Vec<u8>,
    chain: Digest,
    next: u64,
    offset: u64,
    read: u64,
}

/// The line that can't be taken, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadLine(pub(crate) u64);

impl<R: BufRead> IndexReader<R> {
    /// `offset`: where the first group must begin.
    pub(crate) fn new(lines: R, seed: Digest, offset: u64) -> Self {
        Self { lines, line: Vec::new(), chain: seed, next: 0, offset, read: 0 }
    }

    /// The chain so far.
    pub(crate) fn chain(&self) -> Digest {
        self.chain
    }

    /// Bytes of all sound lines so far.
    pub(crate) fn read_bytes(&self) -> u64 {
        self.read
    }

    /// Where the next group begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next group; `Ok(Err(_))` if its line is not what it must be, and then nothing more.
    pub(crate) fn next_group(&mut self) -> io::Result<Option<Result<Group, BadLine>>> {
        self.line.clear();
        let mut limited = io::Read::take(&mut self.lines, LONGEST_LINE as u64);
        if limited.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        let bad = BadLine(self.next + 1);
        let Ok(group) = serde_json::from_slice::<Group>(&self.line) else { return Ok(Some(Err(bad))) };
        let expected = Group { group: self.next, offset: self.offset, ..group }.chained(self.chain);
        if group.bytes == 0 || group.from > group.to || expected.line() != self.line {
            return Ok(Some(Err(bad)));
        }
        self.chain = group.chain;
        self.next += 1;
        self.offset = group.end();
        self.read += self.line.len() as u64;
        Ok(Some(Ok(group)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group(number: u64, offset: u64) -> Group {
        Group {
            group: number,
            offset,
            bytes: 100,
            sha256: Digest::of(&number.to_le_bytes()),
            from: Timestamp::from_millisecond(1_000_000 + number.cast_signed() * 1000).unwrap(),
            to: Timestamp::from_millisecond(1_000_960 + number.cast_signed() * 1000).unwrap(),
            key: true,
            pictures: 25,
            sound: 0,
            lost: 0,
            chain: Digest::of(b""),
        }
    }

    fn index(count: u64) -> Vec<Vec<u8>> {
        let mut chain = seed("p", "f");
        (0..count)
            .map(|number| {
                let group = group(number, 10 + 100 * number).chained(chain);
                chain = group.chain;
                group.line()
            })
            .collect()
    }

    fn read(lines: &[u8]) -> (u64, Option<BadLine>) {
        let mut reader = IndexReader::new(lines, seed("p", "f"), 10);
        let mut sound = 0;
        loop {
            match reader.next_group().unwrap() {
                None => return (sound, None),
                Some(Err(bad)) => return (sound, Some(bad)),
                Some(Ok(_)) => sound += 1,
            }
        }
    }

    #[test]
    fn lines_fit_in_their_order_only() {
        let mut lines = index(4);
        assert_eq!(read(&lines.concat()), (4, None));
        lines.swap(1, 2);
        assert_eq!(read(&lines.concat()), (1, Some(BadLine(2))));
        lines.swap(1, 2);
        lines.remove(0);
        assert_eq!(read(&lines.concat()), (0, Some(BadLine(1))));
        let cut = index(2).concat();
        assert_eq!(read(&cut[..cut.len() - 1]), (1, Some(BadLine(2))));
    }

    proptest! {
        #[test]
        fn any_altered_byte_is_noticed(at in any::<prop::sample::Index>(), change in 1_u8..) {
            let mut lines = index(3).concat();
            let at = at.index(lines.len());
            lines[at] ^= change;
            let (sound, bad) = read(&lines);
            // A line's end turned into something else makes one bad line of two.
            prop_assert!(sound < 3 && bad.is_some());
        }

        #[test]
        fn no_bytes_make_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(read(&bytes).0, 0);
        }
    }
}
