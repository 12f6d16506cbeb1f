//! JPEG pictures of our own MJPEG clips, taken apart as RFC 2435 sends them.

use super::ClipFault;

/// What goes over the wire of one JPEG picture.
pub(crate) struct Jpeg<'a> {
    /// Columns.
    pub(crate) width: u16,
    /// Rows.
    pub(crate) height: u16,
    /// RFC 2435 §4.1: 0 for 4:2:2, 1 for 4:2:0.
    pub(crate) sampling: u8,
    /// Quantization tables of luma and chroma, 64 bytes each in zigzag order.
    pub(crate) tables: [u8; 128],
    /// The entropy-coded data of the one scan.
    pub(crate) scan: &'a [u8],
}

/// The pictures of a stream of JPEG files laid end to end.
pub(crate) fn pictures(stream: &[u8]) -> Result<Vec<Jpeg<'_>>, ClipFault> {
    let mut pictures = Vec::new();
    let mut rest = stream;
    while !rest.is_empty() {
        let (picture, after) = picture(rest)?;
        pictures.push(picture);
        rest = after;
    }
    Ok(pictures)
}

fn picture(stream: &[u8]) -> Result<(Jpeg<'_>, &[u8]), ClipFault> {
    const EARLY: ClipFault = ClipFault::Malformed("JPEG ends early");
    if !stream.starts_with(&[0xff, 0xd8]) {
        return Err(ClipFault::Malformed("no JPEG start"));
    }
    let mut jpeg = Jpeg { width: 0, height: 0, sampling: 1, tables: [0; 128], scan: &[] };
    let mut chroma_table = false;
    let mut at = 2;
    loop {
        let head = stream.get(at..at + 4).ok_or(EARLY)?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let body = stream.get(at + 4..at + 2 + length).ok_or(EARLY)?;
        at += 2 + length;
        match head[1] {
            0xdb => {
                for table in body.chunks_exact(65) {
                    let place = usize::from(table[0] & 1);
                    chroma_table |= place == 1;
                    jpeg.tables[place * 64..][..64].copy_from_slice(&table[1..]);
                }
            }
            0xc0 if body.len() >= 9 => {
                jpeg.height = u16::from_be_bytes([body[1], body[2]]);
                jpeg.width = u16::from_be_bytes([body[3], body[4]]);
                jpeg.sampling = match body[7] {
                    0x21 => 0,
                    0x22 => 1,
                    _ => return Err(ClipFault::Malformed("sampling that RFC 2435 lacks")),
                };
            }
            0xda => break,
            0xdd => return Err(ClipFault::Malformed("restart intervals are not sent")),
            _ => {}
        }
    }
    if !chroma_table {
        // One table for all: the encoder left the second out, the wire has both.
        jpeg.tables.copy_within(..64, 64);
    }
    let mut end = at;
    while stream.get(end..end + 2).ok_or(EARLY)? != [0xff, 0xd9] {
        end += 1;
    }
    jpeg.scan = &stream[at..end];
    Ok((jpeg, &stream[end + 2..]))
}
