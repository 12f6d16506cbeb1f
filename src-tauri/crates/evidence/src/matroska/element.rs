//! EBML elements (RFC 8794): id, size, data.

use super::id;

/// A size that takes eight bytes and says that it is not known.
pub(crate) const UNKNOWN: u64 = 0x00ff_ffff_ffff_ffff;

/// An element of bytes.
pub(crate) fn put(out: &mut Vec<u8>, id: u32, data: &[u8]) {
    put_header(out, id, data.len() as u64);
    out.extend_from_slice(data);
}

/// Id and size, in as few bytes as they take.
pub(crate) fn put_header(out: &mut Vec<u8>, id: u32, size: u64) {
    put_id(out, id);
    // All ones means something else, so it is left out.
    let length = (1..=8_u32).find(|length| size < (1 << (7 * length)) - 1).unwrap_or(8);
    let marked = size | 1 << (7 * length);
    out.extend_from_slice(&marked.to_be_bytes()[8 - length as usize..]);
}

/// Id, and the size in eight bytes.
pub(crate) fn put_wide_header(out: &mut Vec<u8>, id: u32, size: u64) {
    put_id(out, id);
    out.extend_from_slice(&wide(size));
}

/// A size in eight bytes.
pub(crate) fn wide(size: u64) -> [u8; 8] {
    (size | 1 << 56).to_be_bytes()
}

fn put_id(out: &mut Vec<u8>, id: u32) {
    let bytes = id.to_be_bytes();
    out.extend_from_slice(&bytes[(id.leading_zeros() / 8) as usize..]);
}

/// A number in as few bytes as it takes.
pub(crate) fn put_number(out: &mut Vec<u8>, id: u32, number: u64) {
    let bytes = number.to_be_bytes();
    put(out, id, &bytes[((number | 1).leading_zeros() / 8) as usize..]);
}

/// A number in eight bytes, which can be replaced later.
pub(crate) fn put_wide_number(out: &mut Vec<u8>, id: u32, number: u64) {
    put(out, id, &number.to_be_bytes());
}

/// A floating-point number.
pub(crate) fn put_float(out: &mut Vec<u8>, id: u32, number: f64) {
    put(out, id, &number.to_be_bytes());
}

/// An element of elements.
pub(crate) fn put_master(out: &mut Vec<u8>, id: u32, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut inside = Vec::new();
    fill(&mut inside);
    put(out, id, &inside);
}

/// An element's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) id: u32,
    /// `None`: not known.
    pub(crate) size: Option<u64>,
    /// Of the header itself.
    pub(crate) length: usize,
}

/// The most bytes of a header.
pub(crate) const LONGEST_HEADER: usize = 12;

/// Reads the header at the beginning of `bytes`; `None` if none stands there.
pub(crate) fn header(bytes: &[u8]) -> Option<Header> {
    let first = *bytes.first()?;
    let id_length = first.leading_zeros() as usize + 1;
    if id_length > 4 {
        return None;
    }
    let id = bytes.get(..id_length)?.iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
    let rest = bytes.get(id_length..)?;
    let size_length = rest.first()?.leading_zeros() as usize + 1;
    if size_length > 8 {
        return None;
    }
    let marked = rest.get(..size_length)?.iter().fold(0, |size, byte| size << 8 | u64::from(*byte));
    let ones = (1_u64 << (7 * size_length)) - 1;
    let size = marked & ones;
    Some(Header { id, size: (size != ones).then_some(size), length: id_length + size_length })
}

/// The elements inside bytes, one after the other: id, where its data begins, data. Ends where something else stands.
pub(crate) fn elements(bytes: &[u8]) -> impl Iterator<Item = (u32, usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let header = header(bytes.get(at..)?)?;
        let begin = at + header.length;
        let end = match header.size {
            Some(size) => begin.checked_add(usize::try_from(size).ok()?)?,
            // Only the segment is open at its end; its children follow as if they were its siblings.
            None => begin,
        };
        let data = bytes.get(begin..end)?;
        at = end;
        Some((header.id, begin, data))
    })
}

/// The first element `id` inside.
pub(crate) fn find(bytes: &[u8], id: u32) -> Option<&[u8]> {
    elements(bytes).find(|(found, ..)| *found == id).map(|(_, _, data)| data)
}

/// A number of up to eight bytes.
pub(crate) fn number(data: &[u8]) -> Option<u64> {
    (data.len() <= 8).then(|| data.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// Where the elements in a segment begin: behind the header of the EBML element, the element, and the segment's header.
pub(crate) fn segment(head: &[u8]) -> Option<(usize, &[u8])> {
    let ebml = header(head).filter(|header| header.id == id::EBML)?;
    let begin = ebml.length.checked_add(usize::try_from(ebml.size?).ok()?)?;
    let segment = header(head.get(begin..)?).filter(|header| header.id == id::SEGMENT)?;
    let inside = begin + segment.length;
    Some((inside, head.get(inside..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headers_come_back_at_every_width() {
        for size in [0, 1, 126, 127, 128, 16_382, 16_383, 1 << 21, (1 << 28) - 2, 1 << 40] {
            for (narrow, id) in [(true, id::CLUSTER), (false, id::SEGMENT), (true, id::TIMESTAMP)] {
                let mut out = Vec::new();
                if narrow {
                    put_header(&mut out, id, size);
                } else {
                    put_wide_header(&mut out, id, size);
                }
                assert_eq!(header(&out), Some(Header { id, size: Some(size), length: out.len() }));
            }
        }
        let mut out = Vec::new();
        put_wide_header(&mut out, id::SEGMENT, UNKNOWN);
        assert_eq!(header(&out).unwrap().size, None);
    }

    #[test]
    fn numbers_are_as_short_as_can_be() {
        for (value, length) in [(0, 1), (255, 1), (256, 2), (u64::MAX, 8)] {
            let mut out = Vec::new();
            put_number(&mut out, id::TIMESTAMP, value);
            let data = find(&out, id::TIMESTAMP).unwrap();
            assert_eq!((data.len(), number(data)), (length, Some(value)));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = header(&bytes);
            let _ = segment(&bytes);
            prop_assert!(elements(&bytes).count() <= bytes.len());
        }
    }
}
