//! Lines of a file, from its beginning on and from its end, each with bounded memory whatever the file holds.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::line;

/// How much is read at once, bytes.
const BLOCK: usize = 64 * 1024;

/// A line without its line feed.
pub(crate) struct Found<'a> {
    /// From 1.
    pub(crate) number: u64,
    /// Cut where it is longer than any record.
    pub(crate) bytes: &'a [u8],
    /// A line feed stood behind it. Without, it is the file's last line and was not written to its end.
    pub(crate) finished: bool,
}

/// Lines in their order.
pub(crate) struct Lines {
    file: BufReader<File>,
    number: u64,
    line: Vec<u8>,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = BufReader::with_capacity(BLOCK, File::open(path)?);
        Ok(Self { file, number: 0, line: Vec::new() })
    }

    /// The next line; the file's end is `None`.
    pub(crate) fn next(&mut self) -> io::Result<Option<Found<'_>>> {
        self.line.clear();
        let mut bounded = (&mut self.file).take(line::LONGEST as u64 + 2);
        if bounded.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let mut finished = self.line.pop_if(|byte| *byte == b'\n').is_some();
        if !finished && self.line.len() > line::LONGEST {
            finished = self.file.skip_until(b'\n')? > 0;
        }
        Ok(Some(Found { number: self.number, bytes: &self.line, finished }))
    }
}

/// Lines from the last one on; what stands behind the last line feed is left out.
pub(crate) struct Backward {
    file: File,
    /// Where in the file `held` begins.
    at: u64,
    /// Read and not given out yet.
    held: Vec<u8>,
    begun: bool,
    /// The line whose end was read is longer than any record; its end was forgotten.
    oversized: bool,
}

impl Backward {
    /// Begins with the line that ends at or before `end`, a place in the file in bytes.
    pub(crate) fn new(file: File, end: u64) -> Self {
        Self { file, at: end, held: Vec::new(), begun: false, oversized: false }
    }

    /// The line before; the file's beginning is `None`. A line longer than any record comes as an empty one.
    pub(crate) fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(feed) = memchr::memrchr(b'\n', &self.held) {
                let line = self.held.split_off(feed + 1);
                self.held.pop();
                let line = self.whole(line);
                if std::mem::replace(&mut self.begun, true) {
                    return Ok(Some(line));
                }
            } else if self.at == 0 {
                let line = std::mem::take(&mut self.held);
                // The first line of a file is over when another one, or the end, was seen behind it.
                let given = std::mem::replace(&mut self.begun, false);
                return Ok(given.then(|| self.whole(line)));
            } else {
                self.read_block()?;
            }
        }
    }

    fn whole(&mut self, line: Vec<u8>) -> Vec<u8> {
        if std::mem::take(&mut self.oversized) { Vec::new() } else { line }
    }

    fn read_block(&mut self) -> io::Result<()> {
        if self.held.len() > line::LONGEST {
            self.held.clear();
            self.oversized = true;
        }
        let wanted = self.at.min(BLOCK as u64);
        self.at -= wanted;
        self.file.seek(SeekFrom::Start(self.at))?;
        let mut block = Vec::with_capacity(BLOCK + self.held.len());
        (&mut self.file).take(wanted).read_to_end(&mut block)?;
        block.append(&mut self.held);
        self.held = block;
        Ok(())
    }
}

/// A place in the file such that all records before the one with this number end before it. It is close behind that
/// record where the lines in between can be read, else further back.
pub(crate) fn end_before(file: &mut File, sequence: u64) -> io::Result<u64> {
    let (mut low, mut high) = (0, file.metadata()?.len());
    // What lies behind `end` has that number or a higher one.
    let mut end = high;
    while high - low > BLOCK as u64 {
        let middle = low + (high - low) / 2;
        file.seek(SeekFrom::Start(middle))?;
        let mut block = BufReader::new(&mut *file).take(2 * line::LONGEST as u64 + 2);
        let begin = middle + block.skip_until(b'\n')? as u64;
        let mut bytes = Vec::new();
        block.read_until(b'\n', &mut bytes)?;
        let Some(link) = bytes.strip_suffix(b"\n").and_then(line::link) else { break };
        if link.sequence >= sequence {
            (high, end) = (middle, begin);
        } else {
            low = middle;
        }
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backward(content: &[u8]) -> Vec<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, content).unwrap();
        let mut lines = Backward::new(File::open(&path).unwrap(), content.len() as u64);
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    #[test]
    fn backward_gives_each_finished_line_once() {
        let line = |length: usize| vec![b'x'; length];
        for lengths in
            [vec![], vec![0], vec![3], vec![3, 0, 5], vec![BLOCK - 1, BLOCK, 1, BLOCK / 2, BLOCK / 2]]
        {
            let mut content = Vec::new();
            for &length in &lengths {
                content.extend(line(length));
                content.push(b'\n');
            }
            let expected: Vec<_> = lengths.iter().rev().map(|&length| line(length)).collect();
            assert_eq!(backward(&content), expected, "{lengths:?}");
            content.extend_from_slice(b"unfinished");
            assert_eq!(backward(&content), expected, "{lengths:?} and an unfinished one");
        }
    }

    #[test]
    fn endless_lines_take_no_memory() {
        let content = [b"a\n".to_vec(), vec![b'x'; 5 * BLOCK], b"\nb\n".to_vec()].concat();
        assert_eq!(backward(&content), [b"b".to_vec(), Vec::new(), b"a".to_vec()]);
    }
}
