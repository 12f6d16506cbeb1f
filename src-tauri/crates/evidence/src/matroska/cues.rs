//! The index at the end of a file: where each group of pictures begins.

use super::element::{put_header, put_master, put_number, put_wide_header, put_wide_number};
use super::{PICTURES, id};

/// What every cue takes, in bytes: fixed, so that the size of all is known before the first is written.
pub(crate) const BYTES: u64 = 27;

/// The header in front of `count` cues.
pub(crate) fn put_cues_header(out: &mut Vec<u8>, count: u64) {
    put_wide_header(out, id::CUES, count * BYTES);
}

/// One cue: the time in milliseconds since the file's beginning, and where the cluster stands, counted from the beginning
/// of the segment's elements.
pub(crate) fn put_cue(out: &mut Vec<u8>, at: i64, position: u64) {
    let before = out.len();
    put_header(out, 0xbb, BYTES - 2);
    put_wide_number(out, 0xb3, at.max(0).cast_unsigned());
    put_master(out, 0xb7, |out| {
        put_number(out, 0xf7, PICTURES);
        put_wide_number(out, 0xf1, position);
    });
    debug_assert_eq!((out.len() - before) as u64, BYTES);
}
