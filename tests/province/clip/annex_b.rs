//! NAL units and access units of our own H.264 and H.265 clips (Annex B of either standard).

use std::ops::Range;

use model::Codec;

use super::ClipFault;

/// What is known of a NAL unit from its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A coded slice; `first` of its picture; `random_access` if decoding may begin here.
    Slice { first: bool, random_access: bool },
    /// VPS, SPS or PPS.
    Parameters,
    /// Anything else that goes in front of a picture.
    Other,
}

/// Type field of a NAL unit.
pub(crate) fn unit_type(codec: Codec, unit: &[u8]) -> u8 {
    match codec {
        Codec::H265 => unit[0] >> 1 & 0x3f,
        _ => unit[0] & 0x1f,
    }
}

/// H.265 NAL types at which decoding may begin are 16 to 21, H.264's is 5.
pub(crate) fn kind(codec: Codec, unit: &[u8]) -> Kind {
    let first = |byte: usize| unit.get(byte).is_some_and(|b| b & 0x80 != 0);
    match (codec, unit_type(codec, unit)) {
        (Codec::H265, t @ 0..=31) => Kind::Slice { first: first(2), random_access: (16..=21).contains(&t) },
        (Codec::H265, 32..=34) | (Codec::H264, 7 | 8) => Kind::Parameters,
        (Codec::H264, t @ 1..=5) => Kind::Slice { first: first(1), random_access: t == 5 },
        _ => Kind::Other,
    }
}

/// The NAL units between start codes, without trailing zeros.
pub(crate) fn units(stream: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut i = 0;
    while i + 3 <= stream.len() {
        if stream[i + 2] > 1 {
            i += 3;
        } else if stream[i..i + 3] == [0, 0, 1] {
            if let Some(last) = found.last_mut() {
                last.end = i;
            }
            found.push(i + 3..stream.len());
            i += 3;
        } else {
            i += 1;
        }
    }
    for range in &mut found {
        while range.end > range.start && stream[range.end - 1] == 0 {
            range.end -= 1;
        }
    }
    found.retain(|range| range.len() > 2);
    found
}

/// The NAL units of each picture, in decoding order.
pub(crate) fn access_units(codec: Codec, stream: &[u8]) -> Vec<Vec<Range<usize>>> {
    let mut pictures: Vec<Vec<Range<usize>>> = Vec::new();
    let mut ahead = Vec::new();
    for unit in units(stream) {
        match kind(codec, &stream[unit.clone()]) {
            Kind::Slice { first: false, .. } => {
                if let Some(picture) = pictures.last_mut() {
                    picture.push(unit);
                }
            }
            Kind::Slice { first: true, .. } => {
                ahead.push(unit);
                pictures.push(std::mem::take(&mut ahead));
            }
            Kind::Parameters | Kind::Other => ahead.push(unit),
        }
    }
    pictures
}

/// Reads bits of a NAL unit's payload, skipping emulation prevention bytes.
struct Bits {
    payload: Vec<u8>,
    at: usize,
}

impl Bits {
    /// The first `limit` bytes of a unit are enough for what is read here.
    fn of(unit: &[u8], limit: usize) -> Self {
        let mut payload: Vec<u8> = Vec::with_capacity(limit);
        let mut zeros = 0;
        for &byte in unit.iter().take(limit) {
            if zeros >= 2 && byte == 3 {
                zeros = 0;
                continue;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            payload.push(byte);
        }
        Self { payload, at: 0 }
    }

    fn take(&mut self, count: usize) -> Result<u32, ClipFault> {
        let mut value = 0;
        for _ in 0..count {
            let byte =
                self.payload.get(self.at / 8).ok_or(ClipFault::Malformed("parameter set ends early"))?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Ok(value)
    }

    /// ue(v), ITU-T H.265 §9.2.
    fn golomb(&mut self) -> Result<u32, ClipFault> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros > 31 {
                return Err(ClipFault::Malformed("Exp-Golomb code too long"));
            }
        }
        Ok((1 << zeros) - 1 + self.take(zeros)?)
    }
}

/// What of an H.265 stream's SPS and PPS is needed to find the picture order count in a slice header.
#[derive(Clone, Copy)]
struct OrderSyntax {
    order_bits: usize,
    extra_bits: usize,
    output_flag: bool,
}

