//! One cluster: blocks of up to half a minute, written once it is whole.

use super::element::{put, put_header, put_master, put_number, put_wide_header};
use super::{FRAMING, PICTURES, SOUND, id};

/// A cluster being filled. Its room is used again for the next.
#[derive(Default)]
pub(crate) struct Cluster {
    bytes: Vec<u8>,
    /// Milliseconds since the file's beginning; `None`: nothing is in it.
    base: Option<i64>,
    /// The last picture's.
    previous: i64,
}

/// One picture as a block holds it.
pub(crate) struct Picture<'a> {
    /// Milliseconds since the file's beginning.
    pub(crate) at: i64,
    pub(crate) key: bool,
    /// What its bytes are put together of.
    pub(crate) parts: &'a [&'a [u8]],
    /// Whether each part has its length in front.
    pub(crate) lengths: bool,
    pub(crate) framing: Option<&'a [u8]>,
}

/// How long the header is, whose size is set in at the end.
const HEADER: usize = 12;
/// A cluster is closed when it holds as much, in bytes.
const FULL: usize = 4 << 20;
/// A block lies at most so far from its cluster's time, in milliseconds; 16 bits with a sign take a little more.
const REACH: i64 = 30_000;

impl Cluster {
    /// Whether a block of that time can still go in.
    pub(crate) fn takes(&self, at: i64) -> bool {
        self.base.is_none_or(|base| self.bytes.len() < FULL && (at - base).abs() <= REACH)
    }

    pub(crate) fn picture(&mut self, picture: &Picture<'_>) {
        let at = self.relative(picture.at);
        let each = if picture.lengths { 4 } else { 0 };
        let length = 4 + picture.parts.iter().map(|part| part.len() + each).sum::<usize>();
        match picture.framing {
            None => {
                put_header(&mut self.bytes, id::SIMPLE_BLOCK, length as u64);
                let flags = if picture.key { 0x80 } else { 0 };
                self.block(PICTURES, at, flags, picture);
            }
            Some(framing) => {
                let mut behind = Vec::with_capacity(framing.len() + 32);
                if !picture.key {
                    let reference = (self.previous - picture.at).clamp(-REACH, -1) as i16;
                    put(&mut behind, id::REFERENCE, &reference.to_be_bytes());
                }
                put_master(&mut behind, id::ADDITIONS, |out| {
                    put_master(out, id::MORE, |out| {
                        put_number(out, id::ADD_ID, FRAMING);
                        put(out, id::ADDITIONAL, framing);
                    });
                });
                let mut block = Vec::with_capacity(16);
                put_header(&mut block, id::BLOCK, length as u64);
                let size = block.len() + length + behind.len();
                put_header(&mut self.bytes, id::BLOCK_GROUP, size as u64);
                self.bytes.extend(block);
                self.block(PICTURES, at, 0, picture);
                self.bytes.extend(behind);
            }
        }
        self.previous = picture.at;
    }

    pub(crate) fn sound(&mut self, at: i64, data: &[u8]) {
        let relative = self.relative(at);
        put_header(&mut self.bytes, id::SIMPLE_BLOCK, 4 + data.len() as u64);
        let picture = Picture { at, key: true, parts: &[data], lengths: false, framing: None };
        self.block(SOUND, relative, 0x80, &picture);
    }

    fn block(&mut self, track: u64, at: i16, flags: u8, picture: &Picture<'_>) {
        self.bytes.push(0x80 | track as u8);
        self.bytes.extend(at.to_be_bytes());
        self.bytes.push(flags);
        for part in picture.parts {
            if picture.lengths {
                self.bytes.extend((part.len() as u32).to_be_bytes());
            }
            self.bytes.extend_from_slice(part);
        }
    }

    /// Begins a cluster if none is open.
    fn relative(&mut self, at: i64) -> i16 {
        let base = *self.base.get_or_insert_with(|| {
            // Pictures that are shown before the file's first one lie before the cluster's time.
            let base = at.max(0);
            self.bytes.clear();
            self.bytes.resize(HEADER, 0);
            put(&mut self.bytes, id::TIMESTAMP, &base.to_be_bytes());
            self.previous = at;
            base
        });
        (at - base).clamp(i16::MIN.into(), i16::MAX.into()) as i16
    }

    /// Its bytes; empty if nothing is in it. Then the next one begins.
    pub(crate) fn close(&mut self) -> &[u8] {
        if self.base.take().is_none() {
            return &[];
        }
        let mut header = Vec::with_capacity(HEADER);
        put_wide_header(&mut header, id::CLUSTER, (self.bytes.len() - HEADER) as u64);
        self.bytes[..HEADER].copy_from_slice(&header);
        &self.bytes
    }
}
