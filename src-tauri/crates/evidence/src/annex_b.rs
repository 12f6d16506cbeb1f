//! Access units between start codes (ITU-T H.264 and H.265, Annex B) and with lengths in front, as Matroska files hold them.
//!
//! RTP carries NAL units without start codes, and whoever received them has put `00 00 00 01` in front of each. A unit that
//! is nothing but such NAL units needs no more than its lengths to be made again. Anything else between NAL units (start
//! codes of three bytes, further zeros, empty NAL units) is written down as [`Framing`], so that every unit comes out of the
//! file as it went in, byte for byte.

use std::ops::Range;

use memchr::memmem;

/// In front of a NAL unit that was received by RTP.
const START: [u8; 4] = [0, 0, 0, 1];

/// One NAL unit in an access unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nal {
    /// What stands in front of it since the NAL unit before.
    pub(crate) prefix: Range<usize>,
    /// Its bytes: at least one, the last not 0.
    pub(crate) body: Range<usize>,
}

/// Finds the NAL units of `unit` and where the last ends; keeps the room of `nals`.
pub(crate) fn split(unit: &[u8], nals: &mut Vec<Nal>) -> usize {
    nals.clear();
    let mut prefix = 0; // where what is no NAL unit begins
    let mut open: Option<usize> = None; // where a NAL unit begins
    for code in memmem::find_iter(unit, &START[1..]) {
        let mut end = code;
        if let Some(body) = open {
            while end > body && unit[end - 1] == 0 {
                end -= 1;
            }
            if end > body {
                nals.push(Nal { prefix: prefix..body, body: body..end });
                prefix = end;
            }
        }
        open = Some(code + 3);
    }
    if let Some(body) = open {
        let mut end = unit.len();
        while end > body && unit[end - 1] == 0 {
            end -= 1;
        }
        if end > body {
            nals.push(Nal { prefix: prefix..body, body: body..end });
            prefix = end;
        }
    }
    prefix
}

/// What lengths alone don't tell of a unit. As bytes: how many NAL units stand in front that are not the source's, then of
/// each other NAL unit the bytes before it, then the bytes behind the last; each with its length in front (LEB128).
pub(crate) struct Framing;

impl Framing {
    /// `None` where lengths tell everything.
    pub(crate) fn of(unit: &[u8], nals: &[Nal], end: usize, inserted: usize) -> Option<Vec<u8>> {
        let plain = nals.iter().all(|nal| unit[nal.prefix.clone()] == START) && end == unit.len();
        if plain && inserted == 0 {
            return None;
        }
        let mut bytes = Vec::new();
        leb128(&mut bytes, inserted);
        for part in nals.iter().map(|nal| &unit[nal.prefix.clone()]).chain([&unit[end..]]) {
            leb128(&mut bytes, part.len());
            bytes.extend_from_slice(part);
        }
        Some(bytes)
    }
}

/// The block is none that [`Framing`] and lengths describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The unit of a block, as it was; and what stood before it that is not the source's (Annex B).
pub(crate) fn join(block: &[u8], framing: Option<&[u8]>) -> Result<(Vec<u8>, Vec<u8>), Malformed> {
    let (mut unit, mut inserted) = (Vec::with_capacity(block.len() + 16), Vec::new());
    let mut framing = framing;
    let mut foreign = match &mut framing {
        Some(bytes) => take_leb128(bytes)?,
        None => 0,
    };
    let mut rest = block;
    while !rest.is_empty() {
        let (length, behind) = rest.split_first_chunk::<4>().ok_or(Malformed)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (nal, behind) = behind.split_at_checked(length).ok_or(Malformed)?;
        rest = behind;
        if foreign > 0 {
            foreign -= 1;
            inserted.extend_from_slice(&START);
            inserted.extend_from_slice(nal);
            continue;
        }
        match &mut framing {
            Some(bytes) => unit.extend_from_slice(take_part(bytes)?),
            None => unit.extend_from_slice(&START),
        }
        unit.extend_from_slice(nal);
    }
    if let Some(bytes) = &mut framing {
        unit.extend_from_slice(take_part(bytes)?);
        if foreign > 0 || !bytes.is_empty() {
            return Err(Malformed);
        }
    }
    Ok((unit, inserted))
}

fn leb128(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_leb128(bytes: &mut &[u8]) -> Result<usize, Malformed> {
    let mut number = 0_usize;
    for shift in (0..28).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(Malformed)?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(Malformed)
}

fn take_part<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], Malformed> {
    let length = take_leb128(bytes)?;
    let (part, rest) = bytes.split_at_checked(length).ok_or(Malformed)?;
    *bytes = rest;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As a block holds it, and back.
    fn there_and_back(unit: &[u8], inserted: &[&[u8]]) -> (usize, bool) {
        let mut nals = Vec::new();
        let end = split(unit, &mut nals);
        let mut block = Vec::new();
        for nal in inserted.iter().copied().chain(nals.iter().map(|nal| &unit[nal.body.clone()])) {
            block.extend((nal.len() as u32).to_be_bytes());
            block.extend(nal);
        }
        let framing = Framing::of(unit, &nals, end, inserted.len());
        let (again, foreign) = join(&block, framing.as_deref()).unwrap();
        assert_eq!(again, unit);
        let expected: Vec<u8> = inserted.iter().flat_map(|nal| [&START, *nal].concat()).collect();
        assert_eq!(foreign, expected);
        (nals.len(), framing.is_some())
    }

    #[test]
    fn units_from_rtp_need_nothing_but_lengths() {
        assert_eq!(there_and_back(&[0, 0, 0, 1, 0x40, 1, 0, 0, 0, 1, 0x26, 0, 0, 3, 9], &[]), (2, false));
        assert_eq!(there_and_back(&[0, 0, 0, 1, 0x40], &[]), (1, false));
    }

    #[test]
    fn other_start_codes_zeros_and_empty_units_come_back() {
        for (unit, nals) in [
            (&[0, 0, 1, 0x40, 0, 0, 1, 0x26, 1][..], 2),
            (&[0, 0, 0, 0, 0, 1, 7, 0, 0, 0], 1),
            (&[0, 0, 1, 0, 0, 1, 5], 1),
            (&[9, 9, 0, 0, 0, 1, 5, 0, 0, 1], 1),
            (&[0, 0, 1], 0),
            (&[], 0),
            (&[5, 0, 0], 0),
        ] {
            let (found, framed) = there_and_back(unit, &[]);
            assert_eq!(found, nals, "{unit:?}");
            assert!(framed || unit.is_empty(), "{unit:?}");
        }
    }

    #[test]
    fn what_was_put_in_is_told_apart() {
        assert_eq!(there_and_back(&[0, 0, 0, 1, 0x26, 1], &[&[0x40, 1], &[0x42, 1]]), (1, true));
    }

    proptest! {
        #[test]
        fn any_unit_comes_back(unit in prop::collection::vec(prop_oneof![4 => Just(0_u8), 2 => Just(1), 1 => any::<u8>()], 0..64)) {
            there_and_back(&unit, &[&[7]]);
        }

        #[test]
        fn no_block_makes_it_stumble(block in prop::collection::vec(0_u8..6, 0..64), framing in prop::collection::vec(0_u8..6, 0..32)) {
            let _ = join(&block, Some(&framing));
            let _ = join(&block, None);
        }
    }
}