impl OrderSyntax {
    /// ITU-T H.265 §7.3.2.2, for one sub-layer, which is what our encoder writes.
    fn read(sps: &[u8], pps: &[u8]) -> Result<Self, ClipFault> {
        let mut bits = Bits::of(sps, 128);
        bits.take(16 + 4)?;
        if bits.take(3)? != 0 {
            return Err(ClipFault::Malformed("more than one sub-layer"));
        }
        bits.take(1)?;
        for _ in 0..3 {
            bits.take(32)?; // profile_tier_level: 96 bits
        }
        bits.golomb()?;
        if bits.golomb()? == 3 {
            bits.take(1)?;
        }
        bits.golomb()?;
        bits.golomb()?;
        if bits.take(1)? == 1 {
            for _ in 0..4 {
                bits.golomb()?;
            }
        }
        bits.golomb()?;
        bits.golomb()?;
        let order_bits = bits.golomb()? as usize + 4;

        let mut bits = Bits::of(pps, 32);
        bits.take(16)?;
        bits.golomb()?;
        bits.golomb()?;
        bits.take(1)?;
        let output_flag = bits.take(1)? == 1;
        Ok(Self { order_bits, extra_bits: bits.take(3)? as usize, output_flag })
    }

    /// `slice_pic_order_cnt_lsb` of a first slice segment (§7.3.6.1), 0 for an IDR picture.
    fn order(self, slice: &[u8]) -> Result<u32, ClipFault> {
        let unit_type = unit_type(Codec::H265, slice);
        if matches!(unit_type, 19 | 20) {
            return Ok(0);
        }
        let mut bits = Bits::of(slice, 32);
        bits.take(16 + 1)?;
        if (16..=23).contains(&unit_type) {
            bits.take(1)?;
        }
        bits.golomb()?;
        bits.take(self.extra_bits)?;
        bits.golomb()?;
        if self.output_flag {
            bits.take(1)?;
        }
        bits.take(self.order_bits)
    }
}

/// For each picture in decoding order, its place in the order of presentation.
pub(crate) fn presentation_order(
    stream: &[u8],
    pictures: &[Vec<Range<usize>>],
) -> Result<Vec<u32>, ClipFault> {
    let find = |wanted: u8| {
        let all = pictures.iter().flatten().map(|unit| &stream[unit.clone()]);
        let mut sets = all.filter(|unit| unit_type(Codec::H265, unit) == wanted);
        sets.next().ok_or(ClipFault::Malformed("no parameter set"))
    };
    let syntax = OrderSyntax::read(find(33)?, find(34)?)?;
    let range = 1_i64 << syntax.order_bits;
    let (mut period, mut last) = (0, 0_i64);
    let mut counts = Vec::with_capacity(pictures.len());
    for (decoded, picture) in pictures.iter().enumerate() {
        let slices = picture.iter().map(|unit| &stream[unit.clone()]);
        let slice = slices.into_iter().find(|unit| matches!(kind(Codec::H265, unit), Kind::Slice { .. }));
        let slice = slice.ok_or(ClipFault::Malformed("picture without slice"))?;
        if matches!(unit_type(Codec::H265, slice), 19 | 20) {
            (period, last) = (period + 1, 0);
        } else {
            // The full count is the one nearest to its predecessor's (§8.3.1).
            let low = i64::from(syntax.order(slice)?);
            last += (low - last + range / 2).rem_euclid(range) - range / 2;
        }
        counts.push((period, last, decoded));
    }
    counts.sort_unstable();
    let mut order = vec![0; pictures.len()];
    for (place, &(_, _, decoded)) in counts.iter().enumerate() {
        order[decoded] = place as u32;
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_end_at_start_codes_of_either_length() {
        let stream = [0, 0, 0, 1, 0x40, 1, 9, 0, 0, 1, 0x42, 1, 7, 7, 0, 0, 0, 1, 0x26, 1, 0x80, 5];
        let found: Vec<&[u8]> = units(&stream).into_iter().map(|r| &stream[r]).collect();
        assert_eq!(found, [&[0x40, 1, 9][..], &[0x42, 1, 7, 7], &[0x26, 1, 0x80, 5]]);
        assert_eq!(access_units(Codec::H265, &stream).len(), 1);
        assert_eq!(kind(Codec::H265, &stream[18..]), Kind::Slice { first: true, random_access: true });
    }

    #[test]
    fn exp_golomb_over_emulation_prevention() {
        let mut bits = Bits::of(&[0b1010_0110, 0b0100_0000, 0, 0, 3, 0x80], 16);
        assert_eq!(
            [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()].map(Result::unwrap),
            [0, 1, 2, 3]
        );
        assert_eq!(bits.payload.len(), 5, "the byte 3 after two zeros is not payload");
        assert!(Bits::of(&[0; 8], 8).golomb().is_err());
    }
}
